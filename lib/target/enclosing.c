#include "target/enclosing.h"
#include "matrix/matrix.h"

#include <math.h>
#include <stdlib.h>

/* Above this many points the pairs are not gone through. */
#define FC_PAIRS_LIMIT 2048

#define LEAST_SIZE 1e-140

void fc_enclosing_norm(fc_ptr z, fc_srcptr v, size_t d, const fc_ctx *ctx) {
  fc_num sum;
  fc_init(sum, ctx);
  for (size_t i = 0; i < d; i++)
    fc_addmul(sum, v + i, v + i, ctx);
  if (d > 1 && fc_is_positive(sum, ctx) == FC_TRUE) {
    fc_sqrt(z, sum, ctx);
  } else {
    fc_abs(z, v, ctx);
    for (size_t i = 1; i < d; i++) {
      fc_abs(sum, v + i, ctx);
      fc_add(z, z, sum, ctx);
    }
  }
  fc_clear(sum, ctx);
}

/* All means in binary64, count*d of them; NULL when memory ran out. */
static double *double_means(const fc_target *target) {
  size_t all = target->count * target->d;
  double *points = calloc(all, sizeof *points);
  fc_ctx ctx;
  fc_num t;
  fc_ctx_init_double(&ctx);
  fc_init(t, &ctx);
  for (size_t i = 0; points && i < all; i++) {
    fc_constant_eval(t, target->means[i], &ctx);
    points[i] = fc_get_d(t, &ctx);
  }
  fc_clear(t, &ctx);
  return points;
}

/* z = m_j - m_k; t is scratch of d numbers. */
static fc_status difference(fc_ptr z, fc_ptr t, const fc_target *target,
                            size_t j, size_t k, const fc_ctx *ctx) {
  fc_status status = fc_target_mean(z, target, j, ctx);
  if (!status)
    status = fc_target_mean(t, target, k, ctx);
  for (size_t i = 0; i < target->d; i++)
    fc_sub(z + i, z + i, t + i, ctx);
  return status;
}

/* gram_ij = 2 q_i.q_j and mu_i = |q_i|^2, q_i = m_{T_i} - m_{T_0}, whose
 * solution gives the circumcentre m_{T_0} + sum mu_i q_i. */
static fc_status circumcentre(fc_ptr centre, const fc_target *target,
                              const size_t *support, size_t size, fc_ptr work,
                              const fc_ctx *ctx) {
  size_t n = size - 1, d = target->d;
  fc_ptr q = work, mu = q + n * d, gram = mu + n, t = gram + n * n;
  fc_status status = fc_target_mean(centre, target, support[0], ctx);
  for (size_t i = 0; i < n && !status; i++)
    status = difference(q + i * d, t, target, support[i + 1], support[0], ctx);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      fc_ptr z = gram + i * n + j;
      for (size_t k = 0; k < d; k++)
        fc_addmul(z, q + i * d + k, q + j * d + k, ctx);
      if (i == j)
        fc_set(mu + i, z, ctx);
      fc_mul_2exp_si(z, z, 1, ctx);
    }
  if (!status && n)
    status = fc_matrix_cholesky(gram, gram, n, ctx);
  if (status || !n)
    return status;
  fc_matrix_cholesky_solve(mu, gram, mu, n, ctx);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < d; k++)
      fc_addmul(centre + k, mu + i, q + i * d + k, ctx);
  return FC_OK;
}

/* weights (count, zero) of the means whose sum the circumcentre is. */
static void set_weights(fc_ptr weights, const size_t *support, size_t size,
                        fc_srcptr mu, const fc_ctx *ctx) {
  fc_ptr first = weights + support[0];
  fc_set_si(first, 1, ctx);
  for (size_t i = 1; i < size; i++) {
    fc_set(weights + support[i], mu + i - 1, ctx);
    fc_sub(first, first, mu + i - 1, ctx);
  }
}

/* The centre in ctx: the circumcentre of the support set, or where that fails
 * the binary64 centre; with weights (count, zero; may be NULL) FC_DOMAIN then.
 */
static fc_status find_centre(fc_ptr centre, fc_ptr weights,
                             const fc_target *target, const fc_ctx *ctx) {
  size_t d = target->d, size = 0;
  size_t *support = calloc(d + 2, sizeof *support);
  double *near = calloc(d, sizeof *near);
  double *points = double_means(target);
  size_t work_count = d * d + d + d * d + d;
  fc_ptr work = fc_vec_new(work_count, ctx);
  fc_status status = FC_MEMORY;
  if (support && near && points && work) {
    size = fc_enclosing_support(support, near, points, target->count, d);
    status = size ? circumcentre(centre, target, support, size, work, ctx)
                  : FC_MEMORY;
    if (status == FC_OK && weights)
      set_weights(weights, support, size, work + (size - 1) * d, ctx);
    if (status == FC_DOMAIN && !weights) {
      for (size_t i = 0; i < d; i++)
        fc_set_d(centre + i, near[i], ctx);
      status = FC_OK;
    }
  }
  fc_vec_free(work, work_count, ctx);
  free(points);
  free(near);
  free(support);
  return status;
}

