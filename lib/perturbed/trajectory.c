#include "perturbed/trajectory.h"

#include <math.h>
#include <stdlib.h>

#include "perturbed/ode.h"

enum { MOST_STEPS = 4000, FEW_STEPS = 200 };

struct fc_trajectory {
  fc_ctx ctx[1];
  size_t d;
  const fc_perturbation *how;
  fc_perturbed *field;
  fc_velocity *velocity; /* euler: at t_k */
  fc_ptr state;          /* X, Y, along Y, along X */
  fc_ptr frozen;         /* 2 d: v(t_k, Y_k), Y_k */
  bool invertible;       /* euler: as far as X went */
  fc_num from, to, temp, sum;
  fc_time time[1];
  fc_trajectory_value value;
};

fc_status fc_trajectory_new(fc_trajectory **result, const fc_target *target,
                            const fc_schedule *schedule,
                            const fc_perturbation *perturbation,
                            const fc_ctx *ctx, fc_error *error) {
  if (perturbation->kind == FC_PERTURB_ROUNDED)
    return fc_fail(error, FC_UNSUPPORTED,
                   "a rounded field is not continuous: its equation has no "
                   "classical solution");
  if (!fc_target_is_smooth(target) ||
      (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR))
    return fc_fail(error, FC_UNSUPPORTED,
                   "smooth targets in binary64 and MPFR only");
  fc_trajectory *t = calloc(1, sizeof *t);
  if (!t)
    return fc_fail(error, FC_MEMORY, "out of memory");
  t->ctx[0] = *ctx;
  size_t d = t->d = fc_target_dimension(target);
  t->how = perturbation;
  fc_init(t->from, ctx);
  fc_init(t->to, ctx);
  fc_init(t->temp, ctx);
  fc_init(t->sum, ctx);
  fc_time_init(t->time, ctx);
  t->state = fc_vec_new(2 * d + 2, ctx);
  t->frozen = fc_vec_new(2 * d, ctx);
  fc_status status = t->state && t->frozen
                         ? fc_perturbed_new(&t->field, target, schedule,
                                            perturbation, ctx, error)
                         : fc_fail(error, FC_MEMORY, "out of memory");
  if (status == FC_OK)
    status = fc_velocity_new(&t->velocity, target, schedule, ctx, error);
  if (status) {
    fc_trajectory_free(t);
    return status;
  }
  t->value = (fc_trajectory_value){t->state, t->state + d, t->state + 2 * d + 1,
                                   t->state + 2 * d};
  *result = t;
  return FC_OK;
}

void fc_trajectory_free(fc_trajectory *t) {
  if (!t)
    return;
  fc_perturbed_free(t->field);
  fc_velocity_free(t->velocity);
  fc_clear(t->from, t->ctx);
  fc_clear(t->to, t->ctx);
  fc_clear(t->temp, t->ctx);
  fc_clear(t->sum, t->ctx);
  fc_time_clear(t->time, t->ctx);
  fc_vec_free(t->state, 2 * t->d + 2, t->ctx);
  fc_vec_free(t->frozen, 2 * t->d, t->ctx);
  free(t);
}

void fc_trajectory_set_axis(fc_trajectory *t, fc_srcptr axis) {
  fc_perturbed_set_axis(t->field, axis);
}

const fc_trajectory_value *fc_trajectory_values(const fc_trajectory *t) {
  return &t->value;
}

/* time = 1 - q^2 */
static void set_time(fc_trajectory *t, fc_srcptr q) {
  const fc_ctx *ctx = t->ctx;
  fc_sqr(t->time->r, q, ctx);
  fc_add_si(t->time->t, q, 1, ctx);
  fc_add_si(t->temp, q, -1, ctx);
  fc_mul(t->time->t, t->time->t, t->temp, ctx);
  fc_neg(t->time->t, t->time->t, ctx);
}

/* z = |x|^2 */
static void square(fc_ptr z, fc_srcptr x, size_t d, const fc_ctx *ctx) {
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < d; i++)
    fc_addmul(z, x + i, x + i, ctx);
}

