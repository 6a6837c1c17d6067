/* Best-first bisection for log sup X' (line_flow.h).
 *
 * Nodes are points (x, y) of the flow, one coordinate exact, the other a ball;
 * leaves lie between neighbours and share them (line_leaf.c bounds log X'
 * there); two more leaves are the tails.  A leaf is halved in the coordinate in
 * which log p varies more: in a gap, where p_t is tiny, F_t hardly changes and
 * y says where we are.
 */
#include <math.h>
#include <stdlib.h>

#include "suprema/line_private.h"

#include "base/grow.h"

enum { LANDMARKS = 64, MOST_PARTS = 32 };

typedef struct leaf {
  const fc_line_node *left, *right; /* one is NULL: a tail */
  arf_t up;
  int halve;   /* coordinate to be halved: 0 or 1 */
  double step; /* tails: how far to go out next */
} leaf;

typedef struct search {
  fc_line_side *side; /* 2 */
  const fc_ctx *ctx;
  slong precision;
  fc_line_node **nodes;
  size_t node_count, node_capacity;
  leaf *heap; /* the largest bound first */
  size_t count, capacity;
  arf_t low; /* the best value */
  fc_num below, above;
  fc_line_outcome *out;
  fc_error *error;
} search;

/* --- nodes -----------------------------------------------------------------
 */

/* The node whose coordinate `own` is exactly z; true where it is known well
 * enough to be one. */
static bool fill_node(fc_line_node *node, search *s, int own, const arf_t z) {
  arb_set_arf(fc_as_arb(node->at[own]), z);
  s->out->points++;
  if (fc_posterior_cdf(s->below, s->above, s->side[own].posterior,
                       s->side[own].a, s->side[own].b, node->at[own],
                       s->error) ||
      fc_is_positive(s->below, s->ctx) != FC_TRUE ||
      fc_is_positive(s->above, s->ctx) != FC_TRUE ||
      fc_posterior_quantile(node->at[1 - own], s->side[1 - own].posterior,
                            s->side[1 - own].a, s->side[1 - own].b, s->below,
                            s->above, s->error))
    return false;
  for (int i = 0; i < 2; i++)
    if (fc_line_side_at(&node->jet[i], &s->side[i], node->at[i]))
      return false;
  fc_line_node_derive(node, s->precision);
  return arb_is_finite(node->log);
}

/* A new node, or NULL (status says whether memory ran out). */
static fc_line_node *new_node(search *s, int own, const arf_t z) {
  if (!fc_grow(&s->nodes, &s->node_capacity, s->node_count, sizeof *s->nodes))
    return NULL;
  fc_line_node *node = calloc(1, sizeof *node);
  if (!node)
    return NULL;
  fc_line_node_init(node, s->ctx);
  if (!fill_node(node, s, own, z)) {
    fc_line_node_clear(node, s->ctx);
    free(node);
    return NULL;
  }
  s->nodes[s->node_count++] = node;
  arf_t low;
  arf_init(low);
  arb_get_lbound_arf(low, node->log, s->precision);
  if (arf_cmp(low, s->low) > 0)
    arf_set(s->low, low);
  arf_clear(low);
  return node;
}

/* --- leaves ----------------------------------------------------------------
 */

/* Both densities fall away from the rest there. */
static bool is_far_out(const search *s, const leaf *l, bool left) {
  const fc_line_node *near = left ? l->right : l->left;
  bool far = s->side->gaussian && s->side->count <= MOST_PARTS;
  for (int i = 0; i < 2; i++)
    far = far && (left ? arb_is_positive(near->jet[i].score)
                       : arb_is_negative(near->jet[i].score));
  return far;
}

/* The bound of a leaf that is no tail. */
static void bound_leaf(search *s, leaf *l) {
  fc_line_leaf(l->up, &l->halve, s->side, l->left, l->right);
  for (int left = 0; left < 2; left++)
    if (arf_cmp(l->up, s->low) > 0 && is_far_out(s, l, left))
      fc_line_dominated(l->up, s->side, l->left, l->right, left);
}

static bool push(search *s, leaf *l) {
  if (!fc_grow(&s->heap, &s->capacity, s->count, sizeof *s->heap))
    return false;
  size_t i = s->count++;
  while (i > 0 && arf_cmp(s->heap[(i - 1) / 2].up, l->up) < 0) {
    s->heap[i] = s->heap[(i - 1) / 2];
    i = (i - 1) / 2;
  }
  s->heap[i] = *l;
  return true;
}

