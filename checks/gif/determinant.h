/* Determinants of small general matrices (row by row) in any real arithmetic.
 */
#ifndef FC_CHECKS_GIF_DETERMINANT_H
#define FC_CHECKS_GIF_DETERMINANT_H

#include "arith/arith.h"

/* z = log |det A|; sensitivity = Sum_ij |(A^-1)_ij|, by how much z moves for a
 * small change of the entries of A by 1.  Gauss-Jordan with pivots by rows.
 * FC_DOMAIN where a pivot vanishes. */
fc_status fc_log_determinant(fc_ptr z, fc_ptr sensitivity, fc_srcptr a,
                             size_t d, const fc_ctx *ctx);

#endif
