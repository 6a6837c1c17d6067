/* The distribution function of p_t for a density exp(-U)/Z in balls:
 *   P(X_t <= x) = int exp(-U(y)) Phi((x - b y)/a) dy/Z;
 * a = 0: int exp(-U) up to x/b; b = 0: Phi(x/a).
 */
#include "target/cdf.h"
#include "target/density_balls.h"

typedef struct cdf_task {
  fc_ball_level *level;
  fc_srcptr a, b, x;
} cdf_task;

/* z = the integral/norm. */
static fc_status normalise(fc_ptr z, fc_ball_integral *f) {
  const fc_ctx *ctx = f->level->real;
  fc_status status = fc_ball_integrate(f);
  if (!status) {
    fc_sub(f->rest, f->shift, f->level->log_norm, ctx);
    fc_exp(f->rest, f->rest, ctx);
    fc_mul(z, f->sums, f->rest, ctx);
    fc_mul_2exp_si(z, z, f->scale, ctx);
  }
  return status;
}

/* a = 0: the part of exp(-U) on one side of x/b; false (z not set) where that
 * is not certainly inside the support. */
static fc_status end_tail(fc_ptr z, bool above, const cdf_task *task,
                          fc_ball_integral *f) {
  fc_ball_level *level = task->level;
  const fc_density *density = level->density;
  const fc_ctx *ctx = level->real;
  fc_num y;
  fc_init(y, ctx);
  fc_div(y, task->x, task->b, ctx);
  fc_srcptr lower = level->breaks, upper = level->breaks + density->count;
  fc_status status = FC_OK;
  if (density->lower && fc_le(y, lower, ctx) == FC_TRUE) {
    fc_set_si(z, above, ctx);
  } else if (density->upper && fc_le(upper, y, ctx) == FC_TRUE) {
    fc_set_si(z, !above, ctx);
  } else if ((density->lower && fc_lt(lower, y, ctx) != FC_TRUE) ||
             (density->upper && fc_lt(y, upper, ctx) != FC_TRUE)) {
    status = FC_DOMAIN;
  } else {
    f->ends[above ? 0 : 1] = y;
    status = normalise(z, f);
  }
  fc_clear(y, ctx);
  return status;
}

/* z = P(X_t > x) or P(X_t <= x). */
static fc_status tail(fc_ptr z, bool above, const cdf_task *task) {
  const fc_ctx *ctx = task->level->real;
  if (fc_is_zero(task->b, ctx) == FC_TRUE) {
    fc_num w;
    fc_init(w, ctx);
    fc_div(w, task->x, task->a, ctx);
    if (above)
      fc_neg(w, w, ctx);
    fc_normal_cdf(z, w, ctx);
    fc_clear(w, ctx);
    return FC_OK;
  }
  fc_ball_integral f[1];
  fc_status status = fc_ball_norm(task->level);
  if (!status)
    status = fc_ball_integral_init(f, task->level);
  if (status)
    return status;
  if (fc_is_zero(task->a, ctx) == FC_TRUE) {
    status = end_tail(z, above, task, f);
  } else {
    f->a = task->a;
    f->b = task->b;
    f->x = task->x;
    f->place->factor = above ? FC_FACTOR_ABOVE : FC_FACTOR_BELOW;
    status = normalise(z, f);
  }
  fc_ball_integral_clear(f);
  return status;
}

/* The tail that is probably the smaller one, and the other as its complement;
 * where it was not, that one is integrated, too. */
static fc_status tails(fc_ptr const out[2], const cdf_task *task) {
  const fc_ctx *ctx = task->level->real;
  const fc_density *f = task->level->density;
  bool above =
      fc_get_d(task->x, ctx) > fc_get_d(task->b, ctx) * f->modes[f->deepest].at;
  if (!out[!above])
    return tail(out[above], above, task);
  fc_num z;
  fc_init(z, ctx);
  fc_status status = tail(z, above, task);
  if (!status && out[!above]) {
    if (fc_get_d(z, ctx) < 0.75) {
      fc_add_si(out[!above], z, -1, ctx);
      fc_neg(out[!above], out[!above], ctx);
    } else {
      status = tail(out[!above], !above, task);
    }
  }
  if (out[above])
    fc_set(out[above], z, ctx);
  fc_clear(z, ctx);
  return status;
}

fc_status fc_density_cdf_balls(fc_ptr below, fc_ptr above,
                               fc_posterior *posterior, fc_srcptr a,
                               fc_srcptr b, fc_srcptr x, fc_error *error) {
  const fc_ctx *ctx = &posterior->ctx;
  enum { MOST_FAILURES = 1 }; /* until more bits are no help */
  cdf_task task = {.a = a, .b = b, .x = x};
  fc_ptr const out[2] = {below, above};
  fc_status status = FC_DOMAIN;
  bool known =
      fc_is_finite(a, ctx) && fc_is_finite(b, ctx) && fc_is_finite(x, ctx) &&
      (fc_is_positive(a, ctx) == FC_TRUE || fc_is_zero(a, ctx) == FC_TRUE);
  for (int i = 0; i <= MOST_FAILURES && known; i++) {
    status = fc_density_balls_level(&task.level, posterior, i);
    if (!status)
      status = tails(out, &task);
    if (status != FC_BUDGET)
      break;
  }
  return status ? fc_fail(error, status, "the distribution function: %s",
                          fc_status_text(status))
                : FC_OK;
}
