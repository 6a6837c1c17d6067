/* What page 14 of the paper says about Proposition 4.1 at t = 1, measured. */
#ifndef FC_CHECKS_GIF_VELOCITY_ENDS_H
#define FC_CHECKS_GIF_VELOCITY_ENDS_H

#include "claims/claim.h"

/* The claim's detail is the text of the upper bound (e), its formula what that
 * is compared with next to t = 1. */
fc_status fc_measure_e_blow_up(const fc_job *job, const fc_claim *claim,
                               fc_error *error);
fc_status fc_measure_e_end_value(const fc_job *job, const fc_claim *claim,
                                 fc_error *error);

/* sup over x of |grad v| next to t = 1 against the claim's formula. */
fc_status fc_measure_lipschitz_score(const fc_job *job, const fc_claim *claim,
                                     fc_error *error);

/* `violated` where a' is finite at t = 1, else `holds`. */
const char *fc_expect_blow_up(const fc_job *job);
const char *fc_expect_violated(const fc_job *job);

#endif
