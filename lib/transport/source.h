/* What a Gaussian source in place of the right one does to X_1 on the line
 * (Proposition 6.1). */
#ifndef FC_TRANSPORT_SOURCE_H
#define FC_TRANSPORT_SOURCE_H

#include "target/target.h"
#include "transport/transport.h"

/* For the mixture nu of count normal laws (weights, means, standard deviations
 * > 0), mu = Law(a Z + b X_1) and X_1 = F_nu^-1 o F_mu, a > 0, b >= 0:
 *   end    W_2(X_1#N(0, a^2), nu)
 *   start  W_2(N(0, a^2), mu)
 * either of which may be NULL.  Binary64 and MPFR; values and errors as those
 * of fc_w2_line (line.h). */
fc_status fc_w2_line_source(fc_w2_value *end, fc_w2_value *start, size_t count,
                            fc_srcptr weights, fc_srcptr means,
                            fc_srcptr spreads, fc_srcptr a, fc_srcptr b,
                            const fc_ctx *ctx, fc_error *error);

#endif
