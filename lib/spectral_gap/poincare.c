/* The first eigenfunction of -(p f')' = lambda p f, lambda = 1/C_P.
 *
 * Integrated once (p f' vanishes at both ends):
 *   p(x) f'(x) = lambda int_x^oo p f = -lambda int_-oo^x p f,
 * so that the inverse of the operator is (K f)' = (1/p) int_x^oo p (f - E f).
 * For any f with f' = g > 0 let I(x) = (K f)'(x)/g(x).  Then
 *   inf I <= C_P <= sup I            (Chen's dual variational formula),
 *   C_P >= Var f/int p f'^2          (Rayleigh),
 * with equality for the eigenfunction, to which f, K f, K K f, ... tend (faster
 * by lambda_2/lambda_1 each time; g stays positive).  The integral is taken
 * from the side on which f - E f has one sign up to x: sums without
 * cancellation, so that deep wells cost no digits.
 */
#include <math.h>
#include <stdlib.h>

#include "spectral_gap/spectral_gap.h"

enum { ITERATIONS = 1500 };

#define SETTLED 1e-12

typedef struct iteration {
  const fc_panels *panels;
  double *f, *g, *h, *left, *right; /* nodes each */
  double lower, upper;
} iteration;

/* f = int g, centred and scaled to variance 1; false where that overflows. */
static bool set_function(iteration *it) {
  const fc_panels *panels = it->panels;
  fc_panels_from_middle(it->f, panels, it->g);
  double mean = fc_panels_mean(panels, it->f);
  for (size_t j = 0; j < panels->nodes; j++) {
    it->f[j] -= mean;
    it->h[j] = it->f[j] * it->f[j];
  }
  double size = sqrt(fc_panels_mean(panels, it->h));
  if (!(size > 0 && isfinite(size)))
    return false;
  for (size_t j = 0; j < panels->nodes; j++) {
    it->f[j] /= size;
    it->g[j] /= size;
  }
  return true;
}

/* Rayleigh's quotient of f with Var f = 1. */
static double rayleigh(iteration *it) {
  for (size_t j = 0; j < it->panels->nodes; j++)
    it->h[j] = it->g[j] * it->g[j];
  return 1 / fc_panels_mean(it->panels, it->h);
}

/* g = (K f)', and the range of its ratio to the last g. */
static void apply(iteration *it, double range[2]) {
  const fc_panels *panels = it->panels;
  for (size_t j = 0; j < panels->nodes; j++)
    it->h[j] = panels->p[j] * it->f[j];
  fc_panels_from_left(it->left, panels, it->h);
  fc_panels_to_right(it->right, panels, it->h);
  range[0] = INFINITY;
  range[1] = 0;
  for (size_t j = 0; j < panels->nodes; j++) {
    double flux = it->f[j] > 0 ? it->right[j] : -it->left[j];
    double next = flux / panels->p[j];
    double ratio = next / it->g[j];
    range[0] = fmin(range[0], ratio);
    range[1] = ratio <= range[1] ? range[1] : ratio; /* NaN is seen */
    it->g[j] = next;
  }
}

/* The best lower and the least upper bound of all iterates. */
static fc_status iterate(iteration *it, fc_error *error) {
  double range[2];
  for (size_t j = 0; j < it->panels->nodes; j++)
    it->g[j] = 1;
  it->lower = 0;
  it->upper = INFINITY;
  for (int i = 0; i < ITERATIONS; i++) {
    if (!set_function(it))
      return fc_fail(error, FC_LIMIT,
                     "the first eigenfunction overflows binary64");
    it->lower = fmax(it->lower, rayleigh(it));
    apply(it, range);
    if (!isfinite(range[1]))
      return fc_fail(error, FC_LIMIT,
                     "the first eigenfunction overflows binary64");
    it->upper = fmin(it->upper, range[1]);
    if (range[1] - range[0] <= SETTLED * range[1])
      break;
  }
  return set_function(it)
             ? FC_OK
             : fc_fail(error, FC_LIMIT,
                       "the first eigenfunction overflows binary64");
}

fc_status fc_poincare_bounds(double *lower, double *upper, double *f,
                             double *df, const fc_panels *panels,
                             fc_error *error) {
  double *room = malloc(3 * panels->nodes * sizeof *room);
  if (!room)
    return fc_fail(error, FC_MEMORY, "out of memory");
  iteration it = {.panels = panels,
                  .f = f,
                  .g = df,
                  .h = room,
                  .left = room + panels->nodes,
                  .right = room + 2 * panels->nodes};
  fc_status status = iterate(&it, error);
  free(room);
  if (status)
    return status;
  *lower = it.lower * (1 - FC_SPECTRAL_ERROR);
  *upper = it.upper * (1 + FC_SPECTRAL_ERROR);
  return *lower <= *upper
             ? FC_OK
             : fc_fail(error, FC_INTERNAL,
                       "Rayleigh's quotient exceeds the dual bound on C_P");
}
