/* Errata 4 and 5: what the paper says about v at t = 1, taken by the word.
 *
 * "v(t, x) has a limit as t -> 1 for every x" ((3.6), Theorem 3.1 on [0, 1] x
 * R^d, Remark 3.6) fails outside supp nu: there M tends to the nearest point y
 * of the support and v = (a'/a)(x - b M) + b' M grows like |x - y|/(1-t).
 * Appendix D prints v(1, 0) = (a' a)_1 s(1, 0); A.6 gives -(a' a)_1 s(1, 0).
 */
#ifndef FC_CHECKS_GIF_VELOCITY_LIMITS_H
#define FC_CHECKS_GIF_VELOCITY_LIMITS_H

#include "claims/claim.h"

/* |v(1-r, x)| against the claim's formula in r, next to t = 1.  detail NULL: at
 * the x where it is largest among points within and about the support; else at
 * one where nu is smooth. */
fc_status fc_measure_end_limit(const fc_job *job, const fc_claim *claim,
                               fc_error *error);

/* v(1, 0) against the claim's formula in s = s(1, 0), d = 1. */
fc_status fc_measure_end_sign(const fc_job *job, const fc_claim *claim,
                              fc_error *error);

/* `holds` where supp nu = R^d, else `violated`. */
const char *fc_expect_end_limit(const fc_job *job);

/* `violated` where (a' a)_1 s(1, 0) is not 0, else `holds`. */
const char *fc_expect_end_sign(const fc_job *job);

#endif
