/* A law on the line as its log density in binary64: p_t = Law(a Z + b X_1) of a
 * target on the line, or the law of <e, a Z + b X_1> for a Gaussian mixture in
 * R^d and a unit vector e.
 */
#ifndef FC_SPECTRAL_GAP_LINE_DENSITY_H
#define FC_SPECTRAL_GAP_LINE_DENSITY_H

#include "target/posterior.h"

typedef struct fc_line_density fc_line_density;

/* target: d = 1, kept by reference; a, b >= 0, not both zero.  FC_SHAPE,
 * FC_MEMORY, or why its posterior cannot be made. */
fc_status fc_line_density_new(fc_line_density **law, const fc_target *target,
                              double a, double b, fc_error *error);

/* target: a Gaussian mixture that is no product (FC_UNSUPPORTED otherwise);
 * direction: d numbers, not all zero, of any length: e is made of them. */
fc_status fc_line_density_new_marginal(fc_line_density **law,
                                       const fc_target *target,
                                       const double *direction, double a,
                                       double b, fc_error *error);

/* sum_k w_k N(m_k, v_k), weights of any scale. */
fc_status fc_line_density_new_mixture(fc_line_density **law, size_t count,
                                      const double *weights,
                                      const double *means,
                                      const double *variances, fc_error *error);
void fc_line_density_free(fc_line_density *law); /* NULL is allowed */

/* log p(x); -infinity off the support. */
double fc_line_density_log(fc_line_density *law, double x);

/* Gaussian mixtures: the largest variance of a component, and the largest
 * square of the length on which one wider than `variance` falls off at x, (v/(x
 * - m))^2, 0 where none is wider.  Other laws: both 0. */
double fc_line_density_widest(const fc_line_density *law);
double fc_line_density_hidden(const fc_line_density *law, double x,
                              double variance);

/* Points in ascending order between which p has at most one maximum and where
 * it may jump or bend: b times the landmarks of the target. */
const double *fc_line_density_marks(size_t *count, const fc_line_density *law);

#endif
