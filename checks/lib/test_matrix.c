/* lib/matrix: factorisation and eigenvalues.
 *
 * Judge: matrices with integer entries made from known answers by integer
 * arithmetic, A = L L^T and A = n^2 H diag(lambda) H with the reflection
 * H = I - 2 v v^T / n, n = v^T v. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "matrix/matrix.h"
#include "numbers.h"

#define D 5 /* largest dimension */

static void load(fc_ptr z, const long *a, size_t count, const fc_ctx *ctx) {
  for (size_t i = 0; i < count; i++)
    fc_set_si(z + i, a[i], ctx);
}

/* Balls contain the integer; other numbers are within 2^slack units of the
 * given size. */
static bool is_value(fc_srcptr x, long value, double size, int slack,
                     const fc_ctx *ctx) {
  mpfr_t reference;
  mpfr_init2(reference, 64);
  mpfr_set_si(reference, value, MPFR_RNDN);
  const fc_ctx *base = ctx->kind == FC_SERIES ? ctx->base : ctx;
  bool balls = base->kind == FC_ARB || base->kind == FC_ACB;
  fc_num c, v;
  fc_init(c, ctx);
  fc_init(v, ctx);
  fc_set_si(v, value, ctx);
  fc_sub(c, x, v, ctx);
  bool near =
      fabs(fc_get_d(c, ctx)) <= size * ldexp(1, slack - (int)ctx->precision);
  bool fine =
      near && (!balls || ctx->kind == FC_SERIES || contains(x, reference, ctx));
  if (!fine)
    print_numbers("value", "", x, reference, ctx);
  mpfr_clear(reference);
  fc_clear(c, ctx);
  fc_clear(v, ctx);
  return fine;
}

/* --- Cholesky --------------------------------------------------------------
 */

/* l lower triangular with diagonal 1..9; a = l l^T */
static void draw_factor(long *l, long *a, size_t d, generator *g) {
  memset(l, 0, d * d * sizeof *l);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j <= i; j++)
      l[i * d + j] = i == j ? next_long(g, 1, 9) : next_long(g, -9, 9);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      a[i * d + j] = 0;
      for (size_t k = 0; k < d; k++)
        a[i * d + j] += l[i * d + k] * l[j * d + k];
    }
}

static void judge_factor(const long *l, const long *a, size_t d,
                         const fc_ctx *ctx) {
  fc_ptr x = fc_vec_new(d * d, ctx);
  load(x, a, d * d, ctx);
  for (size_t i = 0; i < d; i++) /* the upper triangle is not read */
    for (size_t j = i + 1; j < d; j++)
      fc_set_d(x + i * d + j, NAN, ctx);
  ck_assert_int_eq(fc_matrix_cholesky(x, x, d, ctx), FC_OK);
  for (size_t i = 0; i < d * d; i++)
    ck_assert(is_value(x + i, l[i], 10, 24, ctx));
  fc_vec_free(x, d * d, ctx);
}

/* A x = y for an integer x; A A^-1 = I */
static void judge_solution(const long *a, size_t d, generator *g,
                           const fc_ctx *ctx) {
  fc_ptr m = fc_vec_new(d * d, ctx), l = fc_vec_new(d * d, ctx);
  fc_ptr inverse = fc_vec_new(d * d, ctx), y = fc_vec_new(d, ctx);
  long x[D], image;
  load(m, a, d * d, ctx);
  for (size_t i = 0; i < d; i++)
    x[i] = next_long(g, -9, 9);
  for (size_t i = 0; i < d; i++) {
    image = 0;
    for (size_t j = 0; j < d; j++)
      image += a[i * d + j] * x[j];
    fc_set_si(y + i, image, ctx);
  }
  ck_assert_int_eq(fc_matrix_cholesky(l, m, d, ctx), FC_OK);
  fc_matrix_cholesky_solve(y, l, y, d, ctx);
  for (size_t i = 0; i < d; i++)
    ck_assert(is_value(y + i, x[i], 10, 40, ctx));
  fc_matrix_cholesky_inverse(inverse, l, d, ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      fc_set_si(y, 0, ctx);
      for (size_t k = 0; k < d; k++)
        fc_addmul(y, m + i * d + k, inverse + k * d + j, ctx);
      ck_assert(is_value(y, i == j, 10, 40, ctx));
    }
  fc_vec_free(m, d * d, ctx);
  fc_vec_free(l, d * d, ctx);
  fc_vec_free(inverse, d * d, ctx);
  fc_vec_free(y, d, ctx);
}

