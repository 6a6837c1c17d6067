#include "velocity/velocity.h"

#include <stdlib.h>

#include "velocity/end.h"

/* The time-dependent coefficients of either form. */
enum {
  C_X,         /* of x in v, of I in grad v */
  C_FIELD,     /* of M or s in v */
  C_JACOBIAN,  /* of C or S in grad v */
  C_DX,        /* of x in d/dt v */
  C_DFIELD,    /* of M or s */
  C_DCOUPLING, /* of C x (moments) */
  C_DTHIRD,    /* of T (moments) */
  C_TEMP,
  C_TEMP2,
  C_COUNT
};

struct fc_velocity {
  const fc_schedule *schedule;
  fc_ctx ctx[1];
  size_t d;
  fc_posterior *posterior;
  bool smooth; /* nu has a density: the score form is available */
  fc_velocity_form wanted, form;
  bool rates; /* the coefficients of d/dt v are up to date */
  bool end;   /* t = 1 itself: a = 0 */
  fc_schedule_value at[1];
  fc_ptr c;     /* C_COUNT */
  fc_ptr drift; /* d, scratch of the time derivative */
  fc_velocity_value value;
};

static void free_vectors(fc_velocity *w) {
  fc_vec_free(w->c, C_COUNT, w->ctx);
  fc_vec_free(w->drift, w->d, w->ctx);
  fc_vec_free(w->value.velocity, w->d, w->ctx);
  fc_vec_free(w->value.jacobian, w->d * w->d, w->ctx);
  fc_vec_free(w->value.time_derivative, w->d, w->ctx);
}

fc_status fc_velocity_new(fc_velocity **velocity, const fc_target *target,
                          const fc_schedule *schedule, const fc_ctx *ctx,
                          fc_error *error) {
  fc_velocity *w = calloc(1, sizeof *w);
  if (!w)
    return fc_fail(error, FC_MEMORY, "out of memory");
  w->schedule = schedule;
  w->ctx[0] = *ctx;
  w->d = fc_target_dimension(target);
  w->smooth = fc_target_has_density(target);
  fc_status status = fc_posterior_new(&w->posterior, target, ctx, error);
  if (status) {
    free(w);
    return status;
  }
  fc_schedule_value_init(w->at, w->ctx);
  w->c = fc_vec_new(C_COUNT, w->ctx);
  w->drift = fc_vec_new(w->d, w->ctx);
  w->value.velocity = fc_vec_new(w->d, w->ctx);
  w->value.jacobian = fc_vec_new(w->d * w->d, w->ctx);
  w->value.time_derivative = fc_vec_new(w->d, w->ctx);
  if (!w->c || !w->drift || !w->value.velocity || !w->value.jacobian ||
      !w->value.time_derivative) {
    fc_velocity_free(w);
    return fc_fail(error, FC_MEMORY, "out of memory");
  }
  *velocity = w;
  return FC_OK;
}

void fc_velocity_free(fc_velocity *w) {
  if (!w)
    return;
  free_vectors(w);
  fc_schedule_value_clear(w->at, w->ctx);
  fc_posterior_free(w->posterior);
  free(w);
}

void fc_velocity_set_form(fc_velocity *w, fc_velocity_form form) {
  w->wanted = form;
}

/* Both forms are exact; u >= 1 is where the score form loses fewer digits, and
 * at a = 0 there is no other. */
static fc_velocity_form choose_form(const fc_velocity *w) {
  if (w->wanted != FC_FORM_AUTO)
    return w->wanted;
  if (w->end)
    return FC_FORM_SCORE;
  bool late = fc_cmp_mid(w->at->b, w->at->a, w->ctx) >= 0;
  return w->smooth && late ? FC_FORM_SCORE : FC_FORM_MOMENTS;
}

fc_status fc_velocity_set_time(fc_velocity *w, const fc_time *time) {
  const fc_ctx *ctx = w->ctx;
  fc_schedule_value *at = w->at;
  fc_status status = fc_schedule_eval(at, w->schedule, time, false, ctx);
  if (status)
    return status;
  w->end = ctx->kind != FC_SERIES && fc_is_zero(at->a, ctx) == FC_TRUE;
  w->form = choose_form(w);
  w->rates = false;
  fc_ptr c = w->c;
  if (w->form == FC_FORM_MOMENTS) { /* (3.7), (4.3) */
    fc_div(c + C_X, at->da, at->a, ctx);
    fc_div(c + C_FIELD, at->omega, at->a, ctx);
    fc_sqr(c + C_TEMP, at->a, ctx);
    fc_div(c + C_JACOBIAN, c + C_FIELD, c + C_TEMP, ctx);
    fc_mul(c + C_JACOBIAN, c + C_JACOBIAN, at->b, ctx);
  } else { /* (3.9) */
    fc_div(c + C_X, at->db, at->b, ctx);
    fc_div(c + C_FIELD, at->aomega, at->b, ctx);
    fc_set(c + C_JACOBIAN, c + C_FIELD, ctx);
  }
  return FC_OK;
}

