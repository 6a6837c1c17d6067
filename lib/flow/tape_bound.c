/* What is left of the series of a program: the bound of tape.h. */
#include <math.h>

#include "flow/tape.h"

/* The tails that are tried: one guess, then larger ones. */
enum { GUESSES = 6 };

static mag_ptr sizes_of(const fc_tape *tape, int node) {
  return tape->sizes + (size_t)node * (size_t)(tape->most + 2);
}

/* sizes[k] = sum_{i>=k} |c_i| w^i for k <= n + 1, by Horner's rule from the
 * highest: (|c_k| + |c_{k+1}| w + ...), then times w^k. */
static void set_sizes(fc_tape *tape, int node, long n, mag_srcptr powers) {
  mag_ptr sizes = sizes_of(tape, node);
  arb_srcptr c = fc_tape_series(tape, node);
  mag_t size;
  mag_init(size);
  mag_zero(sizes + n + 1);
  for (long k = n; k >= 0; k--) {
    arb_get_mag(size, c + k);
    mag_mul(size, size, powers + k);
    mag_add(sizes + k, sizes + k + 1, size);
  }
  mag_clear(size);
}

/* sum_{i+j>n} |x_i| |y_j| w^(i+j), i, j <= n. */
static void set_high(mag_ptr z, const fc_tape *tape, const fc_tape_node *node,
                     long n, mag_srcptr powers) {
  arb_srcptr x = fc_tape_series(tape, node->left);
  mag_srcptr y = sizes_of(tape, node->right);
  mag_t size;
  mag_init(size);
  mag_zero(z);
  if (tape->nodes[node->left].op == FC_TAPE_TIME) {
    mag_mul(z, powers + 1, y + n);
  } else {
    for (long i = 1; i <= n; i++) {
      arb_get_mag(size, x + i);
      mag_mul(size, size, powers + i);
      mag_addmul(z, size, y + n + 1 - i);
    }
  }
  mag_clear(size);
}

static void sum_tail(mag_ptr z, const fc_tape *tape, const fc_tape_node *node) {
  mag_t size;
  mag_init(size);
  mag_zero(z);
  for (int i = node->left; i < node->right; i++) {
    const fc_tape_term *term = tape->terms + i;
    if (term->node == FC_TAPE_ONE)
      continue;
    if (term->coefficient < 0) {
      mag_add(z, z, tape->tail + term->node);
    } else {
      arb_get_mag(size, tape->constants + term->coefficient);
      mag_addmul(z, size, tape->tail + term->node);
    }
  }
  mag_clear(size);
}

/* high + |x| tail(y) + tail(x) (|y| + tail(y)) */
static void product_tail(mag_ptr z, const fc_tape *tape, int i) {
  const fc_tape_node *node = tape->nodes + i;
  mag_srcptr x = tape->tail + node->left, y = tape->tail + node->right;
  mag_t whole;
  mag_init(whole);
  mag_add(whole, sizes_of(tape, node->right), y);
  mag_set(z, tape->high + i);
  mag_addmul(z, sizes_of(tape, node->left), y);
  mag_addmul(z, x, whole);
  mag_clear(whole);
}

/* z = w |c_n(integrand)| w^n/(n+1) + w tail(integrand)/(n+2) */
static void integral_tail(mag_ptr z, const fc_tape *tape, int integrand, long n,
                          const mag_t w) {
  mag_t part;
  mag_init(part);
  mag_div_ui(z, sizes_of(tape, integrand) + n, (ulong)n + 1);
  mag_div_ui(part, tape->tail + integrand, (ulong)n + 2);
  mag_add(z, z, part);
  mag_mul(z, z, w);
  mag_clear(part);
}

/* All tails from those of the integrals; fresh: what the integrals then get. */
static void spread(fc_tape *tape, int end, long n, const mag_t w) {
  for (int i = 0; i < end; i++) {
    const fc_tape_node *node = tape->nodes + i;
    if (node->op == FC_TAPE_TIME)
      mag_zero(tape->tail + i);
    else if (node->op == FC_TAPE_SUM)
      sum_tail(tape->tail + i, tape, node);
    else if (node->op == FC_TAPE_PRODUCT)
      product_tail(tape->tail + i, tape, i);
  }
  for (int i = 0; i < end; i++)
    if (tape->nodes[i].op == FC_TAPE_INTEGRAL)
      integral_tail(tape->fresh + i, tape, tape->nodes[i].left, n, w);
}

static bool holds(const fc_tape *tape, int end) {
  for (int i = 0; i < end; i++)
    if (tape->nodes[i].op == FC_TAPE_INTEGRAL &&
        (mag_is_inf(tape->fresh + i) ||
         mag_cmp(tape->fresh + i, tape->tail + i) > 0))
      return false;
  return true;
}

static void guess(fc_tape *tape, int end, bool first) {
  for (int i = 0; i < end; i++) {
    if (tape->nodes[i].op != FC_TAPE_INTEGRAL)
      continue;
    if (first)
      mag_zero(tape->tail + i);
    else
      mag_mul_2exp_si(tape->tail + i, tape->fresh + i, 1);
  }
}

bool fc_tape_bound(fc_tape *tape, int end, long n, const mag_t w) {
  mag_ptr powers = _mag_vec_init(n + 1);
  if (!powers)
    return false;
  mag_one(powers);
  for (long k = 1; k <= n; k++)
    mag_mul(powers + k, powers + k - 1, w);
  for (int i = 0; i < end; i++)
    set_sizes(tape, i, n, powers);
  for (int i = 0; i < end; i++)
    if (tape->nodes[i].op == FC_TAPE_PRODUCT)
      set_high(tape->high + i, tape, tape->nodes + i, n, powers);
  _mag_vec_clear(powers, n + 1);
  bool found = false;
  for (int trial = 0; trial <= GUESSES && !found; trial++) {
    guess(tape, end, trial == 0);
    spread(tape, end, n, w);
    found = holds(tape, end);
  }
  return found;
}

double fc_tape_log2_radius(const fc_tape *tape, int end, long n) {
  double least = INFINITY;
  mag_t size, scale;
  mag_init(size);
  mag_init(scale);
  for (int i = 0; i < end; i++) {
    if (tape->nodes[i].op != FC_TAPE_INTEGRAL)
      continue;
    arb_srcptr c = fc_tape_series(tape, i);
    arb_get_mag(scale, c);
    double unit = fmax(mag_get_d_log2_approx(scale), 0);
    for (long k = n / 2 + 1; k <= n; k++) {
      arb_get_mag(size, c + k);
      if (!mag_is_zero(size))
        least = fmin(least, (unit - mag_get_d_log2_approx(size)) / (double)k);
    }
  }
  mag_clear(size);
  mag_clear(scale);
  return least;
}
