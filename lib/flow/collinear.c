/* The flow of equal isotropic components whose means lie on a line, m_k = m_0 +
 * c_k eta: nothing couples the coordinate along the line, which moves by the
 * exact map of the law sum_k w_k N(c_k, s^2/|eta|^2) under the noise Z/|eta|,
 * with those across, which are Gaussian and stretch by sqrt(V_t/V_s), V = a^2 +
 * s^2 b^2.
 */
#include <stdlib.h>

#include "flow/field.h"
#include "flow/flow_impl.h"
#include "flow/line_map.h"

typedef struct collinear {
  fc_target *line;
  fc_line_map map[1];
  bool made; /* the map is */
  fc_ptr storage;
  fc_ptr base, eta, across; /* d each: m_0, eta, what is off the line */
  fc_ptr square, sigma2;    /* |eta|^2, s^2 */
  fc_ptr a_s, a_t;          /* a/|eta| at s and t */
  fc_ptr stretch;           /* sqrt(V_t/V_s) */
  fc_ptr stretch_error;
  fc_ptr temp; /* 3 */
} collinear;

static size_t storage_count(size_t d) { return 3 * d + 9; }

static fc_status set_line(collinear *c, fc_flow *flow, size_t tip) {
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  fc_target_isotropic_get(c->base, c->temp, flow->target, 0, ctx);
  fc_target_isotropic_get(c->eta, c->temp, flow->target, tip, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_sub(c->eta + i, c->eta + i, c->base + i, ctx);
    fc_addmul(c->square, c->eta + i, c->eta + i, ctx);
  }
  if (!fc_target_has_density(flow->target))
    return FC_OK; /* atoms: s = 0 */
  fc_status status =
      fc_target_constant(c->sigma2, NULL, NULL, flow->target, FC_SIGMA, ctx);
  fc_sqr(c->sigma2, c->sigma2, ctx);
  return status;
}

static fc_status bind(fc_flow *flow, fc_error *error) {
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d, tip;
  collinear *c = calloc(1, sizeof *c);
  if (!c)
    return fc_fail(error, FC_MEMORY, "out of memory");
  flow->state = c;
  fc_status status = fc_target_line(&c->line, &tip, flow->target, error);
  if (status)
    return status;
  c->storage = fc_vec_new(storage_count(d), ctx);
  if (!c->storage)
    return fc_fail(error, FC_MEMORY, "out of memory");
  c->base = c->storage;
  c->eta = c->base + d;
  c->across = c->eta + d;
  c->square = c->across + d;
  c->sigma2 = c->square + 1;
  c->a_s = c->sigma2 + 1;
  c->a_t = c->a_s + 1;
  c->stretch = c->a_t + 1;
  c->stretch_error = c->stretch + 1;
  c->temp = c->stretch_error + 1;
  status = set_line(c, flow, tip);
  if (status)
    return fc_fail(error, status, "the line of the means has no values");
  c->made = true;
  return fc_line_map_init(c->map, c->line, ctx, error);
}

static void release(fc_flow *flow) {
  collinear *c = flow->state;
  if (c->made)
    fc_line_map_clear(c->map);
  fc_target_free(c->line);
  if (c->storage)
    fc_vec_free(c->storage, storage_count(flow->d), &flow->ctx);
  free(c);
}

static fc_status set_times(fc_flow *flow, fc_error *error) {
  collinear *c = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  fc_component_variance(c->stretch, flow->to, c->sigma2, ctx);
  fc_component_variance(c->temp, flow->from, c->sigma2, ctx);
  fc_div(c->stretch, c->stretch, c->temp, ctx);
  fc_sqrt(c->stretch, c->stretch, ctx);
  if (ctx->kind != FC_ARB)
    fc_mul_2exp_si(c->stretch_error, c->stretch, 6 - ctx->precision, ctx);
  fc_sqrt(c->temp, c->square, ctx);
  fc_div(c->a_s, flow->from->a, c->temp, ctx);
  fc_div(c->a_t, flow->to->a, c->temp, ctx);
  return fc_flow_needs_density(flow, error);
}

