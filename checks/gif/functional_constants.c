#include "gif/functional_constants.h"

#include <math.h>
#include <stdlib.h>

#include "flow/flow.h"
#include "gif/functional_direction.h"
#include "matrix/matrix.h"
#include "spectral_gap/enclosure.h"
#include "spectral_gap/spectral_gap.h"

static const double times[] = {0x1p-4, 0.25, 0.5, 0.75, 0.9375};

enum { TIMES = sizeof times / sizeof *times };

typedef enum part_kind { CLOSED, LINE, COLLINEAR, MARGINAL } part_kind;

/* Constants of a law where they could be computed; C_P in balls, too, once it
 * was asked for. */
typedef struct known {
  bool known, tried, enclosed;
  fc_line_constants value;
  double low, high; /* proved */
} known;

typedef struct part {
  part_kind kind;
  const fc_target *target;
  size_t tip;          /* collinear: component 0 and this one are apart */
  double *direction;   /* d, collinear and marginal */
  known at[TIMES], nu; /* all but closed */
} part;

struct fc_functional {
  const fc_job *job;
  part *parts;
  size_t count;
};

size_t fc_functional_time_count(void) { return TIMES; }

double fc_functional_time(size_t i) { return times[i]; }

const char *fc_needs_functional(const fc_job *job) {
  return fc_target_has_density(job->instance->target)
             ? NULL
             : "nu has atoms: its constants are infinite and the bound says "
               "nothing";
}

/* --- parts ------------------------------------------------------------------
 */

static fc_status part_init(part *p, const fc_target *target) {
  size_t d = fc_target_dimension(target);
  fc_target *line = NULL;
  *p = (part){.target = target, .kind = d == 1 ? LINE : MARGINAL};
  if (fc_target_is_gaussian(target)) {
    p->kind = CLOSED;
    return FC_OK;
  }
  if (d == 1)
    return FC_OK;
  p->direction = calloc(d, sizeof *p->direction);
  if (!p->direction)
    return FC_MEMORY;
  if (fc_target_line(&line, &p->tip, target, NULL))
    return fc_direction_widest(p->direction, target);
  fc_target_free(line);
  p->kind = COLLINEAR;
  return fc_direction_along(p->direction, target, p->tip);
}

static fc_status law_of(fc_line_law **law, const part *p, double a, double b) {
  return p->direction ? fc_line_law_new_marginal(law, p->target, p->direction,
                                                 a, b, NULL)
                      : fc_line_law_new(law, p->target, a, b, NULL);
}

static fc_status learn(known *k, const part *p, double a, double b) {
  fc_line_law *law = NULL;
  fc_status status = law_of(&law, p, a, b);
  if (status)
    return status;
  status = fc_line_constants_of(&k->value, law, NULL);
  k->known = status == FC_OK;
  fc_line_law_free(law);
  return status == FC_MEMORY ? status : FC_OK;
}

static fc_status compute(part *p, const fc_job *job) {
  if (p->kind == CLOSED)
    return FC_OK;
  fc_status status = learn(&p->nu, p, 0, 1);
  for (size_t i = 0; i < TIMES && !status; i++) {
    fc_schedule_rough at = fc_schedule_rough_at(job->schedule, times[i], false);
    status = learn(&p->at[i], p, at.a, at.b);
  }
  return status;
}

fc_status fc_functional_new(fc_functional **functional, const fc_job *job,
                            fc_error *error) {
  const fc_target *target = job->instance->target;
  size_t factors = fc_target_factor_count(target);
  fc_functional *f = calloc(1, sizeof *f);
  part *parts = calloc(factors ? factors : 1, sizeof *parts);
  fc_status status = f && parts ? FC_OK : FC_MEMORY;
  if (f) {
    f->job = job;
    f->parts = parts;
    f->count = parts ? (factors ? factors : 1) : 0;
  } else {
    free(parts);
  }
  for (size_t i = 0; !status && i < f->count; i++) {
    status =
        part_init(&f->parts[i], factors ? fc_target_factor(target, i) : target);
    if (!status)
      status = compute(&f->parts[i], job);
  }
  if (!status) {
    *functional = f;
    return FC_OK;
  }
  fc_functional_free(f);
  return fc_fail(error, status, "%s", fc_status_text(status));
}

