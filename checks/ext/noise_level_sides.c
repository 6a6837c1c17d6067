#include "ext/noise_level_sides.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gif/combination.h"
#include "gif/flow_cost.h"
#include "gif/flow_legs.h"
#include "gif/path.h"
#include "perturbed/trajectory.h"

enum { LOST_BITS = 44, LESS_BITS = 8, FAST_BITS = 36 };
enum { ROUGHNESS_BITS = 8, ROUNDING_BITS = 12 };

static const fc_perturbation noise = {.kind = FC_PERTURB_NOISE,
                                      .size = FC_NOISE_EPS};

static int variant_of(const fc_workspace *w) {
  return ((const fc_pointwise_detail *)w->claim->detail)->variant;
}

/* The schedule (k a, b) as a custom one. */
static fc_status new_louder(fc_schedule **louder, const fc_schedule *schedule) {
  fc_text a[1];
  fc_text_init(a);
  fc_text_printf(a, FC_NOISE_K "*(%s)", fc_schedule_text_a(schedule));
  const fc_schedule_parameter parameters[] = {
      {.key = "a", .text = a->data},
      {.key = "b", .text = fc_schedule_text_b(schedule)}};
  fc_status status =
      a->failed ? FC_MEMORY
                : fc_schedule_new(louder, "custom", parameters, 2, NULL, NULL);
  fc_text_clear(a);
  return status;
}

/* --- the field ------------------------------------------------------------ */

static fc_status eval_field(fc_ptr left, fc_workspace *w) {
  fc_perturbed *field = NULL;
  fc_status status = fc_perturbed_new(&field, w->job->instance->target,
                                      w->job->schedule, &noise, w->ctx, NULL);
  if (status == FC_OK)
    status = fc_perturbed_set_time(field, w->time);
  if (status == FC_OK)
    status = fc_perturbed_eval(field, w->x, false);
  if (status == FC_OK)
    fc_vec_set(left, fc_perturbed_values(field)->velocity, w->d, w->ctx);
  fc_perturbed_free(field);
  return status;
}

/* Both terms of v are as large as x a'/a, and cancel. */
static void set_scale(fc_ptr scale, fc_workspace *w, fc_srcptr left) {
  const fc_ctx *ctx = w->ctx;
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_num size;
  fc_init(size, ctx);
  fc_largest(scale, w->x, w->d, ctx);
  fc_add_si(scale, scale, 1, ctx);
  fc_div(size, at->da, at->a, ctx);
  fc_abs(size, size, ctx);
  fc_mul(scale, scale, size, ctx);
  fc_largest(size, left, w->d, ctx);
  fc_max(scale, scale, size, ctx);
  fc_clear(size, ctx);
}

fc_status fc_sides_noise_field(fc_ptr left, fc_ptr right, fc_ptr scale,
                               fc_workspace *w) {
  fc_schedule *louder = NULL;
  fc_velocity *velocity = NULL;
  fc_status status = new_louder(&louder, w->job->schedule);
  if (status == FC_OK)
    status = eval_field(left, w);
  if (status == FC_OK)
    status = fc_velocity_new(&velocity, w->job->instance->target,
                             variant_of(w) ? w->job->schedule : louder, w->ctx,
                             NULL);
  if (status == FC_OK)
    status = fc_velocity_set_time(velocity, w->time);
  if (status == FC_OK)
    status = fc_velocity_eval(velocity, w->x, FC_VELOCITY);
  if (status == FC_OK) {
    fc_vec_set(right, fc_velocity_values(velocity)->velocity, w->d, w->ctx);
    set_scale(scale, w, left);
  }
  fc_velocity_free(velocity);
  fc_schedule_free(louder);
  return status;
}

/* --- the flow ------------------------------------------------------------- */

/* left = Y_{0,1}(x); *error from a second run with fewer bits. */
static fc_status integrate_field(fc_ptr left, fc_ptr error, fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  fc_trajectory *trajectory = NULL;
  bool rough = ctx->kind == FC_DOUBLE || w->claim->kind == FC_KIND_CONTROL;
  long bits = rough ? FAST_BITS : ctx->precision - LOST_BITS;
  fc_num off;
  fc_init(off, ctx);
  fc_status status = fc_trajectory_new(&trajectory, w->job->instance->target,
                                       w->job->schedule, &noise, ctx, NULL);
  if (status == FC_OK)
    status = fc_trajectory_run(trajectory, w->x, bits);
  if (status == FC_OK) {
    fc_vec_set(left, fc_trajectory_values(trajectory)->y, w->d, ctx);
    status = fc_trajectory_run(trajectory, w->x, bits - LESS_BITS);
  }
  for (size_t i = 0; i < w->d && status == FC_OK; i++) {
    fc_sub(off, fc_trajectory_values(trajectory)->y + i, left + i, ctx);
    fc_abs(off, off, ctx);
    fc_max(error, error, off, ctx);
  }
  fc_largest(off, left, w->d, ctx);
  fc_add_si(off, off, 1, ctx);
  fc_mul_2exp_si(off, off, ROUNDING_BITS - ctx->precision, ctx);
  fc_add(error, error, off, ctx);
  fc_clear(off, ctx);
  fc_trajectory_free(trajectory);
  return status;
}

