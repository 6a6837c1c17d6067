/* lib/transport/line.h: W_2 on the line.
 *
 * Judges: closed forms (Gaussians, uniform laws, atoms, translations,
 * homotheties), piecewise affine distribution functions on a fine grid, mpmath,
 * and higher precision, from which no value may be farther than it states. */
#include "targets.h"
#include "transport/line.h"
#include "transport/source.h"

#include <math.h>

#include "base/random.h"

typedef struct distance {
  fc_ctx ctx;
  fc_w2_value value[1];
} distance;

static void distance_init(distance *d, long bits) {
  if (bits)
    fc_ctx_init_mpfr(&d->ctx, bits);
  else
    fc_ctx_init_double(&d->ctx);
  fc_w2_value_init(d->value, &d->ctx);
}

static void distance_clear(distance *d) {
  fc_w2_value_clear(d->value, &d->ctx);
}

static void measure(distance *d, const fc_target *p, const fc_target *q) {
  fc_error error;
  if (fc_w2_line(d->value, p, q, &d->ctx, &error))
    ck_abort_msg("%s", error.message);
  ck_assert_int_eq(d->value->kind, FC_W2_EXACT);
}

/* |w2 - exact| <= stated error, and that is small against size. */
static void near(const distance *d, const char *exact, double size,
                 double small) {
  fc_ctx wide;
  fc_num x, y;
  fc_formula *constant = constant_of(exact);
  fc_ctx_init_mpfr(&wide, 512);
  fc_init(x, &wide);
  fc_init(y, &wide);
  ck_assert_int_eq(fc_constant_eval(x, constant, &wide), FC_OK);
  fc_convert(y, &wide, d->value->w2, &d->ctx);
  fc_sub(x, x, y, &wide);
  fc_abs(x, x, &wide);
  fc_convert(y, &wide, d->value->error, &d->ctx);
  char *printed = fc_print_mid(d->value->w2, 0, &d->ctx);
  ck_assert_msg(fc_le(x, y, &wide) == FC_TRUE,
                "%s is not %s: off by %.3g, stated %.3g", printed, exact,
                fc_get_d(x, &wide), fc_get_d(y, &wide));
  fc_set_d(x, small, &wide);
  fc_mul_2exp_si(x, x, 0, &wide);
  fc_num scale;
  fc_init(scale, &wide);
  fc_set_d(scale, size, &wide);
  fc_mul(x, x, scale, &wide);
  ck_assert_msg(fc_le(y, x, &wide) == FC_TRUE, "%s: the error is large: %.3g",
                printed, fc_get_d(y, &wide));
  free(printed);
  fc_clear(x, &wide);
  fc_clear(y, &wide);
  fc_clear(scale, &wide);
  fc_formula_free(constant);
}

/* Consumes both targets. */
static void expect(fc_target *p, fc_target *q, const char *exact, double size) {
  static const long bits[] = {0, 80};
  static const double small[] = {1e-10, 1e-21};
  for (int i = 0; i < 2; i++) {
    distance d, back;
    distance_init(&d, bits[i]);
    distance_init(&back, bits[i]);
    measure(&d, p, q);
    near(&d, exact, size, small[i]);
    if (i == 0) {
      measure(&back, q, p);
      near(&back, exact, size, small[i]);
    }
    distance_clear(&d);
    distance_clear(&back);
  }
  fc_target_free(p);
  fc_target_free(q);
}

START_TEST(gaussians) {
  expect(isotropic(1, NULL, "0", "1"), isotropic(1, NULL, "1", "2"), "sqrt(2)",
         1);
  expect(isotropic(1, NULL, "-3", "1/4"), isotropic(1, NULL, "1/3", "5"),
         "sqrt((10/3)^2 + (19/4)^2)", 5);
}
END_TEST

START_TEST(uniform_laws) {
  /* int (2 + 2 z)^2 dz */
  expect(pieces("1 - - 0 1"), pieces("1 - - 2 5"), "sqrt(28/3)", 3);
  /* two halves with a gap against the whole: x = z, y = z or z + 1 */
  expect(pieces("1/2 - - 0 1/2 1/2 - - 3/2 2"), pieces("1 - - 0 1"),
         "sqrt(1/2)", 1);
}
END_TEST

