/* Poincare and log-Sobolev constants of a law on the line,
 *
 *   Var f <= C_P int |f'|^2 p,    Ent(f^2) <= 2 C_LS int |f'|^2 p,
 *
 * (Definitions G.1, G.2).  C_P from both sides; C_LS from below by test
 * functions and from above by Hardy's inequality or by sup T' of the increasing
 * map T from N(0, 1) to the law: C_P <= C_LS <= (sup T')^2.  How: README.md.
 *
 * binary64.  Integrals are exact to about 1e-11 relative (panels.h); bounds are
 * moved outwards by FC_SPECTRAL_ERROR of themselves, which is what the
 * arithmetic may be off.  A supremum over the line is the largest value at the
 * nodes, about a thousand of them, no enclosure; the line ends where the
 * density has fallen by e^-46.
 */
#ifndef FC_SPECTRAL_GAP_SPECTRAL_GAP_H
#define FC_SPECTRAL_GAP_SPECTRAL_GAP_H

#include "spectral_gap/panels.h"

#define FC_SPECTRAL_ERROR 0x1p-30

typedef struct fc_line_constants {
  double mean, variance;
  double poincare_lower, poincare_upper;
  double sobolev_lower; /* >= poincare_lower */
  double sobolev_upper;
  double slope;       /* sup T' over the nodes, polished between them */
  double slope_error; /* how far it may be off */
} fc_line_constants;

/* Failures are those of fc_panels_init, FC_DOMAIN where tails are exponential
 * or heavier, and FC_INTERNAL where the two bounds on C_P contradict each
 * other. */
fc_status fc_line_constants_of(fc_line_constants *constants,
                               fc_line_density *law, fc_error *error);

/* The parts.  f, df: nodes numbers each, the first eigenfunction (mean 0,
 * variance 1) and its derivative > 0. */
fc_status fc_poincare_bounds(double *lower, double *upper, double *f,
                             double *df, const fc_panels *panels,
                             fc_error *error);

/* The largest Ent(f^2)/(2 int f'^2 p) among exp(s g), 1 + s g for g = x and
 * g = the first eigenfunction. */
fc_status fc_sobolev_lower(double *lower, const fc_panels *panels,
                           const double *f, const double *df, fc_error *error);

/* C_LS <= 2 max(B_-, B_+); see sobolev.c. */
fc_status fc_sobolev_upper(double *upper, const fc_panels *panels,
                           fc_error *error);

/* sup phi(z)/p(x) at Phi(z) = F(x). */
fc_status fc_increasing_slope(double *slope, double *slope_error,
                              const fc_panels *panels, fc_error *error);

#endif
