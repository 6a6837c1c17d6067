/* Gaussians of any covariances in R^d.  With V_k = a^2 I + b^2 S_k,
 *   grad v = sum_k r_k c_k + (a omega/b) Cov_r(V_k^-1 (x - b m_k)),
 *   c_k = (a a' I + b b' S_k) V_k^-1,
 * whose eigenvalues (a a' + b b' lambda)/(a^2 + b^2 lambda) grow with those of
 * S_k.  One component: that is all.  Several:
 *   least: at least that of the c_k; and the limit c_k is approached along
 * every e with e'V_k^-1 e < e'V_j^-1 e for all other j; most:  infinite where
 * there are two components and S_1 - S_2 is indefinite: the set on which both
 * have equal responsibility is then unbounded, with V_1^-1 (x - b m_1) - V_2^-1
 * (x - b m_2) growing along it. */
#include <stdlib.h>

#include "matrix/matrix.h"
#include "suprema/certified_private.h"

enum {
  DIRECTIONS = 64, /* that are tried */
  HALVINGS = 30    /* of the way between two of them */
};

typedef struct parts {
  size_t d, count;
  fc_schedule_value at[1];
  fc_ptr mean, covariance;               /* d, count*d*d */
  fc_ptr spectrum;                       /* count*d, ascending */
  fc_ptr difference, vectors, values, e; /* d*d, d*d, d, d */
  fc_num temp, other;
} parts;

static void parts_clear(parts *p, const fc_ctx *ctx) {
  size_t d = p->d;
  fc_schedule_value_clear(p->at, ctx);
  fc_vec_free(p->mean, d, ctx);
  fc_vec_free(p->covariance, p->count * d * d, ctx);
  fc_vec_free(p->spectrum, p->count * d, ctx);
  fc_vec_free(p->difference, d * d, ctx);
  fc_vec_free(p->vectors, d * d, ctx);
  fc_vec_free(p->values, d, ctx);
  fc_vec_free(p->e, d, ctx);
  fc_clear(p->temp, ctx);
  fc_clear(p->other, ctx);
}

static fc_status parts_init(parts *p, const fc_eigenvalue_question *question,
                            const fc_ctx *ctx) {
  size_t d = p->d = fc_target_dimension(question->target),
         count = p->count = fc_target_mixture_count(question->target);
  fc_schedule_value_init(p->at, ctx);
  fc_init(p->temp, ctx);
  fc_init(p->other, ctx);
  p->mean = fc_vec_new(d, ctx);
  p->covariance = fc_vec_new(count * d * d, ctx);
  p->spectrum = fc_vec_new(count * d, ctx);
  p->difference = fc_vec_new(d * d, ctx);
  p->vectors = fc_vec_new(d * d, ctx);
  p->values = fc_vec_new(d, ctx);
  p->e = fc_vec_new(d, ctx);
  if (!p->mean || !p->covariance || !p->spectrum || !p->difference ||
      !p->vectors || !p->values || !p->e)
    return FC_MEMORY;
  fc_status status = fc_certified_schedule(p->at, question, ctx);
  for (size_t k = 0; k < count && status == FC_OK; k++) {
    status = fc_target_mixture_get(p->mean, p->covariance + k * d * d, p->temp,
                                   question->target, k, ctx);
    if (status == FC_OK)
      status = fc_matrix_eigen(p->spectrum + k * d, NULL,
                               p->covariance + k * d * d, d, ctx);
  }
  return status;
}

/* z = (a a' + b b' lambda)/(a^2 + b^2 lambda). */
static void rate(fc_ptr z, parts *p, fc_srcptr lambda, const fc_ctx *ctx) {
  fc_mul(p->temp, p->at->b, p->at->db, ctx);
  fc_mul(p->temp, p->temp, lambda, ctx);
  fc_add(p->temp, p->temp, p->at->ada, ctx);
  fc_sqr(p->other, p->at->b, ctx);
  fc_mul(p->other, p->other, lambda, ctx);
  fc_addmul(p->other, p->at->a, p->at->a, ctx);
  fc_div(z, p->temp, p->other, ctx);
}

