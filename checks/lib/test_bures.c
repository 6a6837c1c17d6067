/* lib/transport: W_2 between Gaussians, and bounds between mixtures and
 * samples.
 *
 * Judges: for 2x2 covariances tr (S^(1/2) T S^(1/2))^(1/2) is the root of
 * tr ST + 2 (det S det T)^(1/2); for commuting ones W_2^2 is the sum of
 * (s_i^(1/2) - t_i^(1/2))^2; and inequalities between the bounds. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "numbers.h"
#include "targets.h"
#include "transport/gaussian.h"
#include "transport/laws.h"
#include "transport/mixture.h"
#include "transport/samples.h"
#include "transport/sliced.h"

static void load(fc_ptr z, const long *a, size_t count, long exponent,
                 const fc_ctx *ctx) {
  for (size_t i = 0; i < count; i++) {
    fc_set_si(z + i, a[i], ctx);
    fc_mul_2exp_si(z + i, z + i, exponent, ctx);
  }
}

/* value contains `wanted`, and its error is below 2^-slack of it. */
static void judge(const fc_w2_value *value, mpfr_srcptr wanted, long slack,
                  const fc_ctx *ctx, const char *what) {
  mpfr_t mid, error, gap;
  mpfr_inits2(REFERENCE_BITS, mid, error, gap, (mpfr_ptr)0);
  fc_get_mid(mid, value->w2, ctx);
  fc_get_rad(error, value->w2, ctx);
  if (mpfr_nan_p(error))
    fc_get_mid(error, value->error, ctx);
  mpfr_sub(gap, mid, wanted, MPFR_RNDA);
  mpfr_abs(gap, gap, MPFR_RNDU);
  bool inside = mpfr_lessequal_p(gap, error);
  mpfr_mul_2si(gap, wanted, -slack, MPFR_RNDD);
  bool narrow = mpfr_lessequal_p(error, gap);
  if (!inside || !narrow)
    mpfr_printf("%s, %ld bits: %.40Rg +/- %.5Rg, should be %.40Rg\n", what,
                ctx->precision, mid, error, wanted);
  ck_assert(inside && narrow);
  mpfr_clears(mid, error, gap, (mpfr_ptr)0);
}

/* --- 2x2 ------------------------------------------------------------------
 */

static void closed_form(mpfr_t z, const long *m, const long *s, const long *t) {
  mpfr_t x;
  mpfr_init2(x, REFERENCE_BITS);
  mpfr_set_si(x, s[0] * s[3] - s[1] * s[2], MPFR_RNDN);
  mpfr_mul_si(x, x, t[0] * t[3] - t[1] * t[2], MPFR_RNDN);
  mpfr_sqrt(x, x, MPFR_RNDN);
  mpfr_mul_2ui(x, x, 1, MPFR_RNDN);
  mpfr_add_si(x, x, s[0] * t[0] + 2 * s[1] * t[1] + s[3] * t[3], MPFR_RNDN);
  mpfr_sqrt(x, x, MPFR_RNDN);
  mpfr_mul_2ui(x, x, 1, MPFR_RNDN);
  mpfr_si_sub(x, m[0] * m[0] + m[1] * m[1] + s[0] + s[3] + t[0] + t[3], x,
              MPFR_RNDN);
  if (mpfr_get_exp(x) < -1000)
    mpfr_set_zero(x, 1);
  mpfr_sqrt(z, x, MPFR_RNDN);
  mpfr_clear(x);
}

/* s = l l^T; singular now and then */
static void draw_covariance(long *s, generator *g) {
  long a = next_long(g, 1, 30), b = next_long(g, -30, 30);
  long c = next_long(g, 0, 3) ? next_long(g, 1, 30) : 0;
  s[0] = a * a;
  s[1] = s[2] = a * b;
  s[3] = b * b + c * c;
}

/* A permutation that puts the zero first. */
static void turn(long *s) {
  long keep = s[0];
  s[0] = s[3];
  s[3] = keep;
}

