/* Questions about a target, and its landmarks. */
#include "target/density.h"

size_t fc_target_dimension(const fc_target *target) { return target->d; }

bool fc_target_has_density(const fc_target *target) {
  for (size_t i = 0; target->kind == FC_PRODUCT && i < target->count; i++)
    if (!fc_target_has_density(target->factors[i]))
      return false;
  return target->atom_count == 0;
}

static bool some_piece_is_line(const fc_target *target) {
  for (size_t j = 0; j < target->count; j++)
    if (!target->lower[j] && !target->upper[j])
      return true;
  return false;
}

/* A half line to the left and one to the right that meet or overlap. */
static bool half_lines_meet(const fc_target *target) {
  for (size_t i = 0; i < target->count; i++)
    for (size_t j = 0; j < target->count; j++) {
      int sign = 1;
      if (target->lower[i] || target->upper[j] || !target->upper[i] ||
          !target->lower[j])
        continue;
      if (fc_target_same_constant(target->lower[j], target->upper[i]))
        return true;
      if (!fc_constant_compare(&sign, target->lower[j], target->upper[i]) &&
          sign <= 0)
        return true;
    }
  return false;
}

bool fc_target_has_full_support(const fc_target *target) {
  if (target->kind == FC_DENSITY)
    return !target->density->lower && !target->density->upper;
  if (target->kind == FC_PIECES)
    return target->tilt || some_piece_is_line(target) ||
           half_lines_meet(target);
  for (size_t i = 0; target->kind == FC_PRODUCT && i < target->count; i++)
    if (!fc_target_has_full_support(target->factors[i]))
      return false;
  return target->kind == FC_PRODUCT || target->atom_count < target->count;
}

bool fc_target_is_smooth(const fc_target *target) {
  for (size_t i = 0; target->kind == FC_PRODUCT && i < target->count; i++)
    if (!fc_target_is_smooth(target->factors[i]))
      return false;
  if (target->kind == FC_DENSITY) /* formulas are not known to be analytic */
    return false;
  if (target->kind == FC_PIECES)
    return target->count == 1 && some_piece_is_line(target) && !target->tilt;
  return target->kind == FC_PRODUCT || target->atom_count == 0;
}

bool fc_target_is_integrated(const fc_target *target) {
  for (size_t i = 0; target->kind == FC_PRODUCT && i < target->count; i++)
    if (fc_target_is_integrated(target->factors[i]))
      return true;
  return target->kind == FC_DENSITY;
}

size_t fc_target_kink_count(const fc_target *target) {
  return target->kind == FC_DENSITY ? target->density->count - 1 : 0;
}

bool fc_target_is_gaussian(const fc_target *target) {
  if (target->kind == FC_DENSITY)
    return false;
  if (target->kind == FC_PIECES)
    return target->count == 1 && some_piece_is_line(target);
  for (size_t i = 0; target->kind == FC_PRODUCT && i < target->count; i++)
    if (!fc_target_is_gaussian(target->factors[i]))
      return false;
  return target->kind == FC_PRODUCT ||
         (target->count == 1 && target->atom_count == 0);
}

bool fc_target_is_isotropic(const fc_target *target) {
  return target->kind == FC_ISOTROPIC && target->equal_spread &&
         target->atom_count == 0;
}

/* All S_k = 0: equal isotropic components with s = 0. */
static bool only_atoms(const fc_target *target) {
  return target->kind == FC_ISOTROPIC && target->atom_count == target->count;
}

size_t fc_target_isotropic_count(const fc_target *target) {
  bool equal = fc_target_is_isotropic(target) || only_atoms(target);
  return equal ? target->count : 0;
}

void fc_target_isotropic_get(fc_ptr mean, fc_ptr weight,
                             const fc_target *target, size_t k,
                             const fc_ctx *ctx) {
  fc_target_mean(mean, target, k, ctx);
  fc_target_weight(weight, target, k, ctx);
}

size_t fc_target_mixture_count(const fc_target *target) {
  bool mixture = target->kind == FC_ISOTROPIC || target->kind == FC_FULL;
  return mixture ? target->count : 0;
}

fc_status fc_target_mixture_get(fc_ptr mean, fc_ptr covariance,
                                fc_ptr log_weight, const fc_target *target,
                                size_t k, const fc_ctx *ctx) {
  fc_status status = fc_target_mean(mean, target, k, ctx);
  if (!status)
    status = fc_target_covariance(covariance, target, k, ctx);
  return status ? status : fc_target_log_weight(log_weight, target, k, ctx);
}

bool fc_target_is_discrete(const fc_target *target) {
  return only_atoms(target);
}

bool fc_target_weight_exact(mpq_ptr weight, const fc_target *target, size_t k) {
  if (fc_target_mixture_count(target) == 0)
    return false;
  if (target->weights)
    return fc_formula_get_mpq(weight, target->weights[k]);
  mpq_set_ui(weight, 1, target->count);
  return true;
}

bool fc_target_mean_exact(mpq_ptr coordinate, const fc_target *target, size_t k,
                          size_t i) {
  return fc_target_mixture_count(target) > 0 &&
         fc_formula_get_mpq(coordinate, target->means[k * target->d + i]);
}

fc_status fc_target_gaussian_get(fc_ptr mean, fc_ptr covariance,
                                 const fc_target *target, const fc_ctx *ctx) {
  if (target->kind == FC_PRODUCT || !fc_target_is_gaussian(target))
    return FC_UNSUPPORTED;
  fc_status status = fc_target_mean(mean, target, 0, ctx);
  return status ? status : fc_target_covariance(covariance, target, 0, ctx);
}

/* The only factor of a product on the line, else the target itself. */
static const fc_target *only_factor(const fc_target *target) {
  return target->kind == FC_PRODUCT && target->d == 1 ? target->factors[0]
                                                      : target;
}

