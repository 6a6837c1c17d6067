#include "suprema/mixture_cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suprema/responsibility.h"

enum { TEMPS = 24, MOST_FACES = 32 };

typedef struct face {
  unsigned members;
  mpfr_t most;
} face;

struct fc_mixture_cover {
  fc_mixture_shape shape;
  fc_ctx ctx[1]; /* ops NULL: nothing is allocated */
  fc_mixture_numbers number[1];
  fc_responsibility *ratio; /* r on the box and at its midpoint */
  fc_ptr d2;                /* count*count: |m_j - m_k|^2; one width only */
  fc_ptr delta;             /* count*count*n: on the box, rotated */
  fc_ptr delta0;            /* the same at the midpoint */
  fc_ptr product;           /* count*count: r_j r_k on the box */
  fc_ptr drift;             /* 2*count: d log r_k along a coordinate */
  fc_ptr temp;              /* TEMPS */
  fc_num widest;            /* diam^2 */
  face faces[MOST_FACES];
  size_t face_count;
};

/* --- memory ------------------------------------------------------------- */

static void release(fc_mixture_cover *v) {
  if (!v->ctx->ops)
    return;
  size_t k = v->shape.count, n = v->shape.n;
  const fc_ctx *ctx = v->ctx;
  fc_vec_free(v->number->A, k, ctx);
  fc_vec_free(v->number->Q, k, ctx);
  fc_vec_free(v->number->c, k, ctx);
  fc_vec_free(v->number->B, k * n, ctx);
  fc_vec_free(v->number->m, k * n, ctx);
  fc_vec_free(v->number->D, k * k, ctx);
  fc_vec_free(v->number->E, k * k, ctx);
  fc_vec_free(v->number->factor, 1, ctx);
  fc_vec_free(v->d2, k * k, ctx);
  fc_vec_free(v->delta, k * k * n, ctx);
  fc_vec_free(v->delta0, k * k * n, ctx);
  fc_vec_free(v->product, k * k, ctx);
  fc_vec_free(v->drift, 2 * k, ctx);
  fc_vec_free(v->temp, TEMPS, ctx);
  fc_clear(v->widest, ctx);
  fc_responsibility_free(v->ratio);
  v->ratio = NULL;
  v->ctx->ops = NULL;
}

static fc_status allocate(fc_mixture_cover *v, const fc_ctx *ctx) {
  size_t k = v->shape.count, n = v->shape.n;
  v->ctx[0] = *ctx;
  v->number[0] = (fc_mixture_numbers){
      fc_vec_new(k, ctx),     fc_vec_new(k, ctx),     fc_vec_new(k, ctx),
      fc_vec_new(k * n, ctx), fc_vec_new(k * n, ctx), fc_vec_new(k * k, ctx),
      fc_vec_new(k * k, ctx), fc_vec_new(1, ctx)};
  v->d2 = fc_vec_new(k * k, ctx);
  v->delta = fc_vec_new(k * k * n, ctx);
  v->delta0 = fc_vec_new(k * k * n, ctx);
  v->product = fc_vec_new(k * k, ctx);
  v->drift = fc_vec_new(2 * k, ctx);
  v->temp = fc_vec_new(TEMPS, ctx);
  fc_init(v->widest, ctx);
  fc_status status = fc_responsibility_new(&v->ratio, n, k, ctx);
  const fc_mixture_numbers *number = v->number;
  bool complete = number->A && number->Q && number->c && number->B &&
                  number->m && number->D && number->E && number->factor &&
                  v->d2 && v->delta && v->delta0 && v->product && v->drift &&
                  v->temp;
  return status ? status : complete ? FC_OK : FC_MEMORY;
}

fc_status fc_mixture_cover_new(fc_mixture_cover **cover,
                               const fc_mixture_shape *shape) {
  if (shape->n < 1 || shape->n > 2 || shape->count < 1 ||
      shape->count > FC_MIXTURE_COVER_MOST ||
      (shape->n == 2 && (!shape->one_width || shape->minimise)))
    return FC_SHAPE;
  fc_mixture_cover *v = calloc(1, sizeof *v);
  if (!v)
    return FC_MEMORY;
  v->shape = *shape;
  *cover = v;
  return FC_OK;
}

