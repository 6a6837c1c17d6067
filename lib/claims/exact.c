/* Numbers as exact text. */
#include "claims/claim.h"

#include <math.h>
#include <stdlib.h>

void fc_exact_clear(fc_exact *exact) {
  free(exact->mid);
  free(exact->rad);
  exact->mid = exact->rad = NULL;
}

/* rad += |mid - the decimal text of mid|, rounded up. */
static void add_decimal_error(mpfr_ptr rad, mpfr_srcptr mid, const char *text) {
  mpfr_t back, error;
  mpfr_init2(back, mpfr_get_prec(mid) + 64);
  mpfr_init2(error, 53);
  if (mpfr_strtofr(back, text, NULL, 10, MPFR_RNDN) != 0) {
    /* The text is not dyadic: allow for the error of reading it back. */
    mpfr_set(error, back, MPFR_RNDA);
    mpfr_abs(error, error, MPFR_RNDU);
    mpfr_div_2si(error, error, (long)mpfr_get_prec(back), MPFR_RNDU);
    mpfr_add(rad, rad, error, MPFR_RNDU);
  }
  mpfr_sub(error, back, mid, MPFR_RNDA);
  mpfr_abs(error, error, MPFR_RNDU);
  mpfr_add(rad, rad, error, MPFR_RNDU);
  mpfr_clear(back);
  mpfr_clear(error);
}

/* malloc'd decimal text >= rad with few digits. */
static char *print_radius(mpfr_srcptr rad) {
  mpfr_t up;
  mpfr_init2(up, 24);
  mpfr_set(up, rad, MPFR_RNDU);
  char *text = fc_print_mpfr(up, 0); /* exact enough: identifies 24 bits */
  mpfr_t back;
  mpfr_init2(back, 64);
  while (text) {
    mpfr_set_str(back, text, 10, MPFR_RNDD);
    if (mpfr_cmp(back, rad) >= 0 || !mpfr_number_p(up))
      break;
    free(text);
    mpfr_nextabove(up);
    text = fc_print_mpfr(up, 0);
  }
  mpfr_clear(back);
  mpfr_clear(up);
  return text;
}

/* Balls about numbers below 2^TINY, where decimal text meets the end of MPFR's
 * exponents, become balls about zero; no radius but zero is smaller either. */
static void widen_tiny(mpfr_ptr mid, mpfr_ptr rad) {
  enum { TINY = -1000000 };
  if (!mpfr_number_p(rad))
    return;
  if (mpfr_regular_p(mid) && mpfr_get_exp(mid) < TINY) {
    mpfr_set_zero(mid, 1); /* moved by less than 2^TINY */
    mpfr_t floor;
    mpfr_init2(floor, 53);
    mpfr_set_ui_2exp(floor, 1, TINY, MPFR_RNDU);
    mpfr_add(rad, rad, floor, MPFR_RNDU);
    mpfr_clear(floor);
  }
  if (mpfr_regular_p(rad) && mpfr_get_exp(rad) < TINY)
    mpfr_set_ui_2exp(rad, 1, TINY, MPFR_RNDU);
}

fc_status fc_exact_set(fc_exact *exact, fc_srcptr x, long bits,
                       const fc_ctx *ctx) {
  return fc_exact_set_digits(exact, x, bits, 0, ctx);
}

/* The text of mid and of rad, which is NaN where nothing is promised. */
static fc_status set_texts(fc_exact *exact, mpfr_srcptr mid, mpfr_ptr rad,
                           int digits) {
  exact->mid = fc_print_mpfr(mid, digits);
  bool promised = !mpfr_nan_p(rad) && mpfr_number_p(mid);
  if (exact->mid && promised) {
    add_decimal_error(rad, mid, exact->mid);
    exact->rad = print_radius(rad);
  }
  if (exact->mid && (exact->rad || !promised))
    return FC_OK;
  fc_exact_clear(exact);
  return FC_MEMORY;
}

fc_status fc_exact_set_digits(fc_exact *exact, fc_srcptr x, long bits,
                              int digits, const fc_ctx *ctx) {
  mpfr_t mid, rad;
  mpfr_init2(mid, bits);
  mpfr_init2(rad, 53);
  fc_exact_clear(exact);
  fc_get_enclosure(mid, rad, x, ctx);
  widen_tiny(mid, rad);
  fc_status status = set_texts(exact, mid, rad, digits);
  mpfr_clear(mid);
  mpfr_clear(rad);
  return status;
}

fc_status fc_exact_set_enclosure(fc_exact *exact, mpfr_srcptr x,
                                 mpfr_srcptr error, long bits, int digits) {
  mpfr_t mid, rad, rounding;
  mpfr_init2(mid, bits);
  mpfr_init2(rad, 53);
  mpfr_init2(rounding, 53);
  fc_exact_clear(exact);
  mpfr_set(mid, x, MPFR_RNDN);
  mpfr_sub(rounding, x, mid, MPFR_RNDA);
  mpfr_abs(rounding, rounding, MPFR_RNDU);
  mpfr_add(rad, error, rounding, MPFR_RNDU); /* NaN stays NaN */
  widen_tiny(mid, rad);
  fc_status status = set_texts(exact, mid, rad, digits);
  mpfr_clear(mid);
  mpfr_clear(rad);
  mpfr_clear(rounding);
  return status;
}

fc_status fc_exact_set_double(fc_exact *exact, double value, double error) {
  mpfr_t mid, rad;
  mpfr_init2(mid, 53);
  mpfr_init2(rad, 53);
  fc_exact_clear(exact);
  mpfr_set_d(mid, value, MPFR_RNDN);
  if (isfinite(error))
    mpfr_set_d(rad, error, MPFR_RNDN);
  fc_status status = set_texts(exact, mid, rad, 0);
  mpfr_clear(mid);
  mpfr_clear(rad);
  return status;
}
