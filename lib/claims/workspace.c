#include "claims/workspace.h"

fc_status fc_workspace_init(fc_workspace *w, const fc_job *job,
                            const fc_claim *claim, const fc_ctx *ctx) {
  const fc_target *target = job->instance->target;
  *w = (fc_workspace){.job = job, .claim = claim, .ctx = {*ctx}};
  w->d = fc_target_dimension(target);
  fc_time_init(w->time, w->ctx);
  fc_init(w->error, w->ctx);
  w->x = fc_vec_new(w->d, w->ctx);
  fc_status status = w->x ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status = fc_velocity_new(&w->velocity, target, job->schedule, w->ctx, NULL);
  if (status == FC_OK)
    status = fc_environment_new(&w->environment, target, job->schedule, w->ctx);
  return status;
}

void fc_workspace_clear(fc_workspace *w) {
  fc_vec_free(w->x, w->d, w->ctx);
  fc_time_clear(w->time, w->ctx);
  fc_clear(w->error, w->ctx);
  fc_velocity_free(w->velocity);
  fc_environment_free(w->environment);
  for (int i = 0; i < FC_FLOW_METHOD_COUNT; i++)
    fc_flow_free(w->flows[i]);
}

fc_status fc_workspace_set_point(fc_workspace *w, const fc_point *point) {
  fc_time_set_d(w->time, point->time, point->from_end, w->ctx);
  for (size_t i = 0; i < w->d; i++)
    fc_set_d(w->x + i, point->x[i], w->ctx);
  fc_set_si(w->error, 0, w->ctx);
  w->failure.message[0] = '\0';
  fc_status status = fc_velocity_set_time(w->velocity, w->time);
  if (status == FC_OK)
    fc_environment_set_time(w->environment, fc_velocity_schedule(w->velocity),
                            w->time);
  return status;
}

fc_status fc_workspace_flow(fc_flow **flow, fc_workspace *w,
                            fc_flow_method method) {
  fc_status status = FC_OK;
  if (!w->flows[method])
    status = fc_flow_new(&w->flows[method], w->job->instance->target,
                         w->job->schedule, method, w->ctx, NULL);
  if (status == FC_OK)
    *flow = w->flows[method];
  return status;
}

fc_status fc_workspace_eval_flow(fc_workspace *w, fc_flow *flow, fc_srcptr x,
                                 unsigned want) {
  fc_status status = fc_flow_eval(flow, x, want, &w->failure);
  if (status != FC_BUDGET)
    w->failure.message[0] = '\0';
  return status;
}

fc_status fc_workspace_carry(const fc_flow_value **value, fc_workspace *w,
                             fc_flow_method method, const fc_time *s,
                             const fc_time *t, fc_srcptr x, unsigned want) {
  fc_flow *flow;
  fc_status status = fc_workspace_flow(&flow, w, method);
  if (status == FC_OK)
    status = fc_flow_set_times(flow, s, t, NULL);
  if (status == FC_OK)
    status = fc_workspace_eval_flow(w, flow, x, want);
  if (status == FC_OK)
    *value = fc_flow_values(flow);
  return status;
}

void fc_workspace_raise_error(fc_workspace *w, fc_srcptr error) {
  fc_max(w->error, w->error, error, w->ctx);
}
