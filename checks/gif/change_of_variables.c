/* Lemma B.1 and Corollary B.1: along the trajectories of dX/dt = v(t, X),
 *
 *   (B.1)  d/dt grad X_{s,t}(x) = grad v(t, X_{s,t}(x)) grad X_{s,t}(x)
 *   (B.2)  d/dt det grad X_{s,t} = Tr grad v(t, X_{s,t}) det grad X_{s,t},
 *          so log det grad X_{s,t}(x) = int_s^t Tr grad v(r, X_r(x)) dr
 *   Corollary B.1  d/dt log pi_t(X_t) = -Tr grad v(t, X_t), X_0 ~ pi_0, for any
 *          starting law pi_0: where it is mu, pi_t is p_t.
 *
 * (B.2) is Jacobi's formula for the determinant of (B.1).  The corollary
 * follows from pi_t(X_t) |det grad X_{s,t}| = pi_0(x).
 *
 * How each side is computed: trajectory_series.h (at one time), log_det_sides.h
 * (from s to t), flow_differences.h (Lemma B.1).
 */
#include "gif/flow_cost.h"
#include "gif/flow_differences.h"
#include "gif/hypotheses.h"
#include "gif/log_det_sides.h"
#include "gif/modules.h"
#include "gif/trajectory_series.h"

/* Gaussians may stand still (N(0, I) where a^2 + b^2 = 1), or only move. */
static const char *no_shape(const fc_job *job) {
  return fc_needs_gaussian(job) ? NULL : "the target is a Gaussian";
}

static const char *no_product(const fc_job *job) {
  const char *reason = fc_flow_too_dear(job);
  if (reason)
    return reason;
  return fc_target_factor_count(job->instance->target) > 0
             ? "the target is a product: its factors are judged by themselves"
             : NULL;
}

static const char *no_shaped_product(const fc_job *job) {
  const char *reason = no_product(job);
  return reason ? reason : no_shape(job);
}

static const char *no_shaped_flow(const fc_job *job) {
  const char *reason = fc_flow_too_dear(job);
  return reason ? reason : no_shape(job);
}

#define START "s = 0 on the line, 3/8 where flows are dearer"

#define SIDES(function, count, ...)                                            \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = function, .length = count, __VA_ARGS__                         \
  }
#define TRAJECTORY(...) SIDES(fc_sides_trajectory, NULL, __VA_ARGS__)
#define FLOW(function, count, ...)                                             \
  .measure = fc_flow_measure,                                                  \
  SIDES(function, count, .stated = true, __VA_ARGS__)
#define DENSITY(...) FLOW(fc_sides_density, NULL, __VA_ARGS__)
#define LAW(...) FLOW(fc_sides_other_law, NULL, __VA_ARGS__)
#define DETERMINANT(...) FLOW(fc_sides_determinant, NULL, __VA_ARGS__)
#define VARIATIONAL(...)                                                       \
  FLOW(fc_sides_variational, fc_length_matrix, __VA_ARGS__)
#define JACOBIAN(...) FLOW(fc_sides_jacobian, fc_length_vector, __VA_ARGS__)
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

