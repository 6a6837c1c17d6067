/* Cumulants of truncated normal laws, two ways; private to this folder.
 *
 * narrow: density ~ exp(alpha z - beta z^2/2) on [-1, 1], alpha and beta small
 *         (0 allowed): power series in them
 * normal: the standard normal law on [A, B]: error functions
 */
#ifndef FC_TARGET_TRUNCATED_H
#define FC_TARGET_TRUNCATED_H

#include "arith/arith.h"

/* narrow suits |alpha| and beta up to this. */
#define FC_NARROW_LIMIT 1.0

typedef struct fc_truncated {
  fc_ctx ctx;
  /* Results.  narrow: log of the integral, mean, variance, third central
   * moment.  normal: log Z, and the derivatives k1, k2, k3 of log Z under a
   * shift of both ends to the left, where Z = Phi(B) - Phi(A):
   * mean k1, variance 1 + k2, third central moment k3. */
  fc_num log_mass, first, second, third;
  fc_num scratch[12];
} fc_truncated;

void fc_truncated_init(fc_truncated *law, const fc_ctx *ctx);
void fc_truncated_clear(fc_truncated *law);

void fc_truncated_narrow(fc_truncated *law, fc_srcptr alpha, fc_srcptr beta);

/* lower NULL: A = -infinity; upper NULL: B = +infinity. */
void fc_truncated_normal(fc_truncated *law, fc_srcptr lower, fc_srcptr upper);

#endif
