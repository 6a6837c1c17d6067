#include "spectral_gap/enclosure_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "spectral_gap/spectral_gap.h"

static void guess_clear(fc_poincare_guess *g) {
  fc_panels_clear(g->panels);
  free(g->f);
  free(g->weights);
}

static fc_status guess_eigenfunction(fc_poincare_guess *g) {
  fc_line_density *law = NULL;
  double upper;
  double *variances = calloc(g->count, sizeof *variances);
  if (!variances)
    return FC_MEMORY;
  for (size_t k = 0; k < g->count; k++)
    variances[k] = g->variance;
  fc_status status = fc_line_density_new_mixture(&law, g->count, g->weights,
                                                 g->means, variances, NULL);
  free(variances);
  if (!status)
    status = fc_panels_init(g->panels, law, NULL);
  fc_line_density_free(law);
  if (status)
    return status;
  g->f = malloc(2 * g->panels->nodes * sizeof *g->f);
  g->df = g->f + g->panels->nodes;
  return g->f ? fc_poincare_bounds(&g->lower, &upper, g->f, g->df, g->panels,
                                   NULL)
              : FC_MEMORY;
}

static fc_status guess_init(fc_poincare_guess *g,
                            const fc_line_mixture *mixture, const fc_ctx *ctx) {
  memset(g, 0, sizeof *g);
  g->count = mixture->count;
  g->weights = calloc(2 * g->count, sizeof *g->weights);
  if (!g->weights)
    return FC_MEMORY;
  g->means = g->weights + g->count;
  for (size_t k = 0; k < g->count; k++) {
    g->weights[k] = fc_get_d(mixture->weights + k, ctx);
    g->means[k] = fc_get_d(mixture->means + k, ctx);
  }
  g->variance = fc_get_d(mixture->variance, ctx);
  return guess_eigenfunction(g);
}

fc_status fc_poincare_enclose(fc_ptr z, const fc_line_mixture *mixture,
                              const fc_ctx *ctx) {
  fc_poincare_guess guess[1];
  if (ctx->kind != FC_ARB)
    return FC_UNSUPPORTED;
  fc_num low, high;
  fc_init(low, ctx);
  fc_init(high, ctx);
  fc_status status = guess_init(guess, mixture, ctx);
  if (!status)
    status = fc_rayleigh_below(low, mixture, guess, ctx);
  if (!status)
    status = fc_barta_above(high, mixture, guess, ctx);
  if (!status)
    fc_hull(z, low, high, ctx);
  guess_clear(guess);
  fc_clear(low, ctx);
  fc_clear(high, ctx);
  return status;
}
