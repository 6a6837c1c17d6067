/* Reports from hand-made records: every number found again, every text
 * harmless, every count and exit status as counted by hand. */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "figure.h"
#include "readable.h"
#include "records.h"
#include "report.h"
#include "scale.h"

static const fc_claim claims_one[] = {
    {.name = "zeta", .kind = FC_KIND_STATEMENT},
    {.name = "alpha", .kind = FC_KIND_STATEMENT},
};

static const fc_check check_one = {.id = "gif.one",
                                   .title = "The first result",
                                   .source = "Theorem 1",
                                   .claims = claims_one,
                                   .claim_count = 2};

static const fc_check check_two = {
    .id = "gif.b-comes-second", .title = "Second", .source = "Theorem 2"};

static const fc_check *const checks[] = {&check_one, &check_two};

static char *markdown(fc_records *records) {
  fc_text out[1];
  fc_manifest manifest;
  fc_manifest_init(&manifest);
  fc_text_init(out);
  const fc_report report = {records, &manifest, checks, 2};
  ck_assert_int_eq(fc_report_markdown(out, &report, false), FC_OK);
  char *text = fc_text_take(out);
  ck_assert_ptr_nonnull(text);
  return text;
}

static fc_summary summary_of(const fc_records *records) {
  fc_summary summary;
  fc_manifest manifest;
  fc_manifest_init(&manifest);
  const fc_report report = {records, &manifest, checks, 2};
  ck_assert_int_eq(fc_summarize(&summary, &report), FC_OK);
  return summary;
}

static void assert_contains(const char *text, const char *part) {
  ck_assert_msg(strstr(text, part) != NULL, "not found: %s\nin:\n%s", part,
                text);
}

/* --- readable numbers --------------------------------------------------- */

static void check_readable(const char *exact, int digits, const char *shown) {
  fc_text out[1];
  fc_text_init(out);
  fc_readable(out, exact, digits);
  ck_assert_msg(out->data && strcmp(out->data, shown) == 0,
                "%s in %d digits: got %s, expected %s", exact, digits,
                out->data ? out->data : "(nothing)", shown);
  fc_text_clear(out);
}

START_TEST(test_readable) {
  check_readable("45.008565650000", 6, "45.0086");
  check_readable("-45.008565650000", 6, "-45.0086");
  check_readable("0", 6, "0");
  check_readable("-0.000", 6, "0");
  check_readable("1", 6, "1");
  check_readable("100", 6, "100");
  check_readable("1234567", 6, "1234570");
  check_readable("12345678", 6, "1.23457e7");
  check_readable("999999.5", 6, "1000000");
  check_readable("9999999.5", 6, "1e7");
  check_readable("0.99999951", 6, "1");
  check_readable("0.001", 6, "0.001");
  check_readable("0.00012345649", 6, "0.000123456");
  check_readable("0.000012345651", 6, "1.23457e-5");
  check_readable("1e-34742", 6, "1e-34742");
  check_readable("-2.5E+3", 6, "-2500");
  check_readable("00012.5", 2, "13");
  check_readable("12.4999999999999999999999999999999999999999999999", 2, "12");
  check_readable(".5", 6, "0.5");
  check_readable("inf", 6, "inf");
  check_readable("-inf", 6, "-inf");
  check_readable("nan", 6, "nan");
  check_readable("1e", 6, "1e");
  check_readable("", 6, "");
}
END_TEST

/* The judge is the C library's own printing of doubles. */
START_TEST(test_readable_against_printf) {
  unsigned long state = 20240229;
  for (int i = 0; i < 2000; i++) {
    state = state * 6364136223846793005UL + 1442695040888963407UL;
    double value = (double)(long)(state >> 20) / 1e6 - 4000000.0;
    char exact[64], shown[64];
    snprintf(exact, sizeof exact, "%.12f", value);
    snprintf(shown, sizeof shown, "%.5e", value);
    fc_text out[1];
    fc_text_init(out);
    fc_readable(out, exact, 6);
    double got = strtod(out->data, NULL), wanted = strtod(shown, NULL);
    ck_assert_msg(got == wanted, "%s: got %s, expected %s", exact, out->data,
                  shown);
    fc_text_clear(out);
  }
}
END_TEST

