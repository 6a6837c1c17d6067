/* Formulas in one variable that are smooth but for kinks.
 *
 * In "abs(x - 1)^3 + max(x, 0)" the parts with abs, min and max are piecewise
 * affine: between their breaks each is an affine function, and the formula with
 * that in its place can be differentiated.
 */
#ifndef FC_FORMULA_BRANCHES_H
#define FC_FORMULA_BRANCHES_H

#include "formula/formula.h"

#define FC_BRANCHES_MAX 65

/* count >= 1 formulas without abs, min or max of x; formulas[i] is the formula
 * on [kinks[i - 1], kinks[i]], infinite at both ends. */
typedef struct fc_branches {
  size_t count;
  fc_formula **formulas;
  mpq_t *kinks; /* count - 1, increasing */
} fc_branches;

/* The formula's only variable may be names[0].  fc_branches_clear after
 * success.  FC_UNSUPPORTED where abs, min or max is taken of something that is
 * not piecewise affine with rational coefficients, FC_LIMIT where there are too
 * many kinks. */
fc_status fc_branches_init(fc_branches *branches, const fc_formula *formula,
                           fc_error *error);
void fc_branches_clear(fc_branches *branches);

#endif
