/* log X' between two nodes.
 *
 * With g = log X', s and t the scores at x and y:
 *   dg/dx = s - t X',   d2g/dx2 = s' - t' X'^2 - t X' dg/dx,
 * and for -g as a function of y the same with both ends exchanged.  Between the
 * nodes these are ranges; Taylor's formula from both ends and the better
 * coordinate bound g.
 */
#include "suprema/line_private.h"

enum { ROUNDS = 2 };

/* --- nodes -----------------------------------------------------------------
 */

void fc_line_node_init(fc_line_node *node, const fc_ctx *ctx) {
  for (int i = 0; i < 2; i++) {
    fc_init(node->at[i], ctx);
    fc_line_jet_init(&node->jet[i]);
    arb_init(node->slope[i]);
  }
  arb_init(node->log);
}

void fc_line_node_clear(fc_line_node *node, const fc_ctx *ctx) {
  for (int i = 0; i < 2; i++) {
    fc_clear(node->at[i], ctx);
    fc_line_jet_clear(&node->jet[i]);
    arb_clear(node->slope[i]);
  }
  arb_clear(node->log);
}

/* slope of log(p_own/p_image) along own: s - t p_own/p_image */
static void set_slope(arb_t slope, const fc_line_jet *own,
                      const fc_line_jet *image, slong precision) {
  arb_t d;
  arb_init(d);
  arb_sub(d, own->log, image->log, precision);
  arb_exp(d, d, precision);
  arb_mul(d, d, image->score, precision);
  arb_sub(slope, own->score, d, precision);
  arb_clear(d);
}

void fc_line_node_derive(fc_line_node *node, slong precision) {
  arb_sub(node->log, node->jet[0].log, node->jet[1].log, precision);
  for (int i = 0; i < 2; i++)
    set_slope(node->slope[i], &node->jet[i], &node->jet[1 - i], precision);
}

/* --- between them ----------------------------------------------------------
 */

typedef struct stretch {
  const fc_line_node *left, *right;
  slong precision;
  fc_line_jet over[2];
  arb_t w[2], g, back;
} stretch;

static void stretch_init(stretch *l, fc_line_side side[2],
                         const fc_line_node *left, const fc_line_node *right) {
  *l = (stretch){.left = left, .right = right, .precision = side[0].precision};
  for (int i = 0; i < 2; i++) {
    arb_srcptr z0 = fc_as_arb_src(left->at[i]),
               z1 = fc_as_arb_src(right->at[i]);
    fc_line_jet_init(&l->over[i]);
    arb_init(l->w[i]);
    fc_line_side_over(&l->over[i], &side[i], z0, z1, &left->jet[i],
                      &right->jet[i]);
    arb_sub(l->w[i], z1, z0, l->precision);
    fc_line_up(l->w[i], l->w[i], l->precision);
  }
  arb_init(l->g), arb_init(l->back);
}

static void stretch_clear(stretch *l) {
  for (int i = 0; i < 2; i++) {
    fc_line_jet_clear(&l->over[i]);
    arb_clear(l->w[i]);
  }
  arb_clear(l->g), arb_clear(l->back);
}

/* The range d2g/dx2 from those of g and dg/dx; d = X', t = score of the image
 * times X'. */
static void set_curvature(arb_t curvature, const fc_line_jet *own,
                          const fc_line_jet *image, const arb_t d,
                          const arb_t t, const arb_t slope, slong precision) {
  arb_t part;
  arb_init(part);
  arb_mul(part, t, slope, precision);
  arb_sub(curvature, own->slope, part, precision);
  arb_mul(part, d, d, precision);
  arb_submul(curvature, part, image->slope, precision);
  arb_clear(part);
}

/* g over the stretch from its coordinate i (for i = 1: -g). */
static void improve(arb_t g, arf_t up, arf_t low, const stretch *l, int i) {
  const fc_line_jet *own = &l->over[i], *image = &l->over[1 - i];
  slong precision = l->precision;
  arb_t d, slope, curvature, g0, g1, t;
  arb_init(d), arb_init(slope), arb_init(curvature), arb_init(t);
  arb_init(g0), arb_init(g1);
  if (i) {
    arb_neg(g0, l->left->log), arb_neg(g1, l->right->log);
  } else {
    arb_set(g0, l->left->log), arb_set(g1, l->right->log);
  }
  for (int k = 0; k < ROUNDS; k++) {
    arb_exp(d, g, precision);
    arb_mul(t, image->score, d, precision);
    arb_sub(slope, own->score, t, precision);
    set_curvature(curvature, own, image, d, t, slope, precision);
    fc_line_two_lines(slope, NULL, NULL, l->left->slope[i], l->right->slope[i],
                      curvature, l->w[i], precision);
    fc_line_two_lines(g, up, low, g0, g1, slope, l->w[i], precision);
  }
  arb_clear(d), arb_clear(slope), arb_clear(curvature), arb_clear(t);
  arb_clear(g0), arb_clear(g1);
}

void fc_line_leaf(arf_t bound, int *halve, fc_line_side side[2],
                  const fc_line_node *left, const fc_line_node *right) {
  stretch l[1];
  arf_t up, low;
  arf_init(up), arf_init(low);
  stretch_init(l, side, left, right);
  arb_sub(l->g, l->over[0].log, l->over[1].log, l->precision);
  *halve = mag_cmp(arb_radref(l->over[1].log), arb_radref(l->over[0].log)) > 0;
  arf_pos_inf(bound);
  if (arb_is_finite(l->g))
    arb_get_ubound_arf(bound, l->g, l->precision);
  arf_neg_inf(low);
  improve(l->g, bound, low, l, 0);
  arb_neg(l->back, l->g);
  arf_pos_inf(up), arf_neg_inf(low);
  improve(l->back, up, low, l, 1);
  arf_neg(low, low);
  if (arf_cmp(low, bound) < 0)
    arf_set(bound, low);
  stretch_clear(l);
  arf_clear(up), arf_clear(low);
}
