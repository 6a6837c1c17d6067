/* Every check module of the project, in the order of the paper. */
#ifndef FC_CHECKS_CHECKS_H
#define FC_CHECKS_CHECKS_H

#include "claims/claim.h"

extern const fc_check *const fc_checks[];
extern const size_t fc_check_count;

#endif
