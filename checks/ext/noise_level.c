/* The noise level misjudged: the field is evaluated with the posterior mean at
 * the noise k a_t in place of a_t, k = 1 + eps,
 *
 *   w(t, x) = (a'/a) x + (omega/a) M(k a, b; x),       Y its flow, Y_0 ~ mu.
 *
 * (a) The field.  Under the schedule (k a, b) the velocity (3.7) is
 *     ((k a)'/(k a)) x + (k omega/(k a)) M(k a, b; x) = w.  So Y_{s,t} is the
 *     flow X~_{s,t} of the schedule (k a, b): the right map for another start,
 *     X~_1#Law(k a_0 Z + b_0 X_1) = nu.
 * (b) The distance.  With Y_1 = X~_1 and the coupling of k a_0 Z + b_0 X_1 with
 *     a_0 Z + b_0 X_1,
 *       W_2(Y_1#mu, nu) <= Lip(X~_1) |k - 1| a_0 sqrt(d);
 *     Lip(X~_1) is that of Propositions 5.1, 5.2 with k a_0 for a_0.  Equality:
 *     N(m, sigma^2 I) with b_0 = 0, where the coupling is optimal and X~_1 has
 *     one stretch.
 * (c) Gaussians N(m, S), lambda the eigenvalues of S: Y_1(x) = m + (S/(k^2
 *     a_0^2 I + b_0^2 S))^(1/2) (x - b_0 m), so that with V_0 = a_0^2 +
 *     lambda b_0^2
 *       W_2^2 = Sum lambda (sqrt(V_0/(k^2 a_0^2 + lambda b_0^2)) - 1)^2.
 * (d) First order.  In u = b/a, y = x/a the equation is dy/du = M; call G its
 *     flow.  Y_{0,t}(x) = k a_t G(u_0/k, x/(k a_0); u_t/k), and d/du_0 G =
 *     -dG/dy M(u_0, y_0), hence at k = 1
 *       dY_{0,t}/dk = a_t y_t - u_t a_t M_t + grad X_{0,t} (b_0 M_0 - x)
 *                   = a_0^2 grad X_{0,t}(x) s(0, x) - a_t^2 s(t, X_t(x)),
 *     as a^2 s = b M - x.  By (6.4) it is also
 *       int_0^t grad X_{s,t}(X_s) (omega/a) (a d/da) M(a, b; X_s) ds,
 *     which is how it is judged: M by power series in the noise, no difference.
 *     At t = 1 the last term vanishes where nu has a C^1 score: a misjudged
 *     noise moves X_1(x) by eps a_0^2 grad X_1(x) s(0, x).
 */
#include <math.h>

#include "ext/modules.h"
#include "ext/noise_level_sides.h"
#include "gif/flow_cost.h"
#include "gif/flow_hypotheses.h"
#include "gif/flow_legs.h"
#include "gif/hypotheses.h"
#include "gif/stability_fields.h"

static bool starts_as_noise(const fc_job *job) {
  return fc_schedule_rough_at(job->schedule, 0, false).b == 0;
}

/* Where (b) is an equality. */
static const char *needs_bound_attained(const fc_job *job) {
  const char *reason = fc_needs_noise_distance(job);
  if (!reason)
    reason = fc_needs_gaussian(job);
  if (!reason)
    reason = fc_needs_component_ball(job);
  if (!reason && !starts_as_noise(job))
    reason = "b_0 > 0";
  return reason;
}

static const char *expect_bound(const fc_job *job) {
  return needs_bound_attained(job) ? "holds" : "attained";
}

/* To all digits: on the line under every schedule. */
static const char *needs_gaussian_distance(const fc_job *job) {
  const char *reason = fc_needs_noise_distance(job);
  if (!reason)
    reason = fc_needs_gaussian(job);
  if (reason || fc_target_dimension(job->instance->target) == 1)
    return reason;
  return fc_noise_few_schedules(job);
}

/* M does not depend on x and the noise where nu is a point. */
static const char *no_field(const fc_job *job) {
  double width = 1;
  return fc_job_constant(&width, job, FC_SUPPORT_HALF_DIAM) && width == 0
             ? "the target is a point: M does not depend on the noise"
             : NULL;
}

/* Where nu is far narrower or wider than the noise, M is nearly its mean or x/b
 * whatever the noise is, to a part in (width/a)^2 or its inverse. */
