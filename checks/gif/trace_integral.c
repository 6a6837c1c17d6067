#include "gif/trace_integral.h"

#include "gif/change_flow.h"
#include "gif/path.h"

void fc_trace(fc_ptr z, fc_ptr size, fc_srcptr J, size_t d, const fc_ctx *ctx) {
  fc_num x;
  fc_init(x, ctx);
  fc_set_si(z, 0, ctx);
  fc_set_si(size, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_add(z, z, J + i * d + i, ctx);
    fc_abs(x, J + i * d + i, ctx);
    fc_add(size, size, x, ctx);
  }
  fc_clear(x, ctx);
}

/* error = |grad Tr grad v| times the position's error (Euclidean, twice that):
 * grad Tr grad v = (b omega/a^3) (b/a^2) (T - 2 C M), T = M3 - M2 M1. */
static fc_status trace_error(fc_ptr error, fc_workspace *w, fc_srcptr x,
                             fc_srcptr x_error) {
  const fc_ctx *ctx = w->ctx;
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  fc_set_si(error, 0, ctx);
  if (fc_is_zero(x_error, ctx) == FC_TRUE)
    return FC_OK;
  fc_status status =
      fc_posterior_eval(posterior, at->a, at->b, x,
                        FC_WANT_MEAN | FC_WANT_COVARIANCE | FC_WANT_THIRD);
  if (status)
    return status;
  const fc_posterior_value *value = fc_posterior_values(posterior);
  fc_num term;
  fc_init(term, ctx);
  for (size_t i = 0; i < w->d; i++) {
    fc_set(term, value->third + i, ctx);
    for (size_t j = 0; j < w->d; j++) {
      fc_submul(term, value->covariance + i * w->d + j, value->mean + j, ctx);
      fc_submul(term, value->covariance + i * w->d + j, value->mean + j, ctx);
    }
    fc_abs(term, term, ctx);
    fc_add(error, error, term, ctx);
  }
  fc_mul(error, error, at->b, ctx);
  fc_mul(error, error, at->b, ctx);
  fc_mul(error, error, at->omega, ctx);
  fc_pow_si(term, at->a, -5, ctx);
  fc_mul(error, error, term, ctx);
  fc_mul(error, error, x_error, ctx);
  fc_mul_2exp_si(error, error, 1, ctx);
  fc_clear(term, ctx);
  return FC_OK;
}

/* An fc_time_integrand: Tr grad v(r, X_r). */
static fc_status trace_on_path(fc_ptr values, fc_ptr error, const fc_time *r,
                               size_t place, void *data) {
  fc_path *path = data;
  fc_workspace *w = path->workspace;
  fc_srcptr x, x_error;
  fc_status status = fc_path_visit(&x, &x_error, path, r, place);
  if (status)
    return status;
  fc_trace(values, error, fc_velocity_values(w->velocity)->jacobian, w->d,
           w->ctx);
  return trace_error(error, w, x, x_error);
}

fc_status fc_trace_integral(fc_ptr integral, fc_ptr error, fc_ptr end,
                            fc_ptr end_error, fc_workspace *w) {
  fc_path path[1];
  fc_time from[1];
  fc_num one;
  fc_change_start(from, w);
  fc_init(one, w->ctx);
  fc_set_si(one, 1, w->ctx);
  fc_status status = fc_path_init(path, w);
  if (status == FC_OK)
    status = fc_time_integrate(
        integral, error, 1, trace_on_path, path, w, from,
        fc_time_bits(w, w->claim->kind == FC_KIND_CONTROL), one);
  if (status == FC_OK && end) {
    fc_vec_set(end, path->x + FC_TIME_PLACES * w->d, w->d, w->ctx);
    fc_set(end_error, path->error + FC_TIME_PLACES, w->ctx);
  }
  fc_path_clear(path);
  fc_time_clear(from, w->ctx);
  fc_clear(one, w->ctx);
  /* The path moved the velocity to other times. */
  fc_status back = fc_velocity_set_time(w->velocity, w->time);
  return status ? status : back;
}
