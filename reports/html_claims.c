/* The sections about the claims. */
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "html.h"

/* --- constants --------------------------------------------------------- */

enum { CONSTANTS_MAX = 12, PROVENANCE_COUNT = 4 };

static const char *const provenances[PROVENANCE_COUNT] = {
    "derived", "verified", "declared", "of another provenance"};

typedef struct constant_use {
  const char *name;
  size_t instances[PROVENANCE_COUNT];
} constant_use;

static int provenance_of(const fc_record_constant *constant) {
  int i = 0;
  while (i < PROVENANCE_COUNT - 1 &&
         strcmp(provenances[i], fc_present(constant->provenance)) != 0)
    i++;
  return i;
}

/* How texts speak of the class constants: names in formulas, signs in words. */
static const struct {
  const char *constant, *name, *sign;
} signs[] = {{"kappa", "kappa", "κ"},
             {"beta", "beta", "β"},
             {"sigma", "sigma", "σ"},
             {"D", "D", "D"},
             {"R", "R", "R"},
             {"L", "L", "L"},
             {"support-half-diam", "diam_nu", "diam(supp ν)"},
             {"half-diam", "diam_rho", "diam(supp ρ)"}};

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* True where text has the sign and not as a part of a word, nor the space R^d.
 */
static bool has_sign(const char *text, const char *sign) {
  for (const char *at = strstr(text, sign); at; at = strstr(at + 1, sign)) {
    const char *end = at + strlen(sign);
    if ((at == text || !is_letter(at[-1])) && !is_letter(*end) &&
        strncmp(end, "^d", 2) != 0)
      return true;
  }
  return false;
}

/* True where the claim is about the constant. */
static bool mentions(const fc_record *first, const char *constant) {
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (strcmp(signs[i].constant, constant) == 0)
      return has_sign(fc_present(first->formula), signs[i].name) ||
             has_sign(fc_present(first->hypotheses), signs[i].sign) ||
             has_sign(fc_present(first->statement), signs[i].sign);
  return true;
}

static void count_constants(constant_use *uses, size_t *count,
                            const fc_record *first, const fc_record *record) {
  for (size_t i = 0; i < record->constant_count; i++) {
    const char *name = fc_present(record->constants[i].name);
    size_t k = 0;
    if (!mentions(first, name))
      continue;
    while (k < *count && strcmp(uses[k].name, name) != 0)
      k++;
    if (k == *count && *count == CONSTANTS_MAX)
      continue;
    if (k == *count)
      uses[(*count)++] = (constant_use){.name = name};
    uses[k].instances[provenance_of(&record->constants[i])]++;
  }
}

static void append_constant(fc_html *page, const constant_use *c) {
  const char *separator = " ";
  fc_html_constant(page, c->name);
  for (int i = 0; i < PROVENANCE_COUNT; i++) {
    if (!c->instances[i])
      continue;
    fc_text_printf(page->out, "%s%s on %zu", separator, provenances[i],
                   c->instances[i]);
    separator = ", ";
  }
}

/* Whence the constants come, over the instances to which the claim applies. */
static void append_provenance(fc_html *page, const fc_claim_view *claim) {
  constant_use uses[CONSTANTS_MAX];
  size_t count = 0;
  const char *instance = NULL;
  for (size_t i = 0; i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    const char *own = fc_present(record->instance);
    if (record->verdict == FC_VERDICT_NOT_APPLICABLE ||
        (instance && strcmp(instance, own) == 0))
      continue;
    instance = own;
    count_constants(uses, &count, claim->first, record);
  }
  if (!count)
    return;
  fc_text_append(page->out, "<p class=\"constants\"><strong>Constants of the "
                            "instances:</strong> ");
  for (size_t i = 0; i < count; i++) {
    fc_text_append(page->out, i ? "; " : "");
    append_constant(page, &uses[i]);
  }
  fc_text_append(page->out, ".</p>\n");
}

/* --- proofs ------------------------------------------------------------ */

enum { PROOFS_MAX = 3 };

static bool same_text(const char *x, const char *y) {
  return strcmp(fc_present(x), fc_present(y)) == 0;
}

/* The different proofs among the records, and how many records have each. */
static void append_proofs(fc_html *page, const fc_claim_view *claim) {
  const fc_record *proofs[PROOFS_MAX];
  size_t counts[PROOFS_MAX], count = 0, others = 0;
  for (size_t i = 0; i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    size_t k = 0;
    if (!record->proof_domain)
      continue;
    while (k < count &&
           !(same_text(proofs[k]->proof_domain, record->proof_domain) &&
             same_text(proofs[k]->proof_argument, record->proof_argument)))
      k++;
    if (k == PROOFS_MAX) {
      others++;
      continue;
    }
    if (k == count) {
      proofs[count] = record;
      counts[count++] = 0;
    }
    counts[k]++;
  }
  for (size_t k = 0; k < count; k++) {
    fc_text_printf(page->out,
                   "<p><strong>Proved</strong> in %zu record%s: ", counts[k],
                   counts[k] == 1 ? "" : "s");
    fc_html_proof(page, proofs[k]);
    fc_text_append(page->out, ".</p>\n");
  }
  if (others)
    fc_text_printf(page->out, "<p>Other proofs in %zu more.</p>\n", others);
}

