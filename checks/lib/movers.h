/* What the tests of flow maps share: a flow bound to a context, with its times
 * and a point, and exact random points. */
#ifndef FC_CHECKS_MOVERS_H
#define FC_CHECKS_MOVERS_H

#include "fields.h"
#include "flow/flow.h"

#define POSITION_AND_JACOBIAN (FC_FLOW_POSITION | FC_FLOW_JACOBIAN)

typedef struct mover {
  fc_ctx ctx[1];
  size_t d;
  fc_target *target;     /* owned */
  fc_schedule *schedule; /* owned */
  fc_flow *flow;
  fc_time s[1], t[1];
  fc_ptr x; /* d */
  const fc_flow_value *value;
  fc_error error;
} mover;

static inline void mover_clear(mover *m) {
  fc_vec_free(m->x, m->d, m->ctx);
  fc_time_clear(m->s, m->ctx);
  fc_time_clear(m->t, m->ctx);
  fc_flow_free(m->flow);
  fc_schedule_free(m->schedule);
  fc_target_free(m->target);
}

/* Takes the target over.  FC_UNSUPPORTED is handed on (and all is cleared);
 * any other failure ends the test. */
static inline fc_status mover_try(mover *m, fc_target *target,
                                  const char *schedule, fc_flow_method method,
                                  const fc_ctx *ctx) {
  m->ctx[0] = *ctx;
  m->target = target;
  m->d = fc_target_dimension(target);
  m->schedule = schedule_of(schedule);
  m->flow = NULL;
  fc_time_init(m->s, m->ctx);
  fc_time_init(m->t, m->ctx);
  m->x = fc_vec_new(m->d, m->ctx);
  fc_status status =
      fc_flow_new(&m->flow, m->target, m->schedule, method, m->ctx, &m->error);
  if (status && status != FC_UNSUPPORTED)
    ck_abort_msg("%s", m->error.message);
  if (status)
    mover_clear(m);
  else
    m->value = fc_flow_values(m->flow);
  return status;
}

static inline void mover_init(mover *m, fc_target *target, const char *schedule,
                              fc_flow_method method, const fc_ctx *ctx) {
  ck_assert_msg(mover_try(m, target, schedule, method, ctx) == FC_OK, "%s",
                m->error.message);
}

/* "1-10^-n" is read as such. */
static inline void time_of_text(fc_time *time, const char *text,
                                const fc_ctx *ctx) {
  fc_formula *constant = constant_of(text);
  ck_assert_int_eq(fc_time_set(time, constant, ctx), FC_OK);
  fc_formula_free(constant);
}

static inline fc_status mover_times(mover *m, const char *s, const char *t) {
  time_of_text(m->s, s, m->ctx);
  time_of_text(m->t, t, m->ctx);
  return fc_flow_set_times(m->flow, m->s, m->t, &m->error);
}

static inline void mover_at(mover *m, const char *point) {
  constants c;
  constants_init(&c, point);
  ck_assert_uint_eq(c.count, m->d);
  for (size_t i = 0; i < c.count; i++)
    ck_assert_int_eq(fc_constant_eval(m->x + i, c.list[i], m->ctx), FC_OK);
  constants_clear(&c);
}

static inline fc_status mover_go(mover *m, unsigned want) {
  return fc_flow_eval(m->flow, m->x, want, &m->error);
}

/* All in one; fails the test where the flow does. */
static inline void mover_move(mover *m, const char *s, const char *t,
                              const char *point, unsigned want) {
  if (mover_times(m, s, t))
    ck_abort_msg("from %s to %s: %s", s, t, m->error.message);
  mover_at(m, point);
  if (mover_go(m, want))
    ck_abort_msg("from %s to %s at %s: %s", s, t, point, m->error.message);
}

/* binary64, MPFR of 24, 128 and 3000 bits, balls; false where there are none.
 */
static inline bool context_of(fc_ctx *ctx, int i) {
  static const long precisions[] = {53, 24, 128, 3000, 128};
  if (i == 0)
    fc_ctx_init_double(ctx);
  else if (i < 4)
    fc_ctx_init_mpfr(ctx, precisions[i]);
  else
    return fc_ctx_init_arb(ctx, precisions[i], NULL) == FC_OK;
  return true;
}

/* |x| as a number of few bits, rounded up; +infinity for NaN. */
static inline void magnitude(mpfr_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_get_mid(z, x, ctx);
  mpfr_abs(z, z, MPFR_RNDU);
  if (mpfr_nan_p(z))
    mpfr_set_inf(z, 1);
}

#endif
