#include "candidate/errors.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *p, const void *q) {
  double a = *(const double *)p, b = *(const double *)q;
  return (a > b) - (a < b);
}

static double median_of(const double *numbers, size_t count) {
  double *sorted = malloc((count + 1) * sizeof *sorted), result = NAN;
  size_t n = 0;
  if (!sorted)
    return NAN;
  for (size_t i = 0; i < count; i++)
    if (!isnan(numbers[i]))
      sorted[n++] = numbers[i];
  qsort(sorted, n, sizeof *sorted, by_value);
  if (n)
    result = sorted[n / 2];
  free(sorted);
  return result;
}

/* A unit in the last place of x. */
static double ulp_of(double x) {
  int exponent;
  frexp(x, &exponent);
  return fmax(ldexp(1, exponent - 53), DBL_TRUE_MIN);
}

/* The difference from the unrounded reference, in every coordinate. */
static void measure(fc_errors *c, size_t i, const double *value,
                    const fc_reference *r) {
  mpfr_t gap;
  double sum = 0, most = 0, size = 0;
  mpfr_init2(gap, 53);
  for (size_t k = 0; k < r->d; k++) {
    mpfr_d_sub(gap, value[k], r->values[i * r->d + k], MPFR_RNDA);
    double g = fabs(mpfr_get_d(gap, MPFR_RNDA));
    sum = hypot(sum, g);
    most = fmax(most, g);
    size = fmax(size, fabs(r->rounded[i * r->d + k]));
  }
  mpfr_clear(gap);
  c->relative[i] = sum / r->scale[i];
  if (size >= 0x1p-26 * r->scale[i]) /* what cancels has no last place */
    c->ulps[i] = most / ulp_of(size);
}

static fc_mark judge(fc_errors *c, size_t i, const double *value,
                     const fc_reference *r) {
  if (r->footing[i] == FC_FOOTING_NONE)
    return FC_MARK_NONE;
  for (size_t k = 0; k < r->d; k++)
    if (!isfinite(value[k]))
      return FC_MARK_SILENT;
  measure(c, i, value, r);
  /* what the reference itself may be off is not the candidate's fault */
  double doubt = sqrt((double)r->d) * r->error[i] / r->scale[i];
  return c->relative[i] - doubt <= c->rtol ? FC_MARK_RIGHT : FC_MARK_WRONG;
}

/* Keeps the list of the worst in order. */
static void rank(fc_errors *c, size_t i) {
  size_t place = c->worst_count;
  while (place > 0 && c->relative[c->worst_points[place - 1]] < c->relative[i])
    place--;
  if (place >= FC_WORST)
    return;
  if (c->worst_count < FC_WORST)
    c->worst_count++;
  for (size_t k = c->worst_count - 1; k > place; k--)
    c->worst_points[k] = c->worst_points[k - 1];
  c->worst_points[place] = i;
}

/* --- rows ------------------------------------------------------------------
 */

static fc_row *row_for(fc_errors *c, double s, double t) {
  for (size_t i = 0; i < c->row_count; i++)
    if (c->rows[i].s == s && c->rows[i].t == t)
      return &c->rows[i];
  fc_row *row = &c->rows[c->row_count++];
  *row = (fc_row){.s = s, .t = t};
  return row;
}

static int by_time(const void *p, const void *q) {
  const fc_row *a = p, *b = q;
  if (a->t != b->t)
    return a->t < b->t ? -1 : 1;
  return (a->s > b->s) - (a->s < b->s);
}

static void count_in(fc_errors *c, fc_row *row, size_t i) {
  size_t *counts[] = {&c->right, &c->wrong, &c->silent, &c->none};
  ++*counts[c->marks[i]];
  row->points++;
  row->right += c->marks[i] == FC_MARK_RIGHT;
  row->wrong += c->marks[i] == FC_MARK_WRONG;
  row->silent += c->marks[i] == FC_MARK_SILENT;
  if (c->marks[i] > FC_MARK_WRONG)
    return;
  row->error = fmax(row->error, c->relative[i]);
  c->worst = fmax(c->worst, c->relative[i]);
  c->worst_ulps = fmax(c->worst_ulps, c->ulps[i]);
  rank(c, i);
}

fc_status fc_errors_measure(fc_errors *c, const double *values,
                            const fc_spots *spots, const fc_reference *r,
                            double rtol) {
  size_t n = spots->count;
  memset(c, 0, sizeof *c);
  c->rtol = rtol;
  c->marks = calloc(n, sizeof *c->marks);
  c->relative = malloc(n * sizeof *c->relative);
  c->ulps = malloc(n * sizeof *c->ulps);
  c->rows = calloc(n, sizeof *c->rows);
  if (!c->marks || !c->relative || !c->ulps || !c->rows)
    return FC_MEMORY;
  c->count = n;
  for (size_t i = 0; i < n; i++) {
    c->relative[i] = c->ulps[i] = NAN;
    c->marks[i] = judge(c, i, values + i * r->d, r);
    count_in(c, row_for(c, spots->s[i], spots->t[i]), i);
  }
  qsort(c->rows, c->row_count, sizeof *c->rows, by_time);
  c->median = median_of(c->relative, n);
  c->median_ulps = median_of(c->ulps, n);
  return FC_OK;
}

void fc_errors_clear(fc_errors *c) {
  free(c->marks);
  free(c->relative);
  free(c->ulps);
  free(c->rows);
  memset(c, 0, sizeof *c);
}
