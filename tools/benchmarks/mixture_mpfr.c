/* One point in MPFR: v and grad v of a mixture of K Gaussians against the K
 * calls of mpfr_exp that it cannot avoid, at the same arguments. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "velocity/velocity.h"

#define POINTS 4

typedef struct work {
  fc_ctx ctx;
  size_t d, count, next;
  fc_velocity *velocity;
  fc_ptr x;         /* POINTS*d */
  fc_ptr exponents; /* POINTS*count */
  fc_num e;
} work;

static void run_velocity(void *data) {
  work *w = data;
  w->next = (w->next + 1) % POINTS;
  fc_velocity_eval(w->velocity, w->x + w->next * w->d,
                   FC_VELOCITY | FC_VELOCITY_JACOBIAN);
}

static void run_exp(void *data) {
  work *w = data;
  w->next = (w->next + 1) % POINTS;
  for (size_t k = 0; k < w->count; k++)
    mpfr_exp(w->e->as.mpfr, (w->exponents + w->next * w->count + k)->as.mpfr,
             MPFR_RNDN);
}

/* -(|x - b m_k|^2 - min)/(2 (a^2 + b^2/4)): the exponents of responsibilities
 * where the components are equal, typical ones where they are not. */
static void set_exponents(work *w, const fc_target *equal, size_t p) {
  const fc_ctx *ctx = &w->ctx;
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_ptr z = w->exponents + p * w->count, t = fc_vec_new(4 + w->d, ctx),
         v = t + 1, top = t + 2, weight = t + 3, mean = t + 4;
  fc_mul_2exp_si(v, at->b, -1, ctx);
  fc_sqr(v, v, ctx);
  fc_addmul(v, at->a, at->a, ctx);
  fc_mul_2exp_si(v, v, 1, ctx);
  fc_set_inf(top, -1, ctx);
  for (size_t k = 0; k < w->count; k++) {
    fc_target_isotropic_get(mean, weight, equal, k, ctx);
    fc_set_si(z + k, 0, ctx);
    for (size_t i = 0; i < w->d; i++) {
      fc_set(t, w->x + p * w->d + i, ctx);
      fc_submul(t, at->b, mean + i, ctx);
      fc_submul(z + k, t, t, ctx);
    }
    fc_div(z + k, z + k, v, ctx);
    fc_max(top, top, z + k, ctx);
  }
  for (size_t k = 0; k < w->count; k++)
    fc_sub(z + k, z + k, top, ctx);
  fc_vec_free(t, 4 + w->d, ctx);
}

static fc_status prepare(work *w, const fc_target *target,
                         const fc_target *equal, const fc_schedule *schedule,
                         fc_random *random) {
  const fc_ctx *ctx = &w->ctx;
  fc_status status = fc_velocity_new(&w->velocity, target, schedule, ctx, NULL);
  if (status)
    return status;
  fc_time time;
  fc_time_init(&time, ctx);
  fc_set_si(time.t, 3, ctx);
  fc_div_si(time.t, time.t, 10, ctx);
  fc_set_si(time.r, 1, ctx);
  fc_sub(time.r, time.r, time.t, ctx);
  status = fc_velocity_set_time(w->velocity, &time);
  fc_time_clear(&time, ctx);
  for (size_t i = 0; i < POINTS * w->d; i++) { /* every bit in use */
    fc_set_d(w->x + i, 2 * fc_random_uniform(random) - 1, ctx);
    fc_div_si(w->x + i, w->x + i, 3, ctx);
  }
  for (size_t p = 0; p < POINTS; p++)
    set_exponents(w, equal, p);
  return status;
}

static fc_status measure(size_t d, size_t count, bench_shape shape, long bits,
                         double aim) {
  fc_random random, again;
  fc_random_init(&random, 1, "bench", "mixture");
  again = random;
  work w = {.d = d, .count = count};
  fc_ctx_init_mpfr(&w.ctx, bits);
  fc_target *target = NULL, *equal = NULL;
  fc_schedule *schedule = NULL;
  w.x = fc_vec_new(POINTS * d, &w.ctx);
  w.exponents = fc_vec_new(POINTS * count, &w.ctx);
  fc_init(w.e, &w.ctx);
  fc_status status = w.x && w.exponents ? FC_OK : FC_MEMORY;
  if (!status)
    status = bench_target(&equal, d, count, BENCH_EQUAL, &again);
  if (!status)
    status = bench_target(&target, d, count, shape, &random);
  if (!status)
    status = fc_schedule_parse(&schedule, "linear", NULL);
  if (!status)
    status = prepare(&w, target, equal, schedule, &random);
  if (!status) {
    char what[80];
    snprintf(what, sizeof what, "d=%zu K=%-4zu %4ld bits %s", d, count, bits,
             shape == BENCH_FULL ? "full" : "equal");
    double seconds, peer;
    bench_pair(&seconds, &peer, run_velocity, run_exp, &w);
    bench_line(what, seconds, peer, aim);
  }
  fc_velocity_free(w.velocity);
  fc_schedule_free(schedule);
  fc_target_free(target);
  fc_target_free(equal);
  fc_clear(w.e, &w.ctx);
  fc_vec_free(w.x, POINTS * d, &w.ctx);
  fc_vec_free(w.exponents, POINTS * count, &w.ctx);
  return status;
}

int main(void) {
  static const size_t counts[] = {8, 32, 128};
  static const long bits[] = {128, 256, 1024};
  bench_head("MPFR: v and grad v at a point", "K mpfr_exp");
  fc_status status = FC_OK;
  for (int shape = 0; shape < 2; shape++)
    for (size_t d = 1; d <= 2; d++)
      for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < 3 && !status; i++)
          status = measure(d, counts[k], shape ? BENCH_FULL : BENCH_EQUAL,
                           bits[i], shape ? 0 : 2);
  if (status)
    fprintf(stderr, "%s\n", fc_status_text(status));
  return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
