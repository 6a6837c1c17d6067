/* lib/arith: scalars in every context.
 *
 * Judges: MPFR's own functions at 1200 bits (each at a point where the tested
 * arithmetic has 24 to 300 bits), exact rational arithmetic (GMP), Laplace's
 * continued fraction for erfcx, and written-down values. */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "numbers.h"
#ifdef FC_HAVE_ARB
#include "arith_complex.h"
#endif

typedef void (*unary_op)(fc_ptr, fc_srcptr, const fc_ctx *);
typedef void (*binary_op)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *);
typedef void (*mixed_op)(fc_ptr, fc_srcptr, long, const fc_ctx *);

/* --- references of functions of one variable ------------------------------ */

static void reference_inv(mpfr_ptr z, mpfr_srcptr x) {
  mpfr_ui_div(z, 1, x, MPFR_RNDN);
}

/* 1/sqrt(pi) 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ...)))) for x > 0 */
static void continued_fraction(mpfr_ptr z, mpfr_srcptr x, long depth) {
  mpfr_set(z, x, MPFR_RNDN);
  for (long k = depth; k >= 1; k--) {
    mpfr_si_div(z, k, z, MPFR_RNDN);
    mpfr_div_2ui(z, z, 1, MPFR_RNDN);
    mpfr_add(z, z, x, MPFR_RNDN);
  }
  mpfr_t root;
  mpfr_init2(root, mpfr_get_prec(z));
  mpfr_const_pi(root, MPFR_RNDN);
  mpfr_sqrt(root, root, MPFR_RNDN);
  mpfr_mul(z, z, root, MPFR_RNDN);
  mpfr_ui_div(z, 1, z, MPFR_RNDN);
  mpfr_clear(root);
}

static void reference_erfcx(mpfr_ptr z, mpfr_srcptr x) {
  if (mpfr_cmp_si(x, 30) > 0) {
    continued_fraction(z, x, 3000);
    return;
  }
  mpfr_t square, y;
  mpfr_init2(square, 2 * mpfr_get_prec(z));
  mpfr_init2(y, 2 * mpfr_get_prec(z));
  mpfr_sqr(square, x, MPFR_RNDN);
  mpfr_exp(square, square, MPFR_RNDN);
  mpfr_erfc(y, x, MPFR_RNDN);
  mpfr_mul(z, square, y, MPFR_RNDN);
  mpfr_clears(square, y, (mpfr_ptr)0);
}

#define REFERENCE(name, function)                                              \
  static void reference_##name(mpfr_ptr z, mpfr_srcptr x) {                    \
    function(z, x, MPFR_RNDN);                                                 \
  }
REFERENCE(set, mpfr_set)
REFERENCE(neg, mpfr_neg)
REFERENCE(abs, mpfr_abs)
REFERENCE(sqr, mpfr_sqr)
REFERENCE(sqrt, mpfr_sqrt)
REFERENCE(exp, mpfr_exp)
REFERENCE(expm1, mpfr_expm1)
REFERENCE(log, mpfr_log)
REFERENCE(log1p, mpfr_log1p)
REFERENCE(sin, mpfr_sin)
REFERENCE(cos, mpfr_cos)
REFERENCE(tan, mpfr_tan)
REFERENCE(atan, mpfr_atan)
REFERENCE(erf, mpfr_erf)
REFERENCE(erfc, mpfr_erfc)

/* sin(pi x), cos(pi x) through pi at 1264 bits: |x| < 2^10 */
static void times_pi(mpfr_ptr y, mpfr_srcptr x) {
  mpfr_const_pi(y, MPFR_RNDN);
  mpfr_mul(y, y, x, MPFR_RNDN);
}
static void reference_sin_pi(mpfr_ptr z, mpfr_srcptr x) {
  mpfr_t y;
  mpfr_init2(y, REFERENCE_BITS + 64);
  times_pi(y, x);
  if (mpfr_integer_p(x))
    mpfr_set_zero(z, 1);
  else
    mpfr_sin(z, y, MPFR_RNDN);
  mpfr_clear(y);
}
static void reference_cos_pi(mpfr_ptr z, mpfr_srcptr x) {
  mpfr_t y;
  mpfr_init2(y, REFERENCE_BITS + 64);
  mpfr_mul_2ui(y, x, 1, MPFR_RNDN);
  bool zero = mpfr_integer_p(y) && !mpfr_integer_p(x);
  times_pi(y, x);
  if (zero)
    mpfr_set_zero(z, 1);
  else
    mpfr_cos(z, y, MPFR_RNDN);
  mpfr_clear(y);
}

/* low, high: range of binary exponents to draw from; ulps: what binary64 may
 * err; thin: an exact point must give a ball of nearly full precision. */
