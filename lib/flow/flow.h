/* The flow X_{s,t}: X_{s,t}(x) is where the solution of dX/dt = v(t, X),
 * (3.10), that is at x at the time s is at the time t, for any s, t in [0, 1],
 * forward and backward; and its derivative in x.
 *
 * Unrelated methods, to be set against each other:
 *   closed    a single Gaussian N(m, Sigma):
 *             X = b_t m + S_t S_s^-1 (x - b_s m), S = (a^2 I + b^2
 * Sigma)^(1/2); equal isotropic components with collinear means: the exact map
 *             along the line, a Gaussian's factor across it
 *   exact     on the line, F_t(X_{s,t}(x)) = F_s(x): X = F_t^-1(F_s(x)),
 *             dX/dx = p_s(x)/p_t(X); no equation is solved
 *   taylor    Taylor integration in a coordinate without 0/0 at either end, the
 *             noise-free ratio q of equal isotropic mixtures (component.c) or
 *             the angle atan2(b, a) (angle.c)
 *   direct    Taylor integration of (3.10) as it is written, in t
 *   gsl       GSL's odeiv2 in the angle, binary64 only
 *   validated Taylor integration with proved remainders and Lohner's sets, for
 *             mixtures of Gaussians in any d, balls only (tape.h, tube.h)
 * A product takes each factor by itself, by any method.
 */
#ifndef FC_FLOW_FLOW_H
#define FC_FLOW_FLOW_H

#include "schedule/schedule.h"
#include "target/target.h"

typedef struct fc_flow fc_flow;

typedef enum fc_flow_method {
  FC_FLOW_AUTO, /* the first of closed, exact, taylor, validated that applies;
                   in MPFR and rounded where a probability vanishes in binary64;
                   validated for wide balls of mixtures */
  FC_FLOW_CLOSED,
  FC_FLOW_EXACT,
  FC_FLOW_TAYLOR,
  FC_FLOW_DIRECT,
  FC_FLOW_GSL,
  FC_FLOW_VALIDATED,
  FC_FLOW_METHOD_COUNT
} fc_flow_method;

const char *fc_flow_method_name(fc_flow_method method); /* "closed", ... */

enum { FC_FLOW_POSITION = 1, FC_FLOW_JACOBIAN = 2 };

/* Results, owned by the fc_flow. */
typedef struct fc_flow_value {
  fc_ptr x;        /* d: X_{s,t}(x) */
  fc_ptr jacobian; /* d*d, row i column j: dX_i/dx_j; not symmetric for d > 1 */
  /* How far any entry may be off, absolutely (one number each).  In balls 0:
   * the radii say it, and are proved.  Elsewhere an estimate: what changing
   * order and step (taylor, direct), tolerance and method (gsl) or precision
   * changes, with a margin. */
  fc_ptr x_error;
  fc_ptr jacobian_error;
} fc_flow_value;

/* Binds target and schedule (kept by reference, must outlive) to ctx (copied).
 * FC_UNSUPPORTED where the method does not apply to the target or in the
 * context: closed and exact work in all real ones, taylor and direct in
 * binary64 and MPFR, gsl in binary64, validated in balls. */
fc_status fc_flow_new(fc_flow **flow, const fc_target *target,
                      const fc_schedule *schedule, fc_flow_method method,
                      const fc_ctx *ctx, fc_error *error);
void fc_flow_free(fc_flow *flow); /* NULL is allowed */

/* Fixes s and t for the points that follow.  FC_DOMAIN where the flow does not
 * reach one of them: atoms at t = 1 (Theorem 5.2 ends before it), and there
 * taylor and direct where log p_1 is not smooth on all of R^d. */
fc_status fc_flow_set_times(fc_flow *flow, const fc_time *s, const fc_time *t,
                            fc_error *error);

/* Evaluates what is wanted (FC_FLOW_... ored) at x (d numbers).  FC_BUDGET
 * where the steps ran out: error says how far it got, and fc_flow_reached
 * tells. FC_DOMAIN where x is not in the domain (s = 1, off the support).
 *
 * In balls the values enclose those at every point of the balls x: a box of any
 * width is a start, too.  Where validated ends with FC_BUDGET (the steps ran
 * out, or the set became too wide for the precision) the result is partial and
 * true: both values enclose X_{s,r} and its derivative at the binary64 time r =
 * fc_flow_reached (x and I where r is s); of a product this says nothing. */
fc_status fc_flow_eval(fc_flow *flow, fc_srcptr x, unsigned want,
                       fc_error *error);

const fc_flow_value *fc_flow_values(const fc_flow *flow);

/* The singular values of the last derivative where they are known better than
 * its entries tell (collinear means: one number along the line, one across),
 * and how far each may be off; false for other flows. */
typedef struct fc_flow_stretch {
  fc_srcptr along, along_error, across, across_error;
} fc_flow_stretch;
bool fc_flow_get_stretch(fc_flow_stretch *stretch, const fc_flow *flow);

/* The method that AUTO took (that of the first factor of a product). */
fc_flow_method fc_flow_method_used(const fc_flow *flow);

/* Steps a trajectory may take in all; of gsl, ten times that; of validated
 * those of all cells of a box together, a step counting as many as its series
 * cost (one and one for each product of series of full order).  Default: 20000
 * up to 192 bits, then fewer with the cube of the precision, down to 400. */
void fc_flow_set_budget(fc_flow *flow, long steps);

/* The time up to which the last evaluation got, rounded towards s: t itself
 * where it succeeded. */
double fc_flow_reached(const fc_flow *flow);

#endif
