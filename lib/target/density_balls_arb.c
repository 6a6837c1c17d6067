/* The posterior of a density exp(-U) in real balls.
 *
 * With offsets y = origin + 2^scale s and sums S_k of s^k against the weights,
 *   M = origin + 2^scale S_1/S_0 and so on by cumulants, and
 *   s = (b M - x)/a^2, S = (b^2 C/a^2 - 1)/a^2, G = b^3 K_3/a^6,
 * which lose digits where b/a is large: escalate() adds bits until the numbers
 * are as good as asked for, or the arguments allow no more.
 */
#include <math.h>
#include <stdlib.h>

#include "arith/arb_compat.h"
#include "target/density_balls.h"

enum {
  SLACK_BITS = 6, /* results may be worse than the precision by this */
  MOST_FAILURES = 1,
  LEAST_GAIN = 12 /* of a further level, in bits */
};

static fc_status bind(fc_posterior *posterior) {
  posterior->state = calloc(1, sizeof(fc_density_balls));
  return posterior->state ? FC_OK : FC_MEMORY;
}

static void release(fc_posterior *posterior) {
  fc_density_balls *state = posterior->state;
  for (int i = 0; i < FC_BALL_LEVELS; i++)
    fc_ball_level_free(state->level[i]);
  free(state);
}

fc_status fc_density_balls_level(fc_ball_level **level, fc_posterior *posterior,
                                 int i) {
  fc_density_balls *state = posterior->state;
  fc_status status = FC_OK;
  if (!state->level[i])
    status = fc_ball_level_new(state->level + i, posterior->target->density,
                               posterior->ctx.precision + (32L << i));
  *level = state->level[i];
  return status;
}

/* --- one precision ---------------------------------------------------------
 */

/* What is asked for, and numbers of the level's context: C_k are the mean
 * offset and the cumulants. */
typedef struct task {
  fc_posterior *posterior;
  fc_srcptr a, b, x;
  unsigned want;
  fc_ball_integral integral[1];
  fc_num c1, c2, c3, t, u;
} task;

static void each(task *w, const fc_ctx *ctx,
                 void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {w->c1, w->c2, w->c3, w->t, w->u};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], ctx);
}

/* c1 = E[y - origin], c2 = C, c3 = K_3. */
static void set_cumulants(task *w) {
  const fc_ball_integral *z = w->integral;
  const fc_ctx *ctx = z->level->real;
  if (z->order >= 1)
    fc_div(w->c1, z->sums + 1, z->sums, ctx);
  if (z->order >= 2) {
    fc_div(w->u, z->sums + 2, z->sums, ctx);
    fc_sqr(w->t, w->c1, ctx);
    fc_sub(w->c2, w->u, w->t, ctx);
  }
  if (z->order >= 3) { /* m_3 + m_1 (2 m_1^2 - 3 m_2) */
    fc_mul_2exp_si(w->t, w->t, 1, ctx);
    fc_mul_si(w->u, w->u, 3, ctx);
    fc_sub(w->t, w->t, w->u, ctx);
    fc_div(w->c3, z->sums + 3, z->sums, ctx);
    fc_addmul(w->c3, w->c1, w->t, ctx);
  }
  fc_mul_2exp_si(w->c1, w->c1, z->scale, ctx);
  fc_mul_2exp_si(w->c2, w->c2, 2 * z->scale, ctx);
  fc_mul_2exp_si(w->c3, w->c3, 3 * z->scale, ctx);
}

static void put_moments(task *w) {
  const fc_posterior_value *value = &w->posterior->value;
  const fc_ctx *to = &w->posterior->ctx, *ctx = w->integral->level->real;
  fc_add(w->u, w->integral->origin, w->c1, ctx);
  if (w->want & FC_WANT_MEAN)
    fc_set(value->mean, w->u, to);
  if (w->want & FC_WANT_COVARIANCE)
    fc_set(value->covariance, w->c2, to);
  if (w->want & FC_WANT_THIRD) { /* T = 2 C M + K_3 */
    fc_mul(w->t, w->u, w->c2, ctx);
    fc_mul_2exp_si(w->t, w->t, 1, ctx);
    fc_add(value->third, w->t, w->c3, ctx);
  }
}

