/* Everything that the evaluation of a claim at a point (t, x) needs, bound to
 * one arithmetic context. */
#ifndef FC_CLAIMS_WORKSPACE_H
#define FC_CLAIMS_WORKSPACE_H

#include "claims/claim.h"
#include "claims/environment.h"
#include "claims/points.h"
#include "flow/flow.h"
#include "velocity/velocity.h"

typedef struct fc_workspace {
  const fc_job *job;
  const fc_claim *claim;
  fc_ctx ctx[1];
  size_t d;
  fc_time time[1];
  fc_ptr x;                    /* d */
  fc_velocity *velocity;       /* its time is set */
  fc_environment *environment; /* its time is set */
  fc_num error; /* how far what is evaluated may be off, absolutely: set to
                   zero with each point, raised by who knows better */
  fc_flow *flows[FC_FLOW_METHOD_COUNT]; /* made by fc_workspace_flow */
  fc_error failure; /* what fc_workspace_eval_flow says at the point: its
                       message becomes the reason of an inconclusive record
                       where `evaluate` returns FC_BUDGET */
} fc_workspace;

fc_status fc_workspace_init(fc_workspace *workspace, const fc_job *job,
                            const fc_claim *claim, const fc_ctx *ctx);
/* Also after a failed fc_workspace_init. */
void fc_workspace_clear(fc_workspace *workspace);

/* Takes the point and sets the times of velocity and environment. */
fc_status fc_workspace_set_point(fc_workspace *workspace,
                                 const fc_point *point);

/* A flow of the job's target under its schedule in the workspace's context,
 * made when it is first asked for; owned by the workspace.  Its times are to be
 * set before each use. */
fc_status fc_workspace_flow(fc_flow **flow, fc_workspace *workspace,
                            fc_flow_method method);

/* fc_flow_eval for any flow in an evaluation: where the budget is spent, the
 * message in workspace->failure says how far the trajectory got; it is empty
 * otherwise. */
fc_status fc_workspace_eval_flow(fc_workspace *workspace, fc_flow *flow,
                                 fc_srcptr x, unsigned want);

/* The workspace's flow by a method from s to t at x (d numbers); *value is that
 * flow's. */
fc_status fc_workspace_carry(const fc_flow_value **value,
                             fc_workspace *workspace, fc_flow_method method,
                             const fc_time *s, const fc_time *t, fc_srcptr x,
                             unsigned want);

/* workspace->error = max(workspace->error, error). */
void fc_workspace_raise_error(fc_workspace *workspace, fc_srcptr error);

#endif
