#include "gif/change_sides.h"

#include "gif/combination.h"
#include "gif/difference.h"
#include "gif/flow_cost.h"
#include "gif/path.h"
#include "gif/series_probe.h"
#include "matrix/matrix.h"

/* Flows vary with where they start over lengths no shorter than this many bits
 * below one; errors of a starting point are multiplied so in Jacobians. */
enum { ROUGHNESS_BITS = 8 };

/* Flows are dear: one time. */
static bool is_spared(const fc_workspace *w) {
  return !fc_flow_is_judged_at(w) || fc_get_d(w->time->t, w->ctx) != 0.5;
}

static void time_at(fc_time *time, double t, const fc_ctx *ctx) {
  fc_time_init(time, ctx);
  fc_time_set_d(time, t, false, ctx);
}

/* s: 0 on the line, 3/8 where flows are dearer. */
static void start_at(fc_time *s, const fc_workspace *w) {
  bool dear = w->d > 1 || fc_flow_is_dear(w->job);
  time_at(s, dear ? 0.375 : 0, w->ctx);
}

/* A vector of numbers, cleared together. */
typedef struct scratch {
  const fc_ctx *ctx;
  size_t count;
  fc_ptr all;
} scratch;

static fc_status scratch_init(scratch *s, size_t count, const fc_ctx *ctx) {
  *s = (scratch){ctx, count, fc_vec_new(count, ctx)};
  return s->all ? FC_OK : FC_MEMORY;
}

static void scratch_clear(scratch *s) { fc_vec_free(s->all, s->count, s->ctx); }

/* --- along the trajectory at one time ----------------------------------------
 */

/* left = d/dt log p_t(X_t): log p at t + h, x + h v. */
static fc_status rate_along(fc_ptr left, fc_workspace *w, fc_srcptr v) {
  fc_probe probe[1];
  fc_status status = fc_probe_init(probe, w, 2);
  if (status)
    return status;
  fc_probe_place(probe, v);
  status = fc_probe_move_time(probe);
  if (status == FC_OK)
    status = fc_probe_posterior(probe, FC_WANT_LOG_DENSITY);
  if (status == FC_OK)
    fc_set(
        left,
        fc_series_coeff(fc_posterior_values(probe->posterior)->log_density, 1),
        w->ctx);
  fc_probe_clear(probe);
  return status;
}

/* z = Tr J, size = Sum |J_ii| */
static void trace(fc_ptr z, fc_ptr size, fc_srcptr J, size_t d,
                  const fc_ctx *ctx) {
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

/* Rounding errors are multiplied by a'/a and b', and count where v stands
 * still. */
static void add_coefficients(fc_ptr size, fc_ptr temp, const fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_div(temp, at->da, at->a, w->ctx);
  fc_abs(temp, temp, w->ctx);
  fc_add(size, size, temp, w->ctx);
  fc_abs(temp, at->db, w->ctx);
  fc_add(size, size, temp, w->ctx);
}

fc_status fc_sides_trajectory(fc_ptr left, fc_ptr right, fc_ptr scale,
                              fc_workspace *w) {
  scratch s[1];
  if (fc_point_rests(w))
    return FC_DOMAIN;
  fc_status status = scratch_init(s, 3, w->ctx);
  if (status == FC_OK)
    status =
        fc_velocity_eval(w->velocity, w->x, FC_VELOCITY | FC_VELOCITY_JACOBIAN);
  const fc_velocity_value *value = fc_velocity_values(w->velocity);
  if (status == FC_OK)
    status = rate_along(left, w, value->velocity);
  if (status == FC_OK) {
    trace(s->all, s->all + 1, value->jacobian, w->d, w->ctx);
    add_coefficients(s->all + 1, s->all + 2, w);
    const fc_quantity quantities[] = {{"trace", s->all, s->all + 1}};
    status = fc_combine(right, 1, scale, w, w->claim->formula, quantities, 1);
  }
  scratch_clear(s);
  return status;
}

/* --- the integral of the trace
 * ------------------------------------------------ */

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
  trace(values, error, fc_velocity_values(w->velocity)->jacobian, w->d, w->ctx);
  return trace_error(error, w, x, x_error);
}

