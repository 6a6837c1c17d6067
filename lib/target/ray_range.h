/* What a formula in x does on a ray x = c + side v, near <= v <= far.
 *
 * Every subexpression is enclosed as exp(P) v^e [low, high] with a rational e
 * and an exact polynomial P, in extended intervals with MPFR end points rounded
 * outwards; polynomials in x are exact until they are needed.  So
 * log(exp(-x^2) + exp(-(x-1)^2)) is -x^2 + 2 x - 1 + log(1 + ..), and
 * x^3 - x = v^3 [1 - near^-2, 1] and x/(5 + x^2) = v^-1 [.., 1] keep what
 * [near, oo) - [near, oo) loses.  Where far is infinite the largest power
 * leads in a sum, where near is 0 the smallest.  Used for tails and for ends of
 * a support at which a potential is infinite.
 */
#ifndef FC_TARGET_RAY_RANGE_H
#define FC_TARGET_RAY_RANGE_H

#include "formula/formula.h"

typedef struct fc_ray {
  mpq_srcptr centre;
  int side;              /* 1 or -1 */
  mpfr_srcptr near, far; /* 0 <= near < far <= infinity */
} fc_ray;

/* [low, high] contains v^power f(c + side v) for all v of the ray at which f is
 * defined; -infinity, infinity where nothing is known.  The formula's only
 * variable is names[0].  FC_MEMORY. */
fc_status fc_ray_range(mpfr_ptr low, mpfr_ptr high, const fc_formula *f,
                       long power, const fc_ray *ray);

#endif
