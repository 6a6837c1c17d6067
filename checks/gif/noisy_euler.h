/* Euler's method for a velocity field with random signs added, as in Section 6:
 *   x <- x + (v(t_i, x) + e)/N,  t_i = i/N, e a vector of +-epsilon. */
#ifndef FC_CHECKS_GIF_NOISY_EULER_H
#define FC_CHECKS_GIF_NOISY_EULER_H

#include "base/random.h"
#include "schedule/schedule.h"
#include "target/target.h"

/* The paper says "a Bernoulli random variable supported on {-eps, eps}" and no
 * more. */
typedef enum fc_noise_law {
  FC_NOISE_STEP,      /* drawn for each trajectory, coordinate and step */
  FC_NOISE_TRAJECTORY /* drawn for each trajectory and coordinate, constant in
                         time */
} fc_noise_law;

/* Carries count points (row by row) from t = 0 to 1 in `steps` steps. */
fc_status fc_noisy_euler(double *points, size_t count, const fc_target *target,
                         const fc_schedule *schedule, size_t steps, double size,
                         fc_noise_law law, fc_random *random, fc_error *error);

#endif
