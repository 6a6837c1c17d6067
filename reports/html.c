#include "html.h"

#include <string.h>

static void append_contents(fc_html *page) {
  fc_text *out = page->out;
  const char *check = NULL;
  fc_text_append(out, "<nav aria-label=\"Contents\">\n<ul>\n");
  if (page->summary->contradicting || page->summary->undecided)
    fc_text_append(out, "<li><a href=\"#exceptions\">Exceptions</a></li>\n");
  fc_text_append(out, "<li><a href=\"#errata\">Errata</a></li>\n"
                      "<li><a href=\"#attained\">Attained</a></li>\n");
  for (size_t i = 0; i < page->view->claim_count; i++) {
    const fc_claim_view *claim = &page->view->claims[i];
    if (!fc_html_is_treated(claim) ||
        (check && strcmp(check, claim->check) == 0))
      continue;
    check = claim->check;
    fc_text_printf(out, "<li><a href=\"#check%zu\">", i);
    fc_html_text(page, check);
    fc_text_append(out, "</a></li>\n");
  }
  fc_text_append(out, "<li><a href=\"#controls\">Controls</a></li>\n"
                      "<li><a href=\"#instances\">Instances</a></li>\n"
                      "</ul>\n</nav>\n");
}

static void append_head(fc_text *out) {
  fc_text_append(
      out,
      "<!DOCTYPE html>\n<html lang=\"en\" "
      "xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
      "<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
      "<title>flowcert report</title>\n<link rel=\"icon\" href=\"data:,\"/>\n");
  fc_html_style(out);
  fc_text_append(out, "</head>\n<body>\n");
}

static void append_foot(fc_html *page) {
  fc_text_printf(page->out,
                 "</main>\n<footer><p>Derived from %zu records. All of them, "
                 "with every digit, are in records.jsonl and in "
                 "report.json.</p></footer>\n"
                 "</body>\n</html>\n",
                 page->summary->records);
}

static fc_status append_parts(fc_html *page) {
  append_head(page->out);
  fc_html_answer(page);
  append_contents(page);
  fc_text_append(page->out, "<main>\n");
  fc_html_exceptions(page);
  fc_status status = fc_html_errata(page);
  fc_html_attained(page);
  if (status == FC_OK)
    status = fc_html_claims(page);
  fc_html_controls(page);
  if (status == FC_OK)
    status = fc_html_not_applicable(page);
  fc_html_instances(page);
  append_foot(page);
  return status;
}

fc_status fc_report_html(fc_text *out, const fc_report *report) {
  fc_view view;
  fc_summary summary;
  fc_status status = fc_view_summarized(&view, &summary, report);
  if (status != FC_OK)
    return status;
  fc_html page = {out, report, &view, &summary, 0};
  status = append_parts(&page);
  fc_view_clear(&view);
  if (status == FC_OK && out->failed)
    status = FC_MEMORY;
  return status;
}
