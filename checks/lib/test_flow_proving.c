/* Which bounds on the flow are proved through those on grad v, and that false
 * ones are not. */
#include <math.h>
#include <stdlib.h>

#include "../gif/flow_forms.h"
#include "claims/flow_bound.h"
#include "instances.h"
#include "numbers.h"

#define TWO_BUMPS                                                              \
  "family: gaussian-mixture, means: [[-3/2], [3/2]], stddev: 1/2"
#define UNIFORM "family: uniform-box, lower: -1/2, upper: 1/2"
#define NORMAL "family: gaussian, mean: 1, stddev: 1/2"
#define CUT                                                                    \
  "family: truncated-gaussian, mean: 0, stddev: 1/2, lower: -1, upper: 1"

/* The basis that a claim with this bound ends with, its verdict being `holds`
 * so far. */
static fc_basis basis_of(const char *target, const char *bound, bool reverse,
                         fc_verdict verdict, fc_verdict *after) {
  const fc_flow_bound_detail detail = {.reverse = reverse};
  const fc_claim claim = {.name = "test",
                          .relation = "<=",
                          .formula = bound,
                          .flow = true,
                          .detail = &detail};
  fc_instance *instance = instance_of(target, "linear");
  const fc_job job = {.instance = instance,
                      .schedule = instance->schedules[0],
                      .tier = FC_TIER_CERTIFIED,
                      .precision = 128};
  fc_record record[1];
  memset(record, 0, sizeof *record);
  record->verdict = verdict;
  record->basis = FC_BASIS_MPFR;
  ck_assert_int_eq(fc_prove_flow_claim(record, &job, &claim), FC_OK);
  fc_basis basis = record->basis;
  *after = record->verdict;
  fc_record_clear(record);
  fc_instance_free(instance);
  return basis;
}

static const struct {
  const char *target, *bound;
  bool reverse, proved;
} bounds[] = {
    {TWO_BUMPS, FC_FLOW_MIXTURE("R"), false, true},
    {TWO_BUMPS, FC_FLOW_MIXTURE("diam_rho/2"), false, true},
    {TWO_BUMPS, "2*" FC_FLOW_MIXTURE("R"), false, true},
    {TWO_BUMPS, FC_FLOW_COMPONENT_BACK, true, true},
    {TWO_BUMPS, FC_FLOW_CONVEX, true, true},
    {TWO_BUMPS, "a_s/a", true, true},
    {NORMAL, FC_FLOW_CURVATURE, false, true},
    {NORMAL, FC_FLOW_CONVEX, true, true},
    {UNIFORM, FC_FLOW_SUPPORT("diam_nu/2"), false, true},
    {CUT, FC_FLOW_CURVATURE, false, true},
    /* where s = t the bound is below 1, by however little */
    {TWO_BUMPS, "(1-1/2^500)*" FC_FLOW_MIXTURE("R"), false, false},
    {NORMAL, "99/100*" FC_FLOW_CURVATURE, false, false},
    {TWO_BUMPS, "99/100*a_s/a", true, false},
    /* the rate is too small */
    {TWO_BUMPS, FC_FLOW_MIXTURE("R*(1-1/2^40)"), false, false},
    {TWO_BUMPS, FC_FLOW_COMPONENT, false, false},
    {TWO_BUMPS, "a/a_s", false, false},
    {NORMAL, "a/a_s", false, false},
    {NORMAL, "sqrt((99/100*beta*a_s^2 + b_s^2)/(99/100*beta*a^2 + b^2))", true,
     false},
    {UNIFORM, FC_FLOW_SUPPORT("49/100*diam_nu"), false, false},
    {UNIFORM, FC_FLOW_COMPONENT_BACK, true, false}, /* no sigma */
    {CUT, FC_FLOW_CONVEX, true, false},             /* no beta */
    /* nothing to differentiate */
    {TWO_BUMPS, "max(a/a_s, " FC_FLOW_MIXTURE("R") ")", false, false},
};
enum { BOUNDS = sizeof bounds / sizeof *bounds };

START_TEST(bounds_on_the_flow) {
  fc_verdict after;
  fc_basis basis = basis_of(bounds[_i].target, bounds[_i].bound,
                            bounds[_i].reverse, FC_VERDICT_HOLDS, &after);
  bool wanted = bounds[_i].proved && fc_have_arb();
  ck_assert_msg((basis == FC_BASIS_CERTIFIED) == wanted, "%s, %s: %s",
                bounds[_i].target, bounds[_i].bound,
                wanted ? "not proved" : "proved");
  ck_assert_int_eq(after, FC_VERDICT_HOLDS);
}
END_TEST

