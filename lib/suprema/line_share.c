/* log X' over an interval far out, by the parts that dominate there: intervals
 * may be wide, since nothing is expanded.
 *
 * Over the interval let part A carry most of 1 - F_s and part B most of 1 -
 * F_t: p_s = w_A N_A (1 + eta),      0 <= eta <= H, 1 - F_s = w_A Q(z_A) (1 +
 * delta_s),  0 <= delta <= D, and so for B at t. As in line_tail.c (h = p/(1 -
 * F), lambda = phi/Q), h_s <= lambda(z_A)/V_A^(1/2) (1 + H),  h_t >=
 * lambda(z_B)/V_B^(1/2)/(1 + D_t), Q(z_B) = Q(z_A) e^c,  c <= log(w_A/w_B) +
 * log(1 + D_s), lambda(z_A)/lambda(z_B) <= 1 + max(0, c)/lambda(z_B)^2. At b =
 * 0 there is one part, of weight 1. H and D are sums of ratios to A (B), whose
 * logarithms change at the rates c_k
 * - c_A and h_A - h_k.
 */
#include "suprema/line_private.h"

/* One side over the interval, seen from its end (left: mirrored). */
typedef struct outlook {
  const fc_line_side *side;
  bool left;
  size_t count;
  arb_t at[2]; /* near and far */
  arb_t w;
  size_t top;          /* A */
  arb_t extra, beyond; /* H, D */
} outlook;

/* z = (x - b m_k)/V_k^(1/2), root = V_k^(1/2) */
static void standard(arb_t z, arb_t root, const outlook *o, size_t k, int end) {
  slong precision = o->side->precision;
  fc_line_facing(z, o->side->centre + k, o->left);
  arb_sub(z, o->at[end], z, precision);
  arb_sqrt(root, o->side->spread + k, precision);
  arb_div(z, z, root, precision);
}

/* tail = log(w_k Q(z_k)), hazard = lambda(z_k)/V_k^(1/2) */
static void tail_of(arb_t tail, arb_t hazard, const outlook *o, size_t k,
                    int end) {
  slong precision = o->side->precision;
  arb_t z, root, t;
  arb_init(z), arb_init(root), arb_init(t);
  standard(z, root, o, k, end);
  fc_line_mills(hazard, z, precision);
  arb_div(hazard, hazard, root, precision);
  /* log(w Q) = log(w N) - log hazard */
  arb_mul(t, z, z, precision);
  arb_mul_2exp_si(t, t, -1);
  arb_sub(tail, o->side->log_weight + k, t, precision);
  arb_log(t, hazard, precision);
  arb_sub(tail, tail, t, precision);
  arb_clear(z), arb_clear(root), arb_clear(t);
}

/* value = log(w_k N_k), slope = its derivative */
static void density_of(arb_t value, arb_t slope, const outlook *o, size_t k,
                       int end) {
  slong precision = o->side->precision;
  arb_t z, root;
  arb_init(z), arb_init(root);
  standard(z, root, o, k, end);
  arb_div(slope, z, root, precision);
  arb_neg(slope, slope);
  arb_mul(z, z, z, precision);
  arb_mul_2exp_si(z, z, -1);
  arb_sub(value, o->side->log_weight + k, z, precision);
  arb_clear(z), arb_clear(root);
}

typedef void value_and_rate(arb_t value, arb_t rate, const outlook *o, size_t k,
                            int end);

/* Values at both ends, and the range of the rate, which is monotone. */
typedef struct course {
  arb_t value[2], rate;
} course;

static void course_init(course *c, const outlook *o, size_t k,
                        value_and_rate *evaluate) {
  arb_t other;
  arb_init(other);
  arb_init(c->value[0]), arb_init(c->value[1]), arb_init(c->rate);
  evaluate(c->value[0], c->rate, o, k, 0);
  evaluate(c->value[1], other, o, k, 1);
  arb_union(c->rate, c->rate, other, o->side->precision);
  arb_clear(other);
}

static void course_clear(course *c) {
  arb_clear(c->value[0]), arb_clear(c->value[1]), arb_clear(c->rate);
}

/* sum += exp of the largest difference of k to the top; tails change at minus
 * their rate. */
static void add_ratio(arb_t sum, const outlook *o, const course *top, size_t k,
                      value_and_rate *evaluate, bool tail) {
  slong precision = o->side->precision;
  course c[1];
  arf_t up;
  course_init(c, o, k, evaluate);
  arf_init(up);
  arf_pos_inf(up);
  for (int end = 0; end < 2; end++)
    arb_sub(c->value[end], c->value[end], top->value[end], precision);
  arb_sub(c->rate, c->rate, top->rate, precision);
  if (tail)
    arb_neg(c->rate, c->rate);
  arb_t range;
  arb_init(range);
  arb_indeterminate(range);
  fc_line_two_lines(range, up, NULL, c->value[0], c->value[1], c->rate, o->w,
                    precision);
  arb_set_arf(range, up);
  arb_exp(range, range, precision);
  arb_add(sum, sum, range, precision);
  arb_clear(range);
  arf_clear(up);
  course_clear(c);
}

