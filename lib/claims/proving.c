#include "claims/proving.h"

#include <string.h>

#include "claims/bound.h"
#include "claims/decision.h"
#include "claims/environment.h"
#include "schedule/sign_proof.h"

static bool is_decided(const fc_record *record, const fc_job *job) {
  return job->tier == FC_TIER_CERTIFIED && fc_have_arb() &&
         (record->verdict == FC_VERDICT_HOLDS ||
          record->verdict == FC_VERDICT_ATTAINED ||
          record->verdict == FC_VERDICT_VIOLATED);
}

static bool is_inequality(const fc_record *record) {
  return strcmp(record->relation, "<=") == 0 ||
         strcmp(record->relation, ">=") == 0;
}

bool fc_proof_is_tried(const fc_record *record, const fc_job *job) {
  bool one_of_all = false;
  return is_decided(record, job) && job->schedule &&
         fc_schedule_prove_signs(&one_of_all, job->schedule) == FC_OK &&
         one_of_all;
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

/* Some u of the box is one that the schedule comes to: it runs from u_0 to
 * infinity. */
static bool is_reached(const double box[2], const fc_job *job) {
  fc_schedule_rough start = fc_schedule_rough_at(job->schedule, 0, false);
  return box[1] * (start.a + start.b) > start.b * (1 + 0x1p-40);
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

/* The same where the proof was one on C or grad v, which may refute, too. */
static fc_status apply_bound(fc_record *record, const fc_job *job,
                             const fc_bound_proof *proof) {
  if (proof->outcome == FC_OUTCOME_REFUTED &&
      record->verdict != FC_VERDICT_VIOLATED && is_reached(proof->box, job))
    return fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                            "an exact supremum or infimum of C refutes the "
                            "claim, and the search found no witness");
  return apply(record, proof, proof->domain, proof->argument);
}

/* Hands over what a proof left, with the texts that it is about. */
static fc_status certify(fc_certificate *certificate, const fc_record *record,
                         const fc_job *job,
                         const fc_bound_statement *statement) {
  fc_status status =
      fc_certificate_set_where(certificate, statement->where,
                               statement->late_formula, statement->late_where);
  if (status == FC_OK)
    status = fc_certificate_set(&certificate->domain, record->proof_domain);
  return status ? status : job->certify(job->sink, certificate);
}

static fc_status prove_and_certify(fc_record *record, const fc_job *job,
                                   const fc_claim *claim,
                                   const fc_bound_statement *statement) {
  fc_bound_proof proof[1];
  fc_certificate certificate[1];
  fc_status status =
      fc_job_certificate(certificate, job, claim, FC_CERTIFICATE_COVER, false);
  if (status)
    return status;
  status = fc_prove_covariance_bound(proof, certificate, statement,
                                     job->instance->target, NULL);
  if (status == FC_OK)
    status = apply_bound(record, job, proof);
  if (status == FC_OK && record->proof_domain && proof->recheckable)
    status = certify(certificate, record, job, statement);
  fc_certificate_clear(certificate);
  return status;
}

static fc_status prove(fc_record *record, const fc_job *job,
                       const fc_claim *claim,
                       const fc_bound_statement *statement) {
  fc_bound_proof proof[1];
  if (!fc_proof_is_tried(record, job) || fc_relation_of(claim) == FC_EQUAL)
    return FC_OK;
  if (job->certify)
    return prove_and_certify(record, job, claim, statement);
  fc_status status = fc_prove_covariance_bound(proof, NULL, statement,
                                               job->instance->target, NULL);
  return status ? status : apply_bound(record, job, proof);
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

/* A theorem for this target: nothing is left to check but its hypotheses. */
static fc_status certify_theorem(const fc_record *record, const fc_job *job,
                                 const fc_claim *claim,
                                 const fc_reference *theorem) {
  const fc_bound_statement statement = {.formula = claim->formula,
                                        .where = theorem->where};
  fc_certificate certificate[1];
  if (!fc_certificate_knows(job->instance->target))
    return FC_OK;
  fc_status status = fc_job_certificate(certificate, job, claim,
                                        FC_CERTIFICATE_THEOREM, false);
  if (status)
    return status;
  certificate->quantity =
      theorem->of_function ? FC_CERTIFIED_VARIANCE : FC_CERTIFIED_COVARIANCE;
  status = certify(certificate, record, job, &statement);
  fc_certificate_clear(certificate);
  return status;
}

fc_status fc_prove_by_reference(fc_record *record, const fc_job *job,
                                const fc_claim *claim,
                                const fc_reference *theorem) {
  fc_bound_proof proof[1];
  bool upper = fc_relation_of(claim) == FC_AT_MOST;
  if (!fc_proof_is_tried(record, job) || fc_relation_of(claim) == FC_EQUAL)
    return FC_OK;
  fc_status status =
      fc_prove_dominates(proof, upper ? claim->formula : theorem->formula,
                         upper ? theorem->formula : claim->formula,
                         theorem->names, theorem->name_count, NULL);
  if (status == FC_OK)
    status = apply(record, proof, theorem->domain, theorem->argument);
  if (status == FC_OK && record->proof_domain && job->certify &&
      strcmp(claim->formula, theorem->formula) == 0)
    status = certify_theorem(record, job, claim, theorem);
  return status;
}

fc_status fc_prove_texts_claim(fc_record *record, const fc_job *job,
                               const char *left, const char *right,
                               const char *argument) {
  fc_bound_proof proof[1];
  bool at_most = strcmp(record->relation, "<=") == 0;
  if (!fc_proof_is_tried(record, job) || !is_inequality(record))
    return FC_OK;
  fc_status status =
      fc_prove_inequality(proof, at_most ? right : left, at_most ? left : right,
                          job->instance->target, NULL);
  return status ? status : apply(record, proof, proof->domain, argument);
}

fc_status fc_prove_number_claim(fc_record *record, const fc_job *job,
                                const char *left, const char *right) {
  const char *const texts[] = {left, right};
  fc_ctx balls[1];
  fc_num z[2];
  fc_environment *e = NULL;
  if (!is_decided(record, job) || !is_inequality(record) ||
      fc_ctx_init_arb(balls, job->precision + FC_GUARD_BITS, NULL))
    return FC_OK;
  fc_bound_proof proof[1] = {
      {.outcome = FC_OUTCOME_UNDECIDED, .precision = balls->precision}};
  fc_status status =
      fc_environment_new(&e, job->instance->target, job->schedule, balls);
  for (int i = 0; i < 2; i++)
    fc_init(z[i], balls);
  for (int i = 0; i < 2 && status == FC_OK; i++)
    status = fc_environment_eval_text(z[i], e, texts[i]);
  bool at_most = strcmp(record->relation, "<=") == 0;
  if (status == FC_OK &&
      fc_le(z[at_most ? 0 : 1], z[at_most ? 1 : 0], balls) == FC_TRUE)
    proof->outcome = FC_OUTCOME_PROVED;
  if (status == FC_OK)
    status = apply(record, proof, "this schedule: one number",
                   "enclosures of both sides");
  for (int i = 0; i < 2; i++)
    fc_clear(z[i], balls);
  fc_environment_free(e);
  return status;
}

/* --- flows ----------------------------------------------------------------
 */

static const char flow_argument[] =
    "integral over time of the bound on grad v (Lemma 5.1)";

static fc_status set_part(fc_certificate *part, const fc_flow_statement *s) {
  fc_status status = fc_certificate_set(&part->formula, s->formula);
  return status ? status
                : fc_certificate_set_where(part, s->on_velocity.where,
                                           s->late_formula,
                                           s->on_velocity.late_where);
}

/* Joins the proof of one statement to that of all. */
static fc_status prove_part(fc_bound_proof *all, fc_certificate *certificate,
                            const fc_flow_statement *s,
                            const fc_target *target) {
  fc_bound_proof proof[1];
  fc_certificate *part = NULL;
  fc_status status =
      certificate ? fc_certificate_add_part(&part, certificate) : FC_OK;
  if (part)
    status = set_part(part, s);
  if (status == FC_OK)
    status =
        fc_prove_covariance_bound(proof, part, &s->on_velocity, target, NULL);
  if (status)
    return status;
  if (proof->outcome != FC_OUTCOME_PROVED)
    all->outcome = FC_OUTCOME_UNDECIDED;
  all->identity = all->identity && proof->identity;
  all->recheckable = all->recheckable && proof->recheckable;
  all->leaves += proof->leaves;
  if (proof->precision > all->precision)
    all->precision = proof->precision;
  return FC_OK;
}

/* Those of the target are the same for all parts. */
static void lift_constants(fc_certificate *certificate) {
  fc_certificate *part = certificate->parts;
  certificate->constants = part->constants;
  certificate->constant_count = part->constant_count;
  part->constants = NULL;
  part->constant_count = 0;
}

static fc_status prove_parts(fc_record *record, const fc_job *job,
                             fc_certificate *certificate,
                             const fc_flow_statement *statements, size_t count,
                             const char *domain, bool *recheckable) {
  fc_bound_proof all = {
      .outcome = FC_OUTCOME_PROVED, .identity = true, .recheckable = true};
  fc_status status = FC_OK;
  for (size_t i = 0; i < count && status == FC_OK; i++)
    status =
        prove_part(&all, certificate, &statements[i], job->instance->target);
  *recheckable = all.outcome == FC_OUTCOME_PROVED && all.recheckable;
  if (certificate && certificate->part_count) {
    lift_constants(certificate);
    certificate->kind =
        all.identity ? FC_CERTIFICATE_IDENTITY : FC_CERTIFICATE_COVER;
    certificate->precision = all.precision;
  }
  return status ? status : apply(record, &all, domain, flow_argument);
}

fc_status fc_prove_flow_statements(fc_record *record, const fc_job *job,
                                   const fc_claim *claim,
                                   const fc_bound_statement *whole,
                                   const fc_flow_statement *statements,
                                   size_t count, const char *domain) {
  fc_certificate certificate[1];
  bool recheckable = false;
  if (!job->certify)
    return prove_parts(record, job, NULL, statements, count, domain,
                       &recheckable);
  fc_status status =
      fc_job_certificate(certificate, job, claim, FC_CERTIFICATE_COVER, false);
  if (status)
    return status;
  certificate->quantity =
      whole->upper ? FC_CERTIFIED_FLOW : FC_CERTIFIED_INVERSE_FLOW;
  status = prove_parts(record, job, certificate, statements, count, domain,
                       &recheckable);
  if (status == FC_OK && record->proof_domain && recheckable)
    status = certify(certificate, record, job, whole);
  fc_certificate_clear(certificate);
  return status;
}