/* Takes the first leaf off the heap; its bound is the caller's to clear. */
static leaf pop(search *s) {
  leaf top = s->heap[0], last = s->heap[--s->count];
  size_t i = 0;
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= s->count)
      break;
    if (child + 1 < s->count &&
        arf_cmp(s->heap[child + 1].up, s->heap[child].up) > 0)
      child++;
    if (arf_cmp(s->heap[child].up, last.up) <= 0)
      break;
    s->heap[i] = s->heap[child];
    i = child;
  }
  if (s->count)
    s->heap[i] = last;
  return top;
}

static bool add_leaf(search *s, const fc_line_node *left,
                     const fc_line_node *right) {
  leaf l = {.left = left, .right = right};
  arf_init(l.up);
  bound_leaf(s, &l);
  if (push(s, &l))
    return true;
  arf_clear(l.up);
  return false;
}

static bool add_tail(search *s, const fc_line_node *node, bool left,
                     double step) {
  leaf l = {
      .left = left ? NULL : node, .right = left ? node : NULL, .step = step};
  arf_init(l.up);
  fc_line_tail(l.up, s->side, node, left);
  if (push(s, &l))
    return true;
  arf_clear(l.up);
  return false;
}

/* --- halving ---------------------------------------------------------------
 */

/* z = a number of few bits near the middle of what lies between both nodes in
 * coordinate i; false where nothing does. */
static bool middle(arf_t z, const leaf *l, int i, slong precision) {
  arb_t x, y;
  arf_t low, up, w;
  arb_init(x), arb_init(y);
  arf_init(low), arf_init(up), arf_init(w);
  arb_get_ubound_arf(low, fc_as_arb_src(l->left->at[i]), precision);
  arb_get_lbound_arf(up, fc_as_arb_src(l->right->at[i]), precision);
  bool between = arf_cmp(low, up) < 0;
  arf_add(z, low, up, 2 * precision, ARF_RND_NEAR);
  arf_mul_2exp_si(z, z, -1);
  /* to 2^-6 of the width */
  arf_sub(w, up, low, 30, ARF_RND_DOWN);
  if (between && !arf_is_zero(z)) {
    slong bits = (slong)fmin(
        fmax(fmpz_get_d(ARF_EXPREF(z)) - fmpz_get_d(ARF_EXPREF(w)) + 6, 2),
        (double)(2 * precision));
    arf_set_round(z, z, bits, ARF_RND_NEAR);
    between = arf_cmp(low, z) < 0 && arf_cmp(z, up) < 0;
  }
  arf_clear(low), arf_clear(up), arf_clear(w);
  arb_clear(x), arb_clear(y);
  return between;
}

/* A node is of use where log X' is known there to much less than the leaf
 * leaves open. */
static bool is_useful(const fc_line_node *node, const search *s, const leaf *l,
                      double gap) {
  mag_t allowed;
  arf_t open;
  mag_init(allowed);
  arf_init(open);
  arf_sub(open, l->up, s->low, 30, ARF_RND_DOWN);
  arf_mul_2exp_si(open, open, -3);
  arf_t least;
  arf_init(least);
  arf_set_d(least, gap / 8);
  if (arf_cmp(open, least) < 0)
    arf_set(open, least);
  arf_get_mag_lower(allowed, open);
  bool useful = mag_cmp(arb_radref(node->log), allowed) <= 0;
  arf_clear(least);
  mag_clear(allowed);
  arf_clear(open);
  return useful;
}

static const fc_line_node *halve(search *s, const leaf *l, double gap) {
  arf_t z;
  const fc_line_node *node = NULL;
  arf_init(z);
  for (int k = 0; k < 2 && !node; k++) {
    int i = k ? 1 - l->halve : l->halve;
    if (!middle(z, l, i, s->precision))
      continue;
    node = new_node(s, i, z);
    if (node && !is_useful(node, s, l, gap))
      node = NULL;
  }
  arf_clear(z);
  return node;
}

/* The node from which a tail goes on: further out in x. */
static const fc_line_node *go_out(search *s, const leaf *l) {
  bool left = !l->left;
  const fc_line_node *from = left ? l->right : l->left;
  arf_t z, step;
  arf_init(z), arf_init(step);
  arf_set_d(step, left ? -l->step : l->step);
  arf_add(z, arb_midref(fc_as_arb_src(from->at[0])), step, 53, ARF_RND_NEAR);
  const fc_line_node *node = new_node(s, 0, z);
  arf_clear(z), arf_clear(step);
  return node;
}

