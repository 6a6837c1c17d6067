/* The vectorised flow against flows in MPFR, exact on the line and by the field
 * as it is written in the plane, within the error that kernel.h states. */
#include <math.h>

#include "flow/flow.h"
#include "kernel/kernel_impl.h"
#include "targets.h"

enum { POINTS = 13, D = FC_KERNEL_MAX_DIMENSION, LAWS = 6 };

static fc_target *law(int i) {
  switch (i) {
  case 0:
    return isotropic(1, NULL, "-3/2 3/2", "1/2 1/2");
  case 1:
    return isotropic(1, "1/10 1/2 2/5", "-1 1/3 2", "1/5 1/5 1/5");
  case 2: /* modes 0.03 wide, 12 apart */
    return isotropic(1, NULL, "-6 6", "3/100 3/100");
  case 3: /* atoms */
    return isotropic(1, "1/4 3/4", "-1 1", "0 0");
  case 4:
    return isotropic(2, "1/2 1/3 1/6", "1 2 0 -1 1/2 0", "1/3 1/3 1/3");
  default:
    return isotropic(3, NULL, "1 2 3 -1 1/2 0", "2 2");
  }
}

/* One law under one schedule from s to t. */
typedef struct passage {
  fc_target *target;
  fc_schedule *schedule;
  fc_kernel *kernel;
  fc_ctx plain, fine;
  fc_time s, t;
  fc_flow *flow;
  size_t d;
  double from, to; /* sqrt(V) */
} passage;

static double noise(const passage *p, const fc_time *time) {
  fc_schedule_value at;
  fc_schedule_value_init(&at, &p->plain);
  CHECKED(fc_schedule_eval(&at, p->schedule, time, false, &p->plain));
  double a = fc_get_d(at.a, &p->plain), b = fc_get_d(at.b, &p->plain);
  fc_schedule_value_clear(&at, &p->plain);
  fc_num sigma;
  fc_init(sigma, &p->plain);
  fc_target_constant(sigma, NULL, NULL, p->target, FC_SIGMA, &p->plain);
  return hypot(a, b * fc_get_d(sigma, &p->plain));
}

static void passage_init(passage *p, int number, const char *schedule, double s,
                         double t) {
  fc_time fine;
  p->target = law(number);
  p->d = fc_target_dimension(p->target);
  fc_ctx_init_double(&p->plain);
  fc_ctx_init_mpfr(&p->fine, 120);
  CHECKED(fc_schedule_parse(&p->schedule, schedule, &error_));
  CHECKED(fc_kernel_new(&p->kernel, p->target, &error_));
  CHECKED(fc_flow_new(&p->flow, p->target, p->schedule,
                      p->d == 1 ? FC_FLOW_TAYLOR : FC_FLOW_AUTO, &p->fine,
                      &error_));
  fc_time_init(&p->s, &p->plain);
  fc_time_init(&p->t, &p->plain);
  fc_time_set_d(&p->s, s, false, &p->plain);
  fc_time_set_d(&p->t, t, false, &p->plain);
  fc_time_init(&fine, &p->fine);
  fc_time end;
  fc_time_init(&end, &p->fine);
  fc_time_set_d(&fine, s, false, &p->fine);
  fc_time_set_d(&end, t, false, &p->fine);
  CHECKED(fc_flow_set_times(p->flow, &fine, &end, &error_));
  fc_time_clear(&fine, &p->fine);
  fc_time_clear(&end, &p->fine);
  p->from = noise(p, &p->s);
  p->to = noise(p, &p->t);
}

static void passage_clear(passage *p) {
  fc_time_clear(&p->s, &p->plain);
  fc_time_clear(&p->t, &p->plain);
  fc_flow_free(p->flow);
  fc_kernel_free(p->kernel);
  fc_schedule_free(p->schedule);
  fc_target_free(p->target);
}

static double gap(double got, fc_srcptr wanted, const fc_ctx *ctx) {
  mpfr_t z;
  mpfr_init2(z, 200);
  fc_get_mid(z, wanted, ctx);
  mpfr_sub_d(z, z, got, MPFR_RNDA);
  double size = fabs(mpfr_get_d(z, MPFR_RNDA));
  mpfr_clear(z);
  return size;
}

static void compare(passage *p, const double *x, const double *to,
                    const double *jacobian, size_t i) {
  const fc_ctx *ctx = &p->fine;
  size_t d = p->d;
  double size = 0, growth = 0, image = 0;
  fc_ptr point = fc_vec_new(d, ctx);
  for (size_t k = 0; k < d; k++) {
    fc_set_d(point + k, x[k * POINTS + i], ctx);
    size = fmax(size, fabs(x[k * POINTS + i]));
    image = fmax(image, fabs(to[k * POINTS + i]));
  }
  CHECKED(fc_flow_eval(p->flow, point, FC_FLOW_POSITION | FC_FLOW_JACOBIAN,
                       &error_));
  const fc_flow_value *v = fc_flow_values(p->flow);
  for (size_t k = 0; k < d * d; k++)
    growth = fmax(growth, fabs(fc_get_d(v->jacobian + k, ctx)));
  double allowed = 0x1p-46 * ((size + p->from) * growth + image + p->to);
  for (size_t k = 0; k < d; k++)
    if (!(gap(to[k * POINTS + i], v->x + k, ctx) <= allowed))
      ck_abort_msg("X(%.17g)[%zu] = %.17g is %g off, allowed %g",
                   x[k * POINTS + i], k, to[k * POINTS + i],
                   gap(to[k * POINTS + i], v->x + k, ctx), allowed);
  /* The derivative feels the error of X through its own slope: a few orders
   * are granted where it is steep. */
  for (size_t k = 0; k < d * d; k++)
    ck_assert_double_le(gap(jacobian[k * POINTS + i], v->jacobian + k, ctx),
                        0x1p-36 * (growth + growth * growth) + 0x1p-1000);
  fc_vec_free(point, d, ctx);
}