START_TEST(test_cholesky) {
  generator g = {100};
  contexts c;
  contexts_init(&c, 120);
  for (int trial = 0; trial < 60; trial++) {
    size_t d = (size_t)next_long(&g, 1, D);
    long l[D * D], a[D * D];
    draw_factor(l, a, d, &g);
    for (size_t k = 0; k < c.count; k++) {
      const fc_ctx *base =
          c.list[k].kind == FC_SERIES ? c.list[k].base : &c.list[k];
      if (base->kind == FC_ACB)
        continue; /* no order, no pivots */
      judge_factor(l, a, d, &c.list[k]);
      if (base->precision > 53) /* conditions up to 2^40 occur */
        judge_solution(a, d, &g, &c.list[k]);
    }
  }
}
END_TEST

/* [[4, 2h], [2h, 5 + h^2]] = L L^T with L = [[2, 0], [h, sqrt 5]] */
START_TEST(test_cholesky_of_series) {
  contexts c;
  contexts_init(&c, 64);
  for (size_t k = c.count / 2; k < c.count; k++) {
    const fc_ctx *ctx = &c.list[k];
    if (ctx->base->kind == FC_ACB)
      continue;
    fc_ptr a = fc_vec_new(4, ctx);
    fc_set_si(a, 4, ctx);
    fc_set_si(fc_series_coeff(a + 2, 1), 2, ctx->base);
    fc_set_si(a + 3, 5, ctx);
    fc_set_si(fc_series_coeff(a + 3, 2), 1, ctx->base);
    ck_assert_int_eq(fc_matrix_cholesky(a, a, 2, ctx), FC_OK);
    ck_assert_double_eq(fc_get_d(a, ctx), 2);
    ck_assert_double_eq(fc_get_d(a + 1, ctx), 0);
    ck_assert_double_eq(fc_get_d(fc_series_coeff(a + 2, 1), ctx->base), 1);
    ck_assert_double_eq_tol(fc_get_d(a + 3, ctx), 2.2360679774997897, 1e-15);
    for (long i = 1; i < ctx->length; i++)
      ck_assert_double_eq_tol(fc_get_d(fc_series_coeff(a + 3, i), ctx->base), 0,
                              1e-15);
    fc_vec_free(a, 4, ctx);
  }
}
END_TEST

START_TEST(test_cholesky_refuses) {
  static const long indefinite[4] = {1, 2, 2, 1}, singular[4] = {1, 1, 1, 1};
  contexts c;
  contexts_init(&c, 64);
  for (size_t k = 0; k < c.count; k++) {
    const fc_ctx *ctx = &c.list[k];
    fc_ptr a = fc_vec_new(4, ctx);
    load(a, indefinite, 4, ctx);
    ck_assert_int_eq(fc_matrix_cholesky(a, a, 2, ctx), FC_DOMAIN);
    load(a, singular, 4, ctx);
    ck_assert_int_eq(fc_matrix_cholesky(a, a, 2, ctx), FC_DOMAIN);
    load(a, singular, 4, ctx);
    fc_set_d(a + 2, NAN, ctx);
    ck_assert_int_eq(fc_matrix_cholesky(a, a, 2, ctx), FC_DOMAIN);
    fc_set_inf(a, 1, ctx);
    ck_assert_int_eq(fc_matrix_cholesky(a, a, 2, ctx), FC_DOMAIN);
    fc_vec_free(a, 4, ctx);
  }
}
END_TEST

