/* How an altered bound stands to the one it was made of, by looking at many
 * random exact points: values of a, b, their derivatives and the class
 * constants within what every schedule and every target admits (a' <= 0 <= b',
 * b <= 1, omega = a b' - a' b, kappa <= beta, R between diam_rho/2 and
 * diam_rho/sqrt 2,
 * ...).
 *
 * Two different formulas of this kind that agree to 2^-100 at hundreds of such
 * points are taken for one function: "equivalent" is that, and no more.  "Looks
 * weaker" and "looks implied" prove nothing: they say that no point was seen at
 * which the altered bound says more than the original, or than the best of the
 * claims that hold of the same targets.
 */
#ifndef FC_MUTATION_LIKENESS_H
#define FC_MUTATION_LIKENESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

typedef enum fc_likeness {
  FC_LIKE_NEITHER,
  FC_LIKE_EQUIVALENT,    /* the same values wherever either has one */
  FC_LIKE_LOOKS_WEAKER,  /* says nothing beyond the original where seen */
  FC_LIKE_LOOKS_IMPLIED, /* nothing beyond the original and its neighbours */
  FC_LIKE_NO_VALUE       /* no finite value where the original claims */
} fc_likeness;

/* The formulas of a bound as in fc_bound_detail; NULL where there is none. */
typedef struct fc_bound_texts {
  const char *bound, *where, *late_bound, *late_where;
} fc_bound_texts;

/* The names that formulas may use here: those of claims/environment.h and those
 * that single checks add to them (C, Lip, ddU, ...). */
extern const char *const fc_likeness_names[];
extern const size_t fc_likeness_name_count;

/* claims[0] is the original, the others are claims on the same number that hold
 * wherever it does.  assumed (may be NULL): a formula that is positive where
 * the hypotheses hold.  at_least: they say "measured >= bound".  flow: a, b
 * stand for a time t after that of a_s, b_s. */
fc_status fc_likeness_of(fc_likeness *likeness, const fc_bound_texts *claims,
                         size_t count, const fc_bound_texts *altered,
                         const char *assumed, bool at_least, bool flow,
                         fc_error *error);

#endif