void fc_mixture_cover_free(fc_mixture_cover *v) {
  if (!v)
    return;
  release(v);
  for (size_t i = 0; i < v->face_count; i++)
    mpfr_clear(v->faces[i].most);
  free(v);
}

fc_status fc_mixture_cover_add_face(fc_mixture_cover *v, unsigned members,
                                    mpfr_srcptr most) {
  if (v->face_count == MOST_FACES)
    return FC_LIMIT;
  face *added = &v->faces[v->face_count++];
  added->members = members;
  mpfr_init2(added->most, 64);
  mpfr_set(added->most, most, MPFR_RNDU);
  return FC_OK;
}

/* --- constants ---------------------------------------------------------- */

/* d2 = |m_j - m_k|^2, widest = the largest of them. */
static void set_distances(fc_mixture_cover *v) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count, n = v->shape.n;
  fc_srcptr m = v->number->m;
  fc_set_si(v->widest, 0, ctx);
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < count; k++) {
      fc_ptr d2 = v->d2 + j * count + k;
      fc_set_si(d2, 0, ctx);
      for (size_t i = 0; i < n && j != k; i++) {
        fc_sub(v->temp, m + j * n + i, m + k * n + i, ctx);
        fc_sqr(v->temp, v->temp, ctx);
        fc_add(d2, d2, v->temp, ctx);
      }
      fc_max(v->widest, v->widest, d2, ctx);
    }
}

/* Pair differences of what the loader wrote. */
static fc_status prepare(void *closure, const fc_ctx *ctx) {
  fc_mixture_cover *v = closure;
  release(v);
  fc_status status = allocate(v, ctx);
  if (status == FC_OK)
    status = v->shape.load(v->number, v->shape.closure, ctx);
  if (status)
    return status;
  const fc_mixture_numbers *number = v->number;
  fc_responsibility_set(v->ratio, number->A, number->B, number->Q,
                        v->shape.one_width ? NULL : v->shape.same);
  if (v->shape.one_width)
    set_distances(v);
  return FC_OK;
}

/* --- H on a box --------------------------------------------------------- */

/* z = the upper end of a ball, as a point. */
static void upper_end(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  mpfr_t mid, rad;
  mpfr_init2(mid, ctx->precision);
  mpfr_init2(rad, 53);
  fc_get_enclosure(mid, rad, x, ctx);
  if (mpfr_number_p(mid) && mpfr_number_p(rad)) {
    mpfr_add(mid, mid, rad, MPFR_RNDU);
    fc_set_mpfr(z, mid, ctx);
  } else
    fc_set_inf(z, 1, ctx);
  mpfr_clear(mid);
  mpfr_clear(rad);
}

/* The smaller of two upper bounds; NaN and infinity say nothing. */
static void keep_least(fc_ptr upper, fc_srcptr candidate, const fc_ctx *ctx) {
  fc_num end;
  fc_init(end, ctx);
  upper_end(end, candidate, ctx);
  if (fc_is_finite(end, ctx) &&
      (!fc_is_finite(upper, ctx) || fc_lt(end, upper, ctx) == FC_TRUE))
    fc_set(upper, end, ctx);
  fc_clear(end, ctx);
}

static void keep_most(fc_ptr lower, fc_srcptr candidate, const fc_ctx *ctx) {
  fc_num end, negated;
  fc_init(end, ctx);
  fc_init(negated, ctx);
  fc_neg(negated, candidate, ctx);
  upper_end(end, negated, ctx);
  if (fc_is_finite(end, ctx)) {
    fc_neg(end, end, ctx);
    if (!fc_is_finite(lower, ctx) || fc_lt(lower, end, ctx) == FC_TRUE)
      fc_set(lower, end, ctx);
  }
  fc_clear(negated, ctx);
  fc_clear(end, ctx);
}

/* product = r_j r_k on the box, within [0, 1/4]. */
static void set_products(fc_mixture_cover *v) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count;
  fc_srcptr low = fc_responsibility_low(v->ratio),
            high = fc_responsibility_high(v->ratio);
  fc_ptr least = v->temp, most = v->temp + 1, quarter = v->temp + 2;
  fc_set_si(quarter, 1, ctx);
  fc_mul_2exp_si(quarter, quarter, -2, ctx);
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < j; k++) {
      fc_mul(least, low + j, low + k, ctx);
      fc_mul(most, high + j, high + k, ctx);
      fc_min(most, most, quarter, ctx);
      fc_hull(v->product + j * count + k, least, most, ctx);
    }
}

