/* The posterior moments of Proposition F.1 and Appendix F at a workspace's
 * point, with M1 = E[X_1|x], C = Cov(X_1|x), M2 = E[|X_1|^2|x],
 * M3 = E[X_1 |X_1|^2 | x], and how large entries of each kind are.
 */
#ifndef FC_CHECKS_GIF_MOMENTS_H
#define FC_CHECKS_GIF_MOMENTS_H

#include "claims/pointwise.h"

typedef struct fc_moments {
  const fc_ctx *ctx;
  size_t d;
  fc_ptr M1, M3, M2M1;                /* d each */
  fc_ptr Cx, CM1;                     /* C x, C M1 */
  fc_ptr M2x;                         /* E[X_1 X_1^T|x] x */
  fc_num trace, second, root, size_x; /* Tr C, M2, sqrt(M2), max |x_i| */
  fc_num size_M3, size_Cx, size_CM1, size_M2x;
} fc_moments;

/* Evaluates the posterior (moments, third included) at the workspace's point.
 */
fc_status fc_moments_init(fc_moments *moments, fc_workspace *workspace);
void fc_moments_clear(fc_moments *moments);

#endif
