#include "claims/pointwise.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "claims/decision.h"
#include "claims/points.h"

/* Bits beyond the stated precision with which the points are scanned: enough
 * for what is lost next to the ends; the worst point is then decided with
 * more. */
enum { SCAN_BITS = 64 };

size_t fc_length_vector(const fc_job *job) {
  return fc_target_dimension(job->instance->target);
}

size_t fc_length_matrix(const fc_job *job) {
  size_t d = fc_target_dimension(job->instance->target);
  return d * d;
}

/* --- a workspace and the two vectors ------------------------------------ */

typedef struct evaluator {
  fc_workspace w[1];
  size_t length;
  fc_ptr left, right;
} evaluator;

static void evaluator_clear(evaluator *e) {
  fc_vec_free(e->left, e->length, e->w->ctx);
  fc_vec_free(e->right, e->length, e->w->ctx);
  fc_workspace_clear(e->w);
}

static fc_status evaluator_init(evaluator *e, const fc_job *job,
                                const fc_claim *claim, const fc_ctx *ctx) {
  const fc_pointwise_detail *detail = claim->detail;
  e->length = detail->length ? detail->length(job) : 1;
  fc_status status = fc_workspace_init(e->w, job, claim, ctx);
  e->left = fc_vec_new(e->length, ctx);
  e->right = fc_vec_new(e->length, ctx);
  if (status == FC_OK && !(e->left && e->right))
    status = FC_MEMORY;
  if (status)
    evaluator_clear(e);
  return status;
}

/* scale = the largest magnitude of both vectors, 1 where all vanish. */
static void natural_scale(fc_ptr scale, evaluator *e) {
  const fc_ctx *ctx = e->w->ctx;
  fc_num size;
  fc_init(size, ctx);
  for (size_t i = 0; i < 2 * e->length; i++) {
    fc_abs(size, i < e->length ? e->left + i : e->right + i - e->length, ctx);
    if (fc_cmp_mid(size, scale, ctx) > 0)
      fc_set(scale, size, ctx);
  }
  if (fc_is_positive(scale, ctx) != FC_TRUE)
    fc_set_si(scale, 1, ctx);
  fc_clear(size, ctx);
}

/* The worst component at the current point. */
static fc_status compare_here(fc_comparison *c, evaluator *e) {
  const fc_ctx *ctx = e->w->ctx;
  const fc_pointwise_detail *detail = e->w->claim->detail;
  fc_relation relation = fc_relation_of(e->w->claim);
  fc_comparison each[1];
  c->valid = false;
  fc_comparison_init(each, ctx);
  fc_status status = detail->evaluate(e->left, e->right, each->scale, e->w);
  if (status == FC_OK && fc_is_zero(each->scale, ctx) == FC_TRUE)
    natural_scale(each->scale, e);
  bool taken = false;
  for (size_t i = 0; i < e->length && status == FC_OK; i++) {
    fc_set(each->measured, e->left + i, ctx);
    fc_set(each->bound, e->right + i, ctx);
    each->states = c->states = detail->stated;
    fc_set(each->stated, e->w->error, ctx);
    fc_set(c->stated, e->w->error, ctx);
    fc_compare(each, relation, ctx);
    if (!each->valid) { /* one undefined entry spoils the point */
      c->valid = false;
      status = FC_DOMAIN;
    } else if (!taken || each->relative < c->relative) {
      fc_set(c->measured, each->measured, ctx);
      fc_set(c->bound, each->bound, ctx);
      fc_set(c->scale, each->scale, ctx);
      fc_compare(c, relation, ctx);
      taken = true;
    }
  }
  fc_comparison_clear(each, ctx);
  return status;
}

/* --- deciding ------------------------------------------------------------ */

typedef struct closure {
  const fc_job *job;
  const fc_claim *claim;
  const fc_point *point;
  char *spent; /* SPENT_SIZE */
} closure;

/* How far it got where the budget was spent at a point; "" where nobody said.
 */
enum { SPENT_SIZE = 256 };

static void note_spent(char *spent, fc_status status, const fc_workspace *w) {
  if (status == FC_BUDGET && w->failure.message[0])
    snprintf(spent, SPENT_SIZE, "%.200s", w->failure.message);
}

/* An fc_compare_function. */
static fc_status compare_point(fc_comparison *c, void *data,
                               const fc_ctx *ctx) {
  closure *at = data;
  evaluator e[1];
  fc_status status = evaluator_init(e, at->job, at->claim, ctx);
  if (status)
    return status;
  status = fc_workspace_set_point(e->w, at->point);
  if (status == FC_OK)
    status = compare_here(c, e);
  note_spent(at->spent, status, e->w);
  evaluator_clear(e);
  return status;
}

/* What of a gap its stated error does not explain: negative, or 0. */
static double unexplained(const fc_comparison *c) {
  return fmin(c->relative + c->stated_relative, 0);
}

/* Gaps beyond their stated errors come first; among the others the largest. */
static bool is_worse(const fc_comparison *c, const double least[2]) {
  double rest = unexplained(c);
  return rest < least[0] || (rest == least[0] && c->relative < least[1]);
}

