/* The support set of the smallest enclosing ball, in binary64.
 *
 * The centre walks: with the points T on the boundary, towards the centre of
 * the smallest sphere through T, until a further point reaches the boundary and
 * joins T; having arrived, a point with a negative affine coefficient leaves T,
 * and where there is none the ball is the smallest one.
 */
#include "target/enclosing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FC_WALK_STEPS 10000 /* rounding could make it cycle */

typedef struct walk {
  const double *points;
  size_t count, d, size;
  size_t *support;
  double *centre, *goal;
  double *gram;   /* size * size, Gram matrix of p_i - p_0 */
  double *affine; /* coefficients of goal in T */
} walk;

static double distance2(const double *x, const double *y, size_t d) {
  double sum = 0;
  for (size_t i = 0; i < d; i++)
    sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sum;
}

static const double *point(const walk *w, size_t i) {
  return w->points + w->support[i] * w->d;
}

static size_t farthest(const walk *w) {
  size_t best = 0;
  double most = -1;
  for (size_t k = 0; k < w->count; k++) {
    double far = distance2(w->points + k * w->d, w->centre, w->d);
    if (far > most) {
      most = far;
      best = k;
    }
  }
  return best;
}

/* Solves gram * x = x in place by elimination with the largest diagonal pivot
 * checked; false where T is affinely dependent. */
static bool solve(double *gram, double *x, size_t n) {
  double scale = 0;
  for (size_t i = 0; i < n; i++)
    scale = fmax(scale, gram[i * n + i]);
  for (size_t i = 0; i < n; i++) {
    if (!(gram[i * n + i] > 1e-13 * scale))
      return false;
    for (size_t j = i + 1; j < n; j++) {
      double factor = gram[j * n + i] / gram[i * n + i];
      for (size_t k = i; k < n; k++)
        gram[j * n + k] -= factor * gram[i * n + k];
      x[j] -= factor * x[i];
    }
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; k++)
      x[i] -= gram[i * n + k] * x[k];
    x[i] /= gram[i * n + i];
  }
  return true;
}

/* goal = circumcentre of T: p_0 + sum mu_i q_i with q_i = p_i - p_0 and
 * sum_j 2 q_i.q_j mu_j = |q_i|^2. */
static bool set_goal(walk *w) {
  size_t n = w->size - 1, d = w->d;
  const double *origin = point(w, 0);
  double *mu = w->affine + 1;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (size_t k = 0; k < d; k++)
        sum +=
            (point(w, i + 1)[k] - origin[k]) * (point(w, j + 1)[k] - origin[k]);
      w->gram[i * n + j] = 2 * sum;
      if (i == j)
        mu[i] = sum;
    }
  if (!solve(w->gram, mu, n))
    return false;
  w->affine[0] = 1;
  memcpy(w->goal, origin, d * sizeof(double));
  for (size_t i = 0; i < n; i++) {
    w->affine[0] -= mu[i];
    for (size_t k = 0; k < d; k++)
      w->goal[k] += mu[i] * (point(w, i + 1)[k] - origin[k]);
  }
  return true;
}

static bool is_support(const walk *w, size_t k) {
  for (size_t i = 0; i < w->size; i++)
    if (w->support[i] == k)
      return true;
  return false;
}

/* How far the centre can move towards goal, in [0, 1], before point k is as far
 * away as T: |c + s e - p_k|^2 = |c + s e - p_0|^2, e = goal - c. */
static double reach(const walk *w, size_t k) {
  const double *p = w->points + k * w->d, *origin = point(w, 0);
  double gap =
      distance2(w->centre, origin, w->d) - distance2(w->centre, p, w->d);
  double slope = 0;
  for (size_t i = 0; i < w->d; i++)
    slope += 2 * (w->goal[i] - w->centre[i]) * (origin[i] - p[i]);
  /* gap - s (slope) reaches 0 */
  return slope > 0 ? fmax(gap, 0) / slope : INFINITY;
}

/* Moves; true where a point stopped the walk and joined T. */
static bool advance(walk *w) {
  double step = 1;
  size_t stop = w->count;
  for (size_t k = 0; k < w->count; k++) {
    double s = is_support(w, k) ? INFINITY : reach(w, k);
    if (s < step * (1 - 1e-12)) {
      step = s;
      stop = k;
    }
  }
  for (size_t i = 0; i < w->d; i++)
    w->centre[i] += step * (w->goal[i] - w->centre[i]);
  if (stop == w->count || w->size > w->d)
    return false;
  w->support[w->size++] = stop;
  return true;
}

/* Drops the most negative coefficient's point; false where there is none. */
static bool drop(walk *w) {
  size_t worst = 0;
  for (size_t i = 1; i < w->size; i++)
    if (w->affine[i] < w->affine[worst])
      worst = i;
  if (w->affine[worst] >= -1e-12)
    return false;
  w->support[worst] = w->support[--w->size];
  return true;
}

static void run(walk *w) {
  memcpy(w->centre, w->points, w->d * sizeof(double));
  w->support[0] = farthest(w);
  w->size = 1;
  for (int step = 0; step < FC_WALK_STEPS; step++) {
    if (!set_goal(w)) {
      w->size--; /* dependent to rounding: the newcomer adds nothing */
      return;
    }
    if (!advance(w) && !drop(w))
      return;
  }
}

size_t fc_enclosing_support(size_t *support, double *centre,
                            const double *points, size_t count, size_t d) {
  double *work = calloc(d + (d + 1) * (d + 1) + d + 2, sizeof(double));
  if (!work)
    return 0;
  walk w = {.points = points,
            .count = count,
            .d = d,
            .support = support,
            .centre = centre,
            .goal = work,
            .gram = work + d,
            .affine = work + d + (d + 1) * (d + 1)};
  run(&w);
  free(work);
  return w.size;
}
