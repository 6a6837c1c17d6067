/* One piece on the line, N(m, s^2) restricted to [lo, hi] (s infinite:
 * uniform). The posterior's density is ~ exp(theta (y - c) - tau (y - c)^2/2)
 * on it, c = (lo + hi)/2, rho = 1/s^2, tau = u^2 + rho, theta = b x/a^2 + rho m
 * - tau c: C depends on theta alone, dC/dtheta is the third cumulant, and C is
 * even. two ends    branch and bound over theta in [0, infinity): where the
 * density grows at a rate of at least l = theta - tau (hi - lo)/2 > 0, hi - y
 *               is stochastically below Exp(l), so that C <= 2/l^2
 *   one end     0 < C < 1/tau (Lemma 2.1), both approached far out
 *   none        C = 1/tau */
#include <math.h>
#include <string.h>

#include "suprema/certified_private.h"
#include "target/posterior.h"

typedef struct piece {
  const fc_eigenvalue_question *question;
  fc_line_term term;
  fc_ctx ctx[1]; /* ops NULL: nothing is allocated */
  fc_schedule_value at[1];
  fc_posterior *posterior;
  double scale;
  bool narrow;                  /* the posterior is narrower than the piece */
  fc_num rho, tau, half, shift; /* x = (theta + shift) a^2/b */
  fc_num a2b;                   /* a^2/b */
  fc_num theta, end, x, factor;
} piece;

static void numbers_of(piece *p, fc_ptr list[9]) {
  fc_ptr all[9] = {p->rho,   p->tau, p->half, p->shift, p->a2b,
                   p->theta, p->end, p->x,    p->factor};
  memcpy(list, all, sizeof all);
}

static void release(piece *p) {
  fc_ptr list[9];
  if (!p->ctx->ops)
    return;
  numbers_of(p, list);
  for (int i = 0; i < 9; i++)
    fc_clear(list[i], p->ctx);
  fc_schedule_value_clear(p->at, p->ctx);
  fc_posterior_free(p->posterior);
  p->posterior = NULL;
  p->ctx->ops = NULL;
}

/* rho = 1/s^2, or 0. */
static fc_status set_rho(piece *p, const fc_ctx *ctx) {
  fc_set_si(p->rho, 0, ctx);
  if (!p->term.spread)
    return FC_OK;
  fc_status status = fc_constant_eval(p->rho, p->term.spread, ctx);
  if (!p->term.spread_is_variance)
    fc_sqr(p->rho, p->rho, ctx);
  fc_inv(p->rho, p->rho, ctx);
  return status;
}

/* half = (hi - lo)/2, shift = tau c - rho m. */
static fc_status set_ends(piece *p, const fc_ctx *ctx) {
  fc_num lower, upper;
  fc_init(lower, ctx);
  fc_init(upper, ctx);
  fc_status status = fc_constant_eval(lower, p->term.lower, ctx);
  if (status == FC_OK)
    status = fc_constant_eval(upper, p->term.upper, ctx);
  fc_sub(p->half, upper, lower, ctx);
  fc_mul_2exp_si(p->half, p->half, -1, ctx);
  fc_add(p->shift, upper, lower, ctx);
  fc_mul_2exp_si(p->shift, p->shift, -1, ctx);
  fc_mul(p->shift, p->shift, p->tau, ctx);
  if (status == FC_OK && p->term.mean) {
    status = fc_constant_eval(lower, p->term.mean, ctx);
    fc_submul(p->shift, p->rho, lower, ctx);
  }
  fc_clear(upper, ctx);
  fc_clear(lower, ctx);
  return status;
}

