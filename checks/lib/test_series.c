/* lib/arith: truncated power series over every context.
 *
 * Judge: the Taylor coefficients of f at x_0 in closed form (or by the linear
 * recurrence of its derivatives) at 1200 bits, composed with x - x_0 by
 * Horner's rule with a plain convolution.  None of the recurrences under test
 * is used. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "numbers.h"

#define N 9 /* coefficients */

typedef mpfr_t coefficients[N];

static void coefficients_init(coefficients c) {
  for (int k = 0; k < N; k++) {
    mpfr_init2(c[k], REFERENCE_BITS);
    mpfr_set_zero(c[k], 1);
  }
}
static void coefficients_clear(coefficients c) {
  for (int k = 0; k < N; k++)
    mpfr_clear(c[k]);
}

/* --- the judge ---------------------------------------------------------------
 */

/* z = x y, z apart from both */
static void convolve(coefficients z, coefficients x, coefficients y) {
  for (int k = 0; k < N; k++) {
    mpfr_set_zero(z[k], 1);
    for (int j = 0; j <= k; j++)
      mpfr_fma(z[k], x[j], y[k - j], z[k], MPFR_RNDN);
  }
}

/* z = Sum_k t_k (x - x_0)^k */
static void compose(coefficients z, coefficients t, coefficients x) {
  coefficients u, w;
  coefficients_init(u);
  coefficients_init(w);
  for (int k = 1; k < N; k++)
    mpfr_set(u[k], x[k], MPFR_RNDN);
  for (int k = 0; k < N; k++)
    mpfr_set_zero(z[k], 1);
  for (int k = N - 1; k >= 0; k--) {
    convolve(w, z, u);
    for (int j = 0; j < N; j++)
      mpfr_set(z[j], w[j], MPFR_RNDN);
    mpfr_add(z[0], z[0], t[k], MPFR_RNDN);
  }
  coefficients_clear(u);
  coefficients_clear(w);
}

/* --- Taylor coefficients t_k = f^(k)(x)/k!
 * ------------------------------------ */

static void taylor_exp(coefficients t, mpfr_srcptr x) {
  mpfr_exp(t[0], x, MPFR_RNDN);
  for (int k = 1; k < N; k++)
    mpfr_div_ui(t[k], t[k - 1], (unsigned long)k, MPFR_RNDN);
}
static void taylor_expm1(coefficients t, mpfr_srcptr x) {
  taylor_exp(t, x);
  mpfr_expm1(t[0], x, MPFR_RNDN);
}

/* (-1)^(k-1)/(k y^k) from k = 1 on */
static void logarithm_tail(coefficients t, mpfr_srcptr y) {
  for (int k = 1; k < N; k++) {
    mpfr_pow_si(t[k], y, -k, MPFR_RNDN);
    mpfr_div_si(t[k], t[k], k % 2 == 1 ? k : -k, MPFR_RNDN);
  }
}
static void taylor_log(coefficients t, mpfr_srcptr x) {
  mpfr_log(t[0], x, MPFR_RNDN);
  logarithm_tail(t, x);
}
static void taylor_log1p(coefficients t, mpfr_srcptr x) {
  mpfr_t y;
  mpfr_init2(y, REFERENCE_BITS);
  mpfr_log1p(t[0], x, MPFR_RNDN);
  mpfr_add_ui(y, x, 1, MPFR_RNDN);
  logarithm_tail(t, y);
  mpfr_clear(y);
}

