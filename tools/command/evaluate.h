/* The value of a requested quantity in one arithmetic context, and its digits
 * at the precision that was asked for. */
#ifndef FC_TOOLS_COMMAND_EVALUATE_H
#define FC_TOOLS_COMMAND_EVALUATE_H

#include "request.h"

/* Number of values, and the shape: 0, 1 or 2 extents. */
size_t fc_request_size(const fc_request *request);
size_t fc_request_shape(size_t shape[2], const fc_request *request);

/* values[i] (fc_request_size of them) as exact text.  binary64: one evaluation.
 * MPFR: the precision is doubled until two evaluations agree to the stated
 * bits (of flows, until the error that they state is below them).  Balls: until
 * the radius is below them, or the budget is spent; the radius is true in
 * either case.  FC_DOMAIN where the value does not exist. */
fc_status fc_request_evaluate(fc_exact *values, const fc_request *request,
                              fc_error *error);

#endif
