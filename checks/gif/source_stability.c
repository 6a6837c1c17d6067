/* Proposition 6.1: if the source mu = Law(a_0 Z + b_0 X_1) is replaced by
 * N(0, a_0^2 I), then with C_1 = sup|grad X_1|, C_2 = sup|grad v|
 *
 *   W_2(X_1#N(0, a_0^2 I), nu) <= C_1 b_0 sqrt(E|X_1|^2) exp(C_2 d).     (6.3)
 *
 * The factor exp(C_2 d) is superfluous (erratum 7): a_0 Z + b_0 X_1 and a_0 Z
 * are b_0 X_1 apart, and X_1 stretches by C_1 at most (`sharp`).  Any other
 * coupling of the sources does as well, the best one included (`coupling`):
 *   W_2(X_1#N(0, a_0^2 I), nu) <= C_1 W_2(N(0, a_0^2 I), mu),
 * an equality for isotropic Gaussians, where X_1 is a translation and a
 * homothety; and back, with |grad X_1^-1| <= (beta a_0^2 + b_0^2)^(1/2)
 * (Proposition 5.1(ii)), W_2(N(0, a_0^2 I), mu) over that is at most the left
 * side, so that half of it is false.
 *
 * C_1 and C_2 of Gaussians are known, C_1 exactly; elsewhere lower estimates
 * enter the bound, which makes it smaller: where it holds so, it holds.  W_2 is
 * a number for Gaussians, on the line, for collinear means and for products
 * (source_sides.h), and the cost of a coupling of samples elsewhere, an upper
 * bound (source_sample.h).  So verdicts prove here; they would refute only for
 * Gaussians.  b_0 = 0: both sides are 0.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims/decision.h"
#include "claims/environment.h"
#include "gif/finite_velocity.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"
#include "gif/source_sample.h"
#include "gif/source_sides.h"

/* --- hypotheses ------------------------------------------------------------
 */

static double noise_at_start(const fc_job *job) {
  return fc_schedule_rough_at(job->schedule, 0, false).a;
}

static double signal_at_start(const fc_job *job) {
  return fc_schedule_rough_at(job->schedule, 0, false).b;
}

static bool is_numeric(const fc_job *job) {
  return !fc_source_refuses(job->instance->target);
}

static const char *needs_distance(const fc_job *job) {
  const char *reason = fc_needs_finite_case(job);
  if (reason || signal_at_start(job) == 0 || is_numeric(job))
    return reason;
  return fc_source_sample_refuses(job->instance->target);
}

static const char *needs_number(const fc_job *job) {
  const char *reason = fc_needs_finite_case(job);
  if (reason || signal_at_start(job) == 0)
    return reason;
  return fc_source_refuses(job->instance->target);
}

static bool is_isotropic_gaussian(const fc_job *job) {
  return !fc_needs_gaussian(job) && !fc_needs_component_ball(job) &&
         fc_target_factor_count(job->instance->target) == 0;
}

/* N(m, s^2 I) in closed form: what the left side is to C_1, and what a false
 * bound would have to be below. */
typedef struct plain {
  double a0, b0, s, mean2, second, left, rate, d;
} plain;

static bool read_plain(plain *p, const fc_job *job) {
  fc_source_sides sides[1];
  fc_ctx ctx[1];
  if (!is_isotropic_gaussian(job) || needs_number(job))
    return false;
  fc_ctx_init_double(ctx);
  fc_source_sides_init(sides, ctx);
  bool known = !fc_source_measure_common(sides, job);
  p->second = fc_get_d(sides->second, ctx);
  p->rate = fc_get_d(sides->rate, ctx);
  fc_source_sides_clear(sides);
  p->a0 = noise_at_start(job);
  p->b0 = signal_at_start(job);
  p->d = (double)fc_target_dimension(job->instance->target);
  fc_target_constant_d(&p->s, job->instance->target, FC_SIGMA);
  p->mean2 = fmax(0, p->second - p->d * p->s * p->s);
  double v = sqrt(p->a0 * p->a0 + p->b0 * p->b0 * p->s * p->s);
  p->left = sqrt(p->b0 * p->b0 * p->mean2 + p->d * pow(v - p->a0, 2));
  return known;
}

#define TRUE_HERE                                                              \
  "for an isotropic Gaussian both sides are known, and this one is true"
#define NOT_PLAIN "only for an isotropic Gaussian is it known to be false"

static const char *refuses_unless(const fc_job *job,
                                  double part(const plain *)) {
  plain p;
  if (!read_plain(&p, job) || p.b0 == 0)
    return NOT_PLAIN;
  return p.left > 1.001 * part(&p) ? NULL : TRUE_HERE;
}

