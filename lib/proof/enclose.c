/* Signs and enclosures of polynomials in a ring's symbols. */
#include "proof/rational.h"

unsigned fc_polynomial_signs(const fmpz_mpoly_t x, const fc_ring *ring) {
  ulong exponents[FC_RING_SYMBOLS];
  unsigned all = FC_MAY_VANISH;
  fmpz_t c;
  fmpz_init(c);
  for (slong i = 0; i < fmpz_mpoly_length(x, ring->ctx); i++) {
    fmpz_mpoly_get_term_coeff_fmpz(c, x, i, ring->ctx);
    fmpz_mpoly_get_term_exp_ui(exponents, x, i, ring->ctx);
    unsigned term = fmpz_sgn(c) > 0 ? FC_MAY_RISE : FC_MAY_FALL;
    for (long j = 0; j < ring->count; j++)
      if (exponents[j] > 0)
        term = fc_signs_product(
            term, fc_signs_power(ring->symbols[j].signs, exponents[j]));
    all = fc_signs_sum(all, term);
  }
  fmpz_clear(c);
  return all;
}

bool fc_polynomial_degree(long *degree, const fmpz_mpoly_t x,
                          const fc_ring *ring) {
  ulong exponents[FC_RING_SYMBOLS];
  *degree = 0;
  for (slong i = 0; i < fmpz_mpoly_length(x, ring->ctx); i++) {
    long sum = 0;
    fmpz_mpoly_get_term_exp_ui(exponents, x, i, ring->ctx);
    for (long j = 0; j < ring->count; j++) {
      if (exponents[j] == 0)
        continue;
      if (!ring->symbols[j].homogeneous || j == FC_K || j == FC_W)
        return false;
      sum += ring->symbols[j].degree * (long)exponents[j];
    }
    if (i > 0 && sum != *degree)
      return false;
    *degree = sum;
  }
  return true;
}

/* z = x^n times z. */
static void multiply_power(fc_interval *z, const fc_interval *x, ulong n,
                           fc_interval *room) {
  if (n > 1)
    fc_interval_pow(room, x, n);
  fc_interval_mul(z, z, n > 1 ? room : x);
}

void fc_polynomial_enclose(fc_interval *z, const fmpz_mpoly_t x,
                           const fc_interval *values, const fc_ring *ring) {
  ulong exponents[FC_RING_SYMBOLS];
  fc_interval sum, term, room;
  fmpz_t c;
  mpz_t whole;
  long precision = mpfr_get_prec(z->lower);
  fc_interval_init(&sum, precision);
  fc_interval_init(&term, precision);
  fc_interval_init(&room, precision);
  fmpz_init(c);
  mpz_init(whole);
  for (slong i = 0; i < fmpz_mpoly_length(x, ring->ctx); i++) {
    fmpz_mpoly_get_term_coeff_fmpz(c, x, i, ring->ctx);
    fmpz_mpoly_get_term_exp_ui(exponents, x, i, ring->ctx);
    fmpz_get_mpz(whole, c);
    fc_interval_set_mpz(&term, whole);
    for (long j = 0; j < ring->count; j++)
      if (exponents[j] > 0)
        multiply_power(&term, &values[j], exponents[j], &room);
    fc_interval_add(&sum, &sum, &term);
  }
  fc_interval_set(z, &sum);
  fc_interval_clear(&sum);
  fc_interval_clear(&term);
  fc_interval_clear(&room);
  fmpz_clear(c);
  mpz_clear(whole);
}

static void enclose_atom(fc_interval *values, long i, const fc_ring *ring) {
  const fc_symbol *atom = &ring->symbols[i];
  fc_interval bottom, one;
  long precision = mpfr_get_prec(values[i].lower);
  fc_interval_init(&bottom, precision);
  fc_interval_init(&one, precision);
  fc_polynomial_enclose(&values[i], atom->argument.top, values, ring);
  fc_polynomial_enclose(&bottom, atom->argument.bottom, values, ring);
  fc_interval_div(&values[i], &values[i], &bottom);
  if (atom->kind == FC_SYMBOL_LOG)
    fc_interval_log(&values[i], &values[i]);
  else
    fc_interval_sqrt(&values[i], &values[i]);
  if (atom->kind == FC_SYMBOL_INVERSE_ROOT) {
    mpfr_set_ui(one.lower, 1, MPFR_RNDD);
    mpfr_set_ui(one.upper, 1, MPFR_RNDU);
    fc_interval_div(&values[i], &one, &values[i]);
  }
  fc_interval_clear(&bottom);
  fc_interval_clear(&one);
}

void fc_ring_enclose(fc_interval values[FC_RING_SYMBOLS], const fc_ring *ring) {
  for (long i = FC_K; i < ring->count; i++) {
    const fc_symbol *symbol = &ring->symbols[i];
    if (symbol->kind == FC_SYMBOL_PLAIN ||
        (symbol->kind == FC_SYMBOL_CONSTANT && !symbol->has_value))
      fc_interval_set_unknown(&values[i], !(symbol->signs & FC_MAY_FALL));
    else if (symbol->kind == FC_SYMBOL_CONSTANT)
      fc_interval_set(&values[i], &symbol->value);
    else
      enclose_atom(values, i, ring);
  }
}