fc_status fc_enclosing_radius(fc_ptr radius, const fc_target *target,
                              const fc_ctx *ctx) {
  size_t d = target->d;
  fc_set_si(radius, 0, ctx);
  if (target->count == 1)
    return FC_OK;
  fc_ptr centre = fc_vec_new(2 * d + 1, ctx);
  if (!centre)
    return FC_MEMORY;
  fc_ptr v = centre + d, norm = centre + 2 * d;
  fc_status status = find_centre(centre, NULL, target, ctx);
  for (size_t k = 0; k < target->count && !status; k++) {
    status = fc_target_mean(v, target, k, ctx);
    for (size_t i = 0; i < d; i++)
      fc_sub(v + i, v + i, centre + i, ctx);
    fc_enclosing_norm(norm, v, d, ctx);
    fc_max(radius, radius, norm, ctx);
  }
  fc_vec_free(centre, 2 * d + 1, ctx);
  return status;
}

fc_status fc_target_centre_weights(fc_ptr weights, const fc_target *target,
                                   const fc_ctx *ctx) {
  if (target->kind != FC_ISOTROPIC || !target->equal_spread)
    return FC_UNSUPPORTED;
  fc_ptr centre = fc_vec_new(target->d, ctx);
  fc_vec_zero(weights, target->count, ctx);
  fc_status status =
      centre ? find_centre(centre, weights, target, ctx) : FC_MEMORY;
  fc_vec_free(centre, target->d, ctx);
  return status;
}

/* --- diameter ---------------------------------------------------------- */

/* d = 1: largest minus smallest. */
static fc_status range(fc_ptr diameter, const fc_target *target,
                       const fc_ctx *ctx) {
  fc_num least, m;
  fc_init(least, ctx);
  fc_init(m, ctx);
  fc_status status = FC_OK;
  for (size_t k = 0; k < target->count && !status; k++) {
    status = fc_target_mean(m, target, k, ctx);
    if (k == 0) {
      fc_set(least, m, ctx);
      fc_set(diameter, m, ctx);
    }
    fc_min(least, least, m, ctx);
    fc_max(diameter, diameter, m, ctx);
  }
  fc_sub(diameter, diameter, least, ctx);
  fc_clear(least, ctx);
  fc_clear(m, ctx);
  return status;
}

static double double_distance(const double *points, size_t j, size_t k,
                              size_t d) {
  double sum = 0;
  for (size_t i = 0; i < d; i++) {
    double t = points[j * d + i] - points[k * d + i];
    sum += t * t;
  }
  return sqrt(sum);
}

/* Below this binary64 distance a pair is certainly not the farthest: rounding
 * the coordinates moves a distance by at most 2 sqrt(d) 2^-53 max|m|, the
 * arithmetic by a relative (d + 4) 2^-53.  Squares below 2^-1022 lose more, up
 * to 1e-161 of the distance: nothing beside 1e-13 max|m| where that is at least
 * LEAST_SIZE; below it no pair is left out. */
static double pair_threshold(const double *points, size_t count, size_t d) {
  double most = 0, size = 0;
  for (size_t i = 0; i < count * d; i++)
    size = fmax(size, fabs(points[i]));
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < j; k++)
      most = fmax(most, double_distance(points, j, k, d));
  double threshold = most * (1 - 1e-13) - 1e-13 * size;
  return isfinite(threshold) && size >= LEAST_SIZE ? threshold : 0;
}

static fc_status farthest_pair(fc_ptr diameter, const fc_target *target,
                               const double *points, const fc_ctx *ctx) {
  size_t d = target->d;
  double threshold = pair_threshold(points, target->count, d);
  fc_ptr work = fc_vec_new(2 * d + 1, ctx);
  if (!work)
    return FC_MEMORY;
  fc_ptr norm = work + 2 * d;
  fc_status status = FC_OK;
  fc_set_si(diameter, 0, ctx);
  for (size_t j = 0; j < target->count && !status; j++)
    for (size_t k = 0; k < j && !status; k++) {
      if (double_distance(points, j, k, d) < threshold)
        continue;
      status = difference(work, work + d, target, j, k, ctx);
      fc_enclosing_norm(norm, work, d, ctx);
      fc_max(diameter, diameter, norm, ctx);
    }
  fc_vec_free(work, 2 * d + 1, ctx);
  return status;
}

fc_status fc_enclosing_diameter(fc_ptr diameter, bool *exact,
                                const fc_target *target, const fc_ctx *ctx) {
  *exact = true;
  if (target->d == 1)
    return range(diameter, target, ctx);
  if (target->count > FC_PAIRS_LIMIT) {
    *exact = false;
    fc_status status = fc_enclosing_radius(diameter, target, ctx);
    fc_mul_2exp_si(diameter, diameter, 1, ctx);
    return status;
  }
  double *points = double_means(target);
  fc_status status =
      points ? farthest_pair(diameter, target, points, ctx) : FC_MEMORY;
  free(points);
  return status;
}
