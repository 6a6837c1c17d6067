#include "gif/ring.h"

#include <math.h>
#include <stdlib.h>

#define TURN 6.283185307179586
#define ASUNDER 40 /* standard deviations from a mode to the next sector */

/* The means and their common radius; false where they have none. */
static bool get_means(fc_ring *ring, const fc_target *target,
                      const fc_ctx *ctx) {
  fc_num weight;
  fc_ptr mean = fc_vec_new(2, ctx);
  bool same = mean != NULL;
  fc_init(weight, ctx);
  for (size_t k = 0; k < ring->count && same; k++) {
    fc_target_isotropic_get(mean, weight, target, k, ctx);
    double x = fc_get_d(mean, ctx), y = fc_get_d(mean + 1, ctx);
    if (k == 0)
      ring->radius = hypot(x, y);
    same = same && fabs(hypot(x, y) - ring->radius) <= 0x1p-40 * ring->radius &&
           fabs(fc_get_d(weight, ctx) * (double)ring->count - 1) <= 0x1p-40;
    ring->means[2 * k] = x;
    ring->means[2 * k + 1] = y;
  }
  fc_vec_free(mean, 2, ctx);
  fc_clear(weight, ctx);
  return same;
}

static int by_angle(const void *p, const void *q) {
  const double *x = p, *y = q;
  double a = atan2(x[1], x[0]), b = atan2(y[1], y[0]);
  return (a > b) - (a < b);
}

double fc_ring_chord(const fc_ring *ring, size_t steps) {
  return 2 * ring->radius *
         fabs(sin(TURN / 2 * (double)steps / (double)ring->count));
}

/* Every gap between neighbours is that of the polygon. */
static bool is_regular(const fc_ring *ring) {
  double chord = fc_ring_chord(ring, 1);
  for (size_t k = 0; k < ring->count; k++) {
    const double *x = ring->means + 2 * k,
                 *y = ring->means + 2 * ((k + 1) % ring->count);
    if (fabs(hypot(x[0] - y[0], x[1] - y[1]) - chord) > 0x1p-40 * chord)
      return false;
  }
  return true;
}

bool fc_ring_of(fc_ring *ring, const fc_target *target) {
  ring->count = fc_target_isotropic_count(target);
  if (fc_target_dimension(target) != 2 || ring->count < 2 ||
      ring->count > FC_RING_MAX)
    return false;
  fc_ctx ctx[1];
  fc_num sigma;
  fc_ctx_init_double(ctx);
  fc_init(sigma, ctx);
  bool ok =
      fc_target_constant(sigma, NULL, NULL, target, FC_SIGMA, ctx) == FC_OK &&
      get_means(ring, target, ctx);
  ring->stddev = fc_get_d(sigma, ctx);
  fc_clear(sigma, ctx);
  if (!ok || !(ring->stddev > 0 && ring->radius > 0))
    return false;
  qsort(ring->means, ring->count, 2 * sizeof *ring->means, by_angle);
  return is_regular(ring) &&
         fc_ring_chord(ring, 1) / 2 > ASUNDER * ring->stddev;
}

size_t fc_ring_sector(const fc_ring *ring, double x, double y) {
  size_t nearest = 0;
  double most = -INFINITY;
  for (size_t k = 0; k < ring->count; k++) {
    double image = x * ring->means[2 * k] + y * ring->means[2 * k + 1];
    if (image > most) {
      most = image;
      nearest = k;
    }
  }
  return nearest;
}

fc_status fc_ring_start(double *a, double *b, const fc_schedule *schedule) {
  fc_ctx ctx[1];
  fc_time start[1];
  fc_schedule_value value[1];
  fc_ctx_init_double(ctx);
  fc_time_init(start, ctx);
  fc_schedule_value_init(value, ctx);
  fc_time_set_d(start, 0, false, ctx);
  fc_status status = fc_schedule_eval(value, schedule, start, false, ctx);
  *a = fc_get_d(value->a, ctx);
  *b = fc_get_d(value->b, ctx);
  fc_schedule_value_clear(value, ctx);
  fc_time_clear(start, ctx);
  return status;
}

double fc_ring_density_ratio(const fc_ring *ring, double a, double b) {
  double v = a * a + b * b * ring->stddev * ring->stddev,
         shift = b * ring->radius;
  return v / (a * a) * exp(shift * shift / (2 * v));
}
