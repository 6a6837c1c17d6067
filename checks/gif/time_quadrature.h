/* Integrals over times r in [s, t] by the rule of Clenshaw and Curtis, whose
 * nodes r_j = s + (t - s)(1 - cos(pi j/N))/2 are used again when N is doubled.
 *
 * The error stated is an estimate, as the sum knows nothing of the integrand
 * between its nodes.  For an integrand that is analytic about [s, t] the error
 * falls geometrically with N: with D = |I_N - I_{N/2}| and D', D'' its
 * predecessors it is about D r^2, r = D/D' = (D'/D'')^2.  What is stated is
 * larger, 8 D r^(3/2) with the larger of both r, and what the integrand says of
 * its own errors comes on top.
 */
#ifndef FC_CHECKS_GIF_TIME_QUADRATURE_H
#define FC_CHECKS_GIF_TIME_QUADRATURE_H

#include "claims/pointwise.h"

/* Node `place` of FC_TIME_PLACES: the same place is the same time for every N.
 */
enum { FC_TIME_PLACES = 256 };

/* values (as many as asked for) at the time r, and how far any of them may be
 * off (one number, >= 0). */
typedef fc_status fc_time_integrand(fc_ptr values, fc_ptr error,
                                    const fc_time *r, size_t place, void *data);

/* integrals (count) over [s, t], t the workspace's time, in its context
 * (binary64 or MPFR; FC_DOMAIN in balls); *error gets how far any of them may
 * be off.  N is doubled until what the rule itself adds to it is below 2^-bits
 * of the largest integral or, where that is larger, of size (one number; NULL:
 * 0); FC_BUDGET where it is not at the last. */
fc_status fc_time_integrate(fc_ptr integrals, fc_ptr error, size_t count,
                            fc_time_integrand *integrand, void *data,
                            fc_workspace *workspace, const fc_time *s,
                            long bits, fc_srcptr size);

/* How many bits a verdict on the workspace's claim needs: few in the binary64
 * scan and where the claim is wrong by much (`coarse`). */
long fc_time_bits(const fc_workspace *workspace, bool coarse);

#endif
