#include <stdlib.h>

#include "formula/graph.h"

/* The square of a node from the squares s of its operands. */
static fc_node_id square_node(fc_formula *g, const fc_node *node,
                              fc_node_id same, const fc_node_id *s,
                              const fc_node_id *map) {
  switch (node->op) {
  case FC_OP_SQRT:
    return map[node->left];
  case FC_OP_NEG:
    return s[node->left];
  case FC_OP_MUL:
    return fc_build_mul(g, s[node->left], s[node->right]);
  case FC_OP_DIV:
    return fc_build_div(g, s[node->left], s[node->right]);
  case FC_OP_POW_SI:
    return fc_build_pow_si(g, s[node->left], node->n);
  default:
    return fc_build_pow_si(g, same, 2);
  }
}

/* Marks the factors of the root: squaring everything would meet limits that
 * the result does not. */
static void mark_factors(bool *wanted, const fc_formula *f) {
  wanted[f->root] = true;
  for (size_t i = f->count; i-- > 0;) {
    const fc_node *node = &f->nodes[i];
    bool product = node->op == FC_OP_MUL || node->op == FC_OP_DIV;
    bool single = node->op == FC_OP_NEG || node->op == FC_OP_POW_SI;
    if (wanted[i] && (product || single))
      wanted[node->left] = true;
    if (wanted[i] && product)
      wanted[node->right] = true;
  }
}

fc_status fc_formula_square(fc_formula **square, const fc_formula *formula,
                            fc_error *error) {
  size_t count = formula->count;
  fc_formula *g =
      fc_graph_new((const char *const *)formula->names, formula->name_count);
  fc_node_id *map = malloc(count * sizeof *map);
  fc_node_id *s = malloc(count * sizeof *s);
  bool *wanted = calloc(count, sizeof *wanted);
  fc_status status = FC_MEMORY;
  if (g && map && s && wanted) {
    fc_graph_import(g, formula, map, -1, FC_NO_NODE);
    mark_factors(wanted, formula);
    for (size_t i = 0; i < count && g->status == FC_OK; i++)
      if (wanted[i])
        s[i] = square_node(g, &formula->nodes[i], map[i], s, map);
    status = fc_graph_extract(
        square, g, g->status == FC_OK ? s[formula->root] : 0, NULL, error);
  } else {
    fc_fail(error, status, "out of memory");
  }
  fc_formula_free(g);
  free(map);
  free(s);
  free(wanted);
  return status;
}
