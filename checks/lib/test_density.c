/* Densities exp(-U) by quadrature, judged by the same laws as mixtures, pieces
 * and tilted Gaussians, and by closed forms for Laplace's and Student's law. */
#include <math.h>

#include "formula/branches.h"
#include "formula/polynomial.h"
#include "targets.h"

/* --- the same law, written down otherwise
 * ------------------------------------- */

enum { TWINS = 7 };

static void twin(fc_target **law, fc_target **other, size_t i) {
  switch (i) {
  case 0:
    *law = density("x^2/2", NULL, NULL);
    *other = isotropic(1, NULL, "0", "1");
    return;
  case 1: /* a factor e^20 and a narrow law far out */
    *law = density("(x - 7)^2*50 - 20", NULL, NULL);
    *other = isotropic(1, NULL, "7", "1/10");
    return;
  case 2:
    *law = density("-log(exp(-2*(x-3/2)^2) + exp(-2*(x+3/2)^2))", NULL, NULL);
    *other = isotropic(1, NULL, "-3/2 3/2", "1/2 1/2");
    return;
  case 3:
    *law = density("0", "0", "1");
    *other = pieces("1 - - 0 1");
    return;
  case 4:
    *law = density("x^2/2", "1/3", "sqrt(2)");
    *other = pieces("1 0 1 1/3 sqrt(2)");
    return;
  case 5:
    *law = density("x^2/2 + abs(x - 1/2) - 2*max(x, 0)", NULL, NULL);
    *other = tilted_by("2*max(x, 0) - abs(x - 1/2)");
    return;
  default:
    *law = density("x^2/8", "-1", NULL);
    *other = pieces("1 0 2 -1 -");
    return;
  }
}

static const char *const points[] = {
    "1 0 3/10",         "0.9 0.1 -0.4",       "0.5 0.5 0.6",     "0.5 0.5 -2",
    "2^-8 1-2^-8 0.7",  "2^-20 1-2^-20 0.45", "0.01 0.99 1000",  "2 1 0.25",
    "0 1 0.4",          "0 1 -3/2",           "1/3 2 1.0000001", "100 1 30",
    "2^-70 1-2^-70 2/5"};
#define POINTS (sizeof points / sizeof *points)

/* Bits of agreement, relative to the larger of the number and of 1. */
static void compare(const fc_ctx *ctx, long bits, size_t i) {
  fc_ctx wide, series;
  fc_target *law = NULL, *other = NULL;
  probe p, q;
  fc_ctx_init_mpfr(&wide, 500);
  bool is_series = ctx->kind == FC_SERIES;
  if (is_series)
    fc_ctx_init_series(&series, &wide, ctx->length);
  twin(&law, &other, i);
  probe_init(&p, law, ctx);
  probe_init(&q, other, is_series ? &series : &wide);
  for (size_t j = 0; j < POINTS; j++) {
    if (ctx->kind == FC_MPFR && (i + j) % 2) /* dear */
      continue;
    probe_text(&p, points[j], EVERYTHING);
    probe_text(&q, points[j], EVERYTHING);
    for (size_t k = 0; k < result_count(1); k++) {
      const char *name;
      char what[96];
      fc_srcptr x = result(&p, k, &name), y = result(&q, k, &name);
      snprintf(what, sizeof what, "law %zu at %s, %s, %ld bits", i, points[j],
               name, ctx->precision);
      fc_srcptr y0 = is_series ? fc_series_coeff_src(y, 0) : y;
      if (!fc_is_finite(y0, &wide))
        continue; /* limits: see the_end */
      expect_close(x, ctx, y, &q.ctx, bits, 1, what);
    }
  }
  probe_clear(&p);
  probe_clear(&q);
  fc_target_free(law);
  fc_target_free(other);
}

START_TEST(twins_in_double) {
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  compare(&ctx, 36, (size_t)_i);
}
END_TEST

