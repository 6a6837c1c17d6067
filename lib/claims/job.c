/* What a record says before anything is measured. */
#include "claims/claim.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A law without spread: dropping a term with its covariance changes nothing,
 * so that altered bounds are not false there. */
static bool is_point(const fc_target *target) {
  if (fc_target_has_density(target))
    return false;
  fc_ctx ctx[1];
  fc_num width;
  fc_ctx_init_double(ctx);
  fc_init(width, ctx);
  bool point =
      fc_target_constant(width, NULL, NULL, target, FC_D, ctx) == FC_OK &&
      fc_is_zero(width, ctx) == FC_TRUE;
  fc_clear(width, ctx);
  return point;
}

bool fc_job_wants(const fc_job *job, const fc_claim *claim) {
  if (job->claim_glob &&
      !fc_claim_matches(job->claim_glob, job->check->id, claim->name))
    return false;
  return claim->kind != FC_KIND_CONTROL || !is_point(job->instance->target);
}

fc_status fc_job_measure(const fc_job *job, fc_error *error) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < job->check->claim_count && status == FC_OK; i++) {
    const fc_claim *claim = &job->check->claims[i];
    if (claim->measure && fc_job_wants(job, claim))
      status = claim->measure(job, claim, error);
  }
  return status;
}

/* What the instance itself expects, or NULL; the last match wins. */
static const char *own_expectation(const fc_job *job, const fc_claim *claim) {
  const fc_instance *instance = job->instance;
  const char *label = job->schedule ? fc_schedule_label(job->schedule) : "";
  for (size_t i = instance->expectation_count; i-- > 0;) {
    const fc_expectation *e = &instance->expectations[i];
    if (fc_claim_matches(e->claim, job->check->id, claim->name) &&
        fc_glob_matches(e->schedule ? e->schedule : "*", label))
      return e->verdict;
  }
  return NULL;
}

const char *fc_job_expectation(const fc_job *job, const fc_claim *claim) {
  const char *own = own_expectation(job, claim);
  if (own)
    return own;
  if (claim->expect)
    return claim->expect(job);
  if (claim->kind == FC_KIND_CONTROL)
    return "violated";
  return claim->kind == FC_KIND_PROBE ? "none" : "holds";
}

/* Appends a word, in single quotes where a shell would take it apart. */
static void append_word(fc_text *text, const char *word) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+";
  if (*word && word[strspn(word, plain)] == '\0') {
    fc_text_append(text, word);
    return;
  }
  fc_text_append(text, "'");
  for (; *word; word++)
    if (*word == '\'')
      fc_text_append(text, "'\\''");
    else
      fc_text_append_bytes(text, word, 1);
  fc_text_append(text, "'");
}

static char *replay_command(const fc_job *job, const char *id) {
  fc_text text[1];
  fc_text_init(text);
  fc_text_append(text, "flowcert run ");
  append_word(text, job->reference ? job->reference : job->instance->name);
  fc_text_append(text, " --claim ");
  append_word(text, id);
  if (job->schedule) {
    fc_text_append(text, " --schedule ");
    append_word(text, fc_schedule_label(job->schedule));
  }
  fc_text_printf(text, " --tier %s --precision %ld --seed %" PRIu64,
                 fc_tier_name(job->tier), job->precision, job->seed);
  return fc_text_take(text);
}

/* The context in which constants are stated: balls where they are certified. */
static void stating_context(fc_ctx *ctx, const fc_job *job) {
  if (job->tier == FC_TIER_CERTIFIED &&
      fc_ctx_init_arb(ctx, job->precision + 32, NULL) == FC_OK)
    return;
  fc_ctx_init_mpfr(ctx, job->precision + 32);
}

static fc_status add_constants(fc_record *record, const fc_job *job) {
  fc_ctx ctx[1];
  fc_num value;
  stating_context(ctx, job);
  record->constants =
      calloc(FC_CLASS_CONSTANT_COUNT, sizeof *record->constants);
  if (!record->constants)
    return FC_MEMORY;
  fc_init(value, ctx);
  fc_status status = FC_OK;
  for (int i = 0; i < FC_CLASS_CONSTANT_COUNT && status == FC_OK; i++) {
    fc_provenance provenance;
    if (fc_target_constant(value, &provenance, NULL, job->instance->target,
                           (fc_class_constant)i, ctx) != FC_OK)
      continue;
    fc_record_constant *c = &record->constants[record->constant_count++];
    c->name = fc_strdup(fc_class_constant_name((fc_class_constant)i));
    c->provenance = fc_strdup(fc_provenance_name(provenance));
    status = fc_exact_set(&c->value, value, job->precision, ctx);
    if (!c->name || !c->provenance)
      status = FC_MEMORY;
  }
  fc_clear(value, ctx);
  return status;
}

