#include <string.h>

#include "mutation.h"
#include "proof/proof.h"

/* True where a target of the plan has all constants of the formula. */
static bool has_constants(const char *text, const fc_target *target) {
  fc_formula *formula = NULL;
  bool has = fc_bound_parse(&formula, text, NULL) == FC_OK &&
             fc_bound_has_constants(NULL, formula, target);
  fc_formula_free(formula);
  return has;
}

/* The text of the original that the mutant's stands in the place of, or NULL:
 * proofs are about one formula against another. */
static const char *replaced(const fc_mutant *m) {
  if (!m->text || !m->check->spectral || m->original->measure)
    return NULL;
  const fc_bound_detail *detail = m->original->detail;
  if (strcmp(m->part, "formula") == 0)
    return m->original->formula;
  return strcmp(m->part, "late formula") == 0 ? detail->late_formula : NULL;
}

static fc_status prove(bool *implied, const fc_mutant *m, const char *original,
                       const fc_plan *plan) {
  const fc_bound_detail *detail = m->original->detail;
  bool upper = detail->side == FC_LARGEST;
  const fc_bound_statement weaker = {.upper = upper, .formula = m->text};
  const fc_bound_statement stronger = {.upper = upper, .formula = original};
  size_t proved = 0;
  *implied = false;
  for (size_t i = 0; i < plan->instance_count; i++) {
    const fc_target *target = plan->instances[i]->target;
    fc_bound_proof proof = {.outcome = FC_OUTCOME_UNDECIDED};
    if (!has_constants(m->text, target) || !has_constants(original, target))
      continue;
    fc_status status =
        fc_prove_implied(&proof, &weaker, &stronger, target, NULL);
    if (status == FC_MEMORY)
      return status;
    if (status || proof.outcome != FC_OUTCOME_PROVED)
      return FC_OK;
    proved++;
  }
  *implied = proved > 0;
  return FC_OK;
}

fc_status fc_mutation_prove(fc_mutation *mutation) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < mutation->mutants->count && !status; i++) {
    fc_subject *s = &mutation->subjects[i];
    const char *original = replaced(s->mutant);
    if (original && fc_fate_of(s) == FC_FATE_LOOKS_WEAKER)
      status = prove(&s->implied, s->mutant, original, mutation->plan);
  }
  return status;
}