static const struct unary {
  const char *name;
  size_t offset;
  void (*reference)(mpfr_ptr, mpfr_srcptr);
  long low, high;
  double ulps;
} unaries[] = {
#define UNARY(name, low, high, ulps)                                           \
  { #name, offsetof(fc_ops, name), reference_##name, low, high, ulps }
    UNARY(set, -900, 900, 0),   UNARY(neg, -900, 900, 0),
    UNARY(abs, -900, 900, 0),   UNARY(inv, -900, 900, 0.5),
    UNARY(sqr, -900, 900, 0.5), UNARY(sqrt, -900, 900, 0.5),
    UNARY(exp, -60, 10, 1),     UNARY(expm1, -60, 10, 2),
    UNARY(log, -900, 900, 1),   UNARY(log1p, -60, 60, 2),
    UNARY(sin, -60, 30, 1),     UNARY(cos, -60, 30, 1),
    UNARY(tan, -60, 30, 2),     UNARY(atan, -60, 60, 1),
    UNARY(sin_pi, -60, 10, 3),  UNARY(cos_pi, -60, 10, 3),
    UNARY(erf, -60, 5, 2),      UNARY(erfc, -60, 5, 6),
    UNARY(erfcx, -60, 6, 8)};
#define UNARY_COUNT (int)(sizeof unaries / sizeof unaries[0])

static unary_op unary_in(const fc_ctx *ctx, const struct unary *f) {
  return *(const unary_op *)(const void *)((const char *)ctx->ops + f->offset);
}

/* x exactly representable in every context: 24 bits */
static void draw(mpfr_ptr x, generator *g, const struct unary *f) {
  next_dyadic(x, g, 24, f->low, f->high);
}

START_TEST(test_mpfr_rounds_correctly) {
  const struct unary *f = &unaries[_i];
  static const long precisions[] = {24, 53, 128, 300};
  generator g = {1000 + (uint64_t)_i};
  mpfr_t x, reference;
  mpfr_inits2(REFERENCE_BITS, x, reference, (mpfr_ptr)0);
  for (int trial = 0; trial < 120; trial++) {
    fc_ctx ctx[1];
    fc_num z;
    fc_ctx_init_mpfr(ctx, precisions[trial % 4]);
    fc_init(z, ctx);
    draw(x, &g, f);
    f->reference(reference, x);
    fc_set_mpfr(z, x, ctx);
    unary_in(ctx, f)(z, z, ctx);
    mpfr_t rounded;
    mpfr_init2(rounded, ctx->precision);
    mpfr_set(rounded, reference, MPFR_RNDN);
    bool same = mpfr_equal_p(rounded, z->as.mpfr) ||
                (mpfr_nan_p(rounded) && mpfr_nan_p(z->as.mpfr));
    if (!same)
      print_numbers(f->name, "mpfr", z, reference, ctx);
    ck_assert_msg(same, "%s is not correctly rounded (seed %d, trial %d)",
                  f->name, 1000 + _i, trial);
    mpfr_clear(rounded);
    fc_clear(z, ctx);
  }
  mpfr_clears(x, reference, (mpfr_ptr)0);
}
END_TEST

START_TEST(test_double_is_accurate) {
  const struct unary *f = &unaries[_i];
  generator g = {2000 + (uint64_t)_i};
  fc_ctx ctx[1];
  fc_num z;
  mpfr_t x, reference;
  fc_ctx_init_double(ctx);
  fc_init(z, ctx);
  mpfr_inits2(REFERENCE_BITS, x, reference, (mpfr_ptr)0);
  for (int trial = 0; trial < 600; trial++) {
    next_dyadic(x, &g, 53, f->low, f->high);
    f->reference(reference, x);
    fc_set_mpfr(z, x, ctx);
    unary_in(ctx, f)(z, z, ctx);
    if (mpfr_nan_p(reference)) {
      ck_assert_msg(isnan(z->as.d), "%s: NaN expected", f->name);
      continue;
    }
    double error = ulps(z->as.d, reference);
    if (!(error <= f->ulps))
      print_numbers(f->name, "double", z, reference, ctx);
    ck_assert_msg(error <= f->ulps, "%s errs by %d ulps (seed %d, trial %d)",
                  f->name, (int)error, 2000 + _i, trial);
  }
  mpfr_clears(x, reference, (mpfr_ptr)0);
}
END_TEST

/* --- balls -----------------------------------------------------------------
 */

/* point = low + (high - low) n/8 for a random n in 0..8, exactly */
static void point_between(mpfr_ptr point, mpfr_srcptr low, mpfr_srcptr high,
                          generator *g) {
  mpfr_sub(point, high, low, MPFR_RNDN);
  mpfr_mul_si(point, point, next_long(g, 0, 8), MPFR_RNDN);
  mpfr_div_2ui(point, point, 3, MPFR_RNDN);
  mpfr_add(point, point, low, MPFR_RNDN);
}

/* [low, high], of zero width in every fourth draw, else of any width up to
 * about the size of low */
static void draw_interval(mpfr_ptr low, mpfr_ptr high, generator *g, long from,
                          long to) {
  next_dyadic(low, g, 24, from, to);
  mpfr_set(high, low, MPFR_RNDN);
  if (next_long(g, 0, 3) == 0)
    return;
  mpfr_abs(high, high, MPFR_RNDN);
  mpfr_mul_si(high, high, next_long(g, 1, 255), MPFR_RNDN);
  mpfr_mul_2si(high, high, -next_long(g, 6, 60), MPFR_RNDN);
  mpfr_add(high, high, low, MPFR_RNDN);
}

static void judge_ball(const struct unary *f, const fc_ctx *ctx, generator *g) {
  mpfr_t low, high, point, reference;
  fc_num x, z;
  mpfr_inits2(REFERENCE_BITS, low, high, point, reference, (mpfr_ptr)0);
  fc_init(x, ctx);
  fc_init(z, ctx);
  draw_interval(low, high, g, f->low, f->high);
  fc_set_interval(x, low, high, ctx);
  unary_in(ctx, f)(z, x, ctx);
  for (int i = 0; i < 4; i++) {
    point_between(point, low, high, g);
    f->reference(reference, point);
    bool fine = mpfr_nan_p(reference) ? !fc_is_finite(z, ctx)
                                      : contains(z, reference, ctx);
    if (!fine)
      print_numbers(f->name, "balls", z, reference, ctx);
    ck_assert_msg(fine, "%s: the ball does not contain the value", f->name);
  }
  mpfr_clears(low, high, point, reference, (mpfr_ptr)0);
  fc_clear(x, ctx);
  fc_clear(z, ctx);
}

START_TEST(test_balls_contain) {
  static const long precisions[] = {24, 53, 128, 300};
  generator g = {3000 + (uint64_t)_i};
  for (int trial = 0; trial < 200; trial++) {
    fc_ctx ctx[1];
    if (fc_ctx_init_arb(ctx, precisions[trial % 4], NULL) != FC_OK)
      return;
    judge_ball(&unaries[_i], ctx, &g);
    ck_assert_int_eq(fc_ctx_init_acb(ctx, precisions[trial % 4], NULL), FC_OK);
    judge_ball(&unaries[_i], ctx, &g);
  }
}
END_TEST

#ifdef FC_HAVE_ARB
/* A complex ball about a piece of the real axis: its image contains the image
 * of every real point in it. */
START_TEST(test_complex_balls_contain) {
  const struct unary *f = &unaries[_i];
  generator g = {3500 + (uint64_t)_i};
  fc_ctx ctx[1];
  fc_num z;
  mpfr_t x, reference;
  ck_assert_int_eq(fc_ctx_init_acb(ctx, 80, NULL), FC_OK);
  mpfr_inits2(REFERENCE_BITS, x, reference, (mpfr_ptr)0);
  fc_init(z, ctx);
  for (int trial = 0; trial < 150; trial++) {
    next_dyadic(x, &g, 24, f->low < -20 ? -20 : f->low,
                f->high > 4 ? 4 : f->high);
    f->reference(reference, x);
    double width = ldexp(1, (int)next_long(&g, -40, -1));
    set_complex(z, mpfr_get_d(x, MPFR_RNDN) + width / 2, width, -width / 2,
                width);
    unary_in(ctx, f)(z, z, ctx);
    bool fine = mpfr_nan_p(reference) || !fc_is_finite(z, ctx) ||
                (contains(z, reference, ctx) &&
                 arb_contains_zero(acb_imagref(fc_as_acb(z))));
    if (!fine)
      print_numbers(f->name, "acb", z, reference, ctx);
    ck_assert_msg(fine, "%s, trial %d", f->name, trial);
  }
  fc_clear(z, ctx);
  mpfr_clears(x, reference, (mpfr_ptr)0);
}
END_TEST
#endif

/* An enclosure that is right but useless is a fault too: exact points give
 * nearly full precision, and the width of thin balls passes through about as
 * the derivative says. */
START_TEST(test_balls_are_tight) {
  const struct unary *f = &unaries[_i];
  fc_ctx ctx[1];
  fc_num z;
  generator g = {4000 + (uint64_t)_i};
  mpfr_t x, mid, rad;
  if (fc_ctx_init_arb(ctx, 128, NULL) != FC_OK)
    return;
  mpfr_inits2(256, x, mid, rad, (mpfr_ptr)0);
  fc_init(z, ctx);
  for (int trial = 0; trial < 200; trial++) {
    draw(x, &g, f);
    fc_set_mpfr(z, x, ctx);
    unary_in(ctx, f)(z, z, ctx);
    fc_get_mid(mid, z, ctx);
    fc_get_rad(rad, z, ctx);
    mpfr_mul_2si(rad, rad, 116, MPFR_RNDU);
    bool undefined = !fc_is_finite(z, ctx); /* judged by containment above */
    ck_assert_msg(undefined || mpfr_cmpabs(rad, mid) <= 0,
                  "%s: a needlessly wide ball", f->name);
  }
  fc_clear(z, ctx);
  mpfr_clears(x, mid, rad, (mpfr_ptr)0);
}
END_TEST

/* erfcx where exp(x^2) and erfc(x) are hopeless, on wide balls too. */
START_TEST(test_erfcx_far_out) {
  static const double points[] = {9.999, 10,  11,    26.5, 27,    40,
                                  100,   1e4, 94906, 1e6,  1e100, 1e300};
  contexts c;
  contexts_init(&c, 128);
  mpfr_t x, reference, mid, rad;
  mpfr_inits2(REFERENCE_BITS, x, reference, mid, rad, (mpfr_ptr)0);
  for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
    mpfr_set_d(x, points[i], MPFR_RNDN);
    continued_fraction(reference, x, 20000);
    for (size_t k = 0; k < c.count / 2; k++) {
      const fc_ctx *ctx = &c.list[k];
      fc_num z;
      fc_init(z, ctx);
      fc_set_d(z, points[i], ctx);
      fc_erfcx(z, z, ctx);
      fc_get_mid(mid, z, ctx);
      mpfr_sub(rad, mid, reference, MPFR_RNDN);
      mpfr_div(rad, rad, reference, MPFR_RNDN);
      bool near = mpfr_zero_p(rad) ||
                  mpfr_get_exp(rad) < (ctx->kind == FC_DOUBLE ? -50 : -120);
      if (!near)
        print_numbers("erfcx", c.names[k], z, reference, ctx);
      ck_assert(near);
      fc_clear(z, ctx);
    }
  }
  mpfr_clears(x, reference, mid, rad, (mpfr_ptr)0);
}
END_TEST

