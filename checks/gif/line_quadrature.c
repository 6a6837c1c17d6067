#include "gif/line_quadrature.h"

#include <math.h>
#include <string.h>

#include "claims/decision.h"
#include "gif/line_range.h"

enum {
  LEVELS = 9,
  SCAN_BITS = 32,
  DOUBLE_BITS = 44,
  MAX_NODES = 400000,
  MAX_STEPS = 1 << 17
};

long fc_line_bits(const fc_workspace *w) {
  long stated = w->job->precision, own = w->ctx->precision;
  if (w->ctx->kind == FC_DOUBLE)
    return w->job->tier == FC_TIER_DOUBLE ? DOUBLE_BITS : SCAN_BITS;
  return stated - 28 + (own - stated - FC_GUARD_BITS) / 16;
}

typedef struct rule {
  fc_workspace *w;
  const fc_ctx *ctx;
  fc_line_range range[1];
  fc_posterior *nu;
  fc_ptr landmarks;
  size_t landmark_count, count, nodes;
  fc_line_integrand *integrand;
  void *data;
  long bits;
  fc_ptr values, sums, sizes, last; /* count each */
  fc_num y, weight, ddU, jacobian, temp, zero, one;
  fc_num centre, half, lower, upper; /* of the segment, all exact enough */
} rule;

static void each_number(rule *r, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {r->y,    r->weight, r->ddU,  r->jacobian,
                            r->temp, r->zero,   r->one,  r->centre,
                            r->half, r->lower,  r->upper};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], r->ctx);
}

static void rule_clear(rule *r) {
  fc_posterior_free(r->nu);
  fc_vec_free(r->landmarks, r->landmark_count, r->ctx);
  fc_vec_free(r->values, r->count, r->ctx);
  fc_vec_free(r->sums, r->count, r->ctx);
  fc_vec_free(r->sizes, r->count, r->ctx);
  fc_vec_free(r->last, r->count, r->ctx);
  each_number(r, fc_clear);
  fc_line_range_clear(r->range);
}

static fc_status rule_init(rule *r) {
  const fc_target *target = r->w->job->instance->target;
  double depth = (double)r->bits * log(2) + 10;
  fc_status status = fc_line_range_init(r->range, r->w, depth);
  if (status)
    return status;
  each_number(r, fc_init);
  fc_set_si(r->one, 1, r->ctx);
  r->values = fc_vec_new(r->count, r->ctx);
  r->sums = fc_vec_new(r->count, r->ctx);
  r->sizes = fc_vec_new(r->count, r->ctx);
  r->last = fc_vec_new(r->count, r->ctx);
  if (!r->values || !r->sums || !r->sizes || !r->last)
    status = FC_MEMORY;
  if (status == FC_OK)
    status = fc_posterior_new(&r->nu, target, r->ctx, NULL);
  if (status == FC_OK)
    status = fc_target_landmarks(&r->landmarks, &r->landmark_count, target,
                                 FC_LINE_SEGMENTS, r->ctx);
  if (status)
    rule_clear(r);
  return status;
}

