/* A second schedule with the start values of the first,
 *   a = a_0 (1 - t^2),  b = b_0 (1 - t) + t,
 * a_0 and b_0 as exact constants; none of the shipped ones.
 */
#ifndef FC_CHECKS_EXT_TWIN_SCHEDULE_H
#define FC_CHECKS_EXT_TWIN_SCHEDULE_H

#include "schedule/schedule.h"

/* stretch: a_0 is taken 5/4 times (for controls). */
fc_status fc_twin_schedule_new(fc_schedule **twin, const fc_schedule *schedule,
                               bool stretch);

/* The twin's time at which its b/a is u > u_0 (not stretched), from the start
 * values: the positive root of u a_0 t^2 + (1 - b_0) t = u a_0 - b_0. */
fc_status fc_twin_time(fc_time *time, fc_srcptr u, const fc_schedule *schedule,
                       const fc_ctx *ctx);

#define FC_TWIN_TEXT "a = a₀(1−t²), b = b₀(1−t) + t"

#endif
