/* The engine for bounds on the derivative of the flow: for all x and all
 * s < t of a domain,  |grad X_{s,t}(x)| <= bound(s, t)  (spectral norm), or
 * |grad X_{s,t}^-1| = |grad X_{t,s}| <= bound(s, t).
 *
 * Measured is the worst of a few pairs of times, each by the search of
 * suprema/flow_extremum.h: a lower estimate of the supremum, which refutes and
 * does not prove.  Gaps are judged relative to the bound itself (where it is
 * violated, to what was measured), and slack is stated as the ratio
 * bound/measured (values may span thousands of orders of magnitude).  At the
 * worst pair fc_decide_stated decides, with the flow in MPFR and its stated
 * error, in balls for the certified tier where there are flows in balls.  The
 * witness has both times; the record's reason names the one at which the point
 * stands.
 */
#ifndef FC_CLAIMS_FLOW_BOUND_H
#define FC_CLAIMS_FLOW_BOUND_H

#include "claims/claim.h"
#include "claims/environment.h"
#include "claims/flow_proving.h"

/* Computes a bound that is no single formula, at the environment's s and t;
 * error (preset to 0): how far it may be off, absolutely.  FC_DOMAIN where
 * there is none, FC_UNSUPPORTED in a context that cannot. */
typedef fc_status fc_flow_bound_function(fc_ptr bound, fc_ptr error,
                                         const fc_environment *environment,
                                         const fc_ctx *ctx);

typedef struct fc_flow_bound_detail {
  bool reverse;    /* bounds |grad X_{s,t}^-1| */
  bool from_start; /* s = 0 only */
  /* The domain is where this formula is positive; NULL: all s < t. */
  const char *where;
  /* A second formula, used where `late_where` is positive and the target has
   * the constants that it needs. */
  const char *late_formula;
  const char *late_where;
  fc_flow_bound_function *evaluate; /* NULL: the claim's formula(s) */
  /* At most so many pairs of times, for bounds that are dear; 0: no limit. */
  size_t pairs;
  /* What the bound is made of, where that is not its one formula; the number of
   * parts, 0: not known of the claim's texts as they are. */
  size_t (*parts)(fc_flow_part parts[FC_FLOW_PARTS], const fc_job *job,
                  const fc_claim *claim);
  /* NULL where the hypotheses hold, else the reason why not. */
  const char *(*refuses)(const fc_job *job);
} fc_flow_bound_detail;

/* z = the bound of a claim that says `flow`, at the environment's s and t: what
 * `flowcert eval bound` prints.  FC_DOMAIN where t < s or outside the claim's
 * domain, FC_UNSUPPORTED where the target lacks a class constant. */
fc_status fc_flow_bound_value(fc_ptr z, const fc_claim *claim,
                              const fc_environment *environment,
                              const fc_ctx *ctx, fc_error *error);

/* Measures every wanted claim of the job's check that says `flow` and has no
 * measure function of its own; their detail is an fc_flow_bound_detail. */
fc_status fc_flow_bounds_run(const fc_job *job, fc_error *error);

#endif
