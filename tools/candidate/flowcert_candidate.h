/* What a shared library exports to be tested by `flowcert test INSTANCE
 * --candidate library:./NAME.so`: whichever of these functions the quantity
 * needs, with C linkage.
 *
 * Points come in batches, row by row: x has n*d numbers, point i is x[i*d] to
 * x[i*d + d-1], at the time t[i].  Results go to the same places of the last
 * argument.  Return 0; any other number says that the batch could not be
 * answered, and is reported.  A value that is NaN is reported as missing.  The
 * functions run in a process of their own: what they print goes to standard
 * error, and a crash or a loop without end is reported.
 */
#ifndef FC_TOOLS_CANDIDATE_FLOWCERT_CANDIDATE_H
#define FC_TOOLS_CANDIDATE_FLOWCERT_CANDIDATE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* v(t, x) = E[a' Z + b' X_1 | X_t = x] */
int flowcert_velocity(size_t n, size_t d, const double *t, const double *x,
                      double *v);

/* The gradient in x of log p_t. */
int flowcert_score(size_t n, size_t d, const double *t, const double *x,
                   double *score);

/* X_{s,t}(x): where the solution of dX/dt = v(t, X) that is at x at the time s
 * is at the time t; s > t asks for the inverse. */
int flowcert_flow(size_t n, size_t d, const double *s, const double *t,
                  const double *x, double *y);

/* *w2 = W_2, not squared, between the n points x and the m points y (d numbers
 * each, equal weights within either). */
int flowcert_w2(size_t n, size_t m, size_t d, const double *x, const double *y,
                double *w2);

#ifdef __cplusplus
}
#endif

#endif
