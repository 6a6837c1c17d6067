#include "gif/functional_range.h"

void fc_range_init(fc_range *r, const fc_ctx *ctx) {
  fc_init(r->low, ctx);
  fc_init(r->high, ctx);
}

void fc_range_clear(fc_range *r, const fc_ctx *ctx) {
  fc_clear(r->low, ctx);
  fc_clear(r->high, ctx);
}

void fc_range_join(fc_range *all, const fc_range *one, const fc_ctx *ctx) {
  fc_max(all->low, all->low, one->low, ctx);
  fc_max(all->high, all->high, one->high, ctx);
}

void fc_range_middle(fc_ptr z, fc_ptr error, const fc_range *r,
                     const fc_ctx *ctx) {
  fc_sub(error, r->high, r->low, ctx);
  fc_mul_2exp_si(error, error, -1, ctx);
  fc_add(z, r->high, r->low, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  if (fc_eq(r->low, r->high, ctx) == FC_TRUE)
    fc_set(z, r->low, ctx); /* infinite, too */
  if (!fc_is_finite(z, ctx))
    fc_set_si(error, 0, ctx);
}

fc_status fc_range_set(fc_range *r, double low, double high,
                       const fc_ctx *ctx) {
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  fc_set_d(r->low, low, ctx);
  fc_set_d(r->high, high, ctx);
  return FC_OK;
}
