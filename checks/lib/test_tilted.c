/* Tilted Gaussians nu ~ exp(f) gamma_1, judged by quadrature of exp(f(y) -
 * y^2/2
 * - (x - b y)^2/(2 a^2)) with f as C code, and by closed forms. */
#include <math.h>
#include <stdlib.h>

#include "targets.h"
#include "velocity/velocity.h"

/* --- the tilts: text, C code, breaks -------------------------------------- */

typedef struct tilt {
  const char *text;
  long double (*f)(long double);
  int break_count;
  long double breaks[5];
  double kappa, beta, slope; /* NaN: none */
} tilt;

static long double laplace(long double x) { return -fabsl(x); }
static long double opened(long double x) { return fabsl(x) / 2; }
static long double skew(long double x) {
  return fabsl(x - 0.5L) - 2 * fmaxl(x, 0);
}
static long double stairs(long double x) {
  return fminl(fabsl(fabsl(x) - 1), 3 - x) * 2 + 5;
}
static long double plateau(long double x) {
  return fmaxl(-3 * fabsl(x - 2), -4);
}
static long double plain(long double x) { return x / 3 - 7; }

static const tilt tilts[] = {
    {"-abs(x)", laplace, 1, {0}, 1, NAN, 1},
    {"abs(x)/2", opened, 1, {0}, NAN, 1, 0.5},
    {"abs(x-1/2) - 2*max(x, 0)", skew, 2, {0, 0.5L}, NAN, NAN, 3},
    {"min(abs(abs(x) - 1), 3 - x)*2 + 5",
     stairs,
     4,
     {-1, 0, 1, 2},
     NAN,
     NAN,
     2},
    {"max(-3*abs(x - 2), -4)",
     plateau,
     3,
     {2 - 4 / 3.0L, 2, 2 + 4 / 3.0L},
     NAN,
     NAN,
     3},
    {"x/3 - 7", plain, 0, {0}, 1, 1, 1 / 3.0},
};

#define TILTS (sizeof tilts / sizeof *tilts)

static fc_status try_tilted(fc_target **target, const char *text, const char *L,
                            long *culprit, fc_error *error) {
  static const char *const names[] = {"x"};
  fc_formula *formula = NULL, *lipschitz = L ? constant_of(L) : NULL;
  fc_piecewise f;
  CHECKED(fc_formula_parse(&formula, text, names, 1, NULL, &error_));
  CHECKED(fc_piecewise_init(&f, formula, &error_));
  fc_status status =
      fc_target_new_tilted(target, &f, lipschitz, culprit, error);
  fc_piecewise_clear(&f);
  fc_formula_free(formula);
  fc_formula_free(lipschitz);
  return status;
}

/* Through a copy, so that copying is tested, too. */
static fc_target *tilted(const char *text) {
  fc_target *target = NULL, *copy = NULL;
  CHECKED(try_tilted(&target, text, NULL, NULL, &error_));
  ck_assert_int_eq(fc_target_copy(&copy, target), FC_OK);
  fc_target_free(target);
  return copy;
}

/* --- quadrature ----------------------------------------------------------- */

/* integral of (y - c)^k exp(f(y) - y^2/2 - (x - b y)^2/(2 a^2) - top). */
typedef struct integral {
  const tilt *t;
  long double a, b, x, c, top;
} integral;

static long double exponent(const integral *q, long double y) {
  long double z = (q->x - q->b * y) / q->a;
  return q->t->f(y) - y * y / 2 - z * z / 2;
}

/* Five Gauss-Legendre points on each of 400 panels. */
static void add_segment(long double sums[4], const integral *q, long double lo,
                        long double hi) {
  const long double r = sqrtl(10 / 7.0L), w = 13 * sqrtl(70);
  const long double nodes[5] = {0, sqrtl(5 - 2 * r) / 3, -sqrtl(5 - 2 * r) / 3,
                                sqrtl(5 + 2 * r) / 3, -sqrtl(5 + 2 * r) / 3};
  const long double weights[5] = {128 / 225.0L, (322 + w) / 900,
                                  (322 + w) / 900, (322 - w) / 900,
                                  (322 - w) / 900};
  long double half = (hi - lo) / 800;
  for (int i = 0; i < 400 && hi > lo; i++)
    for (int j = 0; j < 5; j++) {
      long double y = lo + half * (2 * i + 1 + nodes[j]);
      long double p = half * weights[j] * expl(exponent(q, y) - q->top);
      for (int k = 0; k < 4; k++, p *= y - q->c)
        sums[k] += p;
    }
}

