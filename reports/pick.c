#include "pick.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "readable.h"

bool fc_kind_is_claim(fc_kind kind) {
  return kind != FC_KIND_CONTROL && kind != FC_KIND_PROBE;
}

fc_tally fc_claim_tally(const fc_claim_view *claim) {
  fc_tally tally = {0};
  for (size_t i = 0; i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    bool applies = record->verdict != FC_VERDICT_NOT_APPLICABLE;
    tally.applicable += applies;
    tally.violated += record->verdict == FC_VERDICT_VIOLATED;
    tally.undecided += fc_record_undecided(record);
    tally.certified += applies && record->basis == FC_BASIS_CERTIFIED;
    tally.unexpected += !fc_record_as_expected(record);
  }
  return tally;
}

const fc_record *fc_claim_example(const fc_claim_view *claim, bool undecided) {
  for (size_t i = 0; i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    if (undecided ? fc_record_undecided(record)
                  : record->verdict == FC_VERDICT_VIOLATED)
      return record;
  }
  return NULL;
}

const char *fc_claim_slack_kind(bool *mixed, const fc_claim_view *claim) {
  const char *kind = "";
  *mixed = false;
  for (size_t i = 0; i < claim->count && !*mixed; i++) {
    const char *own = fc_present(claim->records[i]->slack_kind);
    *mixed = *own && *kind && strcmp(own, kind) != 0;
    kind = *own ? own : kind;
  }
  return *mixed ? "" : kind;
}

const char *fc_reason_shown(const fc_record *record) {
  return record->reason && record->reason[0] ? record->reason
                                             : "no reason recorded";
}

/* --- order ------------------------------------------------------------- */

double fc_record_margin(const fc_record *record) {
  double slack = fc_approximate(record->slack.mid);
  double rad = fc_approximate(record->slack.rad);
  bool ratio = strcmp(fc_present(record->slack_kind), "ratio") == 0;
  double size = fmax(fabs(fc_approximate(record->measured.mid)),
                     fabs(fc_approximate(record->bound.mid)));
  if (ratio)
    slack -= 1;
  /* Rounding about equality is no distance. */
  if (slack < 0 && (record->verdict != FC_VERDICT_VIOLATED || -slack <= rad))
    slack = 0;
  return !ratio && size > 0 && isfinite(size) ? slack / size : slack;
}

static int urgency(const fc_record *record) {
  if (fc_record_undecided(record))
    return 1;
  if (!fc_record_as_expected(record))
    return 0;
  return record->verdict == FC_VERDICT_VIOLATED ? 2 : 3;
}

static int by_place(const fc_record *x, const fc_record *y) {
  int order = strcmp(fc_present(x->instance), fc_present(y->instance));
  return order ? order
               : strcmp(fc_present(x->schedule), fc_present(y->schedule));
}

typedef struct ranked {
  const fc_record *record;
  int urgency;
  double margin; /* infinite where there is none */
} ranked;

static int worse(const void *left, const void *right) {
  const ranked *x = left, *y = right;
  int order = x->urgency - y->urgency;
  if (!order)
    order = (x->margin > y->margin) - (x->margin < y->margin);
  return order ? order : by_place(x->record, y->record);
}

const fc_record **fc_claim_worst_first(size_t *count,
                                       const fc_claim_view *claim) {
  ranked *order = malloc((claim->count + 1) * sizeof *order);
  const fc_record **records = malloc((claim->count + 1) * sizeof *records);
  *count = 0;
  for (size_t i = 0; order && i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    if (record->verdict == FC_VERDICT_NOT_APPLICABLE)
      continue;
    double margin = fc_record_margin(record);
    order[(*count)++] = (ranked){record, urgency(record),
                                 isnan(margin) ? (double)INFINITY : margin};
  }
  if (order && records) {
    qsort(order, *count, sizeof *order, worse);
    for (size_t i = 0; i < *count; i++)
      records[i] = order[i].record;
  } else {
    free(records);
    records = NULL;
  }
  free(order);
  return records;
}

