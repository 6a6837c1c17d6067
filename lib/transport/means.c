#include "transport/means.h"

#include <stdlib.h>

#include "transport/discrete.h"
#include "transport/masses.h"

enum { GUARD_BITS = 128 };

/* --- weights --------------------------------------------------------------
 */

/* An irrational weight, rounded. */
static void round_weight(mpq_t weight, const fc_target *target, size_t k,
                         long bits) {
  fc_ctx ctx[1];
  size_t d = fc_target_dimension(target);
  fc_num z;
  mpfr_t mid;
  fc_ctx_init_mpfr(ctx, bits);
  fc_init(z, ctx);
  mpfr_init2(mid, bits);
  fc_ptr scratch = fc_vec_new(d + d * d, ctx);
  if (scratch &&
      fc_target_mixture_get(scratch, scratch + d, z, target, k, ctx) == FC_OK) {
    fc_exp(z, z, ctx);
    fc_get_mid(mid, z, ctx);
    mpfr_get_q(weight, mid);
  }
  fc_vec_free(scratch, d + d * d, ctx);
  mpfr_clear(mid);
  fc_clear(z, ctx);
}

mpq_t *fc_means_weights(bool *rounded, const fc_target *target, long bits) {
  size_t count = fc_target_mixture_count(target);
  mpq_t *weights = malloc(count * sizeof *weights);
  *rounded = false;
  for (size_t k = 0; weights && k < count; k++) {
    mpq_init(weights[k]);
    if (!fc_target_weight_exact(weights[k], target, k)) {
      *rounded = true;
      /* a log of a few units and an exp: some bits are lost */
      round_weight(weights[k], target, k, bits + 32);
    }
  }
  return weights;
}

void fc_means_weights_free(mpq_t *weights, size_t count) {
  for (size_t k = 0; weights && k < count; k++)
    mpq_clear(weights[k]);
  free(weights);
}

/* --- points ---------------------------------------------------------------
 */

/* A mixture's means, and by how much a point may be off. */
typedef struct law {
  const fc_target *target;
  const fc_ctx *ctx;
  size_t count;
  size_t d;
  fc_ptr points;
  int64_t *masses;
  mpfr_t error;
} law;

/* x = a coordinate; false where it was rounded. */
static bool coordinate(mpfr_t x, const law *l, size_t k, size_t i) {
  mpq_t q;
  mpq_init(q);
  bool exact = fc_target_mean_exact(q, l->target, k, i) &&
               mpfr_set_q(x, q, MPFR_RNDN) == 0;
  mpq_clear(q);
  return exact;
}

/* All coordinates rounded to nearest: a point is off by at most 2^-precision
 * times its norm, which is at most sqrt(d) times the largest coordinate. */
static fc_status set_points(law *l) {
  bool exact = true;
  mpfr_t x, most;
  fc_num weight;
  mpfr_init2(x, l->ctx->precision);
  mpfr_init2(most, 64);
  fc_init(weight, l->ctx);
  mpfr_set_zero(most, 1);
  for (size_t k = 0; k < l->count; k++) {
    fc_ptr row = l->points + k * l->d;
    bool row_exact = true;
    for (size_t i = 0; i < l->d && row_exact; i++) {
      row_exact = coordinate(x, l, k, i);
      fc_set_mpfr(row + i, x, l->ctx);
    }
    if (!row_exact)
      fc_target_isotropic_get(row, weight, l->target, k, l->ctx);
    exact = exact && row_exact;
    for (size_t i = 0; i < l->d; i++) {
      fc_get_mid(x, row + i, l->ctx);
      if (mpfr_cmpabs(x, most) > 0)
        mpfr_abs(most, x, MPFR_RNDU);
    }
  }
  mpfr_set_ui(l->error, exact ? 0 : l->d, MPFR_RNDU);
  mpfr_sqrt(l->error, l->error, MPFR_RNDU);
  mpfr_mul(l->error, l->error, most, MPFR_RNDU);
  mpfr_mul_2si(l->error, l->error, -l->ctx->precision, MPFR_RNDU);
  mpfr_clears(x, most, (mpfr_ptr)0);
  fc_clear(weight, l->ctx);
  return FC_OK;
}

static fc_status law_init(law *l, const fc_target *target, const fc_ctx *ctx) {
  l->target = target;
  l->ctx = ctx;
  l->count = fc_target_mixture_count(target);
  l->d = fc_target_dimension(target);
  l->points = fc_vec_new(l->count * l->d, ctx);
  mpfr_init2(l->error, 64);
  return l->points ? set_points(l) : FC_MEMORY;
}

static void law_clear(law *l) {
  fc_vec_free(l->points, l->count * l->d, l->ctx);
  free(l->masses);
  mpfr_clear(l->error);
}

