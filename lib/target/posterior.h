/* The posterior nu_{t,x}(dy) ~ exp(-|x - b y|^2/(2 a^2)) nu(dy) and the
 * marginal p_t, for a target bound to an arithmetic context.
 *
 * Two families of outputs, each stable where the other is not:
 *   moments  M = E[X_1|X_t=x], C = Cov(X_1|X_t=x), T = Cov(X_1,|X_1|^2 | X_t=x)
 *            (T = M3 - M2 M1 of Proposition F.1); regular down to b = 0, a > 0
 *   score    log p_t, s = grad log p_t, S = hess log p_t, G = grad Laplacian
 *            log p_t; regular down to a = 0 where nu has a smooth density
 * Written once for all contexts; in a series context x, a, b may be series, so
 * that derivatives come out that do not know these formulas.
 * Nothing underflows: responsibilities go through log-sum-exp, truncated normal
 * moments through scaled error functions.
 */
#ifndef FC_TARGET_POSTERIOR_H
#define FC_TARGET_POSTERIOR_H

#include "target/target.h"

typedef struct fc_posterior fc_posterior;

enum {
  FC_WANT_MEAN = 1,
  FC_WANT_COVARIANCE = 2,
  FC_WANT_THIRD = 4,
  FC_WANT_LOG_DENSITY = 8,
  FC_WANT_SCORE = 16,
  FC_WANT_SCORE_JACOBIAN = 32,
  FC_WANT_SCORE_THIRD = 64
};

/* Results; vectors of the stated lengths owned by the fc_posterior. */
typedef struct fc_posterior_value {
  fc_ptr mean;           /* d */
  fc_ptr covariance;     /* d*d */
  fc_ptr third;          /* d */
  fc_ptr log_density;    /* 1 */
  fc_ptr score;          /* d */
  fc_ptr score_jacobian; /* d*d */
  fc_ptr score_third;    /* d */
} fc_posterior_value;

/* Binds target (kept by reference, must outlive) to ctx (copied): converts the
 * constants once and allocates all scratch, so that evaluation of mixtures
 * allocates nothing in binary64, MPFR and Arb.  Pieces work at a precision
 * above that of ctx, chosen per point; the scratch of each of at most eight
 * such precisions is made when it is first needed. */
fc_status fc_posterior_new(fc_posterior **posterior, const fc_target *target,
                           const fc_ctx *ctx, fc_error *error);
void fc_posterior_free(fc_posterior *posterior); /* NULL is allowed */

const fc_posterior_value *fc_posterior_values(const fc_posterior *posterior);

/* Computes what is wanted (FC_WANT_... ored) at x (d numbers) for a, b >= 0,
 * not both zero.  At a = 0 the limits are taken: M = x/b and C = 0 on the
 * support; off it M is its nearest point, log p = -infinity, s infinite and
 * directed towards that point, S = -infinity on the diagonal.  Where the limit
 * does not exist or is not known (on an end of a piece, half way between two)
 * the numbers are NaN.
 * Precision: for pieces guard bits cover the cancellation far out in a tail, so
 * that results are good to about the last digits of exact a, b, x; in balls the
 * radii of a, b, x themselves are magnified (by up to the sixth power of the
 * distance from the support in posterior standard deviations).  Mixtures lose
 * what centred sums lose; callers that promise digits escalate (fc_velocity
 * does).
 */
fc_status fc_posterior_eval(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                            fc_srcptr x, unsigned want);

/* d = 1: the distribution function of p_t at x, and its complement; one that is
 * NULL is not wanted (and costs nothing where pieces have to be integrated). */
fc_status fc_posterior_cdf(fc_ptr below, fc_ptr above, fc_posterior *posterior,
                           fc_srcptr a, fc_srcptr b, fc_srcptr x,
                           fc_error *error);

/* d = 1: the quantile of p_t at the probability p (0 < p < 1); q = 1 - p is
 * given beside it so that both tails keep their digits.  In balls an enclosure
 * of the quantile. */
fc_status fc_posterior_quantile(fc_ptr x, fc_posterior *posterior, fc_srcptr a,
                                fc_srcptr b, fc_srcptr p, fc_srcptr q,
                                fc_error *error);

#endif