static const char *no_other_field(const fc_job *job) {
  static const fc_class_constant widths[] = {FC_SUPPORT_HALF_DIAM, FC_SIGMA,
                                             FC_KAPPA, FC_BETA};
  const char *reason = no_field(job);
  for (size_t i = 0; i < sizeof widths / sizeof *widths && !reason; i++) {
    double width = 1;
    bool known = fc_job_constant(&width, job, widths[i]) && width > 0;
    if (known && widths[i] != FC_SIGMA && widths[i] != FC_SUPPORT_HALF_DIAM)
      width = 1 / sqrt(width);
    if (known && !(width > 0x1p-12 && width < 0x1p12))
      reason = "the target is so narrow or wide that M hardly depends on the "
               "noise";
  }
  return reason;
}

/* Both flows to all digits. */
static const char *no_flow(const fc_job *job) {
  const char *reason = fc_needs_lipschitz_field(job);
  if (!reason)
    reason = fc_needs_cheap(job);
  if (!reason && fc_flow_is_steep(job))
    reason = "the flow is too steep (R > 100 sigma)";
  if (reason)
    return reason;
  return fc_target_dimension(job->instance->target) > 2
             ? "integration to all digits is too dear beyond the plane"
             : fc_noise_few_schedules(job);
}

static const char *no_first_order(const fc_job *job) {
  const char *reason = fc_flow_too_dear(job);
  if (!reason)
    reason = fc_needs_cheap(job);
  if (reason)
    return reason;
  if (fc_target_dimension(job->instance->target) > 7)
    return "too dear in so many dimensions";
  if (!fc_target_is_smooth(job->instance->target))
    return "judged for densities that are analytic";
  return fc_target_dimension(job->instance->target) > 1
             ? fc_noise_few_schedules(job)
             : NULL;
}

static size_t all_points(const fc_job *job) {
  (void)job;
  return 64;
}

/* Enough to tell two fields apart; a number of a density costs an integral. */
static size_t several_points(const fc_job *job) {
  return fc_target_is_integrated(job->instance->target) ? 16 : 64;
}

#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of
#define SIDES(function, ...)                                                   \
  .relation = "=", .measure = fc_pointwise_measure,                            \
  .detail = &(const fc_pointwise_detail) {                                     \
    .evaluate = function, .length = fc_length_vector, __VA_ARGS__              \
  }
#define FLOW(...)                                                              \
  SIDES(fc_sides_noise_flow, .stated = true, .times = FC_AT_START,             \
        .limit = all_points, .refuses = no_flow, __VA_ARGS__)
#define ORDER(...)                                                             \
  .relation = "=", .measure = fc_flow_measure,                                 \
  .detail = &(const fc_pointwise_detail) {                                     \
    .evaluate = fc_sides_noise_first_order, .length = fc_length_vector,        \
    .stated = true, .refuses = no_first_order, __VA_ARGS__                     \
  }
#define NUMBERS(measure_, ...)                                                 \
  .measure = measure_, .detail = &(const fc_noise_detail) { __VA_ARGS__ }
#define BEYOND .source = "beyond the paper"
#define BOUND "d*(a_0/8)^2*Lip^2"
#define CLOSED                                                                 \
  "Sum of lambda*(sqrt((a_0^2 + lambda*b_0^2)/(k^2*a_0^2 + lambda*b_0^2)) - "  \
  "1)^2"
#define ORDER_TEXT "∫₀ᵗ ∇X_{s,t}(X_s)(ω/a) a∂_a M(a,b;X_s) ds = "

