/* The end of the report: controls, and what did not apply. */
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "markdown.h"
#include "pick.h"

static void append_control(fc_text *out, const fc_claim_view *claim) {
  const fc_tally tally = fc_claim_tally(claim);
  if (!tally.applicable)
    return;
  fc_text_append(out, "| ");
  fc_markdown_claim_name(out, claim->first);
  fc_text_append(out, " | ");
  fc_markdown(out, fc_present(claim->first->statement));
  fc_text_printf(out, " | %zu | %zu | ", tally.applicable, tally.violated);
  const char *separator = "";
  for (size_t i = 0; i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    if (record->verdict == FC_VERDICT_NOT_APPLICABLE ||
        record->verdict == FC_VERDICT_VIOLATED)
      continue;
    fc_text_append(out, separator);
    fc_markdown(out, fc_present(record->instance));
    fc_text_append(out, " ");
    fc_markdown(out, fc_present(record->schedule));
    fc_text_append(out, " ");
    fc_markdown_verdict(out, record);
    separator = "; ";
  }
  fc_text_append(out, *separator ? " |\n" : "none |\n");
}

void fc_markdown_controls(fc_text *out, const fc_view *view) {
  bool titled = false;
  for (size_t i = 0; i < view->claim_count; i++) {
    const fc_claim_view *claim = &view->claims[i];
    if (claim->first->kind != FC_KIND_CONTROL ||
        claim->answer == FC_ANSWER_NOT_APPLICABLE)
      continue;
    if (!titled)
      fc_text_append(out, "\n## Controls\n\nFalse bounds, planted to see that "
                          "they are caught.\n\n| control | what is false about "
                          "it | planted | refuted | survivors |\n"
                          "|---|---|--:|--:|---|\n");
    titled = true;
    append_control(out, claim);
  }
}

/* The instances of records with one reason, each once. */
static void append_instances(fc_text *out, const fc_record **records,
                             size_t count) {
  for (size_t i = 0; i < count; i++) {
    const char *instance = fc_present(records[i]->instance);
    if (i && strcmp(instance, fc_present(records[i - 1]->instance)) == 0)
      continue;
    fc_text_append(out, i ? ", " : "");
    fc_markdown(out, instance);
  }
}

/* A line for each reason; records: all that did not apply, by reason. */
static void append_reasons(fc_text *out, const fc_claim_view *claim,
                           const fc_record **records, size_t count) {
  for (size_t i = 0, end; i < count; i = end) {
    for (end = i + 1; end < count; end++)
      if (strcmp(fc_reason_shown(records[i]), fc_reason_shown(records[end])) !=
          0)
        break;
    fc_text_append(out, "- ");
    fc_markdown_code(out, claim->claim, false);
    fc_text_append(out, ": ");
    fc_markdown(out, fc_reason_shown(records[i]));
    fc_text_append(out, " — ");
    append_instances(out, records + i, end - i);
    fc_text_append(out, "\n");
  }
}

fc_status fc_markdown_not_applicable(fc_text *out, const fc_view *view) {
  bool titled = false;
  for (size_t i = 0; i < view->claim_count; i++) {
    const fc_claim_view *claim = &view->claims[i];
    size_t count;
    const fc_record **records = fc_claim_by_reason(&count, claim);
    if (!records)
      return FC_MEMORY;
    if (count && !titled) {
      fc_text_append(out,
                     "\n## Not applicable\n\nA hypothesis fails there.\n\n");
      titled = true;
    }
    append_reasons(out, claim, records, count);
    free(records);
  }
  return FC_OK;
}