/* --- eigenvectors at the midpoint --------------------------------------- */

/* tan(phi/2) for the direction (cos phi, sin phi) in which Cov_r0 is largest,
 * roughly; |phi| <= pi/2. */
static double half_tangent(const fc_mixture_cover *v) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count;
  fc_srcptr r = fc_responsibility_midpoint(v->ratio), m = v->number->m;
  double xx = 0, xy = 0, yy = 0, mean[2] = {0, 0};
  for (size_t k = 0; k < count; k++)
    for (int i = 0; i < 2; i++)
      mean[i] += fc_get_d(r + k, ctx) * fc_get_d(m + 2 * k + i, ctx);
  for (size_t k = 0; k < count; k++) {
    double x = fc_get_d(m + 2 * k, ctx) - mean[0],
           y = fc_get_d(m + 2 * k + 1, ctx) - mean[1],
           weight = fc_get_d(r + k, ctx);
    xx += weight * x * x;
    xy += weight * x * y;
    yy += weight * y * y;
  }
  double phi = atan2(2 * xy, xx - yy) / 2, tangent = tan(phi / 2);
  return isfinite(tangent) ? tangent : 0;
}

/* delta = m_j - m_k turned so that the first axis is that direction: with
 * tangent an exact number, (1 - tangent^2)/(1 + tangent^2) and 2 tangent/(1 +
 * tangent^2) are exactly cosine and sine of an angle. */
static void rotate(fc_mixture_cover *v) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count;
  fc_srcptr m = v->number->m;
  fc_ptr cosine = v->temp, sine = v->temp + 1, norm = v->temp + 2,
         x = v->temp + 3, y = v->temp + 4;
  fc_set_d(sine, half_tangent(v), ctx);
  fc_sqr(norm, sine, ctx);
  fc_neg(cosine, norm, ctx);
  fc_add_si(cosine, cosine, 1, ctx);
  fc_add_si(norm, norm, 1, ctx);
  fc_mul_2exp_si(sine, sine, 1, ctx);
  fc_div(cosine, cosine, norm, ctx);
  fc_div(sine, sine, norm, ctx);
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < j; k++) {
      fc_ptr turned = v->delta + 2 * (j * count + k);
      fc_sub(x, m + 2 * j, m + 2 * k, ctx);
      fc_sub(y, m + 2 * j + 1, m + 2 * k + 1, ctx);
      fc_mul(turned, cosine, x, ctx);
      fc_addmul(turned, sine, y, ctx);
      fc_mul(turned + 1, cosine, y, ctx);
      fc_submul(turned + 1, sine, x, ctx);
      fc_vec_set(v->delta0 + 2 * (j * count + k), turned, 2, ctx);
    }
}

/* delta on the box and at the midpoint, n = 1. */
static void set_delta(fc_mixture_cover *v) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count;
  const fc_mixture_numbers *number = v->number;
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < j; k++) {
      size_t i = j * count + k;
      if (v->shape.one_width) {
        fc_sub(v->delta + i, number->m + j, number->m + k, ctx);
        fc_set(v->delta0 + i, v->delta + i, ctx);
        continue;
      }
      fc_set(v->delta0 + i, number->D + i, ctx);
      fc_addmul(v->delta0 + i, number->E + i,
                fc_responsibility_centre(v->ratio), ctx);
      fc_set(v->delta + i, number->D + i, ctx);
      if (fc_responsibility_is_finite(v->ratio))
        fc_addmul(v->delta + i, number->E + i,
                  fc_responsibility_range(v->ratio), ctx);
    }
}

/* --- sums over pairs ---------------------------------------------------- */

/* z = sum_{j<k} w_jk delta_jk[p] delta_jk[q], w_jk the products on the box or
 * (midpoint) at the midpoint. */
static void pair_sum(fc_ptr z, const fc_mixture_cover *v, bool midpoint,
                     size_t p, size_t q) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count, n = v->shape.n;
  fc_srcptr r = fc_responsibility_midpoint(v->ratio);
  fc_srcptr delta = midpoint ? v->delta0 : v->delta;
  fc_ptr term = v->temp + TEMPS - 1;
  fc_set_si(z, 0, ctx);
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < j; k++) {
      fc_srcptr d = delta + n * (j * count + k);
      if (p == q)
        fc_sqr(term, d + p, ctx);
      else
        fc_mul(term, d + p, d + q, ctx);
      if (midpoint) {
        fc_mul(term, term, r + j, ctx);
        fc_addmul(z, term, r + k, ctx);
      } else
        fc_addmul(z, term, v->product + j * count + k, ctx);
    }
}

