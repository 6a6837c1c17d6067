#include "gif/flow_legs.h"

#include <math.h>

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

/* error *= 2 max_i Sum_j |J_ij| */
static void magnify(fc_legs *legs, fc_srcptr jacobian) {
  const fc_ctx *ctx = legs->ctx;
  fc_num row, norm, entry;
  fc_init(row, ctx);
  fc_init(norm, ctx);
  fc_init(entry, ctx);
  for (size_t i = 0; i < legs->d; i++) {
    fc_set_si(row, 0, ctx);
    for (size_t j = 0; j < legs->d; j++) {
      fc_abs(entry, jacobian + i * legs->d + j, ctx);
      fc_add(row, row, entry, ctx);
    }
    fc_max(norm, norm, row, ctx);
  }
  fc_mul(legs->error, legs->error, norm, ctx);
  fc_mul_2exp_si(legs->error, legs->error, 1, ctx);
  fc_clear(row, ctx);
  fc_clear(norm, ctx);
  fc_clear(entry, ctx);
}

static fc_status carry_by(fc_legs *legs, fc_flow *flow, const fc_time *s,
                          const fc_time *t) {
  const fc_flow_value *value = fc_flow_values(flow);
  bool exact = fc_is_zero(legs->error, legs->ctx) == FC_TRUE;
  unsigned want = FC_FLOW_POSITION | (exact ? 0 : FC_FLOW_JACOBIAN);
  fc_status status = fc_flow_set_times(flow, s, t, NULL);
  if (status == FC_OK)
    status = fc_flow_eval(flow, legs->x, want, NULL);
  if (status)
    return status;
  fc_vec_set(legs->x, value->x, legs->d, legs->ctx);
  if (!exact)
    magnify(legs, value->jacobian);
  fc_add(legs->error, legs->error, value->x_error, legs->ctx);
  return FC_OK;
}

fc_status fc_legs_carry(fc_legs *legs, fc_flow_method method, const fc_time *s,
                        const fc_time *t) {
  fc_flow *flow = NULL;
  fc_status status = fc_workspace_flow(&flow, legs->w, method);
  return status ? status : carry_by(legs, flow, s, t);
}

fc_status fc_legs_carry_other(fc_legs *legs, const fc_target *target,
                              const fc_schedule *schedule,
                              fc_flow_method method, const fc_time *s,
                              const fc_time *t) {
  fc_flow *flow = NULL;
  fc_status status =
      fc_flow_new(&flow, target, schedule, method, legs->ctx, NULL);
  if (status == FC_OK)
    status = carry_by(legs, flow, s, t);
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

fc_flow_method fc_unrelated_method(const fc_target *target) {
  size_t factors = fc_target_factor_count(target);
  for (size_t i = 0; i < factors; i++)
    if (fc_unrelated_method(fc_target_factor(target, i)) != FC_FLOW_AUTO)
      return FC_FLOW_DIRECT;
  bool closed = factors > 0 || fc_target_dimension(target) == 1 ||
                fc_target_is_gaussian(target);
  return closed ? FC_FLOW_AUTO : FC_FLOW_DIRECT;
}

size_t fc_flow_points(const fc_job *job) {
  const fc_target *target = job->instance->target;
  return fc_unrelated_method(target) == FC_FLOW_AUTO ? 24 : 9;
}

void fc_stretch(fc_ptr x, size_t count, const fc_ctx *ctx) {
  fc_num factor;
  fc_init(factor, ctx);
  fc_set_d(factor, 1 + 0x1p-20, ctx);
  for (size_t i = 0; i < count; i++)
    fc_mul(x + i, x + i, factor, ctx);
  fc_clear(factor, ctx);
}
