/* The posterior of sum_k w_k N(m_k, s^2 I): one s, atoms (s = 0) included.
 *
 * With P = 1/(a^2 + b^2 s^2), responsibilities r_k, m = sum r_k m_k,
 * xi_k = m_k - m:
 *   r_k ~ w_k exp(-P |x - b m_k|^2/2)
 *   M = P (a^2 m + b s^2 x)            s = -P (x - b m)
 *   C = a^2 s^2 P I + (a^2 P)^2 Q      S = -P I + (b P)^2 Q,  Q = Cov_r(m)
 *   T = 2 C M + (a^2 P)^3 q            G = (b P)^3 q,  q = sum r_k xi_k
 * |xi_k|^2 (T: Cov(X,|X|^2) = 2 C M + E[(X-M)|X-M|^2]; the Gaussian factor has
 * no third cumulant.  G = grad tr S with grad r_k = b P r_k xi_k.)
 *
 * Responsibilities relative to the largest, k*: with eta = m_k - m_k*,
 *   |x - b m_k|^2 - |x - b m_k*|^2 = -2 b eta . (x - b m_k* - b eta/2),
 * which is linear in x: |x|^2 neither cancels nor widens balls.
 */
#include "target/posterior_impl.h"

#include <math.h>
#include <stdlib.h>

typedef struct equal_state {
  double *rough;   /* count*(d+1): means and log weight in binary64 */
  double *rough_x; /* d */
  size_t count;
  size_t top; /* k* of the last evaluation */
  fc_ptr storage;
  size_t storage_count;
  fc_ptr means;       /* count*d */
  fc_ptr log_weights; /* count */
  fc_ptr r;           /* count: r_k/r_k* */
  fc_ptr s2, a2, b2, v, p, bp, a2p, half, sum, inv_sum, log_top, t, u;
  fc_ptr mean, xi, eta, third; /* d: m, xi_k, m_k - m_k*, q */
  fc_ptr spread;               /* d*d: Q */
} equal_state;

static fc_ptr take(fc_ptr *next, size_t count) {
  fc_ptr start = *next;
  *next += count;
  return start;
}

static fc_status new_state(equal_state *state, size_t d, const fc_ctx *ctx) {
  size_t k = state->count;
  state->storage_count = k * d + 2 * k + 13 + 4 * d + d * d;
  fc_ptr next = state->storage = fc_vec_new(state->storage_count, ctx);
  if (!next)
    return FC_MEMORY;
  state->means = take(&next, k * d);
  state->log_weights = take(&next, k);
  state->r = take(&next, k);
  state->s2 = take(&next, 1);
  state->a2 = take(&next, 1);
  state->b2 = take(&next, 1);
  state->v = take(&next, 1);
  state->p = take(&next, 1);
  state->bp = take(&next, 1);
  state->a2p = take(&next, 1);
  state->half = take(&next, 1);
  state->sum = take(&next, 1);
  state->inv_sum = take(&next, 1);
  state->log_top = take(&next, 1);
  state->t = take(&next, 1);
  state->u = take(&next, 1);
  state->mean = take(&next, d);
  state->xi = take(&next, d);
  state->eta = take(&next, d);
  state->third = take(&next, d);
  state->spread = take(&next, d * d);
  return FC_OK;
}

static void set_rough(equal_state *state, size_t k, size_t d,
                      const fc_ctx *ctx) {
  double *rough = state->rough + k * (d + 1);
  for (size_t i = 0; i < d; i++)
    rough[i] = fc_get_d(state->means + k * d + i, ctx);
  rough[d] = fc_get_d(state->log_weights + k, ctx);
}

static fc_status bind(fc_posterior *posterior) {
  const fc_target *target = posterior->target;
  const fc_ctx *ctx = &posterior->ctx;
  equal_state *state = calloc(1, sizeof *state);
  if (!state)
    return FC_MEMORY;
  posterior->state = state;
  state->count = target->count;
  state->rough =
      calloc(target->count * (target->d + 1) + target->d, sizeof *state->rough);
  if (!state->rough)
    return FC_MEMORY;
  state->rough_x = state->rough + target->count * (target->d + 1);
  fc_status status = new_state(state, target->d, ctx);
  if (!status)
    status = fc_target_variance(state->s2, target, 0, ctx);
  for (size_t k = 0; k < target->count && !status; k++) {
    status = fc_target_mean(state->means + k * target->d, target, k, ctx);
    if (!status)
      status = fc_target_log_weight(state->log_weights + k, target, k, ctx);
    if (!status)
      set_rough(state, k, target->d, ctx);
  }
  return status;
}

