#include "gif/ring_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "transport/samples.h"

static fc_status carry_rows(double *points, const double *start, double *end,
                            size_t count, const fc_ring *ring,
                            const fc_target *target,
                            const fc_schedule *schedule, fc_error *error) {
  fc_status status =
      fc_ring_forward(end, start, count, ring, target, schedule, error);
  for (size_t p = 0; p < count && !status; p++) {
    points[2 * p] = end[p];
    points[2 * p + 1] = end[count + p];
    if (!isfinite(end[p]) || !isfinite(end[count + p]))
      status = fc_fail(error, FC_BUDGET, "a trajectory took too many steps");
  }
  return status;
}

fc_status fc_ring_draw_image(double *points, size_t count, const fc_ring *ring,
                             const fc_target *target,
                             const fc_schedule *schedule, fc_random *random,
                             fc_error *error) {
  double a, b, *start = malloc(2 * count * sizeof *start),
               *end = malloc(2 * count * sizeof *end);
  fc_status status = start && end ? FC_OK : FC_MEMORY;
  if (!status)
    status = fc_ring_start(&a, &b, schedule);
  for (size_t p = 0; p < count && !status; p++) {
    start[p] = a * fc_random_normal(random);
    start[count + p] = a * fc_random_normal(random);
  }
  if (!status)
    status =
        carry_rows(points, start, end, count, ring, target, schedule, error);
  free(start);
  free(end);
  return status;
}

void fc_ring_census(long *census, const fc_ring *ring, const double *points,
                    size_t count) {
  memset(census, 0, ring->count * sizeof *census);
  for (size_t p = 0; p < count; p++)
    census[fc_ring_sector(ring, points[2 * p], points[2 * p + 1])]++;
}

void fc_ring_census_of_image(long *census, const fc_ring *ring, size_t count,
                             fc_random *random) {
  memset(census, 0, ring->count * sizeof *census);
  for (size_t p = 0; p < count; p++) {
    double x = fc_random_normal(random), y = fc_random_normal(random);
    census[fc_ring_sector(ring, x, y)]++;
  }
}

static int by_size(const void *p, const void *q) {
  long x = *(const long *)p, y = *(const long *)q;
  return (x > y) - (x < y);
}

/* The least number of steps on the circle: sum |D_j - c| over the partial sums
 * D_j of the differences, c their median. */
static long steps_to_level(const long *p, const long *q, size_t sectors) {
  long partial[FC_RING_MAX], sum = 0;
  for (size_t j = 0; j < sectors; j++)
    partial[j] = (j ? partial[j - 1] : 0) + p[j] - q[j];
  qsort(partial, sectors, sizeof *partial, by_size);
  for (size_t j = 0; j < sectors; j++)
    sum += labs(partial[j] - partial[sectors / 2]);
  return sum;
}

fc_ring_bounds fc_ring_census_w2(const fc_ring *ring, const long *p,
                                 const long *q, size_t count, double r) {
  double moved = (double)steps_to_level(p, q, ring->count) / (double)count;
  double step = INFINITY, most = fc_ring_chord(ring, 1) + 2 * r;
  for (size_t k = 1; k <= ring->count / 2; k++) {
    double chord = fmax(0, fc_ring_chord(ring, k) - 2 * r);
    step = fmin(step, chord * chord / (double)k);
  }
  return (fc_ring_bounds){sqrt(moved * step),
                          sqrt(moved * most * most + 4 * r * r)};
}

fc_status fc_plane_w2(double *w2, double *w2_error, const double *p,
                      const double *q, size_t count, fc_error *error) {
  const fc_sample first = {count, 2, p, NULL}, second = {count, 2, q, NULL};
  fc_w2_value value[1];
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  fc_w2_value_init(value, ctx);
  fc_status status = fc_w2_samples(value, &first, &second, ctx, error);
  if (!status) {
    *w2 = fc_get_d(value->w2, ctx);
    *w2_error = fc_get_d(value->error, ctx);
  }
  fc_w2_value_clear(value, ctx);
  return status;
}
