/* Intervals held as balls. */
#include "suprema/line_private.h"

void fc_line_cut(arb_t z, const arb_t y, slong precision) {
  if (!arb_is_finite(y))
    return;
  if (!arb_is_finite(z)) {
    arb_set(z, y);
    return;
  }
  arb_t both;
  arb_init(both);
  if (arb_intersection(both, z, y, precision) && arb_is_finite(both) &&
      mag_cmp(arb_radref(both), arb_radref(z)) < 0)
    arb_set(z, both);
  arb_clear(both);
}

void fc_line_unit(arb_t z) {
  arb_one(z);
  arb_mul_2exp_si(z, z, -1);
  mag_set_ui_2exp_si(arb_radref(z), 1, -1);
}

void fc_line_facing(arb_t z, const arb_t v, bool left) {
  if (left)
    arb_neg(z, v);
  else
    arb_set(z, v);
}

void fc_line_low(arb_t z, const arb_t x, slong precision) {
  arf_t end;
  arf_init(end);
  arb_get_lbound_arf(end, x, precision + 32);
  arb_set_arf(z, end);
  arf_clear(end);
}

void fc_line_up(arb_t z, const arb_t x, slong precision) {
  arf_t end;
  arf_init(end);
  arb_get_ubound_arf(end, x, precision + 32);
  arb_set_arf(z, end);
  arf_clear(end);
}

/* z = an upper bound of f0 + u (x - x0), f1 - l (x1 - x), l < 0 < u, at the
 * worst x. */
static void crossing(arb_t z, const arb_t f0, const arb_t f1, const arb_t l,
                     const arb_t u, const arb_t w, slong precision) {
  arb_t sum, t;
  arb_init(sum);
  arb_init(t);
  arb_mul(sum, f1, u, precision);
  arb_submul(sum, f0, l, precision);
  arb_mul(t, l, u, precision);
  arb_submul(sum, t, w, precision);
  arb_sub(t, u, l, precision);
  arb_div(z, sum, t, precision);
  arb_clear(sum);
  arb_clear(t);
}

/* z = upper bound, for l <= f' <= u. */
static void above(arb_t z, const arb_t f0, const arb_t f1, const arb_t l,
                  const arb_t u, const arb_t w, slong precision) {
  if (arb_is_nonpositive(u))
    arb_set(z, f0);
  else if (arb_is_nonnegative(l))
    arb_set(z, f1);
  else
    crossing(z, f0, f1, l, u, w, precision);
}

void fc_line_two_lines(arb_t f, arf_t up, arf_t low, const arb_t f0,
                       const arb_t f1, const arb_t slope, const arb_t w,
                       slong precision) {
  if (!arb_is_finite(slope) || !arb_is_finite(f0) || !arb_is_finite(f1) ||
      !arb_is_finite(w))
    return;
  arb_t l, u, most, least, t0, t1;
  arf_t high, down;
  arb_init(l), arb_init(u), arb_init(most), arb_init(least);
  arb_init(t0), arb_init(t1);
  arf_init(high), arf_init(down);
  fc_line_low(l, slope, precision);
  fc_line_up(u, slope, precision);
  above(most, f0, f1, l, u, w, precision);
  arb_neg(t0, f0), arb_neg(t1, f1);
  arb_neg(l, l), arb_neg(u, u);
  above(least, t0, t1, u, l, w, precision);
  arb_neg(least, least);
  arb_get_ubound_arf(high, most, precision);
  arb_get_lbound_arf(down, least, precision);
  if (up && arf_cmp(high, up) < 0)
    arf_set(up, high);
  if (low && arf_cmp(down, low) > 0)
    arf_set(low, down);
  if (arf_is_finite(high) && arf_is_finite(down) && arf_cmp(down, high) <= 0) {
    arb_set_interval_arf(most, down, high, precision);
    fc_line_cut(f, most, precision);
  }
  arf_clear(high), arf_clear(down);
  arb_clear(l), arb_clear(u), arb_clear(most), arb_clear(least);
  arb_clear(t0), arb_clear(t1);
}

void fc_line_lower(arf_t bound, const arb_t z, slong precision) {
  arf_t up;
  if (!arb_is_finite(z))
    return;
  arf_init(up);
  arb_get_ubound_arf(up, z, precision);
  if (arf_cmp(up, bound) < 0)
    arf_set(bound, up);
  arf_clear(up);
}
