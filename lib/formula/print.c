/* Printing with no more parentheses than the grammar needs.  A work list
 * stands in for recursion: chains can be as long as the graph. */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/text.h"
#include "formula/graph.h"

/* How tightly a printed form binds. */
enum { SUM = 1, PRODUCT = 2, UNARY = 3, POWER = 4, ATOM = 5 };

/* Integers with at least this many final zeros are written with an exponent. */
#define MANY_ZEROS 7

typedef struct item {
  const char *text; /* printed as it is, or NULL */
  fc_node_id node;
  int level; /* weaker forms get parentheses */
} item;

typedef struct printer {
  const fc_formula *f;
  fc_text out;
  item *stack;
  size_t count, capacity;
  bool failed;
} printer;

static void push(printer *p, item next) {
  if (!fc_grow(&p->stack, &p->capacity, p->count, sizeof *p->stack)) {
    p->failed = true;
    return;
  }
  p->stack[p->count++] = next;
}

static void push_text(printer *p, const char *text) {
  push(p, (item){text, FC_NO_NODE, 0});
}

static void push_node(printer *p, fc_node_id node, int level) {
  push(p, (item){NULL, node, level});
}

/* --- numbers ---------------------------------------------------------- */

static void print_integer(printer *p, mpz_srcptr z) {
  char *digits = mpz_get_str(NULL, 10, z);
  size_t length = strlen(digits), zeros = 0;
  while (zeros + 1 < length && digits[length - 1 - zeros] == '0')
    zeros++;
  if (zeros < MANY_ZEROS)
    zeros = 0;
  fc_text_append_bytes(&p->out, digits, length - zeros);
  if (zeros)
    fc_text_printf(&p->out, "e%zu", zeros);
  void (*release)(void *, size_t);
  mp_get_memory_functions(NULL, NULL, &release);
  release(digits, length + 1);
}

static void print_number(printer *p, mpq_srcptr q) {
  print_integer(p, mpq_numref(q));
  if (mpz_cmp_ui(mpq_denref(q), 1) == 0)
    return;
  fc_text_append(&p->out, "/");
  print_integer(p, mpq_denref(q));
}

static int level_of_number(mpq_srcptr q) {
  if (mpq_sgn(q) < 0)
    return SUM;
  return mpz_cmp_ui(mpq_denref(q), 1) == 0 ? ATOM : PRODUCT;
}

/* --- nodes ------------------------------------------------------------ */

/* Products and quotients whose coefficient in front is negative. */
static bool leads_with_minus(const fc_formula *f, fc_node_id node) {
  for (int depth = 0; depth < 3; depth++) {
    mpq_srcptr q = fc_graph_get(f, node);
    fc_op op = f->nodes[node].op;
    if (q || (op != FC_OP_MUL && op != FC_OP_DIV))
      return q && mpq_sgn(q) < 0;
    node = f->nodes[node].left;
  }
  return false;
}

static int level_of(const fc_formula *f, fc_node_id node) {
  switch (f->nodes[node].op) {
  case FC_OP_NUMBER:
    return level_of_number(fc_graph_get(f, node));
  case FC_OP_NEG:
  case FC_OP_ADD:
  case FC_OP_SUB:
    return SUM;
  case FC_OP_MUL:
  case FC_OP_DIV:
    return leads_with_minus(f, node) ? SUM : PRODUCT;
  case FC_OP_POW:
  case FC_OP_POW_SI:
    return POWER;
  default:
    return ATOM;
  }
}

static const char *name_of(const fc_formula *f, const fc_node *node) {
  switch (node->op) {
  case FC_OP_PI:
    return "pi";
  case FC_OP_VARIABLE:
    return f->names[node->n];
  case FC_OP_MIN:
    return "min(";
  case FC_OP_MAX:
    return "max(";
  case FC_OP_SIN_PI:
    return "sin(pi";
  case FC_OP_COS_PI:
    return "cos(pi";
#define X(name, op, function)                                                  \
  case FC_OP_##op:                                                             \
    return name "(";
    FC_FUNCTION_LIST(X)
#undef X
  default:
    return "";
  }
}

