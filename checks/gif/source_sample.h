/* Proposition 6.1 where W_2 is not known as a number: equal isotropic
 * components whose means span at most three dimensions.
 *
 * X_1(a_0 Z + b_0 X_1) ~ nu and X_1(a_0 Z) are coupled by the same Z, and
 *   W_2(X_1#N(0, a_0^2 I), nu)^2 <= E|X_1(a_0 Z + b_0 X_1) - X_1(a_0 Z)|^2
 * is estimated by sampling flows in binary64; across the span of the means
 * everything is Gaussian and exact.  An upper bound with a stated probability:
 * it proves, and cannot refute.
 */
#ifndef FC_CHECKS_GIF_SOURCE_SAMPLE_H
#define FC_CHECKS_GIF_SOURCE_SAMPLE_H

#include "claims/claim.h"
#include "claims/statistical.h"

typedef struct fc_source_sample {
  fc_estimate distance; /* W_2: in [0, high] */
  double slope;         /* sup|grad X_1| is at least this */
} fc_source_sample;

/* NULL where fc_source_sample_draw can, else why not. */
const char *fc_source_sample_refuses(const fc_target *target);

fc_status fc_source_sample_draw(fc_source_sample *sample, const fc_job *job,
                                fc_error *error);

#endif
