/* Values of constants, correctly rounded: the precision grows until the
 * rounding is decided (Ziv's loop). */
#include <stdlib.h>

#include "formula/graph.h"
#include "formula/ziv.h"

#define LARGE 64 /* nodes */
#define LEAST_LIMIT 4096

/* --- rounding --------------------------------------------------------- */

/* Rounds x to the target of ctx: binary64 (with its range) or MPFR. */
static void round_to(mpfr_ptr z, mpfr_srcptr x, const fc_ctx *ctx) {
  if (ctx->kind == FC_DOUBLE)
    mpfr_set_d(z, mpfr_get_d(x, MPFR_RNDN), MPFR_RNDN);
  else
    mpfr_set(z, x, MPFR_RNDN);
}

/* z = the rounded value, if both ends of the interval round to it. */
static bool rounds(fc_ptr z, mpfr_srcptr lower, mpfr_srcptr upper,
                   const fc_ctx *ctx) {
  mpfr_t x, y;
  mpfr_inits2((mpfr_prec_t)ctx->precision, x, y, NULL);
  round_to(x, lower, ctx);
  round_to(y, upper, ctx);
  bool decided = mpfr_number_p(x) && mpfr_equal_p(x, y);
  if (decided)
    fc_set_mpfr(z, x, ctx);
  mpfr_clears(x, y, NULL);
  return decided;
}

static void set_nan(fc_ptr z, const fc_ctx *ctx) {
  mpfr_t nan;
  mpfr_init2(nan, FC_PRECISION_MIN);
  mpfr_set_nan(nan);
  fc_set_mpfr(z, nan, ctx);
  mpfr_clear(nan);
}

/* Bits at which the loop gives up: fewer for large formulas, so that a hostile
 * one costs seconds, and never fewer than some times what is asked for. */
static long limit_for(const fc_formula *constant, long precision) {
  long limit = FC_CONSTANT_MAX_BITS;
  if (constant->count > LARGE)
    limit = limit * LARGE / (long)constant->count;
  if (limit < LEAST_LIMIT)
    limit = LEAST_LIMIT;
  return limit < 4 * precision ? 4 * precision : limit;
}

static fc_status eval_rounded(fc_ptr z, const fc_formula *constant,
                              const fc_ctx *ctx) {
  mpfr_t lower, upper;
  mpfr_inits2(2, lower, upper, NULL);
  fc_status status = FC_BUDGET;
  bool decided = false, finite = false;
  long limit = limit_for(constant, ctx->precision);
  for (long p = ctx->precision + 64; p <= limit && !decided; p *= 2) {
    status = fc_ziv_interval(lower, upper, constant, p);
    if (status != FC_OK)
      break;
    finite = mpfr_number_p(lower) && mpfr_number_p(upper);
    decided = finite && rounds(z, lower, upper, ctx);
    status = decided ? FC_OK : finite ? FC_BUDGET : FC_VALUE;
  }
  if (status != FC_OK)
    set_nan(z, ctx);
  mpfr_clears(lower, upper, NULL);
  return status;
}

static fc_status eval_series(fc_ptr z, const fc_formula *constant,
                             const fc_ctx *ctx) {
  fc_num x;
  fc_init(x, ctx->base);
  fc_status status = fc_constant_eval(x, constant, ctx->base);
  fc_convert(z, ctx, x, ctx->base);
  fc_clear(x, ctx->base);
  return status;
}

fc_status fc_constant_eval(fc_ptr z, const fc_formula *constant,
                           const fc_ctx *ctx) {
  mpq_srcptr q = fc_graph_get(constant, constant->root);
  if (q) {
    fc_set_mpq(z, q, ctx);
    if (fc_is_finite(z, ctx))
      return FC_OK;
    set_nan(z, ctx);
    return FC_VALUE;
  }
  if (ctx->kind == FC_SERIES)
    return eval_series(z, constant, ctx);
  if (ctx->kind == FC_ARB || ctx->kind == FC_ACB)
    return fc_ziv_ball(z, constant, limit_for(constant, ctx->precision), ctx);
  return eval_rounded(z, constant, ctx);
}

fc_status fc_constant_eval_d(double *z, const fc_formula *constant) {
  fc_ctx ctx;
  fc_num t;
  fc_ctx_init_double(&ctx);
  fc_init(t, &ctx);
  fc_status status = fc_constant_eval(t, constant, &ctx);
  *z = fc_get_d(t, &ctx);
  fc_clear(t, &ctx);
  return status;
}

/* --- signs ------------------------------------------------------------ */

fc_status fc_constant_sign(int *sign, const fc_formula *constant) {
  mpq_srcptr q = fc_graph_get(constant, constant->root);
  if (q) {
    *sign = mpq_sgn(q);
    return FC_OK;
  }
  mpfr_t lower, upper;
  mpfr_inits2(2, lower, upper, NULL);
  fc_status status = FC_BUDGET;
  for (long p = 128; p <= limit_for(constant, 128); p *= 2) {
    status = fc_ziv_interval(lower, upper, constant, p);
    if (status != FC_OK)
      break;
    status = FC_VALUE;
    if (mpfr_nan_p(lower) || mpfr_nan_p(upper))
      continue;
    status = FC_BUDGET;
    if (mpfr_sgn(lower) <= 0 && mpfr_sgn(upper) >= 0)
      continue;
    *sign = mpfr_sgn(lower) > 0 ? 1 : -1;
    status = FC_OK;
    break;
  }
  mpfr_clears(lower, upper, NULL);
  return status;
}

fc_status fc_constant_compare(int *sign, const fc_formula *x,
                              const fc_formula *y) {
  fc_formula *graph = fc_graph_new(NULL, 0), *difference = NULL;
  fc_node_id *x_map = malloc(x->count * sizeof *x_map);
  fc_node_id *y_map = malloc(y->count * sizeof *y_map);
  fc_status status = FC_MEMORY;
  if (graph && x_map && y_map) {
    fc_graph_import(graph, x, x_map, -1, FC_NO_NODE);
    fc_graph_import(graph, y, y_map, -1, FC_NO_NODE);
    fc_node_id root = fc_build_sub(graph, x_map[x->root], y_map[y->root]);
    status = fc_graph_finish(&difference, graph, root, "", NULL);
    graph = NULL;
  }
  if (status == FC_OK)
    status = fc_constant_sign(sign, difference);
  fc_formula_free(difference);
  fc_formula_free(graph);
  free(x_map);
  free(y_map);
  return status;
}