static void put_scores(task *w) {
  const fc_posterior_value *value = &w->posterior->value;
  const fc_ball_integral *z = w->integral;
  const fc_ctx *ctx = z->level->real;
  bool noisy = z->place->factor == FC_FACTOR_NOISE;
  fc_sqr(w->t, w->a, ctx); /* a^2 */
  if (w->want & FC_WANT_SCORE) {
    fc_mul(w->u, w->b, w->c1, ctx);
    fc_sub(w->u, w->u, noisy ? z->rest : w->x, ctx);
    fc_div(value->score, w->u, w->t, ctx);
  }
  fc_div(w->u, w->b, w->t, ctx); /* b/a^2 */
  if (w->want & FC_WANT_SCORE_JACOBIAN) {
    fc_ptr S = value->score_jacobian;
    fc_mul(S, w->u, w->b, ctx);
    fc_mul(S, S, w->c2, ctx);
    fc_add_si(S, S, -1, ctx);
    fc_div(S, S, w->t, ctx);
  }
  if (w->want & FC_WANT_SCORE_THIRD) {
    fc_pow_si(w->u, w->u, 3, ctx);
    fc_mul(value->score_third, w->u, w->c3, ctx);
  }
}

/* log p = shift + log S_0 + scale log 2 - log norm - log a - log(2 pi)/2, and
 * -x^2/(2 a^2) where b = 0 and the factor was left out. */
static fc_status put_log_density(task *w) {
  const fc_ball_integral *z = w->integral;
  const fc_ctx *ctx = z->level->real;
  fc_status status = fc_ball_norm(z->level);
  if (status)
    return status;
  fc_mul_2exp_si(w->u, z->sums, z->scale, ctx);
  fc_div(w->u, w->u, w->a, ctx);
  fc_set_pi(w->t, ctx);
  fc_mul_2exp_si(w->t, w->t, 1, ctx);
  fc_sqrt(w->t, w->t, ctx);
  fc_div(w->u, w->u, w->t, ctx);
  fc_log(w->u, w->u, ctx);
  fc_add(w->u, w->u, z->shift, ctx);
  fc_sub(w->u, w->u, z->level->log_norm, ctx);
  if (z->place->factor == FC_FACTOR_NONE) {
    fc_div(w->t, w->x, w->a, ctx);
    fc_sqr(w->t, w->t, ctx);
    fc_mul_2exp_si(w->t, w->t, -1, ctx);
    fc_sub(w->u, w->u, w->t, ctx);
  }
  fc_set(w->posterior->value.log_density, w->u, ctx);
  return FC_OK;
}

static fc_status eval_level(task *w, int i) {
  fc_ball_level *level;
  fc_status status = fc_density_balls_level(&level, w->posterior, i);
  if (!status)
    status = fc_ball_integral_init(w->integral, level);
  if (status)
    return status;
  fc_ball_integral *z = w->integral;
  z->a = w->a;
  z->b = w->b;
  z->x = w->x;
  z->order = fc_want_order(w->want);
  z->place->factor = fc_is_zero(w->b, level->real) == FC_TRUE ? FC_FACTOR_NONE
                                                              : FC_FACTOR_NOISE;
  each(w, level->real, fc_init);
  status = fc_ball_integrate(z);
  if (!status) {
    set_cumulants(w);
    put_moments(w);
    put_scores(w);
  }
  if (!status && w->want & FC_WANT_LOG_DENSITY)
    status = put_log_density(w);
  each(w, level->real, fc_clear);
  fc_ball_integral_clear(z);
  return status;
}

/* --- escalation --------------------------------------------------------------
 */

/* How many bits the radius of z is too large by, beside its value or, where
 * that is smaller, 2^size. */
static double missing(fc_srcptr z, double size, long bits) {
  mag_t rad, mid;
  mag_init(rad);
  mag_init(mid);
  arb_srcptr ball = fc_as_arb_src(z);
  mag_set(rad, arb_radref(ball));
  arf_get_mag(mid, arb_midref(ball));
  double result = INFINITY;
  if (mag_is_zero(rad))
    result = -INFINITY;
  else if (arb_is_finite(ball)) {
    double value = mag_is_zero(mid) ? -INFINITY : mag_get_d_log2_approx(mid);
    result = mag_get_d_log2_approx(rad) - fmax(value, size) + (double)bits;
  }
  mag_clear(rad);
  mag_clear(mid);
  return result;
}

