/* Error bounds put into balls; for the library itself. */
#ifndef FC_ARITH_BALLS_H
#define FC_ARITH_BALLS_H

#include "arith/arith.h"

/* True for balls and for series over balls. */
bool fc_is_rigorous(const fc_ctx *ctx);

/* z = |x|, coefficient by coefficient in a series.  Rigorous contexts only. */
void fc_majorant(fc_ptr z, fc_srcptr x, const fc_ctx *ctx);

/* Widens z by |bound|, coefficient by coefficient in a series.  Rigorous
 * contexts only. */
void fc_widen(fc_ptr z, fc_srcptr bound, const fc_ctx *ctx);

/* z (complex balls) = re + i im (real balls), and back. */
void fc_complex_join(fc_ptr z, fc_srcptr re, fc_srcptr im);
void fc_complex_split(fc_ptr re, fc_ptr im, fc_srcptr z);

#endif
