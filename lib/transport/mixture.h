/* Bounds on W_2 between Gaussian mixtures (atoms among them, and products of
 * mixtures, which are mixtures) in R^d. */
#ifndef FC_TRANSPORT_MIXTURE_H
#define FC_TRANSPORT_MIXTURE_H

#include "target/target.h"
#include "transport/transport.h"

/* More pairs of components than this are not compared one by one. */
#define FC_MIXTURE_MAX_PAIRS 250000

/* Upper bound: components are coupled as the optimal plan for the Bures^2
 * between them says, and within a pair the Gaussians are coupled optimally
 * (Delon and Desolneux 2020).  With equal isotropic components that is the
 * transport of the means, plus d (s_1 - s_2)^2, for any number of components.
 * Exact where both laws have one component, or all their components are points.
 * FC_UNSUPPORTED where a target is no mixture, FC_LIMIT where there are too
 * many components. */
fc_status fc_w2_mixtures_upper(fc_w2_value *value, const fc_target *p,
                               const fc_target *q, const fc_ctx *ctx,
                               fc_error *error);

/* Lower bound for any targets: W_2 between Gaussians with the same means and
 * covariances (Gelbrich 1990).  Of a density given by a formula the moments are
 * integrals: then nothing is proved, and in balls FC_UNSUPPORTED. */
fc_status fc_w2_gelbrich(fc_w2_value *value, const fc_target *p,
                         const fc_target *q, const fc_ctx *ctx,
                         fc_error *error);

#endif
