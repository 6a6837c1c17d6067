/* The largest eigenvalue of Cov_r(m) over all xi in the span of the means. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suprema/certified_private.h"
#include "suprema/mixture_cover.h"

enum {
  MOST_PAIRS = 256,  /* compared in balls */
  MOST_ROUGH = 2000, /* components whose pairs are compared in binary64 */
  ROUNDS = 400       /* of the perceptron rule */
};

/* --- a farthest pair that is an edge ------------------------------------ */

/* means in binary64; row by row */
typedef struct rough {
  size_t d, count;
  double *mean;  /* count*d */
  double *other; /* d */
  double *g;     /* d */
  size_t j, k;   /* a farthest pair */
} rough;

static double dot(const double *x, const double *y, size_t d) {
  double sum = 0;
  for (size_t i = 0; i < d; i++)
    sum += x[i] * y[i];
  return sum;
}

static void farthest_pair(rough *r) {
  double most = -1;
  for (size_t j = 0; j < r->count; j++)
    for (size_t k = 0; k < j; k++) {
      double distance = 0;
      for (size_t i = 0; i < r->d; i++) {
        double gap = r->mean[j * r->d + i] - r->mean[k * r->d + i];
        distance += gap * gap;
      }
      if (distance > most) {
        most = distance;
        r->j = j;
        r->k = k;
      }
    }
}

/* other = m_l - m_j without its part along m_k - m_j, of length 1; false where
 * nothing is left. */
static bool offset(rough *r, size_t l) {
  const double *from = r->mean + r->j * r->d, *to = r->mean + r->k * r->d;
  double along = 0, length = 0;
  for (size_t i = 0; i < r->d; i++) {
    along += (r->mean[l * r->d + i] - from[i]) * (to[i] - from[i]);
    length += (to[i] - from[i]) * (to[i] - from[i]);
  }
  for (size_t i = 0; i < r->d; i++)
    r->other[i] =
        r->mean[l * r->d + i] - from[i] - along / length * (to[i] - from[i]);
  double norm = sqrt(dot(r->other, r->other, r->d));
  for (size_t i = 0; i < r->d; i++)
    r->other[i] /= norm;
  return norm > 1e-9 * sqrt(length);
}

/* g such that g.m_l < g.m_j = g.m_k for all other l, by the perceptron rule:
 * the pair is an edge of the hull of the means. */
static bool find_normal(rough *r) {
  for (size_t i = 0; i < r->d; i++)
    r->g[i] = 0;
  for (int round = 0; round < ROUNDS; round++) {
    bool clean = true;
    for (size_t l = 0; l < r->count; l++) {
      if (l == r->j || l == r->k)
        continue;
      if (!offset(r, l))
        return false;
      double margin = 1e-3 * sqrt(dot(r->g, r->g, r->d));
      if (dot(r->g, r->other, r->d) < -margin)
        continue;
      clean = false;
      for (size_t i = 0; i < r->d; i++)
        r->g[i] -= r->other[i];
    }
    if (clean)
      return true;
  }
  return false;
}

static fc_status rough_init(rough *r, fc_srcptr means, size_t count, size_t d,
                            const fc_ctx *ctx) {
  memset(r, 0, sizeof *r);
  r->d = d;
  r->count = count;
  r->mean = calloc(count * d, sizeof *r->mean);
  r->other = calloc(d, sizeof *r->other);
  r->g = calloc(d, sizeof *r->g);
  if (!r->mean || !r->other || !r->g)
    return FC_MEMORY;
  for (size_t i = 0; i < count * d; i++)
    r->mean[i] = fc_get_d(means + i, ctx);
  return FC_OK;
}

static void rough_clear(rough *r) {
  free(r->mean);
  free(r->other);
  free(r->g);
}

/* z = |m_j - m_k|^2/4 */
static void quarter_distance(fc_ptr z, fc_srcptr means, size_t j, size_t k,
                             size_t d, const fc_ctx *ctx) {
  fc_num gap;
  fc_init(gap, ctx);
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_sub(gap, means + j * d + i, means + k * d + i, ctx);
    fc_sqr(gap, gap, ctx);
    fc_add(z, z, gap, ctx);
  }
  fc_mul_2exp_si(z, z, -2, ctx);
  fc_clear(gap, ctx);
}

/* Proves that g without its part along the pair puts every other mean below
 * both: g.(m_l - m_j) - ((m_l - m_j).D/|D|^2) g.D < 0, D = m_k - m_j. */
