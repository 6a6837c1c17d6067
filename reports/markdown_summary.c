/* The short form for the page of a CI job: what came out, and what to do where
 * something is wrong. */
#include "escape.h"
#include "markdown.h"
#include "pick.h"
#include "readable.h"

/* More exceptions than these are counted, not shown. */
#define EXCEPTIONS_MAX 10

static void append_exception(fc_text *out, const fc_record *record) {
  fc_markdown_exception(out, record);
  if (record->measured.mid && record->bound.mid) {
    fc_text_append(out, "; measured ");
    fc_readable_exact(out, &record->measured);
    fc_text_append(out, ", bound ");
    fc_readable_exact(out, &record->bound);
  }
  fc_text_append(out, "\n");
  if (record->replay && record->replay[0]) {
    fc_text_append(out, "  - ");
    fc_markdown_code(out, record->replay, false);
    fc_text_append(out, "\n");
  }
}

static void append_exceptions(fc_text *out, const fc_report *report,
                              bool undecided, const char *title) {
  size_t count = 0;
  for (size_t i = 0; i < report->records->count; i++) {
    const fc_record *record = &report->records->items[i];
    if (fc_record_as_expected(record) ||
        fc_record_undecided(record) != undecided)
      continue;
    if (++count == 1)
      fc_text_printf(out, "\n**%s:**\n\n", title);
    if (count <= EXCEPTIONS_MAX)
      append_exception(out, record);
  }
  if (count > EXCEPTIONS_MAX)
    fc_text_printf(out, "- and %zu more\n", count - EXCEPTIONS_MAX);
}

static void append_false(fc_text *out, const fc_view *view) {
  const char *separator = "\n**False as literally stated:** ";
  for (size_t i = 0; i < view->claim_count; i++) {
    const fc_claim_view *claim = &view->claims[i];
    if (claim->answer != FC_ANSWER_FALSE ||
        !fc_kind_is_claim(claim->first->kind))
      continue;
    fc_text_append(out, separator);
    fc_markdown_claim_name(out, claim->first);
    separator = ", ";
  }
  if (*separator == ',')
    fc_text_append(out, ".\n");
}

fc_status fc_report_summary(fc_text *out, const fc_report *report) {
  fc_view view;
  fc_summary summary;
  fc_status status = fc_view_summarized(&view, &summary, report);
  if (status != FC_OK)
    return status;
  fc_text_append(out, "## flowcert\n\n");
  fc_markdown_headline(out, &summary);
  fc_markdown_counts(out, &summary);
  append_exceptions(out, report, false, "Against the expectation");
  append_exceptions(out, report, true, "Not reached");
  append_false(out, &view);
  fc_view_clear(&view);
  return out->failed ? FC_MEMORY : FC_OK;
}
