/* p. 38 goes from
 *   L = int |grad_x (P f^2)^(1/2)|^2 dnu(x),  P g(x) = int g(a z + b x) dgamma,
 * by "Jensen's inequality and the Cauchy-Schwartz inequality" to
 *   L <= b^2 int (P|f grad f|)^2 dnu / int P f^2 dnu           (first)
 *     <= b^2 int P|grad f|^2 dnu = b^2 E|grad f(X_t)|^2        (second)
 * where the quotient is of integrals and had to be one at each x.  Both are
 * false.  What holds: |grad (P f^2)^(1/2)|^2 = b^2 |P(f grad f)|^2/P f^2 <=
 * b^2 P|grad f|^2 at each x (Cauchy-Schwarz), and then integrated.
 *
 * first: f = sin k x_1, theta = 2 k b X_1, q = exp(-2 k^2 a^2):
 *   P f^2 = (1 - q cos theta)/2,  P(f f') = (k/2) q sin theta,
 *   L = (b^2 k^2/2) E[q^2 sin^2 theta/(1 - q cos theta)]
 *     = (b^2 k^2/2) (1 + q E cos theta - J),
 *   J = (1 - q^2) E[1/(1 - q cos theta)]
 *     = sqrt(1 - q^2) (1 + 2 sum_{n > 0} r^n E cos(n theta)),
 *                                           r = (1 - sqrt(1 - q^2))/q,
 * E cos(n theta) from the characteristic function of X_1.  In place of the
 * first bound stands the larger b^2 E[(f f')^2(X_t)]/E f^2(X_t) (Jensen: (P
 * g)^2
 * <= P g^2), so that a violation of this one is one of that:
 *   b^2 (k^2/4) (1 - Re chi(4k))/(1 - Re chi(2k)), chi(w) = E exp(i w X_t).
 * As k a -> 0 and k -> infinity L -> b^2 k^2/2 and the bound b^2 k^2/4: here k
 * is at least 2/(least deviation), and t so late that k a <= 1/16.
 *
 * second: f = exp(c x_1), m(s) = E exp(s X_1), all divided by b^2 c^2 e^(2c^2
 * a^2):  m(4 c b)/m(2 c b) <= m(2 c b), which Jensen contradicts for every law
 * that is no point, at every t.
 *
 * pointwise: L <= b^2 E f'(X_t)^2 = (b^2 k^2/2)(1 + Re chi(2k)).
 *
 * Laws on the line that are no mixtures: the expectations by quadrature in
 * binary64.  All numbers are divided by b^2 k^2 (b^2 c^2).
 */
#include "gif/functional_steps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "claims/decision.h"
#include "gif/functional_numbers.h"
#include "spectral_gap/spectral_gap.h"

enum {
  FIRST_EXPONENT = 4, /* r = 2^-4, 2^-5, ... */
  LAST_EXPONENT = 200
};

/* k a is at most this. */
#define SMALL 0x1p-4

static const fc_target *first_factor(const fc_job *job) {
  const fc_target *target = job->instance->target;
  return fc_target_factor_count(target) ? fc_target_factor(target, 0) : target;
}

const char *fc_needs_step(const fc_job *job) {
  const fc_target *target = first_factor(job);
  if (!fc_target_has_density(job->instance->target))
    return "nu has atoms: its log-Sobolev constant is infinite";
  return fc_target_mixture_count(target) || fc_target_dimension(target) == 1
             ? NULL
             : "the characteristic function of the first coordinate is not "
               "known";
}

const char *fc_needs_step_on_line(const fc_job *job) {
  const char *reason = fc_needs_step(job);
  if (reason)
    return reason;
  const fc_target *target = job->instance->target;
  return fc_target_dimension(target) == 1 && fc_target_mixture_count(target)
             ? NULL
             : "the target is not a Gaussian mixture on the line";
}

/* --- both sides --------------------------------------------------------------
 */