START_TEST(test_time_near_one) {
  fc_text out[1];
  fc_text_init(out);
  fc_readable_time(out, "0.99999999", 6);
  ck_assert_str_eq(out->data, "1 − 1e-8");
  fc_text_clear(out);
  fc_readable_time(out, "1", 6);
  ck_assert_str_eq(out->data, "1");
  fc_text_clear(out);
  fc_readable_time(out, "0.9999", 6);
  ck_assert_str_eq(out->data, "0.9999");
  fc_text_clear(out);
}
END_TEST

START_TEST(test_radius_shown_where_it_matters) {
  fc_text out[1];
  fc_exact wide = {"1.5", "0.25"}, narrow = {"1.5", "1e-30"};
  fc_text_init(out);
  fc_readable_exact(out, &wide);
  ck_assert_str_eq(out->data, "1.5 ± 0.25");
  fc_text_clear(out);
  fc_readable_exact(out, &narrow);
  ck_assert_str_eq(out->data, "1.5");
  fc_text_clear(out);
}
END_TEST

/* --- escaping ------------------------------------------------------------ */

START_TEST(test_markdown_escape) {
  fc_text out[1];
  fc_text_init(out);
  fc_markdown(out, "a|b*c_d`e`[f](g)<b>&\n# h\\\x01\xff");
  ck_assert_str_eq(out->data, "a\\|b\\*c\\_d\\`e\\`\\[f\\](g)&lt;b&gt;&amp; "
                              "\\# h\\\\ ?");
  fc_text_clear(out);
}
END_TEST

START_TEST(test_code_span) {
  fc_text out[1];
  fc_text_init(out);
  fc_markdown_code(out, "|x|*y", false);
  ck_assert_str_eq(out->data, "`|x|*y`");
  fc_text_clear(out);
  fc_markdown_code(out, "|x|", true);
  ck_assert_str_eq(out->data, "`\\|x\\|`");
  fc_text_clear(out);
  fc_markdown_code(out, "a``b", false);
  ck_assert_str_eq(out->data, "``` a``b ```");
  fc_text_clear(out);
}
END_TEST

/* Hostile texts in every field leave the report's lines as they were. */
START_TEST(test_hostile_texts) {
  fc_records records;
  fc_records_init(&records);
  fc_record record = make("gif.one/zeta", FC_KIND_STATEMENT, "evil | <script>",
                          "a\nb", FC_VERDICT_HOLDS, "holds");
  record.statement = copy("# title\n\n| a | b |\n");
  record.formula = copy("```\n<!-- ");
  record.hypotheses = copy("![x](http://y)");
  record.reason = copy("**bold**");
  set(&record.measured, "1<2", NULL);
  add(&records, record);
  char *text = markdown(&records);
  ck_assert_ptr_null(strstr(text, "<script>"));
  ck_assert_ptr_null(strstr(text, "\n# title"));
  ck_assert_ptr_null(strstr(text, "![x]"));
  assert_contains(text, "evil \\| &lt;script&gt; | a b | ");
  free(text);
  fc_records_clear(&records);
}
END_TEST

/* --- tables -------------------------------------------------------------- */

START_TEST(test_the_slack_is_named) {
  fc_records records;
  fc_records_init(&records);
  fc_record record = make("gif.one/zeta", FC_KIND_STATEMENT, "a-law", "linear",
                          FC_VERDICT_NOT_APPLICABLE, "not-applicable");
  add(&records, record);
  record = make("gif.one/zeta", FC_KIND_STATEMENT, "two-bumps", "linear",
                FC_VERDICT_HOLDS, "holds");
  record.slack_kind = copy("ratio");
  set(&record.slack, "3", NULL);
  add(&records, record);
  char *text = markdown(&records);
  assert_contains(text, "| bound | slack (ratio) | witness |");
  free(text);
  record = make("gif.one/zeta", FC_KIND_STATEMENT, "two-bumps", "vp",
                FC_VERDICT_ATTAINED, "holds");
  record.slack_kind = copy("gap");
  set(&record.slack, "0", NULL);
  add(&records, record);
  text = markdown(&records);
  assert_contains(text, "| bound | slack | witness |");
  assert_contains(text, " | 3 (ratio) | ");
  assert_contains(text, " | 0 (gap) | ");
  free(text);
  fc_records_clear(&records);
}
END_TEST

