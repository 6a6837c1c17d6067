/* The search for an optimal basis in binary64.  Private to this folder. */
#ifndef FC_TRANSPORT_SEARCH_H
#define FC_TRANSPORT_SEARCH_H

#include "transport/cells.h"
#include "transport/frame.h"
#include "transport/simplex.h"

/* Source i of the simplex is place i of p, sink j place j of q; place i of p is
 * point p.order[i] of the frame. */
typedef struct fc_search {
  fc_cells p;
  fc_cells q;
  fc_simplex simplex;
  size_t rounds;
} fc_search;

fc_status fc_search_init(fc_search *search, const fc_frame *frame);
void fc_search_clear(fc_search *search);

/* Up to rounding optimal, in general; nothing is promised. */
fc_status fc_search_run(fc_search *search);

/* The weights of the cells from the potentials of the simplex. */
void fc_search_set_weights(fc_search *search);

/* |x_i - y_j|^2 of two places in binary64. */
double fc_search_cost(const fc_search *search, size_t i, size_t j);

#endif
