/* A validated trajectory: enclosures of y and of dy/dy_0 along a chart, for all
 * starting points in a box at once; private to this folder, Arb only.
 *
 * At every place the set is  y in Y(centre) + V [box]:  Y(centre), the
 * trajectory of the box's midpoint, and V, which holds the derivative of the
 * flow at every point of the box, are the columns of one bundle (bundle.h).
 * Over a step h, with the Taylor polynomials and tails of tape.h,
 *   A = the derivative of the step over the hull of the set,
 *   Y(centre) -> step(m_0) + A (Y(centre) - m_0),   V -> A V
 * (mean value theorem: the hull is convex).
 */
#ifndef FC_FLOW_TUBE_H
#define FC_FLOW_TUBE_H

#include "flow/bundle.h"
#include "flow/chart.h"

/* When a tube is given up before its end.  A point (up to rounding): where it
 * is no longer known to 2^-8 of its size; a cell: where V is hardly known any
 * more, and halves of the cell may do better; the whole of a box: never. */
typedef enum fc_tube_kind {
  FC_TUBE_POINT,
  FC_TUBE_CELL,
  FC_TUBE_WHOLE
} fc_tube_kind;

typedef struct fc_tube {
  fc_chart *chart;
  size_t d;
  slong precision;
  bool has_box;
  fc_tube_kind kind;
  long order;                  /* of the last step */
  double log2_least;           /* shorter steps are refused */
  long steps;                  /* taken so far */
  fc_bundle set[1], before[1]; /* there */
  arb_ptr storage;
  arb_ptr tau, last; /* where it is, and where the last step began */
  arb_ptr box;       /* d balls about 0 */
  arb_ptr hull, image, midpoint; /* d */
  arb_ptr a, v;                  /* d*d */
} fc_tube;

void fc_tube_init(fc_tube *tube, fc_chart *chart, slong precision);
void fc_tube_clear(fc_tube *tube); /* also of zeros */

/* y_0 = centre (d balls, thin) + box (d balls about 0). */
void fc_tube_start(fc_tube *tube, const arb_t tau, arb_srcptr centre,
                   arb_srcptr box, fc_tube_kind kind);

/* To `end`, forward or backward, taking what each step costs from *budget.
 * FC_BUDGET where it ran out, FC_DOMAIN where no step of a length that leads
 * anywhere can be proved or the tube is given up: the set is then that at
 * tube->tau. */
fc_status fc_tube_go(fc_tube *tube, const arb_t end, long *budget);

/* From where the last step began to a place that it passed; false where that
 * cannot be proved. */
bool fc_tube_back_to(fc_tube *tube, const arb_t place);

/* y = a box around the set (d), v = V (d*d, row by row). */
void fc_tube_hull(arb_ptr y, arb_ptr v, const fc_tube *tube);

#endif
