/* Perturbed velocity fields w(t, x), written v with a tilde in the paper's
 * Proposition 6.2, for a target and a schedule.
 *
 *   additive        w = v + g(t) delta(t, x), delta a formula a coordinate, g a
 *                   formula in t
 *   multiplicative  w = (1 + eps) v
 *   denoiser        the posterior mean M = E[X_1|X_t = x] replaced by
 *                   M + a_t^2 delta(t, x):  w = v + a omega delta.  By Tweedie
 *                   M = (x + a^2 s)/b, so this is an error of the score of
 *                   order one.  A bias that does not vanish like a^2 at t = 1
 *                   has w - v = (omega/a) delta, of which not even the integral
 *                   over time is finite.
 *   noise           M taken at the noise k a_t in place of a_t, k = 1 + eps:
 *                   w = (a'/a) x + (omega/a) M(k a, b; x)
 *                     = (b'/b) x + (a omega/b) k^2 s(k a, b; x),
 *                   regular at t = 1 as v is.  With the schedule (k a, b) in
 *                   place of (a, b) the field (3.7) has the same (k a)'/(k a)
 *                   and (k omega)/(k a): w is the field of that schedule.
 *   euler           v frozen along each of N steps of length h = 1/N: where
 *                   x -> x + (t - t_k) v(t_k, x) is invertible, w(t, y) =
 *                   v(t_k, x) with y = x + (t - t_k) v(t_k, x)
 *   rounded         v rounded to p bits, coordinate by coordinate: piecewise
 *                   constant, sup|grad w| = infinity
 */
#ifndef FC_PERTURBED_PERTURBED_H
#define FC_PERTURBED_PERTURBED_H

#include "velocity/velocity.h"

typedef enum fc_perturbation_kind {
  FC_PERTURB_ADDITIVE,
  FC_PERTURB_MULTIPLICATIVE,
  FC_PERTURB_DENOISER,
  FC_PERTURB_NOISE,
  FC_PERTURB_EULER,
  FC_PERTURB_ROUNDED
} fc_perturbation_kind;

/* What to do to a field; texts are kept by reference.  Formulas know t, r = 1 -
 * t, a, b, the coordinate x that they are for (a coordinate's delta depends on
 * that coordinate alone), and the class constants kappa, sigma, R of the target
 * (NaN where it has none). */
typedef struct fc_perturbation {
  fc_perturbation_kind kind;
  const char *delta;   /* additive, denoiser: of each coordinate */
  const char *size;    /* multiplicative, noise: the constant eps > -1 */
  unsigned long steps; /* euler: N >= 1 */
  unsigned bits;       /* rounded: p, 2 to 1000 */
  const double *axis;  /* additive, denoiser: delta is the formula (without
                          x) times this vector (d numbers); NULL: each
                          coordinate by itself */
  /* Constants between which the derivative of delta lies for all t and x, which
   * the caller derives; NULL: not known. */
  const char *slope_low, *slope_high;
} fc_perturbation;

typedef struct fc_perturbed fc_perturbed;

/* Binds all three (by reference) to a real context (copied).  FC_PARSE and the
 * like where a formula cannot be read, FC_VALUE where eps <= -1, N = 0 or p is
 * out of range. */
fc_status fc_perturbed_new(fc_perturbed **field, const fc_target *target,
                           const fc_schedule *schedule,
                           const fc_perturbation *perturbation,
                           const fc_ctx *ctx, fc_error *error);
void fc_perturbed_free(fc_perturbed *field); /* NULL is allowed */

/* additive, denoiser: replaces the axis (d numbers of the field's context). */
void fc_perturbed_set_axis(fc_perturbed *field, fc_srcptr axis);

/* Fixes the time. */
fc_status fc_perturbed_set_time(fc_perturbed *field, const fc_time *time);

/* euler: the step that the times from now on belong to, also its end t_{k+1},
 * at which the next one begins; -1 (the default): the last that has begun. */
void fc_perturbed_set_step(fc_perturbed *field, long step);

/* Results, owned by the field. */
typedef struct fc_perturbed_value {
  fc_ptr velocity;   /* d: w */
  fc_ptr exact;      /* d: v */
  fc_ptr difference; /* d: w - v, where it can be had without cancellation */
  fc_ptr jacobian;   /* d*d: grad w, row i column j: dw_i/dx_j */
} fc_perturbed_value;

/* w, v and w - v at x, and with `jacobian` grad w.  FC_UNSUPPORTED for a
 * derivative of rounded; FC_DOMAIN where the step of euler cannot be inverted
 * at x (d = 1: where Newton's method does not find the point; d > 1 likewise).
 */
fc_status fc_perturbed_eval(fc_perturbed *field, fc_srcptr x, bool jacobian);
const fc_perturbed_value *fc_perturbed_values(const fc_perturbed *field);

#endif
