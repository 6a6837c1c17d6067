/* The quantile of p_t on the line: x with P(X_t <= x) = p.
 *
 * Solved for is f(x) = log F(x) - log p = 0, or, where that is the smaller
 * probability, f(x) = log q - log(1 - F(x)); both increase.  With r = f' =
 * p_t/F or p_t/(1 - F), the score s and kappa = f''/(2 f') = (s -+ r)/2,
 *   x + d - kappa d^2,  d = -f/r,
 * is right to the third order (Chebyshev's step): a precision starts from the
 * quantile at a third of it, binary64 being the first, and takes one
 * evaluation.  There the search runs inside a bracket that shrinks by every
 * evaluation, with bisection where a step leaves it.  In balls an approximation
 * x0 in MPFR is enclosed by x0 -+ delta with the sign of F - p proved at both
 * ends, delta growing until it succeeds.
 */
#include "arith/balls.h"
#include "target/cdf.h"

#include <math.h>

#define FC_SEARCH_STEPS 400
#define FC_POLISH_STEPS 6
#define FC_BRACKET_STEPS 1100 /* doublings: past the range of binary64 */

typedef struct search {
  fc_posterior *posterior;
  const fc_ctx *ctx;
  fc_srcptr a, b;
  bool left;     /* work with p, else with q */
  fc_srcptr aim; /* p or q */
  bool sure[2];  /* the signs at lower and upper have been seen */
  bool halved;   /* the step goes to the middle of the bracket */
  fc_num lower, upper, x, tail, gap, step, density;
  fc_num scale; /* 1/r: how x moves with f */
  fc_num move;  /* d */
  fc_num kappa; /* kappa d */
  fc_num third; /* a bound on what the step leaves */
  fc_num size, temp;
  fc_error *error;
} search;

static void each(search *s, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {s->lower, s->upper, s->x,       s->tail, s->gap,
                            s->step,  s->scale, s->density, s->move, s->kappa,
                            s->third, s->size,  s->temp};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], s->ctx);
}

/* The tail that the search works with, at x. */
static fc_status set_tail(search *s, fc_srcptr x) {
  return fc_posterior_cdf(s->left ? s->tail : NULL, s->left ? NULL : s->tail,
                          s->posterior, s->a, s->b, x, s->error);
}

/* gap = f(x). */
static fc_status evaluate(search *s, fc_srcptr x) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = set_tail(s, x);
  fc_div(s->gap, s->tail, s->aim, ctx);
  fc_log(s->gap, s->gap, ctx);
  if (!s->left)
    fc_neg(s->gap, s->gap, ctx);
  return status;
}

/* third = |d|^3 (16 kappa^2 + |s'| + 2 |kappa| r), more than the next term,
 * d^3 (2 kappa^2 - f'''/(6 f')) with f'''/f' = 4 kappa^2 + s' -+ 2 kappa r. */
static void set_remainder(search *s, fc_srcptr score_slope) {
  const fc_ctx *ctx = s->ctx;
  fc_sqr(s->temp, s->kappa, ctx); /* (kappa d)^2 */
  fc_mul_2exp_si(s->third, s->temp, 4, ctx);
  fc_sqr(s->temp, s->move, ctx);
  fc_mul(s->temp, s->temp, score_slope, ctx);
  fc_abs(s->temp, s->temp, ctx);
  fc_add(s->third, s->third, s->temp, ctx);
  fc_mul(s->temp, s->kappa, s->gap, ctx); /* -kappa r d^2 */
  fc_mul_2exp_si(s->temp, s->temp, 1, ctx);
  fc_abs(s->temp, s->temp, ctx);
  fc_add(s->third, s->third, s->temp, ctx);
  fc_mul(s->third, s->third, s->move, ctx);
  fc_abs(s->third, s->third, ctx);
}

