/* The monotone coupling of two laws on the line, cut where one of them stops
 * being analytic; private to this folder. */
#ifndef FC_TRANSPORT_LINE_CELLS_H
#define FC_TRANSPORT_LINE_CELLS_H

#include "transport/line_pair.h"

/* A part of the curve along which each law stays in its stretch, or at its
 * event.  Where a law begins at -infinity (ends at infinity) and is not fixed,
 * from (to) is where the curve is cut off: nothing that matters lies beyond,
 * and *_cut is the mass there. */
typedef struct fc_line_section {
  fc_line_cell cell;
  fc_num from[2], to[2];
  fc_num mass;              /* what is passed, P(section) */
  fc_num low_cut, high_cut; /* mass beyond from and to */
} fc_line_section;

typedef struct fc_line_cells {
  fc_ctx ctx;
  fc_line_section *sections;
  size_t count;
} fc_line_cells;

/* In binary64 or MPFR.  To be cleared also after a failure. */
fc_status fc_line_cells_find(fc_line_cells *cells, fc_line_pair *pair,
                             fc_error *error);
void fc_line_cells_clear(fc_line_cells *cells);

#endif
