/* Erratum 2.  The paper says after Proposition 4.1 that the bounds (a) and (e)
 * "blow up at time t = 1", and that the Jacobian can be bounded there only if
 * the score of nu is Lipschitz.
 *
 * For (e): with a = |a'_1| r + ..., r = 1 - t, log(sqrt(a^2+b^2)/b) =
 * a^2/(2 b^2) + ..., so that B -> 5 L sqrt(2)/a and K B = (a omega/b) B ->
 * 5 sqrt(2) L |a'_1|: the bound tends to b'_1 + 5 sqrt(2) L |a'_1|.  It does
 * blow up where a'_1 = -infinity (Follmer, vp-sde).
 * For the score: nu with density proportional to exp(-y^2/2 - |y|) has a jump
 * in its score, and grad v stays between two constants.
 */
#include "gif/velocity_ends.h"

#include <math.h>
#include <string.h>

#include "claims/decision.h"
#include "claims/environment.h"
#include "claims/points.h"
#include "gif/hypotheses.h"
#include "suprema/extremum.h"

/* 1 - t at which the limit is read off: beyond the stated precision, so that
 * what is left of it cannot be seen. */
static double end_distance(const fc_job *job) {
  long bits = job->precision < 900 ? job->precision : 900;
  return ldexp(1, (int)(-bits - 12));
}

/* a' at t = 1. */
static double end_slope(const fc_job *job) {
  return fc_schedule_rough_at(job->schedule, 0, true).da;
}

const char *fc_expect_blow_up(const fc_job *job) {
  return isfinite(end_slope(job)) ? "violated" : "holds";
}

const char *fc_expect_violated(const fc_job *job) {
  (void)job;
  return "violated";
}

typedef struct closure {
  const fc_job *job;
  const fc_claim *claim;
  const fc_formula *measured, *bound;
  double distance;
  double x; /* witness of the Jacobian */
} closure;

/* Both formulas next to t = 1. */
static fc_status compare_formulas(fc_comparison *c, void *data,
                                  const fc_ctx *ctx) {
  const closure *at = data;
  fc_environment *environment = NULL;
  fc_schedule_value value[1];
  fc_time time[1];
  fc_schedule_value_init(value, ctx);
  fc_time_init(time, ctx);
  fc_time_set_d(time, at->distance, true, ctx);
  fc_status status = fc_environment_new(&environment, at->job->instance->target,
                                        at->job->schedule, ctx);
  if (status == FC_OK)
    status = fc_schedule_eval(value, at->job->schedule, time, false, ctx);
  if (status == FC_OK) {
    fc_environment_set_time(environment, value, time);
    status = fc_environment_eval(c->bound, environment, at->bound);
  }
  if (status == FC_OK && at->measured)
    status = fc_environment_eval(c->measured, environment, at->measured);
  fc_set_si(c->scale, 1, ctx);
  fc_environment_free(environment);
  fc_time_clear(time, ctx);
  fc_schedule_value_clear(value, ctx);
  return status;
}

static fc_status decide(const fc_job *job, const fc_claim *claim, closure *at,
                        fc_compare_function *function, bool with_x,
                        fc_error *error) {
  fc_record record[1];
  fc_point point = {at->distance, true, &at->x};
  fc_status status = fc_job_record(record, job, claim);
  if (status)
    return fc_fail(error, status, "out of memory");
  status = fc_point_state(record, &point, with_x ? 1 : 0);
  if (status == FC_OK)
    status = fc_decide(record, job, fc_relation_of(claim), function, at);
  if (status == FC_OK)
    status = job->emit(job->sink, record);
  fc_record_clear(record);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}

static fc_status measure_e(const fc_job *job, const fc_claim *claim,
                           const char *reason, fc_error *error) {
  double slope = 0;
  if (!fc_job_constant(&slope, job, FC_L) || !(slope > 0))
    reason = "dν/dγ_d is not known to be L-log-Lipschitz with L > 0";
  else if (job->tier == FC_TIER_DOUBLE)
    reason = "binary64 cannot come close enough to t = 1";
  if (reason)
    return claim->kind == FC_KIND_CONTROL
               ? FC_OK
               : fc_job_not_applicable(job, claim, reason);
  fc_formula *measured = NULL, *bound = NULL;
  fc_status status = fc_bound_parse(&measured, claim->detail, error);
  if (status == FC_OK)
    status = fc_bound_parse(&bound, claim->formula, error);
  if (status == FC_OK) {
    closure at = {job, claim, measured, bound, end_distance(job), 0};
    status = decide(job, claim, &at, compare_formulas, false, error);
  }
  fc_formula_free(measured);
  fc_formula_free(bound);
  return status;
}