/* d and kappa d after evaluate(x). */
static fc_status set_move(search *s) {
  const fc_ctx *ctx = s->ctx;
  const fc_posterior_value *value = fc_posterior_values(s->posterior);
  fc_status status = fc_posterior_eval(s->posterior, s->a, s->b, s->x,
                                       FC_WANT_LOG_DENSITY | FC_WANT_SCORE |
                                           FC_WANT_SCORE_JACOBIAN);
  fc_exp(s->density, value->log_density, ctx);
  fc_div(s->scale, s->tail, s->density, ctx);
  fc_mul(s->move, s->gap, s->scale, ctx);
  fc_neg(s->move, s->move, ctx);
  fc_inv(s->temp, s->scale, ctx); /* r */
  if (s->left)
    fc_sub(s->kappa, value->score, s->temp, ctx);
  else
    fc_add(s->kappa, value->score, s->temp, ctx);
  fc_mul_2exp_si(s->kappa, s->kappa, -1, ctx);
  fc_mul(s->kappa, s->kappa, s->move, ctx);
  return status;
}

/* step = x + d - kappa d^2; x + d where the third term does not exist or would
 * be too large to be a correction. */
static fc_status take_step(search *s) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = set_move(s);
  s->halved = false;
  fc_add(s->step, s->x, s->move, ctx);
  if (fabs(fc_get_d(s->kappa, ctx)) < 0.25) {
    fc_submul(s->step, s->kappa, s->move, ctx);
    set_remainder(s, fc_posterior_values(s->posterior)->score_jacobian);
  } else {
    fc_set_inf(s->third, 1, ctx);
  }
  return status;
}

/* |step - x| <= 2^(1 - precision) size, or what the step leaves is half of
 * that; size = max(|x|, scale): rounding F moves x by that much of the scale
 * (which says nothing where x is not near: in a gap it is huge).
 */
static bool has_settled(search *s) {
  const fc_ctx *ctx = s->ctx;
  fc_abs(s->size, s->x, ctx);
  if (!s->halved && fc_lt(s->size, s->scale, ctx) == FC_TRUE &&
      fc_is_finite(s->scale, ctx))
    fc_set(s->size, s->scale, ctx);
  fc_mul_2exp_si(s->size, s->size, -ctx->precision, ctx);
  if (fc_le(s->third, s->size, ctx) == FC_TRUE)
    return true;
  fc_sub(s->temp, s->step, s->x, ctx);
  fc_abs(s->temp, s->temp, ctx);
  fc_mul_2exp_si(s->size, s->size, 1, ctx);
  return fc_le(s->temp, s->size, ctx) == FC_TRUE;
}

/* Steps from x alone; not settled where they do not close in. */
static fc_status polish(search *s, bool *settled) {
  fc_status status = FC_OK;
  *settled = false;
  for (int i = 0; i < FC_POLISH_STEPS && !*settled && !status; i++) {
    status = evaluate(s, s->x);
    if (!status)
      status = take_step(s);
    if (status || !fc_is_finite(s->step, s->ctx))
      break;
    *settled = has_settled(s);
    fc_set(s->x, s->step, s->ctx);
  }
  return status;
}

/* --- a search without a start -------------------------------------------- */

/* Doubles the distance from the origin until the sign changes. */
static fc_status bracket(search *s) {
  const fc_ctx *ctx = s->ctx;
  s->sure[0] = s->sure[1] = true;
  fc_set_si(s->lower, -1, ctx);
  fc_set_si(s->upper, 1, ctx);
  for (int i = 0; i < FC_BRACKET_STEPS; i++) {
    fc_status status = evaluate(s, s->lower);
    if (status)
      return status;
    if (fc_get_d(s->gap, ctx) <= 0)
      break;
    fc_set(s->upper, s->lower, ctx);
    fc_mul_2exp_si(s->lower, s->lower, 1, ctx);
  }
  for (int i = 0; i < FC_BRACKET_STEPS; i++) {
    fc_status status = evaluate(s, s->upper);
    if (status)
      return status;
    if (fc_get_d(s->gap, ctx) >= 0)
      return FC_OK;
    fc_set(s->lower, s->upper, ctx);
    if (fc_is_positive(s->upper, ctx) == FC_TRUE)
      fc_mul_2exp_si(s->upper, s->upper, 1, ctx);
    else
      fc_set_si(s->upper, 1, ctx);
  }
  return fc_fail(s->error, FC_DOMAIN, "the quantile was not bracketed");
}

