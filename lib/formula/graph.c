#include "formula/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/text.h"

#define EMPTY FC_NO_NODE

static void free_names(char **names, size_t count) {
  if (names)
    for (size_t i = 0; i < count; i++)
      free(names[i]);
  free(names);
}

fc_formula *fc_graph_new(const char *const *names, size_t count) {
  fc_formula *graph = calloc(1, sizeof *graph);
  if (!graph)
    return NULL;
  graph->root = FC_NO_NODE;
  graph->names = calloc(count ? count : 1, sizeof *graph->names);
  graph->name_count = graph->names ? count : 0;
  bool complete = graph->names != NULL;
  for (size_t i = 0; complete && i < count; i++) {
    graph->names[i] = fc_strdup(names[i]);
    complete = graph->names[i] != NULL;
  }
  if (complete)
    return graph;
  fc_formula_free(graph);
  return NULL;
}

void fc_formula_free(fc_formula *formula) {
  if (!formula)
    return;
  for (size_t i = 0; i < formula->number_count; i++)
    mpq_clear(formula->numbers[i]);
  free_names(formula->names, formula->name_count);
  free(formula->text);
  free(formula->nodes);
  free(formula->numbers);
  free(formula->table);
  free(formula);
}

fc_node_id fc_graph_fail(fc_formula *graph, fc_status status) {
  if (graph->status == FC_OK)
    graph->status = status;
  return FC_NO_NODE;
}

mpq_srcptr fc_graph_get(const fc_formula *graph, fc_node_id node) {
  if (node == FC_NO_NODE || graph->nodes[node].op != FC_OP_NUMBER)
    return NULL;
  return graph->numbers[graph->nodes[node].n];
}

long fc_graph_name(const fc_formula *graph, const char *name) {
  for (size_t i = 0; i < graph->name_count; i++)
    if (strcmp(graph->names[i], name) == 0)
      return (long)i;
  return -1;
}

/* --- hash table ------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
  return hash ^ (hash >> 29);
}

static uint64_t hash_integer(uint64_t hash, mpz_srcptr z) {
  size_t limbs = mpz_size(z);
  hash = mix(hash, (uint64_t)(mpz_sgn(z) + 2));
  for (size_t i = 0; i < limbs; i++)
    hash = mix(hash, (uint64_t)mpz_getlimbn(z, (mp_size_t)i));
  return hash;
}

static uint64_t hash_number(mpq_srcptr q) {
  return hash_integer(hash_integer(1, mpq_numref(q)), mpq_denref(q));
}

static uint64_t hash_node(const fc_formula *graph, const fc_node *node) {
  if (node->op == FC_OP_NUMBER)
    return hash_number(graph->numbers[node->n]);
  uint64_t hash = mix(2, (uint64_t)node->op);
  hash = mix(hash, node->left);
  hash = mix(hash, node->right);
  return mix(hash, (uint64_t)node->n);
}

static void insert(fc_formula *graph, fc_node_id id) {
  size_t mask = graph->table_size - 1;
  size_t slot = (size_t)hash_node(graph, &graph->nodes[id]) & mask;
  while (graph->table[slot] != EMPTY)
    slot = (slot + 1) & mask;
  graph->table[slot] = id;
}

/* Keeps the table at most half full. */
static bool grow_table(fc_formula *graph) {
  if (2 * (graph->count + 1) <= graph->table_size)
    return true;
  size_t size = graph->table_size ? 2 * graph->table_size : 64;
  fc_node_id *table = malloc(size * sizeof *table);
  if (!table)
    return false;
  memset(table, 0xff, size * sizeof *table); /* EMPTY everywhere */
  free(graph->table);
  graph->table = table;
  graph->table_size = size;
  for (size_t i = 0; i < graph->count; i++)
    insert(graph, (fc_node_id)i);
  return true;
}

/* --- nodes ------------------------------------------------------------ */

/* Finite wherever the variables are, as far as the structure shows. */
static bool is_total(const fc_formula *graph, const fc_node *node) {
  mpq_srcptr left = fc_graph_get(graph, node->left);
  mpq_srcptr right = fc_graph_get(graph, node->right);
  bool operands =
      (node->left == FC_NO_NODE || graph->nodes[node->left].total) &&
      (node->right == FC_NO_NODE || graph->nodes[node->right].total);
  switch (node->op) {
  case FC_OP_SQRT:
    return left && mpq_sgn(left) >= 0;
  case FC_OP_LOG:
    return left && mpq_sgn(left) > 0;
  case FC_OP_DIV:
    return operands && right && mpq_sgn(right) != 0;
  case FC_OP_POW_SI:
    return operands && node->n >= 0;
  case FC_OP_TAN:
  case FC_OP_POW:
    return false;
  default:
    return operands;
  }
}

static fc_node_id append(fc_formula *graph, fc_node node) {
  if (graph->count >= FC_FORMULA_MAX_NODES)
    return fc_graph_fail(graph, FC_LIMIT);
  if (!fc_grow(&graph->nodes, &graph->capacity, graph->count,
               sizeof *graph->nodes))
    return fc_graph_fail(graph, FC_MEMORY);
  node.total = is_total(graph, &node);
  graph->nodes[graph->count] = node;
  insert(graph, (fc_node_id)graph->count);
  return (fc_node_id)graph->count++;
}

