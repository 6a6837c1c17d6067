#include "perturbed/bounds.h"

#include <math.h>
#include <stdlib.h>

enum { MESH = 256, MARGIN_BITS = 6, BALL_BITS = 64, MOST_BALLS = 4096 };

struct fc_gradient_bounds {
  const fc_target *target;
  const fc_schedule *schedule;
  const fc_perturbation *how;
  fc_ctx ctx[1];
  bool mixture;             /* sigma, R; else kappa, beta */
  fc_num first, second;     /* sigma^2, R^2; kappa, beta */
  fc_num factor;            /* 1 + eps */
  fc_num low, high;         /* the slopes */
  fc_num square, rise, tau; /* k^2, and scratch */
  fc_num temp, below;
  fc_schedule_value at[1];
  fc_time start[1];
};

static void each(fc_gradient_bounds *g, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {g->first,  g->second, g->factor, g->low,  g->high,
                            g->square, g->rise,   g->tau,    g->temp, g->below};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], g->ctx);
}

/* --- making one ------------------------------------------------------------
 */

static fc_status constant(fc_ptr z, const fc_gradient_bounds *g,
                          fc_class_constant which) {
  return fc_target_constant(z, NULL, NULL, g->target, which, g->ctx);
}

static fc_status bind_class(fc_gradient_bounds *g, fc_error *error) {
  const fc_ctx *ctx = g->ctx;
  g->mixture = constant(g->first, g, FC_SIGMA) == FC_OK &&
               constant(g->second, g, FC_R) == FC_OK;
  if (g->mixture) {
    fc_sqr(g->first, g->first, ctx);
    fc_sqr(g->second, g->second, ctx);
    return FC_OK;
  }
  bool curved = fc_target_has_full_support(g->target) &&
                constant(g->first, g, FC_KAPPA) == FC_OK &&
                constant(g->second, g, FC_BETA) == FC_OK &&
                fc_is_positive(g->first, ctx) == FC_TRUE;
  return curved ? FC_OK
                : fc_fail(error, FC_UNSUPPORTED,
                          "neither (sigma, R) nor kappa, beta > 0 are known");
}

/* z = the constant that a text says. */
static fc_status read(fc_ptr z, const char *text, const fc_ctx *ctx,
                      fc_error *error) {
  fc_formula *formula = NULL;
  if (!text)
    return fc_fail(error, FC_UNSUPPORTED,
                   "the perturbation does not state its slope or size");
  fc_status status = fc_constant_parse(&formula, text, NULL, error);
  if (status == FC_OK)
    status = fc_constant_eval(z, formula, ctx);
  fc_formula_free(formula);
  return status;
}

static fc_status bind_perturbation(fc_gradient_bounds *g, fc_error *error) {
  const fc_ctx *ctx = g->ctx;
  const fc_perturbation *how = g->how;
  fc_status status = FC_OK;
  fc_set_si(g->factor, 1, ctx);
  switch (how->kind) {
  case FC_PERTURB_ADDITIVE:
  case FC_PERTURB_DENOISER:
    if (how->axis) /* delta does not depend on x */
      break;
    status = read(g->low, how->slope_low, ctx, error);
    if (status == FC_OK)
      status = read(g->high, how->slope_high, ctx, error);
    break;
  case FC_PERTURB_MULTIPLICATIVE:
  case FC_PERTURB_NOISE:
    status = read(g->temp, how->size, ctx, error);
    fc_add_si(g->factor, g->temp, 1, ctx);
    break;
  case FC_PERTURB_EULER:
    break;
  default:
    return fc_fail(error, FC_UNSUPPORTED,
                   "a rounded field is not Lipschitz: sup|grad w| = infinity");
  }
  fc_set_si(g->square, 1, ctx);
  if (how->kind == FC_PERTURB_NOISE)
    fc_sqr(g->square, g->factor, ctx);
  return status;
}

