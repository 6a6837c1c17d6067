/* Which of the paper's claims a candidate's field still satisfies: its
 * Lipschitz constant against theta_t of Corollaries 4.1 to 4.4, and its flow
 * against the law p_t. */
#ifndef FC_TOOLS_CANDIDATE_CLAIMS_H
#define FC_TOOLS_CANDIDATE_CLAIMS_H

#include "candidate/errors.h"

typedef enum fc_kept {
  FC_KEPT_NOT_ASKED,
  FC_KEPT_YES,
  FC_KEPT_NO,
  FC_KEPT_UNKNOWN /* too few answers, or too inexact */
} fc_kept;

/* The largest eigenvalue of the symmetric part of the candidate's derivative,
 * by central differences, where it is largest beside theta_t. */
typedef struct fc_slope_verdict {
  fc_kept kept;
  const char *why_not; /* static: why it was not asked */
  const char *claim;   /* "log-concave", of gif.velocity-envelope */
  double t, x0;        /* where the candidate comes closest to theta_t */
  double slope, bound; /* there */
  double doubt;        /* what differences may have done to slope */
  size_t places;       /* derivatives taken */
} fc_slope_verdict;

/* The candidate's flow from s to t, by the Runge-Kutta method in as many equal
 * steps, beside the right one (certified on the line) and beside what the
 * method makes of the right field. */
typedef struct fc_law_verdict {
  fc_kept kept;
  const char *why_not;
  double s, t;
  int steps;
  size_t places;
  double deviation;  /* largest |Y - X_{s,t}(x)|, in units of sqrt E|X_t|^2 */
  double method;     /* the same for the right field: what the method costs */
  double from_field; /* largest distance between the two integrations */
  double x0;         /* where the field's own share is largest */
  bool has_levels;   /* on the line: */
  double level;      /* largest |F_t(Y) - F_s(x)| */
  double level_method;
} fc_law_verdict;

fc_status fc_test_slope(fc_slope_verdict *verdict, fc_candidate *candidate,
                        const fc_spots *spots, const fc_subject *subject,
                        double rtol, fc_error *error);
fc_status fc_test_law(fc_law_verdict *verdict, fc_candidate *candidate,
                      const fc_subject *subject, double rtol, fc_error *error);

#endif
