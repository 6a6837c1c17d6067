/* Mutants of a claim: the claim with one thing changed in one of its formulas
 * (edits.h) or in its hypotheses.  A mutant that no instance refutes is either
 * true, or a hole in the suite.
 *
 * Beyond the edits of the bound, of `late_formula`, `where` and `late_where`:
 *   where dropped            the bound is claimed at every time
 *   switch dropped           one of the two formulas is claimed at every time
 *   hypothesis dropped       the claim is made of the targets that it refuses
 *   start dropped            a bound on X_{0,t} is claimed of every X_{s,t}
 */
#ifndef FC_MUTATION_MUTANT_H
#define FC_MUTATION_MUTANT_H

#include "claims/bound.h"
#include "claims/claim.h"
#include "claims/flow_bound.h"
#include "mutation/likeness.h"

typedef struct fc_mutant {
  const fc_check *check;
  const fc_claim *original;
  size_t number; /* among the mutants of its claim, from 1; 0: the claim itself,
                    unaltered, which must survive */
  const char *part;  /* "formula", "late formula", "where", "late where",
                        "hypotheses" */
  char *text;        /* that formula, edited; NULL where one is dropped */
  char *description; /* what was changed */
  bool elsewhere;    /* to be tried only where the original is refused */
  fc_likeness likeness;
  char *name; /* "d.upper~7" */
  fc_claim claim;
  fc_bound_detail bound; /* claim.detail, for the engine that takes it */
  fc_flow_bound_detail flow;
} fc_mutant;

typedef struct fc_mutants {
  fc_mutant **items; /* each where it was made: claims point into them */
  size_t count, capacity;
} fc_mutants;

/* Why the claim has no mutants, or NULL: its formula is not what is evaluated
 * as a bound, or it is no claim that must hold. */
const char *fc_mutation_refusal(const fc_check *check, const fc_claim *claim);

/* Appends the claim itself and its mutants, in a fixed order, with names and
 * likeness; neighbours for that are looked for in all the checks. */
fc_status fc_mutants_add(fc_mutants *mutants, const fc_check *check,
                         const fc_claim *claim, const fc_check *const *checks,
                         size_t check_count, fc_error *error);
void fc_mutants_clear(fc_mutants *mutants);

#endif
