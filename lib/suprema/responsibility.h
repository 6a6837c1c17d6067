/* Responsibilities r_k ~ exp(g_k), g_k = A_k + B_k.xi + Q_k xi^2, on boxes of
 * the charts of mixture_cover.h; private to this folder.
 *
 * On a box each log-ratio g_j - g_k is monotone along every side, or a
 * parabola: its range is that of few points.  Then 1/(1 + sum_j max r_j/r_k) <=
 * r_k <= 1/(1 + sum_j min r_j/r_k).
 */
#ifndef FC_SUPREMA_RESPONSIBILITY_H
#define FC_SUPREMA_RESPONSIBILITY_H

#include "suprema/cover.h"

typedef struct fc_responsibility fc_responsibility;

fc_status fc_responsibility_new(fc_responsibility **ratio, size_t n,
                                size_t count, const fc_ctx *ctx);
void fc_responsibility_free(fc_responsibility *ratio); /* NULL is allowed */

/* Copies A, Q (count) and B (count*n).  same (count*count, by reference): where
 * Q_j = Q_k exactly; NULL: everywhere, and Q is not looked at. */
void fc_responsibility_set(fc_responsibility *ratio, fc_srcptr A, fc_srcptr B,
                           fc_srcptr Q, const bool *same);

/* Everything below is about the box that was placed last.  Its coordinates, on
 * which derivatives are taken, are xi (n = 1, and the square), or x and s. */
void fc_responsibility_place(fc_responsibility *ratio, const fc_cover_box *box,
                             double scale);

/* count numbers each: enclosures of the least and of the largest r_k on the
 * box; balls that hold r_k on all of it; r_k at its midpoint. */
fc_srcptr fc_responsibility_low(const fc_responsibility *ratio);
fc_srcptr fc_responsibility_high(const fc_responsibility *ratio);
fc_srcptr fc_responsibility_box(const fc_responsibility *ratio);
fc_srcptr fc_responsibility_midpoint(const fc_responsibility *ratio);

bool fc_responsibility_is_finite(const fc_responsibility *ratio);
/* Finite boxes: coordinate minus midpoint. */
fc_srcptr fc_responsibility_deviation(const fc_responsibility *ratio,
                                      size_t along);
/* n = 1: xi on a finite box, and at the midpoint of any. */
fc_srcptr fc_responsibility_range(const fc_responsibility *ratio);
fc_srcptr fc_responsibility_centre(const fc_responsibility *ratio);
/* Finite boxes: z = the derivative of g_j - g_k along a coordinate. */
void fc_responsibility_slope(fc_ptr z, const fc_responsibility *ratio, size_t j,
                             size_t k, size_t along);

/* n = 1: 1 or -1 where the box reaches infinity on that side alone, else 0. */
int fc_responsibility_side(const fc_responsibility *ratio);
/* Such a box: X = the finite end, y = sign xi >= X; g and its rate of change in
 * y there, for the one of g_j - g_k and g_k - g_j that is concave; rate
 * infinite where neither certainly is. */
void fc_responsibility_tail(fc_ptr X, fc_ptr g, fc_ptr rate,
                            const fc_responsibility *ratio, size_t j, size_t k,
                            int sign);

#endif