/* temp = (x - b_s m_0).eta/|eta|^2, across = the rest of x - b_s m_0. */
static void split(collinear *c, const fc_flow *flow, fc_srcptr x) {
  const fc_ctx *ctx = &flow->ctx;
  fc_set_si(c->temp, 0, ctx);
  for (size_t i = 0; i < flow->d; i++) {
    fc_set(c->across + i, x + i, ctx);
    fc_submul(c->across + i, flow->from->b, c->base + i, ctx);
    fc_addmul(c->temp, c->across + i, c->eta + i, ctx);
  }
  fc_div(c->temp, c->temp, c->square, ctx);
  for (size_t i = 0; i < flow->d; i++)
    fc_submul(c->across + i, c->temp, c->eta + i, ctx);
}

/* X = b_t m_0 + X_line eta + stretch across, and in balls what follows from the
 * map's radii. */
static void join(fc_flow *flow, const collinear *c) {
  const fc_ctx *ctx = &flow->ctx;
  for (size_t i = 0; i < flow->d; i++) {
    fc_ptr x = flow->value.x + i;
    fc_mul(x, flow->to->b, c->base + i, ctx);
    fc_addmul(x, c->map->x, c->eta + i, ctx);
    fc_addmul(x, c->stretch, c->across + i, ctx);
  }
}

/* stretch I + (slope - stretch) eta eta^T/|eta|^2 */
static void set_jacobian(fc_flow *flow, collinear *c) {
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  fc_sub(c->temp, c->map->slope, c->stretch, ctx);
  fc_div(c->temp, c->temp, c->square, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_mul(c->temp + 1, c->temp, c->eta + i, ctx);
    for (size_t j = 0; j < d; j++)
      fc_mul(flow->value.jacobian + i * d + j, c->temp + 1, c->eta + j, ctx);
    fc_add(flow->value.jacobian + i * (d + 1),
           flow->value.jacobian + i * (d + 1), c->stretch, ctx);
  }
}

/* error += size 2^(10 - precision) */
static void add_rounding(fc_ptr error, fc_ptr size, const fc_ctx *ctx) {
  fc_mul_2exp_si(size, size, 10 - ctx->precision, ctx);
  fc_add(error, error, size, ctx);
}

static void set_errors(fc_flow *flow, collinear *c, fc_srcptr x) {
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  if (ctx->kind == FC_ARB)
    return;
  fc_ptr error = flow->value.x_error, size = c->temp, most = c->temp + 1;
  fc_ptr part = c->temp + 2;
  fc_sqrt(most, c->square, ctx);
  fc_mul(error, c->map->x_error, most, ctx);
  /* X = b_t m_0 + X_line eta + stretch across: the terms, not their sum */
  fc_abs(size, c->map->x, ctx);
  fc_mul(size, size, most, ctx);
  fc_largest_magnitude(part, c->base, d, ctx);
  fc_addmul(size, part, flow->to->b, ctx);
  fc_max(most, c->stretch, c->map->slope, ctx);
  fc_mul(part, part, flow->from->b, ctx);
  fc_mul(part, part, most, ctx);
  fc_add(size, size, part, ctx);
  fc_largest_magnitude(part, x, d, ctx);
  fc_addmul(size, part, most, ctx);
  add_rounding(error, size, ctx);
  fc_set(flow->value.jacobian_error, c->map->slope_error, ctx);
  add_rounding(flow->value.jacobian_error, most, ctx);
}

static fc_status eval(fc_flow *flow, fc_srcptr x, unsigned want,
                      fc_error *error) {
  collinear *c = flow->state;
  split(c, flow, x);
  fc_status status = fc_line_map_eval(c->map, c->a_s, flow->from->b, c->a_t,
                                      flow->to->b, c->temp, error);
  if (status)
    return status;
  join(flow, c);
  if (want & FC_FLOW_JACOBIAN)
    set_jacobian(flow, c);
  set_errors(flow, c, x);
  return FC_OK;
}

void fc_collinear_get_stretch(fc_flow_stretch *stretch, const fc_flow *flow) {
  const collinear *c = flow->state;
  *stretch = (fc_flow_stretch){c->map->slope, c->map->slope_error, c->stretch,
                               c->stretch_error};
}

const fc_flow_kind fc_flow_collinear = {bind, set_times, eval, release};
