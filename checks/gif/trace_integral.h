/* The trace of grad v, and its integral along a trajectory. */
#ifndef FC_CHECKS_GIF_TRACE_INTEGRAL_H
#define FC_CHECKS_GIF_TRACE_INTEGRAL_H

#include "claims/pointwise.h"

/* z = Tr J, size = Sum |J_ii|; J is d*d. */
void fc_trace(fc_ptr z, fc_ptr size, fc_srcptr J, size_t d, const fc_ctx *ctx);

/* integral = int_s^t Tr grad v(r, X_r) dr from the workspace's x at s
 * (fc_change_start) to its time t, and how far it may be off; end (d) and
 * end_error (both may be NULL): X_t and how far that may be off.  Fails as
 * fc_time_integrate does. */
fc_status fc_trace_integral(fc_ptr integral, fc_ptr error, fc_ptr end,
                            fc_ptr end_error, fc_workspace *workspace);

#endif
