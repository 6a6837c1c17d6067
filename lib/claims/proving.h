/* From a claim to a proof of it, and from a proof to the record. */
#ifndef FC_CLAIMS_PROVING_H
#define FC_CLAIMS_PROVING_H

#include "claims/claim.h"
#include "proof/proof.h"

/* Tries to prove a bound on grad v (an fc_bound_detail), or, of_covariance, the
 * claim's formula as a bound on C where `where` > 0, in the certified tier; the
 * record has its verdict already:
 *   holds, attained   the basis becomes `certified`, the record gets its
 *                     `proof`, job->certify its certificate; where an exact
 *                     supremum refutes the claim within the schedule's u:
 *                     `inconclusive`
 *   violated          a proof contradicts the witness: `error`
 * What is proved is the inequality alone: that it is `attained` is measured.
 * Nothing happens where nothing is proved, in other tiers, and to claims that
 * are no inequality. */
fc_status fc_prove_bound_claim(fc_record *record, const fc_job *job,
                               const fc_claim *claim);
fc_status fc_prove_covariance_claim(fc_record *record, const fc_job *job,
                                    const fc_claim *claim, const char *where);

/* The same for a claim that text left RELATION text right, two formulas in the
 * schedule and class constants. */
fc_status fc_prove_texts_claim(fc_record *record, const fc_job *job,
                               const char *left, const char *right,
                               const char *argument);

/* The same for two formulas in what depends on no time (the schedule's ends,
 * class constants): one number each, enclosed in balls. */
fc_status fc_prove_number_claim(fc_record *record, const fc_job *job,
                                const char *left, const char *right);

/* A theorem about the posterior, as a formula in names of its own. */
typedef struct fc_reference {
  const char *formula;
  const fc_assumed_name *names;
  size_t name_count;
  bool of_function;  /* bounds the variance of a function, else C */
  const char *where; /* it is one where this > 0, in a, b and class constants;
                        NULL: everywhere */
  const char *domain, *argument; /* words for the record */
} fc_reference;

/* The same for a claim that the theorem implies: its formula is proved to be >=
 * the theorem's ("<="), or <= it (">="). */
fc_status fc_prove_by_reference(fc_record *record, const fc_job *job,
                                const fc_claim *claim,
                                const fc_reference *theorem);

/* True where a record with its verdict is one that a proof for all schedules is
 * tried for: the job's own must be one of them (a > 0, b > 0, omega >= 0). */
bool fc_proof_is_tried(const fc_record *record, const fc_job *job);

/* A bound on the flow that makes up another: its texts, as the claim knows
 * them, and what it says of grad v, on the same domain. */
typedef struct fc_flow_statement {
  const char *formula, *late_formula;
  fc_bound_statement on_velocity;
} fc_flow_statement;

/* The same for a claim on the flow that follows where all statements on grad v
 * hold.  whole: the claim's own texts, and whether it bounds the flow (upper)
 * or its inverse. */
fc_status fc_prove_flow_statements(fc_record *record, const fc_job *job,
                                   const fc_claim *claim,
                                   const fc_bound_statement *whole,
                                   const fc_flow_statement *statements,
                                   size_t count, const char *domain);

#endif
