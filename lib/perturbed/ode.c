#include "perturbed/ode.h"

#include <math.h>

enum { MOST_COLUMNS = 24, LEAST_COLUMNS = 4, FIRST_STEPS = 3 };

typedef struct stepper {
  const fc_ctx *ctx;
  size_t n;
  fc_ode_right_side *f;
  void *data;
  long columns;
  fc_ptr table; /* columns rows of n: the last entries of each column */
  fc_ptr start, slope, before, here, next; /* n */
  fc_num tau, step, small, temp, scale;
} stepper;

static fc_ptr *vectors(stepper *s, size_t i) {
  fc_ptr *const list[] = {&s->start, &s->slope, &s->before, &s->here, &s->next};
  return list[i];
}

static void stepper_clear(stepper *s) {
  const fc_ctx *ctx = s->ctx;
  fc_vec_free(s->table, s->n * (size_t)s->columns, ctx);
  for (size_t i = 0; i < 5; i++)
    fc_vec_free(*vectors(s, i), s->n, ctx);
  fc_clear(s->tau, ctx);
  fc_clear(s->step, ctx);
  fc_clear(s->small, ctx);
  fc_clear(s->temp, ctx);
  fc_clear(s->scale, ctx);
}

static fc_status stepper_init(stepper *s) {
  const fc_ctx *ctx = s->ctx;
  bool ok = true;
  s->table = fc_vec_new(s->n * (size_t)s->columns, ctx);
  for (size_t i = 0; i < 5; i++) {
    *vectors(s, i) = fc_vec_new(s->n, ctx);
    ok = ok && *vectors(s, i);
  }
  fc_init(s->tau, ctx);
  fc_init(s->step, ctx);
  fc_init(s->small, ctx);
  fc_init(s->temp, ctx);
  fc_init(s->scale, ctx);
  return ok && s->table ? FC_OK : FC_MEMORY;
}

/* temp = tau + i small */
static void set_place(stepper *s, long i) {
  fc_mul_si(s->temp, s->small, i, s->ctx);
  fc_add(s->temp, s->temp, s->tau, s->ctx);
}

/* next = before + factor small f(here); the three move on. */
static fc_status move(stepper *s, long place, long factor) {
  const fc_ctx *ctx = s->ctx;
  set_place(s, place);
  fc_status status = s->f(s->next, s->temp, s->here, s->data);
  for (size_t i = 0; i < s->n && !status; i++) {
    fc_mul(s->next + i, s->next + i, s->small, ctx);
    fc_mul_si(s->next + i, s->next + i, factor, ctx);
    fc_add(s->next + i, s->next + i, s->before + i, ctx);
  }
  fc_ptr rest = s->before;
  s->before = s->here;
  s->here = s->next;
  s->next = rest;
  return status;
}

/* next = the midpoint rule with `count` (even) parts, smoothed at the end:
 * (z_n + z_{n-1} + h f(z_n))/2. */
static fc_status midpoint(stepper *s, long count) {
  const fc_ctx *ctx = s->ctx;
  fc_div_si(s->small, s->step, count, ctx);
  fc_vec_set(s->before, s->start, s->n, ctx);
  for (size_t i = 0; i < s->n; i++) {
    fc_mul(s->here + i, s->slope + i, s->small, ctx);
    fc_add(s->here + i, s->here + i, s->start + i, ctx);
  }
  fc_status status = FC_OK;
  for (long i = 1; i < count && !status; i++)
    status = move(s, i, 2);
  if (!status) {
    set_place(s, count);
    status = s->f(s->next, s->temp, s->here, s->data);
  }
  for (size_t i = 0; i < s->n && !status; i++) {
    fc_mul(s->next + i, s->next + i, s->small, ctx);
    fc_add(s->next + i, s->next + i, s->here + i, ctx);
    fc_add(s->next + i, s->next + i, s->before + i, ctx);
    fc_mul_2exp_si(s->next + i, s->next + i, -1, ctx);
    if (!fc_is_finite(s->next + i, ctx))
      status = FC_DOMAIN;
  }
  return status;
}

/* Row j of Aitken and Neville in h^2, in place: table[k] = T_{j,k}.
 * T_{j,k} = T_{j,k-1} + (T_{j,k-1} - T_{j-1,k-1})/((n_j/n_{j-k+1})^2 - 1),
 * n_j = 2 (j + 1). */
