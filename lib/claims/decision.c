#include "claims/decision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  VERDICT_BITS = 32, /* of the stated precision that a verdict gives away */
  LEAST_BITS = 34,   /* to which two numbers must agree to count as equal */
  DOUBLE_BITS = 16, /* what binary64 must know of the gap where it says how much
                       it knows */
  DOUBLINGS = 4,
  STATED_GUARD_BITS = 32 /* where the error is stated, it says what is lost */
};

/* The threshold on |gap|/scale in MPFR and in balls. */
static double equality_limit(long precision) {
  long bits = precision - VERDICT_BITS;
  return ldexp(1, (int)-(bits > LEAST_BITS ? bits : LEAST_BITS));
}

fc_relation fc_relation_of(const fc_claim *claim) {
  if (strcmp(claim->relation, "<=") == 0)
    return FC_AT_MOST;
  return strcmp(claim->relation, ">=") == 0 ? FC_AT_LEAST : FC_EQUAL;
}

void fc_comparison_init(fc_comparison *c, const fc_ctx *ctx) {
  fc_init(c->measured, ctx);
  fc_init(c->bound, ctx);
  fc_init(c->scale, ctx);
  fc_init(c->gap, ctx);
  fc_init(c->stated, ctx);
  c->states = c->as_ratio = false;
  c->valid = false;
  c->error = 0;
  c->relative = INFINITY;
}

void fc_comparison_clear(fc_comparison *c, const fc_ctx *ctx) {
  fc_clear(c->measured, ctx);
  fc_clear(c->bound, ctx);
  fc_clear(c->scale, ctx);
  fc_clear(c->gap, ctx);
  fc_clear(c->stated, ctx);
}

/* The stated error relative to the scale; infinite where it is no number. */
static double stated_error(const fc_comparison *c, const fc_ctx *ctx) {
  fc_num ratio;
  fc_init(ratio, ctx);
  fc_div(ratio, c->stated, c->scale, ctx);
  double error = fc_get_d(ratio, ctx);
  fc_clear(ratio, ctx);
  return error >= 0 ? error : INFINITY;
}

void fc_compare(fc_comparison *c, fc_relation relation, const fc_ctx *ctx) {
  if (relation == FC_AT_MOST)
    fc_sub(c->gap, c->bound, c->measured, ctx);
  else
    fc_sub(c->gap, c->measured, c->bound, ctx);
  if (relation == FC_EQUAL) {
    fc_abs(c->gap, c->gap, ctx);
    fc_neg(c->gap, c->gap, ctx);
  }
  c->valid = fc_is_finite(c->gap, ctx) && fc_is_finite(c->scale, ctx) &&
             fc_is_positive(c->scale, ctx) == FC_TRUE;
  c->relative = INFINITY;
  c->stated_relative = c->states ? stated_error(c, ctx) : 0;
  if (c->valid) {
    fc_num ratio;
    fc_init(ratio, ctx);
    fc_div(ratio, c->gap, c->scale, ctx);
    c->relative = fc_get_d(ratio, ctx);
    fc_clear(ratio, ctx);
  }
}

/* The threshold on gap/scale below which two numbers count as equal. */
static double equality(const fc_comparison *c, long precision,
                       const fc_ctx *ctx) {
  if (ctx->kind != FC_DOUBLE)
    return equality_limit(precision);
  /* binary64: relative to the terms, since the gap is their difference. */
  double size =
      fabs(fc_get_d(c->measured, ctx)) + fabs(fc_get_d(c->bound, ctx));
  double scale = fc_get_d(c->scale, ctx);
  return ldexp(1 + size / scale, -34) + c->error / scale + c->stated_relative;
}

fc_verdict fc_judge(const fc_comparison *c, fc_relation relation,
                    long precision, const fc_ctx *ctx) {
  if (!c->valid)
    return FC_VERDICT_INCONCLUSIVE;
  double threshold = equality(c, precision, ctx);
  if (c->relative < -threshold)
    return FC_VERDICT_VIOLATED;
  if (relation == FC_EQUAL || c->relative > threshold)
    return FC_VERDICT_HOLDS;
  return FC_VERDICT_ATTAINED;
}

fc_status fc_record_reason(fc_record *record, fc_verdict verdict,
                           const char *reason) {
  record->verdict = verdict;
  free(record->reason);
  record->reason = fc_strdup(reason);
  return record->reason ? FC_OK : FC_MEMORY;
}

