/* Mutants tried on one instance under one schedule, by the engine that judges
 * the claims they were made of: all of one check at once, so that they share
 * its search.
 *
 * The search runs in binary64; what it does not see to hold is judged again in
 * the job's tier, MPFR or certified.  Only there is a mutant refuted: by a
 * verdict `violated` that is no statistical one.  Its basis is `mpfr` or
 * `certified`, or `double` where a side is a number that is known in binary64
 * alone, with a stated error (Poincare constants).
 */
#ifndef FC_MUTATION_TRIAL_H
#define FC_MUTATION_TRIAL_H

#include "mutation/mutant.h"

typedef struct fc_trial {
  bool compared;    /* its bound was compared with what was measured */
  double slack;     /* (bound - measured)/max(|bound|, |measured|) in the
                       direction of the claim; 0 where attained */
  bool killed;      /* refuted */
  fc_record record; /* where killed: the refutation, else empty */
} fc_trial;

/* Fills trials[i] for mutants[i], all of one check; job->check is that check
 * (its emit and sink are not used), job->tier not FC_TIER_DOUBLE.  Mutants that
 * do not apply there are not compared.  thorough: the search, too, runs in the
 * job's tier. */
fc_status fc_mutants_try(fc_trial *trials, const fc_job *job,
                         fc_mutant *const *mutants, size_t count, bool thorough,
                         fc_error *error);
void fc_trials_clear(fc_trial *trials, size_t count);

#endif
