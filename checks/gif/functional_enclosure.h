/* Poincare constants in balls. */
#ifndef FC_CHECKS_GIF_FUNCTIONAL_ENCLOSURE_H
#define FC_CHECKS_GIF_FUNCTIONAL_ENCLOSURE_H

#include "schedule/schedule.h"
#include "target/target.h"

/* z encloses C_P of Law(a Z + b X_1) for what fc_poincare_enclose takes on the
 * line, and along the line of the means for equal isotropic components whose
 * means lie on one.  FC_UNSUPPORTED for other targets. */
fc_status fc_functional_enclose(fc_ptr z, const fc_target *target,
                                const fc_schedule_value *at, const fc_ctx *ctx);

#endif