static const fc_claim claims[] = {
    {.name = "field",
     .kind = FC_KIND_STATEMENT,
     BEYOND,
     .statement = "(a′/a)x + (ω/a)M(ka, b; x) is the velocity of the schedule "
                  "(ka, b), k = 9/8",
     .formula = "velocity under (9/8 a, b)",
     SIDES(fc_sides_noise_field, .limit = fc_flow_points, .refuses = no_field)},
    {.name = "field.control.schedule",
     .source = "the velocity of the schedule (a, b)",
     .statement = "(a′/a)x + (ω/a)M(ka, b; x) is the velocity of the schedule "
                  "(a, b)",
     .formula = "velocity under (a, b)",
     CONTROL("field"),
     SIDES(fc_sides_noise_field, .limit = several_points,
           .refuses = no_other_field, .variant = 1)},

    {.name = "flow",
     .kind = FC_KIND_STATEMENT,
     BEYOND,
     .statement = "the flow of the field with the noise misjudged by k = 9/8, "
                  "by integration, is X₁ under the schedule (ka, b), by the "
                  "closed form or exact map where there is one, else by Taylor "
                  "integration in a chart",
     .formula = "X_{0,1} under (9/8 a, b)",
     .hypotheses = "ν = N(0,σ²I) ∗ ρ, or κ, β > 0",
     FLOW(.variant = 0)},
    {.name = "flow.control.schedule",
     .source = "X₁ under (a, b)",
     .statement = "the misjudged noise does not change the flow",
     .formula = "X_{0,1}",
     CONTROL("flow"),
     FLOW(.variant = 1)},

    {.name = "bound",
     .kind = FC_KIND_STATEMENT,
     BEYOND,
     .statement = "W₂²(Y₁#μ, ν) ≤ d (ε a₀ Lip)², ε = 1/8, Lip the bound of "
                  "Proposition 5.1 or 5.2 on |∇X₁| with (1+ε)a₀ for a₀",
     .relation = "<=",
     .formula = BOUND,
     .hypotheses = "ν = N(0,σ²I) ∗ ρ, or κ, β > 0",
     .expect = expect_bound,
     NUMBERS(fc_measure_noise_bound, .refuses = fc_needs_noise_distance,
             .equality = needs_bound_attained, .factor = 1)},
    {.name = "bound.control.tightened",
     .source = "the bound, tightened by one part in 2^20",
     .statement = "W₂² ≤ (stated bound)(1 − 2⁻²⁰)",
     .relation = "<=",
     .formula = BOUND "*(1 - 1/2^20)",
     CONTROL("bound"),
     NUMBERS(fc_measure_noise_bound, .refuses = needs_bound_attained,
             .factor = 1 - 0x1p-20)},
    {.name = "bound.control.half-epsilon",
     .source = "the bound with ε halved",
     .statement = "W₂² ≤ d (ε a₀ Lip/2)²",
     .relation = "<=",
     .formula = BOUND "/4",
     CONTROL("bound"),
     NUMBERS(fc_measure_noise_bound, .refuses = needs_bound_attained,
             .factor = 0.25)},

    {.name = "gaussian",
     .kind = FC_KIND_IDENTITY,
     BEYOND,
     .statement = "Gaussians: W₂²(Y₁#μ, ν) = Σ λ(√((a₀² + λb₀²)/(k²a₀² + "
                  "λb₀²)) − 1)², k = 9/8, λ the eigenvalues of the covariance",
     .relation = "=",
     .formula = CLOSED,
     .hypotheses = "ν Gaussian",
     NUMBERS(fc_measure_noise_closed, .refuses = needs_gaussian_distance,
             .equality = needs_gaussian_distance)},
    {.name = "gaussian.control.sign",
     .source = "1 − ε for 1 + ε",
     .statement = "the same with k = 7/8",
     .relation = "=",
     .formula = CLOSED,
     CONTROL("gaussian"),
     NUMBERS(fc_measure_noise_closed, .refuses = needs_gaussian_distance,
             .opposite = true)},

    {.name = "first-order",
     .kind = FC_KIND_IDENTITY,
     BEYOND,
     .statement = ORDER_TEXT "a₀²∇X_{0,t}(x)s(0,x) − a_t²s(t,X_t(x)), both the "
                             "derivative of Y_t(x) in ε at ε = 0",
     .formula = "a_0^2 grad X s(0, x) - a_t^2 s(t, X_t)",
     .hypotheses = "t = 1/4 on the line, 1/16 where flows are dearer",
     ORDER(.variant = 0)},
    {.name = "first-order.control.no-start",
     .source = "the derivative without its first term",
     .statement = ORDER_TEXT "−a_t²s(t,X_t(x))",
     .formula = "-a_t^2 s(t, X_t)",
     CONTROL("first-order"),
     ORDER(.variant = 1)},
    {.name = "first-order.control.no-end",
     .source = "the derivative without its last term",
     .statement = ORDER_TEXT "a₀²∇X_{0,t}(x)s(0,x)",
     .formula = "a_0^2 grad X s(0, x)",
     CONTROL("first-order"),
     ORDER(.variant = 2)},
};

const fc_check fc_check_noise_level = {
    .id = "ext.noise-level",
    .title = "A misjudged noise level",
    .source = "beyond the paper",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_job_measure,
};
