/* Bounds on |grad X_{s,t}| for all x at once: C <= c(u) I, or C >= c(u) I,
 * integrated from u_s to u_t (the master formula).  With a class constant each:
 *   forward
 *     C <= 1/(kappa + u^2)    sqrt((kappa a_t^2 + b_t^2)/(kappa a_s^2 + b_s^2))
 *     C <= sigma^2/(1 + sigma^2 u^2) + h^2/(1 + sigma^2 u^2)^2
 *                             sqrt(V_t/V_s) exp((h^2/2 sigma^2)(a_s^2/V_s -
 *                               a_t^2/V_t)), V = a^2 + sigma^2 b^2
 *     C <= (diam/2)^2         (a_t/a_s) exp((diam/2)^2 (u_t^2 - u_s^2)/2)
 *     C <= (tau + L tau^2)^2  (rho_t/rho_s) exp(2 L (tau_s - tau_t) + (L^2/2)
 *                               (tau_s^2 - tau_t^2)), tau = a/rho
 *   back, from t to s
 *     C >= 1/(beta + u^2)     sqrt((beta a_s^2 + b_s^2)/(beta a_t^2 + b_t^2))
 *     C >= 0                  a_s/a_t
 */
#include "suprema/line_private.h"

/* z = c a^2 + b^2 */
static void curved(arb_t z, const fc_line_side *side, const arb_t c) {
  slong precision = side->precision;
  arb_srcptr a = fc_as_arb_src(side->a), b = fc_as_arb_src(side->b);
  arb_mul(z, a, a, precision);
  arb_mul(z, z, c, precision);
  arb_addmul(z, b, b, precision);
}

/* z = log sqrt((c a_t^2 + b_t^2)/(c a_s^2 + b_s^2)) for side[0] = s, side[1] =
 * t; not finite where it does not apply. */
static void curvature(arb_t z, const fc_line_side side[2], const arb_t c) {
  slong precision = side->precision;
  arb_t t;
  arb_init(t);
  curved(z, &side[1], c);
  curved(t, &side[0], c);
  if (!arb_is_positive(t))
    arb_indeterminate(t);
  arb_div(z, z, t, precision);
  arb_log(z, z, precision);
  arb_mul_2exp_si(z, z, -1);
  arb_clear(t);
}

/* share = a^2/V, V = a^2 + sigma^2 b^2 */
static void component(arb_t v, arb_t share, const fc_line_side *side,
                      const arb_t sigma) {
  slong precision = side->precision;
  arb_srcptr a = fc_as_arb_src(side->a), b = fc_as_arb_src(side->b);
  arb_mul(v, sigma, b, precision);
  arb_mul(v, v, v, precision);
  arb_mul(share, a, a, precision);
  arb_add(v, v, share, precision);
  arb_div(share, share, v, precision);
}

static void mixture(arb_t z, const fc_line_side side[2], const arb_t sigma,
                    const arb_t h) {
  slong precision = side->precision;
  arb_t v[2], share[2];
  for (int i = 0; i < 2; i++) {
    arb_init(v[i]), arb_init(share[i]);
    component(v[i], share[i], &side[i], sigma);
  }
  arb_div(z, v[1], v[0], precision);
  arb_log(z, z, precision);
  arb_sub(share[0], share[0], share[1], precision);
  arb_div(v[0], h, sigma, precision);
  arb_mul(v[0], v[0], v[0], precision);
  arb_addmul(z, share[0], v[0], precision);
  arb_mul_2exp_si(z, z, -1);
  for (int i = 0; i < 2; i++)
    arb_clear(v[i]), arb_clear(share[i]);
}

static void support(arb_t z, const fc_line_side side[2], const arb_t h) {
  slong precision = side->precision;
  arb_t t;
  arb_init(t);
  arb_zero(z);
  for (int i = 0; i < 2; i++) {
    arb_div(t, fc_as_arb_src(side[i].b), fc_as_arb_src(side[i].a), precision);
    arb_mul(t, t, h, precision);
    arb_mul(t, t, t, precision);
    arb_mul_2exp_si(t, t, -1);
    if (i)
      arb_add(z, z, t, precision);
    else
      arb_sub(z, z, t, precision);
  }
  arb_div(t, fc_as_arb_src(side[1].a), fc_as_arb_src(side[0].a), precision);
  arb_log(t, t, precision);
  arb_add(z, z, t, precision);
  arb_clear(t);
}

static void slope(arb_t z, const fc_line_side side[2], const arb_t l) {
  slong precision = side->precision;
  arb_t rho, t;
  arb_init(rho), arb_init(t);
  arb_zero(z);
  for (int i = 0; i < 2; i++) {
    arb_one(t);
    curved(rho, &side[i], t);
    arb_sqrt(rho, rho, precision);
    arb_div(t, fc_as_arb_src(side[i].a), rho, precision);
    arb_mul(t, t, l, precision); /* L tau */
    arb_log(rho, rho, precision);
    arb_submul_ui(rho, t, 2, precision);
    arb_mul(t, t, t, precision);
    arb_mul_2exp_si(t, t, -1);
    arb_sub(rho, rho, t, precision);
    if (i)
      arb_add(z, z, rho, precision);
    else
      arb_sub(z, z, rho, precision);
  }
  arb_clear(rho), arb_clear(t);
}

static void forward_bound(arf_t bound, const fc_line_side side[2]) {
  slong precision = side->precision;
  arb_t c, h, z;
  arb_init(c), arb_init(h), arb_init(z);
  if (fc_line_constant(c, side, FC_KAPPA)) {
    curvature(z, side, c);
    fc_line_lower(bound, z, precision);
  }
  if (fc_line_constant(c, side, FC_SIGMA) &&
      fc_line_constant(h, side, FC_HALF_DIAM) && arb_is_positive(c)) {
    mixture(z, side, c, h);
    fc_line_lower(bound, z, precision);
  }
  if (!side[1].ends && fc_line_constant(h, side, FC_SUPPORT_HALF_DIAM)) {
    support(z, side, h);
    fc_line_lower(bound, z, precision);
  }
  if (fc_target_has_full_support(side->target) &&
      fc_line_constant(c, side, FC_L)) {
    slope(z, side, c);
    fc_line_lower(bound, z, precision);
  }
  arb_clear(c), arb_clear(h), arb_clear(z);
}

static void back_bound(arf_t bound, const fc_line_side side[2]) {
  slong precision = side->precision;
  arb_t c, z;
  arb_init(c), arb_init(z);
  if (fc_line_constant(c, side, FC_BETA)) {
    curvature(z, side, c);
    fc_line_lower(bound, z, precision);
  }
  if (!side[0].ends) {
    arb_div(z, fc_as_arb_src(side[1].a), fc_as_arb_src(side[0].a), precision);
    arb_log(z, z, precision);
    fc_line_lower(bound, z, precision);
  }
  arb_clear(c), arb_clear(z);
}

void fc_line_integrated(arf_t bound, fc_line_side side[2], bool forward) {
  arf_pos_inf(bound);
  if (forward)
    forward_bound(bound, side);
  else
    back_bound(bound, side);
}
