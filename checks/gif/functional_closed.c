#include "gif/functional_closed.h"

#include "flow/flow.h"
#include "matrix/matrix.h"
#include "target/posterior.h"

fc_status fc_gaussian_poincare(fc_ptr z, const fc_target *target,
                               const fc_schedule_value *at, const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  fc_posterior *posterior = NULL;
  fc_ptr room = fc_vec_new(2 * d + d * d, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr x = room, values = room + d, hessian = room + 2 * d;
  fc_status status = fc_posterior_new(&posterior, target, ctx, NULL);
  if (!status)
    status =
        fc_posterior_eval(posterior, at->a, at->b, x, FC_WANT_SCORE_JACOBIAN);
  if (!status) {
    const fc_posterior_value *value = fc_posterior_values(posterior);
    for (size_t i = 0; i < d * d; i++)
      fc_neg(hessian + i, value->score_jacobian + i, ctx);
    status = fc_matrix_eigen(values, NULL, hessian, d, ctx);
    fc_inv(z, values, ctx);
  }
  fc_posterior_free(posterior);
  fc_vec_free(room, 2 * d + d * d, ctx);
  return status;
}

fc_status fc_gaussian_slope(fc_ptr z, const fc_target *target,
                            const fc_schedule *schedule, const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  fc_flow *flow = NULL;
  fc_time s[1], t[1];
  fc_ptr room = fc_vec_new(2 * d + d * d, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr x = room, values = room + d, square = room + 2 * d;
  fc_time_init(s, ctx);
  fc_time_init(t, ctx);
  fc_time_set_d(s, 0, false, ctx);
  fc_time_set_d(t, 0, true, ctx);
  fc_status status =
      fc_flow_new(&flow, target, schedule, FC_FLOW_AUTO, ctx, NULL);
  if (!status)
    status = fc_flow_set_times(flow, s, t, NULL);
  if (!status)
    status = fc_flow_eval(flow, x, FC_FLOW_JACOBIAN, NULL);
  if (!status) {
    fc_srcptr jacobian = fc_flow_values(flow)->jacobian;
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < d; k++)
          fc_addmul(square + i * d + j, jacobian + i * d + k,
                    jacobian + j * d + k, ctx);
    status = fc_matrix_eigen(values, NULL, square, d, ctx);
    fc_set(z, values + d - 1, ctx);
  }
  fc_flow_free(flow);
  fc_time_clear(s, ctx);
  fc_time_clear(t, ctx);
  fc_vec_free(room, 2 * d + d * d, ctx);
  return status;
}

fc_status fc_class_slope(fc_ptr z, const fc_target *target, const fc_ctx *ctx) {
  fc_num x;
  fc_init(x, ctx);
  bool any = false;
  if (fc_target_constant(x, NULL, NULL, target, FC_KAPPA, ctx) == FC_OK &&
      fc_is_positive(x, ctx) == FC_TRUE) {
    fc_inv(z, x, ctx);
    any = true;
  }
  fc_num sigma2;
  fc_init(sigma2, ctx);
  if (fc_target_constant(sigma2, NULL, NULL, target, FC_SIGMA, ctx) == FC_OK &&
      fc_target_constant(x, NULL, NULL, target, FC_R, ctx) == FC_OK) {
    fc_div(x, x, sigma2, ctx);
    fc_sqr(x, x, ctx);
    fc_exp(x, x, ctx);
    fc_sqr(sigma2, sigma2, ctx);
    fc_mul(x, x, sigma2, ctx);
    if (any)
      fc_min(z, z, x, ctx);
    else
      fc_set(z, x, ctx);
    any = true;
  }
  fc_clear(sigma2, ctx);
  fc_clear(x, ctx);
  return any ? FC_OK : FC_DOMAIN;
}
