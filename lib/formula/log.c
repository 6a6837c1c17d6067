#include <stdlib.h>

#include "formula/graph.h"

static bool is_taken_apart(const fc_node *node) {
  return node->op == FC_OP_MUL || node->op == FC_OP_DIV ||
         node->op == FC_OP_POW_SI || node->op == FC_OP_SQRT;
}

/* The logarithm of a node from the logarithms l of its operands. */
static fc_node_id log_node(fc_formula *g, const fc_node *node, fc_node_id same,
                           const fc_node_id *l, const fc_node_id *map) {
  switch (node->op) {
  case FC_OP_EXP:
    return map[node->left];
  case FC_OP_SQRT:
    return fc_build_div(g, l[node->left], fc_graph_si(g, 2));
  case FC_OP_MUL:
    return fc_build_add(g, l[node->left], l[node->right]);
  case FC_OP_DIV:
    return fc_build_sub(g, l[node->left], l[node->right]);
  case FC_OP_POW_SI:
    return fc_build_mul(g, fc_graph_si(g, node->n), l[node->left]);
  default:
    return fc_build_function(g, FC_OP_LOG, same);
  }
}

/* Marks the factors of the root: other logarithms are not wanted. */
static void mark_factors(bool *wanted, const fc_formula *f) {
  wanted[f->root] = true;
  for (size_t i = f->count; i-- > 0;) {
    const fc_node *node = &f->nodes[i];
    if (!wanted[i] || !is_taken_apart(node))
      continue;
    wanted[node->left] = true;
    if (node->right != FC_NO_NODE)
      wanted[node->right] = true;
  }
}

fc_status fc_formula_log(fc_formula **logarithm, const fc_formula *formula,
                         fc_error *error) {
  size_t count = formula->count;
  fc_formula *g =
      fc_graph_new((const char *const *)formula->names, formula->name_count);
  fc_node_id *map = malloc(count * sizeof *map);
  fc_node_id *l = malloc(count * sizeof *l);
  bool *wanted = calloc(count, sizeof *wanted);
  fc_status status = FC_MEMORY;
  if (g && map && l && wanted) {
    fc_graph_import(g, formula, map, -1, FC_NO_NODE);
    mark_factors(wanted, formula);
    for (size_t i = 0; i < count && g->status == FC_OK; i++)
      if (wanted[i])
        l[i] = log_node(g, &formula->nodes[i], map[i], l, map);
    status = fc_graph_extract(
        logarithm, g, g->status == FC_OK ? l[formula->root] : 0, NULL, error);
  } else {
    fc_fail(error, status, "out of memory");
  }
  fc_formula_free(g);
  free(map);
  free(l);
  free(wanted);
  return status;
}
