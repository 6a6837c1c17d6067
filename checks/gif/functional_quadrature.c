#include "gif/functional_quadrature.h"

#include <math.h>

#include "spectral_gap/panels.h"

enum {
  CUTS = 16, /* panels of width 1/(CUTS k) at most */
  PANEL_LIMIT = 20000
};

typedef struct integrand {
  fc_line_density *law;
  double sums[FC_STEP_INTEGRALS], mass;
  double speed; /* theta = speed x */
  double shift;
  const fc_step_integrand *of;
} integrand;

/* |grad (P f^2)^(1/2)|^2/(b k)^2 = (P(f f')/k)^2/P f^2 at x, P by the
 * trapezoidal rule, whose error is below exp(-2 pi^2/h^2) = 1e-15. */
static double direct(const integrand *y, double x) {
  static const double h = 0.75, end = 8.25;
  double square = 0, slope = 0;
  for (double z = -end; z <= end; z += h) {
    double phase = y->of->noise * z + y->speed * x / 2,
           weight = exp(-z * z / 2);
    square += weight * sin(phase) * sin(phase);
    slope += weight * sin(phase) * cos(phase);
  }
  return slope * slope / square * h / sqrt(2 * acos(-1));
}

static void add_node(integrand *y, double x, double weight) {
  double p = weight * exp(fc_line_density_log(y->law, x));
  double c = cos(y->speed * x), e = exp(y->of->rate * (x - y->shift));
  y->mass += p;
  y->sums[FC_STEP_COSINE] += p * c;
  y->sums[FC_STEP_TWICE] += p * cos(2 * y->speed * x);
  y->sums[FC_STEP_KERNEL] += p / (1 - y->of->q * c);
  y->sums[FC_STEP_ONCE_EXP] += p * e;
  y->sums[FC_STEP_TWICE_EXP] += p * e * e;
  if (y->of->noise > 0)
    y->sums[FC_STEP_DIRECT] += p * direct(y, x);
}

/* Each panel is cut to the width, and its nodes moved into the parts: a
 * sixteenth of a radian in theta to either side, and no more than what the
 * poles of 1/(1 - q cos theta) are off the line, a/b in x: 16 nodes resolve it
 * to 1e-12. */
static fc_status integrate(integrand *y, double width) {
  fc_panels panels[1];
  fc_status status = fc_panels_init(panels, y->law, NULL);
  if (status)
    return status;
  size_t used = 0;
  for (size_t i = 0; i < panels->count && !status; i++) {
    const double *x = panels->x + FC_PANEL_NODES * i;
    const double *w = panels->w + FC_PANEL_NODES * i;
    double half = panels->half[i], centre = (x[0] + x[FC_PANEL_NODES - 1]) / 2;
    double parts = ceil(fmin(2 * half / width, PANEL_LIMIT));
    used += (size_t)parts;
    status = used < PANEL_LIMIT ? FC_OK : FC_BUDGET;
    for (double n = 0; n < parts && !status; n++)
      for (int j = 0; j < FC_PANEL_NODES; j++) {
        double middle = centre + half * ((2 * n + 1) / parts - 1);
        add_node(y, middle + (x[j] - centre) / parts, w[j] / parts);
      }
  }
  fc_panels_clear(panels);
  return status;
}

fc_status fc_step_integrals(double means[FC_STEP_INTEGRALS],
                            const fc_step_integrand *of,
                            const fc_target *target) {
  size_t count;
  integrand y = {.speed = 2 * of->k * of->b, .of = of};
  fc_status status = fc_line_density_new(&y.law, target, 0, 1, NULL);
  if (status)
    return status;
  const double *marks = fc_line_density_marks(&count, y.law);
  y.shift = (marks[0] + marks[count - 1]) / 2;
  status = integrate(&y, fmin(1 / (CUTS * of->k), 2 * of->poles));
  fc_line_density_free(y.law);
  for (int i = 0; i < FC_STEP_INTEGRALS; i++)
    means[i] = y.sums[i] / y.mass;
  return status;
}