/* A witness against what is proved is an error. */
START_TEST(contradiction) {
  fc_verdict after;
  basis_of(NORMAL, FC_FLOW_CURVATURE, false, FC_VERDICT_VIOLATED, &after);
  ck_assert_int_eq(after,
                   fc_have_arb() ? FC_VERDICT_ERROR : FC_VERDICT_VIOLATED);
}
END_TEST

/* --- the late form of `support` ----------------------------------------------
 */

static const char *const names[] = {"a",     "b", "a_s",  "b_s",
                                    "kappa", "D", "sigma"};
enum { NAMES = sizeof names / sizeof *names };

static double value_of(const char *text, const double values[NAMES]) {
  fc_ctx ctx[1];
  fc_formula *formula = NULL;
  fc_error error;
  fc_num z;
  fc_ctx_init_mpfr(ctx, 200);
  ck_assert_msg(!fc_formula_parse(&formula, text, names, NAMES, NULL, &error),
                "%s", error.message);
  fc_ptr x = fc_vec_new(NAMES, ctx);
  fc_init(z, ctx);
  for (int i = 0; i < NAMES; i++)
    fc_set_d(x + i, values[i], ctx);
  ck_assert_int_eq(fc_formula_eval(z, formula, x, ctx), FC_OK);
  double value = fc_get_d(z, ctx);
  fc_clear(z, ctx);
  fc_vec_free(x, NAMES, ctx);
  fc_formula_free(formula);
  return value;
}

static void expect_near(double x, double y) {
  ck_assert_msg(x <= y * (1 + 1e-12) && y <= x * (1 + 1e-12), "%.17g for %.17g",
                x, y);
}

/* Up to u_1^2 = 1/D^2 - kappa the form of the support, then that of kappa. */
START_TEST(late_support_is_composed) {
  /* D = 1/2, kappa = 3: u_1 = 1 */
  const double first[NAMES] = {0.5, 0.5, 1, 0.25, 3, 0.5},
               then[NAMES] = {0.125, 0.75, 0.5, 0.5, 3, 0.5},
               whole[NAMES] = {0.125, 0.75, 1, 0.25, 3, 0.5};
  expect_near(value_of(FC_FLOW_LATE_SUPPORT("D"), whole),
              value_of(FC_FLOW_SUPPORT("D"), first) *
                  value_of(FC_FLOW_CURVATURE, then));
  expect_near(value_of(FC_FLOW_LATE_SUPPORT("D"), then),
              value_of(FC_FLOW_CURVATURE, then));
  expect_near(value_of(FC_FLOW_LATE_WHERE("D"), first) + 1, 1);
}
END_TEST

/* --- the form for mixtures ---------------------------------------------------
 */

/* Its exponent, (R^2/(2 sigma^2)) (a_s^2/V_s - a^2/V), must not cancel where
 * sigma is small: here a = b = a_s = R = 1, b_s = 0, and it is 1/2 up to
 * 1e-200. */
START_TEST(mixture_of_narrow_components) {
  const double values[NAMES] = {1, 1, 1, 0, 0, 1, 1e-100};
  expect_near(value_of(FC_FLOW_MIXTURE("D"), values), exp(0.5));
}
END_TEST

/* --- logarithms --------------------------------------------------------------
 */

START_TEST(logarithms) {
  static const struct {
    const char *text, *log;
  } cases[] = {
      {"exp(a*b)", "a*b"},
      {"sqrt(a)*exp(b)/kappa^3", "log(a)/2 + b - 3*log(kappa)"},
      {"a + exp(b)", "log(a + exp(b))"},
      {"1/exp(a)", "-a"},
  };
  const double values[NAMES] = {0.5, 0.25, 2, 3, 1.5, 0.75};
  fc_formula *formula, *log;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ck_assert_int_eq(
        fc_formula_parse(&formula, cases[i].text, names, NAMES, NULL, NULL),
        FC_OK);
    ck_assert_int_eq(fc_formula_log(&log, formula, NULL), FC_OK);
    char *text = fc_formula_print(log);
    ck_assert_double_eq_tol(value_of(text, values),
                            value_of(cases[i].log, values), 1e-12);
    ck_assert_msg(i == 2 || !strstr(text, "exp"), "%s", text);
    free(text);
    fc_formula_free(log);
    fc_formula_free(formula);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("flow proving");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 60);
  tcase_add_loop_test(all, bounds_on_the_flow, 0, BOUNDS);
  tcase_add_test(all, contradiction);
  tcase_add_test(all, late_support_is_composed);
  tcase_add_test(all, mixture_of_narrow_components);
  tcase_add_test(all, logarithms);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
