#include "suprema/responsibility.h"

#include <stdlib.h>

/* Logarithms beyond this are as good as infinite. */
#define FAR 200000

enum { TEMPS = 10 };

/* [low, high]; infinite ends are flags. */
typedef struct range {
  fc_num low, high;
  bool low_infinite, high_infinite;
} range;

struct fc_responsibility {
  fc_ctx ctx[1];
  size_t n, count;
  const bool *same; /* NULL: all */
  bool flat;        /* Q = 0 */
  fc_ptr A, B, Q;   /* of differences: count*count, times n for B */
  fc_ptr a, b, q;   /* as set: count, count*n */
  /* the box */
  int axis, sign; /* of a sector; axis -1: none */
  bool finite;
  range side[2];                   /* coordinates */
  fc_ptr centre, deviation, whole; /* 2 each */
  fc_ptr least, most;              /* count*count: r_j/r_k */
  bool *most_infinite;
  fc_ptr low, high, box, midpoint; /* count */
  range gap;                       /* of one log-ratio */
  fc_ptr temp;
};

/* --- memory ------------------------------------------------------------- */

static void range_init(range *r, const fc_ctx *ctx) {
  fc_init(r->low, ctx);
  fc_init(r->high, ctx);
}

static void range_clear(range *r, const fc_ctx *ctx) {
  fc_clear(r->low, ctx);
  fc_clear(r->high, ctx);
}

fc_status fc_responsibility_new(fc_responsibility **ratio, size_t n,
                                size_t count, const fc_ctx *ctx) {
  fc_responsibility *r = calloc(1, sizeof *r);
  if (!r)
    return FC_MEMORY;
  size_t pairs = count * count;
  r->ctx[0] = *ctx;
  r->n = n;
  r->count = count;
  r->A = fc_vec_new(pairs, ctx);
  r->B = fc_vec_new(pairs * n, ctx);
  r->Q = fc_vec_new(pairs, ctx);
  r->a = fc_vec_new(count, ctx);
  r->b = fc_vec_new(count * n, ctx);
  r->q = fc_vec_new(count, ctx);
  r->centre = fc_vec_new(2, ctx);
  r->deviation = fc_vec_new(2, ctx);
  r->whole = fc_vec_new(2, ctx);
  r->least = fc_vec_new(pairs, ctx);
  r->most = fc_vec_new(pairs, ctx);
  r->most_infinite = calloc(pairs, sizeof *r->most_infinite);
  r->low = fc_vec_new(count, ctx);
  r->high = fc_vec_new(count, ctx);
  r->box = fc_vec_new(count, ctx);
  r->midpoint = fc_vec_new(count, ctx);
  r->temp = fc_vec_new(TEMPS, ctx);
  for (int i = 0; i < 2; i++)
    range_init(&r->side[i], ctx);
  range_init(&r->gap, ctx);
  bool complete = r->A && r->B && r->Q && r->a && r->b && r->q && r->centre &&
                  r->deviation && r->whole && r->least && r->most &&
                  r->most_infinite && r->low && r->high && r->box &&
                  r->midpoint && r->temp;
  if (!complete) {
    fc_responsibility_free(r);
    return FC_MEMORY;
  }
  *ratio = r;
  return FC_OK;
}

void fc_responsibility_free(fc_responsibility *r) {
  if (!r)
    return;
  const fc_ctx *ctx = r->ctx;
  size_t pairs = r->count * r->count;
  fc_vec_free(r->A, pairs, ctx);
  fc_vec_free(r->B, pairs * r->n, ctx);
  fc_vec_free(r->Q, pairs, ctx);
  fc_vec_free(r->a, r->count, ctx);
  fc_vec_free(r->b, r->count * r->n, ctx);
  fc_vec_free(r->q, r->count, ctx);
  fc_vec_free(r->centre, 2, ctx);
  fc_vec_free(r->deviation, 2, ctx);
  fc_vec_free(r->whole, 2, ctx);
  fc_vec_free(r->least, pairs, ctx);
  fc_vec_free(r->most, pairs, ctx);
  free(r->most_infinite);
  fc_vec_free(r->low, r->count, ctx);
  fc_vec_free(r->high, r->count, ctx);
  fc_vec_free(r->box, r->count, ctx);
  fc_vec_free(r->midpoint, r->count, ctx);
  fc_vec_free(r->temp, TEMPS, ctx);
  for (int i = 0; i < 2; i++)
    range_clear(&r->side[i], ctx);
  range_clear(&r->gap, ctx);
  free(r);
}