/* --- eigenvalues
 * -------------------------------------------------------------- */

typedef struct spectrum {
  size_t d;
  long a[D * D];       /* n^2 H diag(lambda) H */
  long values[D];      /* n^2 lambda, ascending */
  long vectors[D * D]; /* n H: row i belongs to values[i] */
} spectrum;

static void ascending(long *x, size_t count) {
  for (size_t i = 1; i < count; i++)
    for (size_t j = i; j > 0 && x[j] < x[j - 1]; j--) {
      long keep = x[j];
      x[j] = x[j - 1];
      x[j - 1] = keep;
    }
}

/* lambda in -range..range: with a small range multiple eigenvalues abound */
static void draw_spectrum(spectrum *s, generator *g, long range) {
  size_t d = s->d = (size_t)next_long(g, 1, D);
  long lambda[D], v[D], n = 0, *h = s->vectors;
  for (size_t i = 0; i < d; i++) {
    lambda[i] = next_long(g, -range, range);
    v[i] = next_long(g, -3, 3);
    n += v[i] * v[i];
  }
  if (n == 0)
    n = v[0] = 1;
  ascending(lambda, d);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      h[i * d + j] = (i == j ? n : 0) - 2 * v[i] * v[j];
  for (size_t i = 0; i < d; i++) {
    s->values[i] = n * n * lambda[i];
    for (size_t j = 0; j < d; j++) {
      s->a[i * d + j] = 0;
      for (size_t k = 0; k < d; k++)
        s->a[i * d + j] += h[i * d + k] * lambda[k] * h[k * d + j];
    }
  }
}

static double largest(const long *x, size_t count) {
  double size = 1;
  for (size_t i = 0; i < count; i++)
    size = fmax(size, fabs((double)x[i]));
  return size;
}

/* Rows of v: orthonormal, and A v_i = values_i v_i. */
static void judge_vectors(fc_srcptr v, fc_srcptr values, fc_srcptr a, size_t d,
                          double size, const fc_ctx *ctx) {
  fc_num sum;
  fc_init(sum, ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      fc_set_si(sum, -(long)(i == j), ctx);
      for (size_t k = 0; k < d; k++)
        fc_addmul(sum, v + i * d + k, v + j * d + k, ctx);
      ck_assert_double_le(fabs(fc_get_d(sum, ctx)),
                          ldexp(1, 8 - (int)ctx->precision));
      fc_mul(sum, values + i, v + i * d + j, ctx);
      for (size_t k = 0; k < d; k++)
        fc_submul(sum, a + j * d + k, v + i * d + k, ctx);
      ck_assert_double_le(fabs(fc_get_d(sum, ctx)),
                          size * ldexp(1, 8 - (int)ctx->precision));
    }
  fc_clear(sum, ctx);
}

static void judge_spectrum(const spectrum *s, const fc_ctx *ctx) {
  size_t d = s->d;
  fc_ptr a = fc_vec_new(d * d, ctx), v = fc_vec_new(d * d, ctx);
  fc_ptr values = fc_vec_new(d, ctx), alone = fc_vec_new(d, ctx);
  double size = largest(s->values, d);
  load(a, s->a, d * d, ctx);
  ck_assert_int_eq(fc_matrix_eigen(values, v, a, d, ctx), FC_OK);
  for (size_t i = 0; i < d; i++)
    ck_assert(is_value(values + i, s->values[i], size, 8, ctx));
  judge_vectors(v, values, a, d, size, ctx);
  ck_assert_int_eq(fc_matrix_eigen(alone, NULL, a, d, ctx), FC_OK);
  for (size_t i = 0; i < d; i++) {
    ck_assert(identical(alone + i, values + i, ctx));
    load(v, s->vectors + i * d, d, ctx);
    fc_matrix_rayleigh(alone + i, a, v, d, ctx);
    ck_assert(is_value(alone + i, s->values[i], size, 4, ctx));
  }
  fc_vec_free(a, d * d, ctx);
  fc_vec_free(v, d * d, ctx);
  fc_vec_free(values, d, ctx);
  fc_vec_free(alone, d, ctx);
}