static fc_status prepare(void *closure, const fc_ctx *ctx) {
  piece *p = closure;
  fc_ptr list[9];
  release(p);
  p->ctx[0] = *ctx;
  numbers_of(p, list);
  for (int i = 0; i < 9; i++)
    fc_init(list[i], ctx);
  fc_schedule_value_init(p->at, ctx);
  fc_status status = fc_certified_schedule(p->at, p->question, ctx);
  if (status == FC_OK && (fc_is_positive(p->at->a, ctx) != FC_TRUE ||
                          fc_is_positive(p->at->b, ctx) != FC_TRUE))
    status = FC_DOMAIN;
  if (status == FC_OK)
    status = set_rho(p, ctx);
  fc_div(p->tau, p->at->b, p->at->a, ctx);
  fc_sqr(p->tau, p->tau, ctx);
  fc_add(p->tau, p->tau, p->rho, ctx);
  fc_sqr(p->a2b, p->at->a, ctx);
  fc_div(p->a2b, p->a2b, p->at->b, ctx);
  if (status == FC_OK && p->term.lower && p->term.upper)
    status = set_ends(p, ctx);
  if (status == FC_OK)
    status = fc_posterior_new(&p->posterior, p->question->target, ctx, NULL);
  return status;
}

/* --- boxes -------------------------------------------------------------- */

/* Places the posterior at a ball of theta. */
static fc_status place(piece *p, fc_srcptr theta, unsigned want,
                       const fc_ctx *ctx) {
  fc_add(p->x, theta, p->shift, ctx);
  fc_mul(p->x, p->x, p->a2b, ctx);
  return fc_posterior_eval(p->posterior, p->at->a, p->at->b, p->x, want);
}

/* C and its derivative, the third cumulant, at a point: E[X^3] - E[X^2]E[X] - 2
 * M C. */
static fc_status moments_at(fc_ptr c, fc_ptr slope, piece *p, fc_srcptr theta,
                            const fc_ctx *ctx) {
  fc_status status =
      place(p, theta, FC_WANT_MEAN | FC_WANT_COVARIANCE | FC_WANT_THIRD, ctx);
  if (status)
    return status;
  const fc_posterior_value *value = fc_posterior_values(p->posterior);
  fc_set(c, value->covariance, ctx);
  fc_mul(slope, value->mean, c, ctx);
  fc_mul_2exp_si(slope, slope, 1, ctx);
  fc_sub(slope, value->third, slope, ctx);
  return FC_OK;
}

/* The derivative on a ball, from grad^3 log p = (b/a^2)^3 times the third
 * cumulant, which feels the ball of M less. */
static fc_status slope_on(fc_ptr slope, piece *p, fc_srcptr theta,
                          const fc_ctx *ctx) {
  fc_status status = place(p, theta, FC_WANT_SCORE_THIRD, ctx);
  fc_pow_si(p->factor, p->a2b, 3, ctx);
  fc_mul(slope, fc_posterior_values(p->posterior)->score_third, p->factor, ctx);
  return status;
}

static void keep_least(fc_ptr upper, fc_srcptr candidate, const fc_ctx *ctx) {
  if (fc_is_finite(candidate, ctx) &&
      (!fc_is_finite(upper, ctx) || fc_lt(candidate, upper, ctx) == FC_TRUE))
    fc_set(upper, candidate, ctx);
}

/* Elementary bounds: 1/tau, half^2, and 2/l^2 at the near end of the box. */
static void bound_simply(fc_cover_view *view, piece *p, fc_srcptr near,
                         const fc_ctx *ctx) {
  fc_inv(p->x, p->tau, ctx);
  keep_least(view->upper, p->x, ctx);
  fc_sqr(p->x, p->half, ctx);
  keep_least(view->upper, p->x, ctx);
  fc_set(p->x, near, ctx);
  fc_submul(p->x, p->tau, p->half, ctx);
  if (fc_is_positive(p->x, ctx) != FC_TRUE)
    return;
  fc_sqr(p->x, p->x, ctx);
  fc_inv(p->x, p->x, ctx);
  fc_mul_2exp_si(p->x, p->x, 1, ctx);
  keep_least(view->upper, p->x, ctx);
}

/* The fourth cumulant, whatever theta: mu_4 - 3 mu_2^2 >= -2 mu_2^2, for mu_4
 * >= mu_2^2, and <= mu_4.  Within half of c: mu_2 <= half^2, mu_4 <= (2 half)^2
 * mu_2. The increasing map from N(0, 1/tau) is a contraction (Caffarelli): mu_2
 * <= 1/tau, mu_4 <= E|Z - Z'|^4 = 12/tau^2. */
