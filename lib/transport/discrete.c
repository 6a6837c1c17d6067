#include <stdint.h>

#define MPFR_USE_INTMAX_T /* mpfr_set_sj */

#include "transport/discrete.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "transport/search.h"

/* --- a proof --------------------------------------------------------------
 */

/* A pair whose reduced cost binary64 cannot tell from 0 or less. */
typedef struct close_pair {
  uint32_t i;
  uint32_t j;
} close_pair;

typedef struct proof {
  const fc_frame *frame;
  fc_search *search;
  long precision;
  mpfr_t *potentials; /* of the nodes of the simplex */
  close_pair *pairs;
  size_t pair_count;
  size_t pair_capacity;
  bool too_many;    /* pairs are not all there */
  double least;     /* smallest reduced cost in binary64 */
  double error;     /* of a reduced cost in binary64 */
  size_t worst;     /* the pair with the smallest reduced cost in MPFR */
  mpfr_t violation; /* min(0, least reduced cost), rounded down */
  mpfr_t lower;     /* of the total cost, in the frame */
  mpfr_t upper;
  size_t checked;
} proof;

static fc_status proof_init(proof *p, const fc_frame *frame,
                            fc_search *search) {
  size_t nodes = frame->p.count + frame->q.count;
  memset(p, 0, sizeof *p);
  p->frame = frame;
  p->search = search;
  p->pair_capacity = 16 * nodes + 4096;
  p->pairs = malloc(p->pair_capacity * sizeof *p->pairs);
  p->potentials = malloc(nodes * sizeof *p->potentials);
  mpfr_inits2(64, p->violation, p->lower, p->upper, (mpfr_ptr)0);
  for (size_t i = 0; p->potentials && i < nodes; i++)
    mpfr_init2(p->potentials[i], 64);
  return p->pairs && p->potentials ? FC_OK : FC_MEMORY;
}

static void proof_clear(proof *p) {
  size_t nodes = p->frame->p.count + p->frame->q.count;
  for (size_t i = 0; p->potentials && i < nodes; i++)
    mpfr_clear(p->potentials[i]);
  free(p->potentials);
  free(p->pairs);
  mpfr_clears(p->violation, p->lower, p->upper, (mpfr_ptr)0);
}

static void set_precision(proof *p, long precision) {
  size_t nodes = p->frame->p.count + p->frame->q.count;
  p->precision = precision;
  for (size_t i = 0; i < nodes; i++)
    mpfr_set_prec(p->potentials[i], precision);
  mpfr_set_prec(p->violation, precision);
  mpfr_set_prec(p->lower, precision);
  mpfr_set_prec(p->upper, precision);
}

static void pair_cost(mpfr_t z, const proof *p, size_t i, size_t j,
                      mpfr_rnd_t rounding) {
  fc_frame_cost(z, p->frame, p->search->p.order[i], p->search->q.order[j],
                rounding);
}

/* Potentials from the tree's costs: any numbers serve a lower bound, so that
 * their rounding needs no account. */
static void find_potentials(proof *p) {
  const fc_simplex *s = &p->search->simplex;
  mpfr_t cost;
  mpfr_init2(cost, p->precision);
  mpfr_set_zero(p->potentials[0], 1);
  for (uint32_t x = 0; (x = fc_simplex_after(s, x, 0)) != FC_SIMPLEX_NONE;) {
    const fc_simplex_arc *arc = &s->arcs[s->nodes[x].arc];
    mpfr_srcptr parent = p->potentials[s->nodes[x].parent];
    pair_cost(cost, p, arc->from, arc->to - s->sources, MPFR_RNDN);
    if (x < s->sources)
      mpfr_add(p->potentials[x], parent, cost, MPFR_RNDN);
    else
      mpfr_sub(p->potentials[x], parent, cost, MPFR_RNDN);
  }
  mpfr_clear(cost);
}

/* --- looking at all pairs -------------------------------------------------
 */

