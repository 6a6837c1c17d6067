/* W_2 along the monotone coupling of two laws; private to this folder. */
#ifndef FC_TRANSPORT_LINE_QUADRATURE_H
#define FC_TRANSPORT_LINE_QUADRATURE_H

#include "transport/line_pair.h"
#include "transport/transport.h"

/* Makes the pair of laws in a context; to be cleared also after a failure. */
typedef fc_status fc_line_pair_maker(fc_line_pair *pair, void *data,
                                     double reach, const fc_ctx *ctx,
                                     fc_error *error);

/* Binary64 and MPFR; as fc_w2_line (line.h). */
fc_status fc_line_quadrature(fc_w2_value *value, fc_line_pair_maker *make,
                             void *data, const fc_ctx *ctx, fc_error *error);

#endif
