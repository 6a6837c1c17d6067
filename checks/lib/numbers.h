/* What the tests of arithmetic share: contexts, random exact numbers, and the
 * judgement whether a number contains or rounds a reference value. */
#ifndef FC_CHECKS_NUMBERS_H
#define FC_CHECKS_NUMBERS_H

#include <check.h>
#include <stdlib.h>

#include "arith/arith.h"

/* Precision of reference values: far beyond that of any context tested. */
#define REFERENCE_BITS 1200

#define SERIES_LENGTH 6

/* Every kind of context at one precision; series over each of the others. */
typedef struct contexts {
  fc_ctx list[8];
  const char *names[8];
  size_t count;
} contexts;

/* series point at the other members, so that the struct must not be copied */
static inline void contexts_init(contexts *c, long precision) {
  static const char *const names[8] = {
      "double",           "mpfr",           "arb",           "acb",
      "series of double", "series of mpfr", "series of arb", "series of acb"};
  size_t real = fc_have_arb() ? 4 : 2;
  fc_ctx_init_double(&c->list[0]);
  fc_ctx_init_mpfr(&c->list[1], precision);
  if (fc_have_arb()) {
    ck_assert_int_eq(fc_ctx_init_arb(&c->list[2], precision, NULL), FC_OK);
    ck_assert_int_eq(fc_ctx_init_acb(&c->list[3], precision, NULL), FC_OK);
  }
  for (size_t i = 0; i < real; i++) {
    fc_ctx_init_series(&c->list[real + i], &c->list[i], SERIES_LENGTH);
    c->names[i] = names[i];
    c->names[real + i] = names[4 + i];
  }
  c->count = 2 * real;
}

/* --- random exact numbers ------------------------------------------------ */

typedef struct generator {
  uint64_t state;
} generator;

/* splitmix64: a fixed sequence from a fixed seed */
static inline uint64_t next_word(generator *g) {
  uint64_t z = g->state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* in [low, high] */
static inline long next_long(generator *g, long low, long high) {
  return low + (long)(next_word(g) % (uint64_t)(high - low + 1));
}

/* A dyadic number of the given bits (<= 60) with |x| < 2^exponent, exponent
 * drawn from [low, high]; now and then a small integer. */
static inline void next_dyadic(mpfr_ptr x, generator *g, int bits, long low,
                               long high) {
  if (next_long(g, 0, 9) == 0) {
    mpfr_set_si(x, next_long(g, -4, 4), MPFR_RNDN);
    return;
  }
  long bound = (1L << bits) - 1, mantissa = next_long(g, -bound, bound);
  mpfr_set_si_2exp(x, mantissa, next_long(g, low, high) - bits, MPFR_RNDN);
}

/* --- judgement -------------------------------------------------------------
 */

static inline void print_numbers(const char *what, const char *context,
                                 fc_srcptr got, mpfr_srcptr wanted,
                                 const fc_ctx *ctx) {
  mpfr_t rad;
  mpfr_init2(rad, 53);
  fc_get_rad(rad, got, ctx);
  char *value = fc_print_mid(got, 0, ctx), *radius = fc_print_mpfr(rad, 5),
       *reference = fc_print_mpfr(wanted, 60);
  fprintf(stderr, "%s in %s: got %s +- %s\n  reference %s\n", what, context,
          value, radius, reference);
  free(value);
  free(radius);
  free(reference);
  mpfr_clear(rad);
}

/* Does the ball contain the reference, which itself errs by 2^-1000 of its
 * size?  An indeterminate ball contains everything. */
static inline bool contains(fc_srcptr ball, mpfr_srcptr reference,
                            const fc_ctx *ctx) {
  mpfr_t mid, rad, distance;
  mpfr_init2(mid, 4096);
  mpfr_init2(rad, 64);
  mpfr_init2(distance, 64);
  fc_get_mid(mid, ball, ctx);
  fc_get_rad(rad, ball, ctx);
  mpfr_sub(distance, mid, reference, MPFR_RNDZ);
  mpfr_abs(distance, distance, MPFR_RNDZ);
  mpfr_mul_2si(mid, reference, -1000, MPFR_RNDA);
  mpfr_abs(mid, mid, MPFR_RNDU);
  mpfr_sub(distance, distance, mid, MPFR_RNDD);
  fc_get_mid(mid, ball, ctx);
  bool inside = (mpfr_inf_p(rad) && mpfr_sgn(rad) > 0) ||
                mpfr_lessequal_p(distance, rad) || mpfr_equal_p(mid, reference);
  mpfr_clears(mid, rad, distance, (mpfr_ptr)0);
  return inside;
}

/* |got - reference| in units of the last place of a double (at least of the
 * smallest subnormal). */
static inline double ulps(double got, mpfr_srcptr reference) {
  mpfr_t error;
  if (mpfr_get_d(reference, MPFR_RNDN) == got)
    return 0;
  mpfr_init2(error, 64);
  mpfr_set_d(error, got, MPFR_RNDN);
  mpfr_sub(error, error, reference, MPFR_RNDN);
  mpfr_abs(error, error, MPFR_RNDN);
  long place = mpfr_regular_p(reference) ? mpfr_get_exp(reference) - 53 : -1074;
  mpfr_mul_2si(error, error, place < -1074 ? 1074 : -place, MPFR_RNDN);
  double result = mpfr_nan_p(error) ? 1e300 : mpfr_get_d(error, MPFR_RNDN);
  mpfr_clear(error);
  return result;
}

/* The same number, bit for bit: midpoint and radius of every coefficient. */
static inline bool identical(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  if (ctx->kind == FC_SERIES) {
    bool same = true;
    for (long i = 0; i < ctx->length; i++)
      same = same && identical(fc_series_coeff_src(x, i),
                               fc_series_coeff_src(y, i), ctx->base);
    return same;
  }
  mpfr_t mid_x, mid_y, rad_x, rad_y;
  mpfr_inits2(4096, mid_x, mid_y, rad_x, rad_y, (mpfr_ptr)0);
  fc_get_mid(mid_x, x, ctx);
  fc_get_mid(mid_y, y, ctx);
  fc_get_rad(rad_x, x, ctx);
  fc_get_rad(rad_y, y, ctx);
  bool same =
      (mpfr_equal_p(mid_x, mid_y) ||
       (mpfr_nan_p(mid_x) && mpfr_nan_p(mid_y))) &&
      (mpfr_equal_p(rad_x, rad_y) || (mpfr_nan_p(rad_x) && mpfr_nan_p(rad_y)));
  mpfr_clears(mid_x, mid_y, rad_x, rad_y, (mpfr_ptr)0);
  return same;
}

/* Runs one suite; the exit status of a test program. */
static inline int run_suite(Suite *suite) {
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  mpfr_free_cache();
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
