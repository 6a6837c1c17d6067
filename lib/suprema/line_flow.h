/* sup over ALL x of |grad X_{s,t}(x)|, enclosed: of laws on the line, and of
 * laws whose flow falls apart into such and Gaussians (products, equal
 * isotropic components with collinear means).
 *
 * On the line F_t(y) = F_s(x) for y = X_{s,t}(x), hence X' = p_s(x)/p_t(y).
 * Three ways, from cheap to dear:
 *   closed      a Gaussian: the derivative is the same everywhere
 *   integrated  an elementary bound on the posterior covariance, integrated in
 *               time, is met by a value: C <= c(u) gives |grad X| <= (a_t/a_s)
 *               exp(int u c du) (the master formula), and the limit at infinity
 *               or a point attains it
 *   searched    best-first bisection in balls over [x_0, x_1] -> [y_0, y_1];
 *               log X' is bounded on a leaf through its first two derivatives
 *               in x and in y, whichever is better; each tail by an argument
 *               (line_tail.c), so that no x is left out
 * Everything runs on logarithms: 10^34742 is a number like any other.
 */
#ifndef FC_SUPREMA_LINE_FLOW_H
#define FC_SUPREMA_LINE_FLOW_H

#include "schedule/schedule.h"
#include "target/target.h"

typedef enum fc_line_way {
  FC_LINE_CLOSED,
  FC_LINE_INTEGRATED,
  FC_LINE_SEARCHED
} fc_line_way;

typedef struct fc_line_request {
  const fc_target *target;
  const fc_schedule *schedule;
  const fc_formula *s, *t; /* exact, in [0, 1]; s > t: the flow back */
  double gap;              /* 0 < gap: high <= (1 + gap) low is wanted */
  bool search_only;        /* neither closed nor integrated */
  long budget;             /* points at most in a round; 0: 5000, or 500 where
                              F_t has to be integrated */
} fc_line_request;

/* low <= sup <= high always; both infinite where the derivative is unbounded.
 */
typedef struct fc_line_supremum {
  mpfr_t low, high;
  /* Every x at which the supremum is taken or approached lies in [x_low,
   * x_high] (the coordinate along the line); infinite where nothing is known.
   */
  mpfr_t x_low, x_high;
  bool reached;    /* the gap that was asked for */
  fc_line_way way; /* on which it rests */
  long precision;  /* bits of the last round */
  size_t points;   /* at which the flow was enclosed, in all rounds */
  size_t leaves;   /* of the last round */
  size_t failed;   /* leaves that nothing could be said about */
} fc_line_supremum;

void fc_line_supremum_init(fc_line_supremum *supremum);
void fc_line_supremum_clear(fc_line_supremum *supremum);

/* FC_OK also where the budget ends it early: `reached` is then false and the
 * enclosure true.  FC_UNSUPPORTED for other targets, for densities given by a
 * potential, and in a build without Arb; FC_DOMAIN for atoms at t = 1 and for s
 * = t. */
fc_status fc_line_flow_supremum(fc_line_supremum *supremum,
                                const fc_line_request *request,
                                fc_error *error);

#endif