START_TEST(uniform_and_normal) {
  /* 1/3 + 1 - 2 E[Phi(Z) Z] = 4/3 - 1/sqrt(pi) */
  expect(pieces("1 - - 0 1"), isotropic(1, NULL, "0", "1"),
         "sqrt(4/3 - 1/sqrt(pi))", 1);
}
END_TEST

START_TEST(atoms) {
  expect(isotropic(1, "1/3 2/3", "0 1", "0 0"),
         isotropic(1, NULL, "0 1", "0 0"), "sqrt(1/6)", 1);
  /* E(|Z| - 1)^2 */
  expect(isotropic(1, NULL, "-1 1", "0 0"), isotropic(1, NULL, "0", "1"),
         "sqrt(2 - 2*sqrt(2/pi))", 1);
}
END_TEST

START_TEST(half_normal_laws) {
  expect(pieces("1 0 1 0 -"), pieces("1 0 1 0 -"), "0", 1);
  expect(pieces("1 0 1 0 -"), pieces("1 0 3 0 -"), "2", 2);
}
END_TEST

/* W_2(P, P + c) = |c|, W_2(P, c P) = |1 - c| sqrt(E X^2). */
START_TEST(translations_and_homotheties) {
  expect(isotropic(1, "1/3 2/3", "-3/2 3/2", "1/2 1/2"),
         isotropic(1, "1/3 2/3", "-1/2 5/2", "1/2 1/2"), "1", 1);
  expect(isotropic(1, "1/3 2/3", "-3/2 3/2", "1/2 1/4"),
         isotropic(1, "1/3 2/3", "-9/2 9/2", "3/2 3/4"),
         "2*sqrt(9/4 + 1/3*1/4 + 2/3*1/16)", 4);
  expect(pieces("1/4 - - -2 -1 3/4 1/3 1/2 -1/2 3"),
         pieces("1/4 - - -1 0 3/4 4/3 1/2 1/2 4"), "1", 1);
  expect(isotropic(1, "1/3 1/3 1/3", "0 1 2", "0 1 0"),
         isotropic(1, "1/3 1/3 1/3", "-5 -4 -3", "0 1 0"), "5", 5);
}
END_TEST

START_TEST(a_law_and_itself) {
  expect(isotropic(1, "1/3 2/3", "-3/2 3/2", "1/2 1/4"),
         isotropic(1, "1/3 2/3", "-3/2 3/2", "1/2 1/4"), "0", 1);
}
END_TEST

/* Modes 400 widths apart, where distribution functions are constant to far
 * beyond the working precision. */
START_TEST(narrow_modes) {
  expect(isotropic(1, NULL, "-6 6", "3/100 3/100"),
         isotropic(1, NULL, "-6 6", "1/100 3/100"), "sqrt(2)/100", 100);
  /* mpmath, 45 digits, the components taken for disjoint (to e^-20000) */
  distance d;
  fc_target *p = isotropic(1, "1/3 2/3", "-6 6", "3/100 3/100"),
            *q = isotropic(1, NULL, "-6 6", "1/100 3/100");
  distance_init(&d, 128);
  measure(&d, p, q);
  near(&d, "4.87899338432786015729516931827165185102202267", 5, 1e-36);
  distance_clear(&d);
  fc_target_free(p);
  fc_target_free(q);
}
END_TEST

/* A part of width s counts for at most s sqrt(w) in W_2, so that its law is
 * next to the one with an atom (which a width below 2^-44 is taken for).  A
 * step from hundreds of widths away must not lead across the part. */
