/* fc_dot_reversed in every context, against sums that lose nothing: products of
 * numbers of P bits with exponents within +-100000 are multiples of 2^-210000,
 * so that MPFR sums them exactly at EXACT_BITS. */
#include <math.h>
#include <stdio.h>

#include "numbers.h"

enum { EXACT_BITS = 430000, FAR = 100000, MOST_TERMS = 70, LONG_SUM = 3000 };

static const long precisions[] = {24, 53, 64, 65, 128, 4096, 4097, 5000};
enum { PRECISIONS = sizeof precisions / sizeof *precisions };

/* Shapes of a sum. */
enum { NEAR, SPREAD, CANCELLING, WITH_ZEROS, DESCENDING, SHAPES };
static const char *const shape_names[SHAPES] = {"near", "spread", "cancelling",
                                                "with zeros", "descending"};

/* A number of exactly the bits of x, 2^(exponent-1) <= |x| < 2^exponent; now
 * and then of few bits, or of all ones. */
static void next_full(mpfr_ptr x, generator *g, long exponent) {
  long bits = mpfr_get_prec(x), style = next_long(g, 0, 7);
  mpz_t mantissa;
  mpz_init_set_ui(mantissa, 1);
  for (long done = 1; done < bits; done += 64) {
    uint64_t word = style == 0 ? 0 : style == 1 ? UINT64_MAX : next_word(g);
    mpz_mul_2exp(mantissa, mantissa, 64);
    mpz_add_ui(mantissa, mantissa, (unsigned long)word);
  }
  mpfr_set_z_2exp(x, mantissa, 0, MPFR_RNDZ);
  mpfr_set_exp(x, exponent);
  if (next_word(g) & 1)
    mpfr_neg(x, x, MPFR_RNDN);
  mpz_clear(mantissa);
}

/* One sum: x_0 y_0 + ... + x_{n-1} y_{n-1}, exact numbers. */
typedef struct sum {
  mpfr_t x[MOST_TERMS], y[MOST_TERMS];
  long n;
  mpfr_t exact, largest, total; /* the sum; of |x_i y_i|: largest, total */
} sum;

static void sum_init(sum *s, long precision) {
  for (long i = 0; i < MOST_TERMS; i++)
    mpfr_inits2(precision, s->x[i], s->y[i], (mpfr_ptr)0);
  mpfr_init2(s->exact, EXACT_BITS);
  mpfr_inits2(64, s->largest, s->total, (mpfr_ptr)0);
}

static void sum_clear(sum *s) {
  for (long i = 0; i < MOST_TERMS; i++)
    mpfr_clears(s->x[i], s->y[i], (mpfr_ptr)0);
  mpfr_clears(s->exact, s->largest, s->total, (mpfr_ptr)0);
}

static void sum_up(sum *s) {
  mpfr_t term;
  mpfr_init2(term, 2 * mpfr_get_prec(s->x[0]));
  mpfr_set_zero(s->exact, 1);
  mpfr_set_zero(s->largest, 1);
  mpfr_set_zero(s->total, 1);
  for (long i = 0; i < s->n; i++) {
    mpfr_mul(term, s->x[i], s->y[i], MPFR_RNDN);
    ck_assert_int_eq(mpfr_add(s->exact, s->exact, term, MPFR_RNDN), 0);
    mpfr_abs(term, term, MPFR_RNDN);
    mpfr_max(s->largest, s->largest, term, MPFR_RNDU);
    mpfr_add(s->total, s->total, term, MPFR_RNDU);
  }
  mpfr_clear(term);
}

/* far: how far exponents may go. */
static void sum_draw(sum *s, generator *g, int shape, long n, long far) {
  s->n = n;
  for (long i = 0; i < n; i++) {
    long e = shape == SPREAD       ? next_long(g, -far, far)
             : shape == DESCENDING ? far / 2 - 40 * i
                                   : next_long(g, -3, 3);
    long f = shape == SPREAD ? next_long(g, -far, far) : next_long(g, -3, 3);
    next_full(s->x[i], g, e);
    next_full(s->y[i], g, f);
    if (shape == WITH_ZEROS && next_long(g, 0, 2) == 0)
      mpfr_set_zero(next_word(g) & 1 ? s->x[i] : s->y[i],
                    next_word(g) & 1 ? 1 : -1);
    /* the negative of the one before, or that but for the last place */
    if (shape == CANCELLING && i % 2 == 1) {
      mpfr_set(s->x[i], s->x[i - 1], MPFR_RNDN);
      mpfr_neg(s->y[i], s->y[i - 1], MPFR_RNDN);
      if (next_word(g) & 1)
        mpfr_nextabove(s->y[i]);
    }
  }
  sum_up(s);
}

