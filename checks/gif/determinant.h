/* log |det A| of a square matrix that is known up to an error. */
#ifndef FC_CHECKS_GIF_DETERMINANT_H
#define FC_CHECKS_GIF_DETERMINANT_H

#include "arith/arith.h"

/* z = log |det A|, *error = how far it may be off where no entry of A (d*d) is
 * off by more than entry_error (first order, with a margin).  FC_DOMAIN where
 * a pivot is not certainly different from 0. */
fc_status fc_log_determinant(fc_ptr z, fc_ptr error, fc_srcptr A,
                             fc_srcptr entry_error, size_t d,
                             const fc_ctx *ctx);

#endif
