/* The two sides of the claims of gif.velocity, as pointwise functions.  The
 * right sides are the claims' formulas; the left sides take another way:
 * the score as the Taylor coefficient of log p_t in x, the posterior mean M by
 * its closed forms, limits from a point next to the end.
 */
#ifndef FC_CHECKS_GIF_VELOCITY_SIDES_H
#define FC_CHECKS_GIF_VELOCITY_SIDES_H

#include "claims/pointwise.h"

/* s = grad log p_t at x (d numbers), for a and b, from log p_t in series
 * arithmetic. */
fc_status fc_series_score(fc_ptr s, const fc_target *target, fc_srcptr a,
                          fc_srcptr b, fc_srcptr x, const fc_ctx *ctx);

/* v next to t = 0 or t = 1, closer than the job's precision can see: at the
 * end a' E[Z|x] + b' M, E[Z|x] = (x - b M)/a; at the start the same from the
 * series score.  FC_DOMAIN in balls, where a limit would need a bound. */
fc_status fc_velocity_next_to(fc_ptr v, const fc_job *job, bool end,
                              fc_srcptr x, const fc_ctx *ctx);

/* nu has a positive density with continuous gradient about x: *smooth. */
fc_status fc_smooth_at(bool *smooth, const fc_target *target, fc_srcptr x,
                       const fc_ctx *ctx);

/* In x, M: a' E[Z|x] + b' E[X_1|x], both from the series score. */
fc_pointwise_function fc_sides_moments;
/* In x, M: the series score. */
fc_pointwise_function fc_sides_tweedie;
/* In x, s (the series score): a' (x - b M)/a + b' M. */
fc_pointwise_function fc_sides_score_form;
/* In x, M (from the series score): the library's velocity field. */
fc_pointwise_function fc_sides_field;
/* In x, M at t = 0: v next to t = 0. */
fc_pointwise_function fc_sides_start;
/* In x, s at t = 1: v next to t = 1, where nu is smooth. */
fc_pointwise_function fc_sides_end;

#endif
