#include "mutation/trial.h"

#include <math.h>
#include <mpfr.h>
#include <stdlib.h>
#include <string.h>

/* One run of the engine over some of the mutants. */
typedef struct stage {
  fc_trial *trials;
  fc_mutant *const *mutants;
  size_t count;
  bool *chosen;  /* which of them */
  bool *settled; /* seen to hold; attained, too, where digits are dear, though
                    binary64 is blind to small gaps */
  bool dear;
  bool final; /* in the job's own tier */
} stage;

/* --- what a record says -----------------------------------------------------
 */

/* (bound - measured)/max(|bound|, |measured|), turned for ">=". */
static double slack_of(const fc_record *record) {
  mpfr_t bound, measured, gap;
  double slack = NAN;
  if (!record->bound.mid || !record->measured.mid)
    return NAN;
  mpfr_inits2(256, bound, measured, gap, (mpfr_ptr)0);
  mpfr_set_str(bound, record->bound.mid, 10, MPFR_RNDN);
  mpfr_set_str(measured, record->measured.mid, 10, MPFR_RNDN);
  mpfr_sub(gap, bound, measured, MPFR_RNDN);
  mpfr_abs(bound, bound, MPFR_RNDN);
  mpfr_abs(measured, measured, MPFR_RNDN);
  mpfr_max(bound, bound, measured, MPFR_RNDN);
  if (mpfr_zero_p(bound) && mpfr_zero_p(gap))
    slack = 0;
  else {
    mpfr_div(gap, gap, bound, MPFR_RNDN);
    slack = mpfr_get_d(gap, MPFR_RNDN);
  }
  mpfr_clears(bound, measured, gap, (mpfr_ptr)0);
  return record->relation && strcmp(record->relation, ">=") == 0 ? -slack
                                                                 : slack;
}

static long index_of(const stage *r, const fc_record *record) {
  const char *name = record->claim ? strchr(record->claim, '/') : NULL;
  for (size_t i = 0; name && i < r->count; i++)
    if (strcmp(r->mutants[i]->name, name + 1) == 0)
      return (long)i;
  return -1;
}

/* Constants of laws are known in binary64 only, with a stated error: the basis
 * is then `double`, and the comparison was made in the job's tier. */
static bool refutes(const fc_record *record) {
  return record->verdict == FC_VERDICT_VIOLATED &&
         record->basis != FC_BASIS_STATISTICAL;
}

/* The job's emit. */
static fc_status take(void *sink, fc_record *record) {
  stage *r = sink;
  long i = index_of(r, record);
  if (i >= 0) {
    fc_trial *trial = &r->trials[i];
    bool attained = record->verdict == FC_VERDICT_ATTAINED;
    bool holds = record->verdict == FC_VERDICT_HOLDS;
    double slack = attained ? 0 : slack_of(record);
    if ((holds || attained) && isfinite(slack)) {
      trial->compared = true;
      trial->slack = slack;
    }
    r->settled[i] = holds || (attained && r->dear);
    if (r->final && refutes(record)) {
      trial->compared = trial->killed = true;
      trial->slack = slack;
      trial->record = *record;
      fc_record_init(record);
    }
  }
  fc_record_clear(record);
  return FC_OK;
}

/* --- running the engine ------------------------------------------------------
 */

static fc_status run(stage *r, const fc_job *job, fc_tier tier,
                     fc_error *error) {
  fc_claim *claims = calloc(r->count + 1, sizeof *claims);
  if (!claims)
    return FC_MEMORY;
  fc_check check = *job->check;
  check.claims = claims;
  check.claim_count = 0;
  for (size_t i = 0; i < r->count; i++)
    if (r->chosen[i])
      claims[check.claim_count++] = r->mutants[i]->claim;
  fc_job own = *job;
  own.check = &check;
  own.claim_glob = NULL;
  own.tier = tier;
  own.emit = take;
  own.sink = r;
  fc_status status = check.claim_count ? check.run(&own, error) : FC_OK;
  free(claims);
  return status;
}

/* Why the original is refused here, or NULL. */
static const char *refusal(const fc_mutant *m, const fc_job *job) {
  if (m->original->flow) {
    const fc_flow_bound_detail *d = m->original->detail;
    return d->refuses ? d->refuses(job) : NULL;
  }
  const fc_bound_detail *d = m->original->detail;
  return d->refuses ? d->refuses(job) : NULL;
}

fc_status fc_mutants_try(fc_trial *trials, const fc_job *job,
                         fc_mutant *const *mutants, size_t count, bool thorough,
                         fc_error *error) {
  stage r = {.trials = trials,
             .mutants = mutants,
             .count = count,
             .chosen = calloc(count + 1, sizeof *r.chosen),
             .settled = calloc(count + 1, sizeof *r.settled),
             .dear = fc_target_is_integrated(job->instance->target)};
  for (size_t i = 0; i < count; i++) {
    trials[i] = (fc_trial){0};
    fc_record_init(&trials[i].record);
  }
  fc_status status = r.chosen && r.settled ? FC_OK : FC_MEMORY;
  for (size_t i = 0; i < count && !status; i++)
    r.chosen[i] = !mutants[i]->elsewhere || refusal(mutants[i], job);
  if (!status && !thorough)
    status = run(&r, job, FC_TIER_DOUBLE, error);
  for (size_t i = 0; i < count && !status && !thorough; i++)
    r.chosen[i] = r.chosen[i] && !r.settled[i];
  r.final = true;
  if (!status)
    status = run(&r, job, job->tier, error);
  free(r.chosen);
  free(r.settled);
  return status;
}

void fc_trials_clear(fc_trial *trials, size_t count) {
  for (size_t i = 0; i < count; i++)
    fc_record_clear(&trials[i].record);
}
