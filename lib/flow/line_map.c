#include "flow/line_map.h"

static void each(fc_line_map *m, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {m->below, m->above, m->density, m->temp,
                            m->x,     m->slope, m->x_error, m->slope_error};
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

/* What rounding makes of X: of the probability (its smaller tail q, which is
 * known to a few units), that moves x by q/p_t; and of x itself.  Of the slope:
 * d log p_t/dx times the error of X, and what the logarithms lose. */
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
  fc_mul_2exp_si(m->x_error, m->x_error, 6 - ctx->precision, ctx);

  fc_abs(m->temp, fc_posterior_values(m->posterior)->score, ctx);
  fc_mul(m->temp, m->temp, m->x_error, ctx);
  fc_set_si(m->slope_error, 1, ctx);
  fc_mul_2exp_si(m->slope_error, m->slope_error, 10 - ctx->precision, ctx);
  fc_add(m->slope_error, m->slope_error, m->temp, ctx);
  fc_mul(m->slope_error, m->slope_error, m->slope, ctx);
}

fc_status fc_line_map_eval(fc_line_map *m, fc_srcptr a_s, fc_srcptr b_s,
                           fc_srcptr a_t, fc_srcptr b_t, fc_srcptr x,
                           fc_error *error) {
  const fc_ctx *ctx = m->ctx;
  fc_status status =
      fc_posterior_cdf(m->below, m->above, m->posterior, a_s, b_s, x, error);
  if (status)
    return status;
  if (fc_is_positive(m->below, ctx) == FC_FALSE ||
      fc_is_positive(m->above, ctx) == FC_FALSE)
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
                             FC_WANT_LOG_DENSITY | FC_WANT_SCORE);
  fc_srcptr log = fc_posterior_values(m->posterior)->log_density;
  fc_exp(m->density, log, ctx);
  fc_sub(m->slope, m->slope, log, ctx);
  fc_exp(m->slope, m->slope, ctx);
  set_errors(m, x);
  return status;
}
