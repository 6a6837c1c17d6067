/* Perturbed fields, their trajectories and expectations, against closed forms
 * for Gaussians, differences, and GSL's integrator. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>

#include "matrix/matrix.h"
#include "perturbed/bounds.h"
#include "perturbed/deviation.h"
#include "perturbed/ode.h"
#include "targets.h"

static fc_schedule *schedule_of(const char *text) {
  fc_schedule *schedule = NULL;
  CHECKED(fc_schedule_parse(&schedule, text, &error_));
  return schedule;
}

static void expect_near(double x, double y, double tolerance,
                        const char *what) {
  ck_assert_msg(fabs(x - y) <= tolerance * (1 + fabs(y)),
                "%s: %.17g, expected %.17g", what, x, y);
}

/* a, b of a schedule in binary64. */
static void rough(double *a, double *b, const fc_schedule *s, double t) {
  fc_schedule_rough at = fc_schedule_rough_at(s, t, false);
  *a = at.a;
  *b = at.b;
}

/* --- the integrator ------------------------------------------------------- */

/* y0' = -y0, y1' = cos(tau) */
static fc_status decay(fc_ptr dy, fc_srcptr tau, fc_srcptr y, void *data) {
  const fc_ctx *ctx = data;
  fc_neg(dy, y, ctx);
  fc_cos(dy + 1, tau, ctx);
  return FC_OK;
}

static fc_status nothing(fc_ptr dy, fc_srcptr tau, fc_srcptr y, void *data) {
  (void)tau;
  (void)y;
  fc_set_d(dy, NAN, data);
  return FC_OK;
}

START_TEST(integrates) {
  static const long bits[] = {20, 40, 60, 120, 200};
  for (int i = 0; i < 5; i++) {
    fc_ctx ctx[1];
    fc_num from, to, exact;
    fc_ctx_init_mpfr(ctx, bits[i] + 60);
    fc_ptr y = fc_vec_new(2, ctx);
    fc_init(from, ctx);
    fc_init(to, ctx);
    fc_init(exact, ctx);
    fc_set_si(y, 1, ctx);
    fc_set_si(to, 3, ctx);
    ck_assert_int_eq(fc_ode_integrate(y, 2, from, to, decay, (void *)ctx,
                                      bits[i], 1000, ctx),
                     FC_OK);
    for (int k = 0; k < 2; k++) {
      fc_neg(exact, to, ctx);
      if (k == 0)
        fc_exp(exact, exact, ctx);
      else
        fc_sin(exact, to, ctx);
      fc_sub(exact, exact, y + k, ctx);
      double off = log2(fabs(fc_get_d(exact, ctx)));
      ck_assert_msg(off < 6 - (double)bits[i], "%ld bits: off by 2^%g", bits[i],
                    off);
    }
    fc_clear(from, ctx);
    fc_clear(to, ctx);
    fc_clear(exact, ctx);
    fc_vec_free(y, 2, ctx);
  }
}
END_TEST

START_TEST(gives_up) {
  fc_ctx ctx[1];
  fc_num from, to;
  fc_ctx_init_double(ctx);
  fc_set_d(from, 0, ctx);
  fc_set_d(to, 100, ctx);
  fc_ptr state = fc_vec_new(2, ctx);
  ck_assert_int_eq(fc_ode_integrate(state, 2, from, to, decay, ctx, 40, 2, ctx),
                   FC_BUDGET);
  ck_assert_int_eq(
      fc_ode_integrate(state, 1, from, to, nothing, ctx, 40, 1000, ctx),
      FC_DOMAIN);
  fc_vec_free(state, 2, ctx);
}
END_TEST

/* --- trajectories of Gaussians -------------------------------------------- */

/* X_1 and Y_1 from x, and along Y, for a target on the line (consumed). */
typedef struct ends {
  double x, y, along_x, along_y;
} ends;

static ends follow(fc_target *target, const char *schedule,
                   const fc_perturbation *how, double start, long bits) {
  fc_ctx ctx[1];
  fc_trajectory *trajectory = NULL;
  fc_schedule *s = schedule_of(schedule);
  fc_num x;
  fc_ctx_init_mpfr(ctx, bits + 60);
  fc_init(x, ctx);
  fc_set_d(x, start, ctx);
  CHECKED(fc_trajectory_new(&trajectory, target, s, how, ctx, &error_));
  ck_assert_int_eq(fc_trajectory_run(trajectory, x, bits), FC_OK);
  const fc_trajectory_value *v = fc_trajectory_values(trajectory);
  ends e = {fc_get_d(v->x, ctx), fc_get_d(v->y, ctx), fc_get_d(v->along_x, ctx),
            fc_get_d(v->along_y, ctx)};
  fc_clear(x, ctx);
  fc_trajectory_free(trajectory);
  fc_schedule_free(s);
  fc_target_free(target);
  return e;
}

static const char *const schedules[] = {
    "linear", "follmer", "trigonometric",           "ve",
    "vp",     "vp-sde",  "shifted-linear:zeta=1/10"};
enum { SCHEDULES = sizeof schedules / sizeof *schedules };

