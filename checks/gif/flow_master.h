/* The master formula: C <= c(u) I gives |grad X_{s,t}| <= (a_t/a_s)
 * exp(int u c(u) du) and C >= c(u) I gives |grad X_{s,t}^-1| <= (a_s/a_t)
 * exp(-int u c(u) du), with the best c(u) that the class constants offer.
 *
 * How the integral of the best of several c is taken: flows compose, and by
 * schedule invariance the segment from (a_s, b_s) to (a_t, b_t) is as good a
 * path as any.  It is cut into cells; in each the least of the closed forms is
 * taken.  The product is a valid bound for every number of cells, exact where
 * one c is the best throughout, and tends to the integral of the least c.
 */
#ifndef FC_CHECKS_GIF_FLOW_MASTER_H
#define FC_CHECKS_GIF_FLOW_MASTER_H

#include "claims/flow_bound.h"

fc_flow_bound_function fc_master_forward, fc_master_reverse;
/* Half of what the inverse, or the flow, must have at least: false. */
fc_flow_bound_function fc_master_reverse_false, fc_master_forward_false;

/* The closed forms, as parts that a proof needs. */
size_t fc_master_forward_parts(fc_flow_part parts[FC_FLOW_PARTS],
                               const fc_job *job, const fc_claim *claim);
size_t fc_master_reverse_parts(fc_flow_part parts[FC_FLOW_PARTS],
                               const fc_job *job, const fc_claim *claim);

#endif