/* Without the third derivative binary64 goes another way where U has kinks. */
START_TEST(scores_alone) {
  fc_ctx ctx, wide;
  fc_target *law = NULL, *other = NULL;
  probe p, q;
  fc_ctx_init_double(&ctx);
  fc_ctx_init_mpfr(&wide, 300);
  twin(&law, &other, (size_t)_i);
  probe_init(&p, law, &ctx);
  probe_init(&q, other, &wide);
  for (size_t j = 1; j < 8; j++) {
    probe_text(&p, points[j], FC_WANT_SCORE | FC_WANT_SCORE_JACOBIAN);
    probe_text(&q, points[j], FC_WANT_SCORE | FC_WANT_SCORE_JACOBIAN);
    expect_close(p.value->score, &ctx, q.value->score, &wide, 34, 1, points[j]);
    expect_close(p.value->score_jacobian, &ctx, q.value->score_jacobian, &wide,
                 34, 1, points[j]);
  }
  probe_clear(&p);
  probe_clear(&q);
  fc_target_free(law);
  fc_target_free(other);
}
END_TEST

START_TEST(twins_in_mpfr) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 128);
  compare(&ctx, 112, (size_t)_i);
}
END_TEST

START_TEST(twins_in_many_bits) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 320);
  if (_i == 2)
    compare(&ctx, 300, (size_t)_i);
}
END_TEST

/* d/dx and d/db of everything, as coefficients of series in a, b, x. */
START_TEST(twins_in_series) {
  fc_ctx base, ctx, wide, reference;
  fc_target *law = NULL, *other = NULL;
  probe p, q;
  fc_ctx_init_mpfr(&base, 100);
  fc_ctx_init_series(&ctx, &base, 4);
  fc_ctx_init_mpfr(&wide, 300);
  fc_ctx_init_series(&reference, &wide, 4);
  twin(&law, &other, (size_t)_i);
  probe_init(&p, law, &ctx);
  probe_init(&q, other, &reference);
  for (size_t j = 1; j < 4; j += 2) {
    for (int both = 0; both < 2; both++) {
      probe *r = both ? &q : &p;
      probe_text(r, points[j], 0);
      for (int k = 0; k < 3; k++) { /* a - h/8, b + h/4, x + h */
        static const double slopes[] = {-0.125, 0.25, 1};
        fc_set_d(fc_series_coeff(r->a + k, 1), slopes[k], r->ctx.base);
      }
      ck_assert_int_eq(
          fc_posterior_eval(r->posterior, r->a, r->b, r->x, EVERYTHING), FC_OK);
    }
    for (size_t k = 0; k < result_count(1); k++)
      for (long n = 0; n < 4; n++) {
        const char *name;
        char what[96];
        fc_srcptr x = fc_series_coeff_src(result(&p, k, &name), n);
        fc_srcptr y = fc_series_coeff_src(result(&q, k, &name), n);
        snprintf(what, sizeof what, "law %d at %s, %s, coefficient %ld", _i,
                 points[j], name, n);
        expect_close(x, &base, y, &wide, 50, 1, what);
      }
  }
  probe_clear(&p);
  probe_clear(&q);
  fc_target_free(law);
  fc_target_free(other);
}
END_TEST

static void expect_tails(fc_posterior *p, const fc_ctx *ctx, fc_posterior *q,
                         const fc_ctx *wide, const char *point, long bits) {
  constants c;
  fc_ptr x = fc_vec_new(5, ctx), y = fc_vec_new(5, wide);
  constants_init(&c, point);
  for (size_t i = 0; i < 3; i++) {
    ck_assert_int_eq(fc_constant_eval(x + i, c.list[i], ctx), FC_OK);
    fc_convert(y + i, wide, x + i, ctx);
  }
  CHECKED(fc_posterior_cdf(x + 3, x + 4, p, x, x + 1, x + 2, &error_));
  CHECKED(fc_posterior_cdf(y + 3, y + 4, q, y, y + 1, y + 2, &error_));
  expect_close(x + 3, ctx, y + 3, wide, bits, 1e-300, point);
  expect_close(x + 4, ctx, y + 4, wide, bits, 1e-300, point);
  constants_clear(&c);
  fc_vec_free(x, 5, ctx);
  fc_vec_free(y, 5, wide);
}

