/* Which theta, and how its integral is taken.
 *
 *   (sigma, R) known               4.3: (d) of Proposition 4.1
 *   kappa > 0, D infinite or
 *     kappa D^2 >= 1               4.1(a): (c)
 *   D finite                       4.1(b), 4.2: (a) up to t_1, then (c) where
 *                                  kappa is known
 *   L known                        4.4: (e), and (c) from t_2 on where kappa <=
 *                                  0 is known, u(t_2)^2 = 1 - 2 kappa (any t_2
 *                                  after t_0 is allowed)
 * t_1 and t_2 are rounded to binary64: theta is an envelope on both sides.
 *
 * Double exponential quadrature, t = lo + (hi - lo)/(1 + exp(-pi sinh y)): what
 * is singular at an end (a' and omega of Follmer at t = 1, the root of the
 * logarithm in (e)) costs no digits.  Both t and 1 - t are formed without
 * cancellation.  The error stated is what halving the step changed last.
 */
#include "gif/flow_envelope.h"

#include <math.h>
#include <string.h>

#include "gif/hypotheses.h"

#define THETA_A "b*omega*D^2/a^3 + da/a"
#define THETA_C "(kappa*a*da + b*db)/(kappa*a^2 + b^2)"
#define THETA_D                                                                \
  "(a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2) + "                               \
  "a*omega*b*R^2/(a^2 + sigma^2*b^2)^2"
#define THETA_E                                                                \
  "a*omega*5*L*(a^2 + b^2)^(-3/2)*(L + log(sqrt(a^2 + b^2)/b)^(-1/2)) + "      \
  "(a*da + b*db)/(a^2 + b^2)"

enum {
  LEVELS = 8,     /* of halving the step */
  NEGLIGIBLE = 8, /* terms that add nothing before a side ends */
  LOST_BITS = 30  /* of the precision that the integral may lose */
};

/* theta is `early` before the time at which u^2 = change, then `late`. */
typedef struct envelope {
  const char *early, *late; /* late NULL: no change */
  double change;
  bool cancels; /* (e): the logarithm of 1 + (a/b)^2/2 needs more bits */
} envelope;

static bool choose(envelope *e, const fc_target *target) {
  double sigma = NAN, R = NAN, kappa = NAN, D = NAN, L = NAN;
  bool curved = fc_target_constant_d(&kappa, target, FC_KAPPA);
  bool bounded = fc_target_constant_d(&D, target, FC_D);
  *e = (envelope){NULL, NULL, 0, false};
  if (fc_target_constant_d(&sigma, target, FC_SIGMA) &&
      fc_target_constant_d(&R, target, FC_R))
    e->early = THETA_D;
  else if (curved && kappa > 0 && (!bounded || kappa * D * D >= 1))
    e->early = THETA_C;
  else if (bounded) {
    e->early = THETA_A;
    e->late = curved ? THETA_C : NULL;
    e->change = 1 / (D * D) - kappa;
  } else if (fc_target_constant_d(&L, target, FC_L) &&
             fc_target_has_full_support(target)) {
    e->early = THETA_E;
    e->late = curved ? THETA_C : NULL;
    e->change = 1 - 2 * kappa;
    e->cancels = true;
  }
  return e->early != NULL;
}

const char *fc_needs_envelope(const fc_job *job) {
  envelope e;
  return choose(&e, job->instance->target)
             ? NULL
             : "none of Corollaries 4.1 to 4.4 applies: no (sigma, R), no "
               "kappa > 0, no bounded support, no L";
}

size_t fc_envelope_parts(fc_flow_part parts[FC_FLOW_PARTS], const fc_job *job,
                         const fc_claim *claim) {
  envelope e;
  (void)claim;
  if (!choose(&e, job->instance->target))
    return 0;
  parts[0] = (fc_flow_part){.rate = e.early};
  parts[1] = (fc_flow_part){.rate = e.late, .where = "kappa*a^2 + b^2"};
  return e.late ? 2 : 1;
}

/* --- the integrand at a node -----------------------------------------------
 */

typedef struct integral {
  fc_ctx ctx[1]; /* of the integrand */
  const fc_schedule *schedule;
  fc_environment *environment;
  fc_formula *theta;
  const fc_time *low, *high;
  fc_schedule_value at[1];
  fc_time time[1];
  fc_num length, w, v, slope, term, pi, temp;
} integral;

static void each(integral *g, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {g->length, g->w,  g->v,   g->slope,
                            g->term,   g->pi, g->temp};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], g->ctx);
}

