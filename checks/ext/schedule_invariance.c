/* Schedule invariance.  With u = b/a and y = x/a the equation (3.10) is
 * dy/du = M(u, y), the posterior mean: it does not mention the schedule.  So
 *
 *   map       schedules with equal (a_0, b_0) have the same X_{0,1};
 *   jacobian  grad v = (a'/a) I + (b omega/a^3) C(u, x/a) with b omega >= 0, so
 *             that a bound on C for all (u, y) is a bound on grad v under every
 *             schedule at once: C is taken under the twin, at its time with the
 *             same u and the point with the same y.
 *
 * The twin of the job's schedule is that of twin_schedule.h.  The job's flow
 * goes by the closed form or exact map where there is one, else by Taylor
 * integration in a chart; the twin's by integration in t.  Hypotheses of `map`:
 * those of Theorem 5.1.
 */
#include "ext/modules.h"
#include "ext/twin_schedule.h"
#include "gif/flow_hypotheses.h"
#include "gif/flow_legs.h"
#include "gif/hypotheses.h"

static bool is_altered(const fc_workspace *w) {
  return ((const fc_pointwise_detail *)w->claim->detail)->variant;
}

/* left = X_{0,1}(x) under the job's schedule, right = under its twin. */
static fc_status sides_map(fc_ptr left, fc_ptr right, fc_ptr scale,
                           fc_workspace *w) {
  fc_legs legs[1];
  fc_schedule *twin = NULL;
  (void)scale;
  fc_status status = fc_legs_init(legs, w);
  if (status == FC_OK)
    status = fc_twin_schedule_new(&twin, w->job->schedule, is_altered(w));
  if (status == FC_OK)
    status = fc_legs_carry(legs, FC_FLOW_AUTO, legs->start, legs->end);
  if (status == FC_OK) {
    fc_legs_arrive(left, legs);
    fc_legs_begin(legs, w->x);
    status = fc_legs_carry_other(legs, w->job->instance->target, twin,
                                 is_altered(w) ? FC_FLOW_AUTO : FC_FLOW_DIRECT,
                                 legs->start, legs->end);
  }
  if (status == FC_OK) {
    fc_legs_arrive(right, legs);
    status = fc_legs_check(w, left, right, w->d, false);
  }
  fc_legs_clear(legs);
  fc_schedule_free(twin);
  return status;
}

/* --- the Jacobian --------------------------------------------------------- */

/* right = (a'/a) I + (b omega/a^3) C, C = that of the posterior at twin. */
static fc_status jacobian_by(fc_ptr right, fc_workspace *w,
                             const fc_schedule_value *at,
                             const fc_schedule_value *twin) {
  const fc_ctx *ctx = w->ctx;
  size_t d = w->d;
  fc_posterior *posterior = NULL;
  fc_num factor;
  fc_ptr y = fc_vec_new(d, ctx);
  fc_init(factor, ctx);
  fc_div(factor, twin->a, at->a, ctx); /* equal x/a */
  for (size_t i = 0; i < d && y; i++)
    fc_mul(y + i, w->x + i, factor, ctx);
  fc_status status =
      y ? fc_posterior_new(&posterior, w->job->instance->target, ctx, NULL)
        : FC_MEMORY;
  if (status == FC_OK)
    status =
        fc_posterior_eval(posterior, twin->a, twin->b, y, FC_WANT_COVARIANCE);
  if (status == FC_OK) {
    fc_pow_si(factor, at->a, -3, ctx);
    fc_mul(factor, factor, at->omega, ctx);
    fc_mul(factor, factor, at->b, ctx);
    for (size_t i = 0; i < d * d; i++)
      fc_mul(right + i, fc_posterior_values(posterior)->covariance + i, factor,
             ctx);
    fc_div(factor, at->da, at->a, ctx);
    for (size_t i = 0; i < d; i++)
      fc_add(right + i * (d + 1), right + i * (d + 1), factor, ctx);
  }
  fc_posterior_free(posterior);
  fc_vec_free(y, d, ctx);
  fc_clear(factor, ctx);
  return status;
}

/* The twin's time: that of equal u, or (altered) the same t. */
static fc_status twin_values(fc_schedule_value *values, fc_workspace *w,
                             const fc_schedule_value *at) {
  const fc_ctx *ctx = w->ctx;
  fc_schedule *twin = NULL;
  fc_time time[1];
  fc_num u;
  fc_time_init(time, ctx);
  fc_init(u, ctx);
  fc_schedule_u(u, at, ctx);
  fc_status status = fc_twin_time(time, u, w->job->schedule, ctx);
  if (is_altered(w)) {
    fc_set(time->t, w->time->t, ctx);
    fc_set(time->r, w->time->r, ctx);
  }
  if (status == FC_OK)
    status = fc_twin_schedule_new(&twin, w->job->schedule, false);
  if (status == FC_OK)
    status = fc_schedule_eval(values, twin, time, false, ctx);
  fc_schedule_free(twin);
  fc_time_clear(time, ctx);
  fc_clear(u, ctx);
  return status;
}