/* f, f', -f, -f', ... times scale^k/k! */
static void wave(coefficients t, mpfr_srcptr f, mpfr_srcptr slope,
                 mpfr_srcptr scale) {
  mpfr_t factor;
  mpfr_init2(factor, REFERENCE_BITS);
  mpfr_set_ui(factor, 1, MPFR_RNDN);
  for (int k = 0; k < N; k++) {
    if (k > 0) {
      mpfr_mul(factor, factor, scale, MPFR_RNDN);
      mpfr_div_ui(factor, factor, (unsigned long)k, MPFR_RNDN);
    }
    mpfr_mul(t[k], k % 2 == 0 ? f : slope, factor, MPFR_RNDN);
    if (k % 4 >= 2)
      mpfr_neg(t[k], t[k], MPFR_RNDN);
  }
  mpfr_clear(factor);
}
static void waves(coefficients t, mpfr_srcptr x, bool cosine, bool of_pi_x) {
  mpfr_t s, c, scale;
  mpfr_inits2(REFERENCE_BITS, s, c, scale, (mpfr_ptr)0);
  mpfr_set_ui(scale, 1, MPFR_RNDN);
  if (of_pi_x) {
    mpfr_const_pi(scale, MPFR_RNDN);
    mpfr_sinpi(s, x, MPFR_RNDN);
    mpfr_cospi(c, x, MPFR_RNDN);
  } else {
    mpfr_sin_cos(s, c, x, MPFR_RNDN);
  }
  if (cosine) {
    mpfr_neg(s, s, MPFR_RNDN);
    wave(t, c, s, scale);
  } else {
    wave(t, s, c, scale);
  }
  mpfr_clears(s, c, scale, (mpfr_ptr)0);
}
static void taylor_sin(coefficients t, mpfr_srcptr x) {
  waves(t, x, false, false);
}
static void taylor_cos(coefficients t, mpfr_srcptr x) {
  waves(t, x, true, false);
}
static void taylor_sin_pi(coefficients t, mpfr_srcptr x) {
  waves(t, x, false, true);
}
static void taylor_cos_pi(coefficients t, mpfr_srcptr x) {
  waves(t, x, true, true);
}

/* tan^(k) = P_k(tan), P_0 = T, P_{k+1} = P_k' (1 + T^2): integer polynomials */
static void taylor_tan(coefficients t, mpfr_srcptr x) {
  double p[N + 2] = {0, 1}, factorial = 1;
  mpfr_t tangent;
  mpfr_init2(tangent, REFERENCE_BITS);
  mpfr_tan(tangent, x, MPFR_RNDN);
  for (int k = 0; k < N; k++) {
    mpfr_set_zero(t[k], 1);
    for (int i = N + 1; i >= 0; i--) {
      mpfr_mul(t[k], t[k], tangent, MPFR_RNDN);
      mpfr_add_d(t[k], t[k], p[i], MPFR_RNDN);
    }
    factorial *= k > 0 ? k : 1;
    mpfr_div_d(t[k], t[k], factorial, MPFR_RNDN);
    double q[N + 2] = {0};
    for (int i = 1; i <= N + 1; i++) {
      q[i - 1] += i * p[i];
      if (i + 1 <= N + 1)
        q[i + 1] += i * p[i];
    }
    for (int i = 0; i <= N + 1; i++)
      p[i] = q[i];
  }
  mpfr_clear(tangent);
}

/* atan^(k)/k! = (-1)^(k-1) sin(k theta)/(k r^k), x + i = r e^(i theta) */
static void taylor_atan(coefficients t, mpfr_srcptr x) {
  mpfr_t theta, r, y;
  mpfr_inits2(REFERENCE_BITS, theta, r, y, (mpfr_ptr)0);
  mpfr_set_ui(y, 1, MPFR_RNDN);
  mpfr_atan2(theta, y, x, MPFR_RNDN);
  mpfr_hypot(r, x, y, MPFR_RNDN);
  mpfr_atan(t[0], x, MPFR_RNDN);
  for (int k = 1; k < N; k++) {
    mpfr_mul_ui(t[k], theta, (unsigned long)k, MPFR_RNDN);
    mpfr_sin(t[k], t[k], MPFR_RNDN);
    mpfr_pow_ui(y, r, (unsigned long)k, MPFR_RNDN);
    mpfr_div(t[k], t[k], y, MPFR_RNDN);
    mpfr_div_si(t[k], t[k], k % 2 == 1 ? k : -k, MPFR_RNDN);
  }
  mpfr_clears(theta, r, y, (mpfr_ptr)0);
}

static void set_two_over_sqrt_pi(mpfr_ptr c) {
  mpfr_const_pi(c, MPFR_RNDN);
  mpfr_rec_sqrt(c, c, MPFR_RNDN);
  mpfr_mul_ui(c, c, 2, MPFR_RNDN);
}

