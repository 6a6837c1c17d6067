/* Corollaries 4.1 to 4.4: envelopes theta_t >= lambda_max(grad v(t, x)).
 *
 * 4.1(a)  kappa >= 0, kappa D^2 >= 1:   theta is the bound (c) of Prop. 4.1
 * 4.1(b), 4.2  kappa D^2 < 1 (also kappa < 0): (a) on [0, t1), (c) on [t1, 1],
 *         t1 solving u^2 = D^(-2) - kappa; t1 = 0 where u_0^2 >= D^(-2) - kappa
 * 4.3     nu = N(0, sigma^2 I) * rho:  the upper bound (d)
 * 4.4     kappa <= 0, L-log-Lipschitz: (e) on [0, t2), (c) on [t2, 1] for any
 *         t2 in (t0, 1): at each t after t0 the smaller of the two
 * Erratum 3: "(4.5) has a root t1 in (0, 1) because the signal-to-noise ratio
 * ranges over (0, infinity)" fails where u_0 > 0.
 */
#include <math.h>

#include "claims/bound.h"
#include "claims/decision.h"
#include "claims/environment.h"
#include "claims/pointwise.h"
#include "claims/proving.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"

#define KAPPA_BOUND "(kappa*a*da + b*db)/(kappa*a^2 + b^2)"
#define SUPPORT_BOUND "b^2/a^2*(db/b - da/a)*D^2 + da/a"
#define MIXTURE_LINEAR "(a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2)"
#define MIXTURE_BOUND                                                          \
  MIXTURE_LINEAR " + a*b*(a*db - da*b)/(a^2 + sigma^2*b^2)^2*R^2"
#define GAUSS "(a*da + b*db)/(a^2 + b^2)"
#define LIPSCHITZ_BOUND                                                        \
  "((db/b)*a^2 - a*da)*5*L*b*(a^2 + b^2)^(-3/2)*(L + log(sqrt(a^2 + "          \
  "b^2)/b)^(-1/2)) + " GAUSS
#define CONVEX_BOUND "(min(kappa, 0)*a*da + b*db)/(min(kappa, 0)*a^2 + b^2)"
#define LATE "b^2/a^2 - (1/D^2 - kappa)"
#define AFTER_T0 "min(kappa, 0) + b^2/a^2"

/* kappa D^2, or a reason why there is none. */
static const char *curvature_width(double *product, const fc_job *job) {
  double kappa, width;
  if (!fc_job_constant(&kappa, job, FC_KAPPA))
    return "the target has no class constant kappa";
  if (!fc_job_constant(&width, job, FC_D))
    return "the support is unbounded";
  *product = kappa * width * width;
  return NULL;
}

static const char *needs_strong_curvature(const fc_job *job) {
  double product;
  const char *reason = curvature_width(&product, job);
  if (reason)
    return reason;
  return product >= 1 ? NULL : "kappa D^2 < 1";
}

static const char *needs_weak_curvature(const fc_job *job) {
  double product;
  const char *reason = curvature_width(&product, job);
  if (reason)
    return reason;
  return product < 1 ? NULL : "kappa D^2 >= 1";
}

static const char *needs_slope(const fc_job *job) {
  double slope = 0;
  fc_job_constant(&slope, job, FC_L);
  return slope > 0 ? NULL : "L = 0, or none";
}

static const char *needs_mixture_slope(const fc_job *job) {
  const char *reason = needs_slope(job);
  return reason ? reason : fc_needs_several_components(job);
}

/* --- the root t1 of (4.5) --------------------------------------------------
 */

static double start_snr(const fc_job *job) {
  fc_schedule_rough start = fc_schedule_rough_at(job->schedule, 0, false);
  double u = isnan(start.a) ? 0 : start.b / start.a;
  return u * u;
}

/* The root exists just where the ratio starts below it. */
static const char *expect_root(const fc_job *job) {
  double kappa = 0, width = 1;
  fc_job_constant(&kappa, job, FC_KAPPA);
  fc_job_constant(&width, job, FC_D);
  return start_snr(job) > 1 / (width * width) - kappa ? "violated" : "holds";
}

