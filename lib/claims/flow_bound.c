#include "claims/flow_bound.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claims/decision.h"
#include "claims/flow_formulas.h"
#include "claims/flow_pairs.h"

/* Bits beyond the stated precision of the first decision (decision.h), so that
 * what the search found need not be computed again. */
enum { SEARCH_GUARD_BITS = 32 };

/* --- comparing at the pairs ------------------------------------------------
 */

/* A norm in balls at a pair's extremum, which all claims share. */
typedef struct enclosure {
  fc_ctx ctx[1]; /* its precision is 0 before there is one */
  fc_num value;
  fc_status status;
} enclosure;

typedef struct runner {
  const fc_job *job;
  fc_ctx ctx[1];
  fc_flow_pairs pairs[1];
  enclosure enclosures[FC_FLOW_PAIRS][2];
} runner;

static fc_status set_start(fc_environment *environment, const fc_job *job,
                           const fc_flow_moment *moment, const fc_ctx *ctx,
                           bool start) {
  fc_schedule_value at[1];
  fc_time time[1];
  fc_schedule_value_init(at, ctx);
  fc_time_init(time, ctx);
  fc_flow_moment_time(time, moment, ctx);
  fc_status status = fc_schedule_eval(at, job->schedule, time, false, ctx);
  if (start)
    fc_environment_set_start(environment, at, time);
  else
    fc_environment_set_time(environment, at, time);
  fc_time_clear(time, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}

/* What a comparison is about. */
typedef struct place {
  runner *run;
  const fc_claim *claim;
  const fc_bound_formulas *f;
  const fc_flow_pair *pair;
  const fc_flow_extremum *found;
  fc_error *spent; /* how far it got, if the budget was spent */
  bool missed;     /* the first pair of times, all of the flow */
} place;

/* value, error = the norm at the extremum, afresh. */
static fc_status measure(fc_ptr value, fc_ptr error, const place *p,
                         const fc_ctx *ctx) {
  const fc_job *job = p->run->job;
  size_t d = p->run->pairs->d;
  bool reverse = ((const fc_flow_bound_detail *)p->claim->detail)->reverse;
  fc_ptr point = fc_vec_new(d, ctx);
  if (!point)
    return FC_MEMORY;
  for (size_t i = 0; i < d; i++)
    fc_convert(point + i, ctx, p->found->point + i, p->run->ctx);
  const fc_flow_moment *s = &p->pair->s, *t = &p->pair->t;
  fc_status status = fc_flow_value_at(
      value, error, job->instance->target, job->schedule, reverse ? t : s,
      reverse ? s : t, point, p->found->at_image, ctx, p->spent);
  if (status != FC_BUDGET)
    p->spent->message[0] = '\0';
  fc_vec_free(point, d, ctx);
  return status;
}

/* The same in balls, once for each precision in turn. */
static fc_status enclose(fc_ptr value, fc_ptr error, const place *p,
                         const fc_ctx *ctx) {
  bool reverse = ((const fc_flow_bound_detail *)p->claim->detail)->reverse;
  enclosure *e = &p->run->enclosures[p->pair - p->run->pairs->items][reverse];
  if (e->ctx->precision != ctx->precision) {
    if (e->ctx->precision)
      fc_clear(e->value, e->ctx);
    e->ctx[0] = *ctx;
    fc_init(e->value, ctx);
    e->status = measure(e->value, error, p, ctx);
  }
  fc_set(value, e->value, ctx);
  fc_set_si(error, 0, ctx);
  return e->status;
}

/* What the search found, in its own context, or afresh. */
static fc_status take_measured(fc_ptr value, fc_ptr error, const place *p,
                               const fc_ctx *ctx) {
  const fc_ctx *own = p->run->ctx;
  if (ctx->kind == FC_ARB)
    return enclose(value, error, p, ctx);
  if (ctx->kind != own->kind || ctx->precision != own->precision)
    return measure(value, error, p, ctx);
  fc_set(value, p->found->value, ctx);
  fc_set(error, p->found->error, ctx);
  return FC_OK;
}

/* An fc_compare_function. */
static fc_status compare(fc_comparison *c, void *closure, const fc_ctx *ctx) {
  const place *p = closure;
  const fc_job *job = p->run->job;
  fc_environment *environment = NULL;
  fc_num error;
  fc_init(error, ctx);
  fc_status status = fc_environment_new(&environment, job->instance->target,
                                        job->schedule, ctx);
  if (!status)
    status = set_start(environment, job, &p->pair->s, ctx, true);
  if (!status)
    status = set_start(environment, job, &p->pair->t, ctx, false);
  if (!status)
    status = fc_flow_formulas_eval(c->bound, error, p->claim, p->f, environment,
                                   ctx);
  if (!status)
    status = take_measured(c->measured, c->stated, p, ctx);
  fc_add(c->stated, c->stated, error, ctx);
  fc_max(c->scale, c->bound, c->measured, ctx);
  c->states = c->as_ratio = true;
  fc_environment_free(environment);
  fc_clear(error, ctx);
  return status;
}

/* Compares at the i-th pair; c->valid is false where that is not possible. */
static fc_status compare_pair(fc_comparison *c, place *p, size_t i) {
  const fc_flow_bound_detail *detail = p->claim->detail;
  c->valid = false;
  p->pair = &p->run->pairs->items[i];
  fc_status status =
      fc_flow_pairs_at(&p->found, p->run->pairs, i, detail->reverse);
  if (status)
    return status;
  if (!p->found->found) {
    if (p->found->failure.message[0])
      *p->spent = p->found->failure;
    p->missed = p->missed || i == 0;
    return FC_OK;
  }
  status = compare(c, p, p->run->ctx);
  if (!status)
    fc_compare(c, fc_relation_of(p->claim), p->run->ctx);
  return status == FC_DOMAIN || status == FC_BUDGET ? FC_OK : status;
}

static size_t pair_count(const place *p) {
  const fc_flow_bound_detail *detail = p->claim->detail;
  size_t count = p->run->pairs->count;
  return detail->pairs && detail->pairs < count ? detail->pairs : count;
}

static double time_of(const fc_flow_moment *m) {
  return m->from_end ? 1 - m->time : m->time;
}

static bool is_left_out(const place *p, size_t i) {
  const fc_flow_bound_detail *detail = p->claim->detail;
  return detail->from_start && time_of(&p->run->pairs->items[i].s) > 0;
}

static int by_time(const void *p, const void *q) {
  double x = ((const fc_record_point *)p)->t,
         y = ((const fc_record_point *)q)->t;
  return (x > y) - (x < y);
}

/* Finds the worst pair, and the profile of flows from s = 0 against t. */
static fc_status scan(long *worst, fc_record *record, place *p) {
  const fc_ctx *ctx = p->run->ctx;
  fc_comparison c[1];
  double least = INFINITY;
  fc_status status = FC_OK;
  size_t count = pair_count(p);
  *worst = -1;
  record->profile = calloc(count, sizeof *record->profile);
  if (!record->profile)
    return FC_MEMORY;
  fc_comparison_init(c, ctx);
  for (size_t i = 0; i < count && !status; i++) {
    if (is_left_out(p, i))
      continue;
    status = compare_pair(c, p, i);
    if (status || !c->valid)
      continue;
    bool equal = fc_judge(c, fc_relation_of(p->claim), p->run->job->precision,
                          ctx) == FC_VERDICT_ATTAINED;
    double rank = equal ? 0 : c->relative; /* among equals the first pair */
    if (*worst < 0 || rank < least) {
      *worst = (long)i;
      least = rank;
    }
    double measured = fc_get_d(c->measured, ctx),
           bound = fc_get_d(c->bound, ctx);
    if (i != 0 && time_of(&p->pair->s) > 0)
      continue;
    if (isfinite(measured) && isfinite(bound))
      record->profile[record->profile_count++] =
          (fc_record_point){time_of(&p->pair->t), measured, bound};
  }
  qsort(record->profile, record->profile_count, sizeof *record->profile,
        by_time);
  fc_comparison_clear(c, ctx);
  return status;
}

/* --- the record ------------------------------------------------------------
 */

static fc_status set_witness(fc_record *record, const place *p) {
  const fc_ctx *ctx = p->run->ctx;
  size_t d = p->run->pairs->d;
  long bits = p->run->job->precision < 64 ? 64 : p->run->job->precision;
  fc_ctx exact[1];
  fc_time time[1];
  fc_ctx_init_mpfr(exact, 160);
  fc_time_init(time, exact);
  fc_flow_moment_time(time, &p->pair->s, exact);
  fc_status status = fc_exact_set(&record->witness_s, time->t, 160, exact);
  fc_flow_moment_time(time, &p->pair->t, exact);
  if (!status)
    status = fc_exact_set(&record->witness_t, time->t, 160, exact);
  fc_time_clear(time, exact);
  record->witness_x = calloc(d, sizeof *record->witness_x);
  if (!record->witness_x)
    return FC_MEMORY;
  for (size_t i = 0; i < d && !status; i++) {
    status =
        fc_exact_set(&record->witness_x[i], p->found->point + i, bits, ctx);
    record->witness_count++;
  }
  return status;
}

/* At which of the two times the witness's point stands, beside whatever was
 * said; and what is measured there, beside a proof or without one. */
static fc_status set_note(fc_record *record, const place *p) {
  bool reverse = ((const fc_flow_bound_detail *)p->claim->detail)->reverse;
  bool at_later = reverse != p->found->at_image;
  char text[160];
  if (record->reason)
    return FC_OK;
  snprintf(text, sizeof text, "the witness x is a point at the time %s; %s",
           at_later ? "t" : "s",
           record->proof_domain
               ? "measured is the largest value found, the bound itself is "
                 "proved"
               : "the supremum is a lower estimate");
  record->reason = fc_strdup(text);
  return record->reason ? FC_OK : FC_MEMORY;
}

/* Writes the verdict; *seen is false where nothing could be compared. */
static fc_status decide(bool *seen, fc_record *record, place *p) {
  const fc_flow_bound_detail *detail = p->claim->detail;
  long worst;
  fc_status status = scan(&worst, record, p);
  *seen = worst >= 0;
  if (status)
    return status;
  if (!*seen)
    return fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                            p->spent->message[0]
                                ? p->spent->message
                                : "no pair of times at which bound and flow "
                                  "are finite and known well enough");
  p->spent->message[0] = '\0';
  p->pair = &p->run->pairs->items[worst];
  p->found = &p->pair->extremum[detail->reverse];
  status = set_witness(record, p);
  if (!status)
    status = fc_decide_stated(record, p->run->job, fc_relation_of(p->claim),
                              compare, p);
  if (!status && record->verdict == FC_VERDICT_INCONCLUSIVE &&
      p->spent->message[0])
    status =
        fc_record_reason(record, FC_VERDICT_INCONCLUSIVE, p->spent->message);
  if (!status && p->missed && record->verdict != FC_VERDICT_VIOLATED)
    status = fc_record_reason(
        record, FC_VERDICT_INCONCLUSIVE,
        "the supremum over the whole time could not be measured in this "
        "arithmetic; those over parts of it do not violate the bound");
  return status;
}