/* erf^(k) = (2/sqrt(pi)) (-1)^(k-1) H_{k-1}(x) exp(-x^2), with H_{m+1} = 2 x
 * H_m
 * - 2 m H_{m-1} */
static void taylor_erf(coefficients t, mpfr_srcptr x) {
  mpfr_t scale, h, before, next;
  mpfr_inits2(REFERENCE_BITS, scale, h, before, next, (mpfr_ptr)0);
  mpfr_sqr(scale, x, MPFR_RNDN);
  mpfr_neg(scale, scale, MPFR_RNDN);
  mpfr_exp(scale, scale, MPFR_RNDN);
  set_two_over_sqrt_pi(next);
  mpfr_mul(scale, scale, next, MPFR_RNDN);
  mpfr_erf(t[0], x, MPFR_RNDN);
  mpfr_set_ui(h, 1, MPFR_RNDN);
  mpfr_set_ui(before, 0, MPFR_RNDN);
  for (int k = 1; k < N; k++) {
    mpfr_div_si(scale, scale, k == 1 ? 1 : -k, MPFR_RNDN);
    mpfr_mul(t[k], scale, h, MPFR_RNDN);
    mpfr_mul(next, x, h, MPFR_RNDN);
    mpfr_mul_si(before, before, 1 - k, MPFR_RNDN);
    mpfr_add(next, next, before, MPFR_RNDN);
    mpfr_mul_ui(next, next, 2, MPFR_RNDN);
    mpfr_set(before, h, MPFR_RNDN);
    mpfr_set(h, next, MPFR_RNDN);
  }
  mpfr_clears(scale, h, before, next, (mpfr_ptr)0);
}
static void taylor_erfc(coefficients t, mpfr_srcptr x) {
  taylor_erf(t, x);
  for (int k = 1; k < N; k++)
    mpfr_neg(t[k], t[k], MPFR_RNDN);
  mpfr_erfc(t[0], x, MPFR_RNDN);
}

/* y'' = 2 x y' + 2 y: (k + 1) t_{k+1} = 2 x t_k + 2 t_{k-1} */
static void taylor_erfcx(coefficients t, mpfr_srcptr x) {
  mpfr_t c;
  mpfr_init2(c, REFERENCE_BITS);
  mpfr_sqr(c, x, MPFR_RNDN);
  mpfr_exp(c, c, MPFR_RNDN);
  mpfr_erfc(t[0], x, MPFR_RNDN);
  mpfr_mul(t[0], t[0], c, MPFR_RNDN);
  set_two_over_sqrt_pi(c);
  mpfr_mul(t[1], x, t[0], MPFR_RNDN);
  mpfr_mul_ui(t[1], t[1], 2, MPFR_RNDN);
  mpfr_sub(t[1], t[1], c, MPFR_RNDN);
  for (int k = 1; k + 1 < N; k++) {
    mpfr_mul(t[k + 1], x, t[k], MPFR_RNDN);
    mpfr_add(t[k + 1], t[k + 1], t[k - 1], MPFR_RNDN);
    mpfr_mul_ui(t[k + 1], t[k + 1], 2, MPFR_RNDN);
    mpfr_div_ui(t[k + 1], t[k + 1], (unsigned long)k + 1, MPFR_RNDN);
  }
  mpfr_clear(c);
}

/* binomial(a, k) x^(a - k) */
static void taylor_power(coefficients t, mpfr_srcptr x, double a) {
  mpfr_t e;
  mpfr_init2(e, REFERENCE_BITS);
  for (int k = 0; k < N; k++) {
    mpfr_set_d(e, a - k, MPFR_RNDN);
    mpfr_pow(t[k], x, e, MPFR_RNDN);
    for (int j = 0; j < k; j++) {
      mpfr_mul_d(t[k], t[k], a - j, MPFR_RNDN);
      mpfr_div_ui(t[k], t[k], (unsigned long)j + 1, MPFR_RNDN);
    }
    if (a >= 0 && a == floor(a) && k > a)
      mpfr_set_zero(t[k], 1);
  }
  mpfr_clear(e);
}
static void taylor_inv(coefficients t, mpfr_srcptr x) {
  taylor_power(t, x, -1);
}
static void taylor_sqrt(coefficients t, mpfr_srcptr x) {
  taylor_power(t, x, 0.5);
}
static void taylor_sqr(coefficients t, mpfr_srcptr x) { taylor_power(t, x, 2); }
static void taylor_cube(coefficients t, mpfr_srcptr x) {
  taylor_power(t, x, 3);
}
static void taylor_pow(coefficients t, mpfr_srcptr x) {
  taylor_power(t, x, -2.25);
}
static void taylor_integer_pow(coefficients t, mpfr_srcptr x) {
  taylor_power(t, x, -5);
}

