/* Formulas typeset: the text that a claim states becomes MathML, which browsers
 * show without any script.
 *
 * The expression graph of lib/formula folds numbers and moves signs, so that it
 * no longer looks like what the module says; and the equations about flows
 * ("X_{0,1}(X_{1,0}(x)) = x") are none.  Therefore the text is read here into a
 * tree of its own that keeps every operand where it stands:
 *
 *   list    := sum ((',' | ';' | '=' | '<=' | '>=' | '<' | '>') sum)*
 *   sum     := product (('+' | '-') product)*
 *   product := unary (('*' | '/' | nothing) unary)*
 *   unary   := ('+' | '-') unary | power
 *   power   := atom ('^' unary)?
 *   atom    := number | name | name'(' list ')' | '(' list ')'
 *              | '|' list '|' | '#' | '.' | any character outside ASCII
 *   name    := letters, then digits or _name or _{list}, then primes
 *
 * A tilde behind a name's letters stands over them.
 * Precedences are those of formula/formula.h.  Names are the paper's: kappa is
 * κ, da is a′, a_s is a with the index s, M3 is M with the index 3. */
#ifndef FC_REPORTS_MATHML_H
#define FC_REPORTS_MATHML_H

#include "base/text.h"

/* Appends <math>...</math> and returns true; display: on a line of its own,
 * after "measured RELATION" where relation ("≤") is not NULL.  False, with
 * nothing appended, for a text that cannot be read so, is longer than 4096
 * bytes or nested too deeply. */
bool fc_mathml(fc_text *out, const char *text, const char *relation,
               bool display);

#endif