/* The index of the worst point in the working context, -1 where the claim is
 * known at none. */
static fc_status worst_point(long *worst, size_t *judged, char *spent,
                             const fc_job *job, const fc_claim *claim,
                             const fc_points *points) {
  fc_ctx ctx[1];
  evaluator e[1];
  fc_comparison c[1];
  if (job->tier == FC_TIER_DOUBLE ||
      ((const fc_pointwise_detail *)claim->detail)->stated)
    fc_ctx_init_double(ctx);
  else
    fc_ctx_init_mpfr(ctx, job->precision + SCAN_BITS);
  fc_status status = evaluator_init(e, job, claim, ctx);
  if (status)
    return status;
  fc_comparison_init(c, ctx);
  double least[2] = {INFINITY, INFINITY};
  *worst = -1;
  *judged = 0;
  for (size_t i = 0; i < points->count && status == FC_OK; i++) {
    status = fc_workspace_set_point(e->w, &points->items[i]);
    if (status == FC_OK)
      status = compare_here(c, e);
    if (status == FC_OK && c->valid && (*worst < 0 || is_worse(c, least))) {
      *worst = (long)i;
      least[0] = unexplained(c);
      least[1] = c->relative;
    }
    *judged += status == FC_OK && c->valid && isfinite(c->stated_relative);
    note_spent(spent, status, e->w);
    if (status == FC_DOMAIN || status == FC_BUDGET)
      status = FC_OK;
  }
  fc_comparison_clear(c, ctx);
  evaluator_clear(e);
  return status;
}

/* At how many points flows were known, beside whatever was said. */
static fc_status note_judged(fc_record *record, size_t judged, size_t all) {
  char note[64];
  if (record->reason)
    return FC_OK;
  snprintf(note, sizeof note, "looked at %zu of %zu points", judged, all);
  record->reason = fc_strdup(note);
  return record->reason ? FC_OK : FC_MEMORY;
}

static fc_status decide(fc_record *record, const fc_job *job,
                        const fc_claim *claim, const fc_points *points) {
  long worst;
  size_t judged;
  char spent[SPENT_SIZE] = "";
  fc_status status = worst_point(&worst, &judged, spent, job, claim, points);
  if (status)
    return status;
  bool stated = ((const fc_pointwise_detail *)claim->detail)->stated;
  if (worst < 0)
    return fc_record_reason(
        record, FC_VERDICT_INCONCLUSIVE,
        spent[0] ? spent : "the quantities are not finite at any point");
  if (stated && judged == 0)
    return fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                            "at no point does binary64 know how far it is off");
  const fc_point *point = &points->items[worst];
  spent[0] = '\0';
  closure at = {job, claim, point, spent};
  status = fc_point_state(record, point, points->d);
  if (status == FC_OK)
    status = (stated ? fc_decide_stated : fc_decide)(
        record, job, fc_relation_of(claim), compare_point, &at);
  if (status == FC_OK && record->verdict == FC_VERDICT_INCONCLUSIVE && spent[0])
    status = fc_record_reason(record, FC_VERDICT_INCONCLUSIVE, spent);
  if (status == FC_OK && stated && judged < points->count)
    status = note_judged(record, judged, points->count);
  return status;
}

/* Keeps at most limit points.  Each time has nine, of different kinds: a step
 * that shares no factor with nine takes another kind at each time. */
static void thin(fc_points *points, size_t limit) {
  size_t step = limit ? (points->count + limit - 1) / limit : 1, kept = 0;
  if (step > 1 && step % 3 == 0)
    step++;
  for (size_t i = 0; i < points->count; i += step)
    points->items[kept++] = points->items[i];
  points->count = kept;
}

fc_status fc_pointwise_measure(const fc_job *job, const fc_claim *claim,
                               fc_error *error) {
  const fc_pointwise_detail *detail = claim->detail;
  const char *reason = detail->refuses ? detail->refuses(job) : NULL;
  if (reason) /* a control says nothing where it does not apply */
    return claim->kind == FC_KIND_CONTROL
               ? FC_OK
               : fc_job_not_applicable(job, claim, reason);
  fc_points points[1];
  fc_record record[1];
  fc_status status = fc_points_init(
      points, job, detail->times ? detail->times : FC_AT_INTERIOR,
      detail->once);
  if (status)
    return fc_fail(error, status, "%s: %s", claim->name,
                   fc_status_text(status));
  if (detail->limit)
    thin(points, detail->limit(job));
  status = fc_job_record(record, job, claim);
  if (status == FC_OK) {
    status = decide(record, job, claim, points);
    if (status == FC_OK && detail->prove)
      status = detail->prove(record, job, claim);
    if (status == FC_OK)
      status = job->emit(job->sink, record);
    fc_record_clear(record);
  }
  fc_points_clear(points);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}

fc_status fc_pointwise_run(const fc_job *job, fc_error *error) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < job->check->claim_count && status == FC_OK; i++) {
    const fc_claim *claim = &job->check->claims[i];
    if (!claim->measure && fc_job_wants(job, claim))
      status = fc_pointwise_measure(job, claim, error);
  }
  return status;
}
