#include "flow/march.h"

#include <math.h>

#include "flow/magnitude.h"

/* The step is chosen from so many of the last coefficients: a series in even or
 * odd powers has every other one zero. */
enum { LOOKED_AT = 3 };

/* By how much the field after a step may miss the series' derivative, beyond
 * what may be neglected. */
enum { CONTINUATION_BITS = 14, MOST_HALVINGS = 80 };

fc_status fc_march_init(fc_march *m, fc_field *field) {
  const fc_ctx *ctx = field->ctx;
  size_t d = field->d, columns = field->columns,
         length = (size_t)field->order + 1;
  m->field = field;
  fc_init(m->tau, ctx);
  fc_init(m->co, ctx);
  fc_init(m->temp, ctx);
  fc_init(m->step, ctx);
  fc_init(m->next_tau, ctx);
  fc_init(m->next_co, ctx);
  fc_init(m->rate, ctx);
  m->y = fc_vec_new(d * length, ctx);
  m->p = fc_vec_new(d * columns * length, ctx);
  m->next_y = fc_vec_new(d * length, ctx);
  m->next_p = fc_vec_new(d * columns * length, ctx);
  m->powers = fc_vec_new(length, ctx);
  return m->y && m->p && m->next_y && m->next_p && m->powers ? FC_OK
                                                             : FC_MEMORY;
}

void fc_march_clear(fc_march *m) {
  const fc_ctx *ctx = m->field->ctx;
  size_t d = m->field->d, columns = m->field->columns,
         length = (size_t)m->field->order + 1;
  fc_clear(m->tau, ctx);
  fc_clear(m->co, ctx);
  fc_clear(m->temp, ctx);
  fc_clear(m->step, ctx);
  fc_clear(m->next_tau, ctx);
  fc_clear(m->next_co, ctx);
  fc_clear(m->rate, ctx);
  fc_vec_free(m->y, d * length, ctx);
  fc_vec_free(m->p, d * columns * length, ctx);
  fc_vec_free(m->next_y, d * length, ctx);
  fc_vec_free(m->next_p, d * columns * length, ctx);
  fc_vec_free(m->powers, length, ctx);
}

