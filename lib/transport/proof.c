#include <stdint.h>

#define MPFR_USE_INTMAX_T /* mpfr_set_sj */

#include "transport/proof.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

fc_status fc_proof_init(fc_proof *p, const fc_frame *frame, fc_search *search) {
  size_t nodes = frame->p.count + frame->q.count;
  memset(p, 0, sizeof *p);
  p->frame = frame;
  p->search = search;
  fc_status status = fc_close_init(&p->close, frame, search);
  p->potentials = malloc(nodes * sizeof *p->potentials);
  mpfr_inits2(64, p->violation, p->lower, p->upper, (mpfr_ptr)0);
  for (size_t i = 0; p->potentials && i < nodes; i++)
    mpfr_init2(p->potentials[i], 64);
  return p->potentials ? status : FC_MEMORY;
}

void fc_proof_clear(fc_proof *p) {
  size_t nodes = p->frame->p.count + p->frame->q.count;
  for (size_t i = 0; p->potentials && i < nodes; i++)
    mpfr_clear(p->potentials[i]);
  free(p->potentials);
  fc_close_clear(&p->close);
  mpfr_clears(p->violation, p->lower, p->upper, (mpfr_ptr)0);
}

static void set_precision(fc_proof *p, long precision) {
  size_t nodes = p->frame->p.count + p->frame->q.count;
  p->precision = precision;
  for (size_t i = 0; i < nodes; i++)
    mpfr_set_prec(p->potentials[i], precision);
  mpfr_set_prec(p->violation, precision);
  mpfr_set_prec(p->lower, precision);
  mpfr_set_prec(p->upper, precision);
}

static void pair_cost(mpfr_t z, const fc_proof *p, size_t i, size_t j,
                      mpfr_rnd_t rounding) {
  fc_frame_cost(z, p->frame, p->search->p.order[i], p->search->q.order[j],
                rounding);
}

/* Potentials from the tree's costs: any numbers serve a lower bound, so that
 * their rounding needs no account. */
static void find_potentials(fc_proof *p) {
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

/* --- reduced costs --------------------------------------------------------
 */

/* c_ij - u_i - v_j rounded down */
static void reduced_cost(mpfr_t z, const fc_proof *p, size_t i, size_t j) {
  pair_cost(z, p, i, j, MPFR_RNDD);
  mpfr_sub(z, z, p->potentials[i], MPFR_RNDD);
  mpfr_add(z, z, p->potentials[p->search->p.count + j], MPFR_RNDD);
}

static fc_status find_violation(fc_proof *p) {
  mpfr_t reduced;
  fc_status status = fc_close_find(&p->close, p->potentials);
  if (status != FC_OK)
    return status;
  mpfr_init2(reduced, p->precision);
  mpfr_set_zero(p->violation, 1);
  if (p->close.too_many) {
    mpfr_set_d(reduced, p->close.least, MPFR_RNDD);
    mpfr_min(p->violation, p->violation, reduced, MPFR_RNDD);
  }
  for (size_t n = 0; !p->close.too_many && n < p->close.count; n++) {
    reduced_cost(reduced, p, p->close.pairs[n].i, p->close.pairs[n].j);
    mpfr_min(p->violation, p->violation, reduced, MPFR_RNDD);
    p->checked++;
  }
  mpfr_clear(reduced);
  return FC_OK;
}

/* --- the two bounds -------------------------------------------------------
 */

static void find_lower(fc_proof *p) {
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

static void find_upper(fc_proof *p) {
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
static bool is_narrow(const fc_proof *p, long bits) {
  mpfr_t gap, goal;
  mpfr_inits2(64, gap, goal, (mpfr_ptr)0);
  mpfr_sub(gap, p->upper, p->lower, MPFR_RNDU);
  mpfr_mul_2si(goal, p->upper, -bits, MPFR_RNDD);
  bool narrow = mpfr_lessequal_p(gap, goal);
  mpfr_clears(gap, goal, (mpfr_ptr)0);
  return narrow;
}

static fc_status prove(fc_proof *p, long precision) {
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
static fc_status refine(fc_proof *p) {
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
  for (size_t n = 0; n < p->close.count && status == FC_OK; n++) {
    size_t i = p->close.pairs[n].i, j = p->close.pairs[n].j;
    reduced_cost(reduced, p, i, j);
    mpfr_mul_2si(reduced, reduced, -scale, MPFR_RNDN);
    status = fc_simplex_add(s, i, j, mpfr_get_d(reduced, MPFR_RNDN));
  }
  mpfr_clear(reduced);
  if (status != FC_OK)
    return status;
  memset(s->potentials, 0, nodes * sizeof *s->potentials);
  fc_simplex_run(s, 0x1p-30, 200 * s->arc_count);
  return FC_OK;
}

/* Bits that potentials need beyond those of the cost. */
static long headroom(const fc_proof *p) {
  if (mpfr_zero_p(p->upper))
    return 64;
  mpfr_t share;
  mpfr_init2(share, 64);
  mpfr_div_si(share, p->upper, p->frame->total, MPFR_RNDN);
  long bits = -mpfr_get_exp(share);
  mpfr_clear(share);
  return 64 + (bits > 0 ? bits : 0);
}

enum { MAX_REFINEMENTS = 100, MAX_PRECISION = 1 << 17 };

/* upper - lower, about, relative to upper */
static double gap(const fc_proof *p) {
  mpfr_t width;
  mpfr_init2(width, 53);
  mpfr_sub(width, p->upper, p->lower, MPFR_RNDU);
  mpfr_div(width, width, p->upper, MPFR_RNDU);
  double relative = mpfr_get_d(width, MPFR_RNDU);
  mpfr_clear(width);
  return relative;
}

/* Rounds that help little are not many. */
static bool is_hopeless(double *least, int *vain, const fc_proof *p) {
  double now = gap(p);
  if (now < *least / 2) {
    *least = now;
    *vain = 0;
  } else
    ++*vain;
  return *vain > 8;
}

fc_status fc_proof_run(fc_proof *p, long bits) {
  double least = HUGE_VAL;
  int vain = 0;
  fc_status status = prove(p, bits + 64);
  for (int n = 0; status == FC_OK && n < MAX_REFINEMENTS; n++) {
    long precision = bits + headroom(p);
    bool stuck = p->close.too_many && p->close.improving == 0;
    if (stuck || is_narrow(p, bits))
      return FC_OK;
    if (precision > p->precision && precision < MAX_PRECISION) {
      status = prove(p, precision);
      continue;
    }
    if (is_hopeless(&least, &vain, p))
      return FC_OK;
    status = refine(p);
    if (status == FC_OK)
      status = prove(p, p->precision);
  }
  return status;
}
