/* The posterior of a density exp(-U) on the line, by quadrature.
 *
 * With nodes y_i and weights r_i ~ exp(-U(y_i) - (x - b y_i)^2/(2 a^2)) the
 * moments are sums, and in series the r_i are series while the nodes stay.
 *   s = (b M - x)/a^2, S = (b^2 C/a^2 - 1)/a^2, G = b^3 K_3/a^6
 * with the third cumulant K_3 lose 3 log2(b/a) bits: guard bits cover that.  In
 * binary64, on the whole line, derivatives of U take their place (Stein):
 *   s = -E[U']/b, S = -(E[U''] + sum_k J_k q_k - Var U')/b^2,
 *   G = -(E[U'''] - 3 Cov(U', U'') + K_3(U'))/b^3,
 * where U' jumps by J_k at the kink k and q_k is the posterior's density there;
 * G so only without kinks.
 */
#include "target/density_posterior.h"

#include <math.h>
#include <stdlib.h>

/* --- storage -------------------------------------------------------------- */

static bool is_real(const fc_ctx *ctx) {
  return ctx->kind == FC_DOUBLE || ctx->kind == FC_MPFR;
}

static fc_status bind(fc_posterior *posterior) {
  const fc_ctx *ctx = &posterior->ctx;
  if (!is_real(ctx->kind == FC_SERIES ? ctx->base : ctx))
    return FC_UNSUPPORTED;
  posterior->state = calloc(1, sizeof(fc_density_state));
  return posterior->state ? FC_OK : FC_MEMORY;
}

static void free_work(fc_density_work *work) {
  if (!work)
    return;
  fc_vec_free(work->numbers, FC_DENSITY_NUMBERS, work->ctx);
  fc_density_level_free(work->level);
  free(work);
}

static void release(fc_posterior *posterior) {
  fc_density_state *state = posterior->state;
  for (int i = 0; i < FC_DENSITY_LEVELS; i++)
    free_work(state->work[i]);
  free(state);
}

/* Level 0 is binary64 itself, level i > 0 MPFR with 32 * 2^i guard bits. */
static fc_status new_work(fc_density_work **out, fc_posterior *posterior,
                          int i) {
  const fc_ctx *ctx = &posterior->ctx;
  bool series = ctx->kind == FC_SERIES;
  const fc_ctx *base = series ? ctx->base : ctx;
  fc_density_work *work = calloc(1, sizeof *work);
  if (!work)
    return FC_MEMORY;
  fc_ctx real;
  if (i == 0)
    fc_ctx_init_double(&real);
  else
    fc_ctx_init_mpfr(&real, base->precision + (32L << i));
  fc_status status =
      fc_density_level_new(&work->level, posterior->target->density, &real);
  if (!status) {
    work->ctx[0] = work->level->ctx[0];
    if (series)
      fc_ctx_init_series(work->ctx, work->level->ctx, ctx->length);
    work->numbers = fc_vec_new(FC_DENSITY_NUMBERS, work->ctx);
    if (!work->numbers)
      status = FC_MEMORY;
  }
  if (status)
    free_work(work);
  else
    *out = work;
  return status;
}

fc_status fc_density_get_work(fc_density_work **work, fc_posterior *posterior,
                              int i) {
  fc_density_state *state = posterior->state;
  fc_status status = FC_OK;
  if (!state->work[i])
    status = new_work(state->work + i, posterior, i);
  *work = state->work[i];
  return status;
}

/* --- where the posterior is ------------------------------------------------
 */

/* In binary64: the posterior's range, and what is lost there. */
typedef struct place {
  double a, b, x;
  double near;     /* the point of the support that is nearest to x/b */
  int out;         /* -1, 1: x/b is below, above the support */
  double z;        /* (x - b near)/a where near is not x/b, else 0 */
  double step;     /* the posterior's width there, at most */
  double reach[2]; /* of the range, on the left and right of near */
  double peak;     /* about the largest exponent, without -z^2/2 */
  double centre, low, high; /* of the Gaussian part and the range, as offsets
                               from the origin: set by set_origin */
} place;

