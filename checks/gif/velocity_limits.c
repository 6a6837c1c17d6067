#include "gif/velocity_limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims/decision.h"
#include "claims/environment.h"
#include "claims/points.h"
#include "gif/hypotheses.h"
#include "gif/velocity_sides.h"

enum { MARGIN = 96, LANDMARKS = 16, OFFSETS = 7 };

typedef struct closure {
  const fc_job *job;
  const fc_claim *claim;
  const fc_formula *formula;
  fc_point point; /* next to, or at, t = 1 */
  size_t d;
} closure;

static fc_ptr point_in(const closure *k, const fc_ctx *ctx) {
  fc_ptr x = fc_vec_new(k->d, ctx);
  for (size_t i = 0; x && i < k->d; i++)
    fc_set_d(x + i, k->point.x[i], ctx);
  return x;
}

/* The claim's formula, with s where it is given. */
static fc_status formula_value(fc_ptr z, const closure *k, fc_srcptr s,
                               const fc_ctx *ctx) {
  fc_environment *environment = NULL;
  fc_schedule_value at[1];
  fc_time time[1];
  fc_schedule_value_init(at, ctx);
  fc_time_init(time, ctx);
  fc_time_set_d(time, k->point.time, true, ctx);
  fc_status status = fc_environment_new(&environment, k->job->instance->target,
                                        k->job->schedule, ctx);
  if (status == FC_OK)
    status = fc_schedule_eval(at, k->job->schedule, time, false, ctx);
  if (status == FC_OK) {
    fc_environment_set_time(environment, at, time);
    status = s ? fc_environment_eval_further(z, environment, k->formula, s, 1)
               : fc_environment_eval(z, environment, k->formula);
  }
  fc_environment_free(environment);
  fc_time_clear(time, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}

static fc_status decide(const fc_job *job, const fc_claim *claim, closure *k,
                        fc_compare_function *function, fc_error *error) {
  fc_record record[1];
  fc_status status = fc_job_record(record, job, claim);
  if (status)
    return fc_fail(error, status, "out of memory");
  status = fc_point_state(record, &k->point, k->d);
  if (status == FC_OK)
    status = fc_decide(record, job, fc_relation_of(claim), function, k);
  if (status == FC_OK)
    status = job->emit(job->sink, record);
  fc_record_clear(record);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}

static fc_status refuse(const fc_job *job, const fc_claim *claim,
                        const char *reason) {
  return claim->kind == FC_KIND_CONTROL
             ? FC_OK
             : fc_job_not_applicable(job, claim, reason);
}

/* --- does v have a limit? ------------------------------------------------- */

/* measured = max_i |v_i(1-r, x)|. */
static fc_status compare_size(fc_comparison *c, void *data, const fc_ctx *ctx) {
  const closure *k = data;
  fc_ptr x = point_in(k, ctx), v = fc_vec_new(k->d, ctx);
  fc_status status = x && v ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status = fc_velocity_next_to(v, k->job, true, x, ctx);
  for (size_t i = 0; i < k->d && status == FC_OK; i++) {
    fc_abs(v + i, v + i, ctx);
    if (i == 0 || fc_cmp_mid(v + i, c->measured, ctx) > 0)
      fc_set(c->measured, v + i, ctx);
  }
  if (status == FC_OK)
    status = formula_value(c->bound, k, NULL, ctx);
  fc_set_si(c->scale, 1, ctx);
  fc_vec_free(x, k->d, ctx);
  fc_vec_free(v, k->d, ctx);
  return status;
}

/* Takes the candidate where |v| is larger, or the first one where nu is smooth.
 */
static fc_status consider(closure *k, double *largest, const double *x,
                          const fc_ctx *ctx) {
  double *keep = k->point.x;
  fc_comparison c[1];
  bool smooth = true;
  fc_status status = FC_OK;
  fc_comparison_init(c, ctx);
  k->point.x = (double *)x;
  if (k->claim->detail) {
    fc_ptr y = point_in(k, ctx);
    status =
        y ? fc_smooth_at(&smooth, k->job->instance->target, y, ctx) : FC_MEMORY;
    fc_vec_free(y, k->d, ctx);
  }
  if (status == FC_OK && smooth)
    status = compare_size(c, k, ctx);
  k->point.x = keep;
  double size = fc_get_d(c->measured, ctx);
  bool better = k->claim->detail ? *largest < 0 : size > *largest;
  if (status == FC_OK && smooth && better) {
    for (size_t i = 0; i < k->d; i++)
      keep[i] = x[i];
    *largest = size;
  }
  fc_comparison_clear(c, ctx);
  return status == FC_DOMAIN ? FC_OK : status;
}

/* Landmarks of the support and points about them. */
static fc_status search(closure *k, double *largest) {
  static const double offsets[OFFSETS] = {0, 1, -1, 2, -2, 0.0625, -0.0625};
  fc_ctx ctx[1];
  fc_ptr landmarks = NULL;
  size_t count = 0;
  fc_ctx_init_mpfr(ctx, 64);
  double *x = calloc(k->d, sizeof *x);
  fc_status status =
      x ? fc_target_landmarks(&landmarks, &count, k->job->instance->target,
                              LANDMARKS, ctx)
        : FC_MEMORY;
  *largest = -1;
  for (size_t j = 0; j < count * OFFSETS && status == FC_OK; j++) {
    for (size_t i = 0; i < k->d; i++)
      x[i] = fc_get_d(landmarks + j / OFFSETS * k->d + i, ctx) +
             offsets[j % OFFSETS];
    if (j / OFFSETS < LANDMARKS)
      status = consider(k, largest, x, ctx);
  }
  fc_vec_free(landmarks, count * k->d, ctx);
  free(x);
  return status;
}

fc_status fc_measure_end_limit(const fc_job *job, const fc_claim *claim,
                               fc_error *error) {
  closure k = {.job = job, .claim = claim};
  fc_formula *formula = NULL;
  double largest = -1;
  if (fc_needs_closed_moments(job))
    return refuse(job, claim, fc_needs_closed_moments(job));
  k.d = fc_target_dimension(job->instance->target);
  long bits = job->precision < 900 ? job->precision : 900;
  k.point.time = ldexp(1, (int)(-bits - MARGIN));
  k.point.from_end = true;
  k.point.x = calloc(k.d, sizeof *k.point.x);
  fc_status status = k.point.x ? fc_bound_parse(&formula, claim->formula, error)
                               : fc_fail(error, FC_MEMORY, "out of memory");
  k.formula = formula;
  if (status == FC_OK)
    status = search(&k, &largest);
  if (status == FC_OK && largest < 0)
    status = refuse(job, claim,
                    "the target has no density that is smooth "
                    "anywhere");
  else if (status == FC_OK && claim->kind == FC_KIND_CONTROL &&
           largest < 0x1p-20) /* a control may need v(1, x) != 0 */
    status = FC_OK;
  else if (status == FC_OK)
    status = decide(job, claim, &k, compare_size, error);
  fc_formula_free(formula);
  free(k.point.x);
  return status;
}

const char *fc_expect_end_limit(const fc_job *job) {
  return fc_needs_full_support(job) ? "violated" : "holds";
}

/* --- the sign of v(1, 0) ---------------------------------------------------
 */

/* s = the score of nu at 0. */
static fc_status score_at_origin(fc_ptr s, const fc_job *job,
                                 const fc_ctx *ctx) {
  fc_posterior *posterior = NULL;
  fc_num a, b, x;
  fc_init(a, ctx);
  fc_init(b, ctx);
  fc_init(x, ctx);
  fc_set_si(b, 1, ctx);
  fc_status status =
      fc_posterior_new(&posterior, job->instance->target, ctx, NULL);
  if (status == FC_OK)
    status = fc_posterior_eval(posterior, a, b, x, FC_WANT_SCORE);
  if (status == FC_OK)
    fc_set(s, fc_posterior_values(posterior)->score, ctx);
  fc_posterior_free(posterior);
  fc_clear(a, ctx);
  fc_clear(b, ctx);
  fc_clear(x, ctx);
  return status;
}

static fc_status compare_sign(fc_comparison *c, void *data, const fc_ctx *ctx) {
  const closure *k = data;
  fc_num x, s;
  fc_init(x, ctx);
  fc_init(s, ctx);
  fc_status status = fc_velocity_next_to(c->measured, k->job, true, x, ctx);
  if (status == FC_OK)
    status = score_at_origin(s, k->job, ctx);
  if (status == FC_OK)
    status = formula_value(c->bound, k, s, ctx);
  fc_set_si(c->scale, 1, ctx);
  fc_clear(x, ctx);
  fc_clear(s, ctx);
  return status;
}

static const char *no_origin(const fc_job *job) {
  fc_ctx ctx[1];
  fc_num x;
  bool smooth = false;
  const char *reason = fc_needs_line(job);
  if (!reason)
    reason = fc_needs_closed_moments(job);
  if (reason)
    return reason;
  fc_ctx_init_mpfr(ctx, 128);
  fc_init(x, ctx);
  if (fc_smooth_at(&smooth, job->instance->target, x, ctx))
    smooth = false;
  fc_clear(x, ctx);
  return smooth ? NULL : "the target has no smooth density about 0";
}

/* (a a')_1 s(1, 0), roughly. */
static double end_term(const fc_job *job) {
  fc_ctx ctx[1];
  fc_num s;
  fc_schedule_value at[1];
  fc_time time[1];
  fc_ctx_init_double(ctx);
  fc_init(s, ctx);
  fc_schedule_value_init(at, ctx);
  fc_time_init(time, ctx);
  fc_time_set_d(time, 0, true, ctx);
  double term = 0;
  if (!fc_needs_line(job) && score_at_origin(s, job, ctx) == FC_OK &&
      fc_schedule_eval(at, job->schedule, time, false, ctx) == FC_OK)
    term = fc_get_d(at->ada, ctx) * fc_get_d(s, ctx);
  fc_time_clear(time, ctx);
  fc_schedule_value_clear(at, ctx);
  fc_clear(s, ctx);
  return term;
}

const char *fc_expect_end_sign(const fc_job *job) {
  return fabs(end_term(job)) > 0x1p-30 ? "violated" : "holds";
}

fc_status fc_measure_end_sign(const fc_job *job, const fc_claim *claim,
                              fc_error *error) {
  static const char *const names[] = {"s"};
  double origin = 0;
  const char *reason = no_origin(job);
  if (!reason && claim->kind == FC_KIND_CONTROL &&
      strcmp(fc_expect_end_sign(job), "violated") != 0)
    reason = "both signs agree";
  if (reason)
    return refuse(job, claim, reason);
  closure k = {.job = job, .claim = claim, .point = {0, true, &origin}, .d = 1};
  fc_formula *formula = NULL;
  fc_status status =
      fc_bound_parse_further(&formula, claim->formula, names, 1, error);
  k.formula = formula;
  if (status == FC_OK)
    status = decide(job, claim, &k, compare_sign, error);
  fc_formula_free(formula);
  return status;
}
