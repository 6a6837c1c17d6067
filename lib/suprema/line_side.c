/* p_t on the line at points and over intervals.
 *
 * Over an interval, for Gaussian parts with l_k = log(w_k N(x; b m_k, V_k)) and
 * c_k = l_k' = (b m_k - x)/V_k:
 *   log p    between log sum exp of the least and of the largest l_k
 *   r_k      = 1/sum_j exp(l_j - l_k), each difference linear or quadratic in x
 *   score    = c_i + sum_k r_k (c_k - c_i)
 *   slope    = -sum r_k/V_k + sum_{j<k} r_j r_k (c_j - c_k)^2
 * For other laws slope = (b^2/a^4) C - 1/a^2 lies between what the class
 * constants say (below).  Then, for all, Taylor's formula from both ends.
 */
#include <math.h>
#include <stdlib.h>

#include "base/status.h"
#include "suprema/line_private.h"

void fc_line_jet_init(fc_line_jet *jet) {
  arb_init(jet->log);
  arb_init(jet->score);
  arb_init(jet->slope);
}

void fc_line_jet_clear(fc_line_jet *jet) {
  arb_clear(jet->log);
  arb_clear(jet->score);
  arb_clear(jet->slope);
}

/* --- making one ----------------------------------------------------------- */

static fc_status number(arb_t z, const fc_formula *from, const fc_ctx *ctx) {
  fc_num value;
  fc_init(value, ctx);
  fc_status status = fc_constant_eval(value, from, ctx);
  arb_set(z, fc_as_arb(value));
  fc_clear(value, ctx);
  return status;
}

static fc_status read_part(fc_line_part *part, const fc_target *target,
                           size_t k, const fc_ctx *ctx) {
  fc_line_term *e = &part->exact;
  fc_target_term_get(e, target, k);
  part->has_lower = e->lower != NULL;
  part->has_upper = e->upper != NULL;
  part->uniform = !e->mean;
  fc_status status = FC_OK;
  if (e->weight) {
    status = number(part->weight, e->weight, ctx);
  } else {
    arb_one(part->weight);
    arb_div_ui(part->weight, part->weight, fc_target_term_count(target),
               ctx->precision);
  }
  if (!status && e->mean)
    status = number(part->mean, e->mean, ctx);
  if (!status && e->spread)
    status = number(part->variance, e->spread, ctx);
  if (!e->spread_is_variance)
    arb_mul(part->variance, part->variance, part->variance, ctx->precision);
  if (!status && e->lower)
    status = number(part->lower, e->lower, ctx);
  if (!status && e->upper)
    status = number(part->upper, e->upper, ctx);
  return status;
}

static void each_part(fc_line_part *part, void (*act)(arb_t)) {
  act(part->weight);
  act(part->mean);
  act(part->variance);
  act(part->lower);
  act(part->upper);
}

int fc_line_compare(const fc_formula *x, const fc_formula *y) {
  int sign = 0;
  if (!x || !y)
    return x == y ? 0 : 2;
  return fc_constant_compare(&sign, x, y) == FC_OK ? (sign > 0) - (sign < 0)
                                                   : 2;
}

static fc_status read_parts(fc_line_side *side) {
  side->parts = calloc(side->count, sizeof *side->parts);
  if (!side->parts)
    return FC_MEMORY;
  fc_status status = FC_OK;
  side->gaussian = side->equal = true;
  for (size_t k = 0; k < side->count; k++)
    each_part(&side->parts[k], arb_init);
  for (size_t k = 0; k < side->count && !status; k++) {
    fc_line_part *part = &side->parts[k];
    status = read_part(part, side->target, k, side->ctx);
    if (part->has_lower || part->has_upper || part->uniform)
      side->gaussian = false;
    else if (fc_line_compare(part->exact.spread, side->parts[0].exact.spread) !=
             0)
      side->equal = false;
  }
  side->equal = side->equal && side->gaussian;
  return status;
}

/* b m_k, V_k and the logarithm of the factor before exp(-(x - b m_k)^2/2V_k).
 */