/* z = sum r_k c_k, as c_0 + sum r_k (c_k - c_0). */
static void weighted_rates(fc_ptr z, const fc_mixture_cover *v, fc_srcptr r) {
  const fc_ctx *ctx = v->ctx;
  fc_srcptr c = v->number->c;
  fc_ptr term = v->temp + TEMPS - 1;
  fc_set(z, c, ctx);
  for (size_t k = 1; k < v->shape.count; k++) {
    fc_sub(term, c + k, c, ctx);
    fc_addmul(z, term, r + k, ctx);
  }
}

/* drift[k] = sum_l r_l (s_k - s_l), s_k the derivative of g_k along coordinate
 * `along` of the box: the derivative of log r_k. */
static void set_drift(fc_mixture_cover *v, size_t along) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count;
  fc_srcptr r = fc_responsibility_box(v->ratio);
  fc_ptr slope = v->temp + TEMPS - 1;
  for (size_t k = 0; k < count; k++)
    fc_set_si(v->drift + k, 0, ctx);
  for (size_t k = 0; k < count; k++)
    for (size_t l = 0; l < k; l++) {
      fc_responsibility_slope(slope, v->ratio, k, l, along);
      fc_addmul(v->drift + k, slope, r + l, ctx);
      fc_submul(v->drift + l, slope, r + k, ctx);
    }
}

/* z = sum_{j<k} r_j r_k (drift_j + drift_k) delta[p] delta[q]: the derivative
 * of the sum over pairs at constant delta. */
static void drifted_sum(fc_ptr z, const fc_mixture_cover *v, size_t p,
                        size_t q) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count, n = v->shape.n;
  fc_ptr term = v->temp + TEMPS - 1, both = v->temp + TEMPS - 2;
  fc_set_si(z, 0, ctx);
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < j; k++) {
      size_t i = j * count + k;
      fc_add(both, v->drift + j, v->drift + k, ctx);
      fc_mul(both, both, v->product + i, ctx);
      if (p == q)
        fc_sqr(term, v->delta + n * i + p, ctx);
      else
        fc_mul(term, v->delta + n * i + p, v->delta + n * i + q, ctx);
      fc_addmul(z, both, term, ctx);
    }
}

/* --- Popoviciu ---------------------------------------------------------- */

/* z >= the largest variance in any direction of any law on `members`. */
static void most_variance(fc_ptr z, const fc_mixture_cover *v,
                          unsigned members) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count;
  fc_set_si(z, 0, ctx);
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < j; k++)
      if (members >> j & 1 && members >> k & 1)
        fc_max(z, z, v->d2 + j * count + k, ctx);
  fc_mul_2exp_si(z, z, -2, ctx);
}

/* z = most + widest times the responsibility outside of members. */
static void add_others(fc_ptr z, const fc_mixture_cover *v, unsigned members) {
  const fc_ctx *ctx = v->ctx;
  for (size_t k = 0; k < v->shape.count; k++)
    if (!(members >> k & 1))
      fc_addmul(z, v->widest, fc_responsibility_high(v->ratio) + k, ctx);
}

/* The components in the order of their largest responsibility on the box. */
static void rank_components(size_t order[FC_MIXTURE_COVER_MOST],
                            const fc_mixture_cover *v) {
  fc_srcptr high = fc_responsibility_high(v->ratio);
  for (size_t k = 0; k < v->shape.count; k++) {
    size_t i = k;
    for (; i > 0 && fc_cmp_mid(high + order[i - 1], high + k, v->ctx) < 0; i--)
      order[i] = order[i - 1];
    order[i] = k;
  }
}

static void bound_by_subsets(fc_ptr upper, fc_mixture_cover *v) {
  const fc_ctx *ctx = v->ctx;
  size_t order[FC_MIXTURE_COVER_MOST] = {0};
  fc_ptr bound = v->temp;
  unsigned members = 0;
  rank_components(order, v);
  for (size_t k = 0; k < v->shape.count; k++) {
    members |= 1u << order[k];
    most_variance(bound, v, members);
    add_others(bound, v, members);
    keep_least(upper, bound, ctx);
  }
  for (size_t i = 0; i < v->face_count; i++) {
    fc_set_mpfr(bound, v->faces[i].most, ctx);
    add_others(bound, v, v->faces[i].members);
    keep_least(upper, bound, ctx);
  }
}