/* sums += jacobian times the integrands at y. */
static fc_status add_node(rule *r) {
  const fc_ctx *ctx = r->ctx;
  const fc_schedule_value *at = fc_velocity_schedule(r->w->velocity);
  fc_status status =
      ++r->nodes > MAX_NODES
          ? FC_BUDGET
          : fc_posterior_eval(r->nu, r->zero, r->one, r->y,
                              FC_WANT_LOG_DENSITY | FC_WANT_SCORE_JACOBIAN);
  if (status)
    return status;
  const fc_posterior_value *p = fc_posterior_values(r->nu);
  fc_neg(r->ddU, p->score_jacobian, ctx);
  fc_set(r->temp, r->w->x, ctx); /* (x - b y)^2/(2a^2) */
  fc_submul(r->temp, at->b, r->y, ctx);
  fc_div(r->temp, r->temp, at->a, ctx);
  fc_sqr(r->temp, r->temp, ctx);
  fc_mul_2exp_si(r->temp, r->temp, -1, ctx);
  fc_sub(r->weight, p->log_density, r->temp, ctx);
  fc_set_d(r->temp, r->range->top, ctx);
  fc_sub(r->weight, r->weight, r->temp, ctx);
  fc_exp(r->weight, r->weight, ctx);
  const fc_line_node node = {r->y, r->weight, p->log_density, r->ddU};
  status = r->integrand(r->values, &node, r->data);
  for (size_t i = 0; i < r->count && status == FC_OK; i++) {
    fc_mul(r->temp, r->values + i, r->jacobian, ctx);
    fc_add(r->sums + i, r->sums + i, r->temp, ctx);
    fc_abs(r->temp, r->temp, ctx);
    fc_add(r->sizes + i, r->sizes + i, r->temp, ctx);
  }
  return status;
}

/* --- the trapezoidal rule on the whole line ------------------------------- */

/* At this step the error for a normal weight is e^(-depth/2). */
static double first_step(const fc_line_range *range) {
  double step = 2 * acos(-1) * range->width / sqrt(range->depth);
  int exponent;
  frexp(step, &exponent);
  return ldexp(1, exponent); /* a power of 2: nodes are exact */
}

static fc_status trapezoid_level(rule *r, int level) {
  const fc_line_segment *s = &r->range->segments[0];
  double h = ldexp(first_step(r->range), -level);
  double first = ceil(s->lower / h), last = floor(s->upper / h);
  fc_status status = last - first < MAX_STEPS ? FC_OK : FC_BUDGET;
  fc_set_d(r->jacobian, first_step(r->range), r->ctx);
  for (double i = first; i <= last && status == FC_OK; i++) {
    bool fresh = level == 0 || fmod(i, 2) != 0;
    if (!fresh || fc_line_log_weight(r->range, i * h) <
                      r->range->top - r->range->depth - 10)
      continue;
    fc_set_d(r->y, i * h, r->ctx);
    status = add_node(r);
  }
  return status;
}

/* --- the double exponential rule between ends ----------------------------- */

/* y = centre + half tanh(s), s = (pi/2) sinh(t); jacobian = half (pi/2) cosh(t)
 * / cosh(s)^2; false where y rounds onto an end. */
static bool place_node(rule *r, double t) {
  const fc_ctx *ctx = r->ctx;
  fc_set_d(r->temp, t, ctx);
  fc_exp(r->temp, r->temp, ctx);
  fc_inv(r->weight, r->temp, ctx);
  fc_add(r->jacobian, r->temp, r->weight, ctx);
  fc_sub(r->temp, r->temp, r->weight, ctx);
  fc_set_pi(r->weight, ctx);
  fc_mul_2exp_si(r->weight, r->weight, -2, ctx);
  fc_mul(r->jacobian, r->jacobian, r->weight, ctx); /* (pi/2) cosh t */
  fc_mul(r->temp, r->temp, r->weight, ctx);         /* s */
  fc_exp(r->temp, r->temp, ctx);
  fc_inv(r->weight, r->temp, ctx);
  fc_sub(r->y, r->temp, r->weight, ctx);
  fc_add(r->temp, r->temp, r->weight, ctx); /* 2 cosh s */
  fc_div(r->y, r->y, r->temp, ctx);         /* tanh s */
  fc_sqr(r->temp, r->temp, ctx);
  fc_mul_2exp_si(r->temp, r->temp, -2, ctx);
  fc_div(r->jacobian, r->jacobian, r->temp, ctx);
  fc_mul(r->jacobian, r->jacobian, r->half, ctx);
  fc_mul(r->y, r->y, r->half, ctx);
  fc_add(r->y, r->y, r->centre, ctx);
  return fc_lt(r->lower, r->y, ctx) == FC_TRUE &&
         fc_lt(r->y, r->upper, ctx) == FC_TRUE;
}

