#include "gif/difference.h"

#include <math.h>

enum { SIDES = 4, ORDER = 2 * SIDES };
enum { SMALL_BITS = 8, UNIT_MARGIN = 2 };

typedef struct stencil {
  const fc_ctx *ctx;
  size_t count;
  fc_ptr eight, six, values; /* sums of weight times value; a sample */
  fc_num h, temp;
  fc_num largest;   /* of the values' magnitudes */
  long unit, shift; /* H = 2^shift */
} stencil;

/* With d_k = f(k H) - f(-k H), up to H^9 and H^7,
 * f'(0) H = 4/5 d_1 - 1/5 d_2 + 4/105 d_3 - 1/280 d_4
 *         = 3/4 d_1 - 3/20 d_2 + 1/60 d_3. */
static const long eight[SIDES][2] = {{4, 5}, {-1, 5}, {4, 105}, {-1, 280}};
static const long six[SIDES][2] = {{3, 4}, {-3, 20}, {1, 60}, {0, 1}};

static void add_sample(fc_ptr sums, stencil *s, const long weight[2],
                       long sign) {
  for (size_t i = 0; i < s->count; i++) {
    fc_mul_si(s->temp, s->values + i, sign * weight[0], s->ctx);
    fc_div_si(s->temp, s->temp, weight[1], s->ctx);
    fc_add(sums + i, sums + i, s->temp, s->ctx);
  }
}

static fc_status sample(fc_ptr error, stencil *s, long k,
                        fc_shifted_function *function, void *data) {
  const fc_ctx *ctx = s->ctx;
  for (long sign = -1; sign <= 1; sign += 2) {
    fc_set_si(s->h, sign * k, ctx);
    fc_mul_2exp_si(s->h, s->h, s->shift, ctx);
    fc_set_si(s->temp, 0, ctx);
    fc_status status = function(s->values, s->temp, s->h, data);
    if (status)
      return status;
    fc_max(error, error, s->temp, ctx);
    for (size_t i = 0; i < s->count; i++) {
      fc_abs(s->temp, s->values + i, ctx);
      fc_max(s->largest, s->largest, s->temp, ctx);
    }
    add_sample(s->eight, s, eight[k - 1], sign);
    add_sample(s->six, s, six[k - 1], sign);
  }
  return FC_OK;
}

/* True where what the orders differ by (in h) is neither small beside the
 * result, or beside one of the size of the values over the unit (a derivative
 * may vanish), nor rounding. */
static bool is_rough(fc_srcptr error, stencil *s) {
  const fc_ctx *ctx = s->ctx;
  fc_num limit;
  fc_init(limit, ctx);
  fc_mul_2exp_si(limit, s->largest, s->shift - s->unit, ctx);
  for (size_t i = 0; i < s->count; i++) {
    fc_abs(s->temp, s->eight + i, ctx);
    fc_max(limit, limit, s->temp, ctx);
  }
  fc_mul_2exp_si(limit, limit, -SMALL_BITS, ctx);
  fc_add(limit, limit, error, ctx);
  bool rough = fc_le(s->h, limit, ctx) != FC_TRUE;
  fc_clear(limit, ctx);
  return rough;
}

/* error: of the values, becomes that of the derivative.  The weights add up to
 * less than 2.1. */
static void finish(fc_ptr derivative, fc_ptr error, stencil *s) {
  const fc_ctx *ctx = s->ctx;
  fc_set_si(s->h, 0, ctx);
  for (size_t i = 0; i < s->count; i++) {
    fc_sub(s->temp, s->eight + i, s->six + i, ctx);
    fc_abs(s->temp, s->temp, ctx);
    fc_max(s->h, s->h, s->temp, ctx);
    fc_mul_2exp_si(derivative + i, s->eight + i, -s->shift, ctx);
  }
  fc_mul_si(error, error, 5, ctx);
  bool rough = is_rough(error, s);
  fc_add(error, error, s->h, ctx);
  fc_mul_2exp_si(error, error, -s->shift, ctx);
  if (rough)
    fc_set_inf(error, 1, ctx);
}

long fc_difference_unit(fc_srcptr size, const fc_ctx *ctx) {
  double bits = log2(fmax(1, fc_get_d(size, ctx)));
  return isfinite(bits) ? -(long)bits - UNIT_MARGIN : -UNIT_MARGIN;
}

fc_status fc_difference(fc_ptr derivative, fc_ptr error, size_t count,
                        fc_shifted_function *function, void *data,
                        long unit_exponent, const fc_ctx *ctx) {
  stencil s[1] = {{.ctx = ctx,
                   .count = count,
                   .unit = unit_exponent,
                   .shift = unit_exponent - ctx->precision / ORDER}};
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_DOMAIN;
  fc_init(s->h, ctx);
  fc_init(s->temp, ctx);
  fc_init(s->largest, ctx);
  s->eight = fc_vec_new(count, ctx);
  s->six = fc_vec_new(count, ctx);
  s->values = fc_vec_new(count, ctx);
  fc_status status = s->eight && s->six && s->values ? FC_OK : FC_MEMORY;
  fc_set_si(error, 0, ctx);
  for (long k = 1; k <= SIDES && status == FC_OK; k++)
    status = sample(error, s, k, function, data);
  if (status == FC_OK)
    finish(derivative, error, s);
  fc_vec_free(s->eight, count, ctx);
  fc_vec_free(s->six, count, ctx);
  fc_vec_free(s->values, count, ctx);
  fc_clear(s->h, ctx);
  fc_clear(s->temp, ctx);
  fc_clear(s->largest, ctx);
  return status;
}
