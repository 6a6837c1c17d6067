/* Times, values and their evaluation. */
#include <math.h>

#include "schedule/private.h"

#define CUSTOM_GUARD 64

/* --- times ------------------------------------------------------------ */

void fc_time_init(fc_time *time, const fc_ctx *ctx) {
  fc_init(time->t, ctx);
  fc_init(time->r, ctx);
}

void fc_time_clear(fc_time *time, const fc_ctx *ctx) {
  fc_clear(time->t, ctx);
  fc_clear(time->r, ctx);
}

fc_status fc_time_set(fc_time *time, const fc_formula *constant,
                      const fc_ctx *ctx) {
  fc_formula *pattern = NULL, *rest = NULL;
  const char *names[] = {"t"};
  fc_status status = fc_formula_parse(&pattern, "1-t", names, 1, NULL, NULL);
  if (status == FC_OK)
    status = fc_formula_substitute(&rest, pattern, "t", constant, NULL);
  if (status == FC_OK)
    status = fc_constant_eval(time->t, constant, ctx);
  if (status == FC_OK)
    status = fc_constant_eval(time->r, rest, ctx);
  fc_formula_free(pattern);
  fc_formula_free(rest);
  return status;
}

/* y = 1 - x, rounded once */
static void set_rest(fc_ptr y, fc_srcptr exact, mpfr_srcptr x,
                     const fc_ctx *ctx) {
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR) {
    fc_neg(y, exact, ctx);
    fc_add_si(y, y, 1, ctx);
    return;
  }
  mpfr_t rest;
  mpfr_init2(rest, (mpfr_prec_t)ctx->precision);
  mpfr_ui_sub(rest, 1, x, MPFR_RNDN);
  fc_set_mpfr(y, rest, ctx);
  mpfr_clear(rest);
}

void fc_time_set_mpfr(fc_time *time, mpfr_srcptr x, bool from_end,
                      const fc_ctx *ctx) {
  fc_ptr near = from_end ? time->r : time->t;
  fc_ptr far = from_end ? time->t : time->r;
  fc_set_mpfr(near, x, ctx);
  set_rest(far, near, x, ctx);
}

void fc_time_set_d(fc_time *time, double x, bool from_end, const fc_ctx *ctx) {
  mpfr_t exact;
  mpfr_init2(exact, 53);
  mpfr_set_d(exact, x, MPFR_RNDN);
  fc_time_set_mpfr(time, exact, from_end, ctx);
  mpfr_clear(exact);
}

void fc_time_set_series(fc_time *time, const fc_time *base, const fc_ctx *ctx) {
  fc_num slope;
  fc_init(slope, ctx->base);
  fc_set_si(slope, 1, ctx->base);
  fc_series_set_linear(time->t, base->t, slope, ctx);
  fc_neg(slope, slope, ctx->base);
  fc_series_set_linear(time->r, base->r, slope, ctx);
  fc_clear(slope, ctx->base);
}

/* --- values ----------------------------------------------------------- */

void fc_schedule_value_init(fc_schedule_value *v, const fc_ctx *ctx) {
  fc_ptr all[] = {v->a,    v->b,   v->da,   v->db,    v->d2a,
                  v->d2b,  v->ada, v->dada, v->omega, v->aomega,
                  v->rho2, v->rho, v->theta};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    fc_init(all[i], ctx);
}

void fc_schedule_value_clear(fc_schedule_value *v, const fc_ctx *ctx) {
  fc_ptr all[] = {v->a,    v->b,   v->da,   v->db,    v->d2a,
                  v->d2b,  v->ada, v->dada, v->omega, v->aomega,
                  v->rho2, v->rho, v->theta};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    fc_clear(all[i], ctx);
}

void fc_schedule_u(fc_ptr u, const fc_schedule_value *value,
                   const fc_ctx *ctx) {
  if (fc_is_zero(value->a, ctx) == FC_TRUE)
    fc_set_inf(u, 1, ctx);
  else
    fc_div(u, value->b, value->a, ctx);
}

