#include "gif/functional_numbers.h"

#include <math.h>

enum { TERMS = 4000 /* of the series for J */ };

/* --- mixtures: sums over components ------------------------------------------
 */

typedef void each_component(fc_ptr sum, fc_srcptr weight, fc_srcptr mean,
                            fc_srcptr variance, fc_srcptr argument,
                            const fc_ctx *ctx);

/* z = exp(-s^2 v/2) */
static void decay(fc_ptr z, fc_srcptr s, fc_srcptr variance,
                  const fc_ctx *ctx) {
  fc_sqr(z, s, ctx);
  fc_mul(z, z, variance, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  fc_neg(z, z, ctx);
  fc_exp(z, z, ctx);
}

/* sum += w exp(-s^2 v/2) */
static void add_decay(fc_ptr sum, fc_srcptr weight, fc_srcptr mean,
                      fc_srcptr variance, fc_srcptr s, const fc_ctx *ctx) {
  (void)mean;
  fc_num x;
  fc_init(x, ctx);
  decay(x, s, variance, ctx);
  fc_addmul(sum, x, weight, ctx);
  fc_clear(x, ctx);
}

/* sum += w cos(s m) exp(-s^2 v/2) */
static void add_cosine(fc_ptr sum, fc_srcptr weight, fc_srcptr mean,
                       fc_srcptr variance, fc_srcptr s, const fc_ctx *ctx) {
  fc_num phase, x;
  fc_init(phase, ctx);
  fc_init(x, ctx);
  decay(x, s, variance, ctx);
  fc_mul(phase, s, mean, ctx);
  fc_cos(phase, phase, ctx);
  fc_mul(phase, phase, x, ctx);
  fc_addmul(sum, phase, weight, ctx);
  fc_clear(phase, ctx);
  fc_clear(x, ctx);
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

static fc_status mixture_sum(fc_ptr z, const fc_step_study *w,
                             each_component *each, fc_srcptr argument,
                             const fc_ctx *ctx) {
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

/* --- numbers ----------------------------------------------------------------
 */

static void each_number(fc_step_numbers *n, void (*act)(fc_ptr, const fc_ctx *),
                        const fc_ctx *ctx) {
  fc_ptr const all[] = {n->a, n->b,      n->k,     n->q, n->root,
                        n->r, n->cosine, n->twice, n->j};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    act(all[i], ctx);
}

void fc_step_numbers_init(fc_step_numbers *x, const fc_ctx *ctx) {
  each_number(x, fc_init, ctx);
}

void fc_step_numbers_clear(fc_step_numbers *x, const fc_ctx *ctx) {
  each_number(x, fc_clear, ctx);
}

fc_status fc_step_numbers_set(fc_step_numbers *n, const fc_step_study *w,
                              const fc_ctx *ctx) {
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

/* z = sum over the components at s = 2 k b n. */
static fc_status sum_at(fc_ptr z, const fc_step_study *w,
                        const fc_step_numbers *x, each_component *each, long n,
                        const fc_ctx *ctx) {
  fc_num s;
  fc_init(s, ctx);
  fc_mul(s, x->k, x->b, ctx);
  fc_mul_si(s, s, 2 * n, ctx);
  fc_status status = mixture_sum(z, w, each, s, ctx);
  fc_clear(s, ctx);
  return status;
}

/* z = E cos(n theta). */
static fc_status cosine_of(fc_ptr z, const fc_step_study *w,
                           const fc_step_numbers *x, long n,
                           const fc_ctx *ctx) {
  return sum_at(z, w, x, add_cosine, n, ctx);
}

/* z = sum_k w_k exp(-s^2 v_k/2), s = 2 k b n: no |E cos(m theta)|, m >= n, is
 * larger. */
static fc_status envelope_of(fc_ptr z, const fc_step_study *w,
                             const fc_step_numbers *x, long n,
                             const fc_ctx *ctx) {
  return sum_at(z, w, x, add_decay, n, ctx);
}

/* x->j; what is left out is at most root (envelope) r^n/(1 - r), which balls
 * get and rounded numbers end with. */
static fc_status sum_series(fc_step_numbers *x, const fc_step_study *w,
                            const fc_ctx *ctx) {
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

/* --- quadrature --------------------------------------------------------------
 */

fc_status fc_step_quadrature(double means[FC_STEP_INTEGRALS],
                             const fc_step_study *w, const fc_step_numbers *x,
                             const fc_ctx *ctx) {
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

fc_status fc_step_expectations(fc_step_numbers *x, const fc_step_study *w,
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
  status = fc_step_quadrature(means, w, x, ctx);
  fc_set_d(x->cosine, means[FC_STEP_COSINE], ctx);
  fc_set_d(x->twice, means[FC_STEP_TWICE], ctx);
  fc_set_d(x->j, means[FC_STEP_KERNEL], ctx);
  fc_mul(x->j, x->j, x->root, ctx);
  fc_mul(x->j, x->j, x->root, ctx);
  return status;
}

fc_status fc_step_exponentials(fc_ptr left, fc_ptr right,
                               const fc_step_study *w, const fc_step_numbers *x,
                               const fc_ctx *ctx) {
  double means[FC_STEP_INTEGRALS];
  fc_status status;
  if (!w->count) {
    if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
      return FC_UNSUPPORTED;
    status = fc_step_quadrature(means, w, x, ctx);
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
