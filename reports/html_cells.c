/* What the parts of the page share. */
#include <string.h>

#include "escape.h"
#include "html.h"
#include "mathml.h"
#include "readable.h"

/* Points with more coordinates are shown with few digits. */
#define COORDINATES_IN_FULL 8

bool fc_html_is_treated(const fc_claim_view *claim) {
  return claim->first->kind != FC_KIND_CONTROL &&
         claim->answer != FC_ANSWER_NOT_APPLICABLE;
}

void fc_html_text(fc_html *page, const char *text) {
  fc_xml(page->out, fc_present(text));
}

void fc_html_element(fc_html *page, const char *tag, const char *text) {
  if (!text || !text[0])
    return;
  fc_text_printf(page->out, "<%s>", tag);
  fc_xml(page->out, text);
  fc_text_printf(page->out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

void fc_html_link(fc_html *page, const fc_claim_view *claim) {
  size_t i = (size_t)(claim - page->view->claims);
  if (fc_html_is_treated(claim))
    fc_text_printf(page->out, "<a href=\"#claim%zu\">", i);
  fc_html_element(page, "code", claim->claim);
  if (fc_html_is_treated(claim))
    fc_text_append(page->out, "</a>");
}

void fc_html_source(fc_html *page, const fc_record *record) {
  bool has = record->source && record->source[0];
  fc_html_text(page, has ? record->source : record->claim);
}

/* An equation is complete; a bound needs what it bounds in front. */
static bool is_equation(const char *formula) {
  return strpbrk(formula, "=<>") != NULL;
}

void fc_html_formula(fc_html *page, const fc_record *record) {
  const char *formula = fc_present(record->formula);
  const char *relation = fc_relation_symbol(record);
  if (!formula[0])
    return;
  fc_text_append(page->out, "<div class=\"scroll formula\" tabindex=\"0\" "
                            "role=\"group\" aria-label=\"formula\">");
  if (is_equation(formula))
    relation = NULL;
  if (!fc_mathml(page->out, formula, relation, true)) {
    if (relation) {
      fc_text_append(page->out, "measured ");
      fc_html_text(page, relation);
      fc_text_append(page->out, " ");
    }
    fc_html_element(page, "code", formula);
  }
  fc_text_append(page->out, "</div>\n");
}

static const char *class_of(const fc_record *record) {
  if (fc_record_undecided(record))
    return "open";
  if (!fc_record_as_expected(record))
    return "bad";
  return record->verdict == FC_VERDICT_VIOLATED ? "refuted" : "good";
}

void fc_html_verdict(fc_html *page, const fc_record *record) {
  fc_text_printf(page->out, "<span class=\"%s\">%s</span>", class_of(record),
                 fc_verdict_name(record->verdict));
  if (!fc_record_as_expected(record)) {
    fc_text_append(page->out, " (expected ");
    fc_html_text(page, record->expectation ? record->expectation : "nothing");
    fc_text_append(page->out, ")");
  } else if (record->verdict == FC_VERDICT_VIOLATED &&
             record->kind != FC_KIND_PROBE)
    fc_text_append(page->out, " (as expected)");
}

void fc_html_basis(fc_html *page, const fc_record *record) {
  fc_text_append(page->out, fc_basis_name(record->basis));
  if (record->false_alarm > 0) {
    fc_text_append(page->out, " (false alarm ≤ ");
    fc_readable_double(page->out, record->false_alarm, 2);
    fc_text_append(page->out, ")");
  }
}

const char *fc_html_together(const fc_claim_view *claim) {
  static const char *const words[FC_ANSWER_COUNT] = {
      "holds: proved on every instance",
      "holds: proved on some instances, numerically on the others",
      "holds numerically, as far as the search went",
      "false: a witness refutes it",
      "undecided on some instance",
      "applies to no instance here"};
  return (unsigned)claim->answer < FC_ANSWER_COUNT ? words[claim->answer] : "";
}

void fc_html_place(fc_html *page, const fc_record *record) {
  fc_html_text(page, record->instance);
  if (record->schedule) {
    fc_text_append(page->out, ", ");
    fc_html_text(page, record->schedule);
  }
}

/* What fc_readable_... wrote may come from anywhere. */
static void append_readable(fc_html *page, fc_text *text) {
  fc_html_text(page, text->data);
  fc_text_clear(text);
}

void fc_html_number(fc_html *page, const fc_exact *exact) {
  fc_text text[1];
  fc_text_init(text);
  fc_readable_exact(text, exact);
  append_readable(page, text);
}

/* The names of the paper's constants are typeset, others are words. */
void fc_html_constant(fc_html *page, const char *name) {
  if (strchr(fc_present(name), '-') ||
      !fc_mathml(page->out, fc_present(name), NULL, false))
    fc_html_text(page, name);
}

void fc_html_constants(fc_html *page, const fc_record *record) {
  for (size_t i = 0; i < record->constant_count; i++) {
    const fc_record_constant *constant = &record->constants[i];
    fc_text_append(page->out, i ? ", " : "");
    fc_html_constant(page, constant->name);
    fc_text_append(page->out, " = ");
    fc_html_number(page, &constant->value);
    fc_text_append(page->out, " (");
    fc_html_text(page, constant->provenance);
    fc_text_append(page->out, ")");
  }
}

/* --- a record in full -------------------------------------------------- */

static void append_term(fc_html *page, const char *term) {
  fc_text_printf(page->out, "<dt>%s</dt><dd>", term);
}

static void append_exact(fc_html *page, const char *term,
                         const fc_exact *exact) {
  if (!exact->mid)
    return;
  append_term(page, term);
  fc_html_text(page, exact->mid);
  if (exact->rad) {
    fc_text_append(page->out, " ± ");
    fc_html_text(page, exact->rad);
  }
  fc_text_append(page->out, "</dd>\n");
}

static void append_witness(fc_html *page, const fc_record *record) {
  fc_text text[1];
  if (!record->witness_t.mid && !record->witness_count)
    return;
  fc_text_init(text);
  append_term(page, "witness");
  fc_readable_witness(text, record,
                      record->witness_count <= COORDINATES_IN_FULL);
  append_readable(page, text);
  fc_text_append(page->out, "</dd>\n");
}

static void append_line(fc_html *page, const char *term, const char *element,
                        const char *text) {
  if (!text || !text[0])
    return;
  append_term(page, term);
  fc_html_element(page, element, text);
  fc_text_append(page->out, "</dd>\n");
}

/* "every schedule; all x in R^d: an argument (12 leaves, 128 bits)" */
void fc_html_proof(fc_html *page, const fc_record *record) {
  fc_html_text(page, record->proof_domain);
  if (record->proof_argument) {
    fc_text_append(page->out, ": ");
    fc_html_text(page, record->proof_argument);
  }
  if (record->proof_leaves > 0)
    fc_text_printf(page->out, " (%ld leaves, %ld bits)", record->proof_leaves,
                   record->proof_precision);
  if (record->proof_undecided && strcmp(record->proof_undecided, "0") != 0) {
    fc_text_append(page->out, ", undecided on a length of ");
    fc_html_text(page, record->proof_undecided);
  }
}

void fc_html_in_full(fc_html *page, const fc_record *record) {
  bool is_ratio = strcmp(fc_present(record->slack_kind), "ratio") == 0;
  fc_text_append(page->out, "<dl>\n");
  append_term(page, "instance");
  fc_html_place(page, record);
  fc_text_append(page->out, "</dd>\n");
  append_term(page, "verdict");
  fc_html_verdict(page, record);
  fc_text_append(page->out, ", basis ");
  fc_html_basis(page, record);
  fc_text_append(page->out, "</dd>\n");
  append_witness(page, record);
  append_exact(page, "measured", &record->measured);
  append_exact(page, "bound", &record->bound);
  append_exact(page, is_ratio ? "slack (ratio)" : "slack", &record->slack);
  if (record->constant_count) {
    append_term(page, "constants");
    fc_html_constants(page, record);
    fc_text_append(page->out, "</dd>\n");
  }
  if (record->proof_domain) {
    append_term(page, "proved");
    fc_html_proof(page, record);
    fc_text_append(page->out, "</dd>\n");
  }
  append_line(page, "note", "span", record->reason);
  append_line(page, "replay", "code class=\"command\"", record->replay);
  fc_text_append(page->out, "</dl>\n");
}

/* --- tables ------------------------------------------------------------ */

void fc_html_table_begin(fc_html *page, const char *caption) {
  fc_text_append(page->out,
                 "<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
                 "aria-label=\"");
  fc_html_text(page, caption);
  fc_text_append(page->out, "\">\n<table>\n<caption>");
  fc_html_text(page, caption);
  fc_text_append(page->out, "</caption>\n");
}

void fc_html_table_end(fc_html *page) {
  fc_text_append(page->out, "</tbody>\n</table>\n</div>\n");
}
