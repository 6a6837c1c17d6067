#include "suprema/cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

enum {
  ROUNDING_BITS = 12, /* last bits that are at the mercy of rounding */
  BALL_SHARE_BITS = 3 /* a value's ball should be 2^-3 of the gap above it */
};

typedef struct node {
  fc_cover_box box;
  mpfr_t upper;   /* f <= upper on the box */
  bool violating; /* f > threshold somewhere in it */
  bool rounded;   /* more splits do not help at this precision */
  int split;
  long precision; /* at which it was enclosed */
  size_t order;   /* of its making, for ties */
} node;

typedef struct search {
  const fc_cover_problem *problem;
  const fc_cover_goal *goal;
  fc_cover_result *result;
  fc_ctx ctx[1];
  fc_cover_view view[1];
  node *heap; /* the first is the one to split next */
  size_t count, capacity, made;
  double volume; /* of the roots */
  mpfr_t end, mid, rad;
} search;

/* --- ends of balls ------------------------------------------------------ */

/* z = the upper (sign > 0) or lower end of a ball, rounded outwards. */
static void ball_end(mpfr_ptr z, search *s, fc_srcptr x, int sign) {
  fc_get_enclosure(s->mid, s->rad, x, s->ctx);
  if (mpfr_nan_p(s->mid) || mpfr_nan_p(s->rad) || mpfr_inf_p(s->rad))
    mpfr_set_inf(z, sign);
  else if (sign > 0)
    mpfr_add(z, s->mid, s->rad, MPFR_RNDU);
  else
    mpfr_sub(z, s->mid, s->rad, MPFR_RNDD);
}

/* --- the heap ----------------------------------------------------------- */

/* Boxes known to violate come first, the smallest of them first: what is wanted
 * is one on which f is above the threshold throughout. */
static bool before(const node *x, const node *y) {
  if (x->violating != y->violating)
    return x->violating;
  if (x->violating && x->box.depth != y->box.depth)
    return x->box.depth > y->box.depth;
  int order = mpfr_cmp(x->upper, y->upper);
  return order ? order > 0 : x->order < y->order;
}

static void swap(node *x, node *y) {
  node keep = *x;
  *x = *y;
  *y = keep;
}

static fc_status push(search *s, const node *from) {
  if (!fc_grow(&s->heap, &s->capacity, s->count, sizeof *s->heap))
    return FC_MEMORY;
  size_t i = s->count++;
  s->heap[i] = *from;
  for (; i > 0 && before(&s->heap[i], &s->heap[(i - 1) / 2]); i = (i - 1) / 2)
    swap(&s->heap[i], &s->heap[(i - 1) / 2]);
  return FC_OK;
}

/* The caller owns the node. */
static node pop(search *s) {
  node first = s->heap[0];
  s->heap[0] = s->heap[--s->count];
  for (size_t i = 0;;) {
    size_t best = i;
    for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++)
      if (child < s->count && before(&s->heap[child], &s->heap[best]))
        best = child;
    if (best == i)
      return first;
    swap(&s->heap[i], &s->heap[best]);
    i = best;
  }
}

/* --- one box ------------------------------------------------------------ */

static fc_status leaf(search *s, const fc_cover_box *box, fc_cover_leaf kind) {
  return s->problem->take_leaf
             ? s->problem->take_leaf(box, kind, s->problem->closure)
             : FC_OK;
}

static void reset_view(search *s) {
  fc_set_inf(s->view->upper, 1, s->ctx);
  fc_set_inf(s->view->lower, -1, s->ctx);
  fc_set_inf(s->view->value, -1, s->ctx);
  s->view->discard = false;
  s->view->split = -1;
}

/* True where more splits are of no use at this precision: the ball of the value
 * at a point makes up much of the gap between it and the upper bound, or both
 * agree but for rounding, or the point has no finite value. */
