/* The numbers of a target's components in a context. */
#include "target/target_impl.h"

static fc_status vector(fc_ptr z, fc_formula *const *from, size_t count,
                        const fc_ctx *ctx) {
  for (size_t i = 0; i < count; i++) {
    fc_status status = fc_constant_eval(z + i, from[i], ctx);
    if (status)
      return status;
  }
  return FC_OK;
}

fc_status fc_target_weight(fc_ptr z, const fc_target *target, size_t k,
                           const fc_ctx *ctx) {
  if (target->weights)
    return fc_constant_eval(z, target->weights[k], ctx);
  fc_set_si(z, (long)target->count, ctx);
  fc_inv(z, z, ctx);
  return FC_OK;
}

fc_status fc_target_log_weight(fc_ptr z, const fc_target *target, size_t k,
                               const fc_ctx *ctx) {
  if (target->weights) {
    fc_status status = fc_constant_eval(z, target->weights[k], ctx);
    fc_log(z, z, ctx);
    return status;
  }
  fc_set_si(z, (long)target->count, ctx);
  fc_log(z, z, ctx);
  fc_neg(z, z, ctx);
  return FC_OK;
}

fc_status fc_target_mean(fc_ptr z, const fc_target *target, size_t k,
                         const fc_ctx *ctx) {
  return vector(z, target->means + k * target->d, target->d, ctx);
}

fc_status fc_target_variance(fc_ptr z, const fc_target *target, size_t k,
                             const fc_ctx *ctx) {
  fc_status status = fc_constant_eval(z, target->spreads[k], ctx);
  if (!target->spread_is_variance)
    fc_sqr(z, z, ctx);
  return status;
}

fc_status fc_target_stddev(fc_ptr z, const fc_target *target, size_t k,
                           const fc_ctx *ctx) {
  fc_status status = fc_constant_eval(z, target->spreads[k], ctx);
  if (target->spread_is_variance)
    fc_sqrt(z, z, ctx);
  return status;
}

fc_status fc_target_covariance(fc_ptr z, const fc_target *target, size_t k,
                               const fc_ctx *ctx) {
  size_t d = target->d;
  if (target->kind == FC_FULL)
    return vector(z, target->spreads + k * d * d, d * d, ctx);
  fc_vec_zero(z, d * d, ctx);
  fc_status status = fc_target_variance(z, target, k, ctx);
  for (size_t i = 1; i < d; i++)
    fc_set(z + i * d + i, z, ctx);
  return status;
}
