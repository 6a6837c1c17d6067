/* Small questions to formulas, and formulas made without text. */
#include <stdlib.h>

#include "formula/graph.h"

const char *fc_formula_text(const fc_formula *formula) { return formula->text; }

bool fc_formula_depends(const fc_formula *formula, const char *name) {
  long index = fc_graph_name(formula, name);
  for (size_t i = 0; index >= 0 && i < formula->count; i++)
    if (formula->nodes[i].op == FC_OP_VARIABLE && formula->nodes[i].n == index)
      return true;
  return false;
}

bool fc_formula_is_constant(const fc_formula *formula) {
  for (size_t i = 0; i < formula->count; i++)
    if (formula->nodes[i].op == FC_OP_VARIABLE)
      return false;
  return true;
}

bool fc_formula_get_mpq(mpq_ptr q, const fc_formula *formula) {
  mpq_srcptr number = fc_graph_get(formula, formula->root);
  if (number)
    mpq_set(q, number);
  return number != NULL;
}

fc_status fc_formula_copy(fc_formula **copy, const fc_formula *formula) {
  return fc_graph_extract(copy, formula, formula->root, formula->text, NULL);
}

fc_status fc_formula_substitute(fc_formula **result, const fc_formula *formula,
                                const char *name, const fc_formula *value,
                                fc_error *error) {
  long variable = fc_graph_name(formula, name);
  if (variable < 0)
    return fc_fail(error, FC_NAME, "the formula has no variable '%s'", name);
  if (!fc_formula_is_constant(value))
    return fc_fail(error, FC_VALUE, "'%s' is no constant", value->text);
  fc_node_id *map = malloc(formula->count * sizeof *map);
  fc_node_id *value_map = malloc(value->count * sizeof *value_map);
  fc_formula *graph =
      fc_graph_new((const char *const *)formula->names, formula->name_count);
  fc_status status = FC_MEMORY;
  if (map && value_map && graph) {
    fc_graph_import(graph, value, value_map, -1, FC_NO_NODE);
    fc_graph_import(graph, formula, map, variable, value_map[value->root]);
    status = fc_graph_finish(result, graph, map[formula->root], NULL, error);
    graph = NULL;
  } else {
    fc_fail(error, status, "out of memory");
  }
  fc_formula_free(graph);
  free(value_map);
  free(map);
  return status;
}

fc_status fc_constant_new_mpq(fc_formula **constant, mpq_srcptr q) {
  fc_formula *graph = fc_graph_new(NULL, 0);
  if (!graph)
    return FC_MEMORY;
  return fc_graph_finish(constant, graph, fc_graph_number(graph, q), NULL,
                         NULL);
}

fc_status fc_constant_new_si(fc_formula **constant, long n, long d) {
  if (d <= 0)
    return FC_VALUE;
  mpq_t q;
  mpq_init(q);
  mpq_set_si(q, n, (unsigned long)d);
  mpq_canonicalize(q);
  fc_status status = fc_constant_new_mpq(constant, q);
  mpq_clear(q);
  return status;
}
