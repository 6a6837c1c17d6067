/* The sides of the claims of gif.well-posedness, as pointwise functions. */
#ifndef FC_CHECKS_GIF_WELL_POSEDNESS_SIDES_H
#define FC_CHECKS_GIF_WELL_POSEDNESS_SIDES_H

#include "claims/pointwise.h"

/* variant: fc_push_alteration. */
fc_pointwise_function fc_sides_push;
fc_pointwise_function fc_sides_early_push;
/* variant 1: the second trajectory starts elsewhere. */
fc_pointwise_function fc_sides_unique;
fc_pointwise_function fc_sides_gsl;
/* text: the lower and the upper bound on grad v; variant 1: no (1+|x|). */
fc_pointwise_function fc_sides_growth;

/* A measure function: pointwise, but a statement that comes out `violated`
 * becomes an error. */
fc_status fc_measure_unique(const fc_job *job, const fc_claim *claim,
                            fc_error *error);

/* Controls: case iii where grad v does not vanish far out, and theta_t is not
 * so large that only points beyond the tails that are looked at exceed it. */
const char *fc_control_mixture_growth(const fc_job *job);

#endif
