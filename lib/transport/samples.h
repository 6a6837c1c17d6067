/* W_2 between two weighted samples in R^d. */
#ifndef FC_TRANSPORT_SAMPLES_H
#define FC_TRANSPORT_SAMPLES_H

#include "transport/transport.h"

typedef struct fc_sample {
  size_t count;
  size_t dimension;
  const double *points;  /* count*dimension, row by row, finite */
  const double *weights; /* count numbers >= 0, divided by their sum; NULL:
                            equal ones */
} fc_sample;

/* Exact, with a proved error: in every dimension by a transport plan whose
 * optimality dual potentials prove (discrete.h).  The points are taken as the
 * binary64 numbers that they are.  The error is below the working precision
 * except as discrete.h says, and save that weights without a common denominator
 * below 2^62 are rounded to multiples of 2^-61 (the error includes that).
 * Failures as fc_transport_solve; FC_VALUE for bad weights. */
fc_status fc_w2_samples(fc_w2_value *value, const fc_sample *p,
                        const fc_sample *q, const fc_ctx *ctx, fc_error *error);

/* The upper bound (E|X - Y|^2)^(1/2) that a coupling gives, from count
 * independent pairs (x_i, y_i) of it (d numbers each, row by row): the root of
 * the mean of |x_i - y_i|^2.  The error is statistical, four standard errors
 * of that root; nothing is proved.  FC_W2_UPPER.  Binary64 arithmetic in every
 * context.  FC_SHAPE (fewer than two pairs), FC_VALUE. */
fc_status fc_w2_paired(fc_w2_value *value, const double *x, const double *y,
                       size_t count, size_t d, const fc_ctx *ctx,
                       fc_error *error);

#endif
