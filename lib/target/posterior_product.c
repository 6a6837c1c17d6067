/* The posterior of a product: independent blocks, each with its own posterior;
 * M, s, G, T are concatenated (T: Cov(X_i, |X|^2) sees only its own block), C
 * and S are block diagonal, log densities add. */
#include "target/posterior_impl.h"

#include <stdlib.h>

static fc_status bind(fc_posterior *posterior) {
  const fc_target *target = posterior->target;
  fc_posterior **parts = calloc(target->count, sizeof *parts);
  if (!parts)
    return FC_MEMORY;
  posterior->state = parts;
  fc_status status = FC_OK;
  for (size_t i = 0; i < target->count && !status; i++)
    status =
        fc_posterior_new(parts + i, target->factors[i], &posterior->ctx, NULL);
  fc_vec_zero(posterior->storage, posterior->storage_count, &posterior->ctx);
  return status;
}

static void release(fc_posterior *posterior) {
  fc_posterior **parts = posterior->state;
  for (size_t i = 0; i < posterior->target->count; i++)
    fc_posterior_free(parts[i]);
  free(parts);
}

static void place(fc_ptr z, fc_srcptr block, size_t at, size_t size, size_t d,
                  const fc_ctx *ctx) {
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < size; j++)
      fc_set(z + (at + i) * d + at + j, block + i * size + j, ctx);
}

static void gather(fc_posterior *posterior, const fc_posterior *part, size_t at,
                   unsigned want) {
  const fc_posterior_value *to = &posterior->value, *from = &part->value;
  const fc_ctx *ctx = &posterior->ctx;
  size_t d = posterior->d, size = part->d;
  if (want & FC_WANT_MEAN)
    fc_vec_set(to->mean + at, from->mean, size, ctx);
  if (want & FC_WANT_COVARIANCE)
    place(to->covariance, from->covariance, at, size, d, ctx);
  if (want & FC_WANT_THIRD)
    fc_vec_set(to->third + at, from->third, size, ctx);
  if (want & FC_WANT_LOG_DENSITY)
    fc_add(to->log_density, to->log_density, from->log_density, ctx);
  if (want & FC_WANT_SCORE)
    fc_vec_set(to->score + at, from->score, size, ctx);
  if (want & FC_WANT_SCORE_JACOBIAN)
    place(to->score_jacobian, from->score_jacobian, at, size, d, ctx);
  if (want & FC_WANT_SCORE_THIRD)
    fc_vec_set(to->score_third + at, from->score_third, size, ctx);
}

static fc_status eval(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                      fc_srcptr x, unsigned want) {
  fc_posterior **parts = posterior->state;
  size_t at = 0;
  fc_set_si(posterior->value.log_density, 0, &posterior->ctx);
  for (size_t i = 0; i < posterior->target->count; i++) {
    fc_status status = fc_posterior_eval(parts[i], a, b, x + at, want);
    if (status)
      return status;
    gather(posterior, parts[i], at, want);
    at += parts[i]->d;
  }
  return FC_OK;
}

const fc_posterior_kind fc_posterior_product = {bind, eval, release};