/* The slack of a claim whose numbers span orders of magnitude. */
static fc_status state_ratio(fc_record *record, const fc_comparison *c,
                             long bits, const fc_ctx *ctx) {
  fc_num ratio;
  fc_init(ratio, ctx);
  bool above = strcmp(record->relation, ">=") == 0;
  fc_div(ratio, above ? c->measured : c->bound, above ? c->bound : c->measured,
         ctx);
  fc_status status = fc_exact_set(&record->slack, ratio, bits, ctx);
  fc_clear(ratio, ctx);
  return status;
}

/* Writes what was compared into the record. */
static fc_status state(fc_record *record, const fc_comparison *c, long bits,
                       const fc_ctx *ctx) {
  fc_status status = fc_exact_set(&record->measured, c->measured, bits, ctx);
  if (status == FC_OK)
    status = fc_exact_set(&record->bound, c->bound, bits, ctx);
  if (status == FC_OK)
    status = c->as_ratio ? state_ratio(record, c, bits, ctx)
                         : fc_exact_set(&record->slack, c->gap, bits, ctx);
  free(record->slack_kind);
  record->slack_kind = fc_strdup(c->as_ratio ? "ratio" : "gap");
  return record->slack_kind ? status : FC_MEMORY;
}

/* One evaluation, compared. */
static fc_status evaluate(fc_comparison *c, fc_relation relation,
                          fc_compare_function *function, void *closure,
                          const fc_ctx *ctx) {
  c->valid = false;
  fc_status status = function(c, closure, ctx);
  if (status == FC_OK)
    fc_compare(c, relation, ctx);
  return status;
}

/* The verdict is the same wherever within the stated error the gap is. */
static bool is_decided(const fc_comparison *c, double threshold,
                       const fc_ctx *ctx) {
  fc_num limit, size;
  fc_init(limit, ctx);
  fc_init(size, ctx);
  fc_set_d(limit, threshold / 4, ctx);
  fc_mul(limit, limit, c->scale, ctx);
  bool small = fc_le(c->stated, limit, ctx) == FC_TRUE;
  fc_mul_si(limit, limit, 5, ctx);
  fc_mul_2exp_si(size, c->stated, 1, ctx);
  fc_add(limit, limit, size, ctx);
  fc_abs(size, c->gap, ctx);
  bool clear = fc_lt(limit, size, ctx) == FC_TRUE;
  fc_clear(limit, ctx);
  fc_clear(size, ctx);
  return small || clear;
}

static fc_status decide_double(fc_record *record, fc_relation relation,
                               fc_compare_function *function, void *closure) {
  fc_ctx ctx[1];
  fc_comparison c[1];
  fc_ctx_init_double(ctx);
  fc_comparison_init(c, ctx);
  record->basis = FC_BASIS_DOUBLE;
  fc_status status = evaluate(c, relation, function, closure, ctx);
  if (status == FC_OK && c->valid && c->states &&
      !is_decided(c, ldexp(1, -DOUBLE_BITS), ctx)) {
    status = fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                              "the stated error of binary64 is too large for "
                              "a verdict");
  } else if (status == FC_OK && c->valid) {
    record->verdict = fc_judge(c, relation, 53, ctx);
    status = state(record, c, 53, ctx);
  } else if (status == FC_OK || status == FC_DOMAIN || status == FC_BUDGET)
    status = fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                              "not finite in binary64");
  fc_comparison_clear(c, ctx);
  return status;
}

/* Doubles the precision until the comparison settles; *precision is where. */
static fc_status settle(fc_record *record, long *precision, const fc_job *job,
                        fc_relation relation, fc_compare_function *function,
                        void *closure) {
  double threshold = equality_limit(job->precision);
  double last = NAN;
  bool agreed = false, states = false;
  fc_status status = FC_OK;
  for (int i = 0; i <= DOUBLINGS && !agreed && status == FC_OK; i++) {
    fc_ctx ctx[1];
    fc_comparison c[1];
    if (i > 0)
      *precision *= 2;
    fc_ctx_init_mpfr(ctx, *precision);
    fc_comparison_init(c, ctx);
    status = evaluate(c, relation, function, closure, ctx);
    if (status == FC_OK && c->valid) {
      states = c->states;
      agreed = states ? is_decided(c, threshold, ctx)
                      : c->relative == last || /* infinities, too */
                            fabs(c->relative - last) <=
                                threshold / 4 + ldexp(fabs(c->relative), -30);
      last = c->relative;
      record->verdict = fc_judge(c, relation, job->precision, ctx);
      status = state(record, c, job->precision, ctx);
    }
    fc_comparison_clear(c, ctx);
  }
  if (status == FC_DOMAIN)
    return fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                            "the quantities are not defined at the witness");
  if (status == FC_BUDGET)
    return fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                            "the budget was spent before the quantities were "
                            "known at the witness");
  if (status == FC_OK && !agreed)
    return fc_record_reason(
        record, FC_VERDICT_INCONCLUSIVE,
        states ? "the stated error is still larger than the verdict allows "
                 "after doubling the precision four times"
               : "two precisions still disagree after doubling it four times");
  return status;
}

