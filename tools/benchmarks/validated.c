/* The validated integrator: the worked example, to 50 digits and to binary64's
 * width, from points and from boxes; and an example in R^2, R^3 and R^4.  The
 * peer times are those of the best validated integrator known to us on the
 * worked example (one core): 4.0 s to 50 digits, 20 ms to 4e-14; it fails at 0
 * and on boxes of half-width 1/20. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "flow/flow.h"

typedef struct work {
  fc_ctx ctx;
  const fc_schedule *schedule;
  fc_target *target;
  fc_flow *flow;
  fc_ptr x;
  size_t d;
  fc_status status;
} work;

/* From 0 to 99/100. */
static fc_status set_times(work *w) {
  fc_time s, t;
  fc_formula *end = NULL;
  fc_time_init(&s, &w->ctx);
  fc_time_init(&t, &w->ctx);
  fc_time_set_d(&s, 0, false, &w->ctx);
  fc_status status = fc_constant_parse(&end, "99/100", NULL, NULL);
  if (!status)
    status = fc_time_set(&t, end, &w->ctx);
  if (!status)
    status = fc_flow_set_times(w->flow, &s, &t, NULL);
  fc_formula_free(end);
  fc_time_clear(&s, &w->ctx);
  fc_time_clear(&t, &w->ctx);
  return status;
}

/* The interval middle +- half in every coordinate. */
static fc_status set_box(work *w, const char *middle, const char *half) {
  fc_num radius;
  fc_init(radius, &w->ctx);
  fc_status status = bench_constant(radius, half, &w->ctx);
  for (size_t i = 0; i < w->d && !status; i++) {
    fc_num end;
    fc_init(end, &w->ctx);
    status = bench_constant(w->x + i, middle, &w->ctx);
    fc_add(end, w->x + i, radius, &w->ctx);
    fc_sub(w->x + i, w->x + i, radius, &w->ctx);
    fc_hull(w->x + i, w->x + i, end, &w->ctx);
    fc_clear(end, &w->ctx);
  }
  fc_clear(radius, &w->ctx);
  return status;
}

static void run(void *data) {
  work *w = data;
  fc_status status =
      fc_flow_eval(w->flow, w->x, FC_FLOW_POSITION | FC_FLOW_JACOBIAN, NULL);
  if (status)
    w->status = status;
}

static double radius_of(fc_srcptr x, size_t count, const fc_ctx *ctx) {
  double widest = 0;
  mpfr_t rad;
  mpfr_init2(rad, 53);
  for (size_t i = 0; i < count; i++) {
    fc_get_rad(rad, x + i, ctx);
    double value = mpfr_get_d(rad, MPFR_RNDU);
    widest = value > widest ? value : widest;
  }
  mpfr_clear(rad);
  return widest;
}

/* limit in seconds; 0: none is stated. */
static void show(work *w, const char *what, double limit) {
  double seconds = bench_seconds(run, w);
  const fc_flow_value *v = fc_flow_values(w->flow);
  printf("  %-40s %10.3f ms  +- %.1e, %.1e", what, seconds * 1e3,
         radius_of(v->x, w->d, &w->ctx),
         radius_of(v->jacobian, w->d * w->d, &w->ctx));
  if (limit > 0)
    printf("  limit %g ms: %s", limit * 1e3,
           seconds <= limit ? "pass" : "miss");
  printf("%s\n", w->status ? "  FAILED" : "");
  fflush(stdout);
}

/* Takes the target over. */
static fc_status measure(fc_target *target, const fc_schedule *schedule,
                         const char *what, const char *middle, const char *half,
                         long bits, double limit) {
  work w = {.target = target, .d = fc_target_dimension(target)};
  fc_status status = fc_ctx_init_arb(&w.ctx, bits, NULL);
  if (!status) {
    w.x = fc_vec_new(w.d, &w.ctx);
    status = w.x ? fc_flow_new(&w.flow, target, schedule, FC_FLOW_VALIDATED,
                               &w.ctx, NULL)
                 : FC_MEMORY;
  }
  if (!status)
    status = set_times(&w);
  if (!status)
    status = set_box(&w, middle, half);
  if (!status) {
    show(&w, what, limit);
    status = w.status;
  }
  fc_flow_free(w.flow);
  fc_vec_free(w.x, w.x ? w.d : 0, &w.ctx);
  fc_target_free(target);
  return status;
}

/* 1/2 N(-3/2, 1/4) + 1/2 N(3/2, 1/4) */
static fc_target *worked_example(void) {
  static const char *const texts[] = {"-3/2", "3/2", "1/2", "1/2"};
  fc_formula *numbers[4] = {NULL};
  fc_target *target = NULL;
  fc_status status = FC_OK;
  for (int i = 0; i < 4 && !status; i++)
    status = fc_constant_parse(&numbers[i], texts[i], NULL, NULL);
  if (!status)
    status = fc_target_new_isotropic(&target, 1, 2, NULL, numbers, numbers + 2,
                                     NULL, NULL);
  for (int i = 0; i < 4; i++)
    fc_formula_free(numbers[i]);
  return status ? NULL : target;
}

static fc_status line(const fc_schedule *schedule) {
  static const struct {
    const char *what, *middle, *half;
    long bits;
    double limit;
  } rows[] = {
      {"X_{0,0.99}(0.3) and dX, 50 digits", "3/10", "0", 172, 0.1},
      {"the same to 4e-14", "3/10", "0", 53, 0.02},
      {"x = 0, 50 digits", "0", "0", 180, 0.1},
      {"box 0 +- 1/20", "0", "1/20", 53, 0},
      {"box 0 +- 1/2", "0", "1/2", 53, 0},
      {"box 0.3 +- 1/20", "3/10", "1/20", 53, 0},
      {"box 0 +- 4", "0", "4", 53, 0},
  };
  fc_status status = FC_OK;
  for (size_t i = 0; i < sizeof rows / sizeof *rows && !status; i++) {
    fc_target *target = worked_example();
    status = target ? measure(target, schedule, rows[i].what, rows[i].middle,
                              rows[i].half, rows[i].bits, rows[i].limit)
                    : FC_MEMORY;
  }
  return status;
}

static fc_status space(const fc_schedule *schedule) {
  fc_random random;
  fc_status status = FC_OK;
  fc_random_init(&random, 1, "bench", "validated");
  for (size_t d = 2; d <= 4 && !status; d++)
    for (int shape = 0; shape < 2 && !status; shape++) {
      fc_target *target = NULL;
      char what[80];
      status = bench_target(&target, d, 3, shape ? BENCH_FULL : BENCH_EQUAL,
                            &random);
      snprintf(what, sizeof what, "R^%zu, K = 3, %s, 50 digits", d,
               shape ? "full covariances" : "equal isotropic");
      if (!status)
        status = measure(target, schedule, what, "3/10", "0", 180, 0);
    }
  return status;
}

int main(void) {
  fc_schedule *schedule = NULL;
  fc_status status = fc_schedule_parse(&schedule, "linear", NULL);
  if (!fc_have_arb()) {
    printf("\nThe validated integrator needs FLINT/Arb\n");
    fc_schedule_free(schedule);
    return EXIT_SUCCESS;
  }
  printf("\nValidated integrator: processor time, radii of X and dX\n");
  if (!status)
    status = line(schedule);
  if (!status)
    status = space(schedule);
  fc_schedule_free(schedule);
  if (status)
    fprintf(stderr, "%s\n", fc_status_text(status));
  return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
