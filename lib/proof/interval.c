#include "proof/interval.h"

#include <string.h>

#include "base/text.h"

void fc_interval_init(fc_interval *z, long precision) {
  mpfr_init2(z->lower, precision);
  mpfr_init2(z->upper, precision);
  mpfr_set_zero(z->lower, 1);
  mpfr_set_zero(z->upper, 1);
}

void fc_interval_clear(fc_interval *z) {
  mpfr_clear(z->lower);
  mpfr_clear(z->upper);
}

static void set_nan(fc_interval *z) {
  mpfr_set_nan(z->lower);
  mpfr_set_nan(z->upper);
}

/* One end that is no number spoils both. */
static void settle(fc_interval *z) {
  if (mpfr_nan_p(z->lower) || mpfr_nan_p(z->upper))
    set_nan(z);
}

void fc_interval_set(fc_interval *z, const fc_interval *x) {
  mpfr_set(z->lower, x->lower, MPFR_RNDD);
  mpfr_set(z->upper, x->upper, MPFR_RNDU);
}

void fc_interval_set_mpz(fc_interval *z, mpz_srcptr x) {
  mpfr_set_z(z->lower, x, MPFR_RNDD);
  mpfr_set_z(z->upper, x, MPFR_RNDU);
}

void fc_interval_set_number(fc_interval *z, fc_srcptr x, const fc_ctx *ctx) {
  mpfr_t mid, rad;
  mpfr_init2(mid, mpfr_get_prec(z->lower));
  mpfr_init2(rad, 64);
  fc_get_enclosure(mid, rad, x, ctx);
  mpfr_sub(z->lower, mid, rad, MPFR_RNDD);
  mpfr_add(z->upper, mid, rad, MPFR_RNDU);
  settle(z);
  mpfr_clear(mid);
  mpfr_clear(rad);
}

void fc_interval_set_unknown(fc_interval *z, bool not_negative) {
  if (not_negative)
    mpfr_set_zero(z->lower, 1);
  else
    mpfr_set_inf(z->lower, -1);
  mpfr_set_inf(z->upper, 1);
}

bool fc_interval_is_known(const fc_interval *x) {
  return !mpfr_nan_p(x->lower);
}

void fc_interval_add(fc_interval *z, const fc_interval *x,
                     const fc_interval *y) {
  mpfr_add(z->lower, x->lower, y->lower, MPFR_RNDD);
  mpfr_add(z->upper, x->upper, y->upper, MPFR_RNDU);
  settle(z);
}

void fc_interval_sub(fc_interval *z, const fc_interval *x,
                     const fc_interval *y) {
  mpfr_t lower;
  mpfr_init2(lower, mpfr_get_prec(z->lower));
  mpfr_sub(lower, x->lower, y->upper, MPFR_RNDD);
  mpfr_sub(z->upper, x->upper, y->lower, MPFR_RNDU);
  mpfr_swap(z->lower, lower);
  mpfr_clear(lower);
  settle(z);
}

/* z = x y, an end 0 times anything being 0. */
static void multiply_ends(mpfr_ptr z, mpfr_srcptr x, mpfr_srcptr y,
                          mpfr_rnd_t rounding) {
  if (mpfr_zero_p(x) || mpfr_zero_p(y))
    mpfr_set_zero(z, 1);
  else
    mpfr_mul(z, x, y, rounding);
}

void fc_interval_mul(fc_interval *z, const fc_interval *x,
                     const fc_interval *y) {
  mpfr_t low, high, t;
  if (!fc_interval_is_known(x) || !fc_interval_is_known(y)) {
    set_nan(z);
    return;
  }
  if (mpfr_sgn(x->lower) >= 0 && mpfr_sgn(y->lower) >= 0) { /* most of all */
    multiply_ends(z->lower, x->lower, y->lower, MPFR_RNDD);
    multiply_ends(z->upper, x->upper, y->upper, MPFR_RNDU);
    return;
  }
  mpfr_inits2(mpfr_get_prec(z->lower), low, high, t, (mpfr_ptr)0);
  mpfr_srcptr left[] = {x->lower, x->upper}, right[] = {y->lower, y->upper};
  for (int i = 0; i < 4; i++) {
    multiply_ends(t, left[i / 2], right[i % 2], MPFR_RNDD);
    if (i == 0 || mpfr_less_p(t, low))
      mpfr_set(low, t, MPFR_RNDD);
    multiply_ends(t, left[i / 2], right[i % 2], MPFR_RNDU);
    if (i == 0 || mpfr_greater_p(t, high))
      mpfr_set(high, t, MPFR_RNDU);
  }
  mpfr_swap(z->lower, low);
  mpfr_swap(z->upper, high);
  mpfr_clears(low, high, t, (mpfr_ptr)0);
}

/* 1/x for x of one sign; an end 0 becomes infinite on that side. */
static void invert(fc_interval *z, const fc_interval *x) {
  int low = mpfr_sgn(x->lower), high = mpfr_sgn(x->upper);
  mpfr_t lower;
  if ((low <= 0 && high >= 0) && (low == high || (low < 0 && high > 0))) {
    set_nan(z); /* 0 alone, or both signs */
    return;
  }
  mpfr_init2(lower, mpfr_get_prec(z->lower));
  if (high == 0)
    mpfr_set_inf(lower, -1);
  else
    mpfr_ui_div(lower, 1, x->upper, MPFR_RNDD);
  if (low == 0)
    mpfr_set_inf(z->upper, 1);
  else
    mpfr_ui_div(z->upper, 1, x->lower, MPFR_RNDU);
  mpfr_swap(z->lower, lower);
  mpfr_clear(lower);
}