static double inverted_part(const plain *p) {
  return p->b0 * sqrt(p->second) * exp(-p->rate * p->d);
}

static double squared_part(const plain *p) {
  return p->b0 * p->b0 * sqrt(p->second);
}

static double centred_part(const plain *p) {
  return p->b0 * sqrt(p->second - p->mean2);
}

static const char *control_inverted(const fc_job *job) {
  return refuses_unless(job, inverted_part);
}

static const char *control_squared(const fc_job *job) {
  return refuses_unless(job, squared_part);
}

static const char *control_centred(const fc_job *job) {
  return refuses_unless(job, centred_part);
}

static const char *control_tightened(const fc_job *job) {
  plain p;
  return read_plain(&p, job) && p.b0 > 0 ? NULL : NOT_PLAIN;
}

static const char *control_half(const fc_job *job) {
  const char *reason = needs_number(job);
  if (reason)
    return reason;
  if (signal_at_start(job) == 0)
    return "b₀ = 0: the sources are the same";
  return fc_job_constant(NULL, job, FC_BETA)
             ? fc_needs_full_support(job)
             : "the target has no class constant beta";
}

static const char *expect_bound(const fc_job *job) {
  return signal_at_start(job) == 0 ? "attained" : "holds";
}

static const char *expect_coupling(const fc_job *job) {
  return is_isotropic_gaussian(job) ? "attained" : expect_bound(job);
}

/* --- numbers ----------------------------------------------------------------
 */

static const char *const names[] = {"C1", "C2", "m2", "m1", "W0", "d"};
enum { NAMES = sizeof names / sizeof *names };

typedef const char *refusal(const fc_job *job);

typedef struct detail {
  refusal *refuses;
} detail;

typedef struct closure {
  const fc_job *job;
  const char *formula;
  fc_source_sides sides[1]; /* as last measured */
  bool measured;
} closure;

/* m1 = |E X_1|^2 of an isotropic Gaussian, else 0 (its control is not asked
 * for). */
static void set_mean_square(fc_ptr z, const fc_source_sides *s,
                            const fc_job *job) {
  const fc_ctx *ctx = s->ctx;
  fc_set_si(z, 0, ctx);
  if (!is_isotropic_gaussian(job))
    return;
  fc_target_constant(z, NULL, NULL, job->instance->target, FC_SIGMA, ctx);
  fc_sqr(z, z, ctx);
  fc_mul_si(z, z, (long)fc_target_dimension(job->instance->target), ctx);
  fc_sub(z, s->second, z, ctx);
}

/* bound = the formula with the numbers in place of its names. */
static fc_status eval_bound(fc_ptr bound, const char *text,
                            const fc_source_sides *s, const fc_job *job) {
  const fc_ctx *ctx = s->ctx;
  fc_environment *environment = NULL;
  fc_formula *formula = NULL;
  fc_ptr values = fc_vec_new(NAMES, ctx);
  if (!values)
    return FC_MEMORY;
  fc_set(values, s->slope, ctx);
  fc_set(values + 1, s->rate, ctx);
  fc_set(values + 2, s->second, ctx);
  set_mean_square(values + 3, s, job);
  fc_set(values + 4, s->start, ctx);
  fc_set_si(values + 5, (long)fc_target_dimension(job->instance->target), ctx);
  fc_status status = fc_environment_new(&environment, job->instance->target,
                                        job->schedule, ctx);
  if (!status)
    status = fc_bound_parse_further(&formula, text, names, NAMES, NULL);
  if (!status)
    status =
        fc_environment_eval_further(bound, environment, formula, values, NAMES);
  fc_formula_free(formula);
  fc_environment_free(environment);
  fc_vec_free(values, NAMES, ctx);
  return status;
}

static bool same_ctx(const fc_ctx *x, const fc_ctx *y) {
  return x->kind == y->kind && x->precision == y->precision;
}

/* The sides in a context, kept for the next claim. */
static fc_status measure_sides(closure *c, const fc_ctx *ctx) {
  if (c->measured && same_ctx(c->sides->ctx, ctx))
    return FC_OK;
  if (c->measured)
    fc_source_sides_clear(c->sides);
  fc_source_sides_init(c->sides, ctx);
  c->measured = true;
  fc_status status = fc_source_measure(c->sides, c->job, NULL);
  if (status) {
    fc_source_sides_clear(c->sides);
    c->measured = false;
  }
  return status;
}