START_TEST(test_erfcx_of_wide_ball) {
  fc_ctx ctx[1];
  fc_num z;
  mpfr_t low, high, mid, rad;
  if (fc_ctx_init_arb(ctx, 64, NULL) != FC_OK)
    return;
  mpfr_inits2(64, low, high, mid, rad, (mpfr_ptr)0);
  fc_init(z, ctx);
  /* [1e6, 2e6]: erfcx runs from 5.64e-7 down to 2.82e-7 */
  mpfr_set_si(low, 1000000, MPFR_RNDN);
  mpfr_set_si(high, 2000000, MPFR_RNDN);
  fc_set_interval(z, low, high, ctx);
  fc_erfcx(z, z, ctx);
  fc_get_enclosure(mid, rad, z, ctx);
  ck_assert_double_lt(mpfr_get_d(rad, MPFR_RNDN), 1.42e-7);
  ck_assert_double_gt(mpfr_get_d(mid, MPFR_RNDN), 4.22e-7);
  fc_clear(z, ctx);
  mpfr_clears(low, high, mid, rad, (mpfr_ptr)0);
}
END_TEST

/* --- rational operations, judged by GMP ------------------------------------
 */

typedef struct rationals {
  mpq_t x, y, z, exact;
} rationals;

static void mpfr_to_mpq(mpq_ptr q, mpfr_srcptr x) { mpfr_get_q(q, x); }

static bool rational_add(rationals *r) {
  mpq_add(r->exact, r->x, r->y);
  return true;
}
static bool rational_sub(rationals *r) {
  mpq_sub(r->exact, r->x, r->y);
  return true;
}
static bool rational_mul(rationals *r) {
  mpq_mul(r->exact, r->x, r->y);
  return true;
}
static bool rational_div(rationals *r) {
  if (mpq_sgn(r->y) == 0)
    return false;
  mpq_div(r->exact, r->x, r->y);
  return true;
}
static bool rational_min(rationals *r) {
  mpq_set(r->exact, mpq_cmp(r->x, r->y) < 0 ? r->x : r->y);
  return true;
}
static bool rational_max(rationals *r) {
  mpq_set(r->exact, mpq_cmp(r->x, r->y) > 0 ? r->x : r->y);
  return true;
}
static bool rational_addmul(rationals *r) {
  mpq_mul(r->exact, r->x, r->y);
  mpq_add(r->exact, r->z, r->exact);
  return true;
}
static bool rational_submul(rationals *r) {
  mpq_mul(r->exact, r->x, r->y);
  mpq_sub(r->exact, r->z, r->exact);
  return true;
}

