/* int_0^1 exp(2 int_s^1 theta) ds by quadrature over s of a closed form; C_3 by
 * perturbed/bounds.h. */
#include "gif/stability_factors.h"

#include <math.h>

#include "claims/workspace.h"
#include "gif/time_quadrature.h"
#include "perturbed/bounds.h"

typedef struct growth {
  fc_workspace *w;
  fc_formula *text;
  int power;
} growth;

/* An fc_time_integrand. */
static fc_status power_of_growth(fc_ptr values, fc_ptr error, const fc_time *s,
                                 size_t place, void *data) {
  growth *g = data;
  fc_workspace *w = g->w;
  fc_schedule_value at[1];
  (void)place;
  fc_schedule_value_init(at, w->ctx);
  fc_status status = fc_schedule_eval(at, w->job->schedule, s, false, w->ctx);
  if (!status) {
    fc_environment_set_time(w->environment, at, s);
    status = fc_environment_eval(values, w->environment, g->text);
  }
  fc_pow_si(values, values, g->power, w->ctx);
  fc_mul_2exp_si(error, values, 16 - w->ctx->precision, w->ctx);
  fc_schedule_value_clear(at, w->ctx);
  return status;
}

fc_status fc_stability_integrate(fc_ptr z, fc_ptr error, const fc_job *job,
                                 const fc_claim *claim, const char *text,
                                 int power, long bits, const fc_ctx *ctx) {
  fc_workspace w[1];
  fc_time zero[1];
  growth g = {.w = w, .power = power};
  fc_status status = fc_workspace_init(w, job, claim, ctx);
  if (!status)
    status = fc_bound_parse(&g.text, text, NULL);
  fc_time_init(zero, ctx);
  fc_time_set_d(zero, 0, false, ctx);
  if (!status) {
    fc_time_set_d(w->time, 0, true, ctx);
    status = fc_time_integrate(z, error, 1, power_of_growth, &g, w, zero, bits,
                               NULL);
  }
  fc_time_clear(zero, ctx);
  fc_formula_free(g.text);
  fc_workspace_clear(w);
  return status;
}

double fc_stability_integral(const fc_job *job, const char *text, int power) {
  fc_ctx ctx[1];
  fc_num z, error;
  fc_ctx_init_double(ctx);
  fc_init(z, ctx);
  fc_init(error, ctx);
  fc_status status = text
                         ? fc_stability_integrate(z, error, job, NULL, text,
                                                  power, FC_STABILITY_BITS, ctx)
                         : FC_DOMAIN;
  return status ? NAN : fc_get_d(z, ctx);
}

static fc_status bounds_of(fc_gradient_bounds **bounds, const fc_job *job,
                           const fc_stability_field *field, const fc_ctx *ctx) {
  return fc_gradient_bounds_new(bounds, job->instance->target, job->schedule,
                                &field->how, ctx, NULL);
}

fc_status fc_stability_lipschitz(fc_ptr z, bool *proved, const fc_job *job,
                                 const fc_stability_field *field,
                                 const fc_ctx *ctx) {
  fc_gradient_bounds *bounds = NULL;
  fc_status status = bounds_of(&bounds, job, field, ctx);
  if (!status)
    status = fc_gradient_bounds_sup(z, proved, bounds, NULL);
  fc_gradient_bounds_free(bounds);
  return status;
}

fc_status fc_stability_polygon(fc_ptr z, fc_ptr error, const fc_job *job,
                               const fc_stability_field *field,
                               const fc_ctx *ctx) {
  fc_gradient_bounds *bounds = NULL;
  fc_status status = bounds_of(&bounds, job, field, ctx);
  if (!status)
    status = fc_gradient_bounds_polygon(z, bounds);
  fc_mul_2exp_si(error, z, 16 - ctx->precision, ctx);
  fc_gradient_bounds_free(bounds);
  return status;
}

double fc_stability_lipschitz_d(const fc_job *job, int which) {
  const fc_stability_field *field = fc_stability_field_of(job, which);
  fc_ctx ctx[1];
  fc_num z;
  fc_ctx_init_double(ctx);
  fc_init(z, ctx);
  bool proved;
  fc_status status =
      field ? fc_stability_lipschitz(z, &proved, job, field, ctx) : FC_DOMAIN;
  return status ? NAN : fc_get_d(z, ctx);
}

void fc_exponential_mean(fc_ptr z, fc_srcptr C, long p, const fc_ctx *ctx) {
  if (fc_is_zero(C, ctx) == FC_TRUE) {
    fc_set_si(z, 1, ctx);
    return;
  }
  fc_num x;
  fc_init(x, ctx);
  fc_mul_si(x, C, p, ctx);
  fc_expm1(z, x, ctx);
  fc_div(z, z, x, ctx);
  fc_clear(x, ctx);
}
