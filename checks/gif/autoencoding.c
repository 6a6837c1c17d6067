/* Corollary 6.1: the flow and its reverse make an auto-encoder,
 *   (6.1)  X_1 o X*_1 = Id  on the support of nu,
 * X*_1 = X_{1,0} the encoder, X_1 = X_{0,1} the decoder.  Hypotheses:
 * Assumption 2.1 and one of the cases i, iii, iv of 2.2.
 *
 * The encoder goes by the closed form or exact map where there is one, the
 * decoder by Taylor integration: the identity is not true by construction.
 */
#include "gif/flow_hypotheses.h"
#include "gif/flow_legs.h"
#include "gif/modules.h"

typedef enum alteration { AS_STATED, STRETCHED, STOPPED } alteration;

static alteration altered(const fc_workspace *w) {
  return (alteration)((const fc_pointwise_detail *)w->claim->detail)->variant;
}

/* left = X_{0,1}(X_{1,0}(x)), right = x */
static fc_status sides(fc_ptr left, fc_ptr right, fc_ptr scale,
                       fc_workspace *w) {
  fc_legs legs[1];
  fc_time stop[1];
  (void)scale;
  fc_time_init(stop, w->ctx);
  fc_time_set_d(stop, 0x1p-3, true, w->ctx);
  fc_status status = fc_legs_init(legs, w);
  if (status == FC_OK)
    status =
        fc_legs_carry(legs, fc_unrelated_method(w), legs->end, legs->start);
  if (status == FC_OK && altered(w) == STRETCHED)
    fc_stretch(legs->x, w->d, w->ctx);
  if (status == FC_OK)
    status = fc_legs_carry(legs, fc_integrator(w), legs->start,
                           altered(w) == STOPPED ? stop : legs->end);
  if (status == FC_OK) {
    fc_legs_arrive(left, legs);
    fc_vec_set(right, w->x, w->d, w->ctx);
    status = fc_legs_check(w, left, right, w->d, false);
  }
  fc_legs_clear(legs);
  fc_time_clear(stop, w->ctx);
  return status;
}

#define SIDES(...)                                                             \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = sides, .length = fc_length_vector, .stated = true,             \
    .times = FC_AT_END, __VA_ARGS__                                            \
  }
#define CONTROL .kind = FC_KIND_CONTROL, .control_of = "identity"

static const fc_claim claims[] = {
    {.name = "identity",
     .kind = FC_KIND_STATEMENT,
     .source = "Corollary 6.1, (6.1)",
     .statement = "X₁(X*₁(x)) = x; X*₁ by " FC_UNRELATED_TEXT
                  ", X₁ by Taylor integration",
     .formula = "X_{0,1}(X_{1,0}(x)) = x",
     .hypotheses = "Assumption 2.1 and case i, iii or iv of 2.2",
     SIDES(.limit = fc_flow_points, .refuses = fc_needs_affordable_well_posed)},
    {.name = "identity.control.stretched",
     .source = "(6.1), with (1+2⁻²⁰)X*₁",
     .statement = "X₁((1+2⁻²⁰)X*₁(x)) = x",
     .formula = "X_{0,1}((1+2^-20) X_{1,0}(x)) = x",
     CONTROL,
     SIDES(.limit = fc_flow_control_points, .refuses = fc_control_well_posed,
           .variant = STRETCHED)},
    {.name = "identity.control.stopped",
     .source = "(6.1), the decoder stopped at t = 7/8",
     .statement = "X_{7/8}(X*₁(x)) = x",
     .formula = "X_{0,7/8}(X_{1,0}(x)) = x",
     CONTROL,
     SIDES(.limit = fc_flow_control_points, .refuses = fc_control_motion,
           .variant = STOPPED)},
};

const fc_check fc_check_autoencoding = {
    .id = "gif.autoencoding",
    .title = "The flow and its reverse as an auto-encoder",
    .source = "Corollary 6.1",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_pointwise_run,
};
