#include "formula/piecewise.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "formula/graph.h"

void fc_piecewise_clear(fc_piecewise *function) {
  for (size_t i = 0; i < function->count; i++)
    mpq_clears(function->pieces[i].from, function->pieces[i].slope,
               function->pieces[i].intercept, (mpq_ptr)NULL);
  free(function->pieces);
  *function = (fc_piecewise){NULL, 0};
}

static bool too_long(mpq_srcptr q) {
  return mpz_sizeinbase(mpq_numref(q), 2) > FC_PIECEWISE_MAX_BITS ||
         mpz_sizeinbase(mpq_denref(q), 2) > FC_PIECEWISE_MAX_BITS;
}

/* Goes on with slope x + intercept from `from` (NULL: -infinity) on.  A piece
 * that continues the last one's slope is the last one, as f is continuous. */
static fc_status push(fc_piecewise *f, mpq_srcptr from, mpq_srcptr slope,
                      mpq_srcptr intercept) {
  if (f->count && mpq_equal(f->pieces[f->count - 1].slope, slope))
    return FC_OK;
  if (f->count > FC_PIECEWISE_MAX_BREAKS || (from && too_long(from)) ||
      too_long(slope) || too_long(intercept))
    return FC_LIMIT;
  fc_affine_piece *moved =
      realloc(f->pieces, (f->count + 1) * sizeof *f->pieces);
  if (!moved)
    return FC_MEMORY;
  f->pieces = moved;
  fc_affine_piece *piece = &f->pieces[f->count++];
  mpq_inits(piece->from, piece->slope, piece->intercept, (mpq_ptr)NULL);
  if (from)
    mpq_set(piece->from, from);
  mpq_set(piece->slope, slope);
  mpq_set(piece->intercept, intercept);
  return FC_OK;
}

static fc_status push_si(fc_piecewise *f, long slope, mpq_srcptr intercept) {
  mpq_t s, zero;
  mpq_inits(s, zero, (mpq_ptr)NULL);
  mpq_set_si(s, slope, 1);
  fc_status status = push(f, NULL, s, intercept ? intercept : zero);
  mpq_clears(s, zero, (mpq_ptr)NULL);
  return status;
}

/* The number that f is everywhere, or NULL. */
static mpq_srcptr constant_value(const fc_piecewise *f) {
  bool constant = f->count == 1 && mpq_sgn(f->pieces[0].slope) == 0;
  return constant ? f->pieces[0].intercept : NULL;
}

/* z = q f. */
static fc_status scale(fc_piecewise *z, const fc_piecewise *f, mpq_srcptr q) {
  mpq_t slope, intercept;
  mpq_inits(slope, intercept, (mpq_ptr)NULL);
  fc_status status = FC_OK;
  for (size_t i = 0; i < f->count && !status; i++) {
    mpq_mul(slope, q, f->pieces[i].slope);
    mpq_mul(intercept, q, f->pieces[i].intercept);
    status = push(z, i ? f->pieces[i].from : NULL, slope, intercept);
  }
  mpq_clears(slope, intercept, (mpq_ptr)NULL);
  return status;
}

static fc_status scale_si(fc_piecewise *z, const fc_piecewise *f, long n) {
  mpq_t q;
  mpq_init(q);
  mpq_set_si(q, n, 1);
  fc_status status = scale(z, f, q);
  mpq_clear(q);
  return status;
}

/* --- two functions on the cells between their breaks --------------------- */

typedef struct cell {
  mpq_srcptr from, to; /* NULL: infinite */
  const fc_affine_piece *f, *g;
} cell;

typedef fc_status (*cell_rule)(fc_piecewise *z, const cell *c, fc_op op);

static fc_status each_cell(fc_piecewise *z, const fc_piecewise *f,
                           const fc_piecewise *g, fc_op op, cell_rule rule) {
  size_t i = 0, j = 0;
  mpq_srcptr from = NULL;
  for (;;) {
    bool f_ends = i + 1 < f->count, g_ends = j + 1 < g->count;
    int order = !f_ends ? 1
                : !g_ends
                    ? -1
                    : mpq_cmp(f->pieces[i + 1].from, g->pieces[j + 1].from);
    cell c = {from, NULL, &f->pieces[i], &g->pieces[j]};
    if (f_ends || g_ends)
      c.to = order <= 0 ? f->pieces[i + 1].from : g->pieces[j + 1].from;
    fc_status status = rule(z, &c, op);
    if (status || !c.to)
      return status;
    from = c.to;
    i += order <= 0 && f_ends;
    j += order >= 0 && g_ends;
  }
}

