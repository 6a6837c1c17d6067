#include "transport/mixture.h"

#include <math.h>
#include <stdlib.h>

#include "target/posterior.h"
#include "transport/components.h"
#include "transport/gaussian.h"
#include "transport/masses.h"
#include "transport/means.h"
#include "transport/simplex.h"
#include "transport/value.h"

enum { GUARD_BITS = 64 };

/* A working context with more bits, in balls where there are any (`balls`: and
 * where they are wanted). */
static fc_status work_context(fc_ctx *work, const fc_ctx *ctx, bool balls,
                              fc_error *error) {
  if (fc_have_arb() && balls)
    return fc_ctx_init_arb(work, ctx->precision + GUARD_BITS, error);
  fc_ctx_init_mpfr(work, ctx->precision + GUARD_BITS);
  return FC_OK;
}

/* low <= x <= high where balls say so; else x, twice. */
static void get_bounds(mpfr_t low, mpfr_t high, fc_srcptr x,
                       const fc_ctx *ctx) {
  mpfr_t rad;
  mpfr_init2(rad, 64);
  fc_get_enclosure(low, rad, x, ctx);
  if (mpfr_nan_p(rad))
    mpfr_set_zero(rad, 1);
  mpfr_add(high, low, rad, MPFR_RNDU);
  mpfr_sub(low, low, rad, MPFR_RNDD);
  if (mpfr_sgn(low) < 0)
    mpfr_set_zero(low, 1);
  mpfr_clear(rad);
}

/* --- pairs of components --------------------------------------------------
 */

typedef struct pairs {
  fc_components p;
  fc_components q;
  double *costs; /* about the Bures^2 of component i and j: [i*q.count + j] */
  double most;
  int64_t *masses[2];
  mpfr_t defect;
} pairs;

static double pair_estimate(const pairs *s, size_t i, size_t j) {
  size_t d = s->p.d;
  return fc_w2_gaussians_estimate(
      s->p.means + i * d, s->p.covariances + i * d * d, s->q.means + j * d,
      s->q.covariances + j * d * d, d, s->p.ctx);
}

static fc_status find_costs(pairs *s) {
  s->costs = malloc(s->p.count * s->q.count * sizeof *s->costs);
  if (!s->costs)
    return FC_MEMORY;
  s->most = 0;
  for (size_t i = 0; i < s->p.count; i++)
    for (size_t j = 0; j < s->q.count; j++) {
      double cost = pair_estimate(s, i, j);
      if (!isfinite(cost))
        return FC_DOMAIN;
      s->costs[i * s->q.count + j] = cost;
      s->most = fmax(s->most, cost);
    }
  return FC_OK;
}

static fc_status find_masses(pairs *s, fc_error *error) {
  fc_status status =
      fc_masses_new(s->masses, s->defect, (size_t[2]){s->p.count, s->q.count},
                    (mpq_t *[2]){s->p.weights, s->q.weights}, error);
  if (status == FC_OK && (s->p.rounded || s->q.rounded)) {
    mpfr_t more;
    mpfr_init2(more, 64);
    mpfr_set_ui_2exp(more, 1, 2 - s->p.ctx->precision, MPFR_RNDU);
    mpfr_add(s->defect, s->defect, more, MPFR_RNDU);
    mpfr_clear(more);
  }
  return status;
}

static fc_status pairs_init(pairs *s, const fc_target *p, const fc_target *q,
                            const fc_ctx *ctx, fc_error *error) {
  *s = (pairs){.costs = NULL};
  mpfr_init2(s->defect, 64);
  fc_status status = fc_components_init(&s->p, p, ctx);
  if (status != FC_OK)
    return fc_fail(error, status, "%s", fc_status_text(status));
  status = fc_components_init(&s->q, q, ctx);
  if (status != FC_OK) {
    fc_components_clear(&s->p);
    return fc_fail(error, status, "%s", fc_status_text(status));
  }
  status = find_masses(s, error);
  if (status == FC_OK && (status = find_costs(s)) != FC_OK)
    fc_fail(error, status, "%s", fc_status_text(status));
  return status;
}

