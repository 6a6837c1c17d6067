/* (3.5)-(3.9), A.3, A.6, Lemma G.1 and Remark 3.6: the velocity field.
 *
 *   (3.5)  v(t, x) = E[a' Z + b' X_1 | X_t = x]
 *   (3.7)  v = (a'/a) x + (b' - a'b/a) M,   M = E[X_1 | X_t = x]
 *   (3.8), Lemma G.1  s = (b M - x)/a^2
 *   (3.9)  v = (b'/b) x + ((b'/b) a^2 - a' a) s
 *   A.3    v(0, x) = (a'_0/a_0) x + (b'_0 - a'_0 b_0/a_0) E[X_1 | X_0 = x]
 *   A.6    v(1, x) = (b'_1/b_1) x - (a' a)_1 s(1, x)
 *   Remark 3.6  a_0 = 1, b_0 = 0, finite end derivatives:
 *               v(0, x) = a'_0 x + b'_0 E X_1,  v(1, x) = b'_1 x
 *
 * Hypotheses: a second moment; A.6: p_1 = the density of nu is positive and
 * continuously differentiable about x; Remark 3.6: that for every x.
 * How each side is computed: velocity_sides.h, velocity_integrals.h.
 * Errata 4 and 5: velocity_limits.h.
 */
#include <math.h>

#include "gif/hypotheses.h"
#include "gif/modules.h"
#include "gif/velocity_integrals.h"
#include "gif/velocity_limits.h"
#include "gif/velocity_sides.h"

#define MOMENTS "da/a*x + (db - da*b/a)*M"
#define TWEEDIE "(b*M - x)/a^2"
#define SCORE_FORM "db/b*x + (db/b*a^2 - a*da)*s"
#define END "db/b*x - a*da*s"

/* --- where the statements and controls apply --------------------------------
 */

static fc_schedule_rough ends(const fc_job *job, bool end) {
  return fc_schedule_rough_at(job->schedule, 0, end);
}

static const char *no_start(const fc_job *job) {
  fc_schedule_rough e = ends(job, false);
  return isfinite(e.da) && isfinite(e.db) ? fc_needs_closed_moments(job)
                                          : "a′ or b′ is infinite at t = 0";
}

static const char *no_slope_at_start(const fc_job *job) {
  const char *reason = no_start(job);
  if (reason)
    return reason;
  return fabs(ends(job, false).da) > 0x1p-30 ? NULL : "a′ = 0 at t = 0";
}

static const char *no_gaussian_start(const fc_job *job) {
  fc_schedule_rough e = ends(job, false);
  if (e.a != 1 || e.b != 0)
    return "a₀ = 1, b₀ = 0 does not hold";
  return no_start(job);
}

static const char *no_end(const fc_job *job) {
  const char *reason = fc_needs_density(job);
  return reason ? reason : fc_needs_closed_moments(job);
}

static const char *no_gaussian_end(const fc_job *job) {
  const char *reason = no_gaussian_start(job);
  if (!reason)
    reason = no_end(job);
  if (!reason)
    reason = fc_needs_full_support(job);
  if (!reason && !isfinite(ends(job, true).da))
    reason = "a′ is infinite at t = 1";
  return reason;
}

static const char *no_speed_at_end(const fc_job *job) {
  const char *reason = no_end(job);
  if (reason)
    return reason;
  return fabs(ends(job, true).db) > 0x1p-30 ? NULL : "b′ = 0 at t = 1";
}

static const char *no_score_at_end(const fc_job *job) {
  const char *reason = no_end(job);
  if (!reason)
    reason = fc_needs_full_support(job);
  if (reason)
    return reason;
  return fabs(ends(job, true).ada) > 0x1p-30 ? NULL : "a a′ = 0 at t = 1";
}

/* --- the claims
 * ---------------------------------------------------------------- */

#define SIDES(function, ...)                                                   \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = function, .length = fc_length_vector, __VA_ARGS__              \
  }
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