START_TEST(two_by_two) {
  static const long precisions[] = {53, 53, 100, 300};
  generator g = {1};
  for (int n = 0; n < 60; n++) {
    contexts c;
    long m[2] = {next_long(&g, -3, 3), next_long(&g, -3, 3)}, zero[2] = {0, 0};
    long s[4], t[4], e = next_long(&g, -300, 300);
    mpfr_t wanted;
    draw_covariance(s, &g);
    draw_covariance(t, &g);
    if (n % 5 == 0)
      turn(s);
    if (n % 7 == 0)
      memset(s, 0, sizeof s);
    if (n % 11 == 0)
      memcpy(t, s, sizeof t);
    mpfr_init2(wanted, REFERENCE_BITS);
    closed_form(wanted, m, s, t);
    mpfr_mul_2si(wanted, wanted, e, MPFR_RNDN);
    contexts_init(&c, precisions[n % 4]);
    for (size_t i = 0; i < (fc_have_arb() ? 3u : 2u); i++) {
      const fc_ctx *ctx = &c.list[i];
      fc_w2_value value;
      fc_ptr x = fc_vec_new(12, ctx);
      load(x, m, 2, e, ctx);
      load(x + 2, s, 4, 2 * e, ctx);
      load(x + 6, zero, 2, e, ctx);
      load(x + 8, t, 4, 2 * e, ctx);
      fc_set_d(x + 3, NAN, ctx); /* the upper triangle is not read */
      fc_w2_value_init(&value, ctx);
      ck_assert_int_eq(
          fc_w2_gaussians(&value, x, x + 2, x + 6, x + 8, 2, ctx, NULL), FC_OK);
      ck_assert(value.kind == FC_W2_EXACT && value.proved == fc_have_arb());
      if (!mpfr_zero_p(wanted))
        judge(&value, wanted, ctx->precision - 1, ctx, "2x2");
      else
        ck_assert(fabs(fc_get_d(value.w2, ctx)) < 1e-90);
      fc_w2_value_clear(&value, ctx);
      fc_vec_free(x, 12, ctx);
    }
    mpfr_clear(wanted);
  }
}
END_TEST

/* S and (1 + 2^-80)^2 S: W_2 = 2^-80 (tr S)^(1/2), though S and T agree to 79
 * bits. */
START_TEST(close_laws) {
  static const long s[9] = {4, 1, 0, 1, 5, 2, 0, 2, 7};
  fc_ctx ctx[1];
  fc_w2_value value;
  mpfr_t wanted;
  fc_ctx_init_mpfr(ctx, 200);
  mpfr_init2(wanted, REFERENCE_BITS);
  mpfr_sqrt_ui(wanted, 16, MPFR_RNDN);
  mpfr_mul_2si(wanted, wanted, -80, MPFR_RNDN);
  fc_ptr x = fc_vec_new(3 + 9 + 9, ctx);
  fc_num factor;
  fc_init(factor, ctx);
  fc_set_si(factor, 1, ctx);
  fc_mul_2exp_si(factor, factor, -80, ctx);
  fc_add_si(factor, factor, 1, ctx);
  fc_sqr(factor, factor, ctx);
  load(x + 3, s, 9, 0, ctx);
  for (int i = 0; i < 9; i++)
    fc_mul(x + 12 + i, x + 3 + i, factor, ctx);
  fc_w2_value_init(&value, ctx);
  ck_assert_int_eq(fc_w2_gaussians(&value, x, x + 3, x, x + 12, 3, ctx, NULL),
                   FC_OK);
  judge(&value, wanted, 199, ctx, "close");
  fc_w2_value_clear(&value, ctx);
  fc_clear(factor, ctx);
  fc_vec_free(x, 21, ctx);
  mpfr_clear(wanted);
}
END_TEST

/* H diag H and H diag' H with H = n I - 2 v v^T, n = v^T v: eigenvalues are n^2
 * times the diagonal's. */