/* --- one width ---------------------------------------------------------- */

/* upper >= lambda_max of every symmetric matrix in the balls (xx, xy, yy): it
 * grows with xx, yy and |xy|. */
static void largest_eigenvalue(fc_ptr upper, fc_ptr xx, fc_ptr xy, fc_ptr yy,
                               const fc_ctx *ctx) {
  upper_end(xx, xx, ctx);
  upper_end(yy, yy, ctx);
  fc_abs(xy, xy, ctx);
  upper_end(xy, xy, ctx);
  if (!fc_is_finite(xx, ctx) || !fc_is_finite(yy, ctx) ||
      !fc_is_finite(xy, ctx))
    return;
  fc_num half, root;
  fc_init(half, ctx);
  fc_init(root, ctx);
  fc_sub(half, xx, yy, ctx);
  fc_mul_2exp_si(half, half, -1, ctx);
  fc_sqr(root, half, ctx);
  fc_sqr(half, xy, ctx);
  fc_add(root, root, half, ctx);
  upper_end(root, root, ctx);
  fc_sqrt(root, root, ctx);
  fc_add(half, xx, yy, ctx);
  fc_mul_2exp_si(half, half, -1, ctx);
  fc_add(half, half, root, ctx);
  keep_least(upper, half, ctx);
  fc_clear(root, ctx);
  fc_clear(half, ctx);
}

/* The entries xx, xy, yy of a symmetric matrix. */
enum { XX, XY, YY, ENTRIES };

/* slope[3*along + entry] = the derivatives of Cov_r on the box. */
static void plane_slopes(fc_ptr slope, fc_mixture_cover *v) {
  for (size_t along = 0; along < 2; along++) {
    set_drift(v, along);
    drifted_sum(slope + ENTRIES * along + XX, v, 0, 0);
    drifted_sum(slope + ENTRIES * along + XY, v, 0, 1);
    drifted_sum(slope + ENTRIES * along + YY, v, 1, 1);
  }
}

/* True where lambda_max is simple all over the box, with a derivative that does
 * not vanish: its eigenvectors are (1, tilt) with |tilt| <= |xy|/(xx - yy), and
 * the derivative has the sign of (1, tilt) slope (1, tilt)'. */
static bool climbs(fc_srcptr entry, fc_srcptr slope, const fc_ctx *ctx) {
  fc_num gap, tilt, rise;
  fc_init(gap, ctx);
  fc_init(tilt, ctx);
  fc_init(rise, ctx);
  fc_sub(gap, entry + XX, entry + YY, ctx);
  bool simple = fc_is_positive(gap, ctx) == FC_TRUE, climbing = false;
  if (simple) { /* [-1, 1] |xy|/gap holds 0 and every tilt */
    fc_div(tilt, entry + XY, gap, ctx);
    fc_neg(gap, tilt, ctx);
    fc_hull(tilt, tilt, gap, ctx);
  }
  for (size_t along = 0; along < 2 && simple && !climbing; along++) {
    fc_srcptr s = slope + ENTRIES * along;
    fc_mul_2exp_si(gap, s + XY, 1, ctx);
    fc_mul(rise, tilt, s + YY, ctx);
    fc_add(rise, rise, gap, ctx);
    fc_mul(rise, rise, tilt, ctx);
    fc_add(rise, rise, s + XX, ctx);
    climbing = fc_is_positive(rise, ctx) == FC_TRUE ||
               fc_is_negative(rise, ctx) == FC_TRUE;
  }
  fc_clear(rise, ctx);
  fc_clear(tilt, ctx);
  fc_clear(gap, ctx);
  return climbing;
}