static bool is_rounded(search *s, mpfr_srcptr upper) {
  fc_get_enclosure(s->mid, s->rad, s->view->value, s->ctx);
  if (mpfr_nan_p(s->mid) || !mpfr_number_p(s->rad))
    return true;
  if (!mpfr_number_p(upper) || !mpfr_number_p(s->mid))
    return false;
  mpfr_sub(s->mid, upper, s->mid, MPFR_RNDU);
  mpfr_mul_2ui(s->rad, s->rad, BALL_SHARE_BITS, MPFR_RNDU);
  return mpfr_cmp(s->mid, s->rad) <= 0 || mpfr_zero_p(s->mid) ||
         (mpfr_regular_p(upper) &&
          mpfr_get_exp(s->mid) <=
              mpfr_get_exp(upper) - s->ctx->precision + ROUNDING_BITS);
}

/* What the view of a node says about the question as a whole. */
static void learn(search *s, node *n) {
  fc_cover_result *result = s->result;
  mpfr_srcptr threshold = s->goal->threshold;
  ball_end(n->upper, s, s->view->upper, 1);
  n->split = s->view->split;
  n->precision = s->ctx->precision;
  if (threshold) {
    ball_end(s->end, s, s->view->lower, -1);
    if (mpfr_cmp(s->end, threshold) > 0) {
      result->verdict = FC_COVER_REFUTED;
      result->has_box = true;
      result->box = n->box;
    }
    if (mpfr_cmp(s->end, result->low) > 0) /* attained on every point */
      mpfr_set(result->low, s->end, MPFR_RNDD);
  }
  ball_end(s->end, s, s->view->value, -1);
  n->violating = threshold && mpfr_cmp(s->end, threshold) > 0;
  n->rounded = is_rounded(s, n->upper);
  if (mpfr_cmp(s->end, result->low) > 0)
    mpfr_set(result->low, s->end, MPFR_RNDD);
}

/* Encloses f on the node's box and keeps the node where it still matters. */
static fc_status enclose(search *s, node *n) {
  reset_view(s);
  s->result->enclosed++;
  fc_status status =
      s->problem->enclose(s->view, &n->box, s->problem->closure, s->ctx);
  if (status)
    return status;
  if (s->view->discard)
    return leaf(s, &n->box, FC_LEAF_DISCARDED);
  node kept = *n;
  mpfr_init2(kept.upper, s->ctx->precision);
  learn(s, &kept);
  bool proved =
      s->goal->threshold && mpfr_cmp(kept.upper, s->goal->threshold) <= 0;
  bool beaten =
      !s->goal->threshold && mpfr_cmp(kept.upper, s->result->low) <= 0;
  if (proved || beaten)
    status = leaf(s, &n->box, proved ? FC_LEAF_PROVED : FC_LEAF_BEATEN);
  else {
    kept.order = s->made++;
    status = push(s, &kept);
    if (status == FC_OK)
      return FC_OK;
  }
  mpfr_clear(kept.upper);
  return status;
}

/* --- splitting ---------------------------------------------------------- */

static double middle(const fc_cover_box *box, size_t i) {
  return box->low[i] + (box->high[i] - box->low[i]) / 2;
}

/* The midpoint is exact: low and high have few bits, or are close together. */
static bool splits(const fc_cover_box *box, size_t i) {
  double m = middle(box, i);
  return m > box->low[i] && m < box->high[i];
}

/* The coordinate of the largest width that can be split, or -1. */
static int widest(const search *s, const fc_cover_box *box) {
  int best = -1;
  double most = 0;
  for (size_t i = 0; i < s->problem->n; i++) {
    double width = box->high[i] - box->low[i];
    if (width > most && splits(box, i)) {
      most = width;
      best = (int)i;
    }
  }
  return best;
}

static fc_status split(search *s, const node *n, int i) {
  fc_status status = FC_OK;
  for (int half = 0; half < 2 && status == FC_OK; half++) {
    node child = *n;
    child.box.depth++;
    if (half)
      child.box.low[i] = middle(&n->box, (size_t)i);
    else
      child.box.high[i] = middle(&n->box, (size_t)i);
    status = enclose(s, &child);
  }
  return status;
}

/* --- the loop ----------------------------------------------------------- */

