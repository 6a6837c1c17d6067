/* Theorems 5.1 and 5.2: the equation dX_t/dt = v(t, X_t) of (3.10) has one
 * solution from each starting point, on [0, 1] in the cases i, iii, iv of
 * Assumption 2.2 and on [0, 1 - eps] in case ii, and X_t # mu is the law of
 * a_t Z + b_t X_1.
 *
 *   push-forward  log p_t(X_t(x)) + log det grad X_t(x) = log p_0(x), and on
 * the line F_t(X_t(x)) = F_0(x) unique        what is solved by unrelated ways
 * is one trajectory; ways that disagree beyond their stated errors are an error
 * of this project's, never a verdict on the theorem growth        |v(t,x)| <= K
 * (1+|x|), K = max(sup_t |v(t,0)|, sup |grad v|), from the proof of Theorem 5.1
 *
 * Growth is judged in the stronger form
 *   |v(t,x)| <= max(|v(t,0)|, theta_t) (1+|x|),
 * theta_t the larger size of the lower and the upper bound of Proposition 4.1
 * on grad v(t,.): it has no supremum that would have to be searched (a lower
 * estimate of K would make the bound too small), and it implies the form with K
 * wherever sup |grad v| is taken from Proposition 4.1.
 *
 * How the sides are computed: well_posedness_sides.h.
 */
#include "gif/flow_hypotheses.h"
#include "gif/flow_legs.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"
#include "gif/push_forward.h"
#include "gif/well_posedness_sides.h"

#define VARIANCE "(a^2 + sigma^2*b^2)"
#define MIXTURE_LOWER "(a*da + sigma^2*b*db)/" VARIANCE
#define MIXTURE_UPPER MIXTURE_LOWER " + a*omega*b*R^2/" VARIANCE "^2"
#define BETA_BOUND "(beta*a*da + b*db)/(beta*a^2 + b^2)"
#define KAPPA_BOUND "(kappa*a*da + b*db)/(kappa*a^2 + b^2)"

static const char *const mixture_texts[] = {MIXTURE_LOWER, MIXTURE_UPPER};
static const char *const concave_texts[] = {BETA_BOUND, KAPPA_BOUND};

static const char *no_early_stop(const fc_job *job) {
  const char *reason = fc_needs_bounded_support(job);
  return reason ? reason : fc_push_forward_refuses(job);
}

static const char *no_early_control(const fc_job *job) {
  const char *reason = fc_control_bounded_support(job);
  return reason ? reason : fc_push_forward_refuses(job);
}

static const char *no_concave_growth(const fc_job *job) {
  const char *reason = fc_needs_full_support(job);
  double kappa = 0;
  if (!reason && !(fc_job_constant(&kappa, job, FC_KAPPA) && kappa > 0 &&
                   fc_job_constant(NULL, job, FC_BETA)))
    reason = "case i of Assumption 2.2 does not hold";
  return reason;
}

#define FLOW(function, count, ...)                                             \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = function, .length = count, .stated = true, __VA_ARGS__         \
  }
#define PUSH(...)                                                              \
  FLOW(fc_sides_push, fc_push_forward_length,                                  \
       .times = FC_AT_INTERIOR | FC_AT_END, __VA_ARGS__)
#define EARLY(...)                                                             \
  FLOW(fc_sides_early_push, fc_push_forward_length, __VA_ARGS__)
#define UNIQUE(function, ...)                                                  \
  .measure = fc_measure_unique, FLOW(function, fc_length_vector, __VA_ARGS__)
#define GROWTH(...)                                                            \
  .relation = "<=", .detail = &(const fc_pointwise_detail) {                   \
    .evaluate = fc_sides_growth, __VA_ARGS__                                   \
  }
#define FEW .limit = fc_flow_points
#define FEWER .limit = fc_flow_control_points
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of
#define CASES "Assumption 2.1 and case i, iii or iv of 2.2"
#define PUSH_FORMULA "log p_t(X_t(x)) + log det grad X_t(x) = log p_0(x)"