/* Proposition F.1 with the terms regular at b = 0:
 *   d/dt v = (a''/a - a'^2/a^2) x + (b'' - a'b'/a - a''b/a + a'^2 b/a^2) M
 *          + (omega/a^4)(a b' - 2 a' b) C x - (b omega^2/a^4) T */
static void moment_rates(fc_velocity *w) {
  const fc_ctx *ctx = w->ctx;
  const fc_schedule_value *at = w->at;
  fc_ptr c = w->c, x = c + C_TEMP, y = c + C_TEMP2;
  fc_div(c + C_DX, at->d2a, at->a, ctx);
  fc_sqr(x, c + C_X, ctx); /* (a'/a)^2 */
  fc_sub(c + C_DX, c + C_DX, x, ctx);
  fc_mul(y, c + C_DX, at->b, ctx);
  fc_sub(c + C_DFIELD, at->d2b, y, ctx);
  fc_mul(y, c + C_X, at->db, ctx);
  fc_sub(c + C_DFIELD, c + C_DFIELD, y, ctx);

  fc_sqr(x, at->a, ctx);
  fc_sqr(x, x, ctx); /* a^4 */
  fc_mul(y, at->a, at->db, ctx);
  fc_mul(c + C_DCOUPLING, at->da, at->b, ctx);
  fc_mul_si(c + C_DCOUPLING, c + C_DCOUPLING, -2, ctx);
  fc_add(c + C_DCOUPLING, c + C_DCOUPLING, y, ctx);
  fc_mul(c + C_DCOUPLING, c + C_DCOUPLING, at->omega, ctx);
  fc_div(c + C_DCOUPLING, c + C_DCOUPLING, x, ctx);

  fc_sqr(y, at->omega, ctx);
  fc_mul(y, y, at->b, ctx);
  fc_div(y, y, x, ctx);
  fc_neg(c + C_DTHIRD, y, ctx);
}

/* From (3.9): d/dt v = (b'/b)' x + (a omega/b)' s + (a omega/b) d/dt s with
 * (a omega)' = (a a') b' + a^2 b'' - (a a')' b. */
static void score_rates(fc_velocity *w) {
  const fc_ctx *ctx = w->ctx;
  const fc_schedule_value *at = w->at;
  fc_ptr c = w->c, x = c + C_TEMP;
  fc_div(c + C_DX, at->d2b, at->b, ctx);
  fc_sqr(x, c + C_X, ctx);
  fc_sub(c + C_DX, c + C_DX, x, ctx);

  fc_sqr(x, at->a, ctx);
  fc_mul(c + C_DFIELD, x, at->d2b, ctx);
  fc_addmul(c + C_DFIELD, at->ada, at->db, ctx);
  fc_submul(c + C_DFIELD, at->dada, at->b, ctx);
  fc_mul(x, at->aomega, c + C_X, ctx);
  fc_sub(c + C_DFIELD, c + C_DFIELD, x, ctx);
  fc_div(c + C_DFIELD, c + C_DFIELD, at->b, ctx);
}

/* z = p x + q y for vectors. */
static void combine(fc_ptr z, fc_srcptr p, fc_srcptr x, fc_srcptr q,
                    fc_srcptr y, size_t d, const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++) {
    fc_mul(z + i, p, x + i, ctx);
    fc_addmul(z + i, q, y + i, ctx);
  }
}

/* z += A x.  Nothing couples to an infinite x_j where A_ij = 0 (see end.h). */
static void add_product(fc_ptr z, fc_srcptr A, fc_srcptr x,
                        const fc_velocity *w) {
  const fc_ctx *ctx = w->ctx;
  size_t d = w->d;
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      if (!w->end || !fc_end_is_apart(A + i * d + j, x + j, ctx))
        fc_addmul(z + i, A + i * d + j, x + j, ctx);
}

static void moment_time_derivative(fc_velocity *w, fc_srcptr x,
                                   const fc_posterior_value *p) {
  const fc_ctx *ctx = w->ctx;
  size_t d = w->d;
  fc_ptr z = w->value.time_derivative, c = w->c;
  combine(z, c + C_DX, x, c + C_DFIELD, p->mean, d, ctx);
  fc_vec_zero(w->drift, d, ctx);
  add_product(w->drift, p->covariance, x, w);
  for (size_t i = 0; i < d; i++) {
    fc_addmul(z + i, c + C_DCOUPLING, w->drift + i, ctx);
    fc_addmul(z + i, c + C_DTHIRD, p->third + i, ctx);
  }
}

