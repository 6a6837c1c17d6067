/* What Section 6 of the paper measures, over again: the numbers that
 * gif.experiments judges.
 *
 * Empirical W_2 is between samples of FC_SECTION_POINTS points each (the paper
 * does not say how many it drew); medians are over FC_SECTION_TRIALS
 * independent pairs of samples.  Random numbers are keyed by the job's seed,
 * the check and the instance; nothing depends on what else is measured.
 */
#ifndef FC_CHECKS_GIF_SECTION_SIX_H
#define FC_CHECKS_GIF_SECTION_SIX_H

#include "claims/statistical.h"
#include "gif/noisy_euler.h"
#include "gif/ring.h"

enum {
  FC_SECTION_POINTS = 1500,
  FC_SECTION_TRIALS = 200,
  FC_SECTION_NOISE_TRIALS = 100,
  FC_SECTION_STEPS = 100, /* of Euler's method where the field is perturbed */
  FC_SECTION_SOURCE_PAIRS = 16, /* of samples, at each point of a curve */
  FC_SECTION_NOISE_PAIRS = 4,
  FC_SECTION_FLOOR_PAIRS = 8,
  FC_SECTION_MOST = 16 /* points of a curve */
};

/* The law of Section 6: eight Gaussians, R = 12, sigma = 3/100. */
bool fc_section_six_is(fc_ring *ring, const fc_target *target);

/* The median of empirical W_2 between samples of P and nu: P = nu (the noise
 * floor), or P = X_{0,1}#N(0, a_0^2 I) under the schedule.  Order statistics of
 * the bounds that censuses give (ring_sample.h), so no law is assumed: the
 * interval misses the median with probability at most FC_FALSE_ALARM. */
fc_status fc_section_floor(fc_estimate *median, const fc_job *job,
                           const fc_ring *ring);
fc_status fc_section_image(fc_estimate *median, const fc_job *job,
                           const fc_ring *ring, const fc_schedule *schedule);

/* The same of W_2^2 between nu and what Euler's method makes of mu where signs
 * times `size` are added to the field. */
fc_status fc_section_noise(fc_estimate *median, const fc_job *job,
                           const fc_ring *ring, double size, fc_error *error);

/* Points of a curve: the mean over a few pairs of samples each, W_2 solved with
 * proof. */
typedef struct fc_section_curve {
  size_t count;
  double x[FC_SECTION_MOST];     /* b_0, or 2 epsilon^2 */
  double value[FC_SECTION_MOST]; /* W_2, or W_2^2 */
} fc_section_curve;

/* The means of W_2 and of W_2^2 between two samples of nu, over
 * FC_SECTION_FLOOR_PAIRS pairs. */
fc_status fc_section_mean_floor(double *w2, double *square, const fc_job *job,
                                fc_error *error);

/* One point for each schedule of the job's instance. */
fc_status fc_section_source_curve(fc_section_curve *curve, const fc_job *job,
                                  const fc_ring *ring, fc_error *error);

/* epsilon = 1/2, 3/2, ..., 11/2. */
fc_status fc_section_noise_curve(fc_section_curve *curve, const fc_job *job,
                                 size_t steps, fc_noise_law law,
                                 fc_error *error);

/* Least squares, value = intercept + slope x; half width of the 95 % interval
 * of the slope for normal errors of one size. */
typedef struct fc_section_fit {
  double slope, intercept, half_width;
} fc_section_fit;
fc_section_fit fc_section_fit_curve(const double *x, const double *y,
                                    size_t count);

#endif
