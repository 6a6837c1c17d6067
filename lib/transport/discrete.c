#include <stdint.h>

#define MPFR_USE_INTMAX_T /* mpfr_set_sj */

#include "transport/discrete.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "transport/proof.h"

/* --- back to the caller's coordinates -------------------------------------
 */

static void set_bounds(fc_transport *t, const fc_proof *p) {
  const fc_frame *f = p->frame;
  mpfr_t total, cost;
  mpfr_inits2(64, total, cost, (mpfr_ptr)0);
  mpfr_set_sj(total, f->total, MPFR_RNDN);
  mpfr_init2(t->lower, p->precision);
  mpfr_init2(t->upper, p->precision);
  mpfr_div(t->lower, p->lower, total, MPFR_RNDD);
  mpfr_div(t->upper, p->upper, total, MPFR_RNDU);
  mpfr_set(cost, t->upper, MPFR_RNDU);
  fc_frame_widen(t->lower, t->upper, cost, f);
  mpfr_add(t->lower, t->lower, f->offset_lower, MPFR_RNDD);
  mpfr_add(t->upper, t->upper, f->offset_upper, MPFR_RNDU);
  mpfr_mul_2si(t->lower, t->lower, 2 * f->scale, MPFR_RNDD);
  mpfr_mul_2si(t->upper, t->upper, 2 * f->scale, MPFR_RNDU);
  if (mpfr_sgn(t->lower) <= 0)
    mpfr_set_zero(t->lower, 1);
  mpfr_clears(total, cost, (mpfr_ptr)0);
}

/* --- the plan -------------------------------------------------------------
 */

/* Where the next mass of a merged point belongs. */
typedef struct cursor {
  const fc_frame_cloud *cloud;
  const int64_t *masses; /* the caller's */
  uint32_t *at;          /* of each point: its current member */
  int64_t *left;         /* mass left of that member */
} cursor;

static bool cursor_init(cursor *c, const fc_frame_cloud *cloud,
                        const int64_t *masses) {
  *c = (cursor){cloud, masses, malloc(cloud->count * sizeof *c->at),
                malloc(cloud->count * sizeof *c->left)};
  for (size_t i = 0; c->at && c->left && i < cloud->count; i++) {
    c->at[i] = cloud->first[i];
    c->left[i] = masses ? masses[cloud->member[c->at[i]]] : 1;
  }
  return c->at && c->left;
}

static void cursor_clear(cursor *c) {
  free(c->at);
  free(c->left);
}

static size_t take(cursor *c, size_t i, int64_t mass) {
  size_t member = c->cloud->member[c->at[i]];
  c->left[i] -= mass;
  if (c->left[i] == 0 && c->at[i] + 1 < c->cloud->first[i + 1]) {
    c->at[i]++;
    c->left[i] = c->masses ? c->masses[c->cloud->member[c->at[i]]] : 1;
  }
  return member;
}

static void split_flow(fc_transport *t, cursor *a, cursor *b, size_t i,
                       size_t j, int64_t flow) {
  while (flow > 0) {
    int64_t mass = a->left[i] < b->left[j] ? a->left[i] : b->left[j];
    mass = mass < flow ? mass : flow;
    fc_flow_of_mass *entry = &t->plan[t->plan_count++];
    entry->mass = mass;
    entry->from = take(a, i, mass);
    entry->to = take(b, j, mass);
    flow -= mass;
  }
}

/* Every entry uses up a member of a point or an arc of the tree. */
static fc_status set_plan(fc_transport *t, const fc_proof *p,
                          const fc_discrete *first, const fc_discrete *second) {
  const fc_simplex *s = &p->search->simplex;
  cursor a, b;
  bool fine = cursor_init(&a, &p->frame->p, first->masses);
  fine &= cursor_init(&b, &p->frame->q, second->masses);
  t->plan = malloc((first->count + second->count + s->sources + s->sinks) *
                   sizeof *t->plan);
  fine = fine && t->plan;
  for (size_t x = 1; fine && x < s->sources + s->sinks; x++) {
    const fc_simplex_arc *arc = &s->arcs[s->nodes[x].arc];
    split_flow(t, &a, &b, p->search->p.order[arc->from],
               p->search->q.order[arc->to - s->sources], s->nodes[x].flow);
  }
  cursor_clear(&a);
  cursor_clear(&b);
  return fine ? FC_OK : FC_MEMORY;
}