static void bound_fourth(fc_ptr z, const piece *p, const fc_ctx *ctx) {
  fc_num wide, narrow, low;
  fc_init(wide, ctx);
  fc_init(narrow, ctx);
  fc_init(low, ctx);
  fc_pow_si(wide, p->half, 4, ctx);
  fc_pow_si(narrow, p->tau, -2, ctx);
  fc_min(low, wide, narrow, ctx);
  fc_mul_si(low, low, -2, ctx);
  fc_mul_si(wide, wide, 4, ctx);
  fc_mul_si(narrow, narrow, 12, ctx);
  fc_min(wide, wide, narrow, ctx);
  fc_hull(z, low, wide, ctx);
  fc_clear(low, ctx);
  fc_clear(narrow, ctx);
  fc_clear(wide, ctx);
}

static void take_range(fc_cover_view *view, fc_srcptr range, fc_srcptr slope,
                       const fc_ctx *ctx) {
  keep_least(view->upper, range, ctx);
  if (fc_is_finite(range, ctx) && (!fc_is_finite(view->lower, ctx) ||
                                   fc_lt(view->lower, range, ctx) == FC_TRUE))
    fc_set(view->lower, range, ctx);
  /* theta = 0 is no end: C is even */
  view->discard = view->discard || fc_is_positive(slope, ctx) == FC_TRUE ||
                  fc_is_negative(slope, ctx) == FC_TRUE;
}

/* C = C_0 + slope_0 delta + fourth delta^2/2. */
static void enclose_by_taylor(fc_cover_view *view, piece *p, fc_srcptr slope,
                              fc_srcptr delta, const fc_ctx *ctx) {
  fc_ptr fourth = p->x, range = p->factor;
  bound_fourth(fourth, p, ctx);
  fc_mul(p->end, fourth, delta, ctx); /* the change of the slope */
  fc_sqr(range, delta, ctx);
  fc_mul(range, range, fourth, ctx);
  fc_mul_2exp_si(range, range, -1, ctx);
  fc_addmul(range, slope, delta, ctx);
  fc_add(range, range, view->value, ctx);
  fc_add(p->end, p->end, slope, ctx);
  take_range(view, range, p->end, ctx);
}

/* C = C_0 + slope delta, slope on the whole box: of use where the posterior is
 * narrow against the piece. */
static fc_status enclose_by_slope(fc_cover_view *view, piece *p,
                                  fc_srcptr delta, const fc_ctx *ctx) {
  fc_num slope;
  fc_init(slope, ctx);
  fc_status status = slope_on(slope, p, p->theta, ctx);
  fc_mul(p->end, slope, delta, ctx);
  fc_add(p->end, p->end, view->value, ctx);
  if (status == FC_OK)
    take_range(view, p->end, slope, ctx);
  fc_clear(slope, ctx);
  return status;
}

static fc_status enclose(fc_cover_view *view, const fc_cover_box *box,
                         void *closure, const fc_ctx *ctx) {
  piece *p = closure;
  fc_num middle, slope;
  fc_init(middle, ctx);
  fc_init(slope, ctx);
  fc_cover_stretch(p->theta, box->low[0], p->scale, ctx);
  bound_simply(view, p, p->theta, ctx);
  fc_cover_stretch(middle, box->low[0] + (box->high[0] - box->low[0]) / 2,
                   p->scale, ctx);
  fc_status status = moments_at(view->value, slope, p, middle, ctx);
  if (status == FC_OK && box->high[0] < 1) {
    fc_cover_stretch(p->end, box->high[0], p->scale, ctx);
    fc_hull(p->theta, p->theta, p->end, ctx);
    fc_sub(middle, p->theta, middle, ctx);
    enclose_by_taylor(view, p, slope, middle, ctx);
    if (!view->discard && p->narrow)
      status = enclose_by_slope(view, p, middle, ctx);
  }
  fc_clear(slope, ctx);
  fc_clear(middle, ctx);
  return status;
}

