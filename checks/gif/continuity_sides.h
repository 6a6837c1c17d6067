/* The two sides of the claims of gif.continuity. */
#ifndef FC_CHECKS_GIF_CONTINUITY_SIDES_H
#define FC_CHECKS_GIF_CONTINUITY_SIDES_H

#include "claims/pointwise.h"

/* In divergence = Tr grad v, transport = <v, s>: d/dt log p_t.  All three are
 * Taylor coefficients: of log p_t in t and in x, of v in x, where v is made of
 * the posterior mean alone. */
fc_pointwise_function fc_sides_continuity;

#endif
