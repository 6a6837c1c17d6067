#include "transport/value.h"

long fc_w2_bits(const fc_ctx *ctx) { return ctx->precision + 8; }

/* error = max(high - w2, w2 - low), rounded up */
static void set_error(fc_w2_value *value, const mpfr_t low, const mpfr_t high,
                      const fc_ctx *ctx) {
  mpfr_t mid, above, below;
  mpfr_init2(mid, ctx->precision);
  mpfr_inits2(64, above, below, (mpfr_ptr)0);
  fc_get_mid(mid, value->w2, ctx);
  mpfr_sub(above, high, mid, MPFR_RNDU);
  mpfr_sub(below, mid, low, MPFR_RNDU);
  mpfr_max(above, above, below, MPFR_RNDU);
  if (ctx->kind == FC_DOUBLE)
    fc_set_d(value->error, mpfr_get_d(above, MPFR_RNDU), ctx);
  else {
    mpfr_prec_round(above, ctx->precision < 64 ? ctx->precision : 64,
                    MPFR_RNDU);
    fc_set_mpfr(value->error, above, ctx);
  }
  mpfr_clears(mid, above, below, (mpfr_ptr)0);
}

/* w2 and its error from bounds on W_2 */
static void set_between(fc_w2_value *value, const mpfr_t low, const mpfr_t high,
                        const fc_ctx *ctx) {
  fc_set_interval(value->w2, low, high, ctx);
  fc_set_si(value->error, 0, ctx);
  if (ctx->kind != FC_ARB)
    set_error(value, low, high, ctx);
}

void fc_w2_value_set(fc_w2_value *value, const mpfr_t lower, const mpfr_t upper,
                     fc_w2_kind kind, const char *how, const fc_ctx *ctx) {
  mpfr_t low, high;
  mpfr_inits2(ctx->precision + 32, low, high, (mpfr_ptr)0);
  mpfr_sqrt(low, lower, MPFR_RNDD);
  mpfr_sqrt(high, upper, MPFR_RNDU);
  set_between(value, low, high, ctx);
  value->kind = kind;
  value->proved = true;
  value->half = false;
  value->how = how;
  mpfr_clears(low, high, (mpfr_ptr)0);
}

void fc_w2_value_bounds(mpfr_t low, mpfr_t high, const fc_w2_value *value,
                        const fc_ctx *ctx) {
  mpfr_t rad;
  mpfr_init2(rad, 64);
  fc_get_enclosure(low, rad, value->w2, ctx);
  if (mpfr_nan_p(rad))
    mpfr_set_zero(rad, 1);
  mpfr_t mid;
  mpfr_init2(mid, ctx->precision);
  fc_get_mid(mid, value->error, ctx);
  mpfr_add(rad, rad, mid, MPFR_RNDU);
  mpfr_add(high, low, rad, MPFR_RNDU);
  mpfr_sub(low, low, rad, MPFR_RNDD);
  if (mpfr_sgn(low) < 0)
    mpfr_set_zero(low, 1);
  mpfr_clears(rad, mid, (mpfr_ptr)0);
}

void fc_w2_value_convert(fc_w2_value *value, const fc_ctx *ctx,
                         const fc_w2_value *from, const fc_ctx *from_ctx) {
  mpfr_t low, high;
  mpfr_inits2(from_ctx->precision + 32, low, high, (mpfr_ptr)0);
  fc_w2_value_bounds(low, high, from, from_ctx);
  set_between(value, low, high, ctx);
  value->kind = from->kind;
  value->proved = from->proved;
  value->half = from->half;
  value->how = from->how;
  mpfr_clears(low, high, (mpfr_ptr)0);
}
