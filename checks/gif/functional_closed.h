/* Constants of nu and p_t that have a closed form. */
#ifndef FC_CHECKS_GIF_FUNCTIONAL_CLOSED_H
#define FC_CHECKS_GIF_FUNCTIONAL_CLOSED_H

#include "schedule/schedule.h"
#include "target/target.h"

/* A Gaussian target: z = C_P = C_LS of p_t, 1/lambda_min(-hess log p_t). */
fc_status fc_gaussian_poincare(fc_ptr z, const fc_target *target,
                               const fc_schedule_value *at, const fc_ctx *ctx);

/* A Gaussian target: z = |grad X_1|^2, the largest eigenvalue of J J^T for the
 * flow's J = grad X_{0,1}. */
fc_status fc_gaussian_slope(fc_ptr z, const fc_target *target,
                            const fc_schedule *schedule, const fc_ctx *ctx);

/* z = min(1/kappa (kappa > 0), sigma^2 exp(R^2/sigma^2)) >= |grad X_1|^2 by
 * Propositions 5.1 and 5.2 for the flow from N(0, I); 1/kappa is Bakry and
 * Emery's bound, too.  FC_DOMAIN where neither applies. */
fc_status fc_class_slope(fc_ptr z, const fc_target *target, const fc_ctx *ctx);

#endif
