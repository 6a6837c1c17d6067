/* (3.5) by quadrature over the posterior, in dimension 1. */
#ifndef FC_CHECKS_GIF_VELOCITY_INTEGRALS_H
#define FC_CHECKS_GIF_VELOCITY_INTEGRALS_H

#include "claims/pointwise.h"

/* In Z = E[Z|x] and M = E[X_1|x], each an integral over y: the library's
 * velocity field. */
fc_pointwise_function fc_sides_definition;

/* d = 1 and a density. */
const char *fc_needs_line_density(const fc_job *job);
/* The same for targets whose integrals are cheap enough for controls. */
const char *fc_needs_line_component_ball(const fc_job *job);

#endif
