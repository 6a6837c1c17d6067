/* Lemma 5.1, Propositions 5.1 and 5.2: the flow is Lipschitz in space.
 *
 *   (5.3)    |grad X_{s,t}| <= exp(int_s^t theta_u du),  grad v <= theta I
 *   5.1(i)   |grad X_1| <= (kappa a_0^2 + b_0^2)^(-1/2)          kappa > 0
 *   5.1(ii)  |grad X*_1| <= (beta a_0^2 + b_0^2)^(1/2)           supp nu = R^d
 *   5.2      |grad X_1| <= sigma V_0^(-1/2) exp(a_0^2 R^2/(2 sigma^2 V_0)),
 *            |grad X*_1| <= (a_0^2/sigma^2 + b_0^2)^(1/2),
 *                                                V = a^2 + sigma^2 b^2
 *
 * Between any two times s < t: grad v = (a'/a) I + (b omega/a^3) C, and with
 * u = b/a, du = omega/a^2 dt.  If C <= c(u) I for every x, then
 *   log|grad X_{s,t}| <= int_s^t a'/a + (b omega/a^3) c dt
 *                      = log(a_t/a_s) + int_{u_s}^{u_t} u c(u) du    (master);
 * and if C >= c(u) I, log|grad X_{s,t}^-1| <= log(a_s/a_t) - int u c du, since
 * Y = (grad X)^-1 solves Y' = -Y grad v.  The integrals:
 *   c = 1/(kappa + u^2):
 *     sqrt((kappa a_t^2 + b_t^2)/(kappa a_s^2 + b_s^2)), kappa + u_s^2 > 0;
 *     beta in place of kappa from below: its inverse.
 *   c = D^2 (support):
 *     (a_t/a_s) exp(D^2 (u_t^2 - u_s^2)/2).  1/(kappa + u^2) is smaller from
 *     u_1^2 = 1/D^2 - kappa on.  With s before t_1 before t, and
 *     kappa a_1^2 + b_1^2 = a_1^2/D^2,
 *     (D/a_s) sqrt(kappa a_t^2 + b_t^2) exp((1 - kappa D^2)/2 - D^2 u_s^2/2);
 *     with s after t_1 the form with kappa alone.  One formula for both:
 *     q = max(u_s^2, 1/D^2 - kappa),
 *     sqrt((kappa a_t^2 + b_t^2)/(a_s^2 (kappa + q)))
 *       exp((D^2/2) max(0, 1/D^2 - kappa - u_s^2)).
 *   c = sigma^2/(1 + sigma^2 u^2) + R^2/(1 + sigma^2 u^2)^2 (mixture):
 *     sqrt(V_t/V_s) exp((R^2/(2 sigma^2)) (a_s^2/V_s - a_t^2/V_t)), evaluated
 *     as sqrt(V_t/V_s) exp((R^2/2) (a_s^2 b_t^2 - a_t^2 b_s^2)/(V_s V_t));
 *     from below, c = sigma^2/(1 + sigma^2 u^2): sqrt(V_s/V_t).
 *   c = (tau + L tau^2)^2, tau = (1 + u^2)^(-1/2) = a/rho, u du = -dtau/tau^3:
 *     int_{tau_t}^{tau_s} (1/tau + 2 L + L^2 tau) dtau, hence
 *     (rho_t/rho_s) exp(2 L (tau_s - tau_t) + L^2 (tau_s^2 - tau_t^2)/2);
 *     from below, c = ((tau - L tau^2)_+)^2, which is 0 where tau > 1/L: with
 *     m = min(tau, 1/L), log(m_s/m_t) - 2 L (m_s - m_t) + L^2 (m_s^2 -
 * m_t^2)/2. (e) of Proposition 4.1: K B = 5 L (a omega/rho^3)(L +
 * (log(rho/b))^(-1/2)); with y = b/rho, dy = (a omega/rho^3) dt: 5 L int_0^1 (L
 * + (-log y)^(-1/2)) dy = 5 L^2 + 5 L sqrt(pi) at most.
 *
 * Equality: Gaussians, forward and back (extreme directions); two components of
 * equal weight, forward: at their midpoint, which the flow carries along, C is
 * that c at every u.  Unequal weights: the point of equal responsibilities is
 * no trajectory.  `support.sharp` (diam/2 for D): two atoms of equal weight,
 * for the same reason; no other law attains Popoviciu's inequality all along a
 * trajectory.  Mixture, back: approached far out; with u_s = 0 as 1 - O(1/x^2),
 * with u_s > 0 faster than any power, so that working precision cannot tell it
 * from equality.  What the paper states of X_1 is judged from s = 0 on; pairs
 * of times with s > 0 are judged by `envelope`, `support` and `master`.
 */
