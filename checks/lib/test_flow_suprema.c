/* Suprema of |grad X_{s,t}|: where they are known in closed form, and against a
 * dense scan where they are not. */
#include <math.h>

#include "fields.h"
#include "suprema/flow_extremum.h"

enum { BITS = 192, FULL = 140 };

static fc_ctx high[1];
static const fc_flow_moment start = {0, false}, end = {0, true};

/* --- one search ------------------------------------------------------------
 */

typedef struct search {
  fc_target *target; /* owned */
  fc_schedule *schedule;
  size_t d;
  fc_flow_extremizer *extremizer;
  fc_flow_extremum found[1];
} search;

static void search_init(search *s, fc_target *target, const char *schedule) {
  fc_random random[1];
  s->target = target;
  s->schedule = schedule_of(schedule);
  s->d = fc_target_dimension(target);
  s->extremizer = NULL;
  fc_random_init(random, 1, "test", "flow-suprema");
  CHECKED(fc_flow_extremizer_new(&s->extremizer, target, s->schedule, high, 128,
                                 random, &error_));
  ck_assert_int_eq(fc_flow_extremum_init(s->found, s->d, high), FC_OK);
}

static void search_clear(search *s) {
  fc_flow_extremum_clear(s->found, s->d, high);
  fc_flow_extremizer_free(s->extremizer);
  fc_schedule_free(s->schedule);
  fc_target_free(s->target);
}

static void search_from(search *s, fc_flow_moment from, fc_flow_moment to) {
  ck_assert_int_eq(fc_flow_extremizer_at(s->found, s->extremizer, &from, &to),
                   FC_OK);
  ck_assert(s->found->found);
}

/* The value is a constant formula, within its stated error and nearly as many
 * bits as there are. */
static void expect_value(const search *s, const char *text, const char *what) {
  fc_num wanted, gap;
  fc_formula *formula = constant_of(text);
  fc_init(wanted, high);
  fc_init(gap, high);
  ck_assert_int_eq(fc_constant_eval(wanted, formula, high), FC_OK);
  fc_sub(gap, s->found->value, wanted, high);
  fc_abs(gap, gap, high);
  char *found = fc_print_mid(s->found->value, 40, high);
  ck_assert_msg(fc_le(gap, s->found->error, high) == FC_TRUE, "%s: %s for %s",
                what, found, text);
  fc_div(gap, gap, wanted, high);
  ck_assert_msg(fc_get_d(gap, high) <= ldexp(1, -FULL), "%s: %s for %s", what,
                found, text);
  free(found);
  fc_formula_free(formula);
  fc_clear(wanted, high);
  fc_clear(gap, high);
}

/* --- closed forms -----------------------------------------------------------
 */

/* sigma^-1... of two components at -R and R: sqrt(V_t/V_s) exp((R^2/2
 * sigma^2)(a_s^2/V_s - a_t^2/V_t)); from 0 to 1. */
static const struct {
  const char *schedule, *value;
} two_points[] = {
    {"linear", "exp(9/2)/2"},
    {"follmer", "exp(9/2)/2"},
    {"trigonometric", "exp(9/2)/2"},
    {"ve:a0=2", "exp(9/2*4/(4+1/4))/(2*sqrt(4+1/4))"},
    {"shifted-linear:zeta=1/10", "11/10*exp(9/2/(1+1/400))/(2*sqrt(1+1/400))"},
};
enum { TWO_POINTS = sizeof two_points / sizeof *two_points };

START_TEST(symmetric_mixture) {
  search s[1];
  search_init(s, isotropic(1, NULL, "-3/2 3/2", "1/2 1/2"),
              two_points[_i].schedule);
  search_from(s, start, end);
  expect_value(s, two_points[_i].value, two_points[_i].schedule);
  ck_assert(fc_is_zero(s->found->point, high) == FC_TRUE);
  search_clear(s);
}
END_TEST

/* The same in the plane, along a line that is no axis, shifted by (1, 1): the
 * midpoint moves with b. */
START_TEST(symmetric_mixture_in_the_plane) {
  search s[1];
  search_init(s, isotropic(2, NULL, "2 9/4 0 -1/4", "1/2 1/2"), "linear");
  search_from(s, start, end);
  expect_value(s, "exp(41/8)/2", "plane");
  search_clear(s);
}
END_TEST

/* So far apart that neither binary64 nor the entries of the derivative in MPFR
 * know the map along the line beside that across it. */
