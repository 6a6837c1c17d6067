/* Derivatives of a flow by differences; the witness and s are those of
 * change_flow.h. */
#ifndef FC_CHECKS_GIF_FLOW_DIFFERENCES_H
#define FC_CHECKS_GIF_FLOW_DIFFERENCES_H

#include "claims/pointwise.h"

/* e = (1, 1/2, 1/3, ...), d numbers. */
void fc_flow_direction(fc_ptr e, size_t d, const fc_ctx *ctx);

/* slope (d) = d/dh X_{s,t}(x + h e) at h = 0 and how far any entry may be off;
 * unit as in fc_difference, which it fails as. */
fc_status fc_flow_difference(fc_ptr slope, fc_ptr error, fc_srcptr e, long unit,
                             fc_workspace *workspace);

/* d/dh X_{s,t}(x + h e) by differences, in jacobian = grad X_{s,t}(x) e, for e
 * = (1, 1/2, 1/3, ...); length d. */
fc_pointwise_function fc_sides_jacobian;

/* d/dt grad X_{s,t}(x) by differences in t, in product = grad v(t, X_{s,t}(x))
 * grad X_{s,t}(x); length d*d. */
fc_pointwise_function fc_sides_variational;

#endif