fc_status fc_sides_noise_flow(fc_ptr left, fc_ptr right, fc_ptr scale,
                              fc_workspace *w) {
  fc_legs legs[1];
  fc_schedule *louder = NULL;
  fc_num error;
  if (!fc_flow_is_judged_at(w))
    return FC_DOMAIN;
  fc_init(error, w->ctx);
  fc_status status = new_louder(&louder, w->job->schedule);
  fc_status made = fc_legs_init(legs, w);
  if (status == FC_OK)
    status = made;
  if (status == FC_OK)
    status = integrate_field(left, error, w);
  if (status == FC_OK)
    status = fc_legs_carry_other(legs, w->job->instance->target,
                                 variant_of(w) ? w->job->schedule : louder,
                                 FC_FLOW_AUTO, legs->start, legs->end);
  if (status == FC_OK) {
    fc_legs_arrive(right, legs);
    fc_largest(scale, right, w->d, w->ctx);
    fc_add_si(scale, scale, 1, w->ctx);
    fc_add(error, error, w->error, w->ctx);
    fc_workspace_raise_error(w, error);
  }
  fc_legs_clear(legs);
  fc_schedule_free(louder);
  fc_clear(error, w->ctx);
  return status;
}

/* --- the first order ------------------------------------------------------ */

typedef struct order {
  fc_workspace *w;
  fc_path path[1];
  fc_ctx series[1]; /* 1, h */
  fc_posterior *posterior;
  fc_num a, b; /* series */
  fc_ptr x;    /* d series */
  fc_ptr rate; /* d: (omega/a) (a d/da) M */
  fc_num temp, A;
} order;

static void order_clear(order *o) {
  const fc_workspace *w = o->w;
  fc_path_clear(o->path);
  fc_posterior_free(o->posterior);
  fc_clear(o->a, o->series);
  fc_clear(o->b, o->series);
  fc_vec_free(o->x, w->d, o->series);
  fc_vec_free(o->rate, w->d, w->ctx);
  fc_clear(o->temp, w->ctx);
  fc_clear(o->A, w->ctx);
}

static fc_status order_init(order *o, fc_workspace *w) {
  memset(o, 0, sizeof *o);
  o->w = w;
  fc_ctx_init_series(o->series, w->ctx, 2);
  fc_init(o->a, o->series);
  fc_init(o->b, o->series);
  fc_init(o->temp, w->ctx);
  fc_init(o->A, w->ctx);
  o->x = fc_vec_new(w->d, o->series);
  o->rate = fc_vec_new(w->d, w->ctx);
  fc_status status = fc_path_init(o->path, w);
  if (!o->x || !o->rate)
    return FC_MEMORY;
  return status ? status
                : fc_posterior_new(&o->posterior, w->job->instance->target,
                                   o->series, NULL);
}

/* rate at X_s, from M(a (1 + h), b; X_s) in power series: nothing is known of
 * its derivative. */
static fc_status set_rate(order *o, fc_srcptr x) {
  fc_workspace *w = o->w;
  const fc_ctx *ctx = w->ctx;
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_set_si(o->temp, 0, ctx);
  fc_series_set_linear(o->a, at->a, at->a, o->series);
  fc_series_set_linear(o->b, at->b, o->temp, o->series);
  for (size_t i = 0; i < w->d; i++)
    fc_series_set_linear(o->x + i, x + i, o->temp, o->series);
  fc_status status =
      fc_posterior_eval(o->posterior, o->a, o->b, o->x, FC_WANT_MEAN);
  fc_div(o->temp, at->omega, at->a, ctx);
  for (size_t i = 0; i < w->d && status == FC_OK; i++)
    fc_mul(o->rate + i,
           fc_series_coeff_src(fc_posterior_values(o->posterior)->mean + i, 1),
           o->temp, ctx);
  return status;
}

/* How far A rate may be off. */
static void set_error(fc_ptr error, order *o, const fc_flow_value *value,
                      fc_srcptr x_error) {
  const fc_ctx *ctx = o->w->ctx;
  size_t d = o->w->d;
  fc_largest(o->A, value->jacobian, d * d, ctx);
  fc_largest(o->temp, o->rate, d, ctx);
  fc_mul(error, value->jacobian_error, o->temp, ctx);
  fc_add_si(o->temp, o->temp, 1, ctx);
  fc_mul(o->A, o->A, o->temp, ctx);
  fc_mul_2exp_si(o->temp, o->A, ROUNDING_BITS - ctx->precision, ctx);
  fc_add(error, error, o->temp, ctx);
  fc_mul(o->A, o->A, x_error, ctx);
  fc_mul_2exp_si(o->A, o->A, ROUGHNESS_BITS, ctx);
  fc_add(error, error, o->A, ctx);
  fc_mul_si(error, error, (long)d, ctx);
}