START_TEST(narrow_part_in_a_wide_one) {
  static const char *const widths[] = {"1e-8 1", "1e-10 1", "1e-13 1"};
  static const long bits[] = {0, 40};
  fc_target *q = isotropic(1, NULL, "0", "1"),
            *atom = isotropic(1, NULL, "0 1", "1e-20 1");
  for (int k = 0; k < 6; k++) {
    distance d, near_by;
    fc_target *p = isotropic(1, NULL, "0 1", widths[k / 2]);
    distance_init(&d, bits[k % 2]);
    distance_init(&near_by, bits[k % 2]);
    measure(&d, p, q);
    measure(&near_by, atom, q);
    double w = fc_get_d(d.value->w2, &d.ctx),
           other = fc_get_d(near_by.value->w2, &d.ctx);
    ck_assert_msg(fabs(w - other) <= atof(widths[k / 2]),
                  "%s: %.17g, not %.17g", widths[k / 2], w, other);
    ck_assert_double_le(fc_get_d(d.value->error, &d.ctx), 1e-10);
    distance_clear(&d);
    distance_clear(&near_by);
    fc_target_free(p);
  }
  fc_target_free(q);
  fc_target_free(atom);
}
END_TEST

START_TEST(huge_and_tiny) {
  expect(isotropic(1, NULL, "1e150", "1e-150"),
         isotropic(1, NULL, "1e150", "2e-150"), "1e-150", 1e-150);
  expect(isotropic(1, NULL, "-1e150 1e150", "1e149 1e149"),
         isotropic(1, NULL, "-2e150 2e150", "2e149 2e149"),
         "1e150*sqrt(101/100)", 1e150);
  expect(pieces("1 - - 1e-150 2e-150"), pieces("1 - - 3e-150 5e-150"),
         "1e-150*sqrt(19/3)", 1e-150);
}
END_TEST

/* --- random mixtures ---------------------------------------------------- */

typedef struct simple {
  int count;
  double w[4], m[4], s[4];
} simple;

static simple draw(fc_random *random) {
  simple p = {.count = 1 + (int)(4 * fc_random_uniform(random))};
  int left = 64;
  for (int k = 0; k < p.count; k++) {
    int part = k + 1 < p.count
                   ? 1 + (int)(fc_random_uniform(random) * (left - p.count + k))
                   : left;
    left -= part;
    p.w[k] = part / 64.0;
    p.m[k] = floor(fc_random_normal(random) * 64) / 32;
    p.s[k] = (1 + floor(fc_random_uniform(random) * 63)) / 64;
  }
  return p;
}

static fc_target *target_of(const simple *p) {
  char w[256] = "", m[256] = "", s[256] = "";
  for (int k = 0; k < p->count; k++) {
    sprintf(w + strlen(w), " %d/64", (int)(p->w[k] * 64));
    sprintf(m + strlen(m), " %d/32", (int)(p->m[k] * 32));
    sprintf(s + strlen(s), " %d/64", (int)(p->s[k] * 64));
  }
  return isotropic(1, w + 1, m + 1, s + 1);
}

static double cdf(const simple *p, double x) {
  double sum = 0;
  for (int k = 0; k < p->count; k++)
    sum += p->w[k] * erfc((p->m[k] - x) / (p->s[k] * sqrt(2))) / 2;
  return sum;
}

enum { CELLS = 20000 };

/* W_2 of the laws whose distribution functions are affine between the points of
 * a grid: both are passed together from level to level, and D is affine in
 * between. */
static double crude(const simple *p, const simple *q) {
  static const double low = -16, step = 32.0 / CELLS;
  double sum = 0, z = 0, gap = 0;
  int i = 0, j = 0; /* the cells of F and of G */
  double f[2] = {cdf(p, low), cdf(p, low + step)},
         g[2] = {cdf(q, low), cdf(q, low + step)};
  while (i < CELLS && j < CELLS) {
    double next = fmin(f[1], g[1]);
    double x = i + (f[1] > f[0] ? (next - f[0]) / (f[1] - f[0]) : 1),
           y = j + (g[1] > g[0] ? (next - g[0]) / (g[1] - g[0]) : 1);
    double end = (x - y) * step;
    sum += (next - z) * (gap * gap + gap * end + end * end) / 3;
    bool both = f[1] == g[1], first = f[1] < g[1];
    if (both || first) {
      i++;
      f[0] = f[1];
      f[1] = cdf(p, low + (i + 1) * step);
    }
    if (both || !first) {
      j++;
      g[0] = g[1];
      g[1] = cdf(q, low + (j + 1) * step);
    }
    z = next;
    gap = end;
  }
  return sqrt(sum);
}