/* The worst of what is wanted.  Means are measured by the width of the
 * posterior, scores by that of the law. */
static double worst(const task *w) {
  const fc_posterior *posterior = w->posterior;
  const fc_posterior_value *value = &posterior->value;
  const fc_density *f = posterior->target->density;
  double b = fmax(fc_get_d(w->b, &posterior->ctx), 1e-300),
         width = (double)w->integral->scale,
         rate = -log2(b) - log2(f->modes[f->deepest].scale);
  if (fc_is_zero(w->b, &posterior->ctx) == FC_TRUE)
    rate = -INFINITY;
  const struct {
    unsigned want;
    fc_srcptr z;
    double size;
  } all[] = {{FC_WANT_MEAN, value->mean, width},
             {FC_WANT_COVARIANCE, value->covariance, -INFINITY},
             {FC_WANT_THIRD, value->third, 3 * width},
             {FC_WANT_LOG_DENSITY, value->log_density, 0},
             {FC_WANT_SCORE, value->score, rate},
             {FC_WANT_SCORE_JACOBIAN, value->score_jacobian, 2 * rate},
             {FC_WANT_SCORE_THIRD, value->score_third, 3 * rate}};
  double most = -INFINITY;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (w->want & all[i].want)
      most = fmax(most, missing(all[i].z, all[i].size,
                                posterior->ctx.precision - SLACK_BITS));
  return most;
}

/* The level to begin with: what the scores are expected to lose. */
static int first_level(const task *w) {
  const fc_posterior *posterior = w->posterior;
  const fc_ctx *ctx = &posterior->ctx;
  const fc_density *f = posterior->target->density;
  double ratio = fc_get_d(w->b, ctx) * f->modes[f->deepest].scale /
                 fc_get_d(w->a, ctx),
         lost = 0;
  if (w->want & FC_WANT_SCORES && ratio > 1)
    lost = fc_want_order(w->want & FC_WANT_SCORES) * log2(ratio);
  int i = 0;
  while (i < FC_BALL_LEVELS - 1 && (double)(32L << i) < lost + 16)
    i++;
  return i;
}

/* Level after level, until the results are good, or as good as a, b and x are;
 * where nothing comes out, MOST_FAILURES times. */
static fc_status escalate(task *w) {
  double before = INFINITY;
  int failures = 0;
  fc_status status = FC_OK;
  for (int i = first_level(w); i < FC_BALL_LEVELS; i++) {
    status = eval_level(w, i);
    if (status != FC_OK && (status != FC_BUDGET || ++failures > MOST_FAILURES))
      break;
    double now = status ? INFINITY : worst(w);
    if (now <= 0 || (now > before - LEAST_GAIN && isfinite(now)))
      break;
    before = now;
  }
  return status;
}

/* --- the end a = 0
 * ------------------------------------------------------------ */

/* Off the support, and on its edge: see density_end.c. */
static bool put_beyond(task *w, const fc_ball_level *level, fc_srcptr y) {
  const fc_density *f = level->density;
  const fc_posterior_value *value = &w->posterior->value;
  const fc_ctx *ctx = &w->posterior->ctx;
  int side = 0;
  if (f->lower && fc_lt(y, level->breaks, ctx) == FC_TRUE)
    side = -1;
  if (f->upper && fc_lt(level->breaks + f->count, y, ctx) == FC_TRUE)
    side = 1;
  if (!side)
    return false;
  if (w->want & FC_WANT_MEAN)
    fc_set(value->mean, level->breaks + (side > 0 ? f->count : 0), ctx);
  if (w->want & FC_WANT_COVARIANCE)
    fc_set_si(value->covariance, 0, ctx);
  if (w->want & FC_WANT_THIRD)
    fc_set_si(value->third, 0, ctx);
  if (w->want & FC_WANT_LOG_DENSITY)
    fc_set_inf(value->log_density, -1, ctx);
  if (w->want & FC_WANT_SCORE)
    fc_set_inf(value->score, -side, ctx);
  if (w->want & FC_WANT_SCORE_JACOBIAN)
    fc_set_inf(value->score_jacobian, -1, ctx);
  return true;
}

/* log p = -U - log norm - log b; where y may be on a kink, the hull of both
 * sides. */
