/* Intervals from random samples against laws whose means are known, and
 * verdicts on intervals. */
#include <math.h>

#include "base/random.h"
#include "claims/statistical.h"
#include "numbers.h"

enum { DRAWS = 4000, TRIALS = 300 };

typedef double draw_function(fc_random *random);

static double draw_uniform(fc_random *random) {
  return fc_random_uniform(random);
}

static double draw_rare(fc_random *random) { /* 1 with probability 1/50 */
  return fc_random_uniform(random) < 0.02;
}

static double draw_exponential(fc_random *random) {
  return -log1p(-fc_random_uniform(random));
}

static void draw(double *draws, size_t count, draw_function *law,
                 uint64_t seed) {
  fc_random random[1];
  fc_random_init(random, seed, "test.statistical", "draws");
  for (size_t i = 0; i < count; i++)
    draws[i] = law(random);
}

/* With a false-alarm probability of 1/10 at most that share of the intervals,
 * and its own fluctuation (five standard deviations), may miss the mean. */
static void check_coverage(size_t misses, double widest, const char *name) {
  double allowed = 0.1 * TRIALS + 5 * sqrt(0.09 * TRIALS);
  ck_assert_msg((double)misses <= allowed, "%s: %zu of %d intervals miss", name,
                misses, TRIALS);
  ck_assert_msg(widest < 0.25, "%s: as wide as %.3g", name, widest);
}

static void cover(bool bounded, draw_function *law, double mean,
                  double variance, const char *name) {
  static double draws[DRAWS];
  size_t misses = 0;
  double widest = 0;
  for (uint64_t seed = 0; seed < TRIALS; seed++) {
    fc_estimate e;
    fc_error error = {0};
    draw(draws, DRAWS, law, seed);
    fc_status status =
        bounded ? fc_estimate_bounded(&e, draws, DRAWS, 0, 1, 0.1, &error)
                : fc_estimate_moments(&e, draws, DRAWS, variance, 0.1, &error);
    ck_assert_msg(status == FC_OK, "%s", error.message);
    ck_assert(e.low <= e.value && e.value <= e.high && e.false_alarm == 0.1);
    misses += !(e.low <= mean && mean <= e.high);
    widest = fmax(widest, e.high - e.low);
  }
  check_coverage(misses, widest, name);
}

START_TEST(intervals_cover_known_means) {
  cover(true, draw_uniform, 0.5, 0, "uniform");
  cover(true, draw_rare, 0.02, 0, "rare");
  cover(false, draw_uniform, 0.5, 1.0 / 12, "uniform by moments");
  cover(false, draw_exponential, 1, 1, "exponential by moments");
}
END_TEST

START_TEST(proportions_invert_the_binomial_tails) {
  fc_estimate e;
  fc_error error = {0};
  /* All of n: P(hits = n) = p^n = alpha/2 at the lower end. */
  ck_assert_int_eq(fc_estimate_proportion(&e, 50, 50, 0.02, &error), FC_OK);
  ck_assert_double_eq_tol(e.low, pow(0.01, 1.0 / 50), 2e-6);
  ck_assert_double_eq(e.high, 1);
  ck_assert_int_eq(fc_estimate_proportion(&e, 0, 50, 0.02, &error), FC_OK);
  ck_assert_double_eq(e.low, 0);
  ck_assert_double_eq_tol(e.high, 1 - pow(0.01, 1.0 / 50), 2e-6);
  /* 7 of 20: sums of binomial probabilities at both ends are alpha/2. */
  ck_assert_int_eq(fc_estimate_proportion(&e, 7, 20, 0.05, &error), FC_OK);
  double above = 0, below = 0, choose = 1;
  for (int k = 0; k <= 20; k++) {
    if (k >= 7)
      above += choose * pow(e.low, k) * pow(1 - e.low, 20 - k);
    if (k <= 7)
      below += choose * pow(e.high, k) * pow(1 - e.high, 20 - k);
    choose *= (20.0 - k) / (k + 1);
  }
  ck_assert_double_eq_tol(above, 0.025, 1e-6);
  ck_assert_double_eq_tol(below, 0.025, 1e-6);
}
END_TEST

/* Draws known to 1/100 of a law whose median is log 2. */
START_TEST(medians_are_enclosed_by_ranks) {
  enum { N = 100 };
  double lower[N], upper[N];
  size_t misses = 0;
  fc_estimate e;
  for (uint64_t seed = 0; seed < TRIALS; seed++) {
    draw(lower, N, draw_exponential, seed);
    for (size_t i = 0; i < N; i++)
      upper[i] = lower[i] + 0.01;
    ck_assert_int_eq(fc_estimate_median(&e, lower, upper, N, 0.1, NULL), FC_OK);
    misses += !(e.low <= log(2) + 0.01 && e.high >= log(2));
  }
  check_coverage(misses, 0, "median");
  /* P(Binomial(100, 1/2) <= 41) = 0.0443, P(... <= 42) = 0.0666 */
  for (size_t i = 0; i < N; i++)
    lower[i] = upper[i] = (double)(N - i);
  ck_assert_int_eq(fc_estimate_median(&e, lower, upper, N, 0.1, NULL), FC_OK);
  ck_assert_double_eq(e.low, 42);
  ck_assert_double_eq(e.high, 59);
  /* Of five draws the extremes miss with probability 1/16. */
  ck_assert_int_eq(fc_estimate_median(&e, lower, upper, 5, 0.0626, NULL),
                   FC_OK);
  ck_assert_double_eq(e.low, lower[0]);
  ck_assert_double_eq(e.high, upper[4]);
  ck_assert_int_eq(fc_estimate_median(&e, lower, upper, 5, 0.0624, NULL),
                   FC_VALUE);
  ck_assert_int_eq(fc_estimate_median(&e, lower, upper, 0, 0.5, NULL),
                   FC_VALUE);
}
END_TEST