START_TEST(random_mixtures) {
  fc_random random;
  fc_random_init(&random, 1, "w2-line", "mixtures");
  random = fc_random_branch(&random, (uint64_t)_i);
  simple p = draw(&random), q = draw(&random);
  fc_target *first = target_of(&p), *second = target_of(&q);
  distance d[3];
  static const long bits[] = {0, 24, 64};
  for (int i = 0; i < 3; i++) {
    distance_init(d + i, bits[i]);
    measure(d + i, first, second);
  }
  double w = fc_get_d(d[0].value->w2, &d[0].ctx), other = crude(&p, &q);
  ck_assert_msg(fabs(w - other) <= 1e-5 * (1 + other), "%.17g is not %.17g", w,
                other);
  for (int i = 0; i < 2; i++) {
    fc_num gap, error;
    fc_init(gap, &d[2].ctx);
    fc_init(error, &d[2].ctx);
    fc_convert(gap, &d[2].ctx, d[i].value->w2, &d[i].ctx);
    fc_convert(error, &d[2].ctx, d[i].value->error, &d[i].ctx);
    fc_add(error, error, d[2].value->error, &d[2].ctx);
    fc_sub(gap, gap, d[2].value->w2, &d[2].ctx);
    fc_abs(gap, gap, &d[2].ctx);
    ck_assert_msg(fc_le(gap, error, &d[2].ctx) == FC_TRUE,
                  "at %ld bits off by %.3g, stated %.3g", bits[i],
                  fc_get_d(gap, &d[2].ctx), fc_get_d(error, &d[2].ctx));
    fc_clear(gap, &d[2].ctx);
    fc_clear(error, &d[2].ctx);
  }
  for (int i = 0; i < 3; i++)
    distance_clear(d + i);
  fc_target_free(first);
  fc_target_free(second);
}
END_TEST

/* --- balls -------------------------------------------------------------- */

/* The enclosure contains the value of MPFR within its error, and is narrow. */
static void enclose_at(long bits, fc_target *p, fc_target *q, double width) {
  distance d, ball;
  fc_error error;
  distance_init(&d, 80);
  measure(&d, p, q);
  ck_assert_int_eq(fc_ctx_init_arb(&ball.ctx, bits, &error), FC_OK);
  fc_w2_value_init(ball.value, &ball.ctx);
  measure(&ball, p, q);
  ck_assert(ball.value->proved);
  mpfr_t mid, rad, value;
  mpfr_init2(mid, 128);
  mpfr_init2(rad, 128);
  mpfr_init2(value, 128);
  fc_get_enclosure(mid, rad, ball.value->w2, &ball.ctx);
  fc_get_mid(value, d.value->w2, &d.ctx);
  double radius = mpfr_get_d(rad, MPFR_RNDU);
  mpfr_sub(mid, mid, value, MPFR_RNDN);
  mpfr_abs(mid, mid, MPFR_RNDN);
  double off = mpfr_get_d(mid, MPFR_RNDN) - fc_get_d(d.value->error, &d.ctx);
  ck_assert_msg(off <= radius, "outside by %.3g of %.3g", off, radius);
  ck_assert_msg(radius <= width, "the radius is %.3g", radius);
  mpfr_clear(mid);
  mpfr_clear(rad);
  mpfr_clear(value);
  distance_clear(&d);
  distance_clear(&ball);
  fc_target_free(p);
  fc_target_free(q);
}

static void enclose(fc_target *p, fc_target *q, double width) {
  enclose_at(53, p, q, width);
}

/* Half of the bits, at least 64 of W_2^2: also where it is small. */
START_TEST(half_of_the_bits) {
  if (!fc_have_arb())
    return;
  enclose_at(160, isotropic(1, NULL, "0 0", "1 1"),
             isotropic(1, NULL, "1", "1"), 1e-19);
  enclose_at(160, pieces("1 - - 0 1"), pieces("1 - - 0 1000000001/1000000000"),
             1e-28);
}
END_TEST

