/* Proposition 6.2: X and Y are the flows of v and of a perturbed field w (the
 * paper's v with a tilde) from X_0 = Y_0 ~ mu.
 *
 *   (i)   int_0^1 E|v - v~|^2(t, Y_t) dt <= eps implies
 *         W_2^2(Y_1#mu, nu) <= eps int_0^1 exp(2 int_s^1 theta_u du) ds   (6.9)
 *   (ii)  sup|grad w| <= C_3 implies W_2^2(Y_1#mu, nu) <=
 *         (e^{2 C_3} - 1)/(2 C_3) int_0^1 E|v - v~|^2(t, X_t) dt (6.10) sharp
 * the same with int_0^1 exp(2 int_s^1 theta~) ds for the factor, theta~
 *         >= lambda_max of the symmetric part of grad w: (6.6) with |grad
 *         Y_{s,1}| <= exp int_s^1 theta~.  As theta~ <= C_3 it is at most
 *         int exp(2 C_3 (1 - s)) ds = (e^{2 C_3} - 1)/(2 C_3).
 *
 * Equality in (i) and `sharp`: Cauchy and Schwarz in (6.4) is one where v - w
 * is parallel to itself and proportional to |grad X_{s,1}|, and the two bounds
 * of W_2 and of the norm are equalities where X_{s,1} is linear with one
 * stretch along e: N(m, sigma^2 I) with v - w = c e exp int_t^1 theta, and any
 * Gaussian with e in its widest direction.  In (ii), where grad w = 0: N(m, I)
 * under a^2 + b^2 = 1 (C_3 = 0, factor 1).
 *
 * The proposition assumes all of Assumption 2.2; its proof takes v Lipschitz on
 * [0, 1] from Corollary 6.3, which excludes case (ii): `literal`, false.
 */
#include <math.h>
#include <string.h>

#include "gif/flow_cost.h"
#include "gif/flow_legs.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"
#include "gif/stability_factors.h"
#include "gif/stability_measure.h"
#include "gif/stability_paths.h"

/* --- where ------------------------------------------------------------------
 */

static bool under(const fc_job *job, const char *name) {
  return strcmp(fc_schedule_name(job->schedule), name) == 0;
}

/* Expectations over starting points that are not two a dimension. */
static const char *needs_few(const fc_job *job, bool dear) {
  const fc_target *target = job->instance->target;
  size_t d = fc_target_dimension(target);
  size_t count = fc_target_isotropic_count(target);
  if (fc_flow_is_steep(job))
    return "the flow is too steep for expectations over its starting points "
           "(R > 100 sigma)";
  if (d > 2 || count == 0 || count > 4)
    return "expectations over starting points are judged on the line and for "
           "few components in the plane; along single trajectories by "
           "i.pathwise, sharp.pathwise";
  bool simple = under(job, "ve") || (under(job, "vp") && d == 1);
  if (!under(job, "linear") && (dear || !simple))
    return "too dear: judged under linear (where it is cheaper under ve and "
           "vp, too)";
  return dear && (d > 1 || count > 2)
             ? "too dear in the plane and for more than two components"
             : NULL;
}

static const char *needs_expectation(const fc_job *job, bool affine,
                                     bool dear) {
  const char *reason = fc_needs_lipschitz_field(job);
  if (reason)
    return reason;
  if (!affine || !fc_target_is_gaussian(job->instance->target))
    return needs_few(job, dear);
  return fc_target_dimension(job->instance->target) > 3 && !under(job, "linear")
             ? "too dear beyond three dimensions: judged under linear"
             : NULL;
}

static const char *needs_affine(const fc_job *job) {
  return needs_expectation(job, true, false);
}

/* Where Gaussians attain it, it is decided with all digits. */
static const char *needs_aligned(const fc_job *job) {
  const char *reason = needs_affine(job);
  if (reason)
    return reason;
  size_t d = fc_target_dimension(job->instance->target);
  bool dear = d > 3 || (d > 1 && !under(job, "linear") && !under(job, "ve"));
  return dear && !fc_needs_gaussian(job)
             ? "an equality to all digits is too dear beyond three dimensions, "
               "and on the line alone judged under every schedule"
             : NULL;
}

