#include "gif/velocity_sides.h"

#include "gif/combination.h"

/* --- the score by Taylor arithmetic ----------------------------------------
 */

typedef struct taylor {
  fc_ctx ctx[1];
  size_t d;
  fc_posterior *posterior;
  fc_num a, b;
  fc_ptr x;
} taylor;

static void taylor_clear(taylor *t) {
  fc_posterior_free(t->posterior);
  fc_vec_free(t->x, t->d, t->ctx);
  fc_clear(t->a, t->ctx);
  fc_clear(t->b, t->ctx);
}

static fc_status taylor_init(taylor *t, const fc_target *target,
                             const fc_ctx *base) {
  *t = (taylor){.d = fc_target_dimension(target)};
  fc_ctx_init_series(t->ctx, base, 2);
  fc_init(t->a, t->ctx);
  fc_init(t->b, t->ctx);
  t->x = fc_vec_new(t->d, t->ctx);
  fc_status status =
      t->x ? fc_posterior_new(&t->posterior, target, t->ctx, NULL) : FC_MEMORY;
  if (status)
    taylor_clear(t);
  return status;
}

fc_status fc_series_score(fc_ptr s, const fc_target *target, fc_srcptr a,
                          fc_srcptr b, fc_srcptr x, const fc_ctx *ctx) {
  taylor t[1];
  fc_num one;
  fc_status status = taylor_init(t, target, ctx);
  if (status)
    return status;
  fc_init(one, ctx);
  fc_set_si(one, 1, ctx);
  fc_convert(t->a, t->ctx, a, ctx);
  fc_convert(t->b, t->ctx, b, ctx);
  for (size_t i = 0; i < t->d; i++)
    fc_convert(t->x + i, t->ctx, x + i, ctx);
  for (size_t j = 0; j < t->d && status == FC_OK; j++) {
    fc_series_set_linear(t->x + j, x + j, one, t->ctx); /* x + h e_j */
    status =
        fc_posterior_eval(t->posterior, t->a, t->b, t->x, FC_WANT_LOG_DENSITY);
    fc_convert(t->x + j, t->ctx, x + j, ctx);
    fc_srcptr p = fc_posterior_values(t->posterior)->log_density;
    fc_set(s + j, fc_series_coeff_src(p, 1), ctx);
  }
  fc_clear(one, ctx);
  taylor_clear(t);
  return status;
}

/* --- expectations given X_t = x ----------------------------------------------
 */

/* Z = E[Z|x] = -a s, M = E[X_1|x] = (x + a^2 s)/b. */
static void expectations(fc_ptr Z, fc_ptr M, fc_srcptr s,
                         const fc_schedule_value *at, fc_srcptr x, size_t d,
                         const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++) {
    fc_mul(Z + i, at->a, s + i, ctx);
    fc_mul(M + i, at->a, Z + i, ctx);
    fc_add(M + i, M + i, x + i, ctx);
    fc_div(M + i, M + i, at->b, ctx);
    fc_neg(Z + i, Z + i, ctx);
  }
}

/* (3.5): v = a' Z + b' M. */
static void definition(fc_ptr v, fc_srcptr Z, fc_srcptr M,
                       const fc_schedule_value *at, size_t d,
                       const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++) {
    fc_mul(v + i, at->da, Z + i, ctx);
    fc_addmul(v + i, at->db, M + i, ctx);
  }
}

/* --- one point
 * ---------------------------------------------------------------- */

/* What the sides are made of. */
typedef struct material {
  const fc_ctx *ctx;
  size_t d;
  const fc_schedule_value *at;
  fc_ptr s, Z, M; /* from the series score */
  fc_ptr mean;    /* M in closed form */
  fc_num size_x, size_s, size_M;
} material;

static void material_clear(material *m) {
  fc_vec_free(m->s, m->d, m->ctx);
  fc_vec_free(m->Z, m->d, m->ctx);
  fc_vec_free(m->M, m->d, m->ctx);
  fc_vec_free(m->mean, m->d, m->ctx);
  fc_clear(m->size_x, m->ctx);
  fc_clear(m->size_s, m->ctx);
  fc_clear(m->size_M, m->ctx);
}

static fc_status material_init(material *m, fc_workspace *w) {
  m->ctx = w->ctx;
  m->d = w->d;
  m->at = fc_velocity_schedule(w->velocity);
  m->s = fc_vec_new(m->d, m->ctx);
  m->Z = fc_vec_new(m->d, m->ctx);
  m->M = fc_vec_new(m->d, m->ctx);
  m->mean = fc_vec_new(m->d, m->ctx);
  fc_init(m->size_x, m->ctx);
  fc_init(m->size_s, m->ctx);
  fc_init(m->size_M, m->ctx);
  if (m->s && m->Z && m->M && m->mean)
    return FC_OK;
  material_clear(m);
  return FC_MEMORY;
}