/* Replaces the leaf by its parts; false where it cannot be divided. */
static bool divide(search *s, const leaf *l, double gap) {
  if (!l->left || !l->right) {
    const fc_line_node *node = go_out(s, l);
    if (!node)
      return false;
    return l->left ? add_leaf(s, l->left, node) &&
                         add_tail(s, node, false, 1.5 * l->step)
                   : add_leaf(s, node, l->right) &&
                         add_tail(s, node, true, 1.5 * l->step);
  }
  const fc_line_node *node = halve(s, l, gap);
  return node && add_leaf(s, l->left, node) && add_leaf(s, node, l->right);
}

/* --- the beginning ---------------------------------------------------------
 */

static int by_place(const void *p, const void *q) {
  const fc_line_node *m = *(fc_line_node *const *)p,
                     *n = *(fc_line_node *const *)q;
  int order = arf_cmp(arb_midref(fc_as_arb_src(m->at[1])),
                      arb_midref(fc_as_arb_src(n->at[1])));
  return order ? order
               : arf_cmp(arb_midref(fc_as_arb_src(m->at[0])),
                         arb_midref(fc_as_arb_src(n->at[0])));
}

/* Nodes over the images of landmarks and over 0. */
static fc_status first_nodes(search *s) {
  fc_ptr points;
  size_t count;
  fc_status status =
      fc_target_landmarks(&points, &count, s->side->target, LANDMARKS, s->ctx);
  if (status)
    return status;
  arb_t y;
  arf_t z;
  arb_init(y);
  arf_init(z);
  for (size_t k = 0; k < count; k++) {
    arb_mul(y, fc_as_arb_src(points + k), fc_as_arb_src(s->side[1].b), 53);
    arf_set_round(z, arb_midref(y), 24, ARF_RND_NEAR);
    new_node(s, 1, z);
  }
  arf_zero(z);
  new_node(s, 0, z);
  arb_clear(y);
  arf_clear(z);
  fc_vec_free(points, count, s->ctx);
  return FC_OK;
}

/* Neighbours must be apart for certain in one coordinate; the others go. */
static size_t sort_nodes(search *s) {
  qsort(s->nodes, s->node_count, sizeof *s->nodes, by_place);
  size_t kept = 0;
  for (size_t k = 0; k < s->node_count; k++) {
    fc_line_node *node = s->nodes[k];
    bool apart = kept == 0;
    for (int i = 0; i < 2 && !apart; i++)
      apart = arb_lt(fc_as_arb_src(s->nodes[kept - 1]->at[i]),
                     fc_as_arb_src(node->at[i]));
    if (apart) {
      s->nodes[kept++] = node;
    } else {
      fc_line_node_clear(node, s->ctx);
      free(node);
    }
  }
  s->node_count = kept;
  return kept;
}

static bool first_leaves(search *s) {
  size_t count = s->node_count;
  bool ok = add_tail(s, s->nodes[0], true, s->side[0].scale) &&
            add_tail(s, s->nodes[count - 1], false, s->side[0].scale);
  for (size_t k = 0; k + 1 < count && ok; k++)
    ok = add_leaf(s, s->nodes[k], s->nodes[k + 1]);
  return ok;
}

/* --- the end ---------------------------------------------------------------
 */

static void take(fc_line_outcome *out, search *s, const arf_t cap) {
  arf_set(out->low, s->low);
  arf_set(out->high, s->count ? s->heap[0].up : s->low);
  if (arf_cmp(out->high, s->low) < 0)
    arf_set(out->high, s->low);
  if (arf_cmp(cap, out->high) < 0)
    arf_set(out->high, cap);
  out->leaves = s->count;
}

/* All x of leaves that the supremum may be in. */
static void set_place(fc_line_outcome *out, const search *s) {
  arf_t z;
  arf_init(z);
  arf_pos_inf(out->x_low);
  arf_neg_inf(out->x_high);
  for (size_t k = 0; k < s->count; k++) {
    const leaf *l = &s->heap[k];
    if (arf_cmp(l->up, s->low) < 0)
      continue;
    if (l->left)
      arb_get_lbound_arf(z, fc_as_arb_src(l->left->at[0]), 64);
    else
      arf_neg_inf(z);
    arf_min(out->x_low, out->x_low, z);
    if (l->right)
      arb_get_ubound_arf(z, fc_as_arb_src(l->right->at[0]), 64);
    else
      arf_pos_inf(z);
    arf_max(out->x_high, out->x_high, z);
  }
  arf_clear(z);
}