START_TEST(commuting) {
  generator g = {3};
  for (size_t d = 1; d <= 6; d++) {
    fc_ctx ctx[1];
    fc_w2_value value;
    long v[6], n = 0, a[2][6], h[36], s[2][36], zero[6] = {0};
    mpfr_t wanted, x, y;
    fc_ctx_init_mpfr(ctx, 128);
    mpfr_inits2(REFERENCE_BITS, wanted, x, y, (mpfr_ptr)0);
    mpfr_set_zero(wanted, 1);
    for (size_t i = 0; i < d; i++) {
      v[i] = next_long(&g, -5, 5) | 1;
      n += v[i] * v[i];
      a[0][i] = next_long(&g, 1, 50);
      a[1][i] = next_long(&g, 1, 50);
      mpfr_sqrt_ui(x, (unsigned long)a[0][i], MPFR_RNDN);
      mpfr_sqrt_ui(y, (unsigned long)a[1][i], MPFR_RNDN);
      mpfr_sub(x, x, y, MPFR_RNDN);
      mpfr_sqr(x, x, MPFR_RNDN);
      mpfr_add(wanted, wanted, x, MPFR_RNDN);
    }
    mpfr_sqrt(wanted, wanted, MPFR_RNDN);
    mpfr_mul_si(wanted, wanted, n, MPFR_RNDN);
    for (size_t i = 0; i < d * d; i++)
      h[i] = (i / d == i % d ? n : 0) - 2 * v[i / d] * v[i % d];
    fc_ptr z = fc_vec_new(d + 2 * d * d, ctx);
    for (int k = 0; k < 2; k++) {
      for (size_t i = 0; i < d * d; i++) {
        s[k][i] = 0;
        for (size_t j = 0; j < d; j++)
          s[k][i] += h[i / d * d + j] * a[k][j] * h[i % d * d + j];
      }
      load(z + d + (size_t)k * d * d, s[k], d * d, 0, ctx);
    }
    load(z, zero, d, 0, ctx);
    fc_w2_value_init(&value, ctx);
    ck_assert_int_eq(
        fc_w2_gaussians(&value, z, z + d, z, z + d + d * d, d, ctx, NULL),
        FC_OK);
    judge(&value, wanted, 127, ctx, "commuting");
    fc_w2_value_clear(&value, ctx);
    fc_vec_free(z, d + 2 * d * d, ctx);
    mpfr_clears(wanted, x, y, (mpfr_ptr)0);
  }
}
END_TEST

START_TEST(refusals) {
  static const long bad[2][4] = {{1, 2, 2, 1}, {-1, 0, 0, 1}};
  static const long good[4] = {2, 1, 1, 2};
  fc_ctx ctx[1];
  fc_w2_value value;
  fc_ctx_init_double(ctx);
  fc_w2_value_init(&value, ctx);
  fc_ptr x = fc_vec_new(10, ctx);
  load(x + 6, good, 4, 0, ctx);
  for (int n = 0; n < 2 && fc_have_arb(); n++) {
    load(x + 2, bad[n], 4, 0, ctx);
    ck_assert_int_eq(fc_w2_gaussians(&value, x, x + 2, x, x + 6, 2, ctx, NULL),
                     FC_DOMAIN);
  }
  fc_set_d(x, NAN, ctx);
  ck_assert_int_eq(fc_w2_gaussians(&value, x, x + 6, x, x + 6, 2, ctx, NULL),
                   FC_DOMAIN);
  ck_assert_int_eq(fc_w2_gaussians(&value, x, x, x, x, 0, ctx, NULL), FC_SHAPE);
  fc_w2_value_clear(&value, ctx);
  fc_vec_free(x, 10, ctx);
}
END_TEST

/* --- mixtures -------------------------------------------------------------
 */

static double w2_of(const fc_target *p, const fc_target *q, fc_w2_kind want,
                    fc_w2_kind got, const fc_ctx *ctx) {
  fc_w2_value value;
  fc_error error = {0};
  fc_w2_value_init(&value, ctx);
  fc_status status = fc_w2_laws(&value, p, q, want, ctx, &error);
  ck_assert_msg(status == FC_OK, "%s", error.message);
  ck_assert_int_eq(value.kind, got);
  double w2 = fc_get_d(value.w2, ctx);
  fc_w2_value_clear(&value, ctx);
  return w2;
}

static void each_context(void (*judge_in)(const fc_ctx *ctx)) {
  contexts c;
  contexts_init(&c, 100);
  for (size_t i = 0; i < (fc_have_arb() ? 3u : 2u); i++)
    judge_in(&c.list[i]);
}

/* One law in two spellings, its components in another order; then not quite it.
 */
