/* Poincare constants in balls. */
#ifndef FC_CHECKS_GIF_FUNCTIONAL_ENCLOSURE_H
#define FC_CHECKS_GIF_FUNCTIONAL_ENCLOSURE_H

#include "schedule/schedule.h"
#include "target/target.h"

/* z encloses C_P of Law(a Z + b X_1) along the line through the means of
 * components 0 and `tip` (d = 1: on the line), X_1 of equal isotropic
 * components whose means lie on it.  FC_UNSUPPORTED for other targets. */
fc_status fc_functional_enclose(fc_ptr z, const fc_target *target, size_t tip,
                                const fc_schedule_value *at, const fc_ctx *ctx);

#endif
