/* Proposition 5.3, with Definitions G.1 and G.2: X_t = a Z + b X_1 has
 *   C_P(p_t) <= a^2 + b^2 C_P(nu),    Var f <= C_P int |grad f|^2,
 *   C_LS(p_t) <= a^2 + b^2 C_LS(nu),  Ent(f^2) <= 2 C_LS int |grad f|^2.
 * Equality: Gaussians; t = 1; t = 0 with b_0 = 0.  Judged at times in (0, 1).
 *
 * Carried by the flow from N(0, I) (a_0 = 1, b_0 = 0), for which both constants
 * are 1 (Gross 1975): C_P(nu), C_LS(nu) <= (sup |grad X_1|)^2, hence 1/kappa by
 * Proposition 5.1 and sigma^2 exp(R^2/sigma^2) by Proposition 5.2.
 *
 * What is known of each constant, and how: functional_constants.h and
 * lib/spectral_gap.  The displayed steps of the proof (p. 38):
 * functional_steps.c.
 */
#include "gif/functional_claims.h"
#include "gif/functional_steps.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"

#define STATED "a^2 + b^2*C"
#define TIGHTER(bound) "(" bound ")*(1 - 1/2^20)"
#define COMPONENTS "sigma^2*exp(R^2/sigma^2)"

/* --- hypotheses --------------------------------------------------------------
 */

static const char *needs_gaussian(const fc_job *job) {
  const char *reason = fc_needs_functional(job);
  return reason ? reason : fc_needs_gaussian(job);
}

/* mu = N(0, I). */
static const char *needs_normal_start(const fc_job *job) {
  fc_schedule_rough at = fc_schedule_rough_at(job->schedule, 0, false);
  const char *reason = fc_needs_functional(job);
  if (reason)
    return reason;
  return at.a == 1 && at.b == 0 ? NULL
                                : "the flow does not start from N(0, I): "
                                  "a₀ = 1, b₀ = 0 is needed";
}

static const char *needs_normal_start_and_gaussian(const fc_job *job) {
  const char *reason = needs_normal_start(job);
  return reason ? reason : fc_needs_gaussian(job);
}

static const char *needs_curvature(const fc_job *job) {
  double kappa = 0;
  const char *reason = needs_normal_start(job);
  if (reason)
    return reason;
  if (!fc_job_constant(&kappa, job, FC_KAPPA))
    return "the target has no class constant kappa";
  return kappa > 0 ? NULL : "kappa <= 0";
}

static const char *needs_components(const fc_job *job) {
  const char *reason = needs_normal_start(job);
  return reason ? reason : fc_needs_component_ball(job);
}

static const char *needs_curved_gaussian(const fc_job *job) {
  const char *reason = needs_curvature(job);
  return reason ? reason : fc_needs_gaussian(job);
}

static const char *needs_isotropic_gaussian(const fc_job *job) {
  const char *reason = needs_components(job);
  return reason ? reason : fc_needs_gaussian(job);
}

static const char *expect_isotropic_gaussian(const fc_job *job) {
  return needs_isotropic_gaussian(job) ? "holds" : "attained";
}

static const char *expect_violated(const fc_job *job) {
  (void)job;
  return "violated";
}

/* --- claims ------------------------------------------------------------------
 */

#define OF(...)                                                                \
  .relation = "<=", .detail = &(const fc_functional_detail) { __VA_ARGS__ }
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of
#define STEP(which, refusal)                                                   \
  .measure = fc_measure_step,                                                  \
  .relation = "<=", .detail = &(const fc_step_detail) {                        \
    which, refusal                                                             \
  }

#define PROPOSITION(id, constant, inequality)                                  \
  {.name = id,                                                                 \
   .kind = FC_KIND_STATEMENT,                                                  \
   .source = "Proposition 5.3",                                                \
   .statement = constant "(p_t) ≤ a_t² + b_t² " constant "(ν)",                \
   .formula = STATED,                                                          \
   .hypotheses = "ν has a density and " constant "(ν) < ∞; C is " constant     \
                 "(ν) or a bound on it from above",                            \
   .expect = fc_expect_attained_gaussian,                                      \
   OF(.which = inequality, .refuses = fc_needs_functional)},                   \
      {.name = id ".control.tightened",                                        \
       .source = "Proposition 5.3, tightened by one part in 2^20",             \
       .statement =                                                            \
           constant "(p_t) ≤ (a_t² + b_t² " constant "(ν))(1 − 2⁻²⁰)",         \
       .formula = TIGHTER(STATED),                                             \
       CONTROL(id),                                                            \
       OF(.which = inequality, .refuses = needs_gaussian)},                    \
      {.name = id ".control.no-noise",                                         \
       .source = "Proposition 5.3 without a²",                                 \
       .statement = constant "(p_t) ≤ b_t² " constant "(ν)",                   \
       .formula = "b^2*C",                                                     \
       CONTROL(id),                                                            \
       OF(.which = inequality, .refuses = fc_needs_functional)},               \
      {.name = id ".control.swapped",                                          \
       .source = "Proposition 5.3, a and b exchanged",                         \
       .statement = constant "(p_t) ≤ b_t² + a_t² " constant "(ν)",            \
       .formula = "b^2 + a^2*C",                                               \
       CONTROL(id),                                                            \
       OF(.which = inequality, .refuses = fc_needs_functional)},               \
  {                                                                            \
    .name = id ".control.fourth-power",                                        \
    .source = "Proposition 5.3, b⁴ for b²",                                    \
    .statement = constant "(p_t) ≤ a_t² + b_t⁴ " constant "(ν)",               \
    .formula = "a^2 + b^4*C", CONTROL(id),                                     \
    OF(.which = inequality, .refuses = fc_needs_functional)                    \
  }

