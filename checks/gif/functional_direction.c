#include "gif/functional_direction.h"

#include "matrix/matrix.h"

/* The covariance of a Gaussian mixture in binary64, row by row. */
static fc_status mixture_covariance(fc_ptr z, const fc_target *target,
                                    const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  size_t count = fc_target_mixture_count(target);
  fc_ptr mean = fc_vec_new(2 * d + d * d + 1, ctx);
  if (!mean)
    return FC_MEMORY;
  fc_ptr total = mean + d, covariance = total + d, weight = covariance + d * d;
  fc_status status = FC_OK;
  for (size_t k = 0; k < count && !status; k++) {
    status = fc_target_mixture_get(mean, covariance, weight, target, k, ctx);
    fc_exp(weight, weight, ctx);
    for (size_t i = 0; i < d; i++) {
      fc_addmul(total + i, weight, mean + i, ctx);
      for (size_t j = 0; j < d; j++) {
        fc_addmul(covariance + i * d + j, mean + i, mean + j, ctx);
        fc_addmul(z + i * d + j, weight, covariance + i * d + j, ctx);
      }
    }
  }
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      fc_submul(z + i * d + j, total + i, total + j, ctx);
  fc_vec_free(mean, 2 * d + d * d + 1, ctx);
  return status;
}

fc_status fc_direction_widest(double *direction, const fc_target *target) {
  fc_ctx ctx[1];
  size_t d = fc_target_dimension(target);
  fc_ctx_init_double(ctx);
  fc_ptr room = fc_vec_new(2 * d * d + d, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr vectors = room + d * d, values = vectors + d * d;
  fc_status status = mixture_covariance(room, target, ctx);
  if (!status)
    status = fc_matrix_eigen(values, vectors, room, d, ctx);
  for (size_t i = 0; i < d; i++)
    direction[i] = fc_get_d(vectors + (d - 1) * d + i, ctx);
  fc_vec_free(room, 2 * d * d + d, ctx);
  return status;
}

fc_status fc_direction_along(double *direction, const fc_target *target,
                             size_t tip) {
  fc_ctx ctx[1];
  size_t d = fc_target_dimension(target);
  fc_ctx_init_double(ctx);
  fc_ptr room = fc_vec_new(2 * d + 1, ctx);
  if (!room)
    return FC_MEMORY;
  fc_target_isotropic_get(room, room + 2 * d, target, 0, ctx);
  fc_target_isotropic_get(room + d, room + 2 * d, target, tip, ctx);
  for (size_t i = 0; i < d; i++)
    direction[i] = fc_get_d(room + d + i, ctx) - fc_get_d(room + i, ctx);
  fc_vec_free(room, 2 * d + 1, ctx);
  return FC_OK;
}
