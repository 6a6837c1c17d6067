#include "evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims/bound.h"
#include "flow/flow.h"
#include "numbers.h"
#include "supremum.h"
#include "velocity/velocity.h"

enum {
  GUARD_BITS = 64,
  DOUBLINGS = 10,
  MOST_BITS = 1 << 19,
  HELPFUL_BITS = 1024
};

size_t fc_request_shape(size_t shape[2], const fc_request *r) {
  size_t d = fc_target_dimension(r->instance->target);
  shape[0] = shape[1] = d;
  switch (r->quantity) {
  case FC_QUANTITY_SCHEDULE:
    shape[0] = 4;
    return 1;
  case FC_QUANTITY_SCORE:
  case FC_QUANTITY_POSTERIOR_MEAN:
  case FC_QUANTITY_VELOCITY:
  case FC_QUANTITY_VELOCITY_TIME_DERIVATIVE:
  case FC_QUANTITY_FLOW:
    return 1;
  case FC_QUANTITY_POSTERIOR_COVARIANCE:
  case FC_QUANTITY_VELOCITY_JACOBIAN:
  case FC_QUANTITY_FLOW_JACOBIAN:
    return 2;
  default:
    return 0;
  }
}

size_t fc_request_size(const fc_request *r) {
  size_t shape[2], size = 1, extents = fc_request_shape(shape, r);
  for (size_t i = 0; i < extents; i++)
    size *= shape[i];
  return size;
}

/* --- one evaluation ------------------------------------------------------- */

/* x = a ball around [x, other], or x +- other. */
static fc_status make_interval(fc_ptr x, const fc_formula *other, bool about,
                               const fc_ctx *ctx) {
  fc_num end, low;
  fc_init(end, ctx);
  fc_init(low, ctx);
  fc_status status = fc_constant_eval(end, other, ctx);
  fc_set(low, x, ctx);
  if (about) {
    fc_sub(low, x, end, ctx);
    fc_add(end, x, end, ctx);
  }
  fc_hull(x, low, end, ctx);
  fc_clear(end, ctx);
  fc_clear(low, ctx);
  return status;
}

static fc_status set_point(fc_ptr x, const fc_request *r, const fc_ctx *ctx) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < r->x_count && status == FC_OK; i++) {
    status = fc_constant_eval(x + i, r->x[i], ctx);
    if (status == FC_OK && r->x_other[i])
      status = make_interval(x + i, r->x_other[i], r->x_about[i], ctx);
  }
  return status;
}

