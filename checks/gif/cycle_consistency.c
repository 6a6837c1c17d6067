/* Corollary 6.2: two targets nu_1, nu_2 and one schedule, X_{i,1} the flow of
 * nu_i from t = 0 to 1 and X*_{i,1} its reverse,
 *   (6.2)  X_{1,1} o X*_{2,1} o X_{2,1} o X*_{1,1} = Id  on the support of
 * nu_1. Hypotheses: Assumption 2.1 and one of the cases i, iii, iv of 2.2 for
 * both.
 *
 * nu_1 is the instance's target, nu_2 that of cycle_partner.h (case iii).  Each
 * flow goes one way by the closed form or exact map where there is one, the
 * other way by Taylor integration.
 */
#include <math.h>

#include "gif/cycle_partner.h"
#include "gif/flow_hypotheses.h"
#include "gif/flow_legs.h"
#include "gif/modules.h"

typedef enum alteration {
  AS_STATED,
  LEFT_OUT, /* without X*_{2,1} */
  TARGET,   /* X_{2,1} for X_{1,1} */
  SCHEDULE  /* X*_{2,1} under another schedule */
} alteration;

static alteration altered(const fc_workspace *w) {
  return (alteration)((const fc_pointwise_detail *)w->claim->detail)->variant;
}

/* X*_{2,1}, altered. */
static fc_status return_leg(fc_legs *legs, const fc_target *partner) {
  fc_workspace *w = legs->w;
  const fc_schedule *schedule = w->job->schedule;
  fc_schedule *other = NULL;
  fc_status status = FC_OK;
  switch (altered(w)) {
  case LEFT_OUT:
    return FC_OK;
  case SCHEDULE:
    status = fc_schedule_parse(&other, "custom:a=3*(1-t),b=1/3+2*t/3", NULL);
    schedule = other;
    break;
  case TARGET:
  case AS_STATED:
    break;
  }
  if (status == FC_OK)
    status = fc_legs_carry_other(legs, partner, schedule, fc_integrator(w),
                                 legs->end, legs->start);
  fc_schedule_free(other);
  return status;
}

static fc_status cycle(fc_legs *legs, const fc_target *partner) {
  fc_workspace *w = legs->w;
  fc_status status = fc_legs_carry(legs, FC_FLOW_AUTO, legs->end, legs->start);
  if (status == FC_OK)
    status = fc_legs_carry_other(legs, partner, w->job->schedule, FC_FLOW_AUTO,
                                 legs->start, legs->end);
  if (status == FC_OK)
    status = return_leg(legs, partner);
  if (status == FC_OK && altered(w) == TARGET)
    return fc_legs_carry_other(legs, partner, w->job->schedule,
                               fc_integrator(w), legs->start, legs->end);
  if (status == FC_OK)
    status = fc_legs_carry(legs, fc_integrator(w), legs->start, legs->end);
  return status;
}

/* left = the cycle at x, right = x */
static fc_status sides(fc_ptr left, fc_ptr right, fc_ptr scale,
                       fc_workspace *w) {
  fc_legs legs[1];
  fc_target *partner = NULL;
  (void)scale;
  fc_status status = fc_legs_init(legs, w);
  if (status == FC_OK)
    status = fc_cycle_partner_new(&partner, w->d);
  if (status == FC_OK)
    status = cycle(legs, partner);
  if (status == FC_OK) {
    fc_legs_arrive(left, legs);
    fc_vec_set(right, w->x, w->d, w->ctx);
    status = fc_legs_check(w, left, right, w->d, false);
  }
  fc_legs_clear(legs);
  fc_target_free(partner);
  return status;
}

/* X_{0,1} depends on the schedule by (a_0, b_0) alone: the other schedule's is
 * the same from its own start. */
static const char *no_other_schedule(const fc_job *job) {
  const char *reason = fc_control_well_posed(job);
  if (reason)
    return reason;
  fc_ctx ctx[1];
  fc_schedule_value at[1];
  fc_time start[1];
  fc_ctx_init_double(ctx);
  fc_schedule_value_init(at, ctx);
  fc_time_init(start, ctx);
  fc_time_set_d(start, 0, false, ctx);
  bool same = fc_schedule_eval(at, job->schedule, start, false, ctx) == FC_OK &&
              fabs(fc_get_d(at->a, ctx) - 3) < 0x1p-20 &&
              fabs(fc_get_d(at->b, ctx) - 1.0 / 3) < 0x1p-20;
  fc_time_clear(start, ctx);
  fc_schedule_value_clear(at, ctx);
  return same ? "the other schedule has the same start" : NULL;
}

#define SIDES(...)                                                             \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = sides, .length = fc_length_vector, .stated = true,             \
    .times = FC_AT_END, __VA_ARGS__                                            \
  }
#define CONTROL(which, needs)                                                  \
  .kind = FC_KIND_CONTROL, .control_of = "identity",                           \
  SIDES(.limit = fc_flow_control_points, .refuses = needs, .variant = which)

static const fc_claim claims[] = {
    {.name = "identity",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary 6.2, (6.2)",
     .statement =
         "X₁,₁∘X*₂,₁∘X₂,₁∘X*₁,₁ = Id, " FC_PARTNER_TEXT
         "; X₂,₁ by the exact map, X*₁,₁ by the closed form or exact map "
         "where there is one, the others by Taylor integration",
     .formula = "X1_{0,1}(X2_{1,0}(X2_{0,1}(X1_{1,0}(x)))) = x",
     .hypotheses = "Assumption 2.1 and case i, iii or iv of 2.2",
     SIDES(.limit = fc_flow_points, .refuses = fc_needs_affordable_well_posed)},
    {.name = "identity.control.left-out",
     .source = "(6.2) without X*₂,₁",
     .statement = "X₁,₁∘X₂,₁∘X*₁,₁ = Id, " FC_PARTNER_TEXT,
     .formula = "X1_{0,1}(X2_{0,1}(X1_{1,0}(x))) = x",
     CONTROL(LEFT_OUT, fc_control_well_posed)},
    {.name = "identity.control.target",
     .source = "(6.2), X₂,₁ in place of X₁,₁",
     .statement = "X₂,₁∘X*₂,₁∘X₂,₁∘X*₁,₁ = Id, " FC_PARTNER_TEXT,
     .formula = "X2_{0,1}(X2_{1,0}(X2_{0,1}(X1_{1,0}(x)))) = x",
     CONTROL(TARGET, fc_control_well_posed)},
    {.name = "identity.control.schedule",
     .source = "(6.2), X*₂,₁ under the schedule a = 3(1−t), b = (1+2t)/3",
     .statement = "X₁,₁∘X̃*₂,₁∘X₂,₁∘X*₁,₁ = Id, X̃ under another "
                  "schedule, " FC_PARTNER_TEXT,
     .formula = "X1_{0,1}(Y2_{1,0}(X2_{0,1}(X1_{1,0}(x)))) = x",
     CONTROL(SCHEDULE, no_other_schedule)},
};

const fc_check fc_check_cycle_consistency = {
    .id = "gif.cycle-consistency",
    .title = "Two flows in a cycle",
    .source = "Corollary 6.2",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_pointwise_run,
};
