/* dX/dt = v(t, X), (3.10), as it is written, for each schedule. */
#include <math.h>
#include <stdlib.h>

#include "flow/newton.h"
#include "velocity/velocity.h"

typedef struct source {
  fc_velocity *velocity;
  fc_time base, time[1]; /* t_0 in the base context, t_0 + h */
} source;

static fc_status side_bind(fc_level *level, const fc_target *target,
                           const fc_schedule *schedule) {
  source *s = calloc(1, sizeof *s);
  if (!s)
    return FC_MEMORY;
  level->source = s;
  fc_time_init(&s->base, level->series->base);
  fc_time_init(s->time, level->series);
  return fc_velocity_new(&s->velocity, target, schedule, level->series, NULL);
}

static void side_release(fc_level *level) {
  source *s = level->source;
  if (!s)
    return;
  fc_time_clear(&s->base, level->series->base);
  fc_time_clear(s->time, level->series);
  fc_velocity_free(s->velocity);
  free(s);
}

static fc_status side_eval(fc_level *level, fc_srcptr tau, fc_srcptr co) {
  source *s = level->source;
  size_t d = level->d;
  fc_set(s->base.t, tau, level->series->base);
  fc_set(s->base.r, co, level->series->base);
  fc_time_set_series(s->time, &s->base, level->series);
  fc_status status = fc_velocity_set_time(s->velocity, s->time);
  if (!status)
    status = fc_velocity_eval(s->velocity, level->y,
                              FC_VELOCITY | FC_VELOCITY_JACOBIAN);
  if (status)
    return status;
  const fc_velocity_value *v = fc_velocity_values(s->velocity);
  fc_vec_set(level->value, v->velocity, d, level->series);
  fc_vec_set(level->slope, v->jacobian, d * d, level->series);
  return FC_OK;
}

static const fc_right_side right_side = {side_bind, side_release, side_eval};

/* --- the chart ------------------------------------------------------------ */

static fc_status bind(fc_field *field, const fc_target *target,
                      const fc_schedule *schedule) {
  return fc_newton_new((fc_newton **)&field->state, &right_side, field, target,
                       schedule);
}

static void locate(fc_ptr tau, fc_ptr co, fc_ptr scale, const fc_field *field,
                   const fc_time *time, const fc_schedule_value *at) {
  (void)at;
  fc_set(tau, time->t, field->ctx);
  fc_set(co, time->r, field->ctx);
  fc_set_si(scale, 1, field->ctx);
}

/* tau is the time itself. */
static double snr_root(const fc_field *field, double tau, double co) {
  (void)field;
  (void)tau;
  (void)co;
  return NAN;
}

const fc_field_kind fc_field_direct = {
    bind, fc_newton_release, locate, fc_newton_expand, NULL, snr_root};
