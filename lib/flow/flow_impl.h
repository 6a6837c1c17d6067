/* What the methods of a flow share; private to this folder. */
#ifndef FC_FLOW_FLOW_IMPL_H
#define FC_FLOW_FLOW_IMPL_H

#include "flow/flow.h"

/* One method: how to bind it (FC_UNSUPPORTED where it does not apply), to take
 * new times, to evaluate, and to let it go.  state is whatever bind put into
 * flow->state; release may find it partly made. */
typedef struct fc_flow_kind {
  fc_status (*bind)(fc_flow *flow, fc_error *error);
  fc_status (*set_times)(fc_flow *flow, fc_error *error);
  fc_status (*eval)(fc_flow *flow, fc_srcptr x, unsigned want, fc_error *error);
  void (*release)(fc_flow *flow);
} fc_flow_kind;

extern const fc_flow_kind fc_flow_closed;
extern const fc_flow_kind fc_flow_collinear;
extern const fc_flow_kind fc_flow_exact;
extern const fc_flow_kind fc_flow_taylor;
extern const fc_flow_kind fc_flow_direct;
extern const fc_flow_kind fc_flow_gsl;
extern const fc_flow_kind fc_flow_validated;
extern const fc_flow_kind fc_flow_product;

struct fc_flow {
  fc_ctx ctx;
  const fc_target *target;
  const fc_schedule *schedule;
  size_t d;
  fc_flow_method asked, method;
  const fc_flow_kind *kind;
  void *state;
  fc_time s, t;
  fc_schedule_value from[1], to[1]; /* the schedule at s and t, with rho and
                                       theta */
  fc_flow_value value;
  fc_ptr point;   /* d: where, copied */
  fc_ptr storage; /* behind value */
  size_t storage_count;
  long budget;
  double reached;
  bool widened;    /* the last result is that of `second` */
  fc_flow *second; /* of AUTO: where the exact map has no value, or NULL */
};

/* Of the collinear kind, after an evaluation in the flow's own arithmetic. */
void fc_collinear_get_stretch(fc_flow_stretch *stretch, const fc_flow *flow);

/* Both errors = bits more than the last place of the largest entry. */
void fc_flow_set_rounding(fc_flow *flow, unsigned want, long bits);

/* A set_times: FC_DOMAIN where a law with atoms is asked for at t = 1. */
fc_status fc_flow_needs_density(fc_flow *flow, fc_error *error);

/* z = the largest magnitude among count numbers. */
void fc_largest_magnitude(fc_ptr z, fc_srcptr x, size_t count,
                          const fc_ctx *ctx);

/* The binary64 time at which b/a = u; 1 where u is infinite. */
double fc_flow_time_of_u(const fc_flow *flow, double u);

/* flow->reached = t, moved a little towards s and into [s, t]. */
void fc_flow_set_reached(fc_flow *flow, double t);

#endif