/* z = (1 + q cosine - J)/2. */
static void left_side(fc_ptr z, const fc_step_numbers *x, const fc_ctx *ctx) {
  fc_mul(z, x->q, x->cosine, ctx);
  fc_sub(z, z, x->j, ctx);
  fc_add_si(z, z, 1, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
}

/* z = (1/4)(1 - q^4 E cos 2 theta)/(1 - q E cos theta), chi(2k) = q E cos
 * theta and chi(4k) = q^4 E cos 2 theta. */
static void first_bound(fc_ptr z, const fc_step_numbers *x, const fc_ctx *ctx) {
  fc_num y;
  fc_init(y, ctx);
  fc_pow_si(z, x->q, 4, ctx);
  fc_mul(z, z, x->twice, ctx);
  fc_neg(z, z, ctx);
  fc_add_si(z, z, 1, ctx);
  fc_mul(y, x->q, x->cosine, ctx);
  fc_neg(y, y, ctx);
  fc_add_si(y, y, 1, ctx);
  fc_div(z, z, y, ctx);
  fc_mul_2exp_si(z, z, -2, ctx);
  fc_clear(y, ctx);
}

/* z = (1 + q cosine)/2 */
static void pointwise_bound(fc_ptr z, const fc_step_numbers *x,
                            const fc_ctx *ctx) {
  fc_mul(z, x->q, x->cosine, ctx);
  fc_add_si(z, z, 1, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
}

/* measured = |L - its quadrature|, bound = 2^FC_STEP_EXPONENT L. */
static fc_status compare_quadrature(fc_comparison *c, const fc_step_study *w,
                                    const fc_step_numbers *x,
                                    const fc_ctx *ctx) {
  double means[FC_STEP_INTEGRALS];
  fc_num other;
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  fc_status status = fc_step_quadrature(means, w, x, ctx);
  fc_init(other, ctx);
  fc_set_d(other, status ? NAN : means[FC_STEP_DIRECT], ctx);
  fc_mul_2exp_si(c->bound, c->measured, FC_STEP_EXPONENT, ctx);
  fc_sub(c->measured, c->measured, other, ctx);
  fc_abs(c->measured, c->measured, ctx);
  fc_clear(other, ctx);
  return status;
}

static fc_status sides(fc_comparison *c, const fc_step_study *w,
                       fc_step_numbers *x, const fc_ctx *ctx) {
  if (w->which == FC_STEP_SECOND)
    return fc_step_exponentials(c->measured, c->bound, w, x, ctx);
  fc_status status = fc_step_expectations(x, w, ctx);
  if (status)
    return status;
  left_side(c->measured, x, ctx);
  switch (w->which) {
  case FC_STEP_FIRST:
    first_bound(c->bound, x, ctx);
    return FC_OK;
  case FC_STEP_QUADRATURE:
    return compare_quadrature(c, w, x, ctx);
  default:
    pointwise_bound(c->bound, x, ctx);
  }
  if (w->which == FC_STEP_HALF)
    fc_mul_2exp_si(c->bound, c->bound, -1, ctx);
  return FC_OK;
}

static bool by_quadrature(const fc_step_study *w) {
  return !w->count || w->which == FC_STEP_QUADRATURE;
}

/* An fc_compare_function. */
static fc_status compare(fc_comparison *c, void *data, const fc_ctx *ctx) {
  const fc_step_study *w = data;
  fc_step_numbers x[1];
  fc_step_numbers_init(x, ctx);
  fc_status status = fc_step_numbers_set(x, w, ctx);
  if (!status)
    status = sides(c, w, x, ctx);
  fc_set(c->scale, c->bound, ctx);
  c->states = by_quadrature(w);
  fc_mul_2exp_si(c->stated, c->scale, FC_STEP_EXPONENT, ctx);
  fc_step_numbers_clear(x, ctx);
  return status;
}

/* --- choosing f and t, and deciding ------------------------------------------
 */

/* The least and the largest length of the first coordinate: deviations of
 * components and the spread of everything. */
static fc_status lengths(double *least, double *most, const fc_step_study *w) {
  fc_ctx ctx[1];
  fc_line_density *law = NULL;
  fc_line_constants c[1];
  size_t d = fc_target_dimension(w->target);
  double *first = calloc(d, sizeof *first);
  if (!first)
    return FC_MEMORY;
  first[0] = 1;
  fc_ctx_init_double(ctx);
  fc_status status =
      w->count
          ? fc_line_density_new_marginal(&law, w->target, first, 0, 1, NULL)
          : fc_line_density_new(&law, w->target, 0, 1, NULL);
  free(first);
  if (status)
    return status;
  size_t marks;
  const double *mark = fc_line_density_marks(&marks, law);
  double span = mark[marks - 1] - mark[0];
  if (!w->count) {
    status = fc_line_constants_of(c, law, NULL);
    *least = sqrt(c->variance) / 2; /* ends are sharper than a normal law's */
    *most = sqrt(c->variance);
  }
  fc_line_density_free(law);
  fc_ptr mean = fc_vec_new(d + d * d + 1, ctx);
  if (!mean)
    return FC_MEMORY;
  for (size_t k = 0; k < w->count && !status; k++) {
    status = fc_target_mixture_get(mean, mean + d, mean + d + d * d, w->target,
                                   k, ctx);
    double width = sqrt(fc_get_d(mean + d, ctx));
    *least = k == 0 ? width : fmin(*least, width);
    *most = k == 0 ? width + span : fmax(*most, width + span);
  }
  fc_vec_free(mean, d + d * d + 1, ctx);
  return status;
}

/* The least power of 2 that is at least x, or the largest that is at most x. */
static double power_of_two(double x, bool above) {
  return exp2(above ? ceil(log2(x)) : floor(log2(x)));
}

static fc_status choose(fc_step_study *w) {
  double least = 0, most = 0;
  fc_status status = lengths(&least, &most, w);
  if (status)
    return status;
  if (w->which == FC_STEP_SECOND) {
    w->k = power_of_two(0.5 / most, false);
    w->time = 0.5;
    return FC_OK;
  }
  w->k = power_of_two(2 / least, true);
  w->from_end = true;
  for (int i = FIRST_EXPONENT; i <= LAST_EXPONENT; i++) {
    w->time = ldexp(1, -i);
    fc_schedule_rough at =
        fc_schedule_rough_at(w->job->schedule, w->time, true);
    if (at.a * w->k <= SMALL)
      return FC_OK;
  }
  return FC_BUDGET;
}

static fc_status state_choice(fc_record *record, const fc_step_study *w) {
  fc_ctx exact[1];
  fc_time time[1];
  char text[160];
  fc_ctx_init_mpfr(exact, 256);
  fc_time_init(time, exact);
  fc_time_set_d(time, w->time, w->from_end, exact);
  fc_status status = fc_exact_set(&record->witness_t, time->t, 256, exact);
  fc_time_clear(time, exact);
  snprintf(text, sizeof text,
           "with f(x) = %s%.17g x₁), both sides divided by "
           "(%.17g b)²",
           w->which == FC_STEP_SECOND ? "exp(" : "sin(", w->k, w->k);
  if (!status && !record->reason)
    status = fc_record_reason(record, record->verdict, text);
  return status;
}

static fc_status decide(fc_step_study *w, const fc_claim *claim) {
  fc_record record[1];
  fc_status status = fc_job_record(record, w->job, claim);
  if (status)
    return status;
  fc_relation relation = fc_relation_of(claim);
  bool rounded = by_quadrature(w);
  status = rounded ? fc_decide_stated(record, w->job, relation, compare, w)
                   : fc_decide(record, w->job, relation, compare, w);
  if (rounded)
    record->basis = FC_BASIS_DOUBLE;
  if (!status)
    status = state_choice(record, w);
  if (!status)
    status = w->job->emit(w->job->sink, record);
  fc_record_clear(record);
  return status;
}

#define OUT_OF_REACH                                                           \
  "between its modes the density falls too far for quadrature in binary64"

/* Whether quadrature can work at all. */
static fc_status try_panels(const fc_step_study *w) {
  fc_line_density *law = NULL;
  fc_panels panels[1];
  fc_status status = fc_line_density_new(&law, w->target, 0, 1, NULL);
  if (!status)
    status = fc_panels_init(panels, law, NULL);
  if (!status)
    fc_panels_clear(panels);
  fc_line_density_free(law);
  return status;
}

fc_status fc_measure_step(const fc_job *job, const fc_claim *claim,
                          fc_error *error) {
  const fc_step_detail *detail = claim->detail;
  const char *reason = detail->refuses(job);
  if (reason)
    return claim->kind == FC_KIND_CONTROL
               ? FC_OK
               : fc_job_not_applicable(job, claim, reason);
  fc_step_study w = {
      .job = job, .which = detail->step, .target = first_factor(job)};
  w.count = fc_target_mixture_count(w.target);
  fc_status status = choose(&w);
  if (!status && by_quadrature(&w))
    status = try_panels(&w);
  if (status == FC_LIMIT || status == FC_DOMAIN || status == FC_BUDGET)
    return claim->kind == FC_KIND_CONTROL
               ? FC_OK
               : fc_job_not_applicable(job, claim, OUT_OF_REACH);
  if (!status)
    status = decide(&w, claim);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}
