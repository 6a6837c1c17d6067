/* The forms of the report that machines and papers read, and what all forms
 * choose to show, from hand-made records. */
#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "intoto.h"
#include "pick.h"
#include "records.h"
#include "report.h"
#include "written.h"

static fc_manifest manifest;

static char *rendered(const fc_records *records, fc_format format) {
  fc_text out[1];
  fc_text_init(out);
  const fc_report report = {records, &manifest, NULL, 0};
  ck_assert_int_eq(fc_report_render(out, &report, format), FC_OK);
  char *text = fc_text_take(out);
  ck_assert_ptr_nonnull(text);
  return text;
}

static size_t occurrences(const char *text, const char *part) {
  size_t count = 0;
  for (const char *at = text; (at = strstr(at, part)); at++)
    count++;
  return count;
}

static void assert_has(const char *text, const char *part) {
  ck_assert_msg(strstr(text, part) != NULL, "not found: %s\nin:\n%s", part,
                text);
}

static fc_record measured(const char *claim, const char *instance,
                          const char *measured, const char *bound,
                          const char *slack) {
  fc_record record =
      make(claim, FC_KIND_STATEMENT, instance, "linear",
           slack[0] == '-' ? FC_VERDICT_VIOLATED : FC_VERDICT_HOLDS, "holds");
  set(&record.measured, measured, NULL);
  set(&record.bound, bound, NULL);
  set(&record.slack, slack, NULL);
  record.slack_kind = copy("gap");
  return record;
}

/* --- what is shown first ----------------------------------------------- */

static void check_margin(const char *measured_text, const char *bound,
                         const char *slack, const char *rad, const char *kind,
                         fc_verdict verdict, double margin) {
  fc_record record = measured("gif.one/x", "one", measured_text, bound, slack);
  free(record.slack_kind);
  record.slack_kind = copy(kind);
  record.slack.rad = copy(rad);
  record.verdict = verdict;
  ck_assert_double_eq_tol(fc_record_margin(&record), margin, 1e-15);
  fc_record_clear(&record);
}

START_TEST(test_margin) {
  check_margin("3", "4", "1", NULL, "gap", FC_VERDICT_HOLDS, 0.25);
  check_margin("-8", "-4", "4", NULL, "gap", FC_VERDICT_HOLDS, 0.5);
  check_margin("5", "4", "-1", NULL, "gap", FC_VERDICT_VIOLATED, -0.2);
  check_margin("0", "0", "0", NULL, "gap", FC_VERDICT_ATTAINED, 0);
  check_margin("2", "3", "1.5", NULL, "ratio", FC_VERDICT_HOLDS, 0.5);
  /* rounding about equality */
  check_margin("1e-170", "0", "-1e-170", NULL, "gap", FC_VERDICT_HOLDS, 0);
  check_margin("1.1", "1", "-0.1", "0.2", "gap", FC_VERDICT_VIOLATED, 0);
}
END_TEST

START_TEST(test_worst_first) {
  fc_record records[] = {measured("gif.one/x", "far", "1", "9", "8"),
                         measured("gif.one/x", "false", "5", "4", "-1"),
                         measured("gif.one/x", "near", "900", "901", "1"),
                         measured("gif.one/x", "open", "1", "2", "1"),
                         measured("gif.one/x", "apart", "1", "2", "1")};
  const fc_record *pointers[5];
  records[3].verdict = FC_VERDICT_INCONCLUSIVE;
  records[4].verdict = FC_VERDICT_NOT_APPLICABLE;
  for (int i = 0; i < 5; i++)
    pointers[i] = &records[i];
  const fc_claim_view claim = {
      .first = records, .records = pointers, .count = 5};
  static const char *const order[] = {"false", "open", "near", "far"};
  size_t count;
  const fc_record **worst = fc_claim_worst_first(&count, &claim);
  ck_assert_uint_eq(count, 4);
  for (int i = 0; i < 4; i++)
    ck_assert_str_eq(worst[i]->instance, order[i]);
  const fc_tally tally = fc_claim_tally(&claim);
  ck_assert_uint_eq(tally.applicable, 4);
  ck_assert_uint_eq(tally.violated, 1);
  ck_assert_uint_eq(tally.undecided, 1);
  free(worst);
  for (int i = 0; i < 5; i++)
    fc_record_clear(&records[i]);
}
END_TEST