fc_node_id fc_graph_node(fc_formula *graph, fc_op op, fc_node_id left,
                         fc_node_id right, long n) {
  if (graph->status != FC_OK)
    return FC_NO_NODE;
  if (!grow_table(graph))
    return fc_graph_fail(graph, FC_MEMORY);
  fc_node node = {.op = op, .left = left, .right = right, .n = n};
  size_t mask = graph->table_size - 1;
  size_t slot = (size_t)hash_node(graph, &node) & mask;
  for (; graph->table[slot] != EMPTY; slot = (slot + 1) & mask) {
    const fc_node *other = &graph->nodes[graph->table[slot]];
    if (other->op == op && other->left == left && other->right == right &&
        other->n == n)
      return graph->table[slot];
  }
  return append(graph, node);
}

static bool reserve_number(fc_formula *graph) {
  return fc_grow(&graph->numbers, &graph->number_capacity, graph->number_count,
                 sizeof *graph->numbers);
}

fc_node_id fc_graph_number(fc_formula *graph, mpq_srcptr q) {
  if (graph->status != FC_OK)
    return FC_NO_NODE;
  if (!fc_fold_fits(q))
    return fc_graph_fail(graph, FC_LIMIT);
  if (!grow_table(graph) || !reserve_number(graph))
    return fc_graph_fail(graph, FC_MEMORY);
  size_t mask = graph->table_size - 1;
  size_t slot = (size_t)hash_number(q) & mask;
  for (; graph->table[slot] != EMPTY; slot = (slot + 1) & mask) {
    mpq_srcptr other = fc_graph_get(graph, graph->table[slot]);
    if (other && mpq_equal(other, q))
      return graph->table[slot];
  }
  mpq_init(graph->numbers[graph->number_count]);
  mpq_set(graph->numbers[graph->number_count], q);
  fc_node node = {FC_OP_NUMBER, true, FC_NO_NODE, FC_NO_NODE,
                  (long)graph->number_count++};
  return append(graph, node);
}

fc_node_id fc_graph_si(fc_formula *graph, long n) {
  mpq_t q;
  mpq_init(q);
  mpq_set_si(q, n, 1);
  fc_node_id node = fc_graph_number(graph, q);
  mpq_clear(q);
  return node;
}

/* --- whole graphs ----------------------------------------------------- */

static fc_node_id mapped(const fc_node_id *map, fc_node_id node) {
  return node == FC_NO_NODE ? FC_NO_NODE : map[node];
}

void fc_graph_import(fc_formula *graph, const fc_formula *from, fc_node_id *map,
                     long variable, fc_node_id replacement) {
  for (size_t i = 0; i < from->count; i++) {
    const fc_node *node = &from->nodes[i];
    if (node->op == FC_OP_NUMBER)
      map[i] = fc_graph_number(graph, from->numbers[node->n]);
    else if (node->op == FC_OP_VARIABLE && node->n == variable)
      map[i] = replacement;
    else
      map[i] = fc_build_like(graph, node, mapped(map, node->left),
                             mapped(map, node->right));
  }
}

/* Copies, node by node and unchanged, what root needs. */
static fc_formula *reachable(const fc_formula *graph, fc_node_id root) {
  fc_formula *formula =
      fc_graph_new((const char *const *)graph->names, graph->name_count);
  fc_node_id *map = malloc(graph->count * sizeof *map);
  bool *needed = calloc(graph->count, sizeof *needed);
  if (!formula || !map || !needed) {
    fc_formula_free(formula);
    formula = NULL;
    goto done;
  }
  needed[root] = true;
  for (size_t i = (size_t)root + 1; i-- > 0;) {
    const fc_node *node = &graph->nodes[i];
    if (needed[i] && node->left != FC_NO_NODE)
      needed[node->left] = true;
    if (needed[i] && node->right != FC_NO_NODE)
      needed[node->right] = true;
  }
  for (size_t i = 0; i <= root; i++) {
    const fc_node *node = &graph->nodes[i];
    if (!needed[i])
      continue;
    if (node->op == FC_OP_NUMBER)
      map[i] = fc_graph_number(formula, graph->numbers[node->n]);
    else
      map[i] = fc_graph_node(formula, node->op, mapped(map, node->left),
                             mapped(map, node->right), node->n);
  }
  formula->root = map[root];
done:
  free(map);
  free(needed);
  return formula;
}

static fc_status finish_failed(fc_status status, fc_error *error) {
  if (status == FC_LIMIT)
    return fc_fail(error, status,
                   "the formula grows beyond %d nodes or beyond exact numbers "
                   "of %d bits",
                   FC_FORMULA_MAX_NODES, FC_FORMULA_MAX_BITS);
  return fc_fail(error, status, "%s", fc_status_text(status));
}

fc_status fc_graph_extract(fc_formula **formula, const fc_formula *graph,
                           fc_node_id root, const char *text, fc_error *error) {
  if (graph->status != FC_OK)
    return finish_failed(graph->status, error);
  fc_formula *small = reachable(graph, root);
  if (small && small->status == FC_OK) {
    small->text = text ? fc_strdup(text) : fc_formula_print(small);
    if (small->text) {
      *formula = small;
      return FC_OK;
    }
  }
  fc_formula_free(small);
  return finish_failed(FC_MEMORY, error);
}

fc_status fc_graph_finish(fc_formula **formula, fc_formula *graph,
                          fc_node_id root, const char *text, fc_error *error) {
  fc_status status = fc_graph_extract(formula, graph, root, text, error);
  fc_formula_free(graph);
  return status;
}
