/* Integrals of exp(-U) in balls; private to this folder.
 *
 * Arb's rigorous quadrature (acb_calc_integrate) over a window, cut at the
 * kinks of U so that each integrand is holomorphic about its piece; what lies
 * beyond the window is bounded by an argument (README.md).
 */
#ifndef FC_TARGET_DENSITY_BALLS_H
#define FC_TARGET_DENSITY_BALLS_H

#include "target/density_place.h"
#include "target/posterior_impl.h"

enum {
  FC_BALL_MOMENTS = 4,
  FC_BALL_SPAN = 20 /* places keep this many times the precision */
};

/* A density bound to one working precision. */
typedef struct fc_ball_level {
  fc_ctx real[1], complex[1];
  const fc_density *density;
  fc_ptr breaks;   /* real, count + 1; the infinite ones are not used */
  size_t size;     /* of the largest formula */
  fc_ptr nodes[2]; /* size real ones, size complex ones: for the formulas */
  fc_ptr log_norm; /* real: log of the integral of exp(-U), where normed */
  bool normed;
} fc_ball_level;

fc_status fc_ball_level_new(fc_ball_level **level, const fc_density *density,
                            long precision);
void fc_ball_level_free(fc_ball_level *level); /* NULL is allowed */

/* The integral of exp(-U) times a factor; real numbers in level->real. */
typedef struct fc_ball_integral {
  fc_ball_level *level;
  fc_density_place place[1];
  fc_srcptr a, b, x; /* not read where the factor is 1 */
  fc_srcptr ends[2]; /* inside the support; NULL: that of the support */
  int order;         /* moments wanted, below FC_BALL_MOMENTS */
  fc_ptr numbers;    /* behind what follows */
  /* results: y = origin + 2^scale s, and sums[k], k = 0 .. order, encloses the
   * integral of s^k exp(-U(y) - shift) factor ds */
  fc_ptr origin, shift; /* exact */
  long scale;
  fc_ptr rest; /* x - b origin */
  bool has_knee;
  fc_ptr knee, short_of_1; /* density_integral_arb.c */
  fc_ptr sums;             /* FC_BALL_MOMENTS */
} fc_ball_integral;

fc_status fc_ball_integral_init(fc_ball_integral *z, fc_ball_level *level);
void fc_ball_integral_clear(fc_ball_integral *z);

/* place->factor, a, b, x, ends and order are given.  FC_DOMAIN where binary64
 * does not see the integrand, FC_BUDGET where no tail argument applies or the
 * quadrature does not converge. */
fc_status fc_ball_integrate(fc_ball_integral *z);

/* Sets level->log_norm. */
fc_status fc_ball_norm(fc_ball_level *level);

/* z = U^(k)(y), real; y not z. */
void fc_ball_derivative(fc_ptr z, fc_ball_level *level, int k, size_t branch,
                        fc_srcptr y);

/* The branch to the right of y, and to the left of it; false where that is not
 * certain. */
bool fc_ball_branch(size_t *branch, const fc_ball_level *level, fc_srcptr y);
bool fc_ball_branch_left(size_t *branch, const fc_ball_level *level,
                         fc_srcptr y);

/* density_tails_arb.c.  tails[k] bounds the integral of |s|^k exp(-U - shift)
 * factor ds from the offset (a real number, exact) outwards, side = -1 or 1;
 * false where no argument applies. */
bool fc_ball_tail(fc_ptr tails, const fc_ball_integral *z, fc_srcptr offset,
                  int side);

/* The same between a place at which U is singular, given as a constant and as a
 * ball, and a distance (exact) from it on the side -1 or 1, in a branch. */
bool fc_ball_singular_end(fc_ptr tails, const fc_ball_integral *z,
                          const fc_formula *place, fc_srcptr start,
                          fc_srcptr distance, int side, size_t branch);

/* z = the log of the integrand at y = start + v. */
void fc_ball_log_weight(fc_ptr z, const fc_ball_integral *integral,
                        fc_srcptr start, fc_srcptr v, size_t branch);

/* cdf_density_arb.c: see fc_posterior_cdf; levels as in the posterior. */
fc_status fc_density_cdf_balls(fc_ptr below, fc_ptr above,
                               fc_posterior *posterior, fc_srcptr a,
                               fc_srcptr b, fc_srcptr x, fc_error *error);

enum { FC_BALL_LEVELS = 7 };
typedef struct fc_density_balls {
  fc_ball_level *level[FC_BALL_LEVELS]; /* made when first needed */
} fc_density_balls;

/* Level i: 32 * 2^i guard bits. */
fc_status fc_density_balls_level(fc_ball_level **level, fc_posterior *posterior,
                                 int i);

/* The kind of posterior for real balls. */
extern const fc_posterior_kind fc_posterior_density_balls;

#endif
