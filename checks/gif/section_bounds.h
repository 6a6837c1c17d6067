/* The numbers of Section 6 that need no sample. */
#ifndef FC_CHECKS_GIF_SECTION_BOUNDS_H
#define FC_CHECKS_GIF_SECTION_BOUNDS_H

#include "claims/claim.h"

/* The integral of phi(x; m, sigma^2 I) over the plane by the trapezoid rule:
 *   (h/sqrt(2 pi) sum_k exp(-(k h)^2/2))^2 = 1 up to 2 exp(-2 pi^2/h^2). */
void fc_section_gaussian_mass(fc_ptr mass, const fc_ctx *ctx);

/* b_0 C_1 sqrt(E|X_1|^2), C_1 by Proposition 5.2(i), E|X_1|^2 = R^2 + 2
 * sigma^2; the control leaves out C_1's exponential and the root. */
fc_status fc_section_source_bound(fc_ptr bound, const fc_job *job, bool control,
                                  const fc_ctx *ctx);

#endif
