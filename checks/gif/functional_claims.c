#include "gif/functional_claims.h"

#include <math.h>
#include <stdlib.h>

#include "claims/decision.h"
#include "claims/environment.h"

#define NOTHING_KNOWN                                                          \
  "no upper bound on the constant of nu is known: no kappa > 0, no (sigma, "   \
  "R), "                                                                       \
  "and on a line binary64 does not reach it"
#define TWO_SIDED                                                              \
  "both constants are known from both sides to the stated error: the verdict " \
  "refutes and proves"
#define MEASURED_TWO_SIDED                                                     \
  "the constant is known from both sides to the stated error: the verdict "    \
  "refutes and proves"
#define CLOSED_FORM                                                            \
  "the constants are known in closed form: the verdict refutes and proves"
#define LOWER                                                                  \
  "measured is a lower estimate by test functions, the constant of nu is "     \
  "bounded from above: the verdict refutes, it proves nothing"
#define LOWER_MEASURED                                                         \
  "measured is a lower estimate by test functions: the verdict refutes, it "   \
  "proves nothing"
#define SLOPE_KNOWN                                                            \
  "C_P is known from both sides, Lip is the largest slope that was found: "    \
  "the verdict proves"

#define CLOSE                                                                  \
  "both sides are equal as far as they are known: they are so, or apart by "   \
  "less than the stated error"

#define ENCLOSED                                                               \
  "both sides are enclosed in balls at the witness, which proves the verdict " \
  "there"

/* A control counts as false from this on, relative to the scale. */
#define CLEARLY 0x1p-24

enum { ROUNDING_BITS = 12 };

typedef struct closure {
  const fc_functional *functional;
  const fc_job *job;
  const fc_claim *claim;
  size_t time; /* FC_AT_NU: of nu */
} closure;

static const fc_functional_detail *detail_of(const closure *w) {
  return w->claim->detail;
}

/* --- the bound ---------------------------------------------------------------
 */

/* The environment at the closure's time (t = 1 for nu). */
static fc_status environment_at(fc_environment **environment, const closure *w,
                                fc_schedule_value *at, const fc_ctx *ctx) {
  fc_time time[1];
  fc_time_init(time, ctx);
  bool of_nu = w->time == FC_AT_NU;
  fc_time_set_d(time, of_nu ? 0 : fc_functional_time(w->time), of_nu, ctx);
  fc_status status = fc_environment_new(environment, w->job->instance->target,
                                        w->job->schedule, ctx);
  if (!status)
    status = fc_schedule_eval(at, w->job->schedule, time, false, ctx);
  if (!status)
    fc_environment_set_time(*environment, at, time);
  fc_time_clear(time, ctx);
  return status;
}

/* values = C and Lip, errors likewise (NaN: not asked for). */
static fc_status further(fc_ptr values, fc_ptr errors, const closure *w,
                         const fc_ctx *ctx) {
  const fc_functional_detail *detail = detail_of(w);
  if (detail->constants)
    return FC_OK;
  if (!detail->slope)
    return fc_functional_above(values, errors, w->functional, detail->which,
                               ctx);
  fc_status status =
      fc_functional_slope(values + 1, errors + 1, w->functional, ctx);
  fc_sqrt(values + 1, values + 1, ctx); /* the error of a root: e/(2 root) */
  fc_div(errors + 1, errors + 1, values + 1, ctx);
  fc_mul_2exp_si(errors + 1, errors + 1, -1, ctx);
  return status;
}

/* bound = the formula, error = what the errors of C and Lip change in it. */
static fc_status eval_bound(fc_ptr bound, fc_ptr error,
                            const fc_environment *environment, fc_ptr values,
                            fc_srcptr errors, const fc_claim *claim,
                            const fc_ctx *ctx) {
  static const char *const names[] = {"C", "Lip"};
  fc_formula *formula = NULL;
  fc_status status =
      fc_bound_parse_further(&formula, claim->formula, names, 2, NULL);
  if (status)
    return status;
  status = fc_environment_eval_further(bound, environment, formula, values, 2);
  fc_add(values, values, errors, ctx);
  fc_add(values + 1, values + 1, errors + 1, ctx);
  if (!status)
    status =
        fc_environment_eval_further(error, environment, formula, values, 2);
  fc_sub(error, error, bound, ctx);
  fc_abs(error, error, ctx);
  if (fc_is_zero(errors, ctx) == FC_TRUE &&
      fc_is_zero(errors + 1, ctx) == FC_TRUE)
    fc_set_si(error, 0, ctx);
  fc_formula_free(formula);
  return status;
}

/* scale = a^2 b^2 C/(a^2 + b^2 C), which is what a change of order one in nu
 * changes of the bound at either end; measured, where C is not asked for. */