/* Cov_r for two coordinates: value, lower, upper. */
static void enclose_plane(fc_cover_view *view, fc_mixture_cover *v) {
  const fc_ctx *ctx = v->ctx;
  fc_ptr entry = v->temp + 10, slope = v->temp + 13;
  rotate(v);
  pair_sum(entry + XX, v, true, 0, 0); /* a Rayleigh quotient */
  fc_set(view->value, entry + XX, ctx);
  if (fc_responsibility_is_finite(v->ratio)) {
    pair_sum(entry + XY, v, true, 0, 1);
    pair_sum(entry + YY, v, true, 1, 1);
    plane_slopes(slope, v);
    for (size_t along = 0; along < 2; along++)
      for (size_t i = 0; i < ENTRIES; i++)
        fc_addmul(entry + i, slope + ENTRIES * along + i,
                  fc_responsibility_deviation(v->ratio, along), ctx);
    keep_most(view->lower, entry + XX, ctx);
    view->discard = climbs(entry, slope, ctx);
    largest_eigenvalue(view->upper, entry + XX, entry + XY, entry + YY, ctx);
  }
  if (view->discard)
    return;
  pair_sum(entry + XX, v, false, 0, 0);
  pair_sum(entry + XY, v, false, 0, 1);
  pair_sum(entry + YY, v, false, 1, 1);
  keep_most(view->lower, entry + XX, ctx);
  largest_eigenvalue(view->upper, entry + XX, entry + XY, entry + YY, ctx);
}

/* --- the line ----------------------------------------------------------- */

/* Far out on the side `sign`, where r_j/r_k = exp(g), g = A + B x + Q x^2 with
 * Q < 0: r_j r_k delta^2 <= (D + E x)^2 exp(g), which decreases beyond the end
 * X if 2 E/(D + E X) + B + 2 Q X < 0 there and D + E X has the sign of E.
 * Infinite where that is not so. */
static void tail_term(fc_ptr z, const fc_mixture_cover *v, size_t j, size_t k,
                      int sign) {
  const fc_ctx *ctx = v->ctx;
  fc_num X, d, e, g, rate;
  fc_ptr all[] = {X, d, e, g, rate};
  for (int i = 0; i < 5; i++)
    fc_init(all[i], ctx);
  size_t i = j * v->shape.count + k;
  fc_responsibility_tail(X, g, rate, v->ratio, j, k, sign);
  fc_set(e, v->number->E + i, ctx);
  if (sign < 0)
    fc_neg(e, e, ctx);
  fc_set(d, v->number->D + i, ctx);
  fc_addmul(d, e, X, ctx); /* X >= 0 is the distance along that side */
  bool grows =
      (fc_is_positive(d, ctx) == FC_TRUE &&
       fc_is_positive(e, ctx) == FC_TRUE) ||
      (fc_is_negative(d, ctx) == FC_TRUE && fc_is_negative(e, ctx) == FC_TRUE);
  fc_div(e, e, d, ctx);
  fc_mul_2exp_si(e, e, 1, ctx);
  fc_add(rate, rate, e, ctx);
  if (grows && fc_is_negative(rate, ctx) == FC_TRUE) {
    fc_exp(g, g, ctx);
    fc_sqr(z, d, ctx);
    fc_mul(z, z, g, ctx);
  } else
    fc_set_inf(z, 1, ctx);
  for (int i2 = 0; i2 < 5; i2++)
    fc_clear(all[i2], ctx);
}

/* upper of H, from below by what the pairs cannot take away: a box that reaches
 * infinity on one side, any widths. */
static void enclose_tail(fc_ptr lower, fc_ptr upper, fc_mixture_cover *v) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count;
  fc_ptr sum = v->temp + 10, term = v->temp + 11, rates = v->temp + 12;
  int side = fc_responsibility_side(v->ratio);
  weighted_rates(rates, v, fc_responsibility_box(v->ratio));
  keep_most(lower, rates, ctx);
  fc_set_si(sum, 0, ctx);
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < j; k++) {
      size_t i = j * count + k;
      if (v->shape.same[i]) {
        fc_sqr(term, v->delta + i, ctx); /* constant: E = 0 */
        fc_mul(term, term, v->product + i, ctx);
      } else if (side)
        tail_term(term, v, j, k, side);
      else
        fc_set_inf(term, 1, ctx);
      if (!fc_is_finite(term, ctx))
        return;
      fc_add(sum, sum, term, ctx);
    }
  fc_addmul(rates, sum, v->number->factor, ctx);
  keep_least(upper, rates, ctx);
}