size_t fc_target_term_count(const fc_target *target) {
  const fc_target *line = only_factor(target);
  return line->d == 1 && line->kind != FC_DENSITY ? line->count : 0;
}

void fc_target_term_get(fc_line_term *term, const fc_target *target, size_t k) {
  const fc_target *line = only_factor(target);
  bool pieces = line->kind == FC_PIECES;
  *term = (fc_line_term){.weight = line->weights ? line->weights[k] : NULL,
                         .mean = line->means[k],
                         .spread = line->spreads[k],
                         .spread_is_variance =
                             line->kind == FC_FULL || line->spread_is_variance,
                         .lower = pieces ? line->lower[k] : NULL,
                         .upper = pieces ? line->upper[k] : NULL};
}

size_t fc_target_factor_count(const fc_target *target) {
  return target->kind == FC_PRODUCT ? target->count : 0;
}

const fc_target *fc_target_factor(const fc_target *target, size_t i) {
  return target->factors[i];
}

/* --- landmarks --------------------------------------------------------- */

/* Breaks, modes, and a mode's scale on either side of it. */
static size_t density_landmarks(const fc_density *f) {
  size_t count = f->count - 1 + 3 * f->mode_count;
  return count + (f->lower != NULL) + (f->upper != NULL);
}

static fc_status density_landmark(fc_ptr z, const fc_density *f, size_t which,
                                  const fc_ctx *ctx) {
  if (f->lower && which-- == 0)
    return fc_constant_eval(z, f->lower, ctx);
  if (f->upper && which-- == 0)
    return fc_constant_eval(z, f->upper, ctx);
  if (which < f->count - 1)
    return fc_constant_eval(z, f->kinks[which], ctx);
  which -= f->count - 1;
  const fc_mode *mode = f->modes + which / 3;
  double at = mode->at + ((double)(which % 3) - 1) * mode->scale;
  double low = f->breaks[0], high = f->breaks[f->count];
  fc_set_d(z, at < low ? low : at > high ? high : at, ctx);
  return FC_OK;
}

static size_t factor_landmarks(const fc_target *target) {
  if (target->kind == FC_DENSITY)
    return density_landmarks(target->density);
  if (target->kind != FC_PIECES)
    return target->count;
  size_t count = 0;
  for (size_t j = 0; j < target->count; j++) {
    bool lower = target->lower[j] != NULL, upper = target->upper[j] != NULL;
    count += (size_t)lower + (size_t)upper + (size_t)(lower && upper);
    count += (size_t)(!lower && !upper);
  }
  return count;
}

/* The middle of a bounded piece. */
static fc_status middle(fc_ptr z, const fc_target *target, size_t j,
                        const fc_ctx *ctx) {
  fc_num t;
  fc_init(t, ctx);
  fc_status status = fc_constant_eval(z, target->lower[j], ctx);
  if (!status)
    status = fc_constant_eval(t, target->upper[j], ctx);
  fc_add(z, z, t, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  fc_clear(t, ctx);
  return status;
}

/* Landmark number `which` of the pieces: per piece its ends, then the middle,
 * or the mean where it has no ends. */
static fc_status piece_landmark(fc_ptr z, const fc_target *target, size_t which,
                                const fc_ctx *ctx) {
  for (size_t j = 0; j < target->count; j++) {
    bool lower = target->lower[j] != NULL, upper = target->upper[j] != NULL;
    if (lower && which-- == 0)
      return fc_constant_eval(z, target->lower[j], ctx);
    if (upper && which-- == 0)
      return fc_constant_eval(z, target->upper[j], ctx);
    if (lower && upper && which-- == 0)
      return middle(z, target, j, ctx);
    if (!lower && !upper && which-- == 0)
      return fc_constant_eval(z, target->means[j], ctx);
  }
  return FC_INTERNAL;
}

static fc_status landmark(fc_ptr z, const fc_target *target, size_t which,
                          const fc_ctx *ctx) {
  if (target->kind == FC_PIECES)
    return piece_landmark(z, target, which, ctx);
  if (target->kind == FC_DENSITY)
    return density_landmark(z, target->density, which, ctx);
  if (target->kind != FC_PRODUCT)
    return fc_target_mean(z, target, which, ctx);
  fc_status status = FC_OK;
  for (size_t i = 0; i < target->count && !status; i++) {
    const fc_target *factor = target->factors[i];
    size_t count = factor_landmarks(factor);
    status = landmark(z, factor, which % count, ctx);
    which /= count;
    z += factor->d;
  }
  return status;
}

/* The first `limit` combinations of the factors' landmarks; a target that is
 * no product is its own only factor. */
fc_status fc_target_landmarks(fc_ptr *points, size_t *count,
                              const fc_target *target, size_t limit,
                              const fc_ctx *ctx) {
  size_t all = 1;
  if (target->kind != FC_PRODUCT)
    all = factor_landmarks(target);
  for (size_t i = 0; target->kind == FC_PRODUCT && i < target->count; i++)
    if (all < limit) /* at most 2^62: count and limit stay far below */
      all *= factor_landmarks(target->factors[i]);
  if (all > limit)
    all = limit;
  if (all == 0) {
    *points = NULL;
    *count = 0;
    return FC_OK;
  }
  fc_ptr made = fc_vec_new(all * target->d, ctx);
  if (!made)
    return FC_MEMORY;
  fc_status status = FC_OK;
  for (size_t i = 0; i < all && !status; i++)
    status = landmark(made + i * target->d, target, i, ctx);
  if (status) {
    fc_vec_free(made, all * target->d, ctx);
    return status;
  }
  *points = made;
  *count = all;
  return FC_OK;
}
