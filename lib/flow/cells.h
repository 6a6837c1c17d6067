/* Boxes of starting points, split until what is enclosed is tight; private to
 * this folder, Arb only. */
#ifndef FC_FLOW_CELLS_H
#define FC_FLOW_CELLS_H

#include "flow/tube.h"

/* y (d) and v (d*d, row by row) enclose y and dy/dy_0 at `end` for every start
 * in centre + box at `start`: the union over cells, best first, the cell that
 * widens the union most being halved until none widens it by more than a 32nd,
 * or there are many, or the budget is spent.  A cell that fails is halved, too.
 * FC_BUDGET where some cell still fails. */
fc_status fc_cells_run(arb_ptr y, arb_ptr v, fc_tube *tube, const arb_t start,
                       const arb_t end, arb_srcptr centre, arb_srcptr box,
                       long *budget);

#endif
