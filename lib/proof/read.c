/* From formula texts to quotients of polynomials, node by node. */
#include <stdlib.h>
#include <string.h>

#include "formula/graph.h"
#include "proof/rational.h"

typedef struct walk {
  const fc_formula *formula;
  fc_ring *ring;
  fc_rational *all; /* of node i */
  bool *valid;
  bool *needed; /* by the root, for the choices made */
  unsigned choice;
  int *bits; /* of node i: which bit chooses, -1: none */
} walk;

static bool chooses(fc_op op) {
  return op == FC_OP_MIN || op == FC_OP_MAX || op == FC_OP_ABS;
}

/* z = x^(right) for constant exponents n/2. */
static void power(fc_rational *z, const fc_rational *x, mpq_srcptr q,
                  fc_ring *ring) {
  if (!q || !mpz_fits_slong_p(mpq_numref(q)) ||
      mpz_cmp_ui(mpq_denref(q), 2) > 0) {
    ring->status = FC_UNSUPPORTED;
    return;
  }
  long n = mpz_get_si(mpq_numref(q));
  if (mpz_cmp_ui(mpq_denref(q), 1) == 0)
    fc_rational_pow(z, x, n, ring);
  else
    fc_rational_half_power(z, x, n, ring);
}

static void variable(fc_rational *z, const walk *w, long n) {
  const char *name = w->formula->names[n];
  for (long i = 0; i < w->ring->name_count; i++)
    if (strcmp(w->ring->names[i].name, name) == 0) {
      fc_rational_set(z, &w->ring->names[i].value, w->ring);
      return;
    }
  w->ring->status = FC_UNSUPPORTED;
}

static bool takes_left(const walk *w, size_t i) {
  return w->bits[i] < 0 || !(w->choice >> w->bits[i] & 1u);
}

/* min, max: the operand chosen; abs: x or -x. */
static void choose(fc_rational *z, const walk *w, size_t i) {
  const fc_node *node = &w->formula->nodes[i];
  if (takes_left(w, i))
    fc_rational_set(z, &w->all[node->left], w->ring);
  else if (node->op == FC_OP_ABS)
    fc_rational_neg(z, &w->all[node->left], w->ring);
  else
    fc_rational_set(z, &w->all[node->right], w->ring);
}

static void read_node(walk *w, size_t i) {
  const fc_node *node = &w->formula->nodes[i];
  const fc_rational *x = node->left == FC_NO_NODE ? NULL : w->all + node->left;
  const fc_rational *y =
      node->right == FC_NO_NODE ? NULL : w->all + node->right;
  fc_rational *z = w->all + i;
  fc_ring *ring = w->ring;
  switch (node->op) {
  case FC_OP_NUMBER:
    fc_rational_set_mpq(z, w->formula->numbers[node->n], ring);
    break;
  case FC_OP_VARIABLE:
    variable(z, w, node->n);
    break;
  case FC_OP_NEG:
    fc_rational_neg(z, x, ring);
    break;
  case FC_OP_POW_SI:
    fc_rational_pow(z, x, node->n, ring);
    break;
  case FC_OP_ADD:
    fc_rational_add(z, x, y, ring);
    break;
  case FC_OP_SUB:
    fc_rational_sub(z, x, y, ring);
    break;
  case FC_OP_MUL:
    fc_rational_mul(z, x, y, ring);
    break;
  case FC_OP_DIV:
    fc_rational_div(z, x, y, ring);
    break;
  case FC_OP_POW:
    power(z, x, fc_graph_get(w->formula, node->right), ring);
    break;
  case FC_OP_SQRT:
    fc_rational_half_power(z, x, 1, ring);
    break;
  case FC_OP_LOG:
    fc_rational_log(z, x, ring);
    break;
  case FC_OP_MIN:
  case FC_OP_MAX:
  case FC_OP_ABS:
    choose(z, w, i);
    break;
  default: /* pi, exp and the like occur in no bound of the paper */
    ring->status = FC_UNSUPPORTED;
  }
}

/* The operands that node i reads, for the choice made at it. */
static bool reads_left(const walk *w, size_t i) {
  const fc_node *node = &w->formula->nodes[i];
  return node->left != FC_NO_NODE &&
         (!chooses(node->op) || node->op == FC_OP_ABS || takes_left(w, i));
}

static bool reads_right(const walk *w, size_t i) {
  const fc_node *node = &w->formula->nodes[i];
  return node->right != FC_NO_NODE && node->op != FC_OP_POW &&
         (!chooses(node->op) || !takes_left(w, i));
}