/* All of the line that matters: the centres y = (s a^2 + b x)/(a^2 + b^2) of
 * slopes -4 to 4 and 14 standard deviations on either side. */
static void integrate(long double sums[4], const integral *q) {
  long double d = q->a * q->a + q->b * q->b, reach = 14 * q->a / sqrtl(d);
  long double lo = (q->b * q->x - 4 * q->a * q->a) / d - reach;
  long double hi = (q->b * q->x + 4 * q->a * q->a) / d + reach;
  for (int k = 0; k < 4; k++)
    sums[k] = 0;
  for (int i = 0; i <= q->t->break_count; i++) {
    long double to = i < q->t->break_count ? q->t->breaks[i] : hi;
    to = fminl(hi, fmaxl(lo, to));
    add_segment(sums, q, lo, to);
    lo = to;
  }
}

/* integral of exp(f) phi. */
static long double mass(const tilt *t) {
  long double sums[4];
  integral q = {t, 1, 0, 0, 0, 0};
  q.top = t->f(0); /* the size of the integrand, roughly */
  integrate(sums, &q);
  return logl(sums[0]) + q.top - logl(8 * atanl(1)) / 2;
}

static void near(const fc_ctx *ctx, fc_srcptr got, long double wanted,
                 double floor, const char *what, const tilt *t,
                 const char *point) {
  double value = fc_get_d(got, ctx), size = fmax(floor, fabs((double)wanted));
  double tolerance = ctx->kind == FC_DOUBLE ? 1e-9 : 1e-12;
  ck_assert_msg(fabs(value - (double)wanted) <= tolerance * size,
                "%s of %s at %s: %.17g instead of %.17Lg", what, t->text, point,
                value, wanted);
}

/* M, C, T, log p, s, S, G of the posterior at "a b x". */
static void check_point(const tilt *t, const fc_target *target,
                        const fc_ctx *ctx, const char *text) {
  probe p;
  long double m[4];
  probe_init(&p, target, ctx);
  probe_text(&p, text, EVERYTHING);
  integral q = {
      t, fc_get_d(p.a, ctx), fc_get_d(p.b, ctx), fc_get_d(p.x, ctx), 0, 0};
  q.c = q.b * q.x / (q.a * q.a + q.b * q.b);
  q.top = exponent(&q, q.c);
  integrate(m, &q);
  for (int k = 3; k >= 0; k--)
    m[k] /= m[0];
  /* density of X_t at x: the integral over sqrt(2 pi)^2 a and the mass */
  long double sums[4], a2 = q.a * q.a, u = q.b / a2;
  integrate(sums, &q);
  long double log_p =
      logl(sums[0]) + q.top - mass(t) - logl(q.a) - logl(8 * atanl(1));
  long double mean = q.c + m[1], c2 = m[2] - m[1] * m[1];
  long double c3 = m[3] - 3 * m[1] * m[2] + 2 * m[1] * m[1] * m[1];
  long double s = u * m[1] - q.x / (a2 + q.b * q.b);
  double sd = (double)(q.a / sqrtl(a2 + q.b * q.b));
  double scale = (double)u * sd; /* of s */
  near(ctx, p.value->mean, mean, fmax(sd, fabs((double)mean)), "M", t, text);
  near(ctx, p.value->covariance, c2, sd * sd, "C", t, text);
  near(ctx, p.value->third, c3 + 2 * mean * c2,
       sd * sd * fmax(sd, fabs((double)mean)), "T", t, text);
  near(ctx, p.value->log_density, log_p, 1, "log p", t, text);
  near(ctx, p.value->score, s, fmax(1, scale), "s", t, text);
  near(ctx, p.value->score_jacobian, u * u * c2 - 1 / a2,
       fmax(1, fmax(scale * scale, (double)(1 / a2))), "S", t, text);
  near(ctx, p.value->score_third, u * u * u * c3,
       fmax(1, scale * scale * scale), "G", t, text);
  probe_clear(&p);
}

START_TEST(posteriors) {
  static const char *const points[] = {
      "1 1/8 1/2",     "3/4 1/4 -2",           "1/2 1/2 0",
      "1/2 1/2 3/8",   "1/4 3/4 3/4",          "1/16 15/16 1/32",
      "1/16 15/16 -3", "1/1024 1023/1024 1",   "1/2 1 7",
      "1/64 1 -1/128", "1/1048576 1 1/1048576"};
  const tilt *t = tilts + _i;
  fc_target *target = tilted(t->text);
  fc_ctx ctx[2];
  fc_ctx_init_double(ctx);
  fc_ctx_init_mpfr(ctx + 1, 128);
  for (size_t i = 0; i < sizeof points / sizeof *points; i++)
    for (int k = 0; k < 2; k++)
      check_point(t, target, ctx + k, points[i]);
  fc_target_free(target);
}
END_TEST

