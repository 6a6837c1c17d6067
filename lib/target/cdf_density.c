/* The distribution function of p_t for a density exp(-U)/Z:
 *   P(X_t <= x) = int exp(-U(y)) Phi((x - b y)/a) dy/Z,
 * by quadrature with log Phi in the exponent, so that both tails keep their
 * digits; a = 0: int exp(-U) up to x/b; b = 0: Phi(x/a).
 */
#include "target/cdf.h"
#include "target/density_posterior.h"

#include <math.h>

typedef struct cdf_task {
  fc_density_work *work;
  const fc_density *density;
  bool above; /* P(X_t > x) */
  double a, b, x, bits;
} cdf_task;

/* z = log Phi(w); t is room. */
static void log_phi(fc_ptr z, fc_ptr t, fc_srcptr w, const fc_ctx *ctx) {
  bool right = fc_is_positive(w, ctx) == FC_TRUE;
  fc_set_si(t, 2, ctx);
  fc_sqrt(t, t, ctx);
  fc_div(t, w, t, ctx);
  if (right) {
    fc_erfc(t, t, ctx);
    fc_mul_2exp_si(t, t, -1, ctx);
    fc_neg(t, t, ctx);
    fc_log1p(z, t, ctx);
    return;
  }
  fc_neg(t, t, ctx);
  fc_sqr(z, t, ctx);
  fc_erfcx(t, t, ctx);
  fc_mul_2exp_si(t, t, -1, ctx);
  fc_log(t, t, ctx);
  fc_sub(z, t, z, ctx);
}

/* z += log Phi(-+(x - b y)/a). */
static void add_log_phi(fc_ptr z, fc_srcptr offset, void *data) {
  const cdf_task *task = data;
  const fc_density_work *work = task->work;
  const fc_ctx *ctx = work->level->ctx;
  fc_ptr w = work->level->room + 6, t = work->level->room + 7,
         log = work->level->room + 5;
  fc_mul(w, offset, work->base_b, ctx);
  fc_sub(w, work->rest, w, ctx);
  fc_div(w, w, work->base_a, ctx);
  if (task->above)
    fc_neg(w, w, ctx);
  log_phi(log, t, w, ctx);
  fc_add(z, z, log, ctx);
}

/* log Phi(w) in binary64, about. */
static double about_log_phi(double w) {
  return w > 0 ? 0 : -w * w / 2 - log(1 + fabs(w)) - 1;
}

static double exponent_at(const cdf_task *task, double y) {
  double w = (task->x - task->b * y) / task->a;
  size_t branch = fc_density_branch(task->density, y);
  double u = fc_density_derivative_d(task->density, 0, branch, y);
  return isnan(u) ? -INFINITY : -u + about_log_phi(task->above ? -w : w);
}

/* How far beyond y0 = x/b, in units of a/b, the integrand may count. */
static double reach(const cdf_task *task) {
  const fc_density *f = task->density;
  const fc_mode *mode = f->modes + f->deepest;
  double y0 = task->x / task->b, width = task->a / task->b;
  double peak = exponent_at(task, mode->at);
  for (int i = -1; i <= 1; i++) {
    double y = fmin(fmax(y0, f->breaks[0]), f->breaks[f->count]) + i * width;
    if (y >= f->breaks[0] && y <= f->breaks[f->count])
      peak = fmax(peak, exponent_at(task, y));
  }
  return sqrt(2 * (1 - mode->potential - peak + (task->bits + 40) * log(2)));
}

/* z = the part of exp(-U) on the left (right) of x/b. */
static fc_status end_tail(fc_ptr z, cdf_task *task) {
  fc_density_level *level = task->work->level;
  const fc_density *f = task->density;
  const fc_ctx *ctx = level->ctx;
  fc_ptr y = level->room + 6;
  fc_div(y, task->work->base_x, task->work->base_b, ctx);
  int below = f->lower ? fc_le(y, level->breaks, ctx) == FC_TRUE : 0,
      above = f->upper && fc_le(level->breaks + f->count, y, ctx) == FC_TRUE;
  if (below || above) {
    fc_set_si(z, above != task->above, ctx);
    return FC_OK;
  }
  fc_density_window window = {
      .low = -INFINITY, .high = INFINITY, .bits = task->bits};
  if (task->above)
    window.low = fc_get_d(y, ctx);
  else
    window.high = fc_get_d(y, ctx);
  window.exact[task->above ? 0 : 1] = y;
  fc_status status = fc_density_integrate(level, &window);
  if (!status) {
    fc_density_log_mass(z, level);
    fc_sub(z, z, level->log_norm, ctx);
    fc_exp(z, z, ctx);
  }
  return status;
}

/* The noise is narrow, and x/b in the support: places are offsets from there.
 */
static bool is_narrow(const cdf_task *task) {
  const fc_density *f = task->density;
  double y0 = task->x / task->b;
  return task->a / task->b < f->modes[f->deepest].scale && y0 > f->breaks[0] &&
         y0 < f->breaks[f->count];
}

/* origin, and rest = x - b origin (in binary64 rounded once). */
static void set_origin(cdf_task *task) {
  fc_density_work *work = task->work;
  const fc_ctx *ctx = work->level->ctx;
  fc_ptr rest = work->numbers + FC_DENSITY_REST;
  if (is_narrow(task))
    fc_div(work->level->origin, work->base_x, work->base_b, ctx);
  if (ctx->kind == FC_DOUBLE) {
    fc_set_d(rest, fma(-task->b, fc_get_d(work->level->origin, ctx), task->x),
             ctx);
  } else {
    fc_mul(rest, work->level->origin, work->base_b, ctx);
    fc_sub(rest, work->base_x, rest, ctx);
  }
  work->rest = rest;
}