static void pairs_clear(pairs *s) {
  if (s->p.ctx)
    fc_components_clear(&s->p);
  if (s->q.ctx)
    fc_components_clear(&s->q);
  free(s->costs);
  free(s->masses[0]);
  free(s->masses[1]);
  mpfr_clear(s->defect);
}

/* Components that have mass after rounding, in order. */
static size_t keep_massive(uint32_t *kept, int64_t *masses, size_t count) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++)
    if (masses[i] > 0) {
      masses[n] = masses[i];
      kept[n++] = (uint32_t)i;
    }
  return n;
}

static fc_status optimise(fc_simplex *simplex, const pairs *s,
                          const uint32_t *rows, size_t m, const uint32_t *cols,
                          size_t n) {
  fc_status status = fc_simplex_init(simplex, m, n, s->masses[0], s->masses[1]);
  if (status != FC_OK)
    return status;
  for (size_t e = 0; e < simplex->arc_count; e++) {
    fc_simplex_arc *arc = &simplex->arcs[e];
    arc->cost = s->costs[rows[arc->from] * s->q.count + cols[arc->to - m]];
  }
  for (size_t i = 0; i < m && status == FC_OK; i++)
    for (size_t j = 0; j < n && status == FC_OK; j++)
      status = fc_simplex_add(simplex, i, j,
                              s->costs[rows[i] * s->q.count + cols[j]]);
  if (status == FC_OK && s->most > 0) {
    fc_simplex_price(simplex);
    fc_simplex_run(simplex, 0x1p-48 * s->most, 200 * simplex->arc_count);
  }
  return status;
}

/* sum += mass/total times the Bures^2 of a pair, for every pair of the plan:
 * any coupling gives an upper bound. */
static fc_status add_plan(fc_ptr sum, const pairs *s, const fc_simplex *simplex,
                          const uint32_t *rows, const uint32_t *cols,
                          fc_error *error) {
  const fc_ctx *ctx = s->p.ctx;
  size_t d = s->p.d;
  mpq_t share;
  fc_num weight;
  fc_w2_value pair;
  int64_t total = 0;
  for (size_t i = 0; i < simplex->sources; i++)
    total += s->masses[0][i];
  mpq_init(share);
  fc_init(weight, ctx);
  fc_w2_value_init(&pair, ctx);
  fc_status status = FC_OK;
  for (size_t x = 1; x < simplex->sources + simplex->sinks; x++) {
    const fc_simplex_node *node = &simplex->nodes[x];
    if (node->flow == 0 || status != FC_OK)
      continue;
    size_t i = rows[simplex->arcs[node->arc].from];
    size_t j = cols[simplex->arcs[node->arc].to - simplex->sources];
    status = fc_w2_gaussians(&pair, s->p.means + i * d,
                             s->p.covariances + i * d * d, s->q.means + j * d,
                             s->q.covariances + j * d * d, d, ctx, error);
    mpz_import(mpq_numref(share), 1, -1, sizeof node->flow, 0, 0, &node->flow);
    mpz_import(mpq_denref(share), 1, -1, sizeof total, 0, 0, &total);
    mpq_canonicalize(share);
    fc_set_mpq(weight, share, ctx);
    fc_sqr(pair.w2, pair.w2, ctx);
    fc_addmul(sum, weight, pair.w2, ctx);
  }
  mpq_clear(share);
  fc_clear(weight, ctx);
  fc_w2_value_clear(&pair, ctx);
  return status;
}