void fc_responsibility_set(fc_responsibility *r, fc_srcptr A, fc_srcptr B,
                           fc_srcptr Q, const bool *same) {
  const fc_ctx *ctx = r->ctx;
  size_t count = r->count, n = r->n;
  r->same = same;
  r->flat = !same;
  fc_vec_set(r->a, A, count, ctx);
  fc_vec_set(r->b, B, count * n, ctx);
  fc_vec_set(r->q, Q, count, ctx);
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < count; k++) {
      size_t i = j * count + k;
      fc_sub(r->A + i, A + j, A + k, ctx);
      for (size_t l = 0; l < n; l++)
        fc_sub(r->B + i * n + l, B + j * n + l, B + k * n + l, ctx);
      if (r->flat || same[i])
        fc_set_si(r->Q + i, 0, ctx);
      else
        fc_sub(r->Q + i, Q + j, Q + k, ctx);
    }
}

/* --- the box ------------------------------------------------------------ */

/* centre (known), whole and deviation of a coordinate from its ends. */
static void measure(fc_responsibility *r, size_t i) {
  if (r->side[i].low_infinite || r->side[i].high_infinite)
    return;
  fc_hull(r->whole + i, r->side[i].low, r->side[i].high, r->ctx);
  fc_sub(r->deviation + i, r->whole + i, r->centre + i, r->ctx);
}

static double middle(const fc_cover_box *box, size_t i) {
  return box->low[i] + (box->high[i] - box->low[i]) / 2;
}

/* z = scale*p, exactly: scale is a power of 2. */
static void set_scaled(fc_ptr z, double p, double scale, const fc_ctx *ctx) {
  fc_num factor;
  fc_init(factor, ctx);
  fc_set_d(factor, scale, ctx);
  fc_set_d(z, p, ctx);
  fc_mul(z, z, factor, ctx);
  fc_clear(factor, ctx);
}

static void place_line(fc_responsibility *r, const fc_cover_box *box,
                       double scale) {
  range *side = &r->side[0];
  side->low_infinite = box->low[0] <= -1;
  side->high_infinite = box->high[0] >= 1;
  fc_cover_stretch(side->low, box->low[0], scale, r->ctx);
  fc_cover_stretch(side->high, box->high[0], scale, r->ctx);
  fc_cover_stretch(r->centre, middle(box, 0), scale, r->ctx);
  measure(r, 0);
}

static void place_square(fc_responsibility *r, const fc_cover_box *box,
                         double scale) {
  for (size_t i = 0; i < 2; i++) {
    range *side = &r->side[i];
    side->low_infinite = side->high_infinite = false;
    set_scaled(side->low, box->low[i], scale, r->ctx);
    set_scaled(side->high, box->high[i], scale, r->ctx);
    set_scaled(r->centre + i, middle(box, i), scale, r->ctx);
    measure(r, i);
  }
}

/* z = scale/p. */
static void set_far(fc_ptr z, double p, double scale, const fc_ctx *ctx) {
  fc_num below;
  fc_init(below, ctx);
  fc_set_d(below, p, ctx);
  fc_set_d(z, scale, ctx);
  fc_div(z, z, below, ctx);
  fc_clear(below, ctx);
}

