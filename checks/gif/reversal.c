/* Corollaries 5.1 and 5.2: the time-reversed flow X*_t = X_{1,1-t}, the
 * solution of dX*_t/dt = -v(1-t, X*_t) that starts from nu.
 *
 *   push-forward  X*_t # nu = Law(a_{1-t} Z + b_{1-t} X_1)
 *   inverse       X*_1 = X_1^-1
 *   literal       X*_t = X_t^-1, printed for every t: false for 0 < t < 1
 *   corrected     X*_t = X_{1-t} o X_1^-1
 *   early-stop    from eps on (case ii): X*_{eps,t} = X_{1-t} o X_{1-eps}^-1
 *
 * Hypotheses: Assumption 2.1 and one of the cases i, iii, iv of Assumption 2.2
 * (5.1) or case ii (5.2).  5.2 lets X* start from nu at a time eps > 0, where
 * it must start from Law(X_{1-eps}) (erratum 1).
 *
 * When the literal sentence is true.  It says X_{1,1-t} = X_{t,0}.  For
 * N(m, Sigma), with q_l(t) = a_t^2 + l b_t^2 for each eigenvalue l of Sigma,
 *   X_{1,1-t}(x) - b_{1-t} m = sqrt(q(1-t)/q(1)) (x - m),
 *   X_{t,0}(x)   - b_0 m     = sqrt(q(0)/q(t)) (x - b_t m)
 * in the eigenspace, so that it is true just where for every l and t
 *   q(t) q(1-t) = q(0) q(1)  and, unless m has no part in the eigenspace,
 *   b_{1-t} - b_0 = sqrt(q(0)/q(t)) (1 - b_t).
 * For other laws: at t -> 0 it needs v(1, .) = v(0, .), which among the shipped
 * schedules makes the posterior mean at t = 0 or the score of nu affine, so
 * that nu is a Gaussian (or v = 0 at both ends).
 *
 * How the sides are computed: reversal_sides.h.
 */
#include "gif/flow_hypotheses.h"
#include "gif/flow_legs.h"
#include "gif/modules.h"
#include "gif/push_forward.h"
#include "gif/reversal_sides.h"

#define SIDES(function, count, ...)                                            \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = function, .length = count, .stated = true, __VA_ARGS__         \
  }
#define FEW .limit = fc_flow_points
#define FEWER .limit = fc_flow_control_points
#define VECTOR(function, ...) SIDES(function, fc_length_vector, __VA_ARGS__)
#define PUSH(...)                                                              \
  SIDES(fc_sides_reversed_push, fc_push_forward_length, __VA_ARGS__)
#define ENDS .times = FC_AT_START | FC_AT_END
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

static const char *no_literal(const fc_job *job) {
  const char *reason = fc_needs_time_reversal(job);
  if (!reason)
    reason = fc_needs_first_schedule(job);
  return reason ? reason : fc_needs_affordable(job);
}

static const char *no_early_stop(const fc_job *job) {
  const char *reason = fc_needs_bounded_support(job);
  return reason ? reason : fc_needs_first_schedule(job);
}

static const char *no_early_control(const fc_job *job) {
  const char *reason = fc_control_bounded_support(job);
  return reason ? reason : fc_needs_first_schedule(job);
}

/* Many points fall off a bounded support. */
static size_t limit_literal(const fc_job *job) {
  return fc_is_elementary(job->instance->target) ? fc_flow_points(job) : 40;
}

