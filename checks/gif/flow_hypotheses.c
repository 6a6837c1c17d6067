#include "gif/flow_hypotheses.h"

#include <math.h>

#include "flow/flow.h"
#include "gif/flow_legs.h"
#include "gif/hypotheses.h"
#include "matrix/matrix.h"

/* Case i: kappa, beta > 0 and supp nu = R^d. */
static bool is_log_concave(const fc_job *job) {
  double kappa = 0;
  return fc_job_constant(&kappa, job, FC_KAPPA) && kappa > 0 &&
         fc_job_constant(NULL, job, FC_BETA) && !fc_needs_full_support(job);
}

/* Case iv: kappa <= 0 (any kappa: case i is the stronger one), beta, L. */
static bool is_log_lipschitz(const fc_job *job) {
  return fc_job_constant(NULL, job, FC_KAPPA) &&
         fc_job_constant(NULL, job, FC_BETA) &&
         fc_job_constant(NULL, job, FC_L) && !fc_needs_full_support(job);
}

const char *fc_needs_well_posed(const fc_job *job) {
  const char *reason = fc_needs_density(job);
  if (reason)
    return reason;
  return is_log_concave(job) || !fc_needs_component_ball(job) ||
                 is_log_lipschitz(job)
             ? NULL
             : "none of the cases i, iii, iv of Assumption 2.2";
}

const char *fc_needs_bounded_support(const fc_job *job) {
  return fc_job_constant(NULL, job, FC_D) ? NULL
                                          : "the support is unbounded (case ii "
                                            "of Assumption 2.2 does not hold)";
}

const char *fc_needs_time_reversal(const fc_job *job) {
  if (!fc_needs_well_posed(job))
    return NULL;
  const char *reason = fc_needs_density(job);
  if (!reason)
    reason = fc_needs_bounded_support(job);
  return reason ? "none of the cases of Assumption 2.2" : NULL;
}

/* --- Gaussians: X_{0,t} by its closed form -------------------------------- */

/* How far X_{0,t} is from the identity at 0 and in its derivative, and
 * |log det grad X_{0,t}|. */
typedef struct motion {
  double far, end, volume; /* end: far at t = 1 */
} motion;

/* Raises m by what the flow does up to its present time. */
static void raise_motion(motion *m, fc_flow *flow, size_t d,
                         const fc_ctx *ctx) {
  const fc_flow_value *value = fc_flow_values(flow);
  fc_num volume, error;
  fc_init(volume, ctx);
  fc_init(error, ctx);
  for (size_t i = 0; i < d * d; i++) {
    double entry = fc_get_d(value->jacobian + i, ctx) - (i % (d + 1) == 0);
    m->far = fmax(m->far, fabs(entry));
    if (i < d)
      m->far = fmax(m->far, fabs(fc_get_d(value->x + i, ctx)));
  }
  if (fc_matrix_log_determinant(volume, error, value->jacobian,
                                value->jacobian_error, d, ctx) == FC_OK)
    m->volume = fmax(m->volume, fabs(fc_get_d(volume, ctx)));
  fc_clear(volume, ctx);
  fc_clear(error, ctx);
}

/* At t = 1/4, 1/2, 3/4, 1; infinite where there is no closed form: only
 * Gaussians can stand still. */
static motion gaussian_motion(const fc_job *job) {
  size_t d = fc_target_dimension(job->instance->target);
  fc_ctx ctx[1];
  fc_flow *flow = NULL;
  fc_time start[1], time[1];
  motion m = {0, 0, 0};
  fc_ctx_init_double(ctx);
  fc_ptr origin = fc_vec_new(d, ctx);
  if (!origin || fc_flow_new(&flow, job->instance->target, job->schedule,
                             FC_FLOW_CLOSED, ctx, NULL)) {
    fc_vec_free(origin, d, ctx);
    return (motion){INFINITY, INFINITY, INFINITY};
  }
  fc_time_init(start, ctx);
  fc_time_init(time, ctx);
  fc_time_set_d(start, 0, false, ctx);
  for (int k = 4; k >= 1; k--) {
    fc_time_set_d(time, k / 4.0, false, ctx);
    if (!fc_flow_set_times(flow, start, time, NULL) &&
        !fc_flow_eval(flow, origin, FC_FLOW_POSITION | FC_FLOW_JACOBIAN, NULL))
      raise_motion(&m, flow, d, ctx);
    if (k == 4)
      m.end = m.far;
  }
  fc_vec_free(origin, d, ctx);
  fc_time_clear(start, ctx);
  fc_time_clear(time, ctx);
  fc_flow_free(flow);
  return m;
}

enum { SMALL_BITS = 20 };

const char *fc_needs_affordable_well_posed(const fc_job *job) {
  const char *reason = fc_needs_well_posed(job);
  return reason ? reason : fc_needs_affordable(job);
}

const char *fc_control_well_posed(const fc_job *job) {
  const char *reason = fc_needs_well_posed(job);
  return reason ? reason : fc_needs_cheap(job);
}

const char *fc_control_bounded_support(const fc_job *job) {
  const char *reason = fc_needs_bounded_support(job);
  return reason ? reason : fc_needs_cheap(job);
}

static bool is_more(double size) { return size > ldexp(1, -SMALL_BITS); }

const char *fc_control_motion(const fc_job *job) {
  const char *reason = fc_control_well_posed(job);
  if (reason)
    return reason;
  return is_more(gaussian_motion(job).far) ? NULL : "the flow is the identity";
}

const char *fc_control_end_motion(const fc_job *job) {
  const char *reason = fc_control_well_posed(job);
  if (reason)
    return reason;
  return is_more(gaussian_motion(job).end) ? NULL : "X_{0,1} is the identity";
}

const char *fc_control_volume_change(const fc_job *job) {
  const char *reason = fc_control_well_posed(job);
  if (reason)
    return reason;
  return is_more(gaussian_motion(job).volume) ? NULL
                                              : "the flow preserves volume";
}