static void place_sector(fc_responsibility *r, const fc_cover_box *box,
                         double scale) {
  range *x = &r->side[0], *s = &r->side[1];
  r->axis = (box->chart - 1) / 2;
  r->sign = box->chart % 2 ? 1 : -1;
  x->low_infinite = false;
  x->high_infinite = box->low[0] <= 0;
  s->low_infinite = s->high_infinite = false;
  set_far(x->low, box->high[0], scale, r->ctx);
  if (!x->high_infinite)
    set_far(x->high, box->low[0], scale, r->ctx);
  set_far(r->centre, middle(box, 0), scale, r->ctx);
  fc_set_d(s->low, box->low[1], r->ctx);
  fc_set_d(s->high, box->high[1], r->ctx);
  fc_set_d(r->centre + 1, middle(box, 1), r->ctx);
  measure(r, 0);
  measure(r, 1);
}

/* --- ranges of log-ratios ----------------------------------------------- */

/* The log-ratio is A + x (along + s across) in a sector. */
static void sector_slopes(fc_ptr along, fc_ptr across,
                          const fc_responsibility *r, size_t i) {
  fc_srcptr B = r->B + 2 * i;
  fc_set(across, B + 1 - r->axis, r->ctx);
  if (r->sign > 0)
    fc_set(along, B + r->axis, r->ctx);
  else
    fc_neg(along, B + r->axis, r->ctx);
}

/* low, high = the least and the largest of c s over [s1, s2], finite. */
static void product_range(fc_ptr low, fc_ptr high, fc_srcptr c, fc_srcptr s1,
                          fc_srcptr s2, fc_responsibility *r) {
  fc_ptr one = r->temp, other = r->temp + 1;
  fc_mul(one, c, s1, r->ctx);
  fc_mul(other, c, s2, r->ctx);
  fc_min(low, one, other, r->ctx);
  fc_max(high, one, other, r->ctx);
}

static void gap_in_square(fc_responsibility *r, size_t i) {
  fc_ptr low = r->temp + 2, high = r->temp + 3;
  fc_set(r->gap.low, r->A + i, r->ctx);
  fc_set(r->gap.high, r->A + i, r->ctx);
  for (size_t l = 0; l < 2; l++) {
    product_range(low, high, r->B + 2 * i + l, r->side[l].low, r->side[l].high,
                  r);
    fc_add(r->gap.low, r->gap.low, low, r->ctx);
    fc_add(r->gap.high, r->gap.high, high, r->ctx);
  }
  r->gap.low_infinite = r->gap.high_infinite = false;
}

/* A + x h, x in [x1, x2] (x2 may be infinite), h in [h1, h2]. */
static void gap_in_sector(fc_responsibility *r, size_t i) {
  const fc_ctx *ctx = r->ctx;
  fc_ptr h1 = r->temp + 2, h2 = r->temp + 3, along = r->temp + 4,
         across = r->temp + 5;
  const range *x = &r->side[0], *s = &r->side[1];
  sector_slopes(along, across, r, i);
  product_range(h1, h2, across, s->low, s->high, r);
  fc_add(h1, h1, along, ctx);
  fc_add(h2, h2, along, ctx);
  if (x->high_infinite) { /* then the far end decides, or the near one */
    r->gap.low_infinite = fc_is_negative(h1, ctx) != FC_FALSE;
    r->gap.high_infinite = fc_is_positive(h2, ctx) != FC_FALSE;
    fc_mul(r->gap.low, x->low, h1, ctx);
    fc_mul(r->gap.high, x->low, h2, ctx);
  } else {
    r->gap.low_infinite = r->gap.high_infinite = false;
    product_range(r->gap.low, along, h1, x->low, x->high, r);
    product_range(along, r->gap.high, h2, x->low, x->high, r);
  }
  fc_add(r->gap.low, r->gap.low, r->A + i, ctx);
  fc_add(r->gap.high, r->gap.high, r->A + i, ctx);
}

/* z = A + B x + Q x^2 */
static void parabola(fc_ptr z, const fc_responsibility *r, size_t i,
                     fc_srcptr x) {
  fc_num value;
  fc_init(value, r->ctx);
  fc_set(value, r->B + i, r->ctx);
  fc_addmul(value, r->Q + i, x, r->ctx);
  fc_mul(value, value, x, r->ctx);
  fc_add(z, value, r->A + i, r->ctx);
  fc_clear(value, r->ctx);
}

