#include "claims/proving.h"

#include <stdio.h>

#include "claims/bound.h"
#include "claims/decision.h"

bool fc_proof_is_tried(const fc_record *record, const fc_job *job) {
  return job->tier == FC_TIER_CERTIFIED && fc_have_arb() &&
         (record->verdict == FC_VERDICT_HOLDS ||
          record->verdict == FC_VERDICT_ATTAINED ||
          record->verdict == FC_VERDICT_VIOLATED);
}

static fc_status set_proof(fc_record *record, const fc_bound_proof *proof,
                           const char *domain, const char *argument) {
  record->basis = FC_BASIS_CERTIFIED;
  record->proof_domain = fc_strdup(domain);
  record->proof_argument = fc_strdup(argument);
  record->proof_leaves = proof->leaves;
  record->proof_precision = proof->precision;
  record->proof_undecided = fc_strdup("0");
  return record->proof_domain && record->proof_argument &&
                 record->proof_undecided
             ? FC_OK
             : FC_MEMORY;
}

/* What a proof does to a verdict. */
static fc_status apply(fc_record *record, const fc_bound_proof *proof,
                       const char *domain, const char *argument) {
  if (proof->outcome != FC_OUTCOME_PROVED)
    return FC_OK;
  if (record->verdict == FC_VERDICT_VIOLATED)
    return fc_record_reason(record, FC_VERDICT_ERROR,
                            "the claim is proved, and yet violated at the "
                            "witness");
  return set_proof(record, proof, domain, argument);
}

static bool certifies(const fc_record *record, const fc_job *job) {
  return job->certify && record->proof_domain;
}

static fc_status prove(fc_record *record, const fc_job *job,
                       const fc_claim *claim,
                       const fc_bound_statement *statement) {
  fc_bound_proof proof[1];
  fc_certificate certificate[1];
  if (!fc_proof_is_tried(record, job))
    return FC_OK;
  fc_status status =
      fc_job_certificate(certificate, job, claim, FC_CERTIFICATE_COVER, false);
  if (status)
    return status;
  status = fc_prove_covariance_bound(proof, job->certify ? certificate : NULL,
                                     statement, job->instance->target, NULL);
  if (status == FC_OK)
    status = apply(record, proof, proof->domain, proof->argument);
  if (status == FC_OK)
    status =
        fc_certificate_set(&certificate->late_formula, statement->late_formula);
  if (status == FC_OK)
    status =
        fc_certificate_set(&certificate->late_where, statement->late_where);
  if (status == FC_OK)
    status = fc_certificate_set(&certificate->where, statement->where);
  if (status == FC_OK)
    status = fc_certificate_set(&certificate->domain, record->proof_domain);
  if (status == FC_OK && certifies(record, job))
    status = job->certify(job->sink, certificate);
  fc_certificate_clear(certificate);
  return status;
}

fc_status fc_prove_bound_claim(fc_record *record, const fc_job *job,
                               const fc_claim *claim) {
  const fc_bound_detail *detail = claim->detail;
  const fc_bound_statement statement = {.upper =
                                            fc_relation_of(claim) == FC_AT_MOST,
                                        .formula = claim->formula,
                                        .where = detail->where,
                                        .late_formula = detail->late_formula,
                                        .late_where = detail->late_where};
  return prove(record, job, claim, &statement);
}

fc_status fc_prove_covariance_claim(fc_record *record, const fc_job *job,
                                    const fc_claim *claim, const char *where) {
  const fc_bound_statement statement = {.upper =
                                            fc_relation_of(claim) == FC_AT_MOST,
                                        .of_covariance = true,
                                        .formula = claim->formula,
                                        .where = where};
  return prove(record, job, claim, &statement);
}

fc_status fc_prove_by_reference(fc_record *record, const fc_job *job,
                                const fc_claim *claim, const char *reference,
                                const fc_assumed_name *names, size_t count,
                                const char *domain, const char *argument) {
  fc_bound_proof proof[1];
  bool upper = fc_relation_of(claim) == FC_AT_MOST;
  if (!fc_proof_is_tried(record, job))
    return FC_OK;
  fc_status status = fc_prove_dominates(
      proof, upper ? claim->formula : reference,
      upper ? reference : claim->formula, names, count, NULL);
  return status ? status : apply(record, proof, domain, argument);
}

/* What a certificate says of the statement that the claim follows from. */
static fc_status describe(fc_certificate *certificate,
                          const fc_bound_statement *statement,
                          const char *domain) {
  fc_status status =
      fc_certificate_set(&certificate->formula, statement->formula);
  if (status == FC_OK)
    status =
        fc_certificate_set(&certificate->late_formula, statement->late_formula);
  if (status == FC_OK)
    status =
        fc_certificate_set(&certificate->late_where, statement->late_where);
  if (status == FC_OK)
    status = fc_certificate_set(&certificate->where, statement->where);
  if (status == FC_OK)
    status = fc_certificate_set(&certificate->relation,
                                statement->upper ? "<=" : ">=");
  if (status == FC_OK)
    status = fc_certificate_set(&certificate->domain, domain);
  return status;
}

fc_status fc_prove_flow_statements(fc_record *record, const fc_job *job,
                                   const fc_claim *claim,
                                   const fc_bound_statement *statements,
                                   size_t count, const char *domain) {
  fc_bound_proof proof[1], all = {.outcome = FC_OUTCOME_PROVED};
  fc_certificate certificate[1];
  bool single = job->certify && count == 1;
  fc_status status =
      fc_job_certificate(certificate, job, claim, FC_CERTIFICATE_COVER, false);
  if (status)
    return status;
  for (size_t i = 0; i < count && status == FC_OK; i++) {
    status =
        fc_prove_covariance_bound(proof, single ? certificate : NULL,
                                  &statements[i], job->instance->target, NULL);
    if (status == FC_OK && proof->outcome != FC_OUTCOME_PROVED)
      all.outcome = FC_OUTCOME_UNDECIDED;
    all.leaves += proof->leaves;
    all.precision =
        proof->precision > all.precision ? proof->precision : all.precision;
  }
  if (status == FC_OK)
    status = apply(record, &all, domain,
                   "integral over time of the bound on grad v (Lemma 5.1)");
  if (status == FC_OK && single && certifies(record, job)) {
    status = describe(certificate, statements, domain);
    if (status == FC_OK)
      status = job->certify(job->sink, certificate);
  }
  fc_certificate_clear(certificate);
  return status;
}
