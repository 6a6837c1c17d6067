/* The two sides of the claims of gif.change-of-variables.  At the witness (t,
 * x), x is where the trajectory is at time t in fc_sides_trajectory, and where
 * it starts at time s in all others: s = 0 on the line, 3/8
 * where flows are dearer; t = 1/2. */
#ifndef FC_CHECKS_GIF_CHANGE_SIDES_H
#define FC_CHECKS_GIF_CHANGE_SIDES_H

#include "claims/pointwise.h"

/* d/dt log p_t(X_t), in trace = Tr grad v(t, x).  The left side is the Taylor
 * coefficient of log p_{t+h}(x + h v); trace comes from (4.3). */
fc_pointwise_function fc_sides_trajectory;

/* log p_t(X_t) - log p_s(x), in log_det = log |det grad X_{s,t}(x)|: of the
 * closed form (Gaussians), of the variational equation, or on the line of
 * differences of X in x, as the exact map is made of the densities. */
fc_pointwise_function fc_sides_density;

/* log pi_t(X_t), in start = log pi_s(x) and integral = int_0^t Tr grad v(s,
 * X_s) ds, for pi_s = N(1/3, 4) in each coordinate.  The law is carried by the
 * inverse flow: pi_t(y) = pi_s(X_{t,s}(y)) |det grad X_{t,s}(y)|. */
fc_pointwise_function fc_sides_other_law;

/* log |det grad X_{s,t}(x)|, in integral. */
fc_pointwise_function fc_sides_determinant;

/* d/dt grad X_{s,t}(x) by differences in t, in product = grad v(t, X_{s,t}(x))
 * grad X_{s,t}(x); length d*d. */
fc_pointwise_function fc_sides_variational;

/* d/dh X_{s,t}(x + h e) by differences, in jacobian = grad X_{s,t}(x) e, for e
 * = (1, 1/2, 1/3, ...); length d. */
fc_pointwise_function fc_sides_jacobian;

#endif