/* The largest log2 |c_k| among count series. */
static double largest(fc_srcptr series, size_t count, long k, long order,
                      const fc_ctx *ctx) {
  double most = -INFINITY;
  for (size_t i = 0; i < count; i++) {
    double size = fc_log2_magnitude(series + i * (size_t)(order + 1) + k, ctx);
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

/* Order 0 of z = the series of count functions at h. */
static void advance(fc_ptr z, fc_srcptr series, size_t count,
                    const fc_march *m) {
  long order = m->field->order;
  for (size_t i = 0; i < count; i++) {
    size_t at = i * (size_t)(order + 1);
    fc_dot_reversed(z + at, series + at, m->powers + order, order + 1,
                    m->field->ctx);
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
  if (fc_log2_magnitude(m->step, ctx) <= log)
    return true;
  bool backward = fc_is_negative(m->step, ctx) == FC_TRUE;
  double whole = floor(log);
  /* few digits, so that tau stays exact for long */
  double mantissa = floor(exp2(log - whole) * 0x1p8) * 0x1p-8;
  fc_set_d(m->step, backward ? -mantissa : mantissa, ctx);
  fc_mul_2exp_si(m->step, m->step, (long)whole, ctx);
  return false;
}

/* The place and order 0 of the series after m->step. */
static void look_ahead(fc_march *m) {
  const fc_ctx *ctx = m->field->ctx;
  size_t d = m->field->d, columns = m->field->columns;
  set_powers(m, m->field->order, ctx);
  advance(m->next_y, m->y, d, m);
  advance(m->next_p, m->p, d * columns, m);
  fc_add(m->next_tau, m->tau, m->step, ctx);
  fc_sub(m->next_co, m->co, m->step, ctx);
}

/* The field at the next place (order 1 of the series there) is the derivative
 * of the series that led there: times the step, within the neglected terms and
 * rounding, a few thousand times over. */
static bool is_continued(fc_march *m, long bits) {
  const fc_ctx *ctx = m->field->ctx;
  size_t length = (size_t)m->field->order + 1;
  double step = fc_log2_magnitude(m->step, ctx), size = 0, gap = -INFINITY;
  for (size_t i = 0; i < m->field->d; i++) {
    fc_srcptr c = m->y + i * length, next = m->next_y + i * length;
    fc_set_si(m->rate, 0, ctx); /* sum k c_k h^(k-1) */
    for (long k = m->field->order; k > 0; k--) {
      fc_mul_si(m->temp, c + k, k, ctx);
      fc_addmul(m->rate, m->temp, m->powers + (m->field->order - k + 1), ctx);
    }
    fc_sub(m->temp, m->rate, next + 1, ctx);
    double miss = fc_log2_magnitude(m->temp, ctx);
    if (isnan(miss))
      return false;
    gap = fmax(gap, miss);
    size = fmax(size, fc_log2_magnitude(next, ctx));
    size = fmax(size, fc_log2_magnitude(next + 1, ctx) + step);
  }
  return gap + step <= size - (double)bits + CONTINUATION_BITS;
}

static void move_on(fc_march *m) {
  fc_ptr y = m->y, p = m->p;
  m->y = m->next_y;
  m->p = m->next_p;
  m->next_y = y;
  m->next_p = p;
  fc_swap(m->tau, m->next_tau);
  fc_swap(m->co, m->next_co);
}

/* log2 of the step that the coefficients allow; NaN where one is no number. */
static double allowed(const fc_march *m, long bits) {
  const fc_field *field = m->field;
  const fc_ctx *ctx = field->ctx;
  size_t d = field->d, columns = field->columns;
  double log = log_step(m->y, d, 0, bits, field->order, ctx);
  double other =
      log_step(m->p, d * columns, -INFINITY, bits, field->order, ctx);
  if (isnan(log) || isnan(other))
    return NAN;
  log = fmin(log, other);
  if (field->kind->reach)
    log = fmin(log, log2(field->kind->reach(field, bits)));
  return log;
}

/* Counts the sizes at the place. */
static void look_back(fc_march *m) {
  const fc_ctx *ctx = m->field->ctx;
  size_t d = m->field->d, columns = m->field->columns;
  long order = m->field->order;
  m->last_p = largest(m->p, d * columns, 0, order, ctx);
  m->largest_p = fmax(m->largest_p, m->last_p);
  m->least_p = fmin(m->least_p, m->last_p);
  m->largest_y = fmax(m->largest_y, largest(m->y, d, 0, order, ctx));
}

/* One step, halved until the series is continued; *last where it ends at the
 * end. */
static fc_status advance_once(bool *last, fc_march *m, fc_srcptr tau_end,
                              fc_srcptr co_end, long bits, double shrink,
                              long *budget) {
  const fc_field_kind *kind = m->field->kind;
  const fc_ctx *ctx = m->field->ctx;
  double log = allowed(m, bits);
  for (int halved = 0; halved < MOST_HALVINGS; halved++, log--) {
    if (isnan(log) || log < -1e9)
      return FC_DOMAIN;
    if (*budget <= 0)
      return FC_BUDGET;
    --*budget;
    *last = choose_step(m, tau_end, co_end, log, shrink);
    log = fmin(log, fc_log2_magnitude(m->step, ctx));
    look_ahead(m);
    if (*last) {
      fc_set(m->next_tau, tau_end, ctx);
      fc_set(m->next_co, co_end, ctx);
    }
    fc_status status =
        kind->expand(m->next_y, m->next_p, m->field, m->next_tau, m->next_co);
    if (status == FC_OK && is_continued(m, bits)) {
      move_on(m);
      look_back(m);
      return FC_OK;
    }
    if (status && status != FC_DOMAIN)
      return status;
  }
  return FC_DOMAIN;
}

fc_status fc_march_to(fc_march *m, fc_srcptr tau_end, fc_srcptr co_end,
                      long bits, double shrink, long *budget) {
  bool last;
  m->largest_y = m->largest_p = -INFINITY;
  m->least_p = INFINITY;
  look_back(m);
  set_remaining(m, tau_end, co_end);
  if (fc_is_zero(m->step, m->field->ctx) == FC_TRUE)
    return FC_OK;
  fc_status status =
      m->field->kind->expand(m->y, m->p, m->field, m->tau, m->co);
  do {
    if (status)
      return status;
    status = advance_once(&last, m, tau_end, co_end, bits, shrink, budget);
  } while (status || !last);
  return FC_OK;
}
