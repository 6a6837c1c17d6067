/* Conversion between contexts. */
#include "arith/arith_private.h"

static bool is_ball(const fc_ctx *ctx) {
  return ctx->kind == FC_ARB || ctx->kind == FC_ACB;
}

/* Through an MPFR number that holds x, or the midpoint, to full precision. */
static void convert_value(fc_ptr z, const fc_ctx *zctx, fc_srcptr x,
                          const fc_ctx *xctx) {
  mpfr_t value;
  mpfr_init2(value, is_ball(xctx) && zctx->kind == FC_MPFR ? zctx->precision
                                                           : xctx->precision);
  fc_get_mid(value, x, xctx);
  fc_set_mpfr(z, value, zctx);
  mpfr_clear(value);
}

static void convert_series(fc_ptr z, const fc_ctx *zctx, fc_srcptr x,
                           const fc_ctx *xctx) {
  long i = 0;
  for (; i < zctx->length && i < xctx->length; i++)
    fc_convert(fc_series_coeff(z, i), zctx->base, fc_series_coeff_src(x, i),
               xctx->base);
  for (; i < zctx->length; i++)
    fc_set_si(fc_series_coeff(z, i), 0, zctx->base);
}

/* Only called where z is a series and x is not. */
static void convert_to_constant(fc_ptr z, const fc_ctx *zctx, fc_srcptr x,
                                const fc_ctx *xctx) {
  fc_set_si(z, 0, zctx);
  fc_convert(fc_series_coeff(z, 0), zctx->base, x, xctx);
}

void fc_convert(fc_ptr z, const fc_ctx *zctx, fc_srcptr x, const fc_ctx *xctx) {
  bool from_series = xctx->kind == FC_SERIES,
       to_series = zctx->kind == FC_SERIES;
  if (from_series && to_series)
    convert_series(z, zctx, x, xctx);
  else if (to_series)
    convert_to_constant(z, zctx, x, xctx);
  else if (from_series)
    fc_convert(z, zctx, fc_series_coeff_src(x, 0), xctx->base);
  else if (is_ball(xctx) && is_ball(zctx))
    fc_ball_convert(z, zctx, x, xctx);
  else if (zctx->kind == FC_DOUBLE)
    fc_set_d(z, fc_get_d(x, xctx), zctx);
  else
    convert_value(z, zctx, x, xctx);
}
