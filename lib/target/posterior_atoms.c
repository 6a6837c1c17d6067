/* The end a = 0 of atoms sum_k w_k delta_{m_k}.
 *
 * The posterior settles on the atom p nearest to x/b.  With delta = x - b p and
 * up to terms of the order exp(-c/a^2), c > 0, as a -> 0
 *   M = p, C = 0, T = 0, s = -delta/a^2, S = -I/a^2, G = 0,
 *   log p_t(x) = log w_p - |delta|^2/(2 a^2) - (d/2) log(2 pi a^2) ->
 * -infinity. Where delta_i = 0 at the end itself, the motion of b decides: s_i
 * -> 0 where p_i = 0, and is not known otherwise; delta = 0 leaves log p
 * unknown, too.
 */
#include "target/posterior_impl.h"

/* z = |x - b m|^2. */
static void distance2(fc_ptr z, fc_ptr t, fc_srcptr m, fc_srcptr b, fc_srcptr x,
                      size_t d, const fc_ctx *ctx) {
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_set(t, x + i, ctx);
    fc_submul(t, b, m + i, ctx);
    fc_addmul(z, t, t, ctx);
  }
}

static bool same_point(fc_srcptr m, fc_srcptr n, size_t d, const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++)
    if (fc_eq(m + i, n + i, ctx) != FC_TRUE)
      return false;
  return true;
}

/* The atom nearest to x/b, or count where more than one may be; *off: no atom
 * is at x/b, for certain. */
static size_t nearest(bool *off, fc_srcptr means, size_t count, fc_srcptr b,
                      fc_srcptr x, size_t d, fc_ptr const *scratch,
                      const fc_ctx *ctx) {
  fc_ptr least = scratch[0], z = scratch[1], t = scratch[2];
  size_t best = 0;
  *off = true;
  for (size_t k = 0; k < count; k++) {
    distance2(z, t, means + k * d, b, x, d, ctx);
    *off = *off && fc_is_positive(z, ctx) == FC_TRUE;
    if (k > 0 && fc_cmp_mid(z, least, ctx) >= 0)
      continue;
    fc_set(least, z, ctx);
    best = k;
  }
  for (size_t k = 0; k < count; k++) {
    distance2(z, t, means + k * d, b, x, d, ctx);
    if (!same_point(means + k * d, means + best * d, d, ctx) &&
        fc_lt(least, z, ctx) != FC_TRUE)
      return count;
  }
  return best;
}

/* s_i; t is scratch. */
static void set_score(fc_ptr s, fc_ptr t, fc_srcptr p, fc_srcptr b, fc_srcptr x,
                      const fc_ctx *ctx) {
  fc_mul(t, b, p, ctx);
  fc_sub(t, t, x, ctx);
  if (fc_is_positive(t, ctx) == FC_TRUE)
    fc_set_inf(s, 1, ctx);
  else if (fc_is_negative(t, ctx) == FC_TRUE)
    fc_set_inf(s, -1, ctx);
  else if (fc_is_zero(t, ctx) == FC_TRUE && fc_is_zero(p, ctx) == FC_TRUE)
    fc_set_si(s, 0, ctx);
  else
    fc_set_undefined(s, ctx);
}

void fc_posterior_end_of_atoms(fc_posterior *posterior, fc_srcptr means,
                               fc_srcptr b, fc_srcptr x, unsigned want,
                               fc_ptr const *scratch) {
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx;
  size_t d = posterior->d, count = posterior->target->count;
  bool off;
  size_t k = nearest(&off, means, count, b, x, d, scratch, ctx);
  fc_posterior_undefined(posterior, want);
  if (off && (want & FC_WANT_LOG_DENSITY))
    fc_set_inf(value->log_density, -1, ctx);
  if (k == count)
    return;
  fc_srcptr p = means + k * d;
  if (want & FC_WANT_MEAN)
    fc_vec_set(value->mean, p, d, ctx);
  if (want & FC_WANT_COVARIANCE)
    fc_vec_zero(value->covariance, d * d, ctx);
  if (want & FC_WANT_THIRD)
    fc_vec_zero(value->third, d, ctx);
  for (size_t i = 0; i < d && (want & FC_WANT_SCORE); i++)
    set_score(value->score + i, scratch[0], p + i, b, x + i, ctx);
  if (want & FC_WANT_SCORE_JACOBIAN)
    fc_vec_zero(value->score_jacobian, d * d, ctx);
  for (size_t i = 0; i < d && (want & FC_WANT_SCORE_JACOBIAN); i++)
    fc_set_inf(value->score_jacobian + i * (d + 1), -1, ctx);
  if (want & FC_WANT_SCORE_THIRD)
    fc_vec_zero(value->score_third, d, ctx);
}