void fc_interval_div(fc_interval *z, const fc_interval *x,
                     const fc_interval *y) {
  fc_interval inverse;
  if (!fc_interval_is_known(x) || !fc_interval_is_known(y)) {
    set_nan(z);
    return;
  }
  fc_interval_init(&inverse, mpfr_get_prec(z->lower));
  invert(&inverse, y);
  fc_interval_mul(z, x, &inverse);
  fc_interval_clear(&inverse);
}

void fc_interval_pow(fc_interval *z, const fc_interval *x, unsigned long n) {
  if (!fc_interval_is_known(x)) {
    set_nan(z);
    return;
  }
  bool even = n % 2 == 0, falls = mpfr_sgn(x->upper) <= 0,
       crosses = mpfr_sgn(x->lower) < 0 && mpfr_sgn(x->upper) > 0;
  fc_interval kept;
  fc_interval_init(&kept, mpfr_get_prec(z->lower));
  if (n == 0) {
    mpfr_set_ui(kept.lower, 1, MPFR_RNDD);
    mpfr_set_ui(kept.upper, 1, MPFR_RNDU);
  } else if (even && crosses) {
    mpfr_srcptr far = mpfr_cmpabs(x->lower, x->upper) > 0 ? x->lower : x->upper;
    mpfr_pow_ui(kept.upper, far, n, MPFR_RNDU);
  } else {
    bool turned = even && falls;
    mpfr_pow_ui(kept.lower, turned ? x->upper : x->lower, n, MPFR_RNDD);
    mpfr_pow_ui(kept.upper, turned ? x->lower : x->upper, n, MPFR_RNDU);
  }
  mpfr_swap(z->lower, kept.lower);
  mpfr_swap(z->upper, kept.upper);
  fc_interval_clear(&kept);
}

void fc_interval_sqrt(fc_interval *z, const fc_interval *x) {
  mpfr_sqrt(z->lower, x->lower, MPFR_RNDD);
  mpfr_sqrt(z->upper, x->upper, MPFR_RNDU);
  settle(z);
}

void fc_interval_log(fc_interval *z, const fc_interval *x) {
  mpfr_log(z->lower, x->lower, MPFR_RNDD);
  mpfr_log(z->upper, x->upper, MPFR_RNDU);
  settle(z);
}

void fc_interval_clip(fc_interval *z) {
  if (mpfr_sgn(z->lower) < 0)
    mpfr_set_zero(z->lower, 1);
  if (mpfr_sgn(z->upper) < 0)
    mpfr_set_zero(z->upper, 1);
}

unsigned fc_interval_signs(const fc_interval *x) {
  if (!fc_interval_is_known(x))
    return FC_MAY_ALL;
  int low = mpfr_sgn(x->lower), high = mpfr_sgn(x->upper);
  return (low < 0 ? FC_MAY_FALL : 0u) | (high > 0 ? FC_MAY_RISE : 0u) |
         (low <= 0 && high >= 0 ? FC_MAY_VANISH : 0u);
}

unsigned fc_signs_product(unsigned x, unsigned y) {
  unsigned z = (x | y) & FC_MAY_VANISH;
  if ((x & FC_MAY_RISE && y & FC_MAY_RISE) ||
      (x & FC_MAY_FALL && y & FC_MAY_FALL))
    z |= FC_MAY_RISE;
  if ((x & FC_MAY_RISE && y & FC_MAY_FALL) ||
      (x & FC_MAY_FALL && y & FC_MAY_RISE))
    z |= FC_MAY_FALL;
  return z;
}

unsigned fc_signs_sum(unsigned x, unsigned y) {
  unsigned z = 0;
  if ((x | y) & FC_MAY_RISE)
    z |= FC_MAY_RISE;
  if ((x | y) & FC_MAY_FALL)
    z |= FC_MAY_FALL;
  if ((x & y & FC_MAY_VANISH) || (x & FC_MAY_RISE && y & FC_MAY_FALL) ||
      (x & FC_MAY_FALL && y & FC_MAY_RISE))
    z |= FC_MAY_VANISH;
  return z;
}

unsigned fc_signs_power(unsigned x, unsigned long n) {
  if (n % 2 == 1)
    return x;
  return (x & FC_MAY_VANISH) |
         (x & (FC_MAY_RISE | FC_MAY_FALL) ? FC_MAY_RISE : 0u);
}

bool fc_interval_overlap(const fc_interval *x, const fc_interval *y) {
  return fc_interval_is_known(x) && fc_interval_is_known(y) &&
         mpfr_lessequal_p(x->lower, y->upper) &&
         mpfr_lessequal_p(y->lower, x->upper);
}

char *fc_interval_lower_text(const fc_interval *x) {
  mpq_t q;
  mpq_init(q);
  mpfr_get_q(q, x->lower);
  char *text = mpq_get_str(NULL, 10, q), *copy = text ? fc_strdup(text) : NULL;
  void (*release)(void *, size_t);
  mp_get_memory_functions(NULL, NULL, &release);
  if (text)
    release(text, strlen(text) + 1);
  mpq_clear(q);
  return copy;
}
