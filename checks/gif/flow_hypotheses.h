/* The cases of Assumption 2.2 in which the flow is well-posed, and where flows
 * degenerate so that a control would be true.  As in hypotheses.h: NULL, or the
 * reason why not.
 */
#ifndef FC_CHECKS_GIF_FLOW_HYPOTHESES_H
#define FC_CHECKS_GIF_FLOW_HYPOTHESES_H

#include "claims/claim.h"

/* Theorem 5.1: Assumption 2.1 and one of the cases i, iii, iv. */
const char *fc_needs_well_posed(const fc_job *job);
/* Theorem 5.2 on [0, 1 - eps]: bounded support (case ii).  That nu has a
 * density and a kappa is not used before t = 1, and not asked for. */
const char *fc_needs_bounded_support(const fc_job *job);
/* Corollaries 5.1, 5.2 from t = 1 on: one of i, iii, iv, or case ii with a
 * density. */
const char *fc_needs_time_reversal(const fc_job *job);

/* The same, and not too dear. */
const char *fc_needs_affordable_well_posed(const fc_job *job);

/* Controls are emitted where flows are cheap, and the statement applies;
 * and some X_{0,t} is not the identity; X_{0,1} is not the identity; some
 * X_{0,t} does not preserve volume. */
const char *fc_control_well_posed(const fc_job *job);
const char *fc_control_motion(const fc_job *job);
const char *fc_control_end_motion(const fc_job *job);
const char *fc_control_volume_change(const fc_job *job);
const char *fc_control_bounded_support(const fc_job *job);

#endif
