/* A proved enclosure of C_P for a mixture of normal laws of one width on the
 * line, in balls.
 */
#ifndef FC_SPECTRAL_GAP_ENCLOSURE_H
#define FC_SPECTRAL_GAP_ENCLOSURE_H

#include "arith/arith.h"
#include "base/status.h"

/* sum_k w_k N(m_k, v), weights of any scale. */
typedef struct fc_line_mixture {
  size_t count;
  fc_ptr weights, means; /* count each */
  fc_ptr variance;       /* 1 */
} fc_line_mixture;

/* z contains C_P.  FC_UNSUPPORTED but in Arb; FC_BUDGET where a bound could not
 * be proved; FC_LIMIT and the like where binary64, which looks for what is then
 * proved, cannot follow. */
fc_status fc_poincare_enclose(fc_ptr z, const fc_line_mixture *mixture,
                              const fc_ctx *ctx);

/* Its halves: a lower bound low of C_P and an upper bound high, from what
 * binary64 found. */
typedef struct fc_poincare_guess fc_poincare_guess;
fc_status fc_rayleigh_below(fc_ptr low, const fc_line_mixture *mixture,
                            const fc_poincare_guess *guess, const fc_ctx *ctx);
fc_status fc_barta_above(fc_ptr high, const fc_line_mixture *mixture,
                         const fc_poincare_guess *guess, const fc_ctx *ctx);

#endif
