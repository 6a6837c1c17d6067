/* FC_SERIES: powers. */
#include <math.h>

#include "arith/series_private.h"

/* --- integer exponents --------------------------------------------------- */

/* z = x^n, n >= 1, by squaring: right also where x_0 = 0. */
static void positive_power(fc_ptr z, fc_srcptr x, unsigned long n,
                           const fc_ctx *ctx) {
  fc_num factor;
  fc_init(factor, ctx);
  fc_set(factor, x, ctx);
  fc_set_si(z, 1, ctx);
  for (; n > 0; n >>= 1) {
    if (n & 1)
      fc_series_mul(z, z, factor, ctx);
    if (n > 1)
      fc_series_sqr(factor, factor, ctx);
  }
  fc_clear(factor, ctx);
}

void fc_series_pow_si(fc_ptr z, fc_srcptr x, long n, const fc_ctx *ctx) {
  if (fc_coeffs(z) == NULL || fc_coeffs_src(x) == NULL)
    return;
  if (n == 0) {
    fc_set_si(z, 1, ctx);
    return;
  }
  fc_num first, result;
  fc_init(first, ctx->base);
  fc_init(result, ctx);
  fc_pow_si(first, fc_coeffs_src(x), n, ctx->base);
  positive_power(result, x, n > 0 ? (unsigned long)n : 0UL - (unsigned long)n,
                 ctx);
  if (n < 0)
    fc_series_inv(result, result, ctx);
  if (fc_coeffs(result) != NULL) {
    fc_swap(fc_coeffs(result), first);
    fc_swap(z, result);
  }
  fc_clear(first, ctx->base);
  fc_clear(result, ctx);
}

/* --- other exponents ------------------------------------------------------ */

/* Is y certainly the integer *n? */
static bool is_integer(long *n, fc_srcptr y, const fc_ctx *base) {
  double d = fc_get_d(y, base);
  if (!(fabs(d) < 0x1p53) || d != floor(d))
    return false;
  fc_num m;
  fc_init(m, base);
  *n = (long)d;
  fc_set_si(m, *n, base);
  fc_truth same = fc_eq(m, y, base);
  fc_clear(m, base);
  return same == FC_TRUE;
}

/* s = Sum_{j=1}^{k} (a j - (k - j)) x_j z_{k-j} */
static void power_sum(fc_ptr s, fc_srcptr x, fc_srcptr z, fc_srcptr a, long k,
                      fc_ptr weight, const fc_ctx *base) {
  fc_set_si(s, 0, base);
  for (long j = 1; j <= k; j++) {
    fc_mul_si(weight, a, j, base);
    fc_add_si(weight, weight, j - k, base);
    fc_mul(weight, weight, x + j, base);
    fc_addmul(s, weight, z + (k - j), base);
  }
}

/* z = x^a from x z' = a x' z: k x_0 z_k = power_sum */
static void constant_power(fc_ptr z, fc_srcptr x, fc_srcptr a,
                           const fc_ctx *ctx) {
  const fc_ctx *base = ctx->base;
  fc_num s, t;
  fc_init(s, base);
  fc_init(t, base);
  fc_pow(z, x, a, base);
  for (long k = 1; k < ctx->length; k++) {
    power_sum(s, x, z, a, k, t, base);
    fc_mul_si(t, x, k, base);
    fc_div(z + k, s, t, base);
  }
  fc_clear(s, base);
  fc_clear(t, base);
}

static void power_of_constants(fc_ptr z, fc_srcptr x, fc_srcptr y,
                               const fc_ctx *ctx) {
  fc_pow(fc_coeffs(z), fc_coeffs_src(x), fc_coeffs_src(y), ctx->base);
  fc_vec_zero(fc_coeffs(z) + 1, (size_t)ctx->length - 1, ctx->base);
}

/* result = x^y where one of them is not constant; false where there is none */
static bool general_power(fc_ptr result, fc_srcptr x, fc_srcptr y,
                          bool constant_exponent, const fc_ctx *ctx) {
  if (fc_coeffs(result) == NULL ||
      fc_is_zero(fc_coeffs_src(x), ctx->base) == FC_TRUE)
    return false;
  if (constant_exponent) {
    constant_power(fc_coeffs(result), fc_coeffs_src(x), fc_coeffs_src(y), ctx);
  } else {
    fc_series_log(result, x, ctx);
    fc_series_mul(result, result, y, ctx);
    fc_series_exp(result, result, ctx);
  }
  return true;
}

void fc_series_pow(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  if (fc_coeffs(z) == NULL || fc_coeffs_src(x) == NULL ||
      fc_coeffs_src(y) == NULL)
    return;
  bool constant_exponent = fc_series_is_constant(y, ctx);
  long n;
  if (constant_exponent && fc_series_is_constant(x, ctx)) {
    power_of_constants(z, x, y, ctx);
  } else if (constant_exponent && is_integer(&n, fc_coeffs_src(y), ctx->base)) {
    fc_series_pow_si(z, x, n, ctx);
  } else {
    fc_num result;
    fc_init(result, ctx);
    if (general_power(result, x, y, constant_exponent, ctx))
      fc_swap(z, result);
    else
      fc_series_set_nan(z, ctx);
    fc_clear(result, ctx);
  }
}
