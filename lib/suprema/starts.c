#include "suprema/starts.h"

#include <stdlib.h>

enum { LANDMARK_LIMIT = 16, PAIR_LIMIT = 120 };

struct fc_starts {
  fc_ctx ctx[1];
  size_t d, count; /* count landmarks */
  size_t pairs;    /* number of pairs i < j that are used */
  fc_ptr landmarks;
  fc_ptr weights;  /* count, for equal isotropic mixtures; else NULL */
  fc_ptr centre;   /* d */
  fc_num variance; /* of the isotropic components, 1 where there is none */
  fc_num f, g, h;
};

static size_t pair_count(size_t n) {
  size_t pairs = n * (n - 1) / 2;
  return n == 0 ? 0 : pairs < PAIR_LIMIT ? pairs : PAIR_LIMIT;
}

/* Equal isotropic mixtures: means and weights, so that pair points are exact.
 */
static fc_status take_mixture(fc_starts *s, const fc_target *target) {
  size_t n = fc_target_isotropic_count(target);
  s->count = n < LANDMARK_LIMIT ? n : LANDMARK_LIMIT;
  s->landmarks = fc_vec_new(s->count * s->d, s->ctx);
  s->weights = fc_vec_new(s->count, s->ctx);
  if (!s->landmarks || !s->weights)
    return FC_MEMORY;
  for (size_t k = 0; k < s->count; k++)
    fc_target_isotropic_get(s->landmarks + k * s->d, s->weights + k, target, k,
                            s->ctx);
  if (fc_target_constant(s->variance, NULL, NULL, target, FC_SIGMA, s->ctx))
    fc_set_si(s->variance, 0, s->ctx); /* atoms */
  fc_sqr(s->variance, s->variance, s->ctx);
  return FC_OK;
}

static void set_centre(fc_starts *s) {
  for (size_t k = 0; k < s->count; k++)
    for (size_t i = 0; i < s->d; i++)
      fc_add(s->centre + i, s->centre + i, s->landmarks + k * s->d + i, s->ctx);
  for (size_t i = 0; i < s->d; i++)
    fc_div_si(s->centre + i, s->centre + i, (long)s->count, s->ctx);
}

fc_status fc_starts_new(fc_starts **starts, const fc_target *target,
                        const fc_ctx *ctx) {
  fc_starts *s = calloc(1, sizeof *s);
  if (!s)
    return FC_MEMORY;
  s->ctx[0] = *ctx;
  s->d = fc_target_dimension(target);
  fc_init(s->variance, ctx);
  fc_init(s->f, ctx);
  fc_init(s->g, ctx);
  fc_init(s->h, ctx);
  fc_set_si(s->variance, 1, ctx);
  s->centre = fc_vec_new(s->d, ctx);
  fc_status status = s->centre ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status = fc_target_isotropic_count(target) > 0
                 ? take_mixture(s, target)
                 : fc_target_landmarks(&s->landmarks, &s->count, target,
                                       LANDMARK_LIMIT, ctx);
  if (status) {
    fc_starts_free(s);
    return status;
  }
  set_centre(s);
  s->pairs = pair_count(s->count);
  *starts = s;
  return FC_OK;
}

void fc_starts_free(fc_starts *s) {
  if (!s)
    return;
  fc_vec_free(s->landmarks, s->count * s->d, s->ctx);
  fc_vec_free(s->weights, s->weights ? s->count : 0, s->ctx);
  fc_vec_free(s->centre, s->d, s->ctx);
  fc_clear(s->variance, s->ctx);
  fc_clear(s->f, s->ctx);
  fc_clear(s->g, s->ctx);
  fc_clear(s->h, s->ctx);
  free(s);
}

size_t fc_starts_count(const fc_starts *s) {
  return 1 + 2 * s->count + s->pairs;
}

bool fc_starts_is_pair(const fc_starts *s, size_t i) {
  return i > s->count && i <= s->count + s->pairs;
}

fc_srcptr fc_starts_landmarks(const fc_starts *s, size_t *count) {
  *count = s->count;
  return s->landmarks;
}

