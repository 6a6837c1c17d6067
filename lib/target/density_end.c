/* The end a = 0 of a density exp(-U)/Z on [lower, upper].
 *
 * Inside, between kinks, with y = x/b:
 *   M = y, C = 0, T = 0, log p = -U(y) - log Z - log b, s = -U'(y)/b,
 *   S = -U''(y)/b^2, G = -U'''(y)/b^3.
 * At a kink only M, C, T and log p have limits.  Off the support the limits are
 * those of posterior.h (see pieces_end.c for the asymptotics, which ask of the
 * density only that it be continuous and positive next to the end); on an end
 * nothing is known.
 */
#include "target/density_posterior.h"

/* Which branch y is in; false on a break, or where that is not certain. */
static bool find_branch(size_t *branch, fc_srcptr y,
                        const fc_density_level *level) {
  const fc_density *f = level->density;
  for (size_t i = 0; i < f->count; i++) {
    bool left = i == 0 && !f->lower, right = i + 1 == f->count && !f->upper;
    if ((left || fc_lt(level->breaks + i, y, level->ctx) == FC_TRUE) &&
        (right || fc_lt(y, level->breaks + i + 1, level->ctx) == FC_TRUE)) {
      *branch = i;
      return true;
    }
  }
  return false;
}

/* -1, 1: y is certainly below, above the support; else 0. */
static int side_of(fc_srcptr y, const fc_density_level *level) {
  const fc_density *f = level->density;
  if (f->lower && fc_lt(y, level->breaks, level->ctx) == FC_TRUE)
    return -1;
  if (f->upper && fc_lt(level->breaks + f->count, y, level->ctx) == FC_TRUE)
    return 1;
  return 0;
}

static void put_beyond(fc_posterior *posterior, const fc_density_level *level,
                       int side, unsigned want) {
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx;
  size_t end = side < 0 ? 0 : level->density->count;
  if (want & FC_WANT_MEAN)
    fc_convert(value->mean, ctx, level->breaks + end, level->ctx);
  if (want & FC_WANT_COVARIANCE)
    fc_set_si(value->covariance, 0, ctx);
  if (want & FC_WANT_THIRD)
    fc_set_si(value->third, 0, ctx);
  if (want & FC_WANT_LOG_DENSITY)
    fc_set_inf(value->log_density, -1, ctx);
  if (want & FC_WANT_SCORE)
    fc_set_inf(value->score, -side, ctx);
  if (want & FC_WANT_SCORE_JACOBIAN)
    fc_set_inf(value->score_jacobian, -1, ctx);
}

/* z = -U^(k)(y)/b^k. */
static fc_status put_derivative(fc_ptr z, int k, size_t branch, fc_srcptr y,
                                fc_srcptr b, const fc_density_level *level,
                                const fc_ctx *to) {
  const fc_ctx *ctx = level->ctx;
  fc_ptr t = level->room + 4, power = level->room + 5;
  fc_status status =
      fc_density_derivative(t, level->density, k, branch, y, ctx);
  fc_pow_si(power, b, k, ctx);
  fc_div(t, t, power, ctx);
  fc_neg(t, t, ctx);
  fc_convert(z, to, t, ctx);
  return status;
}

static fc_status put_log_density(fc_posterior *posterior, size_t branch,
                                 fc_srcptr y, fc_srcptr b,
                                 fc_density_level *level) {
  const fc_ctx *ctx = level->ctx;
  fc_ptr t = level->room + 4, log_b = level->room + 5;
  fc_status status = fc_density_norm(level);
  if (!status)
    status = fc_density_derivative(t, level->density, 0, branch, y, ctx);
  fc_add(t, t, level->log_norm, ctx);
  fc_log(log_b, b, ctx);
  fc_add(t, t, log_b, ctx);
  fc_neg(t, t, ctx);
  fc_convert(posterior->value.log_density, &posterior->ctx, t, ctx);
  return status;
}

/* At y inside the branch, or on the kink at its right end. */
static fc_status put_inside(fc_posterior *posterior, size_t branch, bool kink,
                            fc_srcptr y, fc_srcptr b, fc_density_level *level,
                            unsigned want) {
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *to = &posterior->ctx;
  fc_ptr const targets[] = {value->score, value->score_jacobian,
                            value->score_third};
  static const unsigned wants[] = {FC_WANT_SCORE, FC_WANT_SCORE_JACOBIAN,
                                   FC_WANT_SCORE_THIRD};
  fc_status status = FC_OK;
  if (want & FC_WANT_LOG_DENSITY)
    status = put_log_density(posterior, branch, y, b, level);
  for (int k = 0; k < 3 && !status; k++)
    if (want & wants[k] && !kink)
      status = put_derivative(targets[k], k + 1, branch, y, b, level, to);
  return status;
}

/* The kink that y is, as the branch to its left; false where it is none. */
static bool find_kink(size_t *branch, fc_srcptr y,
                      const fc_density_level *level) {
  for (size_t i = 1; i < level->density->count; i++)
    if (fc_eq(level->breaks + i, y, level->ctx) == FC_TRUE) {
      *branch = i - 1;
      return true;
    }
  return false;
}

fc_status fc_density_end(fc_posterior *posterior, fc_srcptr b, fc_srcptr x,
                         unsigned want) {
  fc_density_work *work;
  fc_status status = fc_density_get_work(&work, posterior, 1);
  if (status)
    return status;
  fc_density_level *level = work->level;
  const fc_ctx *ctx = level->ctx;
  fc_ptr y = level->room + 6, wide_b = level->room + 7;
  size_t branch = 0;
  fc_posterior_undefined(posterior, want);
  fc_convert(wide_b, ctx, b, &posterior->ctx);
  fc_convert(y, ctx, x, &posterior->ctx);
  fc_div(y, y, wide_b, ctx);
  int side = side_of(y, level);
  if (side) {
    put_beyond(posterior, level, side, want);
    return FC_OK;
  }
  bool inside = find_branch(&branch, y, level),
       kink = !inside && find_kink(&branch, y, level);
  if (!inside && !kink)
    return FC_OK;
  fc_posterior_point(posterior, b, x, want);
  status = put_inside(posterior, branch, kink, y, wide_b, level, want);
  if (status == FC_BUDGET || status == FC_DOMAIN)
    fc_set_undefined(posterior->value.log_density, &posterior->ctx);
  return status == FC_MEMORY ? status : FC_OK;
}
