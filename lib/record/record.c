#include "record/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

void fc_record_init(fc_record *record) {
  memset(record, 0, sizeof *record);
  record->verdict = FC_VERDICT_ERROR;
  record->basis = FC_BASIS_NONE;
}

static void clear_exact(fc_exact *exact) {
  free(exact->mid);
  free(exact->rad);
}

static void clear_texts(fc_record *r) {
  char *const texts[] = {
      r->check,        r->claim,          r->source,         r->statement,
      r->formula,      r->hypotheses,     r->instance,       r->family,
      r->schedule,     r->relation,       r->tier,           r->slack_kind,
      r->expectation,  r->reason,         r->replay,         r->abscissa,
      r->proof_domain, r->proof_argument, r->proof_undecided};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    free(texts[i]);
}

void fc_record_clear(fc_record *record) {
  clear_texts(record);
  clear_exact(&record->measured);
  clear_exact(&record->bound);
  clear_exact(&record->slack);
  clear_exact(&record->witness_s);
  clear_exact(&record->witness_t);
  for (size_t i = 0; i < record->constant_count; i++) {
    free(record->constants[i].name);
    clear_exact(&record->constants[i].value);
    free(record->constants[i].provenance);
  }
  free(record->constants);
  for (size_t i = 0; i < record->witness_count; i++)
    clear_exact(&record->witness_x[i]);
  free(record->witness_x);
  free(record->profile);
  fc_record_init(record);
}

bool fc_record_as_expected(const fc_record *record) {
  if (!record->expectation)
    return false;
  if (strcmp(record->expectation, "none") == 0)
    return record->verdict != FC_VERDICT_ERROR;
  if (record->verdict == FC_VERDICT_INCONCLUSIVE ||
      record->verdict == FC_VERDICT_ERROR)
    return false;
  fc_verdict expected;
  if (!fc_verdict_from_name(&expected, record->expectation))
    return false;
  return record->verdict == expected ||
         (expected == FC_VERDICT_HOLDS &&
          record->verdict == FC_VERDICT_ATTAINED);
}

void fc_records_init(fc_records *records) {
  *records = (fc_records){NULL, 0, 0};
}

void fc_records_clear(fc_records *records) {
  for (size_t i = 0; i < records->count; i++)
    fc_record_clear(&records->items[i]);
  free(records->items);
  fc_records_init(records);
}

fc_status fc_records_append(fc_records *records, fc_record *record) {
  if (!fc_grow(&records->items, &records->capacity, records->count,
               sizeof *records->items))
    return FC_MEMORY;
  records->items[records->count++] = *record;
  fc_record_init(record);
  return FC_OK;
}
