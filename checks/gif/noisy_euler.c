#include "gif/noisy_euler.h"

#include <stdlib.h>

#include "kernel/kernel.h"

static double sign(fc_random *random) {
  return fc_random_bits(random) >> 63 ? 1 : -1;
}

typedef struct batch {
  size_t n; /* points times dimension */
  double *x, *v, *noise;
} batch;

static fc_status batch_init(batch *b, size_t n) {
  *b = (batch){n, malloc(n * sizeof *b->x), malloc(n * sizeof *b->v),
               malloc(n * sizeof *b->noise)};
  return b->x && b->v && b->noise ? FC_OK : FC_MEMORY;
}

static void batch_clear(batch *b) {
  free(b->x);
  free(b->v);
  free(b->noise);
}

static void draw_noise(batch *b, double size, fc_random *random) {
  for (size_t i = 0; i < b->n; i++)
    b->noise[i] = size * sign(random);
}

static fc_status march(batch *b, size_t count, fc_kernel *kernel,
                       const fc_schedule *schedule, size_t steps, double size,
                       fc_noise_law law, fc_random *random) {
  fc_ctx ctx[1];
  fc_time time[1];
  fc_status status = FC_OK;
  fc_ctx_init_double(ctx);
  fc_time_init(time, ctx);
  draw_noise(b, size, random);
  for (size_t i = 0; i < steps && !status; i++) {
    if (i > 0 && law == FC_NOISE_STEP)
      draw_noise(b, size, random);
    fc_time_set_d(time, (double)i / (double)steps, false, ctx);
    status = fc_kernel_set_time(kernel, schedule, time);
    if (status)
      break;
    fc_kernel_velocity_batch(b->v, NULL, kernel, b->x, count);
    for (size_t p = 0; p < b->n; p++)
      b->x[p] += (b->v[p] + b->noise[p]) / (double)steps;
  }
  fc_time_clear(time, ctx);
  return status;
}

fc_status fc_noisy_euler(double *points, size_t count, const fc_target *target,
                         const fc_schedule *schedule, size_t steps, double size,
                         fc_noise_law law, fc_random *random, fc_error *error) {
  fc_kernel *kernel = NULL;
  size_t d = fc_target_dimension(target);
  fc_status status = fc_kernel_new(&kernel, target, error);
  if (status)
    return status;
  batch b[1];
  status = batch_init(b, count * d);
  for (size_t p = 0; p < count && !status; p++)
    for (size_t i = 0; i < d; i++)
      b->x[i * count + p] = points[p * d + i];
  if (!status)
    status = march(b, count, kernel, schedule, steps, size, law, random);
  for (size_t p = 0; p < count && !status; p++)
    for (size_t i = 0; i < d; i++)
      points[p * d + i] = b->x[i * count + p];
  batch_clear(b);
  fc_kernel_free(kernel);
  return status;
}