static const fc_claim claims[] = {
    {.name = "push-forward",
     .kind = FC_KIND_STATEMENT,
     .source = "Theorem 5.1",
     .statement = "X_t#μ = Law(a_tZ + b_tX₁): log p_t(X_t(x)) + log det "
                  "∇X_t(x) = log p₀(x), and F_t(X_t(x)) = F₀(x) on the line; "
                  "X_t by Taylor integration",
     .formula = PUSH_FORMULA,
     .hypotheses = CASES "; t in (0,1]",
     PUSH(FEW, .refuses = fc_needs_well_posed)},
    {.name = "push-forward.control.wider",
     .source = "Theorem 5.1, a enlarged by one part in 2^16",
     .statement = "X_t#μ = Law((1+2⁻¹⁶)a_tZ + b_tX₁)",
     .formula = "the same with (1+2^-16) a in p_t",
     CONTROL("push-forward"),
     PUSH(FEWER, .refuses = fc_control_well_posed, .variant = FC_PUSH_WIDER)},
    {.name = "push-forward.control.no-determinant",
     .source = "Theorem 5.1, the determinant dropped",
     .statement = "p_t(X_t(x)) = p₀(x)",
     .formula = "log p_t(X_t(x)) = log p_0(x)",
     CONTROL("push-forward"),
     PUSH(FEWER, .refuses = fc_control_volume_change,
          .variant = FC_PUSH_NO_DETERMINANT)},

    {.name = "early-stop",
     .kind = FC_KIND_STATEMENT,
     .source = "Theorem 5.2",
     .statement = "X_t#μ = Law(a_tZ + b_tX₁) for t ≤ 1−ε, ε = 1/16: log "
                  "p_t(X_t(x)) + log det ∇X_t(x) = log p₀(x) for mixtures, and "
                  "F_t(X_t(x)) = F₀(x) on the line; X_t by Taylor integration",
     .formula = PUSH_FORMULA,
     .hypotheses = "bounded support (case ii of Assumption 2.2)",
     EARLY(FEW, .refuses = no_early_stop)},
    {.name = "early-stop.control.wider",
     .source = "Theorem 5.2, a enlarged by one part in 2^16",
     .statement = "X_t#μ = Law((1+2⁻¹⁶)a_tZ + b_tX₁)",
     .formula = "the same with (1+2^-16) a in p_t",
     CONTROL("early-stop"),
     EARLY(FEWER, .refuses = no_early_control, .variant = FC_PUSH_WIDER)},
    {.name = "early-stop.control.no-determinant",
     .source = "Theorem 5.2, the determinant dropped",
     .statement = "p_t(X_t(x)) = p₀(x)",
     .formula = "log p_t(X_t(x)) = log p_0(x)",
     CONTROL("early-stop"),
     EARLY(FEWER, .refuses = no_early_control,
           .variant = FC_PUSH_NO_DETERMINANT)},

    {.name = "unique",
     .kind = FC_KIND_STATEMENT,
     .source = "Theorem 5.1",
     .statement = "one trajectory from each point: X_t(x) by Taylor "
                  "integration is X_t(x) by " FC_UNRELATED_TEXT
                  " (in smaller steps of time)",
     .formula = "X_{0,t}(x)",
     .hypotheses = CASES "; unrelated ways that disagree beyond their stated "
                         "errors are an error, no verdict",
     UNIQUE(fc_sides_unique, FEW, .refuses = fc_needs_affordable_well_posed)},
    {.name = "unique.control.start",
     .source = "Theorem 5.1, from another starting point",
     .statement = "X_t(x) = X_t(y), yᵢ = xᵢ + (1+|xᵢ|)/2²⁰",
     .formula = "X_{0,t}(y)",
     CONTROL("unique"),
     UNIQUE(fc_sides_unique, FEWER, .refuses = fc_control_well_posed,
            .variant = 1)},
    {.name = "unique.gsl",
     .kind = FC_KIND_STATEMENT,
     .source = "Theorem 5.1",
     .statement = "one trajectory from each point, in binary64: GSL and the "
                  "closed form, exact map or Taylor integration are no farther "
                  "apart than their stated errors together (measured in units "
                  "of these)",
     .relation = "<=",
     .formula = "1",
     .hypotheses = CASES "; what disagrees is an error, no verdict",
     .measure = fc_measure_unique,
     .detail = &(const fc_pointwise_detail){.evaluate = fc_sides_gsl,
                                            FEW,
                                            .refuses = fc_needs_well_posed}},
    {.name = "unique.gsl.control.start",
     .source = "Theorem 5.1, from another starting point",
     .statement = "X_t(x) and X_t(y), yᵢ = xᵢ + (1+|xᵢ|)/2²⁰, are no farther "
                  "apart than the stated errors of GSL and the other method",
     .relation = "<=",
     .formula = "1",
     CONTROL("unique.gsl"),
     .measure = fc_measure_unique,
     .detail = &(const fc_pointwise_detail){.evaluate = fc_sides_gsl,
                                            FEWER,
                                            .refuses = fc_control_well_posed,
                                            .variant = 1}},

    {.name = "growth.mixture",
     .kind = FC_KIND_SHARPER,
     .source = "Theorem 5.1, its proof; Proposition 4.1(d)",
     .statement = "|v(t,x)| ≤ max(|v(t,0)|, θ_t)(1+|x|), θ_t the larger size "
                  "of the bounds d.lower and d.upper: implies K(1+|x|)",
     .formula = "max(|v(t,0)|, |d.lower|, |d.upper|)*(1 + |x|)",
     .hypotheses = "ν = N(0,σ²I) ∗ ρ, supp ρ in a ball (case iii)",
     GROWTH(.text = mixture_texts, .refuses = fc_needs_component_ball)},
    {.name = "growth.mixture.control.bounded",
     .source = "the growth bound without its linear part",
     .statement = "|v(t,x)| ≤ max(|v(t,0)|, θ_t)",
     .formula = "max(|v(t,0)|, |d.lower|, |d.upper|)",
     CONTROL("growth.mixture"),
     GROWTH(.text = mixture_texts, .refuses = fc_control_mixture_growth,
            .variant = 1)},
    {.name = "growth.log-concave",
     .kind = FC_KIND_SHARPER,
     .source = "Theorem 5.1, its proof; Proposition 4.1(b), (c)",
     .statement = "|v(t,x)| ≤ max(|v(t,0)|, θ_t)(1+|x|), θ_t the larger size "
                  "of the bounds b.lower and c.upper: implies K(1+|x|)",
     .formula = "max(|v(t,0)|, |b.lower|, |c.upper|)*(1 + |x|)",
     .hypotheses = "β > 0, κ > 0, supp ν = R^d (case i)",
     GROWTH(.text = concave_texts, .refuses = no_concave_growth)},
};

static fc_status run(const fc_job *job, fc_error *error) {
  fc_status status = fc_pointwise_run(job, error);
  return status ? status : fc_job_measure(job, error);
}

const fc_check fc_check_well_posedness = {
    .id = "gif.well-posedness",
    .title = "One flow, and the laws it carries",
    .source = "Theorems 5.1, 5.2",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = run,
};