/* -U(y) - (z^2 - z_near^2)/2 with z = (x - b y)/a. */
static double exponent_at(const fc_density *f, const place *p, double y) {
  double u = fc_density_derivative_d(f, 0, fc_density_branch(f, y), y);
  double z = p->b * (p->near - y) / p->a;
  return isnan(u) ? -INFINITY : -u - z * (z + 2 * p->z) / 2;
}

/* d/dy (U + z^2/2). */
static double slope_at(const fc_density *f, const place *p, double y) {
  return fc_density_derivative_d(f, 1, fc_density_branch(f, y), y) -
         p->b / p->a * (fma(-p->b, y, p->x) / p->a);
}

/* Where U is steep the posterior sits between x/b and a mode, where U + z^2/2
 * is least. */
static void move_to_peak(place *p, const fc_density *f) {
  double width = p->a / p->b, mode = f->modes[f->deepest].at, near = p->near;
  double steep =
      fc_density_derivative_d(f, 1, fc_density_branch(f, near), near);
  if (p->out || !(fabs(steep) * width > 1) || near == mode)
    return;
  double sign = slope_at(f, p, near) > 0 ? 1 : -1, far = mode;
  if (!(sign * slope_at(f, p, mode) < 0))
    return;
  for (int i = 0; i < 100; i++) {
    double middle = near + (far - near) / 2;
    bool same = sign * slope_at(f, p, middle) > 0;
    near = same ? middle : near;
    far = same ? far : middle;
  }
  double bend = fc_density_derivative_d(f, 2, fc_density_branch(f, near), near);
  p->near = near;
  p->z = fma(-p->b, near, p->x) / p->a;
  p->step = 1 / sqrt(1 / (width * width) + fmax(bend, 0));
}

/* Where -U(y) - z^2/2 can be within `bits` of its largest value: as U is at
 * least its least value, where z^2/2 is at most what is left. */
static bool find_place(place *p, const fc_density *f, double bits) {
  const fc_mode *mode = f->modes + f->deepest;
  double y0 = p->x / p->b, width = p->a / p->b;
  *p = (place){.a = p->a, .b = p->b, .x = p->x};
  if (p->b == 0) {
    p->peak = -mode->potential;
    return isfinite(p->a) && p->a > 0;
  }
  double low = f->breaks[0], high = f->breaks[f->count];
  p->near = fmin(fmax(y0, low), high);
  p->out = y0 < low ? -1 : y0 > high;
  p->z = p->out ? (p->x - p->b * p->near) / p->a : 0;
  p->step = width / (1 + fabs(p->z));
  move_to_peak(p, f);
  const double tries[] = {mode->at, p->near, p->near - p->step,
                          p->near + p->step};
  p->peak = -INFINITY;
  for (int i = 0; i < 4; i++)
    if (tries[i] >= low && tries[i] <= high)
      p->peak = fmax(p->peak, exponent_at(f, p, tries[i]));
  double square = 2 * (1 - mode->potential - p->peak + (bits + 40) * log(2));
  double root = sqrt(p->z * p->z + square);
  double short_way = width * square / (root + fabs(p->z)),
         long_way = width * (root + fabs(p->z));
  bool right = p->z > 0; /* x/b is to the right of near */
  p->reach[0] = right || p->out ? short_way : long_way;
  p->reach[1] = right && !p->out ? long_way : short_way;
  return isfinite(long_way) && short_way > 0 && p->step > 0 && isfinite(y0);
}

/* Bits that the exponent loses, and b^2 C/a^2 - 1 and the like where scores are
 * wanted up to an order. */
static double loss(const place *p, const fc_density *f, int order) {
  double scale = f->modes[f->deepest].scale;
  double bits = log2(1 + fabs(p->peak) + p->z * p->z +
                     fabs(f->modes[f->deepest].potential));
  if (order > 0 && p->b > 0)
    bits += order * log2(1 + p->b * scale / p->a);
  if (p->b > 0 && p->out)
    bits += 2 * log2(p->a / (p->b * p->step));
  return bits;
}

/* --- sums ----------------------------------------------------------------- */

