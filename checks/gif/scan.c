#include "gif/scan.h"

#include <math.h>

#include "claims/decision.h"
#include "claims/points.h"

/* --- one point ------------------------------------------------------------ */

typedef struct sides {
  fc_workspace w[1];
  size_t length;
  fc_ptr left, right;
} sides;

static void sides_clear(sides *s) {
  fc_vec_free(s->left, s->length, s->w->ctx);
  fc_vec_free(s->right, s->length, s->w->ctx);
  fc_workspace_clear(s->w);
}

static fc_status sides_init(sides *s, const fc_job *job, const fc_claim *claim,
                            const fc_ctx *ctx) {
  const fc_pointwise_detail *detail = claim->detail;
  s->length = detail->length ? detail->length(job) : 1;
  fc_status status = fc_workspace_init(s->w, job, claim, ctx);
  s->left = fc_vec_new(s->length, ctx);
  s->right = fc_vec_new(s->length, ctx);
  if (status == FC_OK && !(s->left && s->right))
    status = FC_MEMORY;
  if (status)
    sides_clear(s);
  return status;
}

/* The worst component, each relative to the larger of its two sides. */
static fc_status worst_component(fc_comparison *c, sides *s) {
  const fc_ctx *ctx = s->w->ctx;
  fc_relation relation = fc_relation_of(s->w->claim);
  fc_comparison each[1];
  bool taken = false;
  fc_status status = FC_OK;
  fc_comparison_init(each, ctx);
  for (size_t i = 0; i < s->length && status == FC_OK; i++) {
    fc_set(each->measured, s->left + i, ctx);
    fc_set(each->bound, s->right + i, ctx);
    fc_abs(each->scale, each->measured, ctx);
    fc_abs(each->gap, each->bound, ctx);
    fc_max(each->scale, each->scale, each->gap, ctx);
    fc_compare(each, relation, ctx);
    if (!each->valid)
      status = FC_DOMAIN;
    else if (!taken || each->relative < c->relative) {
      fc_set(c->measured, each->measured, ctx);
      fc_set(c->bound, each->bound, ctx);
      fc_set(c->scale, each->scale, ctx);
      fc_compare(c, relation, ctx);
      taken = true;
    }
  }
  c->valid = taken && status == FC_OK;
  fc_comparison_clear(each, ctx);
  return status;
}

static fc_status compare_at(fc_comparison *c, sides *s, const fc_point *point) {
  fc_workspace *w = s->w;
  const fc_pointwise_detail *detail = w->claim->detail;
  fc_num scale;
  c->valid = false;
  fc_status status = fc_workspace_set_point(w, point);
  if (status)
    return status;
  fc_init(scale, w->ctx);
  status = detail->evaluate(s->left, s->right, scale, w);
  fc_clear(scale, w->ctx);
  return status ? status : worst_component(c, s);
}

/* --- all points ----------------------------------------------------------- */

static fc_status scan(long *worst, const fc_job *job, const fc_claim *claim,
                      const fc_points *points) {
  fc_ctx ctx[1];
  sides s[1];
  fc_comparison c[1];
  fc_ctx_init_double(ctx);
  fc_status status = sides_init(s, job, claim, ctx);
  if (status)
    return status;
  fc_comparison_init(c, ctx);
  double least = INFINITY;
  *worst = -1;
  for (size_t i = 0; i < points->count && status == FC_OK; i++) {
    status = compare_at(c, s, &points->items[i]);
    if (status == FC_OK && c->valid && (*worst < 0 || c->relative < least)) {
      *worst = (long)i;
      least = c->relative;
    }
    if (status == FC_DOMAIN || status == FC_BUDGET)
      status = FC_OK;
  }
  fc_comparison_clear(c, ctx);
  sides_clear(s);
  return status;
}

typedef struct closure {
  const fc_job *job;
  const fc_claim *claim;
  const fc_point *point;
} closure;

/* An fc_compare_function. */
static fc_status compare_witness(fc_comparison *c, void *data,
                                 const fc_ctx *ctx) {
  const closure *at = data;
  sides s[1];
  fc_status status = sides_init(s, at->job, at->claim, ctx);
  if (status)
    return status;
  status = compare_at(c, s, at->point);
  sides_clear(s);
  return status == FC_BUDGET ? FC_DOMAIN : status;
}

static fc_status decide(fc_record *record, const fc_job *job,
                        const fc_claim *claim, const fc_points *points) {
  long worst;
  fc_status status = scan(&worst, job, claim, points);
  if (status)
    return status;
  if (worst < 0)
    return fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                            "the quantities are not finite at any point");
  closure at = {job, claim, &points->items[worst]};
  status = fc_point_state(record, at.point, points->d);
  return status ? status
                : fc_decide(record, job, fc_relation_of(claim), compare_witness,
                            &at);
}

fc_status fc_scan_measure(const fc_job *job, const fc_claim *claim,
                          fc_error *error) {
  const fc_pointwise_detail *detail = claim->detail;
  const char *reason = detail->refuses ? detail->refuses(job) : NULL;
  if (reason)
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