static const struct binary {
  const char *name;
  size_t offset;
  bool (*exact)(rationals *); /* false: not defined there */
} binaries[] = {
#define BINARY(name)                                                           \
  { #name, offsetof(fc_ops, name), rational_##name }
    BINARY(add), BINARY(sub), BINARY(mul),    BINARY(div),
    BINARY(min), BINARY(max), BINARY(addmul), BINARY(submul)};
#define BINARY_COUNT (int)(sizeof binaries / sizeof binaries[0])

static binary_op binary_in(const fc_ctx *ctx, size_t offset) {
  return *(const binary_op *)(const void *)((const char *)ctx->ops + offset);
}

/* In MPFR the rounded value of the exact one; in balls a ball containing it. */
static void judge_exact(const char *name, fc_srcptr z, mpq_srcptr exact,
                        const fc_ctx *ctx) {
  mpfr_t wide, rounded;
  mpfr_init2(wide, REFERENCE_BITS);
  mpfr_init2(rounded, ctx->precision);
  mpfr_set_q(wide, exact, MPFR_RNDN);
  mpfr_set_q(rounded, exact, MPFR_RNDN);
  bool fine =
      ctx->kind == FC_ARB || ctx->kind == FC_ACB
          ? contains(z, wide, ctx)
          : mpfr_cmp_d(rounded, fc_get_d(z, ctx)) == 0 ||
                (ctx->kind == FC_MPFR && mpfr_equal_p(rounded, z->as.mpfr));
  if (!fine)
    print_numbers(name, "", z, wide, ctx);
  ck_assert_msg(fine, "%s differs from exact arithmetic", name);
  mpfr_clears(wide, rounded, (mpfr_ptr)0);
}

static void judge_binary(const struct binary *f, const fc_ctx *ctx,
                         mpfr_t value[3], rationals *r) {
  fc_num x, y, z;
  fc_init(x, ctx);
  fc_init(y, ctx);
  fc_init(z, ctx);
  fc_set_mpfr(x, value[0], ctx);
  fc_set_mpfr(y, value[1], ctx);
  fc_set_mpfr(z, value[2], ctx);
  binary_in(ctx, f->offset)(z, x, y, ctx);
  if (f->exact(r))
    judge_exact(f->name, z, r->exact, ctx);
  fc_clear(x, ctx);
  fc_clear(y, ctx);
  fc_clear(z, ctx);
}

START_TEST(test_rational_operations) {
  const struct binary *f = &binaries[_i];
  static const long precisions[] = {24, 53, 128};
  generator g = {5000 + (uint64_t)_i};
  rationals r;
  mpfr_t value[3];
  mpq_inits(r.x, r.y, r.z, r.exact, NULL);
  for (int k = 0; k < 3; k++)
    mpfr_init2(value[k], 64);
  for (int trial = 0; trial < 300; trial++) {
    contexts c;
    contexts_init(&c, precisions[trial % 3]);
    for (int k = 0; k < 3; k++)
      next_dyadic(value[k], &g, 24, -40, 40);
    mpfr_to_mpq(r.x, value[0]);
    mpfr_to_mpq(r.y, value[1]);
    mpfr_to_mpq(r.z, value[2]);
    for (size_t k = 0; k < c.count / 2; k++)
      judge_binary(f, &c.list[k], value, &r);
  }
  for (int k = 0; k < 3; k++)
    mpfr_clear(value[k]);
  mpq_clears(r.x, r.y, r.z, r.exact, NULL);
}
END_TEST

/* Boxes times boxes: every product of points lies in the product. */
START_TEST(test_binary_on_balls) {
  const struct binary *f = &binaries[_i];
  generator g = {6000 + (uint64_t)_i};
  rationals r;
  mpfr_t low, high, point;
  fc_ctx ctx[1];
  if (fc_ctx_init_arb(ctx, 64, NULL) != FC_OK)
    return;
  mpq_inits(r.x, r.y, r.z, r.exact, NULL);
  mpfr_inits2(300, low, high, point, (mpfr_ptr)0);
  for (int trial = 0; trial < 500; trial++) {
    fc_num v[3];
    mpq_ptr exact[3] = {r.x, r.y, r.z};
    for (int k = 0; k < 3; k++) {
      fc_init(v[k], ctx);
      draw_interval(low, high, &g, -5, 5);
      point_between(point, low, high, &g);
      fc_set_interval(v[k], low, high, ctx);
      mpfr_to_mpq(exact[k], point);
    }
    binary_in(ctx, f->offset)(v[2], v[0], v[1], ctx);
    if (f->exact(&r))
      judge_exact(f->name, v[2], r.exact, ctx);
    for (int k = 0; k < 3; k++)
      fc_clear(v[k], ctx);
  }
  mpfr_clears(low, high, point, (mpfr_ptr)0);
  mpq_clears(r.x, r.y, r.z, r.exact, NULL);
}
END_TEST

static void power_of(mpq_ptr z, mpq_srcptr x, long n) {
  mpq_set_si(z, 1, 1);
  for (long i = 0; i < labs(n); i++)
    mpq_mul(z, z, x);
  if (n < 0)
    mpq_inv(z, z);
}

START_TEST(test_mixed_operations) {
  generator g = {7000};
  mpq_t q, n, exact;
  mpfr_t value;
  mpq_inits(q, n, exact, NULL);
  mpfr_init2(value, 64);
  for (int trial = 0; trial < 300; trial++) {
    contexts c;
    contexts_init(&c, 128);
    next_dyadic(value, &g, 20, -8, 8);
    mpfr_to_mpq(q, value);
    long k = next_long(&g, -9, 9);
    mpq_set_si(n, k, 1);
    for (size_t i = 0; i < c.count / 2; i++) {
      const fc_ctx *ctx = &c.list[i];
      fc_num x, z;
      fc_init(x, ctx);
      fc_init(z, ctx);
      fc_set_mpfr(x, value, ctx);
      fc_add_si(z, x, k, ctx);
      mpq_add(exact, q, n);
      judge_exact("add_si", z, exact, ctx);
      fc_mul_si(z, x, k, ctx);
      mpq_mul(exact, q, n);
      judge_exact("mul_si", z, exact, ctx);
      if (k != 0) {
        fc_div_si(z, x, k, ctx);
        mpq_div(exact, q, n);
        judge_exact("div_si", z, exact, ctx);
      }
      if ((k >= 0 && k <= 2) || (k == -1 && mpq_sgn(q) != 0)) {
        fc_pow_si(z, x, k, ctx);
        power_of(exact, q, k);
        judge_exact("pow_si", z, exact, ctx);
      }
      fc_mul_2exp_si(z, x, k, ctx);
      mpq_set_ui(n, 2, 1);
      power_of(exact, n, k);
      mpq_mul(exact, exact, q);
      judge_exact("mul_2exp_si", z, exact, ctx);
      mpq_set_si(n, k, 1);
      fc_clear(x, ctx);
      fc_clear(z, ctx);
    }
  }
  mpfr_clear(value);
  mpq_clears(q, n, exact, NULL);
}
END_TEST

/* x^y and x^n at 1200 bits against every context */
START_TEST(test_powers) {
  generator g = {8000};
  mpfr_t x, y, reference;
  mpfr_inits2(REFERENCE_BITS, x, y, reference, (mpfr_ptr)0);
  for (int trial = 0; trial < 400; trial++) {
    contexts c;
    contexts_init(&c, 100);
    bool integer = trial % 2 == 0;
    next_dyadic(x, &g, 24, -6, 6);
    next_dyadic(y, &g, 24, -6, 5);
    if (integer)
      mpfr_rint(y, y, MPFR_RNDN);
    if (mpfr_zero_p(x) && mpfr_sgn(y) < 0)
      continue;
    mpfr_pow(reference, x, y, MPFR_RNDN);
    for (size_t k = 0; k < c.count / 2; k++) {
      const fc_ctx *ctx = &c.list[k];
      for (int form = 0; form < (integer ? 2 : 1); form++) {
        fc_num u, v;
        fc_init(u, ctx);
        fc_init(v, ctx);
        fc_set_mpfr(u, x, ctx);
        fc_set_mpfr(v, y, ctx);
        if (form == 0)
          fc_pow(u, u, v, ctx);
        else
          fc_pow_si(u, u, mpfr_get_si(y, MPFR_RNDN), ctx);
        bool fine = mpfr_nan_p(reference)    ? !fc_is_finite(u, ctx)
                    : ctx->kind == FC_DOUBLE ? ulps(u->as.d, reference) <= 3
                    : ctx->kind == FC_MPFR   ? true
                                             : contains(u, reference, ctx);
        if (ctx->kind == FC_MPFR && !mpfr_nan_p(reference)) {
          mpfr_t rounded;
          mpfr_init2(rounded, ctx->precision);
          mpfr_set(rounded, reference, MPFR_RNDN);
          fine = mpfr_equal_p(rounded, u->as.mpfr) != 0;
          mpfr_clear(rounded);
        }
        if (!fine)
          print_numbers("pow", c.names[k], u, reference, ctx);
        ck_assert_msg(fine, "pow, trial %d", trial);
        fc_clear(u, ctx);
        fc_clear(v, ctx);
      }
    }
  }
  mpfr_clears(x, y, reference, (mpfr_ptr)0);
}
END_TEST

START_TEST(test_special_powers) {
  fc_ctx ctx[1];
  if (fc_ctx_init_arb(ctx, 64, NULL) != FC_OK)
    return;
  fc_num x, y, z;
  mpfr_t low, high;
  fc_init(x, ctx);
  fc_init(y, ctx);
  fc_init(z, ctx);
  mpfr_inits2(64, low, high, (mpfr_ptr)0);
  /* (-2)^3 = -8, exactly */
  fc_set_si(x, -2, ctx);
  fc_set_si(y, 3, ctx);
  fc_pow(z, x, y, ctx);
  fc_set_si(x, -8, ctx);
  ck_assert_int_eq(fc_eq(x, z, ctx), FC_TRUE);
  /* (-2)^(1/2) is not real */
  fc_set_d(y, 0.5, ctx);
  fc_pow(z, x, y, ctx);
  ck_assert(!fc_is_finite(z, ctx));
  /* [0, 4]^(3/2) = [0, 8] */
  mpfr_set_si(low, 0, MPFR_RNDN);
  mpfr_set_si(high, 4, MPFR_RNDN);
  fc_set_interval(x, low, high, ctx);
  fc_set_d(y, 1.25, ctx);
  fc_pow(z, x, y, ctx);
  ck_assert(fc_is_finite(z, ctx));
  ck_assert_int_eq(fc_is_negative(z, ctx), FC_FALSE);
  mpfr_ui_pow_ui(high, 2, 5, MPFR_RNDN);
  mpfr_sqrt(high, high, MPFR_RNDN); /* 4^(5/4) = sqrt(32) */
  mpfr_mul_d(low, high, 1 - 0x1p-40, MPFR_RNDN);
  ck_assert(contains(z, low, ctx));
  /* [-1, 2]^2 is not negative */
  mpfr_set_si(low, -1, MPFR_RNDN);
  mpfr_set_si(high, 2, MPFR_RNDN);
  fc_set_interval(x, low, high, ctx);
  fc_sqr(z, x, ctx);
  ck_assert_int_eq(fc_is_negative(z, ctx), FC_FALSE);
  fc_abs(z, x, ctx);
  ck_assert_int_eq(fc_is_negative(z, ctx), FC_FALSE);
  mpfr_clears(low, high, (mpfr_ptr)0);
  fc_clear(x, ctx);
  fc_clear(y, ctx);
  fc_clear(z, ctx);
}
END_TEST

/* --- aliasing ---------------------------------------------------------------
 */

/* A number with content in every coefficient; positive in the first. */
static void fill(fc_ptr x, generator *g, const fc_ctx *ctx) {
  if (ctx->kind != FC_SERIES) {
    fc_set_d(x, (double)next_long(g, 1, 4000) / 1024, ctx);
    return;
  }
  for (long i = 0; i < ctx->length; i++)
    fill(fc_series_coeff(x, i), g, ctx->base);
}

static void check_binary_aliases(const char *name, size_t offset,
                                 const char *context, const fc_ctx *ctx,
                                 generator *g) {
  fc_num x, y, z, out;
  fc_init(x, ctx);
  fc_init(y, ctx);
  fc_init(z, ctx);
  fc_init(out, ctx);
  binary_op op = binary_in(ctx, offset);
  fill(x, g, ctx);
  fill(y, g, ctx);
  /* z over x */
  fc_set(z, x, ctx);
  fc_set(out, x, ctx);
  op(z, z, y, ctx);
  op(out, x, y, ctx);
  ck_assert_msg(identical(z, out, ctx), "%s in %s: z = x", name, context);
  /* z over y */
  fc_set(z, y, ctx);
  fc_set(out, y, ctx);
  op(z, x, z, ctx);
  op(out, x, y, ctx);
  ck_assert_msg(identical(z, out, ctx), "%s in %s: z = y", name, context);
  /* all the same; y a copy of x */
  fc_set(z, x, ctx);
  fc_set(y, x, ctx);
  fc_set(out, x, ctx);
  op(z, z, z, ctx);
  op(out, x, x, ctx);
  ck_assert_msg(identical(z, out, ctx), "%s in %s: z = x = y", name, context);
  fc_clear(x, ctx);
  fc_clear(y, ctx);
  fc_clear(z, ctx);
  fc_clear(out, ctx);
}

static void check_unary_alias(const char *name, unary_op op,
                              const char *context, const fc_ctx *ctx,
                              generator *g) {
  fc_num x, out;
  fc_init(x, ctx);
  fc_init(out, ctx);
  fill(x, g, ctx);
  op(out, x, ctx);
  op(x, x, ctx);
  ck_assert_msg(identical(x, out, ctx), "%s in %s: z = x", name, context);
  fc_clear(x, ctx);
  fc_clear(out, ctx);
}

static void check_mixed_alias(const char *name, size_t offset,
                              const char *context, const fc_ctx *ctx,
                              generator *g) {
  mixed_op op =
      *(const mixed_op *)(const void *)((const char *)ctx->ops + offset);
  fc_num x, out;
  fc_init(x, ctx);
  fc_init(out, ctx);
  fill(x, g, ctx);
  op(out, x, -3, ctx);
  op(x, x, -3, ctx);
  ck_assert_msg(identical(x, out, ctx), "%s in %s: z = x", name, context);
  fc_clear(x, ctx);
  fc_clear(out, ctx);
}

START_TEST(test_aliasing) {
  static const struct {
    const char *name;
    size_t offset;
  } others[] = {{"pow", offsetof(fc_ops, pow)},
                {"hull", offsetof(fc_ops, hull)}},
    mixed[] = {{"add_si", offsetof(fc_ops, add_si)},
               {"mul_si", offsetof(fc_ops, mul_si)},
               {"div_si", offsetof(fc_ops, div_si)},
               {"mul_2exp_si", offsetof(fc_ops, mul_2exp_si)},
               {"pow_si", offsetof(fc_ops, pow_si)}};
  contexts c;
  contexts_init(&c, 90);
  generator g = {9000};
  for (size_t k = 0; k < c.count; k++) {
    const fc_ctx *ctx = &c.list[k];
    for (int i = 0; i < UNARY_COUNT; i++)
      check_unary_alias(unaries[i].name, unary_in(ctx, &unaries[i]), c.names[k],
                        ctx, &g);
    for (int i = 0; i < BINARY_COUNT; i++)
      check_binary_aliases(binaries[i].name, binaries[i].offset, c.names[k],
                           ctx, &g);
    for (size_t i = 0; i < 2; i++)
      check_binary_aliases(others[i].name, others[i].offset, c.names[k], ctx,
                           &g);
    for (size_t i = 0; i < 5; i++)
      check_mixed_alias(mixed[i].name, mixed[i].offset, c.names[k], ctx, &g);
  }
}
END_TEST

/* --- comparisons ------------------------------------------------------------
 */

static void interval(fc_ptr z, double low, double high, const fc_ctx *ctx) {
  mpfr_t l, h;
  mpfr_init2(l, 53);
  mpfr_init2(h, 53);
  mpfr_set_d(l, low, MPFR_RNDN);
  mpfr_set_d(h, high, MPFR_RNDN);
  fc_set_interval(z, l, h, ctx);
  mpfr_clears(l, h, (mpfr_ptr)0);
}

START_TEST(test_comparisons_of_balls) {
  static const struct {
    double low_x, high_x, low_y, high_y;
    fc_truth lt, le, eq;
  } rows[] = {
      {0, 1, 2, 3, FC_TRUE, FC_TRUE, FC_FALSE},
      {2, 3, 0, 1, FC_FALSE, FC_FALSE, FC_FALSE},
      {0, 2, 1, 3, FC_UNKNOWN, FC_UNKNOWN, FC_UNKNOWN},
      {0, 2, 0, 2, FC_UNKNOWN, FC_UNKNOWN, FC_UNKNOWN},
      {1, 1, 1, 1, FC_FALSE, FC_TRUE, FC_TRUE},
      {1, 1, 1, 3, FC_UNKNOWN, FC_TRUE, FC_UNKNOWN},
      {1, 3, 1, 1, FC_FALSE, FC_UNKNOWN, FC_UNKNOWN},
  };
  fc_ctx ctx[1], complex[1];
  if (fc_ctx_init_arb(ctx, 64, NULL) != FC_OK)
    return;
  ck_assert_int_eq(fc_ctx_init_acb(complex, 64, NULL), FC_OK);
  fc_num x, y;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    fc_init(x, ctx);
    fc_init(y, ctx);
    interval(x, rows[i].low_x, rows[i].high_x, ctx);
    interval(y, rows[i].low_y, rows[i].high_y, ctx);
    ck_assert_int_eq(fc_lt(x, y, ctx), rows[i].lt);
    ck_assert_int_eq(fc_le(x, y, ctx), rows[i].le);
    ck_assert_int_eq(fc_eq(x, y, ctx), rows[i].eq);
    fc_clear(x, ctx);
    fc_clear(y, ctx);
    fc_init(x, complex);
    fc_init(y, complex);
    interval(x, rows[i].low_x, rows[i].high_x, complex);
    interval(y, rows[i].low_y, rows[i].high_y, complex);
    ck_assert_int_eq(fc_lt(x, y, complex), FC_UNKNOWN);
    ck_assert_int_eq(fc_le(x, y, complex), FC_UNKNOWN);
    ck_assert_int_eq(fc_eq(x, y, complex), rows[i].eq);
    fc_clear(x, complex);
    fc_clear(y, complex);
  }
}
END_TEST