/* h = |y - z|^2. */
static void distance2(fc_starts *s, fc_srcptr y, fc_srcptr z) {
  fc_set_si(s->h, 0, s->ctx);
  for (size_t i = 0; i < s->d; i++) {
    fc_sub(s->g, y + i, z + i, s->ctx);
    fc_addmul(s->h, s->g, s->g, s->ctx);
  }
}

/* f = (a^2 + b^2 sigma^2)/b, the length scale of responsibilities. */
static void responsibility_scale(fc_starts *s, fc_srcptr a, fc_srcptr b) {
  fc_mul(s->f, b, s->variance, s->ctx);
  fc_sqr(s->g, a, s->ctx);
  fc_div(s->g, s->g, b, s->ctx);
  fc_add(s->f, s->f, s->g, s->ctx);
}

/* b (y + z)/2 - (V/(b |y-z|^2)) log(w_y/w_z) (y - z): there
 * log(r_y/r_z) = log(w_y/w_z) + b <x, y-z>/V - b^2 (|y|^2-|z|^2)/(2V) = 0. */
static void pair_point(fc_ptr x, fc_starts *s, size_t i, size_t j, fc_srcptr a,
                       fc_srcptr b) {
  const fc_ctx *ctx = s->ctx;
  fc_srcptr y = s->landmarks + i * s->d, z = s->landmarks + j * s->d;
  bool shifted =
      s->weights && fc_eq(s->weights + i, s->weights + j, ctx) != FC_TRUE;
  if (shifted) {
    responsibility_scale(s, a, b);
    distance2(s, y, z);
    fc_div(s->f, s->f, s->h, ctx);
    fc_div(s->h, s->weights + i, s->weights + j, ctx);
    fc_log(s->h, s->h, ctx);
    fc_mul(s->f, s->f, s->h, ctx);
  }
  for (size_t k = 0; k < s->d; k++) {
    fc_add(s->g, y + k, z + k, ctx);
    fc_mul(s->g, s->g, b, ctx);
    fc_mul_2exp_si(s->h, s->g, -1, ctx);
    if (shifted) {
      fc_sub(s->g, y + k, z + k, ctx);
      fc_submul(s->h, s->f, s->g, ctx);
    }
    fc_set(x + k, s->h, ctx);
  }
}

/* b l + c (l - centre): c |l - centre|^2 = precision * (V/b) makes the others'
 * responsibilities smaller than 2^-precision. */
static void tail_point(fc_ptr x, fc_starts *s, size_t i, fc_srcptr a,
                       fc_srcptr b) {
  const fc_ctx *ctx = s->ctx;
  fc_srcptr y = s->landmarks + i * s->d;
  long reach = ctx->precision < 64 ? 64 : ctx->precision;
  responsibility_scale(s, a, b);
  distance2(s, y, s->centre);
  fc_div(s->f, s->f, s->h, ctx);
  fc_mul_si(s->f, s->f, 2 * reach, ctx);
  for (size_t k = 0; k < s->d; k++) {
    fc_sub(s->g, y + k, s->centre + k, ctx);
    fc_mul(s->h, y + k, b, ctx);
    fc_addmul(s->h, s->f, s->g, ctx);
    fc_set(x + k, s->h, ctx);
  }
}

void fc_starts_get(fc_ptr x, fc_starts *s, size_t i, fc_srcptr a, fc_srcptr b) {
  if (i <= s->count) {
    fc_srcptr from = i == 0 ? s->centre : s->landmarks + (i - 1) * s->d;
    for (size_t k = 0; k < s->d; k++)
      fc_mul(x + k, from + k, b, s->ctx);
    return;
  }
  i -= 1 + s->count;
  if (i < s->pairs) {
    size_t first = 0;
    while (i >= s->count - 1 - first) {
      i -= s->count - 1 - first;
      first++;
    }
    pair_point(x, s, first, first + 1 + i, a, b);
    return;
  }
  tail_point(x, s, i - s->pairs, a, b);
}

double fc_starts_deviation(const fc_target *target, const fc_ctx *ctx) {
  fc_num sigma;
  fc_init(sigma, ctx);
  double s = 1;
  if (fc_target_constant(sigma, NULL, NULL, target, FC_SIGMA, ctx) == FC_OK)
    s = fc_get_d(sigma, ctx);
  fc_clear(sigma, ctx);
  return s;
}