static const fc_claim claims[] = {
    {.name = "push-forward",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary 5.1",
     .statement = "X*_t#ν = Law(a_{1−t}Z + b_{1−t}X₁): log p_{1−t}(X*_t(x)) + "
                  "log det ∇X*_t(x) = log p₁(x), and F_{1−t}(X*_t(x)) = F₁(x) "
                  "on the line",
     .formula = "log p_{1-t}(X*_t(x)) + log det grad X*_t(x) = log p_1(x)",
     .hypotheses = "Assumption 2.1 and case i, iii or iv of 2.2",
     PUSH(FEW, .refuses = fc_needs_affordable_well_posed)},
    {.name = "push-forward.control.wider",
     .source = "Corollary 5.1, a enlarged by one part in 2^16",
     .statement = "X*_t#ν = Law((1+2⁻¹⁶)a_{1−t}Z + b_{1−t}X₁)",
     .formula = "the same with (1+2^-16) a in p_{1-t}",
     CONTROL("push-forward"),
     PUSH(FEWER, .refuses = fc_control_well_posed, .variant = FC_PUSH_WIDER)},
    {.name = "push-forward.control.no-determinant",
     .source = "Corollary 5.1, the determinant dropped",
     .statement = "p_{1−t}(X*_t(x)) = p₁(x)",
     .formula = "log p_{1-t}(X*_t(x)) = log p_1(x)",
     CONTROL("push-forward"),
     PUSH(FEWER, .refuses = fc_control_volume_change,
          .variant = FC_PUSH_NO_DETERMINANT)},

    {.name = "inverse",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary 5.1 at t = 1",
     .statement = "X*₁ = X₁⁻¹: X₁(X*₁(x)) = x at points of the support, and "
                  "X*₁(X₁(x)) = x at points of R^d; X*₁ by Taylor integration, "
                  "X₁ by the closed form or exact map where there is one, else "
                  "by Taylor integration, too",
     .formula = "X_{0,1}(X_{1,0}(x)) = x, X_{1,0}(X_{0,1}(x)) = x",
     .hypotheses = "Assumption 2.1 and case i, iii or iv of 2.2",
     VECTOR(fc_sides_inverse, FEW, ENDS, .refuses = fc_needs_well_posed)},
    {.name = "inverse.control.stretched",
     .source = "Corollary 5.1 at t = 1, with (1+2⁻²⁰)X*₁",
     .statement = "X₁ and (1+2⁻²⁰)X*₁ are inverse to each other",
     .formula = "X_{0,1}((1+2^-20) X_{1,0}(x)) = x, "
                "(1+2^-20) X_{1,0}(X_{0,1}(x)) = x",
     CONTROL("inverse"),
     VECTOR(fc_sides_inverse, FEWER, ENDS, .refuses = fc_control_well_posed,
            .variant = FC_REVERSAL_STRETCHED)},
    {.name = "inverse.control.itself",
     .source = "Corollary 5.1 at t = 1, X₁ for X₁⁻¹",
     .statement = "X*₁ = X₁",
     .formula = "X_{1,0}(x) = X_{0,1}(x)",
     CONTROL("inverse"),
     VECTOR(fc_sides_inverse, FEWER, ENDS, .refuses = fc_control_end_motion,
            .variant = FC_REVERSAL_OTHER_MAP)},

    {.name = "literal",
     .kind = FC_KIND_LITERAL,
     .source = "Corollaries 5.1, 5.2",
     .statement = "X*_t(x) = X_t⁻¹(x) for 0 < t < 1",
     .formula = "X_{1,1-t}(x) = X_{t,0}(x)",
     .hypotheses =
         "Assumption 2.1 and a case of 2.2; false in general: for "
         "N(m,Σ) true just where q(t)q(1−t) = q(0)q(1), q = a² + λb², "
         "and b_{1−t} − b₀ = √(q(0)/q(t))(1 − b_t) where m ≠ 0, for "
         "every eigenvalue λ of Σ",
     .expect = fc_expect_literal_reversal,
     VECTOR(fc_sides_literal, .limit = limit_literal, .refuses = no_literal)},

    {.name = "corrected",
     .kind = FC_KIND_SHARPER,
     .source = "corrects Corollary 5.1",
     .statement = "X*_t = X_{1−t}∘X₁⁻¹; the left side by Taylor integration, "
                  "the right one by the closed form or exact map where there "
                  "is one, else by Taylor integration through time 0",
     .formula = "X_{1,1-t}(x) = X_{0,1-t}(X_{1,0}(x))",
     .hypotheses = "Assumption 2.1 and case i, iii or iv of 2.2",
     VECTOR(fc_sides_corrected, FEW,
            .refuses = fc_needs_affordable_well_posed)},
    {.name = "corrected.control.stretched",
     .source = "the corrected form, with (1+2⁻²⁰)X₁⁻¹",
     .statement = "X*_t = X_{1−t}∘(1+2⁻²⁰)X₁⁻¹",
     .formula = "X_{1,1-t}(x) = X_{0,1-t}((1+2^-20) X_{1,0}(x))",
     CONTROL("corrected"),
     VECTOR(fc_sides_corrected, FEWER, .refuses = fc_control_well_posed,
            .variant = FC_REVERSAL_STRETCHED)},
    {.name = "corrected.control.half-way",
     .source = "the corrected form, t/2 for t on the right",
     .statement = "X*_t = X_{1−t/2}∘X₁⁻¹",
     .formula = "X_{1,1-t}(x) = X_{0,1-t/2}(X_{1,0}(x))",
     CONTROL("corrected"),
     VECTOR(fc_sides_corrected, FEWER, .refuses = fc_control_motion,
            .variant = FC_REVERSAL_OTHER_MAP)},

    {.name = "early-stop",
     .kind = FC_KIND_SHARPER,
     .source = "corrects Corollary 5.2",
     .statement = "X*_{ε,t} = X_{1−t}∘X_{1−ε}⁻¹ for ε = 1/16 ≤ t ≤ 1; the left "
                  "side by Taylor integration, the right one by the closed "
                  "form or exact map where there is one, else by Taylor "
                  "integration through time 0",
     .formula = "X_{1-eps,1-t}(x) = X_{0,1-t}(X_{1-eps,0}(x))",
     .hypotheses = "bounded support (case ii of Assumption 2.2)",
     VECTOR(fc_sides_early, FEW, .refuses = no_early_stop)},
    {.name = "early-stop.control.stretched",
     .source = "the corrected form, with (1+2⁻²⁰)X_{1−ε}⁻¹",
     .statement = "X*_{ε,t} = X_{1−t}∘(1+2⁻²⁰)X_{1−ε}⁻¹",
     .formula = "X_{1-eps,1-t}(x) = X_{0,1-t}((1+2^-20) X_{1-eps,0}(x))",
     CONTROL("early-stop"),
     VECTOR(fc_sides_early, FEW, .refuses = no_early_control,
            .variant = FC_REVERSAL_STRETCHED)},
    {.name = "early-stop.control.from-the-end",
     .source = "the corrected form, ε/2 for ε on the right",
     .statement = "X*_{ε,t} = X_{1−t}∘X_{1−ε/2}⁻¹",
     .formula = "X_{1-eps,1-t}(x) = X_{0,1-t}(X_{1-eps/2,0}(x))",
     CONTROL("early-stop"),
     VECTOR(fc_sides_early, FEW, .refuses = no_early_control,
            .variant = FC_REVERSAL_OTHER_MAP)},
};

const fc_check fc_check_reversal = {
    .id = "gif.reversal",
    .title = "The time-reversed flow",
    .source = "Corollaries 5.1, 5.2",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_pointwise_run,
};
