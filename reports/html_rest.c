/* The end of the page: controls, what did not apply, the instances. */
#include <stdlib.h>
#include <string.h>

#include "html.h"

enum { SURVIVORS_MAX = 20, INSTANCES_MAX = 400, PLACES_MAX = 60 };

/* --- controls ---------------------------------------------------------- */

static void append_survivors(fc_html *page, const fc_claim_view *claim) {
  size_t count = 0;
  for (size_t i = 0; i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    if (record->verdict == FC_VERDICT_NOT_APPLICABLE ||
        record->verdict == FC_VERDICT_VIOLATED || ++count > SURVIVORS_MAX)
      continue;
    fc_text_append(page->out, count > 1 ? "; " : "");
    fc_html_place(page, record);
    fc_text_append(page->out, ": ");
    fc_html_verdict(page, record);
  }
  if (count > SURVIVORS_MAX)
    fc_text_printf(page->out, "; %zu more", count - SURVIVORS_MAX);
  if (!count)
    fc_text_append(page->out, "none");
}

static void append_control(fc_html *page, const fc_claim_view *claim) {
  const fc_tally tally = fc_claim_tally(claim);
  fc_text_append(page->out, "<tr><th scope=\"row\">");
  fc_html_element(page, "code", claim->claim);
  fc_text_append(page->out, "</th><td>");
  fc_html_text(page, claim->first->statement);
  fc_text_printf(page->out, "</td><td>%zu</td><td>%zu</td><td>",
                 tally.applicable, tally.violated);
  append_survivors(page, claim);
  fc_text_append(page->out, "</td></tr>\n");
}

void fc_html_controls(fc_html *page) {
  bool any = false;
  fc_text_append(page->out,
                 "<section id=\"controls\">\n<h2>Controls</h2>\n<p>False "
                 "bounds, planted to see that they are caught.</p>\n");
  for (size_t i = 0; i < page->view->claim_count; i++) {
    const fc_claim_view *claim = &page->view->claims[i];
    if (claim->first->kind != FC_KIND_CONTROL ||
        claim->answer == FC_ANSWER_NOT_APPLICABLE)
      continue;
    if (!any) {
      fc_html_table_begin(page, "Planted false bounds");
      fc_text_append(page->out, "<thead><tr><th scope=\"col\">control</th>"
                                "<th scope=\"col\">the false claim</th>"
                                "<th scope=\"col\">planted</th>"
                                "<th scope=\"col\">refuted</th>"
                                "<th scope=\"col\">survivors</th></tr></thead>"
                                "\n<tbody class=\"controls\">\n");
    }
    any = true;
    append_control(page, claim);
  }
  if (any)
    fc_html_table_end(page);
  else
    fc_text_append(page->out, "<p>None among these records.</p>\n");
  fc_text_append(page->out, "</section>\n");
}

/* --- what did not apply ------------------------------------------------ */

/* The instances of records with one reason, each once. */
static void append_instances(fc_html *page, const fc_record **records,
                             size_t count) {
  size_t shown = 0;
  for (size_t i = 0; i < count; i++) {
    const char *instance = fc_present(records[i]->instance);
    if ((i && strcmp(instance, fc_present(records[i - 1]->instance)) == 0) ||
        ++shown > PLACES_MAX)
      continue;
    fc_text_append(page->out, shown > 1 ? ", " : "");
    fc_html_text(page, instance);
  }
  if (shown > PLACES_MAX)
    fc_text_printf(page->out, " and %zu more", shown - PLACES_MAX);
}

/* A line for each reason; records: all that did not apply, by reason. */
static void append_reasons(fc_html *page, const fc_claim_view *claim,
                           const fc_record **records, size_t count) {
  for (size_t i = 0, end; i < count; i = end) {
    const char *reason = fc_reason_shown(records[i]);
    for (end = i + 1; end < count; end++)
      if (strcmp(reason, fc_reason_shown(records[end])) != 0)
        break;
    fc_text_append(page->out, "<li>");
    fc_html_element(page, "code", claim->claim);
    fc_text_append(page->out, ": ");
    fc_html_text(page, reason);
    fc_text_append(page->out, " — ");
    append_instances(page, records + i, end - i);
    fc_text_append(page->out, "</li>\n");
  }
}

fc_status fc_html_not_applicable(fc_html *page) {
  bool any = false;
  for (size_t i = 0; i < page->view->claim_count; i++) {
    const fc_claim_view *claim = &page->view->claims[i];
    size_t count;
    const fc_record **records = fc_claim_by_reason(&count, claim);
    if (!records)
      return FC_MEMORY;
    if (count && !any)
      fc_text_append(page->out,
                     "<section id=\"not-applicable\">\n<h2>Not "
                     "applicable</h2>\n<details><summary>Where a "
                     "hypothesis fails, and which</summary>\n<ul>\n");
    any = any || count;
    append_reasons(page, claim, records, count);
    free(records);
  }
  if (any)
    fc_text_append(page->out, "</ul>\n</details>\n</section>\n");
  return FC_OK;
}

/* --- instances --------------------------------------------------------- */

static void append_instance(fc_html *page, const fc_record *record) {
  const char *digest = fc_manifest_get(page->report->manifest, "inputs",
                                       fc_present(record->instance));
  fc_text_append(page->out, "<tr><th scope=\"row\">");
  fc_html_text(page, record->instance);
  fc_text_append(page->out, "</th><td>");
  fc_html_text(page, record->family);
  fc_text_printf(page->out, "</td><td>%ld</td><td>", record->dimension);
  fc_html_constants(page, record);
  fc_text_append(page->out, "</td><td>");
  fc_html_element(page, "code", digest);
  fc_text_append(page->out, "</td></tr>\n");
}

/* The records stand in the order of the instances. */
void fc_html_instances(fc_html *page) {
  const fc_records *records = page->report->records;
  const char *last = NULL;
  size_t count = 0;
  fc_text_append(page->out, "<section id=\"instances\">\n<h2>Instances</h2>\n");
  fc_html_table_begin(page, "Instances with the constants of their classes");
  fc_text_append(page->out, "<thead><tr><th scope=\"col\">instance</th>"
                            "<th scope=\"col\">family</th>"
                            "<th scope=\"col\">d</th>"
                            "<th scope=\"col\">constants</th>"
                            "<th scope=\"col\">SHA-256 of the file</th></tr>"
                            "</thead>\n<tbody class=\"instances\">\n");
  for (size_t i = 0; i < records->count; i++) {
    const char *instance = fc_present(records->items[i].instance);
    if (last && strcmp(last, instance) == 0)
      continue;
    last = instance;
    if (++count <= INSTANCES_MAX)
      append_instance(page, &records->items[i]);
  }
  fc_html_table_end(page);
  if (count > INSTANCES_MAX)
    fc_text_printf(page->out,
                   "<p>%zu more are left out here; all are in "
                   "records.jsonl.</p>\n",
                   count - INSTANCES_MAX);
  fc_text_append(page->out, "</section>\n");
}