static void set_end(fc_ptr z, rule *r, double end, long landmark) {
  if (landmark >= 0)
    fc_set(z, r->landmarks + landmark, r->ctx);
  else
    fc_set_d(z, end, r->ctx);
}

static fc_status segment_level(rule *r, const fc_line_segment *s, int level) {
  const fc_ctx *ctx = r->ctx;
  set_end(r->lower, r, s->lower, s->lower_landmark);
  set_end(r->upper, r, s->upper, s->upper_landmark);
  fc_add(r->centre, r->lower, r->upper, ctx);
  fc_mul_2exp_si(r->centre, r->centre, -1, ctx);
  fc_sub(r->half, r->upper, r->lower, ctx);
  fc_mul_2exp_si(r->half, r->half, -1, ctx);
  double end = asinh((double)r->bits * log(2) / acos(-1)) + 0.5;
  double h = ldexp(1, -1 - level), count = floor(end / h);
  fc_status status = FC_OK;
  for (double i = -count; i <= count && status == FC_OK; i++) {
    bool fresh = level == 0 || fmod(i, 2) != 0;
    if (fresh && place_node(r, i * h))
      status = add_node(r);
  }
  return status;
}

/* --- halving the step ----------------------------------------------------- */

static fc_status add_level(rule *r, int level) {
  if (r->range->smooth)
    return trapezoid_level(r, level);
  fc_status status = FC_OK;
  for (size_t i = 0; i < r->range->count && status == FC_OK; i++)
    status = segment_level(r, &r->range->segments[i], level);
  return status;
}

/* integrals = the sums at this level's step; true where all agree with the
 * last ones to half the bits, relative to the integrals of magnitudes. */
static bool settle(fc_ptr integrals, rule *r, int level) {
  const fc_ctx *ctx = r->ctx;
  bool agreed = level > 0;
  for (size_t i = 0; i < r->count; i++) {
    fc_mul_2exp_si(integrals + i, r->sums + i, -level, ctx);
    fc_sub(r->temp, integrals + i, r->last + i, ctx);
    fc_abs(r->temp, r->temp, ctx);
    fc_mul_2exp_si(r->temp, r->temp, r->bits / 2 + 4 + level, ctx);
    agreed = agreed && fc_le(r->temp, r->sizes + i, ctx) == FC_TRUE;
    fc_set(r->last + i, integrals + i, ctx);
  }
  return agreed;
}

/* The double exponential step of 1/2 becomes part of the jacobian's scale. */
static void scale_step(fc_ptr integrals, const rule *r) {
  if (!r->range->smooth)
    for (size_t i = 0; i < r->count; i++)
      fc_mul_2exp_si(integrals + i, integrals + i, -1, r->ctx);
}

fc_status fc_line_integrate(fc_ptr integrals, size_t count,
                            fc_line_integrand *integrand, void *data,
                            fc_workspace *w, long bits) {
  if (w->ctx->kind != FC_DOUBLE && w->ctx->kind != FC_MPFR)
    return FC_DOMAIN;
  rule r[1];
  memset(r, 0, sizeof r);
  r->w = w;
  r->ctx = w->ctx;
  r->count = count;
  r->integrand = integrand;
  r->data = data;
  r->bits = bits;
  fc_status status = rule_init(r);
  if (status)
    return status;
  bool agreed = false;
  for (int level = 0; level < LEVELS && !agreed && status == FC_OK; level++) {
    status = add_level(r, level);
    for (size_t i = 0; i < count && status == FC_OK; i++)
      status = fc_is_finite(r->sums + i, r->ctx) ? FC_OK : FC_DOMAIN;
    agreed = settle(integrals, r, level);
  }
  scale_step(integrals, r);
  rule_clear(r);
  return status || agreed ? status : FC_BUDGET;
}
