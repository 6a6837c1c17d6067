#include <stdint.h>

#define MPFR_USE_INTMAX_T /* mpfr_set_sj */

#include "transport/masses.h"

#include <stdbool.h>
#include <stdlib.h>

#define TOTAL_BITS 61 /* of masses that are rounded */

/* One side's weights as integers without a common factor. */
typedef struct side {
  size_t count;
  mpz_t *shares;
  mpz_t total;
} side;

static bool side_init(side *s, size_t count) {
  s->count = count;
  s->shares = malloc(count * sizeof *s->shares);
  mpz_init(s->total);
  for (size_t i = 0; s->shares && i < count; i++)
    mpz_init(s->shares[i]);
  return s->shares != NULL;
}

static void side_clear(side *s) {
  for (size_t i = 0; s->shares && i < s->count; i++)
    mpz_clear(s->shares[i]);
  free(s->shares);
  mpz_clear(s->total);
}

static fc_status set_shares(side *s, mpq_t *weights, fc_error *error) {
  mpz_t denominator, factor;
  mpz_init_set_ui(denominator, 1);
  mpz_init(factor);
  fc_status status = FC_OK;
  for (size_t i = 0; weights && i < s->count && status == FC_OK; i++) {
    if (mpq_sgn(weights[i]) < 0)
      status = fc_fail(error, FC_VALUE, "weight %zu is negative", i + 1);
    mpz_lcm(denominator, denominator, mpq_denref(weights[i]));
  }
  for (size_t i = 0; i < s->count && status == FC_OK; i++) {
    if (weights) {
      mpz_divexact(factor, denominator, mpq_denref(weights[i]));
      mpz_mul(s->shares[i], factor, mpq_numref(weights[i]));
    } else
      mpz_set_ui(s->shares[i], 1);
    mpz_add(s->total, s->total, s->shares[i]);
  }
  if (status == FC_OK && mpz_sgn(s->total) == 0)
    status = fc_fail(error, FC_VALUE, "the weights are all 0");
  mpz_set_ui(factor, 0);
  for (size_t i = 0; i < s->count && status == FC_OK; i++)
    mpz_gcd(factor, factor, s->shares[i]);
  for (size_t i = 0; i < s->count && status == FC_OK; i++)
    mpz_divexact(s->shares[i], s->shares[i], factor);
  if (status == FC_OK)
    mpz_divexact(s->total, s->total, factor);
  mpz_clears(denominator, factor, (mpz_ptr)0);
  return status;
}

static int64_t get_int64(const mpz_t z) {
  /* long may be narrower */
  uint64_t value = 0;
  size_t words = 0;
  mpz_export(&value, &words, -1, sizeof value, 0, 0, z);
  return (int64_t)value;
}

static void exact_masses(int64_t *masses, const side *s, const mpz_t total) {
  mpz_t factor, mass;
  mpz_inits(factor, mass, (mpz_ptr)0);
  mpz_divexact(factor, total, s->total);
  for (size_t i = 0; i < s->count; i++) {
    mpz_mul(mass, s->shares[i], factor);
    masses[i] = get_int64(mass);
  }
  mpz_clears(factor, mass, (mpz_ptr)0);
}

/* Rounds down to multiples of 2^-TOTAL_BITS; the rest goes to the heaviest.
 * That moves less than count such units. */
static void rounded_masses(int64_t *masses, const side *s) {
  mpz_t mass;
  size_t heaviest = 0;
  int64_t sum = 0;
  mpz_init(mass);
  for (size_t i = 0; i < s->count; i++) {
    mpz_mul_2exp(mass, s->shares[i], TOTAL_BITS);
    mpz_fdiv_q(mass, mass, s->total);
    masses[i] = get_int64(mass);
    sum += masses[i];
    if (masses[i] > masses[heaviest])
      heaviest = i;
  }
  masses[heaviest] += (INT64_C(1) << TOTAL_BITS) - sum;
  mpz_clear(mass);
}

static void set_masses(int64_t *masses[2], mpfr_t defect, const side *p,
                       const side *q) {
  mpz_t total;
  mpz_init(total);
  mpz_lcm(total, p->total, q->total);
  mpfr_set_zero(defect, 1);
  if (mpz_sizeinbase(total, 2) <= 62) {
    exact_masses(masses[0], p, total);
    exact_masses(masses[1], q, total);
  } else {
    rounded_masses(masses[0], p);
    rounded_masses(masses[1], q);
    mpfr_set_uj(defect, (uintmax_t)p->count + q->count, MPFR_RNDU);
    mpfr_mul_2si(defect, defect, -TOTAL_BITS, MPFR_RNDU);
  }
  mpz_clear(total);
}

fc_status fc_masses_new(int64_t *masses[2], mpfr_t defect,
                        const size_t count[2], mpq_t *const weights[2],
                        fc_error *error) {
  side p, q;
  bool fine = side_init(&p, count[0]);
  fine &= side_init(&q, count[1]);
  masses[0] = malloc(count[0] * sizeof *masses[0]);
  masses[1] = malloc(count[1] * sizeof *masses[1]);
  fc_status status = FC_OK;
  if (!fine || !masses[0] || !masses[1])
    status = fc_fail(error, FC_MEMORY, "out of memory");
  if (status == FC_OK)
    status = set_shares(&p, weights[0], error);
  if (status == FC_OK)
    status = set_shares(&q, weights[1], error);
  if (status == FC_OK)
    set_masses(masses, defect, &p, &q);
  side_clear(&p);
  side_clear(&q);
  if (status != FC_OK) {
    free(masses[0]);
    free(masses[1]);
    masses[0] = masses[1] = NULL;
  }
  return status;
}
