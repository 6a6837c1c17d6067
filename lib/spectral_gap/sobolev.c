/* C_LS from below: Ent(f^2)/(2 int f'^2 p) for exp(s g) (equality for Gaussians
 * and g = x, every s) and 1 + s g (two plateaus where g is the first
 * eigenfunction of two wells; s -> 0 gives Rayleigh's quotient of g, as
 * Ent((1 + s g)^2) = 2 s^2 Var g + O(s^3): C_LS >= C_P).
 *
 * From above, by the way of Barthe and Roberto (2003): for any point m and
 * phi = f - f(m), Ent(f^2) <= Ent(phi^2) + 2 int phi^2 p (Rothaus) =
 * sup {int phi^2 h p: int e^h p <= e^2}.  On a set A, e^(h_+) <= 1 + e^h and
 * Jensen give int_A h_+ p <= mu(A) log(1 + e^2/mu(A)), and Hardy's inequality
 * with the weight h_+ p (Muckenhoupt) on either side of m
 *   Ent(f^2) <= 4 max(B_-, B_+) int f'^2 p,
 *   B_+ = sup_{x > m} mu(x, oo) log(1 + e^2/mu(x, oo)) int_m^x 1/p,
 * B_- likewise.  m: the end of the panel before the median.
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

/* --- from above --------------------------------------------------------------
 */

#define TAIL 1e-16    /* of the mass: beyond it the cut shows */
#define MARGIN 0x1p-7 /* for what the supremum does between nodes */

/* sup of mass log(1 + e^2/mass) resistance over the nodes of [from, to). */
static double largest(const double *mass, const double *resistance, size_t from,
                      size_t to) {
  double most = 0;
  for (size_t j = from; j < to; j++)
    if (mass[j] > TAIL)
      most =
          fmax(most, mass[j] * log1p(exp(2) / mass[j]) * fabs(resistance[j]));
  return most;
}

fc_status fc_sobolev_upper(double *upper, const fc_panels *panels,
                           fc_error *error) {
  size_t n = panels->nodes;
  double *room = calloc(3 * n, sizeof *room);
  if (!room)
    return fc_fail(error, FC_MEMORY, "out of memory");
  double *mass = room, *inverse = room + n, *resistance = room + 2 * n;
  size_t m = FC_PANEL_NODES * panels->middle;
  for (size_t j = 0; j < n; j++)
    inverse[j] = 1 / panels->p[j];
  fc_panels_from_middle(resistance, panels, inverse);
  fc_panels_from_left(mass, panels, panels->p);
  double most = largest(mass, resistance, 0, m);
  fc_panels_to_right(mass, panels, panels->p);
  most = fmax(most, largest(mass, resistance, m, n));
  free(room);
  *upper = 2 * most * (1 + MARGIN);
  return FC_OK;
}