static void set_scale(fc_comparison *c, const closure *w, fc_srcptr constant,
                      const fc_schedule_value *at, const fc_ctx *ctx) {
  fc_num a2, b2;
  if (detail_of(w)->transfer) {
    fc_set(c->scale, c->measured, ctx);
    return;
  }
  fc_init(a2, ctx);
  fc_init(b2, ctx);
  fc_sqr(a2, at->a, ctx);
  fc_sqr(b2, at->b, ctx);
  fc_mul(b2, b2, constant, ctx);
  fc_mul(c->scale, a2, b2, ctx);
  fc_add(a2, a2, b2, ctx);
  fc_div(c->scale, c->scale, a2, ctx);
  fc_clear(a2, ctx);
  fc_clear(b2, ctx);
}

/* stated += what arithmetic loses of both sides, which the scale may be far
 * below; balls know it themselves. */
static void add_rounding(fc_comparison *c, fc_ptr temp, const fc_ctx *ctx) {
  if (ctx->kind == FC_ARB)
    return;
  fc_abs(temp, c->measured, ctx);
  fc_add(temp, temp, c->bound, ctx); /* both are positive */
  fc_mul_2exp_si(temp, temp, ROUNDING_BITS - ctx->precision, ctx);
  fc_add(c->stated, c->stated, temp, ctx);
}

