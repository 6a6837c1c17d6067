/* The module of the tutorial; those of the project are in gif/modules.h. */
#ifndef FC_CHECKS_TUTORIAL_SIMPLER_BOUND_H
#define FC_CHECKS_TUTORIAL_SIMPLER_BOUND_H

#include "claims/claim.h"

extern const fc_check fc_check_simpler_bound;

#endif
