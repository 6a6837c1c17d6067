/* W_2 between Gaussians, the Bures distance:
 *
 *   W_2^2 = |m_1 - m_2|^2 + tr S_1 + tr S_2 - 2 tr (S_1^(1/2) S_2
 * S_1^(1/2))^(1/2).
 *
 * (Gelbrich 1990: for any laws with these means and covariances it is a lower
 * bound on W_2.) */
#ifndef FC_TRANSPORT_GAUSSIAN_H
#define FC_TRANSPORT_GAUSSIAN_H

#include "transport/transport.h"

/* d means and d*d symmetric positive semidefinite covariances, of which the
 * lower triangles are read.  ctx is binary64, MPFR or Arb.  The trace of the
 * root comes from eigenvalues of L^T S_2 L, S_1 = L L^T, and the difference is
 * formed with as many more bits as it takes to leave the value accurate however
 * close the laws are: exact numbers give an error below the last bit (a proved
 * one where the library has Arb), balls what their radii allow.  Where S_1 is
 * singular a small multiple of I is added to it, which the error includes.
 * FC_SHAPE (d = 0), FC_DOMAIN (not finite, or certainly not semidefinite),
 * FC_UNSUPPORTED, FC_MEMORY. */
fc_status fc_w2_gaussians(fc_w2_value *value, fc_srcptr mean_p,
                          fc_srcptr covariance_p, fc_srcptr mean_q,
                          fc_srcptr covariance_q, size_t d, const fc_ctx *ctx,
                          fc_error *error);

/* About W_2^2, in binary64: for choosing a coupling.  NaN where that fails. */
double fc_w2_gaussians_estimate(fc_srcptr mean_p, fc_srcptr covariance_p,
                                fc_srcptr mean_q, fc_srcptr covariance_q,
                                size_t d, const fc_ctx *ctx);

#endif
