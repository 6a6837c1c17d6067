/* flowcert-recheck: verifies certificates that `flowcert run --certificates` wrote, without the
 * library that made them: MPFI intervals, its own formulas, its own transcription of the paper's
 * statements.  README.md beside this file says what is checked and what has to be trusted.
 *
 * Everything is a formula in one graph a certificate: the target's numbers, the class constants,
 * schedules, posterior covariances, bounds.  Failures stick: the first reason to reject is kept,
 * whatever is read after it is the number 0, and only an empty reason accepts. */
#ifndef FC_TOOLS_RECHECK_RECHECK_H
#define FC_TOOLS_RECHECK_RECHECK_H

#include <jansson.h>
#include <mpfi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  RC_MOST_NODES = 200000,
  RC_MOST_NAMES = 400,
  RC_MOST_WORK = 40000000, /* operations a file, weighted by precision */
  RC_BITS = 256,           /* of first evaluations */
  RC_MODELS = 8
};

/* --- formulas (formula.c, value.c) --- */

/* clang-format off */
typedef enum rc_op {
  RC_NUMBER, RC_PI, RC_VARIABLE, RC_HULL, RC_ADD, RC_SUB, RC_MUL, RC_DIV, RC_POW, RC_MIN, RC_MAX,
  RC_NEG, RC_SQRT, RC_LOG, RC_EXP, RC_SIN, RC_COS, RC_ERFC, RC_ABS
} rc_op;
/* clang-format on */

/* Children stand before their parents. */
typedef struct rc_node {
  rc_op op;
  int x, y;                    /* children */
  char *text;                  /* of a number */
  mpfi_t value;                /* of the last evaluation; of a variable, as set */
  bool constant, needed, done; /* done: a constant with its value at the present precision */
} rc_node;

typedef struct rc_name {
  char text[48];
  int node;
} rc_name;

typedef struct rc_graph {
  rc_node *nodes; /* the first is the number 0 */
  int count;
  rc_name names[RC_MOST_NAMES]; /* the last of a name hides those before */
  int name_count;
  long bits, work;
  bool symbolic; /* hulls are random numbers between their ends */
  uint64_t seed, random;
  char reason[400];
} rc_graph;

void rc_reject(rc_graph *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool rc_is_good(const rc_graph *g); /* nothing was rejected yet */
void rc_graph_init(rc_graph *g);
void rc_graph_clear(rc_graph *g);
void rc_set_bits(rc_graph *g, long bits);
int rc_node_of(rc_graph *g, rc_op op, int x, int y);
int rc_number(rc_graph *g, const char *text);
int rc_parse(rc_graph *g, const char *text); /* -1 of NULL */
/* The text with single letters standing for the nodes that follow: ("x*y", "xy", 7, 9). */
int rc_form(rc_graph *g, const char *text, const char *letters, ...);
void rc_bind(rc_graph *g, const char *name, int node);
int rc_find(const rc_graph *g, const char *name); /* -1: none */
/* The derivative of a node, or of its logarithm, by two others whose own derivatives are given:
 * by = {x, dx, y, dy}. */
int rc_derivative(rc_graph *g, int node, const int by[4], bool of_log);
/* The value of a node at the present values of variables: NaN where it is not defined all over
 * them. */
mpfi_ptr rc_value(rc_graph *g, int node);
bool rc_is_nan(mpfi_srcptr x);
/* By its value: sign*node > 0, or >= 0 where it need not be strict. */
bool rc_has_sign(rc_graph *g, int node, int sign, bool strict);
uint64_t rc_random(uint64_t *state);

/* --- JSON: what is missing or of another kind is rejected --- */

/* As json_unpack_ex does. */
void rc_unpack(rc_graph *g, const json_t *json, const char *format, ...);
const char *rc_text(rc_graph *g, const json_t *object, const char *key);
/* The constants in nested lists; their number must be `count`.  malloc'd; NULL: rejected. */
int *rc_numbers(rc_graph *g, const json_t *list, size_t count, const char *what);

/* --- targets (target.c, covariance.c) --- */

/* One law: a mixture of N(m_k, S_k), or one normal or uniform law cut to an interval.  Lists of
 * nodes. */
typedef struct rc_law {
  bool cut, full, equal, gaussian, atomic;
  size_t d, count;
  int *weights, *means, *spreads; /* count (NULL: equal), count*d, variances: count, or count*d*d */
  int ends[2];                    /* of the interval; -1: infinite.  Uniform laws have spread -1 */
  const json_t *stddev;           /* the first one's text; NULL: no common one is seen */
} rc_law;

typedef struct rc_target {
  rc_law *laws; /* one, or the factors of a product */
  size_t count, d;
} rc_target;

/* Reads it, and binds the class constants of the whole (kappa) and of its laws (kappa_1). */
void rc_target_read(rc_target *target, rc_graph *g, const json_t *json, const json_t *centre);
void rc_target_clear(rc_target *target);
int rc_squares(rc_graph *g, size_t d, const int *x, const int *y); /* |x - y|^2; y NULL: |x|^2 */
int rc_spread(const rc_law *law, size_t k, size_t i, size_t j);    /* S_ij of component k */
/* Gauss-Jordan on d rows of the given width; the pivots stay on the diagonal, the columns behind d
 * become pivot times the solution. */
void rc_eliminate(rc_graph *g, int *m, size_t d, size_t width);
/* e'Ce under the posterior at x, by the names a and b. */
int rc_covariance(rc_graph *g, const rc_target *target, const int *x, const int *e);

/* --- what is known (statements.c) --- */

/* clang-format off */
enum {
  RC_CLAIM, RC_RELATION, RC_QUANTITY, RC_FORMULA, RC_WHERE, RC_LATE_FORMULA, RC_LATE_WHERE,
  RC_TEXTS, RC_BOUND = RC_TEXTS - RC_FORMULA
};
/* clang-format on */
extern const char *const rc_keys[RC_TEXTS];

/* RC_BOUND texts, as from RC_FORMULA on, are a bound: its formula, where it is claimed (> 0), its
 * late formula and where that takes its place (> 0); NULL: none.
 * A bound on the flow is made of others (none: of itself), of those whose constants the target has;
 * rates: of bounds on grad v, integrated.  A theorem has no more to be proved. */
typedef struct rc_statement {
  const char *text[RC_TEXTS]; /* the first four are there */
  bool flow, rates, theorem;
  const char *bounds[5][RC_BOUND]; /* the last one has no formula */
} rc_statement;
/* The i-th known inequality on C for the k-th law as a node, -1 where it does not apply. */
int rc_model(rc_graph *g, size_t i, size_t k, bool upper);

/* --- certificates (proof.c, witness.c) --- */

typedef struct rc_claim {
  rc_graph g[1];
  rc_target target[1];
  const json_t *json;
  bool upper, of_covariance; /* a bound from above on grad v; on C */
  const char *text[RC_TEXTS];
  const rc_statement *known; /* NULL: not known */
} rc_claim;

bool rc_is_text(const char *text, const char *known); /* both may be NULL */
const rc_statement *rc_statement_find(const rc_claim *claim);
void rc_check_proof(rc_claim *claim);
void rc_check_witness(rc_claim *claim);

#endif