/* --- the least ---------------------------------------------------------- */

/* y = V_k^-1 e. */
static fc_status solve(fc_ptr y, parts *p, size_t k, const fc_ctx *ctx) {
  size_t d = p->d;
  fc_ptr V = fc_vec_new(d * d, ctx);
  if (!V)
    return FC_MEMORY;
  for (size_t i = 0; i < d * d; i++) {
    fc_mul(V + i, p->covariance + k * d * d + i, p->at->b, ctx);
    fc_mul(V + i, V + i, p->at->b, ctx);
  }
  for (size_t i = 0; i < d; i++)
    fc_addmul(V + i * d + i, p->at->a, p->at->a, ctx);
  fc_status status = fc_matrix_cholesky(V, V, d, ctx);
  if (status == FC_OK)
    fc_matrix_cholesky_solve(y, V, p->e, d, ctx);
  fc_vec_free(V, d * d, ctx);
  return status;
}

/* z = e'V_k^-1 e. */
static fc_status precision_along(fc_ptr z, parts *p, size_t k,
                                 const fc_ctx *ctx) {
  fc_ptr y = fc_vec_new(p->d, ctx);
  fc_status status = y ? solve(y, p, k, ctx) : FC_MEMORY;
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < p->d && status == FC_OK; i++)
    fc_addmul(z, y + i, p->e + i, ctx);
  fc_vec_free(y, p->d, ctx);
  return status;
}

/* Far out along e (exact numbers) only component k is left. */
static bool alone_along(parts *p, size_t k, const fc_ctx *ctx) {
  fc_num mine, theirs;
  fc_init(mine, ctx);
  fc_init(theirs, ctx);
  bool alone = precision_along(mine, p, k, ctx) == FC_OK;
  for (size_t j = 0; j < p->count && alone; j++)
    if (j != k)
      alone = precision_along(theirs, p, j, ctx) == FC_OK &&
              fc_lt(mine, theirs, ctx) == FC_TRUE;
  fc_clear(theirs, ctx);
  fc_clear(mine, ctx);
  return alone;
}

/* Tries the eigenvectors of S_k - S_j for every other j. */
static bool find_direction(parts *p, size_t k, const fc_ctx *ctx) {
  size_t d = p->d;
  for (size_t j = 0; j < p->count; j++) {
    if (j == k)
      continue;
    for (size_t i = 0; i < d * d; i++)
      fc_sub(p->difference + i, p->covariance + k * d * d + i,
             p->covariance + j * d * d + i, ctx);
    if (fc_matrix_eigen(p->values, p->vectors, p->difference, d, ctx))
      continue;
    for (size_t l = 0; l < d; l++) {
      fc_vec_set(p->e, p->vectors + l * d, d, ctx);
      if (alone_along(p, k, ctx))
        return true;
    }
  }
  return false;
}

static fc_status smallest(fc_eigenvalue_answer *answer, parts *p,
                          const fc_eigenvalue_question *question,
                          const fc_ctx *ctx) {
  fc_num least, value;
  size_t best = 0;
  fc_init(least, ctx);
  fc_init(value, ctx);
  for (size_t k = 0; k < p->count; k++) {
    rate(value, p, p->spectrum + k * p->d, ctx);
    if (k == 0 || fc_cmp_mid(value, least, ctx) < 0)
      best = k;
    if (k == 0)
      fc_set(least, value, ctx);
    else
      fc_min(least, least, value, ctx);
  }
  fc_certified_raise_low(answer, least, ctx);
  answer->reached = find_direction(p, best, ctx);
  answer->argument = answer->reached
                         ? "approached far out, where one component is left"
                         : "between what a search finds and the least of the "
                           "components";
  fc_status status = FC_OK;
  if (answer->reached) {
    rate(value, p, p->spectrum + best * p->d, ctx);
    fc_certified_lower_high(answer, value, ctx);
  } else
    status = fc_certified_search(answer, question, ctx);
  fc_clear(value, ctx);
  fc_clear(least, ctx);
  return status;
}

