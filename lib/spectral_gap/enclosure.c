#include "spectral_gap/enclosure_private.h"

#include <stdlib.h>
#include <string.h>

#include "spectral_gap/spectral_gap.h"

static void guess_clear(fc_poincare_guess *g) {
  fc_panels_clear(g->panels);
  free(g->f);
}

static fc_status guess_init(fc_poincare_guess *g, const fc_target *target,
                            double a, double b) {
  fc_line_density *law = NULL;
  double upper;
  memset(g, 0, sizeof *g);
  fc_status status = fc_line_density_new(&law, target, a, b, NULL);
  if (!status)
    status = fc_panels_init(g->panels, law, NULL);
  fc_line_density_free(law);
  if (status)
    return status;
  g->f = malloc(2 * g->panels->nodes * sizeof *g->f);
  if (!g->f)
    return FC_MEMORY;
  g->df = g->f + g->panels->nodes;
  return fc_poincare_bounds(&g->lower, &upper, g->f, g->df, g->panels, NULL);
}

fc_status fc_poincare_enclose(fc_ptr z, const fc_target *target, fc_srcptr a,
                              fc_srcptr b, const fc_ctx *ctx) {
  fc_poincare_guess guess[1];
  fc_ball_law *law = NULL;
  fc_status status = fc_ball_law_new(&law, target, a, b, ctx);
  if (status)
    return status;
  fc_num low, high;
  fc_init(low, law->real);
  fc_init(high, law->real);
  status = guess_init(guess, target, law->rough_a, law->rough_b);
  if (!status)
    status = fc_rayleigh_below(low, law, guess);
  if (!status)
    status = fc_barta_above(high, law, guess);
  if (!status) {
    fc_hull(low, low, high, law->real);
    fc_convert(z, ctx, low, law->real);
  }
  guess_clear(guess);
  fc_clear(low, law->real);
  fc_clear(high, law->real);
  fc_ball_law_free(law);
  return status;
}
