/* The same arithmetic with more bits, and the way back. */
#include "schedule/private.h"

#define LOST_BITS_MAX 8192

static fc_status lift_plain(fc_ctx *to, const fc_ctx *from, long guard) {
  long precision = from->precision + guard;
  switch (from->kind) {
  case FC_ARB:
    return fc_ctx_init_arb(to, precision, NULL);
  case FC_ACB:
    return fc_ctx_init_acb(to, precision, NULL);
  default:
    fc_ctx_init_mpfr(to, precision);
    return FC_OK;
  }
}

fc_status fc_lift_init(fc_lift *lift, const fc_ctx *ctx, long guard) {
  if (ctx->kind != FC_SERIES)
    return lift_plain(&lift->ctx, ctx, guard);
  fc_status status = lift_plain(&lift->base, ctx->base, guard);
  if (status == FC_OK)
    fc_ctx_init_series(&lift->ctx, &lift->base, ctx->length);
  return status;
}

/* Leading zeros of a number below 1. */
static long leading_zeros(fc_srcptr x, const fc_ctx *ctx) {
  mpfr_t mid;
  mpfr_init2(mid, FC_PRECISION_MIN);
  fc_get_mid(mid, x, ctx);
  long bits = 0;
  if (mpfr_regular_p(mid) && mpfr_get_exp(mid) < 0)
    bits =
        mpfr_get_exp(mid) < -LOST_BITS_MAX ? LOST_BITS_MAX : -mpfr_get_exp(mid);
  mpfr_clear(mid);
  return bits;
}

long fc_time_lost_bits(const fc_time *time, const fc_ctx *ctx) {
  long t = leading_zeros(time->t, ctx), r = leading_zeros(time->r, ctx);
  return t > r ? t : r;
}

void fc_time_convert(fc_time *to, const fc_ctx *to_ctx, const fc_time *from,
                     const fc_ctx *from_ctx) {
  fc_convert(to->t, to_ctx, from->t, from_ctx);
  fc_convert(to->r, to_ctx, from->r, from_ctx);
}

void fc_schedule_value_convert(fc_schedule_value *to, const fc_ctx *to_ctx,
                               const fc_schedule_value *from,
                               const fc_ctx *from_ctx) {
  fc_convert(to->a, to_ctx, from->a, from_ctx);
  fc_convert(to->b, to_ctx, from->b, from_ctx);
  fc_convert(to->da, to_ctx, from->da, from_ctx);
  fc_convert(to->db, to_ctx, from->db, from_ctx);
  fc_convert(to->d2a, to_ctx, from->d2a, from_ctx);
  fc_convert(to->d2b, to_ctx, from->d2b, from_ctx);
  fc_convert(to->ada, to_ctx, from->ada, from_ctx);
  fc_convert(to->dada, to_ctx, from->dada, from_ctx);
  fc_convert(to->omega, to_ctx, from->omega, from_ctx);
  fc_convert(to->aomega, to_ctx, from->aomega, from_ctx);
  fc_convert(to->rho2, to_ctx, from->rho2, from_ctx);
}