/* The sign that the log-ratio has at the far end of a side; 0: unknown. */
static int far_sign(const fc_responsibility *r, size_t i, int side) {
  bool straight = r->flat || r->same[i];
  fc_srcptr leading = straight ? r->B + i : r->Q + i;
  int sign = fc_is_positive(leading, r->ctx) == FC_TRUE   ? 1
             : fc_is_negative(leading, r->ctx) == FC_TRUE ? -1
                                                          : 0;
  return straight ? sign * side : sign;
}

/* Takes in the value at one end of the line's box. */
static void take_end(fc_responsibility *r, size_t i, bool first, int side) {
  const range *x = &r->side[0];
  bool infinite = side > 0 ? x->high_infinite : x->low_infinite;
  range *gap = &r->gap;
  if (infinite) {
    int sign = far_sign(r, i, side);
    gap->low_infinite = gap->low_infinite || sign <= 0;
    gap->high_infinite = gap->high_infinite || sign >= 0;
    return;
  }
  fc_ptr value = r->temp + 2;
  parabola(value, r, i, side > 0 ? x->high : x->low);
  if (first) {
    fc_set(gap->low, value, r->ctx);
    fc_set(gap->high, value, r->ctx);
  } else {
    fc_min(gap->low, gap->low, value, r->ctx);
    fc_max(gap->high, gap->high, value, r->ctx);
  }
}

/* Takes in the vertex, if it may lie on the box. */
static void take_vertex(fc_responsibility *r, size_t i, bool first) {
  const fc_ctx *ctx = r->ctx;
  const range *x = &r->side[0];
  fc_ptr vertex = r->temp + 2, value = r->temp + 3;
  if (r->flat || r->same[i])
    return;
  fc_div(vertex, r->B + i, r->Q + i, ctx);
  fc_mul_2exp_si(vertex, vertex, -1, ctx);
  fc_neg(vertex, vertex, ctx);
  if (!fc_is_finite(vertex,
                    ctx)) { /* Q may be 0 as far as this precision sees */
    r->gap.low_infinite = r->gap.high_infinite = true;
    return;
  }
  if ((!x->low_infinite && fc_lt(vertex, x->low, ctx) == FC_TRUE) ||
      (!x->high_infinite && fc_lt(x->high, vertex, ctx) == FC_TRUE))
    return;
  parabola(value, r, i, vertex);
  if (first) {
    fc_set(r->gap.low, value, ctx);
    fc_set(r->gap.high, value, ctx);
    return;
  }
  fc_min(r->gap.low, r->gap.low, value, ctx);
  fc_max(r->gap.high, r->gap.high, value, ctx);
}

static void gap_on_line(fc_responsibility *r, size_t i) {
  const range *x = &r->side[0];
  r->gap.low_infinite = r->gap.high_infinite = false;
  bool none = x->low_infinite && x->high_infinite;
  fc_set_si(r->gap.low, 0, r->ctx);
  fc_set_si(r->gap.high, 0, r->ctx);
  take_end(r, i, true, -1);
  take_end(r, i, x->low_infinite, 1);
  take_vertex(r, i, none);
  if (none && (r->flat || r->same[i]))
    r->gap.low_infinite = r->gap.high_infinite = true;
}

/* --- responsibilities --------------------------------------------------- */

/* z = 1/y, y > 0. */
static void reciprocal(fc_ptr z, bool *infinite, fc_srcptr y,
                       const fc_ctx *ctx) {
  *infinite = fc_is_positive(y, ctx) != FC_TRUE;
  if (!*infinite)
    fc_inv(z, y, ctx);
}

