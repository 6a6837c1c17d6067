#include "gif/well_posedness_sides.h"

#include <math.h>
#include <string.h>

#include "claims/bound.h"
#include "claims/decision.h"
#include "gif/flow_hypotheses.h"
#include "gif/flow_legs.h"
#include "gif/hypotheses.h"
#include "gif/push_forward.h"

static const fc_pointwise_detail *detail_of(const fc_workspace *w) {
  return w->claim->detail;
}

fc_status fc_sides_push(fc_ptr left, fc_ptr right, fc_ptr scale,
                        fc_workspace *w) {
  fc_legs legs[1];
  fc_status status = fc_legs_init(legs, w);
  if (status == FC_OK)
    status = fc_push_forward(left, right, scale, w, legs->start, legs->now,
                             (fc_push_alteration)detail_of(w)->variant);
  fc_legs_clear(legs);
  return status;
}

fc_status fc_sides_early_push(fc_ptr left, fc_ptr right, fc_ptr scale,
                              fc_workspace *w) {
  if (fc_get_d(w->time->r, w->ctx) < 0x1p-4)
    return FC_DOMAIN;
  return fc_sides_push(left, right, scale, w);
}

/* --- one trajectory ------------------------------------------------------- */

/* x[i] += (1 + |x[i]|)/2^20 */
static void move(fc_ptr x, size_t d, const fc_ctx *ctx) {
  fc_num step;
  fc_init(step, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_abs(step, x + i, ctx);
    fc_add_si(step, step, 1, ctx);
    fc_mul_2exp_si(step, step, -20, ctx);
    fc_add(x + i, x + i, step, ctx);
  }
  fc_clear(step, ctx);
}

fc_status fc_sides_unique(fc_ptr left, fc_ptr right, fc_ptr scale,
                          fc_workspace *w) {
  fc_legs legs[1];
  (void)scale;
  fc_status status = fc_legs_init(legs, w);
  if (status == FC_OK)
    status =
        fc_legs_carry(legs, fc_unrelated_method(w), legs->start, legs->now);
  if (status == FC_OK) {
    fc_legs_arrive(left, legs);
    fc_legs_begin(legs, w->x);
    if (detail_of(w)->variant)
      move(legs->x, w->d, w->ctx);
    status = fc_legs_carry(legs, fc_integrator(w), legs->start, legs->now);
  }
  if (status == FC_OK) {
    fc_legs_arrive(right, legs);
    status = fc_legs_check(w, left, right, w->d, false);
  }
  fc_legs_clear(legs);
  return status;
}

/* x = X_{0,t}(x) by the method in binary64, and its stated error. */
static fc_status carry_double(fc_ptr x, double *error, fc_workspace *w,
                              fc_flow_method method, const fc_time *t,
                              const fc_ctx *ctx) {
  fc_flow *flow = NULL;
  fc_time start[1];
  const fc_job *job = w->job;
  fc_status status = fc_flow_new(&flow, job->instance->target, job->schedule,
                                 method, ctx, NULL);
  if (status)
    return status == FC_UNSUPPORTED ? FC_DOMAIN : status;
  fc_time_init(start, ctx);
  fc_time_set_d(start, 0, false, ctx);
  status = fc_flow_set_times(flow, start, t, NULL);
  if (status == FC_OK)
    status = fc_workspace_eval_flow(w, flow, x, FC_FLOW_POSITION);
  if (status == FC_OK) {
    fc_vec_set(x, fc_flow_values(flow)->x, w->d, ctx);
    *error = fc_get_d(fc_flow_values(flow)->x_error, ctx);
  }
  fc_time_clear(start, ctx);
  fc_flow_free(flow);
  return status;
}

/* *distance = the largest distance of a coordinate over the stated errors. */
static fc_status distance(double *units, fc_workspace *w, fc_ptr x, fc_ptr y,
                          const fc_ctx *plain) {
  fc_time t[1];
  double first, second, far = 0;
  fc_time_init(t, plain);
  fc_time_convert(t, plain, w->time, w->ctx);
  for (size_t i = 0; i < w->d; i++)
    fc_convert(x + i, plain, w->x + i, w->ctx);
  fc_vec_set(y, x, w->d, plain);
  if (detail_of(w)->variant)
    move(y, w->d, plain);
  fc_status status = carry_double(x, &first, w, FC_FLOW_GSL, t, plain);
  if (status == FC_OK)
    status = carry_double(y, &second, w, FC_FLOW_AUTO, t, plain);
  for (size_t i = 0; i < w->d && status == FC_OK; i++)
    far = fmax(far, fabs(fc_get_d(x + i, plain) - fc_get_d(y + i, plain)));
  /* An error that is not finite says nothing: all would agree within it. */
  if (status == FC_OK && !isfinite(first + second))
    status = FC_DOMAIN;
  if (status == FC_OK)
    *units = far > 0 ? far / (first + second) : 0;
  fc_time_clear(t, plain);
  return status;
}

