/* Lemmas 2.1 and 2.2 applied to the posterior nu_{t,x} ~ exp(-U_post),
 * U_post = U(y) + |x - b y|^2/(2a^2), hess U_post = hess U + u^2 I, u = b/a,
 * U = -log nu:
 *
 *   (2.1)  Var f <= E <grad f, (hess U_post)^-1 grad f>
 *   (2.2)  C <= E (hess U_post)^-1
 *          where hess U_post > 0 everywhere: kappa + u^2 > 0
 *   (2.3)  Var f >= <E grad f, (E hess U_post)^-1 E grad f>
 *   (2.4)  C >= (E hess U_post)^-1
 *          for supp nu = R^d, U in C^2
 *   uniform forms: C <= 1/(kappa + u^2), C >= 1/(beta + u^2)
 *
 * Equality: Gaussians (f linear; every f' along U_post' for (2.3)).  Full
 * support is needed below: uniform and truncated laws have Var smaller than
 * Gaussian of the same curvature, so (2.4) fails for them, which a control
 * shows.
 *
 * The judge on the line is quadrature over y from the definition of the
 * posterior, with f = y, y^2, sin y; where f = y the left side of (2.2), (2.4)
 * is the library's C.
 */
#include <math.h>

#include "claims/bound_witness.h"
#include "claims/decision.h"
#include "claims/proving.h"
#include "gif/hypotheses.h"
#include "gif/line_range.h"
#include "gif/modules.h"
#include "gif/scan.h"
#include "gif/series_probe.h"
#include "gif/variance_sides.h"

#define BRASCAMP_LIEB "df^2/(ddU + b^2/a^2)"
#define BRASCAMP_LIEB_C "1/(ddU + b^2/a^2)"
#define CRAMER_RAO "Edf^2/(EddU + b^2/a^2)"
#define CRAMER_RAO_C "1/(EddU + b^2/a^2)"
#define UPPER "1/(kappa + b^2/a^2)"
#define LOWER "1/(beta + b^2/a^2)"

/* --- hypotheses ----------------------------------------------------------- */

static const char *no_kappa(const fc_job *job) {
  return fc_job_constant(NULL, job, FC_KAPPA)
             ? NULL
             : "the target has no class constant kappa";
}

static const char *no_beta(const fc_job *job) {
  return fc_job_constant(NULL, job, FC_BETA)
             ? NULL
             : "supp nu is not R^d, or U is not C^2 with bounded Hessian";
}

/* In binary64 the points end at 1 - t = 1/16: kappa + u^2 > 0 from there on? */
static const char *out_of_reach(const fc_job *job) {
  double kappa = 0;
  if (job->tier != FC_TIER_DOUBLE || !fc_job_constant(&kappa, job, FC_KAPPA))
    return NULL;
  fc_schedule_rough at = fc_schedule_rough_at(job->schedule, 0.0625, true);
  double u = isnan(at.a) ? 0 : at.b / at.a;
  return kappa + u * u > 0 ? NULL
                           : "binary64 cannot come close enough to t = 1, "
                             "where kappa + b^2/a^2 > 0";
}

/* Var f by quadrature: on the line. */
static const char *no_brascamp_lieb(const fc_job *job) {
  const char *reason = fc_needs_line(job);
  if (!reason)
    reason = fc_needs_density(job);
  if (!reason)
    reason = no_kappa(job);
  return reason ? reason : out_of_reach(job);
}

static const char *no_cramer_rao(const fc_job *job) {
  const char *reason = fc_needs_line(job);
  if (!reason)
    reason = fc_needs_density(job);
  if (!reason)
    reason = no_beta(job);
  if (reason)
    return reason;
  return fc_line_is_smooth(job->instance->target) ? NULL : "U is not C^2";
}

/* C: Gaussians in any dimension, too. */
static const char *no_upper_covariance(const fc_job *job) {
  return fc_needs_gaussian(job) ? no_brascamp_lieb(job) : NULL;
}

static const char *no_lower_covariance(const fc_job *job) {
  return fc_needs_gaussian(job) ? no_cramer_rao(job) : NULL;
}

