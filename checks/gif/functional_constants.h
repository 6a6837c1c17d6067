/* Poincare and log-Sobolev constants of p_t = Law(a Z + b X_1) for the targets
 * of a job, from below and from above where they are known.
 *
 * A target falls into independent parts (factors of a product), of whose
 * constants the largest counts:
 *   Gaussian    closed: 1/lambda_min(-hess log p_t), exact in every arithmetic
 *   line        d = 1: spectral_gap.h, binary64; C_P of equal components in
 *               balls, too
 *   collinear   equal isotropic components on one line: the law along it (of
 *               the coordinate c, x = c eta) and N(0, a^2 + s^2 b^2) across,
 *               which is never larger; C_P in balls, too
 *   marginal    any other Gaussian mixture in R^d: f(<e, x>) as test
 *               functions, e the widest direction of nu: from below only
 */
#ifndef FC_CHECKS_GIF_FUNCTIONAL_CONSTANTS_H
#define FC_CHECKS_GIF_FUNCTIONAL_CONSTANTS_H

#include "claims/claim.h"
#include "schedule/schedule.h"

typedef enum fc_inequality { FC_POINCARE, FC_LOG_SOBOLEV } fc_inequality;

typedef struct fc_functional fc_functional;

/* Computes the constants of nu and at a few times of the job's schedule in
 * binary64. */
fc_status fc_functional_new(fc_functional **functional, const fc_job *job,
                            fc_error *error);
void fc_functional_free(fc_functional *functional); /* NULL is allowed */

/* The times, in (0, 1), and their number. */
size_t fc_functional_time_count(void);
double fc_functional_time(size_t i); /* exact in binary64 */

/* z = the constant of p_t at the i-th time (FC_AT_NU: of nu); of C_LS the
 * greatest known lower bound.  It is off by at most `error` where it is known
 * from both sides, else z is a lower bound and error 0.  FC_DOMAIN where
 * nothing is known, FC_UNSUPPORTED in balls where binary64 had to be used. */
#define FC_AT_NU ((size_t)-1)
fc_status fc_functional_measured(fc_ptr z, fc_ptr error,
                                 const fc_functional *functional,
                                 fc_inequality which, size_t i,
                                 const fc_ctx *ctx);

/* z = the constant of nu, from above: C_P from both sides where it is (then off
 * by `error`), else a bound from the class constants or the increasing map
 * from N(0, 1).  FC_DOMAIN where none is known. */
fc_status fc_functional_above(fc_ptr z, fc_ptr error,
                              const fc_functional *functional,
                              fc_inequality which, const fc_ctx *ctx);

/* z = sup |grad X_1|^2 for the flow from N(0, I) to nu; FC_DOMAIN where it is
 * not known here. */
fc_status fc_functional_slope(fc_ptr z, fc_ptr error,
                              const fc_functional *functional,
                              const fc_ctx *ctx);

/* Where every part is Gaussian; where C_P is known from both sides, of p_t and
 * of nu; where binary64 had to be used. */
bool fc_functional_is_closed(const fc_functional *functional);
bool fc_functional_is_two_sided(const fc_functional *functional);

/* A hypothesis as in hypotheses.h: nu has finite constants. */
const char *fc_needs_functional(const fc_job *job);

#endif
