/* Batches in binary64: v (and grad v) of a mixture of K Gaussians at N points
 * against N K calls of libm's exp. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "kernel/kernel.h"

#define POINTS 512

typedef struct work {
  size_t d, count;
  fc_kernel *kernel;
  double *x, *v, *grad, *exponents;
  bool jacobian;
  volatile double sink;
} work;

static void run_kernel(void *data) {
  work *w = data;
  fc_kernel_velocity_batch(w->v, w->jacobian ? w->grad : NULL, w->kernel, w->x,
                           POINTS);
}

/* As many calls; the arguments, between -10 and 0, stay in the cache. */
static void run_exp(void *data) {
  work *w = data;
  double sum = 0;
  for (size_t k = 0; k < w->count; k++)
    for (size_t p = 0; p < POINTS; p++)
      sum += exp(w->exponents[p]);
  w->sink = sum;
}

static fc_status prepare(work *w, fc_random *random) {
  fc_target *target = NULL;
  fc_schedule *schedule = NULL;
  fc_status status = bench_target(&target, w->d, w->count, BENCH_EQUAL, random);
  if (!status)
    status = fc_kernel_new(&w->kernel, target, NULL);
  if (!status)
    status = fc_schedule_parse(&schedule, "linear", NULL);
  if (!status) {
    fc_ctx ctx;
    fc_time time;
    fc_ctx_init_double(&ctx);
    fc_time_init(&time, &ctx);
    fc_time_set_d(&time, 0.625, false, &ctx);
    status = fc_kernel_set_time(w->kernel, schedule, &time);
    fc_time_clear(&time, &ctx);
  }
  fc_schedule_free(schedule);
  fc_target_free(target);
  for (size_t i = 0; i < POINTS * w->d; i++)
    w->x[i] = 4 * fc_random_uniform(random) - 2;
  for (size_t i = 0; i < POINTS; i++)
    w->exponents[i] = -10 * fc_random_uniform(random);
  return status;
}

static fc_status measure(size_t d, size_t count) {
  fc_random random;
  fc_random_init(&random, 1, "bench", "batch");
  double numbers = POINTS * (1 + 2 * (double)d + (double)(d * d));
  double *storage = calloc((size_t)numbers, sizeof *storage);
  if (!storage)
    return FC_MEMORY;
  work w = {.d = d, .count = count, .x = storage};
  w.v = w.x + POINTS * d;
  w.grad = w.v + POINTS * d;
  w.exponents = w.grad + POINTS * d * d;
  fc_status status = prepare(&w, &random);
  for (int jacobian = 0; jacobian < 2 && !status; jacobian++) {
    char what[80];
    double seconds, peer;
    w.jacobian = jacobian;
    bench_pair(&seconds, &peer, run_kernel, run_exp, &w);
    snprintf(what, sizeof what, "d=%zu K=%-5zu %s", d, count,
             jacobian ? "v, grad v" : "v");
    bench_line(what, seconds / POINTS, peer / POINTS, count >= 32 ? 2 : 0);
  }
  fc_kernel_free(w.kernel);
  free(storage);
  return status;
}

int main(void) {
  static const size_t counts[] = {8, 32, 128, 1024};
  bench_head("binary64 batches, per point", "K libm exp");
  fc_status status = FC_OK;
  for (size_t d = 1; d <= FC_KERNEL_MAX_DIMENSION; d++)
    for (size_t k = 0; k < 4 && !status; k++)
      status = measure(d, counts[k]);
  if (status)
    fprintf(stderr, "%s\n", fc_status_text(status));
  return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
