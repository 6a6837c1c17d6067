/* Formula texts to graphs. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "recheck.h"

enum { MOST_DEPTH = 200, MOST_TEXT = 16384 };

void rc_reject(rc_graph *g, const char *format, ...) {
  va_list arguments;
  if (g->reason[0]) return;
  va_start(arguments, format);
  vsnprintf(g->reason, sizeof g->reason, format, arguments);
  va_end(arguments);
  for (char *c = g->reason; *c; c++)
    if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
}

bool rc_is_good(const rc_graph *g) { return !g->reason[0]; }

/* --- nodes ----------------------------------------------------------------- */

void rc_graph_init(rc_graph *g) {
  g->bits = RC_BITS;
  if (getrandom(&g->random, sizeof g->random, GRND_NONBLOCK) < 0) g->random = (uint64_t)time(NULL);
  g->seed = rc_random(&g->random);
  g->nodes = calloc(RC_MOST_NODES, sizeof *g->nodes); /* nodes never move */
  if (g->nodes) rc_number(g, "0");
  else rc_reject(g, "out of memory");
}

void rc_graph_clear(rc_graph *g) {
  for (int i = 0; i < g->count; i++) {
    mpfi_clear(g->nodes[i].value);
    free(g->nodes[i].text);
  }
  free(g->nodes);
}

void rc_set_bits(rc_graph *g, long bits) {
  g->bits = bits;
  for (int i = 0; i < g->count; i++) {
    mpfi_set_prec(g->nodes[i].value, (mpfr_prec_t)bits);
    g->nodes[i].done = false;
  }
}

int rc_node_of(rc_graph *g, rc_op op, int x, int y) {
  if (g->count == RC_MOST_NODES) rc_reject(g, "its formulas are too large");
  if (g->count == RC_MOST_NODES) return 0;
  bool constant =
      op < RC_VARIABLE || (op > RC_VARIABLE && g->nodes[x].constant && g->nodes[y].constant);
  g->nodes[g->count] = (rc_node){.op = op, .x = x, .y = y, .constant = constant};
  mpfi_init2(g->nodes[g->count].value, (mpfr_prec_t)g->bits);
  return g->count++;
}

int rc_number(rc_graph *g, const char *text) {
  int node = rc_node_of(g, RC_NUMBER, 0, 0);
  if ((node || g->count == 1) && !(g->nodes[node].text = strdup(text)))
    rc_reject(g, "out of memory");
  return node;
}

void rc_bind(rc_graph *g, const char *name, int node) {
  if (g->name_count == RC_MOST_NAMES) rc_reject(g, "too many names");
  else g->name_count++;
  rc_name *to = &g->names[g->name_count - 1];
  snprintf(to->text, sizeof to->text, "%s", name);
  to->node = node;
}

int rc_find(const rc_graph *g, const char *name) {
  for (int i = g->name_count - 1; i >= 0; i--)
    if (strcmp(g->names[i].text, name) == 0) return g->names[i].node;
  return -1;
}

int rc_form(rc_graph *g, const char *text, const char *letters, ...) {
  va_list nodes;
  int outer = g->name_count;
  va_start(nodes, letters);
  for (; *letters; letters++) rc_bind(g, (char[]){*letters, '\0'}, va_arg(nodes, int));
  va_end(nodes);
  int node = rc_parse(g, text);
  g->name_count = outer;
  return node;
}

/* --- derivatives ----------------------------------------------------------- */

/* By the children x, y, their derivatives u, v and the node z itself; exponents are constant. */
static const char *const rules[] = {
    [RC_ADD] = "u + v",       [RC_SUB] = "u - v",         [RC_MUL] = "u*y + x*v",
    [RC_DIV] = "(u - z*v)/y", [RC_POW] = "y*x^(y - 1)*u", [RC_NEG] = "-u",
    [RC_SQRT] = "u/(2*z)",    [RC_LOG] = "u/x",           [RC_EXP] = "z*u",
    [RC_SIN] = "cos(x)*u",    [RC_COS] = "-sin(x)*u",     [RC_ABS] = NULL};

/* The derivative of log z, with logarithms of products, roots and exponentials taken apart. */
static int log_derivative(rc_graph *g, const int *of, int z) {
  const rc_node n = g->nodes[z];
  bool apart = (n.op == RC_MUL || n.op == RC_DIV || n.op == RC_SQRT) && (of[n.x] || of[n.y]);
  if (n.op == RC_EXP) return of[n.x];
  if (!of[z] || !apart) return of[z] ? rc_form(g, "u/z", "uz", of[z], z) : 0;
  int x = log_derivative(g, of, n.x), y = n.op == RC_SQRT ? x : log_derivative(g, of, n.y);
  return rc_form(g, n.op == RC_MUL ? "x + y" : n.op == RC_DIV ? "x - y" : "x/2", "xy", x, y);
}