#include "claims/flow_bound.h"
#include "gif/flow_envelope.h"
#include "gif/flow_forms.h"
#include "gif/flow_master.h"
#include "gif/flow_parts.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"

#include <string.h>

#define STATED_SLOPE FC_FLOW_RHO "/" FC_FLOW_RHO_S "*exp(5*L^2 + 5*sqrt(pi)*L)"
#define TIGHTER(bound) "(" bound ")*(1 - 1/2^20)"
#define NO_COVARIANCE "a/a_s"

/* --- hypotheses -------------------------------------------------------------
 */

static const char *needs_curvature(const fc_job *job) {
  double kappa = 0;
  if (!fc_job_constant(&kappa, job, FC_KAPPA))
    return "the target has no class constant kappa";
  return kappa > 0 ? NULL : "kappa <= 0";
}

static const char *needs_curved_gaussian(const fc_job *job) {
  const char *reason = needs_curvature(job);
  return reason ? reason : fc_needs_gaussian(job);
}

/* kappa D^2 < 1, or no kappa. */
static const char *needs_width(const fc_job *job, fc_class_constant which) {
  double kappa = 0, width = 0;
  if (!fc_job_constant(&width, job, which))
    return "the support is unbounded";
  if (!fc_job_constant(&kappa, job, FC_KAPPA))
    return NULL;
  return kappa * width * width < 1 ? NULL : "kappa D^2 >= 1";
}

static const char *needs_support(const fc_job *job) {
  return needs_width(job, FC_D);
}

static const char *needs_sharp_support(const fc_job *job) {
  return needs_width(job, FC_SUPPORT_HALF_DIAM);
}

static bool equal_weights(const fc_target *target) {
  fc_ctx ctx[1];
  fc_num weights[2];
  fc_ctx_init_mpfr(ctx, 256);
  size_t d = fc_target_dimension(target);
  fc_ptr mean = fc_vec_new(d, ctx);
  fc_init(weights[0], ctx);
  fc_init(weights[1], ctx);
  for (size_t k = 0; mean && k < 2; k++)
    fc_target_isotropic_get(mean, weights[k], target, k, ctx);
  bool equal = mean && fc_eq(weights[0], weights[1], ctx) == FC_TRUE;
  fc_clear(weights[0], ctx);
  fc_clear(weights[1], ctx);
  fc_vec_free(mean, d, ctx);
  return equal;
}

/* Two components or atoms of equal weight. */
static const char *needs_symmetry(const fc_job *job) {
  const fc_target *target = job->instance->target;
  return fc_target_isotropic_count(target) == 2 && equal_weights(target)
             ? NULL
             : "the target is not two equal components of equal weight";
}

/* Where (d) is an equality forward. */
static const char *needs_extremal_mixture(const fc_job *job) {
  const char *reason = fc_needs_component_ball(job);
  if (reason || !fc_needs_gaussian(job))
    return reason;
  return needs_symmetry(job);
}

static const char *needs_symmetric_atoms(const fc_job *job) {
  const char *reason = fc_needs_two_atoms(job);
  return reason ? reason : needs_symmetry(job);
}

static const char *needs_isotropic_gaussian(const fc_job *job) {
  const char *reason = fc_needs_component_ball(job);
  return reason ? reason : fc_needs_gaussian(job);
}