/* The vectors in a context, y reversed; z is new storage with rubbish. */
static void dot_in(fc_ptr z, const sum *s, const fc_ctx *ctx) {
  size_t count = (size_t)s->n + 1;
  fc_ptr x = fc_vec_new(count, ctx), y = fc_vec_new(count, ctx);
  for (long i = 0; i < s->n; i++) {
    fc_set_mpfr(x + i, s->x[i], ctx);
    fc_set_mpfr(y + (s->n - 1 - i), s->y[i], ctx);
  }
  fc_set_si(z, 77, ctx);
  fc_dot_reversed(z, x, s->n > 0 ? y + (s->n - 1) : y, s->n, ctx);
  fc_vec_free(x, count, ctx);
  fc_vec_free(y, count, ctx);
}

/* One unit in the last place of the largest term, and the final rounding. */
static void promised(mpfr_ptr tolerance, const sum *s, long precision) {
  mpfr_t rounding;
  mpfr_init2(rounding, 64);
  mpfr_mul_2si(tolerance, s->largest, 1 - precision, MPFR_RNDU);
  mpfr_abs(rounding, s->exact, MPFR_RNDU);
  mpfr_mul_2si(rounding, rounding, -precision, MPFR_RNDU);
  mpfr_add(tolerance, tolerance, rounding, MPFR_RNDU);
  mpfr_clear(rounding);
}

static void expect_within(const sum *s, fc_srcptr z, const fc_ctx *ctx,
                          mpfr_srcptr tolerance, const char *what) {
  mpfr_t gap;
  mpfr_init2(gap, EXACT_BITS);
  fc_get_mid(gap, z, ctx);
  mpfr_sub(gap, gap, s->exact, MPFR_RNDA);
  mpfr_abs(gap, gap, MPFR_RNDU);
  if (!mpfr_lessequal_p(gap, tolerance)) {
    mpfr_div(gap, gap, tolerance, MPFR_RNDU);
    print_numbers(what, "dot", z, s->exact, ctx);
    ck_abort_msg("%s: %ld terms at %ld bits: off by %g times the promise", what,
                 s->n, ctx->precision, mpfr_get_d(gap, MPFR_RNDU));
  }
  mpfr_clear(gap);
}

static const long lengths[] = {0, 1, 2, 3, 8, 33, MOST_TERMS};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

START_TEST(mpfr_keeps_its_promise) {
  generator g = {0xd07 + (uint64_t)_i};
  fc_ctx ctx[1];
  sum s[1];
  fc_num z;
  mpfr_t tolerance;
  fc_ctx_init_mpfr(ctx, precisions[_i]);
  sum_init(s, precisions[_i]);
  mpfr_init2(tolerance, 64);
  fc_init(z, ctx);
  for (int round = 0; round < (precisions[_i] > 1000 ? 3 : 10); round++)
    for (int shape = 0; shape < SHAPES; shape++)
      for (size_t k = 0; k < LENGTHS; k++) {
        sum_draw(s, &g, shape, lengths[k], FAR);
        dot_in(z, s, ctx);
        promised(tolerance, s, precisions[_i]);
        expect_within(s, z, ctx, tolerance, shape_names[shape]);
      }
  fc_clear(z, ctx);
  mpfr_clear(tolerance);
  sum_clear(s);
}
END_TEST

/* Plain sums of n products: n units of the sum of their sizes. */
START_TEST(binary64_loses_little) {
  generator g = {0xd07d};
  fc_ctx ctx[1];
  sum s[1];
  fc_num z;
  mpfr_t tolerance;
  fc_ctx_init_double(ctx);
  sum_init(s, 53);
  mpfr_init2(tolerance, 64);
  fc_init(z, ctx);
  for (int round = 0; round < 20; round++)
    for (int shape = 0; shape < SHAPES; shape++)
      for (size_t k = 0; k < LENGTHS; k++) {
        sum_draw(s, &g, shape, lengths[k], 200);
        dot_in(z, s, ctx);
        mpfr_mul_si(tolerance, s->total, lengths[k], MPFR_RNDU);
        mpfr_mul_2si(tolerance, tolerance, -53, MPFR_RNDU);
        expect_within(s, z, ctx, tolerance, shape_names[shape]);
      }
  fc_clear(z, ctx);
  mpfr_clear(tolerance);
  sum_clear(s);
}
END_TEST