/* --- the functions under test
 * --------------------------------------------------- */

static void apply_cube(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_pow_si(z, x, 3, ctx);
}
static void apply_power(fc_ptr z, fc_srcptr x, double a, const fc_ctx *ctx) {
  fc_num e;
  fc_init(e, ctx);
  fc_set_d(e, a, ctx);
  fc_pow(z, x, e, ctx);
  fc_clear(e, ctx);
}
static void apply_pow(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  apply_power(z, x, -2.25, ctx);
}
static void apply_integer_pow(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  apply_power(z, x, -5, ctx);
}

static const struct function {
  const char *name;
  void (*apply)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*taylor)(coefficients, mpfr_srcptr);
  double low, high; /* where to draw x_0 */
} functions[] = {
    {"inv", fc_inv, taylor_inv, 0.25, 5},
    {"sqr", fc_sqr, taylor_sqr, -3, 3},
    {"sqrt", fc_sqrt, taylor_sqrt, 0.25, 5},
    {"exp", fc_exp, taylor_exp, -5, 5},
    {"expm1", fc_expm1, taylor_expm1, -2, 2},
    {"log", fc_log, taylor_log, 0.25, 5},
    {"log1p", fc_log1p, taylor_log1p, -0.75, 2},
    {"sin", fc_sin, taylor_sin, -5, 5},
    {"cos", fc_cos, taylor_cos, -5, 5},
    {"sin_pi", fc_sin_pi, taylor_sin_pi, -2, 2},
    {"cos_pi", fc_cos_pi, taylor_cos_pi, -2, 2},
    {"tan", fc_tan, taylor_tan, -1.25, 1.25},
    {"atan", fc_atan, taylor_atan, -3, 3},
    {"erf", fc_erf, taylor_erf, -3, 3},
    {"erfc", fc_erfc, taylor_erfc, -3, 3},
    {"erfcx", fc_erfcx, taylor_erfcx, -3, 3},
    {"pow_si(3)", apply_cube, taylor_cube, 0.5, 3},
    {"pow(-2.25)", apply_pow, taylor_pow, 0.5, 3},
    {"pow(-5)", apply_integer_pow, taylor_integer_pow, 0.5, 3},
};
#define FUNCTION_COUNT (int)(sizeof functions / sizeof functions[0])

/* A multiple of 2^-20 in [low, high] */
static double next_point(generator *g, double low, double high) {
  return (double)next_long(g, (long)(low * 0x1p20), (long)(high * 0x1p20)) *
         0x1p-20;
}

/* x_0 in [low, high], the others in [-1, 1]; every third time x_0 + h */
static void draw_series(coefficients x, generator *g, double low, double high) {
  bool linear = next_long(g, 0, 2) == 0;
  mpfr_set_d(x[0], next_point(g, low, high), MPFR_RNDN);
  for (int k = 1; k < N; k++)
    mpfr_set_d(x[k], linear ? k == 1 : next_point(g, -1, 1), MPFR_RNDN);
}

static void load(fc_ptr z, coefficients x, const fc_ctx *ctx) {
  for (int k = 0; k < N; k++)
    fc_set_mpfr(fc_series_coeff(z, k), x[k], ctx->base);
}

/* log2 of the largest |c_k|: against which errors of numbers are measured */
static long size_of(coefficients c) {
  long size = -10000;
  for (int k = 0; k < N; k++)
    if (mpfr_regular_p(c[k]) && mpfr_get_exp(c[k]) > size)
      size = mpfr_get_exp(c[k]);
  return size;
}