/* z = max(z, x) */
static void raise_to(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  if (fc_cmp_mid(x, z, ctx) > 0)
    fc_set(z, x, ctx);
}

enum { LANDMARKS = 8 };

/* The largest coordinate of a few landmarks of nu. */
static fc_status landmark_size(fc_ptr z, const material *m, fc_workspace *w) {
  fc_ptr landmarks = NULL;
  size_t count = 0;
  fc_status status = fc_target_landmarks(
      &landmarks, &count, w->job->instance->target, LANDMARKS, m->ctx);
  if (status == FC_OK)
    fc_largest(z, landmarks, count * m->d, m->ctx);
  fc_vec_free(landmarks, count * m->d, m->ctx);
  return status;
}

/* How large entries of M, x, s are: M like X_1 or |x|/b, where x + a^2 s
 * cancels; x like b X_1 + a Z; s like Z/a. */
static fc_status set_sizes(material *m, fc_workspace *w) {
  const fc_ctx *ctx = m->ctx;
  fc_num size;
  fc_init(size, ctx);
  fc_status status = landmark_size(m->size_M, m, w);
  fc_largest(size, m->mean, m->d, ctx);
  raise_to(m->size_M, size, ctx);
  fc_largest(m->size_x, w->x, m->d, ctx);
  fc_mul(size, m->at->b, m->size_M, ctx);
  raise_to(m->size_x, size, ctx);
  raise_to(m->size_x, m->at->a, ctx);
  fc_largest(m->size_s, m->s, m->d, ctx);
  if (fc_is_positive(m->at->a, ctx) == FC_TRUE) {
    fc_inv(size, m->at->a, ctx);
    raise_to(m->size_s, size, ctx);
  }
  if (fc_is_positive(m->at->b, ctx) == FC_TRUE) {
    fc_div(size, m->size_x, m->at->b, ctx);
    raise_to(m->size_M, size, ctx);
  }
  fc_clear(size, ctx);
  return status;
}

static fc_status evaluate_mean(material *m, fc_workspace *w) {
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  fc_status status =
      fc_posterior_eval(posterior, m->at->a, m->at->b, w->x, FC_WANT_MEAN);
  if (status == FC_OK)
    fc_vec_set(m->mean, fc_posterior_values(posterior)->mean, m->d, m->ctx);
  return status;
}

/* Controls need to be caught once only: they look about t = 1/4. */
static bool is_spared(const fc_workspace *w) {
  double t = fc_get_d(w->time->t, w->ctx);
  return w->claim->kind == FC_KIND_CONTROL && !(t >= 0.125 && t <= 0.375);
}

static fc_status evaluate_all(material *m, fc_workspace *w) {
  if (is_spared(w))
    return FC_DOMAIN;
  fc_status status = fc_series_score(m->s, w->job->instance->target, m->at->a,
                                     m->at->b, w->x, m->ctx);
  if (status == FC_OK)
    status = evaluate_mean(m, w);
  if (status == FC_OK) {
    expectations(m->Z, m->M, m->s, m->at, w->x, m->d, m->ctx);
    status = set_sizes(m, w);
  }
  return status;
}

/* right = the claim's formula in x, M, s. */
static fc_status combine(fc_ptr right, fc_ptr scale, fc_workspace *w,
                         const material *m, fc_srcptr M) {
  const fc_quantity quantities[] = {
      {"x", w->x, m->size_x}, {"M", M, m->size_M}, {"s", m->s, m->size_s}};
  return fc_combine(right, w->d, scale, w, w->claim->formula, quantities, 3);
}

fc_status fc_sides_moments(fc_ptr left, fc_ptr right, fc_ptr scale,
                           fc_workspace *w) {
  material m[1];
  fc_status status = material_init(m, w);
  if (status)
    return status;
  status = evaluate_all(m, w);
  if (status == FC_OK) {
    definition(left, m->Z, m->M, m->at, m->d, m->ctx);
    status = combine(right, scale, w, m, m->mean);
  }
  material_clear(m);
  return status;
}

fc_status fc_sides_tweedie(fc_ptr left, fc_ptr right, fc_ptr scale,
                           fc_workspace *w) {
  material m[1];
  fc_status status = material_init(m, w);
  if (status)
    return status;
  status = evaluate_all(m, w);
  if (status == FC_OK) {
    fc_vec_set(left, m->s, m->d, m->ctx);
    status = combine(right, scale, w, m, m->mean);
  }
  material_clear(m);
  return status;
}

