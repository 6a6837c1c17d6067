/* flowcert-recheck: verifies certificates that `flowcert run --certificates` wrote, without the
 * library that made them: MPFI intervals, its own formulas, its own transcription of the paper's
 * statements.  README.md beside this file says what is checked and what has to be trusted. */
#ifndef FC_TOOLS_RECHECK_RECHECK_H
#define FC_TOOLS_RECHECK_RECHECK_H

#include <jansson.h>
#include <mpfi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  RC_IDENTITY_BITS = 8192, /* precision of identity tests */
  RC_IDENTITY_ZERO = 4000, /* what is 0 to so many bits is 0 */
  RC_MOST_WORK = 40000000, /* operations a file, weighted by precision */
  RC_MOST_COMPONENTS = 20000,
  RC_MOST_DIMENSION = 64
};

/* The first reason why a certificate is rejected.  rc_reject returns false. */
typedef struct rc_verdict {
  char reason[400];
} rc_verdict;
bool rc_reject(rc_verdict *verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- formulas: a graph without repetitions (formula.c, evaluate.c) --- */

/* clang-format off */
typedef enum rc_op {
  RC_NUMBER, RC_PI, RC_NAME, RC_ADD, RC_SUB, RC_MUL, RC_DIV, RC_POW, RC_MIN, RC_MAX,
  RC_NEG, RC_SQRT, RC_LOG, RC_EXP, RC_SIN, RC_COS, RC_ERF, RC_ERFC, RC_ABS
} rc_op;
/* clang-format on */

/* Children stand before their parents; equal terms (sums and products in either order) are one
 * node. */
typedef struct rc_node {
  rc_op op;
  int x, y;     /* children; for names the index of the name */
  mpq_ptr q;    /* numbers; for powers a constant exponent, else NULL */
  mpfi_t value; /* of the last evaluation; of names, as set */
  bool needed;
} rc_node;

typedef struct rc_graph {
  rc_node *nodes;
  int count;
  char **names; /* a and b are the first two: scales, > 0 */
  int *alias;   /* the node that a name stands for, or -1 */
  int name_count;
  int rho;   /* sqrt(a^2 + b^2), which is at least a and b */
  long bits; /* working precision */
  long work; /* spent so far */
  rc_verdict *verdict;
} rc_graph;

void rc_graph_init(rc_graph *graph, rc_verdict *verdict);
void rc_graph_clear(rc_graph *graph);
void rc_graph_set_bits(rc_graph *graph, long bits);
int rc_parse(rc_graph *graph, const char *text, const char *what); /* -1: rejected */
int rc_combine(rc_graph *graph, rc_op op, int x, int y);           /* -1 where x or y is */
int rc_integer(rc_graph *graph, long n);
int rc_name(rc_graph *graph, const char *name);
bool rc_knows(const rc_graph *graph, const char *name);
bool rc_define(rc_graph *graph, const char *name, int node); /* a new name for a node */
int rc_derivative(rc_graph *graph, int node, const char *name);
/* The value of a node at the names' present values, or NULL (more work than allowed); NaN where it
 * is not defined all over them. */
mpfi_ptr rc_value(rc_graph *graph, int node);
bool rc_value_all(rc_graph *graph);
bool rc_is_nan(mpfi_srcptr x);
void rc_set_nan(mpfi_ptr x);
void rc_enclose_least(mpfi_ptr z, mpfi_srcptr x); /* z = min(z, x) */
void rc_enclose_most(mpfi_ptr z, mpfi_srcptr x);
void rc_random(mpq_ptr q, uint64_t *state); /* in (0, 1), 24 bits */

/* --- targets (target.c, constants.c) --- */

enum rc_primitive { RC_LEAST, RC_MOST, RC_RADIUS, RC_HALF, RC_SUPPORT, RC_SLOPE, RC_PRIMITIVES };

/* One law; its numbers are nodes of the target's graph, -1 where absent. */
typedef struct rc_law {
  bool pieces; /* else a mixture */
  size_t d, count;
  int *weights, *means; /* count (all -1: equal), count*d */
  int *spreads;         /* variances: count, or count*d*d where full */
  int *lower, *upper;   /* pieces */
  bool full, equal, gaussian, atomic, bounded, tilted;
  /* min_k lambda_min(S_k), lambda_max(S_0), R, half the diameter of the means, of the support, and
   * L: NaN where there is none. */
  mpfi_t primitive[RC_PRIMITIVES];
} rc_law;

typedef struct rc_target {
  rc_graph graph[1];
  rc_law *laws; /* one, or the factors of a product */
  size_t count, d;
  const json_t *centre; /* weights of the centre of the ball, or NULL */
  uint64_t random;
} rc_target;

bool rc_target_read(rc_target *target, const json_t *json, const json_t *centre,
                    rc_verdict *verdict);
void rc_target_clear(rc_target *target);
mpfi_ptr rc_number(const rc_target *target, int node);
/* Computes all numbers to so many bits.  symbolic: what is not known to RC_IDENTITY_ZERO bits (R,
 * eigenvalues) becomes a random number near its value. */
bool rc_target_set_bits(rc_target *target, long bits, bool symbolic);
/* Defines the class constants in a graph: kappa, beta, ... of the whole, kappa_1, ... of factors.
 */
bool rc_bind_constants(rc_graph *graph, const rc_target *target);
void rc_set_constants(rc_graph *graph, const rc_target *target); /* their values */
/* e'Ce under the posterior at x; NaN where intervals do not tell. */
bool rc_covariance(mpfi_ptr z, rc_target *target, mpfi_srcptr a, mpfi_srcptr b, mpfi_t *x,
                   mpfi_t *e);

/* --- what is known (statements.c) --- */

typedef struct rc_statement {
  const char *claim, *quantity, *relation, *formula, *where, *late_formula, *late_where;
} rc_statement;
const rc_statement *rc_statement_find(const char *claim);
/* The i-th known inequality on C (law NULL: of a whole product) as text, "" where it does not
 * apply; NULL: no more. */
const char *rc_model(char text[200], size_t i, const rc_target *target, const rc_law *law,
                     bool upper);

/* --- certificates --- */

typedef struct rc_claim {
  rc_target target[1];
  rc_graph graph[1];
  const json_t *json;
  rc_verdict *verdict;
  bool upper, of_covariance;
  int formula, late_formula, where, late_where; /* nodes; -1: none */
} rc_claim;

const char *rc_text(const json_t *object, const char *key, rc_verdict *verdict);
int rc_text_node(rc_graph *graph, const json_t *object,
                 const char *key);               /* -1: none, or rejected */
bool rc_names_known(rc_graph *graph, int bound); /* no name beyond the first `bound` */
bool rc_check_proof(rc_claim *claim, bool identity);
bool rc_check_witness(rc_claim *claim);

#endif
