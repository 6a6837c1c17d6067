/* Integrals over y against the posterior weight on the line,
 *
 *   w(y) = nu(y) exp(-(x - b y)^2/(2 a^2)) / (its size near its maximum),
 *
 * straight from its definition: a judge that knows no closed form.  Where nu is
 * smooth on the whole line the trapezoidal rule, else the double exponential
 * rule between the ends of the pieces of nu (Takahasi and Mori 1974); both
 * converge exponentially, and the step is halved until two results agree to
 * half the digits asked for (an error that squares from one to the next).
 * No error bound is proved, so balls are refused with FC_DOMAIN.
 */
#ifndef FC_CHECKS_GIF_LINE_QUADRATURE_H
#define FC_CHECKS_GIF_LINE_QUADRATURE_H

#include "claims/pointwise.h"

/* What an integrand is given at a node. */
typedef struct fc_line_node {
  fc_srcptr y, weight; /* w(y) */
  fc_srcptr log_nu;    /* log nu(y) */
  fc_srcptr ddU;       /* U''(y), U = -log nu */
} fc_line_node;

/* Fills the values of all integrands (the weight is not put in for them). */
typedef fc_status fc_line_integrand(fc_ptr values, const fc_line_node *node,
                                    void *data);

/* integrals[i] = the i-th integral, in the workspace's context at its point (d
 * = 1, nu with a density, t in (0, 1)), to about the given number of bits
 * relative to the integral of its magnitude.  FC_DOMAIN in balls, FC_BUDGET
 * where halving does not converge. */
fc_status fc_line_integrate(fc_ptr integrals, size_t count,
                            fc_line_integrand *integrand, void *data,
                            fc_workspace *workspace, long bits);

/* How many bits to ask for: more where the context has more, so that doubling
 * the precision tests the quadrature too; few where binary64 only looks for the
 * worst point. */
long fc_line_bits(const fc_workspace *workspace);

#endif