static fc_status eval_schedule(fc_ptr values, const fc_request *r,
                               const fc_time *time, const fc_ctx *ctx) {
  fc_schedule_value at[1];
  fc_schedule_value_init(at, ctx);
  fc_status status = fc_schedule_eval(at, r->schedule, time, false, ctx);
  fc_set(values, at->a, ctx);
  fc_set(values + 1, at->b, ctx);
  fc_set(values + 2, at->da, ctx);
  fc_set(values + 3, at->db, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}

static fc_status eval_velocity(fc_ptr values, const fc_request *r,
                               const fc_time *time, fc_srcptr x,
                               const fc_ctx *ctx, fc_error *error) {
  fc_velocity *velocity = NULL;
  fc_status status =
      fc_velocity_new(&velocity, r->instance->target, r->schedule, ctx, error);
  if (status)
    return status;
  unsigned want = r->quantity == FC_QUANTITY_VELOCITY ? FC_VELOCITY
                  : r->quantity == FC_QUANTITY_VELOCITY_JACOBIAN
                      ? FC_VELOCITY_JACOBIAN
                      : FC_VELOCITY_TIME_DERIVATIVE;
  status = fc_velocity_set_time(velocity, time);
  if (status == FC_OK)
    status = fc_velocity_eval(velocity, x, want);
  const fc_velocity_value *v = fc_velocity_values(velocity);
  if (status == FC_OK)
    fc_vec_set(values,
               want == FC_VELOCITY            ? v->velocity
               : want == FC_VELOCITY_JACOBIAN ? v->jacobian
                                              : v->time_derivative,
               fc_request_size(r), ctx);
  fc_velocity_free(velocity);
  return status;
}

static fc_status eval_distribution(fc_ptr values, const fc_request *r,
                                   fc_posterior *posterior,
                                   const fc_schedule_value *at, fc_srcptr x,
                                   const fc_ctx *ctx, fc_error *error) {
  fc_time level[1]; /* the probability and its complement */
  fc_num above;
  fc_time_init(level, ctx);
  fc_init(above, ctx);
  fc_status status;
  if (r->quantity == FC_QUANTITY_CDF)
    status = fc_posterior_cdf(values, above, posterior, at->a, at->b, x, error);
  else {
    status = fc_time_set(level, r->x[0], ctx);
    if (status == FC_OK)
      status = fc_posterior_quantile(values, posterior, at->a, at->b, level->t,
                                     level->r, error);
  }
  fc_clear(above, ctx);
  fc_time_clear(level, ctx);
  return status;
}

static fc_status eval_posterior(fc_ptr values, const fc_request *r,
                                fc_posterior *posterior,
                                const fc_schedule_value *at, fc_srcptr x,
                                const fc_ctx *ctx) {
  static const unsigned wants[FC_QUANTITY_COUNT] = {
      [FC_QUANTITY_DENSITY] = FC_WANT_LOG_DENSITY,
      [FC_QUANTITY_LOG_DENSITY] = FC_WANT_LOG_DENSITY,
      [FC_QUANTITY_SCORE] = FC_WANT_SCORE,
      [FC_QUANTITY_POSTERIOR_MEAN] = FC_WANT_MEAN,
      [FC_QUANTITY_POSTERIOR_COVARIANCE] = FC_WANT_COVARIANCE,
  };
  unsigned want = wants[r->quantity];
  fc_status status = fc_posterior_eval(posterior, at->a, at->b, x, want);
  if (status)
    return status;
  const fc_posterior_value *p = fc_posterior_values(posterior);
  fc_srcptr from = want == FC_WANT_LOG_DENSITY ? p->log_density
                   : want == FC_WANT_SCORE     ? p->score
                   : want == FC_WANT_MEAN      ? p->mean
                                               : p->covariance;
  fc_vec_set(values, from, fc_request_size(r), ctx);
  if (r->quantity == FC_QUANTITY_DENSITY)
    fc_exp(values, values, ctx);
  return FC_OK;
}

/* Quantities of p_t and the posterior. */
static fc_status eval_marginal(fc_ptr values, const fc_request *r,
                               const fc_time *time, fc_srcptr x,
                               const fc_ctx *ctx, fc_error *error) {
  fc_posterior *posterior = NULL;
  fc_schedule_value at[1];
  fc_status status =
      fc_posterior_new(&posterior, r->instance->target, ctx, error);
  if (status)
    return status;
  fc_schedule_value_init(at, ctx);
  status = fc_schedule_eval(at, r->schedule, time, false, ctx);
  if (status == FC_OK)
    status =
        r->quantity == FC_QUANTITY_CDF || r->quantity == FC_QUANTITY_QUANTILE
            ? eval_distribution(values, r, posterior, at, x, ctx, error)
            : eval_posterior(values, r, posterior, at, x, ctx);
  fc_schedule_value_clear(at, ctx);
  fc_posterior_free(posterior);
  return status;
}

/* Of bounds on a flow: where it starts. */
static fc_status set_start(fc_environment *environment, const fc_request *r,
                           const fc_ctx *ctx) {
  fc_schedule_value at[1];
  fc_time start[1];
  fc_schedule_value_init(at, ctx);
  fc_time_init(start, ctx);
  fc_status status = fc_time_set(start, r->s, ctx);
  if (status == FC_OK)
    status = fc_schedule_eval(at, r->schedule, start, false, ctx);
  if (status == FC_OK)
    fc_environment_set_start(environment, at, start);
  fc_time_clear(start, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}

static fc_status eval_bound(fc_ptr values, const fc_request *r,
                            const fc_time *time, const fc_ctx *ctx,
                            fc_error *error) {
  fc_environment *environment = NULL;
  fc_schedule_value at[1];
  const fc_target *target = r->instance->target;
  fc_status status = fc_environment_new(&environment, target, r->schedule, ctx);
  if (status)
    return status;
  fc_schedule_value_init(at, ctx);
  status = fc_schedule_eval(at, r->schedule, time, false, ctx);
  if (status == FC_OK && r->s)
    status = set_start(environment, r, ctx);
  if (status == FC_OK) {
    fc_environment_set_time(environment, at, time);
    status = fc_bound_value(values, r->claim, environment, target, ctx, error);
  }
  fc_schedule_value_clear(at, ctx);
  fc_environment_free(environment);
  return status;
}

/* stated = how far any value may be off; *way: how far from s it got. */
static fc_status eval_flow(fc_ptr values, fc_ptr stated, double *way,
                           const fc_request *r, const fc_time *time,
                           fc_srcptr x, const fc_ctx *ctx, fc_error *error) {
  fc_flow *flow = NULL;
  fc_time start[1];
  bool position = r->quantity == FC_QUANTITY_FLOW;
  fc_status status = fc_flow_new(&flow, r->instance->target, r->schedule,
                                 r->method, ctx, error);
  if (status == FC_UNSUPPORTED && ctx->kind == FC_ARB &&
      r->method == FC_FLOW_AUTO)
    fc_fail(error, status,
            "no validated integrator for this target; use --tier mpfr");
  if (status)
    return status;
  fc_time_init(start, ctx);
  status = fc_time_set(start, r->s, ctx);
  if (status == FC_OK)
    status = fc_flow_set_times(flow, start, time, error);
  if (status == FC_OK) {
    status = fc_flow_eval(
        flow, x, position ? FC_FLOW_POSITION : FC_FLOW_JACOBIAN, error);
    *way = fabs(fc_flow_reached(flow) - fc_get_d(start->t, ctx));
  }
  if (status == FC_OK) {
    const fc_flow_value *f = fc_flow_values(flow);
    fc_vec_set(values, position ? f->x : f->jacobian, fc_request_size(r), ctx);
    fc_set(stated, position ? f->x_error : f->jacobian_error, ctx);
  }
  fc_time_clear(start, ctx);
  fc_flow_free(flow);
  return status;
}

/* stated and way are written by flows alone. */
static fc_status eval_in(fc_ptr values, fc_ptr stated, double *way,
                         const fc_request *r, const fc_ctx *ctx,
                         fc_error *error) {
  fc_time time[1];
  fc_ptr x = fc_vec_new(r->x_count, ctx);
  if (!x && r->x_count)
    return FC_MEMORY;
  fc_time_init(time, ctx);
  fc_status status = r->t ? fc_time_set(time, r->t, ctx) : FC_OK;
  if (status == FC_OK && r->quantity != FC_QUANTITY_QUANTILE)
    status = set_point(x, r, ctx);
  if (status == FC_OK)
    switch (r->quantity) {
    case FC_QUANTITY_SCHEDULE:
      status = eval_schedule(values, r, time, ctx);
      break;
    case FC_QUANTITY_BOUND:
      status = eval_bound(values, r, time, ctx, error);
      break;
    case FC_QUANTITY_VELOCITY:
    case FC_QUANTITY_VELOCITY_JACOBIAN:
    case FC_QUANTITY_VELOCITY_TIME_DERIVATIVE:
      status = eval_velocity(values, r, time, x, ctx, error);
      break;
    case FC_QUANTITY_FLOW:
    case FC_QUANTITY_FLOW_JACOBIAN:
      status = eval_flow(values, stated, way, r, time, x, ctx, error);
      break;
    default:
      status = eval_marginal(values, r, time, x, ctx, error);
    }
  fc_time_clear(time, ctx);
  fc_vec_free(x, r->x_count, ctx);
  return status;
}

/* --- digits ----------------------------------------------------------------
 */

static bool is_nan(fc_srcptr x, const fc_ctx *ctx) {
  mpfr_t mid;
  mpfr_init2(mid, 53);
  fc_get_mid(mid, x, ctx);
  bool nan = mpfr_nan_p(mid);
  mpfr_clear(mid);
  return nan;
}

/* The stated bits of x and y are the same, or both are the same infinity. */
static bool agree(fc_srcptr x, const fc_ctx *xctx, mpfr_srcptr y, long bits) {
  mpfr_t rounded, gap;
  mpfr_init2(rounded, bits + 8);
  mpfr_init2(gap, 53);
  fc_get_mid(rounded, x, xctx);
  mpfr_sub(gap, rounded, y, MPFR_RNDA);
  bool same = mpfr_equal_p(rounded, y) ||
              (mpfr_number_p(gap) && mpfr_regular_p(rounded) &&
               mpfr_get_exp(gap) <= mpfr_get_exp(rounded) - bits - 2);
  mpfr_clear(rounded);
  mpfr_clear(gap);
  return same;
}

/* Zero as far as this many bits can tell. */
static bool vanishes(mpfr_srcptr x, long bits) {
  return mpfr_zero_p(x) || (mpfr_regular_p(x) && mpfr_get_exp(x) <= -2 * bits);
}

/* In MPFR: the stated bits are those of the round before.  What is left where
 * everything cancels never agrees, but vanishes more and more: it is set to 0.
 * last becomes x. */
static bool settle(fc_ptr x, const fc_ctx *ctx, mpfr_ptr last, long bits) {
  bool same = agree(x, ctx, last, bits), vanished = vanishes(last, bits);
  fc_get_mid(last, x, ctx);
  if (!same && vanished && vanishes(last, bits)) {
    fc_set_si(x, 0, ctx);
    same = true;
  }
  return same;
}

/* The same where an error is stated: it is below the stated bits of x, or of 1
 * where x is exactly 0.  What cannot be told from 0 must be smaller yet, and is
 * set to 0. */
static bool settle_by_error(fc_ptr x, fc_srcptr stated, const fc_ctx *ctx,
                            long bits) {
  mpfr_t value, error;
  mpfr_init2(value, 53);
  mpfr_init2(error, 53);
  fc_get_mid(value, x, ctx);
  fc_get_mid(error, stated, ctx);
  bool settled = mpfr_zero_p(error);
  if (mpfr_regular_p(error) && mpfr_zero_p(value))
    settled = mpfr_get_exp(error) <= -bits - 2;
  else if (mpfr_regular_p(error) && mpfr_regular_p(value))
    settled = mpfr_get_exp(error) <= mpfr_get_exp(value) - bits - 3;
  if (!settled && mpfr_cmpabs(value, error) <= 0 && vanishes(error, bits)) {
    fc_set_si(x, 0, ctx);
    settled = true;
  }
  mpfr_clear(value);
  mpfr_clear(error);
  return settled;
}

/* The ball is small enough for the stated bits, relative to its value; about
 * zero, where no ball ever is, to twice as many bits absolutely. */
static bool narrow(fc_srcptr x, const fc_ctx *ctx, long bits) {
  mpfr_t mid, rad;
  mpfr_init2(mid, 53);
  mpfr_init2(rad, 53);
  fc_get_enclosure(mid, rad, x, ctx);
  fc_get_rad(rad, x, ctx);
  bool about_zero = mpfr_cmpabs(mid, rad) <= 0;
  long least = about_zero            ? -2 * bits
               : mpfr_regular_p(mid) ? mpfr_get_exp(mid) - bits - 1
                                     : 0;
  bool small =
      mpfr_inf_p(mid) || mpfr_zero_p(rad) ||
      (mpfr_number_p(mid) && mpfr_regular_p(rad) && mpfr_get_exp(rad) <= least);
  mpfr_clear(mid);
  mpfr_clear(rad);
  return small;
}

static fc_status undefined(const fc_request *r, fc_error *error) {
  return fc_fail(error, FC_DOMAIN,
                 "%s does not exist there, or its limit is not known",
                 r->quantity_name);
}

static fc_status state(fc_exact *values, fc_srcptr x, const fc_request *r,
                       size_t size, const fc_ctx *ctx) {
  fc_status status = FC_OK;
  long bits = ctx->kind == FC_DOUBLE ? 53 : r->precision;
  for (size_t i = 0; i < size && status == FC_OK; i++)
    status = fc_exact_set_digits(&values[i], x + i, bits, (int)r->digits, ctx);
  return status;
}

/* One round: evaluates, and says whether the digits have settled. */
static fc_status round_at(bool *settled, bool *defined, double *way,
                          fc_exact *values, mpfr_t *last, const fc_request *r,
                          size_t size, long precision, fc_error *error) {
  fc_ctx ctx[1];
  fc_status status = fc_tier_context(ctx, r->tier, precision, error);
  if (status)
    return status;
  fc_ptr x = fc_vec_new(size + 1, ctx), stated = x + size;
  if (!x)
    return fc_fail(error, FC_MEMORY, "out of memory");
  bool flow = r->quantity == FC_QUANTITY_FLOW ||
              r->quantity == FC_QUANTITY_FLOW_JACOBIAN;
  status = eval_in(x, stated, way, r, ctx, error);
  *settled = *defined = status == FC_OK;
  for (size_t i = 0; i < size && status == FC_OK; i++) {
    if (is_nan(x + i, ctx))
      *defined = *settled = false;
    else if (r->tier == FC_TIER_CERTIFIED)
      *settled = *settled && narrow(x + i, ctx, r->precision);
    else if (r->tier == FC_TIER_MPFR && flow)
      *settled = settle_by_error(x + i, stated, ctx, r->precision) && *settled;
    else if (r->tier == FC_TIER_MPFR)
      *settled = settle(x + i, ctx, last[i], r->precision) && *settled;
  }
  if (status == FC_OK && *defined)
    status = state(values, x, r, size, ctx);
  fc_vec_free(x, size + 1, ctx);
  return status;
}

/* Bits beyond which a step of a flow costs too much. */
static long most_helpful(const fc_request *r) {
  return r->precision > HELPFUL_BITS ? r->precision : HELPFUL_BITS;
}

fc_status fc_request_evaluate(fc_exact *values, const fc_request *r,
                              fc_error *error) {
  size_t size = fc_request_size(r);
  if (r->quantity == FC_QUANTITY_VELOCITY_LIPSCHITZ ||
      r->quantity == FC_QUANTITY_FLOW_LIPSCHITZ)
    return fc_request_supremum(values, r, error);
  mpfr_t *last = malloc(size * sizeof *last);
  if (!last)
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < size; i++)
    mpfr_init2(last[i], r->precision + 8); /* NaN: agrees with nothing */
  bool settled = false, defined = false, spent = false;
  double way = -1;
  long precision = r->precision + GUARD_BITS;
  fc_status status = FC_OK;
  fc_fail(error, FC_OK, "%s", "");
  for (int i = 0; i < DOUBLINGS && !settled && status == FC_OK; i++) {
    double before = way;
    fc_error furthest = *error;
    status = round_at(&settled, &defined, &way, values, last, r, size,
                      precision, error);
    /* more bits for an enclosure that got too wide, as long as they help */
    spent = status == FC_BUDGET && r->tier == FC_TIER_CERTIFIED;
    if (spent && way <= before)
      *error = furthest;
    else if (spent && precision < most_helpful(r))
      status = FC_OK;
    precision *= 2;
    if (r->has_interval)
      break; /* no bits make it narrower */
    if (r->tier == FC_TIER_DOUBLE || precision > MOST_BITS)
      break;
    if (!defined && !spent && i >= 3)
      break; /* more bits will not define it */
  }
  if (spent)
    status = FC_BUDGET; /* the message is the flow's */
  else if (status == FC_OK && !defined)
    status = undefined(r, error);
  else if (status == FC_OK && !settled && r->tier == FC_TIER_MPFR)
    status = fc_fail(error, FC_BUDGET,
                     "the digits did not settle below %ld bits", precision);
  else if (status && !error->message[0])
    fc_fail(error, status, "%s", fc_status_text(status));
  for (size_t i = 0; i < size; i++)
    mpfr_clear(last[i]);
  free(last);
  return status;
}
