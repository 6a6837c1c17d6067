/* The integral of D^2 dz between two stations of one section, by Taylor's
 * formula in u = x + y with the remainder over the whole range; private to this
 * folder. */
#ifndef FC_TRANSPORT_LINE_TAYLOR_H
#define FC_TRANSPORT_LINE_TAYLOR_H

#include "transport/line_station.h"

/* z = an enclosure; centre: a station between the two. */
fc_status fc_line_taylor(fc_ptr z, fc_line_pair *pair,
                         const fc_line_station *from, const fc_line_station *to,
                         const fc_line_station *centre, long order);

#endif
