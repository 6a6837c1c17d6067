#include "gif/section_six.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "gif/ring_sample.h"
#include "target/draw.h"

/* Points lie within REACH sigma of a mode, but for a probability that counts
 * as a false alarm. */
#define REACH 10.0

/* Places of random streams: every pair of samples has its own. */
enum { FLOOR = 1, IMAGE, NOISE, FLOOR_CURVE, SOURCE_CURVE, NOISE_CURVE };

static fc_random stream(const fc_job *job, uint64_t kind, uint64_t which,
                        uint64_t trial) {
  fc_random random;
  fc_random_init(&random, job->seed, job->check->id, job->instance->name);
  return fc_random_branch(&random, (kind << 48) + (which << 24) + trial);
}

bool fc_section_six_is(fc_ring *ring, const fc_target *target) {
  return fc_ring_of(ring, target) && ring->count == 8 &&
         fabs(ring->radius - 12) < 0x1p-40 &&
         fabs(ring->stddev - 0.03) < 0x1p-40;
}

/* --- medians ---------------------------------------------------------------
 */

typedef void census_function(long *census, const fc_ring *ring, size_t count,
                             fc_random *random);

/* A census of nu: the mode by its weight; its noise stays in the sector, but
 * for the false alarms. */
static void census_of_target(long *census, const fc_ring *ring, size_t count,
                             fc_random *random) {
  for (size_t k = 0; k < ring->count; k++)
    census[k] = 0;
  for (size_t p = 0; p < count; p++)
    census[(size_t)(fc_random_uniform(random) * (double)ring->count)]++;
}

/* ratio: the density of the first law to nu at most. */
static fc_status median_of(fc_estimate *median, const fc_job *job,
                           const fc_ring *ring, uint64_t kind, uint64_t which,
                           census_function *census, double ratio) {
  enum { TRIALS = FC_SECTION_TRIALS, N = FC_SECTION_POINTS };
  double lower[TRIALS], upper[TRIALS];
  double tails = TRIALS * N * (1 + ratio) * exp(-REACH * REACH / 2);
  for (unsigned i = 0; i < TRIALS; i++) {
    long p[FC_RING_MAX], q[FC_RING_MAX];
    fc_random random = stream(job, kind, which, i);
    census(p, ring, N, &random);
    census_of_target(q, ring, N, &random);
    fc_ring_bounds w2 = fc_ring_census_w2(ring, p, q, N, REACH * ring->stddev);
    lower[i] = w2.lower;
    upper[i] = w2.upper;
  }
  fc_status status = fc_estimate_median(median, lower, upper, TRIALS,
                                        0.9 * FC_FALSE_ALARM, NULL);
  median->false_alarm += tails;
  return status;
}

fc_status fc_section_floor(fc_estimate *median, const fc_job *job,
                           const fc_ring *ring) {
  return median_of(median, job, ring, FLOOR, 0, census_of_target, 1);
}

fc_status fc_section_image(fc_estimate *median, const fc_job *job,
                           const fc_ring *ring, const fc_schedule *schedule) {
  double a, b;
  fc_status status = fc_ring_start(&a, &b, schedule);
  return status ? status
                : median_of(median, job, ring, IMAGE, (uint64_t)(b * 0x1p20),
                            fc_ring_census_of_image,
                            fc_ring_density_ratio(ring, a, b));
}

/* --- noise -----------------------------------------------------------------
 */

/* Points of mu = Law(a_0 Z + b_0 X_1) carried with noise, and of nu. */
static fc_status draw_noisy(double *image, double *data, const fc_job *job,
                            size_t steps, double size, fc_noise_law law,
                            fc_random *random, fc_error *error) {
  const fc_target *target = job->instance->target;
  double a, b;
  fc_status status = fc_ring_start(&a, &b, job->schedule);
  if (!status)
    status = fc_target_draw(image, FC_SECTION_POINTS, target, random);
  for (size_t i = 0; i < 2 * FC_SECTION_POINTS && !status; i++)
    image[i] = b * image[i] + a * fc_random_normal(random);
  if (!status)
    status = fc_noisy_euler(image, FC_SECTION_POINTS, target, job->schedule,
                            steps, size, law, random, error);
  return status ? status
                : fc_target_draw(data, FC_SECTION_POINTS, target, random);
}

/* The largest distance of a point from its mode. */
static double spread(const fc_ring *ring, const double *points) {
  double most = 0;
  for (size_t p = 0; p < FC_SECTION_POINTS; p++) {
    const double *x = points + 2 * p,
                 *m = ring->means + 2 * fc_ring_sector(ring, x[0], x[1]);
    most = fmax(most, hypot(x[0] - m[0], x[1] - m[1]));
  }
  return most;
}

/* Draws of image and data. */
typedef struct samples {
  double *image, *data;
} samples;

static fc_status samples_init(samples *s) {
  s->image = malloc(2 * FC_SECTION_POINTS * sizeof *s->image);
  s->data = malloc(2 * FC_SECTION_POINTS * sizeof *s->data);
  return s->image && s->data ? FC_OK : FC_MEMORY;
}

static void samples_clear(samples *s) {
  free(s->image);
  free(s->data);
}

