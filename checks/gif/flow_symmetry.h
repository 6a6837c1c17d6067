/* Where the derivative of the flow is a symmetric matrix. */
#ifndef FC_CHECKS_GIF_FLOW_SYMMETRY_H
#define FC_CHECKS_GIF_FLOW_SYMMETRY_H

#include "claims/claim.h"

/* True where grad X_{s,t} is known to be symmetric for all s, t, x: on the
 * line, for Gaussians, for equal isotropic components with means on a line, and
 * for products of these. */
bool fc_flow_is_symmetric(const fc_job *job);

#endif