/* left = the first formula, right = the second, at the point's time. */
static fc_status compare_texts(fc_ptr left, fc_ptr right, fc_ptr scale,
                               fc_workspace *w) {
  const fc_pointwise_detail *detail = w->claim->detail;
  fc_ptr sides[] = {left, right};
  (void)scale;
  fc_status status = FC_OK;
  for (int i = 0; i < 2 && status == FC_OK; i++)
    status =
        fc_environment_eval_text(sides[i], w->environment, detail->text[i]);
  return status;
}

/* The tighter of (a) and (c) by the sign of u^2 - (1/D^2 - kappa): left is the
 * envelope's choice, right the smaller of the two where both are bounds. */
static const char *const tighter_texts[] = {
    "max(0, b^2/a^2 - 1/D^2 + kappa)*((" KAPPA_BOUND ") - (" SUPPORT_BOUND "))",
    "0"};
static const char *const tighter_control_texts[] = {
    "max(0, b^2/a^2 - 1/D^2 + kappa)*((" SUPPORT_BOUND ") - (" KAPPA_BOUND "))",
    "0"};
static const char *const root_texts[] = {"b0^2/a0^2", "1/D^2 - kappa"};

static fc_status prove_texts(fc_record *record, const fc_job *job,
                             const fc_claim *claim) {
  const fc_pointwise_detail *detail = claim->detail;
  return fc_prove_texts_claim(record, job, detail->text[0], detail->text[1],
                              "algebra of the two bounds");
}

static fc_status prove_numbers(fc_record *record, const fc_job *job,
                               const fc_claim *claim) {
  const fc_pointwise_detail *detail = claim->detail;
  return fc_prove_number_claim(record, job, detail->text[0], detail->text[1]);
}

#define UPPER(...)                                                             \
  .relation = "<=", .detail = &(const fc_bound_detail) {                       \
    .side = FC_LARGEST, __VA_ARGS__                                            \
  }
#define TEXTS(...)                                                             \
  .measure = fc_pointwise_measure,                                             \
  .relation = "<=", .detail = &(const fc_pointwise_detail) {                   \
    .evaluate = compare_texts, .once = true, __VA_ARGS__                       \
  }
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

