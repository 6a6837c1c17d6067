/* W_2 between two targets, by whatever method applies to both. */
#ifndef FC_TRANSPORT_LAWS_H
#define FC_TRANSPORT_LAWS_H

#include "target/target.h"
#include "transport/transport.h"

/* 0, exactly and in every context, where both are provably one law
 * (fc_target_is_same).  Else:
 * want = FC_W2_EXACT: between laws on finitely many points (transport plan), on
 * the line (quantiles), between Gaussians (Bures), and between products that
 * split the coordinates alike and whose parts are such (W_2^2 adds up).
 * FC_UNSUPPORTED, saying so, for others.
 * want = FC_W2_UPPER: the same, else coupled components of mixtures, part by
 * part of products.
 * want = FC_W2_LOWER: the same, else Gaussians with the same means and
 * covariances, part by part, or of the whole; in binary64, where that is more,
 * the sum over the coordinates of W_2^2 between their laws.
 * value->kind says what came out; where it is FC_W2_EXACT it is W_2 itself.
 * FC_SHAPE where the dimensions differ. */
fc_status fc_w2_laws(fc_w2_value *value, const fc_target *p, const fc_target *q,
                     fc_w2_kind want, const fc_ctx *ctx, fc_error *error);

#endif
