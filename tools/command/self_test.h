/* A few values that are known in closed form, computed in every tier: whether
 * this build, on this machine, computes at all. */
#ifndef FC_TOOLS_COMMAND_SELF_TEST_H
#define FC_TOOLS_COMMAND_SELF_TEST_H

#include "arith/arith.h"
#include "claims/claim.h"

/* What came of one tier. */
typedef struct fc_self_test {
  size_t values, right;
  const char *wrong; /* what the first wrong value was of, or NULL */
  fc_exact got;      /* it; clear with free, or mid NULL */
  fc_error error;    /* where it had no value: status is not FC_OK */
} fc_self_test;

void fc_self_test_run(fc_self_test *test, fc_tier tier);
void fc_self_test_clear(fc_self_test *test);

#endif