START_TEST(test_comparisons_of_numbers) {
  contexts c;
  contexts_init(&c, 64);
  for (size_t k = 0; k < c.count; k++) {
    const fc_ctx *ctx = &c.list[k];
    const fc_ctx *base = ctx->kind == FC_SERIES ? ctx->base : ctx;
    fc_truth sure = base->kind == FC_ACB ? FC_UNKNOWN : FC_TRUE;
    fc_num nan, one, inf;
    fc_init(nan, ctx);
    fc_init(one, ctx);
    fc_init(inf, ctx);
    fc_set_d(nan, NAN, ctx);
    fc_set_si(one, 1, ctx);
    fc_set_inf(inf, 1, ctx);
    ck_assert_int_eq(fc_lt(nan, one, ctx), FC_UNKNOWN);
    ck_assert_int_eq(fc_le(one, nan, ctx), FC_UNKNOWN);
    ck_assert_int_eq(fc_eq(nan, nan, ctx), FC_UNKNOWN);
    ck_assert_int_eq(fc_is_zero(nan, ctx), FC_UNKNOWN);
    ck_assert_int_eq(fc_is_positive(nan, ctx), FC_UNKNOWN);
    ck_assert_int_eq(fc_is_negative(nan, ctx), FC_UNKNOWN);
    ck_assert_int_eq(fc_lt(one, inf, ctx), sure);
    ck_assert_int_eq(fc_is_positive(inf, ctx), sure);
    ck_assert(fc_is_finite(one, ctx));
    ck_assert(!fc_is_finite(inf, ctx));
    ck_assert(!fc_is_finite(nan, ctx));
    ck_assert_int_eq(fc_cmp_mid(nan, one, ctx), -1);
    ck_assert_int_eq(fc_cmp_mid(one, nan, ctx), 1);
    ck_assert_int_eq(fc_cmp_mid(nan, nan, ctx), 0);
    ck_assert_int_eq(fc_cmp_mid(inf, one, ctx), 1);
    fc_clear(nan, ctx);
    fc_clear(one, ctx);
    fc_clear(inf, ctx);
  }
}
END_TEST