int rc_derivative(rc_graph *g, int root, const int by[4], bool of_log) {
  int result = 0, *of = calloc((size_t)g->count, sizeof *of); /* derivatives; 0 is 0 */
  for (int i = 0; of && i <= root && rc_is_good(g); i++) {
    const rc_node n = g->nodes[i];
    if (i == by[0] || i == by[2]) of[i] = by[i == by[0] ? 1 : 3];
    else if (n.op <= RC_VARIABLE || (!of[n.x] && !of[n.y])) continue;
    else if (!rules[n.op] || (n.op == RC_POW && of[n.y]))
      rc_reject(g, "a formula that cannot be differentiated");
    else of[i] = rc_form(g, rules[n.op], "xyuvz", n.x, n.y, of[n.x], of[n.y], i);
  }
  if (!of) rc_reject(g, "out of memory");
  else result = of_log ? log_derivative(g, of, root) : of[root];
  free(of);
  return result;
}

/* --- the parser ------------------------------------------------------------ */

typedef struct parser {
  rc_graph *g;
  const char *text, *at;
  int depth;
} parser;

static int fail(parser *p, const char *expected) {
  rc_reject(p->g, "expected %s at byte %d of '%.60s'", expected, (int)(p->at - p->text) + 1,
            p->text);
  return 0;
}

static bool take(parser *p, char c) {
  while (*p->at == ' ') p->at++;
  if (*p->at != c) return false;
  p->at++;
  return true;
}

static int chain(parser *p, int level);

/* 12, 0.1, .5, 1e-30: kept as text. */
static int number(parser *p) {
  char *end, *text;
  MPFR_DECL_INIT(x, 2);
  mpfr_strtofr(x, p->at, &end, 10, MPFR_RNDN);
  if (end == p->at || !(text = strndup(p->at, (size_t)(end - p->at)))) return fail(p, "a number");
  int node = rc_number(p->g, text);
  free(text);
  p->at = end;
  return node;
}

static int function(parser *p, const char *name) {
  static const char *const names[] = {
      [RC_MIN] = "min", [RC_MAX] = "max", [RC_SQRT] = "sqrt", [RC_LOG] = "log", [RC_EXP] = "exp",
      [RC_SIN] = "sin", [RC_COS] = "cos", [RC_ERFC] = "erfc", [RC_ABS] = "abs"};
  for (rc_op op = RC_MIN; op <= RC_ABS; op++) {
    if (op == RC_NEG || strcmp(name, names[op]) != 0) continue;
    int x = chain(p, 0), first = x;
    if (op > RC_NEG) x = rc_node_of(p->g, op, x, 0);
    else
      while (take(p, ',')) x = rc_node_of(p->g, op, x, chain(p, 0));
    return take(p, ')') && x != first ? x : fail(p, "the arguments of a function");
  }
  return fail(p, "a function that exists");
}

static int word(parser *p) {
  char name[sizeof p->g->names->text];
  size_t n = 0;
  for (; isalnum((unsigned char)*p->at) || *p->at == '_'; p->at++) {
    if (n + 1 == sizeof name) return fail(p, "a shorter name");
    name[n++] = *p->at;
  }
  name[n] = '\0';
  if (take(p, '(')) return function(p, name);
  if (strcmp(name, "pi") == 0) return rc_node_of(p->g, RC_PI, 0, 0);
  int node = rc_find(p->g, name);
  if (node < 0) rc_reject(p->g, "'%s' is no constant of the target, nor an atom", name);
  return node < 0 ? 0 : node;
}

static int atom(parser *p) {
  if (take(p, '(')) {
    int x = chain(p, 0);
    return take(p, ')') ? x : fail(p, "')'");
  }
  if (isdigit((unsigned char)*p->at) || *p->at == '.') return number(p);
  return isalpha((unsigned char)*p->at) ? word(p) : fail(p, "a number, a name or '('");
}

static int unary(parser *p) {
  if (!rc_is_good(p->g) || ++p->depth > MOST_DEPTH) return fail(p, "less depth");
  int x;
  if (take(p, '-')) x = rc_node_of(p->g, RC_NEG, unary(p), 0);
  else if (take(p, '+')) x = unary(p);
  else {
    x = atom(p);
    if (take(p, '^')) x = rc_node_of(p->g, RC_POW, x, unary(p));
  }
  p->depth--;
  return x;
}

/* Level 0: terms; 1: factors. */
static int chain(parser *p, int level) {
  static const char signs[][3] = {"+-", "*/"};
  static const rc_op ops[][2] = {{RC_ADD, RC_SUB}, {RC_MUL, RC_DIV}};
  int x = level ? unary(p) : chain(p, 1);
  for (;;) {
    int i = take(p, signs[level][0]) ? 0 : take(p, signs[level][1]) ? 1 : -1;
    if (i < 0) return x;
    x = rc_node_of(p->g, ops[level][i], x, level ? unary(p) : chain(p, 1));
  }
}

int rc_parse(rc_graph *g, const char *text) {
  parser p = {g, text, text, 0};
  if (!text) return -1;
  if (strlen(text) > MOST_TEXT) return fail(&p, "a shorter text");
  int x = chain(&p, 0);
  take(&p, ' ');
  return *p.at ? fail(&p, "the end") : x;
}
