#include "formula/branches.h"

#include <stdlib.h>

#include "formula/graph.h"
#include "formula/piecewise.h"

void fc_branches_clear(fc_branches *branches) {
  for (size_t i = 0; branches->formulas && i < branches->count; i++)
    fc_formula_free(branches->formulas[i]);
  for (size_t i = 0; branches->kinks && i + 1 < branches->count; i++)
    mpq_clear(branches->kinks[i]);
  free(branches->formulas);
  free(branches->kinks);
  *branches = (fc_branches){0, NULL, NULL};
}

/* What stands for a node: count = 0 where the node stays as it is. */
typedef struct workshop {
  const fc_formula *formula;
  fc_piecewise *parts; /* one a node */
  mpq_t *kinks;        /* sorted, FC_BRANCHES_MAX of them */
  size_t kink_count;
} workshop;

static bool has_kink(const fc_node *node) {
  return node->op == FC_OP_ABS || node->op == FC_OP_MIN ||
         node->op == FC_OP_MAX;
}

/* Keeps the kinks sorted, each once. */
static fc_status add_kink(workshop *w, mpq_srcptr kink) {
  size_t at = 0;
  while (at < w->kink_count && mpq_cmp(w->kinks[at], kink) < 0)
    at++;
  if (at < w->kink_count && mpq_equal(w->kinks[at], kink))
    return FC_OK;
  if (w->kink_count == FC_BRANCHES_MAX - 1)
    return FC_LIMIT;
  mpq_set(w->kinks[w->kink_count], kink);
  for (size_t i = w->kink_count++; i > at; i--)
    mpq_swap(w->kinks[i], w->kinks[i - 1]);
  return FC_OK;
}

/* Node i as a piecewise affine function. */
static fc_status read_part(workshop *w, size_t i, fc_error *error) {
  fc_formula *part = NULL;
  fc_status status =
      fc_graph_extract(&part, w->formula, (fc_node_id)i, NULL, error);
  if (status)
    return status;
  if (part->name_count > 0 && fc_formula_depends(part, part->names[0]))
    status = fc_piecewise_init(w->parts + i, part, error);
  fc_formula_free(part);
  for (size_t j = 1; j < w->parts[i].count && !status; j++)
    if (add_kink(w, w->parts[i].pieces[j].from))
      status =
          fc_fail(error, FC_LIMIT, "more than %d kinks", FC_BRANCHES_MAX - 1);
  return status;
}

static fc_node_id mapped(const fc_node_id *map, fc_node_id node) {
  return node == FC_NO_NODE ? FC_NO_NODE : map[node];
}

/* The affine function that part is between the kinks number `branch` - 1 and
 * `branch`, which are breaks of it or nothing. */
static fc_node_id affine(fc_formula *g, const workshop *w,
                         const fc_piecewise *part, size_t branch) {
  size_t j = 0;
  while (branch > 0 && j + 1 < part->count &&
         mpq_cmp(part->pieces[j + 1].from, w->kinks[branch - 1]) <= 0)
    j++;
  fc_node_id x = fc_graph_node(g, FC_OP_VARIABLE, FC_NO_NODE, FC_NO_NODE, 0);
  fc_node_id slope = fc_graph_number(g, part->pieces[j].slope);
  fc_node_id intercept = fc_graph_number(g, part->pieces[j].intercept);
  return fc_build_add(g, fc_build_mul(g, slope, x), intercept);
}

static fc_status make_branch(fc_formula **out, const workshop *w, size_t branch,
                             fc_error *error) {
  const fc_formula *f = w->formula;
  fc_formula *g = fc_graph_new((const char *const *)f->names, f->name_count);
  fc_node_id *map = malloc(f->count * sizeof *map);
  if (!g || !map) {
    fc_formula_free(g);
    free(map);
    return fc_fail(error, FC_MEMORY, "out of memory");
  }
  for (size_t i = 0; i < f->count; i++) {
    const fc_node *node = &f->nodes[i];
    if (w->parts[i].count > 0)
      map[i] = affine(g, w, w->parts + i, branch);
    else if (node->op == FC_OP_NUMBER)
      map[i] = fc_graph_number(g, f->numbers[node->n]);
    else
      map[i] = fc_build_like(g, node, mapped(map, node->left),
                             mapped(map, node->right));
  }
  fc_node_id root = map[f->root];
  free(map);
  return fc_graph_finish(out, g, root, NULL, error);
}

static fc_status make_all(fc_branches *branches, const workshop *w,
                          fc_error *error) {
  fc_branches made = {w->kink_count + 1, NULL, NULL};
  made.formulas = calloc(made.count, sizeof *made.formulas);
  made.kinks = calloc(made.count, sizeof *made.kinks);
  if (!made.formulas || !made.kinks) {
    free(made.formulas);
    free(made.kinks);
    return fc_fail(error, FC_MEMORY, "out of memory");
  }
  for (size_t i = 0; i < w->kink_count; i++) {
    mpq_init(made.kinks[i]);
    mpq_set(made.kinks[i], w->kinks[i]);
  }
  fc_status status = FC_OK;
  for (size_t i = 0; i < made.count && !status; i++)
    status = make_branch(made.formulas + i, w, i, error);
  if (status)
    fc_branches_clear(&made);
  else
    *branches = made;
  return status;
}

fc_status fc_branches_init(fc_branches *branches, const fc_formula *formula,
                           fc_error *error) {
  mpq_t kinks[FC_BRANCHES_MAX];
  workshop w = {formula, calloc(formula->count, sizeof *w.parts), kinks, 0};
  if (!w.parts)
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < FC_BRANCHES_MAX; i++)
    mpq_init(kinks[i]);
  fc_status status = FC_OK;
  for (size_t i = 0; i < formula->count && !status; i++)
    if (has_kink(formula->nodes + i))
      status = read_part(&w, i, error);
  if (!status)
    status = make_all(branches, &w, error);
  for (size_t i = 0; i < formula->count; i++)
    fc_piecewise_clear(w.parts + i);
  for (size_t i = 0; i < FC_BRANCHES_MAX; i++)
    mpq_clear(kinks[i]);
  free(w.parts);
  return status;
}
