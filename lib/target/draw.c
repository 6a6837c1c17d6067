#include "target/draw.h"

#include <math.h>
#include <stdlib.h>

/* The components in binary64. */
typedef struct mixture {
  size_t d, count;
  double *upto;  /* count: sums of weights */
  double *means; /* count*d */
  double *roots; /* count*d*d: lower triangular, S = L L^T */
} mixture;

/* L of S in place; zero pivots (atoms) leave zero columns. */
static void take_root(double *s, size_t d) {
  for (size_t j = 0; j < d; j++) {
    for (size_t k = 0; k < j; k++)
      for (size_t i = j; i < d; i++)
        s[i * d + j] -= s[i * d + k] * s[j * d + k];
    double pivot = sqrt(fmax(0, s[j * d + j]));
    for (size_t i = j; i < d; i++)
      s[i * d + j] = pivot > 0 ? s[i * d + j] / pivot : 0;
    for (size_t i = 0; i < j; i++)
      s[i * d + j] = 0;
  }
}

static fc_status fill(mixture *m, const fc_target *target) {
  fc_ctx ctx[1];
  fc_num log_weight;
  size_t d = m->d;
  fc_ctx_init_double(ctx);
  fc_init(log_weight, ctx);
  fc_ptr mean = fc_vec_new(d, ctx), covariance = fc_vec_new(d * d, ctx);
  fc_status status = mean && covariance ? FC_OK : FC_MEMORY;
  for (size_t k = 0; k < m->count && !status; k++) {
    status =
        fc_target_mixture_get(mean, covariance, log_weight, target, k, ctx);
    for (size_t i = 0; i < d && !status; i++)
      m->means[k * d + i] = fc_get_d(mean + i, ctx);
    for (size_t i = 0; i < d * d && !status; i++)
      m->roots[k * d * d + i] = fc_get_d(covariance + i, ctx);
    take_root(m->roots + k * d * d, d);
    m->upto[k] = (k ? m->upto[k - 1] : 0) + exp(fc_get_d(log_weight, ctx));
  }
  fc_vec_free(mean, d, ctx);
  fc_vec_free(covariance, d * d, ctx);
  fc_clear(log_weight, ctx);
  return status;
}

/* The first component whose sum of weights exceeds u times the whole. */
static size_t choose(const mixture *m, double u) {
  size_t low = 0, high = m->count - 1;
  u *= m->upto[high];
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (m->upto[middle] > u)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

static void draw(double *x, const mixture *m, fc_random *random) {
  size_t d = m->d, k = choose(m, fc_random_uniform(random));
  const double *mean = m->means + k * d, *root = m->roots + k * d * d;
  for (size_t i = 0; i < d; i++)
    x[i] = mean[i];
  for (size_t j = 0; j < d; j++) {
    double z = fc_random_normal(random);
    for (size_t i = j; i < d; i++)
      x[i] += root[i * d + j] * z;
  }
}

fc_status fc_target_draw(double *points, size_t count, const fc_target *target,
                         fc_random *random) {
  size_t d = fc_target_dimension(target), k = fc_target_mixture_count(target);
  if (k == 0)
    return FC_UNSUPPORTED;
  mixture m = {d, k, calloc(k, sizeof(double)), calloc(k * d, sizeof(double)),
               calloc(k * d * d, sizeof(double))};
  fc_status status =
      m.upto && m.means && m.roots ? fill(&m, target) : FC_MEMORY;
  for (size_t p = 0; p < count && !status; p++)
    draw(points + p * d, &m, random);
  free(m.upto);
  free(m.means);
  free(m.roots);
  return status;
}
