/* Constructors that simplify lightly: rationals fold, coefficients come out in
 * front, signs move outwards.  Nothing here changes where a formula is
 * defined; 0 x becomes 0 only where x is visibly finite. */
#include "formula/graph.h"

#include <limits.h>

#define MAX_POWER 1000000000L
#define MAX_ROOT 64
#define PI_DEPTH 8

static bool is_op(const fc_formula *g, fc_node_id x, fc_op op) {
  return g->nodes[x].op == op;
}

static bool is_si(const fc_formula *g, fc_node_id x, long n) {
  mpq_srcptr q = fc_graph_get(g, x);
  return q && mpq_cmp_si(q, n, 1) == 0;
}

static bool bad(const fc_formula *g, fc_node_id x, fc_node_id y) {
  return g->status != FC_OK || x == FC_NO_NODE || y == FC_NO_NODE;
}

/* --- folding ---------------------------------------------------------- */

typedef void (*fold2)(mpq_ptr, mpq_srcptr, mpq_srcptr);

static fc_node_id folded(fc_formula *g, fold2 operation, mpq_srcptr x,
                         mpq_srcptr y) {
  mpq_t z;
  mpq_init(z);
  operation(z, x, y);
  fc_node_id node = fc_graph_number(g, z);
  mpq_clear(z);
  return node;
}

/* --- coefficients ----------------------------------------------------- */

/* x = q y with q rational for the numerator of a quotient; y = x where that has
 * no coefficient, FC_NO_NODE where x = q. */
static fc_node_id split_numerator(mpq_ptr q, const fc_formula *g,
                                  fc_node_id x) {
  mpq_srcptr number = fc_graph_get(g, x);
  if (number) {
    bool one = mpq_cmp_si(number, 1, 1) == 0;
    mpq_set(q, number);
    return one ? x : FC_NO_NODE;
  }
  if (!is_op(g, x, FC_OP_MUL) || !(number = fc_graph_get(g, g->nodes[x].left)))
    return x;
  mpq_set(q, number);
  return g->nodes[x].right;
}

/* x = q y with q rational; returns y, or FC_NO_NODE where x = q.  The forms
 * are those that scale() makes. */
static fc_node_id split_positive(mpq_ptr q, fc_formula *g, fc_node_id x) {
  fc_node node = g->nodes[x];
  mpq_srcptr number = fc_graph_get(g, x);
  mpq_set_si(q, 1, 1);
  if (number) {
    mpq_set(q, number);
    return FC_NO_NODE;
  }
  if (node.op == FC_OP_MUL && (number = fc_graph_get(g, node.left))) {
    mpq_set(q, number);
    return node.right;
  }
  if (node.op != FC_OP_DIV)
    return x;
  number = fc_graph_get(g, node.right);
  if (number && mpq_sgn(number) != 0) {
    mpq_inv(q, number);
    return node.left;
  }
  fc_node_id rest = split_numerator(q, g, node.left);
  if (rest == node.left)
    return x;
  if (rest == FC_NO_NODE)
    rest = fc_graph_si(g, 1);
  return fc_graph_node(g, FC_OP_DIV, rest, node.right, 0);
}

static fc_node_id split(mpq_ptr q, fc_formula *g, fc_node_id x) {
  if (!is_op(g, x, FC_OP_NEG))
    return split_positive(q, g, x);
  x = split_positive(q, g, g->nodes[x].left);
  mpq_neg(q, q);
  return x;
}

static fc_node_id times(fc_formula *g, mpq_srcptr q, fc_node_id y) {
  fc_node_id number = fc_graph_number(g, q);
  if (is_si(g, y, 1))
    return number;
  return fc_graph_node(g, FC_OP_MUL, number, y, 0);
}

/* q y in its one form: y, -y, y/n, -(y/n), q*y, or q*u/v where y = u/v. */
static fc_node_id scale(fc_formula *g, mpq_srcptr q, fc_node_id y) {
  if (y == FC_NO_NODE)
    return fc_graph_number(g, q);
  if (mpq_sgn(q) == 0 && g->nodes[y].total)
    return fc_graph_si(g, 0);
  fc_node node = g->nodes[y];
  bool unit = mpz_cmpabs_ui(mpq_numref(q), 1) == 0;
  bool integer = mpz_cmp_ui(mpq_denref(q), 1) == 0;
  if (node.op == FC_OP_DIV && !fc_graph_get(g, node.right) &&
      !(unit && integer && !is_si(g, node.left, 1)))
    return fc_graph_node(g, FC_OP_DIV, times(g, q, node.left), node.right, 0);
  if (!unit)
    return times(g, q, y);
  bool negative = mpq_sgn(q) < 0;
  if (!integer) {
    mpq_t n;
    mpq_init(n);
    mpq_set_z(n, mpq_denref(q));
    y = fc_graph_node(g, FC_OP_DIV, y, fc_graph_number(g, n), 0);
    mpq_clear(n);
  }
  return negative ? fc_graph_node(g, FC_OP_NEG, y, FC_NO_NODE, 0) : y;
}

