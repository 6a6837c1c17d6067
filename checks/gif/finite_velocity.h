/* C_2 = sup |grad v| of Corollary 6.3, both sides of the spectrum. */
#ifndef FC_CHECKS_GIF_FINITE_VELOCITY_H
#define FC_CHECKS_GIF_FINITE_VELOCITY_H

#include "claims/claim.h"

/* The case of Assumption 2.2 whose bounds are used. */
typedef enum fc_assumption {
  FC_CASE_NONE,
  FC_CASE_I,
  FC_CASE_III,
  FC_CASE_IV
} fc_assumption;

fc_assumption fc_assumption_of(const fc_job *job);

/* NULL where the corollary applies (i, iii or iv), else why not. */
const char *fc_needs_finite_case(const fc_job *job);

/* sup over x and t of |grad v|, against the supremum over t of what Proposition
 * 4.1 says of it; `half` plants half of what it says |grad v| is at least. */
fc_status fc_measure_c2(const fc_job *job, const fc_claim *claim,
                        fc_error *error);
fc_status fc_measure_c2_half(const fc_job *job, const fc_claim *claim,
                             fc_error *error);

/* A probe for laws of bounded support: sup |grad v| at r = 1 - t = 2^-20. */
fc_status fc_measure_c2_bounded(const fc_job *job, const fc_claim *claim,
                                fc_error *error);

#endif
