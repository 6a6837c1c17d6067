/* A table for the appendix of a paper: \input it in a plain article, no package
 * needed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "pick.h"
#include "readable.h"

/* A tabular breaks over no page. */
#define ROWS_MAX 30

/* "9.5e-45" as a product. */
static void append_number(fc_text *out, const char *number) {
  size_t length = strcspn(number, "e");
  fc_text_printf(out, "$%.*s", (int)length, number);
  if (number[length])
    fc_text_printf(out, "\\cdot10^{%s}", number + length + 1);
  fc_text_append(out, "$");
}

static void append_margin(fc_text *out, const fc_claim_view *claim) {
  double least = INFINITY;
  for (size_t i = 0; i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    double margin = record->verdict == FC_VERDICT_NOT_APPLICABLE
                        ? (double)NAN
                        : fc_record_margin(record);
    least = margin < least ? margin : least;
  }
  if (isinf(least)) {
    fc_text_append(out, "---");
    return;
  }
  fc_text number[1];
  fc_text_init(number);
  fc_readable_double(number, least, 3);
  append_number(out, fc_present(number->data));
  fc_text_clear(number);
}

static const char *outcome(const fc_claim_view *claim) {
  static const char *const words[FC_ANSWER_COUNT] = {
      "proved", "proved in part", "holds", "false", "undecided", "---"};
  if ((unsigned)claim->answer >= FC_ANSWER_COUNT)
    return "---";
  return words[claim->answer];
}

static void append_row(fc_text *out, const fc_claim_view *claim) {
  const fc_tally tally = fc_claim_tally(claim);
  const char *name = strchr(claim->claim, '/');
  fc_tex(out, fc_present(claim->first->source));
  fc_text_append(out, " & \\texttt{");
  fc_tex_breakable(out, name ? name + 1 : claim->claim);
  fc_text_printf(out, "} & %s%s & %zu & %zu & ", outcome(claim),
                 claim->attained ? ", attained" : "", tally.applicable,
                 tally.certified);
  append_margin(out, claim);
  fc_text_append(out, " \\\\\n");
}

static void begin_table(fc_text *out) {
  fc_text_append(out, "\\begin{tabular}{@{}p{0.27\\linewidth}"
                      "p{0.2\\linewidth}p{0.15\\linewidth}rrr@{}}\n\\hline\n"
                      "result & claim & outcome & records & certified & margin "
                      "\\\\\n\\hline\n");
}

static void end_table(fc_text *out) {
  fc_text_append(out, "\\hline\n\\end{tabular}\\par\n");
}

static void append_check(fc_text *out, const fc_claim_view *claim,
                         const fc_report *report) {
  size_t rank =
      fc_check_rank(claim->check, report->checks, report->check_count);
  fc_text_append(out, "\\medskip\\noindent\\textbf{");
  fc_tex(out, rank < report->check_count
                  ? fc_present(report->checks[rank]->title)
                  : claim->check);
  fc_text_append(out, "} (\\texttt{");
  fc_tex_breakable(out, claim->check);
  fc_text_append(out, "})\\par\\nobreak\\smallskip\\noindent\n");
}

static void append_tables(fc_text *out, const fc_view *view,
                          const fc_report *report) {
  const char *check = NULL;
  size_t rows = 0;
  for (size_t i = 0; i < view->claim_count; i++) {
    const fc_claim_view *claim = &view->claims[i];
    if (!fc_kind_is_claim(claim->first->kind) ||
        claim->answer == FC_ANSWER_NOT_APPLICABLE)
      continue;
    bool other = !check || strcmp(check, claim->check) != 0;
    if (rows && (other || rows == ROWS_MAX)) {
      end_table(out);
      rows = 0;
    }
    if (other)
      append_check(out, claim, report);
    if (rows++ == 0)
      begin_table(out);
    check = claim->check;
    append_row(out, claim);
  }
  if (rows)
    end_table(out);
}

static void append_head(fc_text *out, const fc_report *report,
                        const fc_summary *summary) {
  const char *version = fc_manifest_get(report->manifest, "tool", "version");
  fc_text_append(out, "% \\input this file where the table should stand.\n"
                      "\\begingroup\\footnotesize\\raggedright\n"
                      "\\setlength{\\tabcolsep}{4pt}\n"
                      "\\noindent flowcert ");
  fc_tex(out, version ? version : "(version not recorded)");
  fc_text_printf(
      out,
      "; %zu records, %zu of them certified; %zu of %zu planted false "
      "bounds refuted. The margin is the slack relative to the "
      "larger of measured value and bound; of ratios it is what "
      "they exceed 1 by.\\par\n",
      summary->records, summary->bases[FC_BASIS_CERTIFIED],
      summary->verdicts[FC_KIND_CONTROL][FC_VERDICT_VIOLATED],
      summary->planted);
}

fc_status fc_report_tex(fc_text *out, const fc_report *report) {
  fc_view view;
  fc_summary summary;
  fc_status status = fc_view_summarized(&view, &summary, report);
  if (status != FC_OK)
    return status;
  append_head(out, report, &summary);
  append_tables(out, &view, report);
  fc_text_append(out, "\\endgroup\n");
  fc_view_clear(&view);
  return out->failed ? FC_MEMORY : FC_OK;
}
