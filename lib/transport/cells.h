/* Two clouds of points, each put into small cells of neighbours, so that the
 * pairs (i, j) with a small |x_i - y_j|^2 - v_j are found without looking at
 * all pairs.  Private to this folder. */
#ifndef FC_TRANSPORT_CELLS_H
#define FC_TRANSPORT_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define FC_CELL_SIZE 32

/* Points are numbered by their place in the order of cells; cell c holds the
 * places start[c]..start[c+1]-1. */
typedef struct fc_cells {
  size_t count;
  size_t dimension;
  uint32_t *order; /* order[place] = the caller's number of the point */
  double *x;       /* x[k*count + place], coordinate by coordinate */
  int64_t *masses; /* by place */
  double *weights; /* by place: the dual potential of the point */
  size_t cell_count;
  size_t *start;
  double *low; /* low[c*dimension + k]: the box of a cell */
  double *high;
  double *top; /* the largest weight in a cell */
} fc_cells;

/* Orders both clouds together: both are cut at the same shares of mass, so that
 * what has the same rank of mass lies roughly at the same place.  points row by
 * row, masses > 0, counts > 0.  FC_MEMORY. */
fc_status fc_cells_init(fc_cells *p, fc_cells *q, size_t dimension,
                        size_t p_count, const double *p_points,
                        const int64_t *p_masses, size_t q_count,
                        const double *q_points, const int64_t *q_masses);
void fc_cells_clear(fc_cells *cells);

/* After the weights were changed. */
void fc_cells_refresh(fc_cells *cells);

/* Called for pairs with value = |x_i - y_j|^2 - v_j < limit, i in one cloud, j
 * in the other, v_j its weight; returns the limit for further j with this i
 * (-HUGE_VAL: no more). */
typedef double (*fc_cells_visitor)(void *data, size_t i, size_t j, double value,
                                   double limit);

/* Visits for every i of p pairs with value < limits[i] (by place), near ones
 * first, cell by cell; every pair below the limit is visited, rounding apart:
 * values have errors of at most (d + 4) 2^-52 (|x_i - y_j|^2 + |v_j|).
 * limits are changed as the visitor says. */
fc_status fc_cells_search(const fc_cells *p, const fc_cells *q, double *limits,
                          fc_cells_visitor visit, void *data);

#endif