/* An end of the bracket that was only guessed is looked at, and both are
 * replaced where it was wrong. */
static fc_status make_sure(search *s, int side) {
  if (s->sure[side])
    return FC_OK;
  fc_status status = evaluate(s, side ? s->upper : s->lower);
  double gap = fc_get_d(s->gap, s->ctx);
  s->sure[side] = side ? gap >= 0 : gap <= 0;
  return status || s->sure[side] ? status : bracket(s);
}

/* step = the middle, where it does not lie inside. */
static fc_status keep_inside(search *s) {
  const fc_ctx *ctx = s->ctx;
  if (fc_lt(s->lower, s->step, ctx) == FC_TRUE &&
      fc_lt(s->step, s->upper, ctx) == FC_TRUE)
    return FC_OK;
  fc_status status = make_sure(s, 0);
  if (!status)
    status = make_sure(s, 1);
  fc_add(s->step, s->lower, s->upper, ctx);
  fc_mul_2exp_si(s->step, s->step, -1, ctx);
  fc_set_inf(s->third, 1, ctx);
  s->halved = true;
  return status;
}

static fc_status first_bracket(search *s) {
  const fc_ctx *ctx = s->ctx;
  double guess[2];
  fc_log(s->temp, s->aim, ctx);
  if (!fc_line_guess(guess, s->posterior, fc_get_d(s->a, ctx),
                     fc_get_d(s->b, ctx), fc_get_d(s->temp, ctx), s->left))
    return bracket(s);
  s->sure[0] = s->sure[1] = false;
  fc_set_d(s->lower, guess[0], ctx);
  fc_set_d(s->upper, guess[1], ctx);
  return FC_OK;
}

/* Without settling: the bracket is closed to a few bits, or there is no result.
 */
static fc_status close_bracket(search *s) {
  const fc_ctx *ctx = s->ctx;
  enum { SPARE_BITS = 6 };
  fc_sub(s->temp, s->upper, s->lower, ctx);
  fc_abs(s->size, s->x, ctx);
  fc_mul_2exp_si(s->size, s->size, SPARE_BITS - ctx->precision, ctx);
  return s->sure[0] && s->sure[1] && fc_le(s->temp, s->size, ctx) == FC_TRUE
             ? FC_OK
             : fc_fail(s->error, FC_BUDGET,
                       "the search for the quantile did not settle");
}

/* x = the quantile to about the last bits. */
static fc_status find(search *s) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = first_bracket(s);
  fc_add(s->x, s->lower, s->upper, ctx);
  fc_mul_2exp_si(s->x, s->x, -1, ctx);
  long limit = FC_SEARCH_STEPS + 2 * ctx->precision;
  for (long i = 0; !status; i++) {
    if (i == limit)
      return close_bracket(s);
    status = evaluate(s, s->x);
    if (status || fc_is_zero(s->gap, ctx) == FC_TRUE)
      break;
    int side = fc_get_d(s->gap, ctx) < 0 ? 0 : 1;
    fc_set(side ? s->upper : s->lower, s->x, ctx);
    s->sure[side] = true;
    status = take_step(s);
    if (!status)
      status = keep_inside(s);
    bool settled = has_settled(s);
    fc_set(s->x, s->step, ctx);
    if (settled)
      break;
  }
  return status;
}

/* --- one precision after another ----------------------------------------- */

static fc_status find_quantile(fc_ptr x, fc_posterior *posterior, fc_srcptr a,
                               fc_srcptr b, fc_srcptr p, fc_srcptr q,
                               fc_error *error);

/* The posterior in the context in which the search for this one starts, made
 * once. */
