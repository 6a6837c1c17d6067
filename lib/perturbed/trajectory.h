/* The flows X of v and Y of a perturbed field w from one starting point, and
 * what the two fields differ by along them:
 *   along_y = int_0^1 |v - w|^2(t, Y_t) dt,  along_x = the same along X_t.
 *
 * Both are integrated together, in q with t = 1 - q^2: a sqrt(1 - t) in the
 * schedule (Follmer, vp-sde) is no singularity there.  Euler's polygon is
 * composed exactly, step by step, with v - w = v(t, Y_t) - v(t_k, Y_k) along
 * it; along_x asks for the inverse of the step map at X_t, and is NaN where
 * there is none.
 */
#ifndef FC_PERTURBED_TRAJECTORY_H
#define FC_PERTURBED_TRAJECTORY_H

#include "perturbed/perturbed.h"

typedef struct fc_trajectory fc_trajectory;

typedef struct fc_trajectory_value {
  fc_ptr x, y; /* d: X_1, Y_1 */
  fc_ptr along_x, along_y;
} fc_trajectory_value;

/* Binary64 or MPFR, targets with a smooth density (FC_UNSUPPORTED elsewhere,
 * and for rounded, whose equation has no classical solution). */
fc_status fc_trajectory_new(fc_trajectory **trajectory, const fc_target *target,
                            const fc_schedule *schedule,
                            const fc_perturbation *perturbation,
                            const fc_ctx *ctx, fc_error *error);
void fc_trajectory_free(fc_trajectory *trajectory); /* NULL is allowed */
void fc_trajectory_set_axis(fc_trajectory *trajectory, fc_srcptr axis);

/* From x (d numbers) to t = 1, each step to about 2^-bits; how far the result
 * is off is seen by another number of bits. */
fc_status fc_trajectory_run(fc_trajectory *trajectory, fc_srcptr x, long bits);
const fc_trajectory_value *
fc_trajectory_values(const fc_trajectory *trajectory);

/* From x as above; values (3) = |Y_1 - X_1|^2, along_y, along_x. */
fc_status fc_trajectory_compare(fc_ptr values, fc_trajectory *trajectory,
                                fc_srcptr x, long bits);

/* z = how much of square = |Y_1 - X_1|^2 the rounding of X_1 and Y_1 may have
 * taken: 2 |Y_1 - X_1| e + e^2, e = d 2^lost ulps of the larger one. */
void fc_trajectory_rounding(fc_ptr z, fc_srcptr square,
                            const fc_trajectory *trajectory, long lost);

#endif
