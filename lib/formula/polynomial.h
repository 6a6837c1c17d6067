/* Formulas that are polynomials with exact rational coefficients. */
#ifndef FC_FORMULA_POLYNOMIAL_H
#define FC_FORMULA_POLYNOMIAL_H

#include "formula/formula.h"

#define FC_POLYNOMIAL_DEGREE 4
#define FC_POLYNOMIAL_SIZE (FC_POLYNOMIAL_DEGREE + 1)

/* coefficients (FC_POLYNOMIAL_SIZE initialised numbers) of the formula in its
 * variable names[0]; false where it is visibly no polynomial of that degree or
 * its numbers are too long. */
bool fc_formula_polynomial(mpq_t *coefficients, const fc_formula *formula);

#endif
