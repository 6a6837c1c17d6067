/* The flow on the line without an equation: mass keeps its order, so
 *   F_t(X_{s,t}(x)) = F_s(x),  dX/dx = p_s(x)/p_t(X_{s,t}(x)).
 * Both the probability below and that above are carried, so that neither tail
 * loses digits.  Not a number in binary64 and MPFR is proved: the error stated
 * is the working precision times the condition of the map.  In balls the
 * quantile is enclosed by the signs of F_t - p at both ends.
 */
#include <stdlib.h>

#include "flow/flow_impl.h"
#include "target/posterior.h"

typedef struct exact {
  fc_posterior *posterior;
  fc_num below, above, density, temp;
} exact;

static fc_status bind(fc_flow *flow, fc_error *error) {
  const fc_ctx *ctx = &flow->ctx;
  if (flow->d != 1)
    return fc_fail(error, FC_UNSUPPORTED, "the exact map is for the line");
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR && ctx->kind != FC_ARB)
    return fc_fail(error, FC_UNSUPPORTED, "the exact map needs real numbers");
  exact *e = calloc(1, sizeof *e);
  if (!e)
    return fc_fail(error, FC_MEMORY, "out of memory");
  flow->state = e;
  fc_init(e->below, ctx);
  fc_init(e->above, ctx);
  fc_init(e->density, ctx);
  fc_init(e->temp, ctx);
  return fc_posterior_new(&e->posterior, flow->target, ctx, error);
}

static void release(fc_flow *flow) {
  exact *e = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  fc_clear(e->below, ctx);
  fc_clear(e->above, ctx);
  fc_clear(e->density, ctx);
  fc_clear(e->temp, ctx);
  fc_posterior_free(e->posterior);
  free(e);
}

static fc_status set_times(fc_flow *flow, fc_error *error) {
  bool atoms = !fc_target_has_density(flow->target);
  if (atoms && (fc_is_zero(flow->from->a, &flow->ctx) != FC_FALSE ||
                fc_is_zero(flow->to->a, &flow->ctx) != FC_FALSE))
    return fc_fail(error, FC_DOMAIN,
                   "the law has no density: the flow ends before t = 1");
  return FC_OK;
}

/* z = log p at x. */
static fc_status log_density(fc_ptr z, fc_flow *flow,
                             const fc_schedule_value *at, fc_srcptr x) {
  exact *e = flow->state;
  fc_status status =
      fc_posterior_eval(e->posterior, at->a, at->b, x, FC_WANT_LOG_DENSITY);
  fc_set(z, fc_posterior_values(e->posterior)->log_density, &flow->ctx);
  return status;
}

/* What rounding makes of X: of the probability (its smaller tail q, which is
 * known to within a few units), that moves x by q/p_t; and of x itself. */
static void set_errors(fc_flow *flow, fc_srcptr x, unsigned want) {
  exact *e = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  if (ctx->kind == FC_ARB)
    return;
  fc_ptr error = flow->value.x_error;
  fc_min(error, e->below, e->above, ctx);
  fc_div(error, error, e->density, ctx);
  fc_abs(e->temp, flow->value.x, ctx);
  fc_add(error, error, e->temp, ctx);
  fc_abs(e->temp, x, ctx);
  fc_mul(e->temp, e->temp, flow->value.jacobian, ctx);
  fc_add(error, error, e->temp, ctx);
  fc_mul_2exp_si(error, error, 6 - ctx->precision, ctx);
  if (want & FC_FLOW_JACOBIAN) {
    /* d log p_t/dx times the error of X, and what the logarithms lose. */
    fc_abs(e->temp,
           fc_posterior_values(((exact *)flow->state)->posterior)->score, ctx);
    fc_mul(e->temp, e->temp, error, ctx);
    fc_ptr relative = flow->value.jacobian_error;
    fc_set_si(relative, 1, ctx);
    fc_mul_2exp_si(relative, relative, 10 - ctx->precision, ctx);
    fc_add(relative, relative, e->temp, ctx);
    fc_mul(relative, relative, flow->value.jacobian, ctx);
  }
}

static fc_status eval(fc_flow *flow, fc_srcptr x, unsigned want,
                      fc_error *error) {
  exact *e = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  fc_status status = fc_posterior_cdf(e->below, e->above, e->posterior,
                                      flow->from->a, flow->from->b, x, error);
  if (status)
    return status;
  if (fc_is_positive(e->below, ctx) == FC_FALSE ||
      fc_is_positive(e->above, ctx) == FC_FALSE)
    return fc_fail(error, FC_DOMAIN,
                   "the point is off the support, or so far out that its "
                   "probability vanishes in this arithmetic");
  status = fc_posterior_quantile(flow->value.x, e->posterior, flow->to->a,
                                 flow->to->b, e->below, e->above, error);
  if (!status)
    status = log_density(flow->value.jacobian, flow, flow->from, x);
  if (!status)
    status =
        fc_posterior_eval(e->posterior, flow->to->a, flow->to->b, flow->value.x,
                          FC_WANT_LOG_DENSITY | FC_WANT_SCORE);
  if (status)
    return status;
  fc_set(e->density, fc_posterior_values(e->posterior)->log_density, ctx);
  fc_sub(flow->value.jacobian, flow->value.jacobian, e->density, ctx);
  fc_exp(flow->value.jacobian, flow->value.jacobian, ctx);
  fc_exp(e->density, e->density, ctx);
  set_errors(flow, x, want);
  return FC_OK;
}

const fc_flow_kind fc_flow_exact = {bind, set_times, eval, release};
