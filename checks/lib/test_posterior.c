/* lib/target: the posterior.
 *
 * Judges: trapezoidal quadrature of the defining integrals in MPFR; power
 * series arithmetic (derivatives of log p that do not know the formulas); the
 * identities between moments and score, each side by its own code; closed forms
 * of one Gaussian; translations, rotations, products; and mpmath's quadrature
 * for restricted normal laws (posterior_goldens.h).
 */
#include "targets.h"

#include <math.h>

#include "posterior_goldens.h"

/* a in (0, 2), b in (0, 2), x in (-4, 4): dyadic */
static void random_point(mpfr_t *point, size_t d, generator *g) {
  for (size_t i = 0; i < 2; i++)
    mpfr_set_si_2exp(point[i], next_long(g, 1, 1L << 21), -20, MPFR_RNDN);
  for (size_t i = 2; i < 2 + d; i++)
    mpfr_set_si_2exp(point[i], next_long(g, -(1L << 22), 1L << 22), -20,
                     MPFR_RNDN);
}

static void point_init(mpfr_t *point, size_t d) {
  for (size_t i = 0; i < 2 + d; i++)
    mpfr_init2(point[i], 64);
}

static void point_clear(mpfr_t *point, size_t d) {
  for (size_t i = 0; i < 2 + d; i++)
    mpfr_clear(point[i]);
}

/* --- quadrature ---------------------------------------------------------- */

/* The trapezoidal rule over the line converges faster than any power for these
 * integrands.  sums[n] = integral of y^n nu(y) phi((x - b y)/a)/a. */
static void trapezoid(mpfr_t *sums, mpfr_t *point, size_t count,
                      const double *w, const double *m, const double *s) {
  mpfr_t y, f, t, u;
  mpfr_inits2(400, y, f, t, u, (mpfr_ptr)0);
  for (int n = 0; n < 4; n++)
    mpfr_set_zero(sums[n], 1);
  for (long i = -40 * 64; i <= 40 * 64; i++) {
    mpfr_set_si_2exp(y, i, -7, MPFR_RNDN);
    mpfr_set_zero(f, 1);
    for (size_t k = 0; k < count; k++) {
      mpfr_sub_d(t, y, m[k], MPFR_RNDN);
      mpfr_div_d(t, t, s[k], MPFR_RNDN);
      mpfr_sqr(t, t, MPFR_RNDN);
      mpfr_div_2si(t, t, 1, MPFR_RNDN);
      mpfr_neg(t, t, MPFR_RNDN);
      mpfr_exp(t, t, MPFR_RNDN);
      mpfr_mul_d(t, t, w[k] / s[k], MPFR_RNDN); /* exact: powers of two */
      mpfr_add(f, f, t, MPFR_RNDN);
    }
    mpfr_mul(t, point[1], y, MPFR_RNDN);
    mpfr_sub(t, point[2], t, MPFR_RNDN);
    mpfr_div(t, t, point[0], MPFR_RNDN);
    mpfr_sqr(t, t, MPFR_RNDN);
    mpfr_div_2si(t, t, 1, MPFR_RNDN);
    mpfr_neg(t, t, MPFR_RNDN);
    mpfr_exp(t, t, MPFR_RNDN);
    mpfr_mul(f, f, t, MPFR_RNDN);
    for (int n = 0; n < 4; n++) {
      mpfr_add(sums[n], sums[n], f, MPFR_RNDN);
      mpfr_mul(f, f, y, MPFR_RNDN);
    }
  }
  /* the step 2^-7 and 1/(2 pi a) */
  mpfr_const_pi(u, MPFR_RNDN);
  mpfr_mul_2si(u, u, 8, MPFR_RNDN);
  mpfr_mul(u, u, point[0], MPFR_RNDN);
  for (int n = 0; n < 4; n++)
    mpfr_div(sums[n], sums[n], u, MPFR_RNDN);
  mpfr_clears(y, f, t, u, (mpfr_ptr)0);
}

static void compare_to_integrals(probe *p, mpfr_t *sums) {
  fc_num wanted;
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 400);
  fc_init(wanted, &ctx);
  mpfr_t t;
  mpfr_init2(t, 400);
  for (int n = 1; n < 4; n++)
    mpfr_div(sums[n], sums[n], sums[0], MPFR_RNDN);
  mpfr_log(t, sums[0], MPFR_RNDN);
  fc_set_mpfr(wanted, t, &ctx);
  expect_close(p->value->log_density, &p->ctx, wanted, &ctx, 110, 1, "log p");
  fc_set_mpfr(wanted, sums[1], &ctx);
  expect_close(p->value->mean, &p->ctx, wanted, &ctx, 110, 1, "M");
  mpfr_sqr(t, sums[1], MPFR_RNDN);
  mpfr_sub(t, sums[2], t, MPFR_RNDN);
  fc_set_mpfr(wanted, t, &ctx);
  expect_close(p->value->covariance, &p->ctx, wanted, &ctx, 105, 1e-3, "C");
  mpfr_mul(t, sums[1], sums[2], MPFR_RNDN);
  mpfr_sub(t, sums[3], t, MPFR_RNDN); /* Cov(X, X^2) */
  fc_set_mpfr(wanted, t, &ctx);
  expect_close(p->value->third, &p->ctx, wanted, &ctx, 105, 1e-2, "T");
  mpfr_clear(t);
  fc_clear(wanted, &ctx);
}