static void release(fc_posterior *posterior) {
  equal_state *state = posterior->state;
  fc_vec_free(state->storage, state->storage_count, &posterior->ctx);
  free(state->rough);
  free(state);
}

static void set_scalars(equal_state *state, fc_srcptr a, fc_srcptr b,
                        const fc_ctx *ctx) {
  fc_sqr(state->a2, a, ctx);
  fc_sqr(state->b2, b, ctx);
  fc_set(state->v, state->a2, ctx);
  fc_addmul(state->v, state->b2, state->s2, ctx);
  fc_inv(state->p, state->v, ctx);
  fc_mul(state->bp, b, state->p, ctx);
  fc_mul(state->a2p, state->a2, state->p, ctx);
}

/* z = log w_k - P |x - b m_k|^2/2. */
static void log_term(fc_ptr z, equal_state *state, size_t k, fc_srcptr b,
                     fc_srcptr x, size_t d, const fc_ctx *ctx) {
  fc_srcptr m = state->means + k * d;
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_set(state->t, x + i, ctx);
    fc_submul(state->t, b, m + i, ctx);
    fc_addmul(z, state->t, state->t, ctx);
  }
  fc_mul(z, z, state->p, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  fc_sub(z, state->log_weights + k, z, ctx);
}

static void find_top_exactly(equal_state *state, fc_srcptr b, fc_srcptr x,
                             size_t d, const fc_ctx *ctx) {
  state->top = 0;
  for (size_t k = 0; k < state->count; k++) {
    log_term(state->r + k, state, k, b, x, d, ctx);
    if (fc_cmp_mid(state->r + k, state->r + state->top, ctx) > 0)
      state->top = k;
  }
}

/* In MPFR, whose exponents do not overflow, any k* near the top will do: it is
 * looked for in binary64.  False where the numbers do not fit there. */
static bool find_top_roughly(equal_state *state, fc_srcptr b, fc_srcptr x,
                             size_t d, const fc_ctx *ctx) {
  double b_d = fc_get_d(b, ctx), p_d = fc_get_d(state->p, ctx),
         best = -INFINITY;
  for (size_t i = 0; i < d; i++)
    state->rough_x[i] = fc_get_d(x + i, ctx);
  for (size_t k = 0; k < state->count; k++) {
    const double *rough = state->rough + k * (d + 1);
    double square = 0;
    for (size_t i = 0; i < d; i++) {
      double t = state->rough_x[i] - b_d * rough[i];
      square += t * t;
    }
    double value = rough[d] - p_d * square / 2;
    if (value > best) {
      best = value;
      state->top = k;
    }
  }
  return isfinite(best);
}

static void find_top(equal_state *state, fc_srcptr b, fc_srcptr x, size_t d,
                     const fc_ctx *ctx) {
  if (ctx->kind != FC_MPFR || !find_top_roughly(state, b, x, d, ctx))
    find_top_exactly(state, b, x, d, ctx);
  log_term(state->log_top, state, state->top, b, x, d, ctx);
}

/* z = log(r_k / r_k*); xi holds x - b m_k*, half holds b/2; eta = m_k - m_k*.
 */
static void log_ratio(fc_ptr z, equal_state *state, size_t k, bool weighted,
                      size_t d, const fc_ctx *ctx) {
  fc_srcptr m = state->means + k * d, top = state->means + state->top * d;
  for (size_t i = 0; i < d; i++) {
    fc_ptr eta = state->eta + i;
    fc_sub(eta, m + i, top + i, ctx);
    fc_mul(state->u, state->half, eta, ctx);
    fc_sub(state->u, state->xi + i, state->u, ctx);
    if (i == 0)
      fc_mul(z, eta, state->u, ctx);
    else
      fc_addmul(z, eta, state->u, ctx);
  }
  fc_mul(z, z, state->bp, ctx);
  if (weighted) {
    fc_sub(state->t, state->log_weights + k, state->log_weights + state->top,
           ctx);
    fc_add(z, z, state->t, ctx);
  }
}

