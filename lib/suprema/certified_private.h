/* The parts of certified_eigenvalue.h; private to this folder. */
#ifndef FC_SUPREMA_CERTIFIED_PRIVATE_H
#define FC_SUPREMA_CERTIFIED_PRIVATE_H

#include "suprema/certified_eigenvalue.h"
#include "suprema/cover.h"

/* The schedule at the question's time.  FC_DOMAIN where it has no value. */
fc_status fc_certified_schedule(fc_schedule_value *at,
                                const fc_eigenvalue_question *question,
                                const fc_ctx *ctx);
fc_status fc_certified_time(fc_time *time,
                            const fc_eigenvalue_question *question,
                            const fc_ctx *ctx);

/* low = the lower end of `least`, high = the upper end of `most` (a ball each).
 */
void fc_certified_set(fc_eigenvalue_answer *answer, fc_srcptr least,
                      fc_srcptr most, const fc_ctx *ctx);
/* The better of the present bound and an end of the ball. */
void fc_certified_raise_low(fc_eigenvalue_answer *answer, fc_srcptr least,
                            const fc_ctx *ctx);
void fc_certified_lower_high(fc_eigenvalue_answer *answer, fc_srcptr most,
                             const fc_ctx *ctx);

/* Branch and bound as the question wants it. */
void fc_certified_goal(fc_cover_goal *goal,
                       const fc_eigenvalue_question *question);

/* Takes in what the search finds: the extremum is at least (at most) that. */
fc_status fc_certified_search(fc_eigenvalue_answer *answer,
                              const fc_eigenvalue_question *question,
                              const fc_ctx *ctx);

/* One family each; FC_UNSUPPORTED where the target is not of that family.  The
 * answer is preset to what says nothing. */
typedef fc_status (*fc_certified_family)(fc_eigenvalue_answer *answer,
                                         const fc_eigenvalue_question *question,
                                         const fc_ctx *ctx, fc_error *error);
fc_status fc_certified_one_width(fc_eigenvalue_answer *answer,
                                 const fc_eigenvalue_question *question,
                                 const fc_ctx *ctx, fc_error *error);
fc_status fc_certified_widths(fc_eigenvalue_answer *answer,
                              const fc_eigenvalue_question *question,
                              const fc_ctx *ctx, fc_error *error);
fc_status fc_certified_covariances(fc_eigenvalue_answer *answer,
                                   const fc_eigenvalue_question *question,
                                   const fc_ctx *ctx, fc_error *error);
fc_status fc_certified_piece(fc_eigenvalue_answer *answer,
                             const fc_eigenvalue_question *question,
                             const fc_ctx *ctx, fc_error *error);

/* The largest eigenvalue of Cov_r(m) over all xi, r_k ~ w_k exp(m_k.xi -
 * q2 |m_k|^2/2): the means of a mixture of one width.  q2 is given by a
 * function, so that it can be had at any precision.  low, high: mpfr of any
 * precision; *argument static. */
typedef struct fc_spread_question {
  const fc_target *target;
  fc_status (*q2)(fc_ptr z, void *closure, const fc_ctx *ctx);
  void *closure;
  fc_cover_goal goal;
} fc_spread_question;

typedef struct fc_spread_answer {
  mpfr_t low, high;
  bool reached;
  const char *argument;
  size_t boxes;
} fc_spread_answer;

fc_status fc_largest_spread(fc_spread_answer *answer,
                            const fc_spread_question *question,
                            const fc_ctx *ctx, fc_error *error);

/* The same by branch and bound alone, where the means span a line or a plane;
 * the answer, which must hold, is made sharper or left alone. */
fc_status fc_spread_by_cover(fc_spread_answer *answer,
                             const fc_spread_question *question,
                             const fc_ctx *ctx, fc_error *error);

#endif