/* dy *= dt/dq = -2 q */
static void by_q(fc_ptr dy, fc_srcptr q, size_t n, const fc_ctx *ctx) {
  for (size_t i = 0; i < n; i++) {
    fc_mul(dy + i, dy + i, q, ctx);
    fc_mul_si(dy + i, dy + i, -2, ctx);
  }
}

/* X' = v(X), Y' = w(Y), |v - w|^2 at Y and at X. */
static fc_status both(fc_ptr dy, fc_srcptr q, fc_srcptr y, void *data) {
  fc_trajectory *t = data;
  const fc_ctx *ctx = t->ctx;
  size_t d = t->d;
  const fc_perturbed_value *value = fc_perturbed_values(t->field);
  set_time(t, q);
  fc_status status = fc_perturbed_set_time(t->field, t->time);
  if (!status)
    status = fc_perturbed_eval(t->field, y, false);
  if (status)
    return status;
  fc_vec_set(dy, value->exact, d, ctx);
  square(dy + 2 * d + 1, value->difference, d, ctx);
  status = fc_perturbed_eval(t->field, y + d, false);
  fc_vec_set(dy + d, value->velocity, d, ctx);
  square(dy + 2 * d, value->difference, d, ctx);
  by_q(dy, q, 2 * d + 2, ctx);
  return status;
}

/* *along = |v - w|^2(t, x), w Euler's field of this step; 0 from where on that
 * has no inverse. */
static fc_status gap_at(fc_ptr along, fc_trajectory *t, fc_srcptr x) {
  fc_set_si(along, 0, t->ctx);
  if (!t->invertible)
    return FC_OK;
  fc_status status = fc_perturbed_set_time(t->field, t->time);
  if (!status)
    status = fc_perturbed_eval(t->field, x, false);
  if (status == FC_DOMAIN) {
    t->invertible = false;
    return FC_OK;
  }
  square(along, fc_perturbed_values(t->field)->difference, t->d, t->ctx);
  return status;
}

/* The same along a step of Euler's polygon Y = Y_k + (q_k^2 - q^2) v(t_k, Y_k);
 * Y itself is not carried. */
static fc_status along_step(fc_ptr dy, fc_srcptr q, fc_srcptr y, void *data) {
  fc_trajectory *t = data;
  const fc_ctx *ctx = t->ctx;
  size_t d = t->d;
  fc_srcptr v = fc_velocity_values(t->velocity)->velocity;
  set_time(t, q);
  fc_status status = gap_at(dy + 2 * d + 1, t, y);
  if (!status)
    status = fc_velocity_set_time(t->velocity, t->time);
  if (!status)
    status = fc_velocity_eval(t->velocity, y, FC_VELOCITY);
  if (status)
    return status;
  fc_vec_set(dy, v, d, ctx);
  fc_sqr(t->temp, t->from, ctx);
  fc_sub(t->temp, t->temp, t->time->r, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_ptr place = dy + d + i;
    fc_mul(place, t->frozen + i, t->temp, ctx);
    fc_add(place, place, t->frozen + d + i, ctx);
  }
  status = fc_velocity_eval(t->velocity, dy + d, FC_VELOCITY);
  fc_set_si(dy + 2 * d, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_sub(t->sum, v + i, t->frozen + i, ctx);
    fc_addmul(dy + 2 * d, t->sum, t->sum, ctx);
    fc_set_si(dy + d + i, 0, ctx);
  }
  by_q(dy, q, 2 * d + 2, ctx);
  return status;
}

/* from, to = q at t_k, t_{k+1}; time = t_k. */
static void set_step(fc_trajectory *t, long k, long steps) {
  const fc_ctx *ctx = t->ctx;
  fc_set_si(t->time->t, k, ctx);
  fc_div_si(t->time->t, t->time->t, steps, ctx);
  fc_set_si(t->time->r, steps - k, ctx);
  fc_div_si(t->time->r, t->time->r, steps, ctx);
  fc_sqrt(t->from, t->time->r, ctx);
  fc_set_si(t->to, steps - k - 1, ctx);
  fc_div_si(t->to, t->to, steps, ctx);
  fc_sqrt(t->to, t->to, ctx);
}

