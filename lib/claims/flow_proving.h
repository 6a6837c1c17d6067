/* Proofs of bounds on the derivative of the flow, for every schedule, every x
 * and all s < t at once.
 *
 * Lemma 5.1: grad v <= theta I for all x and t implies |grad X_{s,t}| <= exp
 * int_s^t theta; grad v >= theta I implies |grad X_{s,t}^-1| <= exp(-int_s^t
 * theta).  So a bound B(s, t) with B(s, s) >= 1 holds where grad v <= d/dt log
 * B (back: grad v >= -d/dt log B), and that is a bound on grad v like any other
 * (proof/proof.h).  t = 1 is the limit of t < 1.
 */
#ifndef FC_CLAIMS_FLOW_PROVING_H
#define FC_CLAIMS_FLOW_PROVING_H

#include "claims/claim.h"

enum { FC_FLOW_PARTS = 4 };

/* A bound that the claim's own is made of: a product over parts of [s, t] of
 * such bounds, each any of those whose constants the target has. */
typedef struct fc_flow_part {
  const char *bound; /* B in a_s, b_s, a, b, with B(s, s) >= 1 */
  const char *rate;  /* in place of it: d log B/dt itself, in a, b, da, db */
  /* The times t it is for: where this, in a and b, is positive; it stays so as
   * u grows. NULL: all. */
  const char *where;
  /* From where late_where, likewise, is positive, another one, which goes on
   * where the first left off: as a formula whose logarithmic derivative in t
   * counts alone, or as that. */
  const char *late_bound, *late_rate, *late_where;
} fc_flow_part;

/* Tries to prove a claim of fc_flow_bounds_run whose record has its verdict
 * (as fc_prove_bound_claim does). */
fc_status fc_prove_flow_claim(fc_record *record, const fc_job *job,
                              const fc_claim *claim);

#endif
