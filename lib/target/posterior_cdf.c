/* The distribution function of p_t on the line.
 *
 * Mixture: P(X_t <= x) = sum_k w_k erfc(-(x - b m_k)/sqrt(2 v_k))/2 with
 * v_k = a^2 + b^2 s_k^2, and the complement with the opposite sign: both tails
 * keep their digits, the larger one as w_k less the smaller.  Where v_k = 0 the
 * component is the atom b m_k.
 */
#include "target/cdf.h"
#include "target/density_balls.h"
#include "target/density_posterior.h"

fc_status fc_line_bind(fc_posterior *posterior) {
  const fc_target *target = posterior->target;
  const fc_ctx *ctx = &posterior->ctx;
  if (posterior->line)
    return FC_OK;
  fc_ptr line = fc_vec_new(FC_LINE_SIZE(target), ctx);
  fc_status status = line ? FC_OK : FC_MEMORY;
  for (size_t k = 0; k < target->count && !status; k++) {
    status = fc_target_weight(line + 3 * k, target, k, ctx);
    if (!status)
      status = fc_target_mean(line + 3 * k + 1, target, k, ctx);
    if (!status)
      status = fc_target_covariance(line + 3 * k + 2, target, k, ctx);
  }
  if (status)
    fc_vec_free(line, FC_LINE_SIZE(target), ctx);
  else
    posterior->line = line;
  return status;
}

/* Room beside the components. */
typedef struct scratch {
  fc_ptr lower, upper, offset, v, tail;
} scratch;

static scratch scratch_of(const fc_posterior *posterior) {
  fc_ptr room = posterior->line + 3 * posterior->target->count;
  return (scratch){room, room + 1, room + 2, room + 3, room + 4};
}

/* sums += w step(x - b m); offset = x - b m. */
static void add_atom(const scratch *s, fc_srcptr w, const fc_ctx *ctx) {
  fc_truth left = fc_is_negative(s->offset, ctx);
  if (left == FC_UNKNOWN) {
    fc_set_undefined(s->lower, ctx);
    fc_set_undefined(s->upper, ctx);
  } else if (left == FC_TRUE) {
    fc_add(s->upper, s->upper, w, ctx);
  } else {
    fc_add(s->lower, s->lower, w, ctx);
  }
}

/* sums += w P(N(b m, v) <= x), w P(N(b m, v) > x).  One tail is at most about
 * w/2; the other, w less it, loses nothing. */
static void add_component(const scratch *s, fc_srcptr component, fc_srcptr a,
                          fc_srcptr b, fc_srcptr x, const fc_ctx *ctx) {
  fc_set(s->offset, x, ctx);
  fc_submul(s->offset, b, component + 1, ctx);
  fc_sqr(s->v, a, ctx);
  fc_sqr(s->tail, b, ctx);
  fc_addmul(s->v, s->tail, component + 2, ctx);
  if (fc_is_zero(s->v, ctx) == FC_TRUE) {
    add_atom(s, component, ctx);
    return;
  }
  fc_mul_2exp_si(s->v, s->v, 1, ctx);
  fc_sqrt(s->v, s->v, ctx);
  fc_div(s->offset, s->offset, s->v, ctx);
  bool right = fc_is_positive(s->offset, ctx) == FC_TRUE;
  if (!right)
    fc_neg(s->offset, s->offset, ctx);
  fc_erfc(s->tail, s->offset, ctx);
  fc_mul(s->tail, s->tail, component, ctx);
  fc_mul_2exp_si(s->tail, s->tail, -1, ctx);
  fc_ptr near = right ? s->upper : s->lower, far = right ? s->lower : s->upper;
  fc_add(near, near, s->tail, ctx);
  fc_sub(s->tail, component, s->tail, ctx);
  fc_add(far, far, s->tail, ctx);
}

static fc_status mixture_cdf(fc_ptr below, fc_ptr above,
                             fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                             fc_srcptr x) {
  const fc_ctx *ctx = &posterior->ctx;
  fc_status status = fc_line_bind(posterior);
  if (status)
    return status;
  scratch s = scratch_of(posterior); /* below or above may be x */
  fc_set_si(s.lower, 0, ctx);
  fc_set_si(s.upper, 0, ctx);
  for (size_t k = 0; k < posterior->target->count; k++)
    add_component(&s, posterior->line + 3 * k, a, b, x, ctx);
  if (below)
    fc_set(below, s.lower, ctx);
  if (above)
    fc_set(above, s.upper, ctx);
  return FC_OK;
}

fc_posterior *fc_line_part(fc_posterior *posterior) {
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
  fc_posterior *line = fc_line_part(posterior);
  if (line->target->kind == FC_PIECES)
    return fc_pieces_cdf(below, above, line, a, b, x, error);
  if (line->target->kind == FC_DENSITY && line->ctx.kind == FC_ARB)
    return fc_density_cdf_balls(below, above, line, a, b, x, error);
  if (line->target->kind == FC_DENSITY)
    return fc_density_cdf(below, above, line, a, b, x, error);
  fc_status status = mixture_cdf(below, above, line, a, b, x);
  return status ? fc_fail(error, status, "the target cannot be evaluated")
                : FC_OK;
}