/* --- the most ----------------------------------------------------------- */

/* The component with the least e'V_k^-1 e, roughly: the one that is left far
 * out along e. */
static size_t last_along(parts *p, const fc_ctx *ctx) {
  fc_num least, value;
  size_t best = 0;
  fc_init(least, ctx);
  fc_init(value, ctx);
  for (size_t k = 0; k < p->count; k++) {
    if (precision_along(value, p, k, ctx))
      continue;
    if (k == 0 || fc_cmp_mid(value, least, ctx) < 0) {
      best = k;
      fc_set(least, value, ctx);
    }
  }
  fc_clear(value, ctx);
  fc_clear(least, ctx);
  return best;
}

static void set_direction(parts *p, const double *e, const fc_ctx *ctx) {
  for (size_t i = 0; i < p->d; i++)
    fc_set_d(p->e + i, e[i], ctx);
}

/* V_j^-1 e != V_k^-1 e for every e in the ball: (S_j - S_k) V_k^-1 e != 0. */
static bool tells_apart(parts *p, size_t j, size_t k, const fc_ctx *ctx) {
  size_t d = p->d;
  fc_ptr y = fc_vec_new(d, ctx);
  bool apart = false;
  if (y && solve(y, p, k, ctx) == FC_OK)
    for (size_t i = 0; i < d && !apart; i++) {
      fc_set_si(p->temp, 0, ctx);
      for (size_t l = 0; l < d; l++) {
        fc_sub(p->other, p->covariance + j * d * d + i * d + l,
               p->covariance + k * d * d + i * d + l, ctx);
        fc_addmul(p->temp, p->other, y + l, ctx);
      }
      apart = fc_is_zero(p->temp, ctx) == FC_FALSE;
    }
  fc_vec_free(y, d, ctx);
  return apart;
}

/* Proves that between the directions `from`, along which j is left, and `to`,
 * along which k is, there is one along which both are and no other. */
static bool confirm_tie(parts *p, const double *from, const double *to,
                        size_t j, size_t k, const fc_ctx *ctx) {
  fc_num one, other;
  fc_init(one, ctx);
  fc_init(other, ctx);
  set_direction(p, from, ctx);
  bool tie = precision_along(one, p, j, ctx) == FC_OK &&
             precision_along(other, p, k, ctx) == FC_OK &&
             fc_lt(one, other, ctx) == FC_TRUE;
  set_direction(p, to, ctx);
  tie = tie && precision_along(one, p, j, ctx) == FC_OK &&
        precision_along(other, p, k, ctx) == FC_OK &&
        fc_lt(other, one, ctx) == FC_TRUE;
  for (size_t i = 0; i < p->d; i++) { /* every direction in between */
    fc_set_d(one, from[i], ctx);
    fc_set_d(other, to[i], ctx);
    fc_hull(p->e + i, one, other, ctx);
  }
  tie = tie && tells_apart(p, j, k, ctx) &&
        precision_along(one, p, j, ctx) == FC_OK;
  for (size_t l = 0; l < p->count && tie; l++)
    if (l != j && l != k)
      tie = precision_along(other, p, l, ctx) == FC_OK &&
            fc_lt(one, other, ctx) == FC_TRUE;
  fc_clear(other, ctx);
  fc_clear(one, ctx);
  return tie;
}

/* Halves the way between two directions along which different components are
 * left, until they are next to each other. */
static bool close_in(parts *p, double *from, double *to, size_t j, size_t k,
                     const fc_ctx *ctx) {
  double *half = malloc(p->d * sizeof *half);
  for (int round = 0; half && round < HALVINGS; round++) {
    for (size_t i = 0; i < p->d; i++)
      half[i] = from[i] + (to[i] - from[i]) / 2;
    set_direction(p, half, ctx);
    size_t last = last_along(p, ctx);
    double *moved = last == j ? from : to;
    if (last != j)
      k = last;
    for (size_t i = 0; i < p->d; i++)
      moved[i] = half[i];
  }
  bool tie = half && confirm_tie(p, from, to, j, k, ctx);
  free(half);
  return tie;
}

