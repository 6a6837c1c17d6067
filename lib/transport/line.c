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

/* w = sqrt((m - m')^2 + (s - s')^2), size = s. */
static fc_status distance(fc_ptr w, fc_ptr size, const fc_line_term terms[2],
                          const fc_ctx *ctx) {
  fc_num t;
  fc_init(t, ctx);
  fc_status status =
      fc_line_difference(w, terms[0].mean, terms[1].mean, 0, ctx);
  if (!status)
    status = spread_difference(t, terms, terms + 1, ctx);
  if (!status)
    status = read_spread(size, terms, ctx);
  fc_sqr(w, w, ctx);
  fc_sqr(t, t, ctx);
  fc_add(w, w, t, ctx);
  fc_sqrt(w, w, ctx);
  fc_clear(t, ctx);
  return status;
}

/* In balls, or in MPFR with `guard` more bits; *again where so much cancels
 * that more are wanted: s - s' is good to about s 2^(2 - bits). */
static fc_status closed_form_with(bool *again, fc_w2_value *value,
                                  const fc_line_term terms[2], long guard,
                                  const fc_ctx *ctx) {
  fc_ctx wide = *ctx;
  fc_num w, size;
  if (ctx->kind != FC_ARB)
    fc_ctx_init_mpfr(&wide, ctx->precision + guard);
  fc_init(w, &wide);
  fc_init(size, &wide);
  fc_status status = distance(w, size, terms, &wide);
  fc_convert(value->w2, ctx, w, &wide);
  fc_set_si(value->error, 0, ctx);
  *again = false;
  if (ctx->kind != FC_ARB) {
    fc_mul_2exp_si(size, size, 2 - wide.precision, &wide);
    fc_mul_2exp_si(w, w, -ctx->precision, &wide);
    *again = fc_cmp_mid(size, w, &wide) > 0;
    fc_add(w, w, size, &wide);
    fc_mul_2exp_si(w, w, 1, &wide);
    fc_convert(value->error, ctx, w, &wide);
  }
  fc_clear(w, &wide);
  fc_clear(size, &wide);
  return status;
}

static fc_status closed_form(fc_w2_value *value, const fc_target *p,
                             const fc_target *q, const fc_ctx *ctx) {
  enum { GUARD = 64, MOST = 4096 };
  fc_line_term terms[2];
  bool again = true;
  fc_status status = FC_OK;
  fc_target_term_get(terms, p, 0);
  fc_target_term_get(terms + 1, q, 0);
  for (long guard = GUARD; again && guard <= MOST && !status; guard *= 4)
    status = closed_form_with(&again, value, terms, guard, ctx);
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