/* w = 1/(1 + exp(-pi sinh y)), v = 1 - w, slope = dw/dy = pi cosh(y) w v. */
static void set_node(integral *g, double y) {
  const fc_ctx *ctx = g->ctx;
  fc_set_d(g->temp, y, ctx);
  fc_exp(g->w, g->temp, ctx);
  fc_inv(g->v, g->w, ctx);
  fc_add(g->slope, g->w, g->v, ctx);
  fc_mul_2exp_si(g->slope, g->slope, -1, ctx);
  fc_sub(g->temp, g->w, g->v, ctx);
  fc_mul_2exp_si(g->temp, g->temp, -1, ctx);
  fc_mul(g->temp, g->temp, g->pi, ctx);
  fc_exp(g->v, g->temp, ctx); /* exp(pi sinh y) */
  fc_add_si(g->temp, g->v, 1, ctx);
  fc_div(g->w, g->v, g->temp, ctx);
  fc_inv(g->v, g->temp, ctx);
  fc_mul(g->slope, g->slope, g->pi, ctx);
  fc_mul(g->slope, g->slope, g->w, ctx);
  fc_mul(g->slope, g->slope, g->v, ctx);
}

/* term = theta at the node times its weight. */
static fc_status set_term(integral *g, double y) {
  const fc_ctx *ctx = g->ctx;
  set_node(g, y);
  fc_mul(g->time->t, g->length, g->w, ctx);
  fc_add(g->time->t, g->time->t, g->low->t, ctx);
  fc_mul(g->time->r, g->length, g->v, ctx);
  fc_add(g->time->r, g->time->r, g->high->r, ctx);
  fc_status status = fc_schedule_eval(g->at, g->schedule, g->time, false, ctx);
  if (status)
    return status;
  fc_environment_set_time(g->environment, g->at, g->time);
  status = fc_environment_eval(g->term, g->environment, g->theta);
  fc_mul(g->term, g->term, g->slope, ctx);
  fc_mul(g->term, g->term, g->length, ctx);
  return status ? status : fc_is_finite(g->term, ctx) ? FC_OK : FC_DOMAIN;
}

/* sum += the terms at first, first + step, ... until they add nothing.  A term
 * that is no longer finite so far out that its weight is nothing ends it, too.
 */
static fc_status add_side(fc_ptr sum, integral *g, double first, double step) {
  const fc_ctx *ctx = g->ctx;
  int negligible = 0;
  for (double y = first; negligible < NEGLIGIBLE; y += step) {
    fc_status status = set_term(g, y);
    double weight = fc_get_d(g->slope, ctx);
    if (status == FC_DOMAIN && (fabs(y) > 6 || weight < 0x1p-40))
      return FC_OK;
    if (status)
      return status;
    fc_add(sum, sum, g->term, ctx);
    double size = fabs(fc_get_d(g->term, ctx));
    bool small = size <= ldexp(1, (int)-ctx->precision) || fabs(y) > 7;
    negligible = small ? negligible + 1 : 0;
  }
  return FC_OK;
}

/* --- one smooth piece -------------------------------------------------------
 */

static fc_status run_levels(fc_ptr total, fc_ptr error, integral *g,
                            long precision) {
  const fc_ctx *ctx = g->ctx;
  fc_num sum, last;
  fc_init(sum, ctx);
  fc_init(last, ctx);
  fc_status status = set_term(g, 0);
  fc_set(sum, g->term, ctx);
  double step = 0.5, off = INFINITY;
  for (int level = 0; level < LEVELS && !status; level++) {
    double first = step, stride = level == 0 ? step : 2 * step;
    status = add_side(sum, g, first, stride);
    if (!status)
      status = add_side(sum, g, -first, -stride);
    fc_set(total, sum, ctx); /* step * sum */
    fc_set_d(g->temp, step, ctx);
    fc_mul(total, total, g->temp, ctx);
    fc_sub(last, last, total, ctx);
    fc_abs(error, last, ctx);
    fc_set(last, total, ctx);
    off = fc_get_d(error, ctx);
    if (level > 0 && off <= ldexp(1 + fabs(fc_get_d(total, ctx)),
                                  (int)(LOST_BITS - precision)))
      break;
    step /= 2;
  }
  fc_clear(sum, ctx);
  fc_clear(last, ctx);
  return status ? status : isfinite(off) ? FC_OK : FC_DOMAIN;
}