static char *claim_id(const fc_job *job, const fc_claim *claim) {
  fc_text text[1];
  fc_text_init(text);
  fc_text_printf(text, "%s/%s", job->check->id, claim->name);
  return fc_text_take(text);
}

fc_status fc_job_record(fc_record *record, const fc_job *job,
                        const fc_claim *claim) {
  const fc_instance *instance = job->instance;
  fc_record_init(record);
  record->kind = claim->kind;
  record->verdict = FC_VERDICT_ERROR;
  record->basis = FC_BASIS_NONE;
  record->dimension = (long)fc_target_dimension(instance->target);
  record->precision = job->tier == FC_TIER_DOUBLE ? 53 : job->precision;
  record->seed = job->seed;
  bool ok = true;
#define COPY(field, text)                                                      \
  if (text) {                                                                  \
    record->field = fc_strdup(text);                                           \
    ok = ok && record->field;                                                  \
  }
  COPY(check, job->check->id)
  COPY(source, claim->source)
  COPY(statement, claim->statement)
  COPY(formula, claim->formula)
  COPY(hypotheses, claim->hypotheses)
  COPY(relation, claim->relation)
  COPY(instance, instance->name)
  COPY(family, instance->family)
  COPY(tier, fc_tier_name(job->tier))
  COPY(expectation, fc_job_expectation(job, claim))
  if (job->schedule)
    COPY(schedule, fc_schedule_label(job->schedule))
#undef COPY
  record->claim = claim_id(job, claim);
  if (ok && record->claim)
    record->replay = replay_command(job, record->claim);
  fc_status status =
      ok && record->replay ? add_constants(record, job) : FC_MEMORY;
  if (status)
    fc_record_clear(record);
  return status;
}

fc_status fc_job_certificate(fc_certificate *certificate, const fc_job *job,
                             const fc_claim *claim, fc_certificate_kind kind,
                             bool of_schedule) {
  fc_certificate_init(certificate);
  certificate->kind = kind;
  certificate->claim = claim_id(job, claim);
  fc_status status = certificate->claim ? FC_OK : FC_MEMORY;
#define COPY(field, text)                                                      \
  if (status == FC_OK)                                                         \
  status = fc_certificate_set(&certificate->field, text)
  COPY(check, job->check->id);
  COPY(instance, job->instance->name);
  COPY(schedule,
       of_schedule && job->schedule ? fc_schedule_label(job->schedule) : NULL);
  COPY(statement, claim->statement);
  COPY(relation, claim->relation);
  COPY(formula, claim->formula);
#undef COPY
  if (status == FC_OK)
    status = fc_certificate_set_target(certificate, job->instance->target);
  if (status == FC_OK)
    status = fc_certificate_add_centre(certificate, job->instance->target);
  if (status)
    fc_certificate_clear(certificate);
  return status;
}

static fc_status emit_undecided(const fc_job *job, const fc_claim *claim,
                                fc_verdict verdict, const char *reason) {
  fc_record record[1];
  fc_status status = fc_job_record(record, job, claim);
  if (status)
    return status;
  record->verdict = verdict;
  record->reason = fc_strdup(reason);
  /* Instances do not speak of what binary64 cannot reach. */
  bool own = job->tier != FC_TIER_DOUBLE && own_expectation(job, claim);
  if (verdict == FC_VERDICT_NOT_APPLICABLE && !own) {
    free(record->expectation);
    record->expectation = fc_strdup(fc_verdict_name(verdict));
  }
  if (!record->reason || !record->expectation) {
    fc_record_clear(record);
    return FC_MEMORY;
  }
  return job->emit(job->sink, record);
}

fc_status fc_job_not_applicable(const fc_job *job, const fc_claim *claim,
                                const char *reason) {
  return emit_undecided(job, claim, FC_VERDICT_NOT_APPLICABLE, reason);
}

fc_status fc_job_inconclusive(const fc_job *job, const fc_claim *claim,
                              const char *reason) {
  return emit_undecided(job, claim, FC_VERDICT_INCONCLUSIVE, reason);
}