/* N(1, 1/4): Y_1 - X_1 = c int sigma/sqrt(V) for a constant c; linear: the
 * integral is (asinh sigma + asinh(1/sigma)) sigma/sqrt(1 + sigma^2). */
START_TEST(constant_additive) {
  const fc_perturbation how = {.kind = FC_PERTURB_ADDITIVE, .delta = "1/3"};
  ends e = follow(isotropic(1, NULL, "1", "1/2"), "linear", &how, 0.3, 60);
  double exact = (asinh(0.5) + asinh(2)) * 0.5 / sqrt(1.25) / 3;
  expect_near(e.y - e.x, exact, 1e-15, "shift");
  expect_near(e.along_x, 1.0 / 9, 1e-15, "along X");
  expect_near(e.along_y, 1.0 / 9, 1e-15, "along Y");
}
END_TEST

/* N(0, sigma^2): Y_1 = x (V_1/V_0)^((1 + eps)/2). */
START_TEST(multiplicative_power) {
  const fc_perturbation how = {.kind = FC_PERTURB_MULTIPLICATIVE,
                               .size = "1/5"};
  double a, b;
  fc_schedule *s = schedule_of(schedules[_i]);
  rough(&a, &b, s, 0);
  ends e = follow(isotropic(1, NULL, "0", "2/3"), schedules[_i], &how, 0.7, 50);
  double V0 = a * a + 4.0 / 9 * b * b;
  expect_near(e.x, 0.7 * sqrt(4.0 / 9 / V0), 1e-14, schedules[_i]);
  expect_near(e.y, 0.7 * pow(4.0 / 9 / V0, 0.6), 1e-14, schedules[_i]);
  fc_schedule_free(s);
}
END_TEST

/* N(m, sigma^2): Y_1 = m + sigma (k^2 a_0^2 + sigma^2 b_0^2)^(-1/2)(x - b_0 m).
 */
START_TEST(other_noise_level) {
  static const char *const sizes[] = {"1/4", "-1/3"};
  for (int i = 0; i < 2; i++) {
    const fc_perturbation how = {.kind = FC_PERTURB_NOISE, .size = sizes[i]};
    double a, b, k = i ? 2.0 / 3 : 1.25, sigma = 0.75, m = -2;
    fc_schedule *s = schedule_of(schedules[_i]);
    rough(&a, &b, s, 0);
    ends e =
        follow(isotropic(1, NULL, "-2", "3/4"), schedules[_i], &how, 0.7, 50);
    double V = k * k * a * a + sigma * sigma * b * b;
    expect_near(e.y, m + sigma / sqrt(V) * (0.7 - b * m), 1e-13, schedules[_i]);
    fc_schedule_free(s);
  }
}
END_TEST

/* linear: exp(int a omega/4) = exp(1/8). */
START_TEST(denoiser_growth) {
  const fc_perturbation how = {.kind = FC_PERTURB_DENOISER, .delta = "x/4"};
  ends e = follow(isotropic(1, NULL, "0", "2"), "linear", &how, 0.7, 60);
  expect_near(e.y, 1.4 * exp(0.125), 1e-15, "denoiser");
}
END_TEST

/* The product of 1 + h V'/(2V), and first order in h. */
START_TEST(euler_composes) {
  double last = 0;
  for (unsigned long n = 16; n <= 64; n *= 2) {
    const fc_perturbation how = {.kind = FC_PERTURB_EULER, .steps = n};
    ends e = follow(isotropic(1, NULL, "0", "1/2"), "linear", &how, 1, 40);
    double y = 1;
    for (unsigned long k = 0; k < n; k++) {
      double t = (double)k / (double)n, V = (1 - t) * (1 - t) + t * t / 4;
      y *= 1 + (t - 1 + t / 4) / V / (double)n;
    }
    expect_near(e.y, y, 1e-12, "polygon");
    double off = e.y - e.x;
    if (n > 16)
      ck_assert_msg(fabs(last / off - 2) < 0.1, "%lu steps: %g after %g", n,
                    off, last);
    last = off;
    ck_assert(e.along_x > 0 && e.along_y > 0);
  }
}
END_TEST

/* Euler's field on N(0, 1/4), linear, on step k of n: lambda_k/(1 + tau
 * lambda_k) y, lambda = V'/(2V). */
static double rate_at(double t) {
  double V = (1 - t) * (1 - t) + t * t / 4;
  return (t - 1 + t / 4) / V;
}

enum { EULER_STEPS = 5, PANELS = 400 };

/* Sum over the steps of Simpson's rule for f(k, tau). */
static double over_steps(double (*f)(int k, double tau)) {
  double sum = 0, h = 1.0 / EULER_STEPS, panel = h / PANELS;
  for (int k = 0; k < EULER_STEPS; k++)
    for (int i = 0; i < PANELS; i++) {
      double tau = i * panel;
      sum += panel / 6 *
             (f(k, tau) + 4 * f(k, tau + panel / 2) + f(k, tau + panel));
    }
  return sum;
}

static double frozen_rate(int k, double tau) {
  double rate = rate_at((double)k / EULER_STEPS);
  return rate / (1 + tau * rate);
}