/* The claim that is shown in place of `literal`; NULL where none is. */
static const char *correction(const fc_view *view, const char *literal) {
  for (size_t i = 0; i < view->claim_count; i++)
    if (strcmp(view->claims[i].claim, literal) == 0) {
      const fc_claim_view *right = fc_claim_correction(view, &view->claims[i]);
      return right ? right->claim : NULL;
    }
  return NULL;
}

static void add_sourced(fc_records *records, const char *claim, fc_kind kind,
                        const char *source, fc_verdict verdict) {
  fc_record record =
      make(claim, kind, "one", "linear", verdict, fc_verdict_name(verdict));
  free(record.source);
  record.source = copy(source);
  add(records, record);
}

START_TEST(test_corrections) {
  static const struct {
    const char *claim;
    fc_kind kind;
    const char *source;
    fc_verdict verdict;
  } rows[] = {
      {"a/x.literal", FC_KIND_LITERAL, "(1)", FC_VERDICT_VIOLATED},
      {"a/x.corrected", FC_KIND_SHARPER, "corrects (1)", FC_VERDICT_HOLDS},
      {"a/literal", FC_KIND_LITERAL, "Lemma 2(i), printed",
       FC_VERDICT_VIOLATED},
      {"a/first", FC_KIND_STATEMENT, "Lemma 2(i) mended", FC_VERDICT_ATTAINED},
      {"a/second", FC_KIND_STATEMENT, "Lemma 2(i) again", FC_VERDICT_HOLDS},
      {"a/e.up.literal", FC_KIND_LITERAL, "p. 14", FC_VERDICT_VIOLATED},
      {"a/e.end", FC_KIND_SHARPER, "corrects p. 14", FC_VERDICT_HOLDS},
      {"a/lone.literal", FC_KIND_LITERAL, "p. 15", FC_VERDICT_VIOLATED},
      {"b/x.corrected", FC_KIND_SHARPER, "corrects p. 15", FC_VERDICT_HOLDS},
      {"a/up", FC_KIND_STATEMENT, "Lemma 3", FC_VERDICT_HOLDS},
      {"a/up.sharp", FC_KIND_SHARPER, "Lemma 3", FC_VERDICT_HOLDS},
      {"a/low", FC_KIND_STATEMENT, "Lemma 4", FC_VERDICT_HOLDS},
      {"a/low.sharp", FC_KIND_SHARPER, "Lemma 4", FC_VERDICT_VIOLATED},
  };
  fc_records records;
  fc_view view;
  fc_records_init(&records);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    add_sourced(&records, rows[i].claim, rows[i].kind, rows[i].source,
                rows[i].verdict);
  const fc_report report = {&records, &manifest, NULL, 0};
  ck_assert_int_eq(fc_view_new(&view, &report), FC_OK);
  ck_assert_str_eq(correction(&view, "a/x.literal"), "a/x.corrected");
  ck_assert_str_eq(correction(&view, "a/literal"), "a/first");
  ck_assert_str_eq(correction(&view, "a/e.up.literal"), "a/e.end");
  ck_assert_ptr_null(correction(&view, "a/lone.literal"));
  for (size_t i = 0; i < view.claim_count; i++) {
    const fc_claim_view *sharper = fc_claim_sharper(&view, &view.claims[i]);
    if (strcmp(view.claims[i].claim, "a/up") == 0)
      ck_assert_str_eq(sharper->claim, "a/up.sharp");
    else
      ck_assert_ptr_null(sharper);
  }
  fc_view_clear(&view);
  fc_records_clear(&records);
}
END_TEST

/* --- HTML -------------------------------------------------------------- */

