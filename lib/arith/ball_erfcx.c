/* Enclosures of erfcx(x) = exp(x^2) erfc(x).
 *
 * Since erfcx(z) = 2/sqrt(pi) int_0^oo exp(-t^2 - 2 z t) dt, the derivative
 * obeys |erfcx'(z)| <= -erfcx'(l) for every z with Re z >= l, which carries the
 * value at an exact midpoint over to the ball, real or complex.  With
 * erfcx(l) >= 2 l / (sqrt(pi) (2 l^2 + 1)) for l >= 0, and erfcx(l) <=
 * 2 exp(l^2) for l < 0,
 *   -erfcx'(l) = 2/sqrt(pi) - 2 l erfcx(l)
 *             <= 2/sqrt(pi) / (2 l^2 + 1)            (l >= 0)
 *             <= 2/sqrt(pi) + 4 |l| exp(l^2)         (l <  0). */
#include "arith/arb_compat.h"

/* |erfcx'| <= |s| where the real part is at least that of the ball x. */
static void slope_bound(arb_t s, const arb_t x) {
  arb_t l, q;
  arb_init(l);
  arb_init(q);
  arb_get_lbound_arf(arb_midref(l), x, MAG_BITS);
  arb_const_pi(s, MAG_BITS);
  arb_rsqrt(s, s, MAG_BITS);
  arb_mul_2exp_si(s, s, 1);
  arb_sqr(q, l, 2 * MAG_BITS);
  if (arb_is_nonnegative(l)) {
    arb_mul_2exp_si(q, q, 1);
    arb_add_ui(q, q, 1, MAG_BITS);
    arb_div(s, s, q, MAG_BITS);
  } else {
    arb_exp(q, q, MAG_BITS);
    arb_mul(q, q, l, MAG_BITS);
    arb_mul_2exp_si(q, q, 2);
    arb_sub(s, s, q, MAG_BITS);
  }
  arb_clear(l);
  arb_clear(q);
}

/* 1/(x sqrt(pi)) sum_{k<n} (-1)^k (2k-1)!! / (2 x^2)^k for x > 0; the rest is
 * smaller than the first term left out. */
static void asymptotic(arb_t z, const arb_t x, slong prec) {
  arb_t q, term, sum;
  mag_t rest;
  arb_init(q);
  arb_init(term);
  arb_init(sum);
  mag_init(rest);
  arb_sqr(q, x, prec);
  arb_mul_2exp_si(q, q, 1);
  arb_inv(q, q, prec);
  arb_one(term);
  for (slong k = 1; k <= prec; k++) {
    arb_add(sum, sum, term, prec);
    arb_mul(term, term, q, prec);
    arb_mul_si(term, term, -(2 * k - 1), prec);
    arb_get_mag(rest, term);
    if (mag_cmp_2exp_si(rest, -prec) < 0)
      break;
  }
  arb_add_error_mag(sum, rest);
  arb_const_sqrt_pi(q, prec);
  arb_mul(q, q, x, prec);
  arb_div(z, sum, q, prec);
  arb_clear(q);
  arb_clear(term);
  arb_clear(sum);
  mag_clear(rest);
}

static void direct(arb_t z, const arb_t x, slong prec) {
  arb_t factor;
  arb_init(factor);
  arb_sqr(factor, x, ARF_PREC_EXACT);
  arb_exp(factor, factor, prec);
  arb_hypgeom_erfc(z, x, prec);
  arb_mul(z, z, factor, prec);
  arb_clear(factor);
}

/* At a finite exact point. */
static void at_point(arb_t z, const arb_t x, slong prec) {
  slong bits = prec + 20;
  arf_t bound;
  arf_init(bound);
  arf_set_si(bound, bits);
  arf_sqrt(bound, bound, MAG_BITS, ARF_RND_UP);
  if (arf_cmp(arb_midref(x), bound) >= 0)
    asymptotic(z, x, bits);
  else if (arf_cmpabs_2exp_si(arb_midref(x), 64) > 0)
    arb_zero_pm_inf(z); /* about exp(2^128) */
  else
    direct(z, x, bits);
  arb_set_round(z, z, prec);
  arf_clear(bound);
}

/* erfcx decreases: a wide ball has its extremes at its ends. */
static void at_ends(arb_t z, const arb_t x, slong prec) {
  arb_t low, high;
  arb_init(low);
  arb_init(high);
  arb_get_lbound_arf(arb_midref(low), x, prec);
  arb_get_ubound_arf(arb_midref(high), x, prec);
  at_point(low, low, prec);
  at_point(high, high, prec);
  fc_arb_hull(z, low, high, prec);
  arb_clear(low);
  arb_clear(high);
}

