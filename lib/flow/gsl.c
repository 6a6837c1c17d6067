/* GSL's odeiv2 in the angle, for X and its Jacobian together, in binary64.  A
 * tolerance there is a goal for each step, not a bound: the stated error is
 * what another tolerance and another method (Adams in place of Runge and Kutta)
 * make of the result, doubled.
 */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>

#include "flow/flow_impl.h"
#include "target/posterior.h"

enum { STEP_FACTOR = 10, RUNS = 3 };

typedef struct gsl_flow {
  fc_posterior *posterior;
  size_t d;
  size_t size;  /* of the system: d, or d + d*d with the Jacobian */
  bool density; /* the score form is available */
  double start, end, from, to; /* angles, and rho there */
  fc_num a, b;
  fc_ptr y;        /* d */
  double *state;   /* RUNS * (d + d*d) */
  double *tangent; /* d*d: grad w */
} gsl_flow;

static fc_status bind(fc_flow *flow, fc_error *error) {
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  if (ctx->kind != FC_DOUBLE)
    return fc_fail(error, FC_UNSUPPORTED, "GSL integrates in binary64 only");
  gsl_flow *g = calloc(1, sizeof *g);
  if (!g)
    return fc_fail(error, FC_MEMORY, "out of memory");
  flow->state = g;
  g->d = d;
  g->density = fc_target_has_density(flow->target);
  fc_init(g->a, ctx);
  fc_init(g->b, ctx);
  g->y = fc_vec_new(d, ctx);
  g->state = calloc(RUNS * (d + d * d), sizeof *g->state);
  g->tangent = calloc(d * d, sizeof *g->tangent);
  if (!g->y || !g->state || !g->tangent)
    return fc_fail(error, FC_MEMORY, "out of memory");
  return fc_posterior_new(&g->posterior, flow->target, ctx, error);
}

static void release(fc_flow *flow) {
  gsl_flow *g = flow->state;
  fc_vec_free(g->y, g->d, &flow->ctx);
  fc_posterior_free(g->posterior);
  free(g->state);
  free(g->tangent);
  free(g);
}

static fc_status set_times(fc_flow *flow, fc_error *error) {
  gsl_flow *g = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  bool end = fc_is_zero(flow->from->a, ctx) == FC_TRUE ||
             fc_is_zero(flow->to->a, ctx) == FC_TRUE;
  if (end && !fc_target_is_smooth(flow->target))
    return fc_fail(error, FC_DOMAIN,
                   "at t = 1 only a law with a smooth density on all of R^d "
                   "can be integrated");
  g->start = fc_get_d(flow->from->theta, ctx);
  g->end = fc_get_d(flow->to->theta, ctx);
  g->from = fc_get_d(flow->from->rho, ctx);
  g->to = fc_get_d(flow->to->rho, ctx);
  return FC_OK;
}

/* w and grad w at (theta, y): see angle.c for the two forms. */
static int field(gsl_flow *g, double *w, double theta, const double *y,
                 const fc_ctx *ctx) {
  double a = cos(theta), b = sin(theta);
  bool late = g->density && b >= a;
  fc_set_d(g->a, a, ctx);
  fc_set_d(g->b, b, ctx);
  for (size_t i = 0; i < g->d; i++)
    fc_set_d(g->y + i, y[i], ctx);
  if (fc_posterior_eval(g->posterior, g->a, g->b, g->y,
                        late ? FC_WANT_SCORE | FC_WANT_SCORE_JACOBIAN
                             : FC_WANT_MEAN | FC_WANT_COVARIANCE))
    return GSL_EBADFUNC;
  const fc_posterior_value *p = fc_posterior_values(g->posterior);
  for (size_t i = 0; i < g->d; i++) {
    w[i] = late ? a / b * (y[i] + fc_get_d(p->score + i, ctx))
                : (fc_get_d(p->mean + i, ctx) - b * y[i]) / a;
    if (!isfinite(w[i]))
      return GSL_EBADFUNC;
  }
  for (size_t i = 0; i < g->d * g->d; i++) {
    double one = i % (g->d + 1) == 0;
    g->tangent[i] =
        late ? a / b * (one + fc_get_d(p->score_jacobian + i, ctx))
             : b / a * (fc_get_d(p->covariance + i, ctx) / (a * a) - one);
  }
  return GSL_SUCCESS;
}