static void against_quadrature(const char *weights, const char *means,
                               const char *stddevs, size_t count,
                               const double *w, const double *m,
                               const double *s) {
  generator g = {7};
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 128);
  fc_target *target = isotropic(1, weights, means, stddevs);
  probe p;
  probe_init(&p, target, &ctx);
  mpfr_t point[3], sums[4];
  point_init(point, 1);
  for (int n = 0; n < 4; n++)
    mpfr_init2(sums[n], 400);
  for (int trial = 0; trial < 6; trial++) {
    random_point(point, 1, &g);
    if (mpfr_cmp_d(point[0], 0.125) < 0)
      mpfr_set_d(point[0], 0.125, MPFR_RNDN); /* what the step resolves */
    probe_at(&p, point, EVERYTHING);
    trapezoid(sums, point, count, w, m, s);
    compare_to_integrals(&p, sums);
  }
  for (int n = 0; n < 4; n++)
    mpfr_clear(sums[n]);
  point_clear(point, 1);
  probe_clear(&p);
  fc_target_free(target);
}

START_TEST(equal_mixture_is_its_integral) {
  const double w[3] = {0.25, 0.25, 0.5}, m[3] = {-1.5, 0.25, 2},
               s[3] = {0.5, 0.5, 0.5};
  against_quadrature("1/4 1/4 1/2", "-3/2 1/4 2", "1/2 1/2 1/2", 3, w, m, s);
}
END_TEST

START_TEST(unequal_mixture_is_its_integral) {
  const double w[3] = {0.25, 0.25, 0.5}, m[3] = {-1.5, 0.25, 2},
               s[3] = {0.5, 1, 0.25};
  against_quadrature("1/4 1/4 1/2", "-3/2 1/4 2", "1/2 1 1/4", 3, w, m, s);
}
END_TEST

/* --- derivatives --------------------------------------------------------- */

/* log p at x + u h in series arithmetic: coefficient n is the n-th derivative
 * along u over n!. */
static void along(probe *series, probe *plain, mpfr_t *point, const long *u,
                  const fc_ctx *base) {
  size_t d = plain->d;
  fc_num slope;
  fc_init(slope, base);
  probe_at(plain, point, EVERYTHING);
  for (size_t i = 0; i < 2; i++)
    fc_set_mpfr(series->a + i, point[i], &series->ctx);
  for (size_t i = 0; i < d; i++) {
    fc_set_si(slope, u[i], base);
    fc_series_set_linear(series->x + i, plain->x + i, slope, &series->ctx);
  }
  ck_assert_int_eq(fc_posterior_eval(series->posterior, series->a, series->b,
                                     series->x, EVERYTHING),
                   FC_OK);
  fc_clear(slope, base);
}

/* z = sum_i u_i v_i. */
static void contract(fc_ptr z, fc_srcptr v, const long *u, size_t d,
                     const fc_ctx *ctx) {
  fc_num t;
  fc_init(t, ctx);
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_mul_si(t, v + i, u[i], ctx);
    fc_add(z, z, t, ctx);
  }
  fc_clear(t, ctx);
}

static void trace_slope(fc_ptr z, const probe *series) {
  const fc_ctx *base = series->ctx.base;
  size_t d = series->d;
  fc_set_si(z, 0, base);
  for (size_t i = 0; i < d; i++)
    fc_add(z, z,
           fc_series_coeff_src(series->value->score_jacobian + i * d + i, 1),
           base);
}

static void check_derivatives(probe *series, probe *plain, const long *u,
                              const fc_ctx *base, long bits) {
  size_t d = plain->d;
  fc_num wanted, got;
  fc_init(wanted, base);
  fc_init(got, base);
  contract(wanted, plain->value->score, u, d, base);
  expect_close(fc_series_coeff_src(series->value->log_density, 1), base, wanted,
               base, bits, 1, "first derivative of log p");
  fc_ptr su = fc_vec_new(d, base);
  for (size_t i = 0; i < d; i++) {
    contract(su + i, plain->value->score_jacobian + i * d, u, d, base);
    expect_close(fc_series_coeff_src(series->value->score + i, 1), base, su + i,
                 base, bits, 1, "first derivative of the score");
  }
  contract(wanted, su, u, d, base);
  fc_mul_2exp_si(wanted, wanted, -1, base);
  expect_close(fc_series_coeff_src(series->value->log_density, 2), base, wanted,
               base, bits, 1, "second derivative of log p");
  contract(wanted, plain->value->score_third, u, d, base);
  trace_slope(got, series);
  expect_close(got, base, wanted, base, bits - 5, 1, "derivative of tr S");
  fc_vec_free(su, d, base);
  fc_clear(wanted, base);
  fc_clear(got, base);
}

