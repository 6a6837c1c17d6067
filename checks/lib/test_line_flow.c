/* sup over all x of |grad X_{s,t}| enclosed: against closed forms, against the
 * search of flow_extremum.h and scans in binary64 that know nothing of it, and
 * against itself (flows compose). */
#include <math.h>

#include "fields.h"
#include "flow/flow.h"
#include "suprema/flow_extremum.h"
#include "suprema/line_flow.h"

enum { RANDOM = 500, SEARCHES = 8, SCAN = 10 };

/* --- one question ----------------------------------------------------------
 */

typedef struct question {
  fc_target *target; /* owned */
  fc_schedule *schedule;
  fc_formula *s, *t;
  fc_line_supremum found[1];
} question;

static void question_init(question *q, fc_target *target, const char *schedule,
                          const char *s, const char *t) {
  q->target = target;
  q->schedule = schedule_of(schedule);
  q->s = constant_of(s);
  q->t = constant_of(t);
  fc_line_supremum_init(q->found);
}

static void question_clear(question *q) {
  fc_line_supremum_clear(q->found);
  fc_formula_free(q->s);
  fc_formula_free(q->t);
  fc_schedule_free(q->schedule);
  fc_target_free(q->target);
}

static fc_status try_ask(question *q, double gap, bool search_only, long budget,
                         fc_error *error) {
  const fc_line_request request = {.target = q->target,
                                   .schedule = q->schedule,
                                   .s = q->s,
                                   .t = q->t,
                                   .gap = gap,
                                   .search_only = search_only,
                                   .budget = budget};
  return fc_line_flow_supremum(q->found, &request, error);
}

static void ask(question *q, double gap, bool search_only) {
  CHECKED(try_ask(q, gap, search_only, 0, &error_));
  ck_assert(mpfr_lessequal_p(q->found->low, q->found->high));
}

static fc_status try_once(fc_target *target, const char *s, const char *t,
                          double gap) {
  question q[1];
  question_init(q, target, "linear", s, t);
  fc_status status = try_ask(q, gap, false, 0, NULL);
  question_clear(q);
  return status;
}

/* The constant lies in the enclosure, which is as narrow as was asked for. */
static void expect_enclosed(const question *q, const char *text) {
  fc_ctx ctx[1];
  fc_num wanted;
  mpfr_t value;
  fc_formula *formula = constant_of(text);
  fc_ctx_init_mpfr(ctx, 400);
  fc_init(wanted, ctx);
  mpfr_init2(value, 400);
  ck_assert_int_eq(fc_constant_eval(wanted, formula, ctx), FC_OK);
  fc_get_mid(value, wanted, ctx);
  char *low = fc_print_mpfr(q->found->low, 40),
       *high = fc_print_mpfr(q->found->high, 40);
  /* the value is rounded, too */
  mpfr_nextbelow(value);
  bool below = mpfr_lessequal_p(value, q->found->high);
  mpfr_nextabove(value);
  mpfr_nextabove(value);
  bool above = mpfr_greaterequal_p(value, q->found->low);
  ck_assert_msg(below && above, "%s is not in [%s, %s]", text, low, high);
  ck_assert_msg(q->found->reached, "[%s, %s] is too wide", low, high);
  free(low);
  free(high);
  mpfr_clear(value);
  fc_clear(wanted, ctx);
  fc_formula_free(formula);
}

/* --- closed forms -----------------------------------------------------------
 */

static const struct {
  const char *schedule, *s, *t, *value;
} two_points[] = {
    {"linear", "0", "1", "exp(9/2)/2"},
    {"follmer", "0", "1", "exp(9/2)/2"},
    {"ve:a0=2", "0", "1", "exp(9/2*4/(4+1/4))/(2*sqrt(4+1/4))"},
    {"linear", "0", "99/100",
     "sqrt(1/10^4+99^2/4/10^4)*exp(9/2*(1-1/10^4/(1/10^4+99^2/4/10^4)))"},
    {"linear", "1", "0", "2"},
    {"linear", "9/10", "1/4", "sqrt((9/16+1/64)/(1/100+81/400))"},
};
enum { TWO_POINTS = sizeof two_points / sizeof *two_points };