static fc_status run_euler(fc_trajectory *t, long bits, long most) {
  const fc_ctx *ctx = t->ctx;
  size_t d = t->d;
  long steps = (long)t->how->steps;
  fc_ptr Y = t->state + d;
  fc_status status = FC_OK;
  for (long k = 0; k < steps && !status; k++) {
    set_step(t, k, steps);
    fc_perturbed_set_step(t->field, k);
    status = fc_velocity_set_time(t->velocity, t->time);
    if (!status)
      status = fc_velocity_eval(t->velocity, Y, FC_VELOCITY);
    fc_vec_set(t->frozen, fc_velocity_values(t->velocity)->velocity, d, ctx);
    fc_vec_set(t->frozen + d, Y, d, ctx);
    if (!status)
      status = fc_ode_integrate(t->state, 2 * d + 2, t->from, t->to, along_step,
                                t, bits, most, ctx);
    for (size_t i = 0; i < d; i++) {
      fc_div_si(t->temp, t->frozen + i, steps, ctx);
      fc_add(Y + i, t->frozen + d + i, t->temp, ctx);
    }
  }
  if (!t->invertible)
    fc_set_d(t->value.along_x, NAN, ctx);
  return status;
}

static void start(fc_trajectory *t, fc_srcptr x) {
  fc_vec_set(t->state, x, t->d, t->ctx);
  fc_vec_set(t->state + t->d, x, t->d, t->ctx);
  fc_vec_zero(t->state + 2 * t->d, 2, t->ctx);
}

fc_status fc_trajectory_run(fc_trajectory *t, fc_srcptr x, long bits) {
  const fc_ctx *ctx = t->ctx;
  start(t, x);
  if (t->how->kind == FC_PERTURB_EULER) {
    t->invertible = true;
    fc_status status = run_euler(t, bits, FEW_STEPS);
    if (status != FC_BUDGET || !t->invertible)
      return status;
    /* Next to where the inverse ends along_x may be infinite. */
    t->invertible = false;
    start(t, x);
    return run_euler(t, bits, MOST_STEPS);
  }
  fc_set_si(t->from, 1, ctx);
  fc_set_si(t->to, 0, ctx);
  return fc_ode_integrate(t->state, 2 * t->d + 2, t->from, t->to, both, t, bits,
                          MOST_STEPS, ctx);
}

fc_status fc_trajectory_compare(fc_ptr values, fc_trajectory *t, fc_srcptr x,
                                long bits) {
  const fc_ctx *ctx = t->ctx;
  fc_status status = fc_trajectory_run(t, x, bits);
  fc_set_si(values, 0, ctx);
  for (size_t i = 0; i < t->d; i++) {
    fc_sub(t->temp, t->value.y + i, t->value.x + i, ctx);
    fc_addmul(values, t->temp, t->temp, ctx);
  }
  fc_set(values + 1, t->value.along_y, ctx);
  fc_set(values + 2, t->value.along_x, ctx);
  return status;
}

void fc_trajectory_rounding(fc_ptr z, fc_srcptr square, const fc_trajectory *t,
                            long lost) {
  const fc_ctx *ctx = t->ctx;
  fc_num size, e;
  fc_init(size, ctx);
  fc_init(e, ctx);
  for (size_t i = 0; i < 2 * t->d; i++) { /* X_1, Y_1 */
    fc_abs(size, t->state + i, ctx);
    fc_max(e, e, size, ctx);
  }
  fc_mul_si(e, e, (long)t->d, ctx);
  fc_mul_2exp_si(e, e, lost - ctx->precision, ctx);
  fc_sqrt(size, square, ctx);
  fc_mul_2exp_si(size, size, 1, ctx);
  fc_add(size, size, e, ctx);
  fc_mul(z, size, e, ctx);
  fc_clear(size, ctx);
  fc_clear(e, ctx);
}
