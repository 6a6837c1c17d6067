/* Formulas: text such as "(kappa*a*da + b*db)/(kappa*a^2 + b^2)".
 *
 * A formula is parsed once to an expression graph (equal subexpressions are
 * shared, nodes stand in topological order, so nothing here recurses),
 * differentiated symbolically, evaluated in any arithmetic context and printed.
 *
 *   expr   := term (('+' | '-') term)*
 *   term   := unary (('*' | '/') unary)*
 *   unary  := ('+' | '-') unary | power
 *   power  := atom ('^' unary)?          right associative; -x^2 is -(x^2)
 *   atom   := number | name | name '(' expr (',' expr)* ')' | '(' expr ')'
 *   number := 12, 0.1, .5, 1e-30, 1.5E+3  (exact: 0.1 is one tenth)
 *
 * Constant: pi.  Functions: exp log sqrt sin cos tan atan erf erfc abs (one
 * argument), min max (two or more).  Blanks are free.  "1/2" is a division of
 * exact numbers and folds to the exact rational.
 *
 * Limits: FC_FORMULA_MAX_LENGTH bytes of text, FC_FORMULA_MAX_DEPTH nested
 * parentheses, FC_FORMULA_MAX_NODES graph nodes, decimal exponents up to
 * FC_FORMULA_MAX_EXPONENT in magnitude, and exact rationals of at most
 * FC_FORMULA_MAX_BITS bits; beyond that FC_LIMIT, never a crash.
 */
#ifndef FC_FORMULA_FORMULA_H
#define FC_FORMULA_FORMULA_H

#include "arith/arith.h"
#include "base/status.h"

#define FC_FORMULA_MAX_LENGTH 16384
#define FC_FORMULA_MAX_DEPTH 200
#define FC_FORMULA_MAX_NODES 20000
#define FC_FORMULA_MAX_EXPONENT 20000
#define FC_FORMULA_MAX_BITS 100000
#define FC_CONSTANT_MAX_BITS 65536
#define FC_FORMULA_MAX_PRINT (1u << 20)

typedef struct fc_formula fc_formula;

/* Parses text whose only free names are names[0..count-1] (the strings are
 * copied).  origin (may be NULL) is the position of text[0] in its file: errors
 * carry file, line and column of the offending character, what was expected,
 * and for a misspelt name the closest known one. */
fc_status fc_formula_parse(fc_formula **formula, const char *text,
                           const char *const *names, size_t count,
                           const fc_position *origin, fc_error *error);

/* NULL is allowed. */
void fc_formula_free(fc_formula *formula);

fc_status fc_formula_copy(fc_formula **copy, const fc_formula *formula);

/* The derivative with respect to the named variable, lightly simplified.
 * FC_UNSUPPORTED for abs, min, max of something that depends on the variable
 * (their derivative does not exist everywhere); FC_NAME where the formula has
 * no such variable. */
fc_status fc_formula_diff(fc_formula **derivative, const fc_formula *formula,
                          const char *name, fc_error *error);

/* z = value with values[i] for names[i] (values may be NULL where the formula
 * is constant).  Outside the domain of a function z is NaN / indeterminate, as
 * in arith.h; FC_MEMORY is the only failure. */
fc_status fc_formula_eval(fc_ptr z, const fc_formula *formula, fc_srcptr values,
                          const fc_ctx *ctx);

/* The same in room of fc_formula_size numbers that the caller keeps, for
 * whoever evaluates one formula many times. */
size_t fc_formula_size(const fc_formula *formula);
void fc_formula_eval_in(fc_ptr z, const fc_formula *formula, fc_srcptr values,
                        fc_ptr room, const fc_ctx *ctx);

/* The text as it was given (for reports), and as printed from the graph with
 * no more parentheses than needed; parsing that text again gives a formula of
 * the same value.  fc_formula_print: malloc'd, NULL when memory ran out; what
 * goes beyond FC_FORMULA_MAX_PRINT bytes is cut and ends in "...".  Derived
 * formulas have their print as text. */
const char *fc_formula_text(const fc_formula *formula);
char *fc_formula_print(const fc_formula *formula);

/* True where the formula depends on the named variable / on no variable. */
bool fc_formula_depends(const fc_formula *formula, const char *name);
bool fc_formula_is_constant(const fc_formula *formula);

/* If the formula is an exact rational constant, stores it and returns true. */
bool fc_formula_get_mpq(mpq_ptr q, const fc_formula *formula);

/* A new formula in which each product that has both factors `first` and
 * `second` among its (flattened) factors gets the single variable `fused` for
 * the pair.  "a*da" is regular at t = 1 where a = 0 and da = -infinity
 * (Follmer), so bounds read it as the one quantity ada.  `fused` must be among
 * the formula's names. */
fc_status fc_formula_fuse(fc_formula **fused_formula, const fc_formula *formula,
                          const char *first, const char *second,
                          const char *fused, fc_error *error);

/* The formula with the constant `value` put in for the named variable.  Exact
 * where both are: cos(pi*t/2) at t = 1 becomes the number 0. */
fc_status fc_formula_substitute(fc_formula **result, const fc_formula *formula,
                                const char *name, const fc_formula *value,
                                fc_error *error);

/* The square of a formula, with sqrt(x)^2 written x: equal wherever the formula
 * is real, and differentiable where sqrt(x) is not (x = 0). */
fc_status fc_formula_square(fc_formula **square, const fc_formula *formula,
                            fc_error *error);

/* log(formula) where the formula's factors are positive, taken apart: products,
 * quotients, integer powers, roots and exponentials do not stand inside a
 * logarithm. */
fc_status fc_formula_log(fc_formula **logarithm, const fc_formula *formula,
                         fc_error *error);

/* --- constants -------------------------------------------------------- */

/* Parses a formula without free names ("1/2", "6*sqrt(2)", "1e-30"). */
fc_status fc_constant_parse(fc_formula **constant, const char *text,
                            const fc_position *origin, fc_error *error);

/* The constant n/d in lowest terms; d > 0. */
fc_status fc_constant_new_si(fc_formula **constant, long n, long d);

fc_status fc_constant_new_mpq(fc_formula **constant, mpq_srcptr q);

/* z = the value of a constant formula, in binary64 and MPFR correctly rounded
 * to nearest (by raising the working precision until the rounding is decided;
 * exact cases are rational and rounded directly), in balls an enclosure with
 * radius of the order of the last bit.  FC_VALUE
 * where the formula is undefined or its value not finite (z becomes NaN),
 * FC_BUDGET where FC_CONSTANT_MAX_BITS bits do not decide the rounding (a value
 * that is 0 or a tie but not visibly so; z becomes NaN).  Without Arb two
 * precisions that agree decide, which is then not proved. */
fc_status fc_constant_eval(fc_ptr z, const fc_formula *constant,
                           const fc_ctx *ctx);

/* The same in binary64. */
fc_status fc_constant_eval_d(double *z, const fc_formula *constant);

/* Sign of a constant: -1, 0, 1.  FC_BUDGET where FC_CONSTANT_MAX_BITS
 * bits (fewer for formulas of more than 64 nodes) do not decide. */
fc_status fc_constant_sign(int *sign, const fc_formula *constant);

/* Sign of x - y, likewise. */
fc_status fc_constant_compare(int *sign, const fc_formula *x,
                              const fc_formula *y);

#endif