fc_status fc_section_noise(fc_estimate *median, const fc_job *job,
                           const fc_ring *ring, double size, fc_error *error) {
  enum { TRIALS = FC_SECTION_NOISE_TRIALS, N = FC_SECTION_POINTS };
  double lower[TRIALS], upper[TRIALS];
  samples s[1];
  fc_status status = samples_init(s);
  for (unsigned i = 0; i < TRIALS && !status; i++) {
    long p[FC_RING_MAX], q[FC_RING_MAX];
    fc_random random = stream(job, NOISE, (uint64_t)(size * 16), i);
    status = draw_noisy(s->image, s->data, job, FC_SECTION_STEPS, size,
                        FC_NOISE_STEP, &random, error);
    if (status)
      break;
    fc_ring_census(p, ring, s->image, N);
    fc_ring_census(q, ring, s->data, N);
    double r = fmax(spread(ring, s->image), spread(ring, s->data));
    fc_ring_bounds w2 = fc_ring_census_w2(ring, p, q, N, r);
    lower[i] = w2.lower * w2.lower;
    upper[i] = w2.upper * w2.upper;
  }
  if (!status)
    status =
        fc_estimate_median(median, lower, upper, TRIALS, FC_FALSE_ALARM, error);
  samples_clear(s);
  return status;
}

/* --- curves ----------------------------------------------------------------
 */

static fc_status distance(double *w2, const samples *s, fc_error *error) {
  double unused;
  return fc_plane_w2(w2, &unused, s->image, s->data, FC_SECTION_POINTS, error);
}

fc_status fc_section_mean_floor(double *w2, double *square, const fc_job *job,
                                fc_error *error) {
  const fc_target *target = job->instance->target;
  samples s[1];
  fc_status status = samples_init(s);
  *w2 = *square = 0;
  for (size_t i = 0; i < FC_SECTION_FLOOR_PAIRS && !status; i++) {
    double one = 0;
    fc_random random = stream(job, FLOOR_CURVE, 0, i);
    status = fc_target_draw(s->image, FC_SECTION_POINTS, target, &random);
    if (!status)
      status = fc_target_draw(s->data, FC_SECTION_POINTS, target, &random);
    if (!status)
      status = distance(&one, s, error);
    *w2 += one / FC_SECTION_FLOOR_PAIRS;
    *square += one * one / FC_SECTION_FLOOR_PAIRS;
  }
  samples_clear(s);
  return status;
}

static fc_status source_at(double *w2, samples *s, const fc_job *job,
                           const fc_ring *ring, size_t i, size_t trial,
                           fc_error *error) {
  const fc_target *target = job->instance->target;
  fc_random random = stream(job, SOURCE_CURVE, i, trial);
  fc_status status =
      fc_ring_draw_image(s->image, FC_SECTION_POINTS, ring, target,
                         job->instance->schedules[i], &random, error);
  if (!status)
    status = fc_target_draw(s->data, FC_SECTION_POINTS, target, &random);
  return status ? status : distance(w2, s, error);
}

fc_status fc_section_source_curve(fc_section_curve *curve, const fc_job *job,
                                  const fc_ring *ring, fc_error *error) {
  samples s[1];
  fc_status status = samples_init(s);
  curve->count = job->instance->schedule_count;
  if (curve->count > FC_SECTION_MOST)
    curve->count = FC_SECTION_MOST;
  for (size_t i = 0; i < curve->count && !status; i++) {
    double a, w2 = 0;
    curve->value[i] = 0;
    status = fc_ring_start(&a, &curve->x[i], job->instance->schedules[i]);
    for (size_t k = 0; k < FC_SECTION_SOURCE_PAIRS && !status; k++) {
      status = source_at(&w2, s, job, ring, i, k, error);
      curve->value[i] += w2 / FC_SECTION_SOURCE_PAIRS;
    }
  }
  samples_clear(s);
  return status;
}

static fc_status noise_at(double *w2, samples *s, const fc_job *job,
                          size_t steps, fc_noise_law law, double size,
                          size_t trial, fc_error *error) {
  fc_random random =
      stream(job, NOISE_CURVE, 2 * steps + (law == FC_NOISE_STEP),
             trial + FC_SECTION_NOISE_PAIRS * (uint64_t)(2 * size));
  fc_status status =
      draw_noisy(s->image, s->data, job, steps, size, law, &random, error);
  return status ? status : distance(w2, s, error);
}

fc_status fc_section_noise_curve(fc_section_curve *curve, const fc_job *job,
                                 size_t steps, fc_noise_law law,
                                 fc_error *error) {
  samples s[1];
  fc_status status = samples_init(s);
  curve->count = 6;
  for (size_t i = 0; i < curve->count && !status; i++) {
    double size = 0.5 + (double)i, w2 = 0;
    curve->x[i] = 2 * size * size;
    curve->value[i] = 0;
    for (size_t k = 0; k < FC_SECTION_NOISE_PAIRS && !status; k++) {
      status = noise_at(&w2, s, job, steps, law, size, k, error);
      curve->value[i] += w2 * w2 / FC_SECTION_NOISE_PAIRS;
    }
  }
  samples_clear(s);
  return status;
}

fc_section_fit fc_section_fit_curve(const double *x, const double *y,
                                    size_t count) {
  double n = (double)count, mx = 0, my = 0, xx = 0, xy = 0, rest = 0;
  for (size_t i = 0; i < count; i++) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  for (size_t i = 0; i < count; i++) {
    xx += (x[i] - mx) * (x[i] - mx);
    xy += (x[i] - mx) * (y[i] - my);
  }
  fc_section_fit fit = {xy / xx, my - xy / xx * mx, HUGE_VAL};
  for (size_t i = 0; i < count; i++) {
    double off = y[i] - fit.intercept - fit.slope * x[i];
    rest += off * off;
  }
  if (count > 2)
    fit.half_width =
        gsl_cdf_tdist_Qinv(0.025, n - 2) * sqrt(rest / (n - 2) / xx);
  return fit;
}