static const fc_claim claims[] = {
    {.name = "trajectory",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary B.1, π_s = μ",
     .statement = "∂ₜ log p_t(X_t) = −Tr∇v(t,X_t)",
     .formula = "-trace",
     .hypotheses = "t in (0,1)",
     TRAJECTORY(.refuses = NULL)},
    {.name = "trajectory.control.sign",
     .source = "Corollary B.1, sign flipped",
     .statement = "∂ₜ log p_t(X_t) = Tr∇v(t,X_t)",
     .formula = "trace",
     CONTROL("trajectory"),
     TRAJECTORY(.refuses = no_shape)},
    {.name = "trajectory.control.factor-two",
     .source = "Corollary B.1, twice the trace",
     .statement = "∂ₜ log p_t(X_t) = −2Tr∇v(t,X_t)",
     .formula = "-2*trace",
     CONTROL("trajectory"),
     TRAJECTORY(.refuses = no_shape)},

    {.name = "density",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary B.1, proof, π_s = μ",
     .statement = "log p_t(X_t(x)) − log p_s(x) = −log|det∇X_{s,t}(x)|",
     .formula = "-log_det",
     .hypotheses = "t = 1/2; " START "; no product",
     DENSITY(.refuses = no_product)},
    {.name = "density.control.sign",
     .source = "Corollary B.1, proof, sign flipped",
     .statement = "log p_t(X_t(x)) − log p_s(x) = log|det∇X_{s,t}(x)|",
     .formula = "log_det",
     CONTROL("density"),
     DENSITY(.refuses = no_shaped_product)},

    {.name = "other-law",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary B.1, π_s = N(1/3, 4) in each coordinate",
     .statement = "log π_t(X_t(x)) = log π_s(x) − ∫Tr∇v(r,X_r(x))dr, π_t the "
                  "law of X_t started from π_s",
     .formula = "start - integral",
     .hypotheses = "t = 1/2; " START,
     LAW(.refuses = fc_flow_too_dear)},
    {.name = "other-law.control.sign",
     .source = "Corollary B.1, sign flipped",
     .statement = "log π_t(X_t(x)) = log π_s(x) + ∫Tr∇v(r,X_r(x))dr",
     .formula = "start + integral",
     CONTROL("other-law"),
     LAW(.refuses = no_shaped_flow)},

    {.name = "determinant",
     .kind = FC_KIND_STATEMENT,
     .source = "(B.2)",
     .statement = "log|det∇X_{s,t}(x)| = ∫Tr∇v(r,X_{s,r}(x))dr",
     .formula = "integral",
     .hypotheses = "t = 1/2; " START,
     DETERMINANT(.refuses = fc_flow_too_dear)},
    {.name = "determinant.control.factor-two",
     .source = "(B.2), twice the trace",
     .statement = "log|det∇X_{s,t}(x)| = 2∫Tr∇v(r,X_{s,r}(x))dr",
     .formula = "2*integral",
     CONTROL("determinant"),
     DETERMINANT(.refuses = no_shaped_flow)},

    {.name = "variational",
     .kind = FC_KIND_STATEMENT,
     .source = "(B.1)",
     .statement = "∂ₜ∇X_{s,t}(x) = ∇v(t,X_{s,t}(x))∇X_{s,t}(x)",
     .formula = "product",
     .hypotheses = "t = 1/2; " START,
     VARIATIONAL(.refuses = fc_flow_too_dear)},
    {.name = "variational.control.sign",
     .source = "(B.1), sign flipped",
     .statement = "∂ₜ∇X_{s,t}(x) = −∇v(t,X_{s,t}(x))∇X_{s,t}(x)",
     .formula = "-product",
     CONTROL("variational"),
     VARIATIONAL(.refuses = no_shaped_flow)},

    {.name = "jacobian",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma B.1, y(t) = ∇X_{s,t}(x)",
     .statement = "d/dh X_{s,t}(x + he) at h = 0 is ∇X_{s,t}(x)e for e = (1, "
                  "1/2, 1/3, …)",
     .formula = "jacobian",
     .hypotheses = "t = 1/2; " START,
     JACOBIAN(.refuses = fc_flow_too_dear)},
    {.name = "jacobian.control.larger",
     .source = "Lemma B.1, one part in 2^20 more",
     .statement = "d/dh X_{s,t}(x + he) at h = 0 is (1 + 2^-20)∇X_{s,t}(x)e",
     .formula = "(1 + 2^-20)*jacobian",
     CONTROL("jacobian"),
     JACOBIAN(.refuses = fc_flow_too_dear)},
};

static fc_status run(const fc_job *job, fc_error *error) {
  fc_status status = fc_pointwise_run(job, error);
  return status ? status : fc_job_measure(job, error);
}

const fc_check fc_check_change_of_variables = {
    .id = "gif.change-of-variables",
    .title = "Change of variables along trajectories",
    .source = "Lemma B.1, Corollary B.1",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = run,
};