static fc_status set_gaussians(fc_line_side *side) {
  slong precision = side->precision;
  size_t count = side->count;
  side->centre = _arb_vec_init((slong)count);
  side->spread = _arb_vec_init((slong)count);
  side->log_weight = _arb_vec_init((slong)count);
  side->room = _arb_vec_init((slong)(6 * count));
  if (!side->centre || !side->spread || !side->log_weight || !side->room)
    return FC_MEMORY;
  arb_srcptr a = fc_as_arb_src(side->a), b = fc_as_arb_src(side->b);
  arb_t t;
  arb_init(t);
  for (size_t k = 0; k < count; k++) {
    const fc_line_part *part = &side->parts[k];
    arb_ptr v = side->spread + k;
    arb_mul(side->centre + k, b, part->mean, precision);
    arb_mul(v, b, b, precision);
    arb_mul(v, v, part->variance, precision);
    arb_addmul(v, a, a, precision);
    arb_const_pi(t, precision);
    arb_mul_2exp_si(t, t, 1);
    arb_mul(t, t, v, precision);
    arb_sqrt(t, t, precision);
    arb_div(t, part->weight, t, precision);
    arb_log(side->log_weight + k, t, precision);
  }
  arb_clear(t);
  return FC_OK;
}

/* --- what class constants say about the slope -----------------------------
 *
 *   C >= 0                  slope >= -1/a^2
 *   C >= 1/(beta + u^2)     slope >= -beta/(beta a^2 + b^2)
 *   C <= 1/(kappa + u^2)    slope <= -kappa/(kappa a^2 + b^2), kappa + u^2 > 0
 *   C <= (diam/2)^2         slope <= (b^2/a^4)(diam/2)^2 - 1/a^2
 *   C <= (tau + L tau^2)^2  slope <= -1/rho^2 + 2 L b^2/(a rho^3)
 *                                    + L^2 b^2/rho^4
 */
bool fc_line_constant(arb_t z, const fc_line_side *side,
                      fc_class_constant which) {
  fc_num value;
  fc_init(value, side->ctx);
  bool known = fc_target_constant(value, NULL, NULL, side->target, which,
                                  side->ctx) == FC_OK;
  if (known)
    arb_set(z, fc_as_arb(value));
  fc_clear(value, side->ctx);
  return known && arb_is_finite(z);
}

/* z = -c/(c a^2 + b^2); false where the denominator is not seen to be positive.
 */
static bool curvature(arb_t z, const fc_line_side *side, const arb_t c) {
  slong precision = side->precision;
  arb_srcptr a = fc_as_arb_src(side->a), b = fc_as_arb_src(side->b);
  arb_t t;
  arb_init(t);
  arb_mul(t, a, a, precision);
  arb_mul(t, t, c, precision);
  arb_addmul(t, b, b, precision);
  bool positive = arb_is_positive(t);
  arb_div(z, c, t, precision);
  arb_neg(z, z);
  arb_clear(t);
  return positive;
}

static void diameter_bound(arb_t z, const fc_line_side *side, const arb_t h) {
  slong precision = side->precision;
  arb_srcptr a = fc_as_arb_src(side->a), b = fc_as_arb_src(side->b);
  arb_mul(z, b, h, precision);
  arb_div(z, z, a, precision);
  arb_mul(z, z, z, precision);
  arb_sub_ui(z, z, 1, precision);
  arb_div(z, z, a, precision);
  arb_div(z, z, a, precision);
}

static void slope_bound(arb_t z, const fc_line_side *side, const arb_t l) {
  slong precision = side->precision;
  arb_srcptr a = fc_as_arb_src(side->a), b = fc_as_arb_src(side->b);
  arb_t rho, t;
  arb_init(rho);
  arb_init(t);
  arb_mul(rho, a, a, precision);
  arb_addmul(rho, b, b, precision);
  arb_inv(z, rho, precision);
  arb_neg(z, z);
  arb_mul(t, l, b, precision);
  arb_div(t, t, rho, precision);
  arb_addmul(z, t, t, precision); /* L^2 b^2/rho^4 */
  arb_mul(t, t, b, precision);
  arb_mul_2exp_si(t, t, 1);
  arb_div(t, t, a, precision);
  arb_sqrt(rho, rho, precision);
  arb_div(t, t, rho, precision);
  arb_add(z, z, t, precision);
  arb_clear(rho);
  arb_clear(t);
}

static void least(arb_t z, const arb_t x, slong precision) {
  if (arb_is_finite(x)) {
    if (arb_is_finite(z))
      arb_min(z, z, x, precision);
    else
      arb_set(z, x);
  }
}

