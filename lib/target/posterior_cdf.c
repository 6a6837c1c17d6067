/* The distribution function of p_t on the line.
 *
 * Mixture: P(X_t <= x) = sum_k w_k erfc(-(x - b m_k)/sqrt(2 v_k))/2 with
 * v_k = a^2 + b^2 s_k^2, and the complement with the opposite sign: both tails
 * keep their digits.  Where v_k = 0 the component is the atom b m_k.
 */
#include "target/cdf.h"

/* (w_k, m_k, s_k^2) of every component, made when first asked for. */
static fc_status bind_line(fc_posterior *posterior) {
  const fc_target *target = posterior->target;
  const fc_ctx *ctx = &posterior->ctx;
  if (posterior->line)
    return FC_OK;
  fc_ptr line = fc_vec_new(3 * target->count, ctx);
  fc_status status = line ? FC_OK : FC_MEMORY;
  for (size_t k = 0; k < target->count && !status; k++) {
    status = fc_target_weight(line + 3 * k, target, k, ctx);
    if (!status)
      status = fc_target_mean(line + 3 * k + 1, target, k, ctx);
    if (!status)
      status = fc_target_covariance(line + 3 * k + 2, target, k, ctx);
  }
  if (status)
    fc_vec_free(line, 3 * target->count, ctx);
  else
    posterior->line = line;
  return status;
}

/* below, above += w step(x - b m); offset = x - b m. */
static void add_atom(fc_ptr below, fc_ptr above, fc_srcptr w, fc_srcptr offset,
                     const fc_ctx *ctx) {
  fc_truth left = fc_is_negative(offset, ctx);
  if (left == FC_UNKNOWN) {
    fc_set_undefined(below, ctx);
    fc_set_undefined(above, ctx);
  } else if (left == FC_TRUE) {
    fc_add(above, above, w, ctx);
  } else {
    fc_add(below, below, w, ctx);
  }
}

static void add_component(fc_ptr below, fc_ptr above, fc_srcptr component,
                          fc_srcptr a, fc_srcptr b, fc_srcptr x,
                          const fc_ctx *ctx) {
  fc_num offset, v, t;
  fc_init(offset, ctx);
  fc_init(v, ctx);
  fc_init(t, ctx);
  fc_set(offset, x, ctx);
  fc_submul(offset, b, component + 1, ctx);
  fc_sqr(v, a, ctx);
  fc_sqr(t, b, ctx);
  fc_addmul(v, t, component + 2, ctx);
  if (fc_is_zero(v, ctx) == FC_TRUE) {
    add_atom(below, above, component, offset, ctx);
  } else {
    fc_mul_2exp_si(v, v, 1, ctx);
    fc_sqrt(v, v, ctx);
    fc_div(offset, offset, v, ctx);
    fc_mul_2exp_si(v, component, -1, ctx);
    fc_erfc(t, offset, ctx);
    fc_addmul(above, v, t, ctx);
    fc_neg(offset, offset, ctx);
    fc_erfc(t, offset, ctx);
    fc_addmul(below, v, t, ctx);
  }
  fc_clear(offset, ctx);
  fc_clear(v, ctx);
  fc_clear(t, ctx);
}

static fc_status mixture_cdf(fc_ptr below, fc_ptr above,
                             fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                             fc_srcptr x) {
  const fc_ctx *ctx = &posterior->ctx;
  fc_status status = bind_line(posterior);
  if (status)
    return status;
  fc_num lower, upper; /* below or above may be x */
  fc_init(lower, ctx);
  fc_init(upper, ctx);
  for (size_t k = 0; k < posterior->target->count; k++)
    add_component(lower, upper, posterior->line + 3 * k, a, b, x, ctx);
  fc_set(below, lower, ctx);
  fc_set(above, upper, ctx);
  fc_clear(lower, ctx);
  fc_clear(upper, ctx);
  return FC_OK;
}

static fc_posterior *only_part(fc_posterior *posterior) {
  fc_posterior **parts = posterior->state;
  return posterior->kind == &fc_posterior_product ? parts[0] : posterior;
}

fc_status fc_posterior_cdf(fc_ptr below, fc_ptr above, fc_posterior *posterior,
                           fc_srcptr a, fc_srcptr b, fc_srcptr x,
                           fc_error *error) {
  if (posterior->d != 1)
    return fc_fail(error, FC_SHAPE,
                   "distribution functions are for the line; the dimension is "
                   "%zu",
                   posterior->d);
  fc_posterior *line = only_part(posterior);
  if (line->target->kind == FC_PIECES)
    return fc_pieces_cdf(below, above, line, a, b, x, error);
  fc_status status = mixture_cdf(below, above, line, a, b, x);
  return status ? fc_fail(error, status, "the target cannot be evaluated")
                : FC_OK;
}