void fc_functional_free(fc_functional *functional) {
  if (!functional)
    return;
  for (size_t i = 0; i < functional->count; i++)
    free(functional->parts[i].direction);
  free(functional->parts);
  free(functional);
}

bool fc_functional_is_closed(const fc_functional *f) {
  for (size_t i = 0; i < f->count; i++)
    if (f->parts[i].kind != CLOSED)
      return false;
  return true;
}

bool fc_functional_is_two_sided(const fc_functional *f) {
  for (size_t i = 0; i < f->count; i++) {
    const part *p = &f->parts[i];
    if (p->kind == MARGINAL || (p->kind != CLOSED && !p->nu.known))
      return false;
  }
  return true;
}

/* --- a range [low, high] of the constant of one part -------------------------
 */

typedef struct range {
  fc_num low, high;
} range;

static void range_init(range *r, const fc_ctx *ctx) {
  fc_init(r->low, ctx);
  fc_init(r->high, ctx);
}

static void range_clear(range *r, const fc_ctx *ctx) {
  fc_clear(r->low, ctx);
  fc_clear(r->high, ctx);
}

/* all = the range of the larger of both constants (all >= 0). */
static void range_join(range *all, const range *one, const fc_ctx *ctx) {
  fc_max(all->low, all->low, one->low, ctx);
  fc_max(all->high, all->high, one->high, ctx);
}