/* r = r_k/r_k*, sum = their sum, inv_sum = 1/sum = r_k*, log_top = log of the
 * largest term before the Gaussian's constant, and the mean of the m_k as m_k*
 * + sum r_k (m_k - m_k*), exact where the means agree. */
static void set_responsibilities(equal_state *state, fc_srcptr b, fc_srcptr x,
                                 bool weighted, size_t d, const fc_ctx *ctx) {
  find_top(state, b, x, d, ctx);
  fc_srcptr top = state->means + state->top * d;
  for (size_t i = 0; i < d; i++) {
    fc_mul(state->t, b, top + i, ctx);
    fc_sub(state->xi + i, x + i, state->t, ctx);
  }
  fc_mul_2exp_si(state->half, b, -1, ctx);
  fc_vec_zero(state->mean, d, ctx);
  fc_set_si(state->sum, 1, ctx);
  fc_set_si(state->r + state->top, 1, ctx);
  for (size_t k = 0; k < state->count; k++) {
    fc_ptr r = state->r + k;
    if (k == state->top)
      continue;
    log_ratio(r, state, k, weighted, d, ctx);
    fc_exp(r, r, ctx);
    fc_add(state->sum, state->sum, r, ctx);
    for (size_t i = 0; i < d; i++)
      fc_addmul(state->mean + i, r, state->eta + i, ctx);
  }
  fc_inv(state->inv_sum, state->sum, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_mul(state->mean + i, state->mean + i, state->inv_sum, ctx);
    fc_add(state->mean + i, state->mean + i, top + i, ctx);
  }
}

/* xi = m_k - m; Q += r xi xi^T (lower triangle), q += r xi |xi|^2,
 * r still relative to r_k*. */
static void add_central(equal_state *state, size_t k, bool third, size_t d,
                        const fc_ctx *ctx) {
  fc_ptr xi = state->xi;
  for (size_t i = 0; i < d; i++)
    fc_sub(xi + i, state->means + k * d + i, state->mean + i, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_mul(state->t, state->r + k, xi + i, ctx);
    for (size_t j = 0; j <= i; j++)
      fc_addmul(state->spread + i * d + j, state->t, xi + j, ctx);
  }
  if (!third)
    return;
  fc_set_si(state->t, 0, ctx);
  for (size_t i = 0; i < d; i++)
    fc_addmul(state->t, xi + i, xi + i, ctx);
  fc_mul(state->t, state->t, state->r + k, ctx);
  for (size_t i = 0; i < d; i++)
    fc_addmul(state->third + i, state->t, xi + i, ctx);
}

static void set_central(equal_state *state, bool third, size_t d,
                        const fc_ctx *ctx) {
  fc_vec_zero(state->spread, d * d, ctx);
  fc_vec_zero(state->third, d, ctx);
  for (size_t k = 0; k < state->count && state->count > 1; k++)
    add_central(state, k, third, d, ctx);
  for (size_t i = 0; i < d; i++) {
    for (size_t j = 0; j <= i; j++)
      fc_mul(state->spread + i * d + j, state->spread + i * d + j,
             state->inv_sum, ctx);
    fc_mul(state->third + i, state->third + i, state->inv_sum, ctx);
  }
}

/* z = t I + u Q. */
static void affine_spread(fc_ptr z, equal_state *state, size_t d,
                          const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++) {
    for (size_t j = 0; j <= i; j++)
      fc_mul(z + i * d + j, state->u, state->spread + i * d + j, ctx);
    fc_add(z + i * d + i, z + i * d + i, state->t, ctx);
  }
  fc_mirror(z, d, ctx);
}

/* z = c^3 q; overwrites t. */
static void cubed(fc_ptr z, equal_state *state, fc_srcptr c, size_t d,
                  const fc_ctx *ctx) {
  fc_sqr(state->t, c, ctx);
  fc_mul(state->t, state->t, c, ctx);
  for (size_t i = 0; i < d; i++)
    fc_mul(z + i, state->t, state->third + i, ctx);
}

