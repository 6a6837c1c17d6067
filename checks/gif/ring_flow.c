/* The flow between t = 0 and 1 for a ring of narrow Gaussians (ring.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gif/ring.h"
#include "kernel/kernel.h"

/* Where neighbouring modes are ASUNDER standard deviations apart, a point
 * within NEAR of its own gives the others responsibilities below
 * exp(-ASUNDER^2/2 + ASUNDER NEAR) = exp(-78), so that from there on the flow
 * is that of one Gaussian to the last digit. */
#define ASUNDER 26.0
#define NEAR 10.0

typedef struct moment {
  fc_ctx ctx[1];
  fc_time time[1];
  double b, deviation; /* sqrt(a^2 + sigma^2 b^2) */
} moment;

static void moment_init(moment *m) {
  fc_ctx_init_double(m->ctx);
  fc_time_init(m->time, m->ctx);
}

static void moment_clear(moment *m) { fc_time_clear(m->time, m->ctx); }

static fc_status set_moment(moment *m, double x, bool from_end,
                            const fc_ring *ring, const fc_schedule *schedule) {
  fc_schedule_value value[1];
  fc_time_set_d(m->time, x, from_end, m->ctx);
  fc_schedule_value_init(value, m->ctx);
  fc_status status = fc_schedule_eval(value, schedule, m->time, false, m->ctx);
  m->b = fc_get_d(value->b, m->ctx);
  m->deviation = hypot(fc_get_d(value->a, m->ctx), ring->stddev * m->b);
  fc_schedule_value_clear(value, m->ctx);
  return status;
}

/* The time from which on the modes are asunder, from above. */
static fc_status set_asunder(moment *m, const fc_ring *ring,
                             const fc_schedule *schedule) {
  double low = 0, high = 1, chord = fc_ring_chord(ring, 1);
  fc_status status = FC_OK;
  for (int i = 0; i < 30 && !status; i++) {
    double middle = (low + high) / 2;
    status = set_moment(m, middle, false, ring, schedule);
    if (m->b * chord >= ASUNDER * m->deviation)
      high = middle;
    else
      low = middle;
  }
  return status ? status : set_moment(m, high, false, ring, schedule);
}

/* Within one Gaussian from one moment to another; *near is false for points
 * that are not within NEAR of their mode. */
static void carry_alone(double *to, bool *near, const double *from, size_t n,
                        const fc_ring *ring, const moment *s, const moment *t) {
  for (size_t p = 0; p < n; p++) {
    const double *m =
        ring->means + 2 * fc_ring_sector(ring, from[p], from[n + p]);
    double x = (from[p] - s->b * m[0]) / s->deviation,
           y = (from[n + p] - s->b * m[1]) / s->deviation;
    near[p] = hypot(x, y) <= NEAR;
    to[p] = t->b * m[0] + t->deviation * x;
    to[n + p] = t->b * m[1] + t->deviation * y;
  }
}

/* Those left out, one by one, by the kernel. */
static fc_status carry_rest(double *to, const bool *near, const double *from,
                            size_t n, const fc_kernel *kernel,
                            const fc_schedule *schedule, const moment *s,
                            const moment *t) {
  fc_status status = FC_OK;
  for (size_t p = 0; p < n && !status; p++) {
    if (near[p])
      continue;
    double x[] = {from[p], from[n + p]}, y[2];
    status =
        fc_kernel_flow_batch(y, NULL, kernel, schedule, s->time, t->time, x, 1);
    to[p] = y[0];
    to[n + p] = y[1];
  }
  return status;
}

typedef struct legs {
  moment start, asunder, end;
  fc_kernel *kernel;
  double *between;
  bool *near;
} legs;

static fc_status legs_init(legs *l, size_t n, const fc_ring *ring,
                           const fc_target *target, const fc_schedule *schedule,
                           fc_error *error) {
  moment_init(&l->start);
  moment_init(&l->asunder);
  moment_init(&l->end);
  l->kernel = NULL;
  l->between = malloc((2 * n + 1) * sizeof *l->between);
  l->near = malloc((n + 1) * sizeof *l->near);
  if (!l->between || !l->near)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_status status = fc_kernel_new(&l->kernel, target, error);
  if (!status)
    status = set_moment(&l->start, 0, false, ring, schedule);
  if (!status)
    status = set_moment(&l->end, 0, true, ring, schedule);
  return status ? status : set_asunder(&l->asunder, ring, schedule);
}

static void legs_clear(legs *l) {
  moment_clear(&l->start);
  moment_clear(&l->asunder);
  moment_clear(&l->end);
  fc_kernel_free(l->kernel);
  free(l->between);
  free(l->near);
}

fc_status fc_ring_forward(double *to, const double *from, size_t n,
                          const fc_ring *ring, const fc_target *target,
                          const fc_schedule *schedule, fc_error *error) {
  legs l[1];
  fc_status status = legs_init(l, n, ring, target, schedule, error);
  if (!status)
    status = fc_kernel_flow_batch(l->between, NULL, l->kernel, schedule,
                                  l->start.time, l->asunder.time, from, n);
  if (!status) {
    carry_alone(to, l->near, l->between, n, ring, &l->asunder, &l->end);
    status = carry_rest(to, l->near, l->between, n, l->kernel, schedule,
                        &l->asunder, &l->end);
  }
  legs_clear(l);
  return status;
}

fc_status fc_ring_backward(double *to, const double *from, size_t n,
                           const fc_ring *ring, const fc_target *target,
                           const fc_schedule *schedule, fc_error *error) {
  legs l[1];
  fc_status status = legs_init(l, n, ring, target, schedule, error);
  if (!status) {
    carry_alone(l->between, l->near, from, n, ring, &l->end, &l->asunder);
    status =
        fc_kernel_flow_batch(to, NULL, l->kernel, schedule, l->asunder.time,
                             l->start.time, l->between, n);
  }
  if (!status)
    status = carry_rest(to, l->near, from, n, l->kernel, schedule, &l->end,
                        &l->start);
  legs_clear(l);
  return status;
}