/* total, error += the integral of theta from low to high. */
static fc_status add_piece(fc_ptr total, fc_ptr error,
                           const fc_environment *environment, const char *theta,
                           const fc_time *low, const fc_time *high,
                           long precision, const fc_ctx *ctx) {
  integral g[1];
  fc_num here, off;
  if (fc_lt(low->t, high->t, ctx) != FC_TRUE)
    return FC_OK;
  memset(g, 0, sizeof *g);
  g->ctx[0] = *ctx;
  g->low = low;
  g->high = high;
  g->schedule = fc_environment_schedule(environment);
  fc_init(here, ctx);
  fc_init(off, ctx);
  each(g, fc_init);
  fc_schedule_value_init(g->at, ctx);
  fc_time_init(g->time, ctx);
  fc_set_pi(g->pi, ctx);
  fc_sub(g->length, high->t, low->t, ctx);
  fc_status status = fc_environment_new(
      &g->environment, fc_environment_target(environment), g->schedule, ctx);
  if (!status)
    status = fc_bound_parse(&g->theta, theta, NULL);
  if (!status)
    status = run_levels(here, off, g, precision);
  fc_add(total, total, here, ctx);
  fc_add(error, error, off, ctx);
  fc_formula_free(g->theta);
  fc_environment_free(g->environment);
  fc_time_clear(g->time, ctx);
  fc_schedule_value_clear(g->at, ctx);
  each(g, fc_clear);
  fc_clear(here, ctx);
  fc_clear(off, ctx);
  return status;
}

/* --- the whole --------------------------------------------------------------
 */

/* cut = the time of the change, within [s, t]. */
static void set_cut(fc_time *cut, const envelope *e,
                    const fc_schedule *schedule, const fc_time *s,
                    const fc_time *t, const fc_ctx *ctx) {
  double time, rest;
  if (!e->late) {
    fc_time_set_d(cut, 0, true, ctx);
  } else if (!(e->change > 0) ||
             fc_schedule_time_of_snr(&time, &rest, schedule, e->change)) {
    fc_time_set_d(cut, 0, false,
                  ctx); /* u_0^2 >= change: late from the start */
  } else
    fc_time_set_d(cut, rest < time ? rest : time, rest < time, ctx);
  if (fc_lt(cut->t, s->t, ctx) == FC_TRUE) {
    fc_set(cut->t, s->t, ctx);
    fc_set(cut->r, s->r, ctx);
  }
  if (fc_lt(t->t, cut->t, ctx) == FC_TRUE) {
    fc_set(cut->t, t->t, ctx);
    fc_set(cut->r, t->r, ctx);
  }
}

/* log |grad X_{s,t}| <= total -+ error, in the working context. */
static fc_status integrate(fc_ptr total, fc_ptr error, const envelope *e,
                           const fc_environment *environment, const fc_time *s,
                           const fc_time *t, long precision,
                           const fc_ctx *ctx) {
  fc_time cut[1];
  fc_time_init(cut, ctx);
  set_cut(cut, e, fc_environment_schedule(environment), s, t, ctx);
  fc_status status =
      add_piece(total, error, environment, e->early, s, cut, precision, ctx);
  if (!status && e->late)
    status =
        add_piece(total, error, environment, e->late, cut, t, precision, ctx);
  fc_time_clear(cut, ctx);
  return status;
}

fc_status fc_envelope_integral(fc_ptr bound, fc_ptr error,
                               const fc_environment *environment,
                               const fc_ctx *ctx) {
  envelope e;
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  if (!choose(&e, fc_environment_target(environment)))
    return FC_DOMAIN;
  fc_ctx fine[1];
  *fine = *ctx;
  if (e.cancels && ctx->kind == FC_MPFR)
    fc_ctx_init_mpfr(fine, 3 * ctx->precision);
  fc_time s[1], t[1], from[1], to[1];
  fc_num total, off;
  fc_time_init(s, ctx);
  fc_time_init(t, ctx);
  fc_time_init(from, fine);
  fc_time_init(to, fine);
  fc_init(total, fine);
  fc_init(off, fine);
  fc_environment_times(s, t, environment);
  fc_time_convert(from, fine, s, ctx);
  fc_time_convert(to, fine, t, ctx);
  fc_status status =
      integrate(total, off, &e, environment, from, to, ctx->precision, fine);
  fc_convert(bound, ctx, total, fine);
  fc_convert(error, ctx, off, fine);
  fc_exp(bound, bound, ctx);
  fc_mul(error, error, bound, ctx);
  fc_mul_2exp_si(error, error, 1, ctx);
  fc_time_clear(s, ctx);
  fc_time_clear(t, ctx);
  fc_time_clear(from, fine);
  fc_time_clear(to, fine);
  fc_clear(total, fine);
  fc_clear(off, fine);
  return status;
}
