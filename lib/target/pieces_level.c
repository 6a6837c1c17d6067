/* Pieces at one working precision.
 *
 * Piece: density exp(-rho (y-m)^2/2)/Z_0 on [lo, hi], rho = 1/s^2 or 0.  With
 *   D = b^2 + rho a^2, tau = a/sqrt D, mu = (b x + rho a^2 m)/D,
 *   A = (lo - mu)/tau, B = (hi - mu)/tau, Z = Phi(B) - Phi(A),
 * the posterior is N(mu, tau^2) on [lo, hi] and
 *   p(x) = Z exp(-rho (x - b m)^2/(2D))/(Z_0 sqrt D).
 * d/dx moves both ends left by e = b/(a sqrt D), so with k_i of truncated.h
 *   s = -rho (x - b m)/D + e k1,  S = -rho/D + e^2 k2,  G = e^3 k3,
 *   M = mu + tau k1,  C = tau^2 (1 + k2),  third cumulant tau^3 k3.
 * Where the ends are close compared with tau (also b = 0 with rho = 0), with
 * y = c + h z, z in [-1, 1]:
 *   alpha = h (b (x - b c)/a^2 + rho (m - c)),  beta = h^2 D/a^2,
 *   p(x) = h I_0 exp(-(x - b c)^2/(2 a^2) - rho (c - m)^2/2)
 *          /(Z_0 sqrt(2 pi) a),
 *   s = (b (M - c) - (x - b c))/a^2,  S = (b^2 C/a^2 - 1)/a^2,
 *   G = (b/a^2)^3 (third cumulant).
 */
#include "target/pieces_level.h"

#include <math.h>
#include <stdlib.h>

static fc_status init_base(fc_ctx *base, const fc_ctx *like, long precision) {
  if (like->kind == FC_ARB)
    return fc_ctx_init_arb(base, precision, NULL);
  if (like->kind == FC_ACB)
    return fc_ctx_init_acb(base, precision, NULL);
  fc_ctx_init_mpfr(base, precision);
  return FC_OK;
}

#define FC_PIECE_NUMBERS 14
#define FC_LEVEL_NUMBERS 20

static void take(fc_ptr *number, fc_ptr *next) { *number = (*next)++; }

static void take_each(fc_ptr *numbers, size_t count, fc_ptr *next) {
  for (size_t i = 0; i < count; i++)
    take(numbers + i, next);
}

static void lay_out_piece(fc_piece_terms *p, fc_ptr *next) {
  take(&p->lower, next);
  take(&p->upper, next);
  take(&p->centre, next);
  take(&p->half, next);
  take(&p->mean, next);
  take(&p->rho, next);
  take(&p->log_norm, next);
  take(&p->log_r, next);
  take_each(p->moment, 3, next);
  take_each(p->score, 3, next);
}

static fc_status new_storage(fc_pieces_level *level) {
  level->storage_count = FC_LEVEL_NUMBERS + level->count * FC_PIECE_NUMBERS;
  fc_ptr next = level->storage = fc_vec_new(level->storage_count, &level->ctx);
  if (!next)
    return FC_MEMORY;
  take(&level->a, &next);
  take(&level->b, &next);
  take(&level->x, &next);
  take(&level->a2, &next);
  take(&level->b2, &next);
  take_each(level->scratch, 8, &next);
  take_each(level->moment, 3, &next);
  take_each(level->score, 3, &next);
  take(&level->log_density, &next);
  for (size_t j = 0; j < level->count; j++)
    lay_out_piece(level->pieces + j, &next);
  return FC_OK;
}

void fc_pieces_level_free(fc_pieces_level *level) {
  if (!level)
    return;
  fc_vec_free(level->storage, level->storage_count, &level->ctx);
  fc_truncated_clear(&level->law);
  free(level->pieces);
  free(level);
}