static void read_all(walk *w) {
  for (size_t i = 0; i < w->formula->count; i++) {
    bool ready = (!reads_left(w, i) || w->valid[w->formula->nodes[i].left]) &&
                 (!reads_right(w, i) || w->valid[w->formula->nodes[i].right]);
    if (ready)
      read_node(w, i);
    w->valid[i] = ready && w->ring->status == FC_OK;
    w->ring->status = FC_OK;
  }
}

/* Which nodes the root needs: their conditions count. */
static void mark_needed(walk *w) {
  w->needed[w->formula->root] = true;
  for (size_t i = w->formula->count; i-- > 0;) {
    if (!w->needed[i])
      continue;
    if (reads_left(w, i))
      w->needed[w->formula->nodes[i].left] = true;
    if (reads_right(w, i))
      w->needed[w->formula->nodes[i].right] = true;
  }
}

/* The operand chosen is the smaller (larger) one; where the other cannot be
 * read, nothing is known. */
static fc_status add_condition(const walk *w, size_t i,
                               fc_conditions *conditions) {
  const fc_node *node = &w->formula->nodes[i];
  bool left = takes_left(w, i);
  if (node->op != FC_OP_ABS && !(w->valid[node->left] && w->valid[node->right]))
    return FC_OK;
  if (conditions->count ==
      (long)(sizeof conditions->items / sizeof *conditions->items))
    return FC_LIMIT;
  fc_rational *z = &conditions->items[conditions->count++];
  fc_rational_init(z, w->ring);
  if (node->op == FC_OP_ABS)
    fc_rational_set(z, &w->all[node->left], w->ring);
  else if (node->op == FC_OP_MAX)
    fc_rational_sub(z, &w->all[node->left], &w->all[node->right], w->ring);
  else
    fc_rational_sub(z, &w->all[node->right], &w->all[node->left], w->ring);
  if (!left)
    fc_rational_neg(z, z, w->ring);
  return w->ring->status;
}

static fc_status finish(fc_rational *z, walk *w, fc_conditions *conditions,
                        fc_error *error) {
  const fc_formula *f = w->formula;
  if (!w->valid[f->root])
    return fc_fail(error, FC_UNSUPPORTED,
                   "no quotient of polynomials and roots: '%s'", f->text);
  fc_rational_set(z, &w->all[f->root], w->ring);
  mark_needed(w);
  fc_status status = FC_OK;
  for (size_t i = 0; i < f->count && status == FC_OK && conditions; i++)
    if (w->needed[i] && chooses(f->nodes[i].op))
      status = add_condition(w, i, conditions);
  w->ring->status = FC_OK;
  return status ? fc_fail(error, FC_LIMIT, "too many cases: '%s'", f->text)
                : FC_OK;
}

static fc_status walk_formula(fc_rational *z, walk *w, int *bit,
                              fc_conditions *conditions, fc_error *error) {
  size_t count = w->formula->count;
  w->all = calloc(count, sizeof *w->all);
  w->valid = calloc(count, sizeof *w->valid);
  w->needed = calloc(count, sizeof *w->needed);
  w->bits = calloc(count, sizeof *w->bits);
  fc_status status = FC_MEMORY;
  if (w->all && w->valid && w->needed && w->bits) {
    for (size_t i = 0; i < count; i++) {
      fc_rational_init(&w->all[i], w->ring);
      w->bits[i] = chooses(w->formula->nodes[i].op) ? (*bit)++ : -1;
    }
    if (*bit > 16 || (*bit > 0 && !conditions)) {
      status = fc_fail(error, FC_UNSUPPORTED, "too many cases: '%s'",
                       w->formula->text);
    } else {
      read_all(w);
      status = finish(z, w, conditions, error);
    }
    for (size_t i = 0; i < count; i++)
      fc_rational_clear(&w->all[i], w->ring);
  }
  free(w->all);
  free(w->valid);
  free(w->needed);
  free(w->bits);
  return status;
}

fc_status fc_rational_read(fc_rational *z, const char *text, unsigned choice,
                           int *bit, fc_conditions *conditions, fc_ring *ring,
                           fc_error *error) {
  const char *names[FC_RING_NAMES];
  fc_formula *formula = NULL;
  for (long i = 0; i < ring->name_count; i++)
    names[i] = ring->names[i].name;
  fc_status status = fc_formula_parse(&formula, text, names,
                                      (size_t)ring->name_count, NULL, error);
  if (status)
    return status;
  walk w = {.formula = formula, .ring = ring, .choice = choice};
  status = walk_formula(z, &w, bit, conditions, error);
  fc_formula_free(formula);
  return status;
}

void fc_conditions_clear(fc_conditions *conditions, const fc_ring *ring) {
  for (long i = 0; i < conditions->count; i++)
    fc_rational_clear(&conditions->items[i], ring);
  conditions->count = 0;
}
