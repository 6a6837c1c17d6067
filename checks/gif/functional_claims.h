/* The engine for claims on the Poincare and log-Sobolev constants: a constant
 * of p_t at a few times t in (0, 1), or of nu, against a formula over the names
 * of environment.h and
 *   C      the constant of nu from above
 *   Lip    sup |grad X_1|, where the detail says `slope`
 * A control that is true on an instance (the gap in binary64 says so) is not
 * emitted.
 */
#ifndef FC_CHECKS_GIF_FUNCTIONAL_CLAIMS_H
#define FC_CHECKS_GIF_FUNCTIONAL_CLAIMS_H

#include "gif/functional_constants.h"

typedef struct fc_functional_detail {
  fc_inequality which;
  bool transfer;  /* measured is the constant of nu, once */
  bool slope;     /* the formula has Lip; without it C, or neither */
  bool constants; /* the formula has class constants only */
  const char *(*refuses)(const fc_job *job);
} fc_functional_detail;

/* One claim; emits a record, or none for a control that is true. */
fc_status fc_functional_decide(const fc_functional *functional,
                               const fc_job *job, const fc_claim *claim,
                               fc_error *error);

#endif
