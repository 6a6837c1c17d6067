/* C_LS from below: Ent(f^2)/(2 int f'^2 p) for exp(s g) (equality for Gaussians
 * and g = x, every s) and 1 + s g (two plateaus where g is the first
 * eigenfunction of two wells; s -> 0 gives Rayleigh's quotient of g, as
 * Ent((1 + s g)^2) = 2 s^2 Var g + O(s^3): C_LS >= C_P).
 */
#include <math.h>
#include <stdlib.h>

#include "spectral_gap/spectral_gap.h"

/* s = +-2^(k/2 - 5), so that exp(2 s g) shifts a normal law by at most 3
 * standard deviations, far from where the line is cut off. */
enum { STEPS = 12 };

typedef struct family {
  const fc_panels *panels;
  const double *g, *dg;
  bool exponential;
  double *square, *entropy, *slope; /* nodes each: f^2, f^2 log f^2, f'^2 */
} family;

static double quotient(const family *y, double s) {
  for (size_t j = 0; j < y->panels->nodes; j++) {
    double f = y->exponential ? exp(s * y->g[j]) : 1 + s * y->g[j];
    double df = s * y->dg[j] * (y->exponential ? f : 1);
    y->square[j] = f * f;
    y->entropy[j] = f == 0 ? 0 : f * f * log(f * f);
    y->slope[j] = df * df;
  }
  double mean = fc_panels_mean(y->panels, y->square);
  double entropy = fc_panels_mean(y->panels, y->entropy) - mean * log(mean);
  return entropy / (2 * fc_panels_mean(y->panels, y->slope));
}

static double best(const family *y) {
  double most = 0;
  for (int k = 0; k < STEPS; k++)
    for (int sign = -1; sign <= 1; sign += 2) {
      double value = quotient(y, sign * exp2(k / 2.0 - 5));
      if (isfinite(value))
        most = fmax(most, value);
    }
  return most;
}

fc_status fc_sobolev_lower(double *lower, const fc_panels *panels,
                           const double *f, const double *df, fc_error *error) {
  size_t n = panels->nodes;
  double *room = malloc(5 * n * sizeof *room);
  if (!room)
    return fc_fail(error, FC_MEMORY, "out of memory");
  double *line = room, *one = room + n;
  double mean = fc_panels_mean(panels, panels->x), most = 0;
  for (size_t j = 0; j < n; j++)
    one[j] = (panels->x[j] - mean) * (panels->x[j] - mean);
  double deviation = sqrt(fc_panels_mean(panels, one));
  for (size_t j = 0; j < n; j++) {
    line[j] = (panels->x[j] - mean) / deviation;
    one[j] = 1 / deviation;
  }
  for (int which = 0; which < 4; which++) {
    bool eigen = which & 1;
    family y = {panels,       eigen ? f : line, eigen ? df : one, which & 2,
                room + 2 * n, room + 3 * n,     room + 4 * n};
    most = fmax(most, best(&y));
  }
  free(room);
  *lower = most * (1 - FC_SPECTRAL_ERROR);
  return FC_OK;
}
