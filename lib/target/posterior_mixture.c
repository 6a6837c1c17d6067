/* The posterior of any Gaussian mixture sum_k w_k N(m_k, S_k).
 *
 * With P_k = (a^2 I + b^2 S_k)^{-1} and g_k = P_k (x - b m_k), component k
 * contributes
 *   to p_t:            score -g_k,  Hessian of the log -P_k,  third cumulant 0
 *   to the posterior:  mean mu_k = m_k + b S_k g_k,  covariance a^2 S_k P_k,
 *                      third cumulant 0.
 * Both families combine by one rule (total cumulance) in the responsibilities
 * r_k: with (f_k, F_k) the first two and phi_k = f_k - f,
 *   f = sum r_k f_k,  F = sum r_k (F_k + phi_k phi_k^T),
 *   h = sum r_k (phi_k tr F_k + 2 F_k phi_k + phi_k |phi_k|^2).
 * For the posterior h = E[(X-M)|X-M|^2] and T = 2 C M + h.  For the score
 * h = G = grad tr S: grad r_k = r_k phi_k, grad f_k = F_k constant, and
 * tr S = sum r_k (tr F_k + |phi_k|^2), where grad f drops out as
 * sum r_k phi_k = 0.
 */
#include "matrix/matrix.h"
#include "target/posterior_impl.h"

#include <stdlib.h>

typedef struct mixture_state {
  size_t count, d;
  size_t square; /* numbers in P_k: 1 where isotropic, d*d otherwise */
  bool cached;   /* P, SP, log_scale belong to (a, b) */
  fc_ptr storage;
  size_t storage_count;
  fc_ptr a, b, a2, b2, sum, log_top, s, t, u, trace, norm;
  fc_ptr means;         /* count*d */
  fc_ptr log_weights;   /* count */
  fc_ptr s2;            /* count*square: S_k */
  fc_ptr p;             /* count*square: P_k */
  fc_ptr sp;            /* count*square: S_k P_k */
  fc_ptr log_scale;     /* count: log w_k - log det(a^2 I + b^2 S_k)/2 */
  fc_ptr q;             /* count: g_k . (x - b m_k)/2 */
  fc_ptr r;             /* count */
  fc_ptr g;             /* count*d: g_k */
  fc_ptr f;             /* count*d: f_k */
  fc_ptr x, phi, image; /* d: x - b m_k, phi_k, F_k phi_k */
  fc_ptr factor;        /* d*d: Cholesky factor */
} mixture_state;

static fc_ptr take(fc_ptr *next, size_t count) {
  fc_ptr start = *next;
  *next += count;
  return start;
}

static fc_status new_state(mixture_state *state, const fc_ctx *ctx) {
  size_t k = state->count, d = state->d, square = state->square;
  state->storage_count = 11 + k * (3 * d + 4 + 3 * square) + 3 * d + d * d;
  fc_ptr next = state->storage = fc_vec_new(state->storage_count, ctx);
  if (!next)
    return FC_MEMORY;
  fc_ptr *const scalars[] = {&state->a,     &state->b,   &state->a2,
                             &state->b2,    &state->sum, &state->log_top,
                             &state->s,     &state->t,   &state->u,
                             &state->trace, &state->norm};
  for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
    *scalars[i] = take(&next, 1);
  state->means = take(&next, k * d);
  state->log_weights = take(&next, k);
  state->s2 = take(&next, k * square);
  state->p = take(&next, k * square);
  state->sp = take(&next, k * square);
  state->log_scale = take(&next, k);
  state->q = take(&next, k);
  state->r = take(&next, k);
  state->g = take(&next, k * d);
  state->f = take(&next, k * d);
  state->x = take(&next, d);
  state->phi = take(&next, d);
  state->image = take(&next, d);
  state->factor = take(&next, d * d);
  return FC_OK;
}

static fc_status bind_component(mixture_state *state, const fc_target *target,
                                size_t k, const fc_ctx *ctx) {
  fc_status status =
      fc_target_mean(state->means + k * state->d, target, k, ctx);
  if (!status)
    status = fc_target_log_weight(state->log_weights + k, target, k, ctx);
  if (status)
    return status;
  return target->kind == FC_ISOTROPIC
             ? fc_target_variance(state->s2 + k, target, k, ctx)
             : fc_target_covariance(state->s2 + k * state->square, target, k,
                                    ctx);
}

