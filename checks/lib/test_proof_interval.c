/* Intervals of proofs: the value at points of the arguments lies in the result,
 * whatever ends they have (0, infinite, equal), with and without aliases. */
#include <stdio.h>

#include "numbers.h"
#include "proof/interval.h"

enum { ROUNDS = 8000, NARROW = 24, WIDE = 300, POINTS = 4 };

/* A small number of few bits, or 0, so that ends coincide often. */
static void set_number(mpfr_ptr x, generator *g) {
  mpfr_set_si_2exp(x, next_long(g, 0, 3) ? next_long(g, -9, 9) : 0,
                   next_long(g, -3, 2), MPFR_RNDN);
}

static void set_interval(fc_interval *x, generator *g) {
  set_number(x->lower, g);
  set_number(x->upper, g);
  if (mpfr_greater_p(x->lower, x->upper))
    mpfr_swap(x->lower, x->upper);
  if (next_long(g, 0, 9) == 0)
    mpfr_set_inf(x->upper, 1);
  if (next_long(g, 0, 9) == 0)
    mpfr_set_inf(x->lower, -1);
}

/* A finite point of the interval: an end, or some other. */
static void set_point(mpfr_ptr p, const fc_interval *x, generator *g) {
  mpfr_srcptr ends[] = {x->lower, x->upper};
  mpfr_srcptr end = ends[next_long(g, 0, 1)];
  mpfr_set(p, end, MPFR_RNDN);
  for (int i = 0; i < 50; i++) {
    if (mpfr_number_p(p) && mpfr_lessequal_p(x->lower, p) &&
        mpfr_lessequal_p(p, x->upper) && (i > 0 || next_long(g, 0, 1)))
      return;
    set_number(p, g);
    mpfr_mul_si(p, p, next_long(g, 1, 1000), MPFR_RNDN);
  }
  mpfr_set(p, mpfr_number_p(x->lower) ? x->lower : x->upper, MPFR_RNDN);
  if (!mpfr_number_p(p))
    mpfr_set_zero(p, 1);
}

typedef enum operation {
  ADD,
  SUB,
  MUL,
  DIV,
  POW,
  SQRT,
  LOG,
  OPERATIONS
} operation;

static void apply(fc_interval *z, const fc_interval *x, const fc_interval *y,
                  operation op, unsigned long n) {
  switch (op) {
  case ADD:
    fc_interval_add(z, x, y);
    break;
  case SUB:
    fc_interval_sub(z, x, y);
    break;
  case MUL:
    fc_interval_mul(z, x, y);
    break;
  case DIV:
    fc_interval_div(z, x, y);
    break;
  case POW:
    fc_interval_pow(z, x, n);
    break;
  case SQRT:
    fc_interval_sqrt(z, x);
    break;
  default:
    fc_interval_log(z, x);
  }
}

/* Rounded in that direction. */
static void apply_point(mpfr_ptr z, mpfr_srcptr x, mpfr_srcptr y, operation op,
                        unsigned long n, mpfr_rnd_t rounding) {
  switch (op) {
  case ADD:
    mpfr_add(z, x, y, rounding);
    break;
  case SUB:
    mpfr_sub(z, x, y, rounding);
    break;
  case MUL:
    mpfr_mul(z, x, y, rounding);
    break;
  case DIV:
    mpfr_div(z, x, y, rounding);
    break;
  case POW:
    mpfr_pow_ui(z, x, n, rounding);
    break;
  case SQRT:
    mpfr_sqrt(z, x, rounding);
    break;
  default:
    mpfr_log(z, x, rounding);
  }
}

/* The value at a point, where it is a number, is one of z. */
static void check_point(const fc_interval *z, const fc_interval *x,
                        const fc_interval *y, operation op, unsigned long n,
                        generator *g) {
  mpfr_t p, q, low, high;
  mpfr_inits2(WIDE, p, q, low, high, (mpfr_ptr)0);
  set_point(p, x, g);
  set_point(q, y, g);
  if (x == y)
    mpfr_set(q, p, MPFR_RNDN);
  apply_point(low, p, q, op, n, MPFR_RNDD);
  apply_point(high, p, q, op, n, MPFR_RNDU);
  if (mpfr_number_p(low) && mpfr_number_p(high) && fc_interval_is_known(z))
    ck_assert_msg(mpfr_lessequal_p(z->lower, high) &&
                      mpfr_lessequal_p(low, z->upper),
                  "operation %d", op);
  mpfr_clears(p, q, low, high, (mpfr_ptr)0);
}

/* Of what the signs say, the point's is one. */
static void check_signs(const fc_interval *x, generator *g) {
  mpfr_t p;
  mpfr_init2(p, WIDE);
  set_point(p, x, g);
  int sign = mpfr_sgn(p);
  unsigned may = fc_interval_signs(x);
  ck_assert(may & (sign > 0   ? FC_MAY_RISE
                   : sign < 0 ? FC_MAY_FALL
                              : FC_MAY_VANISH));
  mpfr_clear(p);
}

START_TEST(values_are_inside) {
  generator g = {(uint64_t)_i + 1};
  fc_interval x, y, z, kept;
  long known = 0;
  fc_interval_init(&x, NARROW);
  fc_interval_init(&y, NARROW);
  fc_interval_init(&kept, NARROW);
  fc_interval_init(&z, NARROW - 8);
  for (int i = 0; i < ROUNDS; i++) {
    unsigned long n = (unsigned long)next_long(&g, 0, 7);
    long alias = next_long(&g, 0, 3);
    set_interval(&x, &g);
    set_interval(&y, &g);
    const fc_interval *other = alias == 3 ? &x : &y;
    apply(&z, &x, other, (operation)_i, n);
    known += fc_interval_is_known(&z);
    for (int k = 0; k < POINTS; k++)
      check_point(&z, &x, other, (operation)_i, n, &g);
    check_signs(&x, &g);
    if (alias == 1 || alias == 2) { /* the result in place of an argument */
      fc_interval *to = alias == 1 ? &x : &y;
      fc_interval_set(&kept, to);
      apply(to, &x, &y, (operation)_i, n);
      fc_interval before = kept;
      for (int k = 0; k < POINTS; k++)
        check_point(to, alias == 1 ? &before : &x, alias == 2 ? &before : &y,
                    (operation)_i, n, &g);
    }
  }
  ck_assert_int_gt(known, ROUNDS / 10);
  fc_interval_clear(&x);
  fc_interval_clear(&y);
  fc_interval_clear(&z);
  fc_interval_clear(&kept);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("intervals of proofs");
  TCase *all = tcase_create("all");
  tcase_add_loop_test(all, values_are_inside, 0, OPERATIONS);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
