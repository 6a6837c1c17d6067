/* The sides of the claims on the reversed flow X*_t = X_{1,1-t}, as pointwise
 * functions, and when its literal inverse is true by accident.
 */
#ifndef FC_CHECKS_GIF_REVERSAL_SIDES_H
#define FC_CHECKS_GIF_REVERSAL_SIDES_H

#include "claims/pointwise.h"

enum { FC_REVERSAL_STRETCHED = 1, FC_REVERSAL_OTHER_MAP };

fc_pointwise_function fc_sides_reversed_push;
fc_pointwise_function fc_sides_inverse;
fc_pointwise_function fc_sides_literal;
fc_pointwise_function fc_sides_corrected;
fc_pointwise_function fc_sides_early;

/* "violated", and "holds" for the Gaussians of reversal.c's derivation. */
const char *fc_expect_literal_reversal(const fc_job *job);

#endif
