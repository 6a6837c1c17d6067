/* Vectorised binary64 evaluation of the velocity field of mixtures of equal
 * isotropic Gaussians, sum_k w_k N(m_k, s^2 I) in R^d with d <= 3 and s >= 0,
 * at many points of one time: for plots, particle clouds and searches.  It
 * stands beside the arithmetic contexts and shares nothing with them but the
 * constants, so that either may judge the other.
 *
 * With V = a^2 + b^2 s^2, responsibilities r_k ~ w_k exp(-|x - b m_k|^2/(2 V)),
 * m = sum r_k m_k, Q = Cov_r(m_k) and g = (a a' + s^2 b b')/V:
 *   v = b' m + g (x - b m),    grad v = g I + (b (a omega)/V^2) Q,
 * regular at both ends (at a = 0 where s > 0).
 *
 * Nothing underflows but responsibilities below e^-708 of the largest.
 *
 * Error: that of a mixture whose means are moved by a few units in the last
 * place.  With X = max |x_i|, Y = max_k |m_k|, and
 * n = 2^-46 (1 + K/2^6 + b Y (X + b Y)/V),
 *   |error of v| <= n (|b'| Y + |g| (X + b Y)),
 *   |error of grad v| <= n (|g| + b (a omega) Y^2/V^2).
 * The same points give the same bits on every machine with IEEE arithmetic:
 * no fused multiplications, no sums in another order.
 */
#ifndef FC_KERNEL_KERNEL_H
#define FC_KERNEL_KERNEL_H

#include "schedule/schedule.h"
#include "target/target.h"

#define FC_KERNEL_MAX_DIMENSION 3

typedef struct fc_kernel fc_kernel;

/* Takes the target's constants; FC_UNSUPPORTED for other targets.  The target
 * is not needed afterwards. */
fc_status fc_kernel_new(fc_kernel **kernel, const fc_target *target,
                        fc_error *error);
void fc_kernel_free(fc_kernel *kernel); /* NULL is allowed */

size_t fc_kernel_dimension(const fc_kernel *kernel);
size_t fc_kernel_count(const fc_kernel *kernel); /* components */

/* Fixes the time, a number of a binary64 context. */
fc_status fc_kernel_set_time(fc_kernel *kernel, const fc_schedule *schedule,
                             const fc_time *time);

/* v and grad v at n points.  Arrays by coordinate: x[i*n + p] is coordinate i
 * of point p, velocity likewise (d*n), jacobian[(i*d + j)*n + p] (d*d*n; NULL:
 * not wanted).  Arrays do not overlap.  Thread-safe: the kernel is only read.
 * NaN where x is NaN or infinite. */
void fc_kernel_velocity_batch(double *velocity, double *jacobian,
                              const fc_kernel *kernel, const double *x,
                              size_t n);

/* X_{s,t} and its Jacobian at n points, arrays as above (x and to may not
 * overlap), s and t anywhere in [0, 1] (atoms: before 1), times of a binary64
 * context: Taylor's method of order 18 along q = b/sqrt(V) (flow/component.c
 * says why that is the whole flow), steps as long as the last terms stay below
 * 2^-53.  Each point's result is what it would be alone.
 *
 * Error: what a few dozen roundings make of x and X, |error of X| <= 2^-46
 * ((|x|
 * + sqrt(V_s)) |grad X| + |X| + sqrt(V_t)), measured, not proved; compare
 * fc_flow, which states an error with each result.  NaN where x is NaN or
 * infinite, or 20000 steps did not suffice.  FC_DOMAIN where the flow does not
 * reach s or t. */
fc_status fc_kernel_flow_batch(double *to, double *jacobian,
                               const fc_kernel *kernel,
                               const fc_schedule *schedule, const fc_time *s,
                               const fc_time *t, const double *x, size_t n);

/* y_i = exp(x_i) to 1 unit in the last place for -708 <= x <= 709; what lies
 * outside is moved to the nearer of the two; NaN stays.  y may be x. */
void fc_kernel_exp_batch(double *y, const double *x, size_t n);

#endif
