/* The velocity field at t = 1 off the support of nu; private to this folder.
 *
 * There the posterior settles on the nearest point p of the support, with
 * M - p = O(a^2).  With delta = x - b p the moment form (3.7) is
 *   v = (a'/a)(x - b M) + b' M = (a'/a) delta + b' p + O(a a'),
 * and a'/a -> -infinity as log a -> -infinity, so that
 *   v_i -> -infinity sign(delta_i), the limit of s_i = -delta_i/a^2;
 *   grad v = (a'/a) I + (b omega/a^3) C with C = O(a^4): a omega is bounded,
 *     so that the second term is O(1), the diagonal -> -infinity, and what is 0
 *     throughout (between blocks of a product) stays 0;
 *   d/dt v = (a'/a)' delta - (a'/a) b' p + b'' p + O(1).  All a of Table 1
 *     have a zero of order k = 1 or 1/2 at t = 1: (a'/a)' ~ -k/(1-t)^2 beats
 *     a'/a ~ -k/(1-t), and the limit is that of v.
 * Of formulas that a user writes this is known only from their derivatives at
 * t = 1: a' < 0 for the first two, a zero of order 1 and a finite b'' for the
 * last; otherwise NaN.
 * Blocks of a product whose part of x is in the support keep their finite
 * limits: nothing couples them to the others.
 */
#ifndef FC_VELOCITY_END_H
#define FC_VELOCITY_END_H

#include "schedule/schedule.h"

/* A x is 0 where A is exactly 0 and x infinite: parts of different blocks. */
bool fc_end_is_apart(fc_srcptr A, fc_srcptr x, const fc_ctx *ctx);

/* What is known of the schedule at t = 1: a'/a -> -infinity; (a'/a)', too, and
 * faster. */
bool fc_end_drift_is_known(const fc_schedule *schedule,
                           const fc_schedule_value *at, const fc_ctx *ctx);
bool fc_end_rate_is_known(const fc_schedule *schedule,
                          const fc_schedule_value *at, const fc_ctx *ctx);

/* z_i = the infinity of from_i (s_i for v and d/dt v, S_ii for the diagonal of
 * grad v) wherever that is infinite, or NaN unless known; count numbers, stride
 * apart. */
void fc_end_put(fc_ptr z, fc_srcptr from, size_t count, size_t stride,
                bool known, const fc_ctx *ctx);

#endif
