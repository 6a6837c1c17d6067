/* W_2 between laws on the line: mass keeps its order, so that
 *
 *     W_2(P, Q)^2 = int_0^1 |F_P^-1(z) - F_Q^-1(z)|^2 dz.
 */
#ifndef FC_TRANSPORT_LINE_H
#define FC_TRANSPORT_LINE_H

#include "target/target.h"
#include "transport/transport.h"

/* P, Q of dimension 1 that are sums of terms (fc_target_term_count): mixtures
 * with or without atoms, pieces, tilted Gaussians.  The kind is exact.
 * Binary64, MPFR: the error is an estimate (two Gauss-Legendre rules on panels
 * that a third one chose, mass that was not seen, the tails that are cut off,
 * rounding).  Arb: a proved enclosure; aimed at are half of the context's bits
 * of W_2^2 (all but 12 of up to 76, and else at least 64), since the cost is
 * about their cube.  Relative accuracy does not suffer from huge or tiny
 * centres and widths; a component less than 2^-44 as wide as its law counts as
 * an atom, and the error says so.  Two Gaussians have the closed form sqrt((m -
 * m')^2 + (s - s')^2) in every context. FC_SHAPE: not on the line;
 * FC_UNSUPPORTED: no sum of terms, or the context; FC_BUDGET: too much
 * structure. */
fc_status fc_w2_line(fc_w2_value *value, const fc_target *p, const fc_target *q,
                     const fc_ctx *ctx, fc_error *error);

#endif