/* --- hostile values ----------------------------------------------------------
 */

/* 2^(+-2^40), or 2^(+-1000) in binary64; and the usual suspects */
static void hostile(fc_ptr x, int which, const fc_ctx *ctx) {
  static const double values[] = {NAN, 0, 1e300, -1e300, 1e-300, -1, 0.5};
  if (which < 7) {
    fc_set_d(x, values[which], ctx);
  } else if (which < 9) {
    fc_set_inf(x, which == 7 ? 1 : -1, ctx);
  } else {
    fc_set_si(x, which == 11 ? -3 : 3, ctx);
    fc_mul_2exp_si(x, x, which == 9 ? -(1L << 40) : 1L << 40, ctx);
  }
}
#define HOSTILE_COUNT 12

START_TEST(test_hostile_values) {
  contexts c;
  contexts_init(&c, 64);
  for (size_t k = 0; k < c.count; k++) {
    const fc_ctx *ctx = &c.list[k];
    fc_num x, y, z;
    fc_init(x, ctx);
    fc_init(y, ctx);
    fc_init(z, ctx);
    for (int i = 0; i < HOSTILE_COUNT; i++) {
      hostile(x, i, ctx);
      for (int f = 0; f < UNARY_COUNT; f++) {
        unary_in(ctx, &unaries[f])(z, x, ctx);
        ck_assert_msg(i != 0 || !fc_is_finite(z, ctx), "%s swallowed NaN in %s",
                      unaries[f].name, c.names[k]);
        free(fc_print_mid(z, 10, ctx));
      }
      for (int j = 0; j < HOSTILE_COUNT; j++) {
        hostile(y, j, ctx);
        for (int f = 0; f < BINARY_COUNT; f++) {
          binary_in(ctx, binaries[f].offset)(z, x, y, ctx);
          ck_assert_msg((i != 0 && j != 0) || !fc_is_finite(z, ctx),
                        "%s swallowed NaN in %s", binaries[f].name, c.names[k]);
        }
        fc_hull(z, x, y, ctx);
        ck_assert((i != 0 && j != 0) || !fc_is_finite(z, ctx));
        if (i < 9 && j < 9)
          fc_pow(z, x, y, ctx);
      }
    }
    fc_clear(x, ctx);
    fc_clear(y, ctx);
    fc_clear(z, ctx);
  }
}
END_TEST