fc_status fc_gradient_bounds_new(fc_gradient_bounds **bounds,
                                 const fc_target *target,
                                 const fc_schedule *schedule,
                                 const fc_perturbation *perturbation,
                                 const fc_ctx *ctx, fc_error *error) {
  if (ctx->kind == FC_SERIES || ctx->kind == FC_ACB)
    return fc_fail(error, FC_UNSUPPORTED, "bounds are real");
  fc_gradient_bounds *g = calloc(1, sizeof *g);
  if (!g)
    return fc_fail(error, FC_MEMORY, "out of memory");
  g->target = target;
  g->schedule = schedule;
  g->how = perturbation;
  g->ctx[0] = *ctx;
  each(g, fc_init);
  fc_schedule_value_init(g->at, ctx);
  fc_time_init(g->start, ctx);
  fc_status status = bind_class(g, error);
  if (status == FC_OK)
    status = bind_perturbation(g, error);
  if (status)
    fc_gradient_bounds_free(g);
  else
    *bounds = g;
  return status;
}

void fc_gradient_bounds_free(fc_gradient_bounds *g) {
  if (!g)
    return;
  each(g, fc_clear);
  fc_schedule_value_clear(g->at, g->ctx);
  fc_time_clear(g->start, g->ctx);
  free(g);
}

/* --- at a time -------------------------------------------------------------
 */

/* z = (c k^2 a a' + b b')/(c k^2 a^2 + b^2) */
static void curved(fc_ptr z, fc_gradient_bounds *g, fc_srcptr c) {
  const fc_ctx *ctx = g->ctx;
  const fc_schedule_value *at = g->at;
  fc_mul(g->temp, c, g->square, ctx);
  fc_sqr(g->below, at->a, ctx);
  fc_mul(g->below, g->below, g->temp, ctx);
  fc_sqr(g->rise, at->b, ctx);
  fc_add(g->below, g->below, g->rise, ctx);
  fc_mul(z, g->temp, at->ada, ctx);
  fc_addmul(z, at->b, at->db, ctx);
  fc_div(z, z, g->below, ctx);
}

/* (k^2 a a' + sigma^2 b b')/V, and + k^2 a omega b R^2/V^2 */
static void mixed(fc_ptr lower, fc_ptr upper, fc_gradient_bounds *g) {
  const fc_ctx *ctx = g->ctx;
  const fc_schedule_value *at = g->at;
  fc_sqr(g->below, at->a, ctx);
  fc_mul(g->below, g->below, g->square, ctx);
  fc_sqr(g->temp, at->b, ctx);
  fc_addmul(g->below, g->temp, g->first, ctx);
  fc_mul(g->temp, at->b, at->db, ctx);
  fc_mul(lower, g->temp, g->first, ctx);
  fc_addmul(lower, g->square, at->ada, ctx);
  fc_div(lower, lower, g->below, ctx);
  fc_mul(g->rise, g->square, at->aomega, ctx);
  fc_mul(g->rise, g->rise, at->b, ctx);
  fc_mul(g->rise, g->rise, g->second, ctx);
  fc_sqr(g->below, g->below, ctx);
  fc_div(g->rise, g->rise, g->below, ctx);
  fc_add(upper, lower, g->rise, ctx);
}

/* start = t_k */
static void set_start(fc_gradient_bounds *g, long k) {
  const fc_ctx *ctx = g->ctx;
  long steps = (long)g->how->steps;
  fc_set_si(g->start->t, k, ctx);
  fc_div_si(g->start->t, g->start->t, steps, ctx);
  fc_set_si(g->start->r, steps - k, ctx);
  fc_div_si(g->start->r, g->start->r, steps, ctx);
}

/* start = t_k, tau = t - t_k. */
static void set_step(fc_gradient_bounds *g, const fc_time *time) {
  const fc_ctx *ctx = g->ctx;
  long steps = (long)g->how->steps;
  long k = (long)floor(fc_get_d(time->t, ctx) * (double)steps);
  set_start(g, k < steps ? k : steps - 1);
  fc_sub(g->tau, time->t, g->start->t, ctx);
}

/* s = s/(1 + tau s) */
static fc_status step(fc_ptr s, fc_gradient_bounds *g) {
  const fc_ctx *ctx = g->ctx;
  fc_mul(g->temp, g->tau, s, ctx);
  fc_add_si(g->temp, g->temp, 1, ctx);
  fc_div(s, s, g->temp, ctx);
  return fc_is_positive(g->temp, ctx) == FC_TRUE ? FC_OK : FC_DOMAIN;
}

