/* Edits of formulas, likeness of bounds, and the fate of mutants of the bound
 * (d) of Proposition 4.1 for two components, where it is attained. */
#include <stdlib.h>

#include "instances.h"
#include "mutation/edits.h"
#include "mutation/trial.h"

/* --- edits -------------------------------------------------------------------
 */

static const char *const known[] = {"a", "b", "da", "kappa", "beta"};
static const char *const swaps[][2] = {{"a", "b"}};
static const char *const renames[][2] = {{"kappa", "beta"}};
static const fc_edit_names names = {known, 5, swaps, 1, renames, 1};

static void check_edits(const char *text, const char *const *expected,
                        size_t count) {
  fc_edits edits;
  fc_error error = {0};
  ck_assert_msg(fc_edits_init(&edits, text, &names, &error) == FC_OK, "%s",
                error.message);
  for (size_t i = 0; i < edits.count || i < count; i++)
    ck_assert_msg(i < edits.count && i < count &&
                      strcmp(edits.items[i].text, expected[i]) == 0,
                  "%s: edit %zu is '%s' (%s), expected '%s'", text, i,
                  i < edits.count ? edits.items[i].text : "none",
                  i < edits.count ? edits.items[i].description : "",
                  i < count ? expected[i] : "none");
  fc_edits_clear(&edits);
}

#define CHECK_EDITS(text, ...)                                                 \
  do {                                                                         \
    const char *const expected[] = {__VA_ARGS__};                              \
    check_edits(text, expected, sizeof expected / sizeof *expected);           \
  } while (0)

START_TEST(edits_of_small_formulas) {
  CHECK_EDITS("da/a", "-da/a", "1/a", "da", "da/b");
  CHECK_EDITS("a - b", "-a - b", "-b", "b - b", "a + b", "a", "b - a");
  CHECK_EDITS("a^2", "-a^2", "a^3", "a^1", "b^2");
  CHECK_EDITS("a^(-1/2)", "-a^(-1/2)", "a^(1/2)", "a^(-3/2)", "b^(-1/2)");
  CHECK_EDITS("sqrt(3)", "-sqrt(3)", "(3)", "sqrt(4)", "sqrt(2)",
              "sqrt((303/100))", "sqrt((297/100))");
  CHECK_EDITS("max(0, da)", "-max(0, da)", "(da)", "(0)", "max(1, da)",
              "max((-1), da)");
  CHECK_EDITS("kappa*kappa", "-kappa*kappa", "kappa", "beta*kappa",
              "kappa*beta", "beta*beta");
  CHECK_EDITS("-a", "a", "-b");
}
END_TEST

START_TEST(edits_of_no_formula) {
  fc_edits edits;
  fc_error error = {0};
  ck_assert_int_eq(fc_edits_init(&edits, "a + ", &names, &error), FC_PARSE);
  fc_edits_clear(&edits);
  ck_assert_int_eq(fc_edits_init(&edits, "omega", &names, &error), FC_NAME);
  fc_edits_clear(&edits);
}
END_TEST

/* --- likeness ----------------------------------------------------------------
 */

static fc_likeness likeness(const char *original, const char *altered,
                            bool at_least) {
  const fc_bound_texts x = {.bound = original}, y = {.bound = altered};
  fc_likeness answer = FC_LIKE_NEITHER;
  fc_error error = {0};
  ck_assert_msg(fc_likeness_of(&answer, &x, 1, &y, NULL, at_least, false,
                               &error) == FC_OK,
                "%s", error.message);
  return answer;
}

START_TEST(likeness_of_bounds) {
  const char *support = "b*omega*D^2/a^3 + da/a";
  ck_assert_int_eq(likeness(support, "b^2/a^2*(db/b - da/a)*D^2 + da/a", false),
                   FC_LIKE_EQUIVALENT);
  ck_assert_int_eq(likeness(support, "2*b*omega*D^2/a^3 + da/a", false),
                   FC_LIKE_LOOKS_WEAKER);
  ck_assert_int_eq(likeness(support, "2*b*omega*D^2/a^3 + da/a", true),
                   FC_LIKE_NEITHER);
  ck_assert_int_eq(likeness(support, "b*omega*D^3/a^3 + da/a", false),
                   FC_LIKE_NEITHER);
  ck_assert_int_eq(likeness(support, "log(-a)", false), FC_LIKE_NO_VALUE);
}
END_TEST