/* --- together -------------------------------------------------------------
 */

static fc_status solve(fc_transport *t, const fc_frame *frame,
                       const fc_discrete *p, const fc_discrete *q, long bits) {
  fc_search search;
  fc_proof bounds;
  fc_status status = fc_search_init(&search, frame);
  if (status != FC_OK)
    return status;
  status = fc_proof_init(&bounds, frame, &search);
  if (status == FC_OK)
    status = fc_search_run(&search);
  t->arcs = search.simplex.arc_count;
  if (status == FC_OK)
    status = fc_proof_run(&bounds, bits);
  if (status == FC_OK)
    status = set_plan(t, &bounds, p, q);
  if (status == FC_OK) {
    set_bounds(t, &bounds);
    t->total = frame->total;
    t->pivots = search.simplex.pivots;
    t->rounds = search.rounds;
    t->checked = bounds.checked;
  } else
    free(t->plan);
  fc_proof_clear(&bounds);
  fc_search_clear(&search);
  return status;
}

fc_status fc_transport_solve(fc_transport *t, const fc_discrete *p,
                             const fc_discrete *q, long bits, fc_error *error) {
  fc_frame frame;
  memset(t, 0, sizeof *t);
  fc_status status = fc_frame_init(&frame, p, q, bits + 128, error);
  if (status != FC_OK)
    return status;
  status = solve(t, &frame, p, q, bits);
  fc_frame_clear(&frame);
  return status == FC_OK ? FC_OK
                         : fc_fail(error, status, "%s", fc_status_text(status));
}

void fc_transport_clear(fc_transport *t) {
  mpfr_clears(t->lower, t->upper, (mpfr_ptr)0);
  free(t->plan);
}

/* sum += the largest (x_k - y_k)^2, rounded up */
static void add_largest(mpfr_t sum, const fc_discrete *p, const fc_discrete *q,
                        size_t k) {
  const fc_discrete *laws[2] = {p, q};
  long bits = p->ctx->precision > q->ctx->precision ? p->ctx->precision
                                                    : q->ctx->precision;
  mpfr_t low[2], high[2], x;
  mpfr_inits2(bits, low[0], low[1], high[0], high[1], x, (mpfr_ptr)0);
  for (int s = 0; s < 2; s++)
    for (size_t i = 0; i < laws[s]->count; i++) {
      fc_get_mid(x, laws[s]->points + i * p->dimension + k, laws[s]->ctx);
      if (i == 0 || mpfr_less_p(x, low[s]))
        mpfr_set(low[s], x, MPFR_RNDN);
      if (i == 0 || mpfr_greater_p(x, high[s]))
        mpfr_set(high[s], x, MPFR_RNDN);
    }
  mpfr_sub(x, high[0], low[1], MPFR_RNDA);
  mpfr_sub(low[0], high[1], low[0], MPFR_RNDA);
  if (mpfr_cmpabs(x, low[0]) < 0)
    mpfr_set(x, low[0], MPFR_RNDN);
  mpfr_sqr(x, x, MPFR_RNDU);
  mpfr_add(sum, sum, x, MPFR_RNDU);
  mpfr_clears(low[0], low[1], high[0], high[1], x, (mpfr_ptr)0);
}

void fc_transport_misplace(fc_transport *t, const fc_discrete *p,
                           const fc_discrete *q, const mpfr_t defect) {
  mpfr_t cost;
  if (mpfr_zero_p(defect))
    return;
  mpfr_init2(cost, 64);
  mpfr_set_zero(cost, 1);
  for (size_t k = 0; k < p->dimension; k++)
    add_largest(cost, p, q, k);
  mpfr_mul(cost, cost, defect, MPFR_RNDU);
  mpfr_add(t->upper, t->upper, cost, MPFR_RNDU);
  mpfr_sub(t->lower, t->lower, cost, MPFR_RNDD);
  if (mpfr_sgn(t->lower) <= 0)
    mpfr_set_zero(t->lower, 1);
  mpfr_clear(cost);
}
