#include "gif/log_det_sides.h"

#include "gif/change_flow.h"
#include "gif/combination.h"
#include "gif/difference.h"
#include "gif/flow_differences.h"
#include "gif/trace_integral.h"
#include "matrix/matrix.h"

/* right = the claim's formula in the quantities, each of a size of at least 1:
 * logarithms are judged absolutely where they are small. */
static fc_status combine_logarithms(fc_ptr right, fc_ptr scale, fc_workspace *w,
                                    const char *const *names, fc_ptr values,
                                    size_t count) {
  fc_ptr sizes = fc_vec_new(count, w->ctx);
  fc_quantity quantities[FC_FURTHER_NAMES];
  if (!sizes)
    return FC_MEMORY;
  for (size_t i = 0; i < count; i++) {
    fc_set_si(sizes + i, 1, w->ctx);
    fc_abs(scale, values + i, w->ctx);
    fc_max(sizes + i, sizes + i, scale, w->ctx);
    quantities[i] = (fc_quantity){names[i], values + i, sizes + i};
  }
  fc_set_si(scale, 0, w->ctx);
  fc_status status =
      fc_combine(right, 1, scale, w, w->claim->formula, quantities, count);
  fc_vec_free(sizes, count, w->ctx);
  return status;
}

fc_status fc_sides_determinant(fc_ptr left, fc_ptr right, fc_ptr scale,
                               fc_workspace *w) {
  static const char *const names[] = {"integral"};
  fc_time from[1];
  const fc_flow_value *value;
  if (fc_change_is_spared(w))
    return FC_DOMAIN;
  fc_change_start(from, w);
  fc_ptr s = fc_vec_new(3, w->ctx);
  fc_status status = s ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status =
        fc_change_log_det(left, s + 2, &value, w, from, w->time, w->x, NULL);
  if (status == FC_OK) {
    fc_workspace_raise_error(w, s + 2);
    status = fc_trace_integral(s, s + 1, NULL, NULL, w);
  }
  if (status == FC_OK) {
    fc_add(s + 1, s + 1, w->error, w->ctx);
    fc_workspace_raise_error(w, s + 1);
    status = combine_logarithms(right, scale, w, names, s, 1);
  }
  fc_time_clear(from, w->ctx);
  fc_vec_free(s, 3, w->ctx);
  return status;
}

/* --- another starting law ------------------------------------------------- */

/* z = log of the density of N(1/3, 4 I) at x. */
static void log_law(fc_ptr z, fc_srcptr x, size_t d, const fc_ctx *ctx) {
  fc_num y;
  fc_init(y, ctx);
  fc_set_pi(y, ctx);
  fc_mul_si(y, y, 8, ctx);
  fc_log(y, y, ctx);
  fc_mul_si(z, y, -4 * (long)d, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_set_si(y, 1, ctx);
    fc_div_si(y, y, 3, ctx);
    fc_sub(y, x + i, y, ctx);
    fc_submul(z, y, y, ctx);
  }
  fc_div_si(z, z, 8, ctx);
  fc_clear(y, ctx);
}

/* error += |grad log pi_s(x)| x_error <= (Sum |x_i| + d) x_error/4. */
static void add_law_error(fc_ptr error, fc_srcptr x, fc_srcptr x_error,
                          size_t d, const fc_ctx *ctx) {
  fc_num slope, y;
  fc_init(slope, ctx);
  fc_init(y, ctx);
  fc_set_si(slope, (long)d, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_abs(y, x + i, ctx);
    fc_add(slope, slope, y, ctx);
  }
  fc_mul_2exp_si(slope, slope, -2, ctx);
  fc_addmul(error, slope, x_error, ctx);
  fc_clear(slope, ctx);
  fc_clear(y, ctx);
}

/* log_law = log pi_t(y) = log pi_s(X_{t,s}(y)) + log |det grad X_{t,s}(y)|. */
static fc_status law_at(fc_ptr law, fc_ptr error, fc_workspace *w, fc_srcptr y,
                        fc_srcptr y_error) {
  const fc_ctx *ctx = w->ctx;
  fc_time from[1];
  const fc_flow_value *value;
  fc_change_start(from, w);
  fc_ptr s = fc_vec_new(2, ctx);
  fc_status status = s ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status =
        fc_change_log_det(law, error, &value, w, w->time, from, y, y_error);
  if (status == FC_OK) {
    log_law(s, value->x, w->d, ctx);
    fc_add(law, law, s, ctx);
    /* How far X_{t,s}(y) may be off. */
    fc_largest(s + 1, value->jacobian, w->d * w->d, ctx);
    fc_mul_si(s + 1, s + 1, 2 * (long)w->d, ctx);
    fc_mul(s + 1, s + 1, y_error, ctx);
    fc_add(s + 1, s + 1, value->x_error, ctx);
    add_law_error(error, value->x, s + 1, w->d, ctx);
  }
  fc_time_clear(from, ctx);
  fc_vec_free(s, 2, ctx);
  return status;
}