static double collect(void *data, size_t i, size_t j, double value,
                      double limit) {
  proof *p = data;
  double reduced = value - p->search->p.weights[i];
  p->least = reduced < p->least ? reduced : p->least;
  if (p->pair_count < p->pair_capacity)
    p->pairs[p->pair_count++] = (close_pair){(uint32_t)i, (uint32_t)j};
  else
    p->too_many = true;
  return limit;
}

/* In binary64, with potentials rounded to nearest: coordinates are at most 1,
 * so that a squared distance is at most 4d and off by at most 2(d + 4) 2^-52 d
 * (their own rounding, a difference, a square, the sum), and the two
 * subtractions by the rounding of a number of at most S = 4d + |u| + |v|. */
static fc_status find_close_pairs(proof *p) {
  fc_search *s = p->search;
  size_t count = s->p.count, d = s->p.dimension;
  double most[2] = {0, 0};
  double *limits = malloc(count * sizeof *limits);
  if (!limits)
    return FC_MEMORY;
  for (size_t x = 0; x < count + s->q.count; x++) {
    double value = mpfr_get_d(p->potentials[x], MPFR_RNDN);
    s->simplex.potentials[x] = value;
    most[x >= count] = fmax(most[x >= count], fabs(value));
  }
  fc_search_set_weights(s);
  p->error =
      (2 * (double)d + 16) * 0x1p-52 * (4 * (double)d + most[0] + most[1]);
  for (size_t i = 0; i < count; i++)
    limits[i] = s->p.weights[i] + 2 * p->error;
  p->pair_count = 0;
  p->too_many = false;
  p->least = HUGE_VAL;
  fc_status status = fc_cells_search(&s->p, &s->q, limits, collect, p);
  free(limits);
  return status;
}

/* c_ij - u_i - v_j rounded down */
static void reduced_cost(mpfr_t z, const proof *p, size_t i, size_t j) {
  pair_cost(z, p, i, j, MPFR_RNDD);
  mpfr_sub(z, z, p->potentials[i], MPFR_RNDD);
  mpfr_add(z, z, p->potentials[p->search->p.count + j], MPFR_RNDD);
}

static fc_status find_violation(proof *p) {
  mpfr_t reduced;
  fc_status status = find_close_pairs(p);
  if (status != FC_OK)
    return status;
  mpfr_init2(reduced, p->precision);
  mpfr_set_zero(p->violation, 1);
  if (p->too_many) {
    mpfr_set_d(reduced, p->least - 2 * p->error, MPFR_RNDD);
    mpfr_min(p->violation, p->violation, reduced, MPFR_RNDD);
  }
  for (size_t n = 0; !p->too_many && n < p->pair_count; n++) {
    reduced_cost(reduced, p, p->pairs[n].i, p->pairs[n].j);
    mpfr_min(p->violation, p->violation, reduced, MPFR_RNDD);
    p->checked++;
  }
  mpfr_clear(reduced);
  return FC_OK;
}

/* --- the two bounds -------------------------------------------------------
 */

static void find_lower(proof *p) {
  const fc_search *s = p->search;
  mpfr_t mass, term;
  mpfr_init2(mass, 64);
  mpfr_init2(term, p->precision);
  mpfr_set_zero(p->lower, 1);
  for (size_t i = 0; i < s->p.count + s->q.count; i++) {
    bool source = i < s->p.count;
    mpfr_set_sj(mass, source ? s->p.masses[i] : -s->q.masses[i - s->p.count],
                MPFR_RNDN);
    mpfr_mul(term, p->potentials[i], mass, MPFR_RNDD);
    mpfr_add(p->lower, p->lower, term, MPFR_RNDD);
  }
  mpfr_set_sj(mass, p->frame->total, MPFR_RNDN);
  mpfr_mul(term, p->violation, mass, MPFR_RNDD);
  mpfr_add(p->lower, p->lower, term, MPFR_RNDD);
  if (mpfr_sgn(p->lower) <= 0)
    mpfr_set_zero(p->lower, 1); /* costs are not negative */
  mpfr_clears(mass, term, (mpfr_ptr)0);
}

