/* Derivatives of the posterior that do not know the formulas for them: the
 * posterior is evaluated in series arithmetic at x + h e or at t + h, and the
 * coefficients of h are read off.
 */
#ifndef FC_CHECKS_GIF_SERIES_PROBE_H
#define FC_CHECKS_GIF_SERIES_PROBE_H

#include "claims/pointwise.h"

typedef struct fc_probe {
  fc_workspace *workspace; /* its ctx is the base of the series */
  fc_ctx ctx[1];
  size_t d;
  fc_posterior *posterior;
  fc_time time[1];
  fc_schedule_value at[1]; /* a, b, a', b' at the probe's time */
  fc_ptr x, v;             /* d series each */
  fc_num keep, rest;       /* scratch, series */
} fc_probe;

/* Series of the given length over the workspace's context, at its point. */
fc_status fc_probe_init(fc_probe *probe, fc_workspace *workspace, long length);
void fc_probe_clear(fc_probe *probe);

/* t stays / becomes t + h. */
void fc_probe_fix_time(fc_probe *probe);
fc_status fc_probe_move_time(fc_probe *probe);

/* x stays (direction NULL) / becomes x + h direction, d numbers of the base. */
void fc_probe_place(fc_probe *probe, fc_srcptr direction);

/* Evaluates the posterior here. */
fc_status fc_probe_posterior(fc_probe *probe, unsigned want);

/* rate = the first coefficient of log p at t + h, x + h direction (x where
 * NULL): the probe is left there. */
fc_status fc_probe_density_rate(fc_ptr rate, fc_probe *probe,
                                fc_srcptr direction);

/* v = a' E[Z] + b' M, E[Z] = (x - b M)/a: (3.5) from the mean alone. */
fc_status fc_probe_velocity(fc_probe *probe);

/* True where a claim is not looked at: controls anywhere but at t = 1/4, where
 * a planted error shows if it shows at all (no coefficient is special there),
 * so that they cost a fraction of what they guard; in binary64 everything
 * within 1/16 of either end, where cancellation between the terms eats its
 * digits. */
bool fc_point_rests(const fc_workspace *workspace);

/* Directions that determine a symmetric matrix: e_i, then e_i + e_j (i < j).
 */
size_t fc_length_directions(const fc_job *job); /* d (d + 1)/2 */
void fc_direction(fc_ptr e, size_t k, size_t d, const fc_ctx *ctx);

/* z = e^T A e. */
void fc_quadratic_form(fc_ptr z, fc_srcptr A, fc_srcptr e, size_t d,
                       const fc_ctx *ctx);

#endif