static fc_status component_bound(mpfr_t low, mpfr_t high, const fc_target *p,
                                 const fc_target *q, const fc_ctx *ctx,
                                 fc_error *error) {
  pairs s;
  fc_num sum;
  fc_simplex simplex = {.nodes = NULL};
  fc_status status = pairs_init(&s, p, q, ctx, error);
  uint32_t *kept = malloc((s.p.count + s.q.count) * sizeof *kept);
  fc_init(sum, ctx);
  if (status == FC_OK) {
    uint32_t *cols = kept + s.p.count;
    size_t m = 0, n = 0;
    if (kept) {
      m = keep_massive(kept, s.masses[0], s.p.count);
      n = keep_massive(cols, s.masses[1], s.q.count);
    }
    status = kept ? optimise(&simplex, &s, kept, m, cols, n) : FC_MEMORY;
    if (status == FC_OK)
      status = add_plan(sum, &s, &simplex, kept, cols, error);
    else
      fc_fail(error, status, "%s", fc_status_text(status));
  }
  if (status == FC_OK) {
    mpfr_t most;
    mpfr_init2(most, 64);
    get_bounds(low, high, sum, ctx);
    mpfr_set_d(most, s.most, MPFR_RNDU); /* about: twice that is enough */
    mpfr_mul_ui(most, most, 2, MPFR_RNDU);
    mpfr_mul(most, most, s.defect, MPFR_RNDU);
    mpfr_add(high, high, most, MPFR_RNDU);
    mpfr_clear(most);
  }
  fc_simplex_clear(&simplex);
  free(kept);
  fc_clear(sum, ctx);
  pairs_clear(&s);
  return status;
}

/* --- equal isotropic components -------------------------------------------
 */

/* z = the standard deviation of the components */
static fc_status get_stddev(fc_ptr z, const fc_target *target,
                            const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  fc_num log_weight;
  fc_init(log_weight, ctx);
  fc_ptr row = fc_vec_new(d + d * d, ctx);
  fc_status status =
      row ? fc_target_mixture_get(row, row + d, log_weight, target, 0, ctx)
          : FC_MEMORY;
  if (status == FC_OK)
    fc_sqrt(z, row + d, ctx);
  fc_vec_free(row, d + d * d, ctx);
  fc_clear(log_weight, ctx);
  return status;
}

/* Transport of the means + d (s_1 - s_2)^2. */
static fc_status equal_bound(mpfr_t low, mpfr_t high, const fc_target *p,
                             const fc_target *q, const fc_ctx *ctx,
                             fc_error *error) {
  mpfr_t below, above;
  fc_num s, t;
  fc_init(s, ctx);
  fc_init(t, ctx);
  mpfr_inits2(ctx->precision, below, above, (mpfr_ptr)0);
  fc_status status = get_stddev(s, p, ctx);
  if (status == FC_OK)
    status = get_stddev(t, q, ctx);
  if (status == FC_OK)
    status = fc_means_transport(low, high, p, q,
                                ctx->precision - GUARD_BITS + 8, error);
  else
    fc_fail(error, status, "%s", fc_status_text(status));
  fc_sub(s, s, t, ctx);
  fc_sqr(s, s, ctx);
  fc_mul_si(s, s, (long)fc_target_dimension(p), ctx);
  get_bounds(below, above, s, ctx);
  mpfr_add(low, low, below, MPFR_RNDD);
  mpfr_add(high, high, above, MPFR_RNDU);
  mpfr_clears(below, above, (mpfr_ptr)0);
  fc_clear(s, ctx);
  fc_clear(t, ctx);
  return status;
}

/* --- the bounds -----------------------------------------------------------
 */