static const char *needs_log_lipschitz(const fc_job *job) {
  return fc_job_constant(NULL, job, FC_L)
             ? fc_needs_full_support(job)
             : "the target has no class constant L";
}

static const char *needs_slope_and_components(const fc_job *job) {
  double slope = 0;
  fc_job_constant(&slope, job, FC_L);
  return slope > 0 ? fc_needs_several_components(job) : "L = 0, or none";
}

/* A truncated normal law has U'' = 1/s^2 where it has a density: what 5.1(ii)
 * would say if it did not ask for full support. */
static const char *needs_cut(const fc_job *job) {
  const char *reason = needs_curvature(job);
  if (reason)
    return reason;
  return fc_needs_full_support(job) ? NULL : "the support is all of R^d";
}

/* Some c(u) is known. */
static const char *needs_forward_constant(const fc_job *job) {
  double kappa = 0;
  bool curved = fc_job_constant(&kappa, job, FC_KAPPA) && kappa > 0;
  bool any = curved || fc_job_constant(NULL, job, FC_SUPPORT_HALF_DIAM) ||
             fc_job_constant(NULL, job, FC_HALF_DIAM) ||
             (fc_job_constant(NULL, job, FC_L) && !fc_needs_full_support(job));
  return any ? NULL
             : "no class constant of the target bounds C from above at u = 0";
}

/* Flows of general mixtures in R^d, d > 2, take seconds each. */
static const char *needs_affordable(const fc_job *job) {
  const fc_target *target = job->instance->target;
  bool dear = fc_target_dimension(target) > 2 &&
              !fc_target_is_gaussian(target) &&
              fc_target_factor_count(target) == 0 &&
              fc_target_isotropic_count(target) == 0;
  return dear ? "a flow with full covariances in this dimension takes seconds "
                "in MPFR"
              : NULL;
}

/* From below C >= 0 always holds, which says something for t < 1. */
static const char *needs_reverse_constant(const fc_job *job) {
  bool any =
      fc_job_constant(NULL, job, FC_BETA) ||
      fc_job_constant(NULL, job, FC_SIGMA) ||
      (fc_job_constant(NULL, job, FC_L) && !fc_needs_full_support(job)) ||
      !fc_target_has_density(job->instance->target);
  return any ? needs_affordable(job)
             : "no class constant of the target bounds C from below";
}

static const char *expect_extremal(const fc_job *job) {
  return needs_extremal_mixture(job) ? "holds" : "attained";
}

static const char *expect_symmetric_atoms(const fc_job *job) {
  return needs_symmetric_atoms(job) ? "holds" : "attained";
}

/* --- proofs
 * -------------------------------------------------------------------
 */

static bool is_text(const char *text, const char *known) {
  return text && strcmp(text, known) == 0;
}

/* `support`, late: its own form up to t_1 (where s is earlier) and that of
 * kappa from there on, multiplied; derived above. */
static size_t support_parts(fc_flow_part parts[FC_FLOW_PARTS],
                            const fc_job *job, const fc_claim *claim) {
  const fc_flow_bound_detail *detail = claim->detail;
  (void)job;
  bool known =
      (is_text(detail->late_formula, FC_FLOW_LATE_SUPPORT("D")) &&
       is_text(detail->late_where, FC_FLOW_LATE_WHERE("D"))) ||
      (is_text(detail->late_formula, FC_FLOW_LATE_SUPPORT("diam_nu/2")) &&
       is_text(detail->late_where, FC_FLOW_LATE_WHERE("diam_nu/2")));
  parts[0] = (fc_flow_part){.bound = claim->formula};
  parts[1] = fc_flow_curvature_part();
  return known ? 2 : 0;
}

/* 2 L (tau_s - tau_t) + L^2 (tau_s^2 - tau_t^2)/2 <= 2 L + L^2/2 < 5 sqrt(pi) L
 * + 5 L^2, as 0 <= tau <= 1. */
