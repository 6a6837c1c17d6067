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
#include "gif/functional_quadrature.h"
#include "spectral_gap/spectral_gap.h"

enum {
  FIRST_EXPONENT = 4, /* r = 2^-4, 2^-5, ... */
  LAST_EXPONENT = 200,
  TERMS = 4000
};

/* k a is at most this. */
#define SMALL 0x1p-4

/* The first coordinate of nu, and the choice of f and t. */
typedef struct step {
  const fc_job *job;
  fc_step which;
  const fc_target *target; /* a factor, or the target */
  size_t count;            /* components; 0: by quadrature */
  double k;                /* frequency or rate */
  double time;             /* t, or 1 - t where from_end */
  bool from_end;
} step;

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

/* --- mixtures: sums over components ------------------------------------------
 */

typedef void each_component(fc_ptr sum, fc_srcptr weight, fc_srcptr mean,
                            fc_srcptr variance, fc_srcptr argument,
                            const fc_ctx *ctx);

/* sum += w cos(s m) exp(-s^2 v/2) */
static void add_cosine(fc_ptr sum, fc_srcptr weight, fc_srcptr mean,
                       fc_srcptr variance, fc_srcptr s, const fc_ctx *ctx) {
  fc_num phase, decay;
  fc_init(phase, ctx);
  fc_init(decay, ctx);
  fc_sqr(decay, s, ctx);
  fc_mul(decay, decay, variance, ctx);
  fc_mul_2exp_si(decay, decay, -1, ctx);
  fc_neg(decay, decay, ctx);
  fc_exp(decay, decay, ctx);
  fc_mul(phase, s, mean, ctx);
  fc_cos(phase, phase, ctx);
  fc_mul(phase, phase, decay, ctx);
  fc_addmul(sum, phase, weight, ctx);
  fc_clear(phase, ctx);
  fc_clear(decay, ctx);
}

/* sum += w exp(s m + s^2 v/2) */
static void add_exponential(fc_ptr sum, fc_srcptr weight, fc_srcptr mean,
                            fc_srcptr variance, fc_srcptr s,
                            const fc_ctx *ctx) {
  fc_num x;
  fc_init(x, ctx);
  fc_mul(x, s, variance, ctx);
  fc_mul_2exp_si(x, x, -1, ctx);
  fc_add(x, x, mean, ctx);
  fc_mul(x, x, s, ctx);
  fc_exp(x, x, ctx);
  fc_addmul(sum, x, weight, ctx);
  fc_clear(x, ctx);
}

static fc_status mixture_sum(fc_ptr z, const step *w, each_component *each,
                             fc_srcptr argument, const fc_ctx *ctx) {
  size_t d = fc_target_dimension(w->target);
  fc_ptr mean = fc_vec_new(d + d * d + 1, ctx);
  if (!mean)
    return FC_MEMORY;
  fc_ptr covariance = mean + d, weight = covariance + d * d;
  fc_status status = FC_OK;
  fc_set_si(z, 0, ctx);
  for (size_t k = 0; k < w->count && !status; k++) {
    status = fc_target_mixture_get(mean, covariance, weight, w->target, k, ctx);
    fc_exp(weight, weight, ctx);
    if (!status)
      each(z, weight, mean, covariance, argument, ctx);
  }
  fc_vec_free(mean, d + d * d + 1, ctx);
  return status;
}

/* --- numbers that both ways share -------------------------------------------
 */

typedef struct numbers {
  fc_num a, b, k, q, root, r; /* root = sqrt(1 - q^2) */
  fc_num cosine, twice, j;    /* E cos theta, E cos 2 theta, J */
} numbers;

static void each_number(numbers *n, void (*act)(fc_ptr, const fc_ctx *),
                        const fc_ctx *ctx) {
  fc_ptr const all[] = {n->a, n->b,      n->k,     n->q, n->root,
                        n->r, n->cosine, n->twice, n->j};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    act(all[i], ctx);
}