/* Found by integration, and by a search that does not know it. */
START_TEST(symmetric_mixture) {
  question q[1];
  question_init(q, isotropic(1, NULL, "-3/2 3/2", "1/2 1/2"),
                two_points[_i].schedule, two_points[_i].s, two_points[_i].t);
  ask(q, 1e-25, false);
  expect_enclosed(q, two_points[_i].value);
  ask(q, 1e-3, true);
  expect_enclosed(q, two_points[_i].value);
  ck_assert_int_eq(q->found->way, FC_LINE_SEARCHED);
  question_clear(q);
}
END_TEST

/* Few leaves, and not many more for many digits; x = 0 is where it is. */
START_TEST(few_leaves) {
  question q[1];
  question_init(q, isotropic(1, NULL, "-3/2 3/2", "1/2 1/2"), "linear", "0",
                "99/100");
  ask(q, 1e-2, true);
  ck_assert_uint_le(q->found->leaves, 40);
  ck_assert_uint_eq(q->found->failed, 0);
  ck_assert_int_le(mpfr_sgn(q->found->x_low), 0);
  ck_assert_int_ge(mpfr_sgn(q->found->x_high), 0);
  ck_assert_double_lt(mpfr_get_d(q->found->x_high, MPFR_RNDU), 0.1);
  ask(q, 1e-20, true);
  ck_assert(q->found->reached);
  ck_assert_uint_le(q->found->leaves, 120);
  question_clear(q);
}
END_TEST

START_TEST(gaussians) {
  question q[1];
  question_init(q, isotropic(1, NULL, "1/3", "2"), "linear", "1/4", "3/4");
  ask(q, 1e-30, false);
  expect_enclosed(q, "sqrt((1/16+4*9/16)/(9/16+4/16))");
  ask(q, 1e-3, true); /* the search has a constant to find */
  expect_enclosed(q, "sqrt((1/16+4*9/16)/(9/16+4/16))");
  question_clear(q);
  question_init(q, mixture(2, NULL, "1 2", "2 1 1 2"), "linear", "1/4", "3/4");
  ask(q, 1e-30, false);
  expect_enclosed(q, "sqrt(28/12)");
  question_clear(q);
}
END_TEST

START_TEST(pieces_and_atoms) {
  question q[1];
  question_init(q, pieces("1 - - -1/2 1/2"), "linear", "0", "1");
  ask(q, 1e-6, false);
  expect_enclosed(q, "1/sqrt(2*pi)"); /* p_1 = 1: sup p_0 */
  question_clear(q);
  question_init(q, pieces("1 - - -1/2 1/2"), "linear", "1", "0");
  ask(q, 1e-6, false);
  ck_assert(mpfr_inf_p(q->found->low) && mpfr_inf_p(q->found->high));
  question_clear(q);
  question_init(q, pieces("1 - - -1/2 1/2"), "linear", "9/10", "1/4");
  ask(q, 1e-6, false);
  expect_enclosed(q, "15/2"); /* approached far out */
  ask(q, 1e-1, true);
  expect_enclosed(q, "15/2");
  question_clear(q);
  question_init(q, pieces("1 0 1 0 -"), "linear", "0", "1/2");
  ask(q, 1e-6, false);
  expect_enclosed(q, "sqrt(1/2)");
  question_clear(q);
  question_init(q, pieces("1 0 1 0 -"), "linear", "0", "1");
  ask(q, 1e-6, true);
  expect_enclosed(q, "1");
  question_clear(q);
  question_init(q, isotropic(1, NULL, "-1 1", "0 0"), "linear", "1/4", "9/10");
  ask(q, 1e-6, false); /* (a_t/a_s) exp((u_t^2 - u_s^2)/2) */
  expect_enclosed(q, "2/15*exp((81-1/9)/2)");
  ask(q, 1e-3, true);
  expect_enclosed(q, "2/15*exp((81-1/9)/2)");
  question_clear(q);
}
END_TEST