fc_status fc_sides_gsl(fc_ptr left, fc_ptr right, fc_ptr scale,
                       fc_workspace *w) {
  fc_ctx plain[1];
  double units = 0;
  (void)scale;
  if (w->ctx->kind == FC_ARB) /* about numbers of binary64 alone */
    return FC_DOMAIN;
  fc_ctx_init_double(plain);
  fc_ptr x = fc_vec_new(w->d, plain), y = fc_vec_new(w->d, plain);
  fc_status status = x && y ? distance(&units, w, x, y, plain) : FC_MEMORY;
  fc_set_d(left, units, w->ctx);
  fc_set_si(right, 1, w->ctx);
  fc_vec_free(x, w->d, plain);
  fc_vec_free(y, w->d, plain);
  return status;
}

/* A sink that passes records on, with the verdict that they deserve. */
typedef struct filter {
  const fc_job *job;
  bool in_double;
} filter;

static fc_status pass(void *sink, fc_record *record) {
  const filter *f = sink;
  fc_status status = FC_OK;
  if (f->in_double && record->basis != FC_BASIS_NONE)
    record->basis = FC_BASIS_DOUBLE;
  if (record->kind != FC_KIND_CONTROL && record->verdict == FC_VERDICT_VIOLATED)
    status = fc_record_reason(record, FC_VERDICT_ERROR,
                              "two ways to solve the equation disagree beyond "
                              "their stated errors");
  return status ? status : f->job->emit(f->job->sink, record);
}

fc_status fc_measure_unique(const fc_job *job, const fc_claim *claim,
                            fc_error *error) {
  filter f = {job, strstr(claim->name, "gsl") != NULL};
  fc_job filtered = *job;
  filtered.emit = pass;
  filtered.sink = &f;
  return fc_pointwise_measure(&filtered, claim, error);
}

/* --- growth --------------------------------------------------------------- */

static void norm(fc_ptr z, fc_srcptr x, size_t d, const fc_ctx *ctx) {
  fc_num square;
  fc_init(square, ctx);
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_sqr(square, x + i, ctx);
    fc_add(z, z, square, ctx);
  }
  fc_sqrt(z, z, ctx);
  fc_clear(square, ctx);
}

/* z = |v(t, x)| */
static fc_status speed(fc_ptr z, fc_workspace *w, fc_srcptr x) {
  fc_status status = fc_velocity_eval(w->velocity, x, FC_VELOCITY);
  if (status == FC_OK)
    norm(z, fc_velocity_values(w->velocity)->velocity, w->d, w->ctx);
  return status;
}

/* z = max(z, |the bound's value|) */
static fc_status raise_to_bound(fc_ptr z, const char *text, fc_workspace *w) {
  fc_num value;
  fc_init(value, w->ctx);
  fc_status status = fc_environment_eval_text(value, w->environment, text);
  fc_abs(value, value, w->ctx);
  fc_max(z, z, value, w->ctx);
  fc_clear(value, w->ctx);
  return status;
}

fc_status fc_sides_growth(fc_ptr left, fc_ptr right, fc_ptr scale,
                          fc_workspace *w) {
  const fc_pointwise_detail *detail = detail_of(w);
  fc_num size;
  fc_ptr origin = fc_vec_new(w->d, w->ctx);
  fc_init(size, w->ctx);
  fc_status status = origin ? speed(right, w, origin) : FC_MEMORY;
  for (int i = 0; i < 2 && status == FC_OK; i++)
    status = raise_to_bound(right, detail->text[i], w);
  if (status == FC_OK)
    status = speed(left, w, w->x);
  norm(size, w->x, w->d, w->ctx);
  fc_add_si(size, size, 1, w->ctx);
  if (!detail->variant)
    fc_mul(right, right, size, w->ctx);
  /* Where nothing moves, what a change of shape would do. */
  if (status == FC_OK)
    status = raise_to_bound(scale, FC_SCALE_TEXT, w);
  fc_mul(scale, scale, size, w->ctx);
  fc_max(scale, scale, right, w->ctx);
  fc_clear(size, w->ctx);
  fc_vec_free(origin, w->d, w->ctx);
  return status;
}

const char *fc_control_mixture_growth(const fc_job *job) {
  double sigma = 0, radius = 0;
  const char *reason = fc_needs_component_ball(job);
  if (!reason)
    reason = fc_control_volume_change(job);
  fc_job_constant(&sigma, job, FC_SIGMA);
  fc_job_constant(&radius, job, FC_R);
  if (!reason && radius > 8 * sigma)
    reason = "the points do not reach out to where |v| exceeds the bound";
  return reason;
}
