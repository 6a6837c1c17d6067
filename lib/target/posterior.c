/* The posterior of any target: storage and dispatch. */
#include "target/density_balls.h"
#include "target/posterior_impl.h"

#include <stdlib.h>

void fc_set_undefined(fc_ptr z, const fc_ctx *ctx) {
  fc_set_inf(z, 1, ctx);
  fc_sub(z, z, z, ctx);
}

bool fc_is_end(fc_srcptr a, const fc_ctx *ctx) {
  return ctx->kind != FC_SERIES && fc_is_zero(a, ctx) == FC_TRUE;
}

static void undefined(fc_ptr z, size_t count, const fc_ctx *ctx) {
  for (size_t i = 0; i < count; i++)
    fc_set_undefined(z + i, ctx);
}

void fc_posterior_undefined(fc_posterior *posterior, unsigned want) {
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx;
  size_t d = posterior->d;
  if (want & FC_WANT_MEAN)
    undefined(value->mean, d, ctx);
  if (want & FC_WANT_COVARIANCE)
    undefined(value->covariance, d * d, ctx);
  if (want & FC_WANT_THIRD)
    undefined(value->third, d, ctx);
  if (want & FC_WANT_LOG_DENSITY)
    undefined(value->log_density, 1, ctx);
  if (want & FC_WANT_SCORE)
    undefined(value->score, d, ctx);
  if (want & FC_WANT_SCORE_JACOBIAN)
    undefined(value->score_jacobian, d * d, ctx);
  if (want & FC_WANT_SCORE_THIRD)
    undefined(value->score_third, d, ctx);
}

void fc_posterior_point(fc_posterior *posterior, fc_srcptr b, fc_srcptr x,
                        unsigned want) {
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx;
  size_t d = posterior->d;
  for (size_t i = 0; i < d && (want & FC_WANT_MEAN); i++)
    fc_div(value->mean + i, x + i, b, ctx);
  if (want & FC_WANT_COVARIANCE)
    fc_vec_zero(value->covariance, d * d, ctx);
  if (want & FC_WANT_THIRD)
    fc_vec_zero(value->third, d, ctx);
}

void fc_mirror(fc_ptr z, size_t d, const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < i; j++)
      fc_set(z + j * d + i, z + i * d + j, ctx);
}

static const fc_posterior_kind *kind_of(const fc_target *target,
                                        const fc_ctx *ctx) {
  switch (target->kind) {
  case FC_ISOTROPIC:
    return target->equal_spread ? &fc_posterior_equal : &fc_posterior_mixture;
  case FC_FULL:
    return &fc_posterior_mixture;
  case FC_PIECES:
    return &fc_posterior_pieces;
  case FC_DENSITY:
    return ctx->kind == FC_ARB ? &fc_posterior_density_balls
                               : &fc_posterior_density;
  case FC_PRODUCT:
    break;
  }
  return &fc_posterior_product;
}

static fc_status new_storage(fc_posterior *posterior) {
  size_t d = posterior->d;
  posterior->storage_count = 4 * d + 2 * d * d + 1;
  posterior->storage = fc_vec_new(posterior->storage_count, &posterior->ctx);
  if (!posterior->storage)
    return FC_MEMORY;
  fc_posterior_value *value = &posterior->value;
  value->mean = posterior->storage;
  value->covariance = value->mean + d;
  value->third = value->covariance + d * d;
  value->log_density = value->third + d;
  value->score = value->log_density + 1;
  value->score_jacobian = value->score + d;
  value->score_third = value->score_jacobian + d * d;
  return FC_OK;
}

fc_status fc_posterior_new(fc_posterior **posterior, const fc_target *target,
                           const fc_ctx *ctx, fc_error *error) {
  fc_posterior *made = calloc(1, sizeof *made);
  if (!made)
    return fc_fail(error, FC_MEMORY, "out of memory");
  made->ctx = *ctx;
  made->target = target;
  made->d = target->d;
  made->kind = kind_of(target, ctx);
  fc_status status = new_storage(made);
  if (!status)
    status = made->kind->bind(made);
  if (status) {
    fc_posterior_free(made);
    if (status == FC_UNSUPPORTED)
      return fc_fail(error, status,
                     "a density given by a formula is integrated in binary64, "
                     "MPFR and real balls, not in series of balls");
    return fc_fail(error, status,
                   "the target's numbers cannot be evaluated: %s",
                   fc_status_text(status));
  }
  *posterior = made;
  return FC_OK;
}

void fc_posterior_free(fc_posterior *posterior) {
  if (!posterior)
    return;
  if (posterior->state)
    posterior->kind->release(posterior);
  fc_vec_free(posterior->storage, posterior->storage_count, &posterior->ctx);
  if (posterior->line)
    fc_vec_free(posterior->line, FC_LINE_SIZE(posterior->target),
                &posterior->ctx);
  fc_posterior_free(posterior->coarse);
  free(posterior);
}

const fc_posterior_value *fc_posterior_values(const fc_posterior *posterior) {
  return &posterior->value;
}

fc_status fc_posterior_eval(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                            fc_srcptr x, unsigned want) {
  return posterior->kind->eval(posterior, a, b, x, want);
}
