/* Singular values of the derivative of the flow between two times, seen from
 * either end: X carries a point of the earlier time to the later one, or back.
 */
#ifndef FC_SUPREMA_FLOW_NORM_H
#define FC_SUPREMA_FLOW_NORM_H

#include "flow/flow.h"

/* At which of the two times a point stands. */
typedef enum fc_flow_end { FC_EARLIER, FC_LATER } fc_flow_end;

typedef struct fc_flow_norm fc_flow_norm;

/* Results, owned by the fc_flow_norm: the extreme singular values of grad X at
 * the point, X carrying it to the other end, and how far each may be off
 * (absolutely; 0 in balls, whose radii say it). */
typedef struct fc_flow_norm_value {
  fc_ptr largest, largest_error;
  fc_ptr least, least_error;
} fc_flow_norm_value;

/* Binds target and schedule (by reference) to a real context.  FC_UNSUPPORTED
 * where no method of the flow applies. */
fc_status fc_flow_norm_new(fc_flow_norm **norm, const fc_target *target,
                           const fc_schedule *schedule, const fc_ctx *ctx,
                           fc_error *error);
void fc_flow_norm_free(fc_flow_norm *norm); /* NULL is allowed */

/* Fixes both times, earlier <= later.  Fails as fc_flow_set_times does. */
fc_status fc_flow_norm_set_times(fc_flow_norm *norm, const fc_time *earlier,
                                 const fc_time *later, fc_error *error);

/* Fails as fc_flow_eval does; FC_DOMAIN, too,
 * where the derivative is not finite in this context: `largest` is then
 * infinite. */
fc_status fc_flow_norm_eval(fc_flow_norm *norm, fc_srcptr x, fc_flow_end end);

const fc_flow_norm_value *fc_flow_norm_values(const fc_flow_norm *norm);

/* value, error = |grad X| where the flow starts at the end `start` and x stands
 * at `end`: the largest singular value where these agree, else (x is the image)
 * one over the least of the flow back.  Fails as fc_flow_norm_eval does. */
fc_status fc_flow_norm_at(fc_ptr value, fc_ptr error, fc_flow_norm *norm,
                          fc_srcptr x, fc_flow_end end, fc_flow_end start);

#endif
