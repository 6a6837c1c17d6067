/* Compositions of flow maps, leg by leg: a point under way with how far it may
 * be off.
 *
 * A leg adds its own stated error to the one that the point brings along, which
 * grows by the norm of the leg's derivative (taken twice, for what is not
 * linear).
 */
#ifndef FC_CHECKS_GIF_FLOW_LEGS_H
#define FC_CHECKS_GIF_FLOW_LEGS_H

#include "claims/pointwise.h"

typedef struct fc_legs {
  fc_workspace *w;
  const fc_ctx *ctx;
  size_t d;
  fc_time start[1], end[1]; /* 0 and 1 */
  fc_time now[1], back[1];  /* the point's t, and 1 - t */
  fc_ptr x;                 /* d: the point under way */
  fc_num error;             /* how far any entry of it may be off */
} fc_legs;

/* Begins at the workspace's point. */
fc_status fc_legs_init(fc_legs *legs, fc_workspace *w);
void fc_legs_clear(fc_legs *legs); /* also after a failed fc_legs_init */

/* Begins again, at x (d exact numbers). */
void fc_legs_begin(fc_legs *legs, fc_srcptr x);

/* x = X_{s,t}(x): by a method, for the job's target and schedule; for any. */
fc_status fc_legs_carry(fc_legs *legs, fc_flow_method method, const fc_time *s,
                        const fc_time *t);
fc_status fc_legs_carry_other(fc_legs *legs, const fc_target *target,
                              const fc_schedule *schedule,
                              fc_flow_method method, const fc_time *s,
                              const fc_time *t);

/* side = x; the workspace's error grows by that of x. */
void fc_legs_arrive(fc_ptr side, fc_legs *legs);

/* FC_BUDGET in binary64 where the error leaves no more than 24 bits of the
 * largest of count entries of both sides (of 1 where `absolute`): such points
 * are left out of the scan, for no affordable precision would decide there. */
fc_status fc_legs_check(const fc_workspace *w, fc_srcptr left, fc_srcptr right,
                        size_t count, bool absolute);

/* The two methods of a claim that composes or compares flows.  The first is
 * Taylor integration in a chart; the second the closed form or the exact map
 * where there is one, else integration in t where that is affordable (few
 * components, few dimensions), else Taylor integration again, along another
 * path.  Controls, which are false whatever the method, take the cheapest. */
fc_flow_method fc_integrator(const fc_workspace *w);
fc_flow_method fc_unrelated_method(const fc_workspace *w);
#define FC_UNRELATED_TEXT                                                      \
  "the closed form or exact map where there is one, integration in t for "     \
  "small mixtures where a′ is finite at t = 1, else Taylor integration again"

/* Isotropic mixtures and Gaussians, whose fields are elementary functions:
 * other fields are dear to integrate, and their derivatives to state. */
bool fc_is_elementary(const fc_target *target);

/* How many points are affordable: limits for fc_pointwise_detail. */
size_t fc_flow_points(const fc_job *job);
size_t fc_flow_control_points(const fc_job *job);

/* NULL, or that it is too dear: a statement that is judged elsewhere, too, in
 * this dimension; a control, which is emitted only where flows are cheap. */
const char *fc_needs_affordable(const fc_job *job);
const char *fc_needs_cheap(const fc_job *job);
/* Fields that are no elementary functions: under one schedule. */
const char *fc_needs_first_schedule(const fc_job *job);

/* x[i] = x[i] (1 + 2^-20). */
void fc_stretch(fc_ptr x, size_t count, const fc_ctx *ctx);

#endif