/* One piece of a normal or uniform law, cut off: kappa without beta. */
static const char *no_cut(const fc_job *job) {
  const char *reason = no_brascamp_lieb(job);
  if (reason)
    return reason;
  return fc_target_has_full_support(job->instance->target)
             ? "the support is the whole line"
             : NULL;
}

/* --- proofs ----------------------------------------------------------------
 */

/* The uniform bounds are bounds on C like those of Proposition 4.1, made where
 * they are positive. */
static fc_status prove_uniform(fc_record *record, const fc_job *job,
                               const fc_claim *claim) {
  const fc_bound_detail detail = {
      .side = fc_relation_of(claim) == FC_AT_MOST ? FC_LARGEST : FC_SMALLEST,
      .where = claim->formula};
  fc_status status =
      fc_bound_certify_witness(job, claim, &detail, true, record);
  return status ? status
                : fc_prove_covariance_claim(record, job, claim, claim->formula);
}

/* Where the proofs of both lemmas (lib/proof/README.md) hold without further
 * ado: exp(-U) smooth on all of R^d, or N(m, s^2) or a uniform law cut off. */
static bool is_elementary(const fc_target *target) {
  fc_line_term term;
  if (fc_target_is_smooth(target))
    return true;
  if (fc_target_term_count(target) != 1 || !fc_target_has_density(target))
    return false;
  fc_target_term_get(&term, target, 0);
  return term.lower || term.upper;
}

#define POSTERIOR_DOMAIN                                                       \
  "every schedule; all x in R^d; all u = b/a > 0 with kappa + u^2 > 0"

/* s = U'' + u^2 > 0 is the curvature of the posterior. */
static fc_status prove_inside(fc_record *record, const fc_job *job,
                              const fc_claim *claim) {
  static const fc_assumed_name names[] = {
      {"df", NULL, false}, {"s", NULL, true}, {"ddU", "s - b^2/a^2", false}};
  bool covariance = ((const fc_pointwise_detail *)claim->detail)->evaluate ==
                    fc_sides_variance_covariance;
  if (!is_elementary(job->instance->target))
    return FC_OK;
  const fc_reference lemma = {
      .formula = covariance ? BRASCAMP_LIEB_C : BRASCAMP_LIEB,
      .names = names,
      .name_count = sizeof names / sizeof *names,
      .of_function = !covariance,
      .where = "kappa*a^2 + b^2",
      .domain = POSTERIOR_DOMAIN,
      .argument = "brascamp-lieb by parts and cauchy-schwarz"};
  return fc_prove_by_reference(record, job, claim, &lemma);
}

/* s = E U'' + u^2 = E (U' + u^2 y - ...)^2 > 0. */
static fc_status prove_outside(fc_record *record, const fc_job *job,
                               const fc_claim *claim) {
  static const fc_assumed_name names[] = {
      {"Edf", NULL, false}, {"s", NULL, true}, {"EddU", "s - b^2/a^2", false}};
  bool covariance = ((const fc_pointwise_detail *)claim->detail)->evaluate ==
                    fc_sides_variance_covariance;
  if (!fc_target_is_smooth(job->instance->target))
    return FC_OK;
  const fc_reference lemma = {
      .formula = covariance ? CRAMER_RAO_C : CRAMER_RAO,
      .names = names,
      .name_count = sizeof names / sizeof *names,
      .of_function = !covariance,
      .domain = "every schedule; all x in R^d; all u = b/a > 0",
      .argument = "cramer-rao by parts and cauchy-schwarz"};
  return fc_prove_by_reference(record, job, claim, &lemma);
}

#define DEAR(relation_text, function, count, ...)                              \
  .measure = fc_scan_measure, .relation = relation_text,                       \
  .detail = &(const fc_pointwise_detail) {                                     \
    .evaluate = function, .length = count, __VA_ARGS__                         \
  }
#define VAR_AT_MOST(...)                                                       \
  DEAR("<=", fc_sides_variance, fc_length_variance, __VA_ARGS__)
