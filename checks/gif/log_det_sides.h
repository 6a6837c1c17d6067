/* Densities and log-determinants along a trajectory from s to t = 1/2; the
 * witness and s are those of change_flow.h. */
#ifndef FC_CHECKS_GIF_LOG_DET_SIDES_H
#define FC_CHECKS_GIF_LOG_DET_SIDES_H

#include "claims/pointwise.h"

/* log |det grad X_{s,t}(x)|, in integral = int_s^t Tr grad v(r, X_r) dr. */
fc_pointwise_function fc_sides_determinant;

/* log p_t(X_t) - log p_s(x), in log_det = log |det grad X_{s,t}(x)|: of the
 * closed form (Gaussians), of the variational equation, or on the line of
 * differences of X in x, as the exact map is made of the densities. */
fc_pointwise_function fc_sides_density;

/* log pi_t(X_t), in start = log pi_s(x) and integral = int_s^t Tr grad v(r,
 * X_r) dr, for pi_s = N(1/3, 4) in each coordinate.  The law is carried by the
 * inverse flow: pi_t(y) = pi_s(X_{t,s}(y)) |det grad X_{t,s}(y)|. */
fc_pointwise_function fc_sides_other_law;

#endif
