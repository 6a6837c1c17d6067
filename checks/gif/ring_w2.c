/* W_2 between a flow's image and its target in one sector (ring.h). */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gif/ring.h"

/* The grid in xi and eta: steps of 1/PER_UNIT over [-REACH, REACH]. */
enum { REACH = 10, PER_UNIT = 8, HALF = REACH * PER_UNIT, SIDE = 2 * HALF + 1 };

static double gauss(double x) { return 0.3989422804014327 * exp(-x * x / 2); }

/* --- densities on a grid ---------------------------------------------------
 */

/* Mass of a density between nodes i and i+1, exact for cubics. */
static double between(const double *f, size_t n, size_t i, double h) {
  double before = i > 0 ? f[i - 1] : 0, after = i + 2 < n ? f[i + 2] : 0;
  return fmax(0, h / 24 * (-before + 13 * f[i] + 13 * f[i + 1] - after));
}

static double total(const double *f, size_t n, double h) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += f[i];
  return h * sum; /* the trapezoid rule, for f that vanishes at both ends */
}

/* W_2^2 between N(0, 1) and the law with density f (of any mass) at n nodes h
 * apart, the middle one at 0: the mean of |G(y) - y|^2 under that law, where
 * Phi(G(y)) = F(y).  below and above (n each) are for use here. */
static double line_w2(const double *f, size_t n, double h, double *below,
                      double *above) {
  double middle = (double)(n - 1) / 2, sum = 0;
  below[0] = above[n - 1] = 0;
  for (size_t i = 0; i + 1 < n; i++)
    below[i + 1] = below[i] + between(f, n, i, h);
  for (size_t i = n - 1; i > 0; i--)
    above[i - 1] = above[i] + between(f, n, i - 1, h);
  double mass = below[n - 1];
  for (size_t i = 0; i < n; i++) {
    if (!(f[i] > 0 && below[i] > 0 && above[i] > 0))
      continue;
    double y = h * ((double)i - middle);
    double g = below[i] < above[i] ? gsl_cdf_ugaussian_Pinv(below[i] / mass)
                                   : gsl_cdf_ugaussian_Qinv(above[i] / mass);
    sum += h * f[i] * (g - y) * (g - y);
  }
  return sum / mass;
}

/* --- the plane -------------------------------------------------------------
 */

typedef struct plane {
  double *density; /* side*side: w phi phi, row xi, column eta */
  size_t side;
  double h;
  double *row, *below, *above;
} plane;

/* lower^2 and upper^2 over sigma^2, and the mass. */
static void measure(double *lower, double *upper, double *mass,
                    const plane *p) {
  size_t n = p->side;
  double conditional = 0, *along = p->row, *across = p->row + n;
  memset(across, 0, n * sizeof *across);
  for (size_t i = 0; i < n; i++) {
    const double *f = p->density + i * n;
    along[i] = total(f, n, p->h);
    if (along[i] > 1e-30)
      conditional += p->h * along[i] * line_w2(f, n, p->h, p->below, p->above);
    for (size_t j = 0; j < n; j++)
      across[j] += p->h * f[j];
  }
  *mass = total(along, n, p->h);
  double first = line_w2(along, n, p->h, p->below, p->above);
  *lower = first + line_w2(across, n, p->h, p->below, p->above);
  *upper = first + conditional / *mass;
}

/* Every other node. */
static void coarsen(plane *p) {
  size_t n = p->side, m = (n - 1) / 2 + 1;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++)
      p->density[i * m + j] = p->density[2 * i * n + 2 * j];
  p->side = m;
  p->h *= 2;
}

/* log of (dN(0, a^2 I)/dmu)(x) */
static double log_ratio(const fc_ring *ring, double a, double b, double x,
                        double y) {
  double v = a * a + b * b * ring->stddev * ring->stddev, sum = 0,
         most = -INFINITY, exponents[FC_RING_MAX];
  for (size_t k = 0; k < ring->count; k++) {
    double dx = x - b * ring->means[2 * k], dy = y - b * ring->means[2 * k + 1];
    exponents[k] = -(dx * dx + dy * dy) / (2 * v);
    most = fmax(most, exponents[k]);
  }
  for (size_t k = 0; k < ring->count; k++)
    sum += exp(exponents[k] - most);
  return log(v / (a * a)) - (x * x + y * y) / (2 * a * a) - most -
         log(sum / (double)ring->count);
}

