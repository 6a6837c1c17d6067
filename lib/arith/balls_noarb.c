/* Without balls no context is rigorous and nothing is to be widened. */
#include "arith/balls.h"

void fc_majorant(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_abs(z, x, ctx);
}

void fc_widen(fc_ptr z, fc_srcptr bound, const fc_ctx *ctx) {
  (void)z, (void)bound, (void)ctx;
}

void fc_complex_join(fc_ptr z, fc_srcptr re, fc_srcptr im) {
  (void)z, (void)re, (void)im;
}

void fc_complex_split(fc_ptr re, fc_ptr im, fc_srcptr z) {
  (void)re, (void)im, (void)z;
}
