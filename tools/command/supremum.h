/* Quantities that are extrema over all x: enclosed in the certified tier, else
 * what a search finds. */
#ifndef FC_TOOLS_COMMAND_SUPREMUM_H
#define FC_TOOLS_COMMAND_SUPREMUM_H

#include "request.h"

/* value = sup over x of lambda_max(grad v(t, x)), or of |grad X_{s,t}(x)| as
 * the request wants.  Certified: a ball that holds it; FC_BUDGET, with a
 * message, where one end of the enclosure is infinite and the other is not.
 * Else a lower estimate, rad NULL. */
fc_status fc_request_supremum(fc_exact *value, const fc_request *request,
                              fc_error *error);

/* The part for |grad X_{s,t}(x)|; on failure it may leave error as it was. */
fc_status fc_request_flow_supremum(fc_exact *value, const fc_request *request,
                                   fc_error *error);

#endif
