/* The pairs of points whose reduced costs c_ij - u_i - v_j are so small that
 * their signs need MPFR.  Private to this folder. */
#ifndef FC_TRANSPORT_CLOSE_H
#define FC_TRANSPORT_CLOSE_H

#include "transport/search.h"

typedef struct fc_close_pair {
  uint32_t i; /* places in the cells */
  uint32_t j;
} fc_close_pair;

/* Numbers hi + lo beside those of cells, for sums of two binary64 numbers. */
typedef struct fc_close_low {
  double *x;       /* as fc_cells.x */
  double *weights; /* as fc_cells.weights */
} fc_close_low;

typedef struct fc_close {
  const fc_frame *frame;
  fc_search *search;
  fc_close_pair *pairs;
  double *reduced; /* of those that improve the basis, about */
  size_t count;
  size_t improving; /* so many of them, the first, are negative for certain */
  size_t others;
  size_t capacity;
  bool too_many;       /* pairs are not all there */
  double least;        /* then a lower bound on all reduced costs */
  double error;        /* of a reduced cost in the arithmetic that is used */
  fc_close_low low[2]; /* made when first needed */
} fc_close;

/* Clear also where it failed. */
fc_status fc_close_init(fc_close *close, const fc_frame *frame,
                        fc_search *search);
void fc_close_clear(fc_close *close);

/* Looks at all pairs, potentials being those of the nodes of the simplex (u on
 * sources, -v on sinks): in binary64, and where that leaves more pairs open
 * than can be listed, with twice as many bits.  Every pair that is not listed
 * has a positive reduced cost, or too_many is set.  Changes the weights of the
 * search's cells and the potentials of its simplex. */
fc_status fc_close_find(fc_close *close, mpfr_t *potentials);

#endif
