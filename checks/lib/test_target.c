/* lib/target: what constructors accept, questions, landmarks, class constants.
 * Judges: constants derived by hand, and the definitions (the Hessian of -log
 * nu sampled through the posterior at a = 0). */
#include "targets.h"

#include <math.h>

/* --- constructors ----------------------------------------------------------
 */

static void expect_refusal(fc_status status, const char *word, long wanted,
                           long culprit, const fc_error *error) {
  ck_assert_int_ne(status, FC_OK);
  ck_assert_int_eq((int)status, (int)error->status);
  ck_assert_msg(strstr(error->message, word) != NULL, "`%s' lacks `%s'",
                error->message, word);
  ck_assert_int_eq(culprit, wanted);
}

START_TEST(bad_mixtures_are_refused) {
  static const struct {
    const char *weights, *means, *stddevs, *word;
    long culprit;
  } bad[] = {
      {"1/2 1/3", "0 1", "1 1", "sum to 5/6", -1},
      {"1/2 0", "0 1", "1 1", "not positive", 1},
      {"3/2 -1/2", "0 1", "1 1", "not positive", 1},
      {"sqrt(2)/2 1/3", "0 1", "1 1", "sum to 1", -1},
      {"1/2 1/2", "0 1/0", "1 1", "not a finite", 1},
      {"1/2 1/2", "0 1", "1 -1", "negative", 1},
      {"1/2 1/2", "0 1", "1 log(-1)", "not a finite", 1},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    fc_target *target = NULL;
    fc_error error;
    long culprit = 99;
    fc_status status = try_isotropic(&target, 1, bad[i].weights, bad[i].means,
                                     bad[i].stddevs, &culprit, &error);
    ck_assert_ptr_null(target);
    expect_refusal(status, bad[i].word, bad[i].culprit, culprit, &error);
  }
}
END_TEST