START_TEST(test_every_number_is_in_the_table) {
  fc_records records;
  fc_records_init(&records);
  fc_record record = make("gif.one/zeta", FC_KIND_STATEMENT, "two-bumps",
                          "linear", FC_VERDICT_VIOLATED, "violated");
  record.statement = copy("the slope stays below");
  record.formula = copy("R^2/sigma^2");
  record.slack_kind = copy("gap");
  set(&record.measured, "45.008565651234567", "0.5");
  set(&record.bound, "12.25", "1e-40");
  set(&record.slack, "-32.75856565", NULL);
  set(&record.witness_t, "0.625", NULL);
  record.witness_count = 4;
  record.witness_x = calloc(4, sizeof *record.witness_x);
  set(&record.witness_x[0], "0.125", NULL);
  set(&record.witness_x[1], "-7", NULL);
  set(&record.witness_x[2], "3.5", NULL);
  set(&record.witness_x[3], "9", NULL);
  add(&records, record);
  char *text = markdown(&records);
  assert_contains(text, "## gif.one: The first result (Theorem 1)");
  assert_contains(text, "### `gif.one/zeta` (Theorem 1(a))");
  assert_contains(text, "measured ≤ `R^2/sigma^2`");
  assert_contains(text, "| two-bumps | linear | 45.0086 ± 0.5 | 12.25 | "
                        "-32.7586 | t = 0.625, x = (0.125, -7, 3.5, …) | mpfr "
                        "| violated (as expected) |\n");
  assert_contains(text, "False as literally stated");
  assert_contains(text, "the slope stays below — on 1 of 1, for example "
                        "two-bumps, linear: measured 45.0086 ± 0.5 where ≤ "
                        "12.25 is stated at t = 0.625");
  free(text);
  fc_records_clear(&records);
}
END_TEST

START_TEST(test_contradictions_come_first_with_all_digits) {
  fc_records records;
  fc_records_init(&records);
  fc_record record = make("gif.one/zeta", FC_KIND_STATEMENT, "two-bumps",
                          "linear", FC_VERDICT_VIOLATED, "holds");
  set(&record.measured, "45.00856565123456789012345678901234", "1e-32");
  record.replay = copy("flowcert run two-bumps --claim gif.one/zeta");
  add(&records, record);
  char *text = markdown(&records);
  char *full = strstr(text, "45.00856565123456789012345678901234 ± 1e-32");
  char *table = strstr(text, "| instance | schedule |");
  ck_assert_ptr_nonnull(full);
  ck_assert_ptr_nonnull(table);
  ck_assert(full < table);
  assert_contains(text, "`flowcert run two-bumps --claim gif.one/zeta`");
  assert_contains(text, "**violated** (expected holds)");
  free(text);
  fc_records_clear(&records);
}
END_TEST

START_TEST(test_controls_and_reasons) {
  static const char *const instances[] = {"a", "b", "c"};
  fc_records records;
  fc_records_init(&records);
  for (int i = 0; i < 3; i++) {
    add(&records,
        make("gif.one/zeta.control", FC_KIND_CONTROL, instances[i], "linear",
             i == 1 ? FC_VERDICT_HOLDS : FC_VERDICT_VIOLATED, "violated"));
    fc_record record =
        make("gif.one/alpha", FC_KIND_STATEMENT, instances[i], "linear",
             FC_VERDICT_NOT_APPLICABLE, "not-applicable");
    record.reason = copy(i == 2 ? "no L" : "no D");
    add(&records, record);
  }
  char *text = markdown(&records);
  assert_contains(text, "3 planted, 2 refuted.");
  assert_contains(text, "| 3 | 2 | b linear **holds** (expected violated) |");
  assert_contains(text, "- `gif.one/alpha`: no D — a, b\n");
  assert_contains(text, "- `gif.one/alpha`: no L — c\n");
  free(text);
  fc_records_clear(&records);
}
END_TEST