static void find_upper(proof *p) {
  const fc_simplex *s = &p->search->simplex;
  mpfr_t mass, term;
  mpfr_init2(mass, 64);
  mpfr_init2(term, p->precision);
  mpfr_set_zero(p->upper, 1);
  for (size_t x = 1; x < s->sources + s->sinks; x++) {
    if (s->nodes[x].flow == 0)
      continue;
    const fc_simplex_arc *arc = &s->arcs[s->nodes[x].arc];
    pair_cost(term, p, arc->from, arc->to - s->sources, MPFR_RNDU);
    mpfr_set_sj(mass, s->nodes[x].flow, MPFR_RNDN);
    mpfr_mul(term, term, mass, MPFR_RNDU);
    mpfr_add(p->upper, p->upper, term, MPFR_RNDU);
  }
  mpfr_clears(mass, term, (mpfr_ptr)0);
}

/* upper - lower <= 2^-bits upper */
static bool is_narrow(const proof *p, long bits) {
  mpfr_t gap, goal;
  mpfr_inits2(64, gap, goal, (mpfr_ptr)0);
  mpfr_sub(gap, p->upper, p->lower, MPFR_RNDU);
  mpfr_mul_2si(goal, p->upper, -bits, MPFR_RNDD);
  bool narrow = mpfr_lessequal_p(gap, goal);
  mpfr_clears(gap, goal, (mpfr_ptr)0);
  return narrow;
}

static fc_status prove(proof *p, long precision) {
  set_precision(p, precision);
  find_potentials(p);
  fc_status status = find_violation(p);
  find_lower(p);
  find_upper(p);
  return status;
}

/* --- refining -------------------------------------------------------------
 */

/* Exact reduced costs, scaled to about 1, become the costs: 0 on the tree, and
 * on the close pairs what they are; no other pair can improve the basis. */
static fc_status refine(proof *p) {
  fc_simplex *s = &p->search->simplex;
  size_t nodes = s->sources + s->sinks;
  long scale = mpfr_get_exp(p->violation);
  mpfr_t reduced;
  fc_simplex_arc *tree = malloc(nodes * sizeof *tree);
  if (!tree)
    return FC_MEMORY;
  for (uint32_t x = 1; x < nodes; x++) {
    tree[x - 1] = s->arcs[s->nodes[x].arc];
    tree[x - 1].cost = 0;
    s->nodes[x].arc = x - 1;
  }
  free(s->arcs);
  s->arcs = tree;
  s->arc_count = nodes - 1;
  s->arc_capacity = nodes;
  s->next = 0;
  fc_status status = FC_OK;
  mpfr_init2(reduced, p->precision);
  for (size_t n = 0; n < p->pair_count && status == FC_OK; n++) {
    size_t i = p->pairs[n].i, j = p->pairs[n].j;
    reduced_cost(reduced, p, i, j);
    mpfr_mul_2si(reduced, reduced, -scale, MPFR_RNDN);
    status = fc_simplex_add(s, i, j, mpfr_get_d(reduced, MPFR_RNDN));
  }
  mpfr_clear(reduced);
  if (status != FC_OK)
    return status;
  memset(s->potentials, 0, nodes * sizeof *s->potentials);
  fc_simplex_run(s, 0x1p-30);
  return FC_OK;
}

/* Bits that potentials need beyond those of the cost. */
static long headroom(const proof *p) {
  if (mpfr_zero_p(p->upper))
    return 64;
  mpfr_t share;
  mpfr_init2(share, 64);
  mpfr_div_si(share, p->upper, p->frame->total, MPFR_RNDN);
  long bits = -mpfr_get_exp(share);
  mpfr_clear(share);
  return 64 + (bits > 0 ? bits : 0);
}

enum { MAX_REFINEMENTS = 24, MAX_PRECISION = 1 << 17 };