static void judge_same(const fc_ctx *ctx) {
  fc_target *p = isotropic(2, "1/4 3/4", "0 0 1 1/2", "1 sqrt(2)");
  fc_target *q = isotropic(2, "0.75 0.25", "1 0.5 0 0", "sqrt(2) 1");
  fc_target *r = isotropic(2, "0.25 0.75", "1 0.5 0 0", "sqrt(2) 1");
  fc_target *u =
      isotropic(2, NULL, "1 0.5 0 0 1 0.5 1 1/2", "sqrt(2) 1 sqrt(2) sqrt(2)");
  fc_target *s = mixture(2, NULL, "0 0", "2 1 1 2");
  fc_target *t = mixture(2, NULL, "0 0", "2 1/2 1/2 2");
  for (int want = FC_W2_EXACT; want <= FC_W2_LOWER; want++)
    ck_assert_double_eq(w2_of(p, q, (fc_w2_kind)want, FC_W2_EXACT, ctx), 0);
  ck_assert_double_eq(w2_of(p, u, FC_W2_EXACT, FC_W2_EXACT, ctx), 0);
  ck_assert_double_eq(w2_of(u, p, FC_W2_EXACT, FC_W2_EXACT, ctx), 0);
  ck_assert_double_gt(w2_of(u, r, FC_W2_LOWER, FC_W2_LOWER, ctx), 0.1);
  ck_assert_double_eq(w2_of(s, s, FC_W2_EXACT, FC_W2_EXACT, ctx), 0);
  ck_assert_double_gt(w2_of(p, r, FC_W2_LOWER, FC_W2_LOWER, ctx), 0.1);
  ck_assert_double_gt(w2_of(s, t, FC_W2_EXACT, FC_W2_EXACT, ctx), 0.1);
  fc_target *const all[] = {p, q, r, s, t, u};
  for (int i = 0; i < 6; i++)
    fc_target_free(all[i]);
}

START_TEST(same_law) { each_context(judge_same); }
END_TEST

/* Two components moved by (3, 4), and their spread changed: the upper bound is
 * the coupling of each with its own, 25 + 2 (1/2)^2, and the means say 5. */
static void judge_moved(const fc_ctx *ctx) {
  fc_target *p = isotropic(2, NULL, "0 0 100 0", "1 1");
  fc_target *q = isotropic(2, NULL, "103 4 3 4", "1/2 1/2");
  fc_target *r = mixture(2, NULL, "103 4 3 4", "1/4 0 0 1/4 1/4 0 0 1/4");
  double upper = w2_of(p, q, FC_W2_UPPER, FC_W2_UPPER, ctx);
  ck_assert_double_eq_tol(upper, sqrt(25.5), 1e-14);
  ck_assert_double_eq_tol(w2_of(p, r, FC_W2_UPPER, FC_W2_UPPER, ctx), upper,
                          1e-14);
  double lower = w2_of(p, q, FC_W2_LOWER, FC_W2_LOWER, ctx);
  ck_assert(lower >= 5 && lower <= upper);
  fc_target_free(p);
  fc_target_free(q);
  fc_target_free(r);
}

START_TEST(moved_mixture) { each_context(judge_moved); }
END_TEST

/* Weights 1/3, 2/3 against 1/2, 1/2, on points: 1/6 of the mass must go 10. */
static void judge_weights(const fc_ctx *ctx) {
  fc_target *p = isotropic(2, "1/3 2/3", "0 0 6 8", "0 0");
  fc_target *q = isotropic(2, NULL, "0 0 6 8", "0 0");
  fc_target *r = isotropic(2, "1-1/sqrt(2) 1/sqrt(2)", "0 0 6 8", "0 0");
  ck_assert_double_eq_tol(w2_of(p, q, FC_W2_EXACT, FC_W2_EXACT, ctx),
                          10 / sqrt(6), 1e-14);
  ck_assert_double_eq_tol(w2_of(r, q, FC_W2_EXACT, FC_W2_EXACT, ctx),
                          10 * sqrt(sqrt(0.5) - 0.5), 1e-14);
  ck_assert_double_eq(w2_of(p, p, FC_W2_EXACT, FC_W2_EXACT, ctx), 0);
  fc_target_free(p);
  fc_target_free(q);
  fc_target_free(r);
}

START_TEST(weighted_points) { each_context(judge_weights); }
END_TEST

/* Factor by factor: 3-4-5 from N(0,1) x N(0,I_2) to N(3,1) x N((4,0),I_2), also
 * where one of them splits its coordinates otherwise. */
static void judge_products(const fc_ctx *ctx) {
  fc_target *a = isotropic(1, NULL, "0", "1"),
            *b = isotropic(2, NULL, "0 0", "1");
  fc_target *c = isotropic(1, NULL, "3", "1"),
            *e = isotropic(2, NULL, "4 0", "1");
  fc_target *f = isotropic(1, NULL, "4", "1");
  fc_target *p = NULL, *q = NULL, *r = NULL;
  const fc_target *ps[] = {a, b}, *qs[] = {c, e}, *rs[] = {c, f, a};
  ck_assert_int_eq(fc_target_new_product(&p, 2, ps, NULL), FC_OK);
  ck_assert_int_eq(fc_target_new_product(&q, 2, qs, NULL), FC_OK);
  ck_assert_int_eq(fc_target_new_product(&r, 3, rs, NULL), FC_OK);
  ck_assert_double_eq_tol(w2_of(p, q, FC_W2_EXACT, FC_W2_EXACT, ctx), 5, 1e-14);
  ck_assert_double_eq_tol(w2_of(p, r, FC_W2_EXACT, FC_W2_EXACT, ctx), 5, 1e-14);
  fc_target *all[] = {a, b, c, e, f, p, q, r};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    fc_target_free(all[i]);
}

