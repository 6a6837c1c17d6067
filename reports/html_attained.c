/* Which claims are sharp: equality to working precision on some instance. */
#include "html.h"
#include "readable.h"

/* The first record with equality; NULL where none has. */
static const fc_record *first_attained(const fc_claim_view *claim,
                                       size_t *count) {
  const fc_record *first = NULL;
  *count = 0;
  for (size_t i = 0; i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    if (record->verdict != FC_VERDICT_ATTAINED)
      continue;
    first = first ? first : record;
    (*count)++;
  }
  return first;
}

static void append_row(fc_html *page, const fc_claim_view *claim) {
  size_t count;
  const fc_record *record = first_attained(claim, &count);
  fc_text witness[1];
  fc_text_init(witness);
  fc_readable_witness(witness, record, false);
  fc_text_append(page->out, "<tr><th scope=\"row\">");
  fc_html_source(page, claim->first);
  fc_text_append(page->out, " ");
  fc_html_link(page, claim);
  fc_text_printf(page->out, "</th><td>%zu of %zu</td><td>", count,
                 fc_claim_tally(claim).applicable);
  fc_html_place(page, record);
  fc_text_append(page->out, "</td><td>");
  fc_html_number(page, &record->measured);
  fc_text_append(page->out, "</td><td>");
  fc_html_text(page, witness->data);
  fc_text_append(page->out, "</td></tr>\n");
  fc_text_clear(witness);
}

void fc_html_attained(fc_html *page) {
  bool any = false;
  fc_text_append(page->out, "<section id=\"attained\">\n<h2>Attained: equality "
                            "on some instance</h2>\n");
  for (size_t i = 0; i < page->view->claim_count; i++) {
    const fc_claim_view *claim = &page->view->claims[i];
    if (!claim->attained || !fc_kind_is_claim(claim->first->kind))
      continue;
    if (!any) {
      fc_html_table_begin(page, "Claims that are sharp");
      fc_text_append(page->out, "<thead><tr><th scope=\"col\">claim</th>"
                                "<th scope=\"col\">records</th>"
                                "<th scope=\"col\">for example on</th>"
                                "<th scope=\"col\">both sides</th>"
                                "<th scope=\"col\">at</th></tr></thead>\n"
                                "<tbody class=\"attained\">\n");
    }
    any = true;
    append_row(page, claim);
  }
  if (any)
    fc_html_table_end(page);
  else
    fc_text_append(page->out, "<p>None among these records.</p>\n");
  fc_text_append(page->out, "</section>\n");
}