/* z += -(x - b y)^2/(2 a^2) at the offset of y. */
static void add_gauss(fc_ptr z, fc_srcptr offset, void *data) {
  const fc_density_work *work = data;
  const fc_ctx *ctx = work->level->ctx;
  fc_ptr t = work->level->room + 6;
  fc_mul(t, offset, work->base_b, ctx);
  fc_sub(t, work->rest, t, ctx);
  fc_mul(t, t, work->inverse_a, ctx);
  fc_sqr(t, t, ctx);
  fc_mul_2exp_si(t, t, -1, ctx);
  fc_sub(z, z, t, ctx);
}

static fc_srcptr first(fc_srcptr x, const fc_ctx *ctx) {
  return ctx->kind == FC_SERIES ? fc_series_coeff_src(x, 0) : x;
}

/* rest = x - b origin, in series, too, and in binary64 rounded once. */
static void set_rest(fc_density_work *work) {
  const fc_ctx *ctx = work->ctx, *base = work->level->ctx;
  fc_ptr rest = work->numbers + FC_DENSITY_REST;
  if (ctx->kind == FC_DOUBLE) {
    double x = fc_get_d(work->base_x, ctx), b = fc_get_d(work->base_b, ctx);
    fc_set_d(rest, fma(-b, fc_get_d(work->level->origin, ctx), x), ctx);
  } else {
    fc_convert(rest, ctx, work->level->origin, base);
    fc_mul(rest, rest, work->numbers + FC_DENSITY_B, ctx);
    fc_sub(rest, work->numbers + FC_DENSITY_X, rest, ctx);
  }
  work->rest = first(rest, ctx);
}

/* The origin is x/b, or the end of the support that is nearest to it, where the
 * Gaussian part is narrow, otherwise 0; p's offsets. */
static void set_origin(fc_density_work *work, place *p) {
  fc_density_level *level = work->level;
  const fc_density *f = level->density;
  const fc_ctx *ctx = work->ctx, *base = level->ctx;
  work->base_a = first(work->numbers + FC_DENSITY_A, ctx);
  work->base_b = first(work->numbers + FC_DENSITY_B, ctx);
  work->base_x = first(work->numbers + FC_DENSITY_X, ctx);
  bool narrow = p->b > 0 && p->step < f->modes[f->deepest].scale;
  if (!narrow)
    fc_set_si(level->origin, 0, base);
  else if (p->out)
    fc_set(level->origin, level->breaks + (p->out < 0 ? 0 : f->count), base);
  else if (p->z != 0)
    fc_set_d(level->origin, p->near, base);
  else
    fc_div(level->origin, work->base_x, work->base_b, base);
  fc_inv(work->numbers + FC_DENSITY_INVERSE_A, work->numbers + FC_DENSITY_A,
         ctx);
  work->inverse_a = first(work->numbers + FC_DENSITY_INVERSE_A, ctx);
  set_rest(work);
  double y0 = fc_get_d(work->rest, base) / p->b;
  bool moved = p->out || p->z != 0;
  p->centre = !moved ? y0 : narrow ? 0 : p->near;
  p->low = p->b > 0 ? p->centre - p->reach[0] : -INFINITY;
  p->high = p->b > 0 ? p->centre + p->reach[1] : INFINITY;
}

/* z = the weight f, in series times exp(q - q_0) with q = -(x - b y)^2/(2 a^2).
 */
static void set_weight(fc_ptr z, fc_srcptr f, fc_srcptr offset,
                       fc_density_work *work) {
  const fc_ctx *ctx = work->ctx, *base = work->level->ctx;
  if (ctx->kind != FC_SERIES) {
    fc_set(z, f, ctx);
    return;
  }
  fc_ptr t = work->numbers + FC_DENSITY_TEMP;
  fc_convert(t, ctx, offset, base);
  fc_mul(t, t, work->numbers + FC_DENSITY_B, ctx);
  fc_sub(t, work->numbers + FC_DENSITY_REST, t, ctx);
  fc_mul(t, t, work->numbers + FC_DENSITY_INVERSE_A, ctx);
  fc_sqr(t, t, ctx);
  fc_mul_2exp_si(t, t, -1, ctx);
  fc_neg(t, t, ctx);
  fc_set_si(fc_series_coeff(t, 0), 0, base);
  fc_exp(z, t, ctx);
  for (long i = 0; i < ctx->length; i++)
    fc_mul(fc_series_coeff(z, i), fc_series_coeff(z, i), f, base);
}

