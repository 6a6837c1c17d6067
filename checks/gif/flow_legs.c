#include "gif/flow_legs.h"

#include <math.h>
#include <string.h>

#include "matrix/matrix.h"

fc_status fc_legs_init(fc_legs *legs, fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  *legs = (fc_legs){.w = w, .ctx = ctx, .d = w->d};
  fc_time *times[] = {legs->start, legs->end, legs->now, legs->back};
  for (int i = 0; i < 4; i++) {
    fc_time_init(times[i], ctx);
    fc_time_set_d(times[i], 0, i == 1, ctx);
  }
  fc_set(legs->now->t, w->time->t, ctx);
  fc_set(legs->now->r, w->time->r, ctx);
  fc_set(legs->back->t, w->time->r, ctx);
  fc_set(legs->back->r, w->time->t, ctx);
  fc_init(legs->error, ctx);
  legs->x = fc_vec_new(legs->d, ctx);
  if (!legs->x)
    return FC_MEMORY;
  fc_legs_begin(legs, w->x);
  return FC_OK;
}

void fc_legs_clear(fc_legs *legs) {
  fc_time_clear(legs->start, legs->ctx);
  fc_time_clear(legs->end, legs->ctx);
  fc_time_clear(legs->now, legs->ctx);
  fc_time_clear(legs->back, legs->ctx);
  fc_clear(legs->error, legs->ctx);
  fc_vec_free(legs->x, legs->d, legs->ctx);
}

void fc_legs_begin(fc_legs *legs, fc_srcptr x) {
  fc_vec_set(legs->x, x, legs->d, legs->ctx);
  fc_set_si(legs->error, 0, legs->ctx);
}

/* One leg: whose flow, how, from when to when. */
typedef struct leg {
  const fc_target *target;
  const fc_schedule *schedule;
  const fc_time *s, *t;
} leg;

/* The norm of the leg's derivative at the present point by the cheapest way in
 * binary64: how an error grows need not be known to many digits.  False where
 * that fails, or where not even the first digit is known. */
static bool rough_norm(fc_ptr norm, const fc_legs *legs, const leg *l) {
  size_t d = legs->d;
  fc_ctx rough[1];
  fc_flow *flow = NULL;
  fc_time s[1], t[1];
  fc_num z;
  fc_ctx_init_double(rough);
  if (legs->ctx->kind != FC_MPFR ||
      fc_flow_new(&flow, l->target, l->schedule, FC_FLOW_AUTO, rough, NULL))
    return false;
  fc_time_init(s, rough);
  fc_time_init(t, rough);
  fc_init(z, rough);
  fc_ptr x = fc_vec_new(d, rough);
  fc_time_convert(s, rough, l->s, legs->ctx);
  fc_time_convert(t, rough, l->t, legs->ctx);
  for (size_t i = 0; i < d && x; i++)
    fc_convert(x + i, rough, legs->x + i, legs->ctx);
  bool done =
      x && fc_flow_set_times(flow, s, t, NULL) == FC_OK &&
      fc_flow_eval(flow, x, FC_FLOW_POSITION | FC_FLOW_JACOBIAN, NULL) == FC_OK;
  if (done) {
    const fc_flow_value *value = fc_flow_values(flow);
    fc_matrix_row_sum_norm(z, value->jacobian, d, rough);
    fc_convert(norm, legs->ctx, z, rough);
    done = fc_is_finite(norm, legs->ctx) &&
           fc_get_d(value->jacobian_error, rough) <= fc_get_d(z, rough) / 8;
  }
  fc_clear(z, rough);
  fc_vec_free(x, d, rough);
  fc_time_clear(s, rough);
  fc_time_clear(t, rough);
  fc_flow_free(flow);
  return done;
}

static fc_status carry_by(fc_legs *legs, fc_flow *flow, const leg *l) {
  const fc_flow_value *value = fc_flow_values(flow);
  const fc_ctx *ctx = legs->ctx;
  fc_num norm;
  fc_init(norm, ctx);
  bool known =
      fc_is_zero(legs->error, ctx) == FC_TRUE || rough_norm(norm, legs, l);
  unsigned want = FC_FLOW_POSITION | (known ? 0 : FC_FLOW_JACOBIAN);
  fc_status status = fc_flow_set_times(flow, l->s, l->t, NULL);
  if (status == FC_OK)
    status = fc_workspace_eval_flow(legs->w, flow, legs->x, want);
  if (status == FC_OK) {
    fc_vec_set(legs->x, value->x, legs->d, ctx);
    if (!known)
      fc_matrix_row_sum_norm(norm, value->jacobian, legs->d, ctx);
    fc_mul_2exp_si(norm, norm, 1, ctx);
    fc_mul(legs->error, legs->error, norm, ctx);
    fc_add(legs->error, legs->error, value->x_error, ctx);
  }
  fc_clear(norm, ctx);
  return status;
}

fc_status fc_legs_carry(fc_legs *legs, fc_flow_method method, const fc_time *s,
                        const fc_time *t) {
  fc_flow *flow = NULL;
  const fc_job *job = legs->w->job;
  const leg l = {job->instance->target, job->schedule, s, t};
  fc_status status = fc_workspace_flow(&flow, legs->w, method);
  return status ? status : carry_by(legs, flow, &l);
}

