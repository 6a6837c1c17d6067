/* From bounds on W_2^2 to a value.  Private to this folder. */
#ifndef FC_TRANSPORT_VALUE_H
#define FC_TRANSPORT_VALUE_H

#include "transport/transport.h"

/* The bits to which W_2^2 should be enclosed for a value in this context. */
long fc_w2_bits(const fc_ctx *ctx);

/* The root of a number between two proved bounds >= 0. */
void fc_w2_value_set(fc_w2_value *value, const mpfr_t lower, const mpfr_t upper,
                     fc_w2_kind kind, const char *how, const fc_ctx *ctx);

/* The same value in another context; its error covers the rounding. */
void fc_w2_value_convert(fc_w2_value *value, const fc_ctx *ctx,
                         const fc_w2_value *from, const fc_ctx *from_ctx);

/* low <= w2 <= high by the stated error (or radius), low >= 0; nearly a point
 * where nothing is stated. */
void fc_w2_value_bounds(mpfr_t low, mpfr_t high, const fc_w2_value *value,
                        const fc_ctx *ctx);

#endif
