/* exp int_t^1 theta, with V = a^2 + sigma^2 b^2 (derived in flow_lipschitz.c):
 *
 *   nu = N(0, sigma^2 I) * rho     theta of (d), Proposition 4.1:
 *     sigma V^(-1/2) exp(R^2 a^2/(2 sigma^2 V))
 *   kappa, beta > 0                theta of (c): (kappa a^2 + b^2)^(-1/2)
 *
 * With the perturbation:
 *   aligned         w - v does not depend on x
 *   smooth          grad(w - v) = diag(cos(x_i + t))/4, in [-1/4, 1/4]:
 *                   theta~ = theta + 1/4
 *   multiplicative  (11/10) grad v: theta~ = (11/10) theta
 *   denoiser        grad(w - v) = (a omega/4) I, and
 *                   int_t^1 a omega = int a^2 b' - a a' b = a^2 b/2
 *                   + (3/2) int_t^1 a^2 b' <= a^2 b/2 + (3/2) a^2 (1 - b), for
 *                   a falls
 *   noise           the field of the schedule (k a, b): k a in place of a
 */
#include "gif/stability_fields.h"

#include "gif/hypotheses.h"

/* With k2 = k^2 for the noise k a. */
#define MIXTURE_V(k2) "(" k2 "*a^2 + sigma^2*b^2)"
#define SINGLE_GROWTH(k2) "sigma/sqrt" MIXTURE_V(k2)
#define MIXTURE_GROWTH(k2)                                                     \
  "sigma/sqrt" MIXTURE_V(k2) "*exp(R^2*" k2                                    \
                             "*a^2/(2*sigma^2*" MIXTURE_V(k2) "))"
#define CURVED_GROWTH(k2) "1/sqrt(kappa*" k2 "*a^2 + b^2)"

#define K2 "(81/64)"
#define RATIO "(11/10)"
#define DRIFT_GROWTH "*exp((a^2*b/2 + 3/2*a^2*(1 - b))/4)"
#define SLOPE_GROWTH "*exp((1 - t)/4)"

static const double first_axis[FC_TARGET_MAX_DIMENSION] = {1};

#define FIELDS(aligned, growth_, growth_k)                                     \
  {                                                                            \
    [FC_FIELD_ALIGNED] = {.how = {.kind = FC_PERTURB_ADDITIVE,                 \
                                  .delta = "1/8*" aligned,                     \
                                  .axis = first_axis},                         \
                          .affine = true,                                      \
                          .growth = growth_},                                  \
    [FC_FIELD_SMOOTH] = {.how = {.kind = FC_PERTURB_ADDITIVE,                  \
                                 .delta = "sin(x + t)/4",                      \
                                 .slope_low = "-1/4",                          \
                                 .slope_high = "1/4"},                         \
                         .growth = growth_ SLOPE_GROWTH},                      \
    [FC_FIELD_MULTIPLICATIVE] = {.how = {.kind = FC_PERTURB_MULTIPLICATIVE,    \
                                         .size = "1/10"},                      \
                                 .affine = true,                               \
                                 .growth = "(" growth_ ")^" RATIO},            \
    [FC_FIELD_DENOISER] = {.how = {.kind = FC_PERTURB_DENOISER,                \
                                   .delta = "x/4",                             \
                                   .slope_low = "1/4",                         \
                                   .slope_high = "1/4"},                       \
                           .affine = true,                                     \
                           .growth = growth_ DRIFT_GROWTH},                    \
    [FC_FIELD_NOISE] = {.how = {.kind = FC_PERTURB_NOISE, .size = "1/8"},      \
                        .affine = true,                                        \
                        .growth = growth_k},                                   \
    [FC_FIELD_EULER] = {.how = {.kind = FC_PERTURB_EULER, .steps = 8},         \
                        .affine = true},                                       \
    [FC_FIELD_ROUNDED] = {.how = {.kind = FC_PERTURB_ROUNDED, .bits = 8}},     \
  }

static const fc_stability_field mixture[FC_FIELD_COUNT] =
    FIELDS(SINGLE_GROWTH("1"), MIXTURE_GROWTH("1"), MIXTURE_GROWTH(K2));
static const fc_stability_field single[FC_FIELD_COUNT] =
    FIELDS(SINGLE_GROWTH("1"), SINGLE_GROWTH("1"), SINGLE_GROWTH(K2));
static const fc_stability_field curved[FC_FIELD_COUNT] =
    FIELDS(CURVED_GROWTH("1"), CURVED_GROWTH("1"), CURVED_GROWTH(K2));

static const fc_stability_field *fields_of(const fc_job *job) {
  double kappa = 0;
  if (!fc_target_is_smooth(job->instance->target))
    return NULL;
  if (!fc_needs_component_ball(job))
    return fc_needs_several_components(job) ? single : mixture;
  return fc_job_constant(&kappa, job, FC_KAPPA) && kappa > 0 &&
                 fc_job_constant(NULL, job, FC_BETA) &&
                 !fc_needs_full_support(job)
             ? curved
             : NULL;
}

const fc_stability_field *fc_stability_field_of(const fc_job *job, int which) {
  const fc_stability_field *fields = fields_of(job);
  return fields ? fields + which : NULL;
}

const char *fc_stability_growth(const fc_job *job) {
  const fc_stability_field *fields = fields_of(job);
  return fields ? fields[FC_FIELD_ALIGNED].growth : NULL;
}

const char *fc_needs_lipschitz_field(const fc_job *job) {
  if (fields_of(job))
    return NULL;
  if (!fc_target_has_density(job->instance->target))
    return "the target has no density (Assumption 2.1)";
  if (fc_job_constant(NULL, job, FC_D))
    return "case (ii) of Assumption 2.2: v is not Lipschitz up to t = 1, and "
           "Corollary 6.3, which the proof uses, excludes it";
  return "judged for (sigma, R), or kappa, beta > 0, and densities that are "
         "analytic: there the flows of both fields can be afforded";
}