static fc_status put_end_log_density(task *w, fc_ball_level *level, size_t left,
                                     size_t right, fc_srcptr y) {
  const fc_ctx *ctx = level->real;
  fc_status status = fc_ball_norm(level);
  fc_num t;
  fc_init(t, ctx);
  fc_ptr z = w->posterior->value.log_density;
  fc_ball_derivative(z, level, 0, left, y);
  if (right != left) {
    fc_ball_derivative(t, level, 0, right, y);
    fc_hull(z, z, t, ctx);
  }
  fc_add(z, z, level->log_norm, ctx);
  fc_log(t, w->b, ctx);
  fc_add(z, z, t, ctx);
  fc_neg(z, z, ctx);
  fc_clear(t, ctx);
  return status;
}

static void put_end_scores(task *w, fc_ball_level *level, size_t branch,
                           fc_srcptr y) {
  const fc_ctx *ctx = level->real;
  const fc_posterior_value *value = &w->posterior->value;
  fc_ptr const to[] = {value->score, value->score_jacobian, value->score_third};
  static const unsigned wants[] = {FC_WANT_SCORE, FC_WANT_SCORE_JACOBIAN,
                                   FC_WANT_SCORE_THIRD};
  fc_num t;
  fc_init(t, ctx);
  for (int k = 0; k < 3; k++)
    if (w->want & wants[k]) {
      fc_ball_derivative(to[k], level, k + 1, branch, y);
      fc_pow_si(t, w->b, k + 1, ctx);
      fc_div(to[k], to[k], t, ctx);
      fc_neg(to[k], to[k], ctx);
    }
  fc_clear(t, ctx);
}

/* Branches that y may be in, certainly inside the support. */
static bool find_branches(size_t *left, size_t *right,
                          const fc_ball_level *level, fc_srcptr y) {
  const fc_density *f = level->density;
  const fc_ctx *ctx = level->real;
  if ((f->lower && fc_lt(level->breaks, y, ctx) != FC_TRUE) ||
      (f->upper && fc_lt(y, level->breaks + f->count, ctx) != FC_TRUE) ||
      !fc_is_finite(y, ctx))
    return false;
  *left = 0;
  *right = f->count - 1;
  for (size_t i = 1; i < f->count; i++) {
    if (fc_lt(level->breaks + i, y, ctx) == FC_TRUE)
      *left = i;
    if (fc_lt(y, level->breaks + i, ctx) == FC_TRUE && *right >= i)
      *right = i - 1;
  }
  return *right <= *left + 1;
}

static fc_status eval_end(task *w) {
  fc_ball_level *level;
  fc_status status = fc_density_balls_level(&level, w->posterior, 0);
  if (status)
    return status;
  size_t left, right;
  fc_num y;
  fc_init(y, level->real);
  fc_div(y, w->x, w->b, level->real);
  if (put_beyond(w, level, y) || !find_branches(&left, &right, level, y)) {
    fc_clear(y, level->real);
    return FC_OK;
  }
  fc_posterior_point(w->posterior, w->b, w->x, w->want);
  if (left == right)
    put_end_scores(w, level, left, y);
  if (w->want & FC_WANT_LOG_DENSITY)
    status = put_end_log_density(w, level, left, right, y);
  if (status == FC_BUDGET || status == FC_DOMAIN) {
    fc_set_undefined(w->posterior->value.log_density, &w->posterior->ctx);
    status = FC_OK;
  }
  fc_clear(y, level->real);
  return status;
}

static fc_status eval(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                      fc_srcptr x, unsigned want) {
  const fc_ctx *ctx = &posterior->ctx;
  task w = {.posterior = posterior, .a = a, .b = b, .x = x, .want = want};
  fc_posterior_undefined(posterior, want);
  if (fc_is_end(a, ctx))
    return eval_end(&w);
  fc_status status = FC_DOMAIN;
  if (fc_is_positive(a, ctx) == FC_TRUE && fc_is_finite(a, ctx) &&
      fc_is_finite(b, ctx) && fc_is_finite(x, ctx))
    status = escalate(&w);
  if (status == FC_DOMAIN || status == FC_BUDGET) {
    fc_posterior_undefined(posterior, want);
    return FC_OK;
  }
  return status;
}

const fc_posterior_kind fc_posterior_density_balls = {bind, eval, release};