static fc_status bind(fc_posterior *posterior) {
  const fc_target *target = posterior->target;
  mixture_state *state = calloc(1, sizeof *state);
  if (!state)
    return FC_MEMORY;
  posterior->state = state;
  state->count = target->count;
  state->d = target->d;
  state->square = target->kind == FC_FULL ? target->d * target->d : 1;
  fc_status status = new_state(state, &posterior->ctx);
  for (size_t k = 0; k < target->count && !status; k++)
    status = bind_component(state, target, k, &posterior->ctx);
  return status;
}

static void release(fc_posterior *posterior) {
  mixture_state *state = posterior->state;
  fc_vec_free(state->storage, state->storage_count, &posterior->ctx);
  free(state);
}

/* --- what depends on (a, b) alone -------------------------------------- */

static void scale_isotropic(mixture_state *state, size_t k, const fc_ctx *ctx) {
  fc_set(state->t, state->a2, ctx);
  fc_addmul(state->t, state->b2, state->s2 + k, ctx);
  fc_inv(state->p + k, state->t, ctx);
  fc_mul(state->sp + k, state->s2 + k, state->p + k, ctx);
  fc_log(state->t, state->t, ctx);
  fc_mul_si(state->t, state->t, (long)state->d, ctx);
  fc_mul_2exp_si(state->t, state->t, -1, ctx);
  fc_sub(state->log_scale + k, state->log_weights + k, state->t, ctx);
}

static void multiply(fc_ptr z, fc_srcptr x, fc_srcptr y, size_t d,
                     const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      fc_set_si(z + i * d + j, 0, ctx);
      for (size_t k = 0; k < d; k++)
        fc_addmul(z + i * d + j, x + i * d + k, y + k * d + j, ctx);
    }
}

static void scale_full(mixture_state *state, size_t k, const fc_ctx *ctx) {
  size_t d = state->d;
  fc_ptr l = state->factor, p = state->p + k * d * d;
  fc_srcptr s2 = state->s2 + k * d * d;
  for (size_t i = 0; i < d * d; i++) {
    fc_mul(l + i, state->b2, s2 + i, ctx);
    if (i % (d + 1) == 0)
      fc_add(l + i, l + i, state->a2, ctx);
  }
  if (fc_matrix_cholesky(l, l, d, ctx)) {
    /* Only for balls too wide to tell: nothing is known then. */
    for (size_t i = 0; i < d * d; i++)
      fc_set_undefined(p + i, ctx);
    fc_set_undefined(state->log_scale + k, ctx);
  } else {
    fc_matrix_cholesky_inverse(p, l, d, ctx);
    fc_set(state->log_scale + k, state->log_weights + k, ctx);
    for (size_t i = 0; i < d; i++) {
      fc_log(state->t, l + i * d + i, ctx);
      fc_sub(state->log_scale + k, state->log_scale + k, state->t, ctx);
    }
  }
  multiply(state->sp + k * d * d, s2, p, d, ctx);
}

/* In a series equality of the leading coefficients is not enough. */
static bool is_cached(const mixture_state *state, fc_srcptr a, fc_srcptr b,
                      const fc_ctx *ctx) {
  return state->cached && ctx->kind != FC_SERIES &&
         fc_eq(state->a, a, ctx) == FC_TRUE &&
         fc_eq(state->b, b, ctx) == FC_TRUE;
}

static void set_scales(mixture_state *state, fc_srcptr a, fc_srcptr b,
                       const fc_ctx *ctx) {
  if (is_cached(state, a, b, ctx))
    return;
  fc_set(state->a, a, ctx);
  fc_set(state->b, b, ctx);
  fc_sqr(state->a2, a, ctx);
  fc_sqr(state->b2, b, ctx);
  for (size_t k = 0; k < state->count; k++)
    if (state->square == 1)
      scale_isotropic(state, k, ctx);
    else
      scale_full(state, k, ctx);
  state->cached = true;
}

/* --- responsibilities -------------------------------------------------- */

/* z = A_k v, A = P or S P. */
static void apply(fc_ptr z, const mixture_state *state, fc_srcptr matrices,
                  size_t k, fc_srcptr v, const fc_ctx *ctx) {
  size_t d = state->d;
  for (size_t i = 0; i < d; i++) {
    if (state->square == 1) {
      fc_mul(z + i, matrices + k, v + i, ctx);
      continue;
    }
    fc_srcptr row = matrices + k * d * d + i * d;
    fc_mul(z + i, row, v, ctx);
    for (size_t j = 1; j < d; j++)
      fc_addmul(z + i, row + j, v + j, ctx);
  }
}