/* integral (error stated) = int_s^t Tr grad v(r, X_r) dr; *end (may be NULL, d)
 * = X_t with its error. */
static fc_status integrate_trace(fc_ptr integral, fc_ptr error, fc_ptr end,
                                 fc_ptr end_error, fc_workspace *w) {
  fc_path path[1];
  fc_time from[1];
  fc_num one;
  start_at(from, w);
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

/* --- Jacobians of flows
 * --------------------------------------------------------- */

/* The flow (AUTO) from s to t at x, with its derivative. */
static fc_status flow_at(const fc_flow_value **value, fc_workspace *w,
                         const fc_time *s, const fc_time *t, fc_srcptr x,
                         unsigned want) {
  fc_flow *flow;
  fc_status status = fc_workspace_flow(&flow, w, FC_FLOW_AUTO);
  if (status == FC_OK)
    status = fc_flow_set_times(flow, s, t, NULL);
  if (status == FC_OK)
    status = fc_flow_eval(flow, x, want, NULL);
  if (status == FC_OK)
    *value = fc_flow_values(flow);
  return status;
}

/* log_det = log |det grad X_{s,t}(x)|, where x is off by x_error (or NULL). */
static fc_status log_det_flow(fc_ptr log_det, fc_ptr error,
                              const fc_flow_value **value, fc_workspace *w,
                              const fc_time *s, const fc_time *t, fc_srcptr x,
                              fc_srcptr x_error) {
  fc_num entry, size;
  fc_status status =
      flow_at(value, w, s, t, x, FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (status)
    return status;
  fc_init(entry, w->ctx);
  fc_init(size, w->ctx);
  fc_set(entry, (*value)->jacobian_error, w->ctx);
  if (x_error) {
    fc_largest(size, (*value)->jacobian, w->d * w->d, w->ctx);
    fc_mul(size, size, x_error, w->ctx);
    fc_mul_2exp_si(size, size, ROUGHNESS_BITS, w->ctx);
    fc_add(entry, entry, size, w->ctx);
  }
  status = fc_matrix_log_determinant(log_det, error, (*value)->jacobian, entry,
                                     w->d, w->ctx);
  fc_clear(entry, w->ctx);
  fc_clear(size, w->ctx);
  return status;
}

fc_status fc_sides_determinant(fc_ptr left, fc_ptr right, fc_ptr scale,
                               fc_workspace *w) {
  static const char *const names[] = {"integral"};
  scratch s[1];
  fc_time from[1];
  const fc_flow_value *value;
  if (is_spared(w))
    return FC_DOMAIN;
  start_at(from, w);
  fc_status status = scratch_init(s, 3, w->ctx);
  if (status == FC_OK)
    status =
        log_det_flow(left, s->all + 2, &value, w, from, w->time, w->x, NULL);
  if (status == FC_OK) {
    fc_workspace_raise_error(w, s->all + 2);
    status = integrate_trace(s->all, s->all + 1, NULL, NULL, w);
  }
  if (status == FC_OK) {
    fc_add(s->all + 1, s->all + 1, w->error, w->ctx);
    fc_workspace_raise_error(w, s->all + 1);
    status = combine_logarithms(right, scale, w, names, s->all, 1);
  }
  fc_time_clear(from, w->ctx);
  scratch_clear(s);
  return status;
}

/* --- another starting law
 * ---------------------------------------------------------- */

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
  scratch s[1];
  fc_time from[1];
  const fc_flow_value *value;
  start_at(from, w);
  fc_status status = scratch_init(s, 2, ctx);
  if (status == FC_OK)
    status = log_det_flow(law, error, &value, w, w->time, from, y, y_error);
  if (status == FC_OK) {
    log_law(s->all, value->x, w->d, ctx);
    fc_add(law, law, s->all, ctx);
    /* How far X_{t,s}(y) may be off. */
    fc_largest(s->all + 1, value->jacobian, w->d * w->d, ctx);
    fc_mul_si(s->all + 1, s->all + 1, 2 * (long)w->d, ctx);
    fc_mul(s->all + 1, s->all + 1, y_error, ctx);
    fc_add(s->all + 1, s->all + 1, value->x_error, ctx);
    add_law_error(error, value->x, s->all + 1, w->d, ctx);
  }
  fc_time_clear(from, ctx);
  scratch_clear(s);
  return status;
}

fc_status fc_sides_other_law(fc_ptr left, fc_ptr right, fc_ptr scale,
                             fc_workspace *w) {
  static const char *const names[] = {"start", "integral"};
  const fc_ctx *ctx = w->ctx;
  scratch s[1];
  if (is_spared(w))
    return FC_DOMAIN;
  fc_status status = scratch_init(s, 5 + w->d, ctx);
  fc_ptr values = s->all, error = s->all + 2, more = s->all + 3,
         end_error = s->all + 4, end = s->all + 5;
  if (status == FC_OK)
    status = integrate_trace(values + 1, error, end, end_error, w);
  if (status == FC_OK)
    status = law_at(left, more, w, end, end_error);
  if (status == FC_OK) {
    fc_add(error, error, more, ctx);
    fc_workspace_raise_error(w, error);
    log_law(values, w->x, w->d, ctx);
    status = combine_logarithms(right, scale, w, names, values, 2);
  }
  scratch_clear(s);
  return status;
}

/* --- the densities at both ends
 * ------------------------------------------------------- */

/* What is shifted in differences of a flow. */
typedef struct shifted {
  fc_workspace *w;
  const fc_time *s;
  fc_ptr x;        /* d scratch: x + h e */
  fc_srcptr e;     /* d */
  fc_time time[1]; /* scratch: t + h */
} shifted;

/* An fc_shifted_function: X_{s,t}(x + h e). */
static fc_status shift_point(fc_ptr values, fc_ptr error, fc_srcptr h,
                             void *data) {
  shifted *at = data;
  fc_workspace *w = at->w;
  const fc_flow_value *value;
  fc_vec_set(at->x, w->x, w->d, w->ctx);
  for (size_t i = 0; i < w->d; i++)
    fc_addmul(at->x + i, h, at->e + i, w->ctx);
  fc_status status =
      flow_at(&value, w, at->s, w->time, at->x, FC_FLOW_POSITION);
  if (status)
    return status;
  fc_vec_set(values, value->x, w->d, w->ctx);
  fc_set(error, value->x_error, w->ctx);
  return FC_OK;
}

/* e = (1, 1/2, 1/3, ...) */
static void set_direction(fc_ptr e, size_t d, const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++) {
    fc_set_si(e + i, 1, ctx);
    fc_div_si(e + i, e + i, (long)i + 1, ctx);
  }
}