/* True where gap > factor * limit * scale holds for every point of the balls
 * (below: gap < that). */
static bool certainly(const fc_comparison *c, bool below, double factor,
                      double limit, const fc_ctx *ctx) {
  fc_num level;
  fc_init(level, ctx);
  fc_set_d(level, factor * limit, ctx);
  fc_mul(level, level, c->scale, ctx);
  fc_truth answer =
      below ? fc_lt(c->gap, level, ctx) : fc_lt(level, c->gap, ctx);
  fc_clear(level, ctx);
  return answer == FC_TRUE;
}

/* The enclosure excludes what the verdict says, with a factor of two to spare
 * for what MPFR rounds. */
static bool contradicts(const fc_comparison *c, fc_verdict verdict,
                        fc_relation relation, double limit, const fc_ctx *ctx) {
  switch (verdict) {
  case FC_VERDICT_VIOLATED:
    return certainly(c, false, -0.5, limit, ctx);
  case FC_VERDICT_ATTAINED:
    return certainly(c, false, 2, limit, ctx) ||
           certainly(c, true, -2, limit, ctx);
  case FC_VERDICT_HOLDS:
    return certainly(c, true, relation == FC_EQUAL ? -2 : 0.5, limit, ctx);
  default:
    return false;
  }
}

static fc_status certify(fc_record *record, long precision, const fc_job *job,
                         fc_relation relation, fc_compare_function *function,
                         void *closure) {
  fc_ctx balls[1];
  fc_comparison c[1];
  fc_status status = fc_ctx_init_arb(balls, precision, NULL);
  if (status)
    return status;
  fc_comparison_init(c, balls);
  status = evaluate(c, relation, function, closure, balls);
  if (status == FC_OK && fc_is_finite(c->gap, balls)) {
    if (contradicts(c, record->verdict, relation,
                    equality_limit(job->precision), balls))
      status = fc_record_reason(
          record, FC_VERDICT_ERROR,
          "the ball enclosure at the witness contradicts MPFR");
    else {
      status = state(record, c, job->precision, balls);
      if (record->verdict == FC_VERDICT_VIOLATED &&
          fc_is_negative(c->gap, balls) == FC_TRUE)
        record->basis = FC_BASIS_CERTIFIED;
    }
  }
  fc_comparison_clear(c, balls);
  /* Undecided, or no balls for this quantity: MPFR stands. */
  return status == FC_DOMAIN || status == FC_UNSUPPORTED || status == FC_BUDGET
             ? FC_OK
             : status;
}

static fc_status decide_from(fc_record *record, const fc_job *job,
                             fc_relation relation,
                             fc_compare_function *function, void *closure,
                             long precision) {
  if (job->tier == FC_TIER_DOUBLE)
    return decide_double(record, relation, function, closure);
  record->basis = FC_BASIS_MPFR;
  fc_status status =
      settle(record, &precision, job, relation, function, closure);
  if (status == FC_OK && job->tier == FC_TIER_CERTIFIED &&
      record->verdict != FC_VERDICT_INCONCLUSIVE)
    status = certify(record, precision, job, relation, function, closure);
  return status;
}

fc_status fc_decide(fc_record *record, const fc_job *job, fc_relation relation,
                    fc_compare_function *function, void *closure) {
  return decide_from(record, job, relation, function, closure,
                     job->precision + FC_GUARD_BITS);
}

fc_status fc_decide_stated(fc_record *record, const fc_job *job,
                           fc_relation relation, fc_compare_function *function,
                           void *closure) {
  return decide_from(record, job, relation, function, closure,
                     job->precision + STATED_GUARD_BITS);
}