static void extrapolate(stepper *s, long j) {
  const fc_ctx *ctx = s->ctx;
  for (size_t i = 0; i < s->n; i++) {
    fc_set(s->scale, s->next + i, ctx); /* T_{j,k} */
    for (long k = 0; k <= j; k++) {
      fc_ptr entry = s->table + (size_t)k * s->n + i;
      long low = j - k, p = (j + 1) * (j + 1), q = low * low;
      fc_set(s->temp, entry, ctx); /* T_{j-1,k} */
      fc_set(entry, s->scale, ctx);
      if (k == j)
        break;
      fc_sub(s->temp, s->scale, s->temp, ctx);
      fc_mul_si(s->temp, s->temp, q, ctx);
      fc_div_si(s->temp, s->temp, p - q, ctx);
      fc_add(s->scale, s->scale, s->temp, ctx);
    }
  }
}

/* log2 of the last two entries' difference relative to 1 + |y|. */
static double last_change(stepper *s) {
  const fc_ctx *ctx = s->ctx;
  double most = 0;
  for (size_t i = 0; i < s->n; i++) {
    fc_srcptr last = s->table + (size_t)(s->columns - 1) * s->n + i;
    fc_sub(s->temp, last, last - s->n, ctx);
    double size = 1 + fabs(fc_get_d(last, ctx));
    most = fmax(most, fabs(fc_get_d(s->temp, ctx)) / size);
  }
  return log2(most);
}

static fc_status try_step(double *change, stepper *s) {
  fc_status status = FC_OK;
  for (long j = 0; j < s->columns && !status; j++) {
    status = midpoint(s, 2 * (j + 1));
    if (!status)
      extrapolate(s, j);
  }
  *change = status ? INFINITY : last_change(s);
  return status;
}

/* step = the rest of the way, or the shorter `length` times its sign. */
static bool set_step(stepper *s, fc_srcptr to, double length) {
  const fc_ctx *ctx = s->ctx;
  fc_sub(s->step, to, s->tau, ctx);
  double rest = fc_get_d(s->step, ctx);
  if (fabs(rest) <= length * 1.0001)
    return true;
  fc_set_d(s->step, copysign(length, rest), ctx);
  return false;
}

static fc_status march(fc_ptr y, stepper *s, fc_srcptr to, long bits,
                       long steps) {
  const fc_ctx *ctx = s->ctx;
  double change, limit = -(double)bits;
  fc_sub(s->step, to, s->tau, ctx);
  double length = fabs(fc_get_d(s->step, ctx)) / FIRST_STEPS;
  for (long i = 0; i < steps; i++) {
    bool last = set_step(s, to, length);
    fc_vec_set(s->start, y, s->n, ctx);
    fc_status status = s->f(s->slope, s->tau, y, s->data);
    if (!status)
      status = try_step(&change, s);
    if (status && status != FC_DOMAIN)
      return status;
    if (status && length < 0x1p-40)
      return status;
    double used = fabs(fc_get_d(s->step, ctx));
    double factor =
        status ? 0.25
               : exp2((limit - change - 1) / (double)(2 * s->columns - 1));
    length = used * fmin(fmax(factor, 0.125), 4);
    if (status || change > limit)
      continue;
    fc_vec_set(y, s->table + (size_t)(s->columns - 1) * s->n, s->n, ctx);
    if (last)
      return FC_OK;
    fc_add(s->tau, s->tau, s->step, ctx);
  }
  return FC_BUDGET;
}

fc_status fc_ode_integrate(fc_ptr y, size_t n, fc_srcptr from, fc_srcptr to,
                           fc_ode_right_side *f, void *data, long bits,
                           long steps, const fc_ctx *ctx) {
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  if (fc_eq(from, to, ctx) == FC_TRUE)
    return FC_OK;
  stepper s[1] = {{.ctx = ctx, .n = n, .f = f, .data = data}};
  s->columns = LEAST_COLUMNS + bits / 9;
  s->columns = s->columns < MOST_COLUMNS ? s->columns : MOST_COLUMNS;
  fc_status status = stepper_init(s);
  fc_set(s->tau, from, ctx);
  if (!status)
    status = march(y, s, to, bits, steps);
  stepper_clear(s);
  return status;
}