static fc_status starting_posterior(fc_posterior **coarse,
                                    fc_posterior *posterior, fc_error *error) {
  const fc_ctx *ctx = &posterior->ctx;
  fc_ctx near;
  long bits = ctx->kind == FC_ARB ? ctx->precision : ctx->precision / 3 + 16;
  if (bits <= 53)
    fc_ctx_init_double(&near);
  else
    fc_ctx_init_mpfr(&near, bits);
  fc_status status = FC_OK;
  if (!posterior->coarse)
    status =
        fc_posterior_new(&posterior->coarse, posterior->target, &near, error);
  *coarse = posterior->coarse;
  return status;
}

/* x = the quantile at the midpoints of a, b, p, q, from the coarser context. */
static fc_status approximate(fc_ptr x, fc_posterior *posterior, fc_srcptr a,
                             fc_srcptr b, fc_srcptr p, fc_srcptr q,
                             fc_error *error) {
  const fc_ctx *ctx = &posterior->ctx;
  fc_posterior *coarse;
  fc_status status = starting_posterior(&coarse, posterior, error);
  if (status)
    return status;
  const fc_ctx *near = &coarse->ctx;
  fc_num number[5];
  fc_srcptr const from[4] = {a, b, p, q};
  for (int i = 0; i < 5; i++)
    fc_init(number[i], near);
  for (int i = 0; i < 4; i++)
    fc_convert(number[i], near, from[i], ctx);
  status = find_quantile(number[4], coarse, number[0], number[1], number[2],
                         number[3], error);
  if (!status)
    fc_convert(x, ctx, number[4], near);
  for (int i = 0; i < 5; i++)
    fc_clear(number[i], near);
  return status;
}

static search search_for(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                         fc_srcptr p, fc_srcptr q, fc_error *error) {
  bool left = fc_cmp_mid(p, q, &posterior->ctx) <= 0;
  return (search){.posterior = posterior,
                  .ctx = &posterior->ctx,
                  .a = a,
                  .b = b,
                  .left = left,
                  .aim = left ? p : q,
                  .error = error};
}

static fc_status find_quantile(fc_ptr x, fc_posterior *posterior, fc_srcptr a,
                               fc_srcptr b, fc_srcptr p, fc_srcptr q,
                               fc_error *error) {
  const fc_ctx *ctx = &posterior->ctx;
  search s = search_for(posterior, a, b, p, q, error);
  fc_status status = FC_OK;
  bool settled = false;
  each(&s, fc_init);
  /* A start that fails, as in binary64 for a tiny probability, is none. */
  if (ctx->kind != FC_DOUBLE &&
      approximate(s.x, posterior, a, b, p, q, NULL) == FC_OK &&
      fc_is_finite(s.x, ctx))
    status = polish(&s, &settled);
  if (!status && !settled)
    status = find(&s);
  if (!status)
    fc_set(x, s.x, ctx);
  each(&s, fc_clear);
  return status;
}

/* --- balls ------------------------------------------------------------- */

/* True where the sign of F(x) - p is certainly `sign`. */
static fc_status proves(bool *proved, search *s, fc_srcptr x, int sign) {
  fc_status status = set_tail(s, x);
  /* p < F is the same as 1 - F < q. */
  bool more = (sign > 0) == s->left;
  *proved = (more ? fc_lt(s->aim, s->tail, s->ctx)
                  : fc_lt(s->tail, s->aim, s->ctx)) == FC_TRUE;
  return status;
}

/* The radius to start with: a few units in the last place of x0, or what the
 * uncertainty of F(x0) - p makes of it, |gap|/density. */
