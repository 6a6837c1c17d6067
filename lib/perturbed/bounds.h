/* What the class constants say of grad w: bounds of its spectrum at each time,
 * for all x (the one-sided bound theta~ is the upper one), and a bound on
 * sup |grad w| over all t and x.
 *
 * From Proposition 4.1, with V = a^2 + sigma^2 b^2:
 *   nu = N(0, sigma^2 I) * rho   (d): (a a' + sigma^2 b b')/V <= grad v
 *                                <= the same + a omega b R^2/V^2
 *   kappa, beta > 0              (b), (c): (beta a a' + b b')/(beta a^2 + b^2)
 *                                <= grad v <= the same with kappa
 * and the perturbation:
 *   additive        + [slope_low, slope_high]
 *   denoiser        + a omega [slope_low, slope_high]
 *   multiplicative  times 1 + eps
 *   noise           k a in place of a (k^2 a a', k^2 a omega)
 *   euler           s/(1 + tau s), s those of v at t_k, where 1 + tau s > 0:
 *                   increasing in s
 */
#ifndef FC_PERTURBED_BOUNDS_H
#define FC_PERTURBED_BOUNDS_H

#include "perturbed/perturbed.h"

typedef struct fc_gradient_bounds fc_gradient_bounds;

/* Binds all three (by reference) to a real context, balls among them (copied).
 * FC_UNSUPPORTED where the target has none of these constants, or the
 * perturbation no Lipschitz field: rounded; slopes that are not stated. */
fc_status fc_gradient_bounds_new(fc_gradient_bounds **bounds,
                                 const fc_target *target,
                                 const fc_schedule *schedule,
                                 const fc_perturbation *perturbation,
                                 const fc_ctx *ctx, fc_error *error);
void fc_gradient_bounds_free(fc_gradient_bounds *bounds); /* NULL is allowed */

/* lower I <= grad w(t, x) <= upper I for every x, at a time (or, in balls, at
 * every time in a ball: outwards from the balls' midpoints).  FC_DOMAIN where
 * Euler's step cannot be inverted. */
fc_status fc_gradient_bounds_at(fc_ptr lower, fc_ptr upper,
                                fc_gradient_bounds *bounds,
                                const fc_time *time);

/* z >= sup |grad w|: the largest over a mesh of times, and one part in 64 more;
 * of euler the largest over both ends of each step, where s/(1 + tau s) is
 * largest in size.  *proved: balls over all of [0, 1] confirm it (never without
 * Arb; nor for euler). */
fc_status fc_gradient_bounds_sup(fc_ptr z, bool *proved,
                                 fc_gradient_bounds *bounds, fc_error *error);

/* euler: z = int_0^1 exp(2 int_s^1 theta~) ds for its theta~ = s_k/(1 + tau
 * s_k), with h = 1/N and G_k = (1 + h s_k) ... (1 + h s_{N-1}):
 *   z = Sum_k h (1 + h s_k) G_{k+1}^2.
 * FC_DOMAIN where a step cannot be inverted, FC_UNSUPPORTED for other kinds. */
fc_status fc_gradient_bounds_polygon(fc_ptr z, fc_gradient_bounds *bounds);

#endif