/* Nodes that count: eta >= 0, in the disc of radius REACH. */
static bool is_taken(int i, int j) {
  return j >= 0 && i * i + j * j <= HALF * HALF;
}

static size_t taken_count(void) {
  size_t count = 0;
  for (int i = -HALF; i <= HALF; i++)
    for (int j = 0; j <= HALF; j++)
      count += is_taken(i, j);
  return count;
}

/* Those nodes about the first mode, by coordinate. */
static void place(double *x, size_t count, const fc_ring *ring) {
  size_t at = 0;
  const double *m = ring->means;
  double ux = m[0] / ring->radius, uy = m[1] / ring->radius;
  for (int i = -HALF; i <= HALF; i++)
    for (int j = 0; j <= HALF; j++) {
      if (!is_taken(i, j))
        continue;
      double xi = ring->stddev * i / PER_UNIT,
             eta = ring->stddev * j / PER_UNIT;
      x[at] = m[0] + xi * ux - eta * uy;
      x[count + at++] = m[1] + xi * uy + eta * ux;
    }
}

/* w phi phi from where the nodes were at time 0. */
static fc_status weigh(plane *p, const double *start, size_t count,
                       const fc_ring *ring, double a, double b) {
  size_t at = 0;
  for (int i = -HALF; i <= HALF; i++)
    for (int j = 0; j <= HALF; j++) {
      if (!is_taken(i, j))
        continue;
      double w = exp(log_ratio(ring, a, b, start[at], start[count + at])) *
                 gauss((double)i / PER_UNIT) * gauss((double)j / PER_UNIT);
      at++;
      if (!isfinite(w))
        return FC_BUDGET;
      double *row = p->density + (size_t)(i + HALF) * SIDE + HALF;
      row[j] = row[-j] = w;
    }
  return FC_OK;
}

static fc_status fill(plane *p, const fc_ring *ring, const fc_target *target,
                      const fc_schedule *schedule, fc_error *error) {
  size_t count = taken_count();
  double a, b, *end = malloc(2 * count * sizeof *end),
               *start = malloc(2 * count * sizeof *start);
  fc_status status = end && start ? FC_OK : FC_MEMORY;
  if (!status) {
    place(end, count, ring);
    status = fc_ring_backward(start, end, count, ring, target, schedule, error);
  }
  if (!status)
    status = fc_ring_start(&a, &b, schedule);
  if (!status)
    status = weigh(p, start, count, ring, a, b);
  free(end);
  free(start);
  return status;
}

static fc_status plane_init(plane *p) {
  size_t n = SIDE;
  *p = (plane){calloc(n * n, sizeof *p->density),
               n,
               1.0 / PER_UNIT,
               calloc(2 * n, sizeof *p->row),
               calloc(n, sizeof *p->below),
               calloc(n, sizeof *p->above)};
  return p->density && p->row && p->below && p->above ? FC_OK : FC_MEMORY;
}

static void plane_clear(plane *p) {
  free(p->density);
  free(p->row);
  free(p->below);
  free(p->above);
}

fc_status fc_ring_source_w2(fc_ring_w2 *w2, const fc_target *target,
                            const fc_schedule *schedule, fc_error *error) {
  fc_ring ring[1];
  plane p[1];
  if (!fc_ring_of(ring, target))
    return fc_fail(error, FC_UNSUPPORTED, "no ring of narrow Gaussians");
  fc_status status = plane_init(p);
  if (!status)
    status = fill(p, ring, target, schedule, error);
  if (!status) {
    double lower, upper, mass, coarse_lower, coarse_upper, coarse_mass;
    measure(&lower, &upper, &mass, p);
    coarsen(p);
    measure(&coarse_lower, &coarse_upper, &coarse_mass, p);
    w2->lower = ring->stddev * sqrt(lower);
    w2->upper = ring->stddev * sqrt(upper);
    w2->error = fmax(fabs(w2->lower - ring->stddev * sqrt(coarse_lower)),
                     fabs(w2->upper - ring->stddev * sqrt(coarse_upper)));
    w2->error += fabs(mass - 1) * w2->upper;
    w2->mass = mass;
  }
  plane_clear(p);
  return status;
}