fc_status fc_legs_carry_other(fc_legs *legs, const fc_target *target,
                              const fc_schedule *schedule,
                              fc_flow_method method, const fc_time *s,
                              const fc_time *t) {
  fc_flow *flow = NULL;
  fc_status status =
      fc_flow_new(&flow, target, schedule, method, legs->ctx, NULL);
  if (status == FC_OK)
    status = carry_by(legs, flow, &(const leg){target, schedule, s, t});
  fc_flow_free(flow);
  return status;
}

void fc_legs_arrive(fc_ptr side, fc_legs *legs) {
  fc_vec_set(side, legs->x, legs->d, legs->ctx);
  fc_add(legs->w->error, legs->w->error, legs->error, legs->ctx);
}

fc_status fc_legs_check(const fc_workspace *w, fc_srcptr left, fc_srcptr right,
                        size_t count, bool absolute) {
  if (w->ctx->kind != FC_DOUBLE)
    return FC_OK;
  double scale = absolute ? 1 : 0, error = fc_get_d(w->error, w->ctx);
  for (size_t i = 0; i < count; i++) {
    scale = fmax(scale, fabs(fc_get_d(left + i, w->ctx)));
    scale = fmax(scale, fabs(fc_get_d(right + i, w->ctx)));
  }
  return error <= 0x1p-24 * scale ? FC_OK : FC_BUDGET;
}

/* FC_FLOW_AUTO is the closed form or the exact map in every factor. */
static bool has_oracle(const fc_target *target, const fc_schedule *schedule) {
  size_t factors = fc_target_factor_count(target);
  for (size_t i = 0; i < factors; i++)
    if (!has_oracle(fc_target_factor(target, i), schedule))
      return false;
  if (factors > 0 || fc_target_dimension(target) == 1)
    return true;
  fc_ctx ctx[1];
  fc_flow *flow = NULL;
  fc_ctx_init_double(ctx);
  bool has =
      fc_flow_new(&flow, target, schedule, FC_FLOW_CLOSED, ctx, NULL) == FC_OK;
  fc_flow_free(flow);
  return has;
}

static bool job_has_oracle(const fc_job *job) {
  return has_oracle(job->instance->target, job->schedule);
}

/* Mixtures of a few components in few dimensions. */
static bool is_small_mixture(const fc_target *target, size_t components,
                             size_t numbers) {
  size_t count = fc_target_isotropic_count(target);
  return count > 0 && count <= components &&
         count * fc_target_dimension(target) <= numbers;
}

static bool is_small(const fc_target *target) {
  return is_small_mixture(target, 4, 8);
}

/* a' is finite at t = 1, where integration in t may have to arrive. */
static bool has_regular_end(const fc_schedule *schedule) {
  return isfinite(fc_schedule_rough_at(schedule, 0, true).da);
}

static bool is_control(const fc_workspace *w) {
  return w->claim->kind == FC_KIND_CONTROL;
}

fc_flow_method fc_integrator(const fc_workspace *w) {
  return is_control(w) ? FC_FLOW_AUTO : FC_FLOW_TAYLOR;
}

fc_flow_method fc_unrelated_method(const fc_workspace *w) {
  const fc_target *target = w->job->instance->target;
  if (job_has_oracle(w->job))
    return FC_FLOW_AUTO;
  return !is_control(w) && is_small(target) && has_regular_end(w->job->schedule)
             ? FC_FLOW_DIRECT
             : FC_FLOW_TAYLOR;
}

bool fc_is_elementary(const fc_target *target) {
  size_t factors = fc_target_factor_count(target);
  for (size_t i = 0; i < factors; i++)
    if (!fc_is_elementary(fc_target_factor(target, i)))
      return false;
  return factors > 0 || fc_target_is_gaussian(target) ||
         fc_target_isotropic_count(target) > 0;
}

size_t fc_flow_points(const fc_job *job) {
  const fc_target *target = job->instance->target;
  if (!fc_is_elementary(target))
    return 3;
  if (!job_has_oracle(job))
    return 6; /* one of them next to a mode of nu */
  return fc_target_dimension(target) <= 2 ? 24 : 4;
}

size_t fc_flow_control_points(const fc_job *job) {
  if (!job_has_oracle(job))
    return 3;
  if (!fc_is_elementary(job->instance->target))
    return 4; /* no tail far out */
  return fc_target_dimension(job->instance->target) == 1 ? 24 : 8;
}

const char *fc_needs_affordable(const fc_job *job) {
  const fc_target *target = job->instance->target;
  return job_has_oracle(job) || is_small_mixture(target, 4, 28)
             ? NULL
             : "too dear in this dimension with so many components";
}

const char *fc_needs_cheap(const fc_job *job) {
  const fc_target *target = job->instance->target;
  return job_has_oracle(job) || is_small(target) ? NULL : "too dear";
}

const char *fc_needs_first_schedule(const fc_job *job) {
  const fc_instance *instance = job->instance;
  return fc_is_elementary(instance->target) || instance->schedule_count == 0 ||
                 strcmp(fc_schedule_label(job->schedule),
                        fc_schedule_label(instance->schedules[0])) == 0
             ? NULL
             : "too dear: judged under the instance's first schedule alone";
}

void fc_stretch(fc_ptr x, size_t count, const fc_ctx *ctx) {
  fc_num factor;
  fc_init(factor, ctx);
  fc_set_d(factor, 1 + 0x1p-20, ctx);
  for (size_t i = 0; i < count; i++)
    fc_mul(x + i, x + i, factor, ctx);
  fc_clear(factor, ctx);
}
