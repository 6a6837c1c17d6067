/* What the benchmarks share: a clock, random mixtures, and lines of a table.
 * They print what they measure and never judge the library: the exit status
 * says only whether they ran.  (No program here calls setlocale: printf writes
 * numbers as C does.) */
#ifndef FC_TOOLS_BENCHMARKS_BENCH_H
#define FC_TOOLS_BENCHMARKS_BENCH_H

#include "base/random.h"
#include "schedule/schedule.h"
#include "target/target.h"

typedef enum bench_shape { BENCH_EQUAL, BENCH_FULL } bench_shape;

/* A mixture of count Gaussians with random rational means in [-3, 3]^d and,
 * where equal, standard deviation 1/2. */
fc_status bench_target(fc_target **target, size_t d, size_t count,
                       bench_shape shape, fc_random *random);

/* z = a constant given as text. */
fc_status bench_constant(fc_ptr z, const char *text, const fc_ctx *ctx);

/* Processor seconds that a call and its peer take: the best of several rounds,
 * in turn, each of as many calls as last 20 ms. */
void bench_pair(double *seconds, double *peer, void (*call)(void *),
                void (*other)(void *), void *data);

/* The same for a call alone. */
double bench_seconds(void (*call)(void *), void *data);

/* "what | time | peer | ratio | aim | pass"; aim 0: none is stated. */
void bench_head(const char *title, const char *peer);
void bench_line(const char *what, double seconds, double peer, double aim);

#endif
