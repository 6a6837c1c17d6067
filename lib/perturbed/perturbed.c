#include <math.h>
#include <stdlib.h>

#include "perturbed/perturbed_impl.h"

static const char *const names[FC_PERTURBED_NAMES] = {
    "t", "r", "a", "b", "x", "kappa", "sigma", "R"};
enum { NAME_T, NAME_R, NAME_A, NAME_B, NAME_X, NAME_KAPPA };

/* --- making one ----------------------------------------------------------- */

static fc_status bind_delta(fc_perturbed *f, fc_error *error) {
  static const fc_class_constant constants[] = {FC_KAPPA, FC_SIGMA, FC_R};
  const fc_ctx *ctx = f->ctx;
  if (!f->how->delta)
    return fc_fail(error, FC_VALUE, "a perturbation of this kind needs delta");
  fc_status status = fc_formula_parse(&f->delta, f->how->delta, names,
                                      FC_PERTURBED_NAMES, NULL, error);
  if (status == FC_OK)
    status = fc_formula_diff(&f->slope, f->delta, "x", error);
  for (int i = 0; i < 3 && status == FC_OK; i++)
    if (fc_target_constant(f->names + NAME_KAPPA + i, NULL, NULL, f->target,
                           constants[i], ctx))
      fc_set_d(f->names + NAME_KAPPA + i, NAN, ctx);
  if (status || !f->how->axis)
    return status;
  f->axis = fc_vec_new(f->d, ctx);
  for (size_t i = 0; i < f->d && f->axis; i++)
    fc_set_d(f->axis + i, f->how->axis[i], ctx);
  return f->axis ? FC_OK : fc_fail(error, FC_MEMORY, "out of memory");
}

/* factor = 1 + eps */
static fc_status bind_size(fc_perturbed *f, fc_error *error) {
  const fc_ctx *ctx = f->ctx;
  if (!f->how->size)
    return fc_fail(error, FC_VALUE, "a perturbation of this kind needs a size");
  fc_status status = fc_constant_parse(&f->size, f->how->size, NULL, error);
  if (status == FC_OK)
    status = fc_constant_eval(f->temp, f->size, ctx);
  fc_add_si(f->factor, f->temp, 1, ctx);
  if (status == FC_OK && fc_is_positive(f->factor, ctx) != FC_TRUE)
    status =
        fc_fail(error, FC_VALUE, "the size %s is not above -1", f->how->size);
  return status;
}

static fc_status bind_kind(fc_perturbed *f, fc_error *error) {
  fc_status status = FC_OK;
  switch (f->how->kind) {
  case FC_PERTURB_ADDITIVE:
  case FC_PERTURB_DENOISER:
    return bind_delta(f, error);
  case FC_PERTURB_NOISE:
    status = fc_posterior_new(&f->posterior, f->target, f->ctx, error);
    return status ? status : bind_size(f, error);
  case FC_PERTURB_MULTIPLICATIVE:
    return bind_size(f, error);
  case FC_PERTURB_EULER:
    return f->how->steps > 0 && f->how->steps <= 1000000
               ? FC_OK
               : fc_fail(error, FC_VALUE, "between 1 and 10^6 steps, please");
  case FC_PERTURB_ROUNDED:
    return f->how->bits >= 2 && f->how->bits <= 1000
               ? FC_OK
               : fc_fail(error, FC_VALUE, "between 2 and 1000 bits, please");
  }
  return fc_fail(error, FC_VALUE, "no such kind of perturbation");
}

fc_status fc_perturbed_new(fc_perturbed **field, const fc_target *target,
                           const fc_schedule *schedule,
                           const fc_perturbation *perturbation,
                           const fc_ctx *ctx, fc_error *error) {
  if (ctx->kind == FC_SERIES || ctx->kind == FC_ACB)
    return fc_fail(error, FC_UNSUPPORTED, "perturbed fields are real");
  fc_perturbed *f = calloc(1, sizeof *f);
  if (!f)
    return fc_fail(error, FC_MEMORY, "out of memory");
  f->target = target;
  f->schedule = schedule;
  f->how = perturbation;
  f->step = -1;
  f->ctx[0] = *ctx;
  size_t d = f->d = fc_target_dimension(target);
  fc_time_init(f->time, ctx);
  fc_init(f->factor, ctx);
  fc_init(f->temp, ctx);
  fc_init(f->other, ctx);
  f->names = fc_vec_new(FC_PERTURBED_NAMES, ctx);
  f->work = fc_vec_new(3 * d + 2 * d * d, ctx);
  f->value.velocity = fc_vec_new(d, ctx);
  f->value.exact = fc_vec_new(d, ctx);
  f->value.difference = fc_vec_new(d, ctx);
  f->value.jacobian = fc_vec_new(d * d, ctx);
  bool complete = f->names && f->work && f->value.velocity && f->value.exact &&
                  f->value.difference && f->value.jacobian;
  fc_status status =
      complete ? fc_velocity_new(&f->velocity, target, schedule, ctx, error)
               : fc_fail(error, FC_MEMORY, "out of memory");
  if (status == FC_OK)
    status = bind_kind(f, error);
  if (status)
    fc_perturbed_free(f);
  else
    *field = f;
  return status;
}

