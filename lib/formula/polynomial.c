#include "formula/polynomial.h"

#include <stdlib.h>

#include "formula/graph.h"

enum { MOST_BITS = 4096, MOST_NODES = 1000 };

typedef struct polynomial {
  mpq_t c[FC_POLYNOMIAL_SIZE];
  bool valid;
} polynomial;

static void set_zero(polynomial *z) {
  for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++)
    mpq_set_si(z->c[i], 0, 1);
  z->valid = true;
}

static bool is_constant(const polynomial *f) {
  for (int i = 1; i < FC_POLYNOMIAL_SIZE; i++)
    if (mpq_sgn(f->c[i]) != 0)
      return false;
  return f->valid;
}

static bool is_short(const polynomial *f) {
  for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++)
    if (mpz_sizeinbase(mpq_numref(f->c[i]), 2) > MOST_BITS ||
        mpz_sizeinbase(mpq_denref(f->c[i]), 2) > MOST_BITS)
      return false;
  return true;
}

/* z = f g; z is neither. */
static void multiply(polynomial *z, const polynomial *f, const polynomial *g) {
  mpq_t t;
  mpq_init(t);
  set_zero(z);
  for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++)
    for (int j = 0; j < FC_POLYNOMIAL_SIZE; j++) {
      mpq_mul(t, f->c[i], g->c[j]);
      if (i + j < FC_POLYNOMIAL_SIZE)
        mpq_add(z->c[i + j], z->c[i + j], t);
      else if (mpq_sgn(t) != 0)
        z->valid = false;
    }
  mpq_clear(t);
}

static void divide(polynomial *z, const polynomial *f, const polynomial *g) {
  set_zero(z);
  z->valid = is_constant(g) && mpq_sgn(g->c[0]) != 0;
  for (int i = 0; i < FC_POLYNOMIAL_SIZE && z->valid; i++)
    mpq_div(z->c[i], f->c[i], g->c[0]);
}

static void add(polynomial *z, const polynomial *f, const polynomial *g,
                bool minus) {
  set_zero(z);
  for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++)
    (minus ? mpq_sub : mpq_add)(z->c[i], f->c[i], g->c[i]);
}

/* z = f^n, 1 < n; t is room. */
static void power(polynomial *z, const polynomial *f, long n, polynomial *t) {
  set_zero(z);
  mpq_set_si(z->c[0], 1, 1);
  z->valid = n > 1 && (n <= FC_POLYNOMIAL_DEGREE);
  for (long i = 0; i < n && z->valid; i++) {
    multiply(t, z, f);
    for (int j = 0; j < FC_POLYNOMIAL_SIZE; j++)
      mpq_swap(z->c[j], t->c[j]);
    z->valid = t->valid;
  }
}

static void read_node(polynomial *z, const fc_formula *formula,
                      const fc_node *node, const polynomial *all,
                      polynomial *room) {
  const polynomial *f = node->left == FC_NO_NODE ? NULL : all + node->left;
  const polynomial *g = node->right == FC_NO_NODE ? NULL : all + node->right;
  set_zero(z);
  if ((f && !f->valid) || (g && !g->valid)) {
    z->valid = false;
    return;
  }
  switch (node->op) {
  case FC_OP_NUMBER:
    mpq_set(z->c[0], formula->numbers[node->n]);
    break;
  case FC_OP_VARIABLE:
    mpq_set_si(z->c[1], 1, 1);
    z->valid = node->n == 0;
    break;
  case FC_OP_NEG:
    for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++)
      mpq_neg(z->c[i], f->c[i]);
    break;
  case FC_OP_ADD:
  case FC_OP_SUB:
    add(z, f, g, node->op == FC_OP_SUB);
    break;
  case FC_OP_MUL:
    multiply(z, f, g);
    break;
  case FC_OP_DIV:
    divide(z, f, g);
    break;
  case FC_OP_POW_SI:
    power(z, f, node->n, room);
    break;
  default:
    z->valid = false;
  }
  z->valid = z->valid && is_short(z);
}

static void each(polynomial *p, size_t count, void (*act)(mpq_ptr)) {
  for (size_t i = 0; i < count; i++)
    for (int j = 0; j < FC_POLYNOMIAL_SIZE; j++)
      act(p[i].c[j]);
}

bool fc_formula_polynomial(mpq_t *coefficients, const fc_formula *formula) {
  size_t count = formula->count;
  polynomial *all = count > MOST_NODES ? NULL : calloc(count + 1, sizeof *all);
  if (!all)
    return false;
  each(all, count + 1, mpq_init);
  for (size_t i = 0; i < count; i++)
    read_node(all + i, formula, formula->nodes + i, all, all + count);
  bool valid = all[formula->root].valid;
  for (int j = 0; j < FC_POLYNOMIAL_SIZE && valid; j++)
    mpq_set(coefficients[j], all[formula->root].c[j]);
  each(all, count + 1, mpq_clear);
  free(all);
  return valid;
}
