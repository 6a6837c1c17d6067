#include "proof/factor.h"

#include <flint/fmpz_mpoly_factor.h>

/* Longer polynomials are left whole: factoring could take long. */
enum { MOST_TERMS = 300 };

/* Appends text^power, its leading coefficient made positive; nothing for 1 and
 * -1. */
static fc_status append(fc_product *product, const fmpz_mpoly_t text,
                        long power, const fc_ring *ring) {
  fmpz_t lead;
  bool negative = fmpz_mpoly_equal_si(text, -1, ring->ctx);
  if (negative || fmpz_mpoly_is_one(text, ring->ctx)) {
    if (negative && power % 2 != 0)
      product->sign = -product->sign;
    return FC_OK;
  }
  if (product->count == FC_SIGN_FACTORS)
    return FC_LIMIT;
  long at = product->count++;
  fmpz_mpoly_init(product->items[at].text, ring->ctx);
  fmpz_mpoly_set(product->items[at].text, text, ring->ctx);
  product->items[at].power = power;
  fmpz_init(lead);
  fmpz_mpoly_get_term_coeff_fmpz(lead, text, 0, ring->ctx);
  if (fmpz_sgn(lead) < 0) {
    fmpz_mpoly_neg(product->items[at].text, text, ring->ctx);
    if (power % 2 != 0)
      product->sign = -product->sign;
  }
  fmpz_clear(lead);
  return FC_OK;
}

static fc_status append_constant(fc_product *product,
                                 const fmpz_mpoly_factor_t f, long power,
                                 const fc_ring *ring) {
  fmpz_t constant;
  fmpz_mpoly_t text;
  fmpz_init(constant);
  fmpz_mpoly_init(text, ring->ctx);
  fmpz_mpoly_factor_get_constant_fmpz(constant, f, ring->ctx);
  fmpz_mpoly_set_fmpz(text, constant, ring->ctx);
  fc_status status = append(product, text, power, ring);
  fmpz_mpoly_clear(text, ring->ctx);
  fmpz_clear(constant);
  return status;
}

/* Factoring is long code; multiplying is short. */
static bool multiplies_to(const fmpz_mpoly_factor_t f, const fmpz_mpoly_t x,
                          const fc_ring *ring) {
  fmpz_mpoly_t product;
  fmpz_mpoly_init(product, ring->ctx);
  bool same = fmpz_mpoly_factor_expand(product, f, ring->ctx) &&
              fmpz_mpoly_equal(product, x, ring->ctx);
  fmpz_mpoly_clear(product, ring->ctx);
  return same;
}

static fc_status append_factors(fc_product *product, const fmpz_mpoly_t x,
                                long power, const fc_ring *ring) {
  fmpz_mpoly_factor_t f;
  if (fmpz_mpoly_length(x, ring->ctx) > MOST_TERMS)
    return append(product, x, power, ring);
  fmpz_mpoly_factor_init(f, ring->ctx);
  fc_status status = FC_OK;
  if (!fmpz_mpoly_factor(f, x, ring->ctx) || !multiplies_to(f, x, ring)) {
    status = append(product, x, power, ring);
  } else {
    slong count = fmpz_mpoly_factor_length(f, ring->ctx);
    status = append_constant(product, f, power, ring);
    for (slong i = 0; i < count && status == FC_OK; i++)
      status =
          append(product, f->poly + i,
                 power * fmpz_mpoly_factor_get_exp_si(f, i, ring->ctx), ring);
  }
  fmpz_mpoly_factor_clear(f, ring->ctx);
  return status;
}

fc_status fc_product_of(fc_product *product, const fc_rational *quotient,
                        const fc_ring *ring) {
  product->sign = 1;
  product->count = 0;
  fc_status status = append_factors(product, quotient->top, 1, ring);
  if (status == FC_OK)
    status = append_factors(product, quotient->bottom, -1, ring);
  if (status)
    fc_product_clear(product, ring);
  return status;
}

void fc_product_clear(fc_product *product, const fc_ring *ring) {
  for (long i = 0; i < product->count; i++)
    fmpz_mpoly_clear(product->items[i].text, ring->ctx);
  product->count = 0;
}
