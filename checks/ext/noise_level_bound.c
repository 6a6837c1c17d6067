#include <string.h>

#include "claims/decision.h"
#include "claims/workspace.h"
#include "ext/noise_level_sides.h"
#include "gif/flow_cost.h"
#include "gif/hypotheses.h"
#include "gif/stability_fields.h"

enum { LOST_BITS = 48, DOUBLE_BITS = 30, ROUGH_BITS = 6, FEW_BITS = 64 };
enum { ROUNDING_BITS = 20 };

typedef struct closure {
  const fc_job *job;
  const fc_claim *claim;
  bool equality; /* of both sides: to all digits */
} closure;

const char *fc_noise_few_schedules(const fc_job *job) {
  static const char *const names[] = {"linear", "ve", "vp"};
  size_t d = fc_target_dimension(job->instance->target);
  for (size_t i = 0; i < (d > 1 ? 2 : 3); i++)
    if (strcmp(fc_schedule_name(job->schedule), names[i]) == 0)
      return NULL;
  return "judged under linear, ve and (on the line) vp";
}

const char *fc_needs_noise_distance(const fc_job *job) {
  const fc_target *target = job->instance->target;
  size_t d = fc_target_dimension(target);
  const char *reason = fc_needs_lipschitz_field(job);
  if (reason)
    return reason;
  if (fc_target_is_gaussian(target))
    return d > 3 ? "too dear beyond three dimensions" : NULL;
  if (fc_flow_is_steep(job))
    return "the flow is too steep for expectations over its starting points "
           "(R > 100 sigma)";
  if (d > 1 || fc_target_isotropic_count(target) == 0)
    return "the distance is judged on the line and for Gaussians";
  return fc_noise_few_schedules(job);
}

/* --- what is measured ------------------------------------------------------
 */

/* c->measured = E|Y_1 - X_1|^2, c->stated how far it may be off. */
static fc_status measure(fc_comparison *c, closure *w, const fc_ctx *ctx) {
  const fc_target *target = w->job->instance->target;
  bool fast = ctx->kind == FC_DOUBLE, exact = w->equality && !fast;
  fc_ctx own[1];
  fc_deviation deviation[1];
  *own = *ctx;
  if (!exact && !fast)
    fc_ctx_init_mpfr(own, FEW_BITS); /* plenty */
  const fc_deviation_plan plan = {
      .target = target,
      .schedule = w->job->schedule,
      .perturbation = &fc_stability_field_of(w->job, FC_FIELD_NOISE)->how,
      .affine = true,
      .bits = exact                           ? ctx->precision - LOST_BITS
              : fc_target_is_gaussian(target) ? DOUBLE_BITS
                                              : ROUGH_BITS};
  fc_deviation_init(deviation, own);
  fc_status status = fc_deviation_compute(deviation, &plan, own, NULL);
  fc_convert(c->measured, ctx, deviation->distance, own);
  fc_convert(c->stated, ctx, deviation->distance_error, own);
  fc_deviation_clear(deviation, own);
  c->states = true;
  return status;
}

/* c->stated += what rounding does to the bound. */
static void add_rounding(fc_comparison *c, const fc_ctx *ctx) {
  fc_mul_2exp_si(c->gap, c->bound, ROUNDING_BITS - ctx->precision, ctx);
  fc_add(c->stated, c->stated, c->gap, ctx);
  fc_set(c->scale, c->bound, ctx);
}

/* --- the bound -------------------------------------------------------------
 */

/* bound = (eps a_0)^2 d Lip^2, the Lipschitz bound of X_1 under (k a, b). */
static fc_status set_bound(fc_ptr bound, closure *w, const fc_ctx *ctx) {
  const fc_noise_detail *detail = w->claim->detail;
  fc_workspace space[1];
  fc_num size;
  fc_init(size, ctx);
  double origin[FC_TARGET_MAX_DIMENSION] = {0};
  const fc_point point = {0, false, origin};
  fc_status status = fc_workspace_init(space, w->job, w->claim, ctx);
  if (status == FC_OK)
    status = fc_workspace_set_point(space, &point);
  if (status == FC_OK)
    status = fc_environment_eval_text(
        bound, space->environment,
        fc_stability_field_of(w->job, FC_FIELD_NOISE)->growth);
  if (status == FC_OK)
    status =
        fc_environment_eval_text(size, space->environment, "a*" FC_NOISE_EPS);
  fc_mul(bound, bound, size, ctx);
  fc_sqr(bound, bound, ctx);
  fc_mul_si(bound, bound, (long)space->d, ctx);
  fc_set_d(size, detail->factor, ctx);
  fc_mul(bound, bound, size, ctx);
  fc_clear(size, ctx);
  fc_workspace_clear(space);
  return status;
}

