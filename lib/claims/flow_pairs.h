/* The pairs of times at which bounds on a flow are looked at, and what the
 * search finds there; shared by all claims of one job. */
#ifndef FC_CLAIMS_FLOW_PAIRS_H
#define FC_CLAIMS_FLOW_PAIRS_H

#include "claims/claim.h"
#include "suprema/flow_extremum.h"

enum { FC_FLOW_PAIRS = 7 };

/* A pair s < t and the suprema of both directions, found when asked for. */
typedef struct fc_flow_pair {
  fc_flow_moment s, t;
  fc_flow_extremum extremum[2]; /* from s to t; back */
  bool known[2];
} fc_flow_pair;

typedef struct fc_flow_pairs {
  fc_flow_pair items[FC_FLOW_PAIRS]; /* the most telling first: 0 to 1 */
  size_t count, d;
  fc_ctx ctx[1];
  fc_flow_extremizer *extremizer;
} fc_flow_pairs;

/* ctx: binary64 or MPFR.  Fewer pairs where flows are dear.  FC_UNSUPPORTED
 * where no method computes the target's flow. */
fc_status fc_flow_pairs_init(fc_flow_pairs *pairs, const fc_job *job,
                             const fc_ctx *ctx, fc_error *error);
void fc_flow_pairs_clear(fc_flow_pairs *pairs); /* also after a failed init */

/* sup|grad X_{s,t}| or, reverse, sup|grad X_{t,s}| of the i-th pair. */
fc_status fc_flow_pairs_at(const fc_flow_extremum **extremum,
                           fc_flow_pairs *pairs, size_t i, bool reverse);

#endif
