#include "gif/functional_constants.h"

#include <math.h>
#include <stdlib.h>

#include "gif/functional_closed.h"
#include "gif/functional_direction.h"
#include "gif/functional_enclosure.h"
#include "gif/functional_range.h"
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

static fc_status law_of(fc_line_density **law, const part *p, double a,
                        double b) {
  return p->direction ? fc_line_density_new_marginal(law, p->target,
                                                     p->direction, a, b, NULL)
                      : fc_line_density_new(law, p->target, a, b, NULL);
}

static fc_status learn(known *k, const part *p, double a, double b) {
  fc_line_density *law = NULL;
  fc_status status = law_of(&law, p, a, b);
  if (status)
    return status;
  status = fc_line_constants_of(&k->value, law, NULL);
  k->known = status == FC_OK;
  fc_line_density_free(law);
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

/* --- p_t ---------------------------------------------------------------------
 */

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
static fc_status set_enclosure(fc_range *r, known *k, const part *p,
                               const fc_schedule_value *at, const fc_ctx *ctx) {
  fc_num z;
  fc_init(z, ctx);
  if (!k->tried && p->kind != MARGINAL &&
      fc_functional_enclose(z, p->target, at, ctx) == FC_OK)
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

static fc_status part_measured(fc_range *r, part *p, fc_inequality which,
                               size_t i, const fc_schedule_value *at,
                               const fc_ctx *ctx) {
  known *k = i == FC_AT_NU ? &p->nu : &p->at[i];
  if (p->kind == CLOSED) {
    fc_status status = fc_gaussian_poincare(r->low, p->target, at, ctx);
    fc_set(r->high, r->low, ctx);
    return status;
  }
  if (!k->known)
    return FC_DOMAIN;
  const fc_line_constants *c = &k->value;
  if (which == FC_POINCARE && ctx->kind == FC_ARB)
    return set_enclosure(r, k, p, at, ctx);
  if (which == FC_LOG_SOBOLEV)
    return fc_range_set(r, c->sobolev_lower, c->sobolev_lower, ctx);
  return fc_range_set(
      r, c->poincare_lower,
      p->kind == MARGINAL ? c->poincare_lower : c->poincare_upper, ctx);
}

fc_status fc_functional_measured(fc_ptr z, fc_ptr error, const fc_functional *f,
                                 fc_inequality which, size_t i,
                                 const fc_ctx *ctx) {
  fc_schedule_value at[1];
  fc_range all[1], one[1];
  fc_schedule_value_init(at, ctx);
  fc_range_init(all, ctx);
  fc_range_init(one, ctx);
  fc_status status = schedule_at(at, f, i, ctx);
  for (size_t k = 0; k < f->count && !status; k++) {
    status = part_measured(one, &f->parts[k], which, i, at, ctx);
    fc_range_join(all, one, ctx);
  }
  fc_range_middle(z, error, all, ctx);
  fc_range_clear(all, ctx);
  fc_range_clear(one, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}

/* --- the constants of nu from above ------------------------------------------
 */

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

static fc_status part_above(fc_range *r, part *p, fc_inequality which,
                            const fc_schedule_value *end, const fc_ctx *ctx) {
  const fc_line_constants *c = &p->nu.value;
  bool numeric = p->nu.known && p->kind != MARGINAL;
  if (numeric && which == FC_POINCARE && ctx->kind == FC_ARB)
    return set_enclosure(r, &p->nu, p, end, ctx);
  if (numeric && which == FC_POINCARE)
    return fc_range_set(r, c->poincare_lower, c->poincare_upper, ctx);
  if (numeric && ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  fc_status status = fc_class_slope(r->high, p->target, ctx);
  if (numeric && isfinite(c->sobolev_upper))
    improve(r->high, c->sobolev_upper, &status, ctx);
  fc_set(r->low, r->high, ctx);
  return status;
}

fc_status fc_functional_above(fc_ptr z, fc_ptr error, const fc_functional *f,
                              fc_inequality which, const fc_ctx *ctx) {
  fc_schedule_value end[1];
  fc_range all[1], one[1];
  fc_schedule_value_init(end, ctx);
  fc_range_init(all, ctx);
  fc_range_init(one, ctx);
  fc_status status = schedule_at(end, f, FC_AT_NU, ctx);
  for (size_t k = 0; k < f->count && !status; k++) {
    status = part_above(one, &f->parts[k], which, end, ctx);
    fc_range_join(all, one, ctx);
  }
  fc_range_middle(z, error, all, ctx);
  fc_range_clear(all, ctx);
  fc_range_clear(one, ctx);
  fc_schedule_value_clear(end, ctx);
  return status;
}

/* --- the slope of the flow from N(0, I) --------------------------------------
 */

static fc_status part_slope(fc_range *r, const part *p, const fc_job *job,
                            const fc_ctx *ctx) {
  const fc_line_constants *c = &p->nu.value;
  if (p->kind == CLOSED) {
    fc_status status = fc_gaussian_slope(r->low, p->target, job->schedule, ctx);
    fc_set(r->high, r->low, ctx);
    return status;
  }
  if (p->kind == MARGINAL || !p->nu.known || !isfinite(c->slope))
    return FC_DOMAIN;
  double low = c->slope - c->slope_error, high = c->slope + c->slope_error;
  return fc_range_set(r, low * low, high * high, ctx);
}

fc_status fc_functional_slope(fc_ptr z, fc_ptr error, const fc_functional *f,
                              const fc_ctx *ctx) {
  fc_range all[1], one[1];
  fc_range_init(all, ctx);
  fc_range_init(one, ctx);
  fc_status status = FC_OK;
  for (size_t k = 0; k < f->count && !status; k++) {
    status = part_slope(one, &f->parts[k], f->job, ctx);
    fc_range_join(all, one, ctx);
  }
  fc_range_middle(z, error, all, ctx);
  fc_range_clear(all, ctx);
  fc_range_clear(one, ctx);
  return status;
}
