/* Records made by hand. */
#ifndef FC_CHECKS_RECORDS_H
#define FC_CHECKS_RECORDS_H

#include <check.h>
#include <string.h>

#include "record/record.h"

static inline char *copy(const char *text) {
  return text ? fc_strdup(text) : NULL;
}

/* A record with the given key and outcome. */
static inline fc_record make(const char *claim, fc_kind kind,
                             const char *instance, const char *schedule,
                             fc_verdict verdict, const char *expectation) {
  fc_record record;
  fc_record_init(&record);
  record.check = copy(claim);
  *strchr(record.check, '/') = '\0';
  record.claim = copy(claim);
  record.kind = kind;
  record.source = copy("Theorem 1(a)");
  record.instance = copy(instance);
  record.schedule = copy(schedule);
  record.relation = copy("<=");
  record.verdict = verdict;
  record.basis =
      verdict == FC_VERDICT_NOT_APPLICABLE ? FC_BASIS_NONE : FC_BASIS_MPFR;
  record.tier = copy("mpfr");
  record.expectation = copy(expectation);
  return record;
}

static inline void add(fc_records *records, fc_record record) {
  ck_assert_int_eq(fc_records_append(records, &record), FC_OK);
}

static inline void set(fc_exact *exact, const char *mid, const char *rad) {
  exact->mid = copy(mid);
  exact->rad = copy(rad);
}

#endif