/* Appendix F: d/dt s = -(grad s v + grad v s + grad Tr grad v), and
 * grad Tr grad v = (a omega/b) grad Laplacian log p. */
static void score_time_derivative(fc_velocity *w, fc_srcptr x,
                                  const fc_posterior_value *p) {
  const fc_ctx *ctx = w->ctx;
  size_t d = w->d;
  fc_ptr z = w->value.time_derivative, c = w->c;
  fc_vec_zero(w->drift, d, ctx);
  add_product(w->drift, p->score_jacobian, w->value.velocity, w);
  add_product(w->drift, w->value.jacobian, p->score, w);
  combine(z, c + C_DX, x, c + C_DFIELD, p->score, d, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_addmul(w->drift + i, c + C_FIELD, p->score_third + i, ctx);
    fc_submul(z + i, c + C_FIELD, w->drift + i, ctx);
  }
}

/* What the posterior has to deliver for `want` in the current form. */
static unsigned posterior_wants(const fc_velocity *w, unsigned want) {
  bool moments = w->form == FC_FORM_MOMENTS;
  unsigned p = 0;
  if (want & (FC_VELOCITY | FC_VELOCITY_TIME_DERIVATIVE))
    p |= moments ? FC_WANT_MEAN : FC_WANT_SCORE;
  if (want & (FC_VELOCITY_JACOBIAN | FC_VELOCITY_TIME_DERIVATIVE))
    p |= moments ? FC_WANT_COVARIANCE : FC_WANT_SCORE_JACOBIAN;
  if (want & FC_VELOCITY_TIME_DERIVATIVE)
    p |= moments ? FC_WANT_THIRD : FC_WANT_SCORE_THIRD;
  return p;
}

/* v and grad v where they are infinite. */
static void put_limits(fc_velocity *w, const fc_posterior_value *p,
                       unsigned want) {
  const fc_ctx *ctx = w->ctx;
  bool known = fc_end_drift_is_known(w->schedule, w->at, ctx);
  if (want & (FC_VELOCITY | FC_VELOCITY_TIME_DERIVATIVE))
    fc_end_put(w->value.velocity, p->score, w->d, 1, known, ctx);
  if (want & (FC_VELOCITY_JACOBIAN | FC_VELOCITY_TIME_DERIVATIVE))
    fc_end_put(w->value.jacobian, p->score_jacobian, w->d, w->d + 1, known,
               ctx);
}

fc_status fc_velocity_eval(fc_velocity *w, fc_srcptr x, unsigned want) {
  const fc_ctx *ctx = w->ctx;
  bool moments = w->form == FC_FORM_MOMENTS;
  bool rates = want & FC_VELOCITY_TIME_DERIVATIVE;
  size_t d = w->d;
  fc_ptr c = w->c;
  fc_status status = fc_posterior_eval(w->posterior, w->at->a, w->at->b, x,
                                       posterior_wants(w, want));
  if (status)
    return status;
  const fc_posterior_value *p = fc_posterior_values(w->posterior);
  if (want & FC_VELOCITY || rates)
    combine(w->value.velocity, c + C_X, x, c + C_FIELD,
            moments ? p->mean : p->score, d, ctx);
  if (want & FC_VELOCITY_JACOBIAN || rates) {
    fc_srcptr second = moments ? p->covariance : p->score_jacobian;
    for (size_t i = 0; i < d * d; i++)
      fc_mul(w->value.jacobian + i, c + C_JACOBIAN, second + i, ctx);
    for (size_t i = 0; i < d; i++)
      fc_add(w->value.jacobian + i * (d + 1), w->value.jacobian + i * (d + 1),
             c + C_X, ctx);
  }
  if (w->end && !moments)
    put_limits(w, p, want);
  if (rates && !w->rates) {
    (moments ? moment_rates : score_rates)(w);
    w->rates = true;
  }
  if (rates)
    (moments ? moment_time_derivative : score_time_derivative)(w, x, p);
  if (rates && w->end && !moments)
    fc_end_put(w->value.time_derivative, p->score, d, 1,
               fc_end_rate_is_known(w->schedule, w->at, ctx), ctx);
  return FC_OK;
}

const fc_velocity_value *fc_velocity_values(const fc_velocity *w) {
  return &w->value;
}

const fc_schedule_value *fc_velocity_schedule(const fc_velocity *w) {
  return w->at;
}

fc_posterior *fc_velocity_posterior(fc_velocity *w) { return w->posterior; }

const fc_ctx *fc_velocity_ctx(const fc_velocity *w) { return w->ctx; }
