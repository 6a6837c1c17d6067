#include "diff_values.h"

#include <math.h>
#include <mpfr.h>
#include <string.h>

#include "record/decimal.h"
#include "view.h"

#define TEXT_MAX 40000
#define SEARCH_BITS 40
#define DOUBLE_BITS 48
#define LOST_BITS 8

/* One number before and after, and what bounds its movement. */
typedef struct pair {
  mpfr_t before, after, difference, error, scale;
} pair;

static mpfr_prec_t bits_for(const fc_exact *x, const fc_exact *y) {
  size_t length = strlen(fc_present(x->mid)) + strlen(fc_present(y->mid));
  return 128 + 4 * (mpfr_prec_t)(length < TEXT_MAX ? length : TEXT_MAX);
}

static void open_pair(pair *p, const fc_exact *x, const fc_exact *y) {
  mpfr_inits2(bits_for(x, y), p->before, p->after, p->difference, p->error,
              p->scale, (mpfr_ptr)NULL);
  mpfr_set_zero(p->scale, 1);
}

static void close_pair(pair *p) {
  mpfr_clears(p->before, p->after, p->difference, p->error, p->scale,
              (mpfr_ptr)NULL);
}

static bool read(mpfr_ptr value, const char *text) {
  if (!text || strlen(text) > TEXT_MAX || !fc_decimal_is_number(text))
    return false;
  return mpfr_set_str(value, text, 10, MPFR_RNDN) == 0;
}

/* scale = max(scale, |text|) of finite numbers. */
static void widen(pair *p, const char *text) {
  if (!read(p->error, text) || !mpfr_number_p(p->error))
    return;
  mpfr_abs(p->error, p->error, MPFR_RNDN);
  mpfr_max(p->scale, p->scale, p->error, MPFR_RNDU);
}

static long bits_of(const fc_record *record) {
  bool in_double = record->basis == FC_BASIS_DOUBLE ||
                   strcmp(fc_present(record->tier), "double") == 0;
  return in_double || record->precision < DOUBLE_BITS ? DOUBLE_BITS
                                                      : record->precision;
}

/* difference = the error that one side states, or that its precision means. */
static void side_error(pair *p, const fc_exact *exact, long bits) {
  if (!read(p->difference, exact->rad))
    mpfr_mul_2si(p->difference, p->scale, LOST_BITS - bits, MPFR_RNDU);
}

/* error = what both sides' errors add up to, at least 2^-least of the scale. */
static void set_error(pair *p, const fc_exact *x, const fc_exact *y, long bits,
                      bool searched) {
  side_error(p, x, bits);
  mpfr_set(p->error, p->difference, MPFR_RNDU);
  side_error(p, y, bits);
  mpfr_add(p->error, p->error, p->difference, MPFR_RNDU);
  if (!searched)
    return;
  mpfr_mul_2si(p->difference, p->scale, -SEARCH_BITS, MPFR_RNDU);
  mpfr_max(p->error, p->error, p->difference, MPFR_RNDU);
}

/* |difference| relative to the larger of the two. */
static double relative(const pair *p) {
  mpfr_t size, ratio;
  mpfr_inits2(53, size, ratio, (mpfr_ptr)NULL);
  if (mpfr_cmpabs(p->before, p->after) > 0)
    mpfr_abs(size, p->before, MPFR_RNDN);
  else
    mpfr_abs(size, p->after, MPFR_RNDN);
  mpfr_abs(ratio, p->difference, MPFR_RNDN);
  mpfr_div(ratio, ratio, size, MPFR_RNDN);
  double value = mpfr_get_d(ratio, MPFR_RNDN);
  mpfr_clears(size, ratio, (mpfr_ptr)NULL);
  return isnan(value) ? (double)INFINITY : value;
}

/* Whether before and after, read, are further apart than the errors; sets *by
 * to (before - after) relative to the larger, without its sign where moved. */
static bool differ(pair *p, double *by) {
  if (mpfr_nan_p(p->before) || mpfr_nan_p(p->after)) {
    *by = (double)INFINITY;
    return true; /* equal texts do not come here */
  }
  if (mpfr_equal_p(p->before, p->after))
    return false;
  mpfr_sub(p->difference, p->before, p->after, MPFR_RNDN);
  if (mpfr_cmpabs(p->difference, p->error) <= 0)
    return false;
  *by = relative(p);
  return true;
}

static bool is_ratio(const fc_record *record) {
  return strcmp(fc_present(record->slack_kind), "ratio") == 0;
}

/* Ratios are compared for themselves, gaps against both numbers' size. */
static void set_scale(pair *p, const fc_record *x, const fc_record *y) {
  const fc_record *const both[] = {x, y};
  for (int i = 0; i < 2; i++) {
    widen(p, both[i]->measured.mid);
    widen(p, both[i]->bound.mid);
  }
}

typedef struct comparison {
  const fc_record *before, *after;
  bool searched; /* at another point */
} comparison;

static bool number_moved(double *by, const comparison *c, const fc_exact *x,
                         const fc_exact *y, bool alone) {
  if (!x->mid || !y->mid)
    return false;
  if (strcmp(x->mid, y->mid) == 0)
    return false;
  pair p;
  long bits = bits_of(c->before), other = bits_of(c->after);
  open_pair(&p, x, y);
  if (alone) {
    widen(&p, x->mid);
    widen(&p, y->mid);
  } else
    set_scale(&p, c->before, c->after);
  set_error(&p, x, y, other < bits ? other : bits, c->searched);
  bool readable = read(p.before, x->mid) && read(p.after, y->mid);
  bool moved = readable ? differ(&p, by) : true;
  if (!readable)
    *by = (double)INFINITY;
  if (moved && mpfr_cmp(p.before, p.after) < 0)
    *by = -*by;
  close_pair(&p);
  return moved;
}

static bool same(const fc_exact *x, const fc_exact *y) {
  return strcmp(fc_present(x->mid), fc_present(y->mid)) == 0;
}

static bool same_times(const fc_record *x, const fc_record *y) {
  return same(&x->witness_s, &y->witness_s) &&
         same(&x->witness_t, &y->witness_t);
}

static bool same_place(const fc_record *x, const fc_record *y) {
  bool equal = x->witness_count == y->witness_count;
  for (size_t i = 0; equal && i < x->witness_count; i++)
    equal = same(&x->witness_x[i], &y->witness_x[i]);
  return equal;
}

fc_movement fc_record_movement(const fc_record *x, const fc_record *y) {
  fc_movement m = {.comparable = true};
  bool times = same_times(x, y);
  const comparison c = {x, y, !times || !same_place(x, y)};
  bool alone = is_ratio(x) || is_ratio(y);
  double by_measured = 0, by_bound = 0;
  m.measured =
      number_moved(&by_measured, &c, &x->measured, &y->measured, alone);
  m.bound = number_moved(&by_bound, &c, &x->bound, &y->bound, alone);
  /* A bound that depends on t says nothing at another t. */
  m.comparable = times || !m.bound;
  if (!m.comparable)
    m.measured = m.bound = false;
  by_measured = m.measured ? fabs(by_measured) : 0;
  by_bound = m.bound ? fabs(by_bound) : 0;
  m.by = by_measured > by_bound ? by_measured : by_bound;
  m.slack = number_moved(&m.shrunk, &c, &x->slack, &y->slack, alone);
  return m;
}