/* f + g or f - g. */
static fc_status add_cell(fc_piecewise *z, const cell *c, fc_op op) {
  mpq_t slope, intercept;
  mpq_inits(slope, intercept, (mpq_ptr)NULL);
  void (*combine)(mpq_ptr, mpq_srcptr, mpq_srcptr) =
      op == FC_OP_ADD ? mpq_add : mpq_sub;
  combine(slope, c->f->slope, c->g->slope);
  combine(intercept, c->f->intercept, c->g->intercept);
  fc_status status = push(z, c->from, slope, intercept);
  mpq_clears(slope, intercept, (mpq_ptr)NULL);
  return status;
}

/* x = a point inside the cell. */
static void inside(mpq_ptr x, const cell *c) {
  mpq_t one;
  mpq_init(one);
  mpq_set_si(one, 1, 1);
  if (c->from && c->to) {
    mpq_add(x, c->from, c->to);
    mpq_div_2exp(x, x, 1);
  } else if (c->from) {
    mpq_add(x, c->from, one);
  } else if (c->to) {
    mpq_sub(x, c->to, one);
  } else {
    mpq_set_si(x, 0, 1);
  }
  mpq_clear(one);
}

static void eval_piece(mpq_ptr z, const fc_affine_piece *piece, mpq_srcptr x) {
  mpq_mul(z, piece->slope, x);
  mpq_add(z, z, piece->intercept);
}

/* x = where f and g meet; false unless that is inside the cell. */
static bool crossing(mpq_ptr x, const cell *c) {
  mpq_t difference;
  if (mpq_equal(c->f->slope, c->g->slope))
    return false;
  mpq_init(difference);
  mpq_sub(x, c->g->intercept, c->f->intercept);
  mpq_sub(difference, c->f->slope, c->g->slope);
  mpq_div(x, x, difference);
  mpq_clear(difference);
  return (!c->from || mpq_cmp(c->from, x) < 0) &&
         (!c->to || mpq_cmp(x, c->to) < 0);
}

/* f - g at x has the sign of the result. */
static int compare_at(const cell *c, mpq_srcptr x) {
  mpq_t y, z;
  mpq_inits(y, z, (mpq_ptr)NULL);
  eval_piece(y, c->f, x);
  eval_piece(z, c->g, x);
  int order = mpq_cmp(y, z);
  mpq_clears(y, z, (mpq_ptr)NULL);
  return order;
}

/* min or max: where f and g cross inside the cell, the one of smaller slope is
 * the larger one to the left, and the smaller one to the right. */
static fc_status extreme_cell(fc_piecewise *z, const cell *c, fc_op op) {
  mpq_t x;
  mpq_init(x);
  bool cross = crossing(x, c), f_first;
  if (cross) {
    f_first = mpq_cmp(c->f->slope, c->g->slope) < 0;
  } else {
    inside(x, c);
    f_first = compare_at(c, x) > 0;
  }
  if (op == FC_OP_MIN)
    f_first = !f_first;
  const fc_affine_piece *first = f_first ? c->f : c->g;
  const fc_affine_piece *second = f_first ? c->g : c->f;
  fc_status status = push(z, c->from, first->slope, first->intercept);
  if (!status && cross)
    status = push(z, x, second->slope, second->intercept);
  mpq_clear(x);
  return status;
}

/* |f| = max(f, -f). */
static fc_status absolute(fc_piecewise *z, const fc_piecewise *f) {
  fc_piecewise minus = {NULL, 0};
  fc_status status = scale_si(&minus, f, -1);
  if (!status)
    status = each_cell(z, f, &minus, FC_OP_MAX, extreme_cell);
  fc_piecewise_clear(&minus);
  return status;
}

/* --- nodes of the graph ------------------------------------------------- */

static fc_status multiply(fc_piecewise *z, const fc_piecewise *f,
                          const fc_piecewise *g) {
  if (constant_value(g))
    return scale(z, f, constant_value(g));
  return constant_value(f) ? scale(z, g, constant_value(f)) : FC_UNSUPPORTED;
}

static fc_status divide(fc_piecewise *z, const fc_piecewise *f,
                        const fc_piecewise *g) {
  mpq_srcptr divisor = constant_value(g);
  if (!divisor)
    return FC_UNSUPPORTED;
  if (mpq_sgn(divisor) == 0)
    return FC_VALUE;
  mpq_t q;
  mpq_init(q);
  mpq_inv(q, divisor);
  fc_status status = scale(z, f, q);
  mpq_clear(q);
  return status;
}