/* Real and complex balls contain the sum, and are as small as that of terms
 * added one by one in rounding that is no worse. */
START_TEST(balls_contain) {
  generator g = {0xba11 + (uint64_t)_i};
  fc_ctx list[2];
  sum s[1];
  if (!fc_have_arb())
    return;
  ck_assert_int_eq(fc_ctx_init_arb(list, precisions[_i], NULL), FC_OK);
  ck_assert_int_eq(fc_ctx_init_acb(list + 1, precisions[_i], NULL), FC_OK);
  sum_init(s, precisions[_i]);
  for (int shape = 0; shape < SHAPES; shape++)
    for (size_t k = 0; k < LENGTHS; k++) {
      sum_draw(s, &g, shape, lengths[k], FAR);
      for (int c = 0; c < 2; c++) {
        mpfr_t rad, limit;
        fc_num z;
        mpfr_inits2(64, rad, limit, (mpfr_ptr)0);
        fc_init(z, list + c);
        dot_in(z, s, list + c);
        fc_get_rad(rad, z, list + c);
        expect_within(s, z, list + c, rad, shape_names[shape]);
        mpfr_mul_si(limit, s->total, 8, MPFR_RNDU);
        mpfr_mul_2si(limit, limit, -precisions[_i], MPFR_RNDU);
        ck_assert(mpfr_lessequal_p(rad, limit));
        fc_clear(z, list + c);
        mpfr_clears(rad, limit, (mpfr_ptr)0);
      }
    }
  sum_clear(s);
}
END_TEST

/* Wide balls: the sum at points drawn inside lies inside. */
START_TEST(balls_contain_every_point) {
  generator g = {0x31de};
  fc_ctx ctx[1], exact[1];
  enum { N = 9 };
  if (!fc_have_arb())
    return;
  ck_assert_int_eq(fc_ctx_init_arb(ctx, 64, NULL), FC_OK);
  fc_ctx_init_mpfr(exact, 4000);
  for (int round = 0; round < 100; round++) {
    fc_ptr balls = fc_vec_new(2 * N, ctx), points = fc_vec_new(2 * N, exact);
    fc_num z, inside;
    mpfr_t low, high, point;
    mpfr_inits2(200, low, high, point, (mpfr_ptr)0);
    fc_init(z, ctx);
    fc_init(inside, exact);
    for (int i = 0; i < 2 * N; i++) {
      next_dyadic(low, &g, 50, -20, 20);
      next_dyadic(high, &g, 50, -30, 10);
      mpfr_abs(high, high, MPFR_RNDN);
      mpfr_mul_si(point, high, next_long(&g, 0, 64), MPFR_RNDN);
      mpfr_div_2ui(point, point, 6, MPFR_RNDN);
      mpfr_add(point, point, low, MPFR_RNDN);
      mpfr_add(high, high, low, MPFR_RNDN);
      fc_set_interval(balls + i, low, high, ctx);
      fc_set_mpfr(points + i, point, exact);
    }
    fc_dot_reversed(z, balls, balls + 2 * N - 1, N, ctx);
    fc_dot_reversed(inside, points, points + 2 * N - 1, N, exact);
    mpfr_set_prec(point, 4000);
    fc_get_mid(point, inside, exact);
    ck_assert_msg(contains(z, point, ctx), "round %d", round);
    mpfr_clears(low, high, point, (mpfr_ptr)0);
    fc_clear(z, ctx);
    fc_clear(inside, exact);
    fc_vec_free(balls, 2 * N, ctx);
    fc_vec_free(points, 2 * N, exact);
  }
}
END_TEST

/* Vectors of series: coefficient k is a sum of products of coefficients, here
 * of small integers, so that every context knows it exactly. */