/* An fc_compare_function. */
static fc_status compare(fc_comparison *c, void *data, const fc_ctx *ctx) {
  const closure *w = data;
  fc_environment *environment = NULL;
  fc_schedule_value at[1];
  fc_schedule_value_init(at, ctx);
  fc_ptr values = fc_vec_new(6, ctx);
  fc_status status =
      values ? environment_at(&environment, w, at, ctx) : FC_MEMORY;
  if (!status) {
    fc_ptr errors = values + 2, error = values + 4, constant = values + 5;
    status = fc_functional_measured(c->measured, c->stated, w->functional,
                                    detail_of(w)->which, w->time, ctx);
    if (!status)
      status = further(values, errors, w, ctx);
    fc_set(constant, values, ctx);
    if (!status)
      status = eval_bound(c->bound, error, environment, values, errors,
                          w->claim, ctx);
    if (!status) {
      set_scale(c, w, constant, at, ctx);
      fc_add(c->stated, c->stated, error, ctx);
      add_rounding(c, error, ctx);
      c->states = true;
    }
  }
  fc_environment_free(environment);
  fc_vec_free(values, 6, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}

/* --- the worst time ----------------------------------------------------------
 */

static void scan_context(fc_ctx *ctx, const fc_job *job) {
  if (job->tier == FC_TIER_DOUBLE)
    fc_ctx_init_double(ctx);
  else
    fc_ctx_init_mpfr(ctx, job->precision + 32);
}

static void add_profile(fc_record *record, const closure *w,
                        const fc_comparison *c, const fc_ctx *ctx) {
  double measured = fc_get_d(c->measured, ctx), bound = fc_get_d(c->bound, ctx);
  if (w->time != FC_AT_NU && isfinite(measured) && isfinite(bound))
    record->profile[record->profile_count++] =
        (fc_record_point){fc_functional_time(w->time), measured, bound};
}

/* The time of the least relative gap (infinite where it leaves binary64),
 * *found whether the claim could be compared at all.  Among gaps of nothing the
 * middle of [0, 1] is taken. */
static fc_status scan(double *least, bool *found, closure *w,
                      fc_record *record) {
  fc_ctx ctx[1];
  fc_comparison c[1];
  size_t count = detail_of(w)->transfer ? 1 : fc_functional_time_count();
  size_t worst = detail_of(w)->transfer ? FC_AT_NU : count / 2;
  scan_context(ctx, w->job);
  fc_comparison_init(c, ctx);
  record->profile = calloc(count, sizeof *record->profile);
  fc_status status = record->profile ? FC_OK : FC_MEMORY;
  *least = INFINITY;
  *found = false;
  for (size_t i = 0; i < count && !status; i++) {
    w->time = detail_of(w)->transfer ? FC_AT_NU : i;
    status = compare(c, w, ctx);
    if (status == FC_OK) {
      fc_compare(c, fc_relation_of(w->claim), ctx);
      if (c->valid) {
        add_profile(record, w, c, ctx);
        bool nothing = fabs(c->relative) <= 0x1p-40;
        double gap = nothing ? 0 : c->relative + c->stated_relative;
        if (!*found || gap < *least ||
            (gap == *least && w->time == count / 2)) {
          *found = true;
          *least = gap;
          worst = w->time;
        }
      }
    }
    status = status == FC_DOMAIN || status == FC_BUDGET ? FC_OK : status;
  }
  w->time = worst;
  fc_comparison_clear(c, ctx);
  return status;
}

/* --- one claim ---------------------------------------------------------------
 */

static const char *note(const closure *w) {
  const fc_functional_detail *detail = detail_of(w);
  if (fc_functional_is_closed(w->functional))
    return CLOSED_FORM;
  bool both =
      detail->which == FC_POINCARE && fc_functional_is_two_sided(w->functional);
  if (!detail->transfer)
    return both ? TWO_SIDED : LOWER;
  if (detail->slope && both)
    return SLOPE_KNOWN;
  return both ? MEASURED_TWO_SIDED : LOWER_MEASURED;
}

static fc_status set_time(fc_record *record, const closure *w) {
  fc_ctx exact[1];
  fc_num t;
  fc_ctx_init_mpfr(exact, 160);
  fc_init(t, exact);
  fc_set_d(t, w->time == FC_AT_NU ? 1 : fc_functional_time(w->time), exact);
  fc_status status = fc_exact_set(&record->witness_t, t, 160, exact);
  fc_clear(t, exact);
  return status;
}

/* In balls the gap is certainly positive. */
static bool is_proved(closure *w) {
  fc_ctx balls[1];
  fc_comparison c[1];
  if (w->job->tier != FC_TIER_CERTIFIED ||
      fc_ctx_init_arb(balls, w->job->precision + 32, NULL))
    return false;
  fc_comparison_init(c, balls);
  bool proved = compare(c, w, balls) == FC_OK;
  if (proved) {
    fc_compare(c, fc_relation_of(w->claim), balls);
    proved = c->valid && fc_is_positive(c->gap, balls) == FC_TRUE;
  }
  fc_comparison_clear(c, balls);
  return proved;
}

/* Beside a verdict: on what it rests.  A constant of nu against class constants
 * is one number: balls prove the whole claim. */
static fc_status state_basis(fc_record *record, closure *w) {
  bool proved = record->verdict == FC_VERDICT_HOLDS && is_proved(w);
  if (proved && detail_of(w)->transfer)
    record->basis = FC_BASIS_CERTIFIED;
  else if (record->basis == FC_BASIS_MPFR &&
           !fc_functional_is_closed(w->functional))
    record->basis = FC_BASIS_DOUBLE;
  if (record->reason)
    return FC_OK;
  bool enclosed = proved || record->basis == FC_BASIS_CERTIFIED;
  return fc_record_reason(record, record->verdict,
                          enclosed ? ENCLOSED : note(w));
}

/* Undecided because the sides are equal as far as they are known. */
static bool is_close(closure *w) {
  fc_ctx ctx[1];
  fc_comparison c[1];
  scan_context(ctx, w->job);
  fc_comparison_init(c, ctx);
  bool close = compare(c, w, ctx) == FC_OK;
  if (close) {
    fc_compare(c, fc_relation_of(w->claim), ctx);
    close = c->valid && fabs(c->relative) <= 2 * c->stated_relative;
  }
  fc_comparison_clear(c, ctx);
  return close;
}

static fc_status finish(fc_record *record, closure *w) {
  fc_status status = set_time(record, w);
  if (!status)
    status =
        fc_decide_stated(record, w->job, fc_relation_of(w->claim), compare, w);
  if (!status && record->verdict == FC_VERDICT_INCONCLUSIVE && is_close(w))
    status = fc_record_reason(record, FC_VERDICT_INCONCLUSIVE, CLOSE);
  if (!status)
    status = state_basis(record, w);
  return status ? status : w->job->emit(w->job->sink, record);
}

/* Something is not known at any time: why. */
static const char *unknown(const closure *w) {
  const fc_functional_detail *detail = detail_of(w);
  if (w->job->tier == FC_TIER_DOUBLE)
    return "the numbers leave the range of binary64";
  if (detail->transfer)
    return detail->slope ? "sup |∇X₁| is sought by gif.flow-lipschitz; it is "
                           "not known here on the line of the law"
                         : "the constant of nu is not within reach of binary64";
  return NOTHING_KNOWN;
}

fc_status fc_functional_decide(const fc_functional *functional,
                               const fc_job *job, const fc_claim *claim,
                               fc_error *error) {
  closure w = {functional, job, claim, 0};
  const char *reason =
      detail_of(&w)->refuses ? detail_of(&w)->refuses(job) : NULL;
  bool control = claim->kind == FC_KIND_CONTROL;
  if (reason)
    return control ? FC_OK : fc_job_not_applicable(job, claim, reason);
  fc_record record[1];
  double least;
  bool found;
  fc_status status = fc_job_record(record, job, claim);
  if (status)
    return status;
  status = scan(&least, &found, &w, record);
  if (!status && control && !(least < -CLEARLY))
    ; /* true here, or nothing is known */
  else if (!status && !found)
    status = fc_job_not_applicable(job, claim, unknown(&w));
  else if (!status)
    status = finish(record, &w);
  fc_record_clear(record);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}