#define TRANSFER(id, constant, inequality)                                      \
  {.name = id ".transfer",                                                      \
   .kind = FC_KIND_STATEMENT,                                                   \
   .source = "Propositions 5.1, 5.2 and 5.3: N(0, I) carried to ν by X₁",       \
   .statement = constant "(ν) ≤ sup|∇X₁|² where X₁ carries N(0, I) to ν",       \
   .formula = "Lip^2",                                                          \
   .hypotheses = "ν has a density; a₀ = 1, b₀ = 0",                             \
   .expect = fc_expect_attained_gaussian,                                       \
   OF(.which = inequality, .transfer = true, .slope = true,                     \
      .refuses = needs_normal_start)},                                          \
      {.name = id ".transfer.control.tightened",                                \
       .source = "the transfer bound, tightened by one part in 2^20",           \
       .statement = constant "(ν) ≤ sup|∇X₁|²(1 − 2⁻²⁰)",                       \
       .formula = TIGHTER("Lip^2"),                                             \
       CONTROL(id ".transfer"),                                                 \
       OF(.which = inequality, .transfer = true, .slope = true,                 \
          .refuses = needs_normal_start_and_gaussian)},                         \
      {.name = id ".transfer.control.root",                                     \
       .source = "the transfer bound without the square",                       \
       .statement = constant "(ν) ≤ sup|∇X₁|",                                  \
       .formula = "Lip",                                                        \
       CONTROL(id ".transfer"),                                                 \
       OF(.which = inequality, .transfer = true, .slope = true,                 \
          .refuses = needs_normal_start)},                                      \
      {.name = id ".transfer.control.fourth-power",                             \
       .source = "the transfer bound, the square squared",                      \
       .statement = constant "(ν) ≤ sup|∇X₁|⁴",                                 \
       .formula = "Lip^4",                                                      \
       CONTROL(id ".transfer"),                                                 \
       OF(.which = inequality, .transfer = true, .slope = true,                 \
          .refuses = needs_normal_start)},                                      \
      {.name = id ".transfer.log-concave",                                      \
       .kind = FC_KIND_STATEMENT,                                               \
       .source = "Propositions 5.1(i) and 5.3",                                 \
       .statement = constant "(ν) ≤ 1/κ",                                       \
       .formula = "1/kappa",                                                    \
       .hypotheses = "ν κ-semi-log-concave, κ > 0; a₀ = 1, b₀ = 0",             \
       .expect = fc_expect_attained_gaussian,                                   \
       OF(.which = inequality, .transfer = true, .constants = true,             \
          .refuses = needs_curvature)},                                         \
      {.name = id ".transfer.log-concave.control.tightened",                    \
       .source = "the bound 1/κ, tightened by one part in 2^20",                \
       .statement = constant "(ν) ≤ (1 − 2⁻²⁰)/κ",                              \
       .formula = TIGHTER("1/kappa"),                                           \
       CONTROL(id ".transfer.log-concave"),                                     \
       OF(.which = inequality, .transfer = true, .constants = true,             \
          .refuses = needs_curved_gaussian)},                                   \
      {.name = id ".transfer.log-concave.control.quarter",                      \
       .source = "a quarter of the bound 1/κ",                                  \
       .statement = constant "(ν) ≤ 1/(4κ)",                                    \
       .formula = "1/(4*kappa)",                                                \
       CONTROL(id ".transfer.log-concave"),                                     \
       OF(.which = inequality, .transfer = true, .constants = true,             \
          .refuses = needs_curvature)},                                         \
      {.name = id ".transfer.mixture",                                          \
       .kind = FC_KIND_STATEMENT,                                               \
       .source = "Propositions 5.2 and 5.3",                                    \
       .statement = constant "(ν) ≤ σ² exp(R²/σ²)",                             \
       .formula = COMPONENTS,                                                   \
       .hypotheses = "ν = N(0, σ²I) ∗ ρ, supp ρ in a ball of radius R; " \
                     "a₀ = 1, b₀ = 0",                                          \
       .expect = expect_isotropic_gaussian,                                     \
       OF(.which = inequality, .transfer = true, .constants = true,             \
          .refuses = needs_components)},                                        \
      {.name = id ".transfer.mixture.control.tightened",                        \
       .source = "the bound for mixtures, tightened by one part in 2^20",       \
       .statement = constant "(ν) ≤ σ² exp(R²/σ²)(1 − 2⁻²⁰)",                   \
       .formula = TIGHTER(COMPONENTS),                                          \
       CONTROL(id ".transfer.mixture"),                                         \
       OF(.which = inequality, .transfer = true, .constants = true,             \
          .refuses = needs_isotropic_gaussian)},                                \
  {                                                                             \
    .name = id ".transfer.mixture.control.no-radius",                           \
    .source = "the bound for mixtures without its radius",                      \
    .statement = constant "(ν) ≤ σ²", .formula = "sigma^2",                     \
    CONTROL(id ".transfer.mixture"),                                            \
    OF(.which = inequality, .transfer = true, .constants = true,                \
       .refuses = needs_components)                                             \
  }