static bool is_near(fc_srcptr z, mpfr_srcptr reference, long size,
                    const fc_ctx *base) {
  mpfr_t error;
  mpfr_init2(error, REFERENCE_BITS);
  fc_get_mid(error, z, base);
  mpfr_sub(error, error, reference, MPFR_RNDN);
  bool near =
      mpfr_zero_p(error) || (mpfr_regular_p(error) &&
                             mpfr_get_exp(error) < size - base->precision + 24);
  mpfr_clear(error);
  return near;
}

/* Balls contain the reference; every midpoint is near it. */
static void judge(const char *name, const char *context, fc_srcptr z,
                  coefficients reference, const fc_ctx *ctx) {
  bool balls = ctx->base->kind == FC_ARB || ctx->base->kind == FC_ACB;
  long size = size_of(reference);
  for (int k = 0; k < N; k++) {
    fc_srcptr c = fc_series_coeff_src(z, k);
    bool fine = (!balls || contains(c, reference[k], ctx->base)) &&
                is_near(c, reference[k], size, ctx->base);
    if (!fine)
      print_numbers(name, context, c, reference[k], ctx->base);
    ck_assert_msg(fine, "%s, coefficient %d in %s", name, k, context);
  }
}

/* Series of length N over each kind of coefficient. */
typedef struct series_contexts {
  contexts base;
  fc_ctx list[4];
  size_t count;
} series_contexts;

static void series_contexts_init(series_contexts *s, long precision) {
  contexts_init(&s->base, precision);
  s->count = s->base.count / 2;
  for (size_t i = 0; i < s->count; i++)
    fc_ctx_init_series(&s->list[i], &s->base.list[i], N);
}

START_TEST(test_functions) {
  const struct function *f = &functions[_i];
  generator g = {100 + (uint64_t)_i};
  series_contexts s;
  coefficients x, t, reference;
  series_contexts_init(&s, 140);
  coefficients_init(x);
  coefficients_init(t);
  coefficients_init(reference);
  for (int trial = 0; trial < 25; trial++) {
    draw_series(x, &g, f->low, f->high);
    f->taylor(t, x[0]);
    compose(reference, t, x);
    for (size_t i = 0; i < s.count; i++) {
      fc_num z;
      fc_init(z, &s.list[i]);
      load(z, x, &s.list[i]);
      f->apply(z, z, &s.list[i]);
      judge(f->name, s.base.names[i], z, reference, &s.list[i]);
      fc_clear(z, &s.list[i]);
    }
  }
  coefficients_clear(x);
  coefficients_clear(t);
  coefficients_clear(reference);
}
END_TEST

/* Coefficients that are balls: the image of every point lies in the image. */
START_TEST(test_functions_of_ball_coefficients) {
  const struct function *f = &functions[_i];
  generator g = {200 + (uint64_t)_i};
  fc_ctx base[1], ctx[1];
  coefficients x, t, reference;
  mpfr_t low, high;
  if (fc_ctx_init_arb(base, 100, NULL) != FC_OK)
    return;
  fc_ctx_init_series(ctx, base, N);
  coefficients_init(x);
  coefficients_init(t);
  coefficients_init(reference);
  mpfr_inits2(200, low, high, (mpfr_ptr)0);
  for (int trial = 0; trial < 40; trial++) {
    fc_num z;
    fc_init(z, ctx);
    draw_series(x, &g, f->low, f->high);
    f->taylor(t, x[0]);
    compose(reference, t, x);
    for (int k = 0; k < N; k++) {
      double width = ldexp(1, -(int)next_long(&g, 4, 40));
      mpfr_sub_d(low, x[k], width * (double)next_long(&g, 0, 4), MPFR_RNDD);
      mpfr_add_d(high, x[k], width * (double)next_long(&g, 0, 4), MPFR_RNDU);
      fc_set_interval(fc_series_coeff(z, k), low, high, base);
    }
    f->apply(z, z, ctx);
    for (int k = 0; k < N; k++) {
      fc_srcptr c = fc_series_coeff_src(z, k);
      bool fine = contains(c, reference[k], base);
      if (!fine)
        print_numbers(f->name, "balls", c, reference[k], base);
      ck_assert_msg(fine, "%s, coefficient %d", f->name, k);
    }
    fc_clear(z, ctx);
  }
  mpfr_clears(low, high, (mpfr_ptr)0);
  coefficients_clear(x);
  coefficients_clear(t);
  coefficients_clear(reference);
}
END_TEST

