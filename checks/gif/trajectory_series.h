/* The density along a trajectory at one time, by Taylor series. */
#ifndef FC_CHECKS_GIF_TRAJECTORY_SERIES_H
#define FC_CHECKS_GIF_TRAJECTORY_SERIES_H

#include "claims/pointwise.h"

/* d/dt log p_t(X_t), in trace = Tr grad v(t, x), where X_t = x at the witness
 * (t, x).  The left side is the Taylor coefficient of log p_{t+h}(x + h v);
 * trace comes from (4.3). */
fc_pointwise_function fc_sides_trajectory;

#endif