/* slope (d) = d/dh X_{s,t}(x + h e) */
static fc_status difference_in_x(fc_ptr slope, fc_ptr error, fc_srcptr e,
                                 long unit, fc_workspace *w) {
  fc_time from[1];
  shifted at = {.w = w, .s = from, .x = fc_vec_new(w->d, w->ctx), .e = e};
  if (!at.x)
    return FC_MEMORY;
  start_at(from, w);
  fc_status status =
      fc_difference(slope, error, w->d, shift_point, &at, unit, w->ctx);
  fc_time_clear(from, w->ctx);
  fc_vec_free(at.x, w->d, w->ctx);
  return status;
}

/* log_det of grad X_{s,t}(x) without the densities; end = X_t. */
static fc_status log_det_apart(fc_ptr log_det, fc_ptr error, fc_ptr end,
                               fc_ptr end_error, fc_workspace *w) {
  const fc_flow_value *value;
  fc_time from[1];
  scratch s[1];
  start_at(from, w);
  fc_status status = scratch_init(s, 3, w->ctx);
  if (status == FC_OK)
    status = log_det_flow(log_det, error, &value, w, from, w->time, w->x, NULL);
  if (status == FC_OK) {
    fc_vec_set(end, value->x, w->d, w->ctx);
    fc_set(end_error, value->x_error, w->ctx);
  }
  if (status == FC_OK && w->d == 1) {
    set_direction(s->all + 2, 1, w->ctx);
    status = difference_in_x(s->all, s->all + 1, s->all + 2,
                             fc_difference_unit(value->jacobian, w->ctx), w);
    if (status == FC_OK)
      status = fc_matrix_log_determinant(log_det, error, s->all, s->all + 1, 1,
                                         w->ctx);
  }
  fc_time_clear(from, w->ctx);
  scratch_clear(s);
  return status;
}