/* log of the integral of exp(-rho (y-m)^2/2) over [lo, hi], rho > 0. */
static void log_restricted(fc_ptr z, fc_pieces_level *level,
                           const fc_piece_terms *p) {
  const fc_ctx *ctx = &level->ctx;
  fc_ptr root = level->scratch[0], lower = level->scratch[1],
         upper = level->scratch[2];
  fc_sqrt(root, p->rho, ctx);
  if (p->has_lower) {
    fc_sub(lower, p->lower, p->mean, ctx);
    fc_mul(lower, lower, root, ctx);
  }
  if (p->has_upper) {
    fc_sub(upper, p->upper, p->mean, ctx);
    fc_mul(upper, upper, root, ctx);
  }
  fc_truncated_normal(&level->law, p->has_lower ? lower : NULL,
                      p->has_upper ? upper : NULL);
  fc_set_pi(z, ctx);
  fc_mul_2exp_si(z, z, 1, ctx);
  fc_div(z, z, p->rho, ctx);
  fc_log(z, z, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  fc_add(z, z, level->law.log_mass, ctx);
}

/* The same where the ends are close: log(h I_0) - rho (c-m)^2/2. */
static void log_restricted_narrow(fc_ptr z, fc_pieces_level *level,
                                  const fc_piece_terms *p, fc_srcptr alpha,
                                  fc_srcptr beta) {
  const fc_ctx *ctx = &level->ctx;
  fc_ptr t = level->scratch[4];
  fc_truncated_narrow(&level->law, alpha, beta);
  fc_log(z, p->half, ctx);
  fc_add(z, z, level->law.log_mass, ctx);
  fc_sub(t, p->centre, p->mean, ctx);
  fc_sqr(t, t, ctx);
  fc_mul(t, t, p->rho, ctx);
  fc_mul_2exp_si(t, t, -1, ctx);
  fc_sub(z, z, t, ctx);
}

static bool is_narrow(const fc_piece_terms *p, fc_srcptr alpha, fc_srcptr beta,
                      const fc_ctx *ctx) {
  return p->has_lower && p->has_upper &&
         fabs(fc_get_d(alpha, ctx)) <= FC_NARROW_LIMIT &&
         fabs(fc_get_d(beta, ctx)) <= FC_NARROW_LIMIT;
}

/* log_norm holds the weight on entry. */
static void set_norm(fc_pieces_level *level, fc_piece_terms *p) {
  const fc_ctx *ctx = &level->ctx;
  fc_ptr z = level->scratch[7], alpha = level->scratch[5],
         beta = level->scratch[6];
  fc_log(p->log_norm, p->log_norm, ctx);
  if (p->uniform) {
    fc_mul_2exp_si(z, p->half, 1, ctx);
    fc_log(z, z, ctx);
  } else {
    fc_sub(alpha, p->mean, p->centre, ctx);
    fc_mul(alpha, alpha, p->half, ctx);
    fc_mul(alpha, alpha, p->rho, ctx);
    fc_sqr(beta, p->half, ctx);
    fc_mul(beta, beta, p->rho, ctx);
    if (is_narrow(p, alpha, beta, ctx))
      log_restricted_narrow(z, level, p, alpha, beta);
    else
      log_restricted(z, level, p);
  }
  fc_sub(p->log_norm, p->log_norm, z, ctx);
}

static fc_status set_piece(fc_pieces_level *level, fc_piece_terms *p,
                           const fc_target *target, size_t j) {
  const fc_ctx *ctx = &level->ctx, *base = &level->base;
  fc_num t;
  fc_init(t, base);
  const struct {
    const fc_formula *from;
    fc_ptr to;
  } constants[] = {{target->weights[j], p->log_norm},
                   {target->means[j], p->mean},
                   {target->spreads[j], p->rho},
                   {target->lower[j], p->lower},
                   {target->upper[j], p->upper}};
  fc_status status = FC_OK;
  for (size_t i = 0; i < 5 && !status; i++)
    if (constants[i].from) {
      status = fc_constant_eval(t, constants[i].from, base);
      fc_convert(constants[i].to, ctx, t, base);
    }
  fc_clear(t, base);
  p->uniform = !target->spreads[j];
  p->has_lower = target->lower[j] != NULL;
  p->has_upper = target->upper[j] != NULL;
  if (!p->uniform) {
    fc_sqr(p->rho, p->rho, ctx);
    fc_inv(p->rho, p->rho, ctx);
  }
  if (p->has_lower && p->has_upper) {
    fc_add(p->centre, p->upper, p->lower, ctx);
    fc_mul_2exp_si(p->centre, p->centre, -1, ctx);
    fc_sub(p->half, p->upper, p->lower, ctx);
    fc_mul_2exp_si(p->half, p->half, -1, ctx);
  }
  if (!status)
    set_norm(level, p);
  return status;
}

fc_status fc_pieces_level_new(fc_pieces_level **level, const fc_target *target,
                              const fc_ctx *ctx, long precision) {
  fc_pieces_level *made = calloc(1, sizeof *made);
  if (!made)
    return FC_MEMORY;
  made->count = target->count;
  made->pieces = calloc(target->count, sizeof *made->pieces);
  bool series = ctx->kind == FC_SERIES;
  fc_status status =
      init_base(&made->base, series ? ctx->base : ctx, precision);
  if (!made->pieces)
    status = FC_MEMORY;
  if (status) {
    free(made->pieces);
    free(made);
    return status;
  }
  made->ctx = made->base;
  if (series)
    fc_ctx_init_series(&made->ctx, &made->base, ctx->length);
  fc_truncated_init(&made->law, &made->ctx);
  status = new_storage(made);
  for (size_t j = 0; j < made->count && !status; j++)
    status = set_piece(made, made->pieces + j, target, j);
  if (status)
    fc_pieces_level_free(made);
  else
    *level = made;
  return status;
}

/* --- one piece --------------------------------------------------------- */

/* The first three: scaled by u, u^2, u^3. */
static void scale_cumulants(fc_ptr const *z, fc_srcptr first, fc_srcptr second,
                            fc_srcptr third, fc_srcptr u, fc_ptr t,
                            const fc_ctx *ctx) {
  fc_mul(z[0], u, first, ctx);
  fc_sqr(t, u, ctx);
  fc_mul(z[1], t, second, ctx);
  fc_mul(t, t, u, ctx);
  fc_mul(z[2], t, third, ctx);
}

/* scratch[5], [6] = alpha, beta; scratch[7] = D. */
static void set_narrow_parameters(fc_pieces_level *level,
                                  const fc_piece_terms *p) {
  const fc_ctx *ctx = &level->ctx;
  fc_ptr alpha = level->scratch[5], beta = level->scratch[6],
         d = level->scratch[7], t = level->scratch[0];
  fc_set(d, level->b2, ctx);
  fc_addmul(d, p->rho, level->a2, ctx);
  fc_set(alpha, level->x, ctx);
  fc_submul(alpha, level->b, p->centre, ctx);
  fc_mul(alpha, alpha, level->b, ctx);
  fc_div(alpha, alpha, level->a2, ctx);
  fc_sub(t, p->mean, p->centre, ctx);
  fc_addmul(alpha, p->rho, t, ctx);
  fc_mul(alpha, alpha, p->half, ctx);
  fc_sqr(beta, p->half, ctx);
  fc_mul(beta, beta, d, ctx);
  fc_div(beta, beta, level->a2, ctx);
}

static void eval_narrow(fc_pieces_level *level, fc_piece_terms *p) {
  const fc_ctx *ctx = &level->ctx;
  const fc_truncated *law = &level->law;
  fc_ptr t = level->scratch[0], offset = level->scratch[1],
         u = level->scratch[2];
  log_restricted_narrow(p->log_r, level, p, level->scratch[5],
                        level->scratch[6]);
  fc_set(offset, level->x, ctx);
  fc_submul(offset, level->b, p->centre, ctx);
  scale_cumulants(p->moment, law->first, law->second, law->third, p->half, t,
                  ctx);
  fc_div(u, level->b, level->a2, ctx);
  scale_cumulants(p->score, p->moment[0], p->moment[1], p->moment[2], u, t,
                  ctx);
  fc_add(p->moment[0], p->moment[0], p->centre, ctx);
  fc_div(t, offset, level->a2, ctx);
  fc_sub(p->score[0], p->score[0], t, ctx);
  fc_inv(u, level->a2, ctx);
  fc_sub(p->score[1], p->score[1], u, ctx);
  /* log p, with (x - b c)^2/a^2 and log(2 pi a^2) */
  fc_mul(t, t, offset, ctx);
  fc_set_pi(u, ctx);
  fc_mul(u, u, level->a2, ctx);
  fc_mul_2exp_si(u, u, 1, ctx);
  fc_log(u, u, ctx);
  fc_add(t, t, u, ctx);
  fc_mul_2exp_si(t, t, -1, ctx);
  fc_sub(p->log_r, p->log_r, t, ctx);
  fc_add(p->log_r, p->log_r, p->log_norm, ctx);
}

/* z = (end - mu)/tau = (b (b end - x) + rho a^2 (end - m))/(a sqrt D). */
static void standard_end(fc_ptr z, fc_pieces_level *level,
                         const fc_piece_terms *p, fc_srcptr end,
                         fc_srcptr inv_a_root_d) {
  const fc_ctx *ctx = &level->ctx;
  fc_ptr t = level->scratch[0];
  fc_mul(z, level->b, end, ctx);
  fc_sub(z, z, level->x, ctx);
  fc_mul(z, z, level->b, ctx);
  fc_sub(t, end, p->mean, ctx);
  fc_mul(t, t, p->rho, ctx);
  fc_addmul(z, t, level->a2, ctx);
  fc_mul(z, z, inv_a_root_d, ctx);
}

/* At a = 0 inside the support the ends are infinitely far away. */
static void eval_law(fc_pieces_level *level, const fc_piece_terms *p,
                     bool inside, fc_srcptr inv_a_root_d) {
  fc_ptr lower = level->scratch[3], upper = level->scratch[4];
  bool has_lower = p->has_lower && !inside, has_upper = p->has_upper && !inside;
  if (has_lower)
    standard_end(lower, level, p, p->lower, inv_a_root_d);
  if (has_upper)
    standard_end(upper, level, p, p->upper, inv_a_root_d);
  fc_truncated_normal(&level->law, has_lower ? lower : NULL,
                      has_upper ? upper : NULL);
}

static void eval_wide_moments(fc_pieces_level *level, fc_piece_terms *p) {
  const fc_ctx *ctx = &level->ctx;
  fc_truncated *law = &level->law;
  fc_ptr t = level->scratch[0], d = level->scratch[7], tau = level->scratch[1];
  fc_sqrt(tau, d, ctx);
  fc_div(tau, level->a, tau, ctx);
  fc_add_si(level->scratch[2], law->second, 1, ctx);
  scale_cumulants(p->moment, law->first, level->scratch[2], law->third, tau, t,
                  ctx);
  fc_mul(t, p->rho, p->mean, ctx); /* mu */
  fc_mul(t, t, level->a2, ctx);
  fc_addmul(t, level->b, level->x, ctx);
  fc_div(t, t, d, ctx);
  fc_add(p->moment[0], p->moment[0], t, ctx);
}

static void eval_wide(fc_pieces_level *level, fc_piece_terms *p, bool inside) {
  const fc_ctx *ctx = &level->ctx;
  fc_truncated *law = &level->law;
  fc_ptr t = level->scratch[0], u = level->scratch[1], e = level->scratch[2],
         d = level->scratch[7];
  fc_set_si(e, 0, ctx);
  if (!inside) {
    fc_sqrt(e, d, ctx);
    fc_mul(e, e, level->a, ctx);
    fc_inv(e, e, ctx);
  }
  eval_law(level, p, inside, e);
  fc_mul(e, e, level->b, ctx);
  scale_cumulants(p->score, law->first, law->second, law->third, e, t, ctx);
  /* t = x - b m, u = rho/D */
  fc_set(t, level->x, ctx);
  fc_submul(t, level->b, p->mean, ctx);
  fc_div(u, p->rho, d, ctx);
  fc_submul(p->score[0], u, t, ctx);
  fc_sub(p->score[1], p->score[1], u, ctx);
  /* log p = log norm + log Z - (u t^2 + log D)/2 */
  fc_sqr(t, t, ctx);
  fc_mul(t, t, u, ctx);
  fc_log(u, d, ctx);
  fc_add(t, t, u, ctx);
  fc_mul_2exp_si(t, t, -1, ctx);
  fc_add(p->log_r, p->log_norm, law->log_mass, ctx);
  fc_sub(p->log_r, p->log_r, t, ctx);
  eval_wide_moments(level, p);
}

/* Where x stands at a = 0: inside (true, live), outside (true, not live) the
 * support of p, or neither for certain (false). */
static bool locate(fc_pieces_level *level, fc_piece_terms *p) {
  const fc_ctx *ctx = &level->ctx;
  fc_ptr lower = level->scratch[0], upper = level->scratch[1];
  fc_mul(lower, level->b, p->lower, ctx);
  fc_mul(upper, level->b, p->upper, ctx);
  fc_truth above = p->has_lower ? fc_lt(lower, level->x, ctx) : FC_TRUE;
  fc_truth below = p->has_upper ? fc_lt(level->x, upper, ctx) : FC_TRUE;
  p->live = above == FC_TRUE && below == FC_TRUE;
  bool outside = (p->has_lower && fc_lt(level->x, lower, ctx) == FC_TRUE) ||
                 (p->has_upper && fc_lt(upper, level->x, ctx) == FC_TRUE);
  return p->live || outside;
}

static bool eval_piece(fc_pieces_level *level, fc_piece_terms *p) {
  set_narrow_parameters(level, p);
  p->live = true;
  if (is_narrow(p, level->scratch[5], level->scratch[6], &level->ctx)) {
    eval_narrow(level, p);
    return true;
  }
  bool end = fc_is_zero(level->a, &level->ctx) == FC_TRUE;
  if (end && !locate(level, p))
    return false;
  if (p->live)
    eval_wide(level, p, end);
  return true;
}

/* --- all pieces -------------------------------------------------------- */

/* Responsibilities by log-sum-exp, and log p. */
static bool set_responsibilities(fc_pieces_level *level) {
  const fc_ctx *ctx = &level->ctx;
  fc_ptr top = level->scratch[0], sum = level->scratch[1],
         inverse = level->scratch[2];
  bool any = false;
  for (size_t j = 0; j < level->count; j++) {
    fc_piece_terms *p = level->pieces + j;
    if (p->live && (!any || fc_cmp_mid(p->log_r, top, ctx) > 0))
      fc_set(top, p->log_r, ctx);
    any |= p->live;
  }
  fc_set_si(sum, 0, ctx);
  for (size_t j = 0; j < level->count; j++) {
    fc_piece_terms *p = level->pieces + j;
    if (!p->live)
      continue;
    fc_sub(p->log_r, p->log_r, top, ctx);
    fc_exp(p->log_r, p->log_r, ctx);
    fc_add(sum, sum, p->log_r, ctx);
  }
  fc_inv(inverse, sum, ctx);
  for (size_t j = 0; j < level->count; j++) {
    fc_piece_terms *p = level->pieces + j;
    if (p->live)
      fc_mul(p->log_r, p->log_r, inverse, ctx);
  }
  fc_log(level->log_density, sum, ctx);
  fc_add(level->log_density, level->log_density, top, ctx);
  return any;
}

/* Total cumulance on the line, as in posterior_mixture.c:
 * f = sum r f_j, F = sum r (F_j + phi^2), h = sum r (h_j + 3 F_j phi + phi^3).
 */
static void combine(fc_ptr const *total, fc_pieces_level *level, bool score) {
  const fc_ctx *ctx = &level->ctx;
  fc_ptr phi = level->scratch[0], t = level->scratch[1], u = level->scratch[2];
  for (int i = 0; i < 3; i++)
    fc_set_si(total[i], 0, ctx);
  for (size_t j = 0; j < level->count; j++) {
    fc_piece_terms *p = level->pieces + j;
    if (p->live)
      fc_addmul(total[0], p->log_r, score ? p->score[0] : p->moment[0], ctx);
  }
  for (size_t j = 0; j < level->count; j++) {
    fc_piece_terms *p = level->pieces + j;
    fc_ptr *own = score ? p->score : p->moment;
    if (!p->live)
      continue;
    fc_sub(phi, own[0], total[0], ctx);
    fc_sqr(t, phi, ctx);
    fc_add(u, own[1], t, ctx);
    fc_addmul(total[1], p->log_r, u, ctx);
    fc_mul_si(u, own[1], 3, ctx);
    fc_add(u, u, t, ctx);
    fc_mul(u, u, phi, ctx);
    fc_add(u, u, own[2], ctx);
    fc_addmul(total[2], p->log_r, u, ctx);
  }
}

fc_status fc_pieces_level_eval(fc_pieces_level *level) {
  const fc_ctx *ctx = &level->ctx;
  fc_sqr(level->a2, level->a, ctx);
  fc_sqr(level->b2, level->b, ctx);
  for (size_t j = 0; j < level->count; j++)
    if (!eval_piece(level, level->pieces + j))
      return FC_DOMAIN;
  if (!set_responsibilities(level))
    return FC_DOMAIN;
  combine(level->moment, level, false);
  combine(level->score, level, true);
  return FC_OK;
}