/* The limit at infinity is a value: sigma_max at t = 1. */
START_TEST(unequal_widths) {
  question q[1];
  question_init(q, isotropic(1, NULL, "0 1/2", "1/2 2"), "linear", "0", "1");
  ask(q, 1e-3, false);
  ck_assert(q->found->reached);
  ck_assert_int_ge(mpfr_cmp_ui(q->found->high, 2), 0);
  ck_assert_int_ge(mpfr_cmp_d(q->found->low, 1.997), 0);
  question_clear(q);
}
END_TEST

/* exp(80000) and its like: binary64 has no such number, nor has F_t digits in
 * the gap. */
START_TEST(beyond_binary64) {
  question q[1];
  question_init(q, isotropic(1, NULL, "-12 12", "3/100 3/100"), "linear", "0",
                "1");
  ask(q, 1e-6, false);
  expect_enclosed(q, "3/100*exp(80000)");
  ask(q, 1e-6, true);
  expect_enclosed(q, "3/100*exp(80000)");
  question_clear(q);
  question_init(q, isotropic(1, "1/3 2/3", "-12 12", "3/100 3/100"), "linear",
                "0", "1");
  ask(q, 1e-6, false);
  ck_assert(q->found->reached);
  ck_assert_int_gt(mpfr_get_exp(q->found->low), 115000);
  question_clear(q);
}
END_TEST

/* A line in the plane that is no axis, and products: the largest part decides.
 */
START_TEST(more_dimensions) {
  question q[1];
  question_init(q, isotropic(2, NULL, "2 9/4 0 -1/4", "1/2 1/2"), "linear", "0",
                "1");
  ask(q, 1e-20, false);
  expect_enclosed(q, "exp(41/8)/2");
  question_clear(q);
  question_init(q,
                product(isotropic(1, NULL, "0", "2"),
                        isotropic(1, NULL, "-1/2 1/2", "1/2 1/2")),
                "linear", "0", "1");
  ask(q, 1e-6, false);
  expect_enclosed(q, "2");
  question_clear(q);
}
END_TEST

START_TEST(refusals) {
  ck_assert_int_eq(try_once(isotropic(1, NULL, "-1 1", "0 0"), "0", "1", 0.1),
                   FC_DOMAIN);
  ck_assert_int_eq(
      try_once(isotropic(1, NULL, "-1 1", "1 1"), "1/2", "2/4", 0.1),
      FC_DOMAIN);
  ck_assert_int_eq(try_once(isotropic(1, NULL, "-1 1", "1 1"), "0", "1", 0),
                   FC_VALUE);
  ck_assert_int_eq(try_once(isotropic(1, NULL, "-1 1", "1 1"), "0", "1", NAN),
                   FC_VALUE);
  ck_assert_int_eq(
      try_once(isotropic(2, NULL, "0 0 1 0 0 1", "1 1 1"), "0", "1", 0.1),
      FC_UNSUPPORTED);
}
END_TEST

/* What the budget leaves is wide, and true. */
START_TEST(partial) {
  question whole[1], q[1];
  question_init(whole, isotropic(1, "1/5 4/5", "-3/2 3/2", "1/2 1/3"), "linear",
                "0", "1");
  ask(whole, 1e-9, false);
  ck_assert(whole->found->reached);
  for (long budget = 1; budget < 12; budget += 2) {
    question_init(q, isotropic(1, "1/5 4/5", "-3/2 3/2", "1/2 1/3"), "linear",
                  "0", "1");
    CHECKED(try_ask(q, 1e-9, true, budget, &error_));
    ck_assert(!q->found->reached);
    ck_assert(mpfr_lessequal_p(q->found->low, whole->found->high));
    ck_assert(mpfr_greaterequal_p(q->found->high, whole->found->low));
    question_clear(q);
  }
  question_clear(whole);
}
END_TEST

/* --- random mixtures --------------------------------------------------------
 */

static long below(fc_random *random, long n) {
  return (long)(fc_random_bits(random) % (uint64_t)n);
}

