#include "gif/hypotheses.h"

bool fc_job_constant(double *value, const fc_job *job,
                     fc_class_constant which) {
  return fc_target_constant_d(value, job->instance->target, which);
}

const char *fc_needs_density(const fc_job *job) {
  return fc_target_has_density(job->instance->target)
             ? NULL
             : "the target has no density (Assumption 2.1)";
}

const char *fc_needs_full_support(const fc_job *job) {
  return fc_target_has_full_support(job->instance->target)
             ? NULL
             : "the support of the target is not all of R^d";
}

const char *fc_needs_gaussian(const fc_job *job) {
  return fc_target_is_gaussian(job->instance->target)
             ? NULL
             : "the target is not a Gaussian";
}

const char *fc_needs_component_ball(const fc_job *job) {
  return fc_job_constant(NULL, job, FC_SIGMA) &&
                 fc_job_constant(NULL, job, FC_R)
             ? NULL
             : "the target is not N(0, sigma^2 I) * rho with bounded rho";
}

const char *fc_needs_two_components(const fc_job *job) {
  const char *reason = fc_needs_component_ball(job);
  if (reason)
    return reason;
  return fc_target_isotropic_count(job->instance->target) == 2
             ? NULL
             : "the target is not a mixture of two equal isotropic Gaussians";
}

const char *fc_needs_several_components(const fc_job *job) {
  const char *reason = fc_needs_component_ball(job);
  if (reason)
    return reason;
  double radius = 0;
  fc_job_constant(&radius, job, FC_R);
  return radius > 0 ? NULL : "the mixture has a single component";
}

const char *fc_needs_two_atoms(const fc_job *job) {
  const fc_target *target = job->instance->target;
  double width = 0;
  return fc_target_isotropic_count(target) == 2 &&
                 !fc_target_has_density(target) &&
                 fc_job_constant(&width, job, FC_D) && width > 0
             ? NULL
             : "the target is not two atoms";
}

const char *fc_needs_line(const fc_job *job) {
  return fc_target_dimension(job->instance->target) == 1
             ? NULL
             : "only judged in dimension 1";
}

const char *fc_needs_closed_moments(const fc_job *job) {
  return fc_target_is_integrated(job->instance->target)
             ? "every number of a density given by a formula costs an "
               "integral: too dear with the digits or points needed here"
             : NULL;
}

const char *fc_expect_attained(const fc_job *job) {
  (void)job;
  return "attained";
}

const char *fc_expect_attained_gaussian(const fc_job *job) {
  return fc_needs_gaussian(job) ? "holds" : "attained";
}

const char *fc_expect_attained_two_components(const fc_job *job) {
  bool equal = !fc_needs_two_components(job) ||
               (!fc_needs_component_ball(job) && !fc_needs_gaussian(job));
  return equal ? "attained" : "holds";
}

const char *fc_expect_attained_isotropic(const fc_job *job) {
  return fc_needs_component_ball(job) ? "holds" : "attained";
}