static fc_status set_numbers(numbers *n, const step *w, const fc_ctx *ctx) {
  fc_time time[1];
  fc_schedule_value at[1];
  fc_time_init(time, ctx);
  fc_schedule_value_init(at, ctx);
  fc_time_set_d(time, w->time, w->from_end, ctx);
  fc_status status = fc_schedule_eval(at, w->job->schedule, time, false, ctx);
  fc_set(n->a, at->a, ctx);
  fc_set(n->b, at->b, ctx);
  fc_set_d(n->k, w->k, ctx);
  fc_mul(n->q, n->a, n->k, ctx); /* log q = -2 k^2 a^2 */
  fc_sqr(n->q, n->q, ctx);
  fc_mul_si(n->q, n->q, -2, ctx);
  fc_mul_2exp_si(n->root, n->q, 1, ctx);
  fc_expm1(n->root, n->root, ctx);
  fc_neg(n->root, n->root, ctx);
  fc_sqrt(n->root, n->root, ctx);
  fc_exp(n->q, n->q, ctx);
  fc_neg(n->r, n->root, ctx);
  fc_add_si(n->r, n->r, 1, ctx);
  fc_div(n->r, n->r, n->q, ctx);
  fc_time_clear(time, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}

/* --- the series for J --------------------------------------------------------
 */

/* z = E cos(n theta). */
static fc_status cosine_of(fc_ptr z, const step *w, const numbers *x, long n,
                           const fc_ctx *ctx) {
  fc_num s;
  fc_init(s, ctx);
  fc_mul(s, x->k, x->b, ctx);
  fc_mul_si(s, s, 2 * n, ctx);
  fc_status status = mixture_sum(z, w, add_cosine, s, ctx);
  fc_clear(s, ctx);
  return status;
}

/* z = sum_k w_k exp(-s^2 v_k/2), s = 2 k b n: no |E cos(m theta)|, m >= n, is
 * larger. */
static fc_status envelope_of(fc_ptr z, const step *w, const numbers *x, long n,
                             const fc_ctx *ctx) {
  size_t d = fc_target_dimension(w->target);
  fc_num s, zero;
  fc_ptr mean = fc_vec_new(d + d * d + 1, ctx);
  if (!mean)
    return FC_MEMORY;
  fc_init(s, ctx);
  fc_init(zero, ctx);
  fc_mul(s, x->k, x->b, ctx);
  fc_mul_si(s, s, 2 * n, ctx);
  fc_set_si(z, 0, ctx);
  fc_ptr covariance = mean + d, weight = covariance + d * d;
  fc_status status = FC_OK;
  for (size_t k = 0; k < w->count && !status; k++) {
    status = fc_target_mixture_get(mean, covariance, weight, w->target, k, ctx);
    fc_exp(weight, weight, ctx);
    add_cosine(z, weight, zero, covariance, s, ctx);
  }
  fc_clear(s, ctx);
  fc_clear(zero, ctx);
  fc_vec_free(mean, d + d * d + 1, ctx);
  return status;
}

/* x->j; what is left out is at most root (envelope) r^n/(1 - r), which balls
 * get and rounded numbers end with. */
static fc_status sum_series(numbers *x, const step *w, const fc_ctx *ctx) {
  fc_num power, term, rest;
  fc_init(power, ctx);
  fc_init(term, ctx);
  fc_init(rest, ctx);
  fc_set_si(x->j, 0, ctx);
  fc_set_si(power, 1, ctx);
  fc_status status = FC_OK;
  bool small = false;
  for (long n = 1; n <= TERMS && !small && !status; n++) {
    fc_mul(power, power, x->r, ctx);
    status = cosine_of(term, w, x, n, ctx);
    fc_addmul(x->j, power, term, ctx);
    if (!status)
      status = envelope_of(rest, w, x, n + 1, ctx);
    fc_mul(rest, rest, power, ctx);
    fc_neg(term, x->r, ctx);
    fc_add_si(term, term, 1, ctx);
    fc_div(rest, rest, term, ctx);
    small = fc_get_d(rest, ctx) < ldexp(1, -(int)ctx->precision);
  }
  if (!status && !small)
    status = FC_BUDGET;
  fc_neg(term, rest, ctx);
  fc_hull(rest, rest, term, ctx);
  fc_add(x->j, x->j, rest, ctx);
  fc_mul_2exp_si(x->j, x->j, 1, ctx);
  fc_add_si(x->j, x->j, 1, ctx);
  fc_mul(x->j, x->j, x->root, ctx);
  fc_clear(power, ctx);
  fc_clear(term, ctx);
  fc_clear(rest, ctx);
  return status;
}

/* The integrals against nu at the step's time, by quadrature. */
static fc_status quadrature(double means[FC_STEP_INTEGRALS], const step *w,
                            const numbers *x, const fc_ctx *ctx) {
  bool direct = w->which == FC_STEP_QUADRATURE;
  bool exponential = w->which == FC_STEP_SECOND;
  fc_step_integrand of = {.k = w->k,
                          .b = fc_get_d(x->b, ctx),
                          .q = fc_get_d(x->q, ctx),
                          .poles = HUGE_VAL,
                          .noise = direct ? w->k * fc_get_d(x->a, ctx) : 0};
  of.rate = exponential ? 2 * of.k * of.b : 0;
  if (!exponential)
    of.poles = fc_get_d(x->a, ctx) / of.b;
  return fc_step_integrals(means, &of, w->target);
}

/* --- both ways ---------------------------------------------------------------
 */

/* cosine, twice, j */
static fc_status fill_expectations(numbers *x, const step *w,
                                   const fc_ctx *ctx) {
  double means[FC_STEP_INTEGRALS];
  fc_status status;
  if (w->count) {
    status = cosine_of(x->cosine, w, x, 1, ctx);
    if (!status)
      status = cosine_of(x->twice, w, x, 2, ctx);
    return status ? status : sum_series(x, w, ctx);
  }
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  status = quadrature(means, w, x, ctx);
  fc_set_d(x->cosine, means[FC_STEP_COSINE], ctx);
  fc_set_d(x->twice, means[FC_STEP_TWICE], ctx);
  fc_set_d(x->j, means[FC_STEP_KERNEL], ctx);
  fc_mul(x->j, x->j, x->root, ctx);
  fc_mul(x->j, x->j, x->root, ctx);
  return status;
}

/* z = (1 + q cosine - J)/2. */
static void left_side(fc_ptr z, const numbers *x, const fc_ctx *ctx) {
  fc_mul(z, x->q, x->cosine, ctx);
  fc_sub(z, z, x->j, ctx);
  fc_add_si(z, z, 1, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
}

/* z = (1/4)(1 - q^4 E cos 2 theta)/(1 - q E cos theta), chi(2k) = q E cos
 * theta and chi(4k) = q^4 E cos 2 theta. */
static void first_bound(fc_ptr z, const numbers *x, const fc_ctx *ctx) {
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
static void pointwise_bound(fc_ptr z, const numbers *x, const fc_ctx *ctx) {
  fc_mul(z, x->q, x->cosine, ctx);
  fc_add_si(z, z, 1, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
}

/* m(4cb)/m(2cb) and m(2cb), both divided by exp(2cb shift) in quadrature. */
static fc_status exponential_sides(fc_ptr left, fc_ptr right, const step *w,
                                   const numbers *x, const fc_ctx *ctx) {
  double means[FC_STEP_INTEGRALS];
  fc_status status;
  if (!w->count) {
    if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
      return FC_UNSUPPORTED;
    status = quadrature(means, w, x, ctx);
    fc_set_d(right, means[FC_STEP_ONCE_EXP], ctx);
    fc_set_d(left, means[FC_STEP_TWICE_EXP], ctx);
    fc_div(left, left, right, ctx);
    return status;
  }
  fc_num s;
  fc_init(s, ctx);
  fc_mul(s, x->k, x->b, ctx);
  fc_mul_2exp_si(s, s, 1, ctx);
  status = mixture_sum(right, w, add_exponential, s, ctx);
  fc_mul_2exp_si(s, s, 1, ctx);
  if (!status)
    status = mixture_sum(left, w, add_exponential, s, ctx);
  fc_div(left, left, right, ctx);
  fc_clear(s, ctx);
  return status;
}

/* measured = |L - its quadrature|, bound = 2^FC_STEP_EXPONENT L. */
static fc_status compare_quadrature(fc_comparison *c, const step *w,
                                    const numbers *x, const fc_ctx *ctx) {
  double means[FC_STEP_INTEGRALS];
  fc_num other;
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  fc_status status = quadrature(means, w, x, ctx);
  fc_init(other, ctx);
  fc_set_d(other, status ? NAN : means[FC_STEP_DIRECT], ctx);
  fc_mul_2exp_si(c->bound, c->measured, FC_STEP_EXPONENT, ctx);
  fc_sub(c->measured, c->measured, other, ctx);
  fc_abs(c->measured, c->measured, ctx);
  fc_clear(other, ctx);
  return status;
}

static fc_status sides(fc_comparison *c, const step *w, numbers *x,
                       const fc_ctx *ctx) {
  if (w->which == FC_STEP_SECOND)
    return exponential_sides(c->measured, c->bound, w, x, ctx);
  fc_status status = fill_expectations(x, w, ctx);
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

static bool by_quadrature(const step *w) {
  return !w->count || w->which == FC_STEP_QUADRATURE;
}

/* An fc_compare_function. */
static fc_status compare(fc_comparison *c, void *data, const fc_ctx *ctx) {
  const step *w = data;
  numbers x[1];
  each_number(x, fc_init, ctx);
  fc_status status = set_numbers(x, w, ctx);
  if (!status)
    status = sides(c, w, x, ctx);
  fc_set(c->scale, c->bound, ctx);
  c->states = by_quadrature(w);
  fc_mul_2exp_si(c->stated, c->scale, FC_STEP_EXPONENT, ctx);
  each_number(x, fc_clear, ctx);
  return status;
}

/* --- choosing f and t, and deciding ------------------------------------------
 */

/* The least and the largest length of the first coordinate: deviations of
 * components and the spread of everything. */
static fc_status lengths(double *least, double *most, const step *w) {
  fc_ctx ctx[1];
  fc_line_law *law = NULL;
  fc_line_constants c[1];
  size_t d = fc_target_dimension(w->target);
  double *first = calloc(d, sizeof *first);
  if (!first)
    return FC_MEMORY;
  first[0] = 1;
  fc_ctx_init_double(ctx);
  fc_status status =
      w->count ? fc_line_law_new_marginal(&law, w->target, first, 0, 1, NULL)
               : fc_line_law_new(&law, w->target, 0, 1, NULL);
  free(first);
  if (status)
    return status;
  size_t marks;
  const double *mark = fc_line_law_marks(&marks, law);
  double span = mark[marks - 1] - mark[0];
  if (!w->count) {
    status = fc_line_constants_of(c, law, NULL);
    *least = sqrt(c->variance) / 2; /* ends are sharper than a normal law's */
    *most = sqrt(c->variance);
  }
  fc_line_law_free(law);
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

static fc_status choose(step *w) {
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

static fc_status state_choice(fc_record *record, const step *w) {
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

static fc_status decide(step *w, const fc_claim *claim) {
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
static fc_status try_panels(const step *w) {
  fc_line_law *law = NULL;
  fc_panels panels[1];
  fc_status status = fc_line_law_new(&law, w->target, 0, 1, NULL);
  if (!status)
    status = fc_panels_init(panels, law, NULL);
  if (!status)
    fc_panels_clear(panels);
  fc_line_law_free(law);
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
  step w = {.job = job, .which = detail->step, .target = first_factor(job)};
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
