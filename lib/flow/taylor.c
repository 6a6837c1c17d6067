/* Taylor integration in a chart, twice: with other order, steps and precision,
 * so that what the two differ by says how far the result may be off. */
#include "flow/taylor.h"

#include <math.h>
#include <stdlib.h>

#include "flow/flow_impl.h"
#include "flow/march.h"

enum {
  GUARD_BITS = 16, /* at least, beyond the flow's precision */
  LIMB_BITS = 64,  /* precisions are multiples: the rest is free */
  CHECK_TERMS = 8, /* bits by which the second run neglects less */
  CHECK_ORDERS = 4 /* by which its order is higher */
};
enum { ROUNDING_BITS = 6 };
#define CHECK_STEP 0.8125 /* its steps, relative to what they need be */

/* One way to go: in an arithmetic of its own. */
typedef struct fc_way {
  fc_ctx ctx[1];
  fc_field *field;
  fc_march march[1];
  bool made;
  long bits; /* neglected terms are below 2^-bits */
  double shrink;
  fc_time time[1];
  fc_schedule_value at[1];
  fc_num tau, co, tau_end, co_end; /* the chart at s and t */
  fc_num from, to;                 /* its scale there */
  fc_ptr x, jacobian;              /* d, d*d: what came out */
} fc_way;

typedef struct fc_ways {
  fc_way way[2];
} fc_ways;

static void each_number(fc_way *w, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {w->tau,    w->co,   w->tau_end,
                            w->co_end, w->from, w->to};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], w->ctx);
}

/* The order at which a step of an analytic function costs least for its length
 * where the work grows like its square: half the digits in units of e. */
static long best_order(long bits) { return (long)(bits * 0.34657) + 2; }

static fc_status way_init(fc_way *w, const fc_flow *flow, int number,
                          const fc_field_kind *kind) {
  long bits = 53;
  if (flow->ctx.kind == FC_DOUBLE) {
    fc_ctx_init_double(w->ctx);
  } else {
    bits = flow->ctx.precision + GUARD_BITS + LIMB_BITS - 1;
    bits -= bits % LIMB_BITS;
    fc_ctx_init_mpfr(w->ctx, bits + (number ? LIMB_BITS : 0));
  }
  w->bits = bits + (number ? CHECK_TERMS : 0);
  w->shrink = number ? CHECK_STEP : 1;
  fc_time_init(w->time, w->ctx);
  fc_schedule_value_init(w->at, w->ctx);
  each_number(w, fc_init);
  w->made = true;
  long order = best_order(bits) + (number ? CHECK_ORDERS : 0);
  fc_status status = fc_field_new(&w->field, kind, flow->target, flow->schedule,
                                  order, w->ctx);
  if (status)
    return status;
  w->x = fc_vec_new(flow->d, w->ctx);
  w->jacobian = fc_vec_new(flow->d * flow->d, w->ctx);
  status = fc_march_init(w->march, w->field);
  return w->x && w->jacobian ? status : FC_MEMORY;
}

static void way_clear(fc_way *w) {
  if (!w->made)
    return;
  if (w->field) {
    fc_vec_free(w->x, w->field->d, w->ctx);
    fc_vec_free(w->jacobian, w->field->d * w->field->d, w->ctx);
    fc_march_clear(w->march);
  }
  fc_field_free(w->field);
  fc_time_clear(w->time, w->ctx);
  fc_schedule_value_clear(w->at, w->ctx);
  each_number(w, fc_clear);
}

fc_status fc_taylor_bind(fc_flow *flow, const fc_field_kind *kind,
                         fc_error *error) {
  if (flow->ctx.kind != FC_DOUBLE && flow->ctx.kind != FC_MPFR)
    return fc_fail(error, FC_UNSUPPORTED,
                   "Taylor integration is for binary64 and MPFR: it encloses "
                   "nothing");
  fc_ways *ways = calloc(1, sizeof *ways);
  if (!ways)
    return fc_fail(error, FC_MEMORY, "out of memory");
  flow->state = ways;
  fc_status status = FC_OK;
  for (int i = 0; i < 2 && !status; i++)
    status = way_init(&ways->way[i], flow, i, kind);
  return status ? fc_fail(error, status, "the target cannot be integrated: %s",
                          fc_status_text(status))
                : FC_OK;
}

void fc_taylor_release(fc_flow *flow) {
  fc_ways *ways = flow->state;
  way_clear(&ways->way[0]);
  way_clear(&ways->way[1]);
  free(ways);
}

