/* One round of Ziv's loop; private to lib/formula.  Proved with Arb
 * (ziv_arb.c), by agreement of two precisions without it (ziv_mpfr.c). */
#ifndef FC_FORMULA_ZIV_H
#define FC_FORMULA_ZIV_H

#include "formula/formula.h"

/* lower <= value <= upper (their precisions are set here), computed with p
 * bits; NaN where the value is undefined as far as p bits tell. */
fc_status fc_ziv_interval(mpfr_ptr lower, mpfr_ptr upper,
                          const fc_formula *constant, long p);

/* z = a ball about the value in an FC_ARB or FC_ACB context, as accurate as
 * the context's precision, if `limit` bits suffice for that. */
fc_status fc_ziv_ball(fc_ptr z, const fc_formula *constant, long limit,
                      const fc_ctx *ctx);

#endif