START_TEST(far_mixture_in_the_plane) {
  static const struct {
    const char *means, *value;
  } laws[] = {{"-5 0 5 0", "exp(50)/2"},
              {"-8 0 8 0", "exp(128)/2"},
              {"10 6 -8 -4", "exp(212)/2"},
              {"-60 0 60 0", "exp(7200)/2"}};
  search s[1];
  search_init(s, isotropic(2, NULL, laws[_i].means, "1/2 1/2"), "linear");
  search_from(s, start, end);
  expect_value(s, laws[_i].value, laws[_i].means);
  search_clear(s);
}
END_TEST

START_TEST(correlated_gaussian) {
  search s[1];
  search_init(s, mixture(2, NULL, "1 2", "2 1 1 2"), "linear");
  search_from(s, start, end);
  expect_value(s, "sqrt(3)", "forward");
  search_from(s, end, start);
  expect_value(s, "1", "back");
  fc_flow_moment early = {0.25, false}, late = {0.25, true};
  search_from(s, early, late); /* (1/16 + 9 l/16)/(9/16 + l/16), l = 3 */
  expect_value(s, "sqrt(28/12)", "between");
  search_from(s, late, early); /* l = 1 */
  expect_value(s, "1", "between, back");
  search_clear(s);
}
END_TEST

/* Uniform on [0, 1]: X = Phi(x), largest at 0. */
START_TEST(uniform_law) {
  search s[1];
  search_init(s, pieces("1 - - 0 1"), "linear");
  search_from(s, start, end);
  expect_value(s, "1/sqrt(2*pi)", "uniform");
  search_clear(s);
}
END_TEST

/* A block for each factor. */
START_TEST(product_law) {
  search s[1];
  search_init(
      s,
      product(pieces("1 - - 0 1"), isotropic(1, NULL, "-3/2 3/2", "1/2 1/2")),
      "linear");
  search_from(s, start, end);
  expect_value(s, "exp(9/2)/2", "product");
  search_clear(s);
}
END_TEST

/* Beyond the range of binary64: sigma exp(R^2/(2 sigma^2)) with R/sigma = 200.
 */
START_TEST(beyond_binary64) {
  search s[1];
  search_init(s, isotropic(1, NULL, "-6 6", "3/100 3/100"), "linear");
  search_from(s, start, end);
  ck_assert(isinf(fc_get_d(s->found->value, high)));
  expect_value(s, "3/100*exp(20000)", "narrow");
  search_clear(s);
}
END_TEST

START_TEST(beyond_binary64_without_symmetry) {
  search s[1];
  search_init(s, isotropic(1, "1/4 3/4", "-6 6", "3/100 3/100"), "linear");
  search_from(s, start, end);
  ck_assert(isinf(fc_get_d(s->found->value, high)));
  search_clear(s);
}
END_TEST

/* Atoms: the flow ends before t = 1. */
START_TEST(atoms_end_early) {
  search s[1];
  search_init(s, isotropic(1, NULL, "-1 1", "0 0"), "linear");
  ck_assert_int_eq(fc_flow_extremizer_at(s->found, s->extremizer, &start, &end),
                   FC_OK);
  ck_assert(!s->found->found);
  fc_flow_moment late = {0.5, false};
  search_from(s, start, late); /* (a_t/a_s) exp(u^2/2) */
  expect_value(s, "exp(1/2)/2", "atoms");
  search_clear(s);
}
END_TEST

/* --- against a dense scan ---------------------------------------------------
 */

static fc_target *open_law(int i) {
  switch (i) {
  case 0:
    return isotropic(1, "1/5 4/5", "-3/2 3/2", "1/2 1/2");
  case 1:
    return isotropic(1, "1/2 3/10 1/5", "-2 1/2 3/2", "2/5 2/5 2/5");
  case 2:
    return isotropic(1, "2/3 1/3", "-1 2", "1/4 1");
  default:
    return isotropic(1, "99/100 1/100", "0 3/2", "1 1/20");
  }
}

