/* For one Gaussian N(m, S), with A = S^(1/2) (a_0^2 I + b_0^2 S)^(-1/2), X_1 is
 * m + A (x - b_0 m): X_1#N(0, a_0^2 I) = N(m - b_0 A m, a_0^2 A^2), everything
 * commutes, and with v_i^2 = a_0^2 + b_0^2 s_i^2
 *   W_2(X_1#N(0, a_0^2 I), nu)^2 = |b_0 A m|^2 + sum_i (s_i (a_0/v_i - 1))^2,
 *   W_2(N(0, a_0^2 I), mu)^2     = |b_0 m|^2 + sum_i (v_i - a_0)^2,
 *   C_1 = max_i s_i/v_i.
 */
#include "gif/source_sides.h"

#include <math.h>

#include "flow/flow.h"
#include "matrix/matrix.h"
#include "suprema/extremum.h"
#include "suprema/flow_extremum.h"
#include "suprema/starts.h"
#include "transport/source.h"

/* Bits of what is found by quadrature: its bounds are far away. */
enum { LINE_BITS = 32, SLOPE_BITS = 64, MOST_STARTS = 48 };

static void each(fc_source_sides *s, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {s->end,   s->start, s->error, s->second,
                            s->slope, s->rate,  s->a0,    s->b0};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], s->ctx);
}

void fc_source_sides_init(fc_source_sides *s, const fc_ctx *ctx) {
  s->ctx[0] = *ctx;
  each(s, fc_init);
}

void fc_source_sides_clear(fc_source_sides *s) { each(s, fc_clear); }

/* --- one Gaussian --------------------------------------------------------- */

/* end, start += the squares of their parts in the covariance's eigenvalue. */
static void add_width(fc_source_sides *s, fc_srcptr eigenvalue, long times,
                      fc_ptr temps) {
  const fc_ctx *ctx = s->ctx;
  fc_ptr v = temps, width = temps + 1, t = temps + 2;
  fc_sqr(v, s->b0, ctx);
  fc_mul(v, v, eigenvalue, ctx);
  fc_sqr(t, s->a0, ctx);
  fc_add(v, v, t, ctx);
  fc_sqrt(v, v, ctx);
  fc_sqrt(width, eigenvalue, ctx);
  fc_div(t, width, v, ctx);
  fc_max(s->slope, s->slope, t, ctx);
  fc_sub(v, v, s->a0, ctx); /* v - a_0 */
  fc_mul(t, t, v, ctx);     /* s - s a_0/v */
  fc_sqr(t, t, ctx);
  fc_mul_si(t, t, times, ctx);
  fc_add(s->end, s->end, t, ctx);
  fc_sqr(v, v, ctx);
  fc_mul_si(v, v, times, ctx);
  fc_add(s->start, s->start, v, ctx);
}

/* end += b_0^2 m S (a_0^2 I + b_0^2 S)^-1 m, start += b_0^2 |m|^2. */
static fc_status add_mean(fc_source_sides *s, fc_srcptr mean,
                          fc_srcptr covariance, size_t d) {
  const fc_ctx *ctx = s->ctx;
  fc_num t, u;
  fc_ptr l = fc_vec_new(d * d + d, ctx);
  if (!l)
    return FC_MEMORY;
  fc_ptr y = l + d * d;
  fc_init(t, ctx);
  fc_init(u, ctx);
  fc_sqr(t, s->b0, ctx);
  fc_sqr(u, s->a0, ctx);
  for (size_t i = 0; i < d * d; i++) {
    fc_mul(l + i, covariance + i, t, ctx);
    if (i % (d + 1) == 0)
      fc_add(l + i, l + i, u, ctx);
  }
  fc_status status = fc_matrix_cholesky(l, l, d, ctx);
  if (!status)
    fc_matrix_cholesky_solve(y, l, mean, d, ctx);
  for (size_t i = 0; i < d && !status; i++) {
    fc_set_si(u, 0, ctx);
    for (size_t j = 0; j < d; j++)
      fc_addmul(u, covariance + i * d + j, y + j, ctx);
    fc_mul(u, u, mean + i, ctx);
    fc_addmul(s->end, u, t, ctx);
    fc_sqr(u, mean + i, ctx);
    fc_addmul(s->start, u, t, ctx);
  }
  fc_clear(t, ctx);
  fc_clear(u, ctx);
  fc_vec_free(l, d * d + d, ctx);
  return status;
}

