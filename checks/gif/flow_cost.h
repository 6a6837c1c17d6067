/* What a flow of the job's target costs, and measuring accordingly. */
#ifndef FC_CHECKS_GIF_FLOW_COST_H
#define FC_CHECKS_GIF_FLOW_COST_H

#include "claims/pointwise.h"

/* True where a flow costs a multiple of what it costs for a few equal isotropic
 * Gaussians: laws on the line that are no mixtures of these, full covariances,
 * many components or dimensions, and products with such a factor. */
bool fc_flow_is_dear(const fc_job *job);

/* Laws on the line made of pieces, and products with them: their flow is a
 * quantile, the dearest of all. */
bool fc_flow_has_pieces(const fc_job *job);

/* Narrow components far apart (R > 100 sigma): trajectories bend so steeply
 * that differences and quadratures need far more samples than elsewhere. */
bool fc_flow_is_steep(const fc_job *job);

/* NULL where an integral of flows, or differences of them, can be afforded. */
const char *fc_flow_too_dear(const fc_job *job);

/* False in balls, in which differences and quadratures of flows say nothing,
 * and far out, where a trajectory costs a multiple: a coordinate beyond 5. */
bool fc_flow_is_judged_at(const fc_workspace *workspace);

/* A measure function for pointwise claims: dear flows are followed from one
 * point a time, and controls leave them alone. */
fc_status fc_flow_measure(const fc_job *job, const fc_claim *claim,
                          fc_error *error);

#endif