static size_t stated_slope_parts(fc_flow_part parts[FC_FLOW_PARTS],
                                 const fc_job *job, const fc_claim *claim) {
  (void)job;
  parts[0] = (fc_flow_part){.bound = FC_FLOW_SLOPE};
  return is_text(claim->formula, STATED_SLOPE) ? 1 : 0;
}

/* --- claims ------------------------------------------------------------------
 */

#define FLOW(...)                                                              \
  .flow = true, .relation = "<=", .detail = &(const fc_flow_bound_detail) {    \
    __VA_ARGS__                                                                \
  }
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of
#define TIMES "0 ≤ s < t ≤ 1"
#define FROM_START "0 < t ≤ 1"
#define MASTER_TEXT                                                            \
  "(a/a_s)*exp(integral of u*c(u) from u_s to u), c the least of the known"
#define MASTER_BACK                                                            \
  "(a_s/a)*exp(-integral of u*c(u) from u_s to u), c the greatest of the "     \
  "known"
#define ENVELOPE_TEXT "exp(integral of theta from s to t)"
#define NO_COVARIANCE_CONTROL(of, needs)                                       \
  {                                                                            \
    .name = of ".control.no-covariance", .source = "the bound for C = 0",      \
    .statement = "|∇X_{s,t}| ≤ a_t/a_s", .formula = NO_COVARIANCE,             \
    CONTROL(of), FLOW(.refuses = needs)                                        \
  }
#define NO_RADIUS_CONTROL(of)                                                  \
  {                                                                            \
    .name = of ".control.no-radius",                                           \
    .source = "the bound for a single component",                              \
    .statement = "|∇X_{s,t}| ≤ (V_t/V_s)^(1/2), V = a² + σ²b²",                \
    .formula = FC_FLOW_COMPONENT, CONTROL(of),                                 \
    FLOW(.refuses = fc_needs_several_components)                               \
  }

