/* Restricted normal laws in binary64 against the same posterior in MPFR, which
 * other integrals and symmetries judge in test_posterior.c: another algorithm
 * (error functions and power series) in another arithmetic. */
#include <math.h>

#include "targets.h"

/* 1e-10 of the natural scale */
#define BITS 33

static fc_target *law(int i) {
  static const char *const list[] = {
      "1 - - 0 1",                         /* uniform */
      "1 - - 1/3 1/3+1/1000",              /* of ends no binary64 has */
      "1 0 1 -1/4 1/2",                    /* narrow */
      "1 1/7 2 -30 50",                    /* wide */
      "1 0 1 0 -",                         /* half a normal law */
      "1 -5 1/2 - 1/3",                    /* cut off far from its mean */
      "1 40 1 - 0",                        /* nothing but a tail */
      "1 1/2 1/1000 1/4 3/4",              /* spread far below its ends */
      "1/3 - - -2 -1 2/3 - - 1 2",         /* two blocks */
      "1/2 -1 1 0 - 1/2 1 1 - 0",          /* two halves that meet */
      "1/4 - - -2 -1 3/4 1/3 1/2 -1/2 3"}; /* both kinds */
  return pieces(list[i]);
}

#define LAWS 11

/* x near what b y reaches, at its ends and up to 40 away. */
static void next_point(mpfr_t *point, generator *g) {
  static const double ends[] = {0, 1, -0.25, 0.5, 50, 0.75, -2, 2};
  next_dyadic(point[0], g, 40, -24, 0);
  mpfr_abs(point[0], point[0], MPFR_RNDN);
  if (mpfr_zero_p(point[0]))
    mpfr_set_ui_2exp(point[0], 1, -3, MPFR_RNDN);
  next_dyadic(point[1], g, 40, -20, 0);
  mpfr_abs(point[1], point[1], MPFR_RNDN);
  double a = mpfr_get_d(point[0], MPFR_RNDN),
         b = mpfr_get_d(point[1], MPFR_RNDN), end = ends[next_long(g, 0, 7)],
         away = ldexp((double)next_long(g, -1000, 1000), -7);
  double x = away * 5;
  if (next_long(g, 0, 3))
    x = b * end + a * away;
  mpfr_set_d(point[2], x, MPFR_RNDN);
}

static double number(fc_srcptr z, const probe *p) {
  return fabs(fc_get_d(z, &p->ctx));
}

/* Natural scales: of M the larger of |M| and the posterior's width; of third
 * cumulants the 3/2-th power of the second; of s the root of |S|. */
static void compare(const probe *p, const probe *exact) {
  const fc_posterior_value *got = p->value, *want = exact->value;
  double m = number(want->mean, exact), c = number(want->covariance, exact),
         s = number(want->score_jacobian, exact);
  const struct {
    fc_srcptr got, wanted;
    double scale;
    const char *name;
  } results[] = {{got->mean, want->mean, sqrt(c), "mean"},
                 {got->covariance, want->covariance, 0, "covariance"},
                 {got->third, want->third, c * (m + sqrt(c)), "third"},
                 {got->log_density, want->log_density, 1, "log density"},
                 {got->score, want->score, sqrt(s), "score"},
                 {got->score_jacobian, want->score_jacobian, 0, "Jacobian"},
                 {got->score_third, want->score_third, s * sqrt(s), "G"}};
  char what[200];
  for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
    double size = number(results[i].wanted, exact);
    if (size < 1e-250 && results[i].scale < 1e-250)
      continue; /* made of subnormal numbers */
    snprintf(what, sizeof what, "%s at a = %a, b = %a, x = %a", results[i].name,
             fc_get_d(p->a, &p->ctx), fc_get_d(p->b, &p->ctx),
             fc_get_d(p->x, &p->ctx));
    expect_close(results[i].got, &p->ctx, results[i].wanted, &exact->ctx, BITS,
                 results[i].scale, what);
  }
}

START_TEST(agrees_with_mpfr) {
  fc_ctx plain, fine;
  fc_ctx_init_double(&plain);
  fc_ctx_init_mpfr(&fine, 300);
  fc_target *target = law(_i);
  generator g = {900 + (uint64_t)_i};
  probe p, exact;
  probe_init(&p, target, &plain);
  probe_init(&exact, target, &fine);
  mpfr_t point[3];
  for (int i = 0; i < 3; i++)
    mpfr_init2(point[i], 64);
  for (int trial = 0; trial < 400; trial++) {
    next_point(point, &g);
    probe_at(&p, point, EVERYTHING);
    probe_at(&exact, point, EVERYTHING);
    compare(&p, &exact);
  }
  for (int i = 0; i < 3; i++)
    mpfr_clear(point[i]);
  probe_clear(&p);
  probe_clear(&exact);
  fc_target_free(target);
}
END_TEST

/* "a b x": the ends of time, far tails, and sizes that overflow when squared.
 */
START_TEST(hostile_points) {
  static const char *const points[] = {"1 0 0",
                                       "1/100 1 0",
                                       "1/50 1/2 1/4",
                                       "1/100 1 1",
                                       "1 0 40",
                                       "1 0 -40",
                                       "1 1/2^60 1",
                                       "1/2^40 1 1/2",
                                       "1/2^40 1 40",
                                       "1/2^40 1 -40",
                                       "1/2^40 1 0",
                                       "1/2^20 1 1/3",
                                       "1/1000 1 1+1/100",
                                       "1 1 40",
                                       "1 1 -40",
                                       "1/100 1 40",
                                       "1/100 1 -40",
                                       "2^20 1 1",
                                       "1 1 2^30",
                                       "1/2^100 1 1/2",
                                       "1/2^500 1 1/2",
                                       "2^500 1 1",
                                       "1 1 2^500"};
  fc_ctx plain, fine;
  fc_ctx_init_double(&plain);
  fc_ctx_init_mpfr(&fine, 3000);
  fc_target *target = law(_i);
  probe p, exact;
  probe_init(&p, target, &plain);
  probe_init(&exact, target, &fine);
  for (size_t k = 0; k < sizeof points / sizeof *points; k++) {
    probe_text(&p, points[k], EVERYTHING);
    mpfr_t point[3];
    for (int i = 0; i < 3; i++) {
      mpfr_init2(point[i], 53);
      fc_get_mid(point[i], p.a + i, &plain);
    }
    probe_at(&exact, point, EVERYTHING);
    compare(&p, &exact);
    for (int i = 0; i < 3; i++)
      mpfr_clear(point[i]);
  }
  probe_clear(&p);
  probe_clear(&exact);
  fc_target_free(target);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("pieces");
  TCase *tests = tcase_create("binary64");
  tcase_set_timeout(tests, 120);
  tcase_add_loop_test(tests, agrees_with_mpfr, 0, LAWS);
  tcase_add_loop_test(tests, hostile_points, 0, LAWS);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