static const fc_claim claims[] = {
    {.name = "log-concave",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary 4.1(a), (4.6)",
     .statement = "λ_max(∇v) ≤ θ_t = (κaa′ + bb′)/(κa² + b²) on [0,1]",
     .formula = KAPPA_BOUND,
     .hypotheses = "κ ≥ 0, κD² ≥ 1",
     UPPER(.closed_end = true, .refuses = needs_strong_curvature)},
    {.name = "log-concave.control.no-b-terms",
     .source = "(4.6), the terms with b dropped",
     .statement = "λ_max(∇v) ≤ a′/a",
     .formula = "da/a",
     CONTROL("log-concave"),
     UPPER(.refuses = needs_strong_curvature)},
    {.name = "support",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollaries 4.1(b), 4.2, (4.7), (4.8)",
     .statement = "λ_max(∇v) ≤ θ_t: bωD²/a³ + a′/a on [0,t₁), then (κaa′ + "
                  "bb′)/(κa² + b²) on [t₁,1], t₁ solving b²/a² = D⁻² − κ",
     .formula = SUPPORT_BOUND,
     .hypotheses = "κD² < 1 (also κ < 0), D finite; t₁ = 0 where u₀² ≥ D⁻² − κ",
     UPPER(.closed_end = true, .late_formula = KAPPA_BOUND, .late_where = LATE,
           .refuses = needs_weak_curvature)},
    {.name = "support.control.no-support-term",
     .source = "(4.7), the term with D² dropped",
     .statement = "λ_max(∇v) ≤ a′/a on [0,t₁), the rest as stated",
     .formula = "da/a",
     CONTROL("support"),
     UPPER(.closed_end = true, .late_formula = "da/a", .late_where = LATE,
           .refuses = needs_weak_curvature)},
    {.name = "mixture",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary 4.3, (4.9)",
     .statement = "λ_max(∇v) ≤ θ_t = (aa′ + σ²bb′)/(a² + σ²b²) + ab(ab′ − "
                  "a′b)R²/(a² + σ²b²)²",
     .formula = MIXTURE_BOUND,
     .hypotheses = "ν = N(0,σ²I) ∗ ρ, supp ρ in a ball of radius R",
     .expect = fc_expect_attained_two_components,
     UPPER(.refuses = fc_needs_component_ball)},
    {.name = "mixture.control.tightened",
     .source = "(4.9), tightened by one part in 2^20",
     .statement = "λ_max(∇v) ≤ θ_t(1 ∓ 2⁻²⁰)",
     .formula = FC_TIGHTER_UPPER(MIXTURE_BOUND),
     CONTROL("mixture"),
     UPPER(.refuses = fc_needs_two_components)},
    {.name = "mixture.control.no-radius-term",
     .source = "(4.9), the term with R² dropped",
     .statement = "λ_max(∇v) ≤ (aa′ + σ²bb′)/(a² + σ²b²)",
     .formula = MIXTURE_LINEAR,
     CONTROL("mixture"),
     UPPER(.refuses = fc_needs_several_components)},
    {.name = "log-lipschitz",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary 4.4, (4.10)",
     .statement = "λ_max(∇v) ≤ θ_t: KB + (aa′+bb′)/(a²+b²) on [0,t₂), then "
                  "(κaa′ + bb′)/(κa² + b²) on [t₂,1], for every t₂ in (t₀,1)",
     .formula = LIPSCHITZ_BOUND,
     .hypotheses = "ν κ-semi-log-concave, κ ≤ 0; dν/dγ_d L-log-Lipschitz",
     UPPER(.late_formula = "min(" LIPSCHITZ_BOUND ", " CONVEX_BOUND ")",
           .late_where = AFTER_T0, .refuses = fc_needs_full_support)},
    {.name = "log-lipschitz.control.sign",
     .source = "(4.10), sign of KB flipped",
     .statement = "λ_max(∇v) ≤ −KB + (aa′+bb′)/(a²+b²)",
     .formula =
         "-((db/b)*a^2 - a*da)*5*L*b*(a^2 + b^2)^(-3/2)*(L + log(sqrt(a^2 + "
         "b^2)/b)^(-1/2)) + " GAUSS,
     CONTROL("log-lipschitz"),
     UPPER(.refuses = needs_slope)},
    {.name = "log-lipschitz.control.no-B",
     .source = "(4.10), the term KB dropped",
     .statement = "λ_max(∇v) ≤ (aa′+bb′)/(a²+b²)",
     .formula = GAUSS,
     CONTROL("log-lipschitz"),
     UPPER(.refuses = needs_mixture_slope)},

    {.name = "root.literal",
     .kind = FC_KIND_LITERAL,
     .source = "(4.5), p. 14",
     .statement =
         "where κD² < 1 equation (4.5), b²/a² = D⁻² − κ, has a root t₁ "
         "in (0,1): the ratio starts below D⁻² − κ",
     .formula = "1/D^2 - kappa",
     .hypotheses = "κD² < 1; false where u₀² > D⁻² − κ",
     .expect = expect_root,
     TEXTS(.text = root_texts, .prove = prove_numbers, .times = FC_AT_START,
           .refuses = needs_weak_curvature)},
    {.name = "root.corrected",
     .kind = FC_KIND_SHARPER,
     .source = "corrects (4.5): t₁ = 0 where u₀² ≥ D⁻² − κ",
     .statement =
         "at every t with b²/a² ≥ D⁻² − κ the κ-based bound is at most "
         "the D-based one, whether or not (4.5) has a root",
     .formula = "max(0, b^2/a^2 - 1/D^2 + kappa)*((c) - (a)) <= 0",
     .hypotheses = "κD² < 1",
     TEXTS(.text = tighter_texts, .prove = prove_texts,
           .refuses = needs_weak_curvature)},
    {.name = "root.corrected.control.swapped",
     .source = "the corrected form with the two bounds swapped",
     .statement =
         "at every t with b²/a² ≥ D⁻² − κ the D-based bound is at most "
         "the κ-based one",
     .formula = "max(0, b^2/a^2 - 1/D^2 + kappa)*((a) - (c)) <= 0",
     CONTROL("root.corrected"),
     TEXTS(.text = tighter_control_texts, .prove = prove_texts,
           .refuses = needs_weak_curvature)},
};

static fc_status run(const fc_job *job, fc_error *error) {
  fc_status status = fc_bounds_run(job, error);
  return status ? status : fc_job_measure(job, error);
}

const fc_check fc_check_velocity_envelope = {
    .id = "gif.velocity-envelope",
    .title = "Envelopes of the largest eigenvalue of the velocity Jacobian",
    .source = "Corollaries 4.1–4.4",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .spectral = true,
    .run = run,
};
