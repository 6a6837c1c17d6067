#include "kernel/kernel_impl.h"

#include <math.h>
#include <stdlib.h>

static fc_status get_components(fc_kernel *kernel, const fc_target *target) {
  fc_ctx ctx;
  size_t d = kernel->d;
  fc_ctx_init_double(&ctx);
  fc_ptr numbers = fc_vec_new(d + 1, &ctx); /* mean, weight */
  if (!numbers)
    return FC_MEMORY;
  for (size_t k = 0; k < kernel->count; k++) {
    fc_target_isotropic_get(numbers, numbers + d, target, k, &ctx);
    for (size_t i = 0; i < d; i++)
      kernel->means[k * d + i] = fc_get_d(numbers + i, &ctx);
    kernel->log_weights[k] = log(fc_get_d(numbers + d, &ctx));
  }
  /* sigma of the class (sigma, R) is s where s > 0; atoms have none. */
  double sigma = 0;
  fc_status status =
      fc_target_constant(numbers, NULL, NULL, target, FC_SIGMA, &ctx);
  if (!status)
    sigma = fc_get_d(numbers, &ctx);
  kernel->variance = sigma * sigma;
  fc_vec_free(numbers, d + 1, &ctx);
  return status == FC_UNSUPPORTED ? FC_OK : status;
}

fc_status fc_kernel_new(fc_kernel **kernel, const fc_target *target,
                        fc_error *error) {
  size_t d = fc_target_dimension(target),
         count = fc_target_isotropic_count(target);
  if (!count || d > FC_KERNEL_MAX_DIMENSION)
    return fc_fail(error, FC_UNSUPPORTED,
                   "batches need a mixture of equal isotropic Gaussians in at "
                   "most %d dimensions",
                   FC_KERNEL_MAX_DIMENSION);
  fc_kernel *made = calloc(1, sizeof *made);
  if (!made)
    return fc_fail(error, FC_MEMORY, "out of memory");
  made->d = d;
  made->count = count;
  made->means = calloc(count * d, sizeof *made->means);
  made->log_weights = calloc(count, sizeof *made->log_weights);
  fc_status status = made->means && made->log_weights
                         ? get_components(made, target)
                         : FC_MEMORY;
  if (status) {
    fc_kernel_free(made);
    return fc_fail(error, status, "the target's numbers: %s",
                   fc_status_text(status));
  }
  *kernel = made;
  return FC_OK;
}

void fc_kernel_free(fc_kernel *kernel) {
  if (!kernel)
    return;
  free(kernel->means);
  free(kernel->log_weights);
  free(kernel);
}

size_t fc_kernel_dimension(const fc_kernel *kernel) { return kernel->d; }

size_t fc_kernel_count(const fc_kernel *kernel) { return kernel->count; }

fc_status fc_kernel_set_time(fc_kernel *kernel, const fc_schedule *schedule,
                             const fc_time *time) {
  fc_ctx ctx;
  fc_schedule_value at;
  fc_ctx_init_double(&ctx);
  fc_schedule_value_init(&at, &ctx);
  fc_status status = fc_schedule_eval(&at, schedule, time, false, &ctx);
  double a = fc_get_d(at.a, &ctx), ada = fc_get_d(at.ada, &ctx);
  kernel->b = fc_get_d(at.b, &ctx);
  kernel->db = fc_get_d(at.db, &ctx);
  double s2 = kernel->variance;
  kernel->precision = 1 / (a * a + kernel->b * kernel->b * s2);
  kernel->gradient = (ada + s2 * kernel->b * kernel->db) * kernel->precision;
  kernel->spread = kernel->b * fc_get_d(at.aomega, &ctx) * kernel->precision *
                   kernel->precision;
  fc_schedule_value_clear(&at, &ctx);
  return status;
}

void fc_kernel_velocity_batch(double *velocity, double *jacobian,
                              const fc_kernel *kernel, const double *x,
                              size_t n) {
  fc_kernel_choose()->velocity(velocity, jacobian, kernel, x, n);
}

/* q and sqrt(V) at a time; false where there is no noise left. */
static bool locate(double *q, double *scale, const fc_kernel *kernel,
                   const fc_schedule *schedule, const fc_time *time) {
  fc_ctx ctx;
  fc_schedule_value at;
  fc_ctx_init_double(&ctx);
  fc_schedule_value_init(&at, &ctx);
  bool there = fc_schedule_eval(&at, schedule, time, false, &ctx) == FC_OK;
  double a = fc_get_d(at.a, &ctx), b = fc_get_d(at.b, &ctx);
  fc_schedule_value_clear(&at, &ctx);
  *scale = sqrt(a * a + kernel->variance * b * b);
  *q = b / *scale;
  return there && isfinite(*q) && *scale > 0;
}

fc_status fc_kernel_flow_batch(double *to, double *jacobian,
                               const fc_kernel *kernel,
                               const fc_schedule *schedule, const fc_time *s,
                               const fc_time *t, const double *x, size_t n) {
  fc_kernel_flow flow;
  if (!locate(&flow.start, &flow.from, kernel, schedule, s) ||
      !locate(&flow.end, &flow.to, kernel, schedule, t))
    return FC_DOMAIN;
  return fc_kernel_choose()->flow(to, jacobian, kernel, &flow, x, n)
             ? FC_OK
             : FC_MEMORY;
}

void fc_kernel_exp_batch(double *y, const double *x, size_t n) {
  fc_kernel_choose()->exp(y, x, n);
}