/* (Re)starts at a precision.  Constants are prepared afresh. */
static fc_status set_precision(search *s, long precision, fc_error *error) {
  if (s->ctx->ops) {
    fc_clear(s->view->upper, s->ctx);
    fc_clear(s->view->lower, s->ctx);
    fc_clear(s->view->value, s->ctx);
    s->ctx->ops = NULL;
  }
  fc_status status = fc_ctx_init_arb(s->ctx, precision, error);
  if (status) {
    s->ctx->ops = NULL;
    return status;
  }
  fc_init(s->view->upper, s->ctx);
  fc_init(s->view->lower, s->ctx);
  fc_init(s->view->value, s->ctx);
  mpfr_set_prec(s->end, precision);
  mpfr_set_prec(s->mid, precision);
  s->result->precision = precision;
  return s->problem->prepare ? s->problem->prepare(s->problem->closure, s->ctx)
                             : FC_OK;
}

/* sup f <= the larger of low and the largest upper bound that is left. */
static void set_high(search *s) {
  fc_cover_result *result = s->result;
  if (s->goal->threshold) { /* what was proved is below the threshold */
    mpfr_set(result->high, s->goal->threshold, MPFR_RNDU);
    if (mpfr_cmp(result->low, result->high) > 0)
      mpfr_set(result->high, result->low, MPFR_RNDU);
  } else
    mpfr_set(result->high, result->low, MPFR_RNDU);
  size_t last = s->goal->threshold ? s->count : s->count > 0;
  for (size_t i = 0; i < last; i++) /* without a threshold the first is it */
    if (mpfr_cmp(s->heap[i].upper, result->high) > 0)
      mpfr_set(result->high, s->heap[i].upper, MPFR_RNDU);
}

static bool is_close(search *s) {
  fc_cover_result *result = s->result;
  if (mpfr_inf_p(result->low) && mpfr_sgn(result->low) > 0)
    return true;
  if (!mpfr_number_p(result->low) || !mpfr_number_p(result->high))
    return false;
  mpfr_t gap, allowed;
  mpfr_init2(gap, 64);
  mpfr_init2(allowed, 64);
  mpfr_sub(gap, result->high, result->low, MPFR_RNDU);
  mpfr_abs(allowed, result->high, MPFR_RNDD);
  mpfr_mul_d(allowed, allowed, s->goal->relative, MPFR_RNDD);
  mpfr_add_d(allowed, allowed, s->goal->absolute, MPFR_RNDD);
  bool close = mpfr_cmp(gap, allowed) <= 0;
  mpfr_clear(gap);
  mpfr_clear(allowed);
  return close;
}

static bool is_done(search *s) {
  fc_cover_result *result = s->result;
  if (result->verdict != FC_COVER_UNDECIDED)
    return true;
  if (s->goal->threshold) {
    if (s->count == 0)
      result->verdict = FC_COVER_PROVED;
    return s->count == 0;
  }
  set_high(s);
  if (is_close(s))
    result->verdict = FC_COVER_REACHED;
  return s->count == 0 || result->verdict == FC_COVER_REACHED;
}

/* One step: the first box is split or, where splits do not help, enclosed again
 * with more bits.  *stuck where neither is possible. */
static fc_status step(search *s, bool *stuck, fc_error *error) {
  int i = s->heap[0].split;
  if (i < 0 || (size_t)i >= s->problem->n ||
      !splits(&s->heap[0].box, (size_t)i))
    i = widest(s, &s->heap[0].box);
  bool again = i < 0 || s->heap[0].rounded;
  bool behind = s->heap[0].precision < s->ctx->precision;
  long doubled = 2 * s->ctx->precision;
  *stuck = again && !behind && doubled > s->goal->most_precision;
  fc_status status = FC_OK;
  if (*stuck && i < 0)
    return FC_OK;
  *stuck = false;
  if (again && !behind && doubled <= s->goal->most_precision)
    status = set_precision(s, doubled, error);
  if (status)
    return status;
  node n = pop(s);
  again = again && n.precision < s->ctx->precision;
  status = again ? enclose(s, &n) : split(s, &n, i);
  mpfr_clear(n.upper);
  return status;
}

static double volume_of(const search *s, const fc_cover_box *box) {
  double volume = 1;
  for (size_t i = 0; i < s->problem->n; i++)
    volume *= box->high[i] - box->low[i];
  return volume;
}

