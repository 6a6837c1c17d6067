#include "gif/flow_differences.h"

#include "gif/change_flow.h"
#include "gif/combination.h"
#include "gif/difference.h"

/* --- in x ----------------------------------------------------------------- */

/* What is shifted in differences of a flow. */
typedef struct shifted {
  fc_workspace *w;
  const fc_time *s;
  fc_ptr x;        /* d scratch: x + h e */
  fc_srcptr e;     /* d */
  fc_time time[1]; /* scratch: t + h */
} shifted;

/* An fc_shifted_function: X_{s,t}(x + h e). */
static fc_status shift_point(fc_ptr values, fc_ptr error, fc_srcptr h,
                             void *data) {
  shifted *at = data;
  fc_workspace *w = at->w;
  const fc_flow_value *value;
  fc_vec_set(at->x, w->x, w->d, w->ctx);
  for (size_t i = 0; i < w->d; i++)
    fc_addmul(at->x + i, h, at->e + i, w->ctx);
  fc_status status = fc_workspace_carry(&value, w, FC_FLOW_AUTO, at->s, w->time,
                                        at->x, FC_FLOW_POSITION);
  if (status)
    return status;
  fc_vec_set(values, value->x, w->d, w->ctx);
  fc_set(error, value->x_error, w->ctx);
  return FC_OK;
}

void fc_flow_direction(fc_ptr e, size_t d, const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++) {
    fc_set_si(e + i, 1, ctx);
    fc_div_si(e + i, e + i, (long)i + 1, ctx);
  }
}

fc_status fc_flow_difference(fc_ptr slope, fc_ptr error, fc_srcptr e, long unit,
                             fc_workspace *w) {
  fc_time from[1];
  shifted at = {.w = w, .s = from, .x = fc_vec_new(w->d, w->ctx), .e = e};
  if (!at.x)
    return FC_MEMORY;
  fc_change_start(from, w);
  fc_status status =
      fc_difference(slope, error, w->d, shift_point, &at, unit, w->ctx);
  fc_time_clear(from, w->ctx);
  fc_vec_free(at.x, w->d, w->ctx);
  return status;
}

