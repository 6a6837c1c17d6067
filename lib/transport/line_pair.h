/* The monotone coupling of two laws on the line as a curve; private to this
 * folder.
 *
 * W_2^2 = int_0^1 D(z)^2 dz, D = F^-1 - G^-1.  The curve {(x, y): F(x) = G(y)}
 * is passed with u = x + y (each in its own frame), which is smooth also where
 * a quantile is steep or constant:
 *   dx/du = q/(p + q),  dy/du = p/(p + q),  dz/du = p q/(p + q).
 * Where one law stays at an atom, the other one's position is u and dz/du its
 * density.
 */
#ifndef FC_TRANSPORT_LINE_PAIR_H
#define FC_TRANSPORT_LINE_PAIR_H

#include "transport/line_law.h"

typedef struct fc_line_pair {
  fc_ctx ctx;
  fc_line_law law[2];
  fc_num shift;     /* (centre_0 - centre_1) 2^-scale */
  long exponent[2]; /* D = shift + 2^e_0 x_0 - 2^e_1 x_1 */
  long scale; /* what was divided by: max of the frames' and the shift's */
  /* a point of the curve */
  fc_num x[2];
  fc_num gap;   /* D */
  fc_num flow;  /* dz/du */
  double blur;  /* how far rounding may move D */
  double waver; /* by what part of it rounding of u may change dz/du */
  /* scratch */
  fc_num f, slope, turn, step, low, high, t, w;
} fc_line_pair;

fc_status fc_line_pair_init(fc_line_pair *pair, const fc_target *p,
                            const fc_target *q, double reach, const fc_ctx *ctx,
                            fc_error *error);
/* A pair whose laws, both in one frame of this scale, are still to be made. */
void fc_line_pair_start(fc_line_pair *pair, long scale, const fc_ctx *ctx);
void fc_line_pair_clear(fc_line_pair *pair); /* also after a failure */

/* Where both laws are: in a stretch, or at an event (`fixed`). */
typedef struct fc_line_cell {
  long at[2];
  bool fixed[2];
} fc_line_cell;

/* Fills the point of the curve at u, x[0] being within [low, high], from a
 * start in there (NULL: the middle).  Not both fixed. */
fc_status fc_line_pair_solve(fc_line_pair *pair, const fc_line_cell *cell,
                             fc_srcptr u, fc_srcptr low, fc_srcptr high,
                             fc_srcptr start);

/* gap = D at x[0], x[1]. */
void fc_line_pair_set_gap(fc_line_pair *pair);

/* x = where law i has the mass `below` on its left and `above` on its right,
 * inside a stretch, between low and high; sought from x where that is inside.
 */
fc_status fc_line_quantile(fc_ptr x, fc_line_law *law, long stretch,
                           fc_srcptr below, fc_srcptr above, fc_srcptr low,
                           fc_srcptr high);

#endif
