/* The flow on the line without an equation: see line_map.h. */
#include <stdlib.h>

#include "flow/flow_impl.h"
#include "flow/line_map.h"

static fc_status bind(fc_flow *flow, fc_error *error) {
  const fc_ctx *ctx = &flow->ctx;
  if (flow->d != 1)
    return fc_fail(error, FC_UNSUPPORTED, "the exact map is for the line");
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR && ctx->kind != FC_ARB)
    return fc_fail(error, FC_UNSUPPORTED, "the exact map needs real numbers");
  fc_line_map *map = calloc(1, sizeof *map);
  if (!map)
    return fc_fail(error, FC_MEMORY, "out of memory");
  flow->state = map;
  return fc_line_map_init(map, flow->target, ctx, error);
}

static void release(fc_flow *flow) {
  fc_line_map_clear(flow->state);
  free(flow->state);
}

static fc_status eval(fc_flow *flow, fc_srcptr x, unsigned want,
                      fc_error *error) {
  fc_line_map *map = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  (void)want;
  fc_status status = fc_line_map_eval(map, flow->from->a, flow->from->b,
                                      flow->to->a, flow->to->b, x, error);
  if (status)
    return status;
  fc_set(flow->value.x, map->x, ctx);
  fc_set(flow->value.jacobian, map->slope, ctx);
  fc_set(flow->value.x_error, map->x_error, ctx);
  fc_set(flow->value.jacobian_error, map->slope_error, ctx);
  return FC_OK;
}

const fc_flow_kind fc_flow_exact = {bind, fc_flow_needs_density, eval, release};