/* The same with two and three points in the place of the Gaussians. */
static void judge_point_products(const fc_ctx *ctx) {
  fc_target *p = product(isotropic(1, NULL, "0 1", "0 0"),
                         isotropic(2, NULL, "0 0 1 1 5 2", "0 0 0"));
  fc_target *q = product(isotropic(1, NULL, "3 4", "0 0"),
                         isotropic(2, NULL, "4 0 5 1 9 2", "0 0 0"));
  ck_assert_double_eq_tol(w2_of(p, q, FC_W2_EXACT, FC_W2_EXACT, ctx), 5, 1e-14);
  ck_assert_double_eq_tol(w2_of(p, q, FC_W2_UPPER, FC_W2_EXACT, ctx), 5, 1e-14);
  fc_target_free(p);
  fc_target_free(q);
}

START_TEST(products) {
  each_context(judge_products);
  each_context(judge_point_products);
}
END_TEST

/* A product of mixtures is a mixture: a bound, not below the exact value of its
 * factors where only coupling across them is looked at. */
START_TEST(product_as_mixture) {
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  fc_target *a = isotropic(1, "1/4 3/4", "-2 2", "1 1/2");
  fc_target *b = isotropic(1, NULL, "0", "2");
  fc_target *p = NULL, *q = mixture(2, NULL, "1 1 -1 0", "2 1 1 2 1 0 0 3");
  const fc_target *factors[] = {a, b};
  ck_assert_int_eq(fc_target_new_product(&p, 2, factors, NULL), FC_OK);
  double upper = w2_of(p, q, FC_W2_UPPER, FC_W2_UPPER, ctx);
  double lower = w2_of(p, q, FC_W2_LOWER, FC_W2_LOWER, ctx);
  ck_assert_msg(0 < lower && lower < upper && upper < 2 * lower, "%g, %g",
                lower, upper);
  fc_w2_value value;
  fc_w2_value_init(&value, ctx);
  ck_assert_int_eq(fc_w2_laws(&value, p, q, FC_W2_EXACT, ctx, NULL),
                   FC_UNSUPPORTED);
  ck_assert_int_eq(fc_w2_laws(&value, a, q, FC_W2_EXACT, ctx, NULL), FC_SHAPE);
  fc_w2_value_clear(&value, ctx);
  fc_target_free(a);
  fc_target_free(b);
  fc_target_free(p);
  fc_target_free(q);
}
END_TEST

/* Marginals see what means and covariances do not: two and three points a
 * coordinate, with one mean and variance. */
START_TEST(marginals) {
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  fc_target *p = isotropic(2, NULL, "-1 -1 1 1 -1 1 1 -1", "1/9 1/9 1/9 1/9");
  fc_target *q = isotropic(2, "1/16 1/16 1/16 1/16 3/4",
                           "-2 -2 2 2 -2 2 2 -2 0 0", "1/9 1/9 1/9 1/9 1/9");
  fc_target *line = NULL, *same = NULL;
  double lower = w2_of(p, q, FC_W2_LOWER, FC_W2_LOWER, ctx);
  double upper = w2_of(p, q, FC_W2_UPPER, FC_W2_UPPER, ctx);
  ck_assert_int_eq(fc_target_marginal(&line, p, 1, NULL), FC_OK);
  ck_assert_int_eq(fc_target_marginal(&same, q, 0, NULL), FC_OK);
  double w2 = w2_of(line, same, FC_W2_EXACT, FC_W2_EXACT, ctx);
  ck_assert_double_eq_tol(lower, sqrt(2) * w2, 1e-9);
  ck_assert_msg(lower < upper, "%g, %g", lower, upper);
  ck_assert_int_eq(fc_target_marginal(&line, p, 2, NULL), FC_LIMIT);
  fc_target *all[] = {p, q, line, same};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    fc_target_free(all[i]);
}
END_TEST

