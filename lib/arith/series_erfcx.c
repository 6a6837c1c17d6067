/* FC_SERIES: erfcx, from z' = g x' with g = 2 x z - 2/sqrt(pi).
 *
 * For large x_0 > 0 the two terms of g cancel: about 2 log2(x_0) bits are lost
 * from each coefficient to the next.  So many bits more are therefore carried
 * on the way, and coefficients that are exact numbers lose nothing; what the
 * radius of a ball loses, only a thinner ball gives back. */
#include <float.h>
#include <math.h>

#include "arith/series_private.h"

#define MAX_EXTRA_BITS 16384

/* c = 2/sqrt(pi) */
static void two_over_sqrt_pi(fc_ptr c, const fc_ctx *base) {
  fc_set_pi(c, base);
  fc_sqrt(c, c, base);
  fc_inv(c, c, base);
  fc_mul_2exp_si(c, c, 1, base);
}

/* g_k = 2 Sum_j x_j z_{k-j}, less 2/sqrt(pi) at k = 0 */
static void slope_coefficient(fc_ptr g, fc_srcptr x, fc_srcptr z, long k,
                              const fc_ctx *base) {
  fc_series_dot(g + k, x, z, 0, k, k, base);
  fc_mul_2exp_si(g + k, g + k, 1, base);
  if (k > 0)
    return;
  fc_num c;
  fc_init(c, base);
  two_over_sqrt_pi(c, base);
  fc_sub(g, g, c, base);
  fc_clear(c, base);
}

/* k z_k = Sum_{j=1}^{k} j x_j g_{k-j} */
static void recurrence(fc_ptr z, fc_ptr g, fc_srcptr x, long length,
                       const fc_ctx *base) {
  fc_num term;
  fc_init(term, base);
  fc_erfcx(z, x, base);
  for (long k = 0; k < length; k++) {
    for (long j = 1; j <= k; j++) {
      fc_mul_si(term, x + j, j, base);
      fc_addmul(z + k, term, g + (k - j), base);
    }
    if (k > 0)
      fc_div_si(z + k, z + k, k, base);
    slope_coefficient(g, x, z, k, base);
  }
  fc_clear(term, base);
}

static long extra_bits(fc_srcptr x0, const fc_ctx *ctx) {
  double x = fmin(fc_get_d(x0, ctx->base), DBL_MAX);
  int exponent;
  if (!(x > 1))
    return 0;
  frexp(x, &exponent);
  long bits = ctx->length * (2L * exponent + 4);
  return bits < MAX_EXTRA_BITS ? bits : MAX_EXTRA_BITS;
}

/* The arithmetic of base with more bits. */
static bool refine(fc_ctx *fine, const fc_ctx *base, long extra) {
  if (base->kind == FC_ARB)
    return fc_ctx_init_arb(fine, base->precision + extra, NULL) == FC_OK;
  if (base->kind == FC_ACB)
    return fc_ctx_init_acb(fine, base->precision + extra, NULL) == FC_OK;
  fc_ctx_init_mpfr(fine, base->precision + extra);
  return true;
}

static bool erfcx_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  const fc_ctx *base = ctx->base;
  size_t n = (size_t)ctx->length;
  fc_ctx fine[1];
  if (!refine(fine, base, extra_bits(x, ctx)))
    return false;
  fc_ptr u = fc_vec_new(n, fine), v = fc_vec_new(n, fine);
  fc_ptr g = fc_vec_new(n, fine);
  bool done = u != NULL && v != NULL && g != NULL;
  if (done) {
    for (size_t k = 0; k < n; k++)
      fc_convert(u + k, fine, x + k, base);
    recurrence(v, g, u, ctx->length, fine);
    for (size_t k = 0; k < n; k++) {
      fc_convert(z + k, base, v + k, fine);
      fc_add_si(z + k, z + k, 0, base); /* rounds balls to base's precision */
    }
  }
  fc_vec_free(u, n, fine);
  fc_vec_free(v, n, fine);
  fc_vec_free(g, n, fine);
  return done;
}

void fc_series_erfcx(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->erfcx, erfcx_kernel, ctx);
}
