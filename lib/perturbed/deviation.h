/* What Proposition 6.2 compares, as expectations over the start X_0 ~ mu =
 * Law(a_0 Z + b_0 X_1):
 *   distance  E|Y_1(X_0) - X_1(X_0)|^2: the cost of one coupling of Y_1#mu and
 *             nu, so at least W_2^2; W_2^2 itself where the coupling is optimal
 *   along_y   int_0^1 E|v - w|^2(t, Y_t) dt, the left side of (6.8)
 *   along_x   int_0^1 E|v - w|^2(t, X_t) dt, the integral of (6.10)
 *
 * How the expectation is taken:
 *   Gaussian nu with an affine w: the 2 d points mean +- sqrt(d lambda_i) e_i,
 *     (lambda_i, e_i) the spectrum of Cov X_0, integrate polynomials of degree
 *     two exactly
 *   d = 1: starts X_{1,0}(y) with y on a uniform mesh, weighted with nu(y): the
 *     trapezoidal rule, whose error falls geometrically for densities that are
 *     analytic; in y steep parts of the flow are spread out
 *   d = 2: its product
 * Each trajectory is integrated, twice where errors are wanted: all stated
 * errors are estimates from what other tolerances and coarser nodes change, and
 * of what is cut off.
 */
#ifndef FC_PERTURBED_DEVIATION_H
#define FC_PERTURBED_DEVIATION_H

#include "perturbed/trajectory.h"

typedef struct fc_deviation {
  fc_num distance, along_y, along_x;
  fc_num distance_error, along_y_error, along_x_error; /* absolute */
  bool optimal; /* distance is W_2^2: monotone on the line, or commuting
                   symmetric affine maps of a Gaussian */
  size_t nodes; /* starting points */
} fc_deviation;

void fc_deviation_init(fc_deviation *deviation, const fc_ctx *ctx);
void fc_deviation_clear(fc_deviation *deviation, const fc_ctx *ctx);

/* True where w is affine in x for a Gaussian target: its matrix is then a
 * function of nu's covariance where delta is an affine function of each
 * coordinate with one slope (stated by the caller: `affine`). */
typedef struct fc_deviation_plan {
  const fc_target *target;
  const fc_schedule *schedule;
  const fc_perturbation *perturbation;
  bool affine;    /* delta is affine with one slope for all coordinates */
  fc_srcptr axis; /* replaces the perturbation's; in ctx, or NULL */
  long bits;      /* to which the result is wanted */
} fc_deviation_plan;

/* FC_UNSUPPORTED where there is no rule (d > 2 and not Gaussian and affine; not
 * smooth); FC_BUDGET where the nodes did not suffice. */
fc_status fc_deviation_compute(fc_deviation *deviation,
                               const fc_deviation_plan *plan, const fc_ctx *ctx,
                               fc_error *error);

/* The spectrum of a Gaussian's covariance, ascending: values (d), vectors (d*d,
 * one a row), and the mean (d); products of Gaussians, too.  FC_UNSUPPORTED for
 * other targets. */
fc_status fc_gaussian_spectrum(fc_ptr mean, fc_ptr values, fc_ptr vectors,
                               const fc_target *target, const fc_ctx *ctx);

#endif
