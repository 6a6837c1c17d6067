/* W_2 on the line between two targets. */
#include "transport/line.h"

#include "transport/line_enclose.h"
#include "transport/line_quadrature.h"

typedef struct laws {
  const fc_target *p, *q;
} laws;

/* An fc_line_pair_maker. */
static fc_status make(fc_line_pair *pair, void *data, double reach,
                      const fc_ctx *ctx, fc_error *error) {
  const laws *both = data;
  return fc_line_pair_init(pair, both->p, both->q, reach, ctx, error);
}

/* --- two Gaussians ------------------------------------------------------ */

static bool is_gaussian(const fc_target *target) {
  fc_line_term term;
  int sign = 0;
  if (fc_target_term_count(target) != 1)
    return false;
  fc_target_term_get(&term, target, 0);
  return term.mean && term.spread && !term.lower && !term.upper &&
         !fc_constant_sign(&sign, term.spread) && sign > 0;
}

/* z = the standard deviation. */
static fc_status read_spread(fc_ptr z, const fc_line_term *term,
                             const fc_ctx *ctx) {
  fc_status status = fc_constant_eval(z, term->spread, ctx);
  if (term->spread_is_variance)
    fc_sqrt(z, z, ctx);
  return status;
}

/* z = s - s'; of two numbers that are given as they are without rounding
 * either. */
static fc_status spread_difference(fc_ptr z, const fc_line_term *p,
                                   const fc_line_term *q, const fc_ctx *ctx) {
  fc_num t;
  if (!p->spread_is_variance && !q->spread_is_variance)
    return fc_line_difference(z, p->spread, q->spread, 0, ctx);
  fc_init(t, ctx);
  fc_status status = read_spread(z, p, ctx);
  if (!status)
    status = read_spread(t, q, ctx);
  fc_sub(z, z, t, ctx);
  fc_clear(t, ctx);
  return status;
}

/* sqrt((m - m')^2 + (s - s')^2) in balls, or in MPFR with guard bits. */
static fc_status closed_form(fc_w2_value *value, const fc_target *p,
                             const fc_target *q, const fc_ctx *ctx) {
  enum { GUARD = 64 };
  fc_line_term terms[2];
  fc_ctx wide = *ctx;
  fc_num w, t;
  if (ctx->kind != FC_ARB)
    fc_ctx_init_mpfr(&wide, ctx->precision + GUARD);
  fc_target_term_get(terms, p, 0);
  fc_target_term_get(terms + 1, q, 0);
  fc_init(w, &wide);
  fc_init(t, &wide);
  fc_status status =
      fc_line_difference(w, terms[0].mean, terms[1].mean, 0, &wide);
  if (!status)
    status = spread_difference(t, terms, terms + 1, &wide);
  fc_sqr(w, w, &wide);
  fc_sqr(t, t, &wide);
  fc_add(w, w, t, &wide);
  fc_sqrt(w, w, &wide);
  fc_convert(value->w2, ctx, w, &wide);
  fc_set_si(value->error, 0, ctx);
  if (ctx->kind != FC_ARB)
    fc_mul_2exp_si(value->error, value->w2, 1 - ctx->precision, ctx);
  fc_clear(w, &wide);
  fc_clear(t, &wide);
  value->kind = FC_W2_EXACT;
  value->proved = ctx->kind == FC_ARB;
  value->how = "closed form";
  return status;
}

fc_status fc_w2_line(fc_w2_value *value, const fc_target *p, const fc_target *q,
                     const fc_ctx *ctx, fc_error *error) {
  laws both = {p, q};
  if (fc_target_dimension(p) != 1 || fc_target_dimension(q) != 1)
    return fc_fail(error, FC_SHAPE, "quantiles are for laws on the line");
  if (is_gaussian(p) && is_gaussian(q))
    return closed_form(value, p, q, ctx);
  return ctx->kind == FC_ARB
             ? fc_line_enclose(value, p, q, ctx, error)
             : fc_line_quadrature(value, make, &both, ctx, error);
}