/* mean = sum f y/sum f, of the offsets. */
static void set_centre(fc_density_work *work) {
  const fc_exp_panels *s = work->level->panels;
  const fc_ctx *base = work->level->ctx;
  fc_ptr mass = work->level->room + 5, mean = work->level->room + 7;
  fc_set_si(mass, 0, base);
  fc_set_si(mean, 0, base);
  for (size_t i = 0; i < s->count; i++)
    for (long j = 0; j < s->n && !s->panels[i].negligible; j++) {
      fc_add(mass, mass, s->panels[i].f + j, base);
      fc_addmul(mean, s->panels[i].f + j, s->panels[i].y + j, base);
    }
  fc_div(mean, mean, mass, base);
}

/* z = factor z with factor in the base context. */
static void scale(fc_ptr z, fc_srcptr factor, const fc_density_work *work) {
  const fc_ctx *ctx = work->ctx, *base = work->level->ctx;
  if (ctx->kind != FC_SERIES)
    fc_mul(z, z, factor, ctx);
  for (long i = 0; ctx->kind == FC_SERIES && i < ctx->length; i++)
    fc_mul(fc_series_coeff(z, i), fc_series_coeff(z, i), factor, base);
}

/* sums[k] = sum r (y - mean)^k, k = 0 .. order. */
static void set_sums(fc_density_work *work, int order) {
  const fc_exp_panels *s = work->level->panels;
  const fc_ctx *ctx = work->ctx, *base = work->level->ctx;
  fc_ptr sums = work->numbers + FC_DENSITY_SUMS,
         w = work->numbers + FC_DENSITY_WEIGHT, mean = work->level->room + 7,
         gap = work->level->room + 5;
  set_centre(work);
  for (int k = 0; k <= 3; k++)
    fc_set_si(sums + k, 0, ctx);
  for (size_t i = 0; i < s->count; i++)
    for (long j = 0; j < s->n && !s->panels[i].negligible; j++) {
      set_weight(w, s->panels[i].f + j, s->panels[i].y + j, work);
      fc_add(sums, sums, w, ctx);
      fc_sub(gap, s->panels[i].y + j, mean, base);
      for (int k = 1; k <= order; k++) {
        scale(w, gap, work);
        fc_add(sums + k, sums + k, w, ctx);
      }
    }
}

/* mean = the posterior mean of the offset, and the second and third cumulants.
 */
static void set_cumulants(fc_density_work *work, int order) {
  const fc_ctx *ctx = work->ctx;
  fc_ptr sums = work->numbers + FC_DENSITY_SUMS,
         c = work->numbers + FC_DENSITY_CUMULANTS,
         t = work->numbers + FC_DENSITY_TEMP;
  for (int k = 1; k <= order; k++)
    fc_div(c + k, sums + k, sums, ctx); /* about the centre, room[7] */
  if (order >= 3) {                     /* K_3 = m_3 + m_1 (2 m_1^2 - 3 m_2) */
    fc_sqr(t, c + 1, ctx);
    fc_mul_2exp_si(t, t, 1, ctx);
    fc_mul_si(c, c + 2, 3, ctx);
    fc_sub(t, t, c, ctx);
    fc_addmul(c + 3, t, c + 1, ctx);
  }
  if (order >= 2) {
    fc_sqr(t, c + 1, ctx);
    fc_sub(c + 2, c + 2, t, ctx);
  }
  fc_convert(t, ctx, work->level->room + 7, work->level->ctx);
  fc_add(c + 1, c + 1, t, ctx);
}

/* --- results -------------------------------------------------------------- */

/* z -= x^2/(2 a^2), which the quadrature leaves out where b = 0. */
static void add_noise(fc_ptr z, fc_density_work *work) {
  const fc_ctx *ctx = work->ctx, *base = work->level->ctx;
  fc_ptr t = work->level->room + 5;
  fc_div(t, work->rest, work->base_a, base);
  fc_sqr(t, t, base);
  fc_mul_2exp_si(t, t, -1, base);
  fc_convert(work->numbers + FC_DENSITY_TEMP, ctx, t, base);
  fc_sub(z, z, work->numbers + FC_DENSITY_TEMP, ctx);
}

