/* What changed from one run to another.
 *
 * Records are paired by claim, instance and schedule.  What is a regression
 * makes `flowcert diff` fail; everything else is told.
 */
#ifndef FC_REPORTS_DIFF_H
#define FC_REPORTS_DIFF_H

#include "record/record.h"

/* NAME, name in JSON, whether it is a regression, heading; the worst first. */
#define FC_CHANGE_LIST(X)                                                      \
  X(VERDICT_WORSE, "verdict-worse", true, "Verdicts that got worse")           \
  X(BROKEN, "expectation-broken", true, "Expectations that broke")             \
  X(VANISHED, "vanished", true, "Claims that vanished")                        \
  X(UNCERTIFIED, "certified-lost", true, "Certificates lost")                  \
  X(MOVED, "value-moved", true, "Values moved beyond their errors")            \
  X(SLACK, "slack", false, "Slack changed")                                    \
  X(BASIS, "basis", false, "Basis changed")                                    \
  X(VERDICT, "verdict", false, "Verdicts that changed otherwise")              \
  X(RESTATED, "restated", false, "Formulas that changed")                      \
  X(NEW, "new", false, "New claims")

#define X(NAME, name, regression, heading) FC_CHANGE_##NAME,
typedef enum fc_change_kind {
  FC_CHANGE_LIST(X) FC_CHANGE_COUNT
} fc_change_kind;
#undef X

/* One change.  before is NULL where the record is new, after where it vanished.
 * measured, bound: which of them moved; by: relatively how far (of slack: what
 * was lost of it), NaN where that is no question. */
typedef struct fc_change {
  fc_change_kind kind;
  const fc_record *before, *after;
  bool measured, bound;
  double by;
  double severity; /* orders changes of one kind */
} fc_change;

typedef struct fc_diff {
  fc_change *changes; /* by kind, the worst first, then by key */
  size_t count;
  size_t counts[FC_CHANGE_COUNT];
  size_t compared;    /* pairs */
  size_t same;        /* pairs without any change */
  size_t regressions; /* changes that are some */
} fc_diff;

const char *fc_change_name(fc_change_kind kind);
const char *fc_change_heading(fc_change_kind kind);
bool fc_change_is_regression(fc_change_kind kind);

/* Compares records without duplicates (fc_report_merge).  partial: what only
 * before has did not vanish.  The diff points into the records.  FC_MEMORY is
 * the only failure. */
fc_status fc_diff_make(fc_diff *diff, const fc_records *before,
                       const fc_records *after, bool partial);
void fc_diff_clear(fc_diff *diff);

/* At most limit lines a kind; 0: all. */
fc_status fc_diff_text(fc_text *out, const fc_diff *diff, size_t limit);
/* One JSON object, see data/schema/diff.schema.json. */
fc_status fc_diff_json(fc_text *out, const fc_diff *diff);

#endif
