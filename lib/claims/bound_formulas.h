/* The formulas of a bound, of either engine (bound.h, flow_bound.h), parsed;
 * private to this folder. */
#ifndef FC_CLAIMS_BOUND_FORMULAS_H
#define FC_CLAIMS_BOUND_FORMULAS_H

#include "claims/environment.h"

/* NULL where there is none. */
typedef struct fc_bound_formulas {
  fc_formula *bound, *where, *late_bound, *late_where;
} fc_bound_formulas;

/* From the texts, each of which may be NULL; nothing is to be cleared where
 * this fails. */
fc_status fc_bound_formulas_parse(fc_bound_formulas *formulas,
                                  const char *bound, const char *where,
                                  const char *late_bound,
                                  const char *late_where, fc_error *error);
void fc_bound_formulas_clear(fc_bound_formulas *formulas);

/* False outside the domain: `where` is not positive, or has no value. */
bool fc_bound_formulas_apply(const fc_bound_formulas *formulas,
                             const fc_environment *environment,
                             const fc_ctx *ctx);

/* z = late_bound where late_where is positive, else bound.  FC_DOMAIN outside
 * the domain. */
fc_status fc_bound_formulas_eval(fc_ptr z, const fc_bound_formulas *formulas,
                                 const fc_environment *environment,
                                 const fc_ctx *ctx);

#endif
