#include "proof/sign.h"

#include <stdlib.h>

#include "proof/cover.h"
#include "proof/factor.h"

/* --- domains ----------------------------------------------------------------
 */

void fc_domain_clear(fc_domain_of_claim *domain, const fc_ring *ring) {
  for (long i = 0; i < domain->count; i++)
    fc_rational_clear(&domain->items[i].value, ring);
  domain->count = 0;
}

bool fc_domain_add(fc_domain_of_claim *domain, const fc_rational *value,
                   bool negated, bool strict, const fc_ring *ring) {
  if (domain->count == FC_DOMAIN_CONDITIONS)
    return false;
  fc_domain_condition *item = &domain->items[domain->count++];
  fc_rational_init(&item->value, ring);
  if (negated)
    fc_rational_neg(&item->value, value, ring);
  else
    fc_rational_set(&item->value, value, ring);
  item->strict = strict;
  return true;
}

/* --- evident signs ------------------------------------------------------- */

/* 1 or -1 where the signs leave one (0 may be among them unless strict). */
static int single_sign(unsigned signs, bool strict) {
  if (strict && signs & FC_MAY_VANISH)
    return 0;
  if (!(signs & FC_MAY_FALL))
    return 1;
  return signs & FC_MAY_RISE ? 0 : -1;
}

int fc_sign_evident(const fmpz_mpoly_t x, const fc_ring *ring) {
  return single_sign(fc_polynomial_signs(x, ring), false);
}

/* The sign that a condition gives to a polynomial that is its only factor of
 * unknown sign: 0 where it gives none. */
static int sign_by(const fc_domain_condition *condition, const fmpz_mpoly_t x,
                   bool strict, const fc_ring *ring) {
  fc_product product[1];
  if ((strict && !condition->strict) ||
      fc_rational_is_zero(&condition->value, ring) ||
      fc_product_of(product, &condition->value, ring))
    return 0;
  int sign = product->sign;
  bool found = false;
  for (long i = 0; i < product->count && sign; i++) {
    const fmpz_mpoly_struct *text = product->items[i].text;
    int evident = single_sign(fc_polynomial_signs(text, ring), true);
    if (product->items[i].power % 2 == 0) {
      /* Where such a factor is 0, a weak condition says nothing. */
      if (!evident && !condition->strict)
        sign = 0;
      continue;
    }
    if (!found && fmpz_mpoly_equal(text, x, ring->ctx))
      found = true;
    else
      sign *= evident;
  }
  fc_product_clear(product, ring);
  return found ? sign : 0;
}

void fc_sign_reduce_condition(fc_rational *condition, const fc_ring *ring) {
  fc_product product[1];
  if (fc_rational_is_zero(condition, ring) ||
      fc_product_of(product, condition, ring))
    return;
  int sign = product->sign;
  long open = -1, opens = 0; /* factors without an evident sign */
  for (long i = 0; i < product->count; i++) {
    int evident =
        single_sign(fc_polynomial_signs(product->items[i].text, ring), true);
    if (!evident) {
      open = i;
      opens++;
    } else if (product->items[i].power % 2 != 0)
      sign *= evident;
  }
  if (opens == 1 && product->items[open].power == 1) {
    fmpz_mpoly_set(condition->top, product->items[open].text, ring->ctx);
    if (sign < 0)
      fmpz_mpoly_neg(condition->top, condition->top, ring->ctx);
    fmpz_mpoly_one(condition->bottom, ring->ctx);
  }
  fc_product_clear(product, ring);
}

static int sign_by_domain(const fmpz_mpoly_t x, bool strict,
                          const fc_domain_of_claim *domain,
                          const fc_ring *ring) {
  int sign = 0;
  for (long i = 0; i < domain->count && !sign; i++)
    sign = sign_by(&domain->items[i], x, strict, ring);
  return sign;
}

/* What needs no cover. */
static bool settle(fc_sign_factor *factor, const fc_domain_of_claim *domain,
                   const fc_ring *ring) {
  bool strict = factor->power < 0, even = factor->power % 2 == 0;
  factor->why = FC_BY_TERMS;
  factor->sign = single_sign(fc_polynomial_signs(factor->text, ring), strict);
  if (!factor->sign) {
    factor->why = FC_BY_DOMAIN;
    factor->sign = sign_by_domain(factor->text, strict, domain, ring);
  }
  if (!factor->sign && even && !strict) {
    factor->why = FC_BY_POWER;
    return true;
  }
  return factor->sign != 0;
}

