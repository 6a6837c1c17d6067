/* Contexts of balls, in a build with Arb. */
#include "arith/arb_compat.h"

bool fc_have_arb(void) { return true; }

static void ball_context(fc_ctx *ctx, const fc_ops *ops, fc_arith kind,
                         long precision) {
  if (precision < FC_PRECISION_MIN)
    precision = FC_PRECISION_MIN;
  *ctx =
      (fc_ctx){.ops = ops, .kind = kind, .precision = precision, .length = 1};
}

fc_status fc_ctx_init_arb(fc_ctx *ctx, long precision, fc_error *error) {
  (void)error;
  ball_context(ctx, &fc_ops_arb, FC_ARB, precision);
  return FC_OK;
}

fc_status fc_ctx_init_acb(fc_ctx *ctx, long precision, fc_error *error) {
  (void)error;
  ball_context(ctx, &fc_ops_acb, FC_ACB, precision);
  return FC_OK;
}

/* The real part of the storage of x, whichever kind of ball it is. */
static arb_srcptr real_part(fc_srcptr x, const fc_ctx *ctx) {
  return ctx->kind == FC_ACB ? acb_realref(fc_as_acb_src(x)) : fc_as_arb_src(x);
}

void fc_ball_convert(fc_ptr z, const fc_ctx *zctx, fc_srcptr x,
                     const fc_ctx *xctx) {
  if (zctx->kind == FC_ARB)
    arb_set(fc_as_arb(z), real_part(x, xctx));
  else if (xctx->kind == FC_ACB)
    acb_set(fc_as_acb(z), fc_as_acb_src(x));
  else
    acb_set_arb(fc_as_acb(z), fc_as_arb_src(x));
}