static fc_status begin(search *s, fc_error *error) {
  fc_status status = set_precision(s, s->goal->precision, error);
  for (size_t i = 0; i < s->problem->root_count && status == FC_OK; i++) {
    node root;
    memset(&root, 0, sizeof root);
    root.box = s->problem->roots[i];
    s->volume += volume_of(s, &root.box);
    status = enclose(s, &root);
  }
  return status;
}

/* Hands out what is left, the largest upper bounds first. */
static fc_status finish(search *s) {
  fc_cover_result *result = s->result;
  fc_status status = FC_OK;
  double volume = 0;
  set_high(s);
  if (s->goal->threshold && result->verdict == FC_COVER_UNDECIDED &&
      mpfr_cmp(result->low, s->goal->threshold) > 0)
    result->verdict = FC_COVER_REFUTED;
  while (s->count > 0) {
    node n = pop(s);
    bool beaten = !s->goal->threshold && mpfr_cmp(n.upper, result->low) <= 0;
    if (status == FC_OK)
      status = leaf(s, &n.box, beaten ? FC_LEAF_BEATEN : FC_LEAF_LEFT);
    if (!beaten) {
      volume += volume_of(s, &n.box);
      result->left++;
      if (result->kept < FC_COVER_KEPT)
        result->boxes[result->kept++] = n.box;
    }
    mpfr_clear(n.upper);
  }
  /* a sum of `left` products of n exact factors and one quotient */
  result->undecided =
      s->volume > 0
          ? volume / s->volume * (1 + ldexp((double)(result->left + 8), -52))
          : 0;
  return status;
}

/* --- the contract ------------------------------------------------------- */

void fc_cover_result_init(fc_cover_result *result) {
  memset(result, 0, sizeof *result);
  mpfr_init2(result->low, 53);
  mpfr_init2(result->high, 53);
}

void fc_cover_result_clear(fc_cover_result *result) {
  mpfr_clear(result->low);
  mpfr_clear(result->high);
}

static void result_reset(fc_cover_result *result, long precision) {
  mpfr_set_prec(result->low, precision);
  mpfr_set_prec(result->high, precision);
  mpfr_set_inf(result->low, -1);
  mpfr_set_inf(result->high, 1);
  result->verdict = FC_COVER_UNDECIDED;
  result->has_box = false;
  result->kept = result->left = result->enclosed = 0;
  result->undecided = 0;
}

fc_status fc_cover_run(fc_cover_result *result, const fc_cover_problem *problem,
                       const fc_cover_goal *goal, fc_error *error) {
  search s[1];
  memset(s, 0, sizeof s);
  if (problem->n < 1 || problem->n > FC_COVER_DIMENSIONS)
    return fc_fail(error, FC_SHAPE, "a cover has 1 to %d dimensions",
                   FC_COVER_DIMENSIONS);
  s->problem = problem;
  s->goal = goal;
  s->result = result;
  result_reset(result, goal->most_precision > goal->precision
                           ? goal->most_precision
                           : goal->precision);
  mpfr_init2(s->end, 53);
  mpfr_init2(s->mid, 53);
  mpfr_init2(s->rad, 53);
  fc_status status = begin(s, error);
  bool stuck = false;
  while (status == FC_OK && !stuck && !is_done(s) &&
         result->enclosed + 2 <= goal->boxes)
    status = step(s, &stuck, error);
  fc_status finished = finish(s);
  if (s->ctx->ops) {
    fc_clear(s->view->upper, s->ctx);
    fc_clear(s->view->lower, s->ctx);
    fc_clear(s->view->value, s->ctx);
  }
  free(s->heap);
  mpfr_clear(s->end);
  mpfr_clear(s->mid);
  mpfr_clear(s->rad);
  return status ? status : finished;
}

void fc_cover_stretch(fc_ptr z, double p, double scale, const fc_ctx *ctx) {
  if (p <= -1 || p >= 1) {
    fc_set_inf(z, p > 0 ? 1 : -1, ctx);
    return;
  }
  fc_num below;
  fc_init(below, ctx);
  fc_set_d(below, fabs(p), ctx);
  fc_neg(below, below, ctx);
  fc_add_si(below, below, 1, ctx);
  fc_set_d(z, p, ctx);
  fc_div(z, z, below, ctx);
  fc_set_d(below, scale, ctx);
  fc_mul(z, z, below, ctx);
  fc_clear(below, ctx);
}