static const char *refusal(const fc_job *job, const fc_claim *claim,
                           const fc_bound_formulas *f, char *text,
                           size_t size) {
  const fc_flow_bound_detail *detail = claim->detail;
  const char *missing = fc_flow_formulas_missing(f, job->instance->target);
  if (missing) {
    snprintf(text, size, "the target has no class constant %s", missing);
    return text;
  }
  return detail->refuses ? detail->refuses(job) : NULL;
}

/* A control says nothing where it does not apply. */
static fc_status refuse(const fc_job *job, const fc_claim *claim,
                        const char *reason) {
  return claim->kind == FC_KIND_CONTROL
             ? FC_OK
             : fc_job_not_applicable(job, claim, reason);
}

static fc_status judge(place *p) {
  const fc_job *job = p->run->job;
  fc_record record[1];
  bool seen = false;
  fc_status status = fc_job_record(record, job, p->claim);
  if (status)
    return status;
  status = decide(&seen, record, p);
  if (!status && !seen && job->tier == FC_TIER_DOUBLE)
    status =
        refuse(job, p->claim, "beyond the range or the digits of binary64");
  else {
    if (!status)
      status = fc_prove_flow_claim(record, job, p->claim);
    if (!status && seen)
      status = set_note(record, p);
    if (!status)
      status = job->emit(job->sink, record);
  }
  fc_record_clear(record);
  return status;
}