/* log p = peak + log sum - log norm - log a - log(2 pi)/2. */
static fc_status put_log_density(fc_posterior *posterior,
                                 fc_density_work *work) {
  const fc_ctx *ctx = work->ctx, *base = work->level->ctx;
  fc_ptr z = work->numbers + FC_DENSITY_WEIGHT,
         t = work->numbers + FC_DENSITY_TEMP, pi = work->level->room + 5;
  fc_set_d(pi, work->level->panels->peak, base);
  fc_add(pi, pi, work->level->panels->shift, base);
  fc_convert(work->numbers + FC_DENSITY_A2, ctx, pi, base);
  fc_log(z, work->numbers + FC_DENSITY_SUMS, ctx);
  fc_log(t, work->numbers + FC_DENSITY_A, ctx);
  fc_sub(z, z, t, ctx);
  fc_status status = fc_density_norm(work->level); /* forgets the panels */
  if (status)
    return status;
  fc_set_pi(pi, base);
  fc_mul_2exp_si(pi, pi, 1, base);
  fc_log(pi, pi, base);
  fc_mul_2exp_si(pi, pi, -1, base);
  fc_add(pi, pi, work->level->log_norm, base);
  fc_convert(t, ctx, pi, base);
  fc_sub(z, z, t, ctx);
  fc_add(z, z, work->numbers + FC_DENSITY_A2, ctx);
  if (fc_is_zero(work->base_b, base) == FC_TRUE)
    add_noise(z, work);
  fc_convert(posterior->value.log_density, &posterior->ctx, z, ctx);
  return FC_OK;
}

static void put_moments(fc_posterior *posterior, fc_density_work *work,
                        unsigned want) {
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *to = &posterior->ctx, *ctx = work->ctx;
  fc_ptr c = work->numbers + FC_DENSITY_CUMULANTS,
         z = work->numbers + FC_DENSITY_WEIGHT,
         t = work->numbers + FC_DENSITY_TEMP;
  fc_convert(z, ctx, work->level->origin, work->level->ctx);
  fc_add(z, z, c + 1, ctx);
  if (want & FC_WANT_MEAN)
    fc_convert(value->mean, to, z, ctx);
  if (want & FC_WANT_COVARIANCE)
    fc_convert(value->covariance, to, c + 2, ctx);
  if (want & FC_WANT_THIRD) { /* T = 2 C M + K_3 */
    fc_mul(t, z, c + 2, ctx);
    fc_mul_2exp_si(t, t, 1, ctx);
    fc_add(t, t, c + 3, ctx);
    fc_convert(value->third, to, t, ctx);
  }
}

static void put_scores(fc_posterior *posterior, fc_density_work *work,
                       unsigned want) {
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *to = &posterior->ctx, *ctx = work->ctx;
  fc_ptr c = work->numbers + FC_DENSITY_CUMULANTS,
         z = work->numbers + FC_DENSITY_WEIGHT,
         u = work->numbers + FC_DENSITY_TEMP,
         a2 = work->numbers + FC_DENSITY_A2;
  fc_srcptr b = work->numbers + FC_DENSITY_B;
  fc_sqr(a2, work->numbers + FC_DENSITY_A, ctx);
  if (want & FC_WANT_SCORE) {
    fc_mul(z, b, c + 1, ctx);
    fc_sub(z, z, work->numbers + FC_DENSITY_REST, ctx);
    fc_div(z, z, a2, ctx);
    fc_convert(value->score, to, z, ctx);
  }
  fc_div(u, b, a2, ctx);
  if (want & FC_WANT_SCORE_JACOBIAN) {
    fc_mul(z, u, b, ctx);
    fc_mul(z, z, c + 2, ctx);
    fc_add_si(z, z, -1, ctx);
    fc_div(z, z, a2, ctx);
    fc_convert(value->score_jacobian, to, z, ctx);
  }
  if (want & FC_WANT_SCORE_THIRD) {
    fc_pow_si(z, u, 3, ctx);
    fc_mul(z, z, c + 3, ctx);
    fc_convert(value->score_third, to, z, ctx);
  }
}