static fc_target *random_mixture(fc_random *random) {
  char weights[128] = "", means[128] = "", spreads[128] = "", word[32];
  long count = 1 + below(random, 4), sum = 0, share[4];
  bool equal = below(random, 2);
  long width = 1 + below(random, 6);
  for (long k = 0; k < count; k++)
    sum += share[k] = 1 + below(random, 9);
  for (long k = 0; k < count; k++) {
    snprintf(word, sizeof word, "%ld/%ld ", share[k], sum);
    strcat(weights, word);
    snprintf(word, sizeof word, "%ld/8 ", below(random, 49) - 24);
    strcat(means, word);
    snprintf(word, sizeof word, "%ld/4 ", equal ? width : 1 + below(random, 6));
    strcat(spreads, word);
  }
  return isotropic(1, weights, means, spreads);
}

/* The largest derivative of binary64's flow at random x. */
static double scan(const question *q, double s, double t, fc_random *random) {
  fc_ctx ctx[1];
  fc_flow *flow = NULL;
  fc_time from[1], to[1];
  fc_num x;
  double most = 0;
  fc_ctx_init_double(ctx);
  CHECKED(
      fc_flow_new(&flow, q->target, q->schedule, FC_FLOW_EXACT, ctx, &error_));
  fc_time_init(from, ctx);
  fc_time_init(to, ctx);
  fc_init(x, ctx);
  fc_time_set_d(from, s, false, ctx);
  fc_time_set_d(to, t, false, ctx);
  CHECKED(fc_flow_set_times(flow, from, to, &error_));
  for (int i = 0; i < SCAN; i++) {
    fc_set_d(x, 4 * fc_random_uniform(random) * (i % 2 ? 1 : -1), ctx);
    if (fc_flow_eval(flow, x, FC_FLOW_JACOBIAN, NULL))
      continue;
    const fc_flow_value *v = fc_flow_values(flow);
    double off = fc_get_d(v->jacobian_error, ctx),
           slope = fc_get_d(v->jacobian, ctx) - off;
    if (isfinite(slope))
      most = fmax(most, slope);
  }
  fc_clear(x, ctx);
  fc_time_clear(from, ctx);
  fc_time_clear(to, ctx);
  fc_flow_free(flow);
  return most;
}

static void random_question(question *q, double times[2], fc_random *random) {
  char s[16], t[16];
  long i = below(random, 9), j = below(random, 8);
  j += j >= i;
  snprintf(s, sizeof s, "%ld/8", i);
  snprintf(t, sizeof t, "%ld/8", j);
  times[0] = (double)i / 8;
  times[1] = (double)j / 8;
  question_init(q, random_mixture(random),
                every_schedule[below(random, SCHEDULE_COUNT)], s, t);
}

START_TEST(no_scan_beats_the_enclosure) {
  fc_random random[1];
  double times[2];
  size_t missed = 0;
  fc_random_init(random, 1, "test", "line-flow");
  for (int i = 0; i < RANDOM; i++) {
    question q[1];
    random_question(q, times, random);
    CHECKED(try_ask(q, 0.1, i % 2, 100, &error_));
    double high = mpfr_get_d(q->found->high, MPFR_RNDU),
           seen = scan(q, times[0], times[1], random);
    ck_assert_msg(seen <= high, "%d: %.17g above %.17g", i, seen, high);
    ck_assert(mpfr_lessequal_p(q->found->low, q->found->high));
    missed += !q->found->reached;
    question_clear(q);
  }
  ck_assert_uint_le(missed, RANDOM / 20);
}
END_TEST