fc_status fc_sides_score_form(fc_ptr left, fc_ptr right, fc_ptr scale,
                              fc_workspace *w) {
  material m[1];
  fc_status status = material_init(m, w);
  if (status)
    return status;
  status = evaluate_all(m, w);
  if (status == FC_OK) {
    for (size_t i = 0; i < m->d; i++) { /* Z = (x - b M)/a */
      fc_mul(m->Z + i, m->at->b, m->mean + i, m->ctx);
      fc_sub(m->Z + i, w->x + i, m->Z + i, m->ctx);
      fc_div(m->Z + i, m->Z + i, m->at->a, m->ctx);
    }
    definition(left, m->Z, m->mean, m->at, m->d, m->ctx);
    status = combine(right, scale, w, m, m->mean);
    fc_mul(m->size_x, m->size_x, m->at->da, m->ctx); /* x - b M cancels */
    fc_div(m->size_x, m->size_x, m->at->a, m->ctx);
    fc_abs(m->size_x, m->size_x, m->ctx);
    raise_to(scale, m->size_x, m->ctx);
  }
  material_clear(m);
  return status;
}

fc_status fc_sides_field(fc_ptr left, fc_ptr right, fc_ptr scale,
                         fc_workspace *w) {
  material m[1];
  fc_status status = material_init(m, w);
  if (status)
    return status;
  status = evaluate_all(m, w);
  if (status == FC_OK)
    status = fc_velocity_eval(w->velocity, w->x, FC_VELOCITY);
  if (status == FC_OK) {
    fc_vec_set(left, fc_velocity_values(w->velocity)->velocity, m->d, m->ctx);
    status = combine(right, scale, w, m, m->M);
  }
  material_clear(m);
  return status;
}

/* --- ends -------------------------------------------------------------------
 */

/* Bits of the distance from an end beyond the precision: narrow targets move
 * fast there. */
enum { MARGIN = 96, LOSSES = 4 };

/* v at the schedule's values, all in one context. */
static fc_status field_by_definition(fc_ptr v, const fc_target *target,
                                     bool by_score, const fc_schedule_value *at,
                                     fc_srcptr x, const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  fc_posterior *posterior = NULL;
  fc_ptr Z = fc_vec_new(d, ctx), M = fc_vec_new(d, ctx);
  fc_status status = Z && M ? FC_OK : FC_MEMORY;
  if (status == FC_OK && by_score) {
    status = fc_series_score(v, target, at->a, at->b, x, ctx);
    if (status == FC_OK)
      expectations(Z, M, v, at, x, d, ctx);
  } else if (status == FC_OK) {
    status = fc_posterior_new(&posterior, target, ctx, NULL);
    if (status == FC_OK)
      status = fc_posterior_eval(posterior, at->a, at->b, x, FC_WANT_MEAN);
    for (size_t i = 0; i < d && status == FC_OK; i++) {
      fc_set(M + i, fc_posterior_values(posterior)->mean + i, ctx);
      fc_mul(Z + i, at->b, M + i, ctx);
      fc_sub(Z + i, x + i, Z + i, ctx);
      fc_div(Z + i, Z + i, at->a, ctx);
    }
  }
  if (status == FC_OK)
    definition(v, Z, M, at, d, ctx);
  fc_posterior_free(posterior);
  fc_vec_free(Z, d, ctx);
  fc_vec_free(M, d, ctx);
  return status;
}

static fc_status schedule_next_to(fc_schedule_value *at, const fc_job *job,
                                  bool end, const fc_ctx *ctx) {
  fc_time time[1];
  mpfr_t distance;
  fc_time_init(time, ctx);
  mpfr_init2(distance, 24);
  mpfr_set_ui_2exp(distance, 1, -(job->precision + MARGIN), MPFR_RNDN);
  fc_time_set_mpfr(time, distance, end, ctx);
  mpfr_clear(distance);
  fc_status status = fc_schedule_eval(at, job->schedule, time, false, ctx);
  fc_time_clear(time, ctx);
  return status;
}

fc_status fc_velocity_next_to(fc_ptr v, const fc_job *job, bool end,
                              fc_srcptr x, const fc_ctx *ctx) {
  if (ctx->kind == FC_ARB)
    return FC_DOMAIN;
  const fc_target *target = job->instance->target;
  size_t d = fc_target_dimension(target);
  fc_ctx high[1];
  fc_schedule_value at[1];
  fc_ctx_init_mpfr(high, ctx->precision + LOSSES * (job->precision + MARGIN));
  fc_schedule_value_init(at, high);
  fc_ptr y = fc_vec_new(d, high), z = fc_vec_new(d, high);
  fc_status status = y && z ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status = schedule_next_to(at, job, end, high);
  for (size_t i = 0; i < d && status == FC_OK; i++)
    fc_convert(y + i, high, x + i, ctx);
  if (status == FC_OK)
    status = field_by_definition(z, target, !end, at, y, high);
  for (size_t i = 0; i < d && status == FC_OK; i++)
    fc_convert(v + i, ctx, z + i, high);
  fc_vec_free(y, d, high);
  fc_vec_free(z, d, high);
  fc_schedule_value_clear(at, high);
  return status;
}