/* The largest |dX/dx| on a grid over [-8, 8] in binary64. */
static double scan(const search *s, bool back) {
  enum { POINTS = 3000 };
  fc_ctx fast[1];
  fc_flow *flow = NULL;
  fc_time time[2][1];
  fc_num x;
  double most = 0;
  fc_ctx_init_double(fast);
  CHECKED(
      fc_flow_new(&flow, s->target, s->schedule, FC_FLOW_EXACT, fast, &error_));
  for (int i = 0; i < 2; i++) {
    fc_time_init(time[i], fast);
    fc_time_set_d(time[i], 0, i == 1, fast);
  }
  fc_init(x, fast);
  CHECKED(fc_flow_set_times(flow, time[back], time[!back], &error_));
  for (int i = 0; i <= POINTS; i++) {
    fc_set_d(x, -8 + 16.0 * i / POINTS, fast);
    if (fc_flow_eval(flow, x, FC_FLOW_JACOBIAN, NULL) == FC_OK)
      most = fmax(most, fabs(fc_get_d(fc_flow_values(flow)->jacobian, fast)));
  }
  for (int i = 0; i < 2; i++)
    fc_time_clear(time[i], fast);
  fc_clear(x, fast);
  fc_flow_free(flow);
  return most;
}

START_TEST(no_scan_beats_the_search) {
  search s[1];
  search_init(s, open_law(_i), "linear");
  for (int back = 0; back < 2; back++) {
    search_from(s, back ? end : start, back ? start : end);
    double found = fc_get_d(s->found->value, high), most = scan(s, back);
    ck_assert_msg(found >= most * (1 - 1e-12),
                  "law %d, %s: the search finds %.17g, the scan %.17g", _i,
                  back ? "back" : "forward", found, most);
    ck_assert_double_le(found, most * 1.05);
  }
  search_clear(s);
}
END_TEST

/* The value belongs to the point, in balls too. */
START_TEST(value_belongs_to_its_point) {
  search s[1];
  fc_ctx balls[1];
  if (fc_ctx_init_arb(balls, 192, NULL))
    return;
  search_init(s, open_law(_i), "follmer");
  fc_ptr numbers = fc_vec_new(4, balls);
  for (int back = 0; back < 2; back++) {
    const fc_flow_moment *from = back ? &end : &start,
                         *to = back ? &start : &end;
    search_from(s, *from, *to);
    fc_convert(numbers, balls, s->found->point, high);
    ck_assert_int_eq(fc_flow_value_at(numbers + 1, numbers + 2, s->target,
                                      s->schedule, from, to, numbers,
                                      s->found->at_image, balls, NULL),
                     FC_OK);
    fc_convert(numbers + 2, balls, s->found->value, high);
    fc_sub(numbers + 2, numbers + 2, numbers + 1, balls);
    fc_abs(numbers + 2, numbers + 2, balls);
    fc_convert(numbers + 3, balls, s->found->error, high);
    ck_assert(fc_lt(numbers + 3, numbers + 2, balls) != FC_TRUE);
    fc_div(numbers + 2, numbers + 2, numbers + 1, balls);
    ck_assert_double_lt(fc_get_d(numbers + 2, balls), 1e-30);
  }
  fc_vec_free(numbers, 4, balls);
  search_clear(s);
}
END_TEST

/* What was asked before does not matter. */
START_TEST(searches_do_not_remember) {
  search fresh[1], used[1];
  fc_flow_moment middle = {0.5, false};
  search_init(fresh, open_law(_i), "linear");
  search_init(used, open_law(_i), "linear");
  search_from(used, start, end);
  search_from(used, middle, start);
  search_from(used, start, middle);
  search_from(fresh, start, middle);
  ck_assert(fc_eq(fresh->found->value, used->found->value, high) == FC_TRUE);
  ck_assert(fc_eq(fresh->found->point, used->found->point, high) == FC_TRUE);
  search_clear(fresh);
  search_clear(used);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("flow suprema");
  TCase *closed = tcase_create("closed forms"), *rest = tcase_create("rest");
  fc_ctx_init_mpfr(high, BITS);
  tcase_set_timeout(closed, 100);
  tcase_set_timeout(rest, 100);
  tcase_add_loop_test(closed, symmetric_mixture, 0, TWO_POINTS);
  tcase_add_test(closed, symmetric_mixture_in_the_plane);
  tcase_add_loop_test(closed, far_mixture_in_the_plane, 0, 4);
  tcase_add_test(closed, correlated_gaussian);
  tcase_add_test(closed, uniform_law);
  tcase_add_test(closed, product_law);
  tcase_add_test(closed, beyond_binary64);
  tcase_add_test(closed, beyond_binary64_without_symmetry);
  tcase_add_test(closed, atoms_end_early);
  tcase_add_loop_test(rest, no_scan_beats_the_search, 0, 4);
  tcase_add_loop_test(rest, value_belongs_to_its_point, 0, 4);
  tcase_add_loop_test(rest, searches_do_not_remember, 0, 4);
  suite_add_tcase(suite, closed);
  suite_add_tcase(suite, rest);
  return run_suite(suite);
}
