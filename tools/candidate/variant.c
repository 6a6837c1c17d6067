#include "candidate/variant.h"

#include <math.h>
#include <stdlib.h>

#include "flow/flow.h"
#include "velocity/velocity.h"

struct fc_variant_engine {
  fc_variant variant;
  fc_asked asked;
  size_t d;
  fc_ctx ctx[1];
  fc_velocity *velocity;
  fc_posterior *posterior;
  fc_flow *flow;
  fc_schedule_value at[1];
  fc_time s[1], t[1];
  fc_ptr x, a, b;
  double last_s, last_t; /* what is set; NaN: nothing */
  bool fits;
};

fc_variant fc_variant_plain(const fc_subject *subject) {
  return (fc_variant){.target = subject->target,
                      .schedule = subject->schedule,
                      .low = 0,
                      .high = 1,
                      .factor = 1};
}

static fc_output output_of(const fc_variant_engine *e) {
  if (e->variant.output != FC_OUTPUT_SAME)
    return e->variant.output;
  return e->asked == FC_ASKED_VELOCITY ? FC_OUTPUT_VELOCITY
         : e->asked == FC_ASKED_SCORE  ? FC_OUTPUT_SCORE
                                       : FC_OUTPUT_SAME;
}

fc_status fc_variant_new(fc_variant_engine **engine, const fc_variant *variant,
                         const fc_subject *subject) {
  fc_variant_engine *e = calloc(1, sizeof *e);
  if (!e)
    return FC_MEMORY;
  e->variant = *variant;
  e->asked = subject->asked;
  e->d = subject->d;
  e->last_s = e->last_t = NAN;
  fc_ctx_init_double(e->ctx);
  fc_schedule_value_init(e->at, e->ctx);
  fc_time_init(e->s, e->ctx);
  fc_time_init(e->t, e->ctx);
  e->x = fc_vec_new(e->d + 2, e->ctx);
  fc_status status = e->x ? FC_OK : FC_MEMORY;
  e->a = e->x + e->d;
  e->b = e->a + 1;
  bool flow = e->asked == FC_ASKED_FLOW && variant->output != FC_OUTPUT_POINT;
  bool plain = output_of(e) == FC_OUTPUT_VELOCITY && !variant->swapped;
  if (status == FC_OK && flow)
    status = fc_flow_new(&e->flow, variant->target, variant->schedule,
                         FC_FLOW_AUTO, e->ctx, NULL);
  else if (status == FC_OK && plain)
    status = fc_velocity_new(&e->velocity, variant->target, variant->schedule,
                             e->ctx, NULL);
  else if (status == FC_OK)
    status = fc_posterior_new(&e->posterior, variant->target, e->ctx, NULL);
  if (status == FC_OK)
    *engine = e;
  else
    fc_variant_free(e);
  return status;
}

void fc_variant_free(fc_variant_engine *e) {
  if (!e)
    return;
  fc_velocity_free(e->velocity);
  fc_posterior_free(e->posterior);
  fc_flow_free(e->flow);
  fc_schedule_value_clear(e->at, e->ctx);
  fc_time_clear(e->s, e->ctx);
  fc_time_clear(e->t, e->ctx);
  fc_vec_free(e->x, e->d + 2, e->ctx);
  free(e);
}

void fc_variant_clip(fc_variant_engine *e, double low, double high) {
  e->variant.low = low;
  e->variant.high = high;
  e->last_t = NAN;
}

static void set_time(fc_time *time, const fc_variant_engine *e, double t) {
  t = fmin(fmax(t, e->variant.low), e->variant.high);
  fc_time_set_d(time, t, e->variant.reversed, e->ctx);
}

static void set_times(fc_variant_engine *e, double s, double t) {
  bool backward = e->variant.output == FC_OUTPUT_BACKWARD;
  set_time(e->s, e, backward ? t : s);
  set_time(e->t, e, backward ? s : t);
  fc_status status = FC_OK;
  if (e->velocity)
    status = fc_velocity_set_time(e->velocity, e->t);
  else if (e->flow)
    status = fc_flow_set_times(e->flow, e->s, e->t, NULL);
  else
    status = fc_schedule_eval(e->at, e->variant.schedule, e->t, false, e->ctx);
  e->fits = status == FC_OK;
  e->last_s = s;
  e->last_t = t;
}

/* value = ratio x + slope times what the posterior gives. */
typedef struct blend {
  double ratio, slope;
  bool score; /* else the mean */
} blend;

/* E[a' Z + b' X_1 | X_t = x] with a and b in each other's place, in the form
 * that is stable: by moments where a is larger, else by the score. */
static blend swap_schedule(fc_variant_engine *e) {
  double a = fc_get_d(e->at->b, e->ctx), b = fc_get_d(e->at->a, e->ctx);
  double da = fc_get_d(e->at->db, e->ctx), db = fc_get_d(e->at->da, e->ctx);
  fc_set_d(e->a, a, e->ctx);
  fc_set_d(e->b, b, e->ctx);
  return a > b ? (blend){da / a, db - da * b / a, false}
               : (blend){db / b, a * (a * db - da * b) / b, true};
}

static fc_srcptr from_posterior(fc_variant_engine *e, blend *how) {
  fc_output output = output_of(e);
  *how = (blend){0, 1, output == FC_OUTPUT_SCORE};
  if (output == FC_OUTPUT_POINT)
    return e->x;
  if (e->variant.swapped) {
    blend velocity = swap_schedule(e);
    *how = output == FC_OUTPUT_VELOCITY ? velocity : *how;
  } else {
    fc_set(e->a, e->at->a, e->ctx);
    fc_set(e->b, e->at->b, e->ctx);
  }
  if (fc_posterior_eval(e->posterior, e->a, e->b, e->x,
                        how->score ? FC_WANT_SCORE : FC_WANT_MEAN) != FC_OK)
    return NULL;
  const fc_posterior_value *p = fc_posterior_values(e->posterior);
  return how->score ? p->score : p->mean;
}

void fc_variant_eval(double *value, fc_variant_engine *e, double s, double t,
                     const double *x) {
  fc_srcptr values = NULL;
  blend how = {0, 1, false};
  for (size_t k = 0; k < e->d; k++)
    fc_set_d(e->x + k, x[k], e->ctx);
  if (s != e->last_s || t != e->last_t)
    set_times(e, s, t);
  if (e->fits && e->velocity &&
      fc_velocity_eval(e->velocity, e->x, FC_VELOCITY) == FC_OK)
    values = fc_velocity_values(e->velocity)->velocity;
  else if (e->fits && e->flow &&
           fc_flow_eval(e->flow, e->x, FC_FLOW_POSITION, NULL) == FC_OK)
    values = fc_flow_values(e->flow)->x;
  else if (e->fits && e->posterior)
    values = from_posterior(e, &how);
  for (size_t k = 0; k < e->d; k++)
    value[k] =
        values ? e->variant.factor * (how.ratio * x[k] +
                                      how.slope * fc_get_d(values + k, e->ctx))
               : NAN;
}
