/* The two sides of the claims of gif.variance, as pointwise functions. */
#ifndef FC_CHECKS_GIF_VARIANCE_SIDES_H
#define FC_CHECKS_GIF_VARIANCE_SIDES_H

#include "claims/pointwise.h"

/* Where the formula is evaluated (the detail's variant). */
enum {
  FC_VARIANCE_INSIDE = 0, /* at each y, in df and ddU; then E of it */
  FC_VARIANCE_OUTSIDE = 1 /* in the expectations Edf and EddU */
};

/* Var f against the formula for f = y, y^2, sin y (d = 1). */
fc_pointwise_function fc_sides_variance;
size_t fc_length_variance(const fc_job *job);

/* C against the formula with f' = 1: d = 1 by quadrature; Gaussians in any
 * dimension as a function of the matrix hess U, through e^T A e for e = v_i and
 * v_i + v_j, v_i the eigenvectors of hess U. */
fc_pointwise_function fc_sides_variance_covariance;

/* An extreme eigenvalue of C against the formula: the largest where the claim's
 * relation is "<=", else the smallest. */
fc_pointwise_function fc_sides_uniform;

#endif