static const fc_claim claims[] = {
    PROPOSITION("poincare", "C_P", FC_POINCARE),
    PROPOSITION("log-sobolev", "C_LS", FC_LOG_SOBOLEV),
    TRANSFER("poincare", "C_P", FC_POINCARE),
    TRANSFER("log-sobolev", "C_LS", FC_LOG_SOBOLEV),

    {.name = "literal",
     .kind = FC_KIND_LITERAL,
     .source = "proof of Proposition 5.3, p. 38, first displayed inequality",
     .statement =
         "∫|∇ₓ(∫f²(az+bx)dγ(z))^(1/2)|²dν(x) ≤ b² E[(f|∇f|)²(X_t)]/E f²(X_t), "
         "which is at least the printed right side; f = sin kx₁ and a late t",
     .formula = "(1/4)*(1 - Re chi(4*k))/(1 - Re chi(2*k)), "
                "chi(s) = E exp(i*s*X_t)",
     .hypotheses = "ν has a density",
     .expect = expect_violated,
     STEP(FC_STEP_FIRST, fc_needs_step)},
    {.name = "literal.step-2",
     .kind = FC_KIND_LITERAL,
     .source = "proof of Proposition 5.3, p. 38, second displayed inequality",
     .statement = "b² ∫(∫(f|∇f|)(az+bx)dγ(z))²dν(x)/E f²(X_t) ≤ b² "
                  "E|∇f(X_t)|²; f = exp(cx₁) and t = 1/2",
     .formula = "m(2*c*b), m(s) = E exp(s*X_1), against m(4*c*b)/m(2*c*b)",
     .hypotheses = "ν has a density",
     .expect = expect_violated,
     STEP(FC_STEP_SECOND, fc_needs_step)},
    {.name = "corrected",
     .kind = FC_KIND_STATEMENT,
     .source = "proof of Proposition 5.3, p. 38, first line and last",
     .statement = "∫|∇ₓ(∫f²(az+bx)dγ(z))^(1/2)|²dν(x) ≤ b² E|∇f(X_t)|², by "
                  "Cauchy–Schwarz at each x; f = sin kx₁ and a late t",
     .formula = "(1 + Re chi(2*k))/2, chi(s) = E exp(i*s*X_t)",
     .hypotheses = "ν has a density",
     STEP(FC_STEP_POINTWISE, fc_needs_step)},
    {.name = "corrected.control.half",
     .source = "half of the right side",
     .statement = "∫|∇ₓ(∫f²(az+bx)dγ(z))^(1/2)|²dν(x) ≤ ½ b² E|∇f(X_t)|²",
     .formula = "(1 + Re chi(2*k))/4",
     CONTROL("corrected"),
     STEP(FC_STEP_HALF, fc_needs_step)},
    {.name = "left-side",
     .kind = FC_KIND_IDENTITY,
     .source = "proof of Proposition 5.3, p. 38, first line",
     .statement = "∫|∇ₓ(∫f²(az+bx)dγ(z))^(1/2)|²dν(x) for f = sin kx by the "
                  "characteristic function of ν and by quadrature: they differ "
                  "by at most 2⁻²⁸ of it",
     .formula = "2^(-28)*left side",
     .hypotheses = "a Gaussian mixture on the line",
     STEP(FC_STEP_QUADRATURE, fc_needs_step_on_line)},
};

static fc_status run(const fc_job *job, fc_error *error) {
  fc_functional *functional = NULL;
  fc_status status = fc_job_measure(job, error);
  for (size_t i = 0; i < job->check->claim_count && !status; i++) {
    const fc_claim *claim = &job->check->claims[i];
    if (claim->measure || !fc_job_wants(job, claim))
      continue;
    if (!functional)
      status = fc_functional_new(&functional, job, error);
    if (!status)
      status = fc_functional_decide(functional, job, claim, error);
  }
  fc_functional_free(functional);
  return status;
}

const fc_check fc_check_functional_inequalities = {
    .id = "gif.functional-inequalities",
    .title = "Poincaré and log-Sobolev inequalities along the flow",
    .source = "Proposition 5.3",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = run,
};
