/* Pieces in binary64, natively; private to this folder.
 *
 * A search asks for thousands of points and needs no guard bits: the first
 * three posterior moments of a piece are integrals over [lo, hi] of positive
 * functions, which Gauss-Legendre's rule gives to a few units in the last
 * place wherever the posterior sits: inside, in a tail, or spread evenly.
 * What binary64 cannot give to 2^-38 of its natural scale is refused.
 */
#ifndef FC_TARGET_PIECES_DOUBLE_H
#define FC_TARGET_PIECES_DOUBLE_H

#include "target/pieces_level.h"

typedef struct fc_pieces_double fc_pieces_double;

/* First, second and third cumulants of the posterior; score, its derivative
 * and second derivative; log p. */
typedef struct fc_pieces_values {
  double moment[3], score[3], log_density;
} fc_pieces_values;

/* The constants of a level of real numbers, rounded; NULL when memory ran out.
 */
fc_pieces_double *fc_pieces_double_new(const fc_pieces_level *level);
void fc_pieces_double_free(fc_pieces_double *pieces); /* NULL is allowed */

/* False where the numbers would not be accurate: ask a level. */
bool fc_pieces_double_eval(fc_pieces_values *values, fc_pieces_double *pieces,
                           double a, double b, double x);

#endif
