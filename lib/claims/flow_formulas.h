/* A bound on a flow (flow_bound.h) from its formulas; private to this folder.
 */
#ifndef FC_CLAIMS_FLOW_FORMULAS_H
#define FC_CLAIMS_FLOW_FORMULAS_H

#include "claims/bound_formulas.h"
#include "claims/flow_bound.h"

/* The claim's detail is an fc_flow_bound_detail; nothing is to be cleared where
 * this fails. */
fc_status fc_flow_formulas_parse(fc_bound_formulas *formulas,
                                 const fc_claim *claim, fc_error *error);

/* The class constant that the bound cannot do without and the target lacks, or
 * NULL. */
const char *fc_flow_formulas_missing(const fc_bound_formulas *formulas,
                                     const fc_target *target);

/* bound, at the environment's s and t, and how far it may be off.  FC_DOMAIN
 * outside the claim's domain. */
fc_status fc_flow_formulas_eval(fc_ptr bound, fc_ptr error,
                                const fc_claim *claim,
                                const fc_bound_formulas *formulas,
                                const fc_environment *environment,
                                const fc_ctx *ctx);

#endif