/* Coefficient k of a series brings powers up to y^k. */
static int terms_of(const fc_density_work *work) {
  return work->ctx->kind == FC_SERIES ? (int)work->ctx->length - 1 : 0;
}

/* The quadrature of the posterior at a, b, x, and its cumulants. */
static fc_status integrate(fc_density_work *work, place *p, int order,
                           double bits) {
  set_origin(work, p);
  const fc_density_window window = {.add = p->b > 0 ? add_gauss : NULL,
                                    .data = work,
                                    .low = p->low,
                                    .high = p->high,
                                    .centre = p->centre,
                                    .step = p->step,
                                    .order = order + terms_of(work),
                                    .bits = bits};
  fc_status status = fc_density_integrate(work->level, &window);
  if (status)
    return status;
  set_sums(work, order);
  set_cumulants(work, order);
  return FC_OK;
}

static void set_numbers(fc_density_work *work, fc_srcptr a, fc_srcptr b,
                        fc_srcptr x, const fc_ctx *ctx) {
  fc_convert(work->numbers + FC_DENSITY_A, work->ctx, a, ctx);
  fc_convert(work->numbers + FC_DENSITY_B, work->ctx, b, ctx);
  fc_convert(work->numbers + FC_DENSITY_X, work->ctx, x, ctx);
}

/* --- binary64 --------------------------------------------------------------
 */

enum { NATIVE_BITS = 52, NATIVE_LOSS = 14, NATIVE_EXTRA = 12 };

/* E[h], E[h'], ... over the nodes, h = U'. */
typedef struct stein {
  double mass, mean[3], variance, third, cross;
} stein;

static double derivative(const fc_density_work *work, int k,
                         const fc_exp_panel *panel, long j) {
  double y = fc_get_d(panel->y + j, work->ctx) +
             fc_get_d(work->level->origin, work->ctx);
  return fc_density_derivative_d(work->level->density, k, panel->branch, y);
}

static void set_stein(stein *e, const fc_density_work *work, int order) {
  const fc_exp_panels *s = work->level->panels;
  *e = (stein){0};
  for (size_t i = 0; i < s->count; i++)
    for (long j = 0; j < s->n && !s->panels[i].negligible; j++) {
      const fc_exp_panel *panel = s->panels + i;
      double f = fc_get_d(panel->f + j, work->ctx);
      e->mass += f;
      for (int k = 0; k < order; k++)
        e->mean[k] += f > 0 ? f * derivative(work, k + 1, panel, j) : 0;
    }
  for (int k = 0; k < order; k++)
    e->mean[k] /= e->mass;
  for (size_t i = 0; i < s->count && order > 1; i++)
    for (long j = 0; j < s->n && !s->panels[i].negligible; j++) {
      const fc_exp_panel *panel = s->panels + i;
      double f = fc_get_d(panel->f + j, work->ctx) / e->mass;
      double h = f > 0 ? derivative(work, 1, panel, j) - e->mean[0] : 0;
      e->variance += f * h * h;
      e->third += f * h * h * h;
      if (order > 2 && f > 0)
        e->cross += f * h * (derivative(work, 2, panel, j) - e->mean[1]);
    }
}

/* sum_k J_k q_k. */
static double kink_term(const fc_density_work *work, const stein *e,
                        const place *p) {
  const fc_density *f = work->level->density;
  double sum = 0, peak = work->level->panels->peak +
                         fc_get_d(work->level->panels->shift, work->ctx);
  for (size_t i = 1; i < f->count; i++) {
    double y = f->breaks[i], z = fma(-p->b, y, p->x) / p->a;
    double jump = fc_density_derivative_d(f, 1, i, y) -
                  fc_density_derivative_d(f, 1, i - 1, y);
    double u = fc_density_derivative_d(f, 0, i, y);
    if (z * z < 1e4)
      sum += jump * exp(-u - z * z / 2 - peak);
  }
  return sum / e->mass;
}

