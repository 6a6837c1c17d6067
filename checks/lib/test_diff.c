/* Two runs compared, on records made by hand. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "diff.h"
#include "diff_values.h"
#include "records.h"
#include "verdicts.h"

#define CLAIM "gif.velocity-bounds/d.upper"

/* measured <= bound at t = x = 1/2, of 128 bits. */
static fc_record compared(const char *measured, const char *bound,
                          const char *rad) {
  fc_record r = make(CLAIM, FC_KIND_STATEMENT, "alpha", "linear",
                     FC_VERDICT_HOLDS, "holds");
  r.precision = 128;
  r.formula = copy("R^2");
  r.slack_kind = copy("gap");
  set(&r.measured, measured, rad);
  set(&r.bound, bound, rad);
  set(&r.slack, "1", rad);
  set(&r.witness_t, "0.5", NULL);
  return r;
}

static void retime(fc_record *r, const char *t) {
  free(r->witness_t.mid);
  r->witness_t.mid = copy(t);
}

/* Compares one record with another (claim NULL: none); takes both. */
static fc_diff difference(fc_records runs[2], fc_record before, fc_record after,
                          bool partial) {
  fc_diff diff;
  for (int i = 0; i < 2; i++)
    fc_records_init(&runs[i]);
  if (before.claim)
    add(&runs[0], before);
  if (after.claim)
    add(&runs[1], after);
  ck_assert_int_eq(fc_diff_make(&diff, &runs[0], &runs[1], partial), FC_OK);
  return diff;
}

static void finish(fc_diff *diff, fc_records runs[2]) {
  fc_diff_clear(diff);
  for (int i = 0; i < 2; i++)
    fc_records_clear(&runs[i]);
}

/* Expects exactly the changes of the bits, in their order. */
static void expect(fc_record before, fc_record after, unsigned kinds) {
  fc_records runs[2];
  fc_diff diff = difference(runs, before, after, false);
  unsigned seen = 0;
  size_t regressions = 0;
  for (size_t i = 0; i < diff.count; i++) {
    seen |= 1u << diff.changes[i].kind;
    regressions += fc_change_is_regression(diff.changes[i].kind);
    if (i)
      ck_assert_int_gt(diff.changes[i].kind, diff.changes[i - 1].kind);
  }
  if (seen != kinds) {
    fc_text out[1];
    fc_text_init(out);
    fc_diff_text(out, &diff, 0);
    ck_abort_msg("expected changes %#x, found %#x:\n%s", kinds, seen,
                 out->data);
  }
  ck_assert_uint_eq(diff.regressions, regressions);
  ck_assert_uint_eq(diff.same, kinds == 0);
  finish(&diff, runs);
}

#define BIT(name) (1u << FC_CHANGE_##name)

START_TEST(verdicts) {
  static const struct {
    fc_verdict before, after;
    const char *expectation;
    fc_kind kind;
    unsigned kinds;
  } cases[] = {
#define V(x, y, e, k, b) {FC_VERDICT_##x, FC_VERDICT_##y, e, FC_KIND_##k, b}
      V(HOLDS, HOLDS, "holds", STATEMENT, 0),
      V(HOLDS, VIOLATED, "holds", STATEMENT, BIT(VERDICT_WORSE)),
      V(HOLDS, INCONCLUSIVE, "holds", STATEMENT, BIT(VERDICT_WORSE)),
      V(INCONCLUSIVE, ERROR, "holds", STATEMENT, BIT(VERDICT_WORSE)),
      V(HOLDS, NOT_APPLICABLE, "not-applicable", STATEMENT, BIT(VERDICT_WORSE)),
      V(HOLDS, ATTAINED, "holds", STATEMENT, BIT(VERDICT)),
      V(ATTAINED, HOLDS, "holds", STATEMENT, BIT(VERDICT)),
      V(ATTAINED, HOLDS, "attained", STATEMENT, BIT(BROKEN)),
      V(INCONCLUSIVE, HOLDS, "holds", STATEMENT, BIT(VERDICT)),
      V(INCONCLUSIVE, INCONCLUSIVE, "holds", STATEMENT, 0),
      V(NOT_APPLICABLE, HOLDS, "holds", STATEMENT, BIT(VERDICT)),
      V(NOT_APPLICABLE, HOLDS, "not-applicable", STATEMENT, BIT(BROKEN)),
      V(VIOLATED, VIOLATED, "violated", CONTROL, 0),
      V(VIOLATED, HOLDS, "violated", CONTROL, BIT(VERDICT_WORSE)),
      /* A refutation that is gone is no good news, whoever expected it. */
      V(VIOLATED, HOLDS, "holds", LITERAL, BIT(VERDICT_WORSE)),
      V(VIOLATED, HOLDS, "none", PROBE, BIT(VERDICT)),
      V(HOLDS, ERROR, "none", PROBE, BIT(VERDICT_WORSE)),
#undef V
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fc_record x = compared("1", "2", "0"), y = compared("1", "2", "0");
    fc_record *const both[] = {&x, &y};
    for (int k = 0; k < 2; k++) {
      both[k]->kind = cases[i].kind;
      free(both[k]->expectation);
      both[k]->expectation = copy(cases[i].expectation);
    }
    x.verdict = cases[i].before;
    y.verdict = cases[i].after;
    if (cases[i].kinds & BIT(BROKEN)) { /* it was met before */
      free(x.expectation);
      x.expectation = copy(fc_verdict_name(x.verdict));
    }
    expect(x, y, cases[i].kinds);
  }
}
END_TEST

