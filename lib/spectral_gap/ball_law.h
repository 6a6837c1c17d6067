/* p_t = Law(a Z + b X_1) on the line in balls: what the two bounds of
 * enclosure.h ask of it; private to this folder.  U = -log p_t.
 */
#ifndef FC_SPECTRAL_GAP_BALL_LAW_H
#define FC_SPECTRAL_GAP_BALL_LAW_H

#include "target/posterior.h"

enum {
  FC_BALL_ORDER = 8, /* of the Taylor polynomials of W */
  FC_BALL_PRECISION = 64
};

/* One term w N(m, v) restricted to [lower, upper], or uniform there, after
 * multiplication with b and, but where it is restricted, with the noise.  NULL:
 * infinite. */
typedef struct fc_ball_term {
  fc_ptr weight, mean, variance; /* uniform: no mean, no variance */
  fc_ptr lower, upper;
  bool uniform;
  bool widest; /* its width is exactly that of the widest */
} fc_ball_term;

typedef struct fc_ball_law {
  fc_ctx real[1], series[1], complex[1], plain[1]; /* plain: binary64 */
  const fc_target *target;
  fc_posterior *posterior, *rough; /* in series, in binary64 */
  size_t count;
  fc_ball_term *terms;
  fc_ptr numbers, room; /* real; series */
  fc_ptr a, b;          /* real */
  double rough_a, rough_b;
  bool piece; /* one piece, so that U is convex; else a mixture */
  bool end;   /* a = 0 */
} fc_ball_law;

/* target: kept by reference; a Gaussian mixture or one piece on the line.
 * FC_UNSUPPORTED for others and without Arb, FC_DOMAIN where p_t is no density.
 */
fc_status fc_ball_law_new(fc_ball_law **law, const fc_target *target,
                          fc_srcptr a, fc_srcptr b, const fc_ctx *ctx);
void fc_ball_law_free(fc_ball_law *law); /* NULL is allowed */

/* The end of the support on a side (1: the right one); NULL: infinite. */
fc_srcptr fc_ball_law_end(const fc_ball_law *law, int side);

/* w = W = U'^2/4 + U''/2 as a series about x (real, not a series), right up to
 * the coefficient FC_BALL_ORDER; inside the support, or on its end. */
fc_status fc_ball_law_potential(fc_ptr w, fc_ball_law *law, fc_srcptr x);

/* W, W' and W'' in binary64, W'' only at a = 0 on a piece (0 elsewhere). */
void fc_ball_law_rough(double w[3], fc_ball_law *law, double x);

/* w <= W on the whole half line beyond x on a side; FC_BUDGET where no argument
 * says so much. */
fc_status fc_ball_law_tail(fc_ptr w, fc_ball_law *law, double x, int side);

/* cosines[n], sines[n] = E cos n omega (x - c), E sin n omega (x - c),
 * n < count; omega and c exact. */
fc_status fc_ball_law_moments(fc_ptr cosines, fc_ptr sines, size_t count,
                              const fc_ball_law *law, double omega, double c);

#endif