/* On the line G is the third derivative of log p. */
static void check_third(probe *series, probe *plain, long u,
                        const fc_ctx *base) {
  fc_num wanted;
  fc_init(wanted, base);
  fc_mul_si(wanted, plain->value->score_third, u * u * u, base);
  fc_div_si(wanted, wanted, 6, base);
  expect_close(fc_series_coeff_src(series->value->log_density, 3), base, wanted,
               base, 60, 1, "third derivative of log p");
  fc_clear(wanted, base);
}

START_TEST(scores_are_derivatives) {
  fc_ctx base, ctx;
  fc_ctx_init_mpfr(&base, 160);
  fc_ctx_init_series(&ctx, &base, 4);
  fc_target *target = zoo((size_t)_i);
  size_t d = fc_target_dimension(target);
  generator g = {100 + (uint64_t)_i};
  probe series, plain;
  probe_init(&series, target, &ctx);
  probe_init(&plain, target, &base);
  mpfr_t point[5];
  point_init(point, d);
  for (int trial = 0; trial < 5; trial++) {
    const long u[3] = {next_long(&g, 1, 3), next_long(&g, -2, 2),
                       next_long(&g, -2, 2)};
    random_point(point, d, &g);
    if (mpfr_cmp_d(point[0], 0.0625) < 0)
      mpfr_set_d(point[0], 0.0625, MPFR_RNDN);
    along(&series, &plain, point, u, &base);
    check_derivatives(&series, &plain, u, &base, 80);
    if (d == 1)
      check_third(&series, &plain, u[0], &base);
  }
  point_clear(point, d);
  probe_clear(&series);
  probe_clear(&plain);
  fc_target_free(target);
}
END_TEST

/* --- moments against score ------------------------------------------------ */

/* a^2 s = b M - x, a^4 S = b^2 C - a^2 I, a^6 G = b^3 (T - 2 C M). */
static void check_identities(const probe *p, long bits) {
  const fc_ctx *ctx = &p->ctx;
  size_t d = p->d;
  fc_num t, u, a2;
  fc_init(t, ctx);
  fc_init(u, ctx);
  fc_init(a2, ctx);
  fc_sqr(a2, p->a, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_mul(t, p->b, p->value->mean + i, ctx);
    fc_sub(t, t, p->x + i, ctx);
    fc_mul(u, a2, p->value->score + i, ctx);
    expect_close(u, ctx, t, ctx, bits, 1, "a^2 s = b M - x");
    for (size_t j = 0; j < d; j++) {
      fc_sqr(t, p->b, ctx);
      fc_mul(t, t, p->value->covariance + i * d + j, ctx);
      if (i == j)
        fc_sub(t, t, a2, ctx);
      fc_sqr(u, a2, ctx);
      fc_mul(u, u, p->value->score_jacobian + i * d + j, ctx);
      expect_close(u, ctx, t, ctx, bits, 1, "a^4 S = b^2 C - a^2 I");
    }
    fc_set_si(t, 0, ctx);
    for (size_t j = 0; j < d; j++)
      fc_addmul(t, p->value->covariance + i * d + j, p->value->mean + j, ctx);
    fc_mul_2exp_si(t, t, 1, ctx);
    fc_sub(t, p->value->third + i, t, ctx);
    fc_pow_si(u, p->b, 3, ctx);
    fc_mul(t, t, u, ctx);
    fc_pow_si(u, a2, 3, ctx);
    fc_mul(u, u, p->value->score_third + i, ctx);
    expect_close(u, ctx, t, ctx, bits, 1, "a^6 G = b^3 (T - 2 C M)");
  }
  fc_clear(t, ctx);
  fc_clear(u, ctx);
  fc_clear(a2, ctx);
}

START_TEST(moments_agree_with_scores) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 256);
  fc_target *target = zoo((size_t)_i);
  size_t d = fc_target_dimension(target);
  generator g = {200 + (uint64_t)_i};
  probe p;
  probe_init(&p, target, &ctx);
  mpfr_t point[5];
  point_init(point, d);
  for (int trial = 0; trial < 20; trial++) {
    random_point(point, d, &g);
    probe_at(&p, point, EVERYTHING);
    check_identities(&p, 128);
  }
  point_clear(point, d);
  probe_clear(&p);
  fc_target_free(target);
}
END_TEST

/* --- balls and binary64 --------------------------------------------------- */

