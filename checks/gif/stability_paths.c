/* Both proofs bound |X_1(x) - Y_1(x)|^2 from each x by itself, by Cauchy and
 * Schwarz in (6.4) and (6.6); the proposition is the mean over x ~ mu.  One
 * pair of trajectories a point needs no expectation, in any dimension. */
#include "gif/stability_paths.h"

#include <math.h>
#include <stdlib.h>

#include "claims/decision.h"
#include "gif/stability_factors.h"
#include "gif/stability_measure.h"
#include "gif/time_quadrature.h"
#include "perturbed/bounds.h"

enum { PATH_BITS = 30, LESS_BITS = 8, LOST_BITS = 48, ROUNDING_BITS = 16 };

/* Where both sides are equal as many bits as the context has. */
static long bits_for(const fc_workspace *w, const fc_stability_field *field) {
  bool equal = w->ctx->kind == FC_MPFR && field->how.axis &&
               w->claim->kind != FC_KIND_CONTROL &&
               fc_target_is_gaussian(w->job->instance->target);
  return equal ? w->ctx->precision - LOST_BITS : PATH_BITS;
}

/* left, right = |Y_1 - X_1|^2 and the integral along Y or X; the error from a
 * second run. */
static fc_status follow(fc_ptr left, fc_ptr right, fc_ptr off, fc_workspace *w,
                        const fc_stability_field *field, int along) {
  const fc_ctx *ctx = w->ctx;
  fc_trajectory *trajectory = NULL;
  long bits = bits_for(w, field);
  fc_ptr values = fc_vec_new(6, ctx);
  fc_status status =
      values ? fc_trajectory_new(&trajectory, w->job->instance->target,
                                 w->job->schedule, &field->how, ctx, NULL)
             : FC_MEMORY;
  if (!status)
    status = fc_trajectory_compare(values, trajectory, w->x, bits + LESS_BITS);
  if (!status)
    status = fc_trajectory_compare(values + 3, trajectory, w->x, bits);
  if (!status) {
    fc_set(left, values, ctx);
    fc_set(right, values + 1 + along, ctx);
    fc_sub(off, values, values + 3, ctx);
    fc_abs(off, off, ctx);
    fc_sub(off + 1, values + 1 + along, values + 4 + along, ctx);
    fc_abs(off + 1, off + 1, ctx);
    for (int i = 0; i < 2; i++) { /* rounding */
      fc_set_si(off + 2, 1, ctx);
      fc_add(off + 2, off + 2, i ? right : left, ctx);
      fc_mul_2exp_si(off + 2, off + 2, ROUNDING_BITS - ctx->precision, ctx);
      fc_add(off + i, off + i, off + 2, ctx);
    }
    fc_trajectory_rounding(off + 2, left, trajectory, ROUNDING_BITS);
    fc_add(off, off, off + 2, ctx);
  }
  fc_trajectory_free(trajectory);
  fc_vec_free(values, 6, ctx);
  return status;
}

static fc_status sides(fc_ptr left, fc_ptr right, fc_ptr scale, fc_workspace *w,
                       const fc_stability_field *field, const char *growth,
                       int along, bool half) {
  const fc_ctx *ctx = w->ctx;
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_DOMAIN;
  fc_ptr off = fc_vec_new(4, ctx);
  if (!off)
    return FC_MEMORY;
  fc_status status = follow(left, right, off, w, field, along);
  if (!status)
    status = fc_stability_integrate(off + 2, off + 3, w->job, w->claim, growth,
                                    2, bits_for(w, field), ctx);
  if (!status) {
    fc_mul(off + 3, off + 3, right, ctx);
    fc_mul(off + 1, off + 1, off + 2, ctx);
    fc_mul(right, right, off + 2, ctx);
    if (half)
      fc_mul_2exp_si(right, right, -1, ctx);
    fc_add(off, off, off + 1, ctx);
    fc_add(off, off, off + 3, ctx);
    fc_workspace_raise_error(w, off);
    fc_set(scale, right, ctx);
    if (!(fc_get_d(right, ctx) > 0x1p-80))
      status = FC_DOMAIN; /* nothing is perturbed along this trajectory */
  }
  fc_vec_free(off, 4, ctx);
  return status;
}