static fc_status first_radius(fc_ptr delta, search *s) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = set_tail(s, s->x);
  if (!status)
    status =
        fc_posterior_eval(s->posterior, s->a, s->b, s->x, FC_WANT_LOG_DENSITY);
  if (status)
    return status;
  mpfr_t gap, most;
  mpfr_init2(gap, 64);
  mpfr_init2(most, 64);
  fc_sub(s->gap, s->tail, s->aim, ctx);
  fc_exp(s->density, fc_posterior_values(s->posterior)->log_density, ctx);
  fc_div(s->gap, s->gap, s->density, ctx);
  fc_get_enclosure(gap, most, s->gap, ctx);
  mpfr_abs(gap, gap, MPFR_RNDU);
  mpfr_add(gap, gap, most, MPFR_RNDU);
  mpfr_mul_2ui(gap, gap, 1, MPFR_RNDU);
  fc_get_mid(most, s->x, ctx);
  mpfr_abs(most, most, MPFR_RNDU);
  mpfr_mul_2si(most, most, 2 - ctx->precision, MPFR_RNDU);
  if (!mpfr_number_p(gap) || mpfr_less_p(gap, most))
    mpfr_set(gap, most, MPFR_RNDU);
  if (mpfr_zero_p(gap))
    mpfr_set_ui_2exp(gap, 1, -ctx->precision, MPFR_RNDU);
  fc_set_mpfr(delta, gap, ctx);
  mpfr_clear(gap);
  mpfr_clear(most);
  return FC_OK;
}

/* x = x0 -+ delta with both signs proved. */
static fc_status enclose(fc_ptr x, search *s) {
  const fc_ctx *ctx = s->ctx;
  fc_ptr delta = s->step;
  fc_status status = first_radius(delta, s);
  bool low = false, high = false;
  for (long i = 0; i < 2 * ctx->precision + 100 && !status; i++) {
    fc_sub(s->lower, s->x, delta, ctx);
    fc_add(s->upper, s->x, delta, ctx);
    status = proves(&low, s, s->lower, -1);
    if (!status && low)
      status = proves(&high, s, s->upper, 1);
    if (low && high)
      break;
    fc_mul_2exp_si(delta, delta, 1, ctx);
  }
  if (status)
    return status;
  if (!low || !high)
    return fc_fail(s->error, FC_BUDGET, "the quantile could not be enclosed");
  fc_set(x, s->x, ctx);
  fc_widen(x, delta, ctx);
  return FC_OK;
}

static fc_status enclose_quantile(fc_ptr x, fc_posterior *posterior,
                                  fc_srcptr a, fc_srcptr b, fc_srcptr p,
                                  fc_srcptr q, fc_error *error) {
  search s = search_for(posterior, a, b, p, q, error);
  each(&s, fc_init);
  fc_status status = approximate(s.x, posterior, a, b, p, q, error);
  if (!status)
    status = enclose(x, &s);
  each(&s, fc_clear);
  return status;
}

fc_status fc_posterior_quantile(fc_ptr x, fc_posterior *posterior, fc_srcptr a,
                                fc_srcptr b, fc_srcptr p, fc_srcptr q,
                                fc_error *error) {
  const fc_ctx *ctx = &posterior->ctx;
  if (posterior->d != 1)
    return fc_fail(error, FC_SHAPE,
                   "quantiles are for the line; the dimension is %zu",
                   posterior->d);
  if (fc_is_positive(p, ctx) == FC_FALSE || fc_is_positive(q, ctx) == FC_FALSE)
    return fc_fail(error, FC_DOMAIN,
                   "a probability must lie strictly between 0 and 1");
  if (!fc_target_has_density(posterior->target) &&
      fc_is_zero(a, ctx) != FC_FALSE)
    return fc_fail(error, FC_UNSUPPORTED,
                   "the law has point masses: its quantile is not unique");
  switch (ctx->kind) {
  case FC_DOUBLE:
  case FC_MPFR:
    return find_quantile(x, posterior, a, b, p, q, error);
  case FC_ARB:
    return enclose_quantile(x, posterior, a, b, p, q, error);
  case FC_ACB:
  case FC_SERIES:
    break;
  }
  return fc_fail(error, FC_UNSUPPORTED,
                 "quantiles are for real arithmetic; a series follows from "
                 "derivatives of the distribution function");
}