static void set_slope_bounds(fc_line_side *side) {
  slong precision = side->precision;
  arb_t c, z;
  arb_init(c);
  arb_init(z);
  arb_neg_inf(side->slope_low);
  arb_pos_inf(side->slope_up);
  if (!side->ends) {
    arb_inv(z, fc_as_arb_src(side->a), precision);
    arb_mul(z, z, z, precision);
    arb_neg(side->slope_low, z);
  }
  if (fc_line_constant(c, side, FC_BETA) && curvature(z, side, c)) {
    if (arb_is_finite(side->slope_low))
      arb_max(side->slope_low, side->slope_low, z, precision);
    else
      arb_set(side->slope_low, z);
  }
  if (fc_line_constant(c, side, FC_KAPPA) && curvature(z, side, c))
    least(side->slope_up, z, precision);
  if (!side->ends && fc_line_constant(c, side, FC_SUPPORT_HALF_DIAM)) {
    diameter_bound(z, side, c);
    least(side->slope_up, z, precision);
  }
  if (!side->ends && fc_target_has_full_support(side->target) &&
      fc_line_constant(c, side, FC_L)) {
    slope_bound(z, side, c);
    least(side->slope_up, z, precision);
  }
  arb_clear(c);
  arb_clear(z);
}

/* sqrt(a^2 + b^2 v), v the largest variance (of a restricted one at most the
 * squared length). */
static double scale_of(const fc_line_side *side) {
  double a = fc_get_d(side->a, side->ctx), b = fc_get_d(side->b, side->ctx);
  double most = 0;
  for (size_t k = 0; k < side->count; k++) {
    const fc_line_part *part = &side->parts[k];
    double v = part->uniform
                   ? INFINITY
                   : arf_get_d(arb_midref(part->variance), ARF_RND_NEAR);
    if (part->has_lower && part->has_upper) {
      double length = arf_get_d(arb_midref(part->upper), ARF_RND_NEAR) -
                      arf_get_d(arb_midref(part->lower), ARF_RND_NEAR);
      v = fmin(v, length * length);
    }
    most = fmax(most, v);
  }
  return sqrt(a * a + b * b * most);
}

fc_status fc_line_side_init(fc_line_side *side, const fc_target *target,
                            fc_srcptr a, fc_srcptr b, const fc_ctx *ctx,
                            fc_error *error) {
  *side = (fc_line_side){.ctx = {*ctx},
                         .precision = ctx->precision,
                         .target = target,
                         .count = fc_target_term_count(target)};
  arb_init(side->slope_low);
  arb_init(side->slope_up);
  fc_init(side->a, ctx);
  fc_init(side->b, ctx);
  fc_set(side->a, a, ctx);
  fc_set(side->b, b, ctx);
  side->ends = fc_is_zero(a, ctx) == FC_TRUE;
  side->starts = fc_is_zero(b, ctx) == FC_TRUE;
  if (side->count == 0)
    return fc_fail(error, FC_UNSUPPORTED,
                   "no distribution function in balls for this target");
  fc_status status = read_parts(side);
  if (!status && side->gaussian)
    status = set_gaussians(side);
  if (status)
    return fc_fail(error, status, "the target cannot be evaluated");
  side->scale = scale_of(side);
  set_slope_bounds(side);
  return fc_posterior_new(&side->posterior, target, ctx, error);
}

void fc_line_side_clear(fc_line_side *side) {
  for (size_t k = 0; side->parts && k < side->count; k++)
    each_part(&side->parts[k], arb_clear);
  free(side->parts);
  slong count = (slong)side->count;
  if (side->centre)
    _arb_vec_clear(side->centre, count);
  if (side->spread)
    _arb_vec_clear(side->spread, count);
  if (side->log_weight)
    _arb_vec_clear(side->log_weight, count);
  if (side->room)
    _arb_vec_clear(side->room, 6 * count);
  fc_posterior_free(side->posterior);
  fc_clear(side->a, side->ctx);
  fc_clear(side->b, side->ctx);
  arb_clear(side->slope_low);
  arb_clear(side->slope_up);
}

/* --- points ----------------------------------------------------------------
 */

fc_status fc_line_side_at(fc_line_jet *jet, fc_line_side *side, fc_srcptr x) {
  fc_status status = fc_posterior_eval(side->posterior, side->a, side->b, x,
                                       FC_WANT_LOG_DENSITY | FC_WANT_SCORE |
                                           FC_WANT_SCORE_JACOBIAN);
  if (status)
    return status;
  const fc_posterior_value *p = fc_posterior_values(side->posterior);
  arb_set(jet->log, fc_as_arb_src(p->log_density));
  arb_set(jet->score, fc_as_arb_src(p->score));
  arb_set(jet->slope, fc_as_arb_src(p->score_jacobian));
  return FC_OK;
}