static void moments(fc_posterior *posterior, fc_srcptr b, fc_srcptr x,
                    unsigned want) {
  equal_state *state = posterior->state;
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx;
  size_t d = posterior->d;
  fc_mul(state->u, b, state->s2, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_mul(state->t, state->a2, state->mean + i, ctx);
    fc_addmul(state->t, state->u, x + i, ctx);
    fc_mul(value->mean + i, state->t, state->p, ctx);
  }
  if (!(want & (FC_WANT_COVARIANCE | FC_WANT_THIRD)))
    return;
  fc_mul(state->t, state->a2p, state->s2, ctx);
  fc_sqr(state->u, state->a2p, ctx);
  affine_spread(value->covariance, state, d, ctx);
  if (!(want & FC_WANT_THIRD))
    return;
  cubed(value->third, state, state->a2p, d, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_set_si(state->t, 0, ctx);
    for (size_t j = 0; j < d; j++)
      fc_addmul(state->t, value->covariance + i * d + j, value->mean + j, ctx);
    fc_mul_2exp_si(state->t, state->t, 1, ctx);
    fc_add(value->third + i, value->third + i, state->t, ctx);
  }
}

static void scores(fc_posterior *posterior, fc_srcptr b, fc_srcptr x,
                   unsigned want) {
  equal_state *state = posterior->state;
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx;
  size_t d = posterior->d;
  for (size_t i = 0; i < d; i++) {
    fc_mul(state->t, b, state->mean + i, ctx);
    fc_sub(state->t, state->t, x + i, ctx);
    fc_mul(value->score + i, state->t, state->p, ctx);
  }
  if (want & FC_WANT_SCORE_JACOBIAN) {
    fc_neg(state->t, state->p, ctx);
    fc_sqr(state->u, state->bp, ctx);
    affine_spread(value->score_jacobian, state, d, ctx);
  }
  if (want & FC_WANT_SCORE_THIRD)
    cubed(value->score_third, state, state->bp, d, ctx);
}

/* log p = log_top + log sum - (d/2) log(2 pi (a^2 + b^2 s^2)). */
static void log_density(fc_ptr z, equal_state *state, size_t d,
                        const fc_ctx *ctx) {
  fc_set_pi(state->t, ctx);
  fc_mul(state->t, state->t, state->v, ctx);
  fc_mul_2exp_si(state->t, state->t, 1, ctx);
  fc_log(state->t, state->t, ctx);
  fc_mul_si(state->t, state->t, (long)d, ctx);
  fc_mul_2exp_si(state->t, state->t, -1, ctx);
  fc_log(z, state->sum, ctx);
  fc_add(z, z, state->log_top, ctx);
  fc_sub(z, z, state->t, ctx);
}

static fc_status eval(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                      fc_srcptr x, unsigned want) {
  const fc_target *target = posterior->target;
  const fc_ctx *ctx = &posterior->ctx;
  equal_state *state = posterior->state;
  size_t d = posterior->d;
  if (target->atom_count && fc_is_end(a, ctx)) {
    fc_ptr const scratch[3] = {state->t, state->u, state->v};
    fc_posterior_end_of_atoms(posterior, state->means, b, x, want, scratch);
    return FC_OK;
  }
  set_scalars(state, a, b, ctx);
  set_responsibilities(state, b, x, target->weights != NULL, d, ctx);
  if (want & ~(unsigned)(FC_WANT_MEAN | FC_WANT_SCORE | FC_WANT_LOG_DENSITY))
    set_central(state, want & (FC_WANT_THIRD | FC_WANT_SCORE_THIRD), d, ctx);
  if (want & FC_WANT_MOMENTS)
    moments(posterior, b, x, want);
  if (want & FC_WANT_SCORES)
    scores(posterior, b, x, want);
  if (want & FC_WANT_LOG_DENSITY)
    log_density(posterior->value.log_density, state, d, ctx);
  return FC_OK;
}

const fc_posterior_kind fc_posterior_equal = {bind, eval, release};
