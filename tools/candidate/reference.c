#include "candidate/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flow/flow.h"
#include "velocity/velocity.h"

/* Points whose error is below 2^-60 of their value are done. */
enum { BITS_WANTED = 60, LEAST_BITS = 128, FLOW_BITS = 96, MOST_BITS = 2048 };

/* One evaluator in one context. */
typedef struct engine {
  const fc_subject *subject;
  fc_ctx ctx[1];
  size_t d;
  fc_velocity *velocity;
  fc_posterior *posterior;
  fc_flow *flow;
  fc_schedule_value at[1];
  fc_time s[1], t[1];
  fc_ptr x;
  bool fits; /* the times of the group could be set */
} engine;

static fc_status engine_init(engine *e, const fc_subject *subject,
                             const fc_ctx *ctx, fc_error *error) {
  memset(e, 0, sizeof *e);
  e->subject = subject;
  *e->ctx = *ctx;
  e->d = subject->d;
  fc_schedule_value_init(e->at, e->ctx);
  fc_time_init(e->s, e->ctx);
  fc_time_init(e->t, e->ctx);
  e->x = fc_vec_new(e->d, e->ctx);
  if (!e->x)
    return fc_fail(error, FC_MEMORY, "out of memory");
  if (subject->asked == FC_ASKED_VELOCITY)
    return fc_velocity_new(&e->velocity, subject->target, subject->schedule,
                           e->ctx, error);
  if (subject->asked == FC_ASKED_SCORE)
    return fc_posterior_new(&e->posterior, subject->target, e->ctx, error);
  return fc_flow_new(&e->flow, subject->target, subject->schedule, FC_FLOW_AUTO,
                     e->ctx, error);
}

static void engine_clear(engine *e) {
  fc_velocity_free(e->velocity);
  fc_posterior_free(e->posterior);
  fc_flow_free(e->flow);
  fc_schedule_value_clear(e->at, e->ctx);
  fc_time_clear(e->s, e->ctx);
  fc_time_clear(e->t, e->ctx);
  fc_vec_free(e->x, e->d, e->ctx);
}

static void engine_times(engine *e, double s, double t) {
  fc_status status;
  fc_time_set_d(e->s, s, false, e->ctx);
  fc_time_set_d(e->t, t, false, e->ctx);
  if (e->velocity)
    status = fc_velocity_set_time(e->velocity, e->t);
  else if (e->posterior)
    status = fc_schedule_eval(e->at, e->subject->schedule, e->t, false, e->ctx);
  else
    status = fc_flow_set_times(e->flow, e->s, e->t, NULL);
  e->fits = status == FC_OK;
}

/* *values = the numbers there, *stated (may be NULL) their error. */
static bool engine_eval(fc_srcptr *values, fc_srcptr *stated, engine *e,
                        const double *x) {
  *stated = NULL;
  if (!e->fits)
    return false;
  for (size_t k = 0; k < e->d; k++)
    fc_set_d(e->x + k, x[k], e->ctx);
  if (e->velocity) {
    *values = fc_velocity_values(e->velocity)->velocity;
    return fc_velocity_eval(e->velocity, e->x, FC_VELOCITY) == FC_OK;
  }
  if (e->posterior) {
    *values = fc_posterior_values(e->posterior)->score;
    return fc_posterior_eval(e->posterior, e->at->a, e->at->b, e->x,
                             FC_WANT_SCORE) == FC_OK;
  }
  *values = fc_flow_values(e->flow)->x;
  *stated = fc_flow_values(e->flow)->x_error;
  return fc_flow_eval(e->flow, e->x, FC_FLOW_POSITION, NULL) == FC_OK;
}

/* --- taking what came out --------------------------------------------------
 */

/* The most that any coordinate may be off, rounded up. */
static double radius_of(fc_srcptr values, fc_srcptr stated, size_t d,
                        const fc_ctx *ctx) {
  mpfr_t mid, radius;
  double most = 0;
  mpfr_init2(mid, FC_REFERENCE_BITS);
  mpfr_init2(radius, 53);
  for (size_t k = 0; k < d; k++) {
    fc_get_enclosure(mid, radius, values + k, ctx);
    if (ctx->kind == FC_MPFR)
      mpfr_set_zero(radius, 1);
    if (stated && ctx->kind == FC_MPFR)
      fc_get_mid(radius, stated, ctx);
    most = fmax(most, mpfr_get_d(radius, MPFR_RNDU));
  }
  mpfr_clear(mid);
  mpfr_clear(radius);
  return most;
}

