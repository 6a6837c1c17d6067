#include "claims/bound.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claims/bound_formulas.h"
#include "claims/bound_witness.h"
#include "claims/decision.h"
#include "claims/environment.h"
#include "claims/flow_bound.h"
#include "claims/proving.h"
#include "claims/supremum_check.h"
#include "suprema/mesh.h"

enum {
  INTERIOR = 11,    /* points of the first mesh */
  REFINEMENTS = 3,  /* rounds of halving about the worst point */
  WITNESS_BITS = 64 /* least bits of x: narrow modes need them */
};

/* All claims of one job share the mesh. */
typedef struct runner {
  const fc_job *job;
  fc_ctx ctx[1];
  fc_mesh mesh[1];
  fc_environment *environment;
  fc_schedule_value at[1];
  fc_time time[1];
  fc_num temp;
} runner;

/* --- formulas ---------------------------------------------------------- */

static fc_status formulas_parse(fc_bound_formulas *f, const fc_claim *claim,
                                fc_error *error) {
  const fc_bound_detail *detail = claim->detail;
  return fc_bound_formulas_parse(f, claim->formula, detail->where,
                                 detail->late_formula, detail->late_where,
                                 error);
}

/* The class constant that one of the formulas needs and the target lacks, or
 * NULL. */
static const char *missing_constant(const fc_bound_formulas *f,
                                    const fc_target *target) {
  const char *missing = NULL;
  const fc_formula *all[] = {f->bound, f->where, f->late_bound, f->late_where};
  for (int i = 0; i < 4; i++)
    if (all[i] && !fc_bound_has_constants(&missing, all[i], target))
      return missing;
  return NULL;
}

fc_status fc_bound_value(fc_ptr z, const fc_claim *claim,
                         const fc_environment *environment,
                         const fc_target *target, const fc_ctx *ctx,
                         fc_error *error) {
  fc_bound_formulas f[1];
  if (claim->flow)
    return fc_flow_bound_value(z, claim, environment, ctx, error);
  fc_status status = formulas_parse(f, claim, error);
  if (status)
    return status;
  const char *missing = missing_constant(f, target);
  if (missing)
    status = fc_fail(error, FC_UNSUPPORTED,
                     "the target has no class constant %s, which %s needs",
                     missing, claim->name);
  else if (fc_bound_formulas_eval(z, f, environment, ctx))
    status = fc_fail(error, FC_DOMAIN, "this time is outside the domain of %s",
                     claim->name);
  fc_bound_formulas_clear(f);
  return status;
}

/* --- comparing at the points of the mesh -------------------------------- */

/* scale = b (a omega)/(a^2 + b^2)^2. */
static void set_scale(fc_ptr scale, const fc_schedule_value *at, fc_ptr temp,
                      const fc_ctx *ctx) {
  fc_sqr(scale, at->a, ctx);
  fc_addmul(scale, at->b, at->b, ctx);
  fc_sqr(scale, scale, ctx);
  fc_mul(temp, at->b, at->aomega, ctx);
  fc_div(scale, temp, scale, ctx);
}

/* What binary64 may lose: the eigenvalue's own error, and the cancellation of
 * a'/a and b'/b in the bound. */
static double error_of(const fc_extremum *extremum, const fc_schedule_value *at,
                       const fc_ctx *ctx) {
  if (ctx->kind != FC_DOUBLE)
    return 0;
  double a = fc_get_d(at->a, ctx), b = fc_get_d(at->b, ctx);
  double terms =
      fabs(fc_get_d(at->da, ctx) / a) + fabs(fc_get_d(at->db, ctx) / b);
  return extremum->noise_d + (isfinite(terms) ? ldexp(terms, -34) : 0);
}

static void compare_at(fc_comparison *c, runner *run, const fc_claim *claim,
                       const fc_bound_formulas *f, size_t i) {
  const fc_bound_detail *detail = claim->detail;
  const fc_mesh_point *point = run->mesh->points[i];
  const fc_extremum *extremum = &point->extremum[detail->side];
  c->valid = false;
  c->relative = INFINITY;
  bool at_end = point->from_end && point->time == 0;
  if (!extremum->found || (at_end && !detail->closed_end))
    return;
  fc_mesh_time(run->time, point, run->ctx);
  if (fc_schedule_eval(run->at, run->job->schedule, run->time, false, run->ctx))
    return;
  fc_environment_set_time(run->environment, run->at, run->time);
  if (fc_bound_formulas_eval(c->bound, f, run->environment, run->ctx))
    return;
  fc_set(c->measured, extremum->value, run->ctx);
  set_scale(c->scale, run->at, run->temp, run->ctx);
  c->error = error_of(extremum, run->at, run->ctx);
  fc_compare(c, fc_relation_of(claim), run->ctx);
}