/* |v - w|^2 at X_t = sqrt(V_t) 3/2 */
static double euler_gap(int k, double tau) {
  double t = (double)k / EULER_STEPS + tau,
         gap = rate_at(t) - frozen_rate(k, tau);
  return gap * gap * ((1 - t) * (1 - t) + t * t / 4) * 2.25;
}

/* exp(2 int_s^1 theta~) by the midpoint rule for the exponent. */
static double euler_growth(int k, double tau) {
  double h = 1.0 / EULER_STEPS, sum = 0;
  enum { PARTS = 200 };
  for (int j = k; j < EULER_STEPS; j++) {
    double from = j == k ? tau : 0, part = (h - from) / PARTS;
    for (int i = 0; i < PARTS; i++)
      sum += part * frozen_rate(j, from + (i + 0.5) * part);
  }
  return exp(2 * sum);
}

START_TEST(euler_along_x) {
  const fc_perturbation how = {.kind = FC_PERTURB_EULER, .steps = EULER_STEPS};
  ends e = follow(isotropic(1, NULL, "0", "1/2"), "linear", &how, 1.5, 40);
  double exact = over_steps(euler_gap);
  ck_assert_msg(fabs(e.along_x - exact) < 1e-9 * exact, "%.15g, not %.15g",
                e.along_x, exact);
}
END_TEST

START_TEST(euler_factor) {
  const fc_perturbation how = {.kind = FC_PERTURB_EULER, .steps = EULER_STEPS};
  fc_ctx ctx[1];
  fc_num factor, sup;
  bool proved = true;
  fc_ctx_init_double(ctx);
  fc_init(factor, ctx);
  fc_init(sup, ctx);
  fc_target *target = isotropic(1, NULL, "0", "1/2");
  fc_schedule *s = schedule_of("linear");
  fc_gradient_bounds *bounds = NULL;
  CHECKED(fc_gradient_bounds_new(&bounds, target, s, &how, ctx, &error_));
  ck_assert_int_eq(fc_gradient_bounds_polygon(factor, bounds), FC_OK);
  CHECKED(fc_gradient_bounds_sup(sup, &proved, bounds, &error_));
  double exact = over_steps(euler_growth), most = 0;
  for (int k = 0; k < EULER_STEPS; k++)
    for (int i = 0; i <= PANELS; i++)
      most = fmax(most, fabs(frozen_rate(k, (double)i / PANELS / EULER_STEPS)));
  ck_assert_msg(fabs(fc_get_d(factor, ctx) - exact) < 1e-6 * exact,
                "%.15g, not %.15g", fc_get_d(factor, ctx), exact);
  expect_near(fc_get_d(sup, ctx), most, 1e-14, "C3");
  fc_gradient_bounds_free(bounds);
  fc_target_free(target);
  fc_schedule_free(s);
}
END_TEST

/* One step from lambda = -1 ends where 1 + tau lambda = 0. */
START_TEST(euler_without_inverse) {
  const fc_perturbation how = {.kind = FC_PERTURB_EULER, .steps = 1};
  ends e = follow(isotropic(1, NULL, "0", "1/2"), "linear", &how, 1.5, 20);
  ck_assert(isnan(e.along_x) && e.along_y > 0);
}
END_TEST

/* --- an unrelated integrator ---------------------------------------------- */

typedef struct judge {
  fc_perturbed *field;
} judge;

static int gsl_side(double t, const double y[], double dy[], void *data) {
  judge *j = data;
  fc_ctx ctx[1];
  fc_time time[1];
  fc_num x;
  fc_ctx_init_double(ctx);
  fc_time_init(time, ctx);
  fc_time_set_d(time, t, false, ctx);
  fc_set_d(x, y[0], ctx);
  if (fc_perturbed_set_time(j->field, time) ||
      fc_perturbed_eval(j->field, x, false))
    return GSL_EBADFUNC;
  const fc_perturbed_value *v = fc_perturbed_values(j->field);
  double difference = fc_get_d(v->difference, ctx);
  dy[0] = fc_get_d(v->velocity, ctx);
  dy[1] = difference * difference;
  fc_time_clear(time, ctx);
  return GSL_SUCCESS;
}

START_TEST(gsl_agrees) {
  static const fc_perturbation all[] = {
      {.kind = FC_PERTURB_ADDITIVE, .delta = "sin(x + t)/4"},
      {.kind = FC_PERTURB_MULTIPLICATIVE, .size = "1/10"},
      {.kind = FC_PERTURB_DENOISER, .delta = "cos(x)*b"},
      {.kind = FC_PERTURB_NOISE, .size = "-1/8"}};
  for (int i = 0; i < 4; i++) {
    fc_ctx ctx[1];
    judge j;
    fc_target *target = isotropic(1, "1/3 2/3", "-3/2 3/2", "1/2 1/2");
    fc_schedule *s = schedule_of("linear");
    fc_ctx_init_double(ctx);
    CHECKED(fc_perturbed_new(&j.field, target, s, &all[i], ctx, &error_));
    gsl_odeiv2_system system = {gsl_side, NULL, 2, &j};
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(
        &system, gsl_odeiv2_step_rk8pd, 1e-3, 1e-13, 1e-13);
    double t = 0, y[2] = {0.4, 0};
    ck_assert_int_eq(gsl_odeiv2_driver_apply(driver, &t, 1, y), GSL_SUCCESS);
    ends e = follow(isotropic(1, "1/3 2/3", "-3/2 3/2", "1/2 1/2"), "linear",
                    &all[i], 0.4, 50);
    expect_near(e.y, y[0], 1e-10, "Y");
    expect_near(e.along_y, y[1], 1e-10, "along Y");
    gsl_odeiv2_driver_free(driver);
    fc_perturbed_free(j.field);
    fc_schedule_free(s);
    fc_target_free(target);
  }
}
END_TEST