static fc_status sides_jacobian(fc_ptr left, fc_ptr right, fc_ptr scale,
                                fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_schedule_value twin[1];
  double r = fc_get_d(w->time->r, w->ctx), t = fc_get_d(w->time->t, w->ctx);
  if (r < 0x1p-4 || t < 0x1p-4) /* a'/a cancels next to t = 1, u - u_0 at 0 */
    return FC_DOMAIN;
  fc_schedule_value_init(twin, w->ctx);
  fc_status status = twin_values(twin, w, at);
  if (status == FC_OK)
    status = jacobian_by(right, w, at, twin);
  if (status == FC_OK)
    status = fc_velocity_eval(w->velocity, w->x, FC_VELOCITY_JACOBIAN);
  if (status == FC_OK)
    fc_vec_set(left, fc_velocity_values(w->velocity)->jacobian, w->d * w->d,
               w->ctx);
  /* Both terms are as large as a'/a, and may cancel. */
  fc_div(scale, at->da, at->a, w->ctx);
  fc_abs(scale, scale, w->ctx);
  for (size_t i = 0; i < w->d * w->d && status == FC_OK; i++)
    fc_max(scale, scale, left + i, w->ctx);
  fc_schedule_value_clear(twin, w->ctx);
  return status;
}

/* --- the claims ----------------------------------------------------------- */

/* Integration in t is dear: few points, and not in high dimensions. */
static const char *no_map(const fc_job *job) {
  const char *reason = fc_needs_well_posed(job);
  if (!reason)
    reason = fc_needs_cheap(job);
  if (!reason && fc_target_dimension(job->instance->target) > 3)
    reason = "too dear: integration in t is only judged up to dimension 3";
  return reason;
}

static size_t few(const fc_job *job) {
  (void)job;
  return 4;
}

#define MAP(...)                                                               \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = sides_map, .length = fc_length_vector, .stated = true,         \
    .times = FC_AT_START, __VA_ARGS__                                          \
  }
#define JACOBIAN(...)                                                          \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = sides_jacobian, .length = fc_length_matrix, __VA_ARGS__        \
  }
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

static const fc_claim claims[] = {
    {.name = "map",
     .kind = FC_KIND_STATEMENT,
     .source = "beyond the paper",
     .statement = "schedules with equal a₀, b₀ have the same X₁: X₁ under the "
                  "job's schedule, by the closed form or exact map where there "
                  "is one, else by Taylor integration in a chart, is X₁ "
                  "under " FC_TWIN_TEXT ", by integration in t",
     .formula = "X_{0,1}(x) = Y_{0,1}(x)",
     .hypotheses = "Assumption 2.1 and case i, iii or iv of 2.2",
     MAP(.limit = few, .refuses = no_map)},
    {.name = "map.control.start",
     .source = "schedule invariance, a₀ enlarged to 5a₀/4",
     .statement = "X₁ under the job's schedule is X₁ under a = (5/4)a₀(1−t²), "
                  "b = b₀(1−t) + t",
     .formula = "X_{0,1}(x) = Y_{0,1}(x)",
     CONTROL("map"),
     MAP(.limit = fc_flow_control_points, .refuses = fc_control_well_posed,
         .variant = 1)},

    {.name = "jacobian",
     .kind = FC_KIND_STATEMENT,
     .source = "beyond the paper; (4.3)",
     .statement = "∇v = (a′/a)I + (bω/a³)C(u, x/a), C the posterior covariance "
                  "under " FC_TWIN_TEXT
                  " at equal u = b/a and x/a: a bound on C for all (u, y) "
                  "bounds ∇v under every schedule",
     .formula = "a'/a I + b omega/a^3 C(u, x/a)",
     .hypotheses = "1/16 ≤ t ≤ 15/16",
     JACOBIAN(.limit = fc_flow_points, .refuses = NULL)},
    {.name = "jacobian.control.same-time",
     .source = "schedule invariance, C at equal t in place of equal u",
     .statement = "∇v = (a′/a)I + (bω/a³)C, C under " FC_TWIN_TEXT
                  " at the same t and x/a",
     .formula = "a'/a I + b omega/a^3 C(u(t), x/a)",
     CONTROL("jacobian"),
     JACOBIAN(.limit = fc_flow_points, .refuses = NULL, .variant = 1)},
};

const fc_check fc_check_schedule_invariance = {
    .id = "ext.schedule-invariance",
    .title = "What does not depend on the schedule",
    .source = "beyond the paper",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_pointwise_run,
};
