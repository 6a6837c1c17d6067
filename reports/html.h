/* Parts of the HTML report: one file without scripts, well-formed as XML, with
 * nothing loaded from elsewhere. */
#ifndef FC_REPORTS_HTML_H
#define FC_REPORTS_HTML_H

#include "pick.h"
#include "report.h"
#include "view.h"

typedef struct fc_html {
  fc_text *out;
  const fc_report *report;
  const fc_view *view;
  const fc_summary *summary;
  size_t plots; /* drawn so far: each has its number */
} fc_html;

/* Appends the style sheet, <style> and all. */
void fc_html_style(fc_text *out);

/* The first screen: what came out, what it rests on, with what it was made. */
void fc_html_answer(fc_html *page);

/* Verdicts that contradict their expectation or were not reached, in full. */
void fc_html_exceptions(fc_html *page);

/* What is false or loose as literally stated, and what holds in its place. */
fc_status fc_html_errata(fc_html *page);

/* What is sharp: the claims with equality on some instance. */
void fc_html_attained(fc_html *page);

/* Claim by claim: text, formula, hypotheses, plot, table, witness. */
fc_status fc_html_claims(fc_html *page);

/* Planted false bounds, what did not apply, the instances. */
void fc_html_controls(fc_html *page);
fc_status fc_html_not_applicable(fc_html *page);
void fc_html_instances(fc_html *page);

/* --- shared by the parts ------------------------------------------------- */

/* True for the claims that have a section of their own. */
bool fc_html_is_treated(const fc_claim_view *claim);

/* Text: escaped; NULL: nothing. */
void fc_html_text(fc_html *page, const char *text);

/* <TAG>text</TAG>; nothing for NULL or "". */
void fc_html_element(fc_html *page, const char *tag, const char *text);

/* The claim's id as a link to where it is treated. */
void fc_html_link(fc_html *page, const fc_claim_view *claim);

/* "Proposition 4.1(d)", or the claim's id where it has no source. */
void fc_html_source(fc_html *page, const fc_record *record);

/* The record's formula, typeset; as text where it cannot be. */
void fc_html_formula(fc_html *page, const fc_record *record);

/* The verdict in words that also say whether it was expected. */
void fc_html_verdict(fc_html *page, const fc_record *record);
void fc_html_basis(fc_html *page, const fc_record *record);

/* What the claim's records say together, in words. */
const char *fc_html_together(const fc_claim_view *claim);

/* "two-bumps, linear" */
void fc_html_place(fc_html *page, const fc_record *record);

/* A number in few digits. */
void fc_html_number(fc_html *page, const fc_exact *exact);

/* The name of a class constant; every constant of a record with its value and
 * provenance. */
void fc_html_constant(fc_html *page, const char *name);
void fc_html_constants(fc_html *page, const fc_record *record);

/* What is proved and how, of a record with a proof_domain. */
void fc_html_proof(fc_html *page, const fc_record *record);

/* Everything that is needed to see a record and to repeat it, with all digits,
 * as a description list. */
void fc_html_in_full(fc_html *page, const fc_record *record);

/* The table of the claim's records, worst first, equal ones grouped; records as
 * fc_claim_worst_first orders them. */
void fc_html_table(fc_html *page, const fc_claim_view *claim,
                   const fc_record *const *records, size_t count);

/* The opening of a table that scrolls by itself where the page is narrow; close
 * with fc_html_table_end. */
void fc_html_table_begin(fc_html *page, const char *caption);
void fc_html_table_end(fc_html *page);

#endif