START_TEST(bad_covariances_are_refused) {
  static const struct {
    const char *covariances, *word;
  } bad[] = {
      {"1 0 0 1 1 2 2 1", "positive definite"},
      {"1 0 0 1 1 1 1 1", "positive definite"}, /* singular */
      {"1 0 0 1 1 0 0 0", "positive definite"},
      {"1 0 0 1 1 1/2 1/3 1", "symmetric"},
      {"1 0 0 1 1 1/0 1/0 1", "not a finite"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    fc_target *target = NULL;
    fc_error error;
    long culprit = 99;
    fc_status status = try_mixture(&target, 2, NULL, "0 0 1 1",
                                   bad[i].covariances, &culprit, &error);
    ck_assert_ptr_null(target);
    expect_refusal(status, bad[i].word, 1, culprit, &error);
  }
}
END_TEST

START_TEST(bad_pieces_are_refused) {
  static const struct {
    const char *text, *word;
    long culprit;
  } bad[] = {
      {"1 - - 0 -", "needs both", 0},
      {"1 - - 1 0", "not below", 0},
      {"1 - - 1 2/2", "not below", 0},
      {"1 0 0 0 1", "positive", 0},
      {"1 0 -1 0 1", "negative", 0},
      {"1 - 1 0 1", "needs a mean", 0},
      {"1/2 - - 0 1", "sum to 1/2", -1},
      {"1/2 - - 0 1 1/2 - - 3 2", "below", 1},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    fc_target *target = NULL;
    fc_error error;
    long culprit = 99;
    fc_status status = try_pieces(&target, bad[i].text, &culprit, &error);
    ck_assert_ptr_null(target);
    expect_refusal(status, bad[i].word, bad[i].culprit, culprit, &error);
  }
}
END_TEST

START_TEST(sizes_are_limited) {
  fc_target *target = NULL, *big = NULL;
  fc_error error;
  long culprit;
  ck_assert_int_eq(fc_target_new_isotropic(&target, 0, 1, NULL, NULL, NULL,
                                           &culprit, &error),
                   FC_LIMIT);
  ck_assert_int_eq(fc_target_new_isotropic(&target, 65, 1, NULL, NULL, NULL,
                                           &culprit, &error),
                   FC_LIMIT);
  ck_assert_int_eq(fc_target_new_isotropic(&target, 1, 100001, NULL, NULL, NULL,
                                           &culprit, &error),
                   FC_LIMIT);
  ck_assert_int_eq(fc_target_new_product(&target, 0, NULL, &error), FC_LIMIT);
  /* 33 planes: d = 66 */
  big = isotropic(2, NULL, "0 0", "1");
  const fc_target *factors[33];
  for (int i = 0; i < 33; i++)
    factors[i] = big;
  ck_assert_int_eq(fc_target_new_product(&target, 33, factors, &error),
                   FC_LIMIT);
  ck_assert_int_eq(fc_target_new_product(&target, 32, factors, &error), FC_OK);
  ck_assert_uint_eq(fc_target_dimension(target), 64);
  fc_target_free(target);
  fc_target_free(big);
}
END_TEST

START_TEST(irrational_weights_are_summed) {
  fc_target *target = isotropic(1, "sin(1)^2 cos(1)^2", "0 1", "1 1");
  fc_target_free(target);
}
END_TEST

/* --- questions --------------------------------------------------------------
 */

START_TEST(questions) {
  static const struct {
    size_t d;
    bool density, full, gaussian, isotropic;
    size_t count;
  } wanted[ZOO_SIZE] = {
      {1, true, true, false, true, 2},   {1, true, true, false, false, 0},
      {2, true, true, false, true, 3},   {2, true, true, false, false, 0},
      {3, true, true, true, false, 0},   {1, false, false, false, false, 2},
      {1, true, false, false, false, 0}, {1, true, false, false, false, 0},
      {1, true, true, false, false, 0},  {1, true, false, false, false, 0},
      {2, true, false, false, false, 0}, {3, true, true, false, false, 0},
  };
  for (size_t i = 0; i < ZOO_SIZE; i++) {
    fc_target *target = zoo(i), *copy = NULL;
    ck_assert_int_eq(fc_target_copy(&copy, target), FC_OK);
    fc_target_free(target);
    ck_assert_uint_eq(fc_target_dimension(copy), wanted[i].d);
    ck_assert_int_eq(fc_target_has_density(copy), wanted[i].density);
    ck_assert_msg(fc_target_has_full_support(copy) == wanted[i].full, "%zu", i);
    ck_assert_int_eq(fc_target_is_gaussian(copy), wanted[i].gaussian);
    ck_assert_int_eq(fc_target_is_isotropic(copy), wanted[i].isotropic);
    ck_assert_uint_eq(fc_target_isotropic_count(copy), wanted[i].count);
    fc_target_free(copy);
  }
}
END_TEST

/* A covariance that is visibly s^2 I is the isotropic mixture it stands for. */
START_TEST(scalar_covariances_are_isotropic) {
  fc_target *target = mixture(2, NULL, "0 0 1 1", "1/4 0 0 1/4 0.25 0 0 2/8");
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  fc_num sigma, numbers[3];
  fc_init(sigma, &ctx);
  for (int i = 0; i < 3; i++)
    fc_init(numbers[i], &ctx);
  ck_assert(fc_target_is_isotropic(target));
  ck_assert_int_eq(
      fc_target_constant(sigma, NULL, NULL, target, FC_SIGMA, &ctx), FC_OK);
  ck_assert_double_eq(fc_get_d(sigma, &ctx), 0.5);
  fc_target_isotropic_get(numbers[0], numbers[2], target, 1, &ctx);
  ck_assert_double_eq(fc_get_d(numbers[0], &ctx), 1);
  ck_assert_double_eq(fc_get_d(numbers[2], &ctx), 0.5);
  fc_target_free(target);
}
END_TEST

START_TEST(landmarks) {
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  fc_ptr points = NULL;
  size_t count = 0;
  fc_target *target = zoo(10); /* means -3/2, 3/2; ends 0, 1, middle 1/2 */
  static const double wanted[6][2] = {{-1.5, 0}, {1.5, 0},    {-1.5, 1},
                                      {1.5, 1},  {-1.5, 0.5}, {1.5, 0.5}};
  ck_assert_int_eq(fc_target_landmarks(&points, &count, target, 100, &ctx),
                   FC_OK);
  ck_assert_uint_eq(count, 6);
  for (size_t i = 0; i < 12; i++)
    ck_assert_double_eq(fc_get_d(points + i, &ctx), wanted[i / 2][i % 2]);
  fc_vec_free(points, 12, &ctx);
  ck_assert_int_eq(fc_target_landmarks(&points, &count, target, 4, &ctx),
                   FC_OK);
  ck_assert_uint_eq(count, 4);
  fc_vec_free(points, 8, &ctx);
  ck_assert_int_eq(fc_target_landmarks(&points, &count, target, 0, &ctx),
                   FC_OK);
  ck_assert_uint_eq(count, 0);
  fc_target_free(target);
}
END_TEST

/* --- class constants ---------------------------------------------------------
 */

typedef struct expected {
  size_t which; /* of the zoo, or of make() from 100 on */
  const char *values[FC_CLASS_CONSTANT_COUNT]; /* NULL: absent */
} expected;

static fc_target *make(size_t which) {
  switch (which) {
  case 100: /* a triangle with its circumcentre inside: radius 5/4 ... */
    return isotropic(2, NULL, "0 0 2 0 1 2", "1 1 1");
  case 101: /* obtuse: the ball of the longest side; an inner point */
    return isotropic(2, NULL, "-2 0 2 0 1/2 1/2 0 1/3", "1/2 1/2 1/2 1/2");
  case 102: /* atoms at the corners of a cube */
    return isotropic(3, NULL, "0 0 0 1 0 0 0 1 0 0 0 1 1 1 0 1 0 1 0 1 1 1 1 1",
                     "0 0 0 0 0 0 0 0");
  case 103:
    return isotropic(2, NULL, "3/5 4/5", "1");
  case 104:
    return product(pieces("1 - - 0 3"), pieces("1 - - -1 3"));
  case 105:
    return product(isotropic(1, NULL, "-3 3", "1 1"),
                   isotropic(1, NULL, "-4 4", "1 1"));
  case 106:
    return pieces("1 1/2 1 - -");
  case 107: /* all means equal, not dyadic */
    return isotropic(2, NULL, "1/3 1/7 1/3 1/7", "1/2 1/2");
  case 108:
    return product(isotropic(1, NULL, "0", "1"), isotropic(1, NULL, "1", "2"));
  default:
    return zoo(which);
  }
}

/* kappa, beta, D, sigma, R, L, half-diam, support-half-diam */
static const expected table[] = {
    {0, {"4-9/4*16", "4", NULL, "1/2", "3/2", NULL, "3/2", NULL}},
    {1, {NULL, "25", NULL, NULL, NULL, NULL, NULL, NULL}},
    /* eigenvalues (3 -+ sqrt 2)/2, 1/5, 1/3 */
    {3, {NULL, "5", NULL, NULL, NULL, NULL, NULL, NULL}},
    {5, {NULL, NULL, "sqrt(2)", NULL, NULL, NULL, NULL, "1"}},
    {6, {"0", NULL, "1/sqrt(2)", NULL, NULL, NULL, NULL, "1/2"}},
    {7, {"16/9", NULL, "9/4/sqrt(2)", NULL, NULL, NULL, NULL, "9/8"}},
    {8, {NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL}},
    {9, {NULL, NULL, "5/sqrt(2)", NULL, NULL, NULL, NULL, "5/2"}},
    {100, {"1-25/16", "1", NULL, "1", "5/4", "sqrt(5)", "sqrt(5)/2", NULL}},
    {101, {"4-4*16", "4", NULL, "1/2", "2", NULL, "2", NULL}},
    {102, {NULL, NULL, "sqrt(3/2)", NULL, NULL, NULL, NULL, "sqrt(3)/2"}},
    {103, {"1", "1", NULL, "1", "0", "1", "0", NULL}},
    {104, {"0", NULL, "5/sqrt(2)", NULL, NULL, NULL, NULL, "5/2"}},
    {105, {"1-16", "1", NULL, "1", "5", "5", "5", NULL}},
    {106, {"1", "1", NULL, "1", "0", "1/2", "0", NULL}},
    {107, {"4", "4", NULL, "1/2", "0", NULL, "0", NULL}},
    {108, {"1/4", "1", NULL, NULL, NULL, NULL, NULL, NULL}},
};

static void check_constant(const fc_target *target, const expected *wanted,
                           int which, const fc_ctx *ctx, long bits) {
  fc_num got, value;
  fc_ctx fine;
  fc_provenance provenance = FC_DECLARED;
  const char *why = NULL, *name = fc_class_constant_name(which);
  fc_ctx_init_mpfr(&fine, 400);
  fc_init(got, ctx);
  fc_init(value, &fine);
  fc_status status =
      fc_target_constant(got, &provenance, &why, target, which, ctx);
  ck_assert_ptr_nonnull(why);
  ck_assert_uint_gt(strlen(why), 0);
  if (!wanted->values[which]) {
    ck_assert_msg(status == FC_UNSUPPORTED, "%s of %zu", name, wanted->which);
  } else {
    char message[64];
    fc_formula *formula = constant_of(wanted->values[which]);
    ck_assert_msg(status == FC_OK, "%s of %zu: %s", name, wanted->which, why);
    ck_assert_int_eq(provenance, FC_DERIVED);
    ck_assert_int_eq(fc_constant_eval(value, formula, &fine), FC_OK);
    snprintf(message, sizeof message, "%s of %zu", name, wanted->which);
    expect_close(got, ctx, value, &fine, bits, 1, message);
    if (ctx->kind == FC_ARB) {
      mpfr_t reference;
      mpfr_init2(reference, 400);
      fc_get_mid(reference, value, &fine);
      ck_assert_msg(fc_is_finite(got, ctx), "%s", message);
      mpfr_t mid, rad;
      mpfr_init2(mid, 400);
      mpfr_init2(rad, 64);
      fc_get_enclosure(mid, rad, got, ctx);
      mpfr_sub(mid, mid, reference, MPFR_RNDZ);
      mpfr_add_d(rad, rad, 1e-110, MPFR_RNDU); /* the reference's own */
      ck_assert_msg(mpfr_cmpabs(mid, rad) <= 0, "%s", message);
      mpfr_clears(mid, rad, reference, (mpfr_ptr)0);
    }
    fc_formula_free(formula);
  }
  fc_clear(got, ctx);
  fc_clear(value, &fine);
}

START_TEST(class_constants) {
  const expected *wanted = table + _i;
  fc_target *target = make(wanted->which);
  fc_ctx ctx;
  for (int which = 0; which < FC_CLASS_CONSTANT_COUNT; which++) {
    fc_ctx_init_double(&ctx);
    check_constant(target, wanted, which, &ctx, 45);
    fc_ctx_init_mpfr(&ctx, 200);
    check_constant(target, wanted, which, &ctx, 190);
    if (fc_ctx_init_arb(&ctx, 200, NULL) == FC_OK)
      check_constant(target, wanted, which, &ctx, 180);
  }
  fc_target_free(target);
}
END_TEST

/* By definition: kappa <= -S <= beta along the line at a = 0, b = 1. */
START_TEST(kappa_and_beta_bound_the_hessian) {
  fc_target *target = zoo(_i == 0 ? 0 : _i == 1 ? 1 : 7);
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 100);
  fc_num kappa, beta;
  fc_init(kappa, &ctx);
  fc_init(beta, &ctx);
  bool has_kappa =
      !fc_target_constant(kappa, NULL, NULL, target, FC_KAPPA, &ctx);
  bool has_beta = !fc_target_constant(beta, NULL, NULL, target, FC_BETA, &ctx);
  ck_assert(has_kappa || has_beta);
  double low = has_kappa ? fc_get_d(kappa, &ctx) : -INFINITY;
  double high = has_beta ? fc_get_d(beta, &ctx) : INFINITY;
  probe p;
  probe_init(&p, target, &ctx);
  for (int i = -63; i < 64; i++) {
    char point[64];
    snprintf(point, sizeof point, "0 1 %d/16", i);
    probe_text(&p, point, FC_WANT_SCORE_JACOBIAN);
    double hessian = -fc_get_d(p.value->score_jacobian, &ctx);
    if (isnan(hessian)) /* outside the support */
      continue;
    ck_assert_double_ge(hessian, low - 1e-12);
    ck_assert_double_le(hessian, high + 1e-12);
  }
  probe_clear(&p);
  fc_clear(kappa, &ctx);
  fc_clear(beta, &ctx);
  fc_target_free(target);
}
END_TEST

