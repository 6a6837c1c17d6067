/* Theorem 3.1 against test functions and the characteristic function of
 * Appendix A, in dimension 1, by the trapezoidal rule over x (it converges
 * exponentially, p_t being a convolution with N(0, a^2)).
 */
#ifndef FC_CHECKS_GIF_CONTINUITY_WEAK_H
#define FC_CHECKS_GIF_CONTINUITY_WEAK_H

#include "claims/pointwise.h"

/* In flux = E[phi'(X_t) v(t, X_t)]: d/dt E[phi(X_t)], the derivative of p_t
 * from series arithmetic in t.  detail.text[i] is the i-th phi, a formula in x;
 * fc_length_weak. */
enum { FC_TEST_FUNCTIONS = 2 };
size_t fc_length_weak(const fc_job *job);
fc_pointwise_function fc_sides_weak;

/* In flux = E[i exp(i w X_t) v(t, X_t)] (real and imaginary part): d/dt Psi,
 * Psi = exp(-a^2 w^2/2) phi_nu(b w), phi_nu in closed form; detail.text[0] is
 * w.  Mixtures of equal Gaussians only. */
fc_pointwise_function fc_sides_characteristic;

const char *fc_needs_line_mixture(const fc_job *job);
size_t fc_length_complex(const fc_job *job); /* 2 */

#endif