/* Each coefficient of erfcx(x_0 + h) to nearly full precision, though the
 * recurrence cancels there. */
START_TEST(test_erfcx_far_out) {
  static const double points[] = {1.5, 2, 5, 9.99, 50, 1234.5, 2e4};
  series_contexts s;
  coefficients t;
  series_contexts_init(&s, 90);
  coefficients_init(t);
  for (size_t p = 0; p < sizeof points / sizeof points[0]; p++) {
    mpfr_t x;
    mpfr_init2(x, 53);
    mpfr_set_d(x, points[p], MPFR_RNDN);
    taylor_erfcx(t, x);
    for (size_t i = 0; i < s.count; i++) {
      const fc_ctx *ctx = &s.list[i], *base = ctx->base;
      fc_num z;
      fc_init(z, ctx);
      fc_set_d(z, points[p], ctx);
      fc_set_si(fc_series_coeff(z, 1), 1, base);
      fc_erfcx(z, z, ctx);
      for (int k = 0; k < N; k++) {
        fc_srcptr c = fc_series_coeff_src(z, k);
        bool fine = is_near(c, t[k], mpfr_get_exp(t[k]) - 20, base) &&
                    (base->kind < FC_ARB || contains(c, t[k], base));
        if (!fine)
          print_numbers("erfcx", s.base.names[i], c, t[k], base);
        ck_assert_msg(fine, "coefficient %d", k);
      }
      fc_clear(z, ctx);
    }
    mpfr_clear(x);
  }
  coefficients_clear(t);
}
END_TEST

/* --- products and quotients
 * ---------------------------------------------------- */

START_TEST(test_products) {
  generator g = {300};
  series_contexts s;
  coefficients x, y, w, product;
  series_contexts_init(&s, 140);
  coefficients_init(x);
  coefficients_init(y);
  coefficients_init(w);
  coefficients_init(product);
  for (int trial = 0; trial < 40; trial++) {
    draw_series(x, &g, -3, 3);
    draw_series(y, &g, 1, 3);
    draw_series(w, &g, -3, 3);
    convolve(product, x, y);
    for (size_t i = 0; i < s.count; i++) {
      const fc_ctx *ctx = &s.list[i];
      fc_num a, b, z;
      fc_init(a, ctx);
      fc_init(b, ctx);
      fc_init(z, ctx);
      load(a, x, ctx);
      load(b, y, ctx);
      fc_mul(z, a, b, ctx);
      judge("mul", s.base.names[i], z, product, ctx);
      load(a, product, ctx);
      fc_div(z, a, b, ctx); /* (x y)/y = x */
      if (ctx->base->precision > 53)
        judge("div", s.base.names[i], z, x, &s.list[i]);
      load(a, x, ctx);
      load(z, w, ctx);
      fc_addmul(z, a, b, ctx);
      fc_submul(z, a, b, ctx);
      fc_submul(z, a, b, ctx);
      fc_neg(z, z, ctx);
      load(a, w, ctx);
      fc_add(z, z, a, ctx); /* -(w + x y - 2 x y) + w = x y */
      judge("addmul and submul", s.base.names[i], z, product, ctx);
      fc_clear(a, ctx);
      fc_clear(b, ctx);
      fc_clear(z, ctx);
    }
  }
  coefficients_clear(x);
  coefficients_clear(y);
  coefficients_clear(w);
  coefficients_clear(product);
}
END_TEST