static void centre_at(mixture_state *state, size_t k, fc_srcptr x,
                      const fc_ctx *ctx) {
  for (size_t i = 0; i < state->d; i++) {
    fc_mul(state->t, state->b, state->means + k * state->d + i, ctx);
    fc_sub(state->x + i, x + i, state->t, ctx);
  }
}

/* Scales and quadratic forms are subtracted apart: at b = 0 the latter agree
 * to the last bit, however large they are. */
static void set_responsibilities(mixture_state *state, fc_srcptr x,
                                 const fc_ctx *ctx) {
  size_t top = 0;
  for (size_t k = 0; k < state->count; k++) {
    centre_at(state, k, x, ctx);
    fc_ptr g = state->g + k * state->d;
    apply(g, state, state->p, k, state->x, ctx);
    fc_mul(state->q + k, g, state->x, ctx);
    for (size_t i = 1; i < state->d; i++)
      fc_addmul(state->q + k, g + i, state->x + i, ctx);
    fc_mul_2exp_si(state->q + k, state->q + k, -1, ctx);
    fc_sub(state->r + k, state->log_scale + k, state->q + k, ctx);
    if (fc_cmp_mid(state->r + k, state->r + top, ctx) > 0)
      top = k;
  }
  fc_set(state->log_top, state->r + top, ctx);
  fc_set_si(state->sum, 0, ctx);
  for (size_t k = 0; k < state->count; k++) {
    fc_ptr r = state->r + k;
    fc_sub(r, state->log_scale + k, state->log_scale + top, ctx);
    fc_sub(state->t, state->q + k, state->q + top, ctx);
    fc_sub(r, r, state->t, ctx);
    if (k == top)
      fc_set_si(r, 1, ctx);
    else
      fc_exp(r, r, ctx);
    fc_add(state->sum, state->sum, r, ctx);
  }
  fc_inv(state->t, state->sum, ctx);
  for (size_t k = 0; k < state->count; k++)
    fc_mul(state->r + k, state->r + k, state->t, ctx);
}

/* --- total cumulance --------------------------------------------------- */

/* f_k of the posterior: m_k + b S_k g_k; of the score: -g_k. */
static void first_of(fc_ptr z, mixture_state *state, size_t k, bool score,
                     const fc_ctx *ctx) {
  size_t d = state->d;
  fc_srcptr g = state->g + k * d;
  for (size_t i = 0; i < d && score; i++)
    fc_neg(z + i, g + i, ctx);
  if (score)
    return;
  apply(z, state, state->s2, k, g, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_mul(z + i, z + i, state->b, ctx);
    fc_add(z + i, z + i, state->means + k * d + i, ctx);
  }
}

/* s = scale of F_k: F_k = a^2 S_k P_k or -P_k. */
static fc_srcptr second_of(mixture_state *state, bool score,
                           const fc_ctx *ctx) {
  if (score)
    fc_set_si(state->s, -1, ctx);
  else
    fc_set(state->s, state->a2, ctx);
  return score ? state->p : state->sp;
}

static void add_second(fc_ptr second, mixture_state *state, fc_srcptr matrices,
                       size_t k, const fc_ctx *ctx) {
  size_t d = state->d;
  fc_srcptr f = matrices + k * state->square;
  fc_mul(state->u, state->r + k, state->s, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_mul(state->t, state->r + k, state->phi + i, ctx);
    for (size_t j = 0; j <= i; j++) {
      fc_addmul(second + i * d + j, state->t, state->phi + j, ctx);
      if (state->square > 1)
        fc_addmul(second + i * d + j, state->u, f + i * d + j, ctx);
      else if (i == j)
        fc_addmul(second + i * d + j, state->u, f, ctx);
    }
  }
}

/* third += r_k (phi (tr F + |phi|^2) + 2 F phi). */
static void add_third(fc_ptr third, mixture_state *state, fc_srcptr matrices,
                      size_t k, const fc_ctx *ctx) {
  size_t d = state->d;
  fc_srcptr f = matrices + k * state->square;
  apply(state->image, state, matrices, k, state->phi, ctx);
  fc_set_si(state->trace, 0, ctx);
  fc_set_si(state->norm, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_add(state->trace, state->trace, state->square == 1 ? f : f + i * d + i,
           ctx);
    fc_addmul(state->norm, state->phi + i, state->phi + i, ctx);
  }
  fc_addmul(state->norm, state->trace, state->s, ctx);
  fc_mul_2exp_si(state->u, state->s, 1, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_mul(state->t, state->norm, state->phi + i, ctx);
    fc_addmul(state->t, state->u, state->image + i, ctx);
    fc_addmul(third + i, state->r + k, state->t, ctx);
  }
}