fc_status fc_sides_path_first(fc_ptr left, fc_ptr right, fc_ptr scale,
                              fc_workspace *w) {
  int variant = ((const fc_pointwise_detail *)w->claim->detail)->variant;
  const fc_stability_field *field =
      fc_stability_field_of(w->job, variant % FC_FIELD_COUNT);
  return sides(left, right, scale, w, field, fc_stability_growth(w->job), 0,
               variant >= FC_FIELD_COUNT);
}

fc_status fc_sides_path_second(fc_ptr left, fc_ptr right, fc_ptr scale,
                               fc_workspace *w) {
  int variant = ((const fc_pointwise_detail *)w->claim->detail)->variant;
  const fc_stability_field *field =
      fc_stability_field_of(w->job, variant % FC_FIELD_COUNT);
  return sides(left, right, scale, w, field, field->growth, 1,
               variant >= FC_FIELD_COUNT);
}

/* --- closed forms of exp int theta~ ---------------------------------------
 */

enum { GROWTH_BITS = 110, SCAN_GROWTH_BITS = 42 };

static const int exact_growth[] = {FC_FIELD_ALIGNED, FC_FIELD_SMOOTH,
                                   FC_FIELD_MULTIPLICATIVE, FC_FIELD_NOISE};
enum { EXACT_GROWTH = sizeof exact_growth / sizeof *exact_growth };

size_t fc_length_growth(const fc_job *job) {
  (void)job;
  return EXACT_GROWTH;
}

typedef struct rate {
  fc_gradient_bounds *bounds;
  fc_num lower;
  const fc_ctx *ctx;
} rate;

/* An fc_time_integrand: theta~. */
static fc_status theta_at(fc_ptr values, fc_ptr error, const fc_time *t,
                          size_t place, void *data) {
  rate *g = data;
  (void)place;
  fc_status status = fc_gradient_bounds_at(g->lower, values, g->bounds, t);
  fc_abs(error, values, g->ctx);
  fc_mul_2exp_si(error, error, 16 - g->ctx->precision, g->ctx);
  return status;
}

/* z = int_0^1 theta~, the workspace's error raised: to all digits where both
 * sides are equal, as they are for a constant b, too. */
static fc_status integrate_theta(fc_ptr z, fc_workspace *w,
                                 const fc_stability_field *field) {
  const fc_ctx *ctx = w->ctx;
  rate g = {.ctx = ctx};
  bool strict = w->claim->relation[0] == '>' &&
                fc_schedule_rough_at(w->job->schedule, 0, false).b < 1;
  bool rough = ctx->kind == FC_DOUBLE || strict;
  fc_time zero[1];
  fc_num error, one;
  fc_time_init(zero, ctx);
  fc_init(error, ctx);
  fc_init(one, ctx);
  fc_init(g.lower, ctx);
  fc_time_set_d(zero, 0, false, ctx);
  fc_time_set_d(w->time, 0, true, ctx);
  fc_set_si(one, 1, ctx);
  fc_status status =
      fc_gradient_bounds_new(&g.bounds, w->job->instance->target,
                             w->job->schedule, &field->how, ctx, NULL);
  if (!status)
    status = fc_time_integrate(z, error, 1, theta_at, &g, w, zero,
                               rough ? SCAN_GROWTH_BITS : GROWTH_BITS, one);
  fc_time_set_d(w->time, 0, false, ctx);
  fc_workspace_raise_error(w, error);
  fc_gradient_bounds_free(g.bounds);
  fc_time_clear(zero, ctx);
  fc_clear(error, ctx);
  fc_clear(one, ctx);
  fc_clear(g.lower, ctx);
  return status;
}

