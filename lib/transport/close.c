#include "transport/close.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

fc_status fc_close_init(fc_close *c, const fc_frame *frame, fc_search *search) {
  memset(c, 0, sizeof *c);
  c->frame = frame;
  c->search = search;
  c->capacity = 16 * (frame->p.count + frame->q.count) + 4096;
  c->pairs = malloc(c->capacity * sizeof *c->pairs);
  c->reduced = malloc(c->capacity * sizeof *c->reduced);
  return c->pairs && c->reduced ? FC_OK : FC_MEMORY;
}

void fc_close_clear(fc_close *c) {
  free(c->pairs);
  free(c->reduced);
  for (int s = 0; s < 2; s++) {
    free(c->low[s].x);
    free(c->low[s].weights);
  }
}

enum { MOST_OF_ONE = 16 };

/* Pairs of one i come one after the other: where it has enough that improve the
 * basis, the best of them are kept; the list has room for those of all i. */
static void list_improving(fc_close *c, fc_close_pair pair, double reduced) {
  size_t first = c->improving;
  while (first > 0 && c->pairs[first - 1].i == pair.i)
    first--;
  size_t at = first;
  if (c->improving - first < MOST_OF_ONE)
    at = c->improving++;
  else {
    for (size_t n = first; n < c->improving; n++)
      at = c->reduced[n] > c->reduced[at] ? n : at;
    c->too_many = true;
    if (c->reduced[at] <= reduced)
      return;
  }
  c->pairs[at] = pair;
  c->reduced[at] = reduced;
}

/* Pairs that improve the basis for certain fill the list from its front, others
 * from its end; where they meet the former drive out the latter. */
static void list(fc_close *c, size_t i, size_t j, double reduced) {
  bool improves = reduced < -2 * c->error;
  fc_close_pair pair = {(uint32_t)i, (uint32_t)j};
  c->least = reduced < c->least ? reduced : c->least;
  if (c->improving + c->others == c->capacity) {
    c->too_many = true;
    if (!improves || c->others == 0)
      return;
    c->others--;
  }
  if (improves)
    list_improving(c, pair, reduced);
  else
    c->pairs[c->capacity - ++c->others] = pair;
}

/* --- in binary64 ----------------------------------------------------------
 */

static double visit(void *data, size_t i, size_t j, double value,
                    double limit) {
  fc_close *c = data;
  list(c, i, j, value - c->search->p.weights[i]);
  return limit;
}

/* S >= |c_ij| + |u_i| + |v_j|; coordinates are at most 1. */
static double size_of_terms(const fc_close *c) {
  const fc_search *s = c->search;
  double most[2] = {0, 0};
  for (size_t i = 0; i < s->p.count; i++)
    most[0] = fmax(most[0], fabs(s->p.weights[i]));
  for (size_t j = 0; j < s->q.count; j++)
    most[1] = fmax(most[1], fabs(s->q.weights[j]));
  return 4 * (double)s->p.dimension + most[0] + most[1];
}

/* Visits the pairs whose reduced cost in binary64 is below 2 coarse. */
static fc_status look(fc_close *c, double coarse, fc_cells_visitor visitor) {
  fc_search *s = c->search;
  double *limits = malloc(s->p.count * sizeof *limits);
  if (!limits)
    return FC_MEMORY;
  for (size_t i = 0; i < s->p.count; i++)
    limits[i] = s->p.weights[i] + 2 * coarse;
  c->improving = c->others = 0;
  c->too_many = false;
  c->least = HUGE_VAL;
  fc_status status = fc_cells_search(&s->p, &s->q, limits, visitor, c);
  free(limits);
  memmove(c->pairs + c->improving, c->pairs + c->capacity - c->others,
          c->others * sizeof *c->pairs);
  c->count = c->improving + c->others;
  return status;
}

/* --- with twice as many bits ----------------------------------------------
 */

/* x + y = *sum + *error, exactly (Knuth) */
static void two_sum(double *sum, double *error, double x, double y) {
  *sum = x + y;
  double back = *sum - x;
  *error = (x - (*sum - back)) + (y - back);
}