/* The index of the worst point, or -1 where the claim was nowhere compared.
 * Among points of equality it is the one at which a change in the shape of nu
 * would show most: their gaps are rounding. */
static long worst_point(runner *run, const fc_claim *claim,
                        const fc_bound_formulas *f, fc_comparison *c) {
  fc_relation relation = fc_relation_of(claim);
  long worst = -1;
  double least = INFINITY, most = 0;
  for (size_t i = 0; i < run->mesh->count; i++) {
    compare_at(c, run, claim, f, i);
    if (!c->valid)
      continue;
    bool equal = fc_judge(c, relation, run->job->precision, run->ctx) ==
                 FC_VERDICT_ATTAINED;
    double rank = equal ? 0 : c->relative;
    double weight = fc_get_d(c->scale, run->ctx);
    if (worst < 0 || rank < least || (rank == least && weight > most)) {
      worst = (long)i;
      least = rank;
      most = weight;
    }
  }
  return worst;
}

/* --- the witness, evaluated afresh --------------------------------------- */

typedef struct witness {
  const runner *run;
  const fc_claim *claim;
  const fc_bound_formulas *f;
  const fc_mesh_point *point;
  const fc_extremum *extremum;
  fc_ctx xctx[1]; /* of x, which has just the digits that the record prints */
  fc_ptr x;
} witness;

/* An fc_compare_function. */
static fc_status compare_witness(fc_comparison *c, void *closure,
                                 const fc_ctx *ctx) {
  const witness *w = closure;
  const fc_job *job = w->run->job;
  const fc_target *target = job->instance->target;
  size_t d = w->run->mesh->d;
  fc_environment *environment = NULL;
  fc_schedule_value at[1];
  fc_time time[1];
  fc_num temp;
  fc_schedule_value_init(at, ctx);
  fc_time_init(time, ctx);
  fc_init(temp, ctx);
  fc_ptr x = fc_vec_new(d, ctx);
  fc_mesh_time(time, w->point, ctx);
  fc_status status =
      x ? fc_environment_new(&environment, target, job->schedule, ctx)
        : FC_MEMORY;
  if (status == FC_OK)
    status = fc_schedule_eval(at, job->schedule, time, false, ctx);
  if (status == FC_OK) {
    for (size_t i = 0; i < d; i++)
      fc_convert(x + i, ctx, w->x + i, w->xctx);
    fc_environment_set_time(environment, at, time);
    status = fc_eigenvalue_at(c->measured, target, job->schedule, time, x,
                              ((const fc_bound_detail *)w->claim->detail)->side,
                              ctx);
  }
  if (status == FC_OK &&
      fc_bound_formulas_eval(c->bound, w->f, environment, ctx))
    status = FC_DOMAIN;
  if (status == FC_OK) {
    set_scale(c->scale, at, temp, ctx);
    c->error = error_of(w->extremum, at, ctx);
  }
  fc_vec_free(x, d, ctx);
  fc_clear(temp, ctx);
  fc_time_clear(time, ctx);
  fc_schedule_value_clear(at, ctx);
  fc_environment_free(environment);
  return status;
}

static fc_status witness_init(witness *w, const runner *run,
                              const fc_claim *claim, const fc_bound_formulas *f,
                              const fc_mesh_point *point,
                              const fc_extremum *extremum) {
  *w = (witness){
      .run = run, .claim = claim, .f = f, .point = point, .extremum = extremum};
  if (run->ctx->kind == FC_DOUBLE)
    fc_ctx_init_double(w->xctx);
  else
    fc_ctx_init_mpfr(w->xctx, run->job->precision < WITNESS_BITS
                                  ? WITNESS_BITS
                                  : run->job->precision);
  w->x = fc_vec_new(run->mesh->d, w->xctx);
  for (size_t i = 0; w->x && i < run->mesh->d; i++)
    fc_convert(w->x + i, w->xctx, extremum->x + i, run->ctx);
  return w->x ? FC_OK : FC_MEMORY;
}