static bool within(const arf_t high, const arf_t low, double gap) {
  arf_t apart;
  arf_init(apart);
  arf_sub(apart, high, low, 53, ARF_RND_UP);
  bool reached = arf_cmp_d(apart, gap) <= 0;
  arf_clear(apart);
  return reached;
}

static void run(search *s, double gap, long budget) {
  fc_line_outcome *out = s->out;
  while (s->count && !within(s->heap[0].up, s->low, gap)) {
    if ((long)s->node_count >= budget)
      return;
    leaf l = pop(s);
    bool divided = divide(s, &l, gap);
    if (!divided) {
      push(s, &l); /* there is room: it was just taken out */
      out->stuck = true;
      out->failed++;
      return;
    }
    arf_clear(l.up);
  }
}

static void init(search *s) {
  arf_init(s->low);
  arf_neg_inf(s->low);
  fc_init(s->below, s->ctx);
  fc_init(s->above, s->ctx);
}

static void clear(search *s) {
  arf_clear(s->low);
  fc_clear(s->below, s->ctx);
  fc_clear(s->above, s->ctx);
  for (size_t k = 0; k < s->node_count; k++) {
    fc_line_node_clear(s->nodes[k], s->ctx);
    free(s->nodes[k]);
  }
  free(s->nodes);
  for (size_t k = 0; k < s->count; k++)
    arf_clear(s->heap[k].up);
  free(s->heap);
}

/* The limits at both ends are values, too. */
static bool take_limits(search *s) {
  arb_t limit;
  arf_t low;
  bool unbounded = false;
  arb_init(limit);
  arf_init(low);
  for (int left = 0; left < 2 && !unbounded; left++)
    if (fc_line_limit(limit, &unbounded, s->side, left)) {
      arb_get_lbound_arf(low, limit, s->precision);
      if (arf_cmp(low, s->low) > 0)
        arf_set(s->low, low);
    }
  arb_clear(limit);
  arf_clear(low);
  return unbounded;
}

/* The bound of all x is met by what is known from below. */
static bool is_met(search *s, const arf_t cap, double gap) {
  fc_line_outcome *out = s->out;
  out->reached = within(cap, s->low, gap);
  if (out->reached) {
    arf_set(out->low, s->low);
    arf_set(out->high, cap);
  }
  return out->reached;
}

static fc_status work(search *s, const arf_t cap, double gap, bool search_only,
                      long budget) {
  fc_line_outcome *out = s->out;
  out->unbounded = take_limits(s);
  if (out->unbounded)
    return FC_OK;
  out->way = FC_LINE_INTEGRATED;
  if (!search_only && is_met(s, cap, gap))
    return FC_OK;
  fc_status status = first_nodes(s);
  if (status)
    return status;
  if (sort_nodes(s) == 0) {
    out->stuck = true;
    return FC_OK;
  }
  if (!search_only && is_met(s, cap, gap))
    return FC_OK;
  out->way = FC_LINE_SEARCHED;
  if (!first_leaves(s))
    return FC_MEMORY;
  run(s, gap, budget);
  take(out, s, cap);
  set_place(out, s);
  out->reached = within(out->high, out->low, gap);
  return FC_OK;
}

fc_status fc_line_search(fc_line_outcome *outcome, fc_line_side side[2],
                         bool forward, double gap, bool search_only,
                         long budget, fc_error *error) {
  search s = {.side = side,
              .ctx = side[0].ctx,
              .precision = side[0].precision,
              .out = outcome,
              .error = error};
  arf_t cap;
  arf_init(cap);
  init(&s);
  arf_pos_inf(cap);
  if (!search_only)
    fc_line_integrated(cap, side, forward);
  outcome->reached = outcome->unbounded = outcome->stuck = false;
  outcome->leaves = 0;
  arf_neg_inf(outcome->low), arf_pos_inf(outcome->high);
  arf_neg_inf(outcome->x_low), arf_pos_inf(outcome->x_high);
  fc_status status = work(&s, cap, gap, search_only, budget);
  arf_clear(cap);
  clear(&s);
  return status ? fc_fail(error, status, "the search for the supremum: %s",
                          fc_status_text(status))
                : FC_OK;
}
