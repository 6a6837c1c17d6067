#include "spectral_gap/spectral_gap.h"

#include <math.h>
#include <stdlib.h>

#define LEFT_OVER 1e-12 /* of Var f */

static void moments(fc_line_constants *c, const fc_panels *panels,
                    double *room) {
  c->mean = fc_panels_mean(panels, panels->x);
  for (size_t j = 0; j < panels->nodes; j++)
    room[j] = (panels->x[j] - c->mean) * (panels->x[j] - c->mean);
  c->variance = fc_panels_mean(panels, room);
}

/* Where the line is cut off nothing may be left of f^2 p: it is not so where
 * tails are exponential or heavier (f grows like p^-1/2, or C_P is infinite),
 * and what the panels say would be the constant of the law that was cut.  Nor
 * may a component take over beyond that falls off on a length l with 4 l^2 (C_P
 * of exp(-x/l)) above what was found, however little it weighs. */
static fc_status check_cut(const fc_panels *panels, const double *f,
                           double lower, fc_error *error) {
  size_t last = panels->nodes - 1;
  double width = panels->x[last] - panels->x[0];
  for (int side = 0; side < 2; side++) {
    size_t j = side ? last : 0;
    double rest = f[j] * f[j] * panels->p[j] * width;
    if (isinf(panels->curvature[side]))
      continue; /* the support ends */
    if (4 * panels->hidden[side] > lower)
      return fc_fail(error, FC_DOMAIN,
                     "a wide component of little weight takes over only where "
                     "the density is no longer seen");
    if (!(panels->curvature[side] > 0) || !(rest < LEFT_OVER))
      return fc_fail(error, FC_DOMAIN,
                     "the tails are too heavy for constants to be known from "
                     "where the density is seen");
  }
  return FC_OK;
}

static fc_status compute(fc_line_constants *c, const fc_panels *panels,
                         fc_error *error) {
  double *f = malloc(2 * panels->nodes * sizeof *f);
  if (!f)
    return fc_fail(error, FC_MEMORY, "out of memory");
  double *df = f + panels->nodes;
  moments(c, panels, f);
  fc_status status = fc_poincare_bounds(&c->poincare_lower, &c->poincare_upper,
                                        f, df, panels, error);
  if (!status)
    status = check_cut(panels, f, c->poincare_lower, error);
  if (!status)
    status = fc_sobolev_lower(&c->sobolev_lower, panels, f, df, error);
  if (!status)
    status = fc_increasing_slope(&c->slope, &c->slope_error, panels, error);
  if (!status)
    status = fc_sobolev_upper(&c->sobolev_upper, panels, error);
  double slope = c->slope + c->slope_error;
  c->sobolev_upper = fmin(c->sobolev_upper, slope * slope);
  c->sobolev_lower = fmax(c->sobolev_lower, c->poincare_lower);
  free(f);
  return status;
}

fc_status fc_line_constants_of(fc_line_constants *constants,
                               fc_line_density *law, fc_error *error) {
  fc_panels panels[1];
  fc_line_constants c = {0};
  fc_status status = fc_panels_init(panels, law, error);
  if (status)
    return status;
  status = compute(&c, panels, error);
  fc_panels_clear(panels);
  if (!status)
    *constants = c;
  return status;
}
