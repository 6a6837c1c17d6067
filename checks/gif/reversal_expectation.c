/* Where the printed inverse of the reversed flow is true by accident: the
 * derivation at the head of reversal.c, for Gaussians and products of them. */
#include <math.h>

#include "gif/reversal_sides.h"
#include "matrix/matrix.h"

static bool is_close(double x, double y) {
  return fabs(x - y) <= 0x1p-40 * (fabs(x) + fabs(y) + 1);
}

/* The two conditions at t, for the eigenvalue l; the second one if m has a part
 * in the eigenspace. */
static bool agrees_at(const fc_schedule *schedule, double t, double l,
                      bool has_mean) {
  fc_schedule_rough now = fc_schedule_rough_at(schedule, t, false),
                    back = fc_schedule_rough_at(schedule, 1 - t, false),
                    start = fc_schedule_rough_at(schedule, 0, false);
  double q = now.a * now.a + l * now.b * now.b;
  double q_back = back.a * back.a + l * back.b * back.b;
  double q_start = start.a * start.a + l * start.b * start.b;
  if (!is_close(q * q_back, q_start * l)) /* q(1) = l */
    return false;
  return !has_mean ||
         is_close(back.b - start.b, sqrt(q_start / q) * (1 - now.b));
}

static bool agrees(const fc_schedule *schedule, double l, bool has_mean) {
  for (int k = 1; k < 8; k++)
    if (!agrees_at(schedule, k / 8.0, l, has_mean))
      return false;
  return true;
}

/* The mean's part along an eigenvector (a row). */
static double along(fc_srcptr mean, fc_srcptr vector, size_t d,
                    const fc_ctx *ctx) {
  double sum = 0;
  for (size_t i = 0; i < d; i++)
    sum += fc_get_d(mean + i, ctx) * fc_get_d(vector + i, ctx);
  return sum;
}

static bool gaussian_agrees(const fc_target *target,
                            const fc_schedule *schedule) {
  size_t d = fc_target_dimension(target);
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  fc_ptr storage = fc_vec_new(2 * d + 2 * d * d, ctx);
  if (!storage)
    return false;
  fc_ptr mean = storage, l = mean + d, sigma = l + d, vectors = sigma + d * d;
  bool same = fc_target_gaussian_get(mean, sigma, target, ctx) == FC_OK &&
              fc_matrix_eigen(l, vectors, sigma, d, ctx) == FC_OK;
  for (size_t k = 0; k < d && same; k++)
    same = agrees(schedule, fc_get_d(l + k, ctx),
                  fabs(along(mean, vectors + k * d, d, ctx)) > 0x1p-40);
  fc_vec_free(storage, 2 * d + 2 * d * d, ctx);
  return same;
}

static bool target_agrees(const fc_target *target,
                          const fc_schedule *schedule) {
  size_t factors = fc_target_factor_count(target);
  for (size_t i = 0; i < factors; i++)
    if (!target_agrees(fc_target_factor(target, i), schedule))
      return false;
  return factors > 0 ||
         (fc_target_is_gaussian(target) && gaussian_agrees(target, schedule));
}

const char *fc_expect_literal_reversal(const fc_job *job) {
  return target_agrees(job->instance->target, job->schedule) ? "holds"
                                                             : "violated";
}