START_TEST(test_outside_the_domain) {
  contexts c;
  contexts_init(&c, 64);
  for (size_t k = 0; k < c.count; k++) {
    const fc_ctx *ctx = &c.list[k];
    fc_num x;
    fc_init(x, ctx);
    fc_set_si(x, -2, ctx);
    fc_sqrt(x, x, ctx);
    ck_assert(!fc_is_finite(x, ctx));
    fc_set_si(x, -2, ctx);
    fc_log(x, x, ctx);
    ck_assert(!fc_is_finite(x, ctx));
    fc_set_si(x, -2, ctx);
    fc_log1p(x, x, ctx);
    ck_assert(!fc_is_finite(x, ctx));
    fc_set_si(x, 0, ctx);
    fc_inv(x, x, ctx);
    ck_assert(!fc_is_finite(x, ctx));
    fc_set_si(x, 0, ctx);
    fc_sqrt(x, x, ctx);
    ck_assert_int_eq(fc_is_zero(x, ctx), FC_TRUE);
    fc_clear(x, ctx);
  }
}
END_TEST

/* --- reading and conversion
 * --------------------------------------------------- */

/* The interval about the rounded midpoint contains the ends of the ball. */
START_TEST(test_enclosure_of_rounded_midpoint) {
  generator g = {10000};
  fc_ctx ctx[1];
  mpfr_t low, high, mid, rad, end;
  if (fc_ctx_init_arb(ctx, 200, NULL) != FC_OK)
    return;
  mpfr_inits2(300, low, high, end, (mpfr_ptr)0);
  mpfr_init2(mid, 5);
  mpfr_init2(rad, 8);
  for (int trial = 0; trial < 500; trial++) {
    fc_num x;
    fc_init(x, ctx);
    draw_interval(low, high, &g, -30, 30);
    fc_set_interval(x, low, high, ctx);
    fc_get_enclosure(mid, rad, x, ctx);
    mpfr_sub(end, mid, rad, MPFR_RNDU);
    ck_assert(mpfr_lessequal_p(end, low));
    mpfr_add(end, mid, rad, MPFR_RNDD);
    ck_assert(mpfr_greaterequal_p(end, high));
    fc_clear(x, ctx);
  }
  mpfr_clears(low, high, mid, rad, end, (mpfr_ptr)0);
}
END_TEST

/* No double lies nearer to q than the one that set_mpq chose. */
START_TEST(test_double_of_rational) {
  generator g = {11000};
  fc_ctx ctx[1];
  fc_num x;
  mpq_t q, error, other;
  fc_ctx_init_double(ctx);
  fc_init(x, ctx);
  mpq_inits(q, error, other, NULL);
  for (int trial = 0; trial < 2000; trial++) {
    mpz_set_si(mpq_numref(q), next_long(&g, -1000000, 1000000));
    mpz_set_si(mpq_denref(q), next_long(&g, 1, 1L << 60));
    mpq_canonicalize(q);
    if (trial % 2 == 1) /* down to the subnormals */
      mpq_div_2exp(q, q, (mp_bitcnt_t)next_long(&g, 1000, 1080));
    fc_set_mpq(x, q, ctx);
    mpq_set_d(error, x->as.d);
    mpq_sub(error, error, q);
    mpq_abs(error, error);
    for (int side = -1; side <= 1; side += 2) {
      mpq_set_d(other, nextafter(x->as.d, side * INFINITY));
      mpq_sub(other, other, q);
      mpq_abs(other, other);
      ck_assert_msg(mpq_cmp(error, other) <= 0, "not nearest, trial %d", trial);
    }
  }
  mpq_clears(q, error, other, NULL);
}
END_TEST

