/* Steps of a validated trajectory. */
#include "flow/tube.h"

#include <math.h>

enum {
  LEAST_ORDER = 6,
  SPARE_BITS = 16,  /* what a step neglects is so far below the set's width */
  TRIALS = 40,      /* lengths w that are tried, each 3/4 of the one before */
  PLACE_BITS = 100, /* of a place between steps */
  SHORTEST = 28,    /* log2 of the whole way over the shortest step */
  UNKNOWN = 2,   /* log2 of the radius of V over its midpoint at which a box is
                    given up */
  TOO_WIDE = -8, /* log2 of the width at which a point is lost */
};
#define FIRST_TRIAL 0.8 /* of the radius of convergence */

/* What a step takes from the budget: one, and one for each product of series of
 * full order (of lower order their squares). */
static long charge_of(const fc_tape *tape, long order) {
  double products = 0, part = (double)order / (double)tape->most;
  for (int i = 0; i < tape->count; i++)
    products += tape->nodes[i].op == FC_TAPE_PRODUCT;
  return 1 + (long)(products * part * part);
}

void fc_tube_init(fc_tube *tube, fc_chart *chart, slong precision) {
  size_t d = chart->d;
  *tube = (fc_tube){.chart = chart, .d = d, .precision = precision};
  fc_bundle_init(tube->set, d, d + 1);
  fc_bundle_init(tube->before, d, d + 1);
  tube->storage = tube->box = _arb_vec_init((slong)(4 * d + 2 * d * d + 2));
  tube->hull = tube->box + d;
  tube->image = tube->hull + d;
  tube->midpoint = tube->image + d;
  tube->a = tube->midpoint + d;
  tube->v = tube->a + d * d;
  tube->tau = tube->v + d * d;
  tube->last = tube->tau + 1;
}

void fc_tube_clear(fc_tube *tube) {
  if (!tube->storage)
    return;
  fc_bundle_clear(tube->set);
  fc_bundle_clear(tube->before);
  _arb_vec_clear(tube->storage,
                 (slong)(4 * tube->d + 2 * tube->d * tube->d + 2));
}

void fc_tube_start(fc_tube *tube, const arb_t tau, arb_srcptr centre,
                   arb_srcptr box, fc_tube_kind kind) {
  size_t d = tube->d;
  arb_ptr columns = _arb_vec_init((slong)(d * (d + 1)));
  _arb_vec_set(columns, centre, (slong)d);
  for (size_t i = 0; i < d; i++)
    arb_one(columns + d + i * (d + 1));
  fc_bundle_start(tube->set, columns);
  _arb_vec_clear(columns, (slong)(d * (d + 1)));
  _arb_vec_set(tube->box, box, (slong)d);
  tube->has_box = !_arb_vec_is_zero(box, (slong)d);
  tube->kind = kind;
  arb_set(tube->tau, tau);
  arb_set(tube->last, tau);
  fc_bundle_set(tube->before, tube->set);
  tube->steps = 0;
}

void fc_tube_hull(arb_ptr y, arb_ptr v, const fc_tube *tube) {
  size_t d = tube->d;
  fc_bundle_hull(y, tube->set, 0, tube->precision);
  for (size_t j = 0; j < d; j++) {
    fc_bundle_hull(tube->midpoint, tube->set, 1 + j, tube->precision);
    for (size_t i = 0; i < d; i++)
      arb_set(v + i * d + j, tube->midpoint + i);
  }
  for (size_t i = 0; i < d && tube->has_box; i++)
    arb_dot(y + i, y + i, 0, v + i * d, 1, tube->box, 1, (slong)d,
            tube->precision);
}

/* log2 of the larger of 1 and the largest |y_i|, and of the largest radius. */
static void measure(double *size, double *width, arb_srcptr y, size_t d) {
  mag_t magnitude;
  mag_init(magnitude);
  *size = 0;
  *width = -INFINITY;
  for (size_t i = 0; i < d; i++) {
    arb_get_mag(magnitude, y + i);
    *size = fmax(*size, mag_get_d_log2_approx(magnitude));
    if (!mag_is_zero(arb_radref(y + i)))
      *width = fmax(*width, mag_get_d_log2_approx(arb_radref(y + i)));
  }
  mag_clear(magnitude);
}

/* A point whose place is not known any more; a box whose V is hardly known,
 * where halves of it may do better. */
static bool is_lost(const fc_tube *tube) {
  size_t d = tube->d;
  double size, width;
  fc_tube_hull(tube->hull, tube->v, tube);
  if (tube->kind == FC_TUBE_WHOLE)
    return false;
  if (tube->kind == FC_TUBE_POINT) {
    measure(&size, &width, tube->hull, d);
    return width > size + TOO_WIDE;
  }
  for (size_t i = 0; i < d * d; i++)
    arb_get_mid_arb(tube->a + i, tube->v + i);
  measure(&size, &width, tube->a, d * d);
  double known = size;
  measure(&size, &width, tube->v, d * d);
  return width > known + UNKNOWN;
}

/* --- one step -------------------------------------------------------------*/

