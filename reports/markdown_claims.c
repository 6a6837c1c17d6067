#include <string.h>

#include "escape.h"
#include "figure.h"
#include "markdown.h"
#include "pick.h"
#include "readable.h"

/* mixed: the table's head does not say of what kind the slack is. */
static void append_slack(fc_text *out, const fc_record *record, bool mixed) {
  fc_readable_exact(out, &record->slack);
  if (mixed && record->slack.mid) {
    fc_text_append(out, " (");
    fc_markdown(out, fc_present(record->slack_kind));
    fc_text_append(out, ")");
  }
}

static void append_row(fc_text *out, const fc_record *record, bool mixed) {
  fc_text_append(out, "| ");
  fc_markdown(out, fc_present(record->instance));
  fc_text_append(out, " | ");
  fc_markdown(out, record->schedule ? record->schedule : "—");
  fc_text_append(out, " | ");
  fc_readable_exact(out, &record->measured);
  fc_text_append(out, " | ");
  fc_readable_exact(out, &record->bound);
  fc_text_append(out, " | ");
  append_slack(out, record, mixed);
  fc_text_append(out, " | ");
  fc_readable_witness(out, record, false);
  fc_text_append(out, " | ");
  fc_markdown_basis(out, record);
  fc_text_append(out, " | ");
  fc_markdown_verdict(out, record);
  if (record->reason && record->reason[0]) {
    fc_text_append(out, "; ");
    fc_markdown(out, record->reason);
  }
  fc_text_append(out, " |\n");
}

static void append_table(fc_text *out, const fc_claim_view *claim) {
  bool mixed;
  const char *kind = fc_claim_slack_kind(&mixed, claim);
  fc_text_append(out, "\n| instance | schedule | measured | bound | slack");
  if (*kind) {
    fc_text_append(out, " (");
    fc_markdown(out, kind);
    fc_text_append(out, ")");
  }
  fc_text_append(out, " | witness | basis | verdict |\n"
                      "|---|---|--:|--:|--:|---|---|---|\n");
  for (size_t i = 0; i < claim->count; i++)
    if (claim->records[i]->verdict != FC_VERDICT_NOT_APPLICABLE)
      append_row(out, claim->records[i], mixed);
}

static void append_line(fc_text *out, const char *title, const char *text) {
  if (!text || !text[0])
    return;
  fc_text_printf(out, "%s ", title);
  fc_markdown(out, text);
  fc_text_append(out, "\\\n");
}

static void append_figure(fc_text *out, const fc_claim_view *claim) {
  const fc_record *record = fc_figure_choose(claim);
  fc_text_append(out, "\n![Profile of ");
  fc_markdown(out, claim->claim);
  fc_text_append(out, " on ");
  fc_markdown(out, fc_present(record->instance));
  if (record->schedule) {
    fc_text_append(out, ", ");
    fc_markdown(out, record->schedule);
  }
  fc_text_append(out, "](figures/");
  fc_figure_name(out, claim->claim);
  fc_text_append(out, ")\n");
}

/* The first record before the i-th that has its argument, or i itself. */
static size_t first_with_argument(const fc_claim_view *claim, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (claim->records[k]->proof_argument &&
        strcmp(claim->records[k]->proof_argument,
               claim->records[i]->proof_argument) == 0)
      return k;
  return i;
}

/* On how many rows the claim is proved, on which domain, by what. */
static void append_proofs(fc_text *out, const fc_claim_view *claim) {
  size_t proved = 0, judged = 0;
  const char *domain = NULL;
  for (size_t i = 0; i < claim->count; i++) {
    judged += claim->records[i]->verdict != FC_VERDICT_NOT_APPLICABLE;
    proved += claim->records[i]->proof_argument != NULL;
    if (claim->records[i]->proof_domain)
      domain = claim->records[i]->proof_domain;
  }
  if (!domain)
    return;
  fc_text_printf(out, "**Proved** on %zu of %zu rows (", proved, judged);
  fc_markdown(out, domain);
  fc_text_append(out, ") by: ");
  const char *comma = "";
  for (size_t i = 0; i < claim->count; i++)
    if (claim->records[i]->proof_argument &&
        first_with_argument(claim, i) == i) {
      fc_text_append(out, comma);
      fc_markdown(out, claim->records[i]->proof_argument);
      comma = ", ";
    }
  fc_text_append(out, ".\\\n");
}

static void append_claim(fc_text *out, const fc_claim_view *claim,
                         bool figures) {
  const fc_record *first = claim->first;
  fc_text_append(out, "\n### ");
  fc_markdown_claim_name(out, first);
  fc_text_append(out, "\n\n");
  append_line(out, "**Statement:**", first->statement);
  if (first->formula && first->formula[0]) {
    fc_text_append(out, "**Evaluated:** measured ");
    fc_markdown(out, fc_relation_symbol(first));
    fc_text_append(out, " ");
    fc_markdown_code(out, first->formula, false);
    fc_text_append(out, "\\\n");
  }
  append_line(out, "**Hypotheses:**", first->hypotheses);
  append_proofs(out, claim);
  fc_text_printf(out, "**Kind:** %s. **Together:** %s%s.\n",
                 fc_kind_name(first->kind), fc_answer_name(claim->answer),
                 claim->attained ? ", attained" : "");
  if (figures && fc_figure_wanted(claim))
    append_figure(out, claim);
  append_table(out, claim);
}

/* The heading of a check; its title where the module is known. */
static void append_check(fc_text *out, const fc_claim_view *claim,
                         const fc_report *report) {
  size_t rank =
      fc_check_rank(claim->check, report->checks, report->check_count);
  fc_text_append(out, "\n## ");
  fc_markdown(out, claim->check);
  if (rank < report->check_count) {
    fc_text_append(out, ": ");
    fc_markdown(out, fc_present(report->checks[rank]->title));
    if (report->checks[rank]->source) {
      fc_text_append(out, " (");
      fc_markdown(out, report->checks[rank]->source);
      fc_text_append(out, ")");
    }
  }
  fc_text_append(out, "\n");
}

void fc_markdown_claims(fc_text *out, const fc_view *view,
                        const fc_report *report, bool figures) {
  const char *check = NULL;
  for (size_t i = 0; i < view->claim_count; i++) {
    const fc_claim_view *claim = &view->claims[i];
    if (claim->first->kind == FC_KIND_CONTROL ||
        claim->answer == FC_ANSWER_NOT_APPLICABLE)
      continue;
    if (!check || strcmp(check, claim->check) != 0)
      append_check(out, claim, report);
    check = claim->check;
    append_claim(out, claim, figures);
  }
}
