/* Theorem 3.1: p_t solves the continuity equation of the velocity field,
 *
 *   d/dt p_t + div(p_t v) = 0 on (0, 1) x R^d,
 *
 * for every nu with a second moment.  Divided by p_t > 0:
 *
 *   d/dt log p_t = -(Tr grad v + <v, s>),  s = grad log p_t.
 *
 * Against a test function phi, and phi = exp(i w x) (Appendix A), d = 1:
 *
 *   d/dt E[phi(X_t)] = E[phi'(X_t) v(t, X_t)],
 *   d/dt Psi = i w E[exp(i w X_t) v(t, X_t)],
 *   Psi = exp(-a^2 w^2/2) phi_nu(b w).
 *
 * How each side is computed: continuity_sides.h, continuity_weak.h.
 */
#include "gif/continuity_sides.h"
#include "gif/continuity_weak.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"

/* A Gaussian may stand still: N(0, I) where a^2 + b^2 = 1. */
static const char *no_motion(const fc_job *job) {
  return fc_needs_gaussian(job) ? NULL : "the target is a Gaussian";
}

#define SIDES(...)                                                             \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = fc_sides_continuity, __VA_ARGS__                               \
  }
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

#define SINE "sin(3/2*x + 1/2)"
#define BUMP "exp(-(x - 1/3)^2)"
#define FREQUENCY "5/4"

static const char *const functions[FC_TEST_FUNCTIONS] = {SINE, BUMP};
static const char *const frequency[] = {FREQUENCY};

/* Controls on a Gaussian that stands still say nothing; where nu is not made of
 * equal Gaussians they would be dear and say no more. */
static const char *no_mixture_motion(const fc_job *job) {
  const char *reason = fc_needs_line_mixture(job);
  return reason ? reason : no_motion(job);
}

static const char *no_range(const fc_job *job) {
  const char *reason = fc_needs_line(job);
  return reason ? reason : fc_needs_closed_moments(job);
}

#define WEAK(...)                                                              \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = fc_sides_weak, .length = fc_length_weak, .once = true,         \
    .text = functions, __VA_ARGS__                                             \
  }
#define CHARACTERISTIC(...)                                                    \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = fc_sides_characteristic, .length = fc_length_complex,          \
    .once = true, .text = frequency, __VA_ARGS__                               \
  }

static const fc_claim claims[] = {
    {.name = "pointwise",
     .kind = FC_KIND_STATEMENT,
     .source = "Theorem 3.1",
     .statement = "∂ₜ log p_t = −(Tr∇v + ⟨v, ∇log p_t⟩)",
     .formula = "-(divergence + transport)",
     .hypotheses = "t in (0,1)",
     SIDES(.refuses = NULL)},
    {.name = "pointwise.control.sign",
     .source = "Theorem 3.1, sign of the flux flipped",
     .statement = "∂ₜ log p_t = Tr∇v + ⟨v, ∇log p_t⟩",
     .formula = "divergence + transport",
     CONTROL("pointwise"),
     SIDES(.refuses = no_motion)},
    {.name = "pointwise.control.no-divergence",
     .source = "Theorem 3.1, Tr∇v dropped",
     .statement = "∂ₜ log p_t = −⟨v, ∇log p_t⟩",
     .formula = "-transport",
     CONTROL("pointwise"),
     SIDES(.refuses = no_motion)},
    {.name = "pointwise.control.no-transport",
     .source = "Theorem 3.1, ⟨v, ∇log p_t⟩ dropped",
     .statement = "∂ₜ log p_t = −Tr∇v",
     .formula = "-divergence",
     CONTROL("pointwise"),
     SIDES(.refuses = no_motion)},

    {.name = "weak",
     .kind = FC_KIND_STATEMENT,
     .source = "Theorem 3.1, weak form",
     .statement = "d/dt E[φ(X_t)] = flux = E[φ′(X_t) v(t,X_t)] for φ(x) = " SINE
                  " and " BUMP,
     .formula = "flux",
     .hypotheses = "d = 1; judged at t = 1/2",
     WEAK(.refuses = no_range)},
    {.name = "weak.control.sign",
     .source = "Theorem 3.1, weak form, sign flipped",
     .statement = "d/dt E[φ(X_t)] = −E[φ′(X_t) v(t,X_t)] for these φ",
     .formula = "-flux",
     CONTROL("weak"),
     WEAK(.refuses = no_mixture_motion)},

    {.name = "characteristic",
     .kind = FC_KIND_STATEMENT,
     .source = "Appendix A",
     .statement = "∂ₜΨ = w·flux, flux = E[i exp(iwX_t) v(t,X_t)], Ψ = "
                  "exp(−a²w²/2)φ_ν(bw), at w = " FREQUENCY,
     .formula = FREQUENCY "*flux",
     .hypotheses = "d = 1, ν a mixture of equal Gaussians (φ_ν in closed "
                   "form); judged at t = 1/2",
     CHARACTERISTIC(.refuses = fc_needs_line_mixture)},
    {.name = "characteristic.control.sign",
     .source = "Appendix A, sign flipped",
     .statement = "∂ₜΨ = −w·flux",
     .formula = "-" FREQUENCY "*flux",
     CONTROL("characteristic"),
     CHARACTERISTIC(.refuses = no_mixture_motion)},
};

static fc_status run(const fc_job *job, fc_error *error) {
  fc_status status = fc_pointwise_run(job, error);
  return status ? status : fc_job_measure(job, error);
}

const fc_check fc_check_continuity = {
    .id = "gif.continuity",
    .title = "The continuity equation",
    .source = "Theorem 3.1",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = run,
};
