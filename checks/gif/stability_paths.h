/* Proposition 6.2 along single trajectories, and erratum 8. */
#ifndef FC_CHECKS_GIF_STABILITY_PATHS_H
#define FC_CHECKS_GIF_STABILITY_PATHS_H

#include "claims/pointwise.h"
#include "gif/stability_fields.h"

/* left = |Y_1 - X_1|^2 from the point at t = 0, right = the factor times the
 * integral of |v - w|^2 along Y (variant: the field) with theta. */
fc_pointwise_function fc_sides_path_first;
/* The same along X with theta~ of the field; variant + FC_FIELD_COUNT: the
 * factor halved (controls). */
fc_pointwise_function fc_sides_path_second;

/* The statement that |grad v| is bounded on [0, 1] x R^d, at a point off the
 * support next to t = 1. */
fc_status fc_measure_case_ii(const fc_job *job, const fc_claim *claim,
                             fc_error *error);

#endif
