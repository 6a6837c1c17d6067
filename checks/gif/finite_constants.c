/* Corollary 6.3: under Assumption 2.2 (i), (iii) or (iv)
 *   C_1 = sup_x |grad X_1(x)| < infinity,
 *   C_2 = sup_{t,x} |grad v(t, x)| < infinity.
 * Both are reported: lower estimates by search, against finite numbers that the
 * class constants give.  Case (ii) is excluded: next to t = 1 and off the
 * support grad v tends to a'/a, which is unbounded (erratum 8: Proposition 6.2
 * assumes all of 2.2 and uses this corollary).
 */
#include "claims/flow_bound.h"
#include "gif/finite_velocity.h"
#include "gif/flow_master.h"
#include "gif/modules.h"

enum { MANY = 4 };

/* The search is that of gif.flow-lipschitz/master.forward over again. */
static const char *needs_affordable_case(const fc_job *job) {
  const fc_target *target = job->instance->target;
  bool dear = fc_target_dimension(target) > 1 &&
              fc_target_isotropic_count(target) > MANY;
  return dear ? "many components: the same supremum is sought by "
                "gif.flow-lipschitz/master.forward, once"
              : fc_needs_finite_case(job);
}

#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of
#define FLOW(...)                                                              \
  .flow = true, .detail = &(const fc_flow_bound_detail) {                      \
    .pairs = 1, .refuses = needs_affordable_case, __VA_ARGS__                  \
  }

static const fc_claim claims[] = {
    {.name = "c1",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary 6.3",
     .statement = "C₁ = sup_x|∇X₁(x)| is finite: at most what κ, (σ, R) or L "
                  "give by the master formula",
     .relation = "<=",
     .formula = "a_1/a_0*exp(integral of u*c(u)), c the least of the known",
     .hypotheses = "Assumption 2.2 (i), (iii) or (iv)",
     FLOW(.evaluate = fc_master_forward)},
    {.name = "c1.control.half",
     .source = "half of 1/|∇X₁⁻¹| at least",
     .statement = "|∇X₁| ≤ ½(bound on |∇X₁⁻¹|)⁻¹",
     .relation = "<=",
     .formula = "1/(2*master.reverse)",
     CONTROL("c1"),
     FLOW(.evaluate = fc_master_forward_false)},
    {.name = "c2",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary 6.3",
     .statement =
         "C₂ = sup over [0,1] × R^d of |∇v| is finite: at most sup_t of "
         "what Proposition 4.1 gives on both sides",
     .relation = "<=",
     .formula = "sup over t of max(|U|, |L|), L*I <= grad v <= U*I by "
                "Proposition 4.1",
     .hypotheses = "Assumption 2.2 (i), (iii) or (iv)",
     .measure = fc_measure_c2},
    {.name = "c2.control.half",
     .source = "half of what Proposition 4.1 says |∇v| is at least",
     .statement = "|∇v| ≤ ½ sup_t max(L, −U)",
     .relation = "<=",
     .formula = "sup over t of max(L, -U)/2",
     CONTROL("c2"),
     .measure = fc_measure_c2_half},
    {.name = "c2.case-ii",
     .kind = FC_KIND_PROBE,
     .source = "Corollary 6.3 excludes case (ii)",
     .statement =
         "for a law of bounded support sup_x|∇v| exceeds r^(−1/2) at r "
         "= 1−t = 2^(−20): C₂ is infinite",
     .relation = ">=",
     .formula = "r^(-1/2)",
     .hypotheses = "ν has a density and bounded support",
     .measure = fc_measure_c2_bounded},
};

static fc_status run(const fc_job *job, fc_error *error) {
  fc_status status = fc_flow_bounds_run(job, error);
  return status ? status : fc_job_measure(job, error);
}

const fc_check fc_check_finite_constants = {
    .id = "gif.finite-constants",
    .title = "Finite Lipschitz constants",
    .source = "Corollary 6.3",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = run,
};