/* An fc_compare_function. */
static fc_status compare(fc_comparison *comparison, void *data,
                         const fc_ctx *ctx) {
  closure *c = data;
  fc_status status = measure_sides(c, ctx);
  if (status)
    return status;
  const fc_source_sides *s = c->sides;
  fc_set(comparison->measured, s->end, ctx);
  status = eval_bound(comparison->bound, c->formula, s, c->job);
  comparison->states = true;
  fc_set(comparison->stated, s->error, ctx);
  if (strstr(c->formula, "W0") && fc_is_positive(s->start, ctx) == FC_TRUE) {
    fc_div(comparison->stated, s->error, s->start, ctx);
    fc_mul(comparison->stated, comparison->stated, comparison->bound, ctx);
    fc_add(comparison->stated, comparison->stated, s->error, ctx);
  }
  comparison->as_ratio = fc_is_zero(s->b0, ctx) != FC_TRUE;
  if (comparison->as_ratio)
    fc_max(comparison->scale, comparison->bound, s->end, ctx);
  else
    fc_sqrt(comparison->scale, s->second, ctx);
  if (ctx->kind == FC_DOUBLE)
    comparison->error = ldexp(fc_get_d(comparison->scale, ctx), -30);
  return status;
}

/* --- samples -----------------------------------------------------------------
 */

/* The bound as an estimate: what is known of C_1 and C_2 is from below, so the
 * bound is at least this.  C_2 is cut off where exp(C_2 d) would overflow. */
static fc_status sampled_bound(fc_estimate *bound, const closure *c,
                               double slope) {
  fc_ctx ctx[1];
  fc_source_sides s[1];
  fc_num z;
  fc_ctx_init_double(ctx);
  fc_source_sides_init(s, ctx);
  fc_init(z, ctx);
  fc_status status = fc_source_measure_common(s, c->job);
  double most = 300 / (double)fc_target_dimension(c->job->instance->target);
  fc_set_d(s->slope, slope, ctx);
  fc_set_d(s->rate, fmin(fc_get_d(s->rate, ctx), most), ctx);
  if (!status)
    status = eval_bound(z, c->formula, s, c->job);
  double value = fc_get_d(z, ctx) * (1 - 0x1p-40);
  *bound = (fc_estimate){value, value, HUGE_VAL, 0};
  fc_clear(z, ctx);
  fc_source_sides_clear(s);
  return status;
}

typedef struct drawn {
  fc_source_sample sample;
  bool ready;
} drawn;

static fc_status decide_sampled(fc_record *record, const closure *c,
                                drawn *sampled, fc_error *error) {
  fc_estimate bound;
  fc_status status = FC_OK;
  if (!sampled->ready)
    status = fc_source_sample_draw(&sampled->sample, c->job, error);
  sampled->ready = !status;
  if (!status)
    status = sampled_bound(&bound, c, sampled->sample.slope);
  return status
             ? status
             : fc_decide_statistical(record, FC_AT_MOST,
                                     &sampled->sample.distance, &bound, true);
}

/* --- one claim ---------------------------------------------------------------
 */

#define BY_NUMBER                                                              \
  "C₁ and C₂ enter as lower estimates (C₁ of a Gaussian as itself): a "  \
  "`holds` "                                                                   \
  "is a proof within the stated error"
#define BY_SAMPLE                                                              \
  "measured is the cost of a coupling, from above with the stated "            \
  "probability; C₁ and C₂ enter as lower estimates: this can prove, not "  \
  "refute"
#define NO_SIGNAL                                                              \
  "b₀ = 0: N(0, a₀²I) is μ itself and both sides are 0, whatever C₁ and C₂"

/* Beyond a lower estimate of C_1 nothing is violated yet. */
static fc_status temper(fc_record *record, const fc_job *job,
                        const fc_claim *claim) {
  bool gaussian = !fc_needs_gaussian(job);
  if (record->verdict == FC_VERDICT_VIOLATED &&
      claim->kind != FC_KIND_CONTROL && !gaussian)
    return fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                            "W₂ exceeds the bound that lower estimates of C₁ "
                            "and C₂ give");
  if (claim->kind == FC_KIND_CONTROL ||
      record->verdict == FC_VERDICT_INCONCLUSIVE || record->reason)
    return FC_OK;
  return fc_record_reason(record, record->verdict,
                          signal_at_start(job) == 0               ? NO_SIGNAL
                          : record->basis == FC_BASIS_STATISTICAL ? BY_SAMPLE
                                                                  : BY_NUMBER);
}

static fc_status judge(const fc_claim *claim, closure *c, drawn *sampled,
                       fc_error *error) {
  const fc_job *job = c->job;
  fc_record record[1];
  c->formula = claim->formula;
  fc_status status = fc_job_record(record, job, claim);
  if (status)
    return status;
  bool numeric = is_numeric(job) || signal_at_start(job) == 0;
  status = numeric ? fc_decide_stated(record, job, FC_AT_MOST, compare, c)
                   : decide_sampled(record, c, sampled, error);
  if (!status)
    status = temper(record, job, claim);
  if (!status)
    status = job->emit(job->sink, record);
  fc_record_clear(record);
  return status;
}

