#include "gif/flow_cost.h"

#include <math.h>

#include "gif/hypotheses.h"

/* True where one of the factors, or the target itself, is so. */
static bool any(const fc_target *target, bool (*is_so)(const fc_target *)) {
  size_t factors = fc_target_factor_count(target);
  for (size_t i = 0; i < factors; i++)
    if (any(fc_target_factor(target, i), is_so))
      return true;
  return factors == 0 && is_so(target);
}

/* A Jacobian of K components in R^d costs K d^2 and more. */
enum { CHEAP = 16, FAR_OUT = 5, STEEP = 100 };

static bool is_general(const fc_target *target) {
  return !fc_target_is_gaussian(target) &&
         fc_target_isotropic_count(target) == 0;
}

static bool is_dear(const fc_target *target) {
  size_t d = fc_target_dimension(target);
  return is_general(target) ||
         (!fc_target_is_gaussian(target) &&
          fc_target_isotropic_count(target) * d * d > CHEAP);
}

static bool has_pieces(const fc_target *target) {
  return is_general(target) && !fc_target_is_smooth(target);
}

static bool is_full_beyond_plane(const fc_target *target) {
  return is_general(target) && fc_target_dimension(target) > 2;
}

bool fc_flow_is_steep(const fc_job *job) {
  double sigma, radius;
  return fc_job_constant(&sigma, job, FC_SIGMA) &&
         fc_job_constant(&radius, job, FC_R) && radius > STEEP * sigma;
}

const char *fc_flow_too_dear(const fc_job *job) {
  if (fc_flow_has_pieces(job))
    return "the flow of a law made of pieces is too dear for integrals and "
           "differences of flows";
  if (any(job->instance->target, is_full_beyond_plane))
    return "the flow of full covariances beyond the plane is too dear for "
           "integrals and differences of flows";
  return fc_flow_is_steep(job)
             ? "the flow is too steep for integrals and differences of flows "
               "(R > 100 sigma)"
             : NULL;
}

bool fc_flow_is_judged_at(const fc_workspace *w) {
  for (size_t i = 0; i < w->d; i++)
    if (!(fabs(fc_get_d(w->x + i, w->ctx)) <= FAR_OUT))
      return false;
  return w->ctx->kind == FC_DOUBLE || w->ctx->kind == FC_MPFR;
}

bool fc_flow_is_dear(const fc_job *job) {
  return any(job->instance->target, is_dear);
}

bool fc_flow_has_pieces(const fc_job *job) {
  return any(job->instance->target, has_pieces);
}

fc_status fc_flow_measure(const fc_job *job, const fc_claim *claim,
                          fc_error *error) {
  if (!fc_flow_is_dear(job))
    return fc_pointwise_measure(job, claim, error);
  if (claim->kind == FC_KIND_CONTROL)
    return FC_OK;
  fc_pointwise_detail detail = *(const fc_pointwise_detail *)claim->detail;
  fc_claim once = *claim;
  detail.once = true;
  once.detail = &detail;
  return fc_pointwise_measure(job, &once, error);
}