/* --- fields at points ------------------------------------------------------
 */

typedef struct sight {
  fc_ctx ctx[1];
  fc_target *target;
  fc_schedule *schedule;
  fc_perturbed *field;
  const fc_perturbed_value *value;
  fc_ptr x;
  size_t d;
} sight;

static void sight_init(sight *p, fc_target *target, const char *schedule,
                       const fc_perturbation *how, double t, long bits) {
  fc_time time[1];
  fc_ctx_init_mpfr(p->ctx, bits);
  p->target = target;
  p->schedule = schedule_of(schedule);
  p->d = fc_target_dimension(target);
  p->x = fc_vec_new(p->d, p->ctx);
  CHECKED(
      fc_perturbed_new(&p->field, target, p->schedule, how, p->ctx, &error_));
  fc_time_init(time, p->ctx);
  fc_time_set_d(time, t, false, p->ctx);
  ck_assert_int_eq(fc_perturbed_set_time(p->field, time), FC_OK);
  fc_time_clear(time, p->ctx);
  p->value = fc_perturbed_values(p->field);
}

static void sight_clear(sight *p) {
  fc_perturbed_free(p->field);
  fc_vec_free(p->x, p->d, p->ctx);
  fc_schedule_free(p->schedule);
  fc_target_free(p->target);
}

static void look(sight *p, double x0, double x1, bool jacobian) {
  fc_set_d(p->x, x0, p->ctx);
  if (p->d > 1)
    fc_set_d(p->x + 1, x1, p->ctx);
  ck_assert_int_eq(fc_perturbed_eval(p->field, p->x, jacobian), FC_OK);
}

static const fc_perturbation fields[] = {
    {.kind = FC_PERTURB_ADDITIVE, .delta = "exp(-x^2)*t"},
    {.kind = FC_PERTURB_MULTIPLICATIVE, .size = "-1/4"},
    {.kind = FC_PERTURB_DENOISER, .delta = "sin(2*x) + r"},
    {.kind = FC_PERTURB_NOISE, .size = "1/2"},
    {.kind = FC_PERTURB_EULER, .steps = 7}};

/* w at (x0 + h, ...) minus w at (x0 - h, ...) over 2 h along one axis. */
static void slope_along(double slope[2], sight *p, int axis, double h) {
  fc_ptr ahead = fc_vec_new(2, p->ctx);
  look(p, 0.3 + (axis == 0) * h, -0.4 + (axis == 1) * h, false);
  fc_vec_set(ahead, p->value->velocity, 2, p->ctx);
  look(p, 0.3 - (axis == 0) * h, -0.4 - (axis == 1) * h, false);
  for (int i = 0; i < 2; i++) {
    fc_sub(ahead + i, ahead + i, p->value->velocity + i, p->ctx);
    slope[i] = fc_get_d(ahead + i, p->ctx) / (2 * h);
  }
  fc_vec_free(ahead, 2, p->ctx);
}

/* grad w by central differences, before and after u = 1. */
START_TEST(jacobians) {
  for (int late = 0; late < 2; late++) {
    sight p[1];
    double columns[2][2];
    sight_init(p,
               mixture(2, "1/3 2/3", "-1 0 1/2 1", "1 1/2 1/2 2 1/3 0 0 1/5"),
               "linear", &fields[_i], late ? 0.8 : 0.3, 200);
    slope_along(columns[0], p, 0, 0x1p-26);
    slope_along(columns[1], p, 1, 0x1p-26);
    look(p, 0.3, -0.4, true);
    for (int i = 0; i < 2; i++)
      for (int j = 0; j < 2; j++)
        expect_near(fc_get_d(p->value->jacobian + 2 * i + j, p->ctx),
                    columns[j][i], 1e-13, "Jacobian");
    sight_clear(p);
  }
}
END_TEST

/* w - v is what it says. */
START_TEST(differences) {
  sight p[1];
  sight_init(p, isotropic(1, "1/3 2/3", "-1 1", "1/2 1/2"), "follmer",
             &fields[_i], 0.6, 150);
  look(p, 0.3, 0, false);
  double gap =
      fc_get_d(p->value->velocity, p->ctx) - fc_get_d(p->value->exact, p->ctx);
  expect_near(fc_get_d(p->value->difference, p->ctx), gap, 1e-15, "w - v");
  sight_clear(p);
}
END_TEST

