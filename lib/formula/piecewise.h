/* Exact piecewise affine functions on the line.
 *
 * Formulas such as "abs(x - 1/2) - 2*max(x, 0)" are continuous and affine
 * between finitely many breaks; here these are found exactly, in rational
 * arithmetic, by walking the formula's graph.
 */
#ifndef FC_FORMULA_PIECEWISE_H
#define FC_FORMULA_PIECEWISE_H

#include "formula/formula.h"

#define FC_PIECEWISE_MAX_BREAKS 64
#define FC_PIECEWISE_MAX_NODES 1000
#define FC_PIECEWISE_MAX_BITS 4096

/* f(x) = slope x + intercept from `from` (-infinity for the first piece, whose
 * `from` is not used) to the next piece's `from`. */
typedef struct fc_affine_piece {
  mpq_t from, slope, intercept;
} fc_affine_piece;

/* count >= 1 pieces, from left to right; neighbours differ in slope. */
typedef struct fc_piecewise {
  fc_affine_piece *pieces;
  size_t count;
} fc_piecewise;

/* The formula, whose only variable may be names[0], as a piecewise affine
 * function; fc_piecewise_clear after success.  Supported: exact rational
 * numbers, the variable, + and -, products with and quotients by constants,
 * abs, min, max.  FC_UNSUPPORTED with the offending part for anything else,
 * FC_LIMIT beyond the limits above, FC_VALUE for a division by zero. */
fc_status fc_piecewise_init(fc_piecewise *function, const fc_formula *formula,
                            fc_error *error);
void fc_piecewise_clear(fc_piecewise *function);

/* z = f(x); z must not be x. */
void fc_piecewise_eval(mpq_ptr z, const fc_piecewise *function, mpq_srcptr x);

/* z = max |slope|, the Lipschitz constant. */
void fc_piecewise_lipschitz(mpq_ptr z, const fc_piecewise *function);

/* Slopes increase (convex) or decrease (concave) from left to right; both are
 * true of an affine function. */
bool fc_piecewise_is_convex(const fc_piecewise *function);
bool fc_piecewise_is_concave(const fc_piecewise *function);

#endif
