#include "transport/sliced.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "transport/frame.h"
#include "transport/law.h"
#include "transport/value.h"

typedef struct place {
  double at;
  int64_t mass;
} place;

static int compare_places(const void *x, const void *y) {
  const place *a = x, *b = y;
  return (a->at > b->at) - (a->at < b->at);
}

/* --- one direction --------------------------------------------------------
 */

static void project(place *places, const fc_frame_cloud *c, const double *e,
                    size_t d) {
  for (size_t i = 0; i < c->count; i++) {
    double sum = 0;
    for (size_t k = 0; k < d; k++)
      sum += e[k] * c->rounded[i * d + k];
    places[i] = (place){sum, c->masses[i]};
  }
  qsort(places, c->count, sizeof *places, compare_places);
}

/* W_2^2 of two sorted laws: mass keeps its order. */
static double sorted_cost(const place *p, const place *q, size_t m,
                          int64_t total) {
  double sum = 0;
  int64_t p_left = p[0].mass, q_left = q[0].mass;
  for (size_t i = 0, j = 0;;) {
    int64_t mass = p_left < q_left ? p_left : q_left;
    double gap = p[i].at - q[j].at;
    sum += (double)mass * (gap * gap);
    p_left -= mass;
    q_left -= mass;
    if (p_left == 0 && ++i == m)
      return sum / (double)total;
    if (p_left == 0)
      p_left = p[i].mass;
    if (q_left == 0)
      q_left = q[++j].mass;
  }
}

/* A lower bound of W_2^2 of the projections.  Coordinates are at most 1 and
 * were rounded, |e| < 1 + 2^-30: a projection is off by at most (d + 2) d
 * 2^-52; a sum of n + m terms of one sign by (n + m + 8) 2^-52 of itself. */
static double direction_bound(const fc_frame *f, const double *e, place *p,
                              place *q) {
  double d = (double)f->dimension;
  double terms = (double)(f->p.count + f->q.count);
  project(p, &f->p, e, f->dimension);
  project(q, &f->q, e, f->dimension);
  double cost = sorted_cost(p, q, f->p.count, f->total);
  double w2 = sqrt(cost) * (1 - (terms + 16) * 0x1p-52);
  w2 -= 2 * (d + 4) * d * 0x1p-52;
  return w2 > 0 ? w2 * w2 : 0;
}

/* --- a frame of directions ------------------------------------------------
 */

/* Gram-Schmidt, twice, on random directions. */
static void draw_frame(double *e, size_t d, fc_random *random) {
  for (size_t i = 0; i < d * d; i++)
    e[i] = fc_random_normal(random);
  for (size_t i = 0; i < d; i++)
    for (int round = 0; round < 2; round++) {
      double norm = 0;
      for (size_t j = 0; j < i; j++) {
        double dot = 0;
        for (size_t k = 0; k < d; k++)
          dot += e[i * d + k] * e[j * d + k];
        for (size_t k = 0; k < d; k++)
          e[i * d + k] -= dot * e[j * d + k];
      }
      for (size_t k = 0; k < d; k++)
        norm += e[i * d + k] * e[i * d + k];
      for (size_t k = 0; k < d; k++)
        e[i * d + k] /= sqrt(norm);
    }
}

/* The norm of F is at most 1 + excess: |F F^T - I| in the row sum norm, with
 * the rounding of that. */
static double excess(const double *e, size_t d) {
  double most = 0;
  for (size_t i = 0; i < d; i++) {
    double row = 0;
    for (size_t j = 0; j < d; j++) {
      double dot = i == j ? -1 : 0;
      for (size_t k = 0; k < d; k++)
        dot += e[i * d + k] * e[j * d + k];
      row += fabs(dot);
    }
    most = fmax(most, row);
  }
  return most + (double)d * ((double)d + 4) * 0x1p-50;
}

static double frame_bound(const fc_frame *f, const double *e, place *p,
                          place *q) {
  double sum = 0, over = excess(e, f->dimension);
  if (!(over < 0x1p-30))
    return 0;
  for (size_t k = 0; k < f->dimension; k++)
    sum += direction_bound(f, e + k * f->dimension, p, q);
  return sum * (1 - 2 * over);
}

static double best_bound(const fc_frame *f, size_t frames, uint64_t seed,
                         double *e, place *p, place *q) {
  size_t d = f->dimension;
  fc_random random;
  fc_random_init(&random, seed, "transport", "sliced");
  for (size_t i = 0; i < d * d; i++)
    e[i] = i % (d + 1) == 0;
  double best = frame_bound(f, e, p, q);
  for (size_t n = 0; n < frames && d > 1; n++) {
    draw_frame(e, d, &random);
    best = fmax(best, frame_bound(f, e, p, q));
  }
  return best;
}

/* --- together -------------------------------------------------------------
 */

fc_status fc_transport_sliced(mpfr_t lower, const fc_discrete *p,
                              const fc_discrete *q, size_t frames,
                              uint64_t seed, fc_error *error) {
  fc_frame f;
  fc_status status = fc_frame_init(&f, p, q, 256, error);
  if (status != FC_OK)
    return status;
  size_t d = f.dimension;
  place *places = malloc((f.p.count + f.q.count) * sizeof *places);
  double *e = calloc(d * d, sizeof *e);
  if (places && e) {
    double bound = best_bound(&f, frames, seed, e, places, places + f.p.count);
    mpfr_t sum;
    mpfr_init2(sum, 256);
    mpfr_add_d(sum, f.offset_lower, bound, MPFR_RNDD);
    fc_frame_widen(sum, NULL, NULL, &f);
    if (mpfr_sgn(sum) <= 0)
      mpfr_set_zero(sum, 1);
    mpfr_mul_2si(lower, sum, 2 * f.scale, MPFR_RNDD);
    mpfr_clear(sum);
  } else
    status = fc_fail(error, FC_MEMORY, "out of memory");
  free(places);
  free(e);
  fc_frame_clear(&f);
  return status;
}

fc_status fc_w2_sliced(fc_w2_value *value, const fc_sample *p,
                       const fc_sample *q, size_t frames, uint64_t seed,
                       const fc_ctx *ctx, fc_error *error) {
  fc_laws laws;
  mpfr_t lower;
  fc_status status = fc_laws_init(&laws, p, q, error);
  if (status != FC_OK)
    return status;
  mpfr_init2(lower, 256);
  status = fc_transport_sliced(lower, &laws.p, &laws.q, frames, seed, error);
  if (status == FC_OK) {
    fc_transport t = {.plan = NULL};
    mpfr_init2(t.upper, 64);
    mpfr_init2(t.lower, 256);
    mpfr_set_zero(t.upper, 1);
    mpfr_set(t.lower, lower, MPFR_RNDD);
    fc_transport_misplace(&t, &laws.p, &laws.q, laws.defect);
    fc_w2_value_set(value, t.lower, t.lower, FC_W2_LOWER, "projections", ctx);
    fc_transport_clear(&t);
  }
  mpfr_clear(lower);
  fc_laws_clear(&laws);
  return status;
}
