/* Power series programs: how they are written, and their coefficients. */
#include "flow/tape.h"

#include <stdlib.h>

enum { MOST_NUMBERS = 1 << 22 };

void fc_tape_init(fc_tape *tape, int constants) {
  *tape = (fc_tape){.constant_count = constants};
}

void fc_tape_clear(fc_tape *tape) {
  free(tape->nodes);
  free(tape->terms);
  if (tape->constants)
    _arb_vec_clear(tape->constants, tape->constant_count);
  if (tape->series)
    _arb_vec_clear(tape->series, tape->count * (tape->most + 1));
  if (tape->sizes)
    _mag_vec_clear(tape->sizes, tape->count * (tape->most + 5));
}

static int append(fc_tape *tape, fc_tape_op op, int left, int right) {
  if (tape->count == tape->capacity) {
    int capacity = tape->capacity ? 2 * tape->capacity : 64;
    fc_tape_node *nodes =
        realloc(tape->nodes, (size_t)capacity * sizeof *nodes);
    if (!nodes) {
      tape->failed = true;
      return 0;
    }
    tape->nodes = nodes;
    tape->capacity = capacity;
  }
  tape->nodes[tape->count] = (fc_tape_node){op, left, right};
  return tape->count++;
}

int fc_tape_time(fc_tape *tape) { return append(tape, FC_TAPE_TIME, 0, 0); }

int fc_tape_integral(fc_tape *tape) {
  return append(tape, FC_TAPE_INTEGRAL, 0, 0);
}

void fc_tape_close(fc_tape *tape, int integral, int integrand) {
  if (!tape->failed)
    tape->nodes[integral].left = integrand;
}

int fc_tape_product(fc_tape *tape, int x, int y) {
  return append(tape, FC_TAPE_PRODUCT, x, y);
}

int fc_tape_sum(fc_tape *tape) {
  return append(tape, FC_TAPE_SUM, tape->term_count, tape->term_count);
}

void fc_tape_add(fc_tape *tape, int coefficient, int node) {
  if (tape->failed)
    return;
  if (tape->term_count == tape->term_capacity) {
    int capacity = tape->term_capacity ? 2 * tape->term_capacity : 64;
    fc_tape_term *terms =
        realloc(tape->terms, (size_t)capacity * sizeof *terms);
    if (!terms) {
      tape->failed = true;
      return;
    }
    tape->terms = terms;
    tape->term_capacity = capacity;
  }
  tape->terms[tape->term_count++] = (fc_tape_term){coefficient, node};
  tape->nodes[tape->count - 1].right = tape->term_count;
}

fc_status fc_tape_ready(fc_tape *tape, long most) {
  if (tape->failed)
    return FC_MEMORY;
  if ((double)tape->count * (double)(most + 1) > MOST_NUMBERS)
    return FC_BUDGET;
  tape->most = most;
  tape->constants = _arb_vec_init(tape->constant_count);
  tape->series = _arb_vec_init(tape->count * (most + 1));
  tape->sizes = _mag_vec_init(tape->count * (most + 5));
  if (!tape->constants || !tape->series || !tape->sizes)
    return FC_MEMORY;
  tape->high = tape->sizes + tape->count * (most + 2);
  tape->tail = tape->high + tape->count;
  tape->fresh = tape->tail + tape->count;
  return FC_OK;
}

/* --- coefficients ---------------------------------------------------------*/

static void add_term(arb_ptr z, const fc_tape *tape, const fc_tape_term *term,
                     long j, slong precision) {
  arb_srcptr constant =
      term->coefficient >= 0 ? tape->constants + term->coefficient : NULL;
  if (term->node == FC_TAPE_ONE) {
    if (j == 0 && constant)
      arb_add(z, z, constant, precision);
    else if (j == 0)
      arb_add_si(z, z, term->coefficient == FC_TAPE_PLUS ? 1 : -1, precision);
    return;
  }
  arb_srcptr x = fc_tape_series(tape, term->node) + j;
  if (constant)
    arb_addmul(z, constant, x, precision);
  else if (term->coefficient == FC_TAPE_PLUS)
    arb_add(z, z, x, precision);
  else
    arb_sub(z, z, x, precision);
}

/* (x^2)_j, the products x_i x_{j-i} each taken once. */
static void square(arb_ptr z, arb_srcptr x, long j, slong precision) {
  long pairs = (j + 1) / 2;
  if (j % 2 == 0)
    fc_arb_sqr(z + j, x + pairs, precision);
  if (pairs == 0)
    return;
  arb_t sum;
  arb_init(sum);
  arb_dot(sum, NULL, 0, x, 1, x + j, -1, pairs, precision);
  arb_mul_2exp_si(sum, sum, 1);
  if (j % 2 == 0)
    arb_add(z + j, z + j, sum, precision);
  else
    arb_swap(z + j, sum);
  arb_clear(sum);
}

static void product(const fc_tape *tape, arb_ptr z, int left, int right, long j,
                    slong precision) {
  arb_srcptr x = fc_tape_series(tape, left), y = fc_tape_series(tape, right);
  if (left == right) {
    square(z, x, j, precision);
  } else if (tape->nodes[left].op == FC_TAPE_TIME) {
    arb_mul(z + j, x, y + j, precision);
    if (j > 0)
      arb_add(z + j, z + j, y + j - 1, precision);
  } else {
    arb_dot(z + j, NULL, 0, x, 1, y + j, -1, j + 1, precision);
  }
}

void fc_tape_coefficient(fc_tape *tape, int node, long j, slong precision) {
  const fc_tape_node *n = tape->nodes + node;
  arb_ptr z = fc_tape_series(tape, node);
  switch (n->op) {
  case FC_TAPE_TIME:
    if (j > 0)
      arb_set_si(z + j, j == 1);
    break;
  case FC_TAPE_INTEGRAL:
    if (j > 0)
      arb_div_ui(z + j, fc_tape_series(tape, n->left) + j - 1, (ulong)j,
                 precision);
    break;
  case FC_TAPE_SUM:
    arb_zero(z + j);
    for (int i = n->left; i < n->right; i++)
      add_term(z + j, tape, tape->terms + i, j, precision);
    break;
  case FC_TAPE_PRODUCT:
    product(tape, z, n->left, n->right, j, precision);
    break;
  }
}

void fc_tape_expand(fc_tape *tape, int first, int end, long from, long n,
                    slong precision) {
  for (long j = from; j <= n; j++)
    for (int i = first; i < end; i++)
      fc_tape_coefficient(tape, i, j, precision);
}

void fc_tape_value(arb_t z, const fc_tape *tape, int node, long n,
                   const arb_t h, const mag_t ratio, slong precision) {
  arb_srcptr c = fc_tape_series(tape, node);
  arb_t sum;
  mag_t rest;
  arb_init(sum);
  mag_init(rest);
  for (long k = n; k >= 0; k--) {
    arb_mul(sum, sum, h, precision);
    arb_add(sum, sum, c + k, precision);
  }
  mag_mul(rest, tape->tail + node, ratio);
  arb_add_error_mag(sum, rest);
  arb_swap(z, sum);
  arb_clear(sum);
  mag_clear(rest);
}