/* Euler's field on the line: v(t_k, x) at x + tau v(t_k, x). */
START_TEST(euler_field) {
  const fc_perturbation how = {.kind = FC_PERTURB_EULER, .steps = 4};
  fc_ctx ctx[1];
  sight p[1], q[1];
  fc_num y;
  sight_init(p, isotropic(1, NULL, "-1 1", "1/2 1/2"), "linear", &how, 0.625,
             200);
  sight_init(q, isotropic(1, NULL, "-1 1", "1/2 1/2"), "linear", &fields[1],
             0.5, 200);
  *ctx = *p->ctx;
  fc_init(y, ctx);
  look(q, 0.7, 0, false);
  fc_mul_2exp_si(y, q->value->exact, -3, ctx);
  fc_add(y, y, q->x, ctx);
  ck_assert_int_eq(fc_perturbed_eval(p->field, y, false), FC_OK);
  expect_near(fc_get_d(p->value->velocity, ctx), fc_get_d(q->value->exact, ctx),
              1e-15, "Euler's field");
  fc_clear(y, ctx);
  sight_clear(p);
  sight_clear(q);
}
END_TEST

START_TEST(rounded) {
  const fc_perturbation how = {.kind = FC_PERTURB_ROUNDED, .bits = 8};
  sight p[1];
  fc_trajectory *trajectory = NULL;
  sight_init(p, isotropic(1, NULL, "-1 1", "1/2 1/2"), "linear", &how, 0.3,
             100);
  for (int i = -20; i <= 20; i++) {
    look(p, i / 7.0, 0, false);
    double v = fc_get_d(p->value->exact, p->ctx);
    double off = fabs(fc_get_d(p->value->difference, p->ctx));
    ck_assert(off <= fabs(v) * 0x1p-8);
    double w = ldexp(fc_get_d(p->value->velocity, p->ctx), 60);
    ck_assert(w == 0 ||
              frexp(w, &(int){0}) * 256 == floor(frexp(w, &(int){0}) * 256));
  }
  ck_assert_int_eq(fc_perturbed_eval(p->field, p->x, true), FC_UNSUPPORTED);
  ck_assert_int_eq(fc_trajectory_new(&trajectory, p->target, p->schedule, &how,
                                     p->ctx, NULL),
                   FC_UNSUPPORTED);
  sight_clear(p);
}
END_TEST

/* --- bounds ----------------------------------------------------------------
 */

static const fc_perturbation bounded[] = {
    {.kind = FC_PERTURB_ADDITIVE,
     .delta = "sin(x + t)/4",
     .slope_low = "-1/4",
     .slope_high = "1/4"},
    {.kind = FC_PERTURB_MULTIPLICATIVE, .size = "-1/4"},
    {.kind = FC_PERTURB_DENOISER,
     .delta = "atan(x)",
     .slope_low = "0",
     .slope_high = "1"},
    {.kind = FC_PERTURB_NOISE, .size = "1/2"},
    {.kind = FC_PERTURB_EULER, .steps = 64}};
enum { BOUNDED = sizeof bounded / sizeof *bounded };

static fc_target *bounded_law(int i) {
  switch (i) {
  case 0:
    return isotropic(2, "1/3 2/3", "-1/2 0 1/2 1/3", "2/3 2/3");
  case 1:
    return mixture(2, NULL, "1 -2", "2 1 1 2");
  default:
    return isotropic(1, NULL, "-1 1", "1/2 1/2");
  }
}

/* The spectrum of grad w at points lies between the bounds, and within sup. */
START_TEST(bounds_hold) {
  static const double times[] = {0, 0.1, 0.35, 0.6, 0.9, 0.99};
  const fc_perturbation *how = &bounded[_i % BOUNDED];
  for (int t = 0; t < 6; t++) {
    sight p[1];
    fc_gradient_bounds *bounds = NULL;
    fc_num lower, upper, sup;
    fc_time time[1];
    bool proved;
    sight_init(p, bounded_law(_i / BOUNDED), t % 2 ? "linear" : "ve", how,
               times[t], 120);
    CHECKED(fc_gradient_bounds_new(&bounds, p->target, p->schedule, how, p->ctx,
                                   &error_));
    fc_init(lower, p->ctx);
    fc_init(upper, p->ctx);
    fc_init(sup, p->ctx);
    fc_time_init(time, p->ctx);
    fc_time_set_d(time, times[t], false, p->ctx);
    ck_assert_int_eq(fc_gradient_bounds_at(lower, upper, bounds, time), FC_OK);
    CHECKED(fc_gradient_bounds_sup(sup, &proved, bounds, &error_));
    ck_assert(proved == (fc_have_arb() && how->kind != FC_PERTURB_EULER));
    double low = fc_get_d(lower, p->ctx), high = fc_get_d(upper, p->ctx);
    fc_ptr values = fc_vec_new(2, p->ctx);
    for (int k = 0; k < 40; k++) {
      look(p, (k % 7 - 3) * 0.8, (k % 5 - 2) * 0.9, true);
      ck_assert_int_eq(
          fc_matrix_eigen(values, NULL, p->value->jacobian, p->d, p->ctx),
          FC_OK);
      double least = fc_get_d(values, p->ctx);
      double most = fc_get_d(values + p->d - 1, p->ctx);
      ck_assert_msg(low <= least + 1e-12 && most <= high + 1e-12,
                    "kind %d, t = %g: [%.17g, %.17g] not in [%.17g, %.17g]",
                    (int)how->kind, times[t], least, most, low, high);
      ck_assert(fmax(fabs(least), fabs(most)) <= fc_get_d(sup, p->ctx));
    }
    fc_vec_free(values, 2, p->ctx);
    fc_clear(lower, p->ctx);
    fc_clear(upper, p->ctx);
    fc_clear(sup, p->ctx);
    fc_time_clear(time, p->ctx);
    fc_gradient_bounds_free(bounds);
    sight_clear(p);
  }
}
END_TEST

