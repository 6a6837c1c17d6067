/* Symbolic derivatives, node by node in topological order. */
#include <stdlib.h>

#include "formula/graph.h"

/* What the rules below read: u, v are the operands, du, dv their derivatives,
 * FC_NO_NODE where they do not depend on the variable. */
typedef struct rule {
  fc_formula *g;
  fc_node_id u, v, du, dv;
} rule;

static fc_node_id add_if(fc_formula *g, fc_node_id x, fc_node_id y) {
  if (x == FC_NO_NODE || y == FC_NO_NODE)
    return x == FC_NO_NODE ? y : x;
  return fc_build_add(g, x, y);
}

static fc_node_id negative(fc_formula *g, fc_node_id x) {
  return x == FC_NO_NODE ? x : fc_build_neg(g, x);
}

/* (u v)' = u' v + u v' */
static fc_node_id diff_mul(const rule *r) {
  fc_node_id x = FC_NO_NODE, y = FC_NO_NODE;
  if (r->du != FC_NO_NODE)
    x = fc_build_mul(r->g, r->du, r->v);
  if (r->dv != FC_NO_NODE)
    y = fc_build_mul(r->g, r->u, r->dv);
  return add_if(r->g, x, y);
}

/* (u/v)' = u'/v - u v'/v^2 */
static fc_node_id diff_div(const rule *r) {
  fc_node_id x = FC_NO_NODE, y = FC_NO_NODE;
  if (r->du != FC_NO_NODE)
    x = fc_build_div(r->g, r->du, r->v);
  if (r->dv != FC_NO_NODE)
    y = fc_build_div(r->g, fc_build_mul(r->g, r->u, r->dv),
                     fc_build_pow_si(r->g, r->v, 2));
  return add_if(r->g, x, negative(r->g, y));
}

/* (u^n)' = n u^(n-1) u' */
static fc_node_id diff_pow_si(const rule *r, long n) {
  fc_node_id x = fc_build_mul(r->g, fc_graph_si(r->g, n),
                              fc_build_pow_si(r->g, r->u, n - 1));
  return fc_build_mul(r->g, x, r->du);
}

/* (u^v)' = v u^(v-1) u' + u^v log(u) v' */
static fc_node_id diff_pow(const rule *r) {
  fc_formula *g = r->g;
  fc_node_id x = FC_NO_NODE, y = FC_NO_NODE;
  if (r->du != FC_NO_NODE) {
    fc_node_id lower = fc_build_sub(g, r->v, fc_graph_si(g, 1));
    x = fc_build_mul(g, r->v, fc_build_pow(g, r->u, lower));
    x = fc_build_mul(g, x, r->du);
  }
  if (r->dv != FC_NO_NODE) {
    y = fc_build_mul(g, fc_build_pow(g, r->u, r->v),
                     fc_build_function(g, FC_OP_LOG, r->u));
    y = fc_build_mul(g, y, r->dv);
  }
  return add_if(g, x, y);
}

/* 2/sqrt(pi) exp(-u^2) u' */
static fc_node_id diff_erf(const rule *r) {
  fc_formula *g = r->g;
  fc_node_id pi = fc_graph_node(g, FC_OP_PI, FC_NO_NODE, FC_NO_NODE, 0);
  fc_node_id gauss = fc_build_function(
      g, FC_OP_EXP, fc_build_neg(g, fc_build_pow_si(g, r->u, 2)));
  fc_node_id x = fc_build_mul(g, fc_graph_si(g, 2), gauss);
  return fc_build_div(g, fc_build_mul(g, x, r->du),
                      fc_build_function(g, FC_OP_SQRT, pi));
}

/* d sin(pi u) = pi cos(pi u) u', d cos(pi u) = -pi sin(pi u) u' */
static fc_node_id diff_circular_pi(const rule *r, fc_op other) {
  fc_node_id pi = fc_graph_node(r->g, FC_OP_PI, FC_NO_NODE, FC_NO_NODE, 0);
  fc_node_id x = fc_build_mul(r->g, pi, fc_build_function(r->g, other, r->u));
  return fc_build_mul(r->g, x, r->du);
}

