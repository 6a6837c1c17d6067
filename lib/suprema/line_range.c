/* p_t over an interval (line_side.c says how). */
#include "suprema/line_private.h"

enum { MOST_PARTS = 32 }; /* beyond it r_k is not bounded one by one */

/* An interval with exact ends low, up, width w, and room for work. */
typedef struct stretch {
  arb_t low, up, w, whole, t, u, v;
  slong precision;
} stretch;

static void each(stretch *s, void (*act)(arb_t)) {
  act(s->low), act(s->up), act(s->w), act(s->whole);
  act(s->t), act(s->u), act(s->v);
}

static void set_stretch(stretch *s, const arb_t x0, const arb_t x1,
                        slong precision) {
  arf_t low, up;
  s->precision = precision;
  each(s, arb_init);
  fc_line_low(s->low, x0, precision);
  fc_line_up(s->up, x1, precision);
  arb_sub(s->w, s->up, s->low, precision);
  fc_line_up(s->w, s->w, precision);
  arf_init(low);
  arf_init(up);
  arf_set(low, arb_midref(s->low));
  arf_set(up, arb_midref(s->up));
  if (arf_cmp(low, up) <= 0)
    arb_set_interval_arf(s->whole, low, up, precision);
  else
    arb_indeterminate(s->whole);
  arf_clear(low);
  arf_clear(up);
}

/* z = l_k(x) */
static void log_part(arb_t z, const fc_line_side *side, size_t k,
                     const arb_t x) {
  slong precision = side->precision;
  arb_sub(z, x, side->centre + k, precision);
  arb_mul(z, z, z, precision);
  arb_div(z, z, side->spread + k, precision);
  arb_mul_2exp_si(z, z, -1);
  arb_sub(z, side->log_weight + k, z, precision);
}

/* z = c_k(x) */
static void score_part(arb_t z, const fc_line_side *side, size_t k,
                       const arb_t x) {
  arb_sub(z, side->centre + k, x, side->precision);
  arb_div(z, z, side->spread + k, side->precision);
}

/* Rows of the room. */
static arb_ptr row(const fc_line_side *side, size_t i) {
  return side->room + i * side->count;
}
enum { AT_LOW, AT_UP, SHARE, SCORE, LEAST, MOST };

/* z = log sum exp of count numbers, by their largest midpoint. */
static void log_sum(arb_t z, arb_srcptr x, size_t count, arb_t t,
                    slong precision) {
  size_t most = 0;
  for (size_t k = 1; k < count; k++)
    if (arf_cmp(arb_midref(x + k), arb_midref(x + most)) > 0)
      most = k;
  arb_t sum;
  arb_init(sum);
  for (size_t k = 0; k < count; k++) {
    arb_sub(t, x + k, x + most, precision);
    arb_exp(t, t, precision);
    arb_add(sum, sum, t, precision);
  }
  arb_log(t, sum, precision);
  arb_add(z, x + most, t, precision);
  arb_clear(sum);
}

/* log p between the sums of the least and of the largest terms. */
static void cut_log(arb_t log, fc_line_side *side, stretch *s) {
  slong precision = side->precision;
  arb_ptr low = row(side, LEAST), up = row(side, MOST);
  for (size_t k = 0; k < side->count; k++) {
    arb_srcptr at_low = row(side, AT_LOW) + k, at_up = row(side, AT_UP) + k;
    arb_min(low + k, at_low, at_up, precision);
    if (arb_overlaps(s->whole, side->centre + k))
      arb_set(up + k, side->log_weight + k);
    else
      arb_max(up + k, at_low, at_up, precision);
  }
  log_sum(s->u, low, side->count, s->t, precision);
  log_sum(s->v, up, side->count, s->t, precision);
  arb_union(s->u, s->u, s->v, precision);
  fc_line_cut(log, s->u, precision);
}

