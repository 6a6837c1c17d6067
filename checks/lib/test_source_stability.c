/* Both sides of Proposition 6.1: what gif.source-stability measures with.
 *
 * Judges: for 1/3 N(-3/2, 1/4) + 2/3 N(3/2, 1/4) SciPy's quadrature and root
 * finding on distribution functions; the same law written in two ways.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gif/source_sample.h"
#include "gif/source_sides.h"
#include "instance/instance.h"
#include "instances.h"

#define LINE                                                                   \
  "family: gaussian-mixture, weights: [1/3, 2/3], means: [[-3/2], [3/2]], "    \
  "stddev: 1/2"
#define PLANE                                                                  \
  "family: gaussian-mixture, weights: [1/3, 2/3], means: [[-3/2, 2], [3/2, "   \
  "2]], stddev: 1/2"
#define PRODUCT                                                                \
  "family: product, factors: [{" LINE                                          \
  "}, {family: gaussian, mean: 2, stddev: 1/2}]"

static const fc_check source = {.id = "gif.source-stability"};

static const struct {
  const char *schedule;
  double end, start, slope; /* W_2 at both ends, C_1 */
  double cost;              /* E|X_1(a_0 Z + b_0 X_1) - X_1(a_0 Z)|^2 */
} cases[] = {
    {"{name: shifted-linear, zeta: 1/2}", 0.3951420110, 0.2373814050,
     49.48864292, 1.3778813243},
    {"{name: ve, a0: 1}", 0.6015660027, 0.9640543148, 16.25046113,
     2.2677815954},
};

/* end, start, second, slope */
static void measure(double values[4], const char *target, const char *schedule,
                    const fc_ctx *ctx) {
  fc_source_sides s[1];
  fc_instance *x = instance_of(target, schedule);
  const fc_job job = {.check = &source,
                      .instance = x,
                      .schedule = x->schedules[0],
                      .precision = 128,
                      .seed = 1};
  fc_source_sides_init(s, ctx);
  ck_assert_int_eq(fc_source_measure(s, &job, NULL), FC_OK);
  values[0] = fc_get_d(s->end, ctx);
  values[1] = fc_get_d(s->start, ctx);
  values[2] = fc_get_d(s->second, ctx);
  values[3] = fc_get_d(s->slope, ctx);
  fc_source_sides_clear(s);
  fc_instance_free(x);
}

START_TEST(on_the_line) {
  double v[4];
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, 160);
  measure(v, LINE, cases[_i].schedule, ctx);
  ck_assert_double_eq_tol(v[0], cases[_i].end, 1e-6);
  ck_assert_double_eq_tol(v[1], cases[_i].start, 1e-6);
  ck_assert_double_eq_tol(v[2], 2.5, 1e-12);
  ck_assert_double_le(v[3], cases[_i].slope);
  ck_assert_double_ge(v[3], 0.9 * cases[_i].slope);
}
END_TEST

/* Means on a line across which the mean is not 0: the product with a normal
 * law. */
START_TEST(collinear_means_are_a_product) {
  double plane[4], product[4], line[4];
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, 160);
  measure(plane, PLANE, cases[_i].schedule, ctx);
  measure(product, PRODUCT, cases[_i].schedule, ctx);
  measure(line, LINE, cases[_i].schedule, ctx);
  for (int k = 0; k < 3; k++)
    ck_assert_double_eq_tol(plane[k], product[k], 1e-7);
  ck_assert_double_eq_tol(plane[2], line[2] + 4.25, 1e-12);
  ck_assert_double_ge(plane[0], line[0]);
}
END_TEST

/* |b_0 s m/v|^2 + s^2 (1 - a_0/v)^2 of N(2, 1/4), v^2 = a_0^2 + s^2 b_0^2. */
static double across(double a0, double b0) {
  double v = sqrt(a0 * a0 + b0 * b0 / 4);
  return pow(b0 / v, 2) + pow(0.5 * (1 - a0 / v), 2);
}

/* The cost of the coupling itself, which is above W_2. */
START_TEST(samples_cost_what_they_cost) {
  fc_source_sample sample;
  fc_error error;
  fc_instance *x = instance_of(PLANE, cases[_i].schedule);
  const fc_job job = {.check = &source,
                      .instance = x,
                      .schedule = x->schedules[0],
                      .precision = 128,
                      .seed = 1};
  fc_schedule_rough at = fc_schedule_rough_at(job.schedule, 0, false);
  double cost = sqrt(cases[_i].cost + across(at.a, at.b));
  ck_assert_int_eq(fc_source_sample_draw(&sample, &job, &error), FC_OK);
  ck_assert_double_eq_tol(sample.distance.value, cost, 0.03 * cost);
  ck_assert_double_ge(sample.distance.high, cost);
  ck_assert_double_le(sample.distance.high, 1.3 * cost);
  ck_assert_double_le(sample.slope, cases[_i].slope);
  ck_assert_double_ge(sample.slope, 0.9 * cases[_i].slope);
  fc_instance_free(x);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("source_stability");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 60);
  tcase_add_loop_test(all, on_the_line, 0, 2);
  tcase_add_loop_test(all, collinear_means_are_a_product, 0, 2);
  tcase_add_loop_test(all, samples_cost_what_they_cost, 0, 2);
  suite_add_tcase(suite, all);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