static bool confirm_normal(const rough *r, fc_srcptr means, const fc_ctx *ctx) {
  fc_num g, D, gap, gD, DD, gl, lD;
  fc_ptr all[] = {g, D, gap, gD, DD, gl, lD};
  for (int i = 0; i < 7; i++)
    fc_init(all[i], ctx);
  bool below = true;
  for (size_t l = 0; l < r->count && below; l++) {
    if (l == r->j || l == r->k)
      continue;
    for (int i = 3; i < 7; i++)
      fc_set_si(all[i], 0, ctx);
    for (size_t i = 0; i < r->d; i++) {
      fc_srcptr from = means + r->j * r->d + i;
      fc_set_d(g, r->g[i], ctx);
      fc_sub(D, means + r->k * r->d + i, from, ctx);
      fc_sub(gap, means + l * r->d + i, from, ctx);
      fc_addmul(gD, g, D, ctx);
      fc_addmul(DD, D, D, ctx);
      fc_addmul(gl, g, gap, ctx);
      fc_addmul(lD, gap, D, ctx);
    }
    fc_mul(gl, gl, DD, ctx);
    fc_submul(gl, lD, gD, ctx);
    below = fc_is_positive(DD, ctx) == FC_TRUE &&
            fc_is_negative(gl, ctx) == FC_TRUE;
  }
  for (int i = 0; i < 7; i++)
    fc_clear(all[i], ctx);
  return below;
}

/* --- Popoviciu ---------------------------------------------------------- */

/* high >= a quarter of the diameter squared. */
static fc_status popoviciu(fc_ptr high, fc_srcptr means,
                           const fc_target *target, size_t count,
                           const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  if (count > MOST_PAIRS) { /* dear: the class constant knows a shorter way */
    fc_status status =
        fc_target_constant(high, NULL, NULL, target, FC_HALF_DIAM, ctx);
    if (status == FC_UNSUPPORTED)
      status = fc_target_constant(high, NULL, NULL, target,
                                  FC_SUPPORT_HALF_DIAM, ctx);
    fc_sqr(high, high, ctx);
    return status;
  }
  fc_num quarter;
  fc_init(quarter, ctx);
  fc_set_si(high, 0, ctx);
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < j; k++) {
      quarter_distance(quarter, means, j, k, d, ctx);
      fc_max(high, high, quarter, ctx);
    }
  fc_clear(quarter, ctx);
  return FC_OK;
}

/* --- ends --------------------------------------------------------------- */

static void set_ends(fc_spread_answer *answer, fc_srcptr low, fc_srcptr high,
                     const fc_ctx *ctx) {
  mpfr_t mid, rad;
  mpfr_init2(mid, ctx->precision);
  mpfr_init2(rad, 53);
  fc_get_enclosure(mid, rad, low, ctx);
  mpfr_sub(answer->low, mid, rad, MPFR_RNDD);
  fc_get_enclosure(mid, rad, high, ctx);
  mpfr_add(answer->high, mid, rad, MPFR_RNDU);
  mpfr_clear(mid);
  mpfr_clear(rad);
}

/* --- the pair, in general ----------------------------------------------- */

/* Along xi = rho g + tau D, rho to infinity, only the pair is left, with any
 * ratio: half the distance squared is approached, and Popoviciu allows no more
 * where no pair is farther apart. */
static fc_status by_pair(bool *found, fc_spread_answer *answer,
                         const fc_target *target, fc_srcptr means, size_t count,
                         const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  rough r[1];
  fc_num low, high;
  fc_init(low, ctx);
  fc_init(high, ctx);
  fc_status status = rough_init(r, means, count, d, ctx);
  *found = false;
  if (status == FC_OK)
    status = popoviciu(high, means, target, count, ctx);
  if (status == FC_OK) {
    if (count <= MOST_ROUGH) {
      farthest_pair(r);
      *found = count == 2 || (find_normal(r) && confirm_normal(r, means, ctx));
    }
    if (*found)
      quarter_distance(low, means, r->j, r->k, d, ctx);
    set_ends(answer, low, high, ctx);
    answer->reached = *found;
    answer->argument =
        *found
            ? "a farthest pair of means is an edge of their hull: half their "
              "distance squared is the most that Popoviciu allows"
            : "between what a search finds and Popoviciu's bound";
  }
  rough_clear(r);
  fc_clear(high, ctx);
  fc_clear(low, ctx);
  return status;
}

/* --- the contract ------------------------------------------------------- */

fc_status fc_largest_spread(fc_spread_answer *answer,
                            const fc_spread_question *question,
                            const fc_ctx *ctx, fc_error *error) {
  const fc_target *target = question->target;
  size_t d = fc_target_dimension(target),
         count = fc_target_isotropic_count(target);
  fc_num weight;
  fc_ptr means = fc_vec_new(count * d, ctx);
  if (!means)
    return FC_MEMORY;
  fc_init(weight, ctx);
  for (size_t k = 0; k < count; k++)
    fc_target_isotropic_get(means + k * d, weight, target, k, ctx);
  bool found = count == 1;
  fc_status status = FC_OK;
  answer->boxes = 0;
  answer->reached = true;
  answer->argument = "one component: grad v is the same everywhere";
  mpfr_set_zero(answer->low, 1);
  mpfr_set_zero(answer->high, 1);
  if (!found)
    status = by_pair(&found, answer, target, means, count, ctx);
  if (status == FC_OK && !found && count <= FC_MIXTURE_COVER_MOST)
    status = fc_spread_by_cover(answer, question, ctx, error);
  fc_clear(weight, ctx);
  fc_vec_free(means, count * d, ctx);
  return status;
}
