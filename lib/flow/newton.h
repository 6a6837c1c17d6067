/* Taylor coefficients of dy/dtau = f(tau, y) where f can be evaluated in power
 * series: Newton's method, which doubles the number of right coefficients with
 * every evaluation of f and grad f; private to this folder. */
#ifndef FC_FLOW_NEWTON_H
#define FC_FLOW_NEWTON_H

#include "flow/field.h"

/* f and its Jacobian in series of one length. */
typedef struct fc_level {
  fc_ctx series[1];
  size_t d;
  fc_ptr y;     /* d: where */
  fc_ptr value; /* d: f */
  fc_ptr slope; /* d*d: grad f */
  void *source; /* of the right side's own */
} fc_level;

typedef struct fc_right_side {
  fc_status (*bind)(fc_level *level, const fc_target *target,
                    const fc_schedule *schedule);
  void (*release)(fc_level *level); /* source may be partly made */
  /* value and slope at (tau + h, y). */
  fc_status (*eval)(fc_level *level, fc_srcptr tau, fc_srcptr co);
} fc_right_side;

typedef struct fc_newton fc_newton;

/* For expansions of field->order in field->ctx, both of which must stay. */
fc_status fc_newton_new(fc_newton **newton, const fc_right_side *side,
                        const fc_field *field, const fc_target *target,
                        const fc_schedule *schedule);
/* The release and the expand of an fc_field_kind whose state is an fc_newton.
 */
void fc_newton_release(fc_field *field);
fc_status fc_newton_expand(fc_ptr y, fc_ptr p, fc_field *field, fc_srcptr tau,
                           fc_srcptr co);

#endif
