/* Proved enclosures of the extreme eigenvalues of grad v(t, .) over *all* x in
 * R^d, at one time t: sup lambda_max or inf lambda_min, the constant theta_t at
 * its best.
 *
 * With C = Cov(X_1|X_t = x), grad v = (a'/a) I + (b omega/a^3) C.  How the
 * extremum of C is known:
 *   Gaussians                 closed form (C does not depend on x)
 *   mixtures of one width     C = (sigma^2 a^2/V) I + (a^2/V)^2 Cov_r(m).  The
 * least is taken on far out, where one component is left. The most is half the
 * diameter of the means squared where a farthest pair is an edge of their hull
 * (two components; means in general position); else, where they span a line or
 * a plane and are at most 16, branch and bound over the whole span
 *                             (mixture_cover.h); else between what a search
 * finds and Popoviciu's bound other widths on the line  branch and bound over
 * the whole line other covariances         the least: that of a component that
 * is alone in some direction; the most: infinite for two components whose
 * covariances cannot be ordered one piece on the line     branch and bound, or
 * its limit on a half line products                  factor by factor all
 * others                between what a search finds and what the class
 *                             constants imply
 */
#ifndef FC_SUPREMA_CERTIFIED_EIGENVALUE_H
#define FC_SUPREMA_CERTIFIED_EIGENVALUE_H

#include "suprema/extremum.h"

typedef struct fc_eigenvalue_question {
  const fc_target *target;
  const fc_schedule *schedule;
  const fc_formula *time; /* exact; NULL: the dyadic `moment` */
  double moment;          /* t, or (from_end) 1 - t */
  bool from_end;
  fc_side side;
  double gap;   /* wanted: high - low <= gap times the part that varies with x,
                   b omega/a^3 sup C */
  size_t boxes; /* budget of each branch and bound */
  long precision;
} fc_eigenvalue_question;

typedef struct fc_eigenvalue_answer {
  mpfr_t low, high;     /* the extremum lies within; may be infinite */
  bool reached;         /* as close as was asked for */
  const char *argument; /* static: how it is known */
  size_t boxes;         /* that were enclosed */
} fc_eigenvalue_answer;

void fc_eigenvalue_answer_init(fc_eigenvalue_answer *answer);
void fc_eigenvalue_answer_clear(fc_eigenvalue_answer *answer);

/* FC_UNSUPPORTED in a build without balls; FC_DOMAIN where grad v has no limit
 * at that time (t = 1 but for mixtures of Gaussians), and where a custom
 * schedule is not seen to have b, omega >= 0 there. */
fc_status fc_certified_eigenvalue(fc_eigenvalue_answer *answer,
                                  const fc_eigenvalue_question *question,
                                  fc_error *error);

#endif
