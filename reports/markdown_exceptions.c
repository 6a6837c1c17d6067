#include "escape.h"
#include "markdown.h"
#include "readable.h"

static void append_full(fc_text *out, const char *what, const fc_exact *exact) {
  if (!exact->mid)
    return;
  fc_text_printf(out, "  - %s: ", what);
  fc_markdown(out, exact->mid);
  if (exact->rad) {
    fc_text_append(out, " ± ");
    fc_markdown(out, exact->rad);
  }
  fc_text_append(out, "\n");
}

/* Everything that is needed to see and to repeat it, with all digits. */
static void append_exception(fc_text *out, const fc_record *record) {
  fc_markdown_exception(out, record);
  fc_text_append(out, ", basis ");
  fc_markdown_basis(out, record);
  fc_text_append(out, "\n");
  append_full(out, "measured", &record->measured);
  append_full(out, "bound", &record->bound);
  append_full(out, "slack", &record->slack);
  if (record->witness_t.mid || record->witness_count) {
    fc_text_append(out, "  - witness: ");
    fc_readable_witness(out, record, true);
    fc_text_append(out, "\n");
  }
  if (record->reason && record->reason[0]) {
    fc_text_append(out, "  - reason: ");
    fc_markdown(out, record->reason);
    fc_text_append(out, "\n");
  }
  if (record->replay && record->replay[0]) {
    fc_text_append(out, "  - replay: ");
    fc_markdown_code(out, record->replay, false);
    fc_text_append(out, "\n");
  }
}

static void append_all(fc_text *out, const fc_report *report, bool undecided,
                       const char *title) {
  fc_text_printf(out, "\n## %s\n\n", title);
  for (size_t i = 0; i < report->records->count; i++) {
    const fc_record *record = &report->records->items[i];
    if (!fc_record_as_expected(record) &&
        fc_record_undecided(record) == undecided)
      append_exception(out, record);
  }
}

void fc_markdown_exceptions(fc_text *out, const fc_report *report,
                            const fc_summary *summary) {
  if (summary->contradicting)
    append_all(out, report, false, "Verdicts that contradict the expectation");
  if (summary->undecided)
    append_all(out, report, true, "Verdicts that were not reached");
}
