/* Private to lib/matrix. */
#ifndef FC_MATRIX_JACOBI_H
#define FC_MATRIX_JACOBI_H

#include "arith/arith.h"

/* Eigenvalues (ascending) and, in the rows of vectors (not NULL), orthonormal
 * eigenvectors of the symmetric matrix in the lower triangle of a; binary64
 * and MPFR only, all entries finite.  FC_MEMORY; FC_BUDGET where the sweeps did
 * not converge. */
fc_status fc_matrix_jacobi(fc_ptr values, fc_ptr vectors, fc_srcptr a, size_t d,
                           const fc_ctx *ctx);

/* The same for balls: certified values, approximate vectors (may be NULL). */
fc_status fc_matrix_eigen_balls(fc_ptr values, fc_ptr vectors, fc_srcptr a,
                                size_t d, const fc_ctx *ctx);

#endif
