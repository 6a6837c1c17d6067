/* A law on the line cut into panels on each of which its density and the
 * inverse of it are polynomials of degree 15 to 1e-11, with Gauss-Legendre
 * nodes: integrals and antiderivatives are then matrices.
 *
 * The line is cut off where p has fallen by e^-DEPTH below its largest value
 * and falls on; between modes p may fall further, down to e^-FALL.
 */
#ifndef FC_SPECTRAL_GAP_PANELS_H
#define FC_SPECTRAL_GAP_PANELS_H

#include "spectral_gap/line_density.h"

enum {
  FC_PANEL_NODES = 16,
  FC_PANELS_DEPTH = 46, /* nats */
  FC_PANELS_FALL = 500,
  FC_PANELS_MAX = 1500
};

typedef struct fc_panels {
  struct fc_panel_rule *rule;
  size_t count;        /* panels */
  size_t nodes;        /* FC_PANEL_NODES * count */
  size_t middle;       /* the last panel that begins before the median */
  double *half;        /* count: half the width of each */
  double *x, *p;       /* nodes; p scaled: its integral is 1 */
  double curvature[2]; /* -(log p)'' where the line is cut off on the left and
                          on the right; infinite where the support ends.  Of a
                          mixture at most that of its widest component, which
                          has the last word */
  double hidden[2]; /* the same places: fc_line_density_hidden, what components
                       do that are wider than is seen there */
  double *w;        /* nodes: weights of integration, without p */
} fc_panels;

/* FC_DOMAIN where the support is not connected (p vanishes inside) or the law
 * has no density; FC_LIMIT where p falls too far between modes for binary64;
 * FC_BUDGET where FC_PANELS_MAX panels do not resolve it. */
fc_status fc_panels_init(fc_panels *panels, fc_line_density *law,
                         fc_error *error);
void fc_panels_clear(fc_panels *panels);

/* The integral of h (its values at the nodes) against p. */
double fc_panels_mean(const fc_panels *panels, const double *h);

/* z[j] = integral of h from the left end to node j, or from node j to the right
 * end: sums of terms of h's sign, so that both keep their digits. */
void fc_panels_from_left(double *z, const fc_panels *panels, const double *h);
void fc_panels_to_right(double *z, const fc_panels *panels, const double *h);

/* z[j] = integral of h from the left end of the panel `middle` to node j: exact
 * in relative terms where p is large, however large h is in the tails. */
void fc_panels_from_middle(double *z, const fc_panels *panels, const double *h);

#endif