/* Ratios of the pair from the range of its log-ratio. */
static void set_ratios(fc_responsibility *r, size_t j, size_t k) {
  const fc_ctx *ctx = r->ctx;
  size_t i = j * r->count + k, turned = k * r->count + j;
  range *gap = &r->gap;
  fc_ptr far = r->temp + 2;
  fc_set_si(far, FAR, ctx);
  bool low_infinite = gap->low_infinite || !fc_is_finite(gap->low, ctx) ||
                      fc_get_d(gap->low, ctx) < -FAR;
  bool high_infinite = gap->high_infinite || !fc_is_finite(gap->high, ctx) ||
                       fc_get_d(gap->high, ctx) > FAR;
  fc_set_si(r->least + i, 0, ctx);
  if (!low_infinite) {
    fc_min(r->least + i, gap->low, far, ctx);
    fc_exp(r->least + i, r->least + i, ctx);
  }
  fc_neg(far, far, ctx);
  r->most_infinite[i] = high_infinite;
  if (!high_infinite) {
    fc_max(r->most + i, gap->high, far, ctx);
    fc_exp(r->most + i, r->most + i, ctx);
  }
  fc_set_si(r->least + turned, 0, ctx);
  bool vanishing = false;
  if (!high_infinite)
    reciprocal(r->least + turned, &vanishing, r->most + i, ctx);
  if (low_infinite)
    r->most_infinite[turned] = true;
  else
    reciprocal(r->most + turned, &r->most_infinite[turned], r->least + i, ctx);
}

/* low, high and box of component k. */
static void set_shares(fc_responsibility *r, size_t k) {
  const fc_ctx *ctx = r->ctx;
  fc_ptr least = r->temp, most = r->temp + 1;
  bool infinite = false;
  fc_set_si(least, 1, ctx);
  fc_set_si(most, 1, ctx);
  for (size_t j = 0; j < r->count; j++) {
    size_t i = j * r->count + k;
    if (j == k)
      continue;
    fc_add(least, least, r->least + i, ctx);
    infinite = infinite || r->most_infinite[i];
    if (!infinite)
      fc_add(most, most, r->most + i, ctx);
  }
  fc_inv(r->high + k, least, ctx);
  fc_set_si(r->low + k, 0, ctx);
  if (!infinite)
    fc_inv(r->low + k, most, ctx);
  fc_hull(r->box + k, r->low + k, r->high + k, ctx);
}

/* z = g_k at the midpoint. */
static void level(fc_ptr z, fc_responsibility *r, size_t k) {
  const fc_ctx *ctx = r->ctx;
  fc_srcptr b = r->b + k * r->n;
  fc_ptr slope = r->temp + 2;
  fc_set(z, r->a + k, ctx);
  if (r->n == 1) {
    fc_set(slope, b, ctx);
    if (!r->flat)
      fc_addmul(slope, r->q + k, r->centre, ctx);
    fc_addmul(z, slope, r->centre, ctx);
  } else if (r->axis < 0) {
    fc_addmul(z, b, r->centre, ctx);
    fc_addmul(z, b + 1, r->centre + 1, ctx);
  } else {
    if (r->sign > 0)
      fc_set(slope, b + r->axis, ctx);
    else
      fc_neg(slope, b + r->axis, ctx);
    fc_addmul(slope, b + 1 - r->axis, r->centre + 1, ctx);
    fc_addmul(z, slope, r->centre, ctx);
  }
}

static void set_midpoint(fc_responsibility *r) {
  const fc_ctx *ctx = r->ctx;
  fc_ptr sum = r->temp;
  size_t top = 0;
  for (size_t k = 0; k < r->count; k++) {
    level(r->midpoint + k, r, k);
    if (fc_cmp_mid(r->midpoint + k, r->midpoint + top, ctx) > 0)
      top = k;
  }
  fc_set(r->temp + 1, r->midpoint + top, ctx);
  fc_set_si(sum, 0, ctx);
  for (size_t k = 0; k < r->count; k++) {
    fc_sub(r->midpoint + k, r->midpoint + k, r->temp + 1, ctx);
    fc_exp(r->midpoint + k, r->midpoint + k, ctx);
    fc_add(sum, sum, r->midpoint + k, ctx);
  }
  for (size_t k = 0; k < r->count; k++)
    fc_div(r->midpoint + k, r->midpoint + k, sum, ctx);
}