static void set_ratios(arb_t sum, const outlook *o, value_and_rate *evaluate,
                       bool tail) {
  course top[1];
  course_init(top, o, o->top, evaluate);
  arb_zero(sum);
  for (size_t k = 0; k < o->count; k++)
    if (k != o->top)
      add_ratio(sum, o, top, k, evaluate, tail);
  course_clear(top);
}

/* The part with the largest tail in the middle, roughly. */
static size_t choose(const outlook *o) {
  slong precision = o->side->precision;
  size_t top = 0;
  arb_t most, sum, t, hazard;
  arb_init(most), arb_init(sum), arb_init(t), arb_init(hazard);
  for (size_t k = 0; k < o->count; k++) {
    tail_of(sum, hazard, o, k, 0);
    tail_of(t, hazard, o, k, 1);
    arb_add(sum, sum, t, precision);
    if (k == 0 || arf_cmp(arb_midref(sum), arb_midref(most)) > 0) {
      arb_set(most, sum);
      top = k;
    }
  }
  arb_clear(most), arb_clear(sum), arb_clear(t), arb_clear(hazard);
  return top;
}

static void outlook_init(outlook *o, const fc_line_side *side, const arb_t x0,
                         const arb_t x1, bool left) {
  slong precision = side->precision;
  *o = (outlook){
      .side = side, .left = left, .count = side->starts ? 1 : side->count};
  arb_init(o->at[0]), arb_init(o->at[1]), arb_init(o->w);
  arb_init(o->extra), arb_init(o->beyond);
  fc_line_facing(o->at[0], left ? x1 : x0, left);
  fc_line_facing(o->at[1], left ? x0 : x1, left);
  fc_line_low(o->at[0], o->at[0], precision);
  fc_line_up(o->at[1], o->at[1], precision);
  arb_sub(o->w, o->at[1], o->at[0], precision);
  fc_line_up(o->w, o->w, precision);
  o->top = choose(o);
  set_ratios(o->beyond, o, tail_of, true);
  set_ratios(o->extra, o, density_of, false);
}

static void outlook_clear(outlook *o) {
  arb_clear(o->at[0]), arb_clear(o->at[1]), arb_clear(o->w);
  arb_clear(o->extra), arb_clear(o->beyond);
}

/* z = log(w_A/w_B), 1 at b = 0. */
static void log_weights(arb_t z, const outlook o[2]) {
  slong precision = o->side->precision;
  arb_t t;
  arb_init(t);
  arb_zero(z);
  for (int i = 0; i < 2; i++) {
    if (o[i].side->starts)
      continue;
    arb_log(t, o[i].side->parts[o[i].top].weight, precision);
    if (i)
      arb_sub(z, z, t, precision);
    else
      arb_add(z, z, t, precision);
  }
  arb_clear(t);
}

static void combine(arb_t z, const outlook o[2]) {
  slong precision = o->side->precision;
  arb_t c, t, root;
  arb_init(c), arb_init(t), arb_init(root);
  log_weights(c, o);
  arb_log1p(t, o[0].beyond, precision);
  arb_add(c, c, t, precision);
  arb_zero(t);
  arb_max(c, c, t, precision);
  standard(t, root, &o[1], o[1].top, 0);
  fc_line_mills(t, t, precision);
  arb_div(c, c, t, precision);
  arb_div(c, c, t, precision);
  arb_log1p(z, c, precision);
  arb_log1p(t, o[0].extra, precision);
  arb_add(z, z, t, precision);
  arb_log1p(t, o[1].beyond, precision);
  arb_add(z, z, t, precision);
  arb_div(t, o[1].side->spread + o[1].top, o[0].side->spread + o[0].top,
          precision);
  arb_log(t, t, precision);
  arb_mul_2exp_si(t, t, -1);
  arb_add(z, z, t, precision);
  arb_clear(c), arb_clear(t), arb_clear(root);
}

void fc_line_dominated(arf_t bound, const fc_line_side side[2],
                       const fc_line_node *from, const fc_line_node *to,
                       bool left) {
  outlook o[2];
  arb_t z;
  if (!side[0].gaussian)
    return;
  arb_init(z);
  for (int i = 0; i < 2; i++)
    outlook_init(&o[i], &side[i], fc_as_arb_src(from->at[i]),
                 fc_as_arb_src(to->at[i]), left);
  combine(z, o);
  fc_line_lower(bound, z, side->precision);
  for (int i = 0; i < 2; i++)
    outlook_clear(&o[i]);
  arb_clear(z);
}