START_TEST(test_eigenvalues) {
  generator g = {200};
  for (int trial = 0; trial < 200; trial++) {
    contexts c;
    spectrum s;
    contexts_init(&c, trial % 2 == 0 ? 64 : 200);
    draw_spectrum(&s, &g, trial % 3 == 0 ? 1 : 50);
    for (size_t k = 0; k < c.count / 2; k++)
      if (c.list[k].kind != FC_ACB)
        judge_spectrum(&s, &c.list[k]);
  }
}
END_TEST

/* Balls about an inner matrix: its eigenvalues, in order, lie in the
 * enclosures, and these are not much wider than the balls (Weyl: d times the
 * radius). */
START_TEST(test_eigenvalues_of_ball_matrices) {
  generator g = {300};
  fc_ctx ctx[1];
  mpfr_t low, high;
  if (fc_ctx_init_arb(ctx, 100, NULL) != FC_OK)
    return;
  mpfr_init2(low, 100);
  mpfr_init2(high, 100);
  for (int trial = 0; trial < 300; trial++) {
    spectrum s;
    draw_spectrum(&s, &g, trial % 3 == 0 ? 1 : 50);
    size_t d = s.d;
    fc_ptr a = fc_vec_new(d * d, ctx), values = fc_vec_new(d, ctx);
    double width = ldexp(1, (int)next_long(&g, -30, 8));
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j <= i; j++) {
        double below = (double)next_long(&g, 0, 4) / 4;
        mpfr_set_d(low, (double)s.a[i * d + j] - below * width, MPFR_RNDD);
        mpfr_add_d(high, low, width, MPFR_RNDU);
        fc_set_interval(a + i * d + j, low, high, ctx);
      }
    ck_assert_int_eq(fc_matrix_eigen(values, NULL, a, d, ctx), FC_OK);
    for (size_t i = 0; i < d; i++) {
      mpfr_set_si(low, s.values[i], MPFR_RNDN);
      bool fine = contains(values + i, low, ctx);
      if (!fine)
        print_numbers("eigenvalue", "balls", values + i, low, ctx);
      ck_assert_msg(fine, "trial %d, eigenvalue %d", trial, (int)i);
      fc_get_rad(high, values + i, ctx);
      /* a chain of overlapping discs may span all of them */
      ck_assert_double_le(mpfr_get_d(high, MPFR_RNDN),
                          (double)(2 * d * d) * (width + 1e-18));
    }
    fc_vec_free(a, d * d, ctx);
    fc_vec_free(values, d, ctx);
  }
  mpfr_clears(low, high, (mpfr_ptr)0);
}
END_TEST

/* Discs of unlike radius that overlap: with e = 2^-10 and a12 = a13 = 1 within
 * [-1, 1] the eigenvalues are e and (e +- sqrt(e^2 + 8))/2, of which the last
 * lies in the disc of the first row alone. */