fc_status fc_sides_other_law(fc_ptr left, fc_ptr right, fc_ptr scale,
                             fc_workspace *w) {
  static const char *const names[] = {"start", "integral"};
  const fc_ctx *ctx = w->ctx;
  if (fc_change_is_spared(w))
    return FC_DOMAIN;
  fc_ptr s = fc_vec_new(5 + w->d, ctx);
  fc_status status = s ? FC_OK : FC_MEMORY;
  fc_ptr values = s, error = s + 2, more = s + 3, end_error = s + 4,
         end = s + 5;
  if (status == FC_OK)
    status = fc_trace_integral(values + 1, error, end, end_error, w);
  if (status == FC_OK)
    status = law_at(left, more, w, end, end_error);
  if (status == FC_OK) {
    fc_add(error, error, more, ctx);
    fc_workspace_raise_error(w, error);
    log_law(values, w->x, w->d, ctx);
    status = combine_logarithms(right, scale, w, names, values, 2);
  }
  fc_vec_free(s, 5 + w->d, ctx);
  return status;
}

/* --- the densities at both ends ------------------------------------------- */

/* log_det of grad X_{s,t}(x) without the densities; end = X_t. */
static fc_status log_det_apart(fc_ptr log_det, fc_ptr error, fc_ptr end,
                               fc_ptr end_error, fc_workspace *w) {
  const fc_flow_value *value;
  fc_time from[1];
  fc_change_start(from, w);
  fc_ptr s = fc_vec_new(3, w->ctx);
  fc_status status = s ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status =
        fc_change_log_det(log_det, error, &value, w, from, w->time, w->x, NULL);
  if (status == FC_OK) {
    fc_vec_set(end, value->x, w->d, w->ctx);
    fc_set(end_error, value->x_error, w->ctx);
  }
  if (status == FC_OK && w->d == 1) {
    fc_flow_direction(s + 2, 1, w->ctx);
    status = fc_flow_difference(s, s + 1, s + 2,
                                fc_difference_unit(value->jacobian, w->ctx), w);
    if (status == FC_OK)
      status = fc_matrix_log_determinant(log_det, error, s, s + 1, 1, w->ctx);
  }
  fc_time_clear(from, w->ctx);
  fc_vec_free(s, 3, w->ctx);
  return status;
}

/* z = log p at the time and point; slope = Sum |s_i|. */
static fc_status log_density(fc_ptr z, fc_ptr slope, fc_workspace *w,
                             const fc_time *t, fc_srcptr x) {
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  fc_status status = fc_velocity_set_time(w->velocity, t);
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  if (status == FC_OK)
    status = fc_posterior_eval(posterior, at->a, at->b, x,
                               FC_WANT_LOG_DENSITY | FC_WANT_SCORE);
  if (status)
    return status;
  const fc_posterior_value *value = fc_posterior_values(posterior);
  fc_set_si(slope, 0, w->ctx);
  for (size_t i = 0; i < w->d; i++) {
    fc_abs(z, value->score + i, w->ctx);
    fc_add(slope, slope, z, w->ctx);
  }
  fc_set(z, value->log_density, w->ctx);
  return FC_OK;
}

/* left = log p_t(X_t) - log p_s(x), where X_t is off by end_error. */
static fc_status density_change(fc_ptr left, fc_ptr error, fc_workspace *w,
                                fc_srcptr end, fc_srcptr end_error) {
  const fc_ctx *ctx = w->ctx;
  fc_time from[1];
  fc_change_start(from, w);
  fc_ptr s = fc_vec_new(2, ctx);
  fc_status status = s ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status = log_density(s, error, w, from, w->x);
  if (status == FC_OK)
    status = log_density(left, error, w, w->time, end);
  if (status == FC_OK) {
    fc_mul(error, error, end_error, ctx);
    fc_mul_2exp_si(error, error, 1, ctx);
    /* Rounding: of logarithms of this size. */
    for (int i = 0; i < 2; i++) {
      fc_abs(s + 1, i ? left : s, ctx);
      fc_add_si(s + 1, s + 1, 1, ctx);
      fc_mul_2exp_si(s + 1, s + 1, 10 - ctx->precision, ctx);
      fc_add(error, error, s + 1, ctx);
    }
    fc_sub(left, left, s, ctx);
  }
  fc_time_clear(from, ctx);
  fc_vec_free(s, 2, ctx);
  return status;
}

fc_status fc_sides_density(fc_ptr left, fc_ptr right, fc_ptr scale,
                           fc_workspace *w) {
  static const char *const names[] = {"log_det"};
  const fc_ctx *ctx = w->ctx;
  if (fc_change_is_spared(w))
    return FC_DOMAIN;
  fc_ptr s = fc_vec_new(4 + w->d, ctx);
  fc_status status = s ? FC_OK : FC_MEMORY;
  fc_ptr log_det = s, error = s + 1, more = s + 2, end_error = s + 3,
         end = s + 4;
  if (status == FC_OK)
    status = log_det_apart(log_det, error, end, end_error, w);
  if (status == FC_OK)
    status = density_change(left, more, w, end, end_error);
  if (status == FC_OK) {
    fc_add(error, error, more, ctx);
    fc_workspace_raise_error(w, error);
    status = combine_logarithms(right, scale, w, names, log_det, 1);
  }
  fc_vec_free(s, 4 + w->d, ctx);
  return status;
}