fc_status fc_w2_mixtures_upper(fc_w2_value *value, const fc_target *p,
                               const fc_target *q, const fc_ctx *ctx,
                               fc_error *error) {
  size_t m = fc_components_count(p), n = fc_components_count(q);
  bool equal = fc_target_isotropic_count(p) && fc_target_isotropic_count(q);
  bool points = equal && fc_target_is_discrete(p) && fc_target_is_discrete(q);
  fc_ctx work[1];
  mpfr_t low, high;
  if (fc_target_dimension(p) != fc_target_dimension(q))
    return fc_fail(error, FC_SHAPE, "laws in dimension %zu and %zu",
                   fc_target_dimension(p), fc_target_dimension(q));
  if (m == 0 || n == 0)
    return fc_fail(error, FC_UNSUPPORTED, "not both laws are mixtures");
  if (!equal && (m > FC_MIXTURE_MAX_PAIRS || n > FC_MIXTURE_MAX_PAIRS / m))
    return fc_fail(error, FC_LIMIT,
                   "more than %d pairs of components to compare",
                   FC_MIXTURE_MAX_PAIRS);
  fc_status status = work_context(work, ctx, true, error);
  if (status != FC_OK)
    return status;
  mpfr_inits2(work->precision, low, high, (mpfr_ptr)0);
  status = equal ? equal_bound(low, high, p, q, work, error)
                 : component_bound(low, high, p, q, work, error);
  if (status == FC_OK) {
    /* an upper bound of 0 is W_2 */
    bool exact = points || (m == 1 && n == 1) || mpfr_zero_p(high);
    fc_w2_value_set(value, low, high, exact ? FC_W2_EXACT : FC_W2_UPPER,
                    points             ? "transport plan"
                    : m == 1 && n == 1 ? "Bures distance"
                                       : "coupled components",
                    ctx);
    value->proved = fc_have_arb() || points;
  }
  mpfr_clears(low, high, (mpfr_ptr)0);
  return status;
}

/* mean (d) and covariance (d*d): the posterior's moments at b = 0. */
static fc_status get_moments(fc_ptr moments, const fc_target *target,
                             const fc_ctx *ctx, fc_error *error) {
  size_t d = fc_target_dimension(target);
  fc_posterior *posterior = NULL;
  fc_num a, b;
  fc_ptr x = fc_vec_new(d, ctx);
  fc_status status = x ? fc_posterior_new(&posterior, target, ctx, error)
                       : fc_fail(error, FC_MEMORY, "out of memory");
  fc_init(a, ctx);
  fc_init(b, ctx);
  fc_set_si(a, 1, ctx);
  if (status == FC_OK) {
    status = fc_posterior_eval(posterior, a, b, x,
                               FC_WANT_MEAN | FC_WANT_COVARIANCE);
    if (status != FC_OK)
      fc_fail(error, status, "%s", fc_status_text(status));
  }
  if (status == FC_OK) {
    const fc_posterior_value *v = fc_posterior_values(posterior);
    fc_vec_set(moments, v->mean, d, ctx);
    fc_vec_set(moments + d, v->covariance, d * d, ctx);
  }
  fc_posterior_free(posterior);
  fc_clear(a, ctx);
  fc_clear(b, ctx);
  fc_vec_free(x, d, ctx);
  return status;
}

fc_status fc_w2_gelbrich(fc_w2_value *value, const fc_target *p,
                         const fc_target *q, const fc_ctx *ctx,
                         fc_error *error) {
  size_t d = fc_target_dimension(p), size = d + d * d;
  fc_ctx work[1];
  fc_w2_value inner;
  if (d != fc_target_dimension(q))
    return fc_fail(error, FC_SHAPE, "laws in dimension %zu and %zu", d,
                   fc_target_dimension(q));
  /* moments of a density given by a formula are integrals: in balls only where
   * a proof is asked for */
  bool balls = ctx->kind == FC_ARB ||
               !(fc_target_is_integrated(p) || fc_target_is_integrated(q));
  fc_status status = work_context(work, ctx, balls, error);
  if (status != FC_OK)
    return status;
  fc_ptr moments = fc_vec_new(2 * size, work);
  if (!moments)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_w2_value_init(&inner, work);
  status = get_moments(moments, p, work, error);
  if (status == FC_OK)
    status = get_moments(moments + size, q, work, error);
  if (status == FC_OK)
    status = fc_w2_gaussians(&inner, moments, moments + d, moments + size,
                             moments + size + d, d, work, error);
  if (status == FC_OK)
    fc_w2_value_convert(value, ctx, &inner, work);
  if (status == FC_OK) {
    value->kind = FC_W2_LOWER;
    value->how = "means and covariances";
    value->proved = value->proved && balls;
  }
  fc_w2_value_clear(&inner, work);
  fc_vec_free(moments, 2 * size, work);
  return status;
}