bool fc_domain_is_empty(const fc_domain_of_claim *domain, const fc_ring *ring) {
  fc_cover_room room[1];
  fc_leaf left = {0, 1, false}, right = {1, 1, false};
  fc_cover_room_init(room, ring, domain, FC_COVER_BITS);
  fc_cover_move(room, &left);
  bool empty = fc_cover_outside(room);
  fc_cover_move(room, &right);
  empty = empty && fc_cover_outside(room);
  fc_cover_room_clear(room);
  return empty;
}

/* --- proofs ----------------------------------------------------------------
 */

static fc_status take_factors(fc_sign_proof *proof, const fc_rational *quotient,
                              const fc_ring *ring) {
  fc_product product[1];
  fc_status status = fc_product_of(product, quotient, ring);
  if (status)
    return status;
  proof->sign = product->sign;
  for (long i = 0; i < product->count; i++) {
    fc_sign_factor *factor = &proof->factors[proof->count++];
    fmpz_mpoly_init(factor->text, ring->ctx);
    fmpz_mpoly_swap(factor->text, product->items[i].text, ring->ctx);
    factor->power = product->items[i].power;
    factor->leaves = NULL;
    factor->leaf_count = 0;
  }
  fc_product_clear(product, ring);
  return FC_OK;
}

/* The sign of the quotient; 0 where that of a factor is not known. */
static int total_sign(const fc_sign_proof *proof) {
  int sign = proof->sign;
  for (long i = 0; i < proof->count; i++)
    if (proof->factors[i].power % 2 != 0)
      sign *= proof->factors[i].sign;
  return sign;
}

static fc_status prove_factors(fc_sign_proof *proof,
                               const fc_domain_of_claim *domain,
                               fc_ring *ring) {
  bool open = false;
  for (long i = 0; i < proof->count; i++)
    if (!settle(&proof->factors[i], domain, ring))
      open = true;
  proof->undecided = open ? 1 : 0;
  if (!open) {
    proof->proved = total_sign(proof) > 0;
    proof->undecided = proof->proved ? 0 : 1;
    return FC_OK;
  }
  fc_status status = FC_OK;
  proof->undecided = 0;
  for (long i = 0; i < proof->count && status == FC_OK; i++) {
    fc_sign_factor *factor = &proof->factors[i];
    double left = 0;
    if (factor->sign || factor->why == FC_BY_POWER)
      continue;
    status = fc_cover_make(factor, &left, &proof->precision, domain, ring);
    proof->leaves += (long)factor->leaf_count;
    if (left > proof->undecided)
      proof->undecided = left;
    if (left > 0) /* the others will not help */
      break;
  }
  proof->proved =
      status == FC_OK && proof->undecided == 0 && total_sign(proof) > 0;
  if (!proof->proved && proof->undecided == 0)
    proof->undecided = 1;
  return status;
}

fc_status fc_sign_prove(fc_sign_proof *proof, const fc_rational *quotient,
                        const fc_domain_of_claim *domain, fc_ring *ring) {
  *proof = (fc_sign_proof){.undecided = 1};
  if (fc_rational_is_zero(quotient, ring)) {
    proof->proved = proof->identity = true;
    proof->undecided = 0;
    return FC_OK;
  }
  fc_status status = take_factors(proof, quotient, ring);
  return status ? status : prove_factors(proof, domain, ring);
}

void fc_sign_clear(fc_sign_proof *proof, const fc_ring *ring) {
  for (long i = 0; i < proof->count; i++) {
    fmpz_mpoly_clear(proof->factors[i].text, ring->ctx);
    free(proof->factors[i].leaves);
  }
  proof->count = 0;
}

/* --- atoms ------------------------------------------------------------------
 */

/* The argument of atom i is > 0 (of a root: >= 0), or is an atom that
 * intervals see to be so. */
static bool is_real(long i, fc_ring *ring) {
  static const fc_domain_of_claim everywhere = {.count = 0};
  const fc_symbol *atom = &ring->symbols[i];
  fc_sign_proof proof[1];
  fc_status status = fc_sign_prove(proof, &atom->argument, &everywhere, ring);
  bool real = status == FC_OK && proof->proved && !proof->identity;
  /* log x: x > 0 throughout, not only >= 0 */
  for (long k = 0; k < proof->count && real; k++)
    if (atom->kind == FC_SYMBOL_LOG &&
        single_sign(fc_polynomial_signs(proof->factors[k].text, ring), true) ==
            0)
      real = false;
  fc_sign_clear(proof, ring);
  return real;
}

bool fc_atoms_are_real(fc_ring *ring) {
  for (long i = 0; i < ring->count; i++) {
    fc_symbol_kind kind = ring->symbols[i].kind;
    if (kind != FC_SYMBOL_PLAIN && kind != FC_SYMBOL_CONSTANT &&
        !is_real(i, ring))
      return false;
  }
  return true;
}