static fc_node_id diff_function(const rule *r, fc_op op) {
  fc_formula *g = r->g;
  fc_node_id same = fc_build_function(g, op, r->u);
  fc_node_id square = fc_build_pow_si(g, op == FC_OP_TAN ? same : r->u, 2);
  fc_node_id above = fc_build_add(g, fc_graph_si(g, 1), square);
  switch (op) {
  case FC_OP_EXP:
    return fc_build_mul(g, same, r->du);
  case FC_OP_LOG:
    return fc_build_div(g, r->du, r->u);
  case FC_OP_SQRT:
    return fc_build_div(g, r->du, fc_build_mul(g, fc_graph_si(g, 2), same));
  case FC_OP_SIN:
    return fc_build_mul(g, fc_build_function(g, FC_OP_COS, r->u), r->du);
  case FC_OP_COS:
    return fc_build_neg(
        g, fc_build_mul(g, fc_build_function(g, FC_OP_SIN, r->u), r->du));
  case FC_OP_SIN_PI:
    return diff_circular_pi(r, FC_OP_COS_PI);
  case FC_OP_COS_PI:
    return fc_build_neg(g, diff_circular_pi(r, FC_OP_SIN_PI));
  case FC_OP_TAN:
    return fc_build_mul(g, above, r->du);
  case FC_OP_ATAN:
    return fc_build_div(g, r->du, above);
  case FC_OP_ERF:
    return diff_erf(r);
  case FC_OP_ERFC:
    return fc_build_neg(g, diff_erf(r));
  default:
    return fc_graph_fail(g, FC_UNSUPPORTED);
  }
}

/* The derivative of a node whose operands depend on the variable. */
static fc_node_id diff_node(const rule *r, const fc_node *node) {
  switch (node->op) {
  case FC_OP_NEG:
    return fc_build_neg(r->g, r->du);
  case FC_OP_POW_SI:
    return diff_pow_si(r, node->n);
  case FC_OP_ADD:
    return add_if(r->g, r->du, r->dv);
  case FC_OP_SUB:
    return add_if(r->g, r->du, negative(r->g, r->dv));
  case FC_OP_MUL:
    return diff_mul(r);
  case FC_OP_DIV:
    return diff_div(r);
  case FC_OP_POW:
    return diff_pow(r);
  case FC_OP_MIN:
  case FC_OP_MAX:
    return fc_graph_fail(r->g, FC_UNSUPPORTED);
  default:
    return diff_function(r, node->op);
  }
}

static fc_node_id at(const fc_node_id *map, fc_node_id node) {
  return node == FC_NO_NODE ? FC_NO_NODE : map[node];
}

/* d[i] = the derivative of node i of f, or FC_NO_NODE where it is constant. */
static void diff_all(fc_formula *g, const fc_formula *f, const fc_node_id *map,
                     fc_node_id *d, long variable) {
  for (size_t i = 0; i < f->count && g->status == FC_OK; i++) {
    const fc_node *node = &f->nodes[i];
    rule r = {g, at(map, node->left), at(map, node->right), at(d, node->left),
              at(d, node->right)};
    d[i] = FC_NO_NODE;
    if (node->op == FC_OP_VARIABLE && node->n == variable)
      d[i] = fc_graph_si(g, 1);
    else if (r.du != FC_NO_NODE || r.dv != FC_NO_NODE)
      d[i] = diff_node(&r, node);
  }
}

fc_status fc_formula_diff(fc_formula **derivative, const fc_formula *formula,
                          const char *name, fc_error *error) {
  long variable = fc_graph_name(formula, name);
  if (variable < 0)
    return fc_fail(error, FC_NAME, "the formula has no variable '%s'", name);
  fc_formula *g =
      fc_graph_new((const char *const *)formula->names, formula->name_count);
  fc_node_id *map = malloc(formula->count * sizeof *map);
  fc_node_id *d = malloc(formula->count * sizeof *d);
  fc_status status = FC_MEMORY;
  if (!g || !map || !d) {
    fc_fail(error, status, "out of memory");
    goto done;
  }
  fc_graph_import(g, formula, map, -1, FC_NO_NODE);
  diff_all(g, formula, map, d, variable);
  if (g->status == FC_UNSUPPORTED) {
    status = fc_fail(error, FC_UNSUPPORTED,
                     "abs, min and max have no derivative everywhere: '%s'",
                     formula->text);
    goto done;
  }
  fc_node_id root = FC_NO_NODE;
  if (g->status == FC_OK)
    root =
        d[formula->root] == FC_NO_NODE ? fc_graph_si(g, 0) : d[formula->root];
  status = fc_graph_extract(derivative, g, root, NULL, error);
done:
  fc_formula_free(g);
  free(map);
  free(d);
  return status;
}
