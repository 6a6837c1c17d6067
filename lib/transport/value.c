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

void fc_w2_value_set(fc_w2_value *value, const mpfr_t lower, const mpfr_t upper,
                     fc_w2_kind kind, const char *how, const fc_ctx *ctx) {
  mpfr_t low, high;
  mpfr_init2(low, ctx->precision + 32);
  mpfr_init2(high, ctx->precision + 32);
  mpfr_sqrt(low, lower, MPFR_RNDD);
  mpfr_sqrt(high, upper, MPFR_RNDU);
  fc_set_interval(value->w2, low, high, ctx);
  fc_set_si(value->error, 0, ctx);
  if (ctx->kind != FC_ARB)
    set_error(value, low, high, ctx);
  value->kind = kind;
  value->proved = true;
  value->how = how;
  mpfr_clears(low, high, (mpfr_ptr)0);
}