/* --- samples --------------------------------------------------------------
 */

static double sample_bound(const fc_sample *p, const fc_sample *q, int frames) {
  fc_ctx ctx[1];
  fc_w2_value value;
  fc_ctx_init_double(ctx);
  fc_w2_value_init(&value, ctx);
  ck_assert_int_eq(
      frames < 0 ? fc_w2_samples(&value, p, q, ctx, NULL)
                 : fc_w2_sliced(&value, p, q, (size_t)frames, 7, ctx, NULL),
      FC_OK);
  ck_assert(value.proved);
  ck_assert_int_eq(value.kind, frames < 0 ? FC_W2_EXACT : FC_W2_LOWER);
  double w2 = fc_get_d(value.w2, ctx);
  fc_w2_value_clear(&value, ctx);
  return w2;
}

/* Below W_2; W_2 itself on a line and for a translation; better with more
 * frames; true for distant and huge clouds. */
START_TEST(projections) {
  static double x[200], y[150], w[50];
  generator g = {4};
  for (int n = 0; n < 24; n++) {
    size_t d = 1 + (size_t)n % 4;
    double size = ldexp(1, n % 3 == 2 ? 500 : 0), far = n % 2 ? 1e6 : 0;
    for (size_t i = 0; i < 200; i++)
      x[i] = size * (double)next_long(&g, -1000000, 1000000) * 1e-6;
    for (size_t i = 0; i < 150; i++)
      y[i] = size * (far + (double)next_long(&g, -1000000, 1000000) * 1e-6);
    for (size_t i = 0; i < 50; i++)
      w[i] = (double)next_long(&g, 0, 5);
    fc_sample p = {50, d, x, n % 5 ? NULL : w}, q = {37, d, y, NULL};
    double w2 = sample_bound(&p, &q, -1), some = sample_bound(&p, &q, 2);
    double more = sample_bound(&p, &q, 30);
    ck_assert_msg(some <= more && more <= w2 * (1 + 1e-15), "%.17g %.17g %.17g",
                  some, more, w2);
    ck_assert(more > 0.3 * w2 && (d > 1 || more >= (1 - 1e-13) * w2));
  }
}
END_TEST

/* x_i and y_i = x_i + (3, 4) have distance 5 without deviation; the error of a
 * random one is about right. */
START_TEST(paired_samples) {
  static double x[4000], y[4000];
  generator g = {5};
  fc_ctx ctx[1];
  fc_w2_value value;
  fc_ctx_init_double(ctx);
  fc_w2_value_init(&value, ctx);
  for (int e = -900; e <= 900; e += 900) {
    for (size_t i = 0; i < 4000; i++) {
      x[i] = ldexp((double)next_long(&g, -8, 8), e);
      y[i] = x[i] + ldexp(i % 2 ? 4 : 3, e);
    }
    ck_assert_int_eq(fc_w2_paired(&value, x, y, 2000, 2, ctx, NULL), FC_OK);
    ck_assert_double_eq(fc_get_d(value.w2, ctx), ldexp(5, e));
    ck_assert_double_eq(fc_get_d(value.error, ctx), 0);
  }
  /* uniform on [-1, 1]: E x^2 = 1/3, Var x^2 = 4/45 */
  for (size_t i = 0; i < 4000; i++) {
    x[i] = (double)next_long(&g, -1000000, 1000000) * 1e-6;
    y[i] = 0;
  }
  ck_assert_int_eq(fc_w2_paired(&value, x, y, 4000, 1, ctx, NULL), FC_OK);
  double error = fc_get_d(value.error, ctx);
  ck_assert_double_eq_tol(error, 4 * sqrt(4. / 45 / 4000) / 2 / sqrt(1. / 3),
                          1e-3);
  ck_assert_double_eq_tol(fc_get_d(value.w2, ctx), sqrt(1. / 3), error);
  ck_assert(!value.proved && value.kind == FC_W2_UPPER);
  fc_w2_value_clear(&value, ctx);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("bures");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_test(all, two_by_two);
  tcase_add_test(all, close_laws);
  tcase_add_test(all, commuting);
  tcase_add_test(all, refusals);
  tcase_add_test(all, moved_mixture);
  tcase_add_test(all, weighted_points);
  tcase_add_test(all, products);
  tcase_add_test(all, same_law);
  tcase_add_test(all, product_as_mixture);
  tcase_add_test(all, marginals);
  tcase_add_test(all, projections);
  tcase_add_test(all, paired_samples);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