static void check_contained(const probe *p, const probe *exact, int which) {
  mpfr_t value;
  mpfr_init2(value, 1500);
  for (size_t i = 0; i < result_count(p->d); i++) {
    const char *name;
    fc_get_mid(value, result(exact, i, &name), &exact->ctx);
    fc_srcptr got = result(p, i, &name);
    if (!contains(got, value, &p->ctx)) {
      print_numbers(name, "arb", got, value, &p->ctx);
      ck_abort_msg("%s of target %d lies outside its ball", name, which);
    }
  }
  mpfr_clear(value);
}

START_TEST(balls_contain_the_values) {
  if (!fc_have_arb())
    return;
  fc_ctx ball, fine;
  ck_assert_int_eq(fc_ctx_init_arb(&ball, 100, NULL), FC_OK);
  fc_ctx_init_mpfr(&fine, 1500);
  fc_target *target = zoo((size_t)_i);
  size_t d = fc_target_dimension(target);
  generator g = {300 + (uint64_t)_i};
  probe p, exact;
  probe_init(&p, target, &ball);
  probe_init(&exact, target, &fine);
  mpfr_t point[5];
  point_init(point, d);
  for (int trial = 0; trial < 10; trial++) {
    random_point(point, d, &g);
    probe_at(&p, point, EVERYTHING);
    probe_at(&exact, point, EVERYTHING);
    check_contained(&p, &exact, _i);
    for (size_t i = 0; i < result_count(d); i++) {
      const char *name;
      ck_assert(fc_is_finite(result(&p, i, &name), &ball));
    }
  }
  point_clear(point, d);
  probe_clear(&p);
  probe_clear(&exact);
  fc_target_free(target);
}
END_TEST

/* A ball around x about 2^(exponent - 24) wide, x somewhere in it: what
 * rounding x + 2^exponent at 24 bits leaves. */
static void blur(fc_ptr z, mpfr_srcptr x, long exponent, const fc_ctx *ctx) {
  fc_ctx coarse;
  fc_num t, big;
  ck_assert_int_eq(fc_ctx_init_arb(&coarse, 24, NULL), FC_OK);
  fc_init(t, &coarse);
  fc_init(big, &coarse);
  fc_set_mpfr(t, x, &coarse);
  fc_set_si(big, 1, &coarse);
  fc_mul_2exp_si(big, big, exponent, &coarse);
  fc_add(t, t, big, &coarse);
  fc_sub(t, t, big, &coarse);
  fc_convert(z, ctx, t, &coarse);
  fc_clear(t, &coarse);
  fc_clear(big, &coarse);
}

START_TEST(wide_balls_contain_the_values) {
  if (!fc_have_arb())
    return;
  fc_ctx ball, fine;
  ck_assert_int_eq(fc_ctx_init_arb(&ball, 100, NULL), FC_OK);
  fc_ctx_init_mpfr(&fine, 1500);
  fc_target *target = zoo((size_t)_i);
  size_t d = fc_target_dimension(target);
  generator g = {400 + (uint64_t)_i};
  probe p, exact;
  probe_init(&p, target, &ball);
  probe_init(&exact, target, &fine);
  mpfr_t point[5];
  point_init(point, d);
  for (int trial = 0; trial < 20; trial++) {
    random_point(point, d, &g);
    for (size_t i = 0; i < 2 + d; i++)
      blur(p.a + i, point[i], next_long(&g, 0, 22), &ball);
    ck_assert_int_eq(fc_posterior_eval(p.posterior, p.a, p.b, p.x, EVERYTHING),
                     FC_OK);
    probe_at(&exact, point, EVERYTHING);
    check_contained(&p, &exact, _i);
  }
  point_clear(point, d);
  probe_clear(&p);
  probe_clear(&exact);
  fc_target_free(target);
}
END_TEST

/* Relative errors of binary64 away from cancellation: 1e-10 or better. */
START_TEST(binary64_agrees) {
  fc_ctx plain, fine;
  fc_ctx_init_double(&plain);
  fc_ctx_init_mpfr(&fine, 300);
  fc_target *target = zoo((size_t)_i);
  size_t d = fc_target_dimension(target);
  generator g = {500 + (uint64_t)_i};
  probe p, exact;
  probe_init(&p, target, &plain);
  probe_init(&exact, target, &fine);
  mpfr_t point[5];
  point_init(point, d);
  for (int trial = 0; trial < 50; trial++) {
    random_point(point, d, &g);
    if (mpfr_cmp_d(point[0], 0.03125) < 0)
      mpfr_set_d(point[0], 0.03125, MPFR_RNDN);
    probe_at(&p, point, EVERYTHING);
    probe_at(&exact, point, EVERYTHING);
    for (size_t i = 0; i < result_count(d); i++) {
      const char *name;
      fc_srcptr wanted = result(&exact, i, &name);
      fc_srcptr got = result(&p, i, &name);
      expect_close(got, &plain, wanted, &fine, 33, 1, name);
    }
  }
  point_clear(point, d);
  probe_clear(&p);
  probe_clear(&exact);
  fc_target_free(target);
}
END_TEST

/* --- closed forms and symmetries ------------------------------------------ */