/* What the perturbation makes of the bounds of v. */
static fc_status perturb(fc_ptr lower, fc_ptr upper, fc_gradient_bounds *g) {
  const fc_ctx *ctx = g->ctx;
  switch (g->how->kind) {
  case FC_PERTURB_ADDITIVE:
    fc_add(lower, lower, g->low, ctx);
    fc_add(upper, upper, g->high, ctx);
    return FC_OK;
  case FC_PERTURB_DENOISER:
    fc_addmul(lower, g->at->aomega, g->low, ctx);
    fc_addmul(upper, g->at->aomega, g->high, ctx);
    return FC_OK;
  case FC_PERTURB_MULTIPLICATIVE:
    fc_mul(lower, lower, g->factor, ctx);
    fc_mul(upper, upper, g->factor, ctx);
    return FC_OK;
  case FC_PERTURB_EULER:
    return step(lower, g) ? FC_DOMAIN : step(upper, g);
  default:
    return FC_OK;
  }
}

/* The bounds of grad v, of the misjudged noise where that is the kind. */
static fc_status unperturbed(fc_ptr lower, fc_ptr upper, fc_gradient_bounds *g,
                             const fc_time *time) {
  fc_status status = fc_schedule_eval(g->at, g->schedule, time, false, g->ctx);
  if (status)
    return status;
  if (g->mixture) {
    mixed(lower, upper, g);
  } else {
    curved(upper, g, g->first);
    curved(lower, g, g->second);
  }
  return FC_OK;
}

fc_status fc_gradient_bounds_at(fc_ptr lower, fc_ptr upper,
                                fc_gradient_bounds *g, const fc_time *time) {
  bool euler = g->how->kind == FC_PERTURB_EULER;
  if (euler)
    set_step(g, time);
  fc_status status = unperturbed(lower, upper, g, euler ? g->start : time);
  return status ? status : perturb(lower, upper, g);
}

/* --- for all times ---------------------------------------------------------
 */

/* z = max(|lower|, |upper|) at a time. */
static fc_status norm_at(fc_ptr z, fc_ptr temp, fc_gradient_bounds *g,
                         const fc_time *time) {
  fc_status status = fc_gradient_bounds_at(z, temp, g, time);
  fc_abs(z, z, g->ctx);
  fc_abs(temp, temp, g->ctx);
  fc_max(z, z, temp, g->ctx);
  return status;
}

/* True where |grad w| <= top for all t with low <= 1 - t <= high (binary64):
 * bisected until the balls say so. */
static bool holds_on(fc_gradient_bounds *g, double low, double high,
                     fc_srcptr top, long *balls) {
  const fc_ctx *ctx = g->ctx;
  fc_time time[1];
  fc_num norm, temp;
  mpfr_t from, to;
  if (--*balls < 0)
    return false;
  fc_time_init(time, ctx);
  fc_init(norm, ctx);
  fc_init(temp, ctx);
  mpfr_init2(from, 64);
  mpfr_init2(to, 64);
  mpfr_set_d(from, low, MPFR_RNDD);
  mpfr_set_d(to, high, MPFR_RNDU);
  fc_set_interval(time->r, from, to, ctx);
  mpfr_ui_sub(from, 1, from, MPFR_RNDU);
  mpfr_ui_sub(to, 1, to, MPFR_RNDD);
  fc_set_interval(time->t, to, from, ctx);
  bool holds =
      norm_at(norm, temp, g, time) == FC_OK && fc_le(norm, top, ctx) == FC_TRUE;
  mpfr_clear(from);
  mpfr_clear(to);
  fc_clear(norm, ctx);
  fc_clear(temp, ctx);
  fc_time_clear(time, ctx);
  double middle = (low + high) / 2;
  return holds || (middle > low && middle < high &&
                   holds_on(g, low, middle, top, balls) &&
                   holds_on(g, middle, high, top, balls));
}

/* Balls over [0, 1], at first in parts that are even in sqrt(1 - t). */
static bool prove(fc_srcptr z, const fc_gradient_bounds *g) {
  fc_ctx balls[1];
  fc_gradient_bounds *own = NULL;
  fc_num top;
  long budget = MOST_BALLS;
  enum { PARTS = 16 };
  if (fc_ctx_init_arb(balls, BALL_BITS, NULL) ||
      fc_gradient_bounds_new(&own, g->target, g->schedule, g->how, balls, NULL))
    return false;
  fc_init(top, balls);
  fc_convert(top, balls, z, g->ctx);
  bool holds = true;
  for (int i = 0; i < PARTS && holds; i++) {
    double low = (double)i / PARTS, high = (double)(i + 1) / PARTS;
    holds = holds_on(own, low * low, high * high, top, &budget);
  }
  fc_clear(top, balls);
  fc_gradient_bounds_free(own);
  return holds;
}