/* --- counts and exit status ---------------------------------------------- */

START_TEST(test_exit_status) {
  fc_records records;
  fc_records_init(&records);
  ck_assert_int_eq(summary_of(&records).exit_status, 0);
  add(&records, make("gif.one/zeta", FC_KIND_STATEMENT, "a", "linear",
                     FC_VERDICT_ATTAINED, "holds"));
  add(&records, make("gif.one/zeta.control", FC_KIND_CONTROL, "a", "linear",
                     FC_VERDICT_VIOLATED, "violated"));
  add(&records, make("gif.one/probe", FC_KIND_PROBE, "a", "linear",
                     FC_VERDICT_VIOLATED, "none"));
  ck_assert_int_eq(summary_of(&records).exit_status, 0);
  add(&records, make("gif.one/zeta", FC_KIND_STATEMENT, "b", "linear",
                     FC_VERDICT_INCONCLUSIVE, "holds"));
  ck_assert_int_eq(summary_of(&records).exit_status, 3);
  add(&records, make("gif.one/zeta", FC_KIND_STATEMENT, "c", "linear",
                     FC_VERDICT_ERROR, "error"));
  ck_assert_int_eq(summary_of(&records).exit_status, 3);
  add(&records, make("gif.one/zeta.control", FC_KIND_CONTROL, "b", "linear",
                     FC_VERDICT_HOLDS, "violated"));
  fc_summary summary = summary_of(&records);
  ck_assert_int_eq(summary.exit_status, 1);
  ck_assert_uint_eq(summary.records, 6);
  ck_assert_uint_eq(summary.as_expected, 3);
  ck_assert_uint_eq(summary.undecided, 2);
  ck_assert_uint_eq(summary.contradicting, 1);
  ck_assert_uint_eq(summary.verdicts[FC_KIND_CONTROL][FC_VERDICT_VIOLATED], 1);
  ck_assert_uint_eq(summary.claims[FC_KIND_STATEMENT][FC_ANSWER_UNDECIDED], 1);
  ck_assert_uint_eq(summary.attained, 1);
  fc_records_clear(&records);
}
END_TEST

/* What two records of a claim say together. */
static void check_answer(fc_verdict first, fc_basis first_basis,
                         fc_verdict second, fc_basis second_basis,
                         fc_answer expected) {
  fc_records records;
  fc_records_init(&records);
  fc_record x =
      make("gif.one/zeta", FC_KIND_SHARPER, "a", "linear", first, "holds");
  fc_record y =
      make("gif.one/zeta", FC_KIND_SHARPER, "b", "linear", second, "holds");
  x.basis = first_basis;
  y.basis = second_basis;
  add(&records, x);
  add(&records, y);
  fc_summary summary = summary_of(&records);
  for (int i = 0; i < FC_ANSWER_COUNT; i++)
    ck_assert_msg(summary.claims[FC_KIND_SHARPER][i] ==
                      (i == (int)expected ? 1u : 0u),
                  "%s/%s and %s/%s: not %s", fc_verdict_name(first),
                  fc_basis_name(first_basis), fc_verdict_name(second),
                  fc_basis_name(second_basis), fc_answer_name(expected));
  fc_records_clear(&records);
}

START_TEST(test_answers) {
  const fc_basis sure = FC_BASIS_CERTIFIED, close = FC_BASIS_MPFR,
                 none = FC_BASIS_NONE;
  const fc_verdict holds = FC_VERDICT_HOLDS, attained = FC_VERDICT_ATTAINED,
                   violated = FC_VERDICT_VIOLATED, error = FC_VERDICT_ERROR,
                   absent = FC_VERDICT_NOT_APPLICABLE;
  check_answer(holds, sure, attained, sure, FC_ANSWER_CERTIFIED);
  check_answer(holds, sure, absent, none, FC_ANSWER_CERTIFIED);
  check_answer(holds, sure, holds, close, FC_ANSWER_PARTLY);
  check_answer(holds, close, attained, close, FC_ANSWER_NUMERICAL);
  check_answer(holds, close, holds, FC_BASIS_STATISTICAL, FC_ANSWER_NUMERICAL);
  check_answer(holds, sure, violated, close, FC_ANSWER_FALSE);
  check_answer(error, none, violated, close, FC_ANSWER_FALSE);
  check_answer(holds, sure, error, none, FC_ANSWER_UNDECIDED);
  check_answer(absent, none, absent, none, FC_ANSWER_NOT_APPLICABLE);
}
END_TEST