/* N(m, s^2 I): M = (a^2 m + b s^2 x)/v, C = a^2 s^2/v I, T = 2 C M,
 * s = -(x - b m)/v, S = -I/v, G = 0, v = a^2 + b^2 s^2; exact rationals. */
START_TEST(one_gaussian) {
  size_t d = (size_t)_i;
  char means[64] = "", stddev[] = "2/3";
  for (size_t i = 0; i < d; i++)
    strcat(means, i ? " -2" : "1/3");
  fc_target *target = isotropic(d, NULL, means, stddev);
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 128);
  probe p;
  probe_init(&p, target, &ctx);
  /* a = 1/2, b = 3/4: v = 1/4 + 9/16 4/9 = 1/2; x = (1, .., 1) */
  char point[128] = "1/2 3/4";
  for (size_t i = 0; i < d; i++)
    strcat(point, " 1");
  probe_text(&p, point, EVERYTHING);
  for (size_t i = 0; i < d; i++) {
    /* M = (m/4 + 1/3) 2, s = -2 (1 - 3 m/4) */
    fc_num wanted;
    fc_init(wanted, &ctx);
    constants c;
    constants_init(&c, i ? "-1/3 -5 -2/27" : "5/6 -3/2 5/27");
    fc_constant_eval(wanted, c.list[0], &ctx);
    expect_close(p.value->mean + i, &ctx, wanted, &ctx, 120, 0.1, "M");
    fc_constant_eval(wanted, c.list[1], &ctx);
    expect_close(p.value->score + i, &ctx, wanted, &ctx, 120, 0.1, "s");
    /* C = 1/4 4/9 2 = 2/9, T = 4/9 M */
    fc_mul_si(wanted, p.value->mean + i, 4, &ctx);
    fc_div_si(wanted, wanted, 9, &ctx);
    expect_close(p.value->third + i, &ctx, wanted, &ctx, 120, 0.1, "T");
    for (size_t j = 0; j < d; j++) {
      double c_ij = fc_get_d(p.value->covariance + i * d + j, &ctx);
      double s_ij = fc_get_d(p.value->score_jacobian + i * d + j, &ctx);
      ck_assert_double_eq_tol(c_ij, i == j ? 2.0 / 9 : 0, 1e-16);
      ck_assert_double_eq_tol(s_ij, i == j ? -2 : 0, 1e-15);
    }
    ck_assert(fc_is_zero(p.value->score_third + i, &ctx) == FC_TRUE);
    constants_clear(&c);
    fc_clear(wanted, &ctx);
  }
  /* log p = -|x - b m|^2 - (d/2) log pi */
  double square = 0.75 * 0.75 + 2.5 * 2.5 * (double)(d - 1);
  ck_assert_double_eq_tol(fc_get_d(p.value->log_density, &ctx),
                          -square - (double)d / 2 * log(acos(-1)), 1e-12);
  probe_clear(&p);
  fc_target_free(target);
}
END_TEST

/* Moving nu by c moves x by b c: M moves by c, T by 2 C c, all else stays. */
START_TEST(translation) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 200);
  fc_target *here = isotropic(2, "1/8 3/8 1/2", "-1 0 1 1/2 0 3/4",
                              _i ? "1/3 1/3 1/3" : "1/3 1/4 1/2");
  fc_target *there = isotropic(2, "1/8 3/8 1/2", "9 -7 11 -13/2 10 -25/4",
                               _i ? "1/3 1/3 1/3" : "1/3 1/4 1/2");
  probe p, q;
  probe_init(&p, here, &ctx);
  probe_init(&q, there, &ctx);
  probe_text(&p, "1/2 3/4 1/3 1/5", EVERYTHING);
  probe_text(&q, "1/2 3/4 47/6 -101/20", EVERYTHING); /* + (15/2, -21/4) */
  const long c[2] = {10, -7};
  fc_num t, u;
  fc_init(t, &ctx);
  fc_init(u, &ctx);
  for (size_t i = 0; i < 2; i++) {
    fc_add_si(t, p.value->mean + i, c[i], &ctx);
    expect_close(q.value->mean + i, &ctx, t, &ctx, 180, 1, "M + c");
    contract(t, p.value->covariance + i * 2, c, 2, &ctx);
    fc_mul_2exp_si(t, t, 1, &ctx);
    fc_add(t, t, p.value->third + i, &ctx);
    expect_close(q.value->third + i, &ctx, t, &ctx, 180, 1, "T + 2 C c");
    expect_close(q.value->score + i, &ctx, p.value->score + i, &ctx, 180, 1,
                 "score");
    expect_close(q.value->score_third + i, &ctx, p.value->score_third + i, &ctx,
                 180, 1, "score third");
  }
  for (size_t i = 0; i < 4; i++) {
    expect_close(q.value->covariance + i, &ctx, p.value->covariance + i, &ctx,
                 180, 1, "covariance");
    expect_close(q.value->score_jacobian + i, &ctx, p.value->score_jacobian + i,
                 &ctx, 180, 1, "score Jacobian");
  }
  expect_close(q.value->log_density, &ctx, p.value->log_density, &ctx, 180, 1,
               "log density");
  fc_clear(t, &ctx);
  fc_clear(u, &ctx);
  probe_clear(&p);
  probe_clear(&q);
  fc_target_free(here);
  fc_target_free(there);
}
END_TEST

