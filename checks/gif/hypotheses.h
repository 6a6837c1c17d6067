/* Hypotheses that several check modules share: each returns NULL where the
 * target and schedule of the job satisfy it, else one line that says why not.
 */
#ifndef FC_CHECKS_GIF_HYPOTHESES_H
#define FC_CHECKS_GIF_HYPOTHESES_H

#include "claims/claim.h"

const char *fc_needs_density(const fc_job *job);      /* Assumption 2.1 */
const char *fc_needs_full_support(const fc_job *job); /* supp nu = R^d */
const char *fc_needs_gaussian(const fc_job *job);
const char *fc_needs_component_ball(const fc_job *job); /* (sigma, R) */
const char *fc_needs_two_components(const fc_job *job); /* and (sigma, R) */
const char *fc_needs_several_components(const fc_job *job);
const char *fc_needs_two_atoms(const fc_job *job);
const char *fc_needs_line(const fc_job *job); /* d = 1 */
/* No density given by a formula: for claims that need many digits or points. */
const char *fc_needs_closed_moments(const fc_job *job);

/* True where the target has the class constant; *value (may be NULL) is then
 * its nearest double. */
bool fc_job_constant(double *value, const fc_job *job, fc_class_constant which);

/* Expectations that theory gives. */
const char *fc_expect_attained(const fc_job *job);
const char *fc_expect_attained_gaussian(const fc_job *job); /* else holds */
const char *fc_expect_attained_two_components(const fc_job *job);
const char *fc_expect_attained_isotropic(const fc_job *job);

#endif
