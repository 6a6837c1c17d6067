/* The factors of Proposition 6.2. */
#ifndef FC_CHECKS_GIF_STABILITY_FACTORS_H
#define FC_CHECKS_GIF_STABILITY_FACTORS_H

#include "gif/stability_fields.h"

/* What is asked of an integral in binary64. */
enum { FC_STABILITY_BITS = 30 };

/* z = int_0^1 growth^power dt to about 2^-bits, *error how far it may be off.
 */
fc_status fc_stability_integrate(fc_ptr z, fc_ptr error, const fc_job *job,
                                 const fc_claim *claim, const char *growth,
                                 int power, long bits, const fc_ctx *ctx);

/* The same in binary64, NaN where it cannot be had or growth is NULL; what
 * controls ask. */
double fc_stability_integral(const fc_job *job, const char *growth, int power);

/* z = C_3; proved: by balls over all of [0, 1]. */
fc_status fc_stability_lipschitz(fc_ptr z, bool *proved, const fc_job *job,
                                 const fc_stability_field *field,
                                 const fc_ctx *ctx);

/* The same of the field `which` in binary64, NaN where it is not known. */
double fc_stability_lipschitz_d(const fc_job *job, int which);

/* z = int_0^1 exp(2 int_s^1 theta~) ds of Euler's field, *error how far it may
 * be off. */
fc_status fc_stability_polygon(fc_ptr z, fc_ptr error, const fc_job *job,
                               const fc_stability_field *field,
                               const fc_ctx *ctx);

/* z = (exp(p C) - 1)/(p C), 1 at C = 0. */
void fc_exponential_mean(fc_ptr z, fc_srcptr C, long p, const fc_ctx *ctx);

#endif