/* Both tails keep their digits. */
START_TEST(distribution_functions) {
  static const char *const places[] = {"1 0 3/10",     "1/2 1/2 -1",
                                       "1/2 1/2 6",    "1/2 1/2 -9/2",
                                       "2^-10 1 0.45", "0 1 2/5"};
  fc_ctx ctx[2], wide;
  fc_target *law = NULL, *other = NULL;
  fc_ctx_init_double(&ctx[0]);
  fc_ctx_init_mpfr(&ctx[1], 90);
  fc_ctx_init_mpfr(&wide, 110);
  twin(&law, &other, (size_t)_i);
  for (int k = 0; k < 2; k++) {
    fc_posterior *p = NULL, *q = NULL;
    CHECKED(fc_posterior_new(&p, law, &ctx[k], &error_));
    CHECKED(fc_posterior_new(&q, other, &wide, &error_));
    for (size_t j = 0; j < sizeof places / sizeof *places; j++)
      expect_tails(p, &ctx[k], q, &wide, places[j], k ? 72 : 34);
    fc_posterior_free(p);
    fc_posterior_free(q);
  }
  fc_target_free(law);
  fc_target_free(other);
}
END_TEST

/* --- closed forms
 * ------------------------------------------------------------- */

/* log p of X = a Z + b Y, Y of density exp(-|y|)/2:
 * p = exp(a^2/(2 b^2))/(2 b) (exp(-x/b) Phi(x/a - a/b) + exp(x/b) Phi(-x/a -
 * a/b)), in long double through erfcl. */
static long double laplace(long double a, long double b, long double x) {
  long double half = a * a / (2 * b * b), sum = 0;
  for (int sign = -1; sign <= 1; sign += 2) {
    long double w = sign * x / a - a / b;
    sum += expl(-sign * x / b) * erfcl(-w / sqrtl(2)) / 2;
  }
  return half + logl(sum / (2 * b));
}

START_TEST(laplace_law) {
  static const double places[][3] = {
      {1, 0.5, 0.25}, {0.5, 0.5, -2}, {0.125, 1, 0.0625}, {0.25, 0.75, 8}};
  fc_target *law = density("abs(x)", NULL, NULL);
  fc_ctx ctx[2];
  fc_ctx_init_double(&ctx[0]);
  fc_ctx_init_mpfr(&ctx[1], 128);
  for (int k = 0; k < 2; k++)
    for (size_t j = 0; j < sizeof places / sizeof *places; j++) {
      probe p;
      probe_init(&p, law, &ctx[k]);
      for (int i = 0; i < 3; i++)
        fc_set_d(p.a + i, places[j][i], &ctx[k]);
      ck_assert_int_eq(
          fc_posterior_eval(p.posterior, p.a, p.b, p.x, FC_WANT_LOG_DENSITY),
          FC_OK);
      double got = fc_get_d(p.value->log_density, &ctx[k]),
             wanted = (double)laplace(places[j][0], places[j][1], places[j][2]);
      ck_assert_msg(fabs(got - wanted) < 1e-12, "%d %zu: got %.17g, not %.17g",
                    k, j, got, wanted);
      probe_clear(&p);
    }
  fc_target_free(law);
}
END_TEST

/* Five degrees of freedom: p(0) = 8/(3 pi sqrt 5), variance 5/3; at b = 0 the
 * third absolute moment is finite, and by symmetry the third is 0. */
START_TEST(student_law) {
  fc_target *law = density("3*log(1 + x^2/5)", NULL, NULL);
  fc_ctx ctx;
  probe p;
  fc_num wanted;
  fc_ctx_init_mpfr(&ctx, 128);
  probe_init(&p, law, &ctx);
  fc_init(wanted, &ctx);
  probe_text(&p, "0 1 0", FC_WANT_LOG_DENSITY | FC_WANT_SCORE_JACOBIAN);
  fc_formula *value = constant_of("log(8/(3*pi*sqrt(5)))");
  ck_assert_int_eq(fc_constant_eval(wanted, value, &ctx), FC_OK);
  expect_close(p.value->log_density, &ctx, wanted, &ctx, 110, 0, "log p(0)");
  fc_formula_free(value);
  value = constant_of("-6/5");
  ck_assert_int_eq(fc_constant_eval(wanted, value, &ctx), FC_OK);
  expect_close(p.value->score_jacobian, &ctx, wanted, &ctx, 120, 0, "-U''(0)");
  fc_formula_free(value);
  value = constant_of("5/3");
  ck_assert_int_eq(fc_constant_eval(wanted, value, &ctx), FC_OK);
  fc_formula_free(value);
  probe_text(&p, "1 0 1/3", FC_WANT_MEAN | FC_WANT_COVARIANCE | FC_WANT_THIRD);
  expect_close(p.value->covariance, &ctx, wanted, &ctx, 110, 0, "variance");
  fc_set_si(wanted, 0, &ctx);
  expect_close(p.value->mean, &ctx, wanted, &ctx, 110, 1, "mean");
  expect_close(p.value->third, &ctx, wanted, &ctx, 100, 1, "third moment");
  fc_clear(wanted, &ctx);
  probe_clear(&p);
  fc_target_free(law);
}
END_TEST