/* Some direction along which exactly two components are left for ever, with
 * V_j^-1 e != V_k^-1 e: the set where both have equal responsibility runs along
 * it to infinity, with V_j^-1 (x - b m_j) - V_k^-1 (x - b m_k) growing. */
static bool is_unbounded(parts *p, const fc_ctx *ctx) {
  size_t d = p->d, first = 0;
  double *from = calloc(2 * d, sizeof *from), *to = from ? from + d : NULL;
  fc_random random[1];
  bool unbounded = false;
  fc_random_init(random, 1, "suprema", "directions");
  for (int i = 0; from && i < DIRECTIONS && !unbounded; i++) {
    for (size_t l = 0; l < d; l++)
      to[l] = fc_random_normal(random);
    set_direction(p, to, ctx);
    size_t last = last_along(p, ctx);
    if (i > 0 && last != first)
      unbounded = close_in(p, from, to, first, last, ctx);
    for (size_t l = 0; l < d; l++)
      from[l] = to[l];
    set_direction(p, from, ctx);
    first = last_along(p, ctx);
  }
  free(from);
  return unbounded;
}

/* omega = 0, as at t = 1 where a a' = 0: grad v = sum r_k c_k. */
static void bound_by_components(fc_eigenvalue_answer *answer, parts *p,
                                const fc_ctx *ctx) {
  fc_num most, value;
  fc_init(most, ctx);
  fc_init(value, ctx);
  for (size_t k = 0; k < p->count; k++) {
    rate(value, p, p->spectrum + (k + 1) * p->d - 1, ctx);
    if (k == 0)
      fc_set(most, value, ctx);
    else
      fc_max(most, most, value, ctx);
  }
  fc_certified_lower_high(answer, most, ctx);
  fc_clear(value, ctx);
  fc_clear(most, ctx);
}

static fc_status largest(fc_eigenvalue_answer *answer, parts *p,
                         const fc_eigenvalue_question *question,
                         const fc_ctx *ctx) {
  fc_mul(p->temp, p->at->b, p->at->aomega, ctx);
  if (fc_is_positive(p->temp, ctx) == FC_TRUE && is_unbounded(p, ctx)) {
    mpfr_set_inf(answer->low, 1);
    answer->reached = true;
    answer->argument = "unbounded: two components of different covariances are "
                       "left for ever in some direction";
    return FC_OK;
  }
  answer->argument = "a search; no upper bound";
  if (fc_is_zero(p->temp, ctx) == FC_TRUE) {
    bound_by_components(answer, p, ctx);
    answer->argument = "between what a search finds and the most of the "
                       "components";
  }
  return fc_certified_search(answer, question, ctx);
}

static void only(fc_eigenvalue_answer *answer, parts *p, fc_side side,
                 const fc_ctx *ctx) {
  fc_num value;
  fc_init(value, ctx);
  rate(value, p, p->spectrum + (side == FC_LARGEST ? p->d - 1 : 0), ctx);
  fc_certified_set(answer, value, value, ctx);
  answer->reached = true;
  answer->argument = "one Gaussian: grad v is the same everywhere";
  fc_clear(value, ctx);
}

fc_status fc_certified_covariances(fc_eigenvalue_answer *answer,
                                   const fc_eigenvalue_question *question,
                                   const fc_ctx *ctx, fc_error *error) {
  parts p[1];
  (void)error;
  if (fc_target_mixture_count(question->target) == 0)
    return FC_UNSUPPORTED;
  fc_status status = parts_init(p, question, ctx);
  if (status == FC_OK && p->count == 1)
    only(answer, p, question->side, ctx);
  else if (status == FC_OK && question->side == FC_SMALLEST)
    status = smallest(answer, p, question, ctx);
  else if (status == FC_OK)
    status = largest(answer, p, question, ctx);
  parts_clear(p, ctx);
  return status;
}