/* True where split() gives a negative coefficient. */
static bool has_minus(const fc_formula *g, fc_node_id x) {
  fc_op op = g->nodes[x].op;
  if (op == FC_OP_NEG)
    return true;
  if (op == FC_OP_DIV)
    x = g->nodes[x].left;
  if (g->nodes[x].op == FC_OP_MUL)
    x = g->nodes[x].left;
  mpq_srcptr q = fc_graph_get(g, x);
  return q && mpq_sgn(q) < 0;
}

/* --- sums ------------------------------------------------------------- */

fc_node_id fc_build_neg(fc_formula *g, fc_node_id x) {
  if (bad(g, x, x))
    return FC_NO_NODE;
  if (is_op(g, x, FC_OP_SUB))
    return fc_build_sub(g, g->nodes[x].right, g->nodes[x].left);
  mpq_t q;
  mpq_init(q);
  fc_node_id y = split(q, g, x);
  mpq_neg(q, q);
  if (g->status == FC_OK)
    y = scale(g, q, y);
  mpq_clear(q);
  return y;
}

fc_node_id fc_build_add(fc_formula *g, fc_node_id x, fc_node_id y) {
  if (bad(g, x, y))
    return FC_NO_NODE;
  mpq_srcptr p = fc_graph_get(g, x), q = fc_graph_get(g, y);
  if (p && q)
    return folded(g, mpq_add, p, q);
  if (is_si(g, x, 0))
    return y;
  if (is_si(g, y, 0))
    return x;
  if (x == y)
    return fc_build_mul(g, fc_graph_si(g, 2), x);
  if (has_minus(g, y))
    return fc_build_sub(g, x, fc_build_neg(g, y));
  if (has_minus(g, x) && !p)
    return fc_build_sub(g, y, fc_build_neg(g, x));
  return fc_graph_node(g, FC_OP_ADD, x, y, 0);
}

fc_node_id fc_build_sub(fc_formula *g, fc_node_id x, fc_node_id y) {
  if (bad(g, x, y))
    return FC_NO_NODE;
  mpq_srcptr p = fc_graph_get(g, x), q = fc_graph_get(g, y);
  if (p && q)
    return folded(g, mpq_sub, p, q);
  if (is_si(g, y, 0))
    return x;
  if (is_si(g, x, 0))
    return fc_build_neg(g, y);
  if (x == y && g->nodes[x].total)
    return fc_graph_si(g, 0);
  if (has_minus(g, y))
    return fc_build_add(g, x, fc_build_neg(g, y));
  return fc_graph_node(g, FC_OP_SUB, x, y, 0);
}

/* --- products --------------------------------------------------------- */

/* x = base^n with n >= 1 */
static fc_node_id base_of(const fc_formula *g, fc_node_id x, long *n) {
  const fc_node *node = &g->nodes[x];
  *n = 1;
  if (node->op != FC_OP_POW_SI || node->n < 0)
    return x;
  *n = node->n;
  return node->left;
}

static fc_node_id product(fc_formula *g, fc_node_id x, fc_node_id y) {
  long m, n;
  fc_node_id base = base_of(g, x, &m);
  if (base == base_of(g, y, &n) && m + n <= MAX_POWER)
    return fc_build_pow_si(g, base, m + n);
  return fc_graph_node(g, FC_OP_MUL, x, y, 0);
}

fc_node_id fc_build_mul(fc_formula *g, fc_node_id x, fc_node_id y) {
  if (bad(g, x, y))
    return FC_NO_NODE;
  mpq_t p, q;
  mpq_inits(p, q, NULL);
  fc_node_id u = split(p, g, x), v = split(q, g, y);
  if (g->status != FC_OK) {
    mpq_clears(p, q, NULL);
    return FC_NO_NODE;
  }
  mpq_mul(p, p, q);
  fc_node_id core = u == FC_NO_NODE   ? v
                    : v == FC_NO_NODE ? u
                                      : product(g, u, v);
  fc_node_id z = FC_NO_NODE;
  if (g->status == FC_OK && core != FC_NO_NODE && fc_graph_get(g, core)) {
    mpq_mul(p, p, fc_graph_get(g, core)); /* sqrt(2)*sqrt(2) */
    core = FC_NO_NODE;
  }
  if (g->status == FC_OK)
    z = scale(g, p, core);
  mpq_clears(p, q, NULL);
  return z;
}