/* z = log p at the time and point; slope (may be NULL) = Sum |s_i|. */
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
  scratch s[1];
  fc_time from[1];
  start_at(from, w);
  fc_status status = scratch_init(s, 2, ctx);
  if (status == FC_OK)
    status = log_density(s->all, error, w, from, w->x);
  if (status == FC_OK)
    status = log_density(left, error, w, w->time, end);
  if (status == FC_OK) {
    fc_mul(error, error, end_error, ctx);
    fc_mul_2exp_si(error, error, 1, ctx);
    /* Rounding: of logarithms of this size. */
    for (int i = 0; i < 2; i++) {
      fc_abs(s->all + 1, i ? left : s->all, ctx);
      fc_add_si(s->all + 1, s->all + 1, 1, ctx);
      fc_mul_2exp_si(s->all + 1, s->all + 1, 10 - ctx->precision, ctx);
      fc_add(error, error, s->all + 1, ctx);
    }
    fc_sub(left, left, s->all, ctx);
  }
  fc_time_clear(from, ctx);
  scratch_clear(s);
  return status;
}

fc_status fc_sides_density(fc_ptr left, fc_ptr right, fc_ptr scale,
                           fc_workspace *w) {
  static const char *const names[] = {"log_det"};
  const fc_ctx *ctx = w->ctx;
  scratch s[1];
  if (is_spared(w))
    return FC_DOMAIN;
  fc_status status = scratch_init(s, 4 + w->d, ctx);
  fc_ptr log_det = s->all, error = s->all + 1, more = s->all + 2,
         end_error = s->all + 3, end = s->all + 4;
  if (status == FC_OK)
    status = log_det_apart(log_det, error, end, end_error, w);
  if (status == FC_OK)
    status = density_change(left, more, w, end, end_error);
  if (status == FC_OK) {
    fc_add(error, error, more, ctx);
    fc_workspace_raise_error(w, error);
    status = combine_logarithms(right, scale, w, names, log_det, 1);
  }
  scratch_clear(s);
  return status;
}

/* --- the variational equation
 * ------------------------------------------------------------ */