/* c_ij - u_i - v_j.  With terms of at most S every coordinate costs at most 8
 * units of 2^-106 S (its own rounding to hi + lo, the low parts of difference
 * and square, a sum), and the potentials 4 each. */
static double reduced_cost(const fc_close *c, size_t i, size_t j) {
  const fc_cells *p = &c->search->p, *q = &c->search->q;
  double sum = 0, low = 0, carry;
  for (size_t k = 0; k < p->dimension; k++) {
    size_t a = k * p->count + i, b = k * q->count + j;
    double gap, rest;
    two_sum(&gap, &rest, p->x[a], -q->x[b]);
    rest += c->low[0].x[a] - c->low[1].x[b];
    double square = gap * gap;
    low += fma(gap, gap, -square) + 2 * gap * rest;
    two_sum(&sum, &carry, sum, square);
    low += carry;
  }
  two_sum(&sum, &carry, sum, -p->weights[i]);
  low += carry - c->low[0].weights[i];
  two_sum(&sum, &carry, sum, -q->weights[j]);
  low += carry - c->low[1].weights[j];
  return sum + low;
}

static double visit_fine(void *data, size_t i, size_t j, double value,
                         double limit) {
  fc_close *c = data;
  double reduced = reduced_cost(c, i, j);
  (void)value;
  if (reduced <= 2 * c->error)
    list(c, i, j, reduced);
  return limit;
}

static double low_part(mpfr_srcptr x, double high, int sign) {
  mpfr_t rest;
  mpfr_init2(rest, 64);
  mpfr_sub_d(rest, x, sign * high, MPFR_RNDN);
  double low = sign * mpfr_get_d(rest, MPFR_RNDN);
  mpfr_clear(rest);
  return low;
}

static fc_status make_low(fc_close_low *low, const fc_cells *cells,
                          const fc_frame_cloud *cloud) {
  size_t d = cells->dimension, count = cells->count;
  if (low->x)
    return FC_OK;
  low->x = malloc(count * d * sizeof *low->x);
  low->weights = malloc(count * sizeof *low->weights);
  if (!low->x || !low->weights)
    return FC_MEMORY;
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < d; k++)
      low->x[k * count + i] = low_part(cloud->exact[cells->order[i] * d + k],
                                       cells->x[k * count + i], 1);
  return FC_OK;
}

static fc_status look_again(fc_close *c, mpfr_t *potentials, double coarse,
                            double terms) {
  const fc_cells *p = &c->search->p, *q = &c->search->q;
  fc_status status = make_low(&c->low[0], p, &c->frame->p);
  if (status == FC_OK)
    status = make_low(&c->low[1], q, &c->frame->q);
  if (status != FC_OK)
    return status;
  for (size_t i = 0; i < p->count; i++)
    c->low[0].weights[i] = low_part(potentials[i], p->weights[i], 1);
  for (size_t j = 0; j < q->count; j++)
    c->low[1].weights[j] =
        low_part(potentials[p->count + j], q->weights[j], -1);
  c->error = (8 * (double)p->dimension + 32) * 0x1p-102 * terms;
  return look(c, coarse, visit_fine);
}

/* --- together -------------------------------------------------------------
 */

/* In binary64, with potentials rounded to nearest: a squared distance of at
 * most 4d is off by at most 2(d + 4) 2^-52 d (its coordinates' rounding, a
 * difference, a square, the sum), and the two subtractions by the rounding of a
 * number of at most S. */
fc_status fc_close_find(fc_close *c, mpfr_t *potentials) {
  fc_search *s = c->search;
  for (size_t x = 0; x < s->p.count + s->q.count; x++)
    s->simplex.potentials[x] = mpfr_get_d(potentials[x], MPFR_RNDN);
  fc_search_set_weights(s);
  double terms = size_of_terms(c);
  double coarse = (2 * (double)s->p.dimension + 16) * 0x1p-52 * terms;
  c->error = coarse;
  fc_status status = look(c, coarse, visit);
  if (status == FC_OK && c->too_many)
    status = look_again(c, potentials, coarse, terms);
  if (c->too_many)
    c->least -= 2 * c->error;
  return status;
}
