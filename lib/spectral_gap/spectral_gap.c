#include "spectral_gap/spectral_gap.h"

#include <math.h>
#include <stdlib.h>

static void moments(fc_line_constants *c, const fc_panels *panels,
                    double *room) {
  c->mean = fc_panels_mean(panels, panels->x);
  for (size_t j = 0; j < panels->nodes; j++)
    room[j] = (panels->x[j] - c->mean) * (panels->x[j] - c->mean);
  c->variance = fc_panels_mean(panels, room);
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

fc_status fc_line_constants_of(fc_line_constants *constants, fc_line_law *law,
                               fc_error *error) {
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
