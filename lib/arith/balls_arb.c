/* Error bounds put into balls, where the library has balls. */
#include "arith/arb_compat.h"
#include "arith/balls.h"

void fc_majorant(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  if (ctx->kind == FC_SERIES) {
    for (long i = 0; i < ctx->length; i++)
      fc_majorant(fc_series_coeff(z, i), fc_series_coeff_src(x, i), ctx->base);
  } else if (ctx->kind == FC_ACB) {
    acb_abs(acb_realref(fc_as_acb(z)), fc_as_acb_src(x), ctx->precision);
    arb_zero(acb_imagref(fc_as_acb(z)));
  } else {
    arb_abs(fc_as_arb(z), fc_as_arb_src(x));
  }
}

void fc_widen(fc_ptr z, fc_srcptr bound, const fc_ctx *ctx) {
  if (ctx->kind == FC_SERIES) {
    for (long i = 0; i < ctx->length; i++)
      fc_widen(fc_series_coeff(z, i), fc_series_coeff_src(bound, i), ctx->base);
  } else if (ctx->kind == FC_ACB) {
    acb_add_error_arb(fc_as_acb(z), acb_realref(fc_as_acb_src(bound)));
  } else {
    arb_add_error(fc_as_arb(z), fc_as_arb_src(bound));
  }
}

void fc_complex_join(fc_ptr z, fc_srcptr re, fc_srcptr im) {
  acb_set_arb_arb(fc_as_acb(z), fc_as_arb_src(re), fc_as_arb_src(im));
}

void fc_complex_split(fc_ptr re, fc_ptr im, fc_srcptr z) {
  acb_get_real(fc_as_arb(re), fc_as_acb_src(z));
  acb_get_imag(fc_as_arb(im), fc_as_acb_src(z));
}
