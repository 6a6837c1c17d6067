#include "checks.h"

#include "ext/modules.h"
#include "gif/modules.h"

const fc_check *const fc_checks[] = {
    &fc_check_schedule,
    &fc_check_variance,
    &fc_check_velocity,
    &fc_check_continuity,
    &fc_check_covariance,
    &fc_check_time_derivative,
    &fc_check_velocity_bounds,
    &fc_check_velocity_envelope,
    &fc_check_well_posedness,
    &fc_check_reversal,
    &fc_check_flow_lipschitz,
    &fc_check_functional_inequalities,
    &fc_check_autoencoding,
    &fc_check_cycle_consistency,
    &fc_check_finite_constants,
    &fc_check_source_stability,
    &fc_check_perturbation_formula,
    &fc_check_velocity_stability,
    &fc_check_change_of_variables,
    &fc_check_diffusion,
    &fc_check_experiments,
    &fc_check_schedule_invariance,
    &fc_check_beyond_assumptions,
    &fc_check_noise_level,
};

const size_t fc_check_count = sizeof fc_checks / sizeof *fc_checks;
