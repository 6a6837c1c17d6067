/* Formula texts to graphs: numbers are exact, constants fold to exact
 * rationals. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "recheck.h"

enum { MOST_NODES = 20000, MOST_DEPTH = 200, MOST_TEXT = 16384, MOST_Q = 60000 };

void rc_graph_init(rc_graph *g, rc_verdict *verdict) {
  memset(g, 0, sizeof *g);
  g->verdict = verdict;
  g->bits = 64;
  g->nodes = calloc(MOST_NODES, sizeof *g->nodes); /* nodes never move */
  g->rho = rc_parse(g, "sqrt(a^2 + b^2)", "");
}

void rc_graph_clear(rc_graph *g) {
  for (int i = 0; i < g->count; i++) {
    mpfi_clear(g->nodes[i].value);
    if (g->nodes[i].q) {
      mpq_clear(g->nodes[i].q);
      free(g->nodes[i].q);
    }
  }
  for (int i = 0; i < g->name_count; i++) free(g->names[i]);
  free(g->nodes);
  free(g->names);
  free(g->alias);
}

void rc_graph_set_bits(rc_graph *g, long bits) {
  g->bits = bits;
  for (int i = 0; i < g->count; i++) mpfi_set_prec(g->nodes[i].value, (mpfr_prec_t)bits);
}

/* --- nodes ----------------------------------------------------------------- */

static bool same(const rc_node *n, rc_op op, int x, int y, mpq_srcptr q) {
  if (n->op != op || n->x != x || n->y != y || !n->q != !q) return false;
  return !q || mpq_equal(n->q, q);
}

/* The node with these parts, new where there is none; -1: too many. */
static int node(rc_graph *g, rc_op op, int x, int y, mpq_srcptr q) {
  if ((op == RC_ADD || op == RC_MUL) && x > y) {
    int swap = x;
    x = y;
    y = swap;
  }
  for (int i = g->count - 1; i >= 0; i--)
    if (same(&g->nodes[i], op, x, y, q)) return i;
  if (!g->nodes || g->count == MOST_NODES) {
    rc_reject(g->verdict, g->nodes ? "its formulas are too large" : "out of memory");
    return -1;
  }
  rc_node *n = &g->nodes[g->count];
  *n = (rc_node){.op = op, .x = x, .y = y};
  if (q && (n->q = malloc(sizeof(mpq_t)))) {
    mpq_init(n->q);
    mpq_set(n->q, q);
  }
  mpfi_init2(n->value, (mpfr_prec_t)g->bits);
  return g->count++;
}

int rc_name(rc_graph *g, const char *name) {
  for (int i = 0; i < g->name_count; i++)
    if (strcmp(g->names[i], name) == 0)
      return g->alias[i] >= 0 ? g->alias[i] : node(g, RC_NAME, i, -1, NULL);
  size_t n = (size_t)g->name_count + 1;
  char **names = realloc(g->names, n * sizeof *names);
  if (names) g->names = names;
  int *alias = realloc(g->alias, n * sizeof *alias);
  if (alias) g->alias = alias;
  char *copy = names && alias ? strdup(name) : NULL;
  if (!copy) {
    rc_reject(g->verdict, "out of memory");
    return -1;
  }
  g->names[g->name_count] = copy;
  g->alias[g->name_count] = -1;
  return node(g, RC_NAME, g->name_count++, -1, NULL);
}

bool rc_define(rc_graph *g, const char *name, int meaning) {
  if (rc_knows(g, name)) return rc_reject(g->verdict, "'%.40s' has a meaning already", name);
  if (meaning < 0 || rc_name(g, name) < 0) return false;
  g->alias[g->name_count - 1] = meaning;
  return true;
}

bool rc_knows(const rc_graph *g, const char *name) {
  for (int i = 0; i < g->name_count; i++)
    if (strcmp(g->names[i], name) == 0) return true;
  return false;
}

/* --- folding --------------------------------------------------------------- */

static size_t size_of(mpq_srcptr q) {
  return mpz_sizeinbase(mpq_numref(q), 2) + mpz_sizeinbase(mpq_denref(q), 2);
}

static bool fold_power(mpq_ptr z, mpq_srcptr x, mpq_srcptr y) {
  if (mpz_cmp_ui(mpq_denref(y), 1) != 0 || !mpz_fits_slong_p(mpq_numref(y))) return false;
  long n = mpz_get_si(mpq_numref(y));
  unsigned long m = n < 0 ? 0ul - (unsigned long)n : (unsigned long)n;
  if (m > MOST_Q || m * size_of(x) > MOST_Q || (n < 0 && !mpq_sgn(x))) return false;
  mpz_pow_ui(mpq_numref(z), mpq_numref(x), m);
  mpz_pow_ui(mpq_denref(z), mpq_denref(x), m);
  if (n < 0) mpq_inv(z, z);
  return true;
}