/* A well of depth 20 and width 1e-4 between the points of the grid: to the mass
 * of exp(-x^2/2) it adds int exp(-x^2/2)(exp(h) - 1), by the midpoint rule.  It
 * is seen where there are balls. */
START_TEST(hidden_wells) {
  fc_target *law =
      density("x^2/2 - 20*exp(-10^8*(x - 7123/10000)^2)", NULL, NULL);
  fc_ctx ctx;
  probe p;
  fc_ctx_init_double(&ctx);
  probe_init(&p, law, &ctx);
  probe_text(&p, "0 1 0", FC_WANT_LOG_DENSITY);
  double found = exp(fc_get_d(p.value->log_density, &ctx)), sum = 0;
  enum { PARTS = 4000 };
  for (int i = 0; i < PARTS; i++) { /* over 8 widths on either side */
    double z = -8 + 16 * (i + 0.5) / PARTS, x = 0.7123 + 1e-4 * z;
    sum += exp(-x * x / 2) * expm1(20 * exp(-z * z)) * 16e-4 / PARTS;
  }
  double exact = 1 / (sqrt(2 * M_PI) + sum);
  if (fc_have_arb())
    ck_assert_msg(fabs(found - exact) < 1e-6 * exact, "%.15g, not %.15g", found,
                  exact);
  probe_clear(&p);
  fc_target_free(law);
}
END_TEST

/* Three degrees of freedom: no third moment, and none is made up. */
START_TEST(missing_moments) {
  fc_target *law = density("2*log(1 + x^2/3)", NULL, NULL);
  fc_ctx ctx;
  probe p;
  fc_ctx_init_double(&ctx);
  probe_init(&p, law, &ctx);
  probe_text(&p, "1 0 1/3", FC_WANT_COVARIANCE);
  ck_assert_double_eq_tol(fc_get_d(p.value->covariance, &ctx), 3, 1e-9);
  probe_text(&p, "1 0 1/3", FC_WANT_THIRD);
  ck_assert(!fc_is_finite(p.value->third, &ctx));
  probe_text(&p, "1 1/8 1/3", FC_WANT_THIRD);
  ck_assert(fc_is_finite(p.value->third, &ctx));
  probe_clear(&p);
  fc_target_free(law);
}
END_TEST

/* --- the end a = 0
 * ------------------------------------------------------------- */

START_TEST(the_end) {
  fc_target *law = density("abs(x)", "-1", NULL);
  fc_ctx ctx;
  probe p;
  fc_ctx_init_mpfr(&ctx, 100);
  probe_init(&p, law, &ctx);
  probe_text(&p, "0 1 0", EVERYTHING); /* a kink */
  ck_assert(fc_is_zero(p.value->mean, &ctx) == FC_TRUE);
  ck_assert(fc_is_finite(p.value->log_density, &ctx));
  ck_assert(!fc_is_finite(p.value->score, &ctx));
  probe_text(&p, "0 1 -1", EVERYTHING); /* an end */
  ck_assert(!fc_is_finite(p.value->mean, &ctx));
  probe_text(&p, "0 1 -2", EVERYTHING); /* beyond it */
  ck_assert_double_eq(fc_get_d(p.value->mean, &ctx), -1);
  ck_assert_double_eq(fc_get_d(p.value->log_density, &ctx), -INFINITY);
  ck_assert_double_eq(fc_get_d(p.value->score, &ctx), INFINITY);
  ck_assert_double_eq(fc_get_d(p.value->score_jacobian, &ctx), -INFINITY);
  probe_text(&p, "0 2 3", EVERYTHING); /* inside: s = -U'/b */
  ck_assert_double_eq(fc_get_d(p.value->mean, &ctx), 1.5);
  ck_assert_double_eq(fc_get_d(p.value->score, &ctx), -0.5);
  probe_clear(&p);
  fc_target_free(law);
}
END_TEST