static bool all_finite(fc_srcptr values, size_t d, const fc_ctx *ctx) {
  for (size_t k = 0; k < d; k++)
    if (!fc_is_finite(values + k, ctx))
      return false;
  return true;
}

/* Stores the values; returns the largest difference from what was there. */
static double store(fc_reference *r, size_t i, fc_srcptr values,
                    const fc_ctx *ctx) {
  mpfr_t change;
  double most = 0;
  mpfr_init2(change, 53);
  for (size_t k = 0; k < r->d; k++) {
    mpfr_ptr to = r->values[i * r->d + k];
    mpfr_set(change, to, MPFR_RNDN);
    mpfr_t before;
    mpfr_init2(before, FC_REFERENCE_BITS);
    mpfr_set(before, to, MPFR_RNDN);
    fc_get_mid(to, values + k, ctx);
    mpfr_sub(change, before, to, MPFR_RNDA);
    double gap = fabs(mpfr_get_d(change, MPFR_RNDA));
    most = fmax(most, isnan(gap) ? INFINITY : gap);
    mpfr_clear(before);
    r->rounded[i * r->d + k] = mpfr_get_d(to, MPFR_RNDN);
  }
  mpfr_clear(change);
  return most;
}

static double size_of(const double *x, size_t d) {
  double most = 0;
  for (size_t k = 0; k < d; k++)
    most = fmax(most, fabs(x[k]));
  return most;
}

/* What the error at a point is small beside: its value, or where that cancels
 * the least that counts. */
static double measure_of(const fc_reference *r, size_t i) {
  return fmax(size_of(r->rounded + i * r->d, r->d), r->least);
}

static bool is_close(const fc_reference *r, size_t i, double error) {
  return error <= ldexp(measure_of(r, i), -BITS_WANTED) || error <= 0x1p-300;
}

/* --- rounds ----------------------------------------------------------------
 */

static void take_balls(fc_reference *r, size_t i, engine *e, const double *x) {
  fc_srcptr values, stated;
  if (!engine_eval(&values, &stated, e, x) || !all_finite(values, e->d, e->ctx))
    return;
  double error = radius_of(values, NULL, e->d, e->ctx);
  store(r, i, values, e->ctx);
  if (!is_close(r, i, error))
    return;
  r->error[i] = error;
  r->footing[i] = FC_FOOTING_CERTIFIED;
}

/* Velocity and score: what the last doubling changed, eight times; flows: what
 * they state. */
static void take_numbers(fc_reference *r, size_t i, engine *e, const double *x,
                         bool again) {
  fc_srcptr values, stated;
  if (!engine_eval(&values, &stated, e, x) || !all_finite(values, e->d, e->ctx))
    return;
  double error = radius_of(values, stated, e->d, e->ctx);
  double change = store(r, i, values, e->ctx);
  if (!stated)
    error = 8 * change;
  if (!(stated || again) || !(isfinite(error)) ||
      !(error <= 1e-9 * measure_of(r, i) || error < 1e-60))
    return;
  r->error[i] = error;
  r->footing[i] = FC_FOOTING_MPFR;
}

static fc_status round_in(fc_reference *r, const fc_spots *p,
                          const fc_subject *subject, const fc_ctx *ctx,
                          bool again, fc_error *error) {
  engine e;
  fc_status status = engine_init(&e, subject, ctx, error);
  for (size_t i = 0; i < p->count && status == FC_OK; i++) {
    if (r->footing[i] == FC_FOOTING_CERTIFIED)
      continue;
    if (i == 0 || p->t[i] != p->t[i - 1] || p->s[i] != p->s[i - 1] ||
        r->footing[i - 1] == FC_FOOTING_CERTIFIED)
      engine_times(&e, p->s[i], p->t[i]);
    const double *x = p->x + i * p->d;
    if (ctx->kind == FC_ARB)
      take_balls(r, i, &e, x);
    else
      take_numbers(r, i, &e, x, again);
  }
  engine_clear(&e);
  return status;
}

static size_t count_footing(const fc_reference *r, fc_footing footing) {
  size_t count = 0;
  for (size_t i = 0; i < r->count; i++)
    count += r->footing[i] == footing;
  return count;
}

/* Flows cost more, and state their own error where balls do not come. */
static long most_bits(const fc_subject *subject) {
  if (fc_target_is_integrated(subject->target))
    return LEAST_BITS; /* every number costs an integral */
  return subject->asked == FC_ASKED_FLOW ? 2 * FLOW_BITS : MOST_BITS;
}