typedef struct step {
  long order;
  double bits; /* what is neglected is below 2^-bits */
  mag_t w, ratio;
  arb_t h;
} step;

/* As many bits as the width of the set deserves, and the order at which a step
 * costs least for its length. */
static void choose_order(step *s, fc_tube *tube) {
  double size, width;
  measure(&size, &width, tube->hull, tube->d);
  s->bits = (double)tube->precision;
  if (tube->kind != FC_TUBE_POINT)
    s->bits = fmin(s->bits, fmax(size - width, 0) + SPARE_BITS);
  s->order = (long)(0.34657 * s->bits) + 2;
  if (s->order < LEAST_ORDER)
    s->order = LEAST_ORDER;
  if (s->order > tube->chart->tape->most)
    s->order = tube->chart->tape->most;
  tube->order = s->order;
}

static void mag_set_exp2(mag_t z, double x) {
  double whole = floor(x);
  mag_set_d(z, exp2(x - whole));
  mag_mul_2exp_si(z, z, (slong)whole);
}

/* w with tails: shorter and shorter until there are some. */
static bool find_tails(step *s, const fc_tube *tube, double log2_rest) {
  fc_tape *tape = tube->chart->tape;
  double log2_w = fc_tape_log2_radius(tape, tape->count, s->order);
  if (isnan(log2_w))
    return false;
  log2_w = fmin(log2_w + log2(FIRST_TRIAL), log2_rest + 1);
  for (int trial = 0; trial < TRIALS; trial++) {
    if (log2_w < log2_rest - 60)
      return false;
    mag_set_exp2(s->w, log2_w);
    if (fc_tape_bound(tape, tape->count, s->order, s->w))
      return true;
    log2_w += log2(0.75);
  }
  return false;
}

/* log2 of the step after which the tails of y and P are below 2^-bits. */
static double log2_length(const step *s, const fc_tube *tube) {
  const fc_chart *chart = tube->chart;
  size_t d = tube->d;
  double size, width, least = -0.05, power = 1.0 / (double)(s->order + 1);
  measure(&size, &width, tube->hull, d);
  for (size_t i = 0; i < d + d * d; i++) {
    mag_srcptr tail = chart->tape->tail +
                      (i < d ? chart->y + (int)i : chart->p + (int)(i - d));
    if (!mag_is_zero(tail))
      least = fmin(least, power * ((i < d ? size : 0) - s->bits -
                                   mag_get_d_log2_approx(tail)));
  }
  return least + mag_get_d_log2_approx(s->w);
}

/* Of a wide set the step is no longer than its own uncertainty allows: in P the
 * radii of higher orders must not rule over that of order 1. */
static double shorten(double log2_h, const step *s, const fc_tube *tube) {
  const fc_chart *chart = tube->chart;
  mag_t h, power, term, first, higher;
  mag_init(h);
  mag_init(power);
  mag_init(term);
  mag_init(first);
  mag_init(higher);
  for (int trial = 0; trial < 30; trial++, log2_h -= 0.5) {
    bool short_enough = true;
    mag_set_exp2(h, log2_h);
    for (size_t i = 0; i < tube->d * tube->d && short_enough; i++) {
      arb_srcptr c = fc_tape_series(chart->tape, chart->p + (int)i);
      mag_mul(first, arb_radref(c + 1), h);
      mag_set(power, h);
      mag_zero(higher);
      for (long k = 2; k <= s->order; k++) {
        mag_mul(power, power, h);
        mag_mul(term, arb_radref(c + k), power);
        mag_add(higher, higher, term);
      }
      mag_mul_2exp_si(first, first, -2);
      mag_set_ui_2exp_si(term, 1, -12);
      mag_max(first, first, term);
      short_enough = mag_cmp(higher, first) <= 0;
    }
    if (short_enough)
      break;
  }
  mag_clear(h);
  mag_clear(power);
  mag_clear(term);
  mag_clear(first);
  mag_clear(higher);
  return log2_h;
}

/* h from tau towards end, of that length or to the end itself; next = where it
 * leads.  True where that is the end. */
static bool choose_step(step *s, arb_t next, const fc_tube *tube,
                        const arb_t end, double log2_h) {
  mag_t rest, length;
  arb_sub(s->h, end, tube->tau, tube->precision);
  mag_init(rest);
  mag_init(length);
  arb_get_mag(rest, s->h);
  mag_set_exp2(length, log2_h);
  bool last = mag_cmp(rest, length) <= 0;
  if (last) {
    arb_set(next, end);
  } else {
    int sign = arf_sgn(arb_midref(s->h));
    arb_set_d(s->h, exp2(log2_h - floor(log2_h)));
    arb_mul_2exp_si(s->h, s->h, (slong)floor(log2_h));
    if (sign < 0)
      arb_neg(s->h, s->h);
    arb_add(next, tube->tau, s->h, tube->precision);
    mag_zero(arb_radref(next));
    arf_set_round(arb_midref(next), arb_midref(next), PLACE_BITS, ARF_RND_NEAR);
    arb_sub(s->h, next, tube->tau, tube->precision);
  }
  mag_clear(rest);
  mag_clear(length);
  return last;
}