static fc_status run(const fc_job *job, fc_error *error) {
  closure c = {.job = job};
  drawn sampled = {.ready = false};
  fc_status status = FC_OK;
  for (size_t i = 0; i < job->check->claim_count && !status; i++) {
    const fc_claim *claim = job->check->claims + i;
    if (!fc_job_wants(job, claim))
      continue;
    const char *reason = ((const detail *)claim->detail)->refuses(job);
    if (!reason)
      status = judge(claim, &c, &sampled, error);
    else if (claim->kind != FC_KIND_CONTROL)
      status = fc_job_not_applicable(job, claim, reason);
  }
  if (c.measured)
    fc_source_sides_clear(c.sides);
  return status;
}

/* --- claims ------------------------------------------------------------------
 */

#define LEFT "W₂(X₁#N(0, a₀²I), ν)"
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of, .relation = "<="
#define CASES "Assumption 2.2 (i), (iii) or (iv)"
#define NEEDS(f)                                                               \
  .detail = &(const detail) { f }

static const fc_claim claims[] = {
    {.name = "stated",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 6.1, (6.3)",
     .statement = LEFT " ≤ C₁ b₀ (E|X₁|²)^(1/2) exp(C₂d)",
     .relation = "<=",
     .formula = "C1*b0*sqrt(m2)*exp(C2*d)",
     .hypotheses = CASES,
     .expect = expect_bound,
     NEEDS(needs_distance)},
    {.name = "stated.control.inverted",
     .source = "Proposition 6.1 with the sign of the exponent changed",
     .statement = LEFT " ≤ C₁ b₀ (E|X₁|²)^(1/2) exp(−C₂d)",
     .formula = "C1*b0*sqrt(m2)*exp(-C2*d)",
     CONTROL("stated"),
     NEEDS(control_inverted)},
    {.name = "sharp",
     .kind = FC_KIND_SHARPER,
     .source = "Proposition 6.1 without exp(C₂d): a₀Z + b₀X₁ coupled with a₀Z",
     .statement = LEFT " ≤ C₁ b₀ (E|X₁|²)^(1/2)",
     .relation = "<=",
     .formula = "C1*b0*sqrt(m2)",
     .hypotheses = CASES,
     .expect = expect_bound,
     NEEDS(needs_distance)},
    {.name = "sharp.control.squared",
     .source = "the sharp bound with b₀² for b₀",
     .statement = LEFT " ≤ C₁ b₀² (E|X₁|²)^(1/2)",
     .formula = "C1*b0^2*sqrt(m2)",
     CONTROL("sharp"),
     NEEDS(control_squared)},
    {.name = "sharp.control.centred",
     .source = "the sharp bound with the variance for the second moment",
     .statement = LEFT " ≤ C₁ b₀ (E|X₁ − EX₁|²)^(1/2)",
     .formula = "C1*b0*sqrt(m2 - m1)",
     CONTROL("sharp"),
     NEEDS(control_centred)},
    {.name = "sharp.control.half",
     .source = "half of what Proposition 5.1(ii) says W₂ is at least",
     .statement = LEFT " ≤ ½(βa₀² + b₀²)^(−1/2) W₂(N(0, a₀²I), μ)",
     .formula = "W0/(2*sqrt(beta*a0^2 + b0^2))",
     CONTROL("sharp"),
     NEEDS(control_half)},
    {.name = "coupling",
     .kind = FC_KIND_SHARPER,
     .source = "Proposition 6.1 with the best coupling of the sources",
     .statement = LEFT " ≤ C₁ W₂(N(0, a₀²I), μ), μ = Law(a₀Z + b₀X₁)",
     .relation = "<=",
     .formula = "C1*W0",
     .hypotheses = CASES,
     .expect = expect_coupling,
     NEEDS(needs_number)},
    {.name = "coupling.control.tightened",
     .source = "the coupling bound, tightened by one part in 2^20",
     .statement = LEFT " ≤ (1 − 2⁻²⁰) C₁ W₂(N(0, a₀²I), μ)",
     .formula = "C1*W0*(1 - 1/2^20)",
     CONTROL("coupling"),
     NEEDS(control_tightened)},
};

const fc_check fc_check_source_stability = {
    .id = "gif.source-stability",
    .title = "Stability in the source distribution",
    .source = "Proposition 6.1",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = run,
};