static fc_status add_gaussian(fc_source_sides *s, const fc_target *target) {
  const fc_ctx *ctx = s->ctx;
  size_t d = fc_target_dimension(target);
  fc_ptr room = fc_vec_new(2 * d + d * d + 3, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr mean = room, values = room + d, temps = room + 2 * d,
         covariance = room + 2 * d + 3;
  fc_status status = fc_target_gaussian_get(mean, covariance, target, ctx);
  if (!status)
    status = add_mean(s, mean, covariance, d);
  if (!status)
    status = fc_matrix_eigen(values, NULL, covariance, d, ctx);
  for (size_t i = 0; i < d && !status; i++)
    add_width(s, values + i, 1, temps);
  fc_vec_free(room, 2 * d + d * d + 3, ctx);
  return status;
}

/* --- the line ------------------------------------------------------------- */

/* The context in which quadrature and flows are done: balls have none. */
static void rough_ctx(fc_ctx *rough, const fc_ctx *ctx, long bits) {
  if (ctx->kind == FC_DOUBLE)
    fc_ctx_init_double(rough);
  else
    fc_ctx_init_mpfr(rough, bits);
}

/* total += (2^e-th part) value^2 stretch^2, error += its error. */
static void add_value(fc_ptr total, fc_source_sides *s,
                      const fc_w2_value *value, fc_srcptr stretch,
                      const fc_ctx *from) {
  fc_num t, e;
  fc_init(t, s->ctx);
  fc_init(e, s->ctx);
  fc_convert(t, s->ctx, value->w2, from);
  fc_convert(e, s->ctx, value->error, from);
  fc_mul(t, t, stretch, s->ctx);
  fc_addmul(s->error, e, stretch, s->ctx);
  fc_addmul(total, t, t, s->ctx);
  fc_clear(t, s->ctx);
  fc_clear(e, s->ctx);
}

/* A mixture on the line, moved by `offset`, with noise a; lengths are then
 * multiplied by `stretch`. */
static fc_status add_mixture(fc_source_sides *s, const fc_target *target,
                             fc_srcptr offset, fc_srcptr a, fc_srcptr stretch,
                             fc_error *error) {
  fc_ctx ctx[1];
  fc_w2_value end, start;
  rough_ctx(ctx, s->ctx, LINE_BITS);
  size_t n = fc_target_mixture_count(target);
  fc_ptr room = fc_vec_new(3 * n + 3, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr weights = room, means = room + n, spreads = room + 2 * n,
         numbers = room + 3 * n;
  fc_convert(numbers, ctx, a, s->ctx);
  fc_convert(numbers + 1, ctx, s->b0, s->ctx);
  fc_convert(numbers + 2, ctx, offset, s->ctx);
  fc_status status = FC_OK;
  for (size_t k = 0; k < n && !status; k++) {
    status = fc_target_mixture_get(means + k, spreads + k, weights + k, target,
                                   k, ctx);
    fc_exp(weights + k, weights + k, ctx);
    fc_sqrt(spreads + k, spreads + k, ctx);
    fc_add(means + k, means + k, numbers + 2, ctx);
  }
  fc_w2_value_init(&end, ctx);
  fc_w2_value_init(&start, ctx);
  if (!status)
    status = fc_w2_line_source(&end, &start, n, weights, means, spreads,
                               numbers, numbers + 1, ctx, error);
  if (!status) {
    add_value(s->end, s, &end, stretch, ctx);
    add_value(s->start, s, &start, stretch, ctx);
  }
  fc_w2_value_clear(&end, ctx);
  fc_w2_value_clear(&start, ctx);
  fc_vec_free(room, 3 * n + 3, ctx);
  return status;
}

/* --- collinear means ------------------------------------------------------ */

/* Means m_0 and m_tip: length = |eta|^2, offset = <m_0, eta>/|eta|^2 and
 * across = |m_0|^2 - <m_0, eta>^2/|eta|^2. */
static fc_status direction(fc_ptr length, fc_ptr offset, fc_ptr across,
                           const fc_target *target, size_t tip,
                           const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  fc_ptr room = fc_vec_new(2 * d + 1, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr first = room, eta = room + d, t = room + 2 * d;
  fc_target_isotropic_get(first, t, target, 0, ctx);
  fc_target_isotropic_get(eta, t, target, tip, ctx);
  fc_set_si(length, 0, ctx);
  fc_set_si(offset, 0, ctx);
  fc_set_si(across, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_sub(eta + i, eta + i, first + i, ctx);
    fc_addmul(length, eta + i, eta + i, ctx);
    fc_addmul(offset, eta + i, first + i, ctx);
    fc_addmul(across, first + i, first + i, ctx);
  }
  fc_sqr(t, offset, ctx);
  fc_div(t, t, length, ctx);
  fc_sub(across, across, t, ctx);
  fc_div(offset, offset, length, ctx);
  fc_vec_free(room, 2 * d + 1, ctx);
  return FC_OK;
}

/* Across the line the law is N(m_0's part across, sigma^2 I). */
static fc_status add_across(fc_source_sides *s, const fc_target *target,
                            fc_srcptr across) {
  const fc_ctx *ctx = s->ctx;
  size_t d = fc_target_dimension(target);
  fc_ptr temps = fc_vec_new(5, ctx);
  if (!temps)
    return FC_MEMORY;
  fc_ptr variance = temps + 3, t = temps + 4;
  fc_status status =
      fc_target_constant(variance, NULL, NULL, target, FC_SIGMA, ctx);
  fc_sqr(variance, variance, ctx);
  add_width(s, variance, (long)d - 1, temps);
  fc_sqr(t, s->b0, ctx);
  fc_mul(temps, t, across, ctx); /* b_0^2 |m across|^2 */
  fc_add(s->start, s->start, temps, ctx);
  fc_mul(t, t, variance, ctx);
  fc_sqr(temps + 1, s->a0, ctx);
  fc_add(t, t, temps + 1, ctx);
  fc_div(t, variance, t, ctx); /* A^2 */
  fc_addmul(s->end, t, temps, ctx);
  fc_vec_free(temps, 5, ctx);
  return status;
}

static fc_status add_collinear(fc_source_sides *s, const fc_target *target,
                               fc_error *error) {
  const fc_ctx *ctx = s->ctx;
  fc_target *line = NULL;
  size_t tip;
  fc_num length, offset, across;
  fc_status status = fc_target_line(&line, &tip, target, error);
  if (status)
    return status;
  fc_init(length, ctx);
  fc_init(offset, ctx);
  fc_init(across, ctx);
  status = direction(length, offset, across, target, tip, ctx);
  if (!status)
    status = add_across(s, target, across);
  fc_sqrt(length, length, ctx);
  fc_div(across, s->a0, length, ctx); /* the noise along the line */
  if (!status)
    status = add_mixture(s, line, offset, across, length, error);
  fc_clear(length, ctx);
  fc_clear(offset, ctx);
  fc_clear(across, ctx);
  fc_target_free(line);
  return status;
}

/* --- any of them ---------------------------------------------------------- */

static bool is_line_mixture(const fc_target *target) {
  return fc_target_dimension(target) == 1 &&
         fc_target_mixture_count(target) > 0 && fc_target_is_smooth(target);
}

static bool is_collinear(const fc_target *target) {
  fc_target *line = NULL;
  size_t tip;
  bool found = fc_target_is_isotropic(target) &&
               fc_target_line(&line, &tip, target, NULL) == FC_OK;
  fc_target_free(line);
  return found;
}

static bool is_single(const fc_target *target) {
  return fc_target_factor_count(target) == 0 && fc_target_is_gaussian(target);
}

const char *fc_source_refuses(const fc_target *target) {
  size_t factors = fc_target_factor_count(target);
  for (size_t i = 0; i < factors; i++)
    if (fc_source_refuses(fc_target_factor(target, i)))
      return fc_source_refuses(fc_target_factor(target, i));
  bool known = factors > 0 || is_single(target) || is_line_mixture(target) ||
               is_collinear(target);
  return known ? NULL
               : "W₂ is known as a number for Gaussians, mixtures on the line "
                 "or with collinear means, and products of them";
}

static fc_status add_law(fc_source_sides *s, const fc_target *target,
                         fc_error *error) {
  const fc_ctx *ctx = s->ctx;
  fc_num zero, one;
  if (is_single(target))
    return add_gaussian(s, target);
  if (ctx->kind == FC_ARB)
    return FC_UNSUPPORTED;
  if (is_collinear(target))
    return add_collinear(s, target, error);
  if (!is_line_mixture(target))
    return FC_UNSUPPORTED;
  fc_init(zero, ctx);
  fc_init(one, ctx);
  fc_set_si(one, 1, ctx);
  fc_status status = add_mixture(s, target, zero, s->a0, one, error);
  fc_clear(zero, ctx);
  fc_clear(one, ctx);
  return status;
}

/* --- constants of the proposition ------------------------------------------
 */

/* second += E|X_1|^2. */
static fc_status add_second(fc_ptr second, const fc_target *target,
                            const fc_ctx *ctx) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < fc_target_factor_count(target) && !status; i++)
    status = add_second(second, fc_target_factor(target, i), ctx);
  size_t n = fc_target_mixture_count(target), d = fc_target_dimension(target);
  fc_ptr room = fc_vec_new(d + d * d + 2, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr mean = room, covariance = room + d, weight = covariance + d * d,
         t = weight + 1;
  for (size_t k = 0; k < n && !status; k++) {
    status = fc_target_mixture_get(mean, covariance, weight, target, k, ctx);
    fc_exp(weight, weight, ctx);
    fc_set_si(t, 0, ctx);
    for (size_t i = 0; i < d; i++) {
      fc_addmul(t, mean + i, mean + i, ctx);
      fc_add(t, t, covariance + i * d + i, ctx);
    }
    fc_addmul(second, weight, t, ctx);
  }
  fc_vec_free(room, d + d * d + 2, ctx);
  return status;
}

/* rate = max(rate, |grad v|) at a point and a dyadic time. */
static void raise_rate(fc_ptr rate, const fc_job *job, double t, fc_srcptr x,
                       const fc_ctx *ctx) {
  static const fc_side sides[] = {FC_SMALLEST, FC_LARGEST};
  fc_time time[1];
  fc_num value;
  fc_time_init(time, ctx);
  fc_init(value, ctx);
  fc_time_set_d(time, t, false, ctx);
  for (int i = 0; i < 2; i++)
    if (!fc_eigenvalue_at(value, job->instance->target, job->schedule, time, x,
                          sides[i], ctx)) {
      fc_abs(value, value, ctx);
      if (fc_is_finite(value, ctx))
        fc_max(rate, rate, value, ctx);
    }
  fc_time_clear(time, ctx);
  fc_clear(value, ctx);
}

/* At structured points of a few times in binary64; the greatest once more in
 * the context, so that it is as good as the context. */
static fc_status set_rate(fc_source_sides *s, const fc_job *job) {
  static const double times[] = {0.125, 0.5, 0.9375};
  const fc_target *target = job->instance->target;
  size_t d = fc_target_dimension(target);
  fc_ctx fast[1];
  fc_starts *starts = NULL;
  fc_num a, b, value;
  fc_ctx_init_double(fast);
  fc_status status = fc_starts_new(&starts, target, fast);
  if (status)
    return status;
  fc_ptr x = fc_vec_new(2 * d, fast), there = fc_vec_new(d, s->ctx);
  double most = 0, when = 0.5;
  size_t count = x && there ? fc_starts_count(starts) : 0;
  fc_init(a, fast);
  fc_init(b, fast);
  fc_init(value, fast);
  for (size_t k = 0; k < sizeof times / sizeof *times; k++) {
    fc_schedule_rough at = fc_schedule_rough_at(job->schedule, times[k], false);
    fc_set_d(a, at.a, fast);
    fc_set_d(b, at.b, fast);
    for (size_t i = 0; i < count && i < MOST_STARTS; i++) {
      fc_starts_get(x, starts, i, a, b);
      fc_set_si(value, 0, fast);
      raise_rate(value, job, times[k], x, fast);
      if (fc_get_d(value, fast) > most) {
        most = fc_get_d(value, fast);
        when = times[k];
        fc_vec_set(x + d, x, d, fast);
      }
    }
  }
  for (size_t i = 0; i < d && count; i++)
    fc_convert(there + i, s->ctx, x + d + i, fast);
  if (count)
    raise_rate(s->rate, job, when, there, s->ctx);
  fc_clear(a, fast);
  fc_clear(b, fast);
  fc_clear(value, fast);
  fc_vec_free(x, 2 * d, fast);
  fc_vec_free(there, d, s->ctx);
  fc_starts_free(starts);
  return count ? FC_OK : FC_MEMORY;
}

fc_status fc_source_measure_common(fc_source_sides *s, const fc_job *job) {
  const fc_ctx *ctx = s->ctx;
  fc_time time[1];
  fc_schedule_value at[1];
  fc_time_init(time, ctx);
  fc_schedule_value_init(at, ctx);
  fc_time_set_d(time, 0, false, ctx);
  fc_status status = fc_schedule_eval(at, job->schedule, time, false, ctx);
  fc_set(s->a0, at->a, ctx);
  fc_set(s->b0, at->b, ctx);
  fc_schedule_value_clear(at, ctx);
  fc_time_clear(time, ctx);
  fc_set_si(s->second, 0, ctx);
  fc_set_si(s->rate, 0, ctx);
  if (!status)
    status = add_second(s->second, job->instance->target, ctx);
  return status ? status : set_rate(s, job);
}

fc_status fc_source_slope(fc_ptr slope, const fc_target *target,
                          const fc_schedule *schedule, const fc_ctx *ctx) {
  static const fc_flow_moment start = {0, false}, end = {0, true};
  fc_ctx rough[1];
  fc_starts *starts = NULL;
  fc_num value, error, a, b;
  rough_ctx(rough, ctx, SLOPE_BITS);
  size_t d = fc_target_dimension(target);
  fc_status status = fc_starts_new(&starts, target, rough);
  fc_ptr x = status ? NULL : fc_vec_new(d, rough);
  if (!x) {
    fc_starts_free(starts);
    return status ? status : FC_MEMORY;
  }
  fc_init(value, rough);
  fc_init(error, rough);
  fc_init(a, rough);
  fc_init(b, rough);
  fc_set_si(b, 1, rough);
  size_t count = fc_starts_count(starts);
  for (size_t i = 0; i < count && i < MOST_STARTS; i++) {
    fc_starts_get(x, starts, i, a, b);
    if (fc_flow_value_at(value, error, target, schedule, &start, &end, x, true,
                         rough, NULL))
      continue;
    fc_sub(value, value, error, rough);
    if (fc_is_finite(value, rough)) {
      fc_num here;
      fc_init(here, ctx);
      fc_convert(here, ctx, value, rough);
      fc_max(slope, slope, here, ctx);
      fc_clear(here, ctx);
    }
  }
  fc_clear(value, rough);
  fc_clear(error, rough);
  fc_clear(a, rough);
  fc_clear(b, rough);
  fc_vec_free(x, d, rough);
  fc_starts_free(starts);
  return FC_OK;
}

/* --- the sides -------------------------------------------------------------
 */

/* Adds squares; slope is the largest. */
static fc_status add_target(fc_source_sides *s, const fc_target *target,
                            const fc_schedule *schedule, fc_error *error) {
  fc_status status = FC_OK;
  size_t factors = fc_target_factor_count(target);
  for (size_t i = 0; i < factors && !status; i++)
    status = add_target(s, fc_target_factor(target, i), schedule, error);
  if (factors)
    return status;
  status = add_law(s, target, error);
  return status || is_single(target)
             ? status
             : fc_source_slope(s->slope, target, schedule, s->ctx);
}

fc_status fc_source_measure(fc_source_sides *s, const fc_job *job,
                            fc_error *error) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = fc_source_measure_common(s, job);
  fc_set_si(s->end, 0, ctx);
  fc_set_si(s->start, 0, ctx);
  fc_set_si(s->error, 0, ctx);
  fc_set_si(s->slope, 0, ctx);
  if (status || fc_is_zero(s->b0, ctx) == FC_TRUE)
    return status; /* mu = N(0, a_0^2 I): the coupling is the identity */
  status = add_target(s, job->instance->target, job->schedule, error);
  fc_sqrt(s->end, s->end, ctx);
  fc_sqrt(s->start, s->start, ctx);
  return status;
}