/* tau, co and scale of the chart at a time of the flow. */
static fc_status locate(fc_ptr tau, fc_ptr co, fc_ptr scale, fc_way *w,
                        const fc_flow *flow, const fc_time *time) {
  fc_convert(w->time->t, w->ctx, time->t, &flow->ctx);
  fc_convert(w->time->r, w->ctx, time->r, &flow->ctx);
  fc_status status =
      fc_schedule_eval(w->at, flow->schedule, w->time, false, w->ctx);
  if (!status)
    w->field->kind->locate(tau, co, scale, w->field, w->time, w->at);
  return status;
}

fc_status fc_taylor_set_times(fc_flow *flow, fc_error *error) {
  fc_ways *ways = flow->state;
  bool end = fc_is_zero(flow->from->a, &flow->ctx) == FC_TRUE ||
             fc_is_zero(flow->to->a, &flow->ctx) == FC_TRUE;
  if (end && !fc_target_is_smooth(flow->target))
    return fc_fail(error, FC_DOMAIN,
                   "at t = 1 only a law with a smooth density on all of R^d "
                   "can be integrated");
  fc_status status = FC_OK;
  for (int i = 0; i < 2 && !status; i++) {
    fc_way *w = &ways->way[i];
    status = locate(w->tau, w->co, w->from, w, flow, &flow->s);
    if (!status)
      status = locate(w->tau_end, w->co_end, w->to, w, flow, &flow->t);
    if (!status &&
        !(fc_is_finite(w->tau, w->ctx) && fc_is_finite(w->tau_end, w->ctx)))
      status = FC_DOMAIN;
  }
  return status ? fc_fail(error, status,
                          "the chart does not reach one of the times")
                : FC_OK;
}

/* y = x/scale at s; P = I, on the field's basis where it has one. */
static void place(fc_way *w, const fc_flow *flow, fc_srcptr x) {
  const fc_ctx *ctx = w->ctx;
  const fc_field *field = w->field;
  size_t d = flow->d, columns = field->columns,
         length = (size_t)field->order + 1;
  fc_set(w->march->tau, w->tau, ctx);
  fc_set(w->march->co, w->co, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_ptr y = w->march->y + i * length;
    fc_convert(y, ctx, x + i, &flow->ctx);
    fc_div(y, y, w->from, ctx);
    for (size_t j = 0; j < columns; j++) {
      fc_ptr p = w->march->p + (i * columns + j) * length;
      if (field->basis)
        fc_set(p, field->basis + j * d + i, ctx);
      else
        fc_set_si(p, i == j, ctx);
    }
  }
}

/* jacobian = (I + (P - W) W^T) to/from, W the basis as columns, or P to/from.
 */
static void join_columns(fc_way *w, size_t d) {
  const fc_ctx *ctx = w->ctx;
  const fc_field *field = w->field;
  size_t columns = field->columns, length = (size_t)field->order + 1;
  fc_ptr ratio = w->march->temp, change = w->march->rate;
  fc_div(ratio, w->to, w->from, ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      fc_ptr z = w->jacobian + i * d + j;
      if (field->basis)
        fc_set_si(z, i == j, ctx);
      else
        fc_set(z, w->march->p + (i * d + j) * length, ctx);
      for (size_t k = 0; k < columns && field->basis; k++) {
        fc_sub(change, w->march->p + (i * columns + k) * length,
               field->basis + k * d + i, ctx);
        fc_addmul(z, change, field->basis + k * d + j, ctx);
      }
      fc_mul(z, z, ratio, ctx);
    }
}

static void scale_back(fc_way *w, const fc_flow *flow) {
  size_t length = (size_t)w->field->order + 1;
  for (size_t i = 0; i < flow->d; i++)
    fc_mul(w->x + i, w->march->y + i * length, w->to, w->ctx);
  join_columns(w, flow->d);
}

static double time_of(const fc_flow *flow, const fc_way *w) {
  double tau = fc_get_d(w->march->tau, w->ctx);
  double u =
      w->field->kind->snr_root(w->field, tau, fc_get_d(w->march->co, w->ctx));
  return isnan(u) ? tau : fc_flow_time_of_u(flow, u);
}

static fc_status go(fc_flow *flow, fc_way *w, fc_srcptr x, fc_error *error) {
  long budget = flow->budget;
  place(w, flow, x);
  fc_status status =
      fc_march_to(w->march, w->tau_end, w->co_end, w->bits, w->shrink, &budget);
  if (status) {
    fc_flow_set_reached(flow, time_of(flow, w));
    return fc_fail(error, status,
                   status == FC_BUDGET
                       ? "the %ld steps were spent at t = %.17g"
                       : "after %ld steps at most the field has no expansion "
                         "at t = %.17g",
                   flow->budget, flow->reached);
  }
  scale_back(w, flow);
  return FC_OK;
}

