/* Derivatives by central differences of order eight, for functions that know
 * how far they may be off. */
#ifndef FC_CHECKS_GIF_DIFFERENCE_H
#define FC_CHECKS_GIF_DIFFERENCE_H

#include "arith/arith.h"

/* values (count) at the shift h, and how far any may be off. */
typedef fc_status fc_shifted_function(fc_ptr values, fc_ptr error, fc_srcptr h,
                                      void *data);

/* derivative (count) at h = 0 from the shifts +-H ... +-4H, H = 2^(-p/8) at a
 * precision of p bits; *error gets an estimate: what order eight changes on
 * order six, plus what the values' errors make of themselves.
 * binary64 and MPFR; FC_DOMAIN elsewhere. */
fc_status fc_difference(fc_ptr derivative, fc_ptr error, size_t count,
                        fc_shifted_function *function, void *data,
                        const fc_ctx *ctx);

#endif