/* What markup is made of appears only where this project put it. */
START_TEST(test_html_is_harmless) {
  static const char hostile[] = "\"><script>alert(1)</script>&'\x01\xff]]>";
  fc_records records;
  fc_records_init(&records);
  fc_record record = measured("gif.one/<b>", hostile, "5", "4", "-1");
  char **texts[] = {&record.source,     &record.statement,  &record.formula,
                    &record.hypotheses, &record.family,     &record.schedule,
                    &record.relation,   &record.slack_kind, &record.reason,
                    &record.replay,     &record.expectation};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    free(*texts[i]);
    *texts[i] = copy(hostile);
  }
  record.constants = calloc(1, sizeof *record.constants);
  record.constant_count = 1;
  record.constants[0].name = copy(hostile);
  record.constants[0].provenance = copy(hostile);
  add(&records, record);
  char *page = rendered(&records, FC_FORMAT_HTML);
  ck_assert_ptr_null(strstr(page, "<script"));
  ck_assert_ptr_null(strstr(page, "<b>\""));
  ck_assert_ptr_null(strchr(page, '\x01'));
  ck_assert_ptr_null(strchr(page, '\xff'));
  assert_has(page, "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;");
  free(page);
  fc_records_clear(&records);
}
END_TEST

/* Two records share a proof, one has another. */
START_TEST(test_html_tells_proofs) {
  static const char *const instances[] = {"one", "two", "three"};
  fc_records records;
  fc_records_init(&records);
  for (int i = 0; i < 3; i++) {
    fc_record record = measured("gif.one/x", instances[i], "1", "2", "1");
    record.basis = FC_BASIS_CERTIFIED;
    record.proof_domain = copy(i < 2 ? "every schedule" : "t in (0,1) & <x>");
    record.proof_argument = copy("a cover");
    record.proof_leaves = i < 2 ? 0 : 12;
    record.proof_precision = 128;
    record.proof_undecided = copy("0");
    add(&records, record);
  }
  char *page = rendered(&records, FC_FORMAT_HTML);
  assert_has(page, "<strong>Proved</strong> in 2 records: every schedule: a "
                   "cover.</p>");
  assert_has(page, "<strong>Proved</strong> in 1 record: t in (0,1) &amp; "
                   "&lt;x&gt;: a cover (12 leaves, 128 bits).</p>");
  free(page);
  fc_records_clear(&records);
}
END_TEST

static void add_many(fc_records *records, int claims, int instances) {
  for (int k = 0; k < claims; k++)
    for (int i = 0; i < instances; i++) {
      char claim[32], instance[32], slack[32], bound[32];
      snprintf(claim, sizeof claim, "gif.one/c%d", k);
      snprintf(instance, sizeof instance, "instance-%04d", i);
      snprintf(slack, sizeof slack, "%d", instances - i);
      snprintf(bound, sizeof bound, "%d", 100000 + instances - i);
      fc_record record = measured(claim, instance, "100000", bound, slack);
      record.statement =
          copy("the slope is at most the bound, for all x and t");
      record.formula = copy("(kappa*a*da + b*db)/(kappa*a^2 + b^2)");
      record.replay = copy("flowcert run some-instance --claim gif.one/c");
      add(records, record);
    }
}

/* Rows are grouped, the worst come first, and what is left out is counted. */
START_TEST(test_html_groups_rows) {
  fc_records records;
  fc_records_init(&records);
  add_many(&records, 1, 100);
  fc_record other = measured("gif.one/c0", "instance-0099", "1", "9", "8");
  free(other.schedule);
  other.schedule = copy("follmer");
  add(&records, other);
  char *page = rendered(&records, FC_FORMAT_HTML);
  assert_has(page, "<tbody class=\"records\">\n<tr><th scope=\"row\">"
                   "instance-0099</th><td>linear <small>and 1 more</small>");
  assert_has(page, "<summary>34 more rows</summary>");
  assert_has(page, "60 of the 101 records, none worse than these");
  free(page);
  fc_records_clear(&records);
}
END_TEST

START_TEST(test_html_of_many_records_is_small) {
  fc_records records;
  fc_records_init(&records);
  add_many(&records, 300, 100);
  char *page = rendered(&records, FC_FORMAT_HTML);
  size_t size = strlen(page);
  ck_assert_msg(size < 8000000, "%zu bytes for 30000 records", size);
  free(page);
  fc_records_clear(&records);
}
END_TEST

