/* The two sides of the claims of gif.perturbation-formula.  The witness is (t,
 * x): both trajectories start at x at time 0.
 *
 * The perturbed field is the velocity field of another law under the same
 * schedule, N(m, S) with m_i = 1/(i + 1) and S tridiagonal, 3/4 and 1/4: its
 * flow Y is known in closed form, so no perturbed equation is solved.
 */
#ifndef FC_CHECKS_GIF_PERTURBATION_SIDES_H
#define FC_CHECKS_GIF_PERTURBATION_SIDES_H

#include "claims/pointwise.h"

/* What a variant does to the integrand. */
enum {
  FC_PERTURBED_RIGHT,
  FC_PERTURBED_TRANSPOSED, /* the Jacobian, as printed */
  FC_PERTURBED_NO_JACOBIAN,
  FC_PERTURBED_WRONG_POINT /* fields at the starting point */
};

/* X_t - Y_t, in integral = int_0^t grad X_{s,t}(Y_s) (v - w)(s, Y_s) ds, w the
 * perturbed field; length d. */
fc_pointwise_function fc_sides_first_formula;

/* Y_t - X_t, in integral = int_0^t grad Y_{s,t}(X_s) (w - v)(s, X_s) ds. */
fc_pointwise_function fc_sides_second_formula;

#endif
