#include "transport/search.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  NEIGHBOURS = 8, /* first candidates of each point, in either cloud */
  ENTRANTS = 8,   /* pairs that a point may add in a round */
  MAX_ROUNDS = 1000
};

double fc_search_cost(const fc_search *s, size_t i, size_t j) {
  double sum = 0;
  for (size_t k = 0; k < s->p.dimension; k++) {
    double gap = s->p.x[k * s->p.count + i] - s->q.x[k * s->q.count + j];
    sum += gap * gap;
  }
  return sum;
}

fc_status fc_search_init(fc_search *s, const fc_frame *f) {
  memset(s, 0, sizeof *s);
  fc_status status =
      fc_cells_init(&s->p, &s->q, f->dimension, f->p.count, f->p.rounded,
                    f->p.masses, f->q.count, f->q.rounded, f->q.masses);
  if (status == FC_OK)
    status = fc_simplex_init(&s->simplex, s->p.count, s->q.count, s->p.masses,
                             s->q.masses);
  for (size_t e = 0; status == FC_OK && e < s->simplex.arc_count; e++) {
    fc_simplex_arc *arc = &s->simplex.arcs[e];
    arc->cost = fc_search_cost(s, arc->from, arc->to - s->p.count);
  }
  if (status != FC_OK)
    fc_search_clear(s);
  return status;
}

void fc_search_clear(fc_search *s) {
  fc_cells_clear(&s->p);
  fc_cells_clear(&s->q);
  fc_simplex_clear(&s->simplex);
}

void fc_search_set_weights(fc_search *s) {
  const double *p = s->simplex.potentials;
  for (size_t i = 0; i < s->p.count; i++)
    s->p.weights[i] = p[i];
  for (size_t j = 0; j < s->q.count; j++)
    s->q.weights[j] = -p[s->p.count + j];
  fc_cells_refresh(&s->p);
  fc_cells_refresh(&s->q);
}

/* --- the best few partners of every point --------------------------------
 */

typedef struct partner {
  double value;
  uint32_t point;
} partner;

typedef struct best {
  partner *partners; /* keep a point, ascending */
  size_t *counts;
  size_t keep;
} best;

static double keep_best(void *data, size_t i, size_t j, double value,
                        double limit) {
  best *b = data;
  partner *list = b->partners + i * b->keep;
  size_t at = b->counts[i] < b->keep ? b->counts[i]++ : b->keep - 1;
  for (; at > 0 && list[at - 1].value > value; at--)
    list[at] = list[at - 1];
  list[at] = (partner){value, (uint32_t)j};
  return b->counts[i] < b->keep ? limit : list[b->keep - 1].value;
}

/* Adds the pairs found as arcs; swapped where the points are those of q. */
static fc_status add_arcs(size_t *added, fc_search *s, const best *b,
                          size_t count, bool swapped) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < count && status == FC_OK; i++)
    for (size_t n = 0; n < b->counts[i] && status == FC_OK; n++) {
      size_t j = b->partners[i * b->keep + n].point;
      size_t from = swapped ? j : i, to = swapped ? i : j;
      status =
          fc_simplex_add(&s->simplex, from, to, fc_search_cost(s, from, to));
      ++*added;
    }
  return status;
}

/* The pairs whose value is below limit(i) = weight of i less the margin. */
static fc_status add_best(size_t *added, fc_search *s, size_t keep,
                          double margin, bool swapped) {
  const fc_cells *from = swapped ? &s->q : &s->p;
  const fc_cells *to = swapped ? &s->p : &s->q;
  best b = {malloc(from->count * keep * sizeof *b.partners),
            calloc(from->count, sizeof *b.counts), keep};
  double *limits = malloc(from->count * sizeof *limits);
  fc_status status = b.partners && b.counts && limits ? FC_OK : FC_MEMORY;
  *added = 0;
  if (status == FC_OK) {
    for (size_t i = 0; i < from->count; i++)
      limits[i] = from->weights[i] - margin;
    status = fc_cells_search(from, to, limits, keep_best, &b);
  }
  if (status == FC_OK)
    status = add_arcs(added, s, &b, from->count, swapped);
  free(b.partners);
  free(b.counts);
  free(limits);
  return status;
}

/* --- column generation ----------------------------------------------------
 */

fc_status fc_search_run(fc_search *s) {
  size_t added = 0;
  fc_status status = add_best(&added, s, NEIGHBOURS, -HUGE_VAL, false);
  if (status == FC_OK)
    status = add_best(&added, s, NEIGHBOURS, -HUGE_VAL, true);
  double tolerance = 0x1p-50 * (double)s->p.dimension;
  /* No restricted problem need be finished; pricing is dear in many dimensions.
   */
  size_t limit = (s->p.count + s->q.count) * (s->p.dimension + 1) / 2;
  for (s->rounds = 0; s->rounds < MAX_ROUNDS && status == FC_OK; s->rounds++) {
    fc_simplex_price(&s->simplex);
    bool optimal = fc_simplex_run(&s->simplex, tolerance, limit);
    fc_simplex_price(&s->simplex);
    fc_search_set_weights(s);
    status = add_best(&added, s, ENTRANTS, tolerance, false);
    if (added == 0 && optimal)
      break;
  }
  return status;
}