/* --- class constants
 * ------------------------------------------------------------ */

static const struct {
  const char *potential, *lower, *upper;
  double kappa, beta, D, L; /* NaN: none */
} laws[] = {
    {"x^2/2", NULL, NULL, 1, 1, NAN, 0},
    {"x^2/2 + abs(x)", NULL, NULL, 1, NAN, NAN, 1},
    {"x^2/2 - abs(x)", NULL, NULL, NAN, 1, NAN, 1},
    {"abs(x)", NULL, NULL, 0, NAN, NAN, NAN},
    {"x^4/4 - x^2/2", NULL, NULL, -1, NAN, NAN, NAN},
    {"x^4/4 - x^3/3", NULL, NULL, -1 / 3.0, NAN, NAN, NAN},
    {"x^4/4", "1", "2", 3, NAN, 0.70710678118654752, NAN},
    {"x^3", "-1", "1/2", -6, NAN, 1.0606601717798212, NAN},
    {"-x^2", "0", "1", -2, NAN, 0.70710678118654752, NAN},
    {"0", "0", "sqrt(2)", NAN, NAN, 1, NAN}, /* an end that is no rational */
    {"max(x^2, 0)", "0", "1", NAN, NAN, NAN, NAN},
    {"3*log(1 + x^2/5)", NULL, NULL, NAN, NAN, NAN, NAN},
    {"x^2 + 3*max(0, x - 1)^2", NULL, NULL, 2, 8, NAN, NAN},
};

START_TEST(class_constants) {
  fc_target *law = NULL;
  fc_error error;
  if (try_density(&law, laws[_i].potential, laws[_i].lower, laws[_i].upper,
                  NULL, &error)) {
    ck_assert_ptr_nonnull(strstr(laws[_i].potential, "max(x^2"));
    return; /* abs, min, max of affine parts only */
  }
  const double wanted[] = {laws[_i].kappa, laws[_i].beta, laws[_i].D,
                           laws[_i].L};
  static const fc_class_constant which[] = {FC_KAPPA, FC_BETA, FC_D, FC_L};
  for (int k = 0; k < 4; k++) {
    double value = NAN;
    bool there = fc_target_constant_d(&value, law, which[k]);
    ck_assert_msg(there ? fabs(value - wanted[k]) < 1e-14 : isnan(wanted[k]),
                  "%s: %s is %g, not %g", laws[_i].potential,
                  fc_class_constant_name(which[k]), value, wanted[k]);
  }
  ck_assert(!fc_target_constant_d(NULL, law, FC_SIGMA));
  ck_assert_int_eq(fc_target_has_full_support(law),
                   !laws[_i].lower && !laws[_i].upper);
  ck_assert(fc_target_has_density(law) && !fc_target_is_gaussian(law));
  fc_target_free(law);
}
END_TEST

/* --- what is refused
 * -------------------------------------------------------------- */

static const struct {
  const char *potential, *lower, *upper;
  fc_status status;
  long culprit;
  const char *message;
} refused[] = {
    {"0", NULL, NULL, FC_VALUE, 0, "not integrable"},
    {"-x^2", NULL, NULL, FC_VALUE, 0, "not integrable"},
    {"x", NULL, NULL, FC_VALUE, 0, "not integrable"},
    {"x", "0", NULL, FC_OK, 0, ""},
    {"abs(x)/1000", NULL, NULL, FC_OK, 0, ""},
    {"log(abs(x))", "-1", "1", FC_VALUE, 0, "not integrable"},
    {"log(x)/2", "0", "1", FC_OK, 0, ""},
    {"log(1 + x^2)", NULL, NULL, FC_VALUE, 0, "second moment"},
    {"log(x)", NULL, NULL, FC_VALUE, 0, "not a number"},
    {"sqrt(1 - x^2)", "-2", "2", FC_VALUE, 0, "not a number"},
    {"1/x", "-1", "1", FC_VALUE, 0, "falls to -infinity"},
    {"abs(x^2 - 1)", NULL, NULL, FC_UNSUPPORTED, 0, "piecewise affine"},
    {"x^2", "1", "1", FC_VALUE, 1, "not below"},
    {"x^2", "2", "1", FC_VALUE, 1, "not below"},
    {"sin(100*x) + x^2/1000", NULL, NULL, FC_LIMIT, 0, "minima"},
    {"exp(x) - x", NULL, NULL, FC_OK, 0, ""}, /* inf - inf in binary64 */
};

