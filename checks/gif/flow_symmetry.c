#include "gif/flow_symmetry.h"

/* |m_k - m_0|^2 */
static double distance2(fc_srcptr means, size_t k, size_t d,
                        const fc_ctx *ctx) {
  double sum = 0;
  for (size_t i = 0; i < d; i++) {
    double y = fc_get_d(means + k * d + i, ctx) - fc_get_d(means + i, ctx);
    sum += y * y;
  }
  return sum;
}

/* True where means 0, far, k lie on a line (to binary64). */
static bool is_on_line(fc_srcptr means, size_t far, size_t k, size_t d,
                       const fc_ctx *ctx) {
  double along = 0;
  for (size_t i = 0; i < d; i++)
    along += (fc_get_d(means + far * d + i, ctx) - fc_get_d(means + i, ctx)) *
             (fc_get_d(means + k * d + i, ctx) - fc_get_d(means + i, ctx));
  double lengths = distance2(means, far, d, ctx) * distance2(means, k, d, ctx);
  return lengths - along * along <= 0x1p-40 * lengths;
}

static bool are_on_line(fc_srcptr means, size_t count, size_t d,
                        const fc_ctx *ctx) {
  size_t far = 0;
  for (size_t k = 1; k < count; k++)
    if (distance2(means, k, d, ctx) > distance2(means, far, d, ctx))
      far = k;
  for (size_t k = 1; k < count; k++)
    if (!is_on_line(means, far, k, d, ctx))
      return false;
  return true;
}

static bool means_lie_on_line(const fc_target *target) {
  fc_ctx ctx[1];
  fc_num weight;
  fc_ctx_init_double(ctx);
  size_t d = fc_target_dimension(target);
  size_t count = fc_target_isotropic_count(target);
  fc_ptr means = fc_vec_new(count * d, ctx);
  fc_init(weight, ctx);
  for (size_t k = 0; means && k < count; k++)
    fc_target_isotropic_get(means + k * d, weight, target, k, ctx);
  bool line = means && are_on_line(means, count, d, ctx);
  fc_clear(weight, ctx);
  fc_vec_free(means, count * d, ctx);
  return line;
}

/* On the line; a Gaussian, S_t S_s^-1; equal isotropic components with means on
 * a line, where the map is one along it and one across; products of these. */
static bool is_symmetric(const fc_target *target) {
  size_t factors = fc_target_factor_count(target);
  for (size_t i = 0; i < factors; i++)
    if (!is_symmetric(fc_target_factor(target, i)))
      return false;
  return factors > 0 || fc_target_dimension(target) == 1 ||
         fc_target_is_gaussian(target) ||
         (fc_target_isotropic_count(target) > 0 && means_lie_on_line(target));
}

bool fc_flow_is_symmetric(const fc_job *job) {
  return is_symmetric(job->instance->target);
}
