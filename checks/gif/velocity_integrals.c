#include "gif/velocity_integrals.h"

#include "gif/combination.h"
#include "gif/hypotheses.h"
#include "gif/line_quadrature.h"

const char *fc_needs_line_density(const fc_job *job) {
  const char *reason = fc_needs_line(job);
  return reason ? reason : fc_needs_density(job);
}

const char *fc_needs_line_component_ball(const fc_job *job) {
  const char *reason = fc_needs_line_density(job);
  return reason ? reason : fc_needs_component_ball(job);
}

/* The integrals of 1, Z = (x - b y)/a, y and of the squares of the last two,
 * which say how large they are. */
enum { I_ONE, I_Z, I_M, I_SIZE_Z, I_SIZE_M, I_COUNT };

static fc_status integrand(fc_ptr values, const fc_line_node *node,
                           void *data) {
  const fc_workspace *w = data;
  const fc_ctx *ctx = w->ctx;
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_set_si(values + I_ONE, 1, ctx);
  fc_set(values + I_Z, w->x, ctx);
  fc_submul(values + I_Z, at->b, node->y, ctx);
  fc_div(values + I_Z, values + I_Z, at->a, ctx);
  fc_set(values + I_M, node->y, ctx);
  fc_sqr(values + I_SIZE_Z, values + I_Z, ctx);
  fc_sqr(values + I_SIZE_M, values + I_M, ctx);
  for (int i = 0; i < I_COUNT; i++)
    fc_mul(values + i, values + i, node->weight, ctx);
  return FC_OK;
}

/* Judged at t = 1/2 alone: an integral costs as much as a hundred points, and
 * next to the ends the integrand is a needle. */
static bool is_spared(const fc_workspace *w) {
  return fc_get_d(w->time->t, w->ctx) != 0.5;
}

fc_status fc_sides_definition(fc_ptr left, fc_ptr right, fc_ptr scale,
                              fc_workspace *w) {
  if (is_spared(w))
    return FC_DOMAIN;
  fc_ptr I = fc_vec_new(I_COUNT, w->ctx);
  if (!I)
    return FC_MEMORY;
  fc_status status =
      fc_line_integrate(I, I_COUNT, integrand, w, w, fc_line_bits(w));
  if (status == FC_BUDGET) /* no judge at this point */
    status = FC_DOMAIN;
  if (status == FC_OK)
    status = fc_velocity_eval(w->velocity, w->x, FC_VELOCITY);
  if (status == FC_OK) {
    for (int i = I_Z; i < I_COUNT; i++)
      fc_div(I + i, I + i, I + I_ONE, w->ctx);
    for (int i = I_SIZE_Z; i < I_COUNT; i++)
      fc_sqrt(I + i, I + i, w->ctx);
    const fc_quantity quantities[] = {{"Z", I + I_Z, I + I_SIZE_Z},
                                      {"M", I + I_M, I + I_SIZE_M}};
    fc_set(left, fc_velocity_values(w->velocity)->velocity, w->ctx);
    status = fc_combine(right, 1, scale, w, w->claim->formula, quantities, 2);
  }
  fc_vec_free(I, I_COUNT, w->ctx);
  return status;
}
