/* Edited bounds on the derivative of the flow: none is proved that lies below
 * what the flow does.  The laws are those whose extremes are known in closed
 * form (checks/gif/flow_lipschitz.c): a normal law, and two equal bumps of
 * equal weight, at their midpoint forward and far out back. */
#include "proof_statements.h"

#include "../gif/flow_forms.h"
#include "claims/flow_bound.h"
#include "instances.h"

#define TWO_BUMPS                                                              \
  "family: gaussian-mixture, means: [[-3/2], [3/2]], stddev: 3/4"
#define NORMAL "family: gaussian, mean: 1, stddev: 3/4"

enum { PAIRS = 200, MOST_EDITS = 400 };

static const struct {
  const char *target, *bound, *truth;
  bool reverse;
} cases[] = {
    {NORMAL, FC_FLOW_CURVATURE, FC_FLOW_CURVATURE, false},
    {NORMAL, FC_FLOW_COMPONENT, FC_FLOW_CURVATURE, false},
    {NORMAL, FC_FLOW_CONVEX, FC_FLOW_CONVEX, true},
    {NORMAL, FC_FLOW_COMPONENT_BACK, FC_FLOW_CONVEX, true},
    {NORMAL, "a_s/a", FC_FLOW_CONVEX, true},
    {TWO_BUMPS, FC_FLOW_MIXTURE("R"), FC_FLOW_MIXTURE("R"), false},
    {TWO_BUMPS, FC_FLOW_MIXTURE("diam_rho/2"), FC_FLOW_MIXTURE("R"), false},
    {TWO_BUMPS, FC_FLOW_COMPONENT_BACK, FC_FLOW_COMPONENT_BACK, true},
    {TWO_BUMPS, FC_FLOW_CONVEX, FC_FLOW_COMPONENT_BACK, true},
    {TWO_BUMPS, "a_s/a", FC_FLOW_COMPONENT_BACK, true},
};
enum { CASES = sizeof cases / sizeof *cases };

static bool is_proved(fc_instance *instance, const char *bound, bool reverse) {
  const fc_flow_bound_detail detail = {.reverse = reverse};
  const fc_claim claim = {.name = "test",
                          .relation = "<=",
                          .formula = bound,
                          .flow = true,
                          .detail = &detail};
  const fc_job job = {.instance = instance,
                      .schedule = instance->schedules[0],
                      .tier = FC_TIER_CERTIFIED,
                      .precision = 128};
  fc_record record[1];
  fc_record_init(record);
  record->verdict = FC_VERDICT_HOLDS;
  record->basis = FC_BASIS_MPFR;
  fc_status status = fc_prove_flow_claim(record, &job, &claim);
  ck_assert_msg(status == FC_OK || status == FC_NAME, "%s", bound);
  bool proved = record->basis == FC_BASIS_CERTIFIED;
  fc_record_clear(record);
  return proved;
}

static const char *const flow_names[] = {"a",     "b",    "a_s",     "b_s",
                                         "kappa", "beta", "sigma",   "R",
                                         "D",     "L",    "diam_rho"};
enum { FLOW_NAMES = sizeof flow_names / sizeof *flow_names };

/* u_s < u, over many scales. */
static void choose_pair(fc_ptr values, const fc_target *target, generator *g,
                        const fc_ctx *ctx) {
  double u = ldexp((double)next_long(g, 8, 15), (int)next_long(g, -10, 8)),
         u_s = u * (double)next_long(g, 0, 63) / 64,
         a = ldexp(1, (int)next_long(g, -3, 3)),
         a_s = ldexp(1, (int)next_long(g, -3, 3));
  const double plain[] = {a, u * a, a_s, u_s * a_s};
  for (int i = 0; i < 4; i++)
    fc_set_d(values + i, plain[i], ctx);
  for (int i = 4; i < FLOW_NAMES; i++)
    for (int j = 0; j < FC_CLASS_NAMES; j++)
      if (strcmp(fc_class_names[j].name, flow_names[i]) == 0 &&
          fc_target_constant(values + i, NULL, NULL, target,
                             fc_class_names[j].which, ctx) == FC_OK)
        fc_mul_si(values + i, values + i, fc_class_names[j].factor, ctx);
}

/* bound < truth (1 - 2^-60) somewhere. */
static bool is_below(const char *bound, const char *truth,
                     const fc_target *target, generator *g) {
  fc_ctx ctx[1];
  fc_formula *f[2] = {NULL, NULL};
  fc_num z[2];
  bool below = false;
  fc_ctx_init_mpfr(ctx, 128);
  fc_ptr values = fc_vec_new(FLOW_NAMES, ctx);
  const char *const texts[] = {bound, truth};
  for (int i = 0; i < 2; i++) {
    fc_init(z[i], ctx);
    ck_assert_int_eq(
        fc_formula_parse(&f[i], texts[i], flow_names, FLOW_NAMES, NULL, NULL),
        FC_OK);
  }
  for (int n = 0; n < PAIRS && !below; n++) {
    choose_pair(values, target, g, ctx);
    if (fc_formula_eval(z[0], f[0], values, ctx) ||
        fc_formula_eval(z[1], f[1], values, ctx))
      continue;
    fc_div(z[0], z[0], z[1], ctx);
    fc_add_si(z[0], z[0], -1, ctx);
    below = fc_get_d(z[0], ctx) < -0x1p-60;
  }
  for (int i = 0; i < 2; i++) {
    fc_clear(z[i], ctx);
    fc_formula_free(f[i]);
  }
  fc_vec_free(values, FLOW_NAMES, ctx);
  return below;
}

START_TEST(no_false_bound_is_proved) {
  generator g = {(uint64_t)_i + 5};
  fc_instance *instance = instance_of(cases[_i].target, "linear");
  int broken = 0;
  for (int edit = 0; edit < MOST_EDITS; edit++) {
    fc_text text[1];
    fc_text_init(text);
    bool edited = mutate(text, cases[_i].bound, edit);
    if (edited) {
      bool is_false =
          is_below(text->data, cases[_i].truth, instance->target, &g);
      broken += is_false;
      ck_assert_msg(!is_false ||
                        !is_proved(instance, text->data, cases[_i].reverse),
                    "%s: %s", cases[_i].target, text->data);
    }
    fc_text_clear(text);
    if (!edited)
      break;
  }
  ck_assert_int_gt(broken, 0);
  fc_instance_free(instance);
}
END_TEST

/* The truth itself is proved. */
START_TEST(true_bounds_are_proved) {
  fc_instance *instance = instance_of(cases[_i].target, "linear");
  ck_assert(is_proved(instance, cases[_i].bound, cases[_i].reverse));
  fc_instance_free(instance);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("proofs of bounds on the flow");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 60);
  tcase_add_loop_test(all, no_false_bound_is_proved, 0, CASES);
  tcase_add_loop_test(all, true_bounds_are_proved, 0, CASES);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
