#include "gif/section_bounds.h"

#include <math.h>

void fc_section_gaussian_mass(fc_ptr mass, const fc_ctx *ctx) {
  long bits = ctx->precision > 53 ? ctx->precision : 53;
  double h = 4.4 / sqrt(0.7 * (double)bits + 8);
  fc_num step, term, root;
  fc_init(step, ctx);
  fc_init(term, ctx);
  fc_init(root, ctx);
  fc_set_d(step, h, ctx);
  fc_set_si(mass, 1, ctx);
  for (long k = 1; (double)k * h < 1.2 * sqrt((double)bits + 8); k++) {
    fc_mul_si(term, step, k, ctx);
    fc_mul(term, term, term, ctx);
    fc_div_si(term, term, -2, ctx);
    fc_exp(term, term, ctx);
    fc_mul_si(term, term, 2, ctx);
    fc_add(mass, mass, term, ctx);
  }
  fc_mul(mass, mass, step, ctx);
  fc_mul(mass, mass, mass, ctx);
  fc_set_pi(root, ctx);
  fc_mul_si(root, root, 2, ctx);
  fc_div(mass, mass, root, ctx);
  fc_clear(step, ctx);
  fc_clear(term, ctx);
  fc_clear(root, ctx);
}

/* exp(a^2 R^2/(2 sigma^2 V)) sqrt(R^2 + 2 sigma^2); r and sigma are used up. */
static void multiply_rest(fc_ptr bound, fc_srcptr a, fc_srcptr v, fc_ptr r,
                          fc_ptr sigma, const fc_ctx *ctx) {
  fc_num x;
  fc_init(x, ctx);
  fc_mul(x, a, r, ctx);
  fc_div(x, x, sigma, ctx);
  fc_mul(x, x, x, ctx);
  fc_div(x, x, v, ctx);
  fc_div_si(x, x, 2, ctx);
  fc_exp(x, x, ctx);
  fc_mul(bound, bound, x, ctx);
  fc_mul(r, r, r, ctx);
  fc_mul(sigma, sigma, sigma, ctx);
  fc_mul_si(sigma, sigma, 2, ctx);
  fc_add(r, r, sigma, ctx);
  fc_sqrt(r, r, ctx);
  fc_mul(bound, bound, r, ctx);
  fc_clear(x, ctx);
}

/* bound = sigma b/sqrt(V), V = a^2 + sigma^2 b^2, and what else there is. */
static void set_bound(fc_ptr bound, const fc_schedule_value *at, fc_ptr r,
                      fc_ptr sigma, bool control, const fc_ctx *ctx) {
  fc_num v, x;
  fc_init(v, ctx);
  fc_init(x, ctx);
  fc_mul(v, sigma, at->b, ctx);
  fc_mul(v, v, v, ctx);
  fc_mul(x, at->a, at->a, ctx);
  fc_add(v, v, x, ctx);
  fc_sqrt(bound, v, ctx);
  fc_div(bound, sigma, bound, ctx);
  fc_mul(bound, bound, at->b, ctx);
  if (!control)
    multiply_rest(bound, at->a, v, r, sigma, ctx);
  fc_clear(v, ctx);
  fc_clear(x, ctx);
}

fc_status fc_section_source_bound(fc_ptr bound, const fc_job *job, bool control,
                                  const fc_ctx *ctx) {
  const fc_target *target = job->instance->target;
  fc_time start[1];
  fc_schedule_value at[1];
  fc_num r, sigma;
  fc_time_init(start, ctx);
  fc_schedule_value_init(at, ctx);
  fc_init(r, ctx);
  fc_init(sigma, ctx);
  fc_time_set_d(start, 0, false, ctx);
  fc_status status = fc_schedule_eval(at, job->schedule, start, false, ctx);
  if (!status)
    status = fc_target_constant(sigma, NULL, NULL, target, FC_SIGMA, ctx);
  if (!status)
    status = fc_target_constant(r, NULL, NULL, target, FC_R, ctx);
  if (!status)
    set_bound(bound, at, r, sigma, control, ctx);
  fc_clear(r, ctx);
  fc_clear(sigma, ctx);
  fc_schedule_value_clear(at, ctx);
  fc_time_clear(start, ctx);
  return status;
}
