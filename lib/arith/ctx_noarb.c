/* A build without Arb: balls are refused. */
#include "arith/arith_private.h"

bool fc_have_arb(void) { return false; }

static fc_status refuse(fc_error *error) {
  return fc_fail(error, FC_UNSUPPORTED,
                 "certified arithmetic needs FLINT/Arb, without which this "
                 "library was built; the tiers double and mpfr are available");
}

fc_status fc_ctx_init_arb(fc_ctx *ctx, long precision, fc_error *error) {
  (void)ctx;
  (void)precision;
  return refuse(error);
}

fc_status fc_ctx_init_acb(fc_ctx *ctx, long precision, fc_error *error) {
  (void)ctx;
  (void)precision;
  return refuse(error);
}

/* No context of balls exists, so nobody can ask. */
void fc_ball_convert(fc_ptr z, const fc_ctx *zctx, fc_srcptr x,
                     const fc_ctx *xctx) {
  (void)z;
  (void)zctx;
  (void)x;
  (void)xctx;
}