static const fc_claim claims[] = {
    {.name = "envelope",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 5.1, (5.3), with Corollaries 4.1–4.4",
     .statement = "|∇X_{s,t}| ≤ exp ∫_s^t θ_u du for " TIMES
                  ", θ the envelope of ∇v that applies",
     .formula = ENVELOPE_TEXT,
     .hypotheses = "one of Corollaries 4.1–4.4 applies",
     .expect = expect_extremal,
     FLOW(.evaluate = fc_envelope_integral, .pairs = 3,
          .parts = fc_envelope_parts, .refuses = fc_needs_envelope)},
    NO_COVARIANCE_CONTROL("envelope", fc_needs_envelope),
    NO_RADIUS_CONTROL("envelope"),

    {.name = "log-concave.forward",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 5.1(i)",
     .statement =
         "|∇X_{0,t}| ≤ ((κa_t² + b_t²)/(κa₀² + b₀²))^(1/2) for " FROM_START
         "; |∇X₁| ≤ (κa₀² + b₀²)^(−1/2)",
     .formula = FC_FLOW_CURVATURE,
     .hypotheses = "ν κ-semi-log-concave, κ > 0",
     .expect = fc_expect_attained_gaussian,
     FLOW(.from_start = true, .where = FC_FLOW_CURVATURE_WHERE,
          .refuses = needs_curvature)},
    {.name = "log-concave.forward.control.tightened",
     .source = "Proposition 5.1(i), tightened by one part in 2^20",
     .statement = "|∇X_{0,t}| ≤ (stated bound)(1 − 2⁻²⁰)",
     .formula = TIGHTER(FC_FLOW_CURVATURE),
     CONTROL("log-concave.forward"),
     FLOW(.from_start = true, .refuses = needs_curved_gaussian)},
    NO_COVARIANCE_CONTROL("log-concave.forward", needs_curvature),

    {.name = "log-concave.reverse",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 5.1(ii)",
     .statement =
         "|∇X_{0,t}⁻¹| ≤ ((βa₀² + b₀²)/(βa_t² + b_t²))^(1/2) for " FROM_START
         "; |∇X*₁| ≤ (βa₀² + b₀²)^(1/2)",
     .formula = FC_FLOW_CONVEX,
     .hypotheses = "ν β-semi-log-convex, supp ν = R^d",
     .expect = fc_expect_attained_gaussian,
     FLOW(.from_start = true, .reverse = true, .refuses = needs_affordable)},
    {.name = "log-concave.reverse.control.tightened",
     .source = "Proposition 5.1(ii), tightened by one part in 2^20",
     .statement = "|∇X_{0,t}⁻¹| ≤ (stated bound)(1 − 2⁻²⁰)",
     .formula = TIGHTER(FC_FLOW_CONVEX),
     CONTROL("log-concave.reverse"),
     FLOW(.from_start = true, .reverse = true, .refuses = fc_needs_gaussian)},
    {.name = "log-concave.reverse.control.tenth",
     .source = "Proposition 5.1(ii), a tenth smaller, where far out it is "
               "approached",
     .statement = "|∇X_{0,t}⁻¹| ≤ (9/10)(stated bound)",
     .formula = "9/10*" FC_FLOW_CONVEX,
     CONTROL("log-concave.reverse"),
     FLOW(.from_start = true, .reverse = true,
          .refuses = fc_needs_component_ball)},
    {.name = "log-concave.reverse.control.bounded-support",
     .source = "Proposition 5.1(ii) without full support, β = κ = U″",
     .statement = "|∇X_{0,t}⁻¹| ≤ ((κa₀² + b₀²)/(κa_t² + b_t²))^(1/2)",
     .formula = "sqrt((kappa*a_s^2 + b_s^2)/(kappa*a^2 + b^2))",
     CONTROL("log-concave.reverse"),
     FLOW(.from_start = true, .reverse = true, .refuses = needs_cut)},

    {.name = "mixture.forward",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 5.2",
     .statement =
         "|∇X_{0,t}| ≤ (V_t/V₀)^(1/2) exp((R²/2σ²)(a₀²/V₀ − a_t²/V_t)), V = "
         "a² + σ²b², for " FROM_START "; |∇X₁| ≤ σ(a₀² + σ²b₀²)^(−1/2) "
         "exp(a₀²R²/(2σ²(a₀² + σ²b₀²)))",
     .formula = FC_FLOW_MIXTURE("R"),
     .hypotheses = "ν = N(0,σ²I) ∗ ρ, supp ρ in a ball of radius R",
     .expect = expect_extremal,
     FLOW(.from_start = true, .refuses = fc_needs_component_ball)},
    {.name = "mixture.forward.control.tightened",
     .source = "Proposition 5.2, tightened by one part in 2^20",
     .statement = "|∇X_{0,t}| ≤ (stated bound)(1 − 2⁻²⁰)",
     .formula = TIGHTER(FC_FLOW_MIXTURE("R")),
     CONTROL("mixture.forward"),
     FLOW(.from_start = true, .refuses = needs_extremal_mixture)},
    NO_RADIUS_CONTROL("mixture.forward"),

    {.name = "mixture.reverse",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 5.2",
     .statement =
         "|∇X_{0,t}⁻¹| ≤ (V₀/V_t)^(1/2), V = a² + σ²b², for " FROM_START
         "; |∇X*₁| ≤ (a₀²/σ² + b₀²)^(1/2)",
     .formula = FC_FLOW_COMPONENT_BACK,
     .hypotheses = "ν = N(0,σ²I) ∗ ρ, supp ρ in a ball of radius R",
     FLOW(.from_start = true, .reverse = true,
          .refuses = fc_needs_component_ball)},
    {.name = "mixture.reverse.control.tightened",
     .source = "Proposition 5.2, backward, tightened by one part in 2^20",
     .statement = "|∇X_{0,t}⁻¹| ≤ (stated bound)(1 − 2⁻²⁰)",
     .formula = TIGHTER(FC_FLOW_COMPONENT_BACK),
     CONTROL("mixture.reverse"),
     FLOW(.from_start = true, .reverse = true,
          .refuses = needs_isotropic_gaussian)},
    {.name = "mixture.reverse.control.tenth",
     .source = "Proposition 5.2, backward, a tenth smaller: it is approached "
               "far out",
     .statement = "|∇X_{0,t}⁻¹| ≤ (9/10)(stated bound)",
     .formula = "9/10*" FC_FLOW_COMPONENT_BACK,
     CONTROL("mixture.reverse"),
     FLOW(.from_start = true, .reverse = true,
          .refuses = fc_needs_component_ball)},

    {.name = "support",
     .kind = FC_KIND_SHARPER,
     .source = "Lemma 5.1 with Corollaries 4.1(b), 4.2",
     .statement = "|∇X_{s,t}| ≤ (a_t/a_s) exp(D²(u_t² − u_s²)/2) for t before "
                  "t₁, from t₁ on what this and κ give together",
     .formula = FC_FLOW_SUPPORT("D"),
     .hypotheses = "D finite; κD² < 1, or κ not known (then t < 1)",
     FLOW(.parts = support_parts, .late_formula = FC_FLOW_LATE_SUPPORT("D"),
          .late_where = FC_FLOW_LATE_WHERE("D"), .refuses = needs_support)},
    {.name = "support.control.no-covariance",
     .source = "the bound for C = 0",
     .statement = "|∇X_{s,t}| ≤ a_t/a_s",
     .formula = NO_COVARIANCE,
     CONTROL("support"),
     FLOW(.refuses = needs_support)},
    {.name = "support.sharp",
     .kind = FC_KIND_SHARPER,
     .source = "the same with D replaced by diam(supp ν)/2",
     .statement = "|∇X_{s,t}| ≤ (a_t/a_s) exp((diam/2)²(u_t² − u_s²)/2) for t "
                  "before t₁, from t₁ on what this and κ give together",
     .formula = FC_FLOW_SUPPORT("diam_nu/2"),
     .hypotheses = "diam finite; κ(diam/2)² < 1, or κ not known (then t < 1)",
     .expect = expect_symmetric_atoms,
     FLOW(.parts = support_parts,
          .late_formula = FC_FLOW_LATE_SUPPORT("diam_nu/2"),
          .late_where = FC_FLOW_LATE_WHERE("diam_nu/2"),
          .refuses = needs_sharp_support)},
    {.name = "support.sharp.control.tightened",
     .source = "the sharper form, tightened by one part in 2^20",
     .statement = "|∇X_{s,t}| ≤ (sharper bound)(1 − 2⁻²⁰)",
     .formula = TIGHTER(FC_FLOW_SUPPORT("diam_nu/2")),
     CONTROL("support.sharp"),
     FLOW(.refuses = needs_symmetric_atoms)},
    {.name = "support.sharp.control.no-covariance",
     .source = "the bound for C = 0",
     .statement = "|∇X_{s,t}| ≤ a_t/a_s",
     .formula = NO_COVARIANCE,
     CONTROL("support.sharp"),
     FLOW(.refuses = needs_sharp_support)},

    {.name = "log-lipschitz",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 5.1 with Corollary 4.4",
     .statement = "|∇X_{s,t}| ≤ (ρ_t/ρ_s) exp(5L² + 5√π L), ρ = (a²+b²)^(1/2), "
                  "for " TIMES "; |∇X₁| ≤ (a₀²+b₀²)^(−1/2) exp(5L² + 5√π L)",
     .formula = STATED_SLOPE,
     .hypotheses = "dν/dγ_d is L-log-Lipschitz",
     FLOW(.parts = stated_slope_parts, .refuses = needs_log_lipschitz)},
    {.name = "log-lipschitz.control.half",
     .source = "half the bound for L = 0",
     .statement = "|∇X_{s,t}| ≤ ρ_t/(2ρ_s)",
     .formula = FC_FLOW_RHO "/(2*" FC_FLOW_RHO_S ")",
     CONTROL("log-lipschitz"),
     FLOW(.refuses = needs_log_lipschitz)},
    {.name = "log-lipschitz.control.no-slope",
     .source = "the bound for L = 0",
     .statement = "|∇X_{s,t}| ≤ ρ_t/ρ_s",
     .formula = FC_FLOW_RHO "/" FC_FLOW_RHO_S,
     CONTROL("log-lipschitz"),
     FLOW(.refuses = needs_slope_and_components)},
    {.name = "log-lipschitz.sharp",
     .kind = FC_KIND_SHARPER,
     .source = "C ≼ (τ + Lτ²)², τ = a/ρ",
     .statement = "|∇X_{s,t}| ≤ (ρ_t/ρ_s) exp(2L(τ_s − τ_t) + L²(τ_s² − "
                  "τ_t²)/2) for " TIMES,
     .formula = FC_FLOW_SLOPE,
     .hypotheses = "dν/dγ_d is L-log-Lipschitz",
     FLOW(.refuses = needs_log_lipschitz)},
    {.name = "log-lipschitz.sharp.control.half",
     .source = "half the bound for L = 0",
     .statement = "|∇X_{s,t}| ≤ ρ_t/(2ρ_s)",
     .formula = FC_FLOW_RHO "/(2*" FC_FLOW_RHO_S ")",
     CONTROL("log-lipschitz.sharp"),
     FLOW(.refuses = needs_log_lipschitz)},
    {.name = "log-lipschitz.sharp.control.no-slope",
     .source = "the sharper form for L = 0",
     .statement = "|∇X_{s,t}| ≤ ρ_t/ρ_s",
     .formula = FC_FLOW_RHO "/" FC_FLOW_RHO_S,
     CONTROL("log-lipschitz.sharp"),
     FLOW(.refuses = needs_slope_and_components)},

    {.name = "master.forward",
     .kind = FC_KIND_SHARPER,
     .source = "∇v = (a′/a)I + (bω/a³)C, du = ω/a² dt",
     .statement = "C ≼ c(u)I implies |∇X_{s,t}| ≤ (a_t/a_s) exp ∫ u c(u) du "
                  "from u_s to u_t; with the best c that the class constants "
                  "give, for " TIMES,
     .formula = MASTER_TEXT,
     .hypotheses = "one of κ > 0, diam(supp ν), (σ, diam(supp ρ)), L",
     .expect = expect_extremal,
     FLOW(.evaluate = fc_master_forward, .parts = fc_master_forward_parts,
          .refuses = needs_forward_constant)},
    NO_COVARIANCE_CONTROL("master.forward", needs_forward_constant),
    NO_RADIUS_CONTROL("master.forward"),
    {.name = "master.reverse",
     .kind = FC_KIND_SHARPER,
     .source = "∇v = (a′/a)I + (bω/a³)C, du = ω/a² dt",
     .statement = "C ≽ c(u)I implies |∇X_{s,t}⁻¹| ≤ (a_s/a_t) exp(−∫ u c(u) "
                  "du) from u_s to u_t; with the best c that the class "
                  "constants give, for " TIMES,
     .formula = MASTER_BACK,
     .hypotheses = "c from β, (σ, R) or L, else 0 (then t < 1)",
     .expect = fc_expect_attained_gaussian,
     FLOW(.reverse = true, .evaluate = fc_master_reverse,
          .parts = fc_master_reverse_parts, .refuses = needs_reverse_constant)},
    {.name = "master.reverse.control.half",
     .source = "half of 1/|∇X_{s,t}| at least",
     .statement = "|∇X_{s,t}⁻¹| ≤ ½(master.forward)⁻¹",
     .formula = "1/(2*master.forward)",
     CONTROL("master.reverse"),
     FLOW(.reverse = true, .evaluate = fc_master_reverse_false,
          .refuses = needs_forward_constant)},
};

const fc_check fc_check_flow_lipschitz = {
    .id = "gif.flow-lipschitz",
    .title = "Lipschitz constants of the flow",
    .source = "Lemma 5.1, Propositions 5.1, 5.2",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_flow_bounds_run,
};
