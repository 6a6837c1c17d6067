/* The quantile of p_t on the line: x with P(X_t <= x) = p.
 *
 * Newton's method on log F (or on the log of the complement, whichever
 * probability is smaller) inside a bracket that shrinks by every evaluation,
 * with bisection where a step leaves it.  In balls an approximation x0 in MPFR
 * is enclosed by x0 -+ delta with the sign of F - p proved at both ends, delta
 * growing until it succeeds.
 */
#include "target/balls.h"
#include "target/cdf.h"

#define FC_NEWTON_STEPS 400
#define FC_BRACKET_STEPS 1100 /* doublings: past the range of binary64 */

typedef struct search {
  fc_posterior *posterior;
  const fc_ctx *ctx;
  fc_srcptr a, b;
  bool left;      /* work with p, else with q */
  fc_num log_aim; /* log of p or q */
  fc_num lower, upper, x, below, above, gap, step, density,
      scale; /* tail/density: how x moves with log F */
  fc_error *error;
} search;

static void each(search *s, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {s->log_aim, s->lower, s->upper, s->x,
                            s->below,   s->above, s->gap,   s->step,
                            s->density, s->scale};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], s->ctx);
}

/* gap = log F(x) - log p, or log q - log(1 - F(x)): increasing in x. */
static fc_status evaluate(search *s, fc_srcptr x) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = fc_posterior_cdf(s->below, s->above, s->posterior, s->a,
                                      s->b, x, s->error);
  fc_log(s->gap, s->left ? s->below : s->above, ctx);
  fc_sub(s->gap, s->gap, s->log_aim, ctx);
  if (!s->left)
    fc_neg(s->gap, s->gap, ctx);
  return status;
}

/* Doubles the distance from the origin until the sign changes. */
static fc_status bracket(search *s) {
  const fc_ctx *ctx = s->ctx;
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

/* step = gap * tail/density, the Newton step of log F. */
static fc_status newton_step(search *s) {
  const fc_ctx *ctx = s->ctx;
  fc_status status =
      fc_posterior_eval(s->posterior, s->a, s->b, s->x, FC_WANT_LOG_DENSITY);
  fc_exp(s->density, fc_posterior_values(s->posterior)->log_density, ctx);
  fc_div(s->scale, s->left ? s->below : s->above, s->density, ctx);
  fc_mul(s->step, s->gap, s->scale, ctx);
  fc_sub(s->step, s->x, s->step, ctx);
  bool inside = fc_lt(s->lower, s->step, ctx) == FC_TRUE &&
                fc_lt(s->step, s->upper, ctx) == FC_TRUE;
  if (!inside) { /* also where it is not a number */
    fc_add(s->step, s->lower, s->upper, ctx);
    fc_mul_2exp_si(s->step, s->step, -1, ctx);
  }
  return status;
}

/* |step - x| <= 2^(1 - precision) max(|x|, scale): rounding log F moves x by
 * that much of the scale. */
static bool has_settled(search *s) {
  const fc_ctx *ctx = s->ctx;
  fc_num size, move;
  fc_init(size, ctx);
  fc_init(move, ctx);
  fc_sub(move, s->step, s->x, ctx);
  fc_abs(move, move, ctx);
  fc_abs(size, s->x, ctx);
  if (fc_lt(size, s->scale, ctx) == FC_TRUE && fc_is_finite(s->scale, ctx))
    fc_set(size, s->scale, ctx);
  fc_mul_2exp_si(size, size, 1 - ctx->precision, ctx);
  bool settled = fc_le(move, size, ctx) == FC_TRUE;
  fc_clear(size, ctx);
  fc_clear(move, ctx);
  return settled;
}

/* x = the quantile to about the last bits. */
static fc_status find(search *s) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = bracket(s);
  fc_add(s->x, s->lower, s->upper, ctx);
  fc_mul_2exp_si(s->x, s->x, -1, ctx);
  long limit = FC_NEWTON_STEPS + 2 * ctx->precision;
  for (long i = 0; i < limit && !status; i++) {
    status = evaluate(s, s->x);
    if (status || fc_is_zero(s->gap, ctx) == FC_TRUE)
      break;
    if (fc_get_d(s->gap, ctx) < 0)
      fc_set(s->lower, s->x, ctx);
    else
      fc_set(s->upper, s->x, ctx);
    status = newton_step(s);
    bool settled = has_settled(s);
    fc_set(s->x, s->step, ctx);
    if (settled)
      break;
  }
  return status;
}

/* The quantile in MPFR at a precision of 64 bits for a search at more. */
#define FC_COARSE_BITS 64

static fc_status find_quantile(fc_ptr x, fc_posterior *posterior, fc_srcptr a,
                               fc_srcptr b, fc_srcptr p, fc_srcptr q,
                               fc_error *error);

/* x = the quantile at the midpoints of a, b, p, q (of ctx) in an MPFR context
 * of its own with the given precision. */
