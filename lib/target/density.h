/* nu ~ exp(-U) on an interval of the line, U a formula in x; private to this
 * folder.
 *
 * U is split at the kinks of its abs, min and max, and known between them with
 * three derivatives.  Its modes are looked for on a grid of 64 points an octave
 * on either side of 0 and of every kink and end, from 2^-40 to 2^40; between
 * its points balls rule out what it does not see (density_wells.c).  Without
 * Arb a mode that is narrower and leaves no trace beside it is not seen.
 */
#ifndef FC_TARGET_DENSITY_H
#define FC_TARGET_DENSITY_H

#include "target/exp_panels.h"
#include "target/target_impl.h"

#define FC_DENSITY_DERIVATIVES 3

/* A local minimum of U, and how far about it U rises by 1/2. */
typedef struct fc_mode {
  double at, scale, potential;
} fc_mode;

struct fc_density {
  fc_formula *potential;                      /* as it was given */
  size_t count;                               /* branches inside the support */
  fc_formula **u[FC_DENSITY_DERIVATIVES + 1]; /* U, U', ...: count each */
  fc_formula **kinks;                         /* count - 1, increasing */
  fc_formula *lower, *upper;                  /* NULL: infinite */
  double *breaks; /* count + 1: lower, kinks, upper in binary64 */
  fc_mode *modes; /* increasing */
  size_t mode_count, deepest;
  fc_formula *kappa, *beta, *lipschitz; /* NULL: not derived */
};

/* density.c */
fc_status fc_density_copy(fc_density **copy, const fc_density *density);
void fc_density_free(fc_density *density); /* NULL is allowed */

/* The branch at y, as binary64 sees it. */
size_t fc_density_branch(const fc_density *density, double y);

/* The k-th derivative of U at y on a branch, in binary64; NaN where it is
 * undefined or memory ran out. */
double fc_density_derivative_d(const fc_density *density, int k, size_t branch,
                               double y);

/* Room for the largest of the formulas. */
size_t fc_density_size(const fc_density *density);

/* density_modes.c: modes, mode_count and deepest from the rest. */
fc_status fc_density_find_modes(fc_density *density, fc_error *error);

/* density_wells.c: places (malloc'd, in no order, with repetitions) between the
 * points of a grid (increasing; U there) where U is lower than beside them.
 * Where there is Arb none deeper than 1/4 is missed, or FC_LIMIT says where one
 * could not be ruled out; without Arb there are no places. */
fc_status fc_density_find_wells(double **places, size_t *count,
                                const fc_density *density, const double *at,
                                const double *u, size_t points,
                                fc_error *error);

/* density_constants.c: kappa, beta and lipschitz from the branches. */
fc_status fc_density_derive(fc_density *density);
fc_status fc_density_constant(fc_ptr z, const char **why,
                              const fc_density *density,
                              fc_class_constant which, const fc_ctx *ctx);

/* z = U^(k)(y). */
fc_status fc_density_derivative(fc_ptr z, const fc_density *density, int k,
                                size_t branch, fc_srcptr y, const fc_ctx *ctx);

/* density_level.c: a density bound to one working precision.  Places are
 * offsets from an origin, so that a narrow window far from 0 keeps its digits.
 */
typedef struct fc_density_level {
  fc_ctx ctx[1]; /* binary64 or MPFR */
  const fc_density *density;
  fc_ptr breaks;  /* count + 1; the infinite ones are not used */
  fc_ptr offsets; /* count + 1: the breaks from the origin */
  fc_exp_panels *panels;
  fc_ptr origin;
  fc_ptr log_norm; /* log of the integral of exp(-U), where normed */
  bool normed;
  fc_ptr room;  /* 8 */
  fc_ptr nodes; /* fc_density_size: for the formulas */
} fc_density_level;

fc_status fc_density_level_new(fc_density_level **level,
                               const fc_density *density, const fc_ctx *ctx);
void fc_density_level_free(fc_density_level *level); /* NULL is allowed */

/* exp(-U) times the exponential of a further part, between two places.  All
 * places are offsets from level->origin. */
typedef struct fc_density_window {
  /* z += the further part at an offset; NULL: none. */
  void (*add)(fc_ptr z, fc_srcptr offset, void *data);
  void *data;
  double low, high;    /* infinite: as far as the support goes */
  fc_srcptr exact[2];  /* low and high where the integral ends there, or NULL
                          where it may be cut anywhere about there */
  double centre, step; /* place and width of the further part; step = 0: none */
  int order;           /* moments up to this one are wanted */
  double bits;
} fc_density_window;

/* level->panels = quadrature of that.  Fails as fc_exp_panels_run does. */
fc_status fc_density_integrate(fc_density_level *level,
                               const fc_density_window *window);

/* z = the log of the integral. */
void fc_density_log_mass(fc_ptr z, const fc_density_level *level);

/* Sets log_norm and the origin 0. */
fc_status fc_density_norm(fc_density_level *level);

#endif
