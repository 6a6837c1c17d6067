/* The field of Euler's method: w(t, y) = v(t_k, x) with y = x + tau v(t_k, x),
 * tau = t - t_k.  I + tau grad v is symmetric; where it is positive definite
 * along Newton's way the step map has a Lipschitz inverse there, and
 *   grad w = grad v (I + tau grad v)^-1. */
#include <math.h>

#include "matrix/matrix.h"
#include "perturbed/perturbed_impl.h"

enum { MOST_ROUNDS = 60, LAST_BITS = 8 };

/* The time t_k, and tau. */
static void set_step(fc_time *start, fc_ptr tau, const fc_perturbed *f) {
  const fc_ctx *ctx = f->ctx;
  long steps = (long)f->how->steps;
  long k = f->step >= 0
               ? f->step
               : (long)floor(fc_get_d(f->time->t, ctx) * (double)steps);
  k = k < steps ? k : steps - 1;
  fc_set_si(start->t, k, ctx);
  fc_div_si(start->t, start->t, steps, ctx);
  fc_set_si(start->r, steps - k, ctx);
  fc_div_si(start->r, start->r, steps, ctx);
  fc_sub(tau, f->time->t, start->t, ctx);
}

/* factor = Cholesky's of I + tau grad v. */
static fc_status factorise(fc_ptr factor, fc_srcptr gradient, fc_srcptr tau,
                           size_t d, const fc_ctx *ctx) {
  for (size_t i = 0; i < d * d; i++) {
    fc_mul(factor + i, gradient + i, tau, ctx);
    if (i % (d + 1) == 0)
      fc_add_si(factor + i, factor + i, 1, ctx);
  }
  return fc_matrix_cholesky(factor, factor, d, ctx);
}

/* One round of Newton's method from point; *size = log2 of its step relative to
 * 1 + |point|. */
static fc_status improve(double *size, fc_perturbed *f, fc_ptr point,
                         fc_srcptr y, fc_srcptr tau) {
  const fc_ctx *ctx = f->ctx;
  size_t d = f->d;
  fc_ptr rest = f->work + d, factor = f->work + 3 * d;
  fc_status status =
      fc_velocity_eval(f->velocity, point, FC_VELOCITY | FC_VELOCITY_JACOBIAN);
  if (status)
    return status;
  const fc_velocity_value *v = fc_velocity_values(f->velocity);
  status = factorise(factor, v->jacobian, tau, d, ctx);
  if (status)
    return status;
  for (size_t i = 0; i < d; i++) {
    fc_sub(rest + i, y + i, point + i, ctx);
    fc_submul(rest + i, tau, v->velocity + i, ctx);
  }
  fc_matrix_cholesky_solve(rest, factor, rest, d, ctx);
  double most = 0;
  for (size_t i = 0; i < d; i++) {
    double step = fabs(fc_get_d(rest + i, ctx));
    most = fmax(most, step / (1 + fabs(fc_get_d(point + i, ctx))));
    fc_add(point + i, point + i, rest + i, ctx);
  }
  *size = log2(most);
  return isfinite(most) ? FC_OK : FC_DOMAIN;
}

/* grad w = grad v (I + tau grad v)^-1: both commute. */
static void put_jacobian(fc_perturbed *f) {
  const fc_ctx *ctx = f->ctx;
  size_t d = f->d;
  fc_srcptr gradient = fc_velocity_values(f->velocity)->jacobian;
  fc_ptr factor = f->work + 3 * d, inverse = factor + d * d;
  fc_matrix_cholesky_inverse(inverse, factor, d, ctx);
  fc_vec_zero(f->value.jacobian, d * d, ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      for (size_t k = 0; k < d; k++)
        fc_addmul(f->value.jacobian + i * d + j, gradient + i * d + k,
                  inverse + k * d + j, ctx);
}

/* The rounds until a step is as small as rounding allows; the last evaluation
 * of the velocity is then at a point that is that good. */
static fc_status invert(fc_perturbed *f, fc_ptr point, fc_srcptr y,
                        fc_srcptr tau) {
  double size = INFINITY, before = INFINITY;
  fc_vec_set(point, y, f->d, f->ctx);
  fc_status status = FC_OK;
  for (int round = 0; round < MOST_ROUNDS && status == FC_OK; round++) {
    status = improve(&size, f, point, y, tau);
    bool small = size <= (double)(LAST_BITS - f->ctx->precision);
    if (small || (size >= before && size < -(double)f->ctx->precision / 2))
      return status;
    before = size;
  }
  return status ? status : FC_DOMAIN;
}

fc_status fc_perturbed_euler(fc_perturbed *f, fc_srcptr y, bool jacobian) {
  const fc_ctx *ctx = f->ctx;
  fc_time start[1];
  fc_num tau;
  fc_time_init(start, ctx);
  fc_init(tau, ctx);
  set_step(start, tau, f);
  fc_status status = fc_velocity_set_time(f->velocity, start);
  if (status == FC_OK)
    status = invert(f, f->work, y, tau);
  if (status == FC_OK) {
    fc_srcptr v = fc_velocity_values(f->velocity)->velocity;
    for (size_t i = 0; i < f->d; i++) {
      fc_set(f->value.velocity + i, v + i, ctx);
      fc_sub(f->value.difference + i, v + i, f->value.exact + i, ctx);
    }
    if (jacobian)
      put_jacobian(f);
  }
  fc_status back = fc_velocity_set_time(f->velocity, f->time);
  fc_time_clear(start, ctx);
  fc_clear(tau, ctx);
  return status ? status : back;
}