START_TEST(bases) {
  fc_record x = compared("1", "2", "0"), y = compared("1", "2", "0");
  x.basis = FC_BASIS_CERTIFIED;
  expect(x, y, BIT(UNCERTIFIED));

  x = compared("1", "2", "0"), y = compared("1", "2", "0");
  y.basis = FC_BASIS_CERTIFIED;
  expect(x, y, BIT(BASIS));

  /* The new run was not asked to certify. */
  x = compared("1", "2", "0"), y = compared("1", "2", "0");
  x.basis = FC_BASIS_CERTIFIED;
  free(x.tier);
  x.tier = copy("certified");
  expect(x, y, BIT(BASIS));
}
END_TEST

START_TEST(values) {
  static const struct {
    const char *x, *y, *rad;
    bool moved;
  } cases[] = {
      {"1.5", "1.5", NULL, false},
      {"1.5", "1.50", NULL, false},
      {"1.5", "1.75", NULL, true},
      /* Both radii count, to the last. */
      {"1.5", "1.75", "0.125", false},
      {"1.5", "1.75", "0.1249999999999999999999", true},
      {"1.5", "1.5000000000000000000000000001", "1e-29", true},
      {"1.5", "1.5000000000000000000000000001", "1e-28", false},
      /* 2 * 2^(8-128) relative to the bound 4: 6.02e-36. */
      {"1.5", "1.500000000000000000000000000000000006", NULL, false},
      {"1.5", "1.500000000000000000000000000000000007", NULL, true},
      /* Far beyond doubles. */
      {"1e30000", "1.0000001e30000", "1e29992", true},
      {"1e-30000", "1.0000001e-30000", "1e-30008", true},
      {"inf", "inf", NULL, false},
      {"inf", "1", NULL, true},
      {"-inf", "inf", NULL, true},
      {"nan", "nan", NULL, false},
      {"nan", "1", NULL, true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fc_record x = compared(cases[i].x, "4", cases[i].rad);
    fc_record y = compared(cases[i].y, "4", cases[i].rad);
    fc_movement m = fc_record_movement(&x, &y);
    ck_assert_msg(m.measured == cases[i].moved, "%s to %s, radius %s",
                  cases[i].x, cases[i].y, cases[i].rad ? cases[i].rad : "none");
    expect(x, y, cases[i].moved ? BIT(MOVED) : 0);
  }
}
END_TEST

START_TEST(precision_is_the_lower_one) {
  fc_record x = compared("1.5", "4", NULL);
  fc_record y = compared("1.50000000000000000001", "4", NULL);
  y.precision = 64;
  /* 2 * 2^(8-64) * 4 = 1.1e-16 */
  ck_assert(!fc_record_movement(&x, &y).measured);
  y.precision = 128;
  ck_assert(fc_record_movement(&x, &y).measured);
  y.basis = FC_BASIS_DOUBLE;
  ck_assert(!fc_record_movement(&x, &y).measured);
  fc_record_clear(&x);
  fc_record_clear(&y);
}
END_TEST

/* The values of flows span thousands of orders of magnitude: what is small
 * beside the bound still counts. */
START_TEST(ratios) {
  fc_record x = compared("1.5", "1e40", NULL);
  fc_record y = compared("1.6", "1e40", NULL);
  ck_assert(!fc_record_movement(&x, &y).measured);
  free(x.slack_kind);
  x.slack_kind = copy("ratio");
  ck_assert(fc_record_movement(&x, &y).measured);
  fc_record_clear(&x);
  fc_record_clear(&y);
}
END_TEST

START_TEST(another_point) {
  /* Other time and other bound: the slack alone can be compared. */
  fc_record x = compared("1.5", "2.5", "0"), y = compared("1.6", "2.6", "0");
  retime(&y, "0.6");
  expect(x, y, 0);

  x = compared("1.5", "2.5", "0"), y = compared("1.6", "2.5001", "0");
  retime(&y, "0.6");
  free(y.slack.mid);
  y.slack.mid = copy("0.9001");
  expect(x, y, BIT(SLACK));

  /* The same bound: a search found something else. */
  x = compared("1.5", "2.5", "0"), y = compared("1.6", "2.5", "0");
  retime(&y, "0.6");
  expect(x, y, BIT(MOVED));

  /* As good as the same, found elsewhere. */
  x = compared("1.5", "2.5", "0"), y = compared("1.50000000000001", "2.5", "0");
  retime(&y, "0.5000001");
  expect(x, y, 0);

  x = compared("1.5", "2.5", "0"), y = compared("1.50000000000001", "2.5", "0");
  expect(x, y, BIT(MOVED));
}
END_TEST

START_TEST(new_and_vanished) {
  fc_record none;
  fc_record_init(&none);
  expect(compared("1", "2", "0"), none, BIT(VANISHED));
  expect(none, compared("1", "2", "0"), BIT(NEW));
  fc_record bad = compared("1", "2", "0");
  bad.verdict = FC_VERDICT_VIOLATED;
  expect(none, bad, BIT(BROKEN));

  fc_records runs[2];
  fc_diff diff = difference(runs, compared("1", "2", "0"), none, true);
  ck_assert_uint_eq(diff.count, 0);
  finish(&diff, runs);

  /* Another schedule is another record. */
  fc_record x = compared("1", "2", "0"), y = compared("1", "2", "0");
  free(y.schedule);
  y.schedule = NULL;
  expect(x, y, BIT(VANISHED) | BIT(NEW));
}
END_TEST

START_TEST(restated) {
  fc_record x = compared("1", "2", "0"), y = compared("1", "2", "0");
  free(y.formula);
  y.formula = copy("R^2/2");
  expect(x, y, BIT(RESTATED));
}
END_TEST

START_TEST(worst_first) {
  fc_records runs[2];
  fc_diff diff;
  static const char *const moved[] = {"1.5", "1.6", "9"};
  for (int i = 0; i < 2; i++)
    fc_records_init(&runs[i]);
  for (int i = 0; i < 3; i++) {
    char name[] = "a";
    name[0] = (char)('a' + i);
    for (int k = 0; k < 2; k++) {
      fc_record r = compared(k ? moved[i] : "1.5", "20", "0");
      free(r.instance);
      r.instance = copy(name);
      add(&runs[k], r);
    }
  }
  ck_assert_int_eq(fc_diff_make(&diff, &runs[0], &runs[1], false), FC_OK);
  ck_assert_uint_eq(diff.count, 2);
  ck_assert_str_eq(diff.changes[0].after->instance, "c");
  ck_assert_str_eq(diff.changes[1].after->instance, "b");
  ck_assert_double_eq_tol(diff.changes[0].by, 7.5 / 9, 1e-15);
  finish(&diff, runs);
}
END_TEST

/* --- the compact form ------------------------------------------------------
 */

static void write_to(const char *path, const char *text) {
  FILE *file = fopen(path, "wb");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  ck_assert_int_eq(fclose(file), 0);
}

START_TEST(verdicts_there_and_back) {
  fc_records records, back;
  fc_text out[1];
  fc_error error;
  fc_records_init(&records);
  fc_records_init(&back);
  fc_text_init(out);
  add(&records, make("b.c/two", FC_KIND_CONTROL, "beta", NULL,
                     FC_VERDICT_VIOLATED, "violated"));
  add(&records, make("a.c/one", FC_KIND_STATEMENT, "beta", "linear",
                     FC_VERDICT_HOLDS, "holds"));
  add(&records, make("a.c/one", FC_KIND_STATEMENT, "beta",
                     "custom:a=1-t^2,b=t*(2-t)", FC_VERDICT_HOLDS, "holds"));
  add(&records, make("a.c/one", FC_KIND_STATEMENT, "alpha", "ve",
                     FC_VERDICT_NOT_APPLICABLE, "holds"));
  ck_assert_int_eq(fc_verdicts_write(out, &records), FC_OK);
  ck_assert_str_eq(out->data,
                   "# flowcert verdicts 1, tier mpfr\n"
                   "a.c/one\talpha\tnot-applicable\tnone\tve\n"
                   "\tbeta\tholds\tmpfr\tcustom:a=1-t^2,b=t*(2-t)\tlinear\n"
                   "b.c/two\tbeta\tviolated\tmpfr\t-\n");
  char path[] = "/tmp/flowcert-verdicts-XXXXXX";
  int descriptor = mkstemp(path);
  ck_assert_int_ge(descriptor, 0);
  close(descriptor);
  write_to(path, out->data);
  ck_assert_int_eq(fc_verdicts_read_file(&back, path, &error), FC_OK);
  ck_assert_uint_eq(back.count, 4);
  ck_assert_str_eq(back.items[3].check, "b.c");
  ck_assert_ptr_null(back.items[3].schedule);
  ck_assert_str_eq(back.items[1].tier, "mpfr");
  fc_diff diff;
  ck_assert_int_eq(fc_diff_make(&diff, &records, &back, false), FC_OK);
  ck_assert_uint_eq(diff.same, 4);
  ck_assert_uint_eq(diff.count, 0);
  fc_diff_clear(&diff);
  fc_records_clear(&records);
  fc_records_clear(&back);
  fc_text_clear(out);
  unlink(path);
}
END_TEST

/* Schedules of one verdict and basis share a line, and no others do. */
START_TEST(lines_hold_one_outcome) {
  static const struct {
    const char *schedule;
    fc_verdict verdict;
    fc_basis basis;
  } parts[] = {{"a", FC_VERDICT_HOLDS, FC_BASIS_MPFR},
               {"b", FC_VERDICT_HOLDS, FC_BASIS_CERTIFIED},
               {"c", FC_VERDICT_HOLDS, FC_BASIS_MPFR},
               {"d", FC_VERDICT_ATTAINED, FC_BASIS_MPFR},
               {"e", FC_VERDICT_HOLDS, FC_BASIS_CERTIFIED}};
  fc_records records;
  fc_text out[1];
  fc_records_init(&records);
  fc_text_init(out);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    fc_record r = make("a.c/one", FC_KIND_STATEMENT, "beta", parts[i].schedule,
                       parts[i].verdict, "holds");
    r.basis = parts[i].basis;
    add(&records, r);
  }
  ck_assert_int_eq(fc_verdicts_write(out, &records), FC_OK);
  ck_assert_str_eq(out->data, "# flowcert verdicts 1, tier mpfr\n"
                              "a.c/one\tbeta\tholds\tcertified\tb\te\n"
                              "\tbeta\tholds\tmpfr\ta\tc\n"
                              "\tbeta\tattained\tmpfr\td\n");
  fc_text_clear(out);
  fc_records_clear(&records);
}
END_TEST