fc_node_id fc_build_div(fc_formula *g, fc_node_id x, fc_node_id y) {
  if (bad(g, x, y))
    return FC_NO_NODE;
  if (is_si(g, y, 0))
    return fc_graph_node(g, FC_OP_DIV, x, y, 0); /* undefined; stays so */
  mpq_t p, q;
  mpq_inits(p, q, NULL);
  fc_node_id u = split(p, g, x), v = split(q, g, y);
  if (g->status != FC_OK) {
    mpq_clears(p, q, NULL);
    return FC_NO_NODE;
  }
  fc_node_id core = u;
  if (mpq_sgn(q) == 0) { /* a product 0 y that was not folded */
    mpq_set_si(q, 1, 1);
    v = y;
  }
  mpq_div(p, p, q);
  if (v != FC_NO_NODE && u == FC_NO_NODE) { /* p/v */
    core = fc_graph_node(g, FC_OP_DIV, fc_graph_number(g, p), v, 0);
    mpq_set_si(p, 1, 1);
  } else if (v != FC_NO_NODE) {
    core = fc_graph_node(g, FC_OP_DIV, u, v, 0);
  }
  fc_node_id z = g->status == FC_OK ? scale(g, p, core) : FC_NO_NODE;
  mpq_clears(p, q, NULL);
  return z;
}

/* --- powers ----------------------------------------------------------- */

fc_node_id fc_build_pow_si(fc_formula *g, fc_node_id x, long n) {
  if (bad(g, x, x))
    return FC_NO_NODE;
  if (n == 0)
    return fc_graph_si(g, 1);
  if (n == 1)
    return x;
  mpq_srcptr q = fc_graph_get(g, x);
  if (q && (n > 0 || mpq_sgn(q) != 0)) {
    mpq_t z;
    mpq_init(z);
    fc_node_id node = fc_fold_pow_si(z, q, n) ? fc_graph_number(g, z)
                                              : fc_graph_fail(g, FC_LIMIT);
    mpq_clear(z);
    return node;
  }
  const fc_node *node = &g->nodes[x];
  q = fc_graph_get(g, node->left);
  if (node->op == FC_OP_SQRT && n % 2 == 0 && q && mpq_sgn(q) > 0)
    return fc_build_pow_si(g, node->left, n / 2);
  if (node->op == FC_OP_NEG && n % 2 == 0)
    x = node->left;
  return fc_graph_node(g, FC_OP_POW_SI, x, FC_NO_NODE, n);
}

/* x^(p/n) for rational x >= 0 where that is rational */
static fc_node_id exact_power(fc_formula *g, mpq_srcptr x, mpq_srcptr y) {
  if (!mpz_fits_slong_p(mpq_numref(y)) ||
      mpz_cmp_ui(mpq_denref(y), MAX_ROOT) > 0)
    return FC_NO_NODE;
  fc_node_id node = FC_NO_NODE;
  long p = mpz_get_si(mpq_numref(y));
  mpq_t root;
  mpq_init(root);
  if (fc_fold_root(root, x, mpz_get_ui(mpq_denref(y))) &&
      (p > 0 || mpq_sgn(root) != 0))
    node = fc_build_pow_si(g, fc_graph_number(g, root), p);
  mpq_clear(root);
  return node;
}

fc_node_id fc_build_pow(fc_formula *g, fc_node_id x, fc_node_id y) {
  if (bad(g, x, y))
    return FC_NO_NODE;
  mpq_srcptr p = fc_graph_get(g, x), q = fc_graph_get(g, y);
  bool integer = q && mpz_cmp_ui(mpq_denref(q), 1) == 0;
  if (integer && mpz_cmpabs_ui(mpq_numref(q), MAX_POWER) <= 0)
    return fc_build_pow_si(g, x, mpz_get_si(mpq_numref(q)));
  if (integer && p)
    return fc_graph_fail(g, FC_LIMIT);
  if (q && mpq_cmp_si(q, 1, 2) == 0)
    return fc_build_function(g, FC_OP_SQRT, x);
  fc_node_id exact = p && q ? exact_power(g, p, q) : FC_NO_NODE;
  if (exact != FC_NO_NODE || g->status != FC_OK)
    return exact;
  return fc_graph_node(g, FC_OP_POW, x, y, 0);
}

/* --- functions -------------------------------------------------------- */