START_TEST(series_by_integers) {
  generator g = {0x5e71};
  contexts c;
  enum { N = 5, L = SERIES_LENGTH };
  contexts_init(&c, 64);
  for (size_t k = c.count / 2; k < c.count; k++) {
    const fc_ctx *ctx = &c.list[k];
    long a[N][L], b[N][L];
    fc_ptr x = fc_vec_new(N, ctx), y = fc_vec_new(N, ctx);
    fc_num z;
    fc_init(z, ctx);
    for (int i = 0; i < N; i++)
      for (int j = 0; j < L; j++) {
        a[i][j] = next_long(&g, -99, 99);
        b[i][j] = next_long(&g, -99, 99);
        fc_set_si(fc_series_coeff(x + i, j), a[i][j], ctx->base);
        fc_set_si(fc_series_coeff(y + N - 1 - i, j), b[i][j], ctx->base);
      }
    fc_dot_reversed(z, x, y + N - 1, N, ctx);
    for (int j = 0; j < L; j++) {
      long wanted = 0;
      for (int i = 0; i < N; i++)
        for (int m = 0; m <= j; m++)
          wanted += a[i][m] * b[i][j - m];
      ck_assert_msg(fc_get_d(fc_series_coeff_src(z, j), ctx->base) ==
                        (double)wanted,
                    "%s, coefficient %d", c.names[k], j);
    }
    fc_vec_free(x, N, ctx);
    fc_vec_free(y, N, ctx);
    fc_clear(z, ctx);
  }
}
END_TEST

/* --- values that are no numbers --------------------------------------------
 */

/* x and y of doubles; what the double arithmetic says is what all say. */
static void expect_special(const double *x, const double *y, long n) {
  contexts c;
  contexts_init(&c, 128);
  double wanted = 0;
  for (long i = 0; i < n; i++)
    wanted += x[i] * y[i];
  for (size_t k = 0; k < 3 && k < c.count / 2; k++) {
    const fc_ctx *ctx = &c.list[k];
    fc_ptr u = fc_vec_new((size_t)n, ctx), v = fc_vec_new((size_t)n, ctx);
    fc_num z;
    fc_init(z, ctx);
    for (long i = 0; i < n; i++) {
      fc_set_d(u + i, x[i], ctx);
      fc_set_d(v + (n - 1 - i), y[i], ctx);
    }
    fc_dot_reversed(z, u, v + (n - 1), n, ctx);
    double got = fc_get_d(z, ctx);
    if (ctx->kind == FC_ARB)
      ck_assert_msg(fc_is_finite(z, ctx) == (isfinite(wanted) != 0),
                    "a ball of %g", wanted);
    else
      ck_assert_msg(isnan(wanted) ? isnan(got) : got == wanted,
                    "%s: got %g, wanted %g", c.names[k], got, wanted);
    fc_clear(z, ctx);
    fc_vec_free(u, (size_t)n, ctx);
    fc_vec_free(v, (size_t)n, ctx);
  }
}

START_TEST(hostile_values) {
  const double values[] = {NAN, INFINITY, -INFINITY, 0, -0.0, 1, -3};
  enum { V = sizeof values / sizeof *values };
  for (int i = 0; i < V; i++)
    for (int j = 0; j < V; j++)
      for (int k = 0; k < V; k++) {
        double x[3] = {2, values[i], 1}, y[3] = {5, values[j], values[k]};
        expect_special(x, y, 3);
        expect_special(x + 1, y + 1, 2);
        expect_special(x + 1, y + 1, 1);
      }
}
END_TEST

/* An empty sum is zero, and so is a sum of zeros; also a sum that cancels
 * altogether. */
START_TEST(exact_zeros) {
  contexts c;
  contexts_init(&c, 65);
  for (size_t k = 0; k < c.count; k++) {
    const fc_ctx *ctx = &c.list[k];
    fc_ptr x = fc_vec_new(4, ctx), y = fc_vec_new(4, ctx);
    fc_num z;
    fc_init(z, ctx);
    fc_set_si(z, 5, ctx);
    fc_dot_reversed(z, x, y + 3, 0, ctx);
    ck_assert_msg(fc_is_zero(z, ctx) == FC_TRUE, "%s", c.names[k]);
    fc_set_si(z, 5, ctx);
    fc_dot_reversed(z, x, y + 3, 4, ctx);
    ck_assert_msg(fc_is_zero(z, ctx) == FC_TRUE, "%s", c.names[k]);
    for (int i = 0; i < 4; i++) {
      fc_set_si(x + i, 3, ctx);
      fc_set_si(y + i, i % 2 ? 7 : -7, ctx);
    }
    fc_dot_reversed(z, x, y + 3, 4, ctx);
    ck_assert_msg(fc_is_zero(z, ctx) == FC_TRUE, "%s", c.names[k]);
    /* The same vector twice is no aliasing: the output is another. */
    fc_dot_reversed(z, x, x + 3, 4, ctx);
    ck_assert_msg(fc_get_d(z, ctx) == 36, "%s", c.names[k]);
    fc_clear(z, ctx);
    fc_vec_free(x, 4, ctx);
    fc_vec_free(y, 4, ctx);
  }
}
END_TEST

