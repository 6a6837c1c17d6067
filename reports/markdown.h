/* Parts of the Markdown report. */
#ifndef FC_REPORTS_MARKDOWN_H
#define FC_REPORTS_MARKDOWN_H

#include "view.h"

/* The first screen: what came out, what is false, what it rests on. */
void fc_markdown_answer(fc_text *out, const fc_view *view,
                        const fc_summary *summary, const fc_report *report);

/* Its first line, and its table with what stands below. */
void fc_markdown_headline(fc_text *out, const fc_summary *summary);
void fc_markdown_counts(fc_text *out, const fc_summary *summary);

/* Verdicts that contradict their expectation or were not reached, in full. */
void fc_markdown_exceptions(fc_text *out, const fc_report *report,
                            const fc_summary *summary);

/* Claim by claim: text, formula, hypotheses and a row a record. */
void fc_markdown_claims(fc_text *out, const fc_view *view,
                        const fc_report *report, bool figures);

/* Planted false bounds: how many, how many caught, which not. */
void fc_markdown_controls(fc_text *out, const fc_view *view);

/* What did not apply: a line for each claim and reason. */
fc_status fc_markdown_not_applicable(fc_text *out, const fc_view *view);

/* --- cells ------------------------------------------------------------- */

/* "`gif.velocity-bounds/d.upper` (Proposition 4.1(d))" */
void fc_markdown_claim_name(fc_text *out, const fc_record *record);

/* "mpfr", "statistical (false alarm ≤ 1e-9)" */
void fc_markdown_basis(fc_text *out, const fc_record *record);

/* "holds", "violated (as expected)", "**violated** (expected holds)" */
void fc_markdown_verdict(fc_text *out, const fc_record *record);

/* "- `claim` (source) on instance, schedule: verdict" */
void fc_markdown_exception(fc_text *out, const fc_record *record);

#endif
