/* Exact values of operations on rationals: what can be decided here never has
 * to be approximated later.
 *
 * exp, log, sin, cos, tan, atan of a rational are rational only at the points
 * below (Lindemann), sin and cos of a rational multiple of pi only where
 * Niven's theorem says. */
#include "formula/graph.h"

static size_t bits(mpq_srcptr q) {
  return mpz_sizeinbase(mpq_numref(q), 2) + mpz_sizeinbase(mpq_denref(q), 2);
}

bool fc_fold_fits(mpq_srcptr q) { return bits(q) <= FC_FORMULA_MAX_BITS; }

bool fc_fold_pow_si(mpq_ptr z, mpq_srcptr x, long n) {
  unsigned long size = n < 0 ? 0 - (unsigned long)n : (unsigned long)n;
  if (mpq_sgn(x) == 0 && n < 0)
    return false;
  bool unit = mpq_cmp_si(x, 1, 1) == 0 || mpq_cmp_si(x, -1, 1) == 0;
  if (unit || mpq_sgn(x) == 0) {
    mpq_t power;
    mpq_init(power);
    if (n == 0 || (unit && size % 2 == 0))
      mpq_set_si(power, 1, 1);
    else
      mpq_set(power, x);
    mpq_swap(z, power);
    mpq_clear(power);
    return true;
  }
  if (size > FC_FORMULA_MAX_BITS / (bits(x) - 2)) /* 2^size has size + 1 bits */
    return false;
  mpq_t power; /* lowest terms stay lowest terms */
  mpq_init(power);
  mpz_pow_ui(mpq_numref(power), mpq_numref(x), size);
  mpz_pow_ui(mpq_denref(power), mpq_denref(x), size);
  if (n < 0)
    mpq_inv(power, power);
  mpq_swap(z, power);
  mpq_clear(power);
  return true;
}

bool fc_fold_root(mpq_ptr z, mpq_srcptr x, unsigned long n) {
  if (mpq_sgn(x) < 0 || n == 0)
    return false;
  mpq_t root;
  mpq_init(root);
  bool exact = mpz_root(mpq_numref(root), mpq_numref(x), n) != 0 &&
               mpz_root(mpq_denref(root), mpq_denref(x), n) != 0;
  if (exact)
    mpq_swap(z, root);
  mpq_clear(root);
  return exact;
}

/* sixths of a turn's half: q = k/6 modulo 2, or -1 where 6 q is no integer */
static int sixths(mpq_srcptr q) {
  mpq_t scaled;
  mpq_init(scaled);
  mpq_set_si(scaled, 6, 1);
  mpq_mul(scaled, scaled, q);
  int k = -1;
  if (mpz_cmp_ui(mpq_denref(scaled), 1) == 0)
    k = (int)mpz_fdiv_ui(mpq_numref(scaled), 12);
  mpq_clear(scaled);
  return k;
}

/* sin(k pi/6) doubled, where rational; 9 where not */
static const signed char twice_sine[12] = {0, 1,  9, 2,  9, 1,
                                           0, -1, 9, -2, 9, -1};

static bool sine(mpq_ptr z, mpq_srcptr q, int shift) {
  int k = sixths(q);
  if (k < 0 || twice_sine[(k + shift) % 12] == 9)
    return false;
  mpq_set_si(z, twice_sine[(k + shift) % 12], 2);
  mpq_canonicalize(z);
  return true;
}

bool fc_fold_function(mpq_ptr z, fc_op op, mpq_srcptr x) {
  bool zero = mpq_sgn(x) == 0;
  switch (op) {
  case FC_OP_ABS:
    mpq_abs(z, x);
    return true;
  case FC_OP_SQRT:
    return fc_fold_root(z, x, 2);
  case FC_OP_SIN_PI:
    return sine(z, x, 0);
  case FC_OP_COS_PI:
    return sine(z, x, 3);
  case FC_OP_LOG:
    zero = mpq_cmp_si(x, 1, 1) == 0;
    mpq_set_si(z, 0, 1);
    return zero;
  case FC_OP_EXP:
  case FC_OP_COS:
  case FC_OP_ERFC:
    mpq_set_si(z, 1, 1);
    return zero;
  case FC_OP_SIN:
  case FC_OP_TAN:
  case FC_OP_ATAN:
  case FC_OP_ERF:
    mpq_set_si(z, 0, 1);
    return zero;
  default:
    return false;
  }
}