/* Masses that were rounded to 0 go to nobody: those points are left out. */
static fc_discrete view(law *l) {
  size_t count = 0;
  for (size_t k = 0; k < l->count; k++) {
    if (l->masses[k] == 0)
      continue;
    l->masses[count] = l->masses[k];
    for (size_t i = 0; i < l->d; i++)
      fc_set(l->points + count * l->d + i, l->points + k * l->d + i, l->ctx);
    count++;
  }
  return (fc_discrete){count, l->d, l->points, l->ctx, l->masses};
}

static fc_status set_masses(law laws[2], mpfr_t defect, long bits,
                            fc_error *error) {
  bool rounded[2] = {false, false};
  int64_t *masses[2] = {NULL, NULL};
  mpq_t *weights[2];
  for (int s = 0; s < 2; s++)
    weights[s] = fc_means_weights(&rounded[s], laws[s].target, bits);
  fc_status status =
      weights[0] && weights[1]
          ? fc_masses_new(masses, defect,
                          (size_t[2]){laws[0].count, laws[1].count}, weights,
                          error)
          : fc_fail(error, FC_MEMORY, "out of memory");
  for (int s = 0; s < 2; s++) {
    laws[s].masses = masses[s];
    fc_means_weights_free(weights[s], laws[s].count);
    if (status == FC_OK && rounded[s]) {
      mpfr_t more;
      mpfr_init2(more, 64);
      mpfr_set_ui_2exp(more, 1, 1 - bits, MPFR_RNDU);
      mpfr_add(defect, defect, more, MPFR_RNDU);
      mpfr_clear(more);
    }
  }
  return status;
}

/* --- together -------------------------------------------------------------
 */

void fc_means_widen(mpfr_t low, mpfr_t high, const mpfr_t eta) {
  if (mpfr_zero_p(eta))
    return;
  mpfr_sqrt(low, low, MPFR_RNDD);
  mpfr_sub(low, low, eta, MPFR_RNDD);
  if (mpfr_sgn(low) < 0)
    mpfr_set_zero(low, 1);
  mpfr_sqr(low, low, MPFR_RNDD);
  mpfr_sqrt(high, high, MPFR_RNDU);
  mpfr_add(high, high, eta, MPFR_RNDU);
  mpfr_sqr(high, high, MPFR_RNDU);
}

/* Rational means k of the one and l of the other law, and equal. */
static bool coincide(const law laws[2], size_t k, size_t l) {
  mpq_t x, y;
  bool equal = true;
  mpq_inits(x, y, (mpq_ptr)0);
  for (size_t i = 0; i < laws[0].d && equal; i++)
    equal = fc_target_mean_exact(x, laws[0].target, k, i) &&
            fc_target_mean_exact(y, laws[1].target, l, i) && mpq_equal(x, y);
  mpq_clears(x, y, (mpq_ptr)0);
  return equal;
}

/* A plan that costs nothing, not only after rounding: one law. */
static bool stays(const fc_transport *t, const law laws[2],
                  const fc_discrete *p, const fc_discrete *q) {
  bool same = mpfr_zero_p(t->upper) && p->count == laws[0].count &&
              q->count == laws[1].count;
  for (size_t n = 0; n < t->plan_count && same; n++)
    same = coincide(laws, t->plan[n].from, t->plan[n].to);
  return same;
}

static fc_status solve(mpfr_t low, mpfr_t high, law laws[2], long bits,
                       fc_error *error) {
  mpfr_t defect;
  fc_transport t;
  mpfr_init2(defect, 64);
  fc_status status = set_masses(laws, defect, bits + GUARD_BITS, error);
  if (status == FC_OK) {
    fc_discrete p = view(&laws[0]), q = view(&laws[1]);
    status = fc_transport_solve(&t, &p, &q, bits, error);
    if (status == FC_OK) {
      fc_transport_misplace(&t, &p, &q, defect);
      mpfr_set(low, t.lower, MPFR_RNDD);
      mpfr_set(high, t.upper, MPFR_RNDU);
      mpfr_add(defect, laws[0].error, laws[1].error, MPFR_RNDU);
      if (stays(&t, laws, &p, &q))
        mpfr_set_zero(defect, 1);
      fc_transport_clear(&t);
      fc_means_widen(low, high, defect);
    }
  }
  mpfr_clear(defect);
  return status;
}

fc_status fc_means_transport(mpfr_t low, mpfr_t high, const fc_target *p,
                             const fc_target *q, long bits, fc_error *error) {
  fc_ctx ctx[1];
  law laws[2] = {{.masses = NULL}, {.masses = NULL}};
  fc_ctx_init_mpfr(ctx, bits + GUARD_BITS);
  fc_status status = law_init(&laws[0], p, ctx);
  fc_status second = law_init(&laws[1], q, ctx);
  status = status == FC_OK ? second : status;
  status = status == FC_OK ? solve(low, high, laws, bits, error)
                           : fc_fail(error, status, "out of memory");
  law_clear(&laws[0]);
  law_clear(&laws[1]);
  return status;
}