/* At t = 1 itself log p = f - x^2/2 - log sqrt(2 pi) - log mass, s = f' - x. */
START_TEST(densities_at_the_end) {
  static const double points[] = {-4.25, -0.75, 0.25, 0.625, 1.5, 2.5, 6};
  const tilt *t = tilts + _i;
  fc_target *target = tilted(t->text);
  fc_ctx ctx;
  probe p;
  fc_ctx_init_mpfr(&ctx, 128);
  probe_init(&p, target, &ctx);
  for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
    long double x = points[i], h = 0.0078125L;
    fc_set_si(p.a, 0, &ctx);
    fc_set_si(p.b, 1, &ctx);
    fc_set_d(p.x, points[i], &ctx);
    ck_assert_int_eq(fc_posterior_eval(p.posterior, p.a, p.b, p.x, EVERYTHING),
                     FC_OK);
    near(&ctx, p.value->log_density,
         t->f(x) - x * x / 2 - logl(8 * atanl(1)) / 2 - mass(t), 1, "log p", t,
         "t = 1");
    near(&ctx, p.value->score, (t->f(x + h) - t->f(x - h)) / (2 * h) - x, 1,
         "s", t, "t = 1");
    near(&ctx, p.value->score_jacobian, -1, 1, "S", t, "t = 1");
  }
  probe_clear(&p);
  fc_target_free(target);
}
END_TEST

/* --- what is known of them ------------------------------------------------ */

static void expect_constant(const fc_target *target, fc_class_constant which,
                            double wanted, const char *text) {
  fc_ctx ctx;
  fc_num z;
  const char *why = NULL;
  fc_ctx_init_double(&ctx);
  fc_init(z, &ctx);
  fc_status status = fc_target_constant(z, NULL, &why, target, which, &ctx);
  ck_assert_ptr_nonnull(why);
  if (isnan(wanted))
    ck_assert_msg(status == FC_UNSUPPORTED, "%s: %s", text, why);
  else
    ck_assert_msg(status == FC_OK && fc_get_d(z, &ctx) == wanted, "%s: %s",
                  text, why);
  fc_clear(z, &ctx);
}

START_TEST(constants_of_tilts) {
  const tilt *t = tilts + _i;
  fc_target *target = tilted(t->text);
  ck_assert(fc_target_has_full_support(target));
  ck_assert(fc_target_has_density(target));
  ck_assert_int_eq(fc_target_is_gaussian(target), t->break_count == 0);
  expect_constant(target, FC_KAPPA, t->kappa, t->text);
  expect_constant(target, FC_BETA, t->beta, t->text);
  expect_constant(target, FC_L, t->slope, t->text);
  expect_constant(target, FC_D, NAN, t->text);
  expect_constant(target, FC_SUPPORT_HALF_DIAM, NAN, t->text);
  if (t->break_count > 0)
    expect_constant(target, FC_SIGMA, NAN, t->text);
  fc_target_free(target);
}
END_TEST

START_TEST(declared_constants) {
  static const struct {
    const char *L;
    bool good;
  } declared[] = {{"3", true},        {"7/2", true},      {"2*sqrt(3)", true},
                  {"299/100", false}, {"sqrt(8)", false}, {"-3", false},
                  {"3-1e-60", false}};
  for (size_t i = 0; i < sizeof declared / sizeof *declared; i++) {
    fc_target *target = NULL;
    fc_error error = {0};
    long culprit = 7;
    fc_status status = try_tilted(&target, "abs(x-1/2) - 2*max(x, 0)",
                                  declared[i].L, &culprit, &error);
    if (!declared[i].good) {
      ck_assert_int_eq(status, FC_VALUE);
      ck_assert_int_eq(culprit, 1);
      ck_assert_msg(strstr(error.message, "at least 3"), "%s", error.message);
      continue;
    }
    fc_ctx ctx;
    fc_num z;
    fc_provenance provenance = FC_DECLARED;
    fc_formula *wanted = constant_of(declared[i].L);
    fc_ctx_init_double(&ctx);
    fc_init(z, &ctx);
    ck_assert_int_eq(status, FC_OK);
    ck_assert_int_eq(
        fc_target_constant(z, &provenance, NULL, target, FC_L, &ctx), FC_OK);
    ck_assert_int_eq(provenance, FC_VERIFIED);
    double got = fc_get_d(z, &ctx);
    ck_assert_int_eq(fc_constant_eval(z, wanted, &ctx), FC_OK);
    ck_assert_double_eq(got, fc_get_d(z, &ctx));
    fc_clear(z, &ctx);
    fc_formula_free(wanted);
    fc_target_free(target);
  }
}
END_TEST