/* x^y = exp(y log x) with y a series; x^y x^(1-y) = x */
START_TEST(test_variable_exponent) {
  generator g = {400};
  series_contexts s;
  coefficients x, y;
  series_contexts_init(&s, 140);
  coefficients_init(x);
  coefficients_init(y);
  for (int trial = 0; trial < 20; trial++) {
    draw_series(x, &g, 0.5, 3);
    draw_series(y, &g, -2, 2);
    for (size_t i = 1; i < s.count; i++) { /* binary64 cannot promise it */
      const fc_ctx *ctx = &s.list[i];
      fc_num a, b, z;
      fc_init(a, ctx);
      fc_init(b, ctx);
      fc_init(z, ctx);
      load(a, x, ctx);
      load(b, y, ctx);
      fc_pow(z, a, b, ctx);
      fc_neg(b, b, ctx);
      fc_add_si(b, b, 1, ctx);
      fc_pow(a, a, b, ctx);
      fc_mul(z, z, a, ctx);
      judge("pow", s.base.names[i], z, x, ctx);
      fc_clear(a, ctx);
      fc_clear(b, ctx);
      fc_clear(z, ctx);
    }
  }
  coefficients_clear(x);
  coefficients_clear(y);
}
END_TEST

/* --- special places
 * --------------------------------------------------------------- */

/* x = c + slope h */
static void linear(fc_ptr x, long c, long slope, const fc_ctx *ctx) {
  fc_num a, b;
  fc_init(a, ctx->base);
  fc_init(b, ctx->base);
  fc_set_si(a, c, ctx->base);
  fc_set_si(b, slope, ctx->base);
  fc_series_set_linear(x, a, b, ctx);
  fc_clear(a, ctx->base);
  fc_clear(b, ctx->base);
}

static bool coefficient_is(fc_srcptr x, long k, double value,
                           const fc_ctx *ctx) {
  fc_num v;
  fc_init(v, ctx->base);
  fc_set_d(v, value, ctx->base);
  bool same = fc_eq(v, fc_series_coeff_src(x, k), ctx->base) == FC_TRUE;
  fc_clear(v, ctx->base);
  return same;
}

START_TEST(test_powers_at_zero) {
  series_contexts s;
  series_contexts_init(&s, 64);
  for (size_t i = 0; i < s.count; i++) {
    const fc_ctx *ctx = &s.list[i];
    fc_num x, y;
    fc_init(x, ctx);
    fc_init(y, ctx);
    linear(x, 0, -2, ctx);
    fc_pow_si(y, x, 3, ctx); /* (-2h)^3 = -8 h^3 */
    for (long k = 0; k < N; k++)
      ck_assert(coefficient_is(y, k, k == 3 ? -8 : 0, ctx));
    fc_set_si(y, 2, ctx);
    fc_pow(y, x, y, ctx); /* (-2h)^2 = 4 h^2 */
    for (long k = 0; k < N; k++)
      ck_assert(coefficient_is(y, k, k == 2 ? 4 : 0, ctx));
    fc_pow_si(y, x, 0, ctx);
    for (long k = 0; k < N; k++)
      ck_assert(coefficient_is(y, k, k == 0, ctx));
    fc_set_d(y, 1.5, ctx);
    fc_pow(y, x, y, ctx);
    ck_assert(!fc_is_finite(y, ctx));
    fc_pow_si(y, x, -1, ctx);
    ck_assert(!fc_is_finite(y, ctx));
    linear(x, -2, 1, ctx);
    fc_pow_si(y, x, 2, ctx); /* (-2 + h)^2 = 4 - 4 h + h^2 */
    ck_assert(coefficient_is(y, 0, 4, ctx) && coefficient_is(y, 1, -4, ctx) &&
              coefficient_is(y, 2, 1, ctx) && coefficient_is(y, 3, 0, ctx));
    fc_clear(x, ctx);
    fc_clear(y, ctx);
  }
}
END_TEST

START_TEST(test_roots_at_zero) {
  series_contexts s;
  series_contexts_init(&s, 64);
  for (size_t i = 0; i < s.count; i++) {
    const fc_ctx *ctx = &s.list[i];
    fc_num x;
    fc_init(x, ctx);
    fc_sqrt(x, x, ctx);
    for (long k = 0; k < N; k++)
      ck_assert(coefficient_is(x, k, 0, ctx));
    linear(x, 0, 1, ctx);
    fc_sqrt(x, x, ctx);
    ck_assert(!fc_is_finite(x, ctx));
    linear(x, 0, 1, ctx);
    fc_log(x, x, ctx);
    ck_assert(!fc_is_finite(x, ctx));
    fc_clear(x, ctx);
  }
}
END_TEST