/* slope = dH/dxi on the box. */
static void derivative(fc_ptr slope, fc_mixture_cover *v) {
  const fc_ctx *ctx = v->ctx;
  size_t count = v->shape.count;
  const fc_mixture_numbers *number = v->number;
  fc_ptr term = v->temp + 8, part = v->temp + 9;
  set_drift(v, 0);
  drifted_sum(slope, v, 0, 0);
  if (v->shape.one_width)
    return;
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < j; k++) {
      size_t i = j * count + k;
      fc_mul(term, v->delta + i, number->E + i, ctx);
      fc_mul_2exp_si(term, term, 1, ctx);
      fc_addmul(slope, term, v->product + i, ctx);
    }
  fc_mul(slope, slope, number->factor, ctx);
  for (size_t k = 1; k < count; k++) { /* sum r_k drift_k = 0 */
    fc_sub(term, number->c + k, number->c, ctx);
    fc_mul(part, fc_responsibility_box(v->ratio) + k, v->drift + k, ctx);
    fc_addmul(slope, term, part, ctx);
  }
}

/* z = H, from products on the box or at the midpoint. */
static void whole(fc_ptr z, fc_mixture_cover *v, bool midpoint) {
  fc_ptr rates = v->temp + 13;
  pair_sum(z, v, midpoint, 0, 0);
  if (v->shape.one_width)
    return;
  weighted_rates(rates, v,
                 midpoint ? fc_responsibility_midpoint(v->ratio)
                          : fc_responsibility_box(v->ratio));
  fc_mul(z, z, v->number->factor, v->ctx);
  fc_add(z, z, rates, v->ctx);
}

static void enclose_line(fc_cover_view *view, fc_mixture_cover *v) {
  const fc_ctx *ctx = v->ctx;
  fc_ptr sum = v->temp + 14, slope = v->temp + 15;
  set_delta(v);
  whole(sum, v, true);
  fc_set(view->value, sum, ctx);
  if (fc_responsibility_is_finite(v->ratio)) {
    derivative(slope, v);
    /* A maximum has slope 0, and what is approached at infinity is not here. */
    view->discard = fc_is_positive(slope, ctx) == FC_TRUE ||
                    fc_is_negative(slope, ctx) == FC_TRUE;
    fc_addmul(sum, slope, fc_responsibility_deviation(v->ratio, 0), ctx);
    keep_least(view->upper, sum, ctx);
    keep_most(view->lower, sum, ctx);
  } else if (!v->shape.one_width) {
    enclose_tail(view->lower, view->upper, v);
    return;
  }
  whole(sum, v, false);
  keep_least(view->upper, sum, ctx);
  keep_most(view->lower, sum, ctx);
}

/* --- boxes -------------------------------------------------------------- */

/* sup -H in place of sup H. */
static void turn_over(fc_cover_view *view, const fc_ctx *ctx) {
  fc_swap(view->upper, view->lower);
  fc_neg(view->upper, view->upper, ctx);
  fc_neg(view->lower, view->lower, ctx);
  fc_neg(view->value, view->value, ctx);
}

static fc_status enclose(fc_cover_view *view, const fc_cover_box *box,
                         void *closure, const fc_ctx *ctx) {
  fc_mixture_cover *v = closure;
  fc_responsibility_place(v->ratio, box, v->shape.scale);
  set_products(v);
  if (v->shape.n == 2)
    enclose_plane(view, v);
  else
    enclose_line(view, v);
  if (v->shape.one_width && !view->discard)
    bound_by_subsets(view->upper, v);
  if (v->shape.minimise)
    turn_over(view, ctx);
  return FC_OK;
}

fc_status fc_mixture_cover_run(fc_cover_result *result, fc_mixture_cover *v,
                               const fc_cover_goal *goal, fc_error *error) {
  fc_cover_box roots[5];
  memset(roots, 0, sizeof roots);
  size_t count = v->shape.n == 1 ? 1 : 5;
  for (size_t i = 0; i < count; i++) {
    roots[i].chart = (int)i;
    roots[i].low[0] = i ? 0 : -1; /* a sector reaches from p = 0, infinity */
    roots[i].low[1] = -1;
    roots[i].high[0] = roots[i].high[1] = 1;
  }
  fc_cover_problem problem = {.n = v->shape.n,
                              .roots = roots,
                              .root_count = count,
                              .prepare = prepare,
                              .enclose = enclose,
                              .closure = v};
  fc_status status = fc_cover_run(result, &problem, goal, error);
  release(v);
  return status;
}
