/* Contexts that exist in every build. */
#include "arith/arith_private.h"

void fc_ctx_init_double(fc_ctx *ctx) {
  *ctx = (fc_ctx){
      .ops = &fc_ops_double, .kind = FC_DOUBLE, .precision = 53, .length = 1};
}

void fc_ctx_init_mpfr(fc_ctx *ctx, long precision) {
  if (precision < FC_PRECISION_MIN)
    precision = FC_PRECISION_MIN;
  *ctx = (fc_ctx){.ops = &fc_ops_mpfr,
                  .kind = FC_MPFR,
                  .precision = precision,
                  .length = 1};
}

void fc_ctx_init_series(fc_ctx *ctx, const fc_ctx *base, long length) {
  if (length < 1)
    length = 1;
  if (length > 4096)
    length = 4096;
  *ctx = (fc_ctx){.ops = &fc_ops_series,
                  .kind = FC_SERIES,
                  .precision = base->precision,
                  .base = base,
                  .length = length};
}