static fc_status in_balls(fc_reference *r, const fc_spots *p,
                          const fc_subject *subject, fc_error *error) {
  fc_status status = fc_have_arb() ? FC_OK : FC_UNSUPPORTED;
  long least = subject->asked == FC_ASKED_FLOW ? FLOW_BITS : LEAST_BITS;
  for (long bits = least; bits <= most_bits(subject) && status == FC_OK;
       bits *= 2) {
    fc_ctx ctx[1];
    status = fc_ctx_init_arb(ctx, bits, error);
    if (status == FC_OK)
      status = round_in(r, p, subject, ctx, false, error);
    if (count_footing(r, FC_FOOTING_CERTIFIED) == r->count)
      break;
  }
  return status == FC_UNSUPPORTED || status == FC_DOMAIN ? FC_OK : status;
}

static fc_status in_numbers(fc_reference *r, const fc_spots *p,
                            const fc_subject *subject, fc_error *error) {
  fc_status status = FC_OK;
  bool flow = subject->asked == FC_ASKED_FLOW;
  for (int again = 0; again < (flow ? 1 : 2) && status == FC_OK; again++) {
    fc_ctx ctx[1];
    fc_ctx_init_mpfr(ctx, flow ? 128 : again ? 384 : 192);
    if (count_footing(r, FC_FOOTING_CERTIFIED) < r->count)
      status = round_in(r, p, subject, ctx, again, error);
  }
  return status;
}

/* --- scale -----------------------------------------------------------------
 */

static double norm_of(const double *x, size_t d) {
  double sum = 0;
  for (size_t k = 0; k < d; k++)
    sum = hypot(sum, x[k]);
  return sum;
}

static void set_scales(fc_reference *r, const fc_spots *p) {
  for (size_t i = 0; i < r->count;) {
    size_t end = fc_spots_group_end(p, i), n = 0;
    double squares = 0;
    for (size_t j = i; j < end; j++)
      if (p->random[j] && r->footing[j] != FC_FOOTING_NONE) {
        double norm = norm_of(r->rounded + j * r->d, r->d);
        squares += norm * norm;
        n++;
      }
    double typical = n ? sqrt(squares / (double)n) : 0;
    for (size_t j = i; j < end; j++) {
      double own = norm_of(r->rounded + j * r->d, r->d);
      r->scale[j] = fmax(own, typical);
      if (!(r->scale[j] > 0))
        r->scale[j] = 1;
    }
    i = end;
  }
}

/* --- all -------------------------------------------------------------------
 */

static bool allocate(fc_reference *r, const fc_spots *p) {
  size_t size = p->count * p->d;
  memset(r, 0, sizeof *r);
  r->d = p->d;
  r->values = malloc(size * sizeof *r->values);
  r->rounded = calloc(size, sizeof *r->rounded);
  r->error = calloc(p->count, sizeof *r->error);
  r->scale = calloc(p->count, sizeof *r->scale);
  r->footing = calloc(p->count, sizeof *r->footing);
  if (!r->values || !r->rounded || !r->error || !r->scale || !r->footing)
    return false;
  r->count = p->count;
  for (size_t i = 0; i < size; i++)
    mpfr_init2(r->values[i], FC_REFERENCE_BITS);
  return true;
}

fc_status fc_reference_make(fc_reference *r, const fc_spots *p,
                            const fc_subject *subject, fc_error *error) {
  if (!allocate(r, p))
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < p->count * p->d && subject->asked == FC_ASKED_FLOW;
       i++)
    if (p->random[i / p->d]) /* flows stay among points of this size */
      r->least = fmax(r->least, 0x1p-20 * fabs(p->x[i]));
  fc_status status = in_balls(r, p, subject, error);
  if (status == FC_OK)
    status = in_numbers(r, p, subject, error);
  for (size_t i = 0; i < r->count; i++)
    for (size_t k = 0; k < r->d && r->footing[i] == FC_FOOTING_NONE; k++)
      r->rounded[i * r->d + k] = NAN;
  set_scales(r, p);
  r->certified = count_footing(r, FC_FOOTING_CERTIFIED);
  r->stated = count_footing(r, FC_FOOTING_MPFR);
  return status;
}

void fc_reference_clear(fc_reference *r) {
  for (size_t i = 0; i < r->count * r->d; i++)
    mpfr_clear(r->values[i]);
  free(r->values);
  free(r->rounded);
  free(r->error);
  free(r->scale);
  free(r->footing);
  memset(r, 0, sizeof *r);
}
