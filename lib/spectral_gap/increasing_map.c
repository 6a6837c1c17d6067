/* The increasing map T from N(0, 1) to the law: F(T(z)) = Phi(z), hence
 *   T'(z) = phi(z)/p(T(z)).
 * Every inequality of N(0, 1) (C_P = C_LS = 1) is carried over by T with the
 * factor (sup T')^2.  F or 1 - F, whichever is smaller, from its own side of
 * the panels.  Left out are nodes in the last TAIL of the mass, where the cut
 * shows.  Beyond: (log T')' = -z + U'(T) T' with U = -log p, so that where T'
 * is largest 0 >= (log T')'' = -1 + U''(T) T'^2, and also T'^2 -> 1/U'' at
 * infinity: T'^2 is at most what it is at the last node or 1/inf U'' in the
 * tail, of which the value where the line is cut off is taken.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "spectral_gap/spectral_gap.h"

#define TAIL 1e-16

static double slope_at(double below, double above, double p) {
  double tail = fmin(below, above);
  if (!(tail > TAIL))
    return 0;
  double z = gsl_cdf_ugaussian_Pinv(tail);
  return exp(-z * z / 2) / (sqrt(2 * acos(-1)) * p);
}

/* The maximum of the parabola through three points about the largest, and how
 * much it adds. */
static double polish(const fc_panels *panels, const double *slope, size_t at) {
  if (at == 0 || at + 1 >= panels->nodes || slope[at - 1] == 0 ||
      slope[at + 1] == 0)
    return 0;
  double l = panels->x[at - 1] - panels->x[at];
  double r = panels->x[at + 1] - panels->x[at];
  double dl = (slope[at - 1] - slope[at]) / l;
  double dr = (slope[at + 1] - slope[at]) / r;
  double curve = (dr - dl) / (r - l), rise = dl - curve * l;
  return curve < 0 ? rise * rise / (-4 * curve) : 0;
}

fc_status fc_increasing_slope(double *slope, double *slope_error,
                              const fc_panels *panels, fc_error *error) {
  size_t n = panels->nodes, at = 0;
  double *room = malloc(3 * n * sizeof *room);
  if (!room)
    return fc_fail(error, FC_MEMORY, "out of memory");
  double *below = room, *above = room + n, *slopes = room + 2 * n;
  fc_panels_from_left(below, panels, panels->p);
  fc_panels_to_right(above, panels, panels->p);
  for (size_t j = 0; j < n; j++) {
    slopes[j] = slope_at(below[j], above[j], panels->p[j]);
    if (slopes[j] > slopes[at])
      at = j;
  }
  double more = polish(panels, slopes, at);
  double curvature = fmin(panels->curvature[0], panels->curvature[1]);
  double tail = curvature > 0 ? 1 / sqrt(curvature) : INFINITY;
  *slope = fmax(slopes[at] + more, tail);
  *slope_error = more + FC_SPECTRAL_ERROR * *slope;
  free(room);
  return FC_OK;
}
