/* The two sides of the claims of ext.noise-level; k = 1 + eps = 9/8. */
#ifndef FC_CHECKS_EXT_NOISE_LEVEL_SIDES_H
#define FC_CHECKS_EXT_NOISE_LEVEL_SIDES_H

#include "claims/pointwise.h"

#define FC_NOISE_EPS "1/8"
#define FC_NOISE_K "(9/8)"

/* left = the field of the misjudged noise level, right = the velocity of the
 * schedule (k a, b) (variant 1: of (a, b)); length d. */
fc_pointwise_function fc_sides_noise_field;

/* left = Y_{0,1} by integrating that field, right = X_{0,1} under (k a, b)
 * (variant 1: under (a, b)); length d. */
fc_pointwise_function fc_sides_noise_flow;

/* left = int_0^t grad X_{s,t}(X_s) (omega/a) (a d/da) M(a, b; X_s) ds, right =
 * a_0^2 grad X_{0,t} s(0, x) - a_t^2 s(t, X_t) (variant 1, 2: without the
 * first, the second term); length d. */
fc_pointwise_function fc_sides_noise_first_order;

/* E|Y_1 - X_1|^2, which is W_2^2 where flows are monotone, against the squared
 * bound; for Gaussians against the closed form. */
fc_status fc_measure_noise_bound(const fc_job *job, const fc_claim *claim,
                                 fc_error *error);
fc_status fc_measure_noise_closed(const fc_job *job, const fc_claim *claim,
                                  fc_error *error);

/* What fc_measure_noise_... take from a claim. */
typedef struct fc_noise_detail {
  const char *(*refuses)(const fc_job *job);
  /* NULL where both sides are equal, and have to be known to all digits. */
  const char *(*equality)(const fc_job *job);
  double factor; /* of the bound, squared */
  bool opposite; /* closed form: 1 - eps for 1 + eps */
} fc_noise_detail;

/* What is dear is judged under a few schedules, one with b_0 > 0 among them. */
const char *fc_noise_few_schedules(const fc_job *job);

/* NULL where E|Y_1 - X_1|^2 is measured, else why not. */
const char *fc_needs_noise_distance(const fc_job *job);

#endif
