/* Without balls no context is rigorous and nothing is to be widened. */
#include "arith/balls.h"

void fc_majorant(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_abs(z, x, ctx);
}

void fc_widen(fc_ptr z, fc_srcptr bound, const fc_ctx *ctx) {
  (void)z, (void)bound, (void)ctx;
}
