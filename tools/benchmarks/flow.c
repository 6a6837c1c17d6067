/* Trajectories: X_{0,0.99} with its derivative in MPFR against stated aims; in
 * binary64 against GSL's rk8pd on the same equation, written out for this
 * mixture, at the tolerance that makes its error that of ours; and how the time
 * grows with the dimension and the number of components. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "flow/flow.h"
#include "kernel/kernel.h"

#define T_END "99/100"
#define BITS_OF_50_DIGITS 170

/* --- one flow --------------------------------------------------------------
 */

typedef struct trajectory {
  fc_ctx ctx;
  fc_flow *flow;
  fc_ptr x;
  size_t d;
  unsigned want;
  fc_status status;
} trajectory;

/* From 0 to T_END. */
static fc_status set_times(fc_flow *flow, const fc_ctx *ctx) {
  fc_time s, t;
  fc_formula *end = NULL;
  fc_time_init(&s, ctx);
  fc_time_init(&t, ctx);
  fc_time_set_d(&s, 0, false, ctx);
  fc_status status = fc_constant_parse(&end, T_END, NULL, NULL);
  if (!status)
    status = fc_time_set(&t, end, ctx);
  if (!status)
    status = fc_flow_set_times(flow, &s, &t, NULL);
  fc_formula_free(end);
  fc_time_clear(&s, ctx);
  fc_time_clear(&t, ctx);
  return status;
}

/* bits 0: binary64.  x = (3/10, 1/10, 3/10, ...). */
static fc_status trajectory_init(trajectory *w, const fc_target *target,
                                 const fc_schedule *schedule,
                                 fc_flow_method method, long bits,
                                 unsigned want) {
  *w = (trajectory){.want = want, .d = fc_target_dimension(target)};
  if (bits)
    fc_ctx_init_mpfr(&w->ctx, bits);
  else
    fc_ctx_init_double(&w->ctx);
  w->x = fc_vec_new(w->d, &w->ctx);
  fc_status status = w->x ? FC_OK : FC_MEMORY;
  for (size_t i = 0; i < w->d && !status; i++)
    status = bench_constant(w->x + i, i % 2 ? "1/10" : "3/10", &w->ctx);
  if (!status)
    status = fc_flow_new(&w->flow, target, schedule, method, &w->ctx, NULL);
  return status ? status : set_times(w->flow, &w->ctx);
}

static void trajectory_clear(trajectory *w) {
  fc_flow_free(w->flow);
  fc_vec_free(w->x, w->d, &w->ctx);
}

static void run_trajectory(void *data) {
  trajectory *w = data;
  fc_status status = fc_flow_eval(w->flow, w->x, w->want, NULL);
  if (status)
    w->status = status;
}