static fc_status smooth_tail(fc_ptr z, cdf_task *task) {
  fc_density_level *level = task->work->level;
  set_origin(task);
  double y0 = fc_get_d(task->work->rest, level->ctx) / task->b,
         width = task->a / task->b, far = width * reach(task);
  fc_density_window window = {.add = add_log_phi,
                              .data = task,
                              .low = task->above ? y0 - far : -INFINITY,
                              .high = task->above ? INFINITY : y0 + far,
                              .centre = y0,
                              .step = width,
                              .bits = task->bits};
  if (!isfinite(y0) || !isfinite(far) || !(width > 0))
    return FC_DOMAIN;
  fc_status status = fc_density_integrate(level, &window);
  if (!status) {
    fc_density_log_mass(z, level);
    fc_sub(z, z, level->log_norm, level->ctx);
    fc_exp(z, z, level->ctx);
  }
  return status;
}

static fc_status tail(fc_ptr z, cdf_task *task) {
  fc_density_work *work = task->work;
  const fc_ctx *ctx = work->level->ctx;
  if (task->b == 0 && fc_is_zero(work->base_b, ctx) == FC_TRUE) {
    fc_ptr w = work->level->room + 6;
    fc_div(w, work->base_x, work->base_a, ctx);
    if (task->above)
      fc_neg(w, w, ctx);
    log_phi(z, work->level->room + 7, w, ctx);
    fc_exp(z, z, ctx);
    return FC_OK;
  }
  fc_status status = fc_density_norm(work->level);
  if (status)
    return status;
  fc_set_si(work->level->origin, 0, ctx);
  return fc_is_zero(work->base_a, ctx) == FC_TRUE ? end_tail(z, task)
                                                  : smooth_tail(z, task);
}

/* Bits that rounding (x - b y)/a and the exponent may lose. */
static double loss(const cdf_task *task) {
  const fc_density *f = task->density;
  const fc_mode *mode = f->modes + f->deepest;
  double bits = log2(1 + fabs(mode->potential));
  if (task->a > 0 && task->b > 0) {
    double far =
        (fabs(task->x) + task->b * (fabs(mode->at) + mode->scale)) / task->a;
    bits += (is_narrow(task) ? 0 : 2 * log2(1 + far)) +
            log2(1 + fabs(exponent_at(task, task->x / task->b)));
  }
  return isfinite(bits) ? bits : 1e4;
}

static fc_status tails_at(fc_ptr const out[2], fc_posterior *posterior,
                          fc_srcptr a, fc_srcptr b, fc_srcptr x, int level,
                          cdf_task *task) {
  const fc_ctx *ctx = &posterior->ctx;
  fc_status status = fc_density_get_work(&task->work, posterior, level);
  if (status)
    return status;
  fc_density_work *work = task->work;
  const fc_ctx *inner = work->level->ctx;
  fc_srcptr const from[3] = {a, b, x};
  fc_srcptr *const to[3] = {&work->base_a, &work->base_b, &work->base_x};
  for (int i = 0; i < 3; i++) {
    fc_convert(work->numbers + FC_DENSITY_A + i, inner, from[i], ctx);
    *to[i] = work->numbers + FC_DENSITY_A + i;
  }
  task->bits = (double)inner->precision - 16;
  for (int side = 0; side < 2 && !status; side++) {
    task->above = side == 1;
    if (!out[side])
      continue;
    status = tail(work->numbers + FC_DENSITY_SUMS, task);
    if (!status)
      fc_convert(work->numbers + FC_DENSITY_CUMULANTS + side, inner,
                 work->numbers + FC_DENSITY_SUMS, inner);
  }
  for (int side = 0; side < 2 && !status; side++)
    if (out[side])
      fc_convert(out[side], ctx, work->numbers + FC_DENSITY_CUMULANTS + side,
                 inner);
  return status;
}

fc_status fc_density_cdf(fc_ptr below, fc_ptr above, fc_posterior *posterior,
                         fc_srcptr a, fc_srcptr b, fc_srcptr x,
                         fc_error *error) {
  enum { NATIVE_LOSS = 12 };
  const fc_ctx *ctx = &posterior->ctx;
  fc_ptr const out[2] = {below, above};
  cdf_task task = {.density = posterior->target->density,
                   .a = fc_get_d(a, ctx),
                   .b = fc_get_d(b, ctx),
                   .x = fc_get_d(x, ctx)};
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return fc_fail(error, FC_UNSUPPORTED,
                   "distribution functions of a density given by a formula are "
                   "available in binary64 and MPFR");
  double lost = loss(&task);
  fc_status status = FC_DOMAIN;
  if (ctx->kind == FC_DOUBLE && lost <= NATIVE_LOSS)
    status = tails_at(out, posterior, a, b, x, 0, &task);
  int level = 1;
  while (level < FC_DENSITY_LEVELS - 1 && (32L << level) < lost + 28)
    level++;
  if (status)
    status = tails_at(out, posterior, a, b, x, level, &task);
  return status ? fc_fail(error, status, "the distribution function: %s",
                          fc_status_text(status))
                : FC_OK;
}