/* An fc_time_integrand. */
static fc_status integrand(fc_ptr values, fc_ptr error, const fc_time *s,
                           size_t place, void *data) {
  order *o = data;
  fc_workspace *w = o->w;
  const fc_flow_value *value;
  fc_srcptr x, x_error;
  size_t d = w->d;
  fc_status status = fc_path_visit(&x, &x_error, o->path, s, place);
  if (status == FC_OK)
    status = set_rate(o, x);
  if (status == FC_OK)
    status = fc_workspace_carry(&value, w, FC_FLOW_AUTO, s, w->time, x,
                                FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (status)
    return status;
  fc_vec_zero(values, d, w->ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      fc_addmul(values + i, value->jacobian + i * d + j, o->rate + j, w->ctx);
  set_error(error, o, value, x_error);
  return FC_OK;
}

/* score = a^2 s at a time and point. */
static fc_status score_at(fc_ptr score, fc_workspace *w, const fc_time *time,
                          fc_srcptr x) {
  fc_status status = fc_velocity_set_time(w->velocity, time);
  if (status)
    return status;
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  status = fc_posterior_eval(posterior, at->a, at->b, x, FC_WANT_SCORE);
  for (size_t i = 0; i < w->d && status == FC_OK; i++) {
    fc_mul(score + i, fc_posterior_values(posterior)->score + i, at->a, w->ctx);
    fc_mul(score + i, score + i, at->a, w->ctx);
  }
  return status;
}

/* right = a_0^2 grad X s_0 - a_t^2 s_t, scale the size of both, and errors. */
static fc_status end_terms(fc_ptr right, fc_ptr scale, fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  const fc_flow_value *value;
  size_t d = w->d;
  int variant = variant_of(w);
  fc_time zero[1];
  fc_ptr first = fc_vec_new(2 * d + 2, ctx);
  if (!first)
    return FC_MEMORY;
  fc_ptr last = first + d, size = last + d;
  fc_time_init(zero, ctx);
  fc_time_set_d(zero, 0, false, ctx);
  fc_status status =
      fc_workspace_carry(&value, w, FC_FLOW_AUTO, zero, w->time, w->x,
                         FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (status == FC_OK)
    status = score_at(first, w, zero, w->x);
  if (status == FC_OK)
    status = score_at(last, w, w->time, value->x);
  fc_vec_zero(right, d, ctx);
  for (size_t i = 0; i < d && status == FC_OK; i++) {
    for (size_t j = 0; j < d && variant != 1; j++)
      fc_addmul(right + i, value->jacobian + i * d + j, first + j, ctx);
    if (variant != 2)
      fc_sub(right + i, right + i, last + i, ctx);
  }
  if (status == FC_OK) {
    fc_largest(scale, value->jacobian, d * d, ctx);
    fc_largest(size, first, d, ctx);
    fc_mul(scale, scale, size, ctx);
    fc_mul(size, size, value->jacobian_error, ctx);
    fc_mul_2exp_si(size + 1, value->x_error, ROUGHNESS_BITS, ctx);
    fc_add(size, size, size + 1, ctx);
    fc_workspace_raise_error(w, size);
    fc_largest(size, last, d, ctx);
    fc_add(scale, scale, size, ctx);
  }
  fc_time_clear(zero, ctx);
  fc_vec_free(first, 2 * d + 2, ctx);
  return status;
}

static double time_of(const fc_workspace *w) {
  return w->d > 1 || fc_flow_is_dear(w->job) ? 0.0625 : 0.25;
}

fc_status fc_sides_noise_first_order(fc_ptr left, fc_ptr right, fc_ptr scale,
                                     fc_workspace *w) {
  order o[1];
  fc_time zero[1];
  fc_num error;
  if (!fc_flow_is_judged_at(w) || fc_get_d(w->time->t, w->ctx) != time_of(w))
    return FC_DOMAIN;
  fc_time_init(zero, w->ctx);
  fc_init(error, w->ctx);
  fc_time_set_d(zero, 0, false, w->ctx);
  fc_status status = order_init(o, w);
  if (status == FC_OK)
    status = end_terms(right, scale, w);
  if (status == FC_OK)
    status = fc_time_integrate(
        left, error, w->d, integrand, o, w, zero,
        fc_time_bits(w, w->claim->kind == FC_KIND_CONTROL), scale);
  if (status == FC_OK) {
    fc_add(error, error, w->error, w->ctx);
    fc_workspace_raise_error(w, error);
  }
  fc_status back = fc_velocity_set_time(w->velocity, w->time);
  order_clear(o);
  fc_time_clear(zero, w->ctx);
  fc_clear(error, w->ctx);
  return status ? status : back;
}