static const fc_claim claims[] = {
    {.name = "definition",
     .kind = FC_KIND_STATEMENT,
     .source = "(3.5)",
     .statement = "v = E[a′Z + b′X₁|X_t=x], Z = (x − bX₁)/a",
     .formula = "da*Z + db*M",
     .hypotheses = "d = 1, ν has a density; judged by quadrature over the "
                   "posterior at t = 1/2",
     SIDES(fc_sides_definition, .refuses = fc_needs_line_density)},
    {.name = "definition.control.sign",
     .source = "(3.5), sign of a′ flipped",
     .statement = "v = E[−a′Z + b′X₁|X_t=x]",
     .formula = "-da*Z + db*M",
     CONTROL("definition"),
     SIDES(fc_sides_definition, .refuses = fc_needs_line_component_ball)},

    {.name = "moments",
     .kind = FC_KIND_STATEMENT,
     .source = "(3.7)",
     .statement = "E[a′Z + b′X₁|X_t=x] = (a′/a)x + (b′ − a′b/a)E[X₁|X_t=x]",
     .formula = MOMENTS,
     .hypotheses = "t in (0,1)",
     SIDES(fc_sides_moments, .refuses = NULL)},
    {.name = "moments.control.sign",
     .source = "(3.7), sign of a′b/a flipped",
     .statement = "v = (a′/a)x + (b′ + a′b/a)M",
     .formula = "da/a*x + (db + da*b/a)*M",
     CONTROL("moments"),
     SIDES(fc_sides_moments, .refuses = NULL)},
    {.name = "moments.control.no-mean",
     .source = "(3.7), the term with M dropped",
     .statement = "v = (a′/a)x",
     .formula = "da/a*x",
     CONTROL("moments"),
     SIDES(fc_sides_moments, .refuses = NULL)},

    {.name = "tweedie",
     .kind = FC_KIND_STATEMENT,
     .source = "(3.8), Lemma G.1",
     .statement = "∇log p_t(x) = (b E[X₁|X_t=x] − x)/a²",
     .formula = TWEEDIE,
     .hypotheses = "t in (0,1)",
     SIDES(fc_sides_tweedie, .refuses = NULL)},
    {.name = "tweedie.control.sign",
     .source = "(3.8), sign flipped",
     .statement = "∇log p_t(x) = (x − bM)/a²",
     .formula = "(x - b*M)/a^2",
     CONTROL("tweedie"),
     SIDES(fc_sides_tweedie, .refuses = NULL)},
    {.name = "tweedie.control.power",
     .source = "(3.8), a in place of a²",
     .statement = "∇log p_t(x) = (bM − x)/a",
     .formula = "(b*M - x)/a",
     CONTROL("tweedie"),
     SIDES(fc_sides_tweedie, .refuses = NULL)},

    {.name = "score-form",
     .kind = FC_KIND_STATEMENT,
     .source = "(3.9)",
     .statement = "v = (b′/b)x + ((b′/b)a² − a′a)s, s = ∇log p_t",
     .formula = SCORE_FORM,
     .hypotheses = "t in (0,1)",
     SIDES(fc_sides_score_form, .refuses = NULL)},
    {.name = "score-form.control.sign",
     .source = "(3.9), sign of a′a flipped",
     .statement = "v = (b′/b)x + ((b′/b)a² + a′a)s",
     .formula = "db/b*x + (db/b*a^2 + a*da)*s",
     CONTROL("score-form"),
     SIDES(fc_sides_score_form, .refuses = NULL)},
    {.name = "score-form.control.no-slope",
     .source = "(3.9), the term a′a dropped",
     .statement = "v = (b′/b)x + (b′/b)a²s",
     .formula = "db/b*x + db/b*a^2*s",
     CONTROL("score-form"),
     SIDES(fc_sides_score_form, .refuses = NULL)},

    {.name = "field",
     .kind = FC_KIND_IDENTITY,
     .source = "(3.7)",
     .statement = "the velocity field that every other check uses is "
                  "(a′/a)x + (b′ − a′b/a)M with M = (x + a²∇log p_t)/b",
     .formula = MOMENTS,
     .hypotheses = "t in (0,1)",
     SIDES(fc_sides_field, .refuses = NULL)},
    {.name = "field.control.sign",
     .source = "(3.7), sign of a′b/a flipped",
     .statement = "v = (a′/a)x + (b′ + a′b/a)M",
     .formula = "da/a*x + (db + da*b/a)*M",
     CONTROL("field"),
     SIDES(fc_sides_field, .refuses = NULL)},

    {.name = "start",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma A.3",
     .statement = "v(t,x) → (a′₀/a₀)x + (b′₀ − a′₀b₀/a₀)E[X₁|X₀=x] as t → 0",
     .formula = MOMENTS,
     .hypotheses = "a′ and b′ finite at t = 0",
     SIDES(fc_sides_start, .times = FC_AT_START, .refuses = no_start)},
    {.name = "start.control.sign",
     .source = "Lemma A.3, sign of the first term flipped",
     .statement = "v(0,x) = −(a′₀/a₀)x + (b′₀ − a′₀b₀/a₀)E[X₁|X₀=x]",
     .formula = "-da/a*x + (db - da*b/a)*M",
     CONTROL("start"),
     SIDES(fc_sides_start, .times = FC_AT_START, .refuses = no_slope_at_start)},
    {.name = "start.control.shifted",
     .source = "Lemma A.3, x/8 added",
     .statement = "v(0,x) = (a′₀/a₀ + 1/8)x + (b′₀ − a′₀b₀/a₀)E[X₁|X₀=x]",
     .formula = "(da/a + 1/8)*x + (db - da*b/a)*M",
     CONTROL("start"),
     SIDES(fc_sides_start, .times = FC_AT_START, .refuses = no_start)},

    {.name = "end",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma A.6",
     .statement = "v(t,x) → (b′₁/b₁)x − (a′a)₁ ∇log p₁(x) as t → 1",
     .formula = END,
     .hypotheses = "the density of ν is positive and continuously "
                   "differentiable about x",
     SIDES(fc_sides_end, .times = FC_AT_END, .refuses = no_end)},
    {.name = "end.control.shifted",
     .source = "Lemma A.6, x/8 added",
     .statement = "v(1,x) = (b′₁/b₁ + 1/8)x − (a′a)₁ s(1,x)",
     .formula = "(db/b + 1/8)*x - a*da*s",
     CONTROL("end"),
     SIDES(fc_sides_end, .times = FC_AT_END, .refuses = no_end)},
    {.name = "end.control.sign",
     .source = "Lemma A.6, sign of the first term flipped",
     .statement = "v(1,x) = −(b′₁/b₁)x − (a′a)₁ s(1,x)",
     .formula = "-db/b*x - a*da*s",
     CONTROL("end"),
     SIDES(fc_sides_end, .times = FC_AT_END, .refuses = no_speed_at_end)},
    {.name = "end.control.sign-score",
     .source = "Lemma A.6, sign of the second term flipped",
     .statement = "v(1,x) = (b′₁/b₁)x + (a′a)₁ s(1,x)",
     .formula = "db/b*x + a*da*s",
     CONTROL("end"),
     SIDES(fc_sides_end, .times = FC_AT_END, .refuses = no_score_at_end)},

    {.name = "remark-3.6.start",
     .kind = FC_KIND_STATEMENT,
     .source = "Remark 3.6",
     .statement = "v(0,x) = a′₀x + b′₀E X₁",
     .formula = "da*x + db*M",
     .hypotheses = "a₀ = 1, b₀ = 0, finite derivatives at t = 0",
     SIDES(fc_sides_start, .times = FC_AT_START, .refuses = no_gaussian_start)},
    {.name = "remark-3.6.start.control.shifted",
     .source = "Remark 3.6, x/8 added",
     .statement = "v(0,x) = (a′₀ + 1/8)x + b′₀E X₁",
     .formula = "(da + 1/8)*x + db*M",
     CONTROL("remark-3.6.start"),
     SIDES(fc_sides_start, .times = FC_AT_START, .refuses = no_gaussian_start)},
    {.name = "remark-3.6.end",
     .kind = FC_KIND_STATEMENT,
     .source = "Remark 3.6",
     .statement = "v(1,x) = b′₁x",
     .formula = "db*x",
     .hypotheses = "a₀ = 1, b₀ = 0, finite derivatives at t = 0 and t = 1, a "
                   "positive continuously differentiable density",
     SIDES(fc_sides_end, .times = FC_AT_END, .refuses = no_gaussian_end)},
    {.name = "remark-3.6.end.control.shifted",
     .source = "Remark 3.6, x/8 added",
     .statement = "v(1,x) = (b′₁ + 1/8)x",
     .formula = "(db + 1/8)*x",
     CONTROL("remark-3.6.end"),
     SIDES(fc_sides_end, .times = FC_AT_END, .refuses = no_gaussian_end)},

    {.name = "end-limit.literal",
     .kind = FC_KIND_LITERAL,
     .source = "(3.6), Remark 3.6",
     .statement = "v(t,x) has a limit as t → 1 for every x: with r = 1−t it "
                  "stays below r^(−1/4)",
     .relation = "<=",
     .formula = "r^(-1/4)",
     .hypotheses = "false outside supp ν",
     .expect = fc_expect_end_limit,
     .measure = fc_measure_end_limit},
    {.name = "end-limit.corrected",
     .kind = FC_KIND_SHARPER,
     .source = "corrects (3.6), Remark 3.6",
     .statement = "v(t,x) stays bounded as t → 1 where the density of ν is "
                  "positive and continuously differentiable about x",
     .relation = "<=",
     .formula = "r^(-1/4)",
     .hypotheses = "ν has such a density at x",
     .measure = fc_measure_end_limit,
     .detail = END},
    {.name = "end-limit.corrected.control.vanishes",
     .source = "the corrected form, with the limit 0",
     .statement = "v(t,x) → 0 as t → 1: it falls below r^(1/4)",
     .relation = "<=",
     .formula = "r^(1/4)",
     CONTROL("end-limit.corrected"),
     .measure = fc_measure_end_limit,
     .detail = END},

    {.name = "end-sign.literal",
     .kind = FC_KIND_LITERAL,
     .source = "Appendix D",
     .statement = "v(1,0) = (a′a)₁ ∇log p₁(0)",
     .relation = "=",
     .formula = "a*da*s",
     .hypotheses = "a smooth density about 0; false unless (a′a)₁ or the "
                   "score vanishes",
     .expect = fc_expect_end_sign,
     .measure = fc_measure_end_sign},
    {.name = "end-sign.corrected",
     .kind = FC_KIND_SHARPER,
     .source = "corrects Appendix D by Lemma A.6",
     .statement = "v(1,0) = −(a′a)₁ ∇log p₁(0)",
     .relation = "=",
     .formula = "-a*da*s",
     .hypotheses = "a smooth density about 0",
     .measure = fc_measure_end_sign},
    {.name = "end-sign.corrected.control.factor",
     .source = "the corrected form, twice as large",
     .statement = "v(1,0) = −2(a′a)₁ ∇log p₁(0)",
     .relation = "=",
     .formula = "-2*a*da*s",
     CONTROL("end-sign.corrected"),
     .measure = fc_measure_end_sign},
};

static fc_status run(const fc_job *job, fc_error *error) {
  fc_status status = fc_pointwise_run(job, error);
  return status ? status : fc_job_measure(job, error);
}

const fc_check fc_check_velocity = {
    .id = "gif.velocity",
    .title = "The velocity field as a conditional expectation",
    .source = "(3.5)-(3.9), Lemma G.1, Remark 3.6",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = run,
};
