/* Making, copying and freeing targets. */
#include "target/density.h"

#include <stdlib.h>

static fc_status no_memory(fc_error *error) {
  return fc_fail(error, FC_MEMORY, "out of memory");
}

static void free_formulas(fc_formula **formulas, size_t count) {
  for (size_t i = 0; formulas && i < count; i++)
    fc_formula_free(formulas[i]);
  free(formulas);
}

static fc_status copy_formulas(fc_formula ***copy, fc_formula *const *from,
                               size_t count) {
  *copy = calloc(count, sizeof(fc_formula *));
  if (!*copy)
    return FC_MEMORY;
  for (size_t i = 0; i < count; i++) {
    fc_status status = from[i] ? fc_formula_copy(*copy + i, from[i]) : FC_OK;
    if (status)
      return status;
  }
  return FC_OK;
}

static size_t spread_count(const fc_target *target) {
  size_t square = target->kind == FC_FULL ? target->d * target->d : 1;
  return target->count * square;
}

void fc_target_free(fc_target *target) {
  if (!target)
    return;
  free_formulas(target->weights, target->count);
  free_formulas(target->means, target->count * target->d);
  free_formulas(target->spreads, spread_count(target));
  free_formulas(target->lower, target->count);
  free_formulas(target->upper, target->count);
  fc_formula_free(target->lipschitz);
  fc_density_free(target->density);
  for (size_t i = 0; target->factors && i < target->count; i++)
    fc_target_free(target->factors[i]);
  free(target->factors);
  free(target);
}

static fc_target *blank(fc_representation kind, size_t d, size_t count) {
  fc_target *target = calloc(1, sizeof *target);
  if (target) {
    target->kind = kind;
    target->d = d;
    target->count = count;
  }
  return target;
}

/* Hands target over, or frees it where status is a failure. */
static fc_status deliver(fc_target **out, fc_target *target, fc_status status,
                         fc_error *error) {
  if (status) {
    fc_target_free(target);
    return status == FC_MEMORY ? no_memory(error) : status;
  }
  *out = target;
  return FC_OK;
}

static bool all_same(fc_formula *const *constants, size_t count,
                     size_t stride) {
  for (size_t k = 1; k < count; k++)
    for (size_t i = 0; i < stride; i++)
      if (!fc_target_same_constant(constants[i], constants[k * stride + i]))
        return false;
  return true;
}

/* What both kinds of mixture have: weights and means. */
static fc_status new_mixture(fc_target **target, fc_representation kind,
                             size_t d, size_t count, fc_formula *const *weights,
                             fc_formula *const *means, long *culprit,
                             fc_error *error) {
  fc_status status = fc_target_check_sizes(d, count, error);
  if (!status && weights)
    status = fc_target_check_weights(weights, count, culprit, error);
  for (size_t i = 0; i < count * d && !status; i++) {
    status = fc_target_check_finite(means[i], "mean", error);
    if (status)
      *culprit = (long)(i / d);
  }
  if (status)
    return status;
  fc_target *made = blank(kind, d, count);
  if (!made)
    return no_memory(error);
  if (weights)
    status = copy_formulas(&made->weights, weights, count);
  if (!status)
    status = copy_formulas(&made->means, means, count * d);
  return deliver(target, made, status, error);
}

fc_status fc_target_new_isotropic(fc_target **target, size_t d, size_t count,
                                  fc_formula *const *weights,
                                  fc_formula *const *means,
                                  fc_formula *const *stddevs, long *culprit,
                                  fc_error *error) {
  fc_target *made = NULL;
  long ignored, *where = culprit ? culprit : &ignored;
  *where = -1;
  fc_status status =
      new_mixture(&made, FC_ISOTROPIC, d, count, weights, means, where, error);
  if (status)
    return status;
  for (size_t k = 0; k < count && !status; k++) {
    int sign = 1;
    /* A list that repeats one number needs one decision. */
    if (k == 0 || stddevs[k] != stddevs[k - 1] || made->atom_count)
      status = fc_target_check_stddev(&sign, stddevs[k], error);
    if (status)
      *where = (long)k;
    else if (sign == 0)
      made->atom_count++;
  }
  if (!status)
    status = copy_formulas(&made->spreads, stddevs, count);
  made->equal_spread = all_same(stddevs, status ? 0 : count, 1);
  return deliver(target, made, status, error);
}

/* True where a covariance is visibly a multiple of the identity. */
static bool is_scalar(fc_formula *const *s, size_t d) {
  mpq_t q;
  mpq_init(q);
  bool scalar = true;
  for (size_t i = 0; i < d * d && scalar; i++)
    scalar = i % (d + 1) == 0 ? fc_target_same_constant(s[0], s[i])
                              : fc_formula_get_mpq(q, s[i]) && mpq_sgn(q) == 0;
  mpq_clear(q);
  return scalar;
}

static fc_status copy_covariances(fc_target *made,
                                  fc_formula *const *covariances) {
  size_t d = made->d, count = made->count;
  bool scalar = true;
  for (size_t k = 0; k < count && scalar; k++)
    scalar = is_scalar(covariances + k * d * d, d);
  made->equal_spread = all_same(covariances, count, d * d);
  if (!scalar)
    return copy_formulas(&made->spreads, covariances, count * d * d);
  made->kind = FC_ISOTROPIC;
  made->spread_is_variance = true;
  made->spreads = calloc(count, sizeof(fc_formula *));
  fc_status status = made->spreads ? FC_OK : FC_MEMORY;
  for (size_t k = 0; k < count && !status; k++)
    status = fc_formula_copy(made->spreads + k, covariances[k * d * d]);
  return status;
}

