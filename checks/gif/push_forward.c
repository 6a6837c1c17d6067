#include "gif/push_forward.h"

#include "gif/flow_legs.h"
#include "matrix/matrix.h"

enum { WANT = FC_WANT_LOG_DENSITY | FC_WANT_SCORE };

/* The tails alone are looked at where the derivative of an integrated flow
 * would be dear. */
static bool tails_only(const fc_job *job) {
  return !fc_is_elementary(job->instance->target);
}

size_t fc_push_forward_length(const fc_job *job) {
  return fc_target_dimension(job->instance->target) == 1 && !tails_only(job)
             ? 2
             : 1;
}

const char *fc_push_forward_refuses(const fc_job *job) {
  return tails_only(job) && fc_target_dimension(job->instance->target) > 1
             ? "too dear: beyond the line the derivative of an integrated flow "
               "is needed"
             : NULL;
}

/* One evaluation: the flow's result and the laws at both times. */
typedef struct push {
  fc_workspace *w;
  const fc_ctx *ctx;
  const fc_flow_value *to;
  fc_schedule_value at_s[1], at_t[1];
  fc_num below, above, error, temp;
} push;

static void push_init(push *p, fc_workspace *w) {
  *p = (push){.w = w, .ctx = w->ctx};
  fc_schedule_value_init(p->at_s, p->ctx);
  fc_schedule_value_init(p->at_t, p->ctx);
  fc_init(p->below, p->ctx);
  fc_init(p->above, p->ctx);
  fc_init(p->error, p->ctx);
  fc_init(p->temp, p->ctx);
}

static void push_clear(push *p) {
  fc_schedule_value_clear(p->at_s, p->ctx);
  fc_schedule_value_clear(p->at_t, p->ctx);
  fc_clear(p->below, p->ctx);
  fc_clear(p->above, p->ctx);
  fc_clear(p->error, p->ctx);
  fc_clear(p->temp, p->ctx);
}

/* X and grad X, and the schedule at both times. */
static fc_status carry(push *p, const fc_time *s, const fc_time *t,
                       fc_push_alteration alteration, bool derivative) {
  unsigned want = FC_FLOW_POSITION | (derivative ? FC_FLOW_JACOBIAN : 0);
  const fc_schedule *schedule = p->w->job->schedule;
  fc_status status = fc_workspace_carry(&p->to, p->w, fc_integrator(p->w), s, t,
                                        p->w->x, want);
  if (status == FC_OK)
    status = fc_schedule_eval(p->at_s, schedule, s, false, p->ctx);
  if (status == FC_OK)
    status = fc_schedule_eval(p->at_t, schedule, t, false, p->ctx);
  if (status)
    return status;
  if (alteration == FC_PUSH_WIDER) {
    fc_set_d(p->temp, 1 + 0x1p-16, p->ctx);
    fc_mul(p->at_t->a, p->at_t->a, p->temp, p->ctx);
  }
  return FC_OK;
}

/* error += size * by */
static void add_error(push *p, fc_srcptr size, fc_srcptr by) {
  fc_abs(p->temp, size, p->ctx);
  fc_addmul(p->error, p->temp, by, p->ctx);
}

/* left = log p_t(X) + log |det grad X|, right = log p_s(x) */
static fc_status densities(fc_ptr left, fc_ptr right, push *p,
                           fc_push_alteration alteration) {
  const fc_ctx *ctx = p->ctx;
  fc_posterior *posterior = fc_velocity_posterior(p->w->velocity);
  const fc_posterior_value *law = fc_posterior_values(posterior);
  fc_status status = fc_posterior_eval(posterior, p->at_s->a, p->at_s->b,
                                       p->w->x, FC_WANT_LOG_DENSITY);
  if (status)
    return status;
  fc_set(right, law->log_density, ctx);
  status = fc_posterior_eval(posterior, p->at_t->a, p->at_t->b, p->to->x, WANT);
  if (status)
    return status;
  fc_set(left, law->log_density, ctx);
  for (size_t i = 0; i < p->w->d; i++)
    add_error(p, law->score + i, p->to->x_error);
  if (alteration == FC_PUSH_NO_DETERMINANT)
    return FC_OK;
  status = fc_matrix_log_determinant(p->below, p->above, p->to->jacobian,
                                     p->to->jacobian_error, p->w->d, ctx);
  fc_add(left, left, p->below, ctx);
  fc_add(p->error, p->error, p->above, ctx);
  return status;
}

/* left = log F_t(X), right = log F_s(x), F the smaller tail at x */
static fc_status tails(fc_ptr left, fc_ptr right, push *p) {
  const fc_ctx *ctx = p->ctx;
  fc_posterior *posterior = fc_velocity_posterior(p->w->velocity);
  const fc_posterior_value *law = fc_posterior_values(posterior);
  fc_status status = fc_posterior_cdf(p->below, p->above, posterior, p->at_s->a,
                                      p->at_s->b, p->w->x, NULL);
  if (status)
    return status;
  bool lower = fc_cmp_mid(p->below, p->above, ctx) < 0;
  fc_log(right, lower ? p->below : p->above, ctx);
  status = fc_posterior_cdf(p->below, p->above, posterior, p->at_t->a,
                            p->at_t->b, p->to->x, NULL);
  if (status == FC_OK)
    status = fc_posterior_eval(posterior, p->at_t->a, p->at_t->b, p->to->x,
                               FC_WANT_LOG_DENSITY);
  if (status)
    return status;
  fc_log(left, lower ? p->below : p->above, ctx);
  fc_sub(p->temp, law->log_density, left, ctx); /* d log F = p/F dx */
  fc_exp(p->temp, p->temp, ctx);
  fc_addmul(p->error, p->temp, p->to->x_error, ctx);
  return FC_OK;
}

fc_status fc_push_forward(fc_ptr left, fc_ptr right, fc_ptr scale,
                          fc_workspace *w, const fc_time *s, const fc_time *t,
                          fc_push_alteration alteration) {
  push p[1];
  size_t length = fc_push_forward_length(w->job);
  push_init(p, w);
  bool by_density = !tails_only(w->job) || alteration == FC_PUSH_NO_DETERMINANT;
  fc_status status = carry(p, s, t, alteration, by_density);
  if (status == FC_OK && by_density)
    status = densities(left, right, p, alteration);
  if (status == FC_OK && (!by_density || length > 1))
    status = tails(left + by_density, right + by_density, p);
  fc_set_si(scale, 1, p->ctx); /* logarithms: absolutely, if they are small */
  for (size_t i = 0; i < length && status == FC_OK; i++) {
    fc_abs(p->temp, right + i, p->ctx);
    fc_max(scale, scale, p->temp, p->ctx);
  }
  fc_workspace_raise_error(w, p->error);
  push_clear(p);
  return status ? status : fc_legs_check(w, left, right, length, true);
}
