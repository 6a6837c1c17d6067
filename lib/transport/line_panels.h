/* Panels in u on which a Gauss-Legendre rule of moderate order sees everything;
 * private to this folder. */
#ifndef FC_TRANSPORT_LINE_PANELS_H
#define FC_TRANSPORT_LINE_PANELS_H

#include "arith/legendre.h"
#include "transport/line_cells.h"

typedef struct fc_line_panel {
  double from, to;  /* in u; of the section's first and last panel the section's
                       own ends are meant */
  double low, high; /* x[0] there */
  double mass;      /* dz on the panel is at most this, probably */
  double most;      /* |D| is at most this on it */
  double part;      /* the integral of D^2 dz, roughly */
  size_t section;
  bool first, last; /* of the section */
} fc_line_panel;

typedef struct fc_line_panels {
  fc_line_panel *panels;
  size_t count, room;
  double total; /* of the integral, roughly */
} fc_line_panels;

/* Panels for results of `bits` bits, found with the coarse pair (binary64, or
 * MPFR where that would underflow).  FC_BUDGET: too many. */
fc_status fc_line_panels_find(fc_line_panels *panels, fc_line_pair *coarse,
                              const fc_line_cells *cells, long bits,
                              fc_error *error);
void fc_line_panels_clear(fc_line_panels *panels);

#endif