/* --- merging ------------------------------------------------------------- */

/* instance, check in the order of the modules, schedule, claim likewise */
START_TEST(test_canonical_order) {
  static const struct {
    const char *claim, *instance, *schedule;
  } keys[] = {
      {"gif.one/zeta", "a", "follmer"}, {"gif.one/alpha", "a", "follmer"},
      {"gif.one/zeta", "a", "linear"},  {"gif.b-comes-second/x", "a", "linear"},
      {"gif.unknown/x", "a", NULL},     {"gif.one/zeta", "b", "linear"}};
  static const int shuffled[] = {5, 3, 1, 0, 4, 2, 3, 0};
  fc_records records;
  fc_error error;
  fc_records_init(&records);
  for (int i = 0; i < 8; i++) {
    int k = shuffled[i];
    add(&records, make(keys[k].claim, FC_KIND_STATEMENT, keys[k].instance,
                       keys[k].schedule, FC_VERDICT_HOLDS, "holds"));
    records.items[i].seconds = i; /* the only difference of duplicates */
  }
  ck_assert_int_eq(fc_report_merge(&records, checks, 2, &error), FC_OK);
  ck_assert_uint_eq(records.count, 6);
  for (int i = 0; i < 6; i++) {
    ck_assert_str_eq(records.items[i].claim, keys[i].claim);
    ck_assert_str_eq(records.items[i].instance, keys[i].instance);
  }
  fc_records_clear(&records);
}
END_TEST

START_TEST(test_contradicting_duplicates) {
  fc_records records;
  fc_error error;
  fc_records_init(&records);
  for (int i = 0; i < 3; i++)
    add(&records,
        make("gif.one/zeta", FC_KIND_STATEMENT, "a", "linear",
             i == 2 ? FC_VERDICT_VIOLATED : FC_VERDICT_HOLDS, "holds"));
  ck_assert_int_eq(fc_report_merge(&records, checks, 2, &error), FC_VALUE);
  assert_contains(error.message, "gif.one/zeta on instance a");
  assert_contains(error.message, "different verdicts");
  fc_records_clear(&records);
}
END_TEST

START_TEST(test_duplicates_with_other_digits) {
  fc_records records;
  fc_error error;
  fc_records_init(&records);
  for (int i = 0; i < 2; i++) {
    fc_record record = make("gif.one/zeta", FC_KIND_STATEMENT, "a", "linear",
                            FC_VERDICT_HOLDS, "holds");
    set(&record.measured, i ? "1.5" : "1.25", NULL);
    add(&records, record);
  }
  ck_assert_int_eq(fc_report_merge(&records, checks, 2, &error), FC_VALUE);
  assert_contains(error.message, "different contents");
  fc_records_clear(&records);
}
END_TEST

/* --- JSON ---------------------------------------------------------------- */

START_TEST(test_json_is_what_was_counted) {
  fc_records records;
  fc_manifest manifest;
  fc_text out[1];
  fc_records_init(&records);
  fc_manifest_init(&manifest);
  fc_text_init(out);
  add(&records, make("gif.one/zeta", FC_KIND_STATEMENT, "a", "linear",
                     FC_VERDICT_HOLDS, "holds"));
  add(&records, make("gif.one/zeta", FC_KIND_STATEMENT, "b", "linear",
                     FC_VERDICT_VIOLATED, "holds"));
  ck_assert_int_eq(fc_manifest_add(&manifest, "settings", "seed", "1\"\n\\"),
                   FC_OK);
  const fc_report report = {&records, &manifest, checks, 2};
  ck_assert_int_eq(fc_report_json(out, &report), FC_OK);
  json_t *root = json_loads(out->data, JSON_REJECT_DUPLICATES, NULL);
  ck_assert_ptr_nonnull(root);
  json_t *summary = json_object_get(root, "summary");
  ck_assert_int_eq(json_integer_value(json_object_get(root, "schema")), 1);
  ck_assert_int_eq(json_integer_value(json_object_get(summary, "records")), 2);
  ck_assert_int_eq(
      json_integer_value(json_object_get(summary, "contradictions")), 1);
  ck_assert_int_eq(json_integer_value(json_object_get(summary, "exit_status")),
                   1);
  ck_assert_uint_eq(json_array_size(json_object_get(root, "records")), 2);
  json_t *settings =
      json_object_get(json_object_get(root, "manifest"), "settings");
  ck_assert_str_eq(json_string_value(json_object_get(settings, "seed")),
                   "1\"\n\\");
  json_decref(root);
  fc_text_clear(out);
  fc_records_clear(&records);
  fc_manifest_clear(&manifest);
}
END_TEST