/* Isotropic Gaussians: both bounds are grad w, and sup is what it is at t = 0
 * or 1. */
START_TEST(bounds_attained) {
  const fc_perturbation how = {.kind = FC_PERTURB_NOISE, .size = "1/8"};
  fc_target *target = isotropic(1, NULL, "1", "2");
  fc_schedule *s = schedule_of("linear");
  fc_ctx ctx[1];
  fc_gradient_bounds *bounds = NULL;
  fc_time time[1];
  fc_num lower, upper;
  bool proved;
  fc_ctx_init_double(ctx);
  fc_time_init(time, ctx);
  CHECKED(fc_gradient_bounds_new(&bounds, target, s, &how, ctx, &error_));
  for (int i = 0; i <= 8; i++) {
    double t = i / 8.0, k2 = 81.0 / 64, V = k2 * (1 - t) * (1 - t) + 4 * t * t;
    fc_time_set_d(time, t, false, ctx);
    ck_assert_int_eq(fc_gradient_bounds_at(lower, upper, bounds, time), FC_OK);
    expect_near(fc_get_d(lower, ctx), (k2 * (t - 1) + 4 * t) / V, 1e-14, "low");
    expect_near(fc_get_d(upper, ctx), (k2 * (t - 1) + 4 * t) / V, 1e-14, "up");
  }
  CHECKED(fc_gradient_bounds_sup(upper, &proved, bounds, &error_));
  double most = 0;
  for (int i = 0; i <= 100000; i++) {
    double t = i / 1e5, V = 81.0 / 64 * (1 - t) * (1 - t) + 4 * t * t;
    most = fmax(most, fabs((81.0 / 64 * (t - 1) + 4 * t) / V));
  }
  ck_assert(fc_get_d(upper, ctx) >= most);
  ck_assert(fc_get_d(upper, ctx) <= most * (1 + 1.01 / 64));
  fc_gradient_bounds_free(bounds);
  fc_schedule_free(s);
  fc_target_free(target);
}
END_TEST

START_TEST(bounds_refused) {
  static const fc_perturbation bad[] = {
      {.kind = FC_PERTURB_ROUNDED, .bits = 8},
      {.kind = FC_PERTURB_ADDITIVE, .delta = "sin(x)"},
      {.kind = FC_PERTURB_MULTIPLICATIVE}};
  fc_target *target = isotropic(1, NULL, "-1 1", "1 1");
  fc_target *widths = isotropic(1, NULL, "-3 3", "1 1/2");
  fc_schedule *s = schedule_of("linear");
  fc_ctx ctx[1];
  fc_gradient_bounds *bounds = NULL;
  fc_ctx_init_double(ctx);
  for (int i = 0; i < 3; i++)
    ck_assert_int_eq(
        fc_gradient_bounds_new(&bounds, target, s, &bad[i], ctx, NULL),
        FC_UNSUPPORTED);
  ck_assert_int_eq(
      fc_gradient_bounds_new(&bounds, widths, s, &bounded[1], ctx, NULL),
      FC_UNSUPPORTED);
  fc_schedule_free(s);
  fc_target_free(target);
  fc_target_free(widths);
}
END_TEST

/* --- expectations --------------------------------------------------------- */

static fc_status expect_of(double values[4], fc_target *target,
                           const char *schedule, const fc_perturbation *how,
                           bool affine, long bits) {
  fc_ctx ctx[1];
  fc_deviation m[1];
  fc_schedule *s = schedule_of(schedule);
  fc_ctx_init_double(ctx);
  fc_deviation_init(m, ctx);
  const fc_deviation_plan plan = {.target = target,
                                  .schedule = s,
                                  .perturbation = how,
                                  .affine = affine,
                                  .bits = bits};
  fc_status status = fc_deviation_compute(m, &plan, ctx, NULL);
  values[0] = fc_get_d(m->distance, ctx);
  values[1] = fc_get_d(m->along_y, ctx);
  values[2] = fc_get_d(m->along_x, ctx);
  values[3] = fc_get_d(m->distance_error, ctx);
  fc_deviation_clear(m, ctx);
  fc_schedule_free(s);
  fc_target_free(target);
  return status;
}

/* Sum lambda (sqrt(V_0/(k^2 a_0^2 + lambda b_0^2)) - 1)^2, S with eigenvalues
 * 1 and 3 in directions (1, -1) and (1, 1). */
