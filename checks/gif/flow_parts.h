/* What proofs of bounds on the flow are made of (claims/flow_proving.h). */
#ifndef FC_CHECKS_GIF_FLOW_PARTS_H
#define FC_CHECKS_GIF_FLOW_PARTS_H

#include "claims/flow_proving.h"
#include "gif/flow_forms.h"

/* C <= 1/(kappa + u^2), from where kappa + u^2 > 0 on. */
static inline fc_flow_part fc_flow_curvature_part(void) {
  return (fc_flow_part){.bound = FC_FLOW_CURVATURE, .where = "kappa*a^2 + b^2"};
}

#endif
