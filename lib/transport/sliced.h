/* Lower bounds on W_2 by projections.  For orthonormal e_1, ..., e_d any
 * coupling has E|X - Y|^2 = Sum_k E<e_k, X - Y>^2, so that
 *
 *     W_2(P, Q)^2 >= Sum_k W_2(<e_k, P>, <e_k, Q>)^2. */
#ifndef FC_TRANSPORT_SLICED_H
#define FC_TRANSPORT_SLICED_H

#include "transport/discrete.h"
#include "transport/samples.h"

/* The largest such sum over the frame of the coordinates and `frames` random
 * ones (from the seed).  FC_W2_LOWER; proved: rounding has been taken off.
 * Time is frames*d*n*log(n).  Failures as fc_w2_samples. */
fc_status fc_w2_sliced(fc_w2_value *value, const fc_sample *p,
                       const fc_sample *q, size_t frames, uint64_t seed,
                       const fc_ctx *ctx, fc_error *error);

/* The same for laws as fc_transport_solve takes them; lower bounds W_2^2. */
fc_status fc_transport_sliced(mpfr_t lower, const fc_discrete *p,
                              const fc_discrete *q, size_t frames,
                              uint64_t seed, fc_error *error);

#endif