static const char *needs_dear_affine(const fc_job *job) {
  return needs_expectation(job, true, true);
}

static const char *needs_smooth(const fc_job *job) {
  return needs_expectation(job, false, true);
}

/* Where every step has a Lipschitz inverse. */
static const char *needs_inverse_steps(const fc_job *job) {
  const char *reason = needs_dear_affine(job);
  if (reason)
    return reason;
  return isfinite(fc_stability_lipschitz_d(job, FC_FIELD_EULER))
             ? NULL
             : "1 + λ/8 ≤ 0 for the lower bound λ of ∇v at the start of some "
               "step: the step map is not known to be invertible";
}

static const char *no_solution(const fc_job *job) {
  (void)job;
  return "v rounded is not continuous: dY/dt = ṽ has no classical solution, "
         "and Y_t no density";
}

static const char *no_lipschitz_rounding(const fc_job *job) {
  (void)job;
  return "v rounded is piecewise constant: sup|∇ṽ| = ∞, no C₃";
}

static const char *needs_path(const fc_job *job) {
  const char *reason = fc_needs_lipschitz_field(job);
  if (!reason)
    reason = fc_needs_cheap(job);
  if (!reason && fc_flow_is_steep(job))
    reason = "the flow is too steep (R > 100 sigma)";
  return reason;
}

/* N(m, I) under a^2 + b^2 = 1. */
static bool stands_still(const fc_job *job) {
  static const char *const circular[] = {"vp", "follmer", "trigonometric",
                                         "vp-sde"};
  double kappa = 0, sigma = 0;
  if (fc_needs_gaussian(job) || !fc_job_constant(&sigma, job, FC_SIGMA) ||
      !fc_job_constant(&kappa, job, FC_KAPPA) || sigma != 1 || kappa != 1)
    return false;
  for (size_t i = 0; i < 4; i++)
    if (under(job, circular[i]))
      return true;
  return false;
}

/* A multiple of v is v itself where that vanishes. */
static const char *needs_moving_path(const fc_job *job) {
  const char *reason = needs_path(job);
  if (reason)
    return reason;
  return stands_still(job) ? "∇v vanishes: judged by sharp.multiplicative"
                           : NULL;
}

static const char *needs_gentle(const fc_job *job) {
  const char *reason = fc_needs_lipschitz_field(job);
  if (reason)
    return reason;
  return fc_flow_is_steep(job) ? "θ̃ is too steep (R > 100 sigma)" : NULL;
}

/* --- where controls are false ------------------------------------------------
 */

static const char *needs_equality(const fc_job *job) {
  const char *reason = needs_aligned(job);
  return reason ? reason : fc_needs_gaussian(job);
}

/* Where the statement is an equality an altered factor must be smaller. */
static const char *unless_larger(const fc_job *job, double altered) {
  const char *reason = needs_equality(job);
  if (reason)
    return reason;
  double factor = fc_stability_integral(job, fc_stability_growth(job), 2);
  return factor > altered * (1 + 0x1p-10) ? NULL
                                          : "the altered factor is no smaller";
}

static const char *false_without_factor(const fc_job *job) {
  return unless_larger(job, 1);
}

static const char *false_with_single(const fc_job *job) {
  return unless_larger(job,
                       fc_stability_integral(job, fc_stability_growth(job), 1));
}

/* (e^{C_3} - 1)/C_3 against what W_2^2 is, int exp(2 int theta) ds times I. */
static const char *false_with_single_lipschitz(const fc_job *job) {
  double C = fc_stability_lipschitz_d(job, FC_FIELD_ALIGNED);
  return unless_larger(job, C > 0x1p-30 ? expm1(C) / C : 1);
}

static const char *needs_standing_still(const fc_job *job) {
  const char *reason = needs_equality(job);
  if (reason)
    return reason;
  return stands_still(job) ? NULL : "∇v does not vanish";
}

static const char *expect_second(const fc_job *job) {
  return stands_still(job) ? "attained" : "holds";
}

/* --- points --------------------------------------------------------------- */

static size_t few_points(const fc_job *job) {
  (void)job;
  return 3;
}

/* Gaussians: along one axis e the two sides of `pathwise` are those of (6.9).
 */