/* Thousands of terms of one sign, each rounded down by the most: the error does
 * not grow with their number. */
START_TEST(many_terms) {
  generator g = {0x1065};
  fc_ctx ctx[1];
  fc_num z;
  mpfr_t exact, term, unit;
  long precision = precisions[_i];
  fc_ctx_init_mpfr(ctx, precision);
  fc_ptr x = fc_vec_new(LONG_SUM, ctx), y = fc_vec_new(LONG_SUM, ctx);
  fc_init(z, ctx);
  mpfr_inits2(2 * precision + 200, exact, term, (mpfr_ptr)0);
  mpfr_init2(unit, precision);
  mpfr_set_zero(exact, 1);
  for (long i = 0; i < LONG_SUM; i++) {
    fc_ptr factors[2] = {x + i, y + (LONG_SUM - 1 - i)};
    mpfr_set_ui(term, 1, MPFR_RNDN);
    for (int k = 0; k < 2; k++) {
      next_full(unit, &g, i % 3 == 2 ? -20 : 0);
      mpfr_abs(unit, unit, MPFR_RNDN);
      fc_set_mpfr(factors[k], unit, ctx);
      mpfr_mul(term, term, unit, MPFR_RNDN);
    }
    mpfr_add(exact, exact, term, MPFR_RNDN);
  }
  fc_dot_reversed(z, x, y + (LONG_SUM - 1), LONG_SUM, ctx);
  fc_get_mid(term, z, ctx);
  mpfr_sub(term, term, exact, MPFR_RNDA);
  mpfr_div(term, term, exact, MPFR_RNDA);
  mpfr_abs(term, term, MPFR_RNDU);
  mpfr_mul_2si(term, term, precision, MPFR_RNDU);
  ck_assert_msg(mpfr_cmp_d(term, 1.001) <= 0,
                "%d terms at %ld bits: off by %g half units", LONG_SUM,
                precision, mpfr_get_d(term, MPFR_RNDU));
  mpfr_clears(exact, term, unit, (mpfr_ptr)0);
  fc_clear(z, ctx);
  fc_vec_free(x, LONG_SUM, ctx);
  fc_vec_free(y, LONG_SUM, ctx);
}
END_TEST

/* Exponents at the ends of MPFR's range: sums of exponents, shifts between them
 * and results beyond the range. */
START_TEST(ends_of_the_exponent_range) {
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, 100);
  fc_ptr x = fc_vec_new(2, ctx), y = fc_vec_new(2, ctx);
  fc_num z;
  mpfr_t end;
  fc_init(z, ctx);
  mpfr_init2(end, 100);
  for (int big = 0; big < 2; big++) {
    mpfr_set_ui(end, 1, MPFR_RNDN);
    mpfr_set_exp(end, big ? mpfr_get_emax() : mpfr_get_emin());
    for (int i = 0; i < 2; i++) {
      fc_set_mpfr(x + i, end, ctx);
      fc_set_mpfr(y + i, end, ctx);
    }
    fc_dot_reversed(z, x, y + 1, 2, ctx);
    double got = fc_get_d(z, ctx);
    ck_assert_msg(big ? isinf(got) && got > 0 : got == 0, "got %g", got);
    /* huge + tiny = huge */
    fc_set_si(x, 3, ctx);
    fc_set_si(y + 1, 5, ctx);
    fc_dot_reversed(z, x, y + 1, 2, ctx);
    got = fc_get_d(z, ctx);
    ck_assert_msg(big ? isinf(got) && got > 0 : got == 15, "got %g", got);
  }
  mpfr_clear(end);
  fc_clear(z, ctx);
  fc_vec_free(x, 2, ctx);
  fc_vec_free(y, 2, ctx);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("dot");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_loop_test(all, mpfr_keeps_its_promise, 0, PRECISIONS);
  tcase_add_test(all, binary64_loses_little);
  tcase_add_loop_test(all, balls_contain, 0, PRECISIONS);
  tcase_add_test(all, balls_contain_every_point);
  tcase_add_test(all, series_by_integers);
  tcase_add_test(all, hostile_values);
  tcase_add_test(all, exact_zeros);
  tcase_add_loop_test(all, many_terms, 0, PRECISIONS);
  tcase_add_test(all, ends_of_the_exponent_range);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
