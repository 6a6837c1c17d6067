/* The two sides of the claims of gif.diffusion, at the witness's time tau = 1 -
 * t of the interpolation. */
#ifndef FC_CHECKS_GIF_DIFFUSION_SIDES_H
#define FC_CHECKS_GIF_DIFFUSION_SIDES_H

#include "claims/pointwise.h"

/* d/dt log q_t(x), q_t = p_{1-t}, in
 *   drift     = div(x q)/q = d + <x, grad log q>,
 *   diffusion = (Laplacian q)/q = Tr hess log q + |grad log q|^2.
 * All are Taylor coefficients of log p, in t and in x. */
fc_pointwise_function fc_sides_fokker_planck;

/* Gaussian targets: d/dt of the mean (d) and of the covariance (d*d) of q_t, in
 * `mean`, or in `covariance` and I.  Both moments are read off log q_t at x:
 * its Hessian is -covariance^-1, its gradient covariance^-1 (mean - x). */
fc_pointwise_function fc_sides_diffusion_mean;
fc_pointwise_function fc_sides_diffusion_covariance;

/* The formula detail->text[0], against that of the claim. */
fc_pointwise_function fc_sides_diffusion_coefficient;

#endif
