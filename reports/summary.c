#include <string.h>

#include "view.h"

const char *fc_answer_name(fc_answer answer) {
  static const char *const names[] = {
#define X(name, text) text,
      FC_ANSWER_LIST(X)
#undef X
  };
  return (unsigned)answer < FC_ANSWER_COUNT ? names[answer] : "unknown";
}

static void count_record(fc_summary *summary, const fc_record *record) {
  summary->records++;
  if (fc_record_as_expected(record))
    summary->as_expected++;
  else if (fc_record_undecided(record))
    summary->undecided++;
  else
    summary->contradicting++;
  if (record->kind < FC_KIND_COUNT && record->verdict < FC_VERDICT_COUNT)
    summary->verdicts[record->kind][record->verdict]++;
  summary->planted += record->kind == FC_KIND_CONTROL &&
                      record->verdict != FC_VERDICT_NOT_APPLICABLE;
  if (record->basis < FC_BASIS_COUNT)
    summary->bases[record->basis]++;
  summary->false_alarm += record->false_alarm;
}

static void count_claim(fc_summary *summary, const fc_claim_view *claim) {
  fc_kind kind = claim->first->kind;
  if (kind < FC_KIND_COUNT)
    summary->claims[kind][claim->answer]++;
  if (claim->attained && kind != FC_KIND_CONTROL && kind != FC_KIND_PROBE)
    summary->attained++;
}

fc_status fc_view_summarized(fc_view *view, fc_summary *summary,
                             const fc_report *report) {
  fc_status status = fc_view_new(view, report);
  if (status != FC_OK)
    return status;
  memset(summary, 0, sizeof *summary);
  for (size_t i = 0; i < report->records->count; i++)
    count_record(summary, &report->records->items[i]);
  for (size_t i = 0; i < view->claim_count; i++)
    count_claim(summary, &view->claims[i]);
  summary->exit_status = summary->contradicting ? 1
                         : summary->undecided   ? 3
                                                : 0;
  return FC_OK;
}

fc_status fc_summarize(fc_summary *summary, const fc_report *report) {
  fc_view view;
  fc_status status = fc_view_summarized(&view, summary, report);
  if (status == FC_OK)
    fc_view_clear(&view);
  return status;
}
