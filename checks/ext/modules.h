/* The check modules that go beyond the paper, one per result. */
#ifndef FC_CHECKS_EXT_MODULES_H
#define FC_CHECKS_EXT_MODULES_H

#include "claims/claim.h"

extern const fc_check fc_check_schedule_invariance;
extern const fc_check fc_check_noise_level;

#endif