START_TEST(noise_distance) {
  const fc_perturbation how = {.kind = FC_PERTURB_NOISE, .size = "1/8"};
  double a, b, values[4], exact = 0, k = 1.125;
  fc_schedule *s = schedule_of(schedules[_i]);
  rough(&a, &b, s, 0);
  for (int i = 0; i < 2; i++) {
    double lambda = i ? 3 : 1, V = a * a + lambda * b * b;
    exact += lambda * pow(sqrt(V / (k * k * a * a + lambda * b * b)) - 1, 2);
  }
  ck_assert_int_eq(expect_of(values, mixture(2, NULL, "1 -2", "2 1 1 2"),
                             schedules[_i], &how, true, 34),
                   FC_OK);
  expect_near(values[0], exact, 1e-9, schedules[_i]);
  fc_schedule_free(s);
}
END_TEST

/* Two points, or many: the same. */
START_TEST(rules_agree) {
  for (int i = 1; i < 4; i++) {
    double few[4], many[4];
    static const fc_perturbation how[] = {
        {.kind = FC_PERTURB_ADDITIVE},
        {.kind = FC_PERTURB_MULTIPLICATIVE, .size = "1/5"},
        {.kind = FC_PERTURB_DENOISER, .delta = "x/4 + 1"},
        {.kind = FC_PERTURB_NOISE, .size = "1/5"}};
    ck_assert_int_eq(
        expect_of(few, isotropic(1, NULL, "1", "1/2"), "ve", &how[i], true, 30),
        FC_OK);
    ck_assert_int_eq(expect_of(many, isotropic(1, NULL, "1", "1/2"), "ve",
                               &how[i], false, 22),
                     FC_OK);
    for (int k = 0; k < 3; k++)
      expect_near(many[k], few[k], 1e-6, "expectation");
  }
}
END_TEST

/* The product of two laws on the line: squares add. */
START_TEST(plane_adds) {
  const fc_perturbation how = {.kind = FC_PERTURB_ADDITIVE,
                               .delta = "sin(x)/4"};
  double plane[4], first[4], second[4];
  ck_assert_int_eq(expect_of(plane, isotropic(2, NULL, "-1 1/2 1 1/2", "1 1"),
                             "linear", &how, false, 12),
                   FC_OK);
  expect_of(first, isotropic(1, NULL, "-1 1", "1 1"), "linear", &how, false,
            12);
  expect_of(second, isotropic(1, NULL, "1/2", "1"), "linear", &how, false, 12);
  for (int k = 0; k < 3; k++)
    expect_near(plane[k], first[k] + second[k], 1e-3, "sum");
}
END_TEST

/* A scalar multiple along X: eps^2 int V'^2/(4 V), linear, sigma = 1/2:
 * midpoint rule. */
START_TEST(along_exact) {
  const fc_perturbation how = {.kind = FC_PERTURB_MULTIPLICATIVE,
                               .size = "1/10"};
  double values[4], sum = 0;
  enum { N = 20000 };
  for (int i = 0; i < N; i++) {
    double t = (i + 0.5) / N, V = (1 - t) * (1 - t) + t * t / 4;
    sum += pow(t - 1 + t / 4, 2) / V / N;
  }
  ck_assert_int_eq(expect_of(values, isotropic(1, NULL, "0", "1/2"), "linear",
                             &how, true, 34),
                   FC_OK);
  expect_near(values[2], sum / 100, 1e-9, "along X");
}
END_TEST

/* A shift of 1 that N(0, 10^40) does not feel: it is within the error, which
 * does not come from the difference of two runs. */
START_TEST(large_coordinates) {
  const fc_perturbation how = {.kind = FC_PERTURB_ADDITIVE, .delta = "1"};
  double values[4];
  ck_assert_int_eq(expect_of(values, isotropic(1, NULL, "10^20", "10^20"), "ve",
                             &how, true, 30),
                   FC_OK);
  ck_assert_double_le(fabs(values[0] - 1), values[3]);
}
END_TEST

/* A product of Gaussians by its few points: squares add. */
START_TEST(products) {
  for (int i = 1; i < 4; i++) {
    static const fc_perturbation how[] = {
        {.kind = FC_PERTURB_ADDITIVE},
        {.kind = FC_PERTURB_MULTIPLICATIVE, .size = "1/5"},
        {.kind = FC_PERTURB_DENOISER, .delta = "x/4 + 1"},
        {.kind = FC_PERTURB_NOISE, .size = "1/5"}};
    double both[4], first[4], second[4];
    fc_target *x = isotropic(1, NULL, "1", "1/3"),
              *y = isotropic(1, NULL, "-2", "2");
    ck_assert_int_eq(expect_of(both, product(x, y), "ve", &how[i], true, 30),
                     FC_OK);
    expect_of(first, isotropic(1, NULL, "1", "1/3"), "ve", &how[i], true, 30);
    expect_of(second, isotropic(1, NULL, "-2", "2"), "ve", &how[i], true, 30);
    for (int k = 0; k < 3; k++)
      expect_near(both[k], first[k] + second[k], 1e-9, "sum");
  }
}
END_TEST