static fc_status set_witness(fc_record *record, const witness *w) {
  fc_ctx exact[1];
  fc_time time[1];
  size_t d = w->run->mesh->d;
  fc_ctx_init_mpfr(exact, 160);
  fc_time_init(time, exact);
  fc_mesh_time(time, w->point, exact);
  fc_status status = fc_exact_set(&record->witness_t, time->t, 160, exact);
  fc_time_clear(time, exact);
  record->witness_x = calloc(d, sizeof *record->witness_x);
  if (!record->witness_x)
    return FC_MEMORY;
  for (size_t i = 0; i < d && status == FC_OK; i++) {
    status = fc_exact_set(&record->witness_x[i], w->x + i, w->xctx->precision,
                          w->xctx);
    record->witness_count++;
  }
  return status;
}

/* binary64 must see the same value at the witness, within its stated error. */
static bool double_agrees(const runner *run, const fc_extremum *extremum) {
  double value = fc_get_d(extremum->value, run->ctx);
  if (!isfinite(extremum->value_d))
    return true; /* no value is no contradiction */
  return fabs(extremum->value_d - value) <= extremum->error_d;
}

/* Decides at a polished extremum. */
static fc_status decide_there(fc_record *record, runner *run,
                              const fc_claim *claim, const fc_bound_formulas *f,
                              const fc_mesh_point *point,
                              const fc_extremum *extremum) {
  witness w[1];
  fc_status status = witness_init(w, run, claim, f, point, extremum);
  if (status == FC_OK)
    status = set_witness(record, w);
  if (status == FC_OK)
    status =
        fc_decide(record, run->job, fc_relation_of(claim), compare_witness, w);
  if (status == FC_OK && !double_agrees(run, extremum))
    status = fc_record_reason(record, FC_VERDICT_ERROR,
                              "binary64 and MPFR contradict each other at the "
                              "witness beyond the error of binary64");
  if (status == FC_OK)
    status = fc_check_supremum(record, run->job, point,
                               ((const fc_bound_detail *)claim->detail)->side,
                               extremum->noise_d);
  if (status == FC_OK)
    status =
        fc_bound_certify_witness(run->job, claim, claim->detail, false, record);
  fc_vec_free(w->x, run->mesh->d, w->xctx);
  return status;
}

/* A copy is polished, so that other claims see what they would see alone. */
static fc_status decide_at(fc_record *record, runner *run,
                           const fc_claim *claim, const fc_bound_formulas *f,
                           const fc_mesh_point *point) {
  const fc_bound_detail *detail = claim->detail;
  fc_extremum polished[1];
  size_t d = run->mesh->d;
  fc_status status = fc_extremum_init(polished, d, run->ctx);
  if (status == FC_OK) {
    fc_extremum_set(polished, &point->extremum[detail->side], d, run->ctx);
    status = fc_extremizer_polish(polished, run->mesh->extremizer, point->time,
                                  point->from_end, detail->side);
  }
  if (status == FC_OK)
    status = decide_there(record, run, claim, f, point, polished);
  fc_extremum_clear(polished, d, run->ctx);
  return status;
}

/* Bound and measured against t, for plots. */
static fc_status set_profile(fc_record *record, runner *run,
                             const fc_claim *claim, const fc_bound_formulas *f,
                             fc_comparison *c) {
  record->profile = calloc(run->mesh->count, sizeof *record->profile);
  for (size_t i = 0; record->profile && i < run->mesh->count; i++) {
    compare_at(c, run, claim, f, i);
    if (!c->valid)
      continue;
    const fc_mesh_point *point = run->mesh->points[i];
    record->profile[record->profile_count++] = (fc_record_point){
        point->from_end ? 1 - point->time : point->time,
        fc_get_d(c->measured, run->ctx), fc_get_d(c->bound, run->ctx)};
  }
  return record->profile ? FC_OK : FC_MEMORY;
}

/* --- one claim ---------------------------------------------------------- */

/* Why the claim does not apply, or NULL; text is room for a message. */
static const char *refusal(const fc_job *job, const fc_claim *claim,
                           const fc_bound_formulas *f, char *text,
                           size_t size) {
  const fc_bound_detail *detail = claim->detail;
  const char *missing = missing_constant(f, job->instance->target);
  if (missing) {
    snprintf(text, size, "the target has no class constant %s", missing);
    return text;
  }
  return detail->refuses ? detail->refuses(job) : NULL;
}