/* z = the node, from its operands, which stand in `all`. */
static fc_status read_node(fc_piecewise *z, const fc_formula *formula,
                           const fc_node *node, const fc_piecewise *all) {
  const fc_piecewise *f = node->left == FC_NO_NODE ? NULL : all + node->left;
  const fc_piecewise *g = node->right == FC_NO_NODE ? NULL : all + node->right;
  switch (node->op) {
  case FC_OP_NUMBER:
    return push_si(z, 0, formula->numbers[node->n]);
  case FC_OP_VARIABLE:
    return node->n == 0 ? push_si(z, 1, NULL) : FC_UNSUPPORTED;
  case FC_OP_NEG:
    return scale_si(z, f, -1);
  case FC_OP_ADD:
  case FC_OP_SUB:
    return each_cell(z, f, g, node->op, add_cell);
  case FC_OP_MUL:
    return multiply(z, f, g);
  case FC_OP_DIV:
    return divide(z, f, g);
  case FC_OP_ABS:
    return absolute(z, f);
  case FC_OP_MIN:
  case FC_OP_MAX:
    return each_cell(z, f, g, node->op, extreme_cell);
  default:
    return FC_UNSUPPORTED;
  }
}

/* Says what about node number i is wrong. */
static fc_status explain(const fc_formula *formula, size_t i, fc_status status,
                         fc_error *error) {
  fc_formula *part = NULL;
  char quoted[64];
  if (status == FC_MEMORY ||
      fc_graph_extract(&part, formula, (fc_node_id)i, NULL, NULL))
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_utf8_quote(quoted, sizeof quoted, fc_formula_text(part));
  fc_formula_free(part);
  if (status == FC_LIMIT)
    return fc_fail(error, status,
                   "\"%s\" has more than %d breaks or numbers of more than %d "
                   "bits",
                   quoted, FC_PIECEWISE_MAX_BREAKS, FC_PIECEWISE_MAX_BITS);
  if (status == FC_VALUE)
    return fc_fail(error, status, "\"%s\" divides by zero", quoted);
  return fc_fail(error, status,
                 "\"%s\" is not piecewise affine with exact rational "
                 "coefficients; supported: rational numbers, x, +, -, products "
                 "with and quotients by constants, abs, min, max",
                 quoted);
}

fc_status fc_piecewise_init(fc_piecewise *function, const fc_formula *formula,
                            fc_error *error) {
  if (formula->count > FC_PIECEWISE_MAX_NODES)
    return fc_fail(error, FC_LIMIT,
                   "the formula has %zu operations and operands; at most %d "
                   "are possible",
                   formula->count, FC_PIECEWISE_MAX_NODES);
  fc_piecewise *all = calloc(formula->count, sizeof *all);
  if (!all)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_status status = FC_OK;
  for (size_t i = 0; i < formula->count && !status; i++) {
    status = read_node(all + i, formula, &formula->nodes[i], all);
    if (status)
      status = explain(formula, i, status, error);
  }
  if (status == FC_OK) {
    *function = all[formula->root];
    all[formula->root] = (fc_piecewise){NULL, 0};
  }
  for (size_t i = 0; i < formula->count; i++)
    fc_piecewise_clear(all + i);
  free(all);
  return status;
}

/* --- questions ---------------------------------------------------------- */

void fc_piecewise_eval(mpq_ptr z, const fc_piecewise *function, mpq_srcptr x) {
  size_t i = 0;
  while (i + 1 < function->count &&
         mpq_cmp(function->pieces[i + 1].from, x) < 0)
    i++;
  eval_piece(z, &function->pieces[i], x);
}

void fc_piecewise_lipschitz(mpq_ptr z, const fc_piecewise *function) {
  mpq_t size;
  mpq_init(size);
  mpq_set_si(z, 0, 1);
  for (size_t i = 0; i < function->count; i++) {
    mpq_abs(size, function->pieces[i].slope);
    if (mpq_cmp(size, z) > 0)
      mpq_set(z, size);
  }
  mpq_clear(size);
}

/* No slope is followed by one on the other side of it. */
static bool slopes_go(const fc_piecewise *function, int direction) {
  for (size_t i = 1; i < function->count; i++)
    if (direction *
            mpq_cmp(function->pieces[i].slope, function->pieces[i - 1].slope) <
        0)
      return false;
  return true;
}

bool fc_piecewise_is_convex(const fc_piecewise *function) {
  return slopes_go(function, 1);
}

bool fc_piecewise_is_concave(const fc_piecewise *function) {
  return slopes_go(function, -1);
}
