/* Mixtures of Gaussians of one isotropic width sigma (0: atoms): grad v is
 * ((a a' + sigma^2 b b')/V) I + (a b omega/V^2) Cov_r(m), V = a^2 + sigma^2
 * b^2, regular up to t = 1 where sigma > 0. */
#include "suprema/certified_private.h"

/* sigma^2 of the components. */
static fc_status variance_of(fc_ptr z, const fc_target *target,
                             const fc_ctx *ctx) {
  fc_status status = fc_target_constant(z, NULL, NULL, target, FC_SIGMA, ctx);
  if (status == FC_UNSUPPORTED) { /* atoms */
    fc_set_si(z, 0, ctx);
    return FC_OK;
  }
  fc_sqr(z, z, ctx);
  return status;
}

/* V, the rate of a single component and the factor of Cov_r. */
typedef struct rates {
  fc_num sigma2, V, base, factor;
  fc_schedule_value at[1];
} rates;

static fc_status rates_init(rates *r, const fc_eigenvalue_question *question,
                            const fc_ctx *ctx) {
  fc_init(r->sigma2, ctx);
  fc_init(r->V, ctx);
  fc_init(r->base, ctx);
  fc_init(r->factor, ctx);
  fc_schedule_value_init(r->at, ctx);
  fc_status status = variance_of(r->sigma2, question->target, ctx);
  if (status == FC_OK)
    status = fc_certified_schedule(r->at, question, ctx);
  if (status)
    return status;
  fc_sqr(r->V, r->at->b, ctx);
  fc_mul(r->V, r->V, r->sigma2, ctx);
  fc_addmul(r->V, r->at->a, r->at->a, ctx);
  if (fc_is_positive(r->V, ctx) != FC_TRUE)
    return FC_DOMAIN;
  fc_mul(r->base, r->at->b, r->at->db, ctx);
  fc_mul(r->base, r->base, r->sigma2, ctx);
  fc_add(r->base, r->base, r->at->ada, ctx);
  fc_div(r->base, r->base, r->V, ctx);
  fc_mul(r->factor, r->at->b, r->at->aomega, ctx);
  fc_div(r->factor, r->factor, r->V, ctx);
  fc_div(r->factor, r->factor, r->V, ctx);
  return FC_OK;
}

static void rates_clear(rates *r, const fc_ctx *ctx) {
  fc_schedule_value_clear(r->at, ctx);
  fc_clear(r->factor, ctx);
  fc_clear(r->base, ctx);
  fc_clear(r->V, ctx);
  fc_clear(r->sigma2, ctx);
}

/* q^2 = b^2/V at any precision. */
static fc_status load_q2(fc_ptr z, void *closure, const fc_ctx *ctx) {
  rates r[1];
  fc_status status = rates_init(r, closure, ctx);
  if (status == FC_OK) {
    fc_sqr(z, r->at->b, ctx);
    fc_div(z, z, r->V, ctx);
  }
  rates_clear(r, ctx);
  return status;
}

static fc_status largest(fc_eigenvalue_answer *answer, const rates *r,
                         const fc_eigenvalue_question *question,
                         const fc_ctx *ctx, fc_error *error) {
  fc_eigenvalue_question copy = *question;
  fc_spread_question spread = {
      .target = question->target, .q2 = load_q2, .closure = &copy};
  fc_spread_answer found[1] = {{.argument = NULL}};
  fc_num low, high;
  fc_certified_goal(&spread.goal, question);
  mpfr_init2(found->low, ctx->precision);
  mpfr_init2(found->high, ctx->precision);
  fc_init(low, ctx);
  fc_init(high, ctx);
  fc_status status = fc_largest_spread(found, &spread, ctx, error);
  if (status == FC_OK) {
    fc_set_mpfr(low, found->low, ctx);
    fc_set_mpfr(high, found->high, ctx);
    fc_mul(low, low, r->factor, ctx);
    fc_mul(high, high, r->factor, ctx);
    fc_add(low, low, r->base, ctx);
    fc_add(high, high, r->base, ctx);
    fc_certified_set(answer, low, high, ctx);
    answer->reached = found->reached;
    answer->argument = found->argument;
    answer->boxes = found->boxes;
    if (!found->reached)
      status = fc_certified_search(answer, question, ctx);
  }
  fc_clear(high, ctx);
  fc_clear(low, ctx);
  mpfr_clear(found->high);
  mpfr_clear(found->low);
  return status;
}

fc_status fc_certified_one_width(fc_eigenvalue_answer *answer,
                                 const fc_eigenvalue_question *question,
                                 const fc_ctx *ctx, fc_error *error) {
  rates r[1];
  if (fc_target_isotropic_count(question->target) == 0)
    return FC_UNSUPPORTED;
  fc_status status = rates_init(r, question, ctx);
  if (status == FC_OK && question->side == FC_SMALLEST) {
    /* far out in a direction that tells one vertex of the hull of the means
     * from the others its responsibility tends to 1 */
    fc_certified_set(answer, r->base, r->base, ctx);
    answer->reached = true;
    answer->argument = "the infimum is approached far out, where one component "
                       "is left";
  } else if (status == FC_OK)
    status = largest(answer, r, question, ctx, error);
  rates_clear(r, ctx);
  return status;
}