/* --- plots ------------------------------------------------------------- */

static fc_status append_profile(fc_html *page, const fc_record *record) {
  fc_text_append(page->out, "<figure><div class=\"scroll\" tabindex=\"0\" "
                            "role=\"group\" aria-label=\"plot\">\n");
  fc_status status = fc_figure(page->out, record, ++page->plots);
  fc_text_append(page->out, "</div>\n<figcaption>Measured value and bound on ");
  fc_html_place(page, record);
  fc_text_append(page->out, ".</figcaption></figure>\n");
  return status;
}

static fc_status append_margins(fc_html *page, const fc_claim_view *claim,
                                const fc_record *const *records, size_t count) {
  fc_text_append(page->out, "<figure><div class=\"scroll\" tabindex=\"0\" "
                            "role=\"group\" aria-label=\"plot\">\n");
  fc_status status =
      fc_margins(page->out, claim->claim, records, count, ++page->plots);
  fc_text_append(page->out,
                 "</div>\n<figcaption>Slack relative to the larger of measured "
                 "value and bound (ratios: what they exceed 1 by), for every "
                 "record.</figcaption></figure>\n");
  return status;
}

static fc_status append_plot(fc_html *page, const fc_claim_view *claim,
                             const fc_record *const *records, size_t count) {
  if (fc_figure_wanted(claim))
    return append_profile(page, fc_figure_choose(claim));
  if (fc_margins_possible(records, count))
    return append_margins(page, claim, records, count);
  return FC_OK;
}

/* --- sections ---------------------------------------------------------- */

static void append_title(fc_html *page, const fc_claim_view *claim) {
  fc_text_printf(page->out, "<section>\n<h3 id=\"claim%zu\">",
                 (size_t)(claim - page->view->claims));
  fc_html_source(page, claim->first);
  fc_text_append(page->out, " ");
  fc_html_element(page, "code", claim->claim);
  fc_text_append(page->out, "</h3>\n");
}

static void append_text(fc_html *page, const fc_claim_view *claim,
                        size_t count) {
  const fc_record *first = claim->first;
  const fc_tally tally = fc_claim_tally(claim);
  fc_html_element(page, "p class=\"statement\"", first->statement);
  fc_html_formula(page, first);
  if (first->hypotheses && first->hypotheses[0]) {
    fc_text_append(page->out, "<p><strong>Hypotheses:</strong> ");
    fc_html_text(page, first->hypotheses);
    fc_text_append(page->out, ".</p>\n");
  }
  append_provenance(page, claim);
  fc_text_printf(page->out,
                 "<p><strong>Together:</strong> %s%s. Kind: %s; %zu record%s, "
                 "%zu of them certified.</p>\n",
                 fc_html_together(claim), claim->attained ? ", attained" : "",
                 fc_kind_name(first->kind), count, count == 1 ? "" : "s",
                 tally.certified);
  append_proofs(page, claim);
}

static fc_status append_claim(fc_html *page, const fc_claim_view *claim) {
  size_t count;
  const fc_record **records = fc_claim_worst_first(&count, claim);
  if (!records)
    return FC_MEMORY;
  append_title(page, claim);
  append_text(page, claim, count);
  fc_status status = append_plot(page, claim, records, count);
  if (count) {
    fc_html_table(page, claim, records, count);
    fc_text_append(page->out, "<details class=\"full\"><summary>The worst of "
                              "them with all "
                              "digits, and how to repeat it</summary>\n");
    fc_html_in_full(page, records[0]);
    fc_text_append(page->out, "</details>\n");
  }
  fc_text_append(page->out, "</section>\n");
  free(records);
  return status;
}

/* The heading of a check; its title where the module is known. */
static void append_check(fc_html *page, const fc_claim_view *claim) {
  const fc_report *report = page->report;
  size_t rank =
      fc_check_rank(claim->check, report->checks, report->check_count);
  fc_text_printf(page->out, "<h2 id=\"check%zu\">",
                 (size_t)(claim - page->view->claims));
  if (rank < report->check_count) {
    fc_html_text(page, report->checks[rank]->title);
    if (report->checks[rank]->source) {
      fc_text_append(page->out, " (");
      fc_html_text(page, report->checks[rank]->source);
      fc_text_append(page->out, ")");
    }
    fc_text_append(page->out, " ");
  }
  fc_html_element(page, "code", claim->check);
  fc_text_append(page->out, "</h2>\n");
}

fc_status fc_html_claims(fc_html *page) {
  const char *check = NULL;
  fc_status status = FC_OK;
  for (size_t i = 0; i < page->view->claim_count && status == FC_OK; i++) {
    const fc_claim_view *claim = &page->view->claims[i];
    if (!fc_html_is_treated(claim))
      continue;
    if (!check || strcmp(check, claim->check) != 0)
      append_check(page, claim);
    check = claim->check;
    status = append_claim(page, claim);
  }
  return status;
}
