/* Real balls: what Arb lacks, or gives only needlessly wide. */
#include "arith/arb_compat.h"

void fc_arb_set_mpfr(arb_t z, mpfr_srcptr x) {
  if (mpfr_nan_p(x)) {
    arb_indeterminate(z);
    return;
  }
  arf_set_mpfr(arb_midref(z), x);
  mag_zero(arb_radref(z));
}

void fc_arb_set_mpq(arb_t z, mpq_srcptr x, slong prec) {
  fmpq_t q;
  fmpq_init(q);
  fmpq_set_mpq(q, x);
  arb_set_fmpq(z, q, prec);
  fmpq_clear(q);
}

/* Cuts off what a nonnegative quantity cannot be. */
static void keep_nonnegative(arb_t z) {
  if (arb_is_finite(z) && arb_contains_negative(z))
    arb_nonnegative_part(z, z);
}

void fc_arb_abs(arb_t z, const arb_t x, slong prec) {
  (void)prec;
  if (arb_is_negative(x)) {
    arb_neg(z, x);
  } else {
    bool straddles = !arb_is_nonnegative(x);
    arb_set(z, x);
    if (straddles) {
      arb_abs(z, z);
      keep_nonnegative(z);
    }
  }
}

void fc_arb_sqr(arb_t z, const arb_t x, slong prec) {
  arb_sqr(z, x, prec);
  keep_nonnegative(z);
}

void fc_arb_pow_si(arb_t z, const arb_t x, slong n, slong prec) {
  fmpz_t e;
  fmpz_init(e);
  fmpz_set_si(e, n);
  arb_pow_fmpz(z, x, e, prec);
  fmpz_clear(e);
  if (n % 2 == 0)
    keep_nonnegative(z);
}

/* [0, h]^y for y > 0: within [0, h^y], for x -> x^y increases. */
static void power_touching_zero(arb_t z, const arb_t x, const arb_t y,
                                slong prec) {
  arb_t zero, high;
  arb_init(zero);
  arb_init(high);
  arb_get_ubound_arf(arb_midref(high), x, prec);
  arb_pow(high, high, y, prec);
  fc_arb_hull(z, zero, high, prec);
  arb_clear(zero);
  arb_clear(high);
}

void fc_arb_pow(arb_t z, const arb_t x, const arb_t y, slong prec) {
  if (arb_is_finite(x) && arb_is_nonnegative(x) && !arb_is_positive(x) &&
      !arb_is_zero(x) && arb_is_positive(y) && !arb_is_int(y))
    power_touching_zero(z, x, y, prec);
  else
    arb_pow(z, x, y, prec);
}

/* z = [low, high] for finite low <= high, with no wider radius than it takes:
 * Arb's own adds a unit in the last place even to an exact radius. */
static void tight_interval(arb_t z, const arf_t low, const arf_t high,
                           slong prec) {
  arf_t mid, rad;
  fmpz_t mantissa, exponent;
  arf_init(mid);
  arf_init(rad);
  fmpz_init(mantissa);
  fmpz_init(exponent);
  int inexact = arf_add(mid, low, high, prec, ARF_RND_NEAR) |
                arf_sub(rad, high, low, MAG_BITS, ARF_RND_UP);
  arf_mul_2exp_si(mid, mid, -1);
  arf_mul_2exp_si(rad, rad, -1);
  if (inexact) {
    arb_set_interval_arf(z, low, high, prec);
  } else {
    arf_get_fmpz_2exp(mantissa, exponent, rad);
    mag_set_fmpz_2exp_fmpz(arb_radref(z), mantissa, exponent);
    arf_swap(arb_midref(z), mid);
  }
  arf_clear(mid);
  arf_clear(rad);
  fmpz_clear(mantissa);
  fmpz_clear(exponent);
}

/* Where the ends have one sign, rounding does not spoil it. */
static void interval_of_one_sign(arb_t z, const arf_t low, const arf_t high,
                                 slong prec) {
  bool nonpositive = arf_sgn(high) <= 0, nonnegative = arf_sgn(low) >= 0;
  tight_interval(z, low, high, prec);
  if (nonpositive)
    arb_neg(z, z);
  if (nonpositive || nonnegative)
    keep_nonnegative(z);
  if (nonpositive)
    arb_neg(z, z);
}

/* low and high must not belong to z. */
static void set_interval(arb_t z, const arf_t low, const arf_t high,
                         slong prec) {
  if (arf_is_nan(low) || arf_is_nan(high) || arf_cmp(low, high) > 0)
    arb_indeterminate(z);
  else if (arf_is_finite(low) && arf_is_finite(high))
    interval_of_one_sign(z, low, high, prec);
  else
    arb_set_interval_arf(z, low, high, prec);
}

void fc_arb_set_interval(arb_t z, mpfr_srcptr low, mpfr_srcptr high,
                         slong prec) {
  arf_t l, h;
  arf_init(l);
  arf_init(h);
  arf_set_mpfr(l, low);
  arf_set_mpfr(h, high);
  set_interval(z, l, h, prec);
  arf_clear(l);
  arf_clear(h);
}

static bool is_nan(const arb_t x) { return arf_is_nan(arb_midref(x)) != 0; }

void fc_arb_min(arb_t z, const arb_t x, const arb_t y, slong prec) {
  if (is_nan(x) || is_nan(y))
    arb_indeterminate(z);
  else if (arb_le(x, y))
    arb_set(z, x);
  else if (arb_le(y, x))
    arb_set(z, y);
  else
    arb_min(z, x, y, prec);
}

void fc_arb_max(arb_t z, const arb_t x, const arb_t y, slong prec) {
  if (is_nan(x) || is_nan(y))
    arb_indeterminate(z);
  else if (arb_ge(x, y))
    arb_set(z, x);
  else if (arb_ge(y, x))
    arb_set(z, y);
  else
    arb_max(z, x, y, prec);
}

void fc_arb_hull(arb_t z, const arb_t x, const arb_t y, slong prec) {
  arf_t low, high, end;
  if (is_nan(x) || is_nan(y)) {
    arb_indeterminate(z);
    return;
  }
  arf_init(low);
  arf_init(high);
  arf_init(end);
  arb_get_lbound_arf(low, x, prec);
  arb_get_lbound_arf(end, y, prec);
  arf_min(low, low, end);
  arb_get_ubound_arf(high, x, prec);
  arb_get_ubound_arf(end, y, prec);
  arf_max(high, high, end);
  set_interval(z, low, high, prec);
  arf_clear(low);
  arf_clear(high);
  arf_clear(end);
}
