/* The validated integrator as a method: charts, tubes and cells (tape.h,
 * tube.h, cells.h) from and to the numbers of a flow. */
#include <math.h>
#include <stdlib.h>

#include "flow/cells.h"
#include "flow/flow_impl.h"

enum { GUARD_BITS = 16, LEAST_PRECISION = 64 };

typedef struct validated {
  fc_chart *chart;
  fc_tube tube[1];
  fc_num tau[2], scale[2]; /* of the chart at s and t */
  arb_ptr storage;
  arb_ptr centre, box, y, v; /* d, d, d, d*d */
} validated;

static long best_order(slong bits) {
  return (long)(0.34657 * (double)bits) + 2;
}

static fc_status bind(fc_flow *flow, fc_error *error) {
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  if (ctx->kind != FC_ARB)
    return fc_fail(error, FC_UNSUPPORTED,
                   "the validated integrator needs balls: --tier certified");
  validated *w = calloc(1, sizeof *w);
  if (!w)
    return fc_fail(error, FC_MEMORY, "out of memory");
  flow->state = w;
  for (int end = 0; end < 2; end++) {
    fc_init(w->tau[end], ctx);
    fc_init(w->scale[end], ctx);
  }
  slong precision = ctx->precision + GUARD_BITS;
  if (precision < LEAST_PRECISION)
    precision = LEAST_PRECISION;
  fc_status status = fc_chart_new(
      &w->chart,
      fc_target_isotropic_count(flow->target) > 0 ? &fc_chart_component
                                                  : &fc_chart_spectral,
      flow->target, best_order(precision), precision);
  if (status)
    return fc_fail(error, status,
                   status == FC_UNSUPPORTED
                       ? "the validated integrator is for mixtures of "
                         "Gaussians and products of them"
                       : "the target cannot be integrated: %s",
                   fc_status_text(status));
  fc_tube_init(w->tube, w->chart, precision);
  w->storage = w->centre = _arb_vec_init((slong)(3 * d + d * d));
  w->box = w->centre + d;
  w->y = w->box + d;
  w->v = w->y + d;
  return FC_OK;
}

static void release(fc_flow *flow) {
  validated *w = flow->state;
  size_t d = flow->d;
  for (int end = 0; end < 2; end++) {
    fc_clear(w->tau[end], &flow->ctx);
    fc_clear(w->scale[end], &flow->ctx);
  }
  fc_tube_clear(w->tube);
  fc_chart_free(w->chart);
  if (w->storage)
    _arb_vec_clear(w->storage, (slong)(3 * d + d * d));
  free(w);
}

static fc_status set_times(fc_flow *flow, fc_error *error) {
  validated *w = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  const fc_chart_kind *kind = w->chart->kind;
  fc_status status = fc_flow_needs_density(flow, error);
  if (status)
    return status;
  kind->locate(w->tau[0], w->scale[0], w->chart, flow->from, ctx);
  kind->locate(w->tau[1], w->scale[1], w->chart, flow->to, ctx);
  for (int end = 0; end < 2; end++)
    if (!fc_is_finite(w->tau[end], ctx) ||
        fc_is_positive(w->scale[end], ctx) != FC_TRUE)
      return fc_fail(error, FC_DOMAIN,
                     "the chart does not reach one of the times");
  return FC_OK;
}

/* --- in and out -----------------------------------------------------------*/

/* centre and box at s from the balls x; true where the box is more than the
 * rounding of a point. */
static bool place(validated *w, const fc_flow *flow, fc_srcptr x) {
  slong precision = w->tube->precision;
  arb_srcptr scale = fc_as_arb(w->scale[0]);
  bool wide = false;
  for (size_t i = 0; i < flow->d; i++) {
    arb_srcptr from = fc_as_arb_src(x + i);
    arb_get_mid_arb(w->centre + i, from);
    arb_div(w->centre + i, w->centre + i, scale, precision);
    arb_get_rad_arb(w->box + i, from);
    wide = wide || mag_cmp_2exp_si(arb_radref(from), -precision / 2) > 0;
    arb_div(w->box + i, w->box + i, scale, precision);
    arb_get_mag(arb_radref(w->box + i), w->box + i);
    arf_zero(arb_midref(w->box + i));
  }
  return wide;
}

/* X = scale_t y, dX/dx = V scale_t/scale_s. */
static void deliver(fc_flow *flow, fc_srcptr scale) {
  validated *w = flow->state;
  slong precision = flow->ctx.precision;
  size_t d = flow->d;
  arb_srcptr to = fc_as_arb_src(scale);
  arb_t ratio;
  arb_init(ratio);
  arb_div(ratio, to, fc_as_arb(w->scale[0]), precision);
  for (size_t i = 0; i < d; i++)
    arb_mul(fc_as_arb(flow->value.x + i), w->y + i, to, precision);
  for (size_t i = 0; i < d * d; i++)
    arb_mul(fc_as_arb(flow->value.jacobian + i), w->v + i, ratio, precision);
  arb_clear(ratio);
}

/* --- partial results ------------------------------------------------------*/

/* At s: x itself, and I. */
static void deliver_start(fc_flow *flow, fc_srcptr x) {
  const fc_ctx *ctx = &flow->ctx;
  fc_vec_set(flow->value.x, x, flow->d, ctx);
  for (size_t i = 0; i < flow->d * flow->d; i++)
    fc_set_si(flow->value.jacobian + i, i % (flow->d + 1) == 0, ctx);
  flow->reached = fc_get_d(flow->s.t, ctx);
}

