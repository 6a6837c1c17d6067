/* Sizes of numbers, beyond the range of binary64, too; private to this folder.
 */
#ifndef FC_FLOW_MAGNITUDE_H
#define FC_FLOW_MAGNITUDE_H

#include "arith/arith.h"

/* log2 |x| to a few digits: -infinity where x = 0, NaN where it is not finite.
 */
double fc_log2_magnitude(fc_srcptr x, const fc_ctx *ctx);

/* The longest step h >= 0 in which a responsibility r, log r growing by no more
 * than |rate| h + bend h^2 (bend >= 0), is seen by series of the given order:
 * where that growth is at most order/2 (terms of exp(growth) halve from there
 * on), or r stays below 2^-bits/count until the end. */
double fc_reach(fc_srcptr r, double rate, double bend, size_t count, long order,
                long bits, const fc_ctx *ctx);

#endif