/* z = l_j - l_k over the stretch: linear, or within |curvature| w^2/8 of it. */
static void difference(arb_t z, const fc_line_side *side, size_t j, size_t k,
                       stretch *s) {
  slong precision = side->precision;
  arb_sub(z, row(side, AT_LOW) + j, row(side, AT_LOW) + k, precision);
  arb_sub(s->t, row(side, AT_UP) + j, row(side, AT_UP) + k, precision);
  arb_union(z, z, s->t, precision);
  if (side->equal)
    return;
  arb_inv(s->t, side->spread + j, precision);
  arb_inv(s->v, side->spread + k, precision);
  arb_sub(s->t, s->t, s->v, precision);
  arb_mul(s->t, s->t, s->w, precision);
  arb_mul(s->t, s->t, s->w, precision);
  arb_mul_2exp_si(s->t, s->t, -3);
  arb_add_error(z, s->t);
}

/* sum += [exp low z, exp up z], kept as two sums: balls of factors that are far
 * apart would lose the smaller. */
static void add_exp(arb_t least, arb_t most, const arb_t z, arb_t t,
                    slong precision) {
  fc_line_low(t, z, precision);
  arb_exp(t, t, precision);
  arb_add(least, least, t, precision);
  fc_line_up(t, z, precision);
  arb_exp(t, t, precision);
  arb_add(most, most, t, precision);
}

/* r_k over the stretch. */
static void set_shares(fc_line_side *side, stretch *s) {
  slong precision = side->precision;
  arb_t least, most;
  arb_init(least);
  arb_init(most);
  for (size_t k = 0; k < side->count; k++) {
    arb_ptr r = row(side, SHARE) + k;
    arb_one(least);
    arb_one(most);
    for (size_t j = 0; j < side->count; j++) {
      if (j == k)
        continue;
      difference(s->u, side, j, k, s);
      add_exp(least, most, s->u, s->t, precision);
    }
    arb_inv(least, least, precision);
    arb_inv(most, most, precision);
    arb_union(s->u, least, most, precision);
    fc_line_unit(r);
    fc_line_cut(r, s->u, precision);
  }
  arb_clear(least);
  arb_clear(most);
}

static size_t largest_share(const fc_line_side *side) {
  size_t most = 0;
  for (size_t k = 1; k < side->count; k++)
    if (arf_cmp(arb_midref(row(side, SHARE) + k),
                arb_midref(row(side, SHARE) + most)) > 0)
      most = k;
  return most;
}

/* z = c_k - c_i over the stretch. */
static void score_gap(arb_t z, const fc_line_side *side, size_t k, size_t i,
                      stretch *s) {
  slong precision = side->precision;
  if (side->equal) {
    arb_sub(z, side->centre + k, side->centre + i, precision);
    arb_div(z, z, side->spread, precision);
  } else {
    arb_sub(z, row(side, SCORE) + k, row(side, SCORE) + i, precision);
  }
  (void)s;
}

static void set_score(arb_t score, const fc_line_side *side, stretch *s) {
  size_t i = largest_share(side);
  arb_set(s->u, row(side, SCORE) + i);
  for (size_t k = 0; k < side->count; k++) {
    if (k == i)
      continue;
    score_gap(s->t, side, k, i, s);
    arb_addmul(s->u, s->t, row(side, SHARE) + k, side->precision);
  }
  fc_line_cut(score, s->u, side->precision);
}

/* z = sum_{j<k} r_j r_k (c_j - c_k)^2, each product at most 1/4. */
static void set_variance(arb_t z, const fc_line_side *side, stretch *s) {
  slong precision = side->precision;
  arb_t product, quarter;
  arb_init(product);
  arb_init(quarter);
  fc_line_unit(quarter);
  arb_mul_2exp_si(quarter, quarter, -2);
  arb_zero(z);
  for (size_t k = 1; k < side->count; k++)
    for (size_t j = 0; j < k; j++) {
      arb_mul(s->t, row(side, SHARE) + j, row(side, SHARE) + k, precision);
      arb_set(product, quarter);
      fc_line_cut(product, s->t, precision);
      score_gap(s->t, side, j, k, s);
      fc_arb_sqr(s->t, s->t, precision);
      arb_addmul(z, product, s->t, precision);
    }
  arb_clear(product);
  arb_clear(quarter);
}

