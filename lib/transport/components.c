#include "transport/components.h"

#include <stdlib.h>
#include <string.h>

#include "transport/means.h"

size_t fc_components_count(const fc_target *target) {
  size_t factors = fc_target_factor_count(target), count = 1;
  if (factors == 0)
    return fc_target_mixture_count(target);
  for (size_t i = 0; i < factors; i++) {
    size_t own = fc_components_count(fc_target_factor(target, i));
    if (own == 0)
      return 0;
    count = own > SIZE_MAX / count ? SIZE_MAX : count * own;
  }
  return count;
}

static bool allocate(fc_components *c, size_t count, size_t d,
                     const fc_ctx *ctx) {
  memset(c, 0, sizeof *c);
  c->count = count;
  c->d = d;
  c->ctx = ctx;
  c->means = fc_vec_new(count * d, ctx);
  c->covariances = fc_vec_new(count * d * d, ctx);
  return c->means && c->covariances;
}

void fc_components_clear(fc_components *c) {
  fc_means_weights_free(c->weights, c->count);
  fc_vec_free(c->means, c->count * c->d, c->ctx);
  fc_vec_free(c->covariances, c->count * c->d * c->d, c->ctx);
  memset(c, 0, sizeof *c);
}

static fc_status load_mixture(fc_components *c, const fc_target *target) {
  size_t d = c->d;
  fc_num log_weight;
  fc_status status = FC_OK;
  c->weights = fc_means_weights(&c->rounded, target, c->ctx->precision);
  if (!c->weights)
    return FC_MEMORY;
  fc_init(log_weight, c->ctx);
  for (size_t k = 0; k < c->count && status == FC_OK; k++)
    status = fc_target_mixture_get(c->means + k * d, c->covariances + k * d * d,
                                   log_weight, target, k, c->ctx);
  fc_clear(log_weight, c->ctx);
  return status;
}

/* One factor's components into those of the product, in which they recur every
 * `stride` components. */
static void spread_factor(fc_components *c, const fc_components *factor,
                          size_t stride, size_t at) {
  for (size_t k = 0; k < c->count; k++) {
    size_t own = k / stride % factor->count, f = factor->d;
    fc_vec_set(c->means + k * c->d + at, factor->means + own * f, f, c->ctx);
    for (size_t i = 0; i < f; i++)
      fc_vec_set(c->covariances + (k * c->d + at + i) * c->d + at,
                 factor->covariances + (own * f + i) * f, f, c->ctx);
    mpq_mul(c->weights[k], c->weights[k], factor->weights[own]);
  }
  c->rounded = c->rounded || factor->rounded;
}

static fc_status load_product(fc_components *c, const fc_target *target) {
  size_t stride = 1, at = 0;
  c->weights = malloc(c->count * sizeof *c->weights);
  if (!c->weights)
    return FC_MEMORY;
  for (size_t k = 0; k < c->count; k++) {
    mpq_init(c->weights[k]);
    mpq_set_ui(c->weights[k], 1, 1);
  }
  for (size_t i = 0; i < fc_target_factor_count(target); i++) {
    fc_components factor;
    fc_status status =
        fc_components_init(&factor, fc_target_factor(target, i), c->ctx);
    if (status != FC_OK)
      return status;
    spread_factor(c, &factor, stride, at);
    stride *= factor.count;
    at += factor.d;
    fc_components_clear(&factor);
  }
  return FC_OK;
}

fc_status fc_components_init(fc_components *c, const fc_target *target,
                             const fc_ctx *ctx) {
  size_t count = fc_components_count(target), d = fc_target_dimension(target);
  if (count == 0)
    return FC_UNSUPPORTED;
  if (count > FC_TARGET_MAX_COMPONENTS || count > ((size_t)1 << 22) / (d * d))
    return FC_LIMIT;
  fc_status status = allocate(c, count, d, ctx) ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status = fc_target_factor_count(target) ? load_product(c, target)
                                            : load_mixture(c, target);
  if (status != FC_OK)
    fc_components_clear(c);
  return status;
}
