/* The display before Lemma C.2 on the line: p_t through
 *   Q f(x) = E f(b x/(a^2+b^2) + a Z/sqrt(a^2+b^2)),  f = d nu/d gamma_1,
 * integrated over y = b x/(a^2+b^2) + a z/sqrt(a^2+b^2). */
#include "gif/covariance_sides.h"
#include "gif/line_quadrature.h"
#include "gif/series_probe.h"

typedef struct kernel {
  const fc_ctx *ctx;
  fc_num mean, deviation, z; /* b x/(a^2+b^2), a/sqrt(a^2+b^2) */
} kernel;

/* f(y) = nu(y) sqrt(2 pi) exp(y^2/2) times the normal density of y; an
 * fc_line_integrand. */
static fc_status integrand(fc_ptr value, const fc_line_node *node, void *data) {
  kernel *k = data;
  fc_sub(k->z, node->y, k->mean, k->ctx);
  fc_div(k->z, k->z, k->deviation, k->ctx);
  fc_sqr(k->z, k->z, k->ctx);
  fc_sqr(value, node->y, k->ctx);
  fc_sub(value, value, k->z, k->ctx);
  fc_mul_2exp_si(value, value, -1, k->ctx);
  fc_add(value, value, node->log_nu, k->ctx);
  fc_exp(value, value, k->ctx);
  fc_div(value, value, k->deviation, k->ctx);
  return FC_OK;
}

static fc_status smoothed_ratio(fc_ptr Qf, fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  kernel k = {.ctx = w->ctx};
  fc_init(k.mean, w->ctx);
  fc_init(k.deviation, w->ctx);
  fc_init(k.z, w->ctx);
  fc_mul(k.mean, at->b, w->x, w->ctx);
  fc_div(k.mean, k.mean, at->rho2, w->ctx);
  fc_sqrt(k.z, at->rho2, w->ctx);
  fc_div(k.deviation, at->a, k.z, w->ctx);
  fc_status status =
      fc_line_integrate(Qf, 1, integrand, &k, w, fc_line_bits(w));
  fc_clear(k.mean, w->ctx);
  fc_clear(k.deviation, w->ctx);
  fc_clear(k.z, w->ctx);
  return status;
}

static fc_status density(fc_ptr z, fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  fc_status status =
      fc_posterior_eval(posterior, at->a, at->b, w->x, FC_WANT_LOG_DENSITY);
  if (status == FC_OK)
    fc_exp(z, fc_posterior_values(posterior)->log_density, w->ctx);
  return status;
}

fc_status fc_sides_tilted_density(fc_ptr left, fc_ptr right, fc_ptr scale,
                                  fc_workspace *w) {
  static const char *const names[] = {"x", "Qf"};
  fc_formula *formula = NULL;
  (void)scale;
  if (fc_point_rests(w))
    return FC_DOMAIN;
  fc_ptr further = fc_vec_new(2, w->ctx);
  fc_status status = further ? smoothed_ratio(further + 1, w) : FC_MEMORY;
  if (status == FC_OK)
    status = density(left, w);
  if (status == FC_OK)
    status =
        fc_bound_parse_further(&formula, w->claim->formula, names, 2, NULL);
  if (status == FC_OK) {
    fc_set(further, w->x, w->ctx);
    status =
        fc_environment_eval_further(right, w->environment, formula, further, 2);
  }
  fc_formula_free(formula);
  fc_vec_free(further, 2, w->ctx);
  return status;
}
