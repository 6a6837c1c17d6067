/* Theorem 3.1: p_t solves the continuity equation of the velocity field,
 *
 *   d/dt p_t + div(p_t v) = 0 on (0, 1) x R^d,
 *
 * for every nu with a second moment.  Divided by p_t > 0:
 *
 *   d/dt log p_t = -(Tr grad v + <v, s>),  s = grad log p_t.
 *
 * How each side is computed: continuity_sides.h.
 */
#include "gif/continuity_sides.h"
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