static void at_midpoint(arb_t z, const arb_t x, slong prec) {
  arb_t error, radius;
  arb_init(error);
  arb_init(radius);
  slope_bound(error, x);
  arb_get_rad_arb(radius, x);
  arb_mul(error, error, radius, MAG_BITS);
  arb_get_mid_arb(z, x);
  at_point(z, z, prec);
  arb_add_error(z, error);
  arb_clear(error);
  arb_clear(radius);
}

void fc_arb_erfcx(arb_t z, const arb_t x, slong prec) {
  if (arf_is_pos_inf(arb_midref(x)) && mag_is_finite(arb_radref(x)))
    arb_zero(z);
  else if (arf_is_neg_inf(arb_midref(x)) && mag_is_finite(arb_radref(x)))
    arb_pos_inf(z);
  else if (!arb_is_finite(x))
    arb_indeterminate(z);
  else if (arb_is_exact(x))
    at_point(z, x, prec);
  else if (mag_cmp_2exp_si(arb_radref(x), -10) < 0)
    at_midpoint(z, x, prec);
  else
    at_ends(z, x, prec);
}

/* --- complex ----------------------------------------------------------- */

/* erfcx(z) = U(1/2, 1/2, z^2)/sqrt(pi) for Re z > 0. */
static void complex_asymptotic(acb_t z, const acb_t x, slong prec) {
  acb_t half, square;
  arb_t root;
  acb_init(half);
  acb_init(square);
  arb_init(root);
  acb_set_d(half, 0.5);
  acb_mul(square, x, x, ARF_PREC_EXACT);
  acb_hypgeom_u(z, half, half, square, prec);
  arb_const_sqrt_pi(root, prec);
  acb_div_arb(z, z, root, prec);
  acb_clear(half);
  acb_clear(square);
  arb_clear(root);
}

static void complex_direct(acb_t z, const acb_t x, slong prec) {
  acb_t factor;
  acb_init(factor);
  acb_mul(factor, x, x, ARF_PREC_EXACT);
  acb_exp(factor, factor, prec);
  acb_hypgeom_erfc(z, x, prec);
  acb_mul(z, z, factor, prec);
  acb_clear(factor);
}

/* At an exact point with |Re|, |Im| <= 2^32: precision is added until the
 * cancellation in erfc is paid for. */
static void complex_at_point(acb_t z, const acb_t x, slong prec) {
  acb_t y;
  double size = arf_get_d(arb_midref(acb_realref(x)), ARF_RND_UP);
  acb_init(y);
  for (slong bits = prec + 20; bits <= 8 * prec + 1024; bits *= 2) {
    if (size > 0 && size * size > (double)bits)
      complex_asymptotic(y, x, bits);
    else
      complex_direct(y, x, bits);
    if (acb_rel_accuracy_bits(y) >= prec)
      break;
  }
  acb_set_round(z, y, prec);
  acb_clear(y);
}

static void complex_at_midpoint(acb_t z, const acb_t x, slong prec) {
  arb_t error, radius, other;
  arb_init(error);
  arb_init(radius);
  arb_init(other);
  slope_bound(error, acb_realref(x));
  arb_get_rad_arb(radius, acb_realref(x));
  arb_get_rad_arb(other, acb_imagref(x));
  arb_hypot(radius, radius, other, MAG_BITS);
  arb_mul(error, error, radius, MAG_BITS);
  acb_get_mid(z, x);
  complex_at_point(z, z, prec);
  arb_add_error(acb_realref(z), error);
  arb_add_error(acb_imagref(z), error);
  arb_clear(error);
  arb_clear(radius);
  arb_clear(other);
}

/* Beyond 2^32 the cost of exp(x^2) is not worth an answer. */
static bool is_too_large(const acb_t x) {
  arf_t bound;
  arf_init(bound);
  acb_get_abs_ubound_arf(bound, x, MAG_BITS);
  bool large = arf_cmpabs_2exp_si(bound, 32) > 0;
  arf_clear(bound);
  return large;
}

void fc_acb_erfcx(acb_t z, const acb_t x, slong prec) {
  if (!acb_is_finite(x) || is_too_large(x))
    acb_indeterminate(z);
  else
    complex_at_midpoint(z, x, prec);
}
