/* The expression graph behind fc_formula; private to lib/formula.
 *
 * Nodes live in one array, operands before the nodes that use them, each
 * different node once (hash consing).  Failures are sticky: after FC_MEMORY or
 * FC_LIMIT every constructor returns FC_NO_NODE, so that a chain of calls needs
 * one look at formula->status at its end.
 */
#ifndef FC_FORMULA_GRAPH_H
#define FC_FORMULA_GRAPH_H

#include "formula/formula.h"

typedef uint32_t fc_node_id;
#define FC_NO_NODE UINT32_MAX

/* Functions of one argument that formulas can name: name, operation. */
#define FC_FUNCTION_LIST(X)                                                    \
  X("exp", EXP, exp)                                                           \
  X("log", LOG, log)                                                           \
  X("sqrt", SQRT, sqrt)                                                        \
  X("sin", SIN, sin)                                                           \
  X("cos", COS, cos)                                                           \
  X("tan", TAN, tan)                                                           \
  X("atan", ATAN, atan)                                                        \
  X("erf", ERF, erf)                                                           \
  X("erfc", ERFC, erfc)                                                        \
  X("abs", ABS, abs)

typedef enum fc_op {
  FC_OP_NUMBER,   /* exact rational */
  FC_OP_PI,       /* 3.14... */
  FC_OP_VARIABLE, /* names[n] */
  FC_OP_NEG,      /* -left */
  FC_OP_POW_SI,   /* left^n, n not 0 or 1 */
  FC_OP_ADD,
  FC_OP_SUB,
  FC_OP_MUL,
  FC_OP_DIV,
  FC_OP_POW,
  FC_OP_MIN,
  FC_OP_MAX,
  FC_OP_SIN_PI, /* sin(pi left): exact where the argument is */
  FC_OP_COS_PI,
#define X(name, op, function) FC_OP_##op,
  FC_FUNCTION_LIST(X)
#undef X
} fc_op;

typedef struct fc_node {
  fc_op op;
  bool total;       /* finite wherever the variables are */
  fc_node_id left;  /* operands, FC_NO_NODE where there is none */
  fc_node_id right; /* */
  long n;           /* exponent, index of the variable or of the number */
} fc_node;

struct fc_formula {
  char *text;
  char **names;
  size_t name_count;
  fc_node *nodes;
  size_t count, capacity;
  mpq_t *numbers;
  size_t number_count, number_capacity;
  fc_node_id *table; /* open addressing, a power of two slots */
  size_t table_size;
  fc_node_id root;
  fc_status status;
};

/* --- arena (graph.c) -------------------------------------------------- */

/* An empty graph over copies of the names; NULL when memory ran out. */
fc_formula *fc_graph_new(const char *const *names, size_t count);

/* Sets the sticky status; returns FC_NO_NODE. */
fc_node_id fc_graph_fail(fc_formula *graph, fc_status status);

/* The node as it is, shared with an equal one, without any simplification. */
fc_node_id fc_graph_node(fc_formula *graph, fc_op op, fc_node_id left,
                         fc_node_id right, long n);
fc_node_id fc_graph_number(fc_formula *graph, mpq_srcptr q);
fc_node_id fc_graph_si(fc_formula *graph, long n);

/* The number of a NUMBER node, NULL for other nodes. */
mpq_srcptr fc_graph_get(const fc_formula *graph, fc_node_id node);

/* Index of a name, or -1. */
long fc_graph_name(const fc_formula *graph, const char *name);

/* Rebuilds every node of `from` in `graph` through the simplifying
 * constructors; map (from->count entries) gets the new places.  replace, if
 * not NULL, stands for the variable with index `variable` of from. */
void fc_graph_import(fc_formula *graph, const fc_formula *from, fc_node_id *map,
                     long variable, fc_node_id replacement);

/* Hands out a formula that holds only what root needs, with the given text
 * (NULL: its printed form). */
fc_status fc_graph_extract(fc_formula **formula, const fc_formula *graph,
                           fc_node_id root, const char *text, fc_error *error);

/* The same; frees graph in every case. */
fc_status fc_graph_finish(fc_formula **formula, fc_formula *graph,
                          fc_node_id root, const char *text, fc_error *error);

/* --- simplifying constructors (build.c) ------------------------------- */

fc_node_id fc_build_neg(fc_formula *graph, fc_node_id x);
fc_node_id fc_build_add(fc_formula *graph, fc_node_id x, fc_node_id y);
fc_node_id fc_build_sub(fc_formula *graph, fc_node_id x, fc_node_id y);
fc_node_id fc_build_mul(fc_formula *graph, fc_node_id x, fc_node_id y);
fc_node_id fc_build_div(fc_formula *graph, fc_node_id x, fc_node_id y);
fc_node_id fc_build_pow(fc_formula *graph, fc_node_id x, fc_node_id y);
fc_node_id fc_build_pow_si(fc_formula *graph, fc_node_id x, long n);
fc_node_id fc_build_min_max(fc_formula *graph, fc_op op, fc_node_id x,
                            fc_node_id y);
fc_node_id fc_build_function(fc_formula *graph, fc_op op, fc_node_id x);

/* The node with the operation and number of `node` over other operands. */
fc_node_id fc_build_like(fc_formula *graph, const fc_node *node, fc_node_id x,
                         fc_node_id y);

/* --- exact values (fold.c) -------------------------------------------- */

/* True where q keeps within FC_FORMULA_MAX_BITS. */
bool fc_fold_fits(mpq_srcptr q);

/* z = x^n; false where the result would not fit or x^n is undefined. */
bool fc_fold_pow_si(mpq_ptr z, mpq_srcptr x, long n);

/* z = x^(1/n) where that is rational; x >= 0. */
bool fc_fold_root(mpq_ptr z, mpq_srcptr x, unsigned long n);

/* z = the value of a function where it is rational and known to be. */
bool fc_fold_function(mpq_ptr z, fc_op op, mpq_srcptr x);

#endif