START_TEST(likeness_beside_a_neighbour) {
  const fc_bound_texts claims[] = {{.bound = "a + b"}, {.bound = "a"}};
  const fc_bound_texts altered = {.bound = "a + b^2"};
  fc_likeness answer;
  ck_assert_int_eq(
      fc_likeness_of(&answer, claims, 2, &altered, NULL, false, false, NULL),
      FC_OK);
  ck_assert_int_eq(answer, FC_LIKE_LOOKS_IMPLIED);
}
END_TEST

/* --- mutants of the bound (d) ------------------------------------------------
 */

#define LINEAR "(a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2)"
static const fc_claim claims[] = {
    {.name = "d.upper",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 4.1(d)",
     .statement = "d",
     .relation = "<=",
     .formula = "a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 + " LINEAR,
     .detail = &(const fc_bound_detail){.side = FC_LARGEST}}};
static const fc_check check = {.id = "test.mutation",
                               .claims = claims,
                               .claim_count = 1,
                               .spectral = true,
                               .run = fc_bounds_run};

static const fc_mutant *mutant_called(const fc_mutants *mutants,
                                      const char *description) {
  for (size_t i = 0; i < mutants->count; i++)
    if (strcmp(mutants->items[i]->description, description) == 0)
      return mutants->items[i];
  ck_abort_msg("no mutant '%s'", description);
  return NULL;
}

START_TEST(mutants_on_two_bumps) {
  const fc_check *const checks[] = {&check};
  fc_mutants mutants = {0};
  fc_error error = {0};
  ck_assert_msg(fc_mutants_add(&mutants, &check, claims, checks, 1, &error) ==
                    FC_OK,
                "%s", error.message);
  fc_instance *instance = instance_of(
      "family: gaussian-mixture, means: [-3/2, 3/2], stddev: 1/2", "linear");
  const fc_job job = {.check = &check,
                      .instance = instance,
                      .schedule = instance->schedules[0],
                      .tier = FC_TIER_MPFR,
                      .precision = 128,
                      .seed = 1};
  fc_trial *trials = calloc(mutants.count, sizeof *trials);
  ck_assert_ptr_nonnull(trials);
  ck_assert_msg(fc_mutants_try(trials, &job, mutants.items, mutants.count,
                               false, &error) == FC_OK,
                "%s", error.message);
  ck_assert(!trials[0].killed && trials[0].compared); /* the claim itself */
  for (size_t i = 0; i < mutants.count; i++) {
    const fc_mutant *m = mutants.items[i];
    bool weaker = m->likeness == FC_LIKE_EQUIVALENT ||
                  m->likeness == FC_LIKE_LOOKS_WEAKER;
    ck_assert_msg(!weaker || !trials[i].killed, "%s, '%s', is weaker, killed",
                  m->name, m->description);
    ck_assert(!trials[i].killed || trials[i].slack < 0);
  }
  static const char *const dying[] = {
      "+ becomes - before (a*da + sigma^2*b*db)/(a^2 + sigma^2...",
      "factor R^2 dropped",
      "exponent 2 of R becomes 1",
      "a becomes b in a*da",
      "- before a*b*omega*R^2/(a^2 + sigma^2*b^2)^2",
      "term a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 dropped",
      "R becomes sigma"};
  for (size_t k = 0; k < sizeof dying / sizeof *dying; k++) {
    const fc_mutant *m = mutant_called(&mutants, dying[k]);
    size_t i = m->number; /* the claim itself is number 0 */
    ck_assert_msg(trials[i].killed, "%s survives", dying[k]);
    ck_assert_int_eq(trials[i].record.basis, FC_BASIS_MPFR);
    ck_assert_ptr_nonnull(trials[i].record.witness_t.mid);
  }
  fc_trials_clear(trials, mutants.count);
  free(trials);
  fc_instance_free(instance);
  fc_mutants_clear(&mutants);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("mutation");
  TCase *edits = tcase_create("mutation");
  tcase_set_timeout(edits, 60);
  tcase_add_test(edits, edits_of_small_formulas);
  tcase_add_test(edits, edits_of_no_formula);
  tcase_add_test(edits, likeness_of_bounds);
  tcase_add_test(edits, likeness_beside_a_neighbour);
  tcase_add_test(edits, mutants_on_two_bumps);
  suite_add_tcase(suite, edits);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
