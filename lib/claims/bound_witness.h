/* Certificates of bounds on grad v that are false at a point. */
#ifndef FC_CLAIMS_BOUND_WITNESS_H
#define FC_CLAIMS_BOUND_WITNESS_H

#include "claims/bound.h"

/* Hands job->certify a certificate that the claim, as the detail says it, is
 * false at the record's witness: schedule, t, x and a direction e with e' grad
 * v e / |e|^2 (of_covariance: e' C e / |e|^2) beyond the bound, the eigenvector
 * there rounded to 64 binary places. Nothing where nobody wants one, the record
 * is no certified violation, the checker knows no such targets, or t is 1,
 * where only limits of the formulas exist. */
fc_status fc_bound_certify_witness(const fc_job *job, const fc_claim *claim,
                                   const fc_bound_detail *detail,
                                   bool of_covariance, const fc_record *record);

#endif
