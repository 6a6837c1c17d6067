/* Mixtures of equal narrow Gaussians on a regular polygon about the origin, the
 * law of Section 6,
 *
 *   nu = 1/K sum_j N(m_j, sigma^2 I),  |m_j| = R,  2 pi/K apart,
 *
 * and their flows from N(0, a_0^2 I) in place of mu = Law(a_0 Z + b_0 X_1),
 * binary64.
 *
 * nu and X_{0,1} have the symmetries of the polygon: the reflections in the
 * bisectors of neighbouring modes leave both alone, so that X_{0,1} maps the
 * sector of each mode onto itself.  For laws P and Q with these symmetries,
 *
 *   W_2(P, Q) = W_2(P in a sector, Q in that sector), both of mass one:
 *
 * folding the plane into the sector (reflecting until one is in) brings no two
 * points further apart, so it makes no coupling dearer, and a coupling in the
 * sector may be copied to all of them.
 */
#ifndef FC_CHECKS_GIF_RING_H
#define FC_CHECKS_GIF_RING_H

#include "schedule/schedule.h"
#include "target/target.h"

enum { FC_RING_MAX = 64 };

typedef struct fc_ring {
  size_t count; /* K */
  double radius, stddev;
  double means[2 * FC_RING_MAX]; /* by angle, row by row */
} fc_ring;

/* False where the target is no such law (to 2^-40 of the radius) with K >= 2
 * and modes that are at least 40 standard deviations from the next sector. */
bool fc_ring_of(fc_ring *ring, const fc_target *target);

/* |m_{j+steps} - m_j| */
double fc_ring_chord(const fc_ring *ring, size_t steps);

/* The sector in which x lies: the index of the nearest mean. */
size_t fc_ring_sector(const fc_ring *ring, double x, double y);

/* a_0 and b_0. */
fc_status fc_ring_start(double *a, double *b, const fc_schedule *schedule);

/* X_{0,1} and its inverse at n points, arrays by coordinate (x[p], then x[n +
 * p]), as fc_kernel_flow_batch; where one mode alone matters, in closed form.
 */
fc_status fc_ring_forward(double *to, const double *from, size_t n,
                          const fc_ring *ring, const fc_target *target,
                          const fc_schedule *schedule, fc_error *error);
fc_status fc_ring_backward(double *to, const double *from, size_t n,
                           const fc_ring *ring, const fc_target *target,
                           const fc_schedule *schedule, fc_error *error);

/* M with dP/dnu <= M for P = X_{0,1}#N(0, a_0^2 I):  with V = a_0^2 + sigma^2
 * b_0^2, mu >= N(0, V I) exp(-b_0^2 R^2/(2V)) (the mean of exp over the modes
 * is at least exp of the mean, 1), so that M = (V/a_0^2) exp(b_0^2 R^2/(2V)).
 * So P(farther than r sigma from all modes) <= M exp(-r^2/2). */
double fc_ring_density_ratio(const fc_ring *ring, double a, double b);

/* W_2(X_{0,1}#N(0, a_0^2 I), nu) from both sides, by quadrature. */
typedef struct fc_ring_w2 {
  double lower, upper;
  double error; /* how far both may be off: what halving the step changes, and
                   the mass that is missed; an estimate */
  double mass;  /* of P in the sector, times K: 1 up to the error */
} fc_ring_w2;

/* With X_{0,1}#N(0, a_0^2 I) = w nu, w = (dN(0, a_0^2 I)/dmu) o X_{1,0}, in
 * coordinates m_j + sigma (xi, eta), xi along m_j: the density in the sector is
 * w phi(xi) phi(eta) up to exp(-800).  upper: the coupling that takes xi by
 * quantiles and then eta by quantiles given xi (Knothe, Rosenblatt).  lower:
 * the marginals in xi and eta, each by quantiles, which no coupling beats. */
fc_status fc_ring_source_w2(fc_ring_w2 *w2, const fc_target *target,
                            const fc_schedule *schedule, fc_error *error);

#endif
