/* erfcx(x) = exp(x^2) erfc(x) for MPFR. */
#include "arith/arith_private.h"

/* 1/(x sqrt(pi)) sum_k (-1)^k (2k-1)!! / (2 x^2)^k with x^2 >= bits: the terms
 * shrink to about exp(-x^2) < 2^-bits, and the sum is between any two
 * neighbouring partial sums. */
static void asymptotic(mpfr_ptr z, mpfr_srcptr x, mpfr_srcptr square) {
  mpfr_prec_t bits = mpfr_get_prec(z);
  mpfr_t q, term;
  mpfr_inits2(bits, q, term, (mpfr_ptr)0);
  mpfr_ui_div(q, 1, square, MPFR_RNDN);
  mpfr_div_2ui(q, q, 1, MPFR_RNDN);
  mpfr_set_ui(term, 1, MPFR_RNDN);
  mpfr_set_ui(z, 1, MPFR_RNDN);
  for (unsigned long k = 1; k < (unsigned long)bits; k++) {
    mpfr_mul(term, term, q, MPFR_RNDN);
    mpfr_mul_ui(term, term, 2 * k - 1, MPFR_RNDN);
    if (mpfr_zero_p(term) || mpfr_get_exp(term) < -bits)
      break;
    if (k % 2 == 1)
      mpfr_sub(z, z, term, MPFR_RNDN);
    else
      mpfr_add(z, z, term, MPFR_RNDN);
  }
  mpfr_const_pi(q, MPFR_RNDN);
  mpfr_sqrt(q, q, MPFR_RNDN);
  mpfr_mul(q, q, x, MPFR_RNDN);
  mpfr_div(z, z, q, MPFR_RNDN);
  mpfr_clears(q, term, (mpfr_ptr)0);
}

/* square = x^2 exactly, so that exp gets no error to magnify. */
static void direct(mpfr_ptr z, mpfr_srcptr x, mpfr_srcptr square) {
  mpfr_t factor;
  mpfr_init2(factor, mpfr_get_prec(z));
  mpfr_exp(factor, square, MPFR_RNDN);
  fc_mpfr_erfc(z, x);
  mpfr_mul(z, z, factor, MPFR_RNDN);
  mpfr_clear(factor);
}

/* Relative error below 2^(8 - bits), bits the precision of z. */
static void approximate(mpfr_ptr z, mpfr_srcptr x, mpfr_srcptr square) {
  if (mpfr_sgn(x) > 0 && mpfr_cmp_si(square, mpfr_get_prec(z)) >= 0)
    asymptotic(z, x, square);
  else
    direct(z, x, square);
}

static bool is_special(mpfr_ptr z, mpfr_srcptr x) {
  if (mpfr_nan_p(x))
    mpfr_set_nan(z);
  else if (mpfr_inf_p(x) && mpfr_sgn(x) > 0)
    mpfr_set_zero(z, 1);
  else if (mpfr_inf_p(x))
    mpfr_set_inf(z, 1);
  else if (mpfr_zero_p(x) || mpfr_get_exp(x) < -mpfr_get_prec(z) - 3)
    mpfr_set_ui(z, 1, MPFR_RNDN); /* 1 - 2x/sqrt(pi) + ... rounds to 1 */
  else
    return false;
  return true;
}

void fc_mpfr_erfcx(mpfr_ptr z, mpfr_srcptr x) {
  if (is_special(z, x))
    return;
  mpfr_prec_t target = mpfr_get_prec(z), bits = target + 40;
  mpfr_t square, y;
  mpfr_init2(square, 2 * mpfr_get_prec(x));
  mpfr_init2(y, bits);
  mpfr_sqr(square, x, MPFR_RNDN);
  for (;;) {
    approximate(y, x, square);
    if (!mpfr_regular_p(y) || /* overflow, which no precision will cure */
        mpfr_can_round(y, bits - 8, MPFR_RNDN, MPFR_RNDZ, target + 1))
      break;
    bits += bits / 2;
    mpfr_set_prec(y, bits);
  }
  mpfr_set(z, y, MPFR_RNDN);
  mpfr_clears(square, y, (mpfr_ptr)0);
}
