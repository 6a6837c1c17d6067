/* The time at which the signal-to-noise ratio u^2 = b^2/a^2 has a value. */
#include <math.h>
#include <string.h>

#include "schedule/schedule.h"

/* Bits of the evaluations behind each step of the bisection. */
#define PRECISION 192

typedef struct search {
  const fc_schedule *schedule;
  fc_ctx ctx[1];
  fc_schedule_value value;
  fc_time time;
  fc_num w, x, y;
  bool from_end; /* the unknown is r = 1 - t */
} search;

static void search_init(search *s, const fc_schedule *schedule, double w) {
  s->schedule = schedule;
  s->from_end = false;
  fc_ctx_init_mpfr(s->ctx, PRECISION);
  fc_schedule_value_init(&s->value, s->ctx);
  fc_time_init(&s->time, s->ctx);
  fc_init(s->w, s->ctx);
  fc_init(s->x, s->ctx);
  fc_init(s->y, s->ctx);
  fc_set_d(s->w, w, s->ctx);
}

static void search_clear(search *s) {
  fc_schedule_value_clear(&s->value, s->ctx);
  fc_time_clear(&s->time, s->ctx);
  fc_clear(s->w, s->ctx);
  fc_clear(s->x, s->ctx);
  fc_clear(s->y, s->ctx);
}

/* *below = (b^2 < w a^2) at the time whose unknown is z */
static fc_status is_below(bool *below, search *s, double z) {
  fc_time_set_d(&s->time, z, s->from_end, s->ctx);
  fc_status status =
      fc_schedule_eval(&s->value, s->schedule, &s->time, false, s->ctx);
  fc_sqr(s->x, s->value.b, s->ctx);
  fc_sqr(s->y, s->value.a, s->ctx);
  fc_mul(s->y, s->y, s->w, s->ctx);
  *below = fc_lt(s->x, s->y, s->ctx) == FC_TRUE;
  return status;
}

/* Nonnegative doubles are ordered as their bit patterns: halving these ends
 * after 62 steps wherever the root lies. */
static double between(double low, double high) {
  uint64_t x, y;
  memcpy(&x, &low, sizeof x);
  memcpy(&y, &high, sizeof y);
  x += (y - x) / 2;
  memcpy(&low, &x, sizeof x);
  return low;
}

/* *z = the unknown in [0, 1/2], to the last bit. */
static fc_status bisect(double *z, search *s) {
  double low = 0.0, high = 0.5;
  for (;;) {
    double middle = between(low, high);
    if (middle == low)
      break;
    bool below;
    fc_status status = is_below(&below, s, middle);
    if (status != FC_OK)
      return status;
    if (below != s->from_end) /* u increases with t, decreases with r */
      low = middle;
    else
      high = middle;
  }
  *z = s->from_end ? low : high;
  return FC_OK;
}

static fc_status find(double *t, double *r, search *s) {
  bool below;
  fc_status status = is_below(&below, s, 0.0);
  if (status != FC_OK || !below)
    return status == FC_OK ? FC_DOMAIN : status;
  status = is_below(&s->from_end, s, 0.5);
  if (status != FC_OK)
    return status;
  double z;
  status = bisect(&z, s);
  if (status != FC_OK)
    return status;
  *t = s->from_end ? 1.0 - z : z;
  *r = s->from_end ? z : 1.0 - z;
  return FC_OK;
}

fc_status fc_schedule_time_of_snr(double *t, double *r,
                                  const fc_schedule *schedule, double w) {
  if (!(w > 0.0) || isinf(w))
    return FC_VALUE;
  search s;
  search_init(&s, schedule, w);
  fc_status status = find(t, r, &s);
  search_clear(&s);
  return status;
}
