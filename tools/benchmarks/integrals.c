/* Densities exp(-U) in balls: log p_t with M and C, and distribution functions,
 * against the same in MPFR, which estimates its error. */
#include <stdio.h>

#include "bench.h"
#include "target/posterior.h"

enum { BITS = 128 };

typedef struct work {
  fc_ctx ctx;
  fc_target *law;
  fc_posterior *posterior;
  fc_ptr numbers; /* a, b, x and two more */
  fc_status status;
} work;

static fc_status work_init(work *w, const char *potential, bool balls) {
  static const char *const names[] = {"x"};
  static const double at[] = {0.5, 0.5, 0.3125};
  fc_formula *u = NULL;
  *w = (work){.status = FC_OK};
  fc_ctx_init_mpfr(&w->ctx, BITS);
  fc_status status = FC_OK;
  if (balls)
    status = fc_ctx_init_arb(&w->ctx, BITS, NULL);
  if (!status)
    status = fc_formula_parse(&u, potential, names, 1, NULL, NULL);
  if (!status)
    status = fc_target_new_density(&w->law, u, NULL, NULL, NULL, NULL);
  fc_formula_free(u);
  if (!status)
    status = fc_posterior_new(&w->posterior, w->law, &w->ctx, NULL);
  w->numbers = fc_vec_new(5, &w->ctx);
  if (!w->numbers)
    return FC_MEMORY;
  for (int i = 0; i < 3; i++)
    fc_set_d(w->numbers + i, at[i], &w->ctx);
  return status;
}

static void work_clear(work *w) {
  fc_vec_free(w->numbers, 5, &w->ctx);
  fc_posterior_free(w->posterior);
  fc_target_free(w->law);
}

/* The same question in balls and in MPFR. */
typedef struct both {
  work balls, mpfr;
} both;

static void eval(work *w, unsigned want) {
  fc_status status = fc_posterior_eval(w->posterior, w->numbers, w->numbers + 1,
                                       w->numbers + 2, want);
  if (status)
    w->status = status;
}

static void distribution(work *w) {
  fc_ptr z = w->numbers;
  fc_status status =
      fc_posterior_cdf(z + 3, z + 4, w->posterior, z, z + 1, z + 2, NULL);
  if (status)
    w->status = status;
}

static void density_balls(void *data) {
  eval(&((both *)data)->balls, FC_WANT_LOG_DENSITY);
}
static void density_mpfr(void *data) {
  eval(&((both *)data)->mpfr, FC_WANT_LOG_DENSITY);
}
static void moments_balls(void *data) {
  eval(&((both *)data)->balls, FC_WANT_MEAN | FC_WANT_COVARIANCE);
}
static void moments_mpfr(void *data) {
  eval(&((both *)data)->mpfr, FC_WANT_MEAN | FC_WANT_COVARIANCE);
}
static void cdf_balls(void *data) { distribution(&((both *)data)->balls); }
static void cdf_mpfr(void *data) { distribution(&((both *)data)->mpfr); }

static const struct {
  const char *what;
  void (*balls)(void *), (*mpfr)(void *);
} rows[] = {{"log p_t", density_balls, density_mpfr},
            {"M and C", moments_balls, moments_mpfr},
            {"cdf", cdf_balls, cdf_mpfr}};

static fc_status compare(const char *potential) {
  both b;
  fc_status status = work_init(&b.balls, potential, true),
            other = work_init(&b.mpfr, potential, false);
  for (size_t i = 0; i < sizeof rows / sizeof *rows && !status && !other; i++) {
    double seconds, peer;
    char text[64];
    bench_pair(&seconds, &peer, rows[i].balls, rows[i].mpfr, &b);
    snprintf(text, sizeof text, "%s, %s", rows[i].what, potential);
    bench_line(text, seconds, peer, 0);
    status = b.balls.status ? b.balls.status : b.mpfr.status;
  }
  work_clear(&b.balls);
  work_clear(&b.mpfr);
  return status ? status : other;
}

int main(void) {
  static const char *const laws[] = {"x^4/4 - x^2/2", "abs(x)",
                                     "3*log(1 + x^2/5)"};
  fc_status status = FC_OK;
  bench_head("integrals in balls: densities exp(-U), 128 bits", "MPFR");
  for (int i = 0; i < 3 && !status; i++)
    status = compare(laws[i]);
  if (status)
    fprintf(stderr, "%s\n", fc_status_text(status));
  return status != FC_OK;
}