static void put_stein(fc_posterior *posterior, const fc_density_work *work,
                      const place *p, unsigned want) {
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx;
  stein e;
  set_stein(&e, work, fc_want_order(want & FC_WANT_SCORES));
  double b = p->b;
  if (want & FC_WANT_SCORE)
    fc_set_d(value->score, -e.mean[0] / b, ctx);
  if (want & FC_WANT_SCORE_JACOBIAN)
    fc_set_d(value->score_jacobian,
             -(e.mean[1] + kink_term(work, &e, p) - e.variance) / (b * b), ctx);
  if (want & FC_WANT_SCORE_THIRD)
    fc_set_d(value->score_third,
             -(e.mean[2] - 3 * e.cross + e.third) / (b * b * b), ctx);
}

/* The scores come from derivatives of U. */
static bool by_stein(const place *p, const fc_density *f, unsigned want) {
  bool whole = !f->lower && !f->upper;
  bool smooth = f->count == 1 || !(want & FC_WANT_SCORE_THIRD);
  return whole && smooth && p->b * f->modes[f->deepest].scale > p->a;
}

/* False where binary64 is not accurate enough. */
static bool eval_native(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                        fc_srcptr x, place *p, unsigned want) {
  const fc_density *f = posterior->target->density;
  bool scores = want & FC_WANT_SCORES, derived = scores && by_stein(p, f, want);
  fc_density_work *work;
  if (loss(p, f, derived ? 0 : fc_want_order(want & FC_WANT_SCORES)) >
          NATIVE_LOSS ||
      fc_density_get_work(&work, posterior, 0))
    return false;
  set_numbers(work, a, b, x, &posterior->ctx);
  if (integrate(work, p, fc_want_order(want), NATIVE_BITS))
    return false;
  put_moments(posterior, work, want);
  if (derived)
    put_stein(posterior, work, p, want);
  else
    put_scores(posterior, work, want);
  return !(want & FC_WANT_LOG_DENSITY) || !put_log_density(posterior, work);
}

/* --- evaluation ------------------------------------------------------------
 */

static fc_status eval_level(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                            fc_srcptr x, place *p, unsigned want) {
  const fc_ctx *ctx = &posterior->ctx;
  const fc_density *f = posterior->target->density;
  long length = ctx->kind == FC_SERIES ? ctx->length : 0;
  double lost = loss(p, f, fc_want_order(want & FC_WANT_SCORES)) +
                FC_DENSITY_SERIES_BITS * (double)length;
  int i = 1;
  while (i < FC_DENSITY_LEVELS - 1 && (32L << i) < lost + 28)
    i++;
  fc_density_work *work;
  fc_status status = fc_density_get_work(&work, posterior, i);
  if (status)
    return status;
  double bits = (double)work->level->ctx->precision - 16;
  bits = fmin(bits, bits - (double)(32L << i) + lost + 24);
  if (!find_place(p, f, bits))
    return FC_DOMAIN;
  set_numbers(work, a, b, x, ctx);
  status = integrate(work, p, fc_want_order(want), bits);
  if (status)
    return status;
  put_moments(posterior, work, want);
  put_scores(posterior, work, want);
  return want & FC_WANT_LOG_DENSITY ? put_log_density(posterior, work) : FC_OK;
}

static fc_status eval(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                      fc_srcptr x, unsigned want) {
  const fc_ctx *ctx = &posterior->ctx;
  const fc_density *f = posterior->target->density;
  place p = {
      .a = fc_get_d(a, ctx), .b = fc_get_d(b, ctx), .x = fc_get_d(x, ctx)};
  if (fc_is_end(a, ctx))
    return fc_density_end(posterior, b, x, want);
  bool placed = p.a > 0 && find_place(&p, f, NATIVE_BITS + NATIVE_EXTRA);
  if (placed && ctx->kind == FC_DOUBLE &&
      eval_native(posterior, a, b, x, &p, want))
    return FC_OK;
  fc_status status =
      placed ? eval_level(posterior, a, b, x, &p, want) : FC_DOMAIN;
  if (status == FC_DOMAIN || status == FC_BUDGET) {
    fc_posterior_undefined(posterior, want);
    return FC_OK;
  }
  return status;
}

const fc_posterior_kind fc_posterior_density = {bind, eval, release};
