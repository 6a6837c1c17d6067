/* y' = f(tau, y) in binary64 or MPFR by Gragg's, Bulirsch's and Stoer's
 * extrapolated midpoint rule (Hairer, Norsett and Wanner, Solving Ordinary
 * Differential Equations I, II.9): nothing is asked of f but its values. */
#ifndef FC_PERTURBED_ODE_H
#define FC_PERTURBED_ODE_H

#include "arith/arith.h"

/* dy (n numbers) at (tau, y). */
typedef fc_status fc_ode_right_side(fc_ptr dy, fc_srcptr tau, fc_srcptr y,
                                    void *data);

/* Carries y (n numbers) from `from` to `to`.  In each step the last two entries
 * of the extrapolation differ by less than 2^-bits (1 + |y|): a goal for each
 * step, not a bound on the result.  FC_BUDGET after `steps` steps, FC_DOMAIN
 * where f is not finite, FC_UNSUPPORTED in balls. */
fc_status fc_ode_integrate(fc_ptr y, size_t n, fc_srcptr from, fc_srcptr to,
                           fc_ode_right_side *f, void *data, long bits,
                           long steps, const fc_ctx *ctx);

#endif