/* --- JUnit ------------------------------------------------------------- */

/* The value of the attribute that begins at text, in a buffer. */
static void take(char *value, size_t size, const char *text) {
  snprintf(value, size, "%.*s", (int)strcspn(text, "\""), text);
}

START_TEST(test_junit_names_are_unique) {
  static const char *const instances[] = {"a\x01",     "a\x02",  "a ",    "a",
                                          "a | b",     "a\\x01", "a\xff", "a?",
                                          "a\xc2\x85", "a&b"};
  enum { COUNT = sizeof instances / sizeof *instances };
  char names[2 * COUNT][128];
  fc_records records;
  fc_records_init(&records);
  for (int i = 0; i < 2 * COUNT; i++) {
    fc_record record = measured("gif.one/x", instances[i / 2], "1", "2", "1");
    free(record.schedule);
    record.schedule = i % 2 ? copy("b") : NULL;
    add(&records, record);
  }
  char *text = rendered(&records, FC_FORMAT_JUNIT);
  ck_assert_uint_eq(occurrences(text, "<testcase "), 2 * COUNT);
  const char *at = text;
  for (int i = 0; i < 2 * COUNT; i++) {
    at = strstr(strstr(at, "<testcase "), " name=\"") + 7;
    take(names[i], sizeof names[i], at);
    for (int k = 0; k < i; k++)
      ck_assert_str_ne(names[i], names[k]);
  }
  free(text);
  fc_records_clear(&records);
}
END_TEST

START_TEST(test_junit_counts) {
  fc_records records;
  fc_records_init(&records);
  add(&records, measured("gif.one/x", "good", "1", "2", "1"));
  add(&records, measured("gif.one/x", "bad", "3", "2", "-1"));
  add(&records, make("gif.one/x", FC_KIND_STATEMENT, "open", "linear",
                     FC_VERDICT_ERROR, "holds"));
  add(&records, make("gif.two/x", FC_KIND_STATEMENT, "apart", "linear",
                     FC_VERDICT_NOT_APPLICABLE, "not-applicable"));
  records.items[0].seconds = 0.25;
  records.items[1].seconds = 1e300;
  records.items[2].seconds = NAN;
  records.items[1].reason = copy("a < b & \"c\"");
  char *text = rendered(&records, FC_FORMAT_JUNIT);
  assert_has(text, "<testsuites name=\"flowcert\" tests=\"4\" failures=\"1\" "
                   "errors=\"1\" skipped=\"1\" time=\"0.250000\">");
  assert_has(text, "<testsuite name=\"gif.two\" tests=\"1\" failures=\"0\" "
                   "errors=\"0\" skipped=\"1\" time=\"0.000000\">");
  assert_has(text, "reason: a &lt; b &amp; &quot;c&quot;\n");
  free(text);
  fc_records_clear(&records);
}
END_TEST

/* --- LaTeX ------------------------------------------------------------- */

START_TEST(test_tex_escape) {
  fc_text out[1];
  fc_text_init(out);
  fc_tex(out, "50% & \\x_1^{2} $a$ #~ <κ ≼ β²> Poincaré \x01\xff \xe4\xb8\xad");
  ck_assert_str_eq(out->data,
                   "50\\% \\& \\textbackslash{}x\\_1\\^{}\\{2\\} \\$a\\$ "
                   "\\#\\~{} $<$$\\kappa$ $\\preceq$ $\\beta$$^2$$>$ "
                   "Poincaré  ? ?");
  fc_text_clear(out);
}
END_TEST

/* Every group that is opened is closed, whatever the texts say. */
START_TEST(test_tex_of_hostile_record) {
  fc_records records;
  fc_records_init(&records);
  fc_record record = measured("gif.one/}\\end{tabular}", "one", "5", "4", "-1");
  free(record.source);
  record.source = copy("\\input{/etc/passwd}%&");
  add(&records, record);
  char *text = rendered(&records, FC_FORMAT_TEX);
  ck_assert_uint_eq(occurrences(text, "\\end{tabular}"), 1);
  ck_assert_ptr_null(strstr(text, "\\input{/etc"));
  long open = 0;
  for (const char *c = text; *c; c++) {
    if (*c == '\\' && c[1])
      c++;
    else
      open += (*c == '{') - (*c == '}');
    ck_assert_int_ge(open, 0);
  }
  ck_assert_int_eq(open, 0);
  free(text);
  fc_records_clear(&records);
}
END_TEST