/* --- the contract ------------------------------------------------------- */

/* z = a'/a + (b omega/a^3) c, from the piece's own numbers. */
static void rate_of(fc_ptr z, fc_srcptr c, const piece *p, const fc_ctx *ctx) {
  fc_num a2;
  fc_init(a2, ctx);
  fc_sqr(a2, p->at->a, ctx);
  fc_mul(z, p->at->b, c, ctx);
  fc_mul(z, z, p->at->aomega, ctx);
  fc_div(z, z, a2, ctx);
  fc_add(z, z, p->at->ada, ctx);
  fc_div(z, z, a2, ctx);
  fc_clear(a2, ctx);
}

static void take_limit(fc_eigenvalue_answer *answer, piece *p,
                       const fc_ctx *ctx) {
  bool smallest = p->question->side == FC_SMALLEST;
  bool none = !p->term.lower && !p->term.upper;
  fc_num c, value;
  fc_init(c, ctx);
  fc_init(value, ctx);
  if (none || !smallest)
    fc_inv(c, p->tau, ctx);
  rate_of(value, c, p, ctx);
  fc_certified_set(answer, value, value, ctx);
  answer->reached = true;
  answer->argument = none ? "one Gaussian: grad v is the same everywhere"
                          : "a half line: the extremum is approached far out";
  fc_clear(value, ctx);
  fc_clear(c, ctx);
}

static fc_status search(fc_eigenvalue_answer *answer, piece *p,
                        const fc_ctx *ctx, fc_error *error) {
  fc_cover_result result[1];
  fc_cover_goal goal;
  fc_cover_box root = {.low = {0}, .high = {1}};
  fc_cover_problem problem = {.n = 1,
                              .roots = &root,
                              .root_count = 1,
                              .prepare = prepare,
                              .enclose = enclose,
                              .closure = p};
  double half = fc_get_d(p->half, ctx),
         size = fc_get_d(p->tau, ctx) * half + 4 / half;
  int exponent = 0;
  if (!isfinite(size))
    return FC_UNSUPPORTED;
  frexp(size, &exponent);
  p->scale = ldexp(1, exponent);
  p->narrow = fc_get_d(p->tau, ctx) * half * half > 1;
  fc_certified_goal(&goal, p->question);
  fc_cover_result_init(result);
  fc_status status = fc_cover_run(result, &problem, &goal, error);
  if (status == FC_OK)
    status = prepare(p, ctx); /* the caller's precision again */
  if (status == FC_OK) {
    fc_set_mpfr(p->theta, result->low, ctx);
    rate_of(p->x, p->theta, p, ctx);
    fc_certified_raise_low(answer, p->x, ctx);
    fc_set_mpfr(p->theta, result->high, ctx);
    rate_of(p->x, p->theta, p, ctx);
    fc_certified_lower_high(answer, p->x, ctx);
    answer->reached = result->verdict == FC_COVER_REACHED;
    answer->boxes = result->enclosed;
    answer->argument = "branch and bound over the whole line";
  }
  fc_cover_result_clear(result);
  return status;
}

fc_status fc_certified_piece(fc_eigenvalue_answer *answer,
                             const fc_eigenvalue_question *question,
                             const fc_ctx *ctx, fc_error *error) {
  piece p[1];
  memset(p, 0, sizeof *p);
  if (fc_target_dimension(question->target) != 1 ||
      fc_target_mixture_count(question->target) > 0 ||
      fc_target_term_count(question->target) != 1)
    return FC_UNSUPPORTED;
  p->question = question;
  fc_target_term_get(&p->term, question->target, 0);
  bool bounded = p->term.lower && p->term.upper;
  if (bounded && question->side == FC_SMALLEST)
    return FC_UNSUPPORTED; /* any bounded support will do */
  fc_status status = prepare(p, ctx);
  if (status == FC_OK && bounded)
    status = search(answer, p, ctx, error);
  else if (status == FC_OK)
    take_limit(answer, p, ctx);
  release(p);
  return status;
}
