#include "view.h"

#include <stdlib.h>
#include <string.h>

size_t fc_check_rank(const char *check, const fc_check *const *checks,
                     size_t check_count) {
  for (size_t i = 0; i < check_count; i++)
    if (strcmp(checks[i]->id, fc_present(check)) == 0)
      return i;
  return check_count;
}

size_t fc_claim_rank(const char *claim, size_t check_rank,
                     const fc_check *const *checks, size_t check_count) {
  if (check_rank >= check_count)
    return 0;
  const fc_check *check = checks[check_rank];
  const char *slash = strchr(fc_present(claim), '/');
  for (size_t i = 0; slash && i < check->claim_count; i++)
    if (strcmp(check->claims[i].name, slash + 1) == 0)
      return i;
  return check->claim_count;
}

const char *fc_relation_symbol(const fc_record *record) {
  const char *relation = fc_present(record->relation);
  if (strcmp(relation, "<=") == 0)
    return "≤";
  return strcmp(relation, ">=") == 0 ? "≥" : relation;
}

typedef struct ranked {
  const fc_record *record;
  size_t check;
  size_t claim;
} ranked;

static int compare_texts(const char *x, const char *y) {
  return strcmp(fc_present(x), fc_present(y));
}

/* Check and claim in the order of the modules, then instance and schedule. */
static int by_claim(const void *left, const void *right) {
  const ranked *x = left, *y = right;
  int order = (x->check > y->check) - (x->check < y->check);
  if (!order)
    order = compare_texts(x->record->check, y->record->check);
  if (!order)
    order = (x->claim > y->claim) - (x->claim < y->claim);
  if (!order)
    order = compare_texts(x->record->claim, y->record->claim);
  if (!order)
    order = compare_texts(x->record->instance, y->record->instance);
  return order ? order
               : compare_texts(x->record->schedule, y->record->schedule);
}

/* The records' addresses by claim, malloc'd; NULL when memory ran out. */
static const fc_record **sorted(const fc_report *report) {
  size_t count = report->records->count;
  ranked *order = malloc((count + 1) * sizeof *order);
  const fc_record **records = malloc((count + 1) * sizeof *records);
  if (!order || !records) {
    free(order);
    free(records);
    return NULL;
  }
  for (size_t i = 0; i < count; i++) {
    const fc_record *record = &report->records->items[i];
    order[i].record = record;
    order[i].check =
        fc_check_rank(record->check, report->checks, report->check_count);
    order[i].claim = fc_claim_rank(record->claim, order[i].check,
                                   report->checks, report->check_count);
  }
  qsort(order, count, sizeof *order, by_claim);
  for (size_t i = 0; i < count; i++)
    records[i] = order[i].record;
  free(order);
  return records;
}

static fc_answer answer_of(const fc_claim_view *claim) {
  size_t certified = 0, numerical = 0, violated = 0, undecided = 0;
  for (size_t i = 0; i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    if (record->verdict == FC_VERDICT_VIOLATED)
      violated++;
    else if (fc_record_undecided(record))
      undecided++;
    else if (record->verdict != FC_VERDICT_NOT_APPLICABLE)
      *(record->basis == FC_BASIS_CERTIFIED ? &certified : &numerical) += 1;
  }
  if (violated)
    return FC_ANSWER_FALSE;
  if (undecided)
    return FC_ANSWER_UNDECIDED;
  if (certified)
    return numerical ? FC_ANSWER_PARTLY : FC_ANSWER_CERTIFIED;
  return numerical ? FC_ANSWER_NUMERICAL : FC_ANSWER_NOT_APPLICABLE;
}

static void finish_claim(fc_claim_view *claim) {
  claim->answer = answer_of(claim);
  for (size_t i = 0; i < claim->count; i++)
    if (claim->records[i]->verdict == FC_VERDICT_ATTAINED)
      claim->attained = true;
}

/* One claim belongs to one check, but hostile records may say otherwise. */
static bool same_claim(const fc_record *x, const fc_record *y) {
  return compare_texts(x->claim, y->claim) == 0 &&
         compare_texts(x->check, y->check) == 0;
}

fc_status fc_view_new(fc_view *view, const fc_report *report) {
  size_t count = report->records->count;
  view->claim_count = 0;
  view->claims = calloc(count + 1, sizeof *view->claims);
  view->records = sorted(report);
  if (!view->claims || !view->records) {
    fc_view_clear(view);
    return FC_MEMORY;
  }
  for (size_t i = 0; i < count; i++) {
    const fc_record *record = view->records[i];
    if (i == 0 || !same_claim(record, view->records[i - 1])) {
      fc_claim_view *claim = &view->claims[view->claim_count++];
      claim->check = fc_present(record->check);
      claim->claim = fc_present(record->claim);
      claim->first = record;
      claim->records = view->records + i;
    }
    view->claims[view->claim_count - 1].count++;
  }
  for (size_t i = 0; i < view->claim_count; i++)
    finish_claim(&view->claims[i]);
  return FC_OK;
}

void fc_view_clear(fc_view *view) {
  free(view->records);
  free(view->claims);
  memset(view, 0, sizeof *view);
}