/* 1/3 in every context; converted to every other it stays 1/3 to the lesser of
 * the two precisions. */
START_TEST(test_conversions) {
  contexts c;
  contexts_init(&c, 80);
  mpq_t third;
  mpq_init(third);
  mpq_set_ui(third, 1, 3);
  for (size_t i = 0; i < c.count; i++)
    for (size_t j = 0; j < c.count; j++) {
      fc_num x, z;
      fc_init(x, &c.list[i]);
      fc_init(z, &c.list[j]);
      fc_set_mpq(x, third, &c.list[i]);
      fc_convert(z, &c.list[j], x, &c.list[i]);
      fc_mul_si(z, z, 3, &c.list[j]);
      fc_add_si(z, z, -1, &c.list[j]);
      ck_assert_double_le(fabs(fc_get_d(z, &c.list[j])), 0x1p-52);
      fc_clear(x, &c.list[i]);
      fc_clear(z, &c.list[j]);
    }
  mpq_clear(third);
}
END_TEST

START_TEST(test_ball_survives_conversion) {
  fc_ctx thin[1], wide[1], complex[1];
  if (fc_ctx_init_arb(thin, 40, NULL) != FC_OK)
    return;
  ck_assert_int_eq(fc_ctx_init_arb(wide, 400, NULL), FC_OK);
  ck_assert_int_eq(fc_ctx_init_acb(complex, 40, NULL), FC_OK);
  fc_num x, y, z;
  fc_init(x, wide);
  fc_init(y, complex);
  fc_init(z, thin);
  interval(x, 1, 1.25, wide);
  fc_convert(y, complex, x, wide);
  fc_convert(z, thin, y, complex);
  ck_assert(identical(x, z, wide));
  fc_clear(x, wide);
  fc_clear(y, complex);
  fc_clear(z, thin);
}
END_TEST

START_TEST(test_balls_are_refused_without_arb) {
  fc_ctx ctx[1];
  fc_error error[1] = {{FC_OK, 0, 0, "", ""}};
  if (fc_have_arb())
    return;
  ck_assert_int_eq(fc_ctx_init_arb(ctx, 64, error), FC_UNSUPPORTED);
  ck_assert_ptr_nonnull(strstr(error->message, "Arb"));
  ck_assert_int_eq(fc_ctx_init_acb(ctx, 64, NULL), FC_UNSUPPORTED);
}
END_TEST

/* --- printing
 * ------------------------------------------------------------------ */

START_TEST(test_printing) {
  static const struct {
    double value;
    int digits;
    const char *text;
  } rows[] = {{1.25, 0, "1.25"},
              {-0.003, 5, "-0.003"},
              {1e20, 0, "100000000000000000000"},
              {1e21, 3, "1e21"},
              {1.5e-6, 2, "0.0000015"},
              {1.2345e-30, 5, "1.2345e-30"},
              {0, 0, "0"},
              {-0.0, 4, "0"},
              {NAN, 3, "nan"},
              {INFINITY, 3, "inf"},
              {-INFINITY, 0, "-inf"},
              {1234.5678, 3, "1230"},
              {9.99, 2, "10"},
              {-1e100, 4, "-1e100"},
              {0.1, 0, "0.10000000000000001"},
              {5e-324, 1, "5e-324"},
              {2.5, 1, "2"}};
  fc_ctx ctx[1];
  fc_num x;
  fc_ctx_init_double(ctx);
  fc_init(x, ctx);
  if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL)
    setlocale(LC_ALL, "");
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    fc_set_d(x, rows[i].value, ctx);
    char *text = fc_print_mid(x, rows[i].digits, ctx);
    ck_assert_str_eq(text, rows[i].text);
    free(text);
  }
}
END_TEST

/* digits = 0 identifies the number: reading it gives it back. */
START_TEST(test_printing_is_reversible) {
  generator g = {12000};
  mpfr_t x, back;
  for (int trial = 0; trial < 300; trial++) {
    mpfr_init2(x, 24 + trial);
    mpfr_init2(back, 24 + trial);
    next_dyadic(x, &g, 60, -200, 200);
    mpfr_div_ui(x, x, 7, MPFR_RNDN);
    char *text = fc_print_mpfr(x, 0);
    mpfr_set_str(back, text, 10, MPFR_RNDN);
    ck_assert_msg(mpfr_equal_p(x, back), "%s", text);
    free(text);
    mpfr_clears(x, back, (mpfr_ptr)0);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("arith");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_loop_test(all, test_mpfr_rounds_correctly, 0, UNARY_COUNT);
  tcase_add_loop_test(all, test_double_is_accurate, 0, UNARY_COUNT);
  tcase_add_loop_test(all, test_balls_contain, 0, UNARY_COUNT);
#ifdef FC_HAVE_ARB
  tcase_add_loop_test(all, test_complex_balls_contain, 0, UNARY_COUNT);
  tcase_add_test(all, test_complex_erfcx_reflection);
  tcase_add_test(all, test_branch_cuts);
#endif
  tcase_add_loop_test(all, test_balls_are_tight, 0, UNARY_COUNT);
  tcase_add_test(all, test_erfcx_far_out);
  tcase_add_test(all, test_erfcx_of_wide_ball);
  tcase_add_loop_test(all, test_rational_operations, 0, BINARY_COUNT);
  tcase_add_loop_test(all, test_binary_on_balls, 0, BINARY_COUNT);
  tcase_add_test(all, test_mixed_operations);
  tcase_add_test(all, test_powers);
  tcase_add_test(all, test_special_powers);
  tcase_add_test(all, test_aliasing);
  tcase_add_test(all, test_comparisons_of_balls);
  tcase_add_test(all, test_comparisons_of_numbers);
  tcase_add_test(all, test_hostile_values);
  tcase_add_test(all, test_outside_the_domain);
  tcase_add_test(all, test_enclosure_of_rounded_midpoint);
  tcase_add_test(all, test_double_of_rational);
  tcase_add_test(all, test_conversions);
  tcase_add_test(all, test_ball_survives_conversion);
  tcase_add_test(all, test_balls_are_refused_without_arb);
  tcase_add_test(all, test_printing);
  tcase_add_test(all, test_printing_is_reversible);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
