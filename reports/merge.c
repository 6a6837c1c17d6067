#include <stdlib.h>
#include <string.h>

#include "view.h"

typedef struct ranked {
  fc_record record;
  size_t check;
  size_t claim;
  size_t position; /* makes the sort stable */
} ranked;

static int compare_texts(const char *x, const char *y) {
  return strcmp(fc_present(x), fc_present(y));
}

static int compare_numbers(size_t x, size_t y) { return (x > y) - (x < y); }

/* 0 exactly for equal keys: instance, check, schedule, claim. */
static int compare_keys(const ranked *x, const ranked *y) {
  int order = compare_texts(x->record.instance, y->record.instance);
  if (!order)
    order = compare_numbers(x->check, y->check);
  if (!order)
    order = compare_texts(x->record.check, y->record.check);
  if (!order)
    order = compare_texts(x->record.schedule, y->record.schedule);
  if (!order)
    order = compare_numbers(x->claim, y->claim);
  return order ? order : compare_texts(x->record.claim, y->record.claim);
}

static int canonical(const void *left, const void *right) {
  const ranked *x = left, *y = right;
  int order = compare_keys(x, y);
  return order ? order : compare_numbers(x->position, y->position);
}

/* The record as text without its seconds; NULL when memory ran out. */
static char *timeless(fc_record *record) {
  fc_text text[1];
  fc_text_init(text);
  double seconds = record->seconds;
  record->seconds = 0;
  fc_status status = fc_record_write(text, record);
  record->seconds = seconds;
  if (status != FC_OK) {
    fc_text_clear(text);
    return NULL;
  }
  return fc_text_take(text);
}

static fc_status contradiction(const fc_record *x, const fc_record *y,
                               fc_error *error) {
  const char *what = x->verdict != y->verdict ? "verdicts" : "contents";
  return fc_fail(error, FC_VALUE,
                 "two records of %s on instance %s, schedule %s have different "
                 "%s (%s in tier %s, %s in tier %s); merge only shards of one "
                 "run",
                 fc_present(x->claim), fc_present(x->instance),
                 x->schedule ? x->schedule : "(none)", what,
                 fc_verdict_name(x->verdict), fc_present(x->tier),
                 fc_verdict_name(y->verdict), fc_present(y->tier));
}

static fc_status compare_duplicates(fc_record *x, fc_record *y,
                                    fc_error *error) {
  char *left = timeless(x), *right = timeless(y);
  fc_status status = FC_OK;
  if (!left || !right)
    status = fc_fail(error, FC_MEMORY, "out of memory");
  else if (strcmp(left, right) != 0)
    status = contradiction(x, y, error);
  free(left);
  free(right);
  return status;
}

/* Puts the sorted records back; of equal ones the first stays. */
static fc_status put_back(fc_records *records, ranked *order, fc_error *error) {
  size_t count = records->count, kept = 0, last = 0;
  fc_status status = FC_OK;
  for (size_t i = 0; i < count; i++) {
    if (i && status == FC_OK && compare_keys(&order[last], &order[i]) == 0) {
      status = compare_duplicates(&records->items[kept - 1], &order[i].record,
                                  error);
      if (status == FC_OK) {
        fc_record_clear(&order[i].record);
        continue;
      }
    }
    records->items[kept++] = order[i].record;
    last = i;
  }
  records->count = kept;
  return status;
}

fc_status fc_report_merge(fc_records *records, const fc_check *const *checks,
                          size_t check_count, fc_error *error) {
  ranked *order = malloc((records->count + 1) * sizeof *order);
  if (!order)
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < records->count; i++) {
    const fc_record *record = &records->items[i];
    order[i].record = *record;
    order[i].check = fc_check_rank(record->check, checks, check_count);
    order[i].claim =
        fc_claim_rank(record->claim, order[i].check, checks, check_count);
    order[i].position = i;
  }
  qsort(order, records->count, sizeof *order, canonical);
  fc_status status = put_back(records, order, error);
  free(order);
  return status;
}