START_TEST(quotients_take_opposite_ends) {
  fc_estimate x = {3, 2, 4, 1e-9}, y = {2, 1, 4, 2e-9};
  fc_estimate q = fc_estimate_quotient(&x, &y);
  ck_assert_double_eq(q.value, 1.5);
  ck_assert_double_eq(q.low, 0.5);
  ck_assert_double_eq(q.high, 4);
  ck_assert_double_eq_tol(q.false_alarm, 3e-9, 1e-24);
}
END_TEST

START_TEST(hopeless_samples_are_refused) {
  double draws[3] = {0.5, 0.25, 1.5};
  fc_estimate e;
  fc_error error = {0};
  ck_assert_int_eq(fc_estimate_bounded(&e, draws, 1, 0, 1, 0.1, &error),
                   FC_VALUE);
  ck_assert_int_eq(fc_estimate_bounded(&e, draws, 3, 0, 1, 0.1, &error),
                   FC_VALUE);
  ck_assert_int_eq(fc_estimate_bounded(&e, draws, 2, 0, 1, 0, &error),
                   FC_VALUE);
  ck_assert_int_eq(fc_estimate_moments(&e, draws, 3, 1, 1e-9, &error),
                   FC_VALUE);
  ck_assert_int_eq(fc_estimate_moments(&e, draws, 3, NAN, 0.5, &error),
                   FC_VALUE);
  ck_assert_int_eq(fc_estimate_proportion(&e, 3, 2, 0.1, &error), FC_VALUE);
  draws[1] = NAN;
  ck_assert_int_eq(fc_estimate_bounded(&e, draws, 2, 0, 1, 0.1, &error),
                   FC_VALUE);
}
END_TEST

static fc_estimate interval(double low, double high) {
  return (fc_estimate){(low + high) / 2, low, high, 1e-9};
}

static void check_verdict(fc_relation relation, fc_estimate measured,
                          fc_estimate bound, fc_verdict expected) {
  fc_record record;
  fc_record_init(&record);
  ck_assert_int_eq(
      fc_decide_statistical(&record, relation, &measured, &bound, false),
      FC_OK);
  ck_assert_str_eq(fc_verdict_name(record.verdict), fc_verdict_name(expected));
  ck_assert_int_eq(record.basis, FC_BASIS_STATISTICAL);
  ck_assert_double_eq(record.false_alarm,
                      measured.false_alarm + bound.false_alarm);
  ck_assert(!record.measured.rad == !isfinite(measured.high - measured.low));
  fc_record_clear(&record);
}

START_TEST(verdicts_need_intervals_apart) {
  fc_estimate exact = fc_estimate_exact(1, 0);
  check_verdict(FC_AT_MOST, interval(0.5, 1), exact, FC_VERDICT_HOLDS);
  check_verdict(FC_AT_MOST, interval(0.5, 1.01), exact,
                FC_VERDICT_INCONCLUSIVE);
  check_verdict(FC_AT_MOST, interval(1.01, 1.02), exact, FC_VERDICT_VIOLATED);
  check_verdict(FC_AT_LEAST, interval(1, 2), exact, FC_VERDICT_HOLDS);
  check_verdict(FC_AT_LEAST, interval(0.5, 0.99), exact, FC_VERDICT_VIOLATED);
  check_verdict(FC_AT_LEAST, interval(0.99, 2), interval(0.9, 1),
                FC_VERDICT_INCONCLUSIVE);
  check_verdict(FC_EQUAL, interval(0.9, 1.1), exact, FC_VERDICT_INCONCLUSIVE);
  check_verdict(FC_EQUAL, interval(1.05, 1.1), exact, FC_VERDICT_VIOLATED);
  /* A coupling knows nothing from below, and cannot refute. */
  fc_estimate upper = {0.9, -HUGE_VAL, 1.5, 1e-9};
  check_verdict(FC_AT_MOST, upper, fc_estimate_exact(1, 0),
                FC_VERDICT_INCONCLUSIVE);
  check_verdict(FC_AT_MOST, upper, fc_estimate_exact(2, 0), FC_VERDICT_HOLDS);
  fc_estimate none = {NAN, NAN, NAN, 1e-9};
  check_verdict(FC_AT_MOST, none, exact, FC_VERDICT_INCONCLUSIVE);
}
END_TEST

START_TEST(chance_that_plays_no_part_is_not_stated) {
  fc_record record;
  fc_record_init(&record);
  fc_estimate two = fc_estimate_exact(2, 0.5), four = fc_estimate_exact(4, 0);
  ck_assert_int_eq(
      fc_decide_statistical(&record, FC_AT_MOST, &two, &four, true), FC_OK);
  ck_assert_int_eq(record.basis, FC_BASIS_DOUBLE);
  ck_assert_int_eq(record.verdict, FC_VERDICT_HOLDS);
  ck_assert_str_eq(record.slack.mid, "2");
  ck_assert_str_eq(record.slack_kind, "ratio");
  ck_assert_str_eq(record.measured.mid, "2");
  ck_assert_ptr_nonnull(record.measured.rad);
  fc_record_clear(&record);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("statistical");
  TCase *tests = tcase_create("statistical");
  tcase_add_test(tests, intervals_cover_known_means);
  tcase_add_test(tests, proportions_invert_the_binomial_tails);
  tcase_add_test(tests, medians_are_enclosed_by_ranks);
  tcase_add_test(tests, quotients_take_opposite_ends);
  tcase_add_test(tests, hopeless_samples_are_refused);
  tcase_add_test(tests, verdicts_need_intervals_apart);
  tcase_add_test(tests, chance_that_plays_no_part_is_not_stated);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