void fc_perturbed_free(fc_perturbed *f) {
  if (!f)
    return;
  const fc_ctx *ctx = f->ctx;
  size_t d = f->d;
  fc_velocity_free(f->velocity);
  fc_posterior_free(f->posterior);
  fc_formula_free(f->delta);
  fc_formula_free(f->slope);
  fc_formula_free(f->size);
  fc_clear(f->factor, ctx);
  fc_clear(f->temp, ctx);
  fc_clear(f->other, ctx);
  fc_time_clear(f->time, ctx);
  fc_vec_free(f->names, FC_PERTURBED_NAMES, ctx);
  fc_vec_free(f->axis, d, ctx);
  fc_vec_free(f->work, 3 * d + 2 * d * d, ctx);
  fc_vec_free(f->value.velocity, d, ctx);
  fc_vec_free(f->value.exact, d, ctx);
  fc_vec_free(f->value.difference, d, ctx);
  fc_vec_free(f->value.jacobian, d * d, ctx);
  free(f);
}

void fc_perturbed_set_axis(fc_perturbed *f, fc_srcptr axis) {
  if (f->axis)
    fc_vec_set(f->axis, axis, f->d, f->ctx);
}

fc_status fc_perturbed_set_time(fc_perturbed *f, const fc_time *time) {
  const fc_ctx *ctx = f->ctx;
  fc_set(f->time->t, time->t, ctx);
  fc_set(f->time->r, time->r, ctx);
  fc_status status = fc_velocity_set_time(f->velocity, time);
  if (status)
    return status;
  const fc_schedule_value *at = fc_velocity_schedule(f->velocity);
  fc_set(f->names + NAME_T, time->t, ctx);
  fc_set(f->names + NAME_R, time->r, ctx);
  fc_set(f->names + NAME_A, at->a, ctx);
  fc_set(f->names + NAME_B, at->b, ctx);
  return FC_OK;
}

const fc_perturbed_value *fc_perturbed_values(const fc_perturbed *f) {
  return &f->value;
}

void fc_perturbed_set_step(fc_perturbed *f, long step) { f->step = step; }

/* --- evaluating ----------------------------------------------------------- */

/* difference = coefficient delta, jacobian += its derivative. */
static fc_status add_delta(fc_perturbed *f, fc_srcptr x, fc_srcptr coefficient,
                           bool jacobian) {
  const fc_ctx *ctx = f->ctx;
  fc_status status = FC_OK;
  for (size_t i = 0; i < f->d && status == FC_OK; i++) {
    fc_ptr z = f->value.difference + i;
    fc_set(f->names + NAME_X, x + i, ctx);
    status = fc_formula_eval(z, f->delta, f->names, ctx);
    fc_mul(z, z, coefficient, ctx);
    if (f->axis)
      fc_mul(z, z, f->axis + i, ctx);
    fc_add(f->value.velocity + i, f->value.exact + i, z, ctx);
    if (!jacobian || f->axis || status)
      continue;
    status = fc_formula_eval(f->temp, f->slope, f->names, ctx);
    fc_addmul(f->value.jacobian + i * (f->d + 1), f->temp, coefficient, ctx);
  }
  return status;
}

/* w = (1 + eps) v */
static void multiply(fc_perturbed *f, bool jacobian) {
  const fc_ctx *ctx = f->ctx;
  fc_add_si(f->other, f->factor, -1, ctx);
  for (size_t i = 0; i < f->d; i++) {
    fc_mul(f->value.difference + i, f->value.exact + i, f->other, ctx);
    fc_mul(f->value.velocity + i, f->value.exact + i, f->factor, ctx);
  }
  for (size_t i = 0; jacobian && i < f->d * f->d; i++)
    fc_mul(f->value.jacobian + i, f->value.jacobian + i, f->factor, ctx);
}

