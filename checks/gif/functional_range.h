/* Where a constant lies: between low and high. */
#ifndef FC_CHECKS_GIF_FUNCTIONAL_RANGE_H
#define FC_CHECKS_GIF_FUNCTIONAL_RANGE_H

#include "arith/arith.h"

typedef struct fc_range {
  fc_num low, high;
} fc_range;

void fc_range_init(fc_range *range, const fc_ctx *ctx); /* 0 */
void fc_range_clear(fc_range *range, const fc_ctx *ctx);

/* FC_UNSUPPORTED in balls: binary64 proves nothing. */
fc_status fc_range_set(fc_range *range, double low, double high,
                       const fc_ctx *ctx);

/* all = the range of the larger of both constants (all >= 0). */
void fc_range_join(fc_range *all, const fc_range *one, const fc_ctx *ctx);

/* z = the middle, error = half the width. */
void fc_range_middle(fc_ptr z, fc_ptr error, const fc_range *range,
                     const fc_ctx *ctx);

#endif