/* An fc_shifted_function: grad X_{s,t+h}(x). */
static fc_status shift_time(fc_ptr values, fc_ptr error, fc_srcptr h,
                            void *data) {
  shifted *at = data;
  fc_workspace *w = at->w;
  const fc_flow_value *value;
  fc_add(at->time->t, w->time->t, h, w->ctx);
  fc_sub(at->time->r, w->time->r, h, w->ctx);
  fc_status status = flow_at(&value, w, at->s, at->time, w->x,
                             FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (status)
    return status;
  fc_vec_set(values, value->jacobian, w->d * w->d, w->ctx);
  fc_set(error, value->jacobian_error, w->ctx);
  return FC_OK;
}

/* product = grad v(t, X) A for A = grad X_{s,t}(x), X = X_{s,t}(x), and how far
 * it may be off. */
static fc_status velocity_times_flow(fc_ptr product, fc_ptr size, fc_ptr error,
                                     fc_workspace *w, const fc_time *s) {
  const fc_ctx *ctx = w->ctx;
  size_t d = w->d;
  const fc_flow_value *value;
  fc_num norm;
  fc_status status =
      flow_at(&value, w, s, w->time, w->x, FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (status == FC_OK)
    status = fc_velocity_eval(w->velocity, value->x, FC_VELOCITY_JACOBIAN);
  if (status)
    return status;
  fc_srcptr J = fc_velocity_values(w->velocity)->jacobian;
  fc_vec_zero(product, d * d, ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t k = 0; k < d; k++)
      for (size_t j = 0; j < d; j++)
        fc_addmul(product + i * d + j, J + i * d + k,
                  value->jacobian + k * d + j, ctx);
  fc_init(norm, ctx);
  /* |J| error(A) + |A| |J| roughness error(X) + rounding */
  fc_largest(norm, J, d * d, ctx);
  fc_largest(size, value->jacobian, d * d, ctx);
  fc_mul_2exp_si(error, value->x_error, ROUGHNESS_BITS, ctx);
  fc_mul(error, error, size, ctx);
  fc_add(error, error, value->jacobian_error, ctx);
  fc_mul(error, error, norm, ctx);
  fc_mul_si(error, error, (long)d, ctx);
  fc_mul(size, size, norm, ctx);
  fc_clear(norm, ctx);
  return FC_OK;
}

/* A flow that stands still has all sizes 0. */
static void at_least_one(fc_ptr size, fc_ptr temp, const fc_ctx *ctx) {
  fc_set_si(temp, 1, ctx);
  fc_max(size, size, temp, ctx);
}

fc_status fc_sides_variational(fc_ptr left, fc_ptr right, fc_ptr scale,
                               fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  size_t count = w->d * w->d;
  scratch s[1];
  fc_time from[1];
  if (is_spared(w))
    return FC_DOMAIN;
  start_at(from, w);
  shifted at = {.w = w, .s = from};
  fc_time_init(at.time, ctx);
  fc_status status = scratch_init(s, 3 + count, ctx);
  fc_ptr size = s->all, error = s->all + 1, more = s->all + 2,
         product = s->all + 3;
  if (status == FC_OK)
    status = velocity_times_flow(product, size, error, w, from);
  if (status == FC_OK)
    fc_largest(more, fc_velocity_values(w->velocity)->jacobian, count, ctx);
  if (status == FC_OK)
    status = fc_difference(left, more, count, shift_time, &at,
                           fc_difference_unit(more, ctx), ctx);
  if (status == FC_OK) {
    fc_add(error, error, more, ctx);
    fc_workspace_raise_error(w, error);
    at_least_one(size, more, ctx);
    const fc_quantity quantities[] = {{"product", product, size}};
    status =
        fc_combine(right, count, scale, w, w->claim->formula, quantities, 1);
  }
  fc_time_clear(at.time, ctx);
  fc_time_clear(from, ctx);
  scratch_clear(s);
  return status;
}

/* jacobian (d) = grad X_{s,t}(x) e. */
static fc_status jacobian_times(fc_ptr jacobian, fc_ptr error, fc_srcptr e,
                                fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  const fc_flow_value *value;
  fc_time from[1];
  start_at(from, w);
  fc_status status = flow_at(&value, w, from, w->time, w->x,
                             FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  fc_time_clear(from, ctx);
  if (status)
    return status;
  fc_vec_zero(jacobian, w->d, ctx);
  for (size_t i = 0; i < w->d; i++)
    for (size_t j = 0; j < w->d; j++)
      fc_addmul(jacobian + i, value->jacobian + i * w->d + j, e + j, ctx);
  fc_mul_si(error, value->jacobian_error, (long)w->d, ctx);
  return FC_OK;
}

fc_status fc_sides_jacobian(fc_ptr left, fc_ptr right, fc_ptr scale,
                            fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  scratch s[1];
  if (is_spared(w))
    return FC_DOMAIN;
  fc_status status = scratch_init(s, 3 + 2 * w->d, ctx);
  fc_ptr size = s->all, error = s->all + 1, more = s->all + 2, e = s->all + 3,
         jacobian = s->all + 3 + w->d;
  if (status == FC_OK) {
    set_direction(e, w->d, ctx);
    status = jacobian_times(jacobian, more, e, w);
  }
  if (status == FC_OK) {
    fc_largest(size, jacobian, w->d, ctx);
    status = difference_in_x(left, error, e, fc_difference_unit(size, ctx), w);
  }
  if (status == FC_OK) {
    fc_add(error, error, more, ctx);
    fc_workspace_raise_error(w, error);
    fc_largest(size, jacobian, w->d, ctx);
    const fc_quantity quantities[] = {{"jacobian", jacobian, size}};
    status =
        fc_combine(right, w->d, scale, w, w->claim->formula, quantities, 1);
  }
  scratch_clear(s);
  return status;
}