/* lower, upper = the bounds of grad v at t_k; tau = 1/N. */
static fc_status at_start(fc_ptr lower, fc_ptr upper, fc_gradient_bounds *g,
                          long k) {
  set_start(g, k);
  fc_set_si(g->tau, 1, g->ctx);
  fc_div_si(g->tau, g->tau, (long)g->how->steps, g->ctx);
  return unperturbed(lower, upper, g, g->start);
}

/* z = max(z, |s|, |s/(1 + tau s)|); s is overwritten. */
static fc_status raise_norm(fc_ptr z, fc_ptr s, fc_gradient_bounds *g) {
  const fc_ctx *ctx = g->ctx;
  fc_abs(g->below, s, ctx);
  fc_max(z, z, g->below, ctx);
  fc_status status = step(s, g);
  fc_abs(s, s, ctx);
  fc_max(z, z, s, ctx);
  return status;
}

static fc_status polygon_sup(fc_ptr z, fc_gradient_bounds *g, fc_error *error) {
  const fc_ctx *ctx = g->ctx;
  fc_num lower, upper;
  fc_init(lower, ctx);
  fc_init(upper, ctx);
  fc_set_si(z, 0, ctx);
  fc_status status = FC_OK;
  for (long k = 0; k < (long)g->how->steps && !status; k++) {
    status = at_start(lower, upper, g, k);
    if (!status)
      status = raise_norm(z, lower, g);
    if (!status)
      status = raise_norm(z, upper, g);
  }
  fc_clear(lower, ctx);
  fc_clear(upper, ctx);
  return status ? fc_fail(error, status, "a step cannot be inverted for all x")
                : FC_OK;
}

fc_status fc_gradient_bounds_polygon(fc_ptr z, fc_gradient_bounds *g) {
  const fc_ctx *ctx = g->ctx;
  fc_num lower, upper, growth;
  if (g->how->kind != FC_PERTURB_EULER)
    return FC_UNSUPPORTED;
  fc_init(lower, ctx);
  fc_init(upper, ctx);
  fc_init(growth, ctx); /* G_{k+1}^2 */
  fc_set_si(growth, 1, ctx);
  fc_set_si(z, 0, ctx);
  fc_status status = FC_OK;
  for (long k = (long)g->how->steps - 1; k >= 0 && !status; k--) {
    status = at_start(lower, upper, g, k);
    fc_mul(upper, upper, g->tau, ctx);
    fc_add_si(upper, upper, 1, ctx);
    fc_mul(g->temp, upper, g->tau, ctx);
    fc_addmul(z, g->temp, growth, ctx);
    fc_mul(growth, growth, upper, ctx);
    fc_mul(growth, growth, upper, ctx);
    if (!status)
      status = step(lower, g);
  }
  fc_clear(lower, ctx);
  fc_clear(upper, ctx);
  fc_clear(growth, ctx);
  return status;
}

fc_status fc_gradient_bounds_sup(fc_ptr z, bool *proved, fc_gradient_bounds *g,
                                 fc_error *error) {
  const fc_ctx *ctx = g->ctx;
  *proved = false;
  if (g->how->kind == FC_PERTURB_EULER)
    return polygon_sup(z, g, error);
  fc_time time[1];
  fc_num here, temp;
  fc_time_init(time, ctx);
  fc_init(here, ctx);
  fc_init(temp, ctx);
  fc_set_si(z, 0, ctx);
  fc_status status = FC_OK;
  for (int i = 0; i <= MESH && !status; i++) {
    double q = (double)i / MESH;
    fc_time_set_d(time, q * q, true, ctx);
    status = norm_at(here, temp, g, time);
    fc_max(z, z, here, ctx);
    if (!status && !fc_is_finite(here, ctx))
      status = FC_DOMAIN;
  }
  fc_mul_2exp_si(temp, z, -MARGIN_BITS, ctx);
  fc_add(z, z, temp, ctx);
  fc_time_clear(time, ctx);
  fc_clear(here, ctx);
  fc_clear(temp, ctx);
  *proved = !status && prove(z, g);
  return status ? fc_fail(error, status, "no bound at some time: %s",
                          fc_status_text(status))
                : FC_OK;
}
