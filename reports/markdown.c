#include "markdown.h"

#include <string.h>

#include "escape.h"

static void append_inputs(fc_text *out, const fc_manifest *manifest) {
  bool titled = false;
  for (size_t i = 0; i < manifest->count; i++) {
    const fc_manifest_entry *entry = &manifest->entries[i];
    if (strcmp(entry->section, "inputs") != 0)
      continue;
    if (!titled)
      fc_text_append(out, "\n## Instances\n\n| instance | SHA-256 of its file "
                          "|\n|---|---|\n");
    titled = true;
    fc_text_append(out, "| ");
    fc_markdown(out, entry->key);
    fc_text_append(out, " | ");
    fc_markdown_code(out, entry->value, true);
    fc_text_append(out, " |\n");
  }
}

fc_status fc_report_markdown(fc_text *out, const fc_report *report,
                             bool figures) {
  fc_view view;
  fc_summary summary;
  fc_status status = fc_view_summarized(&view, &summary, report);
  if (status != FC_OK)
    return status;
  fc_markdown_answer(out, &view, &summary, report);
  fc_markdown_exceptions(out, report, &summary);
  fc_markdown_claims(out, &view, report, figures);
  fc_markdown_controls(out, &view);
  status = fc_markdown_not_applicable(out, &view);
  append_inputs(out, report->manifest);
  fc_view_clear(&view);
  if (status == FC_OK && out->failed)
    status = FC_MEMORY;
  return status;
}