/* Q = [[3,-4],[4,3]]/5 turns means, covariances and x: vectors turn, log p
 * stays. */
START_TEST(rotation) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 200);
  fc_target *here = mixture(2, "1/3 2/3", "-1 0 1/2 1", "1 1/2 1/2 2 2 0 0 1");
  fc_target *there = mixture(2, "1/3 2/3", "-3/5 -4/5 -1/2 1",
                             "29/25 -31/50 -31/50 46/25 "
                             "34/25 12/25 12/25 41/25");
  probe p, q;
  probe_init(&p, here, &ctx);
  probe_init(&q, there, &ctx);
  probe_text(&p, "1/2 3/4 1 2", EVERYTHING);
  probe_text(&q, "1/2 3/4 -1 2", EVERYTHING);
  fc_srcptr const before[] = {p.value->mean, p.value->third, p.value->score,
                              p.value->score_third};
  fc_srcptr const after[] = {q.value->mean, q.value->third, q.value->score,
                             q.value->score_third};
  const long rows[2][2] = {{3, -4}, {4, 3}};
  fc_num t;
  fc_init(t, &ctx);
  for (size_t k = 0; k < 4; k++)
    for (size_t i = 0; i < 2; i++) {
      contract(t, before[k], rows[i], 2, &ctx);
      fc_div_si(t, t, 5, &ctx);
      expect_close(after[k] + i, &ctx, t, &ctx, 180, 1, "turned vector");
    }
  expect_close(q.value->log_density, &ctx, p.value->log_density, &ctx, 180, 1,
               "log density");
  fc_clear(t, &ctx);
  probe_clear(&p);
  probe_clear(&q);
  fc_target_free(here);
  fc_target_free(there);
}
END_TEST

/* The same law written three ways: equal isotropic, isotropic with one
 * component split into two of other spelling, full covariances; and a product
 * of mixtures as the mixture of products. */
START_TEST(one_law_many_spellings) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 200);
  fc_target *laws[4] = {
      product(isotropic(1, "1/4 3/4", "-1 2", "1/2 1/2"),
              isotropic(1, NULL, "0 1", "1/2 1/2")),
      isotropic(2, "1/8 1/8 3/8 3/8", "-1 0 -1 1 2 0 2 1", "1/2 1/2 1/2 1/2"),
      isotropic(2, "1/8 1/8 3/8 3/8", "-1 0 -1 1 2 0 2 1",
                "1/2 sqrt(1/4) sin(pi/6) 1/2"),
      mixture(2, "1/8 1/8 3/8 3/8", "-1 0 -1 1 2 0 2 1",
              "1/4 0 0 1/4 1/4 0 0 1/4 1/4 0 0 1/4 sin(pi/6)/2 0 0 1/4")};
  probe first, p;
  probe_init(&first, laws[0], &ctx);
  probe_text(&first, "1/3 2/3 3/5 -1/7", EVERYTHING);
  for (int k = 1; k < 4; k++) {
    probe_init(&p, laws[k], &ctx);
    probe_text(&p, "1/3 2/3 3/5 -1/7", EVERYTHING);
    for (size_t i = 0; i < result_count(2); i++) {
      const char *name;
      fc_srcptr wanted = result(&first, i, &name);
      expect_close(result(&p, i, &name), &ctx, wanted, &ctx, 180, 1, name);
    }
    probe_clear(&p);
  }
  probe_clear(&first);
  for (int k = 0; k < 4; k++)
    fc_target_free(laws[k]);
}
END_TEST

/* --- ends and tails --------------------------------------------------------
 */

/* b = 0: the posterior is nu, whatever x. */
START_TEST(at_the_start_the_posterior_is_nu) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 128);
  const struct {
    size_t which;
    double mean, variance, third; /* third: Cov(X, X^2) */
  } known[] = {
      {0, 0, 2.5, 0},
      {5, 0.5, 0.75, 0}, /* X^2 = 1 */
      {6, 0.5, 1.0 / 12, 1.0 / 12},
  };
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    fc_target *target = zoo(known[k].which);
    probe p;
    probe_init(&p, target, &ctx);
    probe_text(&p, "1 0 1000", EVERYTHING);
    ck_assert_double_eq_tol(fc_get_d(p.value->mean, &ctx), known[k].mean,
                            1e-15);
    ck_assert_double_eq_tol(fc_get_d(p.value->covariance, &ctx),
                            known[k].variance, 1e-15);
    ck_assert_double_eq_tol(fc_get_d(p.value->third, &ctx), known[k].third,
                            1e-15);
    ck_assert_double_eq_tol(fc_get_d(p.value->score, &ctx), -1000, 1e-9);
    probe_clear(&p);
    fc_target_free(target);
  }
}
END_TEST