static bool fold(mpq_ptr z, rc_op op, mpq_srcptr x, mpq_srcptr y) {
  if (size_of(x) + (y ? size_of(y) : 0) > MOST_Q) return false;
  if (op == RC_NEG) mpq_neg(z, x);
  else if (op == RC_ADD) mpq_add(z, x, y);
  else if (op == RC_SUB) mpq_sub(z, x, y);
  else if (op == RC_MUL) mpq_mul(z, x, y);
  else if (op == RC_DIV && mpq_sgn(y)) mpq_div(z, x, y);
  else return op == RC_POW && fold_power(z, x, y);
  return true;
}

int rc_combine(rc_graph *g, rc_op op, int x, int y) {
  if (x < 0 || (y < 0 && op < RC_NEG)) return -1;
  mpq_srcptr p = g->nodes[x].op == RC_NUMBER ? g->nodes[x].q : NULL;
  mpq_srcptr r = y >= 0 && g->nodes[y].op == RC_NUMBER ? g->nodes[y].q : NULL;
  mpq_t z;
  mpq_init(z);
  int result;
  if (p && (r || op == RC_NEG) && fold(z, op, p, r)) result = node(g, RC_NUMBER, -1, -1, z);
  else {
    if (op == RC_POW && r) /* node() may move what r points to */
      mpq_set(z, r);
    result = node(g, op, x, y, op == RC_POW && r ? z : NULL);
  }
  mpq_clear(z);
  return result;
}

int rc_integer(rc_graph *g, long n) {
  mpq_t q;
  mpq_init(q);
  mpq_set_si(q, n, 1);
  int result = node(g, RC_NUMBER, -1, -1, q);
  mpq_clear(q);
  return result;
}

/* d/dname: the chain rule with `inner` = x'. */
static int chain(rc_graph *g, int at, int inner) {
  rc_node n = g->nodes[at];
  if (n.op == RC_NEG) return rc_combine(g, RC_NEG, inner, -1);
  if (n.op == RC_EXP) return rc_combine(g, RC_MUL, at, inner);
  if (n.op == RC_LOG) return rc_combine(g, RC_DIV, inner, n.x);
  if (n.op == RC_SQRT)
    return rc_combine(g, RC_DIV, inner, rc_combine(g, RC_MUL, rc_integer(g, 2), at));
  if (n.op == RC_SIN) return rc_combine(g, RC_MUL, rc_combine(g, RC_COS, n.x, -1), inner);
  if (n.op == RC_COS)
    return rc_combine(g, RC_NEG, rc_combine(g, RC_MUL, rc_combine(g, RC_SIN, n.x, -1), inner), -1);
  rc_reject(g->verdict, "a formula that cannot be differentiated");
  return -1;
}

/* The derivatives of the nodes of which `at` is made stand in of[]. */
static int derive(rc_graph *g, int at, int variable, const int *of) {
  rc_node n = g->nodes[at];
  if (n.op <= RC_NAME) return rc_integer(g, at == variable);
  int dx = of[n.x], dy = n.y >= 0 ? of[n.y] : -1, zero = rc_integer(g, 0);
  if (dx == zero && (n.y < 0 || dy == zero)) return zero;
  if (n.op == RC_ADD || n.op == RC_SUB) return rc_combine(g, n.op, dx, dy);
  if (n.op == RC_MUL)
    return rc_combine(g, RC_ADD, rc_combine(g, RC_MUL, dx, n.y), rc_combine(g, RC_MUL, n.x, dy));
  if (n.op == RC_DIV) /* (x' - (x/y) y')/y */
    return rc_combine(g, RC_DIV, rc_combine(g, RC_SUB, dx, rc_combine(g, RC_MUL, at, dy)), n.y);
  if (n.op == RC_POW && n.q) { /* q x^(q-1) x' */
    int less = rc_combine(g, RC_SUB, n.y, rc_integer(g, 1));
    int power = rc_combine(g, RC_MUL, n.y, rc_combine(g, RC_POW, n.x, less));
    return rc_combine(g, RC_MUL, power, dx);
  }
  return n.op >= RC_NEG ? chain(g, at, dx) : chain(g, at, -1);
}

int rc_derivative(rc_graph *g, int root, const char *name) {
  int variable = rc_name(g, name), result = -1;
  int *of = root < 0 ? NULL : calloc((size_t)root + 1, sizeof *of);
  for (int i = 0; of && i <= root; i++) of[i] = -1;
  for (int i = root; of && i >= 0; i--) { /* which are needed: marked -2 */
    if (i == root) of[i] = -2;
    if (of[i] != -2 || g->nodes[i].op <= RC_NAME) continue;
    of[g->nodes[i].x] = -2;
    if (g->nodes[i].y >= 0) of[g->nodes[i].y] = -2;
  }
  for (int i = 0; of && i <= root; i++)
    if (of[i] == -2) result = of[i] = derive(g, i, variable, of);
  free(of);
  return result;
}

/* --- the parser ------------------------------------------------------------ */

typedef struct parser {
  rc_graph *g;
  const char *text, *at, *what;
  int depth;
} parser;