/* R against a brute-force judge: the smallest ball around points in the plane
 * is that of some pair or triple; take the best that encloses all. */
static double brute_radius(const double (*p)[2], int n) {
  double best = INFINITY;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      for (int k = 0; k < n; k++) {
        double ax = p[j][0] - p[i][0], ay = p[j][1] - p[i][1],
               bx = p[k][0] - p[i][0], by = p[k][1] - p[i][1];
        double det = 2 * (ax * by - ay * bx), cx, cy, far = 0;
        if (k == j) {
          cx = p[i][0] + ax / 2;
          cy = p[i][1] + ay / 2;
        } else if (fabs(det) > 1e-9) {
          double a2 = ax * ax + ay * ay, b2 = bx * bx + by * by;
          cx = p[i][0] + (by * a2 - ay * b2) / det;
          cy = p[i][1] + (ax * b2 - bx * a2) / det;
        } else {
          continue;
        }
        for (int m = 0; m < n; m++)
          far = fmax(far, hypot(p[m][0] - cx, p[m][1] - cy));
        best = fmin(best, far);
      }
  return best;
}

START_TEST(enclosing_radius) {
  generator g = {40 + (uint64_t)_i};
  double points[12][2];
  char means[1024] = "", stddevs[128] = "", text[64];
  int count = (int)next_long(&g, 2, 12);
  for (int i = 0; i < count; i++) {
    long x = next_long(&g, -16, 16), y = next_long(&g, -16, 16);
    points[i][0] = (double)x;
    points[i][1] = (double)y;
    snprintf(text, sizeof text, "%s%ld %ld", i ? " " : "", x, y);
    strcat(means, text);
    strcat(stddevs, i ? " 1" : "1");
  }
  fc_target *target = isotropic(2, NULL, means, stddevs);
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 100);
  fc_num radius;
  fc_init(radius, &ctx);
  ck_assert_int_eq(fc_target_constant(radius, NULL, NULL, target, FC_R, &ctx),
                   FC_OK);
  ck_assert_double_eq_tol(fc_get_d(radius, &ctx),
                          brute_radius((const double(*)[2])points, count),
                          1e-9);
  fc_clear(radius, &ctx);
  fc_target_free(target);
}
END_TEST