/* ratio >= (|h|/w)^(order + 1); false where |h| <= w is not certain. */
static bool set_ratio(step *s) {
  mag_t h, w;
  mag_init(h);
  mag_init(w);
  arb_get_mag(h, s->h);
  bool inside = mag_cmp(h, s->w) <= 0;
  mag_div(s->ratio, h, s->w);
  mag_pow_ui(s->ratio, s->ratio, (ulong)s->order + 1);
  mag_clear(h);
  mag_clear(w);
  return inside;
}

/* A over the hull, the image of m_0, and the set there. */
static bool advance(fc_tube *tube, const step *s) {
  fc_chart *chart = tube->chart;
  fc_tape *tape = chart->tape;
  size_t d = tube->d;
  slong precision = tube->precision;
  for (size_t i = 0; i < d * d; i++)
    fc_tape_value(tube->a + i, tape, chart->p + (int)i, s->order, s->h,
                  s->ratio, precision);
  chart->kind->place(chart, tube->tau, tube->set->m, precision);
  fc_tape_expand(tape, 0, chart->positions, 1, s->order, precision);
  bool finite = true;
  for (size_t i = 0; i < d; i++) {
    fc_tape_value(tube->image + i, tape, chart->y + (int)i, s->order, s->h,
                  s->ratio, precision);
    finite = finite && arb_is_finite(tube->image + i);
  }
  for (size_t i = 0; i < d * d; i++)
    finite = finite && arb_is_finite(tube->a + i);
  if (finite)
    fc_bundle_advance(tube->set, tube->a, tube->image, precision);
  return finite;
}

/* The series over the hull of the set, and tails of them. */
static bool expand(step *s, fc_tube *tube, const arb_t end) {
  fc_chart *chart = tube->chart;
  fc_tape *tape = chart->tape;
  fc_tube_hull(tube->hull, tube->v, tube);
  for (size_t i = 0; i < tube->d; i++)
    if (!arb_is_finite(tube->hull + i))
      return false;
  choose_order(s, tube);
  chart->kind->place(chart, tube->tau, tube->hull, tube->precision);
  fc_tape_expand(tape, 0, tape->count, 1, s->order, tube->precision);
  arb_sub(s->h, end, tube->tau, tube->precision);
  arb_get_mag(s->w, s->h);
  return find_tails(s, tube, mag_get_d_log2_approx(s->w));
}

static void step_init(step *s) {
  mag_init(s->w);
  mag_init(s->ratio);
  arb_init(s->h);
}

static void step_clear(step *s) {
  mag_clear(s->w);
  mag_clear(s->ratio);
  arb_clear(s->h);
}

/* One step; *last: it reached the end. */
static bool take_step(bool *last, fc_tube *tube, const arb_t end) {
  step s;
  arb_t next;
  step_init(&s);
  arb_init(next);
  bool proved = expand(&s, tube, end);
  if (proved) {
    double log2_h = log2_length(&s, tube);
    if (tube->kind != FC_TUBE_POINT)
      log2_h = shorten(log2_h, &s, tube);
    *last = choose_step(&s, next, tube, end, log2_h);
    proved = set_ratio(&s) && (*last || log2_h >= tube->log2_least);
  }
  if (proved) {
    fc_bundle_set(tube->before, tube->set);
    arb_set(tube->last, tube->tau);
    proved = advance(tube, &s);
  }
  if (proved)
    arb_swap(tube->tau, next);
  arb_clear(next);
  step_clear(&s);
  return proved;
}

/* log2 |x - y| */
static double log2_distance(const arb_t x, const arb_t y, slong precision) {
  arb_t gap;
  mag_t size;
  arb_init(gap);
  mag_init(size);
  arb_sub(gap, x, y, precision);
  arb_get_mag(size, gap);
  double result = mag_get_d_log2_approx(size);
  arb_clear(gap);
  mag_clear(size);
  return result;
}

fc_status fc_tube_go(fc_tube *tube, const arb_t end, long *budget) {
  if (arb_equal(tube->tau, end) && arb_is_exact(end))
    return FC_OK;
  bool last = false;
  tube->log2_least = log2_distance(tube->tau, end, tube->precision) - SHORTEST;
  while (!last) {
    if (*budget <= 0)
      return FC_BUDGET;
    bool taken = take_step(&last, tube, end);
    *budget -= charge_of(tube->chart->tape, tube->order);
    tube->steps++;
    if (!taken)
      return FC_DOMAIN;
    if (is_lost(tube)) {
      fc_bundle_set(tube->set, tube->before);
      arb_set(tube->tau, tube->last);
      return FC_DOMAIN;
    }
  }
  return FC_OK;
}

bool fc_tube_back_to(fc_tube *tube, const arb_t place) {
  step s;
  step_init(&s);
  fc_bundle_set(tube->set, tube->before);
  arb_set(tube->tau, tube->last);
  bool proved = expand(&s, tube, place);
  if (proved) {
    arb_sub(s.h, place, tube->tau, tube->precision);
    proved = set_ratio(&s) && advance(tube, &s);
  }
  if (proved)
    arb_set(tube->tau, place);
  step_clear(&s);
  return proved;
}