/* The stack is last in, first out: what stands last is pushed first. */
static void push_binary(printer *p, const fc_node *node, const char *sign,
                        int left, int right) {
  push_node(p, node->right, right);
  push_text(p, sign);
  push_node(p, node->left, left);
}

/* "*x", or "/n" for x = 1/n */
static void push_multiple_of_pi(printer *p, fc_node_id x) {
  mpq_srcptr q = fc_graph_get(p->f, x);
  if (q && mpz_cmp_ui(mpq_numref(q), 1) == 0) {
    fc_text_append(&p->out, "/");
    print_integer(p, mpq_denref(q));
    return;
  }
  fc_text_append(&p->out, "*");
  push_node(p, x, PRODUCT);
}

static void print_call(printer *p, const fc_node *node) {
  fc_text_append(&p->out, name_of(p->f, node));
  push_text(p, ")");
  if (node->right != FC_NO_NODE) {
    push_node(p, node->right, SUM);
    push_text(p, ", ");
  }
  if (node->op == FC_OP_SIN_PI || node->op == FC_OP_COS_PI)
    push_multiple_of_pi(p, node->left);
  else
    push_node(p, node->left, SUM);
}

static void print_node(printer *p, fc_node_id id) {
  const fc_node *node = &p->f->nodes[id];
  switch (node->op) {
  case FC_OP_NUMBER:
    print_number(p, fc_graph_get(p->f, id));
    break;
  case FC_OP_PI:
  case FC_OP_VARIABLE:
    fc_text_append(&p->out, name_of(p->f, node));
    break;
  case FC_OP_NEG:
    fc_text_append(&p->out, "-");
    push_node(p, node->left, PRODUCT);
    break;
  case FC_OP_POW_SI:
    push_node(p, node->left, ATOM);
    break;
  case FC_OP_POW:
    push_binary(p, node, "^", ATOM, POWER);
    break;
  case FC_OP_ADD:
    push_binary(p, node, " + ", SUM, PRODUCT);
    break;
  case FC_OP_SUB:
    push_binary(p, node, " - ", SUM, PRODUCT);
    break;
  case FC_OP_MUL:
    push_binary(p, node, "*", level_of(p->f, id), UNARY);
    break;
  case FC_OP_DIV:
    push_binary(p, node, "/", level_of(p->f, id), UNARY);
    break;
  default:
    print_call(p, node);
    break;
  }
}

/* x^n: the exponent stands behind the base, so it goes on the stack first. */
static void push_exponent(printer *p, const fc_node *node);

static void print_item(printer *p, item next) {
  if (next.text) {
    fc_text_append(&p->out, next.text);
    return;
  }
  if (next.node == FC_NO_NODE) { /* an integer exponent */
    fc_text_printf(&p->out, next.level < 0 ? "^(%d)" : "^%d", next.level);
    return;
  }
  if (level_of(p->f, next.node) < next.level) {
    fc_text_append(&p->out, "(");
    push_text(p, ")");
  }
  push_exponent(p, &p->f->nodes[next.node]);
  print_node(p, next.node);
}

static void push_exponent(printer *p, const fc_node *node) {
  if (node->op == FC_OP_POW_SI)
    push(p, (item){NULL, FC_NO_NODE, (int)node->n});
}

char *fc_formula_print(const fc_formula *formula) {
  printer p = {.f = formula};
  fc_text_init(&p.out);
  push_node(&p, formula->root, SUM);
  while (p.count > 0 && !p.failed && p.out.length < FC_FORMULA_MAX_PRINT)
    print_item(&p, p.stack[--p.count]);
  if (p.count > 0 && !p.failed)
    fc_text_append(&p.out, "...");
  free(p.stack);
  char *text = fc_text_take(&p.out);
  if (p.failed) {
    free(text);
    text = NULL;
  }
  return text;
}
