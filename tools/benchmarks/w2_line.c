/* W_2 between mixtures on the line, error included, against 1000 quantiles of
 * each law, one after the other: what integrating |F^-1 - G^-1|^2 by a rule
 * with 1000 nodes would cost. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "target/posterior.h"
#include "transport/line.h"

#define BITS_OF_50_DIGITS 170
enum { QUANTILES = 1000, LARGEST = 8 };

typedef struct work {
  fc_ctx ctx;
  fc_target *laws[2];
  fc_posterior *posteriors[2];
  fc_w2_value value;
  fc_ptr numbers; /* a, b, p, q, x */
  fc_status status;
} work;

static fc_status make_law(fc_target **law, size_t count, long shift) {
  fc_formula *means[LARGEST] = {NULL}, *spreads[LARGEST] = {NULL};
  fc_status status = FC_OK;
  for (size_t k = 0; k < count && !status; k++) {
    status = fc_constant_new_si(means + k, 3 * (long)k + shift, 2);
    if (!status)
      status = fc_constant_new_si(spreads + k, 1, 2);
  }
  if (!status)
    status = fc_target_new_isotropic(law, 1, count, NULL, means, spreads, NULL,
                                     NULL);
  for (size_t k = 0; k < count; k++) {
    fc_formula_free(means[k]);
    fc_formula_free(spreads[k]);
  }
  return status;
}

/* K and K + 1 components; bits 0: binary64, < 0: balls. */
static fc_status work_init(work *w, size_t count, long bits) {
  *w = (work){.status = FC_OK};
  fc_status status = FC_OK;
  if (bits > 0)
    fc_ctx_init_mpfr(&w->ctx, bits);
  else if (bits == 0)
    fc_ctx_init_double(&w->ctx);
  else
    status = fc_ctx_init_arb(&w->ctx, -bits, NULL);
  if (status)
    return status;
  fc_w2_value_init(&w->value, &w->ctx);
  w->numbers = fc_vec_new(5, &w->ctx);
  for (int i = 0; i < 2 && !status; i++) {
    status = make_law(w->laws + i, count + (size_t)i, 1 - 3 * (long)count - i);
    if (!status)
      status = fc_posterior_new(w->posteriors + i, w->laws[i], &w->ctx, NULL);
  }
  return status || w->numbers ? status : FC_MEMORY;
}

static void work_clear(work *w) {
  if (!w->ctx.ops)
    return;
  for (int i = 0; i < 2; i++) {
    fc_posterior_free(w->posteriors[i]);
    fc_target_free(w->laws[i]);
  }
  fc_w2_value_clear(&w->value, &w->ctx);
  fc_vec_free(w->numbers, 5, &w->ctx);
}

static void run_distance(void *data) {
  work *w = data;
  fc_status status =
      fc_w2_line(&w->value, w->laws[0], w->laws[1], &w->ctx, NULL);
  w->status = status ? status : w->status;
}

static void run_quantiles(void *data) {
  work *w = data;
  fc_ptr a = w->numbers, b = a + 1, p = a + 2, q = a + 3, x = a + 4;
  fc_set_si(a, 0, &w->ctx);
  fc_set_si(b, 1, &w->ctx);
  for (long i = 0; i < QUANTILES; i++)
    for (int law = 0; law < 2; law++) {
      fc_set_si(p, 2 * i + 1, &w->ctx);
      fc_div_si(p, p, 2L * QUANTILES, &w->ctx);
      fc_neg(q, p, &w->ctx);
      fc_add_si(q, q, 1, &w->ctx);
      fc_status status =
          fc_posterior_quantile(x, w->posteriors[law], a, b, p, q, NULL);
      w->status = status ? status : w->status;
    }
}

static fc_status line(const char *what, size_t count, long bits) {
  work w;
  double seconds = 0, peer = 0;
  fc_status status = work_init(&w, count, bits);
  if (!status && bits >= 0)
    bench_pair(&seconds, &peer, run_distance, run_quantiles, &w);
  else if (!status)
    seconds = bench_seconds(run_distance, &w);
  status = status ? status : w.status;
  if (!status && bits >= 0)
    bench_line(what, seconds, peer, 0);
  else if (!status)
    printf("  %s: %.1f ms\n", what, 1e3 * seconds);
  work_clear(&w);
  return status;
}

int main(void) {
  bench_head("W2 between mixtures on the line, K and K + 1 components",
             "1000 quantiles of each");
  fc_status status = line("50 digits, K = 1", 1, BITS_OF_50_DIGITS);
  status = status ? status : line("50 digits, K = 3", 3, BITS_OF_50_DIGITS);
  status = status ? status : line("binary64, K = 1", 1, 0);
  status = status ? status : line("binary64, K = 3", 3, 0);
  if (!status && fc_have_arb())
    status = line("balls of 53 bits, K = 1, proved", 1, -53);
  if (status)
    fprintf(stderr, "bench: %s\n", fc_status_text(status));
  return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