START_TEST(products_of_tilts) {
  fc_target *target = product(tilted("-abs(x)"), tilted("-3*abs(x)/4"));
  expect_constant(target, FC_L, 1.25, "product");
  expect_constant(target, FC_KAPPA, 1, "product");
  expect_constant(target, FC_BETA, NAN, "product");
  ck_assert(fc_target_has_full_support(target));
  fc_target_free(target);
}
END_TEST

START_TEST(limits) {
  fc_target *target = NULL;
  fc_error error = {0};
  long culprit = 7;
  ck_assert_int_eq(try_tilted(&target, "1001*x", NULL, &culprit, &error),
                   FC_LIMIT);
  ck_assert_int_eq(culprit, 0);
  ck_assert_int_eq(try_tilted(&target, "abs(x+2000)", NULL, NULL, &error),
                   FC_LIMIT);
  /* masses far below and above what binary64 can hold */
  CHECKED(try_tilted(&target, "1e300 + 500*abs(x - 999) - 499*abs(x + 1000)",
                     NULL, NULL, &error_));
  expect_constant(target, FC_L, 999, "extreme weights");
  fc_target_free(target);
}
END_TEST

/* --- erratum 2 of THEORY ---------------------------------------------------
 */

/* Linear schedule, f = -|x|, r = 1 - t: although the score jumps at 0, grad v
 * <= 1, and its least value tends to 1 - sqrt(2/pi) = 0.2021... as r -> 0 (at x
 * = 0, where p_t is as if the jump -2 of the score were spread by N(0, r^2));
 * it comes from below, at a distance of less than 2 r. */
START_TEST(bounded_jacobian) {
  fc_target *target = tilted("-abs(x)");
  fc_schedule *schedule = NULL;
  fc_velocity *velocity = NULL;
  fc_ctx ctx;
  fc_num x;
  fc_time time;
  fc_ctx_init_mpfr(&ctx, 128);
  fc_init(x, &ctx);
  fc_time_init(&time, &ctx);
  CHECKED(fc_schedule_parse(&schedule, "linear", &error_));
  CHECKED(fc_velocity_new(&velocity, target, schedule, &ctx, &error_));
  double least = 0, floor = 1 - sqrt(0.5 / atan(1));
  for (double r = 0x1p-6; r > 5e-7; r /= 4) {
    fc_time_set_d(&time, r, true, &ctx);
    ck_assert_int_eq(fc_velocity_set_time(velocity, &time), FC_OK);
    for (int i = -40; i <= 40; i++) {
      fc_set_d(x, i * (abs(i) <= 20 ? r / 4 : 0.125), &ctx);
      ck_assert_int_eq(fc_velocity_eval(velocity, x, FC_VELOCITY_JACOBIAN),
                       FC_OK);
      double slope = fc_get_d(fc_velocity_values(velocity)->jacobian, &ctx);
      ck_assert_msg(slope <= 1 + 1e-15, "r = %g, i = %d: %.17g", r, i, slope);
      ck_assert_msg(slope >= floor - 2 * r, "r = %g, i = %d: %.17g", r, i,
                    slope);
      least = i == -40 ? slope : fmin(least, slope);
    }
  }
  ck_assert_double_eq_tol(least, floor, 2e-6);
  ck_assert_double_ge(least, 0.2021);
  fc_velocity_free(velocity);
  fc_schedule_free(schedule);
  fc_target_free(target);
  fc_time_clear(&time, &ctx);
  fc_clear(x, &ctx);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("tilted");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_loop_test(all, posteriors, 0, TILTS);
  tcase_add_loop_test(all, densities_at_the_end, 0, TILTS);
  tcase_add_loop_test(all, constants_of_tilts, 0, TILTS);
  tcase_add_test(all, declared_constants);
  tcase_add_test(all, products_of_tilts);
  tcase_add_test(all, limits);
  tcase_add_test(all, bounded_jacobian);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