/* low is a value: the search finds it too, or the limit at infinity is it. */
START_TEST(the_search_agrees) {
  fc_random random[1];
  double times[2];
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  fc_random_init(random, 2, "test", "line-flow");
  for (int i = 0; i < SEARCHES; i++) {
    question q[1];
    fc_flow_extremizer *extremizer = NULL;
    fc_flow_extremum found[1];
    random_question(q, times, random);
    ask(q, 1e-3, true);
    fc_flow_moment s = {times[0], false}, t = {times[1], false};
    CHECKED(fc_flow_extremizer_new(&extremizer, q->target, q->schedule, ctx, 53,
                                   random, &error_));
    ck_assert_int_eq(fc_flow_extremum_init(found, 1, ctx), FC_OK);
    ck_assert_int_eq(fc_flow_extremizer_at(found, extremizer, &s, &t), FC_OK);
    ck_assert(found->found);
    double value = fc_get_d(found->value, ctx),
           off = fc_get_d(found->error, ctx),
           low = mpfr_get_d(q->found->low, MPFR_RNDD),
           high = mpfr_get_d(q->found->high, MPFR_RNDU);
    ck_assert_msg(value - off <= high, "%d: %.17g above %.17g", i, value, high);
    ck_assert_msg(low <= 1.01 * value, "%d: %.17g far above %.17g", i, low,
                  value);
    fc_flow_extremum_clear(found, 1, ctx);
    fc_flow_extremizer_free(extremizer);
    question_clear(q);
  }
}
END_TEST

/* sup X_{0,1} <= sup X_{0,h} sup X_{h,1}, and 1 <= sup X sup X^-1. */
START_TEST(flows_compose) {
  static const char *const legs[][2] = {
      {"0", "1"}, {"0", "1/2"}, {"1/2", "1"}, {"1", "0"}};
  mpfr_t product;
  question q[4][1];
  mpfr_init2(product, 64);
  for (int i = 0; i < 4; i++) {
    question_init(q[i], isotropic(1, "1/4 3/4", "-1 2", "1/2 3/4"), "follmer",
                  legs[i][0], legs[i][1]);
    ask(q[i], 1e-4, false);
    ck_assert(q[i]->found->reached);
  }
  mpfr_mul(product, q[1]->found->high, q[2]->found->high, MPFR_RNDU);
  ck_assert(mpfr_lessequal_p(q[0]->found->low, product));
  mpfr_mul(product, q[0]->found->high, q[3]->found->high, MPFR_RNDU);
  ck_assert_int_ge(mpfr_cmp_ui(product, 1), 0);
  for (int i = 0; i < 4; i++)
    question_clear(q[i]);
  mpfr_clear(product);
}
END_TEST

/* By schedule invariance only (a, b) at both ends count. */
START_TEST(schedules_do_not_matter) {
  question p[1], q[1];
  question_init(p, isotropic(1, "1/4 3/4", "-1 2", "1/2 3/4"), "linear", "0",
                "1");
  question_init(q, isotropic(1, "1/4 3/4", "-1 2", "1/2 3/4"), "trigonometric",
                "0", "1");
  ask(p, 1e-9, false);
  ask(q, 1e-9, false);
  ck_assert(mpfr_lessequal_p(p->found->low, q->found->high) &&
            mpfr_lessequal_p(q->found->low, p->found->high));
  question_clear(p);
  question_clear(q);
}
END_TEST

START_TEST(without_arb) {
  ck_assert_int_eq(try_once(isotropic(1, NULL, "-1 1", "1 1"), "0", "1", 0.1),
                   FC_UNSUPPORTED);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("line flow");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 100);
  suite_add_tcase(suite, all);
  if (!fc_have_arb()) {
    tcase_add_test(all, without_arb);
    return run_suite(suite);
  }
  tcase_add_loop_test(all, symmetric_mixture, 0, TWO_POINTS);
  tcase_add_test(all, few_leaves);
  tcase_add_test(all, gaussians);
  tcase_add_test(all, pieces_and_atoms);
  tcase_add_test(all, unequal_widths);
  tcase_add_test(all, beyond_binary64);
  tcase_add_test(all, more_dimensions);
  tcase_add_test(all, refusals);
  tcase_add_test(all, partial);
  tcase_add_test(all, no_scan_beats_the_enclosure);
  tcase_add_test(all, the_search_agrees);
  tcase_add_test(all, flows_compose);
  tcase_add_test(all, schedules_do_not_matter);
  return run_suite(suite);
}