START_TEST(test_overlapping_discs) {
  fc_ctx ctx[1];
  mpfr_t low, high;
  if (fc_ctx_init_arb(ctx, 100, NULL) != FC_OK)
    return;
  fc_ptr a = fc_vec_new(9, ctx), values = fc_vec_new(3, ctx);
  mpfr_init2(low, 1200);
  mpfr_init2(high, 1200);
  mpfr_set_si(low, -1, MPFR_RNDN);
  mpfr_set_si(high, 1, MPFR_RNDN);
  fc_set_interval(a + 3, low, high, ctx);
  fc_set_interval(a + 6, low, high, ctx);
  fc_set_d(a + 4, 0x1p-10, ctx);
  fc_set_d(a + 8, 0x1p-10, ctx);
  ck_assert_int_eq(fc_matrix_eigen(values, NULL, a, 3, ctx), FC_OK);
  mpfr_set_d(low, 0x1p-20, MPFR_RNDN);
  mpfr_add_ui(low, low, 8, MPFR_RNDN);
  mpfr_sqrt(low, low, MPFR_RNDN);
  for (int sign = -1; sign <= 1; sign++) {
    mpfr_mul_si(high, low, sign, MPFR_RNDN);
    mpfr_add_d(high, high, 0x1p-10, MPFR_RNDN);
    if (sign == 0)
      mpfr_set_d(high, 0x1p-9, MPFR_RNDN);
    mpfr_div_2ui(high, high, 1, MPFR_RNDN);
    ck_assert_msg(contains(values + 1 + sign, high, ctx), "eigenvalue %d",
                  1 + sign);
  }
  mpfr_clears(low, high, (mpfr_ptr)0);
  fc_vec_free(a, 9, ctx);
  fc_vec_free(values, 3, ctx);
}
END_TEST

/* Scaling by a power of two scales the eigenvalues exactly, however far. */
START_TEST(test_eigenvalues_scale) {
  generator g = {400};
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  for (int trial = 0; trial < 60; trial++) {
    spectrum s;
    draw_spectrum(&s, &g, 50);
    long shift = trial % 2 == 0 ? 990 : -990;
    size_t d = s.d;
    fc_ptr a = fc_vec_new(d * d, ctx), x = fc_vec_new(d, ctx);
    fc_ptr y = fc_vec_new(d, ctx);
    load(a, s.a, d * d, ctx);
    ck_assert_int_eq(fc_matrix_eigen(x, NULL, a, d, ctx), FC_OK);
    for (size_t i = 0; i < d * d; i++)
      fc_mul_2exp_si(a + i, a + i, shift, ctx);
    ck_assert_int_eq(fc_matrix_eigen(y, NULL, a, d, ctx), FC_OK);
    for (size_t i = 0; i < d; i++) {
      ck_assert(fc_is_finite(y + i, ctx));
      fc_mul_2exp_si(x + i, x + i, shift, ctx);
      ck_assert_double_eq(fc_get_d(x + i, ctx), fc_get_d(y + i, ctx));
    }
    fc_vec_free(a, d * d, ctx);
    fc_vec_free(x, d, ctx);
    fc_vec_free(y, d, ctx);
  }
}
END_TEST

START_TEST(test_eigen_refuses) {
  contexts c;
  contexts_init(&c, 64);
  for (size_t k = 0; k < c.count; k++) {
    const fc_ctx *ctx = &c.list[k];
    bool unsupported = ctx->kind == FC_ACB || ctx->kind == FC_SERIES;
    fc_ptr a = fc_vec_new(4, ctx), values = fc_vec_new(2, ctx);
    fc_set_d(a + 2, NAN, ctx);
    ck_assert_int_eq(fc_matrix_eigen(values, NULL, a, 2, ctx),
                     unsupported ? FC_UNSUPPORTED : FC_DOMAIN);
    fc_set_inf(a + 2, 1, ctx);
    ck_assert_int_eq(fc_matrix_eigen(values, NULL, a, 2, ctx),
                     unsupported ? FC_UNSUPPORTED : FC_DOMAIN);
    ck_assert_int_eq(fc_matrix_eigen(values, NULL, a, 0, ctx), FC_SHAPE);
    fc_set_si(a, -7, ctx);
    ck_assert_int_eq(fc_matrix_eigen(values, a + 1, a, 1, ctx), FC_OK);
    ck_assert_double_eq(fc_get_d(values, ctx), -7);
    ck_assert_double_eq(fc_get_d(a + 1, ctx), 1);
    fc_vec_zero(a, 4, ctx);
    if (!unsupported) {
      ck_assert_int_eq(fc_matrix_eigen(values, NULL, a, 2, ctx), FC_OK);
      ck_assert_int_eq(fc_is_zero(values, ctx), FC_TRUE);
    }
    fc_vec_free(a, 4, ctx);
    fc_vec_free(values, 2, ctx);
  }
}
END_TEST