START_TEST(test_manifest_merges) {
  fc_manifest manifest;
  fc_manifest_init(&manifest);
  static const char *const machines[] = {"x86_64", "aarch64", "x86_64", "x86"};
  for (int i = 0; i < 4; i++)
    ck_assert_int_eq(
        fc_manifest_add(&manifest, "platform", "machine", machines[i]), FC_OK);
  ck_assert_str_eq(fc_manifest_get(&manifest, "platform", "machine"),
                   "x86_64; aarch64; x86");
  ck_assert_ptr_null(fc_manifest_get(&manifest, "tool", "machine"));
  static const char *const names[] = {"c", "a", "d", "b"};
  for (int i = 0; i < 4; i++)
    ck_assert_int_eq(fc_manifest_add(&manifest, "inputs", names[i], "0"),
                     FC_OK);
  for (int i = 0; i < 4; i++)
    ck_assert_int_eq(manifest.entries[i + 1].key[0], 'a' + i);
  fc_manifest_clear(&manifest);
}
END_TEST

/* --- figures ------------------------------------------------------------- */

static fc_record profiled(const char *instance, const double (*points)[3],
                          size_t count) {
  fc_record record = make("gif.one/zeta", FC_KIND_STATEMENT, instance, "linear",
                          FC_VERDICT_HOLDS, "holds");
  record.profile = calloc(count, sizeof *record.profile);
  record.profile_count = count;
  for (size_t i = 0; i < count; i++)
    record.profile[i] =
        (fc_record_point){points[i][0], points[i][1], points[i][2]};
  return record;
}

/* Everything that may stand in an SVG file, and finite coordinates only. */
START_TEST(test_figure_of_hostile_record) {
  static const double points[][3] = {{0, 1e308, -1e308},
                                     {0.25, NAN, INFINITY},
                                     {0.5, -INFINITY, 0},
                                     {NAN, 1, 2},
                                     {1, 1e-308, 1e308}};
  fc_text out[1];
  fc_record record = profiled("<&\">\x02\xc3", points, 5);
  set(&record.witness_t, "1e999999999", NULL);
  fc_text_init(out);
  ck_assert(fc_figure_possible(&record));
  ck_assert_int_eq(fc_figure(out, &record, 0), FC_OK);
  ck_assert_int_eq(strncmp(out->data, "<svg ", 5), 0);
  assert_contains(out->data, "&lt;&amp;&quot;&gt; ?");
  ck_assert_ptr_null(strstr(out->data, "<&"));
  ck_assert_ptr_null(strstr(out->data, "=\"nan"));
  ck_assert_ptr_null(strstr(out->data, "Mnan"));
  ck_assert_ptr_null(strstr(out->data, "922337203685477"));
  ck_assert_str_eq(out->data + out->length - 7, "</svg>\n");
  fc_text_clear(out);
  fc_record_clear(&record);
}
END_TEST

/* A long source is cut, what was found is not. */
START_TEST(test_figure_says_its_verdict) {
  static const double points[][3] = {{0, 1, 1}, {1, 2, 2}};
  fc_text out[1];
  fc_record record = profiled("two-bumps", points, 2);
  free(record.source);
  record.source = copy("“an approximately linear relation” between b₀ and what "
                       "is measured, as published in the fifth figure");
  fc_text_init(out);
  ck_assert_int_eq(fc_figure(out, &record, 0), FC_OK);
  assert_contains(out->data, "“an approximately linear relation” between");
  assert_contains(out->data, "… on two-bumps, linear: holds, mpfr</text>");
  fc_text_clear(out);
  fc_record_clear(&record);
}
END_TEST

