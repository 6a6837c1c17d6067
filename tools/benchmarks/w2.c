/* W_2 between two samples against the network simplex of POT (python3-pot), on
 * the same points in the same run.  Ours includes the proof of optimality;
 * POT is given its cost matrix ready-made, and one thread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "transport/discrete.h"

static const char script[] =
    "OMP_NUM_THREADS=1 /usr/bin/python3 -c 'import sys, time\n"
    "import numpy, ot\n"
    "n, d = int(sys.argv[2]), int(sys.argv[3])\n"
    "z = numpy.fromfile(sys.argv[1]).reshape(2, n, d)\n"
    "cost = ot.dist(z[0], z[1])\n"
    "a = numpy.ones(n) / n\n"
    "best = 1e300\n"
    "for _ in range(3):\n"
    "    start = time.process_time()\n"
    "    value = ot.emd2(a, a, cost, numItermax=10**9)\n"
    "    best = min(best, time.process_time() - start)\n"
    "print(best, repr(float(value)))' %s %zu %zu 2>/dev/null";

typedef struct duel {
  size_t n;
  size_t d;
  fc_ctx ctx[1];
  fc_ptr points; /* both samples */
  fc_transport transport;
  fc_status status;
} duel;

static void solve(void *data) {
  duel *w = data;
  fc_discrete p = {w->n, w->d, w->points, w->ctx, NULL}, q = p;
  q.points = w->points + w->n * w->d;
  if (w->transport.plan)
    fc_transport_clear(&w->transport);
  w->status = fc_transport_solve(&w->transport, &p, &q, 60, NULL);
}

/* Uniform on the cube, or eight clusters in each sample, unlike in mass. */
static void draw(duel *w, bool clusters) {
  fc_random random;
  fc_random_init(&random, 1, "bench", "w2");
  for (size_t i = 0; i < 2 * w->n; i++) {
    unsigned which = (unsigned)fc_random_bits(&random) & 7;
    double shift = i < w->n ? which : which * which / 7.0;
    for (size_t k = 0; k < w->d; k++) {
      double x = fc_random_uniform(&random);
      fc_set_d(w->points + i * w->d + k,
               clusters ? shift + fc_random_normal(&random) / 10 : x, w->ctx);
    }
  }
}

/* The peer's seconds and cost; false where it is not installed. */
static bool run_peer(double *seconds, double *cost, const duel *w) {
  char path[] = "/tmp/flowcert-bench-XXXXXX", command[2048];
  int descriptor = mkstemp(path);
  FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
  if (!file)
    return false;
  for (size_t i = 0; i < 2 * w->n * w->d; i++) {
    double x = fc_get_d(w->points + i, w->ctx);
    fwrite(&x, sizeof x, 1, file);
  }
  fclose(file);
  snprintf(command, sizeof command, script, path, w->n, w->d);
  FILE *pipe = popen(command, "r");
  bool fine = pipe && fscanf(pipe, "%lf %lf", seconds, cost) == 2;
  if (pipe)
    pclose(pipe);
  unlink(path);
  return fine;
}

static fc_status fight(size_t n, size_t d, bool clusters, double aim) {
  static duel w;
  char what[80];
  double peer = 0, cost = 0;
  w = (duel){.n = n, .d = d};
  fc_ctx_init_double(w.ctx);
  w.points = fc_vec_new(2 * n * d, w.ctx);
  if (!w.points)
    return FC_MEMORY;
  draw(&w, clusters);
  double seconds = bench_seconds(solve, &w);
  fc_status status = w.status;
  snprintf(what, sizeof what, "n=%zu d=%zu %s", n, d,
           clusters ? "clusters" : "uniform");
  if (status == FC_OK && run_peer(&peer, &cost, &w)) {
    bench_line(what, seconds, peer, aim);
    printf("  %-34s %.16g, POT %.16g; proved to %.1e\n", "  W_2^2",
           mpfr_get_d(w.transport.upper, MPFR_RNDN), cost,
           1 - mpfr_get_d(w.transport.lower, MPFR_RNDD) /
                   mpfr_get_d(w.transport.upper, MPFR_RNDU));
  } else if (status == FC_OK)
    printf("  %-34s %8.4f s (python3-pot is not installed)\n", what, seconds);
  if (status == FC_OK)
    fc_transport_clear(&w.transport);
  fc_vec_free(w.points, 2 * n * d, w.ctx);
  return status;
}

int main(void) {
  bench_head("W_2 of two samples, with proof", "POT emd2");
  fc_status status = fight(1000, 2, false, 1);
  if (!status)
    status = fight(4000, 2, false, 1);
  if (!status)
    status = fight(1000, 2, true, 0);
  if (!status)
    status = fight(4000, 2, true, 0);
  if (!status)
    status = fight(1000, 10, false, 0);
  if (status)
    fprintf(stderr, "%s\n", fc_status_text(status));
  return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