void fc_responsibility_place(fc_responsibility *r, const fc_cover_box *box,
                             double scale) {
  r->axis = -1;
  if (r->n == 1)
    place_line(r, box, scale);
  else if (box->chart == 0)
    place_square(r, box, scale);
  else
    place_sector(r, box, scale);
  r->finite = !r->side[0].low_infinite && !r->side[0].high_infinite;
  for (size_t j = 0; j < r->count; j++)
    for (size_t k = 0; k < j; k++) {
      size_t i = j * r->count + k;
      if (r->n == 1)
        gap_on_line(r, i);
      else if (r->axis < 0)
        gap_in_square(r, i);
      else
        gap_in_sector(r, i);
      set_ratios(r, j, k);
    }
  for (size_t k = 0; k < r->count; k++)
    set_shares(r, k);
  set_midpoint(r);
}

/* --- asking ------------------------------------------------------------- */

fc_srcptr fc_responsibility_low(const fc_responsibility *r) { return r->low; }
fc_srcptr fc_responsibility_high(const fc_responsibility *r) { return r->high; }
fc_srcptr fc_responsibility_box(const fc_responsibility *r) { return r->box; }
fc_srcptr fc_responsibility_midpoint(const fc_responsibility *r) {
  return r->midpoint;
}
bool fc_responsibility_is_finite(const fc_responsibility *r) {
  return r->finite;
}
fc_srcptr fc_responsibility_deviation(const fc_responsibility *r,
                                      size_t along) {
  return r->deviation + along;
}
fc_srcptr fc_responsibility_range(const fc_responsibility *r) {
  return r->whole;
}
fc_srcptr fc_responsibility_centre(const fc_responsibility *r) {
  return r->centre;
}

int fc_responsibility_side(const fc_responsibility *r) {
  return (int)r->side[0].high_infinite - (int)r->side[0].low_infinite;
}

void fc_responsibility_slope(fc_ptr z, const fc_responsibility *r, size_t j,
                             size_t k, size_t along) {
  const fc_ctx *ctx = r->ctx;
  size_t i = j * r->count + k;
  if (r->axis < 0) {
    fc_set(z, r->B + i * r->n + along, ctx);
    if (!r->flat && !r->same[i]) { /* n = 1: B + 2 Q xi */
      fc_addmul(z, r->Q + i, r->whole, ctx);
      fc_addmul(z, r->Q + i, r->whole, ctx);
    }
    return;
  }
  fc_num across;
  fc_init(across, ctx);
  sector_slopes(z, across, r, i);
  if (along == 0)
    fc_addmul(z, across, r->whole + 1, ctx);
  else
    fc_mul(z, across, r->whole, ctx);
  fc_clear(across, ctx);
}

void fc_responsibility_tail(fc_ptr X, fc_ptr g, fc_ptr rate,
                            const fc_responsibility *r, size_t j, size_t k,
                            int sign) {
  const fc_ctx *ctx = r->ctx;
  size_t i = j * r->count + k;
  if (fc_is_negative(r->Q + i, ctx) != FC_TRUE)
    i = k * r->count + j;
  fc_srcptr end = sign > 0 ? r->side[0].low : r->side[0].high;
  if (fc_is_negative(r->Q + i, ctx) != FC_TRUE)
    fc_set_inf(rate, 1, ctx);
  else {
    fc_set(rate, r->B + i, ctx);
    fc_addmul(rate, r->Q + i, end, ctx);
    fc_addmul(rate, r->Q + i, end, ctx);
  }
  parabola(g, r, i, end);
  fc_set(X, end, ctx);
  if (sign < 0) {
    fc_neg(X, X, ctx);
    if (fc_is_finite(rate, ctx))
      fc_neg(rate, rate, ctx);
  }
}
#undef FAR