/* z_i = p x_i + q y_i, the Jacobian p I + s Y. */
static void combine(fc_perturbed *f, fc_srcptr p, fc_srcptr q, fc_srcptr s,
                    fc_srcptr x, fc_srcptr y, fc_srcptr Y) {
  const fc_ctx *ctx = f->ctx;
  for (size_t i = 0; i < f->d; i++) {
    fc_ptr z = f->value.velocity + i;
    fc_mul(z, p, x + i, ctx);
    fc_addmul(z, q, y + i, ctx);
    fc_sub(f->value.difference + i, z, f->value.exact + i, ctx);
  }
  for (size_t i = 0; Y && i < f->d * f->d; i++) {
    fc_mul(f->value.jacobian + i, s, Y + i, ctx);
    if (i % (f->d + 1) == 0)
      fc_add(f->value.jacobian + i, f->value.jacobian + i, p, ctx);
  }
}

/* (a'/a) x + (omega/a) M, or where u >= 1 and nu has a density
 * (b'/b) x + (a omega/b) k^2 s, both at the noise k a. */
static fc_status other_noise(fc_perturbed *f, fc_srcptr x, bool jacobian) {
  const fc_ctx *ctx = f->ctx;
  const fc_schedule_value *at = fc_velocity_schedule(f->velocity);
  fc_ptr noise = f->work, p = f->work + 1, q = f->work + 2;
  bool late =
      fc_target_has_density(f->target) && fc_cmp_mid(at->b, at->a, ctx) >= 0;
  unsigned want = late ? FC_WANT_SCORE : FC_WANT_MEAN;
  if (jacobian)
    want |= late ? FC_WANT_SCORE_JACOBIAN : FC_WANT_COVARIANCE;
  fc_mul(noise, f->factor, at->a, ctx);
  fc_status status = fc_posterior_eval(f->posterior, noise, at->b, x, want);
  if (status)
    return status;
  const fc_posterior_value *post = fc_posterior_values(f->posterior);
  fc_ptr s = f->temp;
  if (late) {
    fc_div(p, at->db, at->b, ctx);
    fc_div(q, at->aomega, at->b, ctx);
    fc_mul(q, q, f->factor, ctx);
    fc_mul(q, q, f->factor, ctx);
    fc_set(s, q, ctx);
  } else {
    fc_div(p, at->da, at->a, ctx);
    fc_div(q, at->omega, at->a, ctx);
    fc_sqr(s, noise, ctx);
    fc_div(s, q, s, ctx);
    fc_mul(s, s, at->b, ctx);
  }
  combine(f, p, q, s, x, late ? post->score : post->mean,
          !jacobian ? NULL
          : late    ? post->score_jacobian
                    : post->covariance);
  return FC_OK;
}

/* w = v to p bits. */
static void round_off(fc_perturbed *f) {
  const fc_ctx *ctx = f->ctx;
  mpfr_t few;
  mpfr_init2(few, f->how->bits);
  for (size_t i = 0; i < f->d; i++) {
    fc_get_mid(few, f->value.exact + i, ctx);
    fc_set_mpfr(f->value.velocity + i, few, ctx);
    fc_sub(f->value.difference + i, f->value.velocity + i, f->value.exact + i,
           ctx);
  }
  mpfr_clear(few);
}

fc_status fc_perturbed_eval(fc_perturbed *f, fc_srcptr x, bool jacobian) {
  const fc_ctx *ctx = f->ctx;
  fc_perturbation_kind kind = f->how->kind;
  if (jacobian && kind == FC_PERTURB_ROUNDED)
    return FC_UNSUPPORTED;
  fc_status status = fc_velocity_eval(
      f->velocity, x, FC_VELOCITY | (jacobian ? FC_VELOCITY_JACOBIAN : 0));
  if (status)
    return status;
  const fc_velocity_value *v = fc_velocity_values(f->velocity);
  fc_vec_set(f->value.exact, v->velocity, f->d, ctx);
  if (jacobian)
    fc_vec_set(f->value.jacobian, v->jacobian, f->d * f->d, ctx);
  switch (kind) {
  case FC_PERTURB_ADDITIVE:
    fc_set_si(f->other, 1, ctx);
    return add_delta(f, x, f->other, jacobian);
  case FC_PERTURB_DENOISER:
    return add_delta(f, x, fc_velocity_schedule(f->velocity)->aomega, jacobian);
  case FC_PERTURB_MULTIPLICATIVE:
    multiply(f, jacobian);
    return FC_OK;
  case FC_PERTURB_NOISE:
    return other_noise(f, x, jacobian);
  case FC_PERTURB_EULER:
    return fc_perturbed_euler(f, x, jacobian);
  case FC_PERTURB_ROUNDED:
    round_off(f);
    return FC_OK;
  }
  return FC_INTERNAL;
}