static void combine(fc_ptr first, fc_ptr second, fc_ptr third,
                    mixture_state *state, bool score, const fc_ctx *ctx) {
  size_t d = state->d;
  fc_vec_zero(first, d, ctx);
  for (size_t k = 0; k < state->count; k++) {
    first_of(state->f + k * d, state, k, score, ctx);
    for (size_t i = 0; i < d; i++)
      fc_addmul(first + i, state->r + k, state->f + k * d + i, ctx);
  }
  if (!second && !third)
    return;
  fc_srcptr matrices = second_of(state, score, ctx);
  if (second)
    fc_vec_zero(second, d * d, ctx);
  if (third)
    fc_vec_zero(third, d, ctx);
  for (size_t k = 0; k < state->count; k++) {
    for (size_t i = 0; i < d; i++)
      fc_sub(state->phi + i, state->f + k * d + i, first + i, ctx);
    if (second)
      add_second(second, state, matrices, k, ctx);
    if (third)
      add_third(third, state, matrices, k, ctx);
  }
  if (second)
    fc_mirror(second, d, ctx);
}

static void moments(fc_posterior *posterior, unsigned want) {
  mixture_state *state = posterior->state;
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx;
  bool third = want & FC_WANT_THIRD;
  bool second = third || (want & FC_WANT_COVARIANCE);
  size_t d = posterior->d;
  combine(value->mean, second ? value->covariance : NULL,
          third ? value->third : NULL, state, false, ctx);
  for (size_t i = 0; i < d && third; i++) {
    fc_set_si(state->t, 0, ctx);
    for (size_t j = 0; j < d; j++)
      fc_addmul(state->t, value->covariance + i * d + j, value->mean + j, ctx);
    fc_mul_2exp_si(state->t, state->t, 1, ctx);
    fc_add(value->third + i, value->third + i, state->t, ctx);
  }
}

/* log p = log_top + log sum - (d/2) log(2 pi). */
static void log_density(fc_ptr z, mixture_state *state, const fc_ctx *ctx) {
  fc_set_pi(state->t, ctx);
  fc_mul_2exp_si(state->t, state->t, 1, ctx);
  fc_log(state->t, state->t, ctx);
  fc_mul_si(state->t, state->t, (long)state->d, ctx);
  fc_mul_2exp_si(state->t, state->t, -1, ctx);
  fc_log(z, state->sum, ctx);
  fc_add(z, z, state->log_top, ctx);
  fc_sub(z, z, state->t, ctx);
}

/* At a = 0 with atoms among the components p has point masses: no score; the
 * posterior is the point x/b unless all are atoms. */
static void end_with_atoms(fc_posterior *posterior, fc_srcptr b, fc_srcptr x,
                           unsigned want) {
  const fc_target *target = posterior->target;
  mixture_state *state = posterior->state;
  if (target->atom_count == target->count) {
    fc_ptr const scratch[3] = {state->t, state->u, state->s};
    fc_posterior_end_of_atoms(posterior, state->means, b, x, want, scratch);
    return;
  }
  fc_posterior_undefined(posterior, want);
  fc_posterior_point(posterior, b, x, want);
}

static fc_status eval(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                      fc_srcptr x, unsigned want) {
  mixture_state *state = posterior->state;
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx;
  if (posterior->target->atom_count && fc_is_end(a, ctx)) {
    end_with_atoms(posterior, b, x, want);
    return FC_OK;
  }
  set_scales(state, a, b, ctx);
  set_responsibilities(state, x, ctx);
  if (want & FC_WANT_MOMENTS)
    moments(posterior, want);
  if (want & FC_WANT_SCORES)
    combine(value->score,
            want & FC_WANT_SCORE_JACOBIAN ? value->score_jacobian : NULL,
            want & FC_WANT_SCORE_THIRD ? value->score_third : NULL, state, true,
            ctx);
  if (want & FC_WANT_LOG_DENSITY)
    log_density(value->log_density, state, ctx);
  return FC_OK;
}

const fc_posterior_kind fc_posterior_mixture = {bind, eval, release};