START_TEST(refusals) {
  fc_target *law = NULL;
  fc_error error = {0};
  long culprit = -2;
  fc_status status = try_density(&law, refused[_i].potential, refused[_i].lower,
                                 refused[_i].upper, &culprit, &error);
  ck_assert_msg(status == refused[_i].status, "%s: %s, %s",
                refused[_i].potential, fc_status_text(status), error.message);
  if (status) {
    ck_assert_int_eq(culprit, refused[_i].culprit);
    ck_assert_msg(strstr(error.message, refused[_i].message) != NULL, "%s: %s",
                  refused[_i].potential, error.message);
  }
  fc_target_free(law);
}
END_TEST

/* Series of balls are not supported, and say so. */
START_TEST(no_series_of_balls) {
  fc_ctx ctx, series;
  fc_error error;
  fc_posterior *posterior = NULL;
  fc_target *law = density("x^4/4", NULL, NULL);
  if (fc_ctx_init_arb(&ctx, 100, NULL) == FC_OK) {
    fc_ctx_init_series(&series, &ctx, 3);
    ck_assert_int_eq(fc_posterior_new(&posterior, law, &series, &error),
                     FC_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(error.message, "not in series of balls"));
  }
  fc_target_free(law);
}
END_TEST

/* --- formulas
 * --------------------------------------------------------------------- */

START_TEST(branches_and_polynomials) {
  static const char *const names[] = {"x"};
  fc_formula *f = NULL;
  fc_branches b;
  mpq_t c[FC_POLYNOMIAL_SIZE];
  for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++)
    mpq_init(c[i]);
  CHECKED(fc_formula_parse(&f, "abs(abs(x) - 1)^3 + min(x, 2)/3", names, 1,
                           NULL, &error_));
  ck_assert(!fc_formula_polynomial(c, f));
  CHECKED(fc_branches_init(&b, f, &error_));
  ck_assert_uint_eq(b.count, 5); /* kinks -1, 0, 1, 2 */
  ck_assert_int_eq(mpq_cmp_si(b.kinks[0], -1, 1), 0);
  ck_assert_int_eq(mpq_cmp_si(b.kinks[3], 2, 1), 0);
  /* on [0, 1]: (1 - x)^3 + x/3 = 1 - 8/3 x + 3 x^2 - x^3 */
  static const long top[] = {1, -8, 3, -1, 0}, bottom[] = {1, 3, 1, 1, 1};
  ck_assert(fc_formula_polynomial(c, b.formulas[2]));
  for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++)
    ck_assert_int_eq(mpq_cmp_si(c[i], top[i], (unsigned long)bottom[i]), 0);
  for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++)
    mpq_clear(c[i]);
  fc_branches_clear(&b);
  fc_formula_free(f);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("density");
  TCase *t = tcase_create("density");
  tcase_set_timeout(t, 120);
  tcase_add_loop_test(t, twins_in_double, 0, TWINS);
  tcase_add_loop_test(t, scores_alone, 0, TWINS);
  tcase_add_loop_test(t, twins_in_mpfr, 0, TWINS);
  tcase_add_loop_test(t, twins_in_many_bits, 0, TWINS);
  tcase_add_loop_test(t, twins_in_series, 0, TWINS);
  tcase_add_loop_test(t, distribution_functions, 0, TWINS);
  tcase_add_test(t, laplace_law);
  tcase_add_test(t, student_law);
  tcase_add_test(t, hidden_wells);
  tcase_add_test(t, missing_moments);
  tcase_add_test(t, the_end);
  tcase_add_loop_test(t, class_constants, 0, (int)(sizeof laws / sizeof *laws));
  tcase_add_loop_test(t, refusals, 0, (int)(sizeof refused / sizeof *refused));
  tcase_add_test(t, no_series_of_balls);
  tcase_add_test(t, branches_and_polynomials);
  suite_add_tcase(suite, t);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