/* y' = w, P' = grad w P. */
static int right_side(double theta, const double y[], double dy[],
                      void *closure) {
  gsl_flow *g = closure;
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  size_t d = g->d;
  int status = field(g, dy, theta, y, ctx);
  if (status || g->size == d)
    return status;
  const double *p = y + d;
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      double sum = 0;
      for (size_t k = 0; k < d; k++)
        sum += g->tangent[i * d + k] * p[k * d + j];
      dy[d + i * d + j] = sum;
    }
  return isfinite(dy[g->size - 1]) ? GSL_SUCCESS : GSL_EBADFUNC;
}

static void place(double *y, const gsl_flow *g, fc_srcptr x,
                  const fc_ctx *ctx) {
  size_t d = g->d;
  for (size_t i = 0; i < d; i++)
    y[i] = fc_get_d(x + i, ctx) / g->from;
  for (size_t i = 0; i < d * d; i++)
    y[d + i] = i % (d + 1) == 0;
}

/* One run; *reached is the angle up to which it got. */
static fc_status integrate(double *y, double *reached, gsl_flow *g,
                           const gsl_odeiv2_step_type *type, double tolerance,
                           long steps) {
  gsl_odeiv2_system system = {right_side, NULL, g->size, g};
  double first = (g->end - g->start) / 64;
  gsl_odeiv2_driver *driver =
      gsl_odeiv2_driver_alloc_y_new(&system, type, first, tolerance, tolerance);
  if (!driver)
    return FC_MEMORY;
  *reached = g->start;
  gsl_odeiv2_driver_set_nmax(driver, (unsigned long)steps);
  int status = gsl_odeiv2_driver_apply(driver, reached, g->end, y);
  gsl_odeiv2_driver_free(driver);
  if (status == GSL_SUCCESS)
    return FC_OK;
  return status == GSL_EBADFUNC ? FC_DOMAIN : FC_BUDGET;
}

/* The largest difference of the runs from the first one, over count entries. */
static double difference(const gsl_flow *g, size_t from, size_t count) {
  size_t stride = g->d + g->d * g->d;
  double most = 0;
  for (size_t run = 1; run < RUNS; run++)
    for (size_t i = from; i < from + count; i++)
      most = fmax(most, fabs(g->state[run * stride + i] - g->state[i]));
  return most;
}

static void deliver(fc_flow *flow, bool jacobian) {
  const gsl_flow *g = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  size_t d = g->d;
  double growth = 1, size = 1;
  for (size_t i = 0; i < d * d && jacobian; i++) {
    fc_set_d(flow->value.jacobian + i, g->state[d + i] * g->to / g->from, ctx);
    growth = fmax(growth, fabs(g->state[d + i]));
  }
  for (size_t i = 0; i < d; i++) {
    fc_set_d(flow->value.x + i, g->state[i] * g->to, ctx);
    size = fmax(size, fabs(g->state[i]));
  }
  double error = 2 * difference(g, 0, d) + 0x1p-47 * size * growth;
  fc_set_d(flow->value.x_error, error * g->to, ctx);
  error = 2 * difference(g, d, d * d) + 0x1p-47 * growth;
  fc_set_d(flow->value.jacobian_error, jacobian ? error * g->to / g->from : 0,
           ctx);
}

static fc_status eval(fc_flow *flow, fc_srcptr x, unsigned want,
                      fc_error *error) {
  static const struct {
    const gsl_odeiv2_step_type *const *type;
    double tolerance;
  } runs[RUNS] = {{&gsl_odeiv2_step_rk8pd, 1e-13},
                  {&gsl_odeiv2_step_rk8pd, 1e-11},
                  {&gsl_odeiv2_step_msadams, 1e-12}};
  gsl_flow *g = flow->state;
  size_t d = g->d;
  bool jacobian = want & FC_FLOW_JACOBIAN;
  g->size = jacobian ? d + d * d : d;
  fc_status status = FC_OK;
  double reached = g->start;
  for (size_t i = 0; i < RUNS && !status; i++) {
    double *y = g->state + i * (d + d * d);
    place(y, g, x, &flow->ctx);
    if (g->start != g->end)
      status = integrate(y, &reached, g, *runs[i].type, runs[i].tolerance,
                         STEP_FACTOR * flow->budget);
  }
  if (status) {
    flow->reached = fc_flow_time_of_u(flow, tan(reached));
    return fc_fail(error, status, "GSL's integration ended at t = %.17g",
                   flow->reached);
  }
  deliver(flow, jacobian);
  return FC_OK;
}

const fc_flow_kind fc_flow_gsl = {bind, set_times, eval, release};