/* z = 2^x, which may be beyond binary64 where z is not. */
static void set_exp2(fc_ptr z, double x, const fc_ctx *ctx) {
  double whole = floor(x);
  fc_set_d(z, exp2(x - whole), ctx);
  fc_mul_2exp_si(z, z, (long)fmin(fmax(whole, -1e9), 1e9), ctx);
}

/* z = the largest |difference| of count values of the two ways, times 8, plus
 * what the last bits of the flow's arithmetic are of the largest value. */
static void compare(fc_ptr z, fc_ptr values, const fc_flow *flow, fc_srcptr x,
                    fc_srcptr y, size_t count) {
  const fc_ctx *ctx = &flow->ctx;
  fc_ways *ways = flow->state;
  const fc_way *first = &ways->way[0];
  fc_way *second = &ways->way[1];
  fc_ptr temp = second->march->temp;
  fc_num size;
  fc_init(size, ctx);
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < count; i++) {
    fc_convert(values + i, ctx, y + i, second->ctx);
    fc_convert(temp, second->ctx, x + i, first->ctx);
    fc_sub(temp, temp, y + i, second->ctx);
    fc_convert(size, ctx, temp, second->ctx);
    fc_abs(size, size, ctx);
    fc_max(z, z, size, ctx);
  }
  fc_mul_2exp_si(z, z, 3, ctx);
  fc_largest_magnitude(size, values, count, ctx);
  fc_mul_2exp_si(size, size, 1 - ctx->precision, ctx);
  fc_add(z, z, size, ctx);
  fc_clear(size, ctx);
}

/* What rounding on the way may do and comparing the ways need not show (both
 * may leave a separatrix to the same side): an error of y of a few units in the
 * last place of its size, or of 1, at any place grows by at most largest |P|
 * over smallest |P| until the end. */
static void add_rounding(fc_flow *flow, const fc_way *w) {
  const fc_ctx *ctx = &flow->ctx;
  double bits = (double)(w->ctx->precision - ROUNDING_BITS);
  double growth = w->march->largest_p - w->march->least_p;
  double size = fmax(w->march->largest_y, 0);
  double steep = fmax(w->march->last_p, -1e6);
  fc_num extra;
  fc_init(extra, ctx);
  set_exp2(extra, size + growth - bits, ctx);
  fc_num scale;
  fc_init(scale, ctx);
  fc_convert(scale, ctx, w->to, w->ctx);
  fc_mul(extra, extra, scale, ctx);
  fc_add(flow->value.x_error, flow->value.x_error, extra, ctx);
  /* P is a product of many factors: its exponent counts the roundings, too. */
  set_exp2(extra, steep + growth + log2(1 + fabs(steep) / 8) - bits, ctx);
  fc_mul(extra, extra, scale, ctx);
  fc_convert(scale, ctx, w->from, w->ctx);
  fc_div(extra, extra, scale, ctx);
  fc_add(flow->value.jacobian_error, flow->value.jacobian_error, extra, ctx);
  fc_clear(scale, ctx);
  fc_clear(extra, ctx);
}

/* P is carried even where nobody wants it: without it no error is honest. */
fc_status fc_taylor_eval(fc_flow *flow, fc_srcptr x, unsigned want,
                         fc_error *error) {
  fc_ways *ways = flow->state;
  (void)want;
  fc_status status = FC_OK;
  for (int i = 0; i < 2 && !status; i++)
    status = go(flow, &ways->way[i], x, error);
  if (status)
    return status;
  const fc_way *first = &ways->way[0], *second = &ways->way[1];
  compare(flow->value.x_error, flow->value.x, flow, first->x, second->x,
          flow->d);
  compare(flow->value.jacobian_error, flow->value.jacobian, flow,
          first->jacobian, second->jacobian, flow->d * flow->d);
  add_rounding(flow, first);
  add_rounding(flow, second);
  return FC_OK;
}

/* --- the method in a chart without 0/0 -------------------------------------
 */

static fc_status bind(fc_flow *flow, fc_error *error) {
  const fc_field_kind *kind = &fc_field_angle;
  if (fc_target_isotropic_count(flow->target) > 0)
    kind = &fc_field_component;
  else if (fc_target_mixture_count(flow->target) > 0)
    kind = &fc_field_spectral;
  return fc_taylor_bind(flow, kind, error);
}

const fc_flow_kind fc_flow_taylor = {bind, fc_taylor_set_times, fc_taylor_eval,
                                     fc_taylor_release};
