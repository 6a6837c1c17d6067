/* What the tests of the velocity field share: a field bound to a context and
 * evaluated at exact points that are given as text. */
#ifndef FC_CHECKS_FIELDS_H
#define FC_CHECKS_FIELDS_H

#include "targets.h"
#include "velocity/velocity.h"

#define EVERY_RATE                                                             \
  (FC_VELOCITY | FC_VELOCITY_JACOBIAN | FC_VELOCITY_TIME_DERIVATIVE)

/* Every schedule of Table 1 and those that the project adds. */
static const char *const every_schedule[] = {
    "ve",
    "vp",
    "linear",
    "follmer",
    "vp-sde",
    "trigonometric",
    "custom:a=(1-t)*(2-t)/2,b=t*(3-t)/2",
    "shifted-linear:zeta=1/10"};
enum { SCHEDULE_COUNT = sizeof every_schedule / sizeof *every_schedule };

static inline fc_schedule *schedule_of(const char *text) {
  fc_schedule *schedule = NULL;
  CHECKED(fc_schedule_parse(&schedule, text, &error_));
  return schedule;
}

typedef struct field {
  fc_ctx ctx[1];
  size_t d;
  fc_target *target; /* owned */
  fc_schedule *schedule;
  fc_velocity *velocity;
  fc_time time[1];
  fc_ptr x;
  const fc_velocity_value *value;
} field;

/* Takes the target over. */
static inline void field_init(field *f, fc_target *target, const char *schedule,
                              const fc_ctx *ctx) {
  f->ctx[0] = *ctx;
  f->target = target;
  f->d = fc_target_dimension(target);
  f->schedule = schedule_of(schedule);
  f->velocity = NULL;
  CHECKED(fc_velocity_new(&f->velocity, target, f->schedule, f->ctx, &error_));
  f->value = fc_velocity_values(f->velocity);
  fc_time_init(f->time, f->ctx);
  f->x = fc_vec_new(f->d, f->ctx);
}

static inline void field_clear(field *f) {
  fc_vec_free(f->x, f->d, f->ctx);
  fc_time_clear(f->time, f->ctx);
  fc_velocity_free(f->velocity);
  fc_schedule_free(f->schedule);
  fc_target_free(f->target);
}

static inline void field_time(field *f, const char *text) {
  fc_formula *constant = constant_of(text);
  ck_assert_int_eq(fc_time_set(f->time, constant, f->ctx), FC_OK);
  fc_formula_free(constant);
  ck_assert_int_eq(fc_velocity_set_time(f->velocity, f->time), FC_OK);
}

static inline void field_eval(field *f, unsigned want) {
  ck_assert_int_eq(fc_velocity_eval(f->velocity, f->x, want), FC_OK);
}

/* The point "x_1 ... x_d". */
static inline void field_point(field *f, const char *text, unsigned want) {
  constants c;
  constants_init(&c, text);
  ck_assert_uint_eq(c.count, f->d);
  for (size_t i = 0; i < f->d; i++)
    ck_assert_int_eq(fc_constant_eval(f->x + i, c.list[i], f->ctx), FC_OK);
  constants_clear(&c);
  field_eval(f, want);
}

/* v, then grad v row by row, then d/dt v. */
static inline size_t rate_count(size_t d) { return 2 * d + d * d; }

static inline fc_srcptr rate(const field *f, size_t i) {
  size_t d = f->d;
  return i < d           ? f->value->velocity + i
         : i < d + d * d ? f->value->jacobian + (i - d)
                         : f->value->time_derivative + (i - d - d * d);
}

#endif