static fc_status approximate(fc_ptr x, fc_posterior *posterior, long precision,
                             fc_srcptr a, fc_srcptr b, fc_srcptr p, fc_srcptr q,
                             fc_error *error) {
  const fc_ctx *ctx = &posterior->ctx;
  fc_ctx near;
  fc_posterior *other = NULL;
  fc_ctx_init_mpfr(&near, precision);
  fc_status status = fc_posterior_new(&other, posterior->target, &near, error);
  if (status)
    return status;
  fc_num number[5];
  fc_srcptr const from[4] = {a, b, p, q};
  for (int i = 0; i < 5; i++)
    fc_init(number[i], &near);
  for (int i = 0; i < 4; i++)
    fc_convert(number[i], &near, from[i], ctx);
  status = find_quantile(number[4], other, number[0], number[1], number[2],
                         number[3], error);
  if (!status)
    fc_convert(x, ctx, number[4], &near);
  for (int i = 0; i < 5; i++)
    fc_clear(number[i], &near);
  fc_posterior_free(other);
  return status;
}

/* Newton's method from x; false where it does not settle. */
static fc_status polish(search *s, bool *settled) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = FC_OK;
  fc_set_inf(s->lower, -1, ctx);
  fc_set_inf(s->upper, 1, ctx);
  *settled = false;
  for (long bits = FC_COARSE_BITS / 4; bits < 4 * ctx->precision && !*settled;
       bits *= 2) {
    status = evaluate(s, s->x);
    if (!status)
      status = newton_step(s);
    if (status)
      return status;
    *settled = has_settled(s);
    fc_set(s->x, s->step, ctx);
  }
  return FC_OK;
}

static fc_status search_at(fc_ptr x, fc_posterior *posterior, fc_srcptr a,
                           fc_srcptr b, fc_srcptr p, fc_srcptr q,
                           fc_srcptr start, fc_error *error) {
  const fc_ctx *ctx = &posterior->ctx;
  search s = {
      .posterior = posterior, .ctx = ctx, .a = a, .b = b, .error = error};
  fc_status status = FC_OK;
  bool settled = false;
  each(&s, fc_init);
  s.left = fc_cmp_mid(p, q, ctx) <= 0;
  fc_log(s.log_aim, s.left ? p : q, ctx);
  if (start) {
    fc_set(s.x, start, ctx);
    status = polish(&s, &settled);
  }
  if (!status && !settled)
    status = find(&s);
  if (!status)
    fc_set(x, s.x, ctx);
  each(&s, fc_clear);
  return status;
}

/* A high precision starts from the quantile at a low one, where an evaluation
 * is cheap. */
static fc_status find_quantile(fc_ptr x, fc_posterior *posterior, fc_srcptr a,
                               fc_srcptr b, fc_srcptr p, fc_srcptr q,
                               fc_error *error) {
  const fc_ctx *ctx = &posterior->ctx;
  if (ctx->precision <= FC_COARSE_BITS)
    return search_at(x, posterior, a, b, p, q, NULL, error);
  fc_num start;
  fc_init(start, ctx);
  fc_status status =
      approximate(start, posterior, FC_COARSE_BITS, a, b, p, q, error);
  if (!status)
    status = search_at(x, posterior, a, b, p, q, start, error);
  fc_clear(start, ctx);
  return status;
}

/* --- balls ------------------------------------------------------------- */

/* True where the sign of F(x) - p is certainly `sign`. */
static fc_status proves(bool *proved, search *s, fc_srcptr x, fc_srcptr p,
                        fc_srcptr q, int sign) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = fc_posterior_cdf(s->below, s->above, s->posterior, s->a,
                                      s->b, x, s->error);
  if (s->left)
    *proved = (sign < 0 ? fc_lt(s->below, p, ctx) : fc_lt(p, s->below, ctx)) ==
              FC_TRUE;
  else
    *proved = (sign < 0 ? fc_lt(q, s->above, ctx) : fc_lt(s->above, q, ctx)) ==
              FC_TRUE;
  return status;
}

/* The radius to start with: a few units in the last place of x0, or what the
 * uncertainty of F(x0) - p makes of it, |gap|/density. */
static fc_status first_radius(fc_ptr delta, search *s, fc_srcptr p,
                              fc_srcptr q) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = fc_posterior_cdf(s->below, s->above, s->posterior, s->a,
                                      s->b, s->x, s->error);
  if (!status)
    status =
        fc_posterior_eval(s->posterior, s->a, s->b, s->x, FC_WANT_LOG_DENSITY);
  if (status)
    return status;
  mpfr_t gap, most;
  mpfr_init2(gap, 64);
  mpfr_init2(most, 64);
  if (s->left)
    fc_sub(s->gap, s->below, p, ctx);
  else
    fc_sub(s->gap, s->above, q, ctx);
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
static fc_status enclose(fc_ptr x, search *s, fc_srcptr p, fc_srcptr q) {
  const fc_ctx *ctx = s->ctx;
  fc_ptr delta = s->step;
  fc_status status = first_radius(delta, s, p, q);
  bool low = false, high = false;
  for (long i = 0; i < 2 * ctx->precision + 100 && !status; i++) {
    fc_sub(s->lower, s->x, delta, ctx);
    fc_add(s->upper, s->x, delta, ctx);
    status = proves(&low, s, s->lower, p, q, -1);
    if (!status && low)
      status = proves(&high, s, s->upper, p, q, 1);
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
  const fc_ctx *ctx = &posterior->ctx;
  search s = {
      .posterior = posterior, .ctx = ctx, .a = a, .b = b, .error = error};
  each(&s, fc_init);
  s.left = fc_cmp_mid(p, q, ctx) <= 0;
  fc_status status =
      approximate(s.x, posterior, ctx->precision, a, b, p, q, error);
  if (!status)
    status = enclose(x, &s, p, q);
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