static void check_passage(int number, const char *schedule, double s, double t,
                          generator *g) {
  passage p;
  double x[D * POINTS], to[D * POINTS], jacobian[D * D * POINTS];
  passage_init(&p, number, schedule, s, t);
  for (size_t i = 0; i < p.d * POINTS; i++)
    x[i] = ldexp((double)next_long(g, -3000, 3000), -10);
  x[0] = 9; /* a tail */
  ck_assert_int_eq(fc_kernel_flow_batch(to, jacobian, p.kernel, p.schedule,
                                        &p.s, &p.t, x, POINTS),
                   FC_OK);
  for (size_t i = 0; i < POINTS; i++)
    compare(&p, x, to, jacobian, i);
  passage_clear(&p);
}

START_TEST(agrees_with_mpfr) {
  static const char *const schedules[] = {"linear", "ve",
                                          "shifted-linear:zeta=1/10"};
  generator g = {91 + (uint64_t)_i};
  const char *schedule = schedules[_i % 3];
  check_passage(_i, schedule, 0, 0.9375, &g);
  check_passage(_i, schedule, 0.75, 0.125, &g);
  if (_i != 3) {
    check_passage(_i, "linear", 0, 1, &g);
    check_passage(_i, schedule, 1, 0, &g);
  }
}
END_TEST

/* Each point as if it were alone, in the widest loops and in the narrowest. */
START_TEST(lanes_do_not_matter) {
  passage p;
  double x[2 * POINTS], to[2 * POINTS], jacobian[4 * POINTS];
  passage_init(&p, 4, "linear", 0, 1);
  for (size_t i = 0; i < 2 * POINTS; i++)
    x[i] = (double)i / 7 - 2;
  CHECKED(fc_kernel_flow_batch(to, jacobian, p.kernel, p.schedule, &p.s, &p.t,
                               x, POINTS));
  for (size_t i = 0; i < POINTS; i++) {
    double one[2] = {x[i], x[POINTS + i]}, z[3] = {0, 0, 7}, tangent[4];
    CHECKED(fc_kernel_flow_batch(z, tangent, p.kernel, p.schedule, &p.s, &p.t,
                                 one, 1));
    ck_assert_double_eq(z[0], to[i]);
    ck_assert_double_eq(z[1], to[POINTS + i]);
    ck_assert_double_eq(z[2], 7);
    ck_assert_double_eq(tangent[2], jacobian[2 * POINTS + i]);
  }
  passage_clear(&p);
  double y[2][4], v[2][4];
  const double at[4] = {0.25, -1, 3, 0};
  fc_kernel_flow flow = {.start = 0, .end = 2, .from = 1, .to = 0.5};
  passage_init(&p, 0, "linear", 0, 1);
  ck_assert(fc_kernel_lanes_2.flow(y[0], v[0], p.kernel, &flow, at, 4));
  ck_assert(fc_kernel_choose()->flow(y[1], v[1], p.kernel, &flow, at, 4));
  ck_assert_mem_eq(y[0], y[1], sizeof y[0]);
  ck_assert_mem_eq(v[0], v[1], sizeof v[0]);
  passage_clear(&p);
}
END_TEST

START_TEST(not_a_number) {
  passage p;
  const double x[4] = {NAN, 0.25, INFINITY, -INFINITY};
  double to[4], jacobian[4];
  passage_init(&p, 0, "follmer", 0, 0.5);
  CHECKED(fc_kernel_flow_batch(to, jacobian, p.kernel, p.schedule, &p.s, &p.t,
                               x, 4));
  for (int i = 0; i < 4; i++)
    ck_assert_int_eq(isfinite(to[i]) != 0, i == 1);
  passage_clear(&p);
}
END_TEST

START_TEST(atoms_end_before_one) {
  fc_target *target = law(3);
  fc_schedule *schedule = NULL;
  fc_kernel *kernel = NULL;
  fc_ctx ctx;
  fc_time s, t;
  double x = 0, to;
  fc_ctx_init_double(&ctx);
  fc_time_init(&s, &ctx);
  fc_time_init(&t, &ctx);
  fc_time_set_d(&s, 0, false, &ctx);
  fc_time_set_d(&t, 0, true, &ctx);
  CHECKED(fc_schedule_parse(&schedule, "linear", &error_));
  CHECKED(fc_kernel_new(&kernel, target, &error_));
  ck_assert_int_eq(
      fc_kernel_flow_batch(&to, NULL, kernel, schedule, &s, &t, &x, 1),
      FC_DOMAIN);
  fc_kernel_free(kernel);
  fc_schedule_free(schedule);
  fc_target_free(target);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("kernel-flow");
  TCase *tests = tcase_create("batches");
  tcase_set_timeout(tests, 120);
  tcase_add_loop_test(tests, agrees_with_mpfr, 0, LAWS);
  tcase_add_test(tests, lanes_do_not_matter);
  tcase_add_test(tests, not_a_number);
  tcase_add_test(tests, atoms_end_before_one);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