fc_status fc_sides_start(fc_ptr left, fc_ptr right, fc_ptr scale,
                         fc_workspace *w) {
  material m[1];
  fc_status status = material_init(m, w);
  if (status)
    return status;
  status = fc_velocity_next_to(left, w->job, false, w->x, w->ctx);
  if (status == FC_OK)
    status = evaluate_mean(m, w);
  if (status == FC_OK)
    status = set_sizes(m, w);
  if (status == FC_OK)
    status = combine(right, scale, w, m, m->mean);
  raise_to(scale, m->size_x,
           m->ctx); /* what is left of a limit shows in that */
  material_clear(m);
  return status;
}

/* *same: log density and score of nu exist at x and at y and nearly agree. */
static fc_status compare_near(bool *same, fc_posterior *posterior, fc_srcptr x,
                              fc_srcptr y, size_t d, const fc_ctx *ctx) {
  enum { WANT = FC_WANT_LOG_DENSITY | FC_WANT_SCORE };
  const fc_posterior_value *p = fc_posterior_values(posterior);
  fc_num a, b;
  fc_init(a, ctx);
  fc_init(b, ctx);
  fc_set_si(b, 1, ctx);
  fc_ptr s = fc_vec_new(d, ctx);
  fc_status status =
      s ? fc_posterior_eval(posterior, a, b, x, WANT) : FC_MEMORY;
  *same = status == FC_OK && fc_is_finite(p->log_density, ctx);
  for (size_t i = 0; i < d && status == FC_OK; i++)
    fc_set(s + i, p->score + i, ctx);
  if (status == FC_OK)
    status = fc_posterior_eval(posterior, a, b, y, WANT);
  *same = *same && status == FC_OK && fc_is_finite(p->log_density, ctx);
  for (size_t i = 0; i < d && *same; i++) {
    double left = fc_get_d(s + i, ctx), right = fc_get_d(p->score + i, ctx);
    double gap = left > right ? left - right : right - left;
    double size = left > 0 ? left : -left;
    *same = gap <= 0x1p-8 * (1 + size); /* false for NaN */
  }
  fc_vec_free(s, d, ctx);
  fc_clear(a, ctx);
  fc_clear(b, ctx);
  return status;
}

fc_status fc_smooth_at(bool *smooth, const fc_target *target, fc_srcptr x,
                       const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  fc_posterior *posterior = NULL;
  fc_ptr y = fc_vec_new(d, ctx);
  fc_num step;
  fc_init(step, ctx);
  fc_set_d(step, 0x1p-30, ctx);
  *smooth = fc_target_has_density(target);
  fc_status status =
      y ? fc_posterior_new(&posterior, target, ctx, NULL) : FC_MEMORY;
  for (size_t i = 0; i < 2 * d && status == FC_OK && *smooth; i++) {
    fc_vec_set(y, x, d, ctx);
    if (i < d)
      fc_add(y + i, y + i, step, ctx);
    else
      fc_sub(y + i - d, y + i - d, step, ctx);
    status = compare_near(smooth, posterior, x, y, d, ctx);
  }
  fc_posterior_free(posterior);
  fc_clear(step, ctx);
  fc_vec_free(y, d, ctx);
  return status;
}

/* s = the score of nu itself. */
static fc_status end_score(material *m, fc_workspace *w) {
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  fc_status status =
      fc_posterior_eval(posterior, m->at->a, m->at->b, w->x, FC_WANT_SCORE);
  if (status == FC_OK)
    fc_vec_set(m->s, fc_posterior_values(posterior)->score, m->d, m->ctx);
  return status;
}

fc_status fc_sides_end(fc_ptr left, fc_ptr right, fc_ptr scale,
                       fc_workspace *w) {
  material m[1];
  bool smooth;
  fc_status status =
      fc_smooth_at(&smooth, w->job->instance->target, w->x, w->ctx);
  if (status == FC_OK && !smooth)
    return FC_DOMAIN;
  if (status == FC_OK)
    status = material_init(m, w);
  if (status)
    return status;
  status = fc_velocity_next_to(left, w->job, true, w->x, w->ctx);
  if (status == FC_OK)
    status = end_score(m, w);
  if (status == FC_OK)
    status = set_sizes(m, w);
  if (status == FC_OK)
    status = combine(right, scale, w, m, m->mean);
  raise_to(scale, m->size_x,
           m->ctx); /* what is left of a limit shows in that */
  material_clear(m);
  return status;
}
