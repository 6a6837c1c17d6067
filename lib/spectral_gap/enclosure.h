/* A proved enclosure of C_P for a law on the line, in balls. */
#ifndef FC_SPECTRAL_GAP_ENCLOSURE_H
#define FC_SPECTRAL_GAP_ENCLOSURE_H

#include "target/target.h"

/* z contains C_P of p_t = Law(a Z + b X_1), a >= 0, b > 0, X_1 on the line: a
 * Gaussian mixture of any widths, a uniform law or a restricted normal law (at
 * a = 0 on its interval, with Neumann's condition at the ends).
 * FC_UNSUPPORTED for other targets and but in Arb; FC_BUDGET where a bound
 * could not be proved; FC_LIMIT and the like where binary64, which looks for
 * what is then proved, cannot follow. */
fc_status fc_poincare_enclose(fc_ptr z, const fc_target *target, fc_srcptr a,
                              fc_srcptr b, const fc_ctx *ctx);

#endif
