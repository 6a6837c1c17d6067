/* Points of the monotone coupling whose places are proved; private to this
 * folder.  In Arb. */
#ifndef FC_TRANSPORT_LINE_STATION_H
#define FC_TRANSPORT_LINE_STATION_H

#include "transport/line_cells.h"

/* For some z within `level` (z and 1 - z), F^-1(z) and G^-1(z) lie within x[0]
 * and x[1], inside the parts that the cell names: in an open stretch, or at an
 * event. */
typedef struct fc_line_station {
  fc_line_cell cell;
  size_t section;
  fc_num x[2];
  fc_num level[2];
} fc_line_station;

void fc_line_station_init(fc_line_station *station, const fc_ctx *ctx);
void fc_line_station_clear(fc_line_station *station, const fc_ctx *ctx);

/* The station at the exact place `at` of law i, which moves, the other one
 * being near `near` where it moves, too.  False where that cannot be proved. */
bool fc_line_station_at(fc_line_station *station, fc_line_pair *pair,
                        const fc_line_cell *cell, int i, mpfr_srcptr at,
                        mpfr_srcptr near);

/* The station at the level z, both laws being at events. */
bool fc_line_station_still(fc_line_station *station, fc_line_pair *pair,
                           const fc_line_cell *cell, fc_srcptr below,
                           fc_srcptr above);

#endif