/* --- in-toto and digests ------------------------------------------------ */

static json_t *statement(const fc_records *records) {
  fc_text out[1];
  fc_written written;
  fc_text_init(out);
  fc_written_init(&written);
  ck_assert_int_eq(fc_written_add(&written, "report \"1\".md", "abc", 3),
                   FC_OK);
  const fc_report report = {records, &manifest, NULL, 0};
  ck_assert_int_eq(fc_report_intoto(out, &report, &written), FC_OK);
  json_t *root = json_loads(out->data, JSON_REJECT_DUPLICATES, NULL);
  ck_assert_msg(root != NULL, "no JSON: %s", out->data);
  fc_text_clear(out);
  fc_written_clear(&written);
  return root;
}

static void check_result(fc_verdict verdict, const char *result,
                         const char *list) {
  fc_records records;
  fc_records_init(&records);
  add(&records, make("gif.one/\"x\"", FC_KIND_STATEMENT, "one", "linear",
                     verdict, "holds"));
  json_t *root = statement(&records);
  json_t *predicate = json_object_get(root, "predicate");
  ck_assert_str_eq(json_string_value(json_object_get(root, "_type")),
                   "https://in-toto.io/Statement/v1");
  ck_assert_str_eq(json_string_value(json_object_get(predicate, "result")),
                   result);
  ck_assert(json_is_array(json_object_get(predicate, "configuration")));
  static const char *const lists[] = {"passedTests", "warnedTests",
                                      "failedTests"};
  for (int i = 0; i < 3; i++)
    ck_assert_uint_eq(json_array_size(json_object_get(predicate, lists[i])),
                      strcmp(lists[i], list) == 0);
  json_t *subject = json_array_get(json_object_get(root, "subject"), 0);
  ck_assert_str_eq(json_string_value(json_object_get(subject, "name")),
                   "report \"1\".md");
  ck_assert_str_eq(
      json_string_value(
          json_object_get(json_object_get(subject, "digest"), "sha256")),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  json_decref(root);
  fc_records_clear(&records);
}

START_TEST(test_intoto) {
  check_result(FC_VERDICT_HOLDS, "PASSED", "passedTests");
  check_result(FC_VERDICT_INCONCLUSIVE, "WARNED", "warnedTests");
  check_result(FC_VERDICT_VIOLATED, "FAILED", "failedTests");
}
END_TEST

START_TEST(test_formats) {
  unsigned formats;
  fc_error error;
  ck_assert_int_eq(fc_formats_read(&formats, "html,junit,html", &error), FC_OK);
  ck_assert_uint_eq(formats, FC_FORMAT_BIT(HTML) | FC_FORMAT_BIT(JUNIT));
  static const char *const wrong[] = {"",    ",",    "html,",
                                      "htm", "HTML", "html md"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    ck_assert_int_eq(fc_formats_read(&formats, wrong[i], &error), FC_NAME);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("formats");
  TCase *tests = tcase_create("formats");
  fc_manifest_init(&manifest);
  tcase_add_test(tests, test_margin);
  tcase_add_test(tests, test_worst_first);
  tcase_add_test(tests, test_corrections);
  tcase_add_test(tests, test_html_is_harmless);
  tcase_add_test(tests, test_html_tells_proofs);
  tcase_add_test(tests, test_html_groups_rows);
  tcase_add_test(tests, test_html_of_many_records_is_small);
  tcase_add_test(tests, test_junit_names_are_unique);
  tcase_add_test(tests, test_junit_counts);
  tcase_add_test(tests, test_tex_escape);
  tcase_add_test(tests, test_tex_of_hostile_record);
  tcase_add_test(tests, test_intoto);
  tcase_add_test(tests, test_formats);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? 1 : 0;
}
