/* erfc(x) for MPFR, correctly rounded; faster than mpfr_erfc on the right,
 * which first tries with too few bits for what cancels in 1 - erf(x), and only
 * there and for short precisions uses the asymptotic series. */
#include "arith/arith_private.h"

#include <math.h>

/* y = 1 - erf(x) with about `bits` right: erfc(x) > exp(-x^2)/(2 x + 2). */
static long from_erf(mpfr_ptr y, mpfr_srcptr x, long bits) {
  double size = mpfr_get_d(x, MPFR_RNDU);
  long cancelled = (long)(size * size / log(2) + log2(2 * size + 2)) + 2;
  mpfr_set_prec(y, bits + cancelled);
  mpfr_erf(y, x, MPFR_RNDN);
  mpfr_ui_sub(y, 1, y, MPFR_RNDN);
  return bits - 2;
}

/* y = exp(-x^2) erfcx(x), x^2 >= bits. */
static long from_erfcx(mpfr_ptr y, mpfr_srcptr x, mpfr_ptr square, long bits) {
  mpfr_t scaled;
  mpfr_init2(scaled, bits);
  fc_mpfr_erfcx(scaled, x);
  mpfr_neg(square, square, MPFR_RNDN);
  mpfr_set_prec(y, bits);
  mpfr_exp(y, square, MPFR_RNDN);
  mpfr_neg(square, square, MPFR_RNDN);
  mpfr_mul(y, y, scaled, MPFR_RNDN);
  mpfr_clear(scaled);
  return bits - 3;
}

void fc_mpfr_erfc(mpfr_ptr z, mpfr_srcptr x) {
  long target = (long)mpfr_get_prec(z), bits = target + 24;
  if (!mpfr_regular_p(x) || mpfr_sgn(x) < 0 || mpfr_get_exp(x) < 2 ||
      mpfr_get_exp(x) > 24) {
    mpfr_erfc(z, x, MPFR_RNDN);
    return;
  }
  mpfr_t square, y;
  mpfr_init2(square, 2 * mpfr_get_prec(x));
  mpfr_init2(y, bits);
  mpfr_sqr(square, x, MPFR_RNDN);
  for (;; bits += bits / 2) {
    /* erfcx has its series where x^2 exceeds its own working precision. */
    long good = mpfr_cmp_si(square, bits + 40) >= 0
                    ? from_erfcx(y, x, square, bits)
                    : from_erf(y, x, bits);
    if (!mpfr_regular_p(y) || /* underflow, which no precision will cure */
        mpfr_can_round(y, good, MPFR_RNDN, MPFR_RNDZ, target + 1))
      break;
  }
  mpfr_set(z, y, MPFR_RNDN);
  mpfr_clears(square, y, (mpfr_ptr)0);
}
