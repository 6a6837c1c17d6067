/* Small dense matrices, mostly symmetric, over any arithmetic context (row by
 * row). */
#ifndef FC_MATRIX_MATRIX_H
#define FC_MATRIX_MATRIX_H

#include "arith/arith.h"

/* L (lower triangular, d*d, may alias a) with A = L L^T; reads the lower
 * triangle of a.  FC_DOMAIN where a pivot is not certainly positive (never
 * certain in FC_ACB): l is then unspecified. */
fc_status fc_matrix_cholesky(fc_ptr l, fc_srcptr a, size_t d,
                             const fc_ctx *ctx);

/* x = A^{-1} y from the Cholesky factor; x may alias y. */
void fc_matrix_cholesky_solve(fc_ptr x, fc_srcptr l, fc_srcptr y, size_t d,
                              const fc_ctx *ctx);

/* inverse = A^{-1} from the Cholesky factor (d*d, not aliasing l). */
void fc_matrix_cholesky_inverse(fc_ptr inverse, fc_srcptr l, size_t d,
                                const fc_ctx *ctx);

/* z = log |det A| of any square matrix; *error = how far it may be off where no
 * entry of A (d*d) is off by more than entry_error (first order, with a
 * margin).  FC_DOMAIN where a pivot is not certainly different from 0. */
fc_status fc_matrix_log_determinant(fc_ptr z, fc_ptr error, fc_srcptr a,
                                    fc_srcptr entry_error, size_t d,
                                    const fc_ctx *ctx);

/* norm = max_i Sum_j |A_ij| of any square matrix. */
void fc_matrix_row_sum_norm(fc_ptr norm, fc_srcptr a, size_t d,
                            const fc_ctx *ctx);

/* z = v^T A v / v^T v. */
void fc_matrix_rayleigh(fc_ptr z, fc_srcptr a, fc_srcptr v, size_t d,
                        const fc_ctx *ctx);

/* root (d*d, no alias) encloses A^(1/2) for every symmetric positive definite
 * matrix in the ball matrix a, of which the lower triangle is read; Arb only
 * (FC_UNSUPPORTED elsewhere).  FC_DOMAIN where positive definiteness is not
 * certain at this precision. */
fc_status fc_matrix_root_enclosed(fc_ptr root, fc_srcptr a, size_t d,
                                  const fc_ctx *ctx);

/* Eigenvalues of a symmetric matrix in ascending order; vectors (d*d, one a
 * row, may be NULL).  binary64 and MPFR: cyclic Jacobi to working precision.
 * Arb: values enclose the eigenvalues of every symmetric matrix in the ball
 * matrix (Jacobi on the midpoint, then Gershgorin discs after the exact
 * similarity); vectors are then approximate (exact numbers, no enclosure).
 * d = 1 is exact in every context; FC_UNSUPPORTED for complex and series.
 * Reads the lower triangle of a; a must alias neither output.  Failures:
 * FC_SHAPE (d = 0), FC_DOMAIN (an entry that is not finite), FC_MEMORY,
 * FC_BUDGET (no convergence; never seen). */
fc_status fc_matrix_eigen(fc_ptr values, fc_ptr vectors, fc_srcptr a, size_t d,
                          const fc_ctx *ctx);

#endif
