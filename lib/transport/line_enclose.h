/* Proved enclosures of W_2 on the line; private to this folder. */
#ifndef FC_TRANSPORT_LINE_ENCLOSE_H
#define FC_TRANSPORT_LINE_ENCLOSE_H

#include "target/target.h"
#include "transport/transport.h"

/* Arb only.  value->w2 contains W_2(p, q), whatever the search that places the
 * stations finds; how small its radius is depends on that search. */
fc_status fc_line_enclose(fc_w2_value *value, const fc_target *p,
                          const fc_target *q, const fc_ctx *ctx,
                          fc_error *error);

#endif