/* jacobian (d) = grad X_{s,t}(x) e. */
static fc_status jacobian_times(fc_ptr jacobian, fc_ptr error, fc_srcptr e,
                                fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  const fc_flow_value *value;
  fc_time from[1];
  fc_change_start(from, w);
  fc_status status =
      fc_workspace_carry(&value, w, FC_FLOW_AUTO, from, w->time, w->x,
                         FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  fc_time_clear(from, ctx);
  if (status)
    return status;
  fc_vec_zero(jacobian, w->d, ctx);
  for (size_t i = 0; i < w->d; i++)
    for (size_t j = 0; j < w->d; j++)
      fc_addmul(jacobian + i, value->jacobian + i * w->d + j, e + j, ctx);
  fc_mul_si(error, value->jacobian_error, (long)w->d, ctx);
  return FC_OK;
}

fc_status fc_sides_jacobian(fc_ptr left, fc_ptr right, fc_ptr scale,
                            fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  if (fc_change_is_spared(w))
    return FC_DOMAIN;
  fc_ptr s = fc_vec_new(3 + 2 * w->d, ctx);
  fc_status status = s ? FC_OK : FC_MEMORY;
  fc_ptr size = s, error = s + 1, more = s + 2, e = s + 3,
         jacobian = s + 3 + w->d;
  if (status == FC_OK) {
    fc_flow_direction(e, w->d, ctx);
    status = jacobian_times(jacobian, more, e, w);
  }
  if (status == FC_OK) {
    fc_largest(size, jacobian, w->d, ctx);
    status =
        fc_flow_difference(left, error, e, fc_difference_unit(size, ctx), w);
  }
  if (status == FC_OK) {
    fc_add(error, error, more, ctx);
    fc_workspace_raise_error(w, error);
    fc_largest(size, jacobian, w->d, ctx);
    const fc_quantity quantities[] = {{"jacobian", jacobian, size}};
    status =
        fc_combine(right, w->d, scale, w, w->claim->formula, quantities, 1);
  }
  fc_vec_free(s, 3 + 2 * w->d, ctx);
  return status;
}

/* --- in t ----------------------------------------------------------------- */

/* An fc_shifted_function: grad X_{s,t+h}(x). */
static fc_status shift_time(fc_ptr values, fc_ptr error, fc_srcptr h,
                            void *data) {
  shifted *at = data;
  fc_workspace *w = at->w;
  const fc_flow_value *value;
  fc_add(at->time->t, w->time->t, h, w->ctx);
  fc_sub(at->time->r, w->time->r, h, w->ctx);
  fc_status status =
      fc_workspace_carry(&value, w, FC_FLOW_AUTO, at->s, at->time, w->x,
                         FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (status)
    return status;
  fc_vec_set(values, value->jacobian, w->d * w->d, w->ctx);
  fc_set(error, value->jacobian_error, w->ctx);
  return FC_OK;
}

/* product = grad v(t, X) A for A = grad X_{s,t}(x), X = X_{s,t}(x), and how far
 * it may be off. */
static fc_status velocity_times_flow(fc_ptr product, fc_ptr size, fc_ptr error,
                                     fc_workspace *w, const fc_time *s) {
  const fc_ctx *ctx = w->ctx;
  size_t d = w->d;
  const fc_flow_value *value;
  fc_num norm;
  fc_status status =
      fc_workspace_carry(&value, w, FC_FLOW_AUTO, s, w->time, w->x,
                         FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (status == FC_OK)
    status = fc_velocity_eval(w->velocity, value->x, FC_VELOCITY_JACOBIAN);
  if (status)
    return status;
  fc_srcptr J = fc_velocity_values(w->velocity)->jacobian;
  fc_vec_zero(product, d * d, ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t k = 0; k < d; k++)
      for (size_t j = 0; j < d; j++)
        fc_addmul(product + i * d + j, J + i * d + k,
                  value->jacobian + k * d + j, ctx);
  fc_init(norm, ctx);
  /* |J| error(A) + |A| |J| roughness error(X) + rounding */
  fc_largest(norm, J, d * d, ctx);
  fc_largest(size, value->jacobian, d * d, ctx);
  fc_mul_2exp_si(error, value->x_error, FC_ROUGHNESS_BITS, ctx);
  fc_mul(error, error, size, ctx);
  fc_add(error, error, value->jacobian_error, ctx);
  fc_mul(error, error, norm, ctx);
  fc_mul_si(error, error, (long)d, ctx);
  fc_mul(size, size, norm, ctx);
  fc_clear(norm, ctx);
  return FC_OK;
}

/* A flow that stands still has all sizes 0. */
static void at_least_one(fc_ptr size, fc_ptr temp, const fc_ctx *ctx) {
  fc_set_si(temp, 1, ctx);
  fc_max(size, size, temp, ctx);
}

fc_status fc_sides_variational(fc_ptr left, fc_ptr right, fc_ptr scale,
                               fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  size_t count = w->d * w->d;
  fc_time from[1];
  if (fc_change_is_spared(w))
    return FC_DOMAIN;
  fc_change_start(from, w);
  shifted at = {.w = w, .s = from};
  fc_time_init(at.time, ctx);
  fc_ptr s = fc_vec_new(3 + count, ctx);
  fc_status status = s ? FC_OK : FC_MEMORY;
  fc_ptr size = s, error = s + 1, more = s + 2, product = s + 3;
  if (status == FC_OK)
    status = velocity_times_flow(product, size, error, w, from);
  if (status == FC_OK)
    fc_largest(more, fc_velocity_values(w->velocity)->jacobian, count, ctx);
  if (status == FC_OK)
    status = fc_difference(left, more, count, shift_time, &at,
                           fc_difference_unit(more, ctx), ctx);
  if (status == FC_OK) {
    fc_add(error, error, more, ctx);
    fc_workspace_raise_error(w, error);
    at_least_one(size, more, ctx);
    const fc_quantity quantities[] = {{"product", product, size}};
    status =
        fc_combine(right, count, scale, w, w->claim->formula, quantities, 1);
  }
  fc_time_clear(at.time, ctx);
  fc_time_clear(from, ctx);
  fc_vec_free(s, 3 + count, ctx);
  return status;
}
