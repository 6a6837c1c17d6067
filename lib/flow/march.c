#include "flow/march.h"

#include <math.h>

/* The step is chosen from so many of the last coefficients: a series in even or
 * odd powers has every other one zero. */
enum { LOOKED_AT = 3 };

fc_status fc_march_init(fc_march *m, fc_field *field) {
  const fc_ctx *ctx = field->ctx;
  size_t d = field->d, length = (size_t)field->order + 1;
  m->field = field;
  fc_init(m->tau, ctx);
  fc_init(m->co, ctx);
  fc_init(m->temp, ctx);
  fc_init(m->step, ctx);
  m->y = fc_vec_new(d * length, ctx);
  m->p = fc_vec_new(d * d * length, ctx);
  m->powers = fc_vec_new(length, ctx);
  return m->y && m->p && m->powers ? FC_OK : FC_MEMORY;
}

void fc_march_clear(fc_march *m) {
  const fc_ctx *ctx = m->field->ctx;
  size_t d = m->field->d, length = (size_t)m->field->order + 1;
  fc_clear(m->tau, ctx);
  fc_clear(m->co, ctx);
  fc_clear(m->temp, ctx);
  fc_clear(m->step, ctx);
  fc_vec_free(m->y, d * length, ctx);
  fc_vec_free(m->p, d * d * length, ctx);
  fc_vec_free(m->powers, length, ctx);
}

/* log2 |x|, beyond the range of binary64, too; NaN where x is no number. */
static double log2_size(fc_srcptr x, const fc_ctx *ctx) {
  if (ctx->kind == FC_DOUBLE)
    return log2(fabs(fc_get_d(x, ctx)));
  mpfr_t mid;
  mpfr_init2(mid, 53);
  fc_get_mid(mid, x, ctx);
  double size = NAN;
  if (mpfr_zero_p(mid)) {
    size = -INFINITY;
  } else if (mpfr_regular_p(mid)) {
    long exponent = (long)mpfr_get_exp(mid);
    mpfr_set_exp(mid, 0);
    size = (double)exponent + log2(fabs(mpfr_get_d(mid, MPFR_RNDN)));
  }
  mpfr_clear(mid);
  return size;
}

/* The largest log2 |c_k| among count series. */
static double largest(fc_srcptr series, size_t count, long k, long order,
                      const fc_ctx *ctx) {
  double most = -INFINITY;
  for (size_t i = 0; i < count; i++) {
    double size = log2_size(series + i * (size_t)(order + 1) + k, ctx);
    if (isnan(size))
      return NAN;
    most = fmax(most, size);
  }
  return most;
}

/* log2 of the step after which the last terms are below 2^-bits of the size of
 * the series (at least `floor`); +infinity where they vanish, NaN where a
 * coefficient is no number. */
static double log_step(fc_srcptr series, size_t count, double floor, long bits,
                       long order, const fc_ctx *ctx) {
  double size = largest(series, count, 0, order, ctx), step = INFINITY;
  if (isnan(size))
    return NAN;
  size = fmax(size, floor) - (double)bits;
  for (long k = order; k > order - LOOKED_AT && k > 0; k--) {
    double term = largest(series, count, k, order, ctx);
    if (isnan(term))
      return NAN;
    step = fmin(step, (size - term) / (double)k);
  }
  return step;
}

/* powers = h^order, ..., h, 1. */
static void set_powers(fc_march *m, long order, const fc_ctx *ctx) {
  fc_set_si(m->powers + order, 1, ctx);
  for (long k = order - 1; k >= 0; k--)
    fc_mul(m->powers + k, m->powers + k + 1, m->step, ctx);
}

/* The series of count functions at h become their coefficients of order 0. */
static void advance(fc_march *m, fc_ptr series, size_t count) {
  const fc_ctx *ctx = m->field->ctx;
  long order = m->field->order;
  for (size_t i = 0; i < count; i++) {
    fc_ptr c = series + i * (size_t)(order + 1);
    fc_dot_reversed(m->temp, c, m->powers + order, order + 1, ctx);
    fc_set(c, m->temp, ctx);
  }
}

/* What is left to go: from that of tau and co which is the smaller at the end,
 * so that its digits are kept. */
static void set_remaining(fc_march *m, fc_srcptr tau_end, fc_srcptr co_end) {
  const fc_ctx *ctx = m->field->ctx;
  double tau = fabs(fc_get_d(tau_end, ctx)), co = fabs(fc_get_d(co_end, ctx));
  if (co < tau)
    fc_sub(m->step, m->co, co_end, ctx);
  else
    fc_sub(m->step, tau_end, m->tau, ctx);
}

/* step = the shorter of what is left and 2^log; true where it is the last. */
static bool choose_step(fc_march *m, fc_srcptr tau_end, fc_srcptr co_end,
                        double log, double shrink) {
  const fc_ctx *ctx = m->field->ctx;
  set_remaining(m, tau_end, co_end);
  log += log2(shrink);
  if (log2_size(m->step, ctx) <= log)
    return true;
  bool backward = fc_is_negative(m->step, ctx) == FC_TRUE;
  double whole = floor(log);
  /* few digits, so that tau stays exact for long */
  double mantissa = floor(exp2(log - whole) * 0x1p8) * 0x1p-8;
  fc_set_d(m->step, backward ? -mantissa : mantissa, ctx);
  fc_mul_2exp_si(m->step, m->step, (long)whole, ctx);
  return false;
}

fc_status fc_march_to(fc_march *m, fc_srcptr tau_end, fc_srcptr co_end,
                      bool jacobian, long bits, double shrink, long *budget) {
  const fc_ctx *ctx = m->field->ctx;
  size_t d = m->field->d;
  long order = m->field->order;
  for (bool last = false; !last;) {
    set_remaining(m, tau_end, co_end);
    if (fc_is_zero(m->step, ctx) == FC_TRUE)
      break;
    if (*budget <= 0)
      return FC_BUDGET;
    --*budget;
    fc_status status = m->field->kind->expand(m->y, jacobian ? m->p : NULL,
                                              m->field, m->tau, m->co);
    if (status)
      return status;
    double log = log_step(m->y, d, 0, bits, order, ctx);
    if (jacobian)
      log = fmin(log, log_step(m->p, d * d, -INFINITY, bits, order, ctx));
    if (isnan(log) || log < -1e9)
      return FC_DOMAIN;
    last = choose_step(m, tau_end, co_end, log, shrink);
    set_powers(m, order, ctx);
    advance(m, m->y, d);
    if (jacobian)
      advance(m, m->p, d * d);
    fc_add(m->tau, m->tau, m->step, ctx);
    fc_sub(m->co, m->co, m->step, ctx);
  }
  fc_set(m->tau, tau_end, ctx);
  fc_set(m->co, co_end, ctx);
  return FC_OK;
}