fc_status fc_sides_stability_growth(fc_ptr left, fc_ptr right, fc_ptr scale,
                                    fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  int variant = ((const fc_pointwise_detail *)w->claim->detail)->variant;
  fc_status status = FC_OK;
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_DOMAIN;
  for (size_t i = 0; i < (variant ? 1 : EXACT_GROWTH) && !status; i++) {
    const fc_stability_field *field = fc_stability_field_of(
        w->job, variant ? FC_FIELD_DENOISER : exact_growth[i]);
    status = fc_environment_eval_text(left + i, w->environment, field->growth);
    fc_log(left + i, left + i, ctx);
    if (!status)
      status = integrate_theta(right + i, w, field);
  }
  fc_set_si(scale, 1, ctx);
  return status;
}

/* --- erratum 8 ------------------------------------------------------------ */

enum { END_EXPONENT = 40, CONSTANT_EXPONENT = 30 };

/* One beyond the largest landmark in every coordinate: off the support. */
static void set_outside(double *x, const fc_job *job) {
  fc_ctx fast[1];
  fc_ptr points = NULL;
  size_t count = 0, d = fc_target_dimension(job->instance->target);
  fc_ctx_init_double(fast);
  for (size_t i = 0; i < d; i++)
    x[i] = -INFINITY;
  if (fc_target_landmarks(&points, &count, job->instance->target, 64, fast))
    count = 0;
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; i < d; i++)
      x[i] = fmax(x[i], ceil(fc_get_d(points + k * d + i, fast)) + 1);
  for (size_t i = 0; i < d; i++)
    x[i] = isfinite(x[i]) ? x[i] : 0;
  fc_vec_free(points, count * d, fast);
}

/* An fc_compare_function: measured = |grad v|, its largest diagonal entry in
 * size; bound = 2^CONSTANT_EXPONENT. */
static fc_status compare_end(fc_comparison *c, void *data, const fc_ctx *ctx) {
  fc_workspace w[1];
  const void *const *closure = data;
  fc_num size;
  fc_init(size, ctx);
  const fc_job *job = closure[0];
  fc_status status = fc_workspace_init(w, job, NULL, ctx);
  if (!status)
    status = fc_workspace_set_point(w, closure[1]);
  if (!status)
    status = fc_velocity_eval(w->velocity, w->x, FC_VELOCITY_JACOBIAN);
  fc_set_si(c->measured, 0, ctx);
  for (size_t i = 0; i < w->d && !status; i++) {
    fc_abs(size, fc_velocity_values(w->velocity)->jacobian + i * (w->d + 1),
           ctx);
    fc_max(c->measured, c->measured, size, ctx);
  }
  fc_set_si(c->bound, 1, ctx);
  fc_mul_2exp_si(c->bound, c->bound, CONSTANT_EXPONENT, ctx);
  fc_set(c->scale, c->bound, ctx);
  fc_clear(size, ctx);
  fc_workspace_clear(w);
  return status;
}

static const char *needs_case_ii(const fc_job *job) {
  if (!fc_target_has_density(job->instance->target))
    return "the target has no density (Assumption 2.1)";
  return fc_target_constant_d(NULL, job->instance->target, FC_D) &&
                 fc_target_constant_d(NULL, job->instance->target, FC_KAPPA)
             ? NULL
             : "the target is not of case (ii)";
}

fc_status fc_measure_case_ii(const fc_job *job, const fc_claim *claim,
                             fc_error *error) {
  const char *reason = needs_case_ii(job);
  if (reason)
    return fc_job_not_applicable(job, claim, reason);
  size_t d = fc_target_dimension(job->instance->target);
  double *x = calloc(d, sizeof *x);
  fc_record record[1];
  if (!x)
    return fc_fail(error, FC_MEMORY, "out of memory");
  set_outside(x, job);
  const fc_point point = {ldexp(1, -END_EXPONENT), true, x};
  const void *closure[] = {job, &point};
  fc_status status = fc_job_record(record, job, claim);
  if (status) {
    free(x);
    return status;
  }
  status = fc_point_state(record, &point, d);
  if (!status)
    status = fc_decide(record, job, FC_AT_MOST, compare_end, closure);
  if (!status)
    status = job->emit(job->sink, record);
  fc_record_clear(record);
  free(x);
  return status;
}
