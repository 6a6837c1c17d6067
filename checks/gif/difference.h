/* Derivatives by central differences of order eight, for functions that know
 * how far they may be off. */
#ifndef FC_CHECKS_GIF_DIFFERENCE_H
#define FC_CHECKS_GIF_DIFFERENCE_H

#include "arith/arith.h"

/* values (count) at the shift h, and how far any may be off. */
typedef fc_status fc_shifted_function(fc_ptr values, fc_ptr error, fc_srcptr h,
                                      void *data);

/* derivative (count) at h = 0 from the shifts +-H ... +-4H, H = unit 2^(-p/8)
 * at a precision of p bits, where unit (a power of two by its exponent) is
 * below the length over which the function varies; *error gets an estimate:
 * what order eight changes on order six, plus what the values' errors make of
 * themselves; infinite where both orders differ so much that H is no small
 * step.  binary64 and MPFR; FC_DOMAIN elsewhere. */
fc_status fc_difference(fc_ptr derivative, fc_ptr error, size_t count,
                        fc_shifted_function *function, void *data,
                        long unit_exponent, const fc_ctx *ctx);

/* The exponent of a unit that is below 1 and 1/size by a margin. */
long fc_difference_unit(fc_srcptr size, const fc_ctx *ctx);

#endif
