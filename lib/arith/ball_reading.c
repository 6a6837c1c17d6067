/* Balls to MPFR numbers. */
#include "arith/arb_compat.h"

void fc_arb_get_mid(mpfr_ptr mid, const arb_t x) {
  arf_get_mpfr(mid, arb_midref(x), MPFR_RNDN);
}

void fc_arb_get_rad(mpfr_ptr rad, const arb_t x) {
  arf_t r;
  if (arf_is_nan(arb_midref(x))) {
    mpfr_set_inf(rad, 1);
    return;
  }
  arf_init_set_mag_shallow(r, arb_radref(x));
  arf_get_mpfr(rad, r, MPFR_RNDU);
}

/* lost = |exact - rounded|, rounded up; infinite where rounded overflowed. */
static void rounding_error(arf_t lost, const arf_t exact, mpfr_srcptr rounded) {
  arf_t r;
  arf_init(r);
  arf_set_mpfr(r, rounded);
  if (arf_equal(r, exact))
    arf_zero(lost);
  else
    arf_sub(lost, exact, r, MAG_BITS, ARF_RND_UP);
  arf_abs(lost, lost);
  arf_clear(r);
}

void fc_arb_get_enclosure(mpfr_ptr mid, mpfr_ptr rad, const arb_t x) {
  arf_t lost, r;
  fc_arb_get_mid(mid, x);
  if (mpfr_nan_p(mid)) {
    mpfr_set_inf(rad, 1);
    return;
  }
  arf_init(lost);
  rounding_error(lost, arb_midref(x), mid);
  arf_init_set_mag_shallow(r, arb_radref(x));
  arf_add(lost, lost, r, MAG_BITS, ARF_RND_UP);
  arf_get_mpfr(rad, lost, MPFR_RNDU);
  arf_clear(lost);
}

int fc_arb_cmp_mid(const arb_t x, const arb_t y) {
  int nan_x = arf_is_nan(arb_midref(x)), nan_y = arf_is_nan(arb_midref(y));
  if (nan_x || nan_y)
    return (nan_y != 0) - (nan_x != 0);
  int order = arf_cmp(arb_midref(x), arb_midref(y));
  return (order > 0) - (order < 0);
}