fc_status fc_measure_e_blow_up(const fc_job *job, const fc_claim *claim,
                               fc_error *error) {
  return measure_e(job, claim, NULL, error);
}

fc_status fc_measure_e_end_value(const fc_job *job, const fc_claim *claim,
                                 fc_error *error) {
  return measure_e(job, claim,
                   isfinite(end_slope(job)) ? NULL : "a′ is infinite at t = 1",
                   error);
}

/* --- the Lipschitz score -------------------------------------------------- */

enum { SCORE_EXPONENT = 20 };

/* |grad v(t, x)| at the witness. */
static fc_status compare_jacobian(fc_comparison *c, void *data,
                                  const fc_ctx *ctx) {
  const closure *at = data;
  fc_num x;
  fc_time time[1];
  fc_init(x, ctx);
  fc_time_init(time, ctx);
  fc_time_set_d(time, at->distance, true, ctx);
  fc_set_d(x, at->x, ctx);
  fc_status status =
      fc_eigenvalue_at(c->measured, at->job->instance->target,
                       at->job->schedule, time, x, FC_LARGEST, ctx);
  fc_time_clear(time, ctx);
  fc_clear(x, ctx);
  if (status)
    return status;
  fc_num keep;
  fc_init(keep, ctx);
  fc_abs(keep, c->measured, ctx);
  status = compare_formulas(c, data, ctx);
  fc_set(c->measured, keep, ctx);
  fc_clear(keep, ctx);
  return status;
}

/* The x at which |grad v| is largest, in binary64. */
static fc_status largest_slope(double *x, const fc_job *job, double distance,
                               fc_error *error) {
  fc_ctx ctx[1];
  fc_random random[1];
  fc_extremizer *extremizer = NULL;
  fc_extremum low[1], high[1];
  fc_ctx_init_double(ctx);
  fc_random_init(random, job->seed, job->check->id, job->instance->name);
  fc_status status = fc_extremizer_new(&extremizer, job->instance->target,
                                       job->schedule, ctx, random, error);
  if (status)
    return status;
  if (fc_extremum_init(low, 1, ctx) || fc_extremum_init(high, 1, ctx))
    status = FC_MEMORY;
  if (status == FC_OK)
    status =
        fc_extremizer_at(low, extremizer, distance, true, FC_SMALLEST, NULL);
  if (status == FC_OK)
    status =
        fc_extremizer_at(high, extremizer, distance, true, FC_LARGEST, NULL);
  if (status == FC_OK && !(low->found && high->found))
    status = fc_fail(error, FC_DOMAIN, "no finite Jacobian next to t = 1");
  if (status == FC_OK) {
    bool lower =
        fabs(fc_get_d(low->value, ctx)) > fabs(fc_get_d(high->value, ctx));
    *x = fc_get_d((lower ? low : high)->x, ctx);
  }
  fc_extremum_clear(low, 1, ctx);
  fc_extremum_clear(high, 1, ctx);
  fc_extremizer_free(extremizer);
  return status;
}

fc_status fc_measure_lipschitz_score(const fc_job *job, const fc_claim *claim,
                                     fc_error *error) {
  const char *reason = fc_needs_line(job);
  if (!reason)
    reason = fc_needs_density(job);
  if (!reason)
    reason = fc_needs_full_support(job);
  if (!reason && fc_job_constant(NULL, job, FC_BETA) &&
      fc_job_constant(NULL, job, FC_KAPPA)) /* the Hessian of U is bounded */
    reason = "the score of the target is Lipschitz";
  if (!reason && fc_target_is_integrated(job->instance->target) &&
      fc_target_kink_count(job->instance->target) == 0)
    reason = "the score of the target has no jumps";
  if (!reason && !isfinite(end_slope(job)))
    reason = "a′ is infinite at t = 1";
  if (reason)
    return fc_job_not_applicable(job, claim, reason);
  closure at = {job, claim, NULL, NULL, ldexp(1, -SCORE_EXPONENT), 0};
  fc_formula *bound = NULL;
  fc_status status = largest_slope(&at.x, job, at.distance, error);
  if (status == FC_OK)
    status = fc_bound_parse(&bound, claim->formula, error);
  at.bound = bound;
  if (status == FC_OK)
    status = decide(job, claim, &at, compare_jacobian, true, error);
  fc_formula_free(bound);
  return status;
}