/* The set at the binary64 time flow->reached, within the last step. */
static bool deliver_reached(fc_flow *flow) {
  validated *w = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  fc_schedule_value at[1];
  fc_time time;
  fc_num tau, scale;
  fc_schedule_value_init(at, ctx);
  fc_time_init(&time, ctx);
  fc_init(tau, ctx);
  fc_init(scale, ctx);
  fc_time_set_d(&time, flow->reached, false, ctx);
  bool known = fc_schedule_eval(at, flow->schedule, &time, true, ctx) == FC_OK;
  if (known) {
    w->chart->kind->locate(tau, scale, w->chart, at, ctx);
    known =
        fc_is_finite(tau, ctx) && fc_tube_back_to(w->tube, fc_as_arb_src(tau));
  }
  if (known) {
    fc_tube_hull(w->y, w->v, w->tube);
    deliver(flow, scale);
  }
  fc_clear(tau, ctx);
  fc_clear(scale, ctx);
  fc_time_clear(&time, ctx);
  fc_schedule_value_clear(at, ctx);
  return known;
}

/* What is known where the tube stopped. */
static void deliver_part(fc_flow *flow, fc_srcptr x) {
  validated *w = flow->state;
  double tau = arf_get_d(arb_midref(w->tube->tau), ARF_RND_NEAR);
  double u = w->chart->kind->snr_root(w->chart, tau);
  bool moved = !arb_equal(w->tube->tau, fc_as_arb(w->tau[0]));
  if (moved)
    fc_flow_set_reached(flow, fc_flow_time_of_u(flow, u));
  if (!moved || !deliver_reached(flow))
    deliver_start(flow, x);
}

static fc_status fail(const fc_flow *flow, fc_status status, fc_error *error) {
  return fc_fail(error, FC_BUDGET,
                 status == FC_BUDGET
                     ? "the budget of %ld was spent at t = %.17g"
                     : "within the budget of %ld the enclosure is too wide at "
                       "t = %.17g: more bits are needed",
                 flow->budget, flow->reached);
}

/* --- evaluation -----------------------------------------------------------*/

/* All starts in one tube. */
static fc_status single(fc_flow *flow, fc_srcptr x, fc_tube_kind kind,
                        fc_error *error) {
  validated *w = flow->state;
  long budget = flow->budget;
  fc_tube_start(w->tube, fc_as_arb(w->tau[0]), w->centre, w->box, kind);
  fc_status status = fc_tube_go(w->tube, fc_as_arb(w->tau[1]), &budget);
  if (status) {
    deliver_part(flow, x);
    return fail(flow, status, error);
  }
  fc_tube_hull(w->y, w->v, w->tube);
  deliver(flow, w->scale[1]);
  return FC_OK;
}

/* On the line the map increases: the image of an interval lies between those of
 * its ends.  Each end: a point of its own. */
static fc_status narrow_on_line(validated *w, long *budget) {
  slong precision = w->tube->precision;
  arb_t end, none, image, y;
  arb_init(end);
  arb_init(none);
  arb_init(image);
  arb_init(y);
  fc_status status = FC_OK;
  for (int upper = 0; upper < 2 && !status; upper++) {
    arf_set_mag(arb_midref(end), arb_radref(w->box));
    if (!upper)
      arb_neg(end, end);
    arb_add(end, end, w->centre, precision);
    fc_tube_start(w->tube, fc_as_arb(w->tau[0]), end, none, FC_TUBE_POINT);
    status = fc_tube_go(w->tube, fc_as_arb(w->tau[1]), budget);
    if (!status) {
      fc_tube_hull(y, w->tube->v, w->tube);
      if (upper)
        arb_union(image, image, y, precision);
      else
        arb_set(image, y);
    }
  }
  if (!status)
    arb_swap(w->y, image);
  arb_clear(end);
  arb_clear(none);
  arb_clear(image);
  arb_clear(y);
  return status;
}

static fc_status box(fc_flow *flow, fc_srcptr x, unsigned want,
                     fc_error *error) {
  validated *w = flow->state;
  long budget = flow->budget;
  fc_status status = FC_OK;
  if (flow->d > 1 || want & FC_FLOW_JACOBIAN)
    status = fc_cells_run(w->y, w->v, w->tube, fc_as_arb(w->tau[0]),
                          fc_as_arb(w->tau[1]), w->centre, w->box, &budget);
  if (!status && flow->d == 1) {
    /* the ends of the interval are worth their own budget */
    long ends = flow->budget;
    fc_status exact = narrow_on_line(w, &ends);
    status = want & FC_FLOW_JACOBIAN ? FC_OK : exact;
  }
  if (status) { /* the box as a whole, as far as it goes */
    place(w, flow, x);
    return single(flow, x, FC_TUBE_WHOLE, error);
  }
  deliver(flow, w->scale[1]);
  return FC_OK;
}

static fc_status eval(fc_flow *flow, fc_srcptr x, unsigned want,
                      fc_error *error) {
  validated *w = flow->state;
  return place(w, flow, x) ? box(flow, x, want, error)
                           : single(flow, x, FC_TUBE_POINT, error);
}

const fc_flow_kind fc_flow_validated = {bind, set_times, eval, release};