/* a = 0: the posterior is the point x/b; the score is that of nu. */
START_TEST(at_the_end) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 128);
  fc_target *target = zoo((size_t)_i);
  size_t d = fc_target_dimension(target);
  const char *const points[] = {"", "0 1/2 1/4", "0 1/2 1/4 1/4",
                                "0 1/2 1/4 1/4 1/4"};
  probe p;
  probe_init(&p, target, &ctx);
  probe_text(&p, points[d], EVERYTHING);
  bool atoms = !fc_target_has_density(target);
  for (size_t i = 0; i < d; i++) {
    double mean = fc_get_d(p.value->mean + i, &ctx);
    double score = fc_get_d(p.value->score + i, &ctx);
    /* of the atoms -1 and 1 the second is the nearer */
    ck_assert_double_eq_tol(mean, atoms ? 1 : 0.5, 1e-30);
    ck_assert(atoms ? !isfinite(score) : isfinite(score));
    if (!atoms)
      ck_assert_double_le(fabs(fc_get_d(p.value->third + i, &ctx)), 1e-30);
  }
  for (size_t i = 0; i < d * d && !atoms; i++)
    ck_assert_double_le(fabs(fc_get_d(p.value->covariance + i, &ctx)), 1e-30);
  probe_clear(&p);
  fc_target_free(target);
}
END_TEST

START_TEST(outside_the_support) {
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  fc_target *target = pieces("1/2 - - 0 1 1/2 - - 2 3");
  probe p;
  probe_init(&p, target, &ctx);
  const char *const gaps[] = {"0 1 3/2", "0 1 -1", "0 1 4"};
  for (int i = 0; i < 3; i++) {
    probe_text(&p, gaps[i], EVERYTHING);
    ck_assert(!isfinite(fc_get_d(p.value->score, &ctx)));
    ck_assert_double_eq(fc_get_d(p.value->log_density, &ctx), -INFINITY);
  }
  probe_text(&p, "0 1 2", EVERYTHING); /* on the edge */
  ck_assert_double_nan(fc_get_d(p.value->score, &ctx));
  ck_assert_double_eq(fc_get_d(p.value->mean, &ctx), 2);
  probe_text(&p, "0 1 5/2", EVERYTHING);
  ck_assert_double_eq(fc_get_d(p.value->score, &ctx), 0);
  ck_assert_double_eq_tol(fc_get_d(p.value->log_density, &ctx), -log(2), 1e-15);
  probe_clear(&p);
  fc_target_free(target);
}
END_TEST

/* Two points a moderate distance apart in a, b near the ends agree with the
 * ends, in binary64. */
START_TEST(near_the_ends) {
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  const size_t which[] = {0, 1, 6, 7, 9};
  for (size_t k = 0; k < 5; k++) {
    fc_target *target = zoo(which[k]);
    probe end, near;
    probe_init(&end, target, &ctx);
    probe_init(&near, target, &ctx);
    probe_text(&end, "0 1 1/4", EVERYTHING);
    probe_text(&near, "1e-12 1 1/4", EVERYTHING);
    expect_close(near.value->score, &ctx, end.value->score, &ctx, 30, 1, "s");
    expect_close(near.value->score_jacobian, &ctx, end.value->score_jacobian,
                 &ctx, 30, 1, "S");
    ck_assert_double_eq_tol(fc_get_d(near.value->covariance, &ctx), 1e-24,
                            1e-33);
    probe_text(&end, "1 0 1/4", EVERYTHING);
    probe_text(&near, "1 1e-12 1/4", EVERYTHING);
    for (size_t i = 0; i < 3; i++) {
      const char *name;
      fc_srcptr wanted = result(&end, i, &name);
      expect_close(result(&near, i, &name), &ctx, wanted, &ctx, 30, 1, name);
    }
    probe_clear(&end);
    probe_clear(&near);
    fc_target_free(target);
  }
}
END_TEST

/* Eight modes 0.03 wide on a circle of radius 12: far tails, no NaN, and at the
 * centre by symmetry M = 0, Cov = 72 I + V. */
