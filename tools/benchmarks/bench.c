#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "formula/formula.h"

static fc_status number(fc_formula **z, long numerator, long denominator) {
  char text[64];
  snprintf(text, sizeof text, "%ld/%ld", numerator, denominator);
  return fc_constant_parse(z, text, NULL, NULL);
}

/* in [-high, high] */
static long draw(fc_random *random, long high) {
  return (long)(fc_random_bits(random) % (uint64_t)(2 * high + 1)) - high;
}

/* Diagonally dominant, hence positive definite. */
static fc_status covariance(fc_formula **z, size_t d, fc_random *random) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < d && !status; i++)
    for (size_t j = 0; j <= i && !status; j++) {
      long n = i == j ? 300 + draw(random, 100) : draw(random, 50);
      status = number(z + i * d + j, n, 999);
      if (i != j && !status)
        status = number(z + j * d + i, n, 999);
    }
  return status;
}

static void free_all(fc_formula **list, size_t count) {
  for (size_t i = 0; list && i < count; i++)
    fc_formula_free(list[i]);
  free(list);
}

fc_status bench_target(fc_target **target, size_t d, size_t count,
                       bench_shape shape, fc_random *random) {
  size_t spreads = shape == BENCH_FULL ? count * d * d : count;
  fc_formula **means = calloc(count * d, sizeof *means),
             **spread = calloc(spreads, sizeof *spread);
  fc_status status = means && spread ? FC_OK : FC_MEMORY;
  for (size_t i = 0; i < count * d && !status; i++)
    status = number(means + i, draw(random, 3000), 997);
  for (size_t k = 0; k < count && !status; k++)
    status = shape == BENCH_FULL ? covariance(spread + k * d * d, d, random)
                                 : number(spread + k, 1, 2);
  if (!status && shape == BENCH_FULL)
    status = fc_target_new_mixture(target, d, count, NULL, means, spread, NULL,
                                   NULL);
  else if (!status)
    status = fc_target_new_isotropic(target, d, count, NULL, means, spread,
                                     NULL, NULL);
  free_all(means, count * d);
  free_all(spread, spreads);
  return status;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double round_of(void (*call)(void *), void *data, long calls) {
  double start = now();
  for (long i = 0; i < calls; i++)
    call(data);
  return now() - start;
}

static long calls_for(void (*call)(void *), void *data) {
  long calls = 1;
  while (round_of(call, data, calls) < 0.02 && calls < 1L << 30)
    calls *= 2;
  return calls;
}

void bench_pair(double *seconds, double *peer, void (*call)(void *),
                void (*other)(void *), void *data) {
  long calls = calls_for(call, data), others = calls_for(other, data);
  *seconds = *peer = 1e300;
  for (int round = 0; round < 8; round++) {
    *seconds = fmin(*seconds, round_of(call, data, calls) / (double)calls);
    *peer = fmin(*peer, round_of(other, data, others) / (double)others);
  }
}

double bench_seconds(void (*call)(void *), void *data) {
  long calls = calls_for(call, data);
  double best = 1e300;
  for (int round = 0; round < 5; round++)
    best = fmin(best, round_of(call, data, calls) / (double)calls);
  return best;
}

void bench_head(const char *title, const char *peer) {
  printf("\n%s\n  %-34s %12s %12s %7s %6s\n", title, "", "flowcert", peer,
         "ratio", "aim");
}

void bench_line(const char *what, double seconds, double peer, double aim) {
  double ratio = seconds / peer;
  printf("  %-34s %9.3f us %9.3f us %7.2f", what, seconds * 1e6, peer * 1e6,
         ratio);
  if (aim > 0)
    printf(" %6.2f  %s", aim, ratio <= aim ? "pass" : "miss");
  printf("\n");
  fflush(stdout);
}

fc_status bench_constant(fc_ptr z, const char *text, const fc_ctx *ctx) {
  fc_formula *constant = NULL;
  fc_status status = fc_constant_parse(&constant, text, NULL, NULL);
  if (!status)
    status = fc_constant_eval(z, constant, ctx);
  fc_formula_free(constant);
  return status;
}