static int by_reason(const void *left, const void *right) {
  const fc_record *x = *(const fc_record *const *)left;
  const fc_record *y = *(const fc_record *const *)right;
  int order = strcmp(fc_reason_shown(x), fc_reason_shown(y));
  return order ? order : by_place(x, y);
}

const fc_record **fc_claim_by_reason(size_t *count,
                                     const fc_claim_view *claim) {
  const fc_record **records = malloc((claim->count + 1) * sizeof *records);
  *count = 0;
  if (!records)
    return NULL;
  for (size_t i = 0; i < claim->count; i++)
    if (claim->records[i]->verdict == FC_VERDICT_NOT_APPLICABLE)
      records[(*count)++] = claim->records[i];
  qsort(records, *count, sizeof *records, by_reason);
  return records;
}

/* --- claims beside each other ------------------------------------------ */

/* "gif.one/x.literal" and "gif.one/x.corrected": equal up to the endings. */
static bool differ_in_ending(const char *x, const char *x_ending, const char *y,
                             const char *y_ending) {
  size_t x_length = strlen(x), y_length = strlen(y);
  size_t x_end = strlen(x_ending), y_end = strlen(y_ending);
  if (x_length < x_end || y_length < y_end)
    return false;
  return x_length - x_end == y_length - y_end &&
         strncmp(x, y, x_length - x_end) == 0 &&
         strcmp(x + x_length - x_end, x_ending) == 0 &&
         strcmp(y + y_length - y_end, y_ending) == 0;
}

static bool stands_beside(const fc_claim_view *claim,
                          const fc_claim_view *literal) {
  fc_kind kind = claim->first->kind;
  return claim != literal && strcmp(claim->check, literal->check) == 0 &&
         fc_kind_is_claim(kind) && kind != FC_KIND_LITERAL &&
         claim->answer != FC_ANSWER_FALSE;
}

/* True where the literal's source up to its first comma begins the other's. */
static bool same_result(const char *literal, const char *other) {
  size_t length = strcspn(literal, ",");
  return length > 0 && strncmp(literal, other, length) == 0;
}

/* True where both names, behind the check's, begin with the same part. */
static bool same_part(const char *x, const char *y) {
  const char *x_name = strchr(x, '/'), *y_name = strchr(y, '/');
  if (!x_name || !y_name)
    return false;
  size_t length = strcspn(x_name, ".");
  return x_name[length] == '.' && strncmp(x_name, y_name, length + 1) == 0;
}

const fc_claim_view *fc_claim_correction(const fc_view *view,
                                         const fc_claim_view *literal) {
  const fc_claim_view *named = NULL, *near = NULL;
  const char *source = fc_present(literal->first->source);
  for (size_t i = 0; i < view->claim_count; i++) {
    const fc_claim_view *claim = &view->claims[i];
    const char *other = fc_present(claim->first->source);
    if (!stands_beside(claim, literal))
      continue;
    if (differ_in_ending(literal->claim, "literal", claim->claim, "corrected"))
      return claim;
    if (!named && same_result(source, other))
      named = claim;
    if (!near && strncmp(other, "corrects", strlen("corrects")) == 0 &&
        same_part(literal->claim, claim->claim))
      near = claim;
  }
  return named ? named : near;
}

const fc_claim_view *fc_claim_sharper(const fc_view *view,
                                      const fc_claim_view *statement) {
  for (size_t i = 0; i < view->claim_count; i++) {
    const fc_claim_view *claim = &view->claims[i];
    if (stands_beside(claim, statement) &&
        claim->first->kind == FC_KIND_SHARPER &&
        claim->answer != FC_ANSWER_NOT_APPLICABLE &&
        claim->answer != FC_ANSWER_UNDECIDED &&
        differ_in_ending(statement->claim, "", claim->claim, ".sharp"))
      return claim;
  }
  return NULL;
}