/* --- roots of ball matrices ------------------------------------------------
 */

/* The root of B^2 contains B, B = L L^T of integers; narrowly. */
START_TEST(test_root_encloses) {
  fc_ctx ctx;
  generator g = {41};
  if (!fc_have_arb())
    return;
  for (int trial = 0; trial < 200; trial++) {
    size_t d = 1 + (size_t)trial % D;
    long l[D * D], b[D * D];
    mpfr_t entry, radius;
    ck_assert_int_eq(fc_ctx_init_arb(&ctx, 64 + 40 * (trial % 5), NULL), FC_OK);
    draw_factor(l, b, d, &g);
    fc_ptr a = fc_vec_new(d * d, &ctx), root = fc_vec_new(d * d, &ctx);
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j < d; j++) {
        long sum = 0;
        for (size_t k = 0; k < d; k++)
          sum += b[i * d + k] * b[k * d + j];
        fc_set_si(a + i * d + j, sum, &ctx);
      }
    ck_assert_int_eq(fc_matrix_root_enclosed(root, a, d, &ctx), FC_OK);
    mpfr_init2(entry, 64);
    mpfr_init2(radius, 64);
    for (size_t i = 0; i < d * d; i++) {
      mpfr_set_si(entry, b[i], MPFR_RNDN);
      if (!contains(root + i, entry, &ctx))
        ck_abort_msg("trial %d: entry %zu does not contain %ld", trial, i,
                     b[i]);
      fc_get_rad(radius, root + i, &ctx);
      ck_assert_double_le(mpfr_get_d(radius, MPFR_RNDU),
                          ldexp(1, 40 - (int)ctx.precision));
    }
    mpfr_clear(entry);
    mpfr_clear(radius);
    fc_vec_free(a, d * d, &ctx);
    fc_vec_free(root, d * d, &ctx);
  }
}
END_TEST

START_TEST(test_root_refuses) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 64);
  fc_ptr a = fc_vec_new(4, &ctx), root = fc_vec_new(4, &ctx);
  ck_assert_int_eq(fc_matrix_root_enclosed(root, a, 2, &ctx), FC_UNSUPPORTED);
  fc_vec_free(a, 4, &ctx);
  fc_vec_free(root, 4, &ctx);
  if (fc_ctx_init_arb(&ctx, 64, NULL) != FC_OK)
    return;
  a = fc_vec_new(4, &ctx);
  root = fc_vec_new(4, &ctx);
  fc_set_si(a, 1, &ctx); /* indefinite */
  fc_set_si(a + 2, 2, &ctx);
  fc_set_si(a + 3, 1, &ctx);
  ck_assert_int_eq(fc_matrix_root_enclosed(root, a, 2, &ctx), FC_DOMAIN);
  fc_vec_free(a, 4, &ctx);
  fc_vec_free(root, 4, &ctx);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("matrix");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_test(all, test_cholesky);
  tcase_add_test(all, test_cholesky_of_series);
  tcase_add_test(all, test_cholesky_refuses);
  tcase_add_test(all, test_eigenvalues);
  tcase_add_test(all, test_eigenvalues_of_ball_matrices);
  tcase_add_test(all, test_overlapping_discs);
  tcase_add_test(all, test_eigenvalues_scale);
  tcase_add_test(all, test_eigen_refuses);
  tcase_add_test(all, test_root_encloses);
  tcase_add_test(all, test_root_refuses);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