fc_node_id fc_build_min_max(fc_formula *g, fc_op op, fc_node_id x,
                            fc_node_id y) {
  if (bad(g, x, y))
    return FC_NO_NODE;
  mpq_srcptr p = fc_graph_get(g, x), q = fc_graph_get(g, y);
  if (p && q)
    return (mpq_cmp(p, q) < 0) == (op == FC_OP_MIN) ? x : y;
  return x == y ? x : fc_graph_node(g, op, x, y, 0);
}

/* x/pi where x is visibly a multiple of pi, otherwise FC_NO_NODE. */
static fc_node_id over_pi(fc_formula *g, fc_node_id x, int depth) {
  fc_node node = g->nodes[x];
  if (node.op == FC_OP_PI)
    return fc_graph_si(g, 1);
  if (depth == 0 ||
      (node.op != FC_OP_NEG && node.op != FC_OP_MUL && node.op != FC_OP_DIV))
    return FC_NO_NODE;
  fc_node_id left = over_pi(g, node.left, depth - 1);
  if (left != FC_NO_NODE)
    return fc_build_like(g, &node, left, node.right);
  if (node.op != FC_OP_MUL)
    return FC_NO_NODE;
  fc_node_id right = over_pi(g, node.right, depth - 1);
  return right == FC_NO_NODE ? FC_NO_NODE : fc_build_mul(g, node.left, right);
}

/* tan(pi q) for q = 0, 1/4, 3/4 modulo 1 */
static bool tangent(mpq_ptr z, mpq_srcptr q) {
  bool known = mpz_cmp_ui(mpq_denref(q), 1) == 0;
  mpq_set_si(z, 0, 1);
  if (mpz_cmp_ui(mpq_denref(q), 4) == 0) {
    mpq_set_si(z, mpz_fdiv_ui(mpq_numref(q), 4) == 1 ? 1 : -1, 1);
    known = true;
  }
  return known;
}

/* sin, cos, tan of multiples of pi; FC_NO_NODE where x is none */
static fc_node_id circular(fc_formula *g, fc_op op, fc_node_id x) {
  fc_node_id y = over_pi(g, x, PI_DEPTH);
  if (y == FC_NO_NODE)
    return FC_NO_NODE;
  if (op == FC_OP_SIN || op == FC_OP_COS)
    return fc_build_function(g, op == FC_OP_SIN ? FC_OP_SIN_PI : FC_OP_COS_PI,
                             y);
  fc_node_id node = FC_NO_NODE;
  mpq_t z;
  mpq_init(z);
  if (fc_graph_get(g, y) && tangent(z, fc_graph_get(g, y)))
    node = fc_graph_number(g, z);
  mpq_clear(z);
  return node;
}

fc_node_id fc_build_function(fc_formula *g, fc_op op, fc_node_id x) {
  if (bad(g, x, x))
    return FC_NO_NODE;
  mpq_srcptr q = fc_graph_get(g, x);
  if (q) {
    mpq_t z;
    mpq_init(z);
    bool exact = fc_fold_function(z, op, q);
    fc_node_id node = exact ? fc_graph_number(g, z) : FC_NO_NODE;
    mpq_clear(z);
    if (exact)
      return node;
  }
  if (op == FC_OP_SIN || op == FC_OP_COS || op == FC_OP_TAN) {
    fc_node_id node = circular(g, op, x);
    if (node != FC_NO_NODE)
      return node;
  }
  return fc_graph_node(g, op, x, FC_NO_NODE, 0);
}

fc_node_id fc_build_like(fc_formula *g, const fc_node *node, fc_node_id x,
                         fc_node_id y) {
  switch (node->op) {
  case FC_OP_NUMBER: /* numbers belong to their graph: see fc_graph_import */
    return fc_graph_fail(g, FC_INTERNAL);
  case FC_OP_PI:
  case FC_OP_VARIABLE:
    return fc_graph_node(g, node->op, FC_NO_NODE, FC_NO_NODE, node->n);
  case FC_OP_NEG:
    return fc_build_neg(g, x);
  case FC_OP_POW_SI:
    return fc_build_pow_si(g, x, node->n);
  case FC_OP_ADD:
    return fc_build_add(g, x, y);
  case FC_OP_SUB:
    return fc_build_sub(g, x, y);
  case FC_OP_MUL:
    return fc_build_mul(g, x, y);
  case FC_OP_DIV:
    return fc_build_div(g, x, y);
  case FC_OP_POW:
    return fc_build_pow(g, x, y);
  case FC_OP_MIN:
  case FC_OP_MAX:
    return fc_build_min_max(g, node->op, x, y);
  default:
    return fc_build_function(g, node->op, x);
  }
}