static const char *needs_isotropic(const fc_job *job) {
  const char *reason = needs_path(job);
  if (!reason)
    reason = fc_needs_gaussian(job);
  return reason ? reason : fc_needs_component_ball(job);
}

/* Equalities are decided to all digits. */
static const char *needs_aligned_path(const fc_job *job) {
  const char *reason = needs_path(job);
  if (reason || fc_needs_gaussian(job) || under(job, "linear"))
    return reason;
  return "equal to all digits for Gaussians: judged under linear";
}

static const char *expect_path(const fc_job *job) {
  return needs_isotropic(job) ? "holds" : "attained";
}

static const char *expect_violated(const fc_job *job) {
  (void)job;
  return "violated";
}

#define FIRST_FORMULA                                                          \
  "integral of E|v - v~|^2 along Y times integral of exp(2 * integral of "     \
  "theta)"
#define SECOND_FORMULA                                                         \
  "integral of E|v - v~|^2 along X times (exp(2*C3) - 1)/(2*C3)"
#define SHARP_FORMULA                                                          \
  "integral of E|v - v~|^2 along X times integral of exp(2 * integral of "     \
  "theta~)"
#define FIRST_TEXT                                                             \
  "W₂²(Y₁#μ, ν) ≤ ε ∫₀¹ exp(2∫_s^1 θ_u du) ds, ε = ∫₀¹ E|v − ṽ|²(t, Y_t) dt: "
#define SECOND_TEXT                                                                        \
  "W₂²(Y₁#μ, ν) ≤ (e^{2C₃} − 1)/(2C₃) ∫₀¹ E|v − ṽ|²(t, X_t) dt, " \
  "C₃ ≥ sup|∇ṽ|: "
#define SHARP_TEXT                                                                              \
  "W₂²(Y₁#μ, ν) ≤ ∫₀¹ exp(2∫_s^1 θ̃) ds ∫₀¹ E|v − ṽ|²(t, X_t) dt, " \
  "θ̃ ≥ λ_max(sym ∇ṽ): "
#define FIRST_ASSUMES                                                                \
  "Assumptions 2.1 and 2.2-(i), (iii) or (iv); here ν = N(0,σ²I) ∗ ρ, or κ, " \
  "β > 0"

#define DETAIL(...)                                                            \
  .detail = &(const fc_stability_detail) { __VA_ARGS__ }
#define FIRST(suffix, kind_, text, ...)                                        \
  .name = "i" suffix, .kind = kind_, .source = "Proposition 6.2(i), (6.9)",    \
  .statement = FIRST_TEXT text, .relation = "<=", .formula = FIRST_FORMULA,    \
  .hypotheses = FIRST_ASSUMES, DETAIL(.form = FC_STABILITY_I, __VA_ARGS__)
#define SECOND(suffix, kind_, text, ...)                                       \
  .name = "ii" suffix, .kind = kind_, .source = "Proposition 6.2(ii), (6.10)", \
  .statement = SECOND_TEXT text, .relation = "<=", .formula = SECOND_FORMULA,  \
  .hypotheses = FIRST_ASSUMES, DETAIL(.form = FC_STABILITY_II, __VA_ARGS__)
#define SHARP(suffix, text, ...)                                               \
  .name = "sharp" suffix, .kind = FC_KIND_SHARPER,                             \
  .source = "Proposition 6.2(ii) with a one-sided bound",                      \
  .statement = SHARP_TEXT text, .relation = "<=", .formula = SHARP_FORMULA,    \
  .hypotheses = FIRST_ASSUMES, DETAIL(.form = FC_STABILITY_SHARP, __VA_ARGS__)
#define CONTROL(of, what, says, ...)                                           \
  .name = of ".control." what, .kind = FC_KIND_CONTROL, .control_of = of,      \
  .source = says, .relation = "<=", DETAIL(__VA_ARGS__)
#define STATED FC_KIND_STATEMENT

