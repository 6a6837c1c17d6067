/* Private to lib/arith: the tables and the views of a number's storage. */
#ifndef FC_ARITH_ARITH_PRIVATE_H
#define FC_ARITH_ARITH_PRIVATE_H

#include "arith/arith.h"

#if MPFR_VERSION < MPFR_VERSION_NUM(4, 2, 0)
#error "MPFR 4.2 or newer is needed (mpfr_sinpi, mpfr_cospi)"
#endif

_Static_assert(sizeof(mpfr_t) <= sizeof(((fc_num_struct *)0)->as.words),
               "an mpfr_t must fit into an fc_num");

extern const fc_ops fc_ops_double;
extern const fc_ops fc_ops_mpfr;
extern const fc_ops fc_ops_arb;
extern const fc_ops fc_ops_acb;
extern const fc_ops fc_ops_series;

static inline mpfr_ptr fc_as_mpfr(fc_ptr x) { return x->as.mpfr; }
static inline mpfr_srcptr fc_as_mpfr_src(fc_srcptr x) { return x->as.mpfr; }

static inline fc_truth fc_truth_of(bool answer) {
  return answer ? FC_TRUE : FC_FALSE;
}

/* z (in zctx) = x (in xctx) where both are FC_ARB or FC_ACB: the whole ball,
 * the real part where z is real. */
void fc_ball_convert(fc_ptr z, const fc_ctx *zctx, fc_srcptr x,
                     const fc_ctx *xctx);

/* fc_dot_reversed for numbers of the context's precision. */
void fc_mpfr_dot(fc_ptr z, fc_srcptr x, fc_srcptr y, long n, const fc_ctx *ctx);

/* erfcx(x) = exp(x^2) erfc(x), correctly rounded to the precision of z. */
void fc_mpfr_erfcx(mpfr_ptr z, mpfr_srcptr x);
/* The same of erfc(x). */
void fc_mpfr_erfc(mpfr_ptr z, mpfr_srcptr x);

#endif