static int fail(parser *p, const char *expected) {
  rc_reject(p->g->verdict, "%s: expected %s at byte %d of '%.60s'", p->what, expected,
            (int)(p->at - p->text) + 1, p->text);
  return -1;
}

static char next(parser *p) {
  while (*p->at == ' ') p->at++;
  return *p->at;
}

static bool take(parser *p, char c) {
  if (next(p) != c) return false;
  p->at++;
  return true;
}

static int sum(parser *p);

/* 12, 0.1, .5, 1e-30: exactly. */
static int number(parser *p) {
  const char *start = p->at;
  char digits[MOST_TEXT + 1];
  size_t n = 0;
  long shift = 0, exponent = 0;
  for (bool point = false; isdigit((unsigned char)*p->at) || (*p->at == '.' && !point); p->at++) {
    if (*p->at == '.') point = true;
    else {
      digits[n++] = *p->at;
      shift -= point;
    }
  }
  digits[n] = '\0';
  if ((*p->at == 'e' || *p->at == 'E') &&
      (isdigit((unsigned char)p->at[1]) ||
       (strchr("+-", p->at[1]) && isdigit((unsigned char)p->at[2])))) {
    char *end;
    exponent = strtol(p->at + 1, &end, 10);
    p->at = end;
  }
  if (n == 0 || exponent > 20000 || exponent < -20000) {
    p->at = start;
    return fail(p, "a number with a smaller exponent");
  }
  shift += exponent;
  mpq_t q;
  mpq_init(q);
  mpz_set_str(mpq_numref(q), digits, 10);
  mpz_ui_pow_ui(mpq_denref(q), 10, (unsigned long)(shift < 0 ? -shift : 0));
  if (shift > 0) {
    mpz_t ten;
    mpz_init(ten);
    mpz_ui_pow_ui(ten, 10, (unsigned long)shift);
    mpz_mul(mpq_numref(q), mpq_numref(q), ten);
    mpz_clear(ten);
  }
  mpq_canonicalize(q);
  int result = node(p->g, RC_NUMBER, -1, -1, q);
  mpq_clear(q);
  return result;
}

static int function(parser *p, const char *name) {
  static const char *const names[] = {"min", "max", "neg", "sqrt", "log", "exp",
                                      "sin", "cos", "erf", "erfc", "abs"};
  for (int i = 0; i < 11; i++) {
    if (i == 2 || strcmp(name, names[i]) != 0) continue;
    rc_op op = (rc_op)(RC_MIN + i);
    int x = sum(p);
    if (op == RC_MIN || op == RC_MAX) {
      if (x >= 0 && next(p) != ',') return fail(p, "','");
      while (x >= 0 && take(p, ',')) x = rc_combine(p->g, op, x, sum(p));
    } else x = rc_combine(p->g, op, x, -1);
    return x < 0 || take(p, ')') ? x : fail(p, "')'");
  }
  return fail(p, "a function that exists");
}

static int word(parser *p) {
  char name[64];
  size_t n = 0;
  while (isalnum((unsigned char)*p->at) || *p->at == '_') {
    if (n + 1 == sizeof name) return fail(p, "a shorter name");
    name[n++] = *p->at++;
  }
  name[n] = '\0';
  if (take(p, '(')) return function(p, name);
  return strcmp(name, "pi") ? rc_name(p->g, name) : node(p->g, RC_PI, -1, -1, NULL);
}

static int atom(parser *p) {
  char c = next(p);
  if (isdigit((unsigned char)c) || c == '.') return number(p);
  if (isalpha((unsigned char)c)) return word(p);
  if (!take(p, '(')) return fail(p, "a number, a name or '('");
  int x = sum(p);
  return x < 0 || take(p, ')') ? x : fail(p, "')'");
}

static int unary(parser *p) {
  if (++p->depth > MOST_DEPTH) return fail(p, "less depth");
  int x;
  if (take(p, '-')) x = rc_combine(p->g, RC_NEG, unary(p), -1);
  else if (take(p, '+')) x = unary(p);
  else {
    x = atom(p);
    if (x >= 0 && take(p, '^')) x = rc_combine(p->g, RC_POW, x, unary(p));
  }
  p->depth--;
  return x;
}

static int product(parser *p) {
  int x = unary(p);
  while (x >= 0)
    if (take(p, '*')) x = rc_combine(p->g, RC_MUL, x, unary(p));
    else if (take(p, '/')) x = rc_combine(p->g, RC_DIV, x, unary(p));
    else break;
  return x;
}

static int sum(parser *p) {
  int x = product(p);
  while (x >= 0)
    if (take(p, '+')) x = rc_combine(p->g, RC_ADD, x, product(p));
    else if (take(p, '-')) x = rc_combine(p->g, RC_SUB, x, product(p));
    else break;
  return x;
}

int rc_parse(rc_graph *g, const char *text, const char *what) {
  parser p = {g, text, text, what, 0};
  if (strlen(text) > MOST_TEXT) return fail(&p, "a shorter text");
  int x = sum(&p);
  if (x >= 0 && next(&p)) return fail(&p, "the end");
  return x;
}