static const fc_claim claims[] = {
    {FIRST("", STATED, FC_ALIGNED_TEXT, .field = FC_FIELD_ALIGNED,
           .refuses = needs_aligned),
     .expect = fc_expect_attained_gaussian},
    {CONTROL("i", "tightened", "(6.9), tightened by one part in 2^20",
             .form = FC_STABILITY_I, .field = FC_FIELD_ALIGNED,
             .factor = FC_FACTOR_TIGHTER, .refuses = needs_equality),
     .statement = "W₂² ≤ (stated bound)(1 − 2⁻²⁰)",
     .formula = FIRST_FORMULA "*(1 - 1/2^20)"},
    {CONTROL("i", "half", "(6.9) with ε halved", .form = FC_STABILITY_I,
             .field = FC_FIELD_ALIGNED, .factor = FC_FACTOR_HALF,
             .refuses = needs_equality),
     .statement = "W₂² ≤ ½ (stated bound)", .formula = FIRST_FORMULA "/2"},
    {CONTROL("i", "no-factor", "(6.9) with 1 for the factor",
             .form = FC_STABILITY_I, .field = FC_FIELD_ALIGNED,
             .factor = FC_FACTOR_ONE, .refuses = false_without_factor),
     .statement = "W₂² ≤ ε", .formula = "integral of E|v - v~|^2 along Y"},
    {CONTROL("i", "single", "(6.9), the 2 in the exponent dropped",
             .form = FC_STABILITY_I, .field = FC_FIELD_ALIGNED,
             .factor = FC_FACTOR_SINGLE, .refuses = false_with_single),
     .statement = "W₂² ≤ ε ∫₀¹ exp(∫_s^1 θ_u du) ds",
     .formula = "integral of E|v - v~|^2 along Y times integral of "
                "exp(integral of theta)"},
    {FIRST(".additive", STATED, FC_SMOOTH_TEXT, .field = FC_FIELD_SMOOTH,
           .refuses = needs_smooth)},
    {FIRST(".multiplicative", STATED, FC_MULTIPLICATIVE_TEXT,
           .field = FC_FIELD_MULTIPLICATIVE, .refuses = needs_affine)},
    {FIRST(".denoiser-bias", STATED, FC_DENOISER_TEXT,
           .field = FC_FIELD_DENOISER, .refuses = needs_dear_affine)},
    {FIRST(".noise-level", STATED, FC_NOISE_TEXT, .field = FC_FIELD_NOISE,
           .refuses = needs_affine)},
    {FIRST(".euler", STATED, FC_EULER_TEXT, .field = FC_FIELD_EULER,
           .refuses = needs_dear_affine)},
    {FIRST(".rounded", STATED, FC_ROUNDED_TEXT, .field = FC_FIELD_ROUNDED,
           .refuses = no_solution)},

    {SECOND("", STATED, FC_ALIGNED_TEXT, .field = FC_FIELD_ALIGNED,
            .refuses = needs_aligned),
     .expect = expect_second},
    {CONTROL("ii", "tightened", "(6.10), tightened by one part in 2^20",
             .form = FC_STABILITY_II, .field = FC_FIELD_ALIGNED,
             .factor = FC_FACTOR_TIGHTER, .refuses = needs_standing_still),
     .statement = "W₂² ≤ (stated bound)(1 − 2⁻²⁰)",
     .formula = SECOND_FORMULA "*(1 - 1/2^20)"},
    {CONTROL("ii", "no-factor", "(6.10) with 1 for the factor",
             .form = FC_STABILITY_II, .field = FC_FIELD_ALIGNED,
             .factor = FC_FACTOR_ONE, .refuses = false_without_factor),
     .statement = "W₂² ≤ ∫₀¹ E|v − ṽ|²(t, X_t) dt",
     .formula = "integral of E|v - v~|^2 along X"},
    {CONTROL("ii", "single", "(6.10) with C₃ for 2C₃", .form = FC_STABILITY_II,
             .field = FC_FIELD_ALIGNED, .factor = FC_FACTOR_SINGLE,
             .refuses = false_with_single_lipschitz),
     .statement = "W₂² ≤ (e^{C₃} − 1)/C₃ ∫₀¹ E|v − ṽ|²(t, X_t) dt",
     .formula = "integral of E|v - v~|^2 along X times (exp(C3) - 1)/C3"},
    {SECOND(".additive", STATED, FC_SMOOTH_TEXT, .field = FC_FIELD_SMOOTH,
            .refuses = needs_smooth)},
    {SECOND(".multiplicative", STATED, FC_MULTIPLICATIVE_TEXT,
            .field = FC_FIELD_MULTIPLICATIVE, .refuses = needs_affine)},
    {SECOND(".denoiser-bias", STATED, FC_DENOISER_TEXT,
            .field = FC_FIELD_DENOISER, .refuses = needs_dear_affine)},
    {SECOND(".noise-level", STATED, FC_NOISE_TEXT, .field = FC_FIELD_NOISE,
            .refuses = needs_affine)},
    {SECOND(".euler", STATED, FC_EULER_TEXT, .field = FC_FIELD_EULER,
            .refuses = needs_inverse_steps)},
    {SECOND(".rounded", STATED, FC_ROUNDED_TEXT, .field = FC_FIELD_ROUNDED,
            .refuses = no_lipschitz_rounding)},

    {SHARP("", FC_ALIGNED_TEXT, .field = FC_FIELD_ALIGNED,
           .refuses = needs_aligned),
     .expect = fc_expect_attained_gaussian},
    {CONTROL("sharp", "tightened", "`sharp`, tightened by one part in 2^20",
             .form = FC_STABILITY_SHARP, .field = FC_FIELD_ALIGNED,
             .factor = FC_FACTOR_TIGHTER, .refuses = needs_equality),
     .statement = "W₂² ≤ (stated bound)(1 − 2⁻²⁰)",
     .formula = SHARP_FORMULA "*(1 - 1/2^20)"},
    {CONTROL("sharp", "single", "`sharp`, the 2 in the exponent dropped",
             .form = FC_STABILITY_SHARP, .field = FC_FIELD_ALIGNED,
             .factor = FC_FACTOR_SINGLE, .refuses = false_with_single),
     .statement = "W₂² ≤ ∫₀¹ exp(∫_s^1 θ̃) ds ∫₀¹ E|v − ṽ|²(t, X_t) dt",
     .formula = "integral of E|v - v~|^2 along X times integral of "
                "exp(integral of theta~)"},
    {SHARP(".additive", FC_SMOOTH_TEXT, .field = FC_FIELD_SMOOTH,
           .refuses = needs_smooth)},
    {SHARP(".multiplicative", FC_MULTIPLICATIVE_TEXT,
           .field = FC_FIELD_MULTIPLICATIVE, .refuses = needs_affine)},
    {SHARP(".denoiser-bias", FC_DENOISER_TEXT, .field = FC_FIELD_DENOISER,
           .refuses = needs_dear_affine)},
    {SHARP(".noise-level", FC_NOISE_TEXT, .field = FC_FIELD_NOISE,
           .refuses = needs_affine)},
    {SHARP(".euler", FC_EULER_TEXT, .field = FC_FIELD_EULER,
           .refuses = needs_inverse_steps)},

#define PATH(function, ...)                                                    \
  .relation = "<=", .measure = fc_pointwise_measure,                           \
  .detail = &(const fc_pointwise_detail) {                                     \
    .evaluate = function, .times = FC_AT_START, .stated = true,                \
    .limit = few_points, __VA_ARGS__                                           \
  }
#define GROWTH(...)                                                            \
  .measure = fc_pointwise_measure, .detail = &(const fc_pointwise_detail) {    \
    .evaluate = fc_sides_stability_growth, .times = FC_AT_START, .once = true, \
    .stated = true, __VA_ARGS__                                                \
  }
    {.name = "i.pathwise",
     .kind = FC_KIND_SHARPER,
     .source = "Proposition 6.2(i), before its expectation",
     .statement = "|Y₁(x) − X₁(x)|² ≤ ∫₀¹ |v − ṽ|²(t, Y_t(x)) dt "
                  "∫₀¹ exp(2∫_s^1 θ) ds from every x: " FC_SMOOTH_TEXT,
     .formula = "integral of |v - v~|^2 along Y times integral of exp(2 * "
                "integral of theta)",
     .hypotheses = FIRST_ASSUMES,
     PATH(fc_sides_path_first, .variant = FC_FIELD_SMOOTH,
          .refuses = needs_path)},
    {.name = "i.pathwise.aligned",
     .kind = FC_KIND_SHARPER,
     .source = "Proposition 6.2(i), before its expectation",
     .statement = "|Y₁(x) − X₁(x)|² ≤ ∫₀¹ |v − ṽ|²(t, Y_t(x)) dt ∫₀¹ "
                  "exp(2∫_s^1 θ) ds from every x: ṽ − v = c e₁ exp ∫_t^1 θ",
     .formula = "integral of |v - v~|^2 along Y times integral of exp(2 * "
                "integral of theta)",
     .hypotheses = FIRST_ASSUMES,
     .expect = expect_path,
     PATH(fc_sides_path_first, .variant = FC_FIELD_ALIGNED,
          .refuses = needs_aligned_path)},
    {.name = "i.pathwise.aligned.control.half",
     .kind = FC_KIND_CONTROL,
     .control_of = "i.pathwise.aligned",
     .source = "half of it, where it is an equality",
     .statement = "|Y₁(x) − X₁(x)|² ≤ ½ (stated bound)",
     .formula = "integral of |v - v~|^2 along Y times integral of exp(2 * "
                "integral of theta)/2",
     PATH(fc_sides_path_first, .variant = FC_FIELD_ALIGNED + FC_FIELD_COUNT,
          .refuses = needs_isotropic)},
    {.name = "sharp.pathwise",
     .kind = FC_KIND_SHARPER,
     .source = "Proposition 6.2(ii) with a one-sided bound, before its "
               "expectation",
     .statement = "|Y₁(x) − X₁(x)|² ≤ ∫₀¹ |v − ṽ|²(t, X_t(x)) dt "
                  "∫₀¹ exp(2∫_s^1 θ̃) ds from every x: " FC_MULTIPLICATIVE_TEXT,
     .formula = "integral of |v - v~|^2 along X times integral of exp(2 * "
                "integral of theta~)",
     .hypotheses = FIRST_ASSUMES,
     PATH(fc_sides_path_second, .variant = FC_FIELD_MULTIPLICATIVE,
          .refuses = needs_moving_path)},

    {.name = "growth",
     .kind = FC_KIND_IDENTITY,
     .source = "Lemma 5.1 for ∇Y, the factors of `i` and `sharp`",
     .statement = "∫₀¹ θ̃ dt in closed form is its quadrature: for the aligned, "
                  "additive, multiplicative and noise level fields",
     .relation = "=",
     .formula = "integral of theta~",
     .hypotheses = FIRST_ASSUMES,
     GROWTH(.length = fc_length_growth, .refuses = needs_gentle)},
    {.name = "growth.denoiser-bias",
     .kind = FC_KIND_IDENTITY,
     .source = "Lemma 5.1 for ∇Y, the factor of `sharp.denoiser-bias`",
     .statement = "∫₀¹ θ̃ dt is at most its closed upper bound, with ∫aω ≤ "
                  "a²b/2 + (3/2)a²(1 − b)",
     .relation = ">=",
     .formula = "integral of theta~",
     .hypotheses = FIRST_ASSUMES,
     GROWTH(.variant = 1, .refuses = needs_gentle)},

    {.name = "literal",
     .kind = FC_KIND_LITERAL,
     .source = "Proposition 6.2 with case (ii) of Assumption 2.2",
     .statement =
         "under Assumption 2.2, case (ii) among it, v is Lipschitz on [0,1] × "
         "R^d: |∇v| ≤ 2^30, as good a constant as any, at 1−t = 2^(−40)",
     .relation = "<=",
     .formula = "2^30",
     .hypotheses = "ν has a density, κ and bounded support; false: off the "
                   "support ∇v ~ (a′/a) I is unbounded as t → 1 (erratum 8)",
     .expect = expect_violated,
     .measure = fc_measure_case_ii},
};

static fc_status run(const fc_job *job, fc_error *error) {
  fc_status status = fc_stability_run(job, error);
  return status ? status : fc_job_measure(job, error);
}

const fc_check fc_check_velocity_stability = {
    .id = "gif.velocity-stability",
    .title = "Stability in the velocity field",
    .source = "Proposition 6.2",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = run,
};