/* theta = atan(b/a) or pi/2 - atan(a/b), whichever quotient is at most 1 */
static void set_polar(fc_schedule_value *v, const fc_ctx *ctx) {
  fc_sqrt(v->rho, v->rho2, ctx);
  if (fc_cmp_mid(v->a, v->b, ctx) >= 0) {
    fc_div(v->theta, v->b, v->a, ctx);
    fc_atan(v->theta, v->theta, ctx);
    return;
  }
  fc_num x;
  fc_init(x, ctx);
  fc_div(x, v->a, v->b, ctx);
  fc_atan(x, x, ctx);
  fc_set_pi(v->theta, ctx);
  fc_mul_2exp_si(v->theta, v->theta, -1, ctx);
  fc_sub(v->theta, v->theta, x, ctx);
  fc_clear(x, ctx);
}

/* Evaluates in ctx itself. */
static fc_status eval_here(fc_schedule_value *value, const fc_schedule *s,
                           const fc_time *time, const fc_ctx *ctx) {
  if (!s->kind->eval)
    return fc_custom_eval(value, s, time, ctx);
  fc_num_struct k[FC_SCHEDULE_MAX_CONSTANTS];
  fc_status status = FC_OK;
  for (int i = 0; i < FC_SCHEDULE_MAX_CONSTANTS; i++) {
    fc_init(k + i, ctx);
    if (s->constants[i] && status == FC_OK)
      status = fc_constant_eval(k + i, s->constants[i], ctx);
  }
  if (status == FC_OK)
    s->kind->eval(value, time, k, ctx);
  for (int i = 0; i < FC_SCHEDULE_MAX_CONSTANTS; i++)
    fc_clear(k + i, ctx);
  return status;
}

/* Evaluates with guard bits more and rounds once. */
static fc_status eval_lifted(fc_schedule_value *value, const fc_schedule *s,
                             const fc_time *time, long guard,
                             const fc_ctx *ctx) {
  fc_lift lift;
  fc_status status = fc_lift_init(&lift, ctx, guard);
  if (status != FC_OK)
    return status;
  fc_schedule_value precise;
  fc_time same;
  fc_schedule_value_init(&precise, &lift.ctx);
  fc_time_init(&same, &lift.ctx);
  fc_time_convert(&same, &lift.ctx, time, ctx);
  status = eval_here(&precise, s, &same, &lift.ctx);
  if (status == FC_OK)
    fc_schedule_value_convert(value, ctx, &precise, &lift.ctx);
  fc_time_clear(&same, &lift.ctx);
  fc_schedule_value_clear(&precise, &lift.ctx);
  return status;
}

fc_status fc_schedule_eval(fc_schedule_value *value,
                           const fc_schedule *schedule, const fc_time *time,
                           bool polar, const fc_ctx *ctx) {
  const fc_schedule_kind *kind = schedule->kind;
  long guard = 0;
  if (!kind->eval)
    guard = CUSTOM_GUARD + 4 * fc_time_lost_bits(time, ctx);
  else if (kind->guard)
    guard = kind->guard(time, ctx);
  fc_status status = guard ? eval_lifted(value, schedule, time, guard, ctx)
                           : eval_here(value, schedule, time, ctx);
  if (status == FC_OK && polar)
    set_polar(value, ctx);
  return status;
}

fc_schedule_rough fc_schedule_rough_at(const fc_schedule *schedule, double time,
                                       bool from_end) {
  fc_ctx ctx[1];
  fc_schedule_value at[1];
  fc_time t[1];
  fc_schedule_rough rough = {NAN, NAN, NAN, NAN, NAN};
  fc_ctx_init_double(ctx);
  fc_schedule_value_init(at, ctx);
  fc_time_init(t, ctx);
  fc_time_set_d(t, time, from_end, ctx);
  if (fc_schedule_eval(at, schedule, t, false, ctx) == FC_OK)
    rough = (fc_schedule_rough){fc_get_d(at->a, ctx), fc_get_d(at->b, ctx),
                                fc_get_d(at->da, ctx), fc_get_d(at->db, ctx),
                                fc_get_d(at->ada, ctx)};
  fc_time_clear(t, ctx);
  fc_schedule_value_clear(at, ctx);
  return rough;
}
