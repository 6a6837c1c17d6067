/* The engine for bounds on the spectrum of grad v: for all x in R^d and all t
 * of a domain,  lambda_max(grad v) <= bound(t)  or  lambda_min >= bound(t).
 *
 * Measured is the worst pair found on an adaptive mesh of times (mesh.h) by
 * multi-start search (extremum.h): a lower estimate of the supremum.  The gap
 * (bound - measured, in the direction of the claim) is judged relative to
 *
 *     scale(t) = a b omega/(a^2 + b^2)^2,
 *
 * which is what a change of order one in the shape of nu does to grad v at time
 * t (it vanishes where every bound is trivially equal: t = 0 with b_0 = 0, and
 * t = 1 with (a a')_1 = 0):
 *   |gap| <= limit scale  attained, limit = 2^(32 - precision), at most 2^-34,
 *   gap below that        violated,
 *   gap above             holds (as far as the search saw).
 * The worst point is evaluated once more at twice the working precision, at the
 * coordinates that the record prints, and in balls for the certified tier; what
 * disagrees beyond the stated errors is an error, never a verdict.
 */
#ifndef FC_CLAIMS_BOUND_H
#define FC_CLAIMS_BOUND_H

#include "claims/claim.h"
#include "claims/environment.h"
#include "suprema/extremum.h"

typedef struct fc_bound_detail {
  fc_side side;
  bool closed_end; /* t = 1 belongs to the domain */
  /* The domain is where this formula is positive; NULL: all of (0, 1). */
  const char *where;
  /* A second formula for the bound, used where `late_where` is positive. */
  const char *late_formula;
  const char *late_where;
  /* NULL where the hypotheses hold, else the reason why not. */
  const char *(*refuses)(const fc_job *job);
} fc_bound_detail;

/* z = the bound of a claim with an fc_bound_detail, or of one that says `flow`
 * (flow_bound.h), at the environment's time: what `flowcert eval bound` prints.
 * FC_DOMAIN outside the claim's domain, FC_UNSUPPORTED where the target lacks a
 * class constant that it needs. */
fc_status fc_bound_value(fc_ptr z, const fc_claim *claim,
                         const fc_environment *environment,
                         const fc_target *target, const fc_ctx *ctx,
                         fc_error *error);

/* Measures every wanted claim of the job's check that has no measure function
 * of its own; their detail is an fc_bound_detail. */
fc_status fc_bounds_run(const fc_job *job, fc_error *error);

/* The text of a bound tightened by one part in 2^20 of itself and of the scale
 * (a bound may vanish), for controls. */
#define FC_SCALE_TEXT "a*b*omega/(a^2 + b^2)^2"
#define FC_TIGHTER_UPPER(bound)                                                \
  "(" bound ") - (abs(" bound ") + " FC_SCALE_TEXT ")/2^20"
#define FC_TIGHTER_LOWER(bound)                                                \
  "(" bound ") + (abs(" bound ") + " FC_SCALE_TEXT ")/2^20"

#endif