/* Squares of distances this small are no numbers of binary64. */
START_TEST(diameters_of_any_size) {
  static const char *const means[] = {"0 0 1.6e-162 1.6e-162 2.7e-162 0",
                                      "0 0 1.6e-18 1.6e-18 2.7e-18 0",
                                      "0 0 1.6e200 1.6e200 2.7e200 0"};
  static const double halves[] = {1.35e-162, 1.35e-18, 1.35e200};
  for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
    fc_target *target = isotropic(2, NULL, means[i], "0 0 0");
    fc_ctx ctx[1];
    fc_num z;
    fc_ctx_init_mpfr(ctx, 64);
    fc_init(z, ctx);
    ck_assert_int_eq(
        fc_target_constant(z, NULL, NULL, target, FC_SUPPORT_HALF_DIAM, ctx),
        FC_OK);
    ck_assert_double_le(fabs(fc_get_d(z, ctx) / halves[i] - 1), 1e-15);
    fc_clear(z, ctx);
    fc_target_free(target);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("target");
  TCase *c = tcase_create("target");
  tcase_set_timeout(c, 60);
  tcase_add_test(c, bad_mixtures_are_refused);
  tcase_add_test(c, bad_covariances_are_refused);
  tcase_add_test(c, bad_pieces_are_refused);
  tcase_add_test(c, sizes_are_limited);
  tcase_add_test(c, irrational_weights_are_summed);
  tcase_add_test(c, questions);
  tcase_add_test(c, scalar_covariances_are_isotropic);
  tcase_add_test(c, landmarks);
  tcase_add_test(c, diameters_of_any_size);
  tcase_add_loop_test(c, class_constants, 0, sizeof table / sizeof *table);
  tcase_add_loop_test(c, kappa_and_beta_bound_the_hessian, 0, 3);
  tcase_add_loop_test(c, enclosing_radius, 0, 40);
  suite_add_tcase(suite, c);
  return run_suite(suite);
}
