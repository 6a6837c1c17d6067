/* The flow of a product law: each factor moves by itself, and the derivative is
 * block diagonal. */
#include <stdlib.h>

#include "flow/flow_impl.h"

static fc_status bind(fc_flow *flow, fc_error *error) {
  size_t count = fc_target_factor_count(flow->target);
  fc_flow **parts = calloc(count, sizeof *parts);
  if (!parts)
    return fc_fail(error, FC_MEMORY, "out of memory");
  flow->state = parts;
  fc_status status = FC_OK;
  for (size_t i = 0; i < count && !status; i++)
    status = fc_flow_new(parts + i, fc_target_factor(flow->target, i),
                         flow->schedule, flow->asked, &flow->ctx, error);
  if (!status)
    flow->method = parts[0]->method;
  fc_vec_zero(flow->value.jacobian, flow->d * flow->d, &flow->ctx);
  return status;
}

static void release(fc_flow *flow) {
  fc_flow **parts = flow->state;
  for (size_t i = 0; i < fc_target_factor_count(flow->target); i++)
    fc_flow_free(parts[i]);
  free(parts);
}

static fc_status set_times(fc_flow *flow, fc_error *error) {
  fc_flow **parts = flow->state;
  fc_status status = FC_OK;
  for (size_t i = 0; i < fc_target_factor_count(flow->target) && !status; i++)
    status = fc_flow_set_times(parts[i], &flow->s, &flow->t, error);
  return status;
}

static void gather(fc_flow *flow, const fc_flow *part, size_t at,
                   unsigned want) {
  const fc_ctx *ctx = &flow->ctx;
  const fc_flow_value *from = &part->value;
  fc_flow_value *to = &flow->value;
  size_t d = flow->d, size = part->d;
  if (want & FC_FLOW_POSITION)
    fc_vec_set(to->x + at, from->x, size, ctx);
  for (size_t i = 0; i < size && want & FC_FLOW_JACOBIAN; i++)
    fc_vec_set(to->jacobian + (at + i) * d + at, from->jacobian + i * size,
               size, ctx);
  fc_max(to->x_error, to->x_error, from->x_error, ctx);
  fc_max(to->jacobian_error, to->jacobian_error, from->jacobian_error, ctx);
}

static fc_status eval(fc_flow *flow, fc_srcptr x, unsigned want,
                      fc_error *error) {
  fc_flow **parts = flow->state;
  size_t at = 0;
  for (size_t i = 0; i < fc_target_factor_count(flow->target); i++) {
    parts[i]->budget = flow->budget;
    fc_status status = fc_flow_eval(parts[i], x + at, want, error);
    if (status) {
      flow->reached = parts[i]->reached;
      return status;
    }
    gather(flow, parts[i], at, want);
    at += parts[i]->d;
  }
  return FC_OK;
}

const fc_flow_kind fc_flow_product = {bind, set_times, eval, release};