/* z = the middle, error = half the width. */
static void range_middle(fc_ptr z, fc_ptr error, const range *r,
                         const fc_ctx *ctx) {
  fc_sub(error, r->high, r->low, ctx);
  fc_mul_2exp_si(error, error, -1, ctx);
  fc_add(z, r->high, r->low, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  if (fc_eq(r->low, r->high, ctx) == FC_TRUE)
    fc_set(z, r->low, ctx); /* infinite, too */
  if (!fc_is_finite(z, ctx))
    fc_set_si(error, 0, ctx);
}

static fc_status set_doubles(range *r, double low, double high,
                             const fc_ctx *ctx) {
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  fc_set_d(r->low, low, ctx);
  fc_set_d(r->high, high, ctx);
  return FC_OK;
}

/* --- balls -------------------------------------------------------------------
 */

/* means = <b (m_k - m_0), e>, e along m_tip - m_0 (d = 1: b m_k); weights.
 * room: 4 d + 2 numbers. */
static void project(fc_line_mixture *m, const part *p, fc_srcptr b, fc_ptr room,
                    const fc_ctx *ctx) {
  size_t d = fc_target_dimension(p->target);
  fc_ptr first = room, axis = room + d, mean = room + 2 * d;
  fc_ptr length = room + 4 * d, unused = length + 1;
  if (d > 1) {
    fc_target_isotropic_get(first, unused, p->target, 0, ctx);
    fc_target_isotropic_get(axis, unused, p->target, p->tip, ctx);
  } else {
    fc_set_si(axis, 1, ctx);
  }
  for (size_t i = 0; i < d; i++) {
    fc_sub(axis + i, axis + i, first + i, ctx);
    fc_addmul(length, axis + i, axis + i, ctx);
  }
  fc_sqrt(length, length, ctx);
  for (size_t k = 0; k < m->count; k++) {
    fc_target_isotropic_get(mean, m->weights + k, p->target, k, ctx);
    for (size_t i = 0; i < d; i++) {
      fc_sub(mean + i, mean + i, first + i, ctx);
      fc_addmul(m->means + k, mean + i, axis + i, ctx);
    }
    fc_div(m->means + k, m->means + k, length, ctx);
    fc_mul(m->means + k, m->means + k, b, ctx);
  }
}

/* z encloses C_P of p_t along the line of an equal isotropic mixture. */
static fc_status enclose(fc_ptr z, const part *p, const fc_schedule_value *at,
                         const fc_ctx *ctx) {
  size_t d = fc_target_dimension(p->target);
  size_t count = fc_target_isotropic_count(p->target);
  size_t size = 2 * count + 1 + 4 * d + 2;
  if (count == 0)
    return FC_UNSUPPORTED;
  fc_ptr room = fc_vec_new(size, ctx);
  if (!room)
    return FC_MEMORY;
  fc_line_mixture m = {count, room, room + count, room + 2 * count};
  project(&m, p, at->b, m.variance + 1, ctx);
  fc_status status =
      fc_target_constant(m.variance, NULL, NULL, p->target, FC_SIGMA, ctx);
  fc_mul(m.variance, m.variance, at->b, ctx);
  fc_sqr(m.variance, m.variance, ctx);
  fc_addmul(m.variance, at->a, at->a, ctx);
  if (!status)
    status = fc_poincare_enclose(z, &m, ctx);
  fc_vec_free(room, size, ctx);
  return status;
}

/* The ball's ends, rounded outwards. */
static void keep_ends(known *k, fc_srcptr z, const fc_ctx *ctx) {
  mpfr_t middle, radius, end;
  mpfr_inits2(256, middle, radius, end, (mpfr_ptr)0);
  fc_get_enclosure(middle, radius, z, ctx);
  mpfr_sub(end, middle, radius, MPFR_RNDD);
  k->low = mpfr_get_d(end, MPFR_RNDD);
  mpfr_add(end, middle, radius, MPFR_RNDU);
  k->high = mpfr_get_d(end, MPFR_RNDU);
  mpfr_clears(middle, radius, end, (mpfr_ptr)0);
  k->enclosed = k->low > 0 && isfinite(k->high);
}

/* r = the enclosure of C_P in balls, computed once; FC_UNSUPPORTED where there
 * is none, FC_INTERNAL where binary64 has another C_P.  k is known. */
static fc_status set_enclosure(range *r, known *k, const part *p,
                               const fc_schedule_value *at, const fc_ctx *ctx) {
  fc_num z;
  fc_init(z, ctx);
  if (!k->tried && p->kind != MARGINAL && enclose(z, p, at, ctx) == FC_OK)
    keep_ends(k, z, ctx);
  k->tried = true;
  fc_clear(z, ctx);
  if (!k->enclosed)
    return FC_UNSUPPORTED;
  if (k->low > k->value.poincare_upper || k->high < k->value.poincare_lower)
    return FC_INTERNAL; /* balls and binary64 contradict each other */
  fc_set_d(r->low, k->low, ctx);
  fc_set_d(r->high, k->high, ctx);
  fc_hull(r->low, r->low, r->high, ctx);
  fc_set(r->high, r->low, ctx);
  return FC_OK;
}

/* z = 1/lambda_min(-hess log p_t), p_t Gaussian. */
static fc_status closed_constant(fc_ptr z, const part *p,
                                 const fc_schedule_value *at,
                                 const fc_ctx *ctx) {
  size_t d = fc_target_dimension(p->target);
  fc_posterior *posterior = NULL;
  fc_ptr room = fc_vec_new(2 * d + d * d, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr x = room, values = room + d, hessian = room + 2 * d;
  fc_status status = fc_posterior_new(&posterior, p->target, ctx, NULL);
  if (!status)
    status =
        fc_posterior_eval(posterior, at->a, at->b, x, FC_WANT_SCORE_JACOBIAN);
  if (!status) {
    const fc_posterior_value *value = fc_posterior_values(posterior);
    for (size_t i = 0; i < d * d; i++)
      fc_neg(hessian + i, value->score_jacobian + i, ctx);
    status = fc_matrix_eigen(values, NULL, hessian, d, ctx);
    fc_inv(z, values, ctx);
  }
  fc_posterior_free(posterior);
  fc_vec_free(room, 2 * d + d * d, ctx);
  return status;
}

/* The i-th time, or t = 1. */
static fc_status schedule_at(fc_schedule_value *at, const fc_functional *f,
                             size_t i, const fc_ctx *ctx) {
  fc_time time[1];
  fc_time_init(time, ctx);
  fc_time_set_d(time, i == FC_AT_NU ? 0 : times[i], i == FC_AT_NU, ctx);
  fc_status status = fc_schedule_eval(at, f->job->schedule, time, false, ctx);
  fc_time_clear(time, ctx);
  return status;
}

static fc_status part_measured(range *r, part *p, fc_inequality which, size_t i,
                               const fc_schedule_value *at, const fc_ctx *ctx) {
  known *k = i == FC_AT_NU ? &p->nu : &p->at[i];
  if (p->kind == CLOSED) {
    fc_status status = closed_constant(r->low, p, at, ctx);
    fc_set(r->high, r->low, ctx);
    return status;
  }
  if (!k->known)
    return FC_DOMAIN;
  const fc_line_constants *c = &k->value;
  if (which == FC_POINCARE && ctx->kind == FC_ARB)
    return set_enclosure(r, k, p, at, ctx);
  if (which == FC_LOG_SOBOLEV)
    return set_doubles(r, c->sobolev_lower, c->sobolev_lower, ctx);
  return set_doubles(
      r, c->poincare_lower,
      p->kind == MARGINAL ? c->poincare_lower : c->poincare_upper, ctx);
}

fc_status fc_functional_measured(fc_ptr z, fc_ptr error, const fc_functional *f,
                                 fc_inequality which, size_t i,
                                 const fc_ctx *ctx) {
  fc_schedule_value at[1];
  range all[1], one[1];
  fc_schedule_value_init(at, ctx);
  range_init(all, ctx);
  range_init(one, ctx);
  fc_status status = schedule_at(at, f, i, ctx);
  for (size_t k = 0; k < f->count && !status; k++) {
    status = part_measured(one, &f->parts[k], which, i, at, ctx);
    range_join(all, one, ctx);
  }
  range_middle(z, error, all, ctx);
  range_clear(all, ctx);
  range_clear(one, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}

/* --- the constants of nu from above ------------------------------------------
 */

/* z = min(1/kappa (kappa > 0), sigma^2 exp(R^2/sigma^2)): |grad X_1|^2 by
 * Propositions 5.1 and 5.2 for the flow from N(0, I); 1/kappa is Bakry and
 * Emery's bound, too.  FC_DOMAIN where neither applies. */
static fc_status class_bound(fc_ptr z, const fc_target *target,
                             const fc_ctx *ctx) {
  fc_num x;
  fc_init(x, ctx);
  bool any = false;
  if (fc_target_constant(x, NULL, NULL, target, FC_KAPPA, ctx) == FC_OK &&
      fc_is_positive(x, ctx) == FC_TRUE) {
    fc_inv(z, x, ctx);
    any = true;
  }
  fc_num sigma2;
  fc_init(sigma2, ctx);
  if (fc_target_constant(sigma2, NULL, NULL, target, FC_SIGMA, ctx) == FC_OK &&
      fc_target_constant(x, NULL, NULL, target, FC_R, ctx) == FC_OK) {
    fc_div(x, x, sigma2, ctx);
    fc_sqr(x, x, ctx);
    fc_exp(x, x, ctx);
    fc_sqr(sigma2, sigma2, ctx);
    fc_mul(x, x, sigma2, ctx);
    if (any)
      fc_min(z, z, x, ctx);
    else
      fc_set(z, x, ctx);
    any = true;
  }
  fc_clear(sigma2, ctx);
  fc_clear(x, ctx);
  return any ? FC_OK : FC_DOMAIN;
}

/* z = min(z, x), or x where nothing is known yet. */
static void improve(fc_ptr z, double x, fc_status *status, const fc_ctx *ctx) {
  fc_num bound;
  fc_init(bound, ctx);
  fc_set_d(bound, x, ctx);
  if (*status == FC_OK)
    fc_min(z, z, bound, ctx);
  else if (*status == FC_DOMAIN)
    fc_set(z, bound, ctx);
  if (*status == FC_DOMAIN)
    *status = FC_OK;
  fc_clear(bound, ctx);
}

static fc_status part_above(range *r, part *p, fc_inequality which,
                            const fc_schedule_value *end, const fc_ctx *ctx) {
  const fc_line_constants *c = &p->nu.value;
  bool numeric = p->nu.known && p->kind != MARGINAL;
  if (numeric && which == FC_POINCARE && ctx->kind == FC_ARB)
    return set_enclosure(r, &p->nu, p, end, ctx);
  if (numeric && which == FC_POINCARE)
    return set_doubles(r, c->poincare_lower, c->poincare_upper, ctx);
  if (numeric && ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  fc_status status = class_bound(r->high, p->target, ctx);
  if (numeric && isfinite(c->sobolev_upper))
    improve(r->high, c->sobolev_upper, &status, ctx);
  fc_set(r->low, r->high, ctx);
  return status;
}

fc_status fc_functional_above(fc_ptr z, fc_ptr error, const fc_functional *f,
                              fc_inequality which, const fc_ctx *ctx) {
  fc_schedule_value end[1];
  range all[1], one[1];
  fc_schedule_value_init(end, ctx);
  range_init(all, ctx);
  range_init(one, ctx);
  fc_status status = schedule_at(end, f, FC_AT_NU, ctx);
  for (size_t k = 0; k < f->count && !status; k++) {
    status = part_above(one, &f->parts[k], which, end, ctx);
    range_join(all, one, ctx);
  }
  range_middle(z, error, all, ctx);
  range_clear(all, ctx);
  range_clear(one, ctx);
  fc_schedule_value_clear(end, ctx);
  return status;
}

/* --- the slope of the flow from N(0, I) --------------------------------------
 */

/* z = the largest eigenvalue of J J^T, J = grad X_1 of a Gaussian. */
static fc_status closed_slope(fc_ptr z, const part *p, const fc_job *job,
                              const fc_ctx *ctx) {
  size_t d = fc_target_dimension(p->target);
  fc_flow *flow = NULL;
  fc_time s[1], t[1];
  fc_ptr room = fc_vec_new(2 * d + d * d, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr x = room, values = room + d, square = room + 2 * d;
  fc_time_init(s, ctx);
  fc_time_init(t, ctx);
  fc_time_set_d(s, 0, false, ctx);
  fc_time_set_d(t, 0, true, ctx);
  fc_status status =
      fc_flow_new(&flow, p->target, job->schedule, FC_FLOW_AUTO, ctx, NULL);
  if (!status)
    status = fc_flow_set_times(flow, s, t, NULL);
  if (!status)
    status = fc_flow_eval(flow, x, FC_FLOW_JACOBIAN, NULL);
  if (!status) {
    fc_srcptr jacobian = fc_flow_values(flow)->jacobian;
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < d; k++)
          fc_addmul(square + i * d + j, jacobian + i * d + k,
                    jacobian + j * d + k, ctx);
    status = fc_matrix_eigen(values, NULL, square, d, ctx);
    fc_set(z, values + d - 1, ctx);
  }
  fc_flow_free(flow);
  fc_time_clear(s, ctx);
  fc_time_clear(t, ctx);
  fc_vec_free(room, 2 * d + d * d, ctx);
  return status;
}

static fc_status part_slope(range *r, const part *p, const fc_job *job,
                            const fc_ctx *ctx) {
  const fc_line_constants *c = &p->nu.value;
  if (p->kind == CLOSED) {
    fc_status status = closed_slope(r->low, p, job, ctx);
    fc_set(r->high, r->low, ctx);
    return status;
  }
  if (p->kind == MARGINAL || !p->nu.known || !isfinite(c->slope))
    return FC_DOMAIN;
  double low = c->slope - c->slope_error, high = c->slope + c->slope_error;
  return set_doubles(r, low * low, high * high, ctx);
}

fc_status fc_functional_slope(fc_ptr z, fc_ptr error, const fc_functional *f,
                              const fc_ctx *ctx) {
  range all[1], one[1];
  range_init(all, ctx);
  range_init(one, ctx);
  fc_status status = FC_OK;
  for (size_t k = 0; k < f->count && !status; k++) {
    status = part_slope(one, &f->parts[k], f->job, ctx);
    range_join(all, one, ctx);
  }
  range_middle(z, error, all, ctx);
  range_clear(all, ctx);
  range_clear(one, ctx);
  return status;
}
