#include "claims/supremum_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "claims/decision.h"
#include "suprema/certified_eigenvalue.h"

enum { BOXES = 3000, MEANS = 4, LINE_TERMS = 8 };
static const double GAP = 1e-2;

/* Closed forms, and searches of some milliseconds. */
static bool is_cheap(const fc_target *target) {
  size_t d = fc_target_dimension(target);
  if (fc_target_is_integrated(target) || fc_target_factor_count(target) > 0)
    return false;
  return d == 1 ? fc_target_term_count(target) >= 1 &&
                      fc_target_term_count(target) <= LINE_TERMS
                : fc_target_isotropic_count(target) >= 1 &&
                      fc_target_isotropic_count(target) <= MEANS;
}

/* sign*(x - y) > noise, for x as text; false where that is no number. */
static bool is_beyond(const char *text, mpfr_srcptr y, int sign, double noise) {
  mpfr_t x;
  mpfr_init2(x, mpfr_get_prec(y) + 64);
  bool beyond = text && mpfr_set_str(x, text, 10, MPFR_RNDN) == 0;
  if (beyond) {
    mpfr_sub(x, x, y, MPFR_RNDN);
    mpfr_mul_si(x, x, sign, MPFR_RNDN);
    beyond = mpfr_cmp_d(x, noise) > 0;
  }
  mpfr_clear(x);
  return beyond;
}

/* What does not count: rounding, and 2^-34 of what a change of order one in the
 * shape of nu does to grad v, as in the verdicts on equality. */
static double slack_of(const fc_job *job, const fc_mesh_point *point,
                       double noise) {
  fc_schedule_rough at =
      fc_schedule_rough_at(job->schedule, point->time, point->from_end);
  double rho2 = at.a * at.a + at.b * at.b;
  double scale = at.b * (at.a * at.a * at.db - at.ada * at.b) / (rho2 * rho2);
  return noise + (isfinite(scale) ? ldexp(fabs(scale), -34) : 0);
}

static fc_status note(fc_record *record, const fc_eigenvalue_answer *answer) {
  char text[256];
  char *low = fc_print_mpfr(answer->low, 8),
       *high = fc_print_mpfr(answer->high, 8);
  fc_status status = FC_MEMORY;
  if (low && high) {
    snprintf(
        text, sizeof text,
        "the extremum over all x at this t is proved to lie between %s and "
        "%s, to the digits shown",
        low, high);
    status = fc_record_reason(record, record->verdict, text);
  }
  free(low);
  free(high);
  return status;
}

static fc_status judge(fc_record *record, const fc_eigenvalue_answer *answer,
                       fc_side side, double noise) {
  bool largest = side == FC_LARGEST;
  int sign = largest ? 1 : -1;
  mpfr_srcptr outer = largest ? answer->high : answer->low,
              inner = largest ? answer->low : answer->high;
  if (is_beyond(record->measured.mid, outer, sign, noise))
    return fc_record_reason(record, FC_VERDICT_ERROR,
                            "what the search found lies beyond the proved "
                            "extremum over all x");
  if (is_beyond(record->bound.mid, inner, -sign, noise))
    return fc_record_reason(
        record, FC_VERDICT_ERROR,
        "the proved extremum over all x violates the bound, "
        "which the search did not see");
  return record->reason ? FC_OK : note(record, answer);
}

fc_status fc_check_supremum(fc_record *record, const fc_job *job,
                            const fc_mesh_point *point, fc_side side,
                            double noise) {
  if (job->tier != FC_TIER_CERTIFIED || !is_cheap(job->instance->target) ||
      (record->verdict != FC_VERDICT_HOLDS &&
       record->verdict != FC_VERDICT_ATTAINED))
    return FC_OK;
  fc_eigenvalue_answer answer[1];
  fc_error error;
  fc_eigenvalue_question question = {.target = job->instance->target,
                                     .schedule = job->schedule,
                                     .moment = point->time,
                                     .from_end = point->from_end,
                                     .side = side,
                                     .gap = GAP,
                                     .boxes = BOXES,
                                     .precision = job->precision};
  fc_eigenvalue_answer_init(answer);
  fc_status status = fc_certified_eigenvalue(answer, &question, &error);
  if (status == FC_OK && answer->reached)
    status = judge(record, answer, side, slack_of(job, point, noise));
  else if (status != FC_MEMORY)
    status = FC_OK; /* no second look */
  fc_eigenvalue_answer_clear(answer);
  return status;
}
