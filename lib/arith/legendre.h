/* Gauss-Legendre rules on [-1, 1] in binary64 and MPFR. */
#ifndef FC_ARITH_LEGENDRE_H
#define FC_ARITH_LEGENDRE_H

#include "arith/arith.h"

typedef struct fc_legendre {
  fc_ctx ctx;
  size_t count;
  fc_ptr node;    /* count, increasing */
  fc_ptr weight;  /* count, sum 2 */
  fc_ptr through; /* count weights of barycentric interpolation in the nodes */
} fc_legendre;

/* 1 <= count. To be cleared also after a failure. */
fc_status fc_legendre_init(fc_legendre *rule, size_t count, const fc_ctx *ctx);
void fc_legendre_clear(fc_legendre *rule);

/* z = the value at x of the polynomial through the count values at the nodes.
 */
void fc_legendre_interpolate(fc_ptr z, const fc_legendre *rule,
                             fc_srcptr values, fc_srcptr x);

#endif
