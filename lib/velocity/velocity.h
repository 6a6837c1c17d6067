/* The velocity field v(t, x) = E[a' Z + b' X_1 | X_t = x] of (3.5), its spatial
 * Jacobian (4.3) and its time derivative (Proposition F.1), up to and including
 * both ends wherever the limits exist.
 *
 * Two algebraically equal forms are used, each where it is stable:
 *   moments  v = (a' x + omega M)/a,        grad v = (a'/a) I + (b omega/a^3) C
 *   score    v = (b' x + (a omega) s)/b,    grad v = (b' I + (a omega) S)/b
 */
#ifndef FC_VELOCITY_VELOCITY_H
#define FC_VELOCITY_VELOCITY_H

#include "schedule/schedule.h"
#include "target/posterior.h"

typedef struct fc_velocity fc_velocity;

enum {
  FC_VELOCITY = 1,
  FC_VELOCITY_JACOBIAN = 2,
  FC_VELOCITY_TIME_DERIVATIVE = 4
};

typedef enum fc_velocity_form {
  FC_FORM_AUTO,
  FC_FORM_MOMENTS,
  FC_FORM_SCORE
} fc_velocity_form;

typedef struct fc_velocity_value {
  fc_ptr velocity;        /* d */
  fc_ptr jacobian;        /* d*d, symmetric */
  fc_ptr time_derivative; /* d */
} fc_velocity_value;

/* Binds target and schedule (by reference) to an arithmetic context. */
fc_status fc_velocity_new(fc_velocity **velocity, const fc_target *target,
                          const fc_schedule *schedule, const fc_ctx *ctx,
                          fc_error *error);
void fc_velocity_free(fc_velocity *velocity);

/* The form to use from now on (default FC_FORM_AUTO). */
void fc_velocity_set_form(fc_velocity *velocity, fc_velocity_form form);

/* Fixes the time; evaluates the schedule once for the points that follow. */
fc_status fc_velocity_set_time(fc_velocity *velocity, const fc_time *time);

/* Evaluates what is wanted at x (d numbers).  At t = 1 off the support of nu
 * the limits are infinite; where the limit does not exist or is not known (on
 * the edge of the support) the results are NaN. */
fc_status fc_velocity_eval(fc_velocity *velocity, fc_srcptr x, unsigned want);

const fc_velocity_value *fc_velocity_values(const fc_velocity *velocity);
const fc_schedule_value *fc_velocity_schedule(const fc_velocity *velocity);
fc_posterior *fc_velocity_posterior(fc_velocity *velocity);
const fc_ctx *fc_velocity_ctx(const fc_velocity *velocity);

#endif
