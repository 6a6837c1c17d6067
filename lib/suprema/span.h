/* The affine span of the means of a mixture of one width: its dimension,
 * exactly, and coordinates of the means in an orthonormal basis of it; private
 * to this folder. */
#ifndef FC_SUPREMA_SPAN_H
#define FC_SUPREMA_SPAN_H

#include "target/target.h"

typedef struct fc_span fc_span;

/* FC_UNSUPPORTED where the span has more than `most` dimensions, or where that
 * cannot be told: means that are no visible rationals, d > most.  (Then in d <=
 * most dimensions the whole space stands for the span.) */
fc_status fc_span_new(fc_span **span, const fc_target *target, size_t most);
void fc_span_free(fc_span *span); /* NULL is allowed */

size_t fc_span_dimension(const fc_span *span);

/* coordinates (count*n, row by row) of the means, up to one translation. */
fc_status fc_span_coordinates(fc_ptr coordinates, const fc_span *span,
                              const fc_ctx *ctx);

#endif