START_TEST(hostile_verdicts) {
  static const char *const texts[] = {
      "",
      "\n",
      "# flowcert verdicts",
      "# flowcert verdicts 2, tier mpfr\n",
      "# flowcert verdicts 1, tier mpfr\na/b\n",
      "# flowcert verdicts 1, tier mpfr\na/b\ti\tholds\tmpfr\n",
      "# flowcert verdicts 1, tier mpfr\n\ti\tholds\tmpfr\tve\n",
      "# flowcert verdicts 1, tier mpfr\na/b\t\tholds\tmpfr\tve\n",
      "# flowcert verdicts 1, tier mpfr\na/b\ti\tholdss\tmpfr\tve\n",
      "# flowcert verdicts 1, tier mpfr\na/b\ti\tholds\tmpfrr\tve\n",
      "# flowcert verdicts 1, tier mpfr\na/b\ti\tholds\tmpfr\t\tve\n",
      "# flowcert verdicts 1, tier mpfr\na/b\ti\tholds\tmpfr\tve\t\n",
  };
  char path[] = "/tmp/flowcert-verdicts-XXXXXX";
  int descriptor = mkstemp(path);
  ck_assert_int_ge(descriptor, 0);
  close(descriptor);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    fc_records records;
    fc_error error;
    fc_records_init(&records);
    write_to(path, texts[i]);
    ck_assert_msg(fc_verdicts_read_file(&records, path, &error) != FC_OK, "%s",
                  texts[i]);
    ck_assert_uint_eq(records.count, 0);
    fc_records_clear(&records);
  }
  unlink(path);
}
END_TEST

START_TEST(names_that_no_line_can_hold) {
  fc_records records;
  fc_text out[1];
  fc_text_init(out);
  static const char *const names[] = {"be\tta", "be\nta", ""};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    fc_records_init(&records);
    add(&records, make("a.c/one", FC_KIND_STATEMENT, names[i], "linear",
                       FC_VERDICT_HOLDS, "holds"));
    ck_assert_int_eq(fc_verdicts_write(out, &records), FC_VALUE);
    fc_text_clear(out);
    fc_records_clear(&records);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("diff");
  TCase *tests = tcase_create("diff");
  tcase_add_test(tests, verdicts);
  tcase_add_test(tests, bases);
  tcase_add_test(tests, values);
  tcase_add_test(tests, precision_is_the_lower_one);
  tcase_add_test(tests, ratios);
  tcase_add_test(tests, another_point);
  tcase_add_test(tests, new_and_vanished);
  tcase_add_test(tests, restated);
  tcase_add_test(tests, worst_first);
  tcase_add_test(tests, verdicts_there_and_back);
  tcase_add_test(tests, lines_hold_one_outcome);
  tcase_add_test(tests, hostile_verdicts);
  tcase_add_test(tests, names_that_no_line_can_hold);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