START_TEST(narrow_modes) {
  char means[1024] = "", stddevs[128] = "", text[64];
  for (int j = 0; j < 8; j++) {
    snprintf(text, sizeof text, "%s12*sin(pi*%d/4) 12*cos(pi*%d/4)",
             j ? " " : "", j, j);
    strcat(means, text);
    strcat(stddevs, j ? " 0.03" : "0.03");
  }
  fc_target *target = isotropic(2, NULL, means, stddevs);
  for (int kind = 0; kind < 2; kind++) {
    fc_ctx ctx;
    if (kind == 0)
      fc_ctx_init_double(&ctx);
    else
      fc_ctx_init_mpfr(&ctx, 256);
    probe p;
    probe_init(&p, target, &ctx);
    probe_text(&p, "1/2 1/2 0 0", EVERYTHING);
    double v = 0.25 + 0.25 * 0.0009, tilt = 0.25 / v;
    ck_assert_double_eq_tol(fc_get_d(p.value->mean, &ctx), 0, 1e-10);
    ck_assert_double_eq_tol(fc_get_d(p.value->covariance, &ctx),
                            0.0009 * tilt + 72 * tilt * tilt, 1e-10);
    probe_text(&p, "1/100 1 1000 2000", EVERYTHING);
    for (size_t i = 0; i < result_count(2); i++) {
      const char *name;
      ck_assert_msg(fc_is_finite(result(&p, i, &name), &ctx), "%s", name);
    }
    probe_clear(&p);
  }
  fc_target_free(target);
}
END_TEST

/* --- goldens ---------------------------------------------------------------
 */

static void check_golden(const posterior_golden *golden, const fc_ctx *ctx,
                         long bits) {
  fc_target *target = pieces(golden->target);
  fc_ctx fine;
  fc_ctx_init_mpfr(&fine, 200);
  fc_num wanted;
  fc_init(wanted, &fine);
  probe p;
  probe_init(&p, target, ctx);
  probe_text(&p, golden->point, EVERYTHING);
  mpfr_t value;
  mpfr_init2(value, 200);
  for (size_t i = 0; i < 7; i++) {
    const char *name;
    char message[256];
    fc_srcptr got = result(&p, i, &name);
    mpfr_set_str(value, golden->values[i], 10, MPFR_RNDN);
    fc_set_mpfr(wanted, value, &fine);
    snprintf(message, sizeof message, "%s of %s at %s", name, golden->target,
             golden->point);
    /* 0 by symmetry, or too small for mpmath: of the order of rounding */
    bool zero = mpfr_zero_p(value);
    expect_close(got, ctx, wanted, &fine, zero ? 40 : bits, zero ? 1 : 0,
                 message);
    if (ctx->kind == FC_ARB && !zero) {
      ck_assert(fc_is_finite(got, ctx));
      /* the golden has 40 digits */
      mpfr_t mid, rad;
      mpfr_init2(mid, 400);
      mpfr_init2(rad, 64);
      fc_get_enclosure(mid, rad, got, ctx);
      mpfr_sub(mid, mid, value, MPFR_RNDU);
      mpfr_mul_d(value, value, 1e-38, MPFR_RNDA);
      mpfr_abs(value, value, MPFR_RNDU);
      mpfr_add(rad, rad, value, MPFR_RNDU);
      ck_assert_msg(mpfr_cmpabs(mid, rad) <= 0, "%s", message);
      mpfr_clears(mid, rad, (mpfr_ptr)0);
    }
  }
  mpfr_clear(value);
  fc_clear(wanted, &fine);
  probe_clear(&p);
  fc_target_free(target);
}

START_TEST(restricted_laws_match_mpmath) {
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  check_golden(posterior_goldens + _i, &ctx, 33);
  fc_ctx_init_mpfr(&ctx, 128);
  check_golden(posterior_goldens + _i, &ctx, 90);
  if (fc_ctx_init_arb(&ctx, 128, NULL) == FC_OK)
    check_golden(posterior_goldens + _i, &ctx, 60);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("posterior");
  TCase *c = tcase_create("posterior");
  const int goldens = sizeof posterior_goldens / sizeof *posterior_goldens;
  tcase_set_timeout(c, 120);
  tcase_add_test(c, equal_mixture_is_its_integral);
  tcase_add_test(c, unequal_mixture_is_its_integral);
  tcase_add_loop_test(c, scores_are_derivatives, 0, ZOO_SIZE);
  tcase_add_loop_test(c, moments_agree_with_scores, 0, ZOO_SIZE);
  tcase_add_loop_test(c, balls_contain_the_values, 0, ZOO_SIZE);
  tcase_add_loop_test(c, wide_balls_contain_the_values, 0, ZOO_SIZE);
  tcase_add_loop_test(c, binary64_agrees, 0, ZOO_SIZE);
  tcase_add_loop_test(c, one_gaussian, 1, 9);
  tcase_add_loop_test(c, translation, 0, 2);
  tcase_add_test(c, rotation);
  tcase_add_test(c, one_law_many_spellings);
  tcase_add_test(c, at_the_start_the_posterior_is_nu);
  tcase_add_loop_test(c, at_the_end, 0, ZOO_SIZE);
  tcase_add_test(c, outside_the_support);
  tcase_add_test(c, near_the_ends);
  tcase_add_test(c, narrow_modes);
  tcase_add_loop_test(c, restricted_laws_match_mpmath, 0, goldens);
  suite_add_tcase(suite, c);
  return run_suite(suite);
}
