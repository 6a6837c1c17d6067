/* Products that hold both of two variables get one variable for the pair. */
#include <stdlib.h>

#include "formula/graph.h"

/* Multiplicities of the factors of a product stay below this. */
#define MAX_MULTIPLICITY 1000000L

/* The flattened factors of one product: how often each node stands above and
 * below the fraction bar. */
typedef struct factors {
  const fc_formula *f;
  long *above, *below; /* f->count each, zero between uses */
  bool negative;
  bool overflow;
} factors;

static void count_factor(factors *p, fc_node_id node, long above, long below) {
  p->above[node] += above;
  p->below[node] += below;
  if (p->above[node] > MAX_MULTIPLICITY || p->below[node] > MAX_MULTIPLICITY)
    p->overflow = true;
}

/* Moves the multiplicity of a product on to its operands; false: a factor. */
static bool open_product(factors *p, fc_node_id i) {
  const fc_node *node = &p->f->nodes[i];
  long above = p->above[i], below = p->below[i];
  long n = node->op == FC_OP_POW_SI ? node->n : 1;
  switch (node->op) {
  case FC_OP_MUL:
    count_factor(p, node->right, above, below);
    break;
  case FC_OP_DIV:
    count_factor(p, node->right, below, above);
    break;
  case FC_OP_NEG:
    p->negative ^= (above + below) % 2 != 0;
    break;
  case FC_OP_POW_SI:
    if (n < 0 || n > MAX_MULTIPLICITY)
      return false;
    break;
  default:
    return false;
  }
  count_factor(p, node->left, above * n, below * n);
  p->above[i] = p->below[i] = 0;
  return true;
}

static void flatten(factors *p, fc_node_id root) {
  p->negative = p->overflow = false;
  p->above[root] = 1;
  for (fc_node_id i = root + 1; i-- > 0 && !p->overflow;)
    if (p->above[i] || p->below[i])
      open_product(p, i);
}

static void forget(factors *p, fc_node_id root) {
  for (fc_node_id i = 0; i <= root; i++)
    p->above[i] = p->below[i] = 0;
}

/* Takes the pairs out of multiplicities; returns their number. */
static long take_pairs(long *m, fc_node_id first, fc_node_id second) {
  long pairs = m[first] < m[second] ? m[first] : m[second];
  m[first] -= pairs;
  m[second] -= pairs;
  return pairs;
}

/* fused^pairs times the remaining factors, mapped into g */
static fc_node_id multiply(fc_formula *g, const long *m, fc_node_id root,
                           const fc_node_id *map, fc_node_id fused,
                           long pairs) {
  fc_node_id z = fc_build_pow_si(g, fused, pairs);
  for (fc_node_id i = root + 1; i-- > 0;)
    if (m[i])
      z = fc_build_mul(g, fc_build_pow_si(g, map[i], m[i]), z);
  return z;
}

/* What the walk over the graph needs. */
typedef struct fusion {
  const fc_formula *f;
  fc_formula *g;
  fc_node_id first, second; /* in f */
  fc_node_id fused;         /* in g */
  fc_node_id *map;
  factors product;
} fusion;

/* The place in g of a product of f that holds the pair, or FC_NO_NODE. */
static fc_node_id fuse_product(fusion *s, fc_node_id i) {
  factors *p = &s->product;
  fc_node_id z = FC_NO_NODE;
  flatten(p, i);
  if (p->overflow) {
    forget(p, i);
    return fc_graph_fail(s->g, FC_LIMIT);
  }
  long above = take_pairs(p->above, s->first, s->second);
  long below = take_pairs(p->below, s->first, s->second);
  if (above || below) {
    z = multiply(s->g, p->above, i, s->map, s->fused, above);
    z = fc_build_div(s->g, z,
                     multiply(s->g, p->below, i, s->map, s->fused, below));
    if (p->negative)
      z = fc_build_neg(s->g, z);
  }
  forget(p, i);
  return z;
}

static bool is_product(const fc_node *node) {
  return node->op == FC_OP_MUL || node->op == FC_OP_DIV ||
         node->op == FC_OP_NEG || node->op == FC_OP_POW_SI;
}

static fc_node_id find_variable(const fc_formula *f, const char *name) {
  long index = fc_graph_name(f, name);
  for (size_t i = 0; i < f->count; i++)
    if (f->nodes[i].op == FC_OP_VARIABLE && f->nodes[i].n == index)
      return (fc_node_id)i;
  return FC_NO_NODE;
}

static void walk(fusion *s) {
  for (size_t i = 0; i < s->f->count && s->g->status == FC_OK; i++) {
    const fc_node *node = &s->f->nodes[i];
    fc_node_id left = node->left == FC_NO_NODE ? 0 : s->map[node->left];
    fc_node_id right = node->right == FC_NO_NODE ? 0 : s->map[node->right];
    fc_node_id z = FC_NO_NODE;
    if (is_product(node) && i > s->first && i > s->second)
      z = fuse_product(s, (fc_node_id)i);
    if (z == FC_NO_NODE && node->op == FC_OP_NUMBER)
      z = fc_graph_number(s->g, s->f->numbers[node->n]);
    else if (z == FC_NO_NODE)
      z = fc_build_like(s->g, node, left, right);
    s->map[i] = z;
  }
}

static fc_status fuse(fc_formula **result, fusion *s, long fused,
                      fc_error *error) {
  size_t count = s->f->count;
  s->map = malloc(count * sizeof *s->map);
  s->product.f = s->f;
  s->product.above = calloc(count, sizeof *s->product.above);
  s->product.below = calloc(count, sizeof *s->product.below);
  fc_status status = FC_MEMORY;
  if (s->map && s->product.above && s->product.below) {
    s->fused =
        fc_graph_node(s->g, FC_OP_VARIABLE, FC_NO_NODE, FC_NO_NODE, fused);
    walk(s);
    fc_node_id root = s->g->status == FC_OK ? s->map[s->f->root] : FC_NO_NODE;
    status = fc_graph_extract(result, s->g, root, NULL, error);
  } else {
    fc_fail(error, status, "out of memory");
  }
  free(s->map);
  free(s->product.above);
  free(s->product.below);
  return status;
}

fc_status fc_formula_fuse(fc_formula **fused_formula, const fc_formula *formula,
                          const char *first, const char *second,
                          const char *fused, fc_error *error) {
  long index = fc_graph_name(formula, fused);
  if (index < 0)
    return fc_fail(error, FC_NAME, "the formula has no variable '%s'", fused);
  fusion s = {.f = formula,
              .first = find_variable(formula, first),
              .second = find_variable(formula, second)};
  if (s.first == FC_NO_NODE || s.second == FC_NO_NODE || s.first == s.second)
    return fc_formula_copy(fused_formula, formula);
  s.g = fc_graph_new((const char *const *)formula->names, formula->name_count);
  if (!s.g)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_status status = fuse(fused_formula, &s, index, error);
  fc_formula_free(s.g);
  return status;
}