static fc_status run_claim(runner *run, const fc_claim *claim,
                           fc_error *error) {
  fc_bound_formulas f[1];
  char text[128];
  fc_status status = fc_flow_formulas_parse(f, claim, error);
  if (status)
    return status;
  const char *reason = refusal(run->job, claim, f, text, sizeof text);
  fc_error spent = {0};
  place p = {run, claim, f, NULL, NULL, &spent, false};
  status = reason ? refuse(run->job, claim, reason) : judge(&p);
  fc_bound_formulas_clear(f);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}

static void clear_enclosures(runner *run) {
  for (size_t i = 0; i < FC_FLOW_PAIRS; i++)
    for (int k = 0; k < 2; k++) {
      enclosure *e = &run->enclosures[i][k];
      if (e->ctx->precision)
        fc_clear(e->value, e->ctx);
    }
}

static bool engine_takes(const fc_job *job, const fc_claim *claim) {
  return claim->flow && !claim->measure && fc_job_wants(job, claim);
}

fc_status fc_flow_bounds_run(const fc_job *job, fc_error *error) {
  runner run[1];
  memset(run, 0, sizeof *run);
  bool any = false;
  for (size_t i = 0; i < job->check->claim_count; i++)
    any = any || engine_takes(job, &job->check->claims[i]);
  if (!any)
    return FC_OK;
  run->job = job;
  if (job->tier == FC_TIER_DOUBLE)
    fc_ctx_init_double(run->ctx);
  else
    fc_ctx_init_mpfr(run->ctx, job->precision + SEARCH_GUARD_BITS);
  fc_status status = fc_flow_pairs_init(run->pairs, job, run->ctx, error);
  for (size_t i = 0; i < job->check->claim_count && status == FC_OK; i++)
    if (engine_takes(job, &job->check->claims[i]))
      status = run_claim(run, &job->check->claims[i], error);
  fc_flow_pairs_clear(run->pairs);
  clear_enclosures(run);
  return status;
}