static fc_status seconds_of(double *seconds, const fc_target *target,
                            const fc_schedule *schedule, fc_flow_method method,
                            long bits) {
  trajectory w;
  fc_status status = trajectory_init(&w, target, schedule, method, bits,
                                     FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (!status)
    *seconds = bench_seconds(run_trajectory, &w);
  if (!status)
    status = w.status;
  trajectory_clear(&w);
  return status;
}

/* --- MPFR -------------------------------------------------------------------
 */

/* 1/2 N(-3/2, 1/4) + 1/2 N(3/2, 1/4). */
static fc_status two_bumps(fc_target **target) {
  fc_formula *means[2] = {NULL, NULL}, *spreads[2] = {NULL, NULL};
  fc_status status = FC_OK;
  for (int k = 0; k < 2 && !status; k++) {
    status = fc_constant_parse(&means[k], k ? "3/2" : "-3/2", NULL, NULL);
    if (!status)
      status = fc_constant_parse(&spreads[k], "1/2", NULL, NULL);
  }
  if (!status)
    status =
        fc_target_new_isotropic(target, 1, 2, NULL, means, spreads, NULL, NULL);
  for (int k = 0; k < 2; k++) {
    fc_formula_free(means[k]);
    fc_formula_free(spreads[k]);
  }
  return status;
}

static fc_status worked_example(const fc_schedule *schedule) {
  static const struct {
    fc_flow_method method;
    double aim; /* milliseconds */
  } rows[] = {{FC_FLOW_TAYLOR, 12}, {FC_FLOW_EXACT, 1}, {FC_FLOW_DIRECT, 0}};
  fc_target *target = NULL;
  fc_status status = two_bumps(&target);
  printf("\nX_{0,0.99}(0.3) and its derivative, two bumps, linear, 50 digits "
         "(%d bits)\n",
         BITS_OF_50_DIGITS);
  for (int i = 0; i < 3 && !status; i++) {
    double seconds;
    status = seconds_of(&seconds, target, schedule, rows[i].method,
                        BITS_OF_50_DIGITS);
    if (!status)
      printf("  %-34s %9.3f ms", fc_flow_method_name(rows[i].method),
             1e3 * seconds);
    if (!status && rows[i].aim > 0)
      printf("   aim %g ms: %s", rows[i].aim,
             1e3 * seconds <= rows[i].aim ? "pass" : "miss");
    printf("\n");
    fflush(stdout);
  }
  fc_target_free(target);
  return status;
}

static fc_status growth_at(double *last, size_t d, size_t count,
                           const fc_schedule *schedule) {
  fc_random random;
  fc_target *target = NULL;
  double seconds;
  fc_random_init(&random, 1, "bench", "flow");
  fc_status status = bench_target(&target, d, count, BENCH_EQUAL, &random);
  if (!status)
    status = seconds_of(&seconds, target, schedule, FC_FLOW_TAYLOR,
                        BITS_OF_50_DIGITS);
  fc_target_free(target);
  if (status)
    return status;
  printf("  d=%zu K=%-29zu %9.3f ms", d, count, 1e3 * seconds);
  if (*last > 0)
    printf("   %.2f times the line above", seconds / *last);
  printf("\n");
  fflush(stdout);
  *last = seconds;
  return FC_OK;
}

static fc_status growth(const fc_schedule *schedule) {
  double last = 0;
  fc_status status = FC_OK;
  printf("\nGrowth with the dimension: X_{0,0.99} and its derivative, taylor, "
         "50 digits\n");
  for (size_t d = 1; d <= 8 && !status; d++)
    status = growth_at(&last, d, 4, schedule);
  printf("Growth with the number of components\n");
  last = 0;
  for (size_t count = 2; count <= 64 && !status; count *= 2)
    status = growth_at(&last, 2, count, schedule);
  return status;
}

/* --- binary64 against rk8pd --------------------------------------------------
 */

enum { POINTS = 64, MOST_COMPONENTS = 8, MOST_DIMENSION = 2 };

/* Points by coordinate: x[i * POINTS + p] is coordinate i of point p. */
typedef struct duel {
  size_t d, count;
  double mean[MOST_COMPONENTS * MOST_DIMENSION];
  double x[POINTS * MOST_DIMENSION], ours[POINTS * MOST_DIMENSION],
      batch[POINTS * MOST_DIMENSION], theirs[POINTS * MOST_DIMENSION],
      exact[POINTS * MOST_DIMENSION];
  double tolerance;
  gsl_odeiv2_driver *driver;
  trajectory single;
  fc_kernel *kernel;
  const fc_schedule *schedule;
  fc_status status;
} duel;

/* a = 1 - t, b = t, sigma = 1/2, equal weights, V = a^2 + b^2/4:
 * v = sum_k r_k (b' m_k + (a a' + b b'/4)/V (x - b m_k)). */
static int velocity(double t, const double *x, double *v, void *data) {
  const duel *w = data;
  double a = 1 - t, variance = a * a + t * t / 4;
  double slope = (t / 4 - a) / variance, exponent[MOST_COMPONENTS],
         top = -1e300;
  for (size_t k = 0; k < w->count; k++) {
    double square = 0;
    for (size_t i = 0; i < w->d; i++) {
      double offset = x[i] - t * w->mean[k * w->d + i];
      square += offset * offset;
    }
    exponent[k] = -square / (2 * variance);
    top = fmax(top, exponent[k]);
  }
  double sum = 0, mean[MOST_DIMENSION] = {0};
  for (size_t k = 0; k < w->count; k++) {
    double share = exp(exponent[k] - top);
    sum += share;
    for (size_t i = 0; i < w->d; i++)
      mean[i] += share * w->mean[k * w->d + i];
  }
  for (size_t i = 0; i < w->d; i++)
    v[i] = mean[i] / sum * (1 - t * slope) + slope * x[i];
  return GSL_SUCCESS;
}

static void run_gsl(void *data) {
  duel *w = data;
  for (size_t p = 0; p < POINTS; p++) {
    double t = 0, y[MOST_DIMENSION];
    for (size_t i = 0; i < w->d; i++)
      y[i] = w->x[i * POINTS + p];
    gsl_odeiv2_driver_reset(w->driver);
    gsl_odeiv2_driver_reset_hstart(w->driver, 0.05);
    gsl_odeiv2_driver_apply(w->driver, &t, 0.99, y);
    for (size_t i = 0; i < w->d; i++)
      w->theirs[i * POINTS + p] = y[i];
  }
}

static void run_single(void *data) {
  duel *w = data;
  for (size_t p = 0; p < POINTS; p++) {
    for (size_t i = 0; i < w->d; i++)
      fc_set_d(w->single.x + i, w->x[i * POINTS + p], &w->single.ctx);
    run_trajectory(&w->single);
    for (size_t i = 0; i < w->d; i++)
      w->ours[i * POINTS + p] =
          fc_get_d(fc_flow_values(w->single.flow)->x + i, &w->single.ctx);
  }
}

static void run_batch(void *data) {
  duel *w = data;
  fc_time s, t;
  const fc_ctx *ctx = &w->single.ctx;
  fc_time_init(&s, ctx);
  fc_time_init(&t, ctx);
  fc_time_set_d(&s, 0, false, ctx);
  fc_time_set_d(&t, 0.99, false, ctx);
  fc_status status = fc_kernel_flow_batch(w->batch, NULL, w->kernel,
                                          w->schedule, &s, &t, w->x, POINTS);
  if (status)
    w->status = status;
}

/* The values in MPFR. */
static fc_status set_exact(duel *w, const fc_target *target) {
  trajectory judge;
  fc_status status = trajectory_init(&judge, target, w->schedule,
                                     FC_FLOW_TAYLOR, 128, FC_FLOW_POSITION);
  for (size_t p = 0; p < POINTS && !status; p++) {
    for (size_t i = 0; i < w->d; i++)
      fc_set_d(judge.x + i, w->x[i * POINTS + p], &judge.ctx);
    run_trajectory(&judge);
    status = judge.status;
    for (size_t i = 0; i < w->d; i++)
      w->exact[i * POINTS + p] =
          fc_get_d(fc_flow_values(judge.flow)->x + i, &judge.ctx);
  }
  trajectory_clear(&judge);
  return status;
}

static double error_of(const duel *w, const double *values) {
  double worst = 0;
  for (size_t i = 0; i < POINTS * w->d; i++)
    worst = fmax(worst, fabs(values[i] - w->exact[i]));
  return worst;
}

/* The largest tolerance that makes rk8pd's error at most `aim`, or the one with
 * the least error. */
static void match_tolerance(duel *w, gsl_odeiv2_system *system, double aim) {
  double best = INFINITY, tolerance = 1e-14;
  for (double trial = 1e-8; trial > 5e-15 && best > aim; trial /= 2) {
    w->driver = gsl_odeiv2_driver_alloc_y_new(system, gsl_odeiv2_step_rk8pd,
                                              0.05, trial, trial);
    run_gsl(w);
    double error = error_of(w, w->theirs);
    gsl_odeiv2_driver_free(w->driver);
    if (error < best) {
      best = error;
      tolerance = trial;
    }
  }
  w->tolerance = tolerance;
  w->driver = gsl_odeiv2_driver_alloc_y_new(system, gsl_odeiv2_step_rk8pd, 0.05,
                                            tolerance, tolerance);
}

static fc_status read_means(duel *w, const fc_target *target) {
  fc_num weight;
  const fc_ctx *ctx = &w->single.ctx;
  fc_init(weight, ctx);
  for (size_t k = 0; k < w->count; k++) {
    fc_ptr vector = fc_vec_new(w->d, ctx);
    if (!vector)
      return FC_MEMORY;
    fc_target_isotropic_get(vector, weight, target, k, ctx);
    for (size_t i = 0; i < w->d; i++)
      w->mean[k * w->d + i] = fc_get_d(vector + i, ctx);
    fc_vec_free(vector, w->d, ctx);
  }
  return FC_OK;
}

static void show(duel *w) {
  double seconds, peer;
  char what[80];
  snprintf(what, sizeof what, "d=%zu K=%zu taylor", w->d, w->count);
  bench_pair(&seconds, &peer, run_single, run_gsl, w);
  bench_line(what, seconds / POINTS, peer / POINTS, 0);
  snprintf(what, sizeof what, "d=%zu K=%zu vectorised batch", w->d, w->count);
  bench_pair(&seconds, &peer, run_batch, run_gsl, w);
  bench_line(what, seconds / POINTS, peer / POINTS, 0);
  printf("  %-34s taylor %.1e, batch %.1e, rk8pd %.1e (tolerance %.1e)\n",
         "  largest errors", error_of(w, w->ours), error_of(w, w->batch),
         error_of(w, w->theirs), w->tolerance);
}

static fc_status fight(size_t d, size_t count, const fc_schedule *schedule) {
  fc_random random;
  fc_target *target = NULL;
  static duel w;
  w = (duel){.d = d, .count = count, .schedule = schedule};
  gsl_odeiv2_system system = {velocity, NULL, d, &w};
  fc_random_init(&random, 1, "bench", "duel");
  fc_status status = bench_target(&target, d, count, BENCH_EQUAL, &random);
  if (!status)
    status = trajectory_init(&w.single, target, schedule, FC_FLOW_TAYLOR, 0,
                             FC_FLOW_POSITION);
  if (!status)
    status = read_means(&w, target);
  if (!status)
    status = fc_kernel_new(&w.kernel, target, NULL);
  for (size_t i = 0; i < POINTS * d; i++)
    w.x[i] = 4 * fc_random_uniform(&random) - 2;
  if (!status)
    status = set_exact(&w, target);
  if (!status) {
    run_single(&w);
    match_tolerance(&w, &system, error_of(&w, w.ours));
    show(&w);
    gsl_odeiv2_driver_free(w.driver);
  }
  trajectory_clear(&w.single);
  fc_kernel_free(w.kernel);
  fc_target_free(target);
  return status ? status : w.single.status ? w.single.status : w.status;
}

int main(void) {
  fc_schedule *schedule = NULL;
  gsl_set_error_handler_off();
  fc_status status = fc_schedule_parse(&schedule, "linear", NULL);
  if (!status)
    status = worked_example(schedule);
  bench_head("binary64: X_{0,0.99}, per trajectory, at equal error", "rk8pd");
  if (!status)
    status = fight(1, 2, schedule);
  if (!status)
    status = fight(2, 8, schedule);
  if (!status)
    status = growth(schedule);
  fc_schedule_free(schedule);
  if (status)
    fprintf(stderr, "%s\n", fc_status_text(status));
  return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
