/* The tutorial's module does what checks/README.md says, in the strongest tier
 * of the build. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arith/arith.h"
#include "instance/instance.h"
#include "simpler_bound.h"

static fc_status collect(void *sink, fc_record *record) {
  return fc_records_append(sink, record);
}

static fc_instance *shipped(const char *name) {
  char path[512];
  fc_error error;
  fc_instance *instance = NULL;
  snprintf(path, sizeof path, "%s/data/instances/%s.yaml",
           getenv("FLOWCERT_SOURCE"), name);
  if (fc_instance_read(&instance, path, &error) != FC_OK)
    ck_abort_msg("%s: %s", path, error.message);
  return instance;
}

/* The verdicts of both claims under each schedule of the instance; NULL: the
 * control refuses, and says nothing. */
static void expect(const char *name, const char *upper, const char *control) {
  fc_instance *instance = shipped(name);
  for (size_t i = 0; i < instance->schedule_count; i++) {
    fc_records records;
    fc_error error = {0};
    fc_records_init(&records);
    const fc_job job = {.check = &fc_check_simpler_bound,
                        .instance = instance,
                        .reference = name,
                        .schedule = instance->schedules[i],
                        .tier =
                            fc_have_arb() ? FC_TIER_CERTIFIED : FC_TIER_MPFR,
                        .precision = 128,
                        .seed = 1,
                        .emit = collect,
                        .sink = &records};
    ck_assert_int_eq(fc_check_simpler_bound.run(&job, &error), FC_OK);
    ck_assert_uint_eq(records.count, control ? 2 : 1);
    for (size_t k = 0; k < records.count; k++) {
      const fc_record *r = &records.items[k];
      ck_assert_msg(strcmp(fc_verdict_name(r->verdict), k ? control : upper) ==
                        0,
                    "%s on %s, %s: %s (%s); measured %s, bound %s", r->claim,
                    name, r->schedule, fc_verdict_name(r->verdict),
                    r->reason ? r->reason : "", r->measured.mid, r->bound.mid);
      ck_assert(fc_record_as_expected(r));
      if (fc_have_arb() && r->verdict != FC_VERDICT_NOT_APPLICABLE)
        ck_assert_int_eq(r->basis, FC_BASIS_CERTIFIED);
    }
    fc_records_clear(&records);
  }
  fc_instance_free(instance);
}

START_TEST(two_components) { expect("two-bumps", "holds", "violated"); }
END_TEST

START_TEST(in_the_plane) { expect("triangle", "holds", NULL); }
END_TEST

START_TEST(no_mixture) { expect("uniform", "not-applicable", NULL); }
END_TEST

START_TEST(it_is_short) {
  char path[512];
  int lines = 0;
  snprintf(path, sizeof path, "%s/checks/tutorial/simpler_bound.c",
           getenv("FLOWCERT_SOURCE"));
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  for (int c; (c = getc(file)) != EOF;)
    lines += c == '\n';
  fclose(file);
  ck_assert_int_lt(lines + 3, 80); /* three lines more make it known */
}
END_TEST

int main(void) {
  Suite *suite = suite_create("tutorial");
  TCase *tests = tcase_create("tutorial");
  tcase_add_test(tests, two_components);
  tcase_add_test(tests, in_the_plane);
  tcase_add_test(tests, no_mixture);
  tcase_add_test(tests, it_is_short);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