typedef fc_status set_function(fc_ptr z, closure *w, const fc_ctx *ctx);

/* measured, and bound by one of the set_functions. */
static fc_status compare_with(fc_comparison *c, closure *w, set_function *set,
                              const fc_ctx *ctx) {
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  fc_status status = measure(c, w, ctx);
  if (status == FC_OK)
    status = set(c->bound, w, ctx);
  add_rounding(c, ctx);
  return status;
}

/* An fc_compare_function. */
static fc_status compare_bound(fc_comparison *c, void *data,
                               const fc_ctx *ctx) {
  c->as_ratio = true;
  return compare_with(c, data, set_bound, ctx);
}

/* --- the closed form -------------------------------------------------------
 */

/* z += lambda (sqrt((a^2 + lambda b^2)/(k^2 a^2 + lambda b^2)) - 1)^2 */
static void add_direction(fc_ptr z, fc_srcptr lambda, fc_srcptr a, fc_srcptr b,
                          fc_srcptr k, fc_ptr temps, const fc_ctx *ctx) {
  fc_ptr above = temps, below = temps + 1;
  fc_mul(above, lambda, b, ctx);
  fc_mul(above, above, b, ctx);
  fc_mul(below, k, a, ctx);
  fc_sqr(below, below, ctx);
  fc_add(below, below, above, ctx);
  fc_addmul(above, a, a, ctx);
  fc_div(above, above, below, ctx);
  fc_sqrt(above, above, ctx);
  fc_add_si(above, above, -1, ctx);
  fc_sqr(above, above, ctx);
  fc_addmul(z, lambda, above, ctx);
}

static fc_status set_closed(fc_ptr z, closure *w, const fc_ctx *ctx) {
  const fc_noise_detail *detail = w->claim->detail;
  const fc_job *job = w->job;
  size_t d = fc_target_dimension(job->instance->target);
  fc_schedule_value at[1];
  fc_time zero[1];
  fc_ptr mean = fc_vec_new(2 * d + d * d + 3, ctx);
  if (!mean)
    return FC_MEMORY;
  fc_ptr values = mean + d, vectors = values + d, temps = vectors + d * d;
  fc_schedule_value_init(at, ctx);
  fc_time_init(zero, ctx);
  fc_time_set_d(zero, 0, false, ctx);
  fc_status status = fc_schedule_eval(at, job->schedule, zero, false, ctx);
  if (status == FC_OK)
    status =
        fc_gaussian_spectrum(mean, values, vectors, job->instance->target, ctx);
  fc_set_si(temps + 2, detail->opposite ? 7 : 9, ctx); /* k = 1 -+ 1/8 */
  fc_div_si(temps + 2, temps + 2, 8, ctx);
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < d && status == FC_OK; i++)
    add_direction(z, values + i, at->a, at->b, temps + 2, temps, ctx);
  fc_schedule_value_clear(at, ctx);
  fc_time_clear(zero, ctx);
  fc_vec_free(mean, 2 * d + d * d + 3, ctx);
  return status;
}

/* An fc_compare_function. */
static fc_status compare_closed(fc_comparison *c, void *data,
                                const fc_ctx *ctx) {
  return compare_with(c, data, set_closed, ctx);
}

/* --- records ---------------------------------------------------------------
 */

static fc_status emit(const fc_job *job, const fc_claim *claim,
                      fc_compare_function *function) {
  fc_record record[1];
  const fc_noise_detail *detail = claim->detail;
  closure w = {job, claim, detail->equality && !detail->equality(job)};
  fc_status status = fc_job_record(record, job, claim);
  if (status)
    return status;
  status = fc_decide_stated(record, job, fc_relation_of(claim), function, &w);
  if (status == FC_OK && !record->reason) {
    record->reason = fc_strdup("measured is W₂² itself: the two flows "
                               "are monotone; it refutes and proves");
    status = record->reason ? FC_OK : FC_MEMORY;
  }
  if (status == FC_OK)
    status = job->emit(job->sink, record);
  fc_record_clear(record);
  return status;
}

static fc_status judge(const fc_job *job, const fc_claim *claim,
                       fc_compare_function *function, fc_error *error) {
  const char *reason = ((const fc_noise_detail *)claim->detail)->refuses(job);
  if (reason)
    return claim->kind == FC_KIND_CONTROL
               ? FC_OK
               : fc_job_not_applicable(job, claim, reason);
  fc_status status = emit(job, claim, function);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}

fc_status fc_measure_noise_bound(const fc_job *job, const fc_claim *claim,
                                 fc_error *error) {
  return judge(job, claim, compare_bound, error);
}

fc_status fc_measure_noise_closed(const fc_job *job, const fc_claim *claim,
                                  fc_error *error) {
  return judge(job, claim, compare_closed, error);
}