static fc_status prove_within(proof *p, long bits) {
  fc_status status = prove(p, bits + 64);
  for (int n = 0; status == FC_OK && n < MAX_REFINEMENTS; n++) {
    if (p->too_many || is_narrow(p, bits))
      return FC_OK;
    long precision = bits + headroom(p);
    if (precision > p->precision && precision < MAX_PRECISION)
      status = prove(p, precision);
    else {
      status = refine(p);
      if (status == FC_OK)
        status = prove(p, p->precision);
    }
  }
  return status;
}

/* --- back to the caller's coordinates -------------------------------------
 */

/* Coordinates of X and Y that were rounded are off by at most 2^-precision; a
 * point by e = sqrt(d) 2^-precision.  With D = shift_p - shift_q, itself off by
 * at most 2^-4095 |D|, no coupling's cost changes by more than
 *
 *     4 e W + 4 e^2 + 4 e |D| + 2^-4090 |D| (|D| + 4 sqrt d),
 *
 * and |D| <= 4 sqrt d + sqrt(max(0, offset)). */
static void widen(fc_transport *t, const fc_frame *f) {
  if (f->exact)
    return;
  mpfr_t e, root, distance, sum;
  mpfr_inits2(64, e, root, distance, sum, (mpfr_ptr)0);
  mpfr_set_ui(root, f->dimension, MPFR_RNDU);
  mpfr_sqrt(root, root, MPFR_RNDU);
  mpfr_mul_2si(e, root, -f->precision, MPFR_RNDU);
  mpfr_mul_ui(root, root, 4, MPFR_RNDU);
  if (mpfr_sgn(f->offset_upper) > 0)
    mpfr_sqrt(distance, f->offset_upper, MPFR_RNDU);
  else
    mpfr_set_zero(distance, 1);
  mpfr_add(distance, distance, root, MPFR_RNDU);
  mpfr_sqrt(sum, t->upper, MPFR_RNDU);
  mpfr_add(sum, sum, e, MPFR_RNDU);
  mpfr_add(sum, sum, distance, MPFR_RNDU);
  mpfr_mul(sum, sum, e, MPFR_RNDU);
  mpfr_mul_ui(sum, sum, 4, MPFR_RNDU);
  mpfr_add(root, root, distance, MPFR_RNDU);
  mpfr_mul(root, root, distance, MPFR_RNDU);
  mpfr_mul_2si(root, root, -4090, MPFR_RNDU);
  mpfr_add(sum, sum, root, MPFR_RNDU);
  mpfr_sub(t->lower, t->lower, sum, MPFR_RNDD);
  mpfr_add(t->upper, t->upper, sum, MPFR_RNDU);
  mpfr_clears(e, root, distance, sum, (mpfr_ptr)0);
}

static void set_bounds(fc_transport *t, const proof *p) {
  const fc_frame *f = p->frame;
  mpfr_t total;
  mpfr_init2(total, 64);
  mpfr_set_sj(total, f->total, MPFR_RNDN);
  mpfr_init2(t->lower, p->precision);
  mpfr_init2(t->upper, p->precision);
  mpfr_div(t->lower, p->lower, total, MPFR_RNDD);
  mpfr_div(t->upper, p->upper, total, MPFR_RNDU);
  widen(t, f);
  mpfr_add(t->lower, t->lower, f->offset_lower, MPFR_RNDD);
  mpfr_add(t->upper, t->upper, f->offset_upper, MPFR_RNDU);
  mpfr_mul_2si(t->lower, t->lower, 2 * f->scale, MPFR_RNDD);
  mpfr_mul_2si(t->upper, t->upper, 2 * f->scale, MPFR_RNDU);
  if (mpfr_sgn(t->lower) <= 0)
    mpfr_set_zero(t->lower, 1);
  mpfr_clear(total);
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
static fc_status set_plan(fc_transport *t, const proof *p,
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
  proof bounds;
  fc_status status = fc_search_init(&search, frame);
  if (status != FC_OK)
    return status;
  status = proof_init(&bounds, frame, &search);
  if (status == FC_OK)
    status = fc_search_run(&search);
  t->arcs = search.simplex.arc_count;
  if (status == FC_OK)
    status = prove_within(&bounds, bits);
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
  proof_clear(&bounds);
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