fc_status fc_target_new_mixture(fc_target **target, size_t d, size_t count,
                                fc_formula *const *weights,
                                fc_formula *const *means,
                                fc_formula *const *covariances, long *culprit,
                                fc_error *error) {
  fc_target *made = NULL;
  long ignored, *where = culprit ? culprit : &ignored;
  *where = -1;
  fc_status status =
      new_mixture(&made, FC_FULL, d, count, weights, means, where, error);
  if (status)
    return status;
  for (size_t k = 0; k < count && !status; k++) {
    status = fc_target_check_covariance(covariances + k * d * d, d, error);
    if (status)
      *where = (long)k;
  }
  if (!status)
    status = copy_covariances(made, covariances);
  return deliver(target, made, status, error);
}

static fc_status copy_or_null(fc_formula **copy, const fc_formula *from) {
  return from ? fc_formula_copy(copy, from) : FC_OK;
}

static fc_status set_piece(fc_target *target, size_t j, const fc_piece *piece) {
  fc_status status = piece->weight
                         ? fc_formula_copy(target->weights + j, piece->weight)
                         : fc_constant_new_si(target->weights + j, 1, 1);
  if (!status && piece->stddev)
    status = fc_formula_copy(target->means + j, piece->mean);
  if (!status)
    status = copy_or_null(target->spreads + j, piece->stddev);
  if (!status)
    status = copy_or_null(target->lower + j, piece->lower);
  if (!status)
    status = copy_or_null(target->upper + j, piece->upper);
  return status;
}

fc_status fc_target_new_pieces(fc_target **target, size_t count,
                               const fc_piece *pieces, long *culprit,
                               fc_error *error) {
  long ignored, *where = culprit ? culprit : &ignored;
  *where = -1;
  fc_status status = fc_target_check_sizes(1, count, error);
  for (size_t j = 0; j < count && !status; j++) {
    status = fc_target_check_piece(pieces + j, error);
    if (status)
      *where = (long)j;
  }
  if (status)
    return status;
  fc_target *made = blank(FC_PIECES, 1, count);
  if (!made)
    return no_memory(error);
  made->weights = calloc(count, sizeof(fc_formula *));
  made->means = calloc(count, sizeof(fc_formula *));
  made->spreads = calloc(count, sizeof(fc_formula *));
  made->lower = calloc(count, sizeof(fc_formula *));
  made->upper = calloc(count, sizeof(fc_formula *));
  if (!made->weights || !made->means || !made->spreads || !made->lower ||
      !made->upper)
    status = FC_MEMORY;
  for (size_t j = 0; j < count && !status; j++)
    status = set_piece(made, j, pieces + j);
  if (!status)
    status = fc_target_check_weights(made->weights, count, where, error);
  return deliver(target, made, status, error);
}

static size_t flat_count(const fc_target *factor) {
  return factor->kind == FC_PRODUCT ? factor->count : 1;
}

static fc_status append(fc_target *product, const fc_target *factor) {
  bool nested = factor->kind == FC_PRODUCT;
  for (size_t i = 0; i < flat_count(factor); i++) {
    const fc_target *part = nested ? factor->factors[i] : factor;
    fc_status status = fc_target_copy(product->factors + product->count, part);
    if (status)
      return status;
    product->count++;
  }
  return FC_OK;
}

fc_status fc_target_new_product(fc_target **target, size_t count,
                                const fc_target *const *factors,
                                fc_error *error) {
  size_t d = 0, flat = 0;
  for (size_t i = 0; i < count && d <= FC_TARGET_MAX_DIMENSION; i++) {
    d += factors[i]->d;
    flat += flat_count(factors[i]);
  }
  fc_status status = fc_target_check_sizes(d, flat, error);
  if (status)
    return status;
  fc_target *made = blank(FC_PRODUCT, d, 0);
  if (!made)
    return no_memory(error);
  made->factors = calloc(flat, sizeof(fc_target *));
  if (!made->factors)
    status = FC_MEMORY;
  for (size_t i = 0; i < count && !status; i++)
    status = append(made, factors[i]);
  return deliver(target, made, status, error);
}

fc_status fc_target_copy(fc_target **copy, const fc_target *target) {
  if (target->kind == FC_PRODUCT)
    return fc_target_new_product(
        copy, target->count, (const fc_target *const *)target->factors, NULL);
  fc_target *made = blank(target->kind, target->d, target->count);
  if (!made)
    return FC_MEMORY;
  made->spread_is_variance = target->spread_is_variance;
  made->equal_spread = target->equal_spread;
  made->atom_count = target->atom_count;
  made->tilt = target->tilt;
  made->lipschitz_declared = target->lipschitz_declared;
  size_t count = target->count;
  fc_status status = FC_OK;
  if (target->weights)
    status = copy_formulas(&made->weights, target->weights, count);
  if (!status && target->means)
    status = copy_formulas(&made->means, target->means, count * target->d);
  if (!status && target->spreads)
    status =
        copy_formulas(&made->spreads, target->spreads, spread_count(target));
  if (!status && target->lower)
    status = copy_formulas(&made->lower, target->lower, count);
  if (!status && target->upper)
    status = copy_formulas(&made->upper, target->upper, count);
  if (!status && target->lipschitz)
    status = fc_formula_copy(&made->lipschitz, target->lipschitz);
  if (!status && target->density)
    status = fc_density_copy(&made->density, target->density);
  return deliver(copy, made, status, NULL);
}
