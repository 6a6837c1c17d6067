/* From bounds on W_2^2 to a value.  Private to this folder. */
#ifndef FC_TRANSPORT_VALUE_H
#define FC_TRANSPORT_VALUE_H

#include "transport/transport.h"

/* The bits to which W_2^2 should be enclosed for a value in this context. */
long fc_w2_bits(const fc_ctx *ctx);

/* The root of a number between two proved bounds >= 0. */
void fc_w2_value_set(fc_w2_value *value, const mpfr_t lower, const mpfr_t upper,
                     fc_w2_kind kind, const char *how, const fc_ctx *ctx);

#endif
