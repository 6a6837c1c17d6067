/* What a reader of the paper should correct: sentences that are false as they
 * stand, and bounds that can be had sharper. */
#include <math.h>
#include <stdlib.h>

#include "html.h"
#include "readable.h"

static void append_correction(fc_html *page, const fc_claim_view *claim) {
  const fc_claim_view *right = fc_claim_correction(page->view, claim);
  if (!right) {
    fc_text_append(page->out, "<p><strong>In its place:</strong> nothing that "
                              "was checked here.</p>\n");
    return;
  }
  fc_text_append(page->out, "<p><strong>In its place:</strong> ");
  fc_html_text(page, right->first->statement);
  fc_text_append(page->out, " (");
  fc_html_source(page, right->first);
  fc_text_append(page->out, "; ");
  fc_html_link(page, right);
  fc_text_printf(page->out, "), which %s.</p>\n", fc_html_together(right));
  fc_html_formula(page, right->first);
}

static void append_false(fc_html *page, const fc_claim_view *claim) {
  const fc_tally tally = fc_claim_tally(claim);
  fc_text_append(page->out, "<section class=\"erratum\">\n<h3>");
  fc_html_source(page, claim->first);
  fc_text_append(page->out, " ");
  fc_html_link(page, claim);
  fc_text_append(page->out, "</h3>\n<p class=\"statement\"><strong>As stated:"
                            "</strong> ");
  fc_html_text(page, claim->first->statement);
  fc_text_append(page->out, "</p>\n");
  fc_html_formula(page, claim->first);
  fc_text_printf(page->out,
                 "<p>Refuted in %zu of the %zu records to which it applies; "
                 "a counterexample:</p>\n",
                 tally.violated, tally.applicable);
  fc_html_in_full(page, fc_claim_example(claim, false));
  append_correction(page, claim);
  fc_text_append(page->out, "</section>\n");
}

static bool append_all_false(fc_html *page) {
  bool any = false;
  for (size_t i = 0; i < page->view->claim_count; i++) {
    const fc_claim_view *claim = &page->view->claims[i];
    if (claim->answer != FC_ANSWER_FALSE ||
        !fc_kind_is_claim(claim->first->kind))
      continue;
    append_false(page, claim);
    any = true;
  }
  return any;
}

/* --- loose bounds ------------------------------------------------------ */

/* The smallest margin of a claim: "0.25", "attained". */
static fc_status append_margin(fc_html *page, const fc_claim_view *claim) {
  size_t count;
  const fc_record **records = fc_claim_worst_first(&count, claim);
  if (!records)
    return FC_MEMORY;
  double margin = count ? fc_record_margin(records[0]) : (double)NAN;
  if (claim->attained)
    fc_text_append(page->out, "attained");
  else if (isfinite(margin))
    fc_readable_double(page->out, margin, 3);
  else
    fc_text_append(page->out, "—");
  free(records);
  return FC_OK;
}

static fc_status append_loose(fc_html *page, const fc_claim_view *claim,
                              const fc_claim_view *sharper) {
  fc_text_append(page->out, "<tr><th scope=\"row\">");
  fc_html_source(page, claim->first);
  fc_text_append(page->out, " ");
  fc_html_link(page, claim);
  fc_text_append(page->out, "</th><td>");
  fc_status status = append_margin(page, claim);
  fc_text_append(page->out, "</td><td>");
  fc_html_text(page, sharper->first->statement);
  fc_text_append(page->out, " ");
  fc_html_link(page, sharper);
  fc_text_append(page->out, "</td><td>");
  if (status == FC_OK)
    status = append_margin(page, sharper);
  fc_text_append(page->out, "</td></tr>\n");
  return status;
}

static fc_status append_all_loose(fc_html *page, bool *any) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < page->view->claim_count && status == FC_OK; i++) {
    const fc_claim_view *claim = &page->view->claims[i];
    const fc_claim_view *sharper =
        fc_html_is_treated(claim) && !claim->attained &&
                claim->first->kind == FC_KIND_STATEMENT
            ? fc_claim_sharper(page->view, claim)
            : NULL;
    if (!sharper)
      continue;
    if (!*any) {
      fc_text_append(page->out, "<h3>Loose: a sharper form holds</h3>\n");
      fc_html_table_begin(page, "Statements with a sharper form, and the "
                                "smallest relative slack of both");
      fc_text_append(page->out, "<thead><tr><th scope=\"col\">as stated</th>"
                                "<th scope=\"col\">smallest margin</th>"
                                "<th scope=\"col\">sharper form</th>"
                                "<th scope=\"col\">smallest margin</th></tr>"
                                "</thead>\n<tbody>\n");
    }
    *any = true;
    status = append_loose(page, claim, sharper);
  }
  if (*any)
    fc_html_table_end(page);
  return status;
}

fc_status fc_html_errata(fc_html *page) {
  bool any = false;
  fc_text_append(page->out, "<section id=\"errata\">\n<h2>Errata: false or "
                            "loose as literally stated</h2>\n");
  bool some_false = append_all_false(page);
  fc_status status = append_all_loose(page, &any);
  if (!some_false && !any)
    fc_text_append(page->out, "<p>None among these records.</p>\n");
  fc_text_append(page->out, "</section>\n");
  return status;
}