/* expm1 and log1p keep the digits of a tiny c_0. */
START_TEST(test_small_arguments) {
  series_contexts s;
  series_contexts_init(&s, 64);
  for (size_t i = 0; i < s.count; i++) {
    const fc_ctx *ctx = &s.list[i];
    fc_num x;
    fc_init(x, ctx);
    linear(x, 0, 1, ctx);
    fc_set_d(fc_series_coeff(x, 0), 0x1p-200, ctx->base);
    fc_expm1(x, x, ctx);
    ck_assert_double_eq(fc_get_d(x, ctx), 0x1p-200);
    fc_log1p(x, x, ctx);
    ck_assert_double_eq(fc_get_d(x, ctx), 0x1p-200);
    ck_assert_double_eq(fc_get_d(fc_series_coeff_src(x, 1), ctx->base), 1);
    fc_clear(x, ctx);
  }
}
END_TEST

START_TEST(test_branches) {
  series_contexts s;
  series_contexts_init(&s, 64);
  for (size_t i = 0; i < s.count; i++) {
    const fc_ctx *ctx = &s.list[i];
    if (ctx->base->kind == FC_ACB)
      continue; /* no order */
    fc_num x, y, z;
    fc_init(x, ctx);
    fc_init(y, ctx);
    fc_init(z, ctx);
    linear(x, -2, 3, ctx);
    linear(y, 5, -1, ctx);
    fc_abs(z, x, ctx);
    ck_assert(coefficient_is(z, 0, 2, ctx) && coefficient_is(z, 1, -3, ctx));
    fc_min(z, x, y, ctx);
    ck_assert(coefficient_is(z, 0, -2, ctx) && coefficient_is(z, 1, 3, ctx));
    fc_max(z, x, y, ctx);
    ck_assert(coefficient_is(z, 0, 5, ctx) && coefficient_is(z, 1, -1, ctx));
    linear(x, 0, 1, ctx);
    fc_abs(z, x, ctx);
    ck_assert(!fc_is_finite(z, ctx));
    linear(y, 0, 2, ctx);
    fc_min(z, x, y, ctx);
    ck_assert(!fc_is_finite(z, ctx));
    fc_set_si(y, 0, ctx);
    fc_abs(z, y, ctx);
    ck_assert(fc_is_finite(z, ctx) && coefficient_is(z, 0, 0, ctx));
    fc_clear(x, ctx);
    fc_clear(y, ctx);
    fc_clear(z, ctx);
  }
}
END_TEST

/* Length 1 is a number like any other. */
START_TEST(test_length_one) {
  contexts c;
  contexts_init(&c, 64);
  for (size_t i = 0; i < c.count / 2; i++) {
    fc_ctx ctx[1];
    fc_num x;
    fc_ctx_init_series(ctx, &c.list[i], 1);
    fc_init(x, ctx);
    fc_set_si(x, 4, ctx);
    fc_sqrt(x, x, ctx);
    fc_div(x, x, x, ctx);
    fc_series_set_linear(x, fc_series_coeff(x, 0), fc_series_coeff(x, 0), ctx);
    ck_assert_double_eq(fc_get_d(x, ctx), 1);
    fc_clear(x, ctx);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("series");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_loop_test(all, test_functions, 0, FUNCTION_COUNT);
  tcase_add_loop_test(all, test_functions_of_ball_coefficients, 0,
                      FUNCTION_COUNT);
  tcase_add_test(all, test_erfcx_far_out);
  tcase_add_test(all, test_products);
  tcase_add_test(all, test_variable_exponent);
  tcase_add_test(all, test_powers_at_zero);
  tcase_add_test(all, test_roots_at_zero);
  tcase_add_test(all, test_small_arguments);
  tcase_add_test(all, test_branches);
  tcase_add_test(all, test_length_one);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