START_TEST(enclosures) {
  if (!fc_have_arb())
    return;
  enclose(isotropic(1, NULL, "0", "1"), isotropic(1, NULL, "1", "2"), 1e-14);
  enclose(pieces("1 - - 0 1"), isotropic(1, NULL, "0", "1"), 1e-12);
  enclose(isotropic(1, "1/3 2/3", "0 1", "0 1"),
          isotropic(1, NULL, "0 1", "1 1"), 1e-12);
  enclose(isotropic(1, "1/3 2/3", "0 1", "0 0"),
          isotropic(1, NULL, "0 1", "0 0"), 1e-14);
  enclose(pieces("1 0 1 0 -"), pieces("1 0 2 - 0"), 1e-11);
  enclose(isotropic(1, "1/3 2/3", "-6 6", "3/100 3/100"),
          isotropic(1, NULL, "-6 6", "1/100 3/100"), 1e-11);
}
END_TEST

/* --- sources ----------------------------------------------------------- */

/* For N(m, s^2), with v^2 = a^2 + b^2 s^2: W_2 at the start is
 * sqrt(b^2 m^2 + (v - a)^2), at the end s/v times that. */
START_TEST(source_of_a_gaussian) {
  fc_ctx ctx;
  fc_w2_value end, start;
  fc_ctx_init_mpfr(&ctx, 64);
  fc_ptr x = fc_vec_new(5, &ctx);
  const double numbers[5] = {1, 2, 0.5, 1, 1}; /* w, m, s, a, b */
  for (int i = 0; i < 5; i++)
    fc_set_d(x + i, numbers[i], &ctx);
  fc_w2_value_init(&end, &ctx);
  fc_w2_value_init(&start, &ctx);
  ck_assert_int_eq(fc_w2_line_source(&end, &start, 1, x, x + 1, x + 2, x + 3,
                                     x + 4, &ctx, NULL),
                   FC_OK);
  double v = sqrt(1.25), w = sqrt(4 + (v - 1) * (v - 1));
  ck_assert_double_eq_tol(fc_get_d(start.w2, &ctx), w, 1e-14);
  ck_assert_double_eq_tol(fc_get_d(end.w2, &ctx), w / 2 / v, 1e-14);
  ck_assert_double_le(fc_get_d(end.error, &ctx), 1e-17);
  fc_w2_value_clear(&end, &ctx);
  fc_w2_value_clear(&start, &ctx);
  fc_vec_free(x, 5, &ctx);
}
END_TEST

START_TEST(wrong_laws) {
  distance d;
  distance_init(&d, 0);
  fc_target *plane = isotropic(2, NULL, "0 0", "1"),
            *line = isotropic(1, NULL, "0", "1");
  fc_error error;
  ck_assert_int_eq(fc_w2_line(d.value, plane, line, &d.ctx, &error), FC_SHAPE);
  fc_target_free(plane);
  fc_target_free(line);
  distance_clear(&d);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("w2_line");
  TCase *cases = tcase_create("w2_line");
  tcase_set_timeout(cases, 120);
  tcase_add_test(cases, gaussians);
  tcase_add_test(cases, uniform_laws);
  tcase_add_test(cases, uniform_and_normal);
  tcase_add_test(cases, atoms);
  tcase_add_test(cases, half_normal_laws);
  tcase_add_test(cases, translations_and_homotheties);
  tcase_add_test(cases, a_law_and_itself);
  tcase_add_test(cases, narrow_modes);
  tcase_add_test(cases, narrow_part_in_a_wide_one);
  tcase_add_test(cases, huge_and_tiny);
  tcase_add_loop_test(cases, random_mixtures, 0, 8);
  tcase_add_test(cases, enclosures);
  tcase_add_test(cases, half_of_the_bits);
  tcase_add_test(cases, source_of_a_gaussian);
  tcase_add_test(cases, wrong_laws);
  suite_add_tcase(suite, cases);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
