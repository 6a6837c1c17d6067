#include "flow/line_map.h"

static void each(fc_line_map *m, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {m->below, m->above,   m->density,
                            m->depth, m->temp,    m->x,
                            m->slope, m->x_error, m->slope_error};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], m->ctx);
}

fc_status fc_line_map_init(fc_line_map *m, const fc_target *target,
                           const fc_ctx *ctx, fc_error *error) {
  m->ctx[0] = *ctx;
  m->posterior = NULL;
  each(m, fc_init);
  return fc_posterior_new(&m->posterior, target, ctx, error);
}

void fc_line_map_clear(fc_line_map *m) {
  each(m, fc_clear);
  fc_posterior_free(m->posterior);
}

/* depth = 1 + (|log p_s| + |log p_t|)/16: how many bits a number like
 * exp(-x^2/2) loses.  slope still holds log p_s. */
static void set_depth(fc_line_map *m, fc_srcptr log) {
  const fc_ctx *ctx = m->ctx;
  fc_abs(m->depth, m->slope, ctx);
  fc_abs(m->temp, log, ctx);
  fc_add(m->depth, m->depth, m->temp, ctx);
  fc_mul_2exp_si(m->depth, m->depth, -4, ctx);
  fc_add_si(m->depth, m->depth, 1, ctx);
}

/* What rounding makes of X: of the probability (its smaller tail q, which is
 * known to a few units), that moves x by q/p_t; and of x itself.  Of the slope:
 * the first two derivatives of log p_t times the error of X, and what the
 * logarithms lose. */
static void set_errors(fc_line_map *m, fc_srcptr x) {
  const fc_ctx *ctx = m->ctx;
  if (ctx->kind == FC_ARB)
    return;
  fc_min(m->x_error, m->below, m->above, ctx);
  fc_div(m->x_error, m->x_error, m->density, ctx);
  fc_abs(m->temp, m->x, ctx);
  fc_add(m->x_error, m->x_error, m->temp, ctx);
  fc_abs(m->temp, x, ctx);
  fc_mul(m->temp, m->temp, m->slope, ctx);
  fc_add(m->x_error, m->x_error, m->temp, ctx);
  fc_mul(m->x_error, m->x_error, m->depth, ctx);
  /* GSL's and libm's functions are good to some units in the last place */
  long lost = ctx->kind == FC_DOUBLE ? 8 : 6;
  fc_mul_2exp_si(m->x_error, m->x_error, lost - ctx->precision, ctx);

  const fc_posterior_value *p = fc_posterior_values(m->posterior);
  fc_ptr relative = m->slope_error;
  fc_abs(relative, p->score_jacobian, ctx);
  fc_mul(relative, relative, m->x_error, ctx);
  fc_abs(m->temp, p->score, ctx);
  fc_add(relative, relative, m->temp, ctx);
  fc_mul(relative, relative, m->x_error, ctx);
  fc_mul_2exp_si(m->temp, m->depth, lost + 4 - ctx->precision, ctx);
  fc_add(relative, relative, m->temp, ctx);
  if (fc_get_d(relative, ctx) < 0.0625)
    fc_mul(m->slope_error, relative, m->slope, ctx);
  else /* X is not known well enough for p_t(X) to be known at all */
    fc_set_inf(m->slope_error, 1, ctx);
  if (ctx->kind == FC_DOUBLE) { /* what underflows */
    fc_set_d(m->temp, 0x1p-1022, ctx);
    fc_add(m->slope_error, m->slope_error, m->temp, ctx);
  }
}

/* In binary64 also where digits are lost to underflow. */
static bool vanishes(fc_srcptr probability, const fc_ctx *ctx) {
  if (ctx->kind == FC_DOUBLE)
    return fc_get_d(probability, ctx) < 0x1p-960;
  return fc_is_positive(probability, ctx) == FC_FALSE;
}

fc_status fc_line_map_eval(fc_line_map *m, fc_srcptr a_s, fc_srcptr b_s,
                           fc_srcptr a_t, fc_srcptr b_t, fc_srcptr x,
                           fc_error *error) {
  const fc_ctx *ctx = m->ctx;
  fc_status status =
      fc_posterior_cdf(m->below, m->above, m->posterior, a_s, b_s, x, error);
  if (status)
    return status;
  if (vanishes(m->below, ctx) || vanishes(m->above, ctx))
    return fc_fail(error, FC_DOMAIN,
                   "the point is off the support, or so far out that its "
                   "probability vanishes in this arithmetic");
  status = fc_posterior_quantile(m->x, m->posterior, a_t, b_t, m->below,
                                 m->above, error);
  if (!status)
    status = fc_posterior_eval(m->posterior, a_s, b_s, x, FC_WANT_LOG_DENSITY);
  if (status)
    return status;
  fc_set(m->slope, fc_posterior_values(m->posterior)->log_density, ctx);
  status = fc_posterior_eval(m->posterior, a_t, b_t, m->x,
                             FC_WANT_LOG_DENSITY | FC_WANT_SCORE |
                                 FC_WANT_SCORE_JACOBIAN);
  fc_srcptr log = fc_posterior_values(m->posterior)->log_density;
  fc_exp(m->density, log, ctx);
  set_depth(m, log);
  fc_sub(m->slope, m->slope, log, ctx);
  fc_exp(m->slope, m->slope, ctx);
  set_errors(m, x);
  return status;
}
