/* FC_SERIES: products, quotients, roots and powers, by the recurrences that
 * comparing coefficients of h^k gives. */
#include "arith/series_private.h"

void fc_series_dot(fc_ptr z, fc_srcptr x, fc_srcptr y, long from, long to,
                   long k, const fc_ctx *base) {
  fc_dot_reversed(z, x + from, y + (k - from), to < from ? 0 : to - from + 1,
                  base);
}

void fc_series_apply(fc_ptr z, fc_srcptr x,
                     void (*at_constant)(fc_ptr, fc_srcptr, const fc_ctx *),
                     fc_series_kernel kernel, const fc_ctx *ctx) {
  if (fc_coeffs(z) == NULL || fc_coeffs_src(x) == NULL)
    return;
  if (fc_series_is_constant(x, ctx)) {
    at_constant(fc_coeffs(z), fc_coeffs_src(x), ctx->base);
    fc_vec_zero(fc_coeffs(z) + 1, (size_t)ctx->length - 1, ctx->base);
    return;
  }
  fc_num result;
  fc_init(result, ctx);
  if (fc_coeffs(result) != NULL &&
      kernel(fc_coeffs(result), fc_coeffs_src(x), ctx))
    fc_swap(z, result);
  else
    fc_series_set_nan(z, ctx);
  fc_clear(result, ctx);
}

/* --- products ----------------------------------------------------------- */

/* z = z +- x y or x y.  From the highest coefficient down, so that z may be x
 * or y: z_k needs only coefficients up to k. */
static void product(fc_ptr z, fc_srcptr x, fc_srcptr y, int sign_of_z,
                    bool subtract, const fc_ctx *ctx) {
  fc_ptr c = fc_coeffs(z);
  fc_srcptr a = fc_coeffs_src(x), b = fc_coeffs_src(y);
  if (c == NULL || a == NULL || b == NULL)
    return;
  long m = fc_series_degree(x, ctx), n = fc_series_degree(y, ctx);
  fc_num s;
  fc_init(s, ctx->base);
  for (long k = ctx->length - 1; k >= 0; k--) {
    fc_series_dot(s, a, b, k > n ? k - n : 0, k < m ? k : m, k, ctx->base);
    if (sign_of_z == 0)
      fc_set(c + k, s, ctx->base);
    else if (subtract)
      fc_sub(c + k, c + k, s, ctx->base);
    else
      fc_add(c + k, c + k, s, ctx->base);
  }
  fc_clear(s, ctx->base);
}

void fc_series_mul(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  product(z, x, y, 0, false, ctx);
}
void fc_series_addmul(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  product(z, x, y, 1, false, ctx);
}
void fc_series_submul(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  product(z, x, y, 1, true, ctx);
}
/* c_0 by the base's square, which knows that squares are not negative. */
void fc_series_sqr(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  if (fc_coeffs(z) == NULL || fc_coeffs_src(x) == NULL)
    return;
  fc_num square;
  fc_init(square, ctx->base);
  fc_sqr(square, fc_coeffs_src(x), ctx->base);
  product(z, x, x, 0, false, ctx);
  fc_swap(fc_coeffs(z), square);
  fc_clear(square, ctx->base);
}

/* --- quotients ---------------------------------------------------------- */

/* z y = x: z_k = (x_k - Sum_{j=1}^{k} y_j z_{k-j}) / y_0 */
static void quotient(fc_ptr z, fc_srcptr x, fc_srcptr y, long degree_of_y,
                     const fc_ctx *ctx) {
  const fc_ctx *base = ctx->base;
  fc_num s;
  fc_init(s, base);
  for (long k = 0; k < ctx->length; k++) {
    fc_series_dot(s, y, z, 1, k < degree_of_y ? k : degree_of_y, k, base);
    fc_sub(s, x + k, s, base);
    fc_div(z + k, s, y, base);
  }
  fc_clear(s, base);
}

/* By a constant: coefficient by coefficient. */
static void divide_by_constant(fc_ptr z, fc_srcptr x, fc_srcptr y,
                               const fc_ctx *ctx) {
  /* from the top, for y may be z */
  for (long k = ctx->length - 1; k >= 0; k--) {
    if (k > 0 && fc_is_zero(fc_coeffs_src(x) + k, ctx->base) == FC_TRUE)
      fc_set_si(fc_coeffs(z) + k, 0, ctx->base);
    else
      fc_div(fc_coeffs(z) + k, fc_coeffs_src(x) + k, fc_coeffs_src(y),
             ctx->base);
  }
}

void fc_series_div(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  if (fc_coeffs(z) == NULL || fc_coeffs_src(x) == NULL ||
      fc_coeffs_src(y) == NULL)
    return;
  long degree = fc_series_degree(y, ctx);
  if (degree == 0) {
    divide_by_constant(z, x, y, ctx);
    return;
  }
  fc_num result;
  fc_init(result, ctx);
  if (fc_coeffs(result) != NULL) {
    quotient(fc_coeffs(result), fc_coeffs_src(x), fc_coeffs_src(y), degree,
             ctx);
    fc_swap(z, result);
  } else {
    fc_series_set_nan(z, ctx);
  }
  fc_clear(result, ctx);
}

/* z x = 1 */
static bool inverse_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  const fc_ctx *base = ctx->base;
  fc_num s;
  fc_init(s, base);
  fc_inv(z, x, base);
  for (long k = 1; k < ctx->length; k++) {
    fc_series_dot(s, x, z, 1, k, k, base);
    fc_mul(s, s, z, base);
    fc_neg(z + k, s, base);
  }
  fc_clear(s, base);
  return true;
}
void fc_series_inv(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->inv, inverse_kernel, ctx);
}

/* --- roots --------------------------------------------------------------- */

/* z^2 = x: z_k = (x_k - Sum_{j=1}^{k-1} z_j z_{k-j}) / (2 z_0).  At x_0 = 0 a
 * series that is not constant has no root. */
static bool root_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  const fc_ctx *base = ctx->base;
  if (fc_is_zero(x, base) == FC_TRUE)
    return false;
  fc_num s, twice;
  fc_init(s, base);
  fc_init(twice, base);
  fc_sqrt(z, x, base);
  fc_mul_2exp_si(twice, z, 1, base);
  for (long k = 1; k < ctx->length; k++) {
    fc_series_dot(s, z, z, 1, k - 1, k, base);
    fc_sub(s, x + k, s, base);
    fc_div(z + k, s, twice, base);
  }
  fc_clear(s, base);
  fc_clear(twice, base);
  return true;
}
void fc_series_sqrt(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->sqrt, root_kernel, ctx);
}