/* Refines the first mesh about the worst point and decides there. */
static fc_status decide(fc_record *record, runner *run, const fc_claim *claim,
                        const fc_bound_formulas *f) {
  fc_comparison c[1];
  fc_comparison_init(c, run->ctx);
  fc_mesh_restart(run->mesh);
  long worst = worst_point(run, claim, f, c);
  fc_status status = FC_OK;
  for (int round = 0; round < REFINEMENTS && worst >= 0 && !status; round++) {
    size_t added;
    status = fc_mesh_refine(&added, run->mesh, (size_t)worst);
    if (added == 0)
      break;
    worst = worst_point(run, claim, f, c);
  }
  if (status == FC_OK && worst < 0)
    status = fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                              "no point with finite values was found");
  else if (status == FC_OK)
    status = decide_at(record, run, claim, f, run->mesh->points[worst]);
  if (status == FC_OK)
    status = set_profile(record, run, claim, f, c);
  fc_comparison_clear(c, run->ctx);
  return status;
}

static fc_status run_claim(runner *run, const fc_claim *claim,
                           fc_error *error) {
  fc_bound_formulas f[1];
  fc_record record[1];
  char text[128];
  fc_status status = formulas_parse(f, claim, error);
  if (status)
    return status;
  const char *reason = refusal(run->job, claim, f, text, sizeof text);
  if (reason) { /* a control says nothing where it does not apply */
    if (claim->kind != FC_KIND_CONTROL)
      status = fc_job_not_applicable(run->job, claim, reason);
  } else {
    status = fc_job_record(record, run->job, claim);
    if (status == FC_OK) {
      status = decide(record, run, claim, f);
      if (status == FC_OK)
        status = fc_prove_bound_claim(record, run->job, claim);
      if (status == FC_OK)
        status = run->job->emit(run->job->sink, record);
      fc_record_clear(record);
    }
  }
  fc_bound_formulas_clear(f);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}

/* --- all claims of a check ---------------------------------------------- */

static bool engine_takes(const fc_job *job, const fc_claim *claim) {
  return !claim->measure && fc_job_wants(job, claim);
}

static void needed_sides(bool sides[2], const fc_job *job) {
  sides[0] = sides[1] = false;
  for (size_t i = 0; i < job->check->claim_count; i++) {
    const fc_claim *claim = &job->check->claims[i];
    if (engine_takes(job, claim))
      sides[((const fc_bound_detail *)claim->detail)->side] = true;
  }
}

static fc_status runner_init(runner *run, const fc_job *job,
                             const bool sides[2], fc_error *error) {
  memset(run, 0, sizeof *run);
  run->job = job;
  if (job->tier == FC_TIER_DOUBLE)
    fc_ctx_init_double(run->ctx);
  else
    fc_ctx_init_mpfr(run->ctx, job->precision + FC_GUARD_BITS);
  const fc_target *target = job->instance->target;
  fc_random random[1];
  fc_random_init(random, job->seed, job->check->id, job->instance->name);
  fc_status status =
      fc_mesh_init(run->mesh, target, job->schedule, sides, INTERIOR,
                   fc_target_has_density(target), random, run->ctx, error);
  if (status)
    return status;
  fc_schedule_value_init(run->at, run->ctx);
  fc_time_init(run->time, run->ctx);
  fc_init(run->temp, run->ctx);
  return fc_environment_new(&run->environment, target, job->schedule, run->ctx);
}

static void runner_clear(runner *run) {
  fc_environment_free(run->environment);
  fc_clear(run->temp, run->ctx);
  fc_time_clear(run->time, run->ctx);
  fc_schedule_value_clear(run->at, run->ctx);
  fc_mesh_clear(run->mesh);
}

fc_status fc_bounds_run(const fc_job *job, fc_error *error) {
  bool sides[2];
  runner run[1];
  needed_sides(sides, job);
  if (!sides[0] && !sides[1])
    return FC_OK;
  fc_status status = runner_init(run, job, sides, error);
  if (status && !run->mesh->points)
    return status;
  for (size_t i = 0; i < job->check->claim_count && status == FC_OK; i++)
    if (engine_takes(job, &job->check->claims[i]))
      status = run_claim(run, &job->check->claims[i], error);
  runner_clear(run);
  return status;
}