static void set_slope(arb_t slope, const fc_line_side *side, stretch *s) {
  slong precision = side->precision;
  set_variance(s->u, side, s);
  if (side->equal) {
    arb_inv(s->t, side->spread, precision);
    arb_sub(s->u, s->u, s->t, precision);
  } else {
    for (size_t k = 0; k < side->count; k++) {
      arb_div(s->t, row(side, SHARE) + k, side->spread + k, precision);
      arb_sub(s->u, s->u, s->t, precision);
    }
  }
  fc_line_cut(slope, s->u, precision);
}

static void gaussians_over(fc_line_jet *jet, fc_line_side *side, stretch *s) {
  for (size_t k = 0; k < side->count; k++) {
    log_part(row(side, AT_LOW) + k, side, k, s->low);
    log_part(row(side, AT_UP) + k, side, k, s->up);
    score_part(row(side, SCORE) + k, side, k, s->whole);
  }
  cut_log(jet->log, side, s);
  set_shares(side, s);
  set_score(jet->score, side, s);
  set_slope(jet->slope, side, s);
}

/* What the posterior makes of the whole interval as one ball, if anything. */
static void posterior_over(fc_line_jet *jet, fc_line_side *side, stretch *s) {
  fc_num x;
  fc_line_jet here[1];
  fc_init(x, side->ctx);
  fc_line_jet_init(here);
  arb_set(fc_as_arb(x), s->whole);
  if (fc_line_side_at(here, side, x) == FC_OK) {
    fc_line_cut(jet->log, here->log, side->precision);
    fc_line_cut(jet->score, here->score, side->precision);
    fc_line_cut(jet->slope, here->slope, side->precision);
  }
  fc_line_jet_clear(here);
  fc_clear(x, side->ctx);
}

/* z cut with value + slope [0, w] (or, back, - slope [0, w]). */
static void cut_linear(arb_t z, const arb_t value, const arb_t slope,
                       const arb_t w, bool back, slong precision) {
  arb_t t;
  arb_init(t);
  fc_line_unit(t);
  arb_mul(t, t, w, precision);
  arb_mul(t, t, slope, precision);
  if (back)
    arb_sub(t, value, t, precision);
  else
    arb_add(t, value, t, precision);
  fc_line_cut(z, t, precision);
  arb_clear(t);
}

static void taylor(fc_line_jet *jet, const fc_line_jet *at0,
                   const fc_line_jet *at1, const stretch *s) {
  slong precision = s->precision;
  cut_linear(jet->score, at0->score, jet->slope, s->w, false, precision);
  cut_linear(jet->score, at1->score, jet->slope, s->w, true, precision);
  fc_line_two_lines(jet->score, NULL, NULL, at0->score, at1->score, jet->slope,
                    s->w, precision);
  fc_line_two_lines(jet->log, NULL, NULL, at0->log, at1->log, jet->score, s->w,
                    precision);
}

/* The slope between its known bounds. */
static void start_slope(arb_t slope, const fc_line_side *side) {
  arb_indeterminate(slope);
  if (arb_is_finite(side->slope_low) && arb_is_finite(side->slope_up))
    arb_union(slope, side->slope_low, side->slope_up, side->precision);
}

void fc_line_side_over(fc_line_jet *jet, fc_line_side *side, const arb_t x0,
                       const arb_t x1, const fc_line_jet *at0,
                       const fc_line_jet *at1) {
  stretch s[1];
  set_stretch(s, x0, x1, side->precision);
  arb_indeterminate(jet->log);
  arb_indeterminate(jet->score);
  start_slope(jet->slope, side);
  if (side->gaussian && side->count <= MOST_PARTS)
    gaussians_over(jet, side, s);
  else
    posterior_over(jet, side, s);
  taylor(jet, at0, at1, s);
  each(s, arb_clear);
}