#define VAR_AT_LEAST(...)                                                      \
  DEAR(">=", fc_sides_variance, fc_length_variance, __VA_ARGS__)
#define C_AT_MOST(...)                                                         \
  DEAR("<=", fc_sides_variance_covariance, fc_length_directions, __VA_ARGS__)
#define C_AT_LEAST(...)                                                        \
  DEAR(">=", fc_sides_variance_covariance, fc_length_directions, __VA_ARGS__)
#define UNIFORM(relation_text, refusal)                                        \
  .measure = fc_pointwise_measure, .relation = relation_text,                  \
  .detail = &(const fc_pointwise_detail) {                                     \
    .evaluate = fc_sides_uniform, .refuses = refusal, .prove = prove_uniform   \
  }
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

/* Controls whose error shows anywhere are looked at in one x a time; b^2/a^2
 * doubled is not an error where x is the image of an end of the support. */
static const fc_claim claims[] = {
    {.name = "brascamp-lieb",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 2.1, (2.1)",
     .statement = "Var f ≤ E[f′²/(U″ + b²/a²)] under the posterior, for f = y, "
                  "y², sin y",
     .formula = BRASCAMP_LIEB,
     .hypotheses = "κ + b²/a² > 0; d = 1",
     .expect = fc_expect_attained_gaussian,
     VAR_AT_MOST(.variant = FC_VARIANCE_INSIDE, .prove = prove_inside,
                 .refuses = no_brascamp_lieb)},
    {.name = "brascamp-lieb.control.reversed",
     .source = "(2.1) the other way round",
     .statement = "Var f ≥ E[f′²/(U″ + b²/a²)]",
     .formula = BRASCAMP_LIEB,
     CONTROL("brascamp-lieb"),
     VAR_AT_LEAST(.variant = FC_VARIANCE_INSIDE, .once = true,
                  .refuses = no_brascamp_lieb)},
    {.name = "brascamp-lieb.control.doubled",
     .source = "(2.1), b²/a² doubled",
     .statement = "Var f ≤ E[f′²/(U″ + 2b²/a²)]",
     .formula = "df^2/(ddU + 2*b^2/a^2)",
     CONTROL("brascamp-lieb"),
     VAR_AT_MOST(.variant = FC_VARIANCE_INSIDE, .prove = prove_inside,
                 .refuses = no_brascamp_lieb)},
    {.name = "brascamp-lieb.covariance",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 2.1, (2.2)",
     .statement = "Cov(X₁|X_t=x) ≼ E[(∇²U + (b²/a²)I)⁻¹ | X_t=x]",
     .formula = BRASCAMP_LIEB_C,
     .hypotheses = "κ + b²/a² > 0; d = 1, or ν Gaussian",
     .expect = fc_expect_attained_gaussian,
     C_AT_MOST(.variant = FC_VARIANCE_INSIDE, .prove = prove_inside,
               .refuses = no_upper_covariance)},
    {.name = "brascamp-lieb.covariance.control.doubled",
     .source = "(2.2), b²/a² doubled",
     .statement = "Cov(X₁|X_t=x) ≼ E[(∇²U + 2(b²/a²)I)⁻¹ | X_t=x]",
     .formula = "1/(ddU + 2*b^2/a^2)",
     CONTROL("brascamp-lieb.covariance"),
     C_AT_MOST(.variant = FC_VARIANCE_INSIDE, .prove = prove_inside,
               .refuses = no_upper_covariance)},

    {.name = "cramer-rao",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 2.2, (2.3)",
     .statement = "Var f ≥ (E f′)²/E[U″ + b²/a²] under the posterior, for f = "
                  "y, y², sin y",
     .formula = CRAMER_RAO,
     .hypotheses = "supp ν = R, U in C²; d = 1",
     .expect = fc_expect_attained_gaussian,
     VAR_AT_LEAST(.variant = FC_VARIANCE_OUTSIDE, .prove = prove_outside,
                  .refuses = no_cramer_rao)},
    {.name = "cramer-rao.control.reversed",
     .source = "(2.3) the other way round",
     .statement = "Var f ≤ (E f′)²/E[U″ + b²/a²]",
     .formula = CRAMER_RAO,
     CONTROL("cramer-rao"),
     VAR_AT_MOST(.variant = FC_VARIANCE_OUTSIDE, .once = true,
                 .refuses = no_cramer_rao)},
    {.name = "cramer-rao.control.halved",
     .source = "(2.3), b²/a² halved",
     .statement = "Var f ≥ (E f′)²/E[U″ + b²/(2a²)]",
     .formula = "Edf^2/(EddU + b^2/(2*a^2))",
     CONTROL("cramer-rao"),
     VAR_AT_LEAST(.variant = FC_VARIANCE_OUTSIDE, .prove = prove_outside,
                  .once = true, .refuses = no_cramer_rao)},
    {.name = "cramer-rao.covariance",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 2.2, (2.4)",
     .statement = "Cov(X₁|X_t=x) ≽ E[∇²U + (b²/a²)I | X_t=x]⁻¹",
     .formula = CRAMER_RAO_C,
     .hypotheses = "supp ν = R^d, U in C²; d = 1, or ν Gaussian",
     .expect = fc_expect_attained_gaussian,
     C_AT_LEAST(.variant = FC_VARIANCE_OUTSIDE, .prove = prove_outside,
                .refuses = no_lower_covariance)},
    {.name = "cramer-rao.covariance.control.halved",
     .source = "(2.4), b²/a² halved",
     .statement = "Cov(X₁|X_t=x) ≽ E[∇²U + (b²/(2a²))I | X_t=x]⁻¹",
     .formula = "1/(EddU + b^2/(2*a^2))",
     CONTROL("cramer-rao.covariance"),
     C_AT_LEAST(.variant = FC_VARIANCE_OUTSIDE, .prove = prove_outside,
                .once = true, .refuses = no_lower_covariance)},
    {.name = "cramer-rao.control.bounded-support",
     .source = "(2.4) without its hypothesis supp ν = R^d",
     .statement = "Var(X₁|X_t=x) ≥ 1/E[U″ + b²/a² | X_t=x] for a uniform or "
                  "truncated normal law",
     .formula = CRAMER_RAO_C,
     CONTROL("cramer-rao.covariance"),
     C_AT_LEAST(.variant = FC_VARIANCE_OUTSIDE, .prove = prove_outside,
                .once = true, .refuses = no_cut)},

    {.name = "uniform.upper",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 2.1 with ∇²U ≽ κI",
     .statement = "Cov(X₁|X_t=x) ≼ 1/(κ + b²/a²)",
     .formula = UPPER,
     .hypotheses = "ν κ-semi-log-concave, κ + b²/a² > 0",
     .expect = fc_expect_attained_gaussian,
     UNIFORM("<=", no_kappa)},
    {.name = "uniform.upper.control.doubled",
     .source = "the uniform upper form, b²/a² doubled",
     .statement = "Cov(X₁|X_t=x) ≼ 1/(κ + 2b²/a²)",
     .formula = "1/(kappa + 2*b^2/a^2)",
     CONTROL("uniform.upper"),
     UNIFORM("<=", no_kappa)},
    {.name = "uniform.lower",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 2.2 with ∇²U ≼ βI",
     .statement = "Cov(X₁|X_t=x) ≽ 1/(β + b²/a²)",
     .formula = LOWER,
     .hypotheses = "ν β-semi-log-convex, supp ν = R^d",
     .expect = fc_expect_attained_gaussian,
     UNIFORM(">=", no_beta)},
    {.name = "uniform.lower.control.halved",
     .source = "the uniform lower form, b²/a² halved",
     .statement = "Cov(X₁|X_t=x) ≽ 1/(β + b²/(2a²))",
     .formula = "1/(beta + b^2/(2*a^2))",
     CONTROL("uniform.lower"),
     UNIFORM(">=", no_beta)},
};

const fc_check fc_check_variance = {
    .id = "gif.variance",
    .title = "Brascamp-Lieb and Cramer-Rao inequalities for the posterior",
    .source = "Lemmas 2.1, 2.2",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_job_measure,
};