/* Euler's step 1 + h a'/a turns a narrow law round where a falls fast. */
START_TEST(turned_round) {
  static const char *const texts[] = {"linear", "custom:a=(1-t)^2,b=t"};
  const fc_perturbation how = {.kind = FC_PERTURB_EULER, .steps = 8};
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  for (int i = 0; i < 2; i++) {
    fc_deviation m[1];
    fc_schedule *s = schedule_of(texts[i]);
    fc_target *target = isotropic(1, NULL, "1", "1/10000");
    const fc_deviation_plan plan = {.target = target,
                                    .schedule = s,
                                    .perturbation = &how,
                                    .affine = true,
                                    .bits = 20};
    fc_deviation_init(m, ctx);
    ck_assert_int_eq(fc_deviation_compute(m, &plan, ctx, NULL), FC_OK);
    ck_assert(m->optimal == (i == 0));
    fc_deviation_clear(m, ctx);
    fc_schedule_free(s);
    fc_target_free(target);
  }
}
END_TEST

START_TEST(says_no) {
  double values[4];
  const fc_perturbation how = {.kind = FC_PERTURB_MULTIPLICATIVE,
                               .size = "1/10"};
  ck_assert_int_eq(expect_of(values, isotropic(1, NULL, "-1 1", "0 0"),
                             "linear", &how, false, 8),
                   FC_UNSUPPORTED);
  ck_assert_int_eq(expect_of(values, isotropic(3, NULL, "1 0 0 0 1 0", "1 1"),
                             "linear", &how, false, 8),
                   FC_UNSUPPORTED);
  static const fc_perturbation bad[] = {
      {.kind = FC_PERTURB_ADDITIVE, .delta = "sin(y)"},
      {.kind = FC_PERTURB_ADDITIVE},
      {.kind = FC_PERTURB_MULTIPLICATIVE, .size = "-1"},
      {.kind = FC_PERTURB_NOISE, .size = "-2"},
      {.kind = FC_PERTURB_NOISE},
      {.kind = FC_PERTURB_EULER},
      {.kind = FC_PERTURB_ROUNDED, .bits = 1},
      {.kind = (fc_perturbation_kind)99}};
  fc_target *target = isotropic(1, NULL, "-1 1", "1 1");
  fc_schedule *s = schedule_of("linear");
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    fc_perturbed *field = NULL;
    fc_error error = {0};
    ck_assert_int_ne(fc_perturbed_new(&field, target, s, &bad[i], ctx, &error),
                     FC_OK);
    ck_assert(error.message[0] && !field);
  }
  fc_schedule_free(s);
  fc_target_free(target);
}
END_TEST

/* Beyond binary64 on the way, and no number: an answer, or a refusal. */
START_TEST(hostile_points) {
  static const double places[] = {1e300, -1e150, NAN, INFINITY, 0};
  fc_target *target = isotropic(1, NULL, "-1 1", "1 1");
  fc_schedule *s = schedule_of("vp-sde");
  fc_ctx ctx[1];
  fc_num x;
  fc_ctx_init_double(ctx);
  for (int k = 0; k < 5; k++)
    for (int i = 0; i < 5; i++) {
      fc_trajectory *trajectory = NULL;
      CHECKED(
          fc_trajectory_new(&trajectory, target, s, &fields[k], ctx, &error_));
      fc_set_d(x, places[i], ctx);
      fc_status status = fc_trajectory_run(trajectory, x, 20);
      ck_assert(status == FC_OK || status == FC_DOMAIN || status == FC_BUDGET);
      ck_assert(isfinite(places[i]) || status != FC_OK);
      fc_trajectory_free(trajectory);
    }
  fc_schedule_free(s);
  fc_target_free(target);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("perturbed fields");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_test(all, integrates);
  tcase_add_test(all, gives_up);
  tcase_add_test(all, constant_additive);
  tcase_add_loop_test(all, multiplicative_power, 0, SCHEDULES);
  tcase_add_loop_test(all, other_noise_level, 0, SCHEDULES);
  tcase_add_test(all, denoiser_growth);
  tcase_add_test(all, euler_composes);
  tcase_add_test(all, euler_along_x);
  tcase_add_test(all, euler_factor);
  tcase_add_test(all, euler_without_inverse);
  tcase_add_test(all, gsl_agrees);
  tcase_add_loop_test(all, jacobians, 0, 5);
  tcase_add_loop_test(all, differences, 0, 5);
  tcase_add_test(all, euler_field);
  tcase_add_test(all, rounded);
  tcase_add_loop_test(all, bounds_hold, 0, 3 * BOUNDED);
  tcase_add_test(all, bounds_attained);
  tcase_add_test(all, bounds_refused);
  tcase_add_loop_test(all, noise_distance, 0, SCHEDULES);
  tcase_add_test(all, rules_agree);
  tcase_add_test(all, plane_adds);
  tcase_add_test(all, along_exact);
  tcase_add_test(all, large_coordinates);
  tcase_add_test(all, products);
  tcase_add_test(all, turned_round);
  tcase_add_test(all, says_no);
  tcase_add_test(all, hostile_points);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
