/* The check modules of "Gaussian Interpolation Flows" (Gao, Huang, Jiao, JMLR
 * 25, 2024), one per result. */
#ifndef FC_CHECKS_GIF_MODULES_H
#define FC_CHECKS_GIF_MODULES_H

#include "claims/claim.h"

extern const fc_check fc_check_schedule;
extern const fc_check fc_check_variance;
extern const fc_check fc_check_velocity;
extern const fc_check fc_check_continuity;
extern const fc_check fc_check_covariance;
extern const fc_check fc_check_time_derivative;
extern const fc_check fc_check_velocity_bounds;
extern const fc_check fc_check_velocity_envelope;
extern const fc_check fc_check_flow_lipschitz;
extern const fc_check fc_check_functional_inequalities;
extern const fc_check fc_check_finite_constants;
extern const fc_check fc_check_source_stability;
extern const fc_check fc_check_perturbation_formula;
extern const fc_check fc_check_change_of_variables;
extern const fc_check fc_check_diffusion;
extern const fc_check fc_check_well_posedness;
extern const fc_check fc_check_reversal;
extern const fc_check fc_check_autoencoding;
extern const fc_check fc_check_cycle_consistency;
extern const fc_check fc_check_experiments;
extern const fc_check fc_check_velocity_stability;

#endif