/* t = 1/2 is the middle of the frame, and so is the mean of the axis. */
START_TEST(test_scale) {
  fc_scale scale;
  double values[] = {3, 1, 2}, powers[] = {1e-2, 1e4, 1};
  fc_scale_linear(&scale, 0, 1);
  ck_assert(fc_scale_place(&scale, 0.5) == 0.5);
  ck_assert_int_eq(scale.tick_count, 6);
  ck_assert(scale.ticks[0] == 0 && scale.ticks[5] == 1);
  fc_scale_choose(&scale, values, 3);
  ck_assert(!scale.logarithmic && !scale.cut);
  ck_assert(fc_scale_place(&scale, 2) == 0.5);
  fc_scale_choose(&scale, powers, 3);
  ck_assert(scale.logarithmic);
  ck_assert_double_eq_tol(fc_scale_place(&scale, 10), 0.5, 1e-12);
}
END_TEST

START_TEST(test_figure_choice) {
  static const double same[][3] = {{0, 1, 1}, {1, 2, 2}};
  static const double far[][3] = {{0, 1, 2}, {1, 1, 4}};
  static const double close[][3] = {{0, 1, 1.01}, {1, 1, 4}};
  fc_record records[] = {profiled("same", same, 2), profiled("far", far, 2),
                         profiled("close", close, 2)};
  const fc_record *pointers[] = {&records[0], &records[1], &records[2]};
  fc_claim_view claim = {.claim = "gif.one/zeta",
                         .first = &records[0],
                         .records = pointers,
                         .count = 3};
  ck_assert_ptr_eq(fc_figure_choose(&claim), &records[2]);
  claim.count = 1; /* better an identity than nothing */
  ck_assert_ptr_eq(fc_figure_choose(&claim), &records[0]);
  for (int i = 0; i < 3; i++)
    fc_record_clear(&records[i]);
}
END_TEST

START_TEST(test_figure_names) {
  fc_text out[1];
  fc_text_init(out);
  fc_figure_name(out, "gif.one/d.upper");
  ck_assert_str_eq(out->data, "gif.one_d.upper.svg");
  fc_text_clear(out);
  fc_figure_name(out, "../../etc/x y");
  ck_assert_str_eq(out->data, "_.._.._etc_x_y.svg");
  fc_text_clear(out);
}
END_TEST

static Suite *report_suite(void) {
  Suite *suite = suite_create("report");
  TCase *tests = tcase_create("report");
  tcase_add_test(tests, test_readable);
  tcase_add_test(tests, test_readable_against_printf);
  tcase_add_test(tests, test_time_near_one);
  tcase_add_test(tests, test_radius_shown_where_it_matters);
  tcase_add_test(tests, test_markdown_escape);
  tcase_add_test(tests, test_code_span);
  tcase_add_test(tests, test_hostile_texts);
  tcase_add_test(tests, test_every_number_is_in_the_table);
  tcase_add_test(tests, test_the_slack_is_named);
  tcase_add_test(tests, test_contradictions_come_first_with_all_digits);
  tcase_add_test(tests, test_controls_and_reasons);
  tcase_add_test(tests, test_exit_status);
  tcase_add_test(tests, test_answers);
  tcase_add_test(tests, test_canonical_order);
  tcase_add_test(tests, test_contradicting_duplicates);
  tcase_add_test(tests, test_duplicates_with_other_digits);
  tcase_add_test(tests, test_json_is_what_was_counted);
  tcase_add_test(tests, test_manifest_merges);
  tcase_add_test(tests, test_figure_of_hostile_record);
  tcase_add_test(tests, test_figure_says_its_verdict);
  tcase_add_test(tests, test_scale);
  tcase_add_test(tests, test_figure_choice);
  tcase_add_test(tests, test_figure_names);
  suite_add_tcase(suite, tests);
  return suite;
}

int main(void) {
  SRunner *runner = srunner_create(report_suite());
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? 1 : 0;
}
