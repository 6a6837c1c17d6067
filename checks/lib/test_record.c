/* Records: the bytes that are written, what is read back, hostile files, and
 * files that are there whole or not at all. */
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/decimal.h"
#include "record/record.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- a fixed-seed generator (splitmix64) ------------------------------ */

static uint64_t draw(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

/* --- a folder for files ----------------------------------------------- */

static char folder[] = "/tmp/fc-record-XXXXXX";

static void make_folder(void) {
  strcpy(folder, "/tmp/fc-record-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void) {
  DIR *listing = opendir(folder);
  struct dirent *entry;
  char path[512];
  while (listing && (entry = readdir(listing))) {
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (unlink(path) != 0)
      rmdir(path);
  }
  if (listing)
    closedir(listing);
  rmdir(folder);
}

static int files_in_folder(void) {
  DIR *listing = opendir(folder);
  int count = 0;
  while (readdir(listing))
    count++;
  closedir(listing);
  return count - 2; /* . and .. */
}

static const char *in_folder(const char *name) {
  static char path[512];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void put_file(const char *path, const void *bytes, size_t length) {
  FILE *file = fopen(path, "wb");
  ck_assert_ptr_nonnull(file);
  ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
  ck_assert_int_eq(fclose(file), 0);
}

/* --- making records --------------------------------------------------- */

static void fill_exact(fc_exact *exact, const char *mid, const char *rad) {
  exact->mid = fc_strdup(mid);
  exact->rad = rad ? fc_strdup(rad) : NULL;
}

static void fill_record(fc_record *r) {
  fc_record_init(r);
  r->check = fc_strdup("gif.velocity-bounds");
  r->claim = fc_strdup("gif.velocity-bounds/d.upper");
  r->kind = FC_KIND_STATEMENT;
  r->source = fc_strdup("Proposition 4.1(d)");
  r->statement = fc_strdup("\"quoted\"\n\\ and \x01 and \xff and \xc3\xa9");
  r->formula = fc_strdup("a*b");
  r->instance = fc_strdup("two-bumps");
  r->family = fc_strdup("gaussian-mixture");
  r->schedule = fc_strdup("linear");
  r->dimension = 1;
  r->constants = calloc(1, sizeof *r->constants);
  r->constant_count = 1;
  r->constants[0].name = fc_strdup("sigma");
  fill_exact(&r->constants[0].value, "0.5", "0");
  r->constants[0].provenance = fc_strdup("derived");
  r->relation = fc_strdup("<=");
  fill_exact(&r->measured, "45.00856565004", "1e-30");
  fill_exact(&r->bound, "inf", NULL);
  fill_exact(&r->slack, "-1.25e-40", NULL);
  r->slack_kind = fc_strdup("gap");
  fill_exact(&r->witness_s, "0.5", NULL);
  fill_exact(&r->witness_t, "1", NULL);
  r->witness_x = calloc(2, sizeof *r->witness_x);
  r->witness_count = 2;
  fill_exact(&r->witness_x[0], "0", NULL);
  fill_exact(&r->witness_x[1], "-123456789.5", NULL);
  r->basis = FC_BASIS_CERTIFIED;
  r->tier = fc_strdup("certified");
  r->precision = 128;
  r->verdict = FC_VERDICT_HOLDS;
  r->expectation = fc_strdup("holds");
  r->false_alarm = 1e-9;
  r->proof_domain = fc_strdup("every schedule");
  r->proof_argument = fc_strdup("gaussian");
  r->proof_leaves = 3;
  r->proof_precision = 64;
  r->proof_undecided = fc_strdup("0");
  r->profile = calloc(1, sizeof *r->profile);
  r->profile_count = 1;
  r->profile[0] = (fc_record_point){0.5, -1, INFINITY};
  r->abscissa = fc_strdup("b₀");
  r->seed = UINT64_MAX;
  r->seconds = 1.25;
  r->replay = fc_strdup("flowcert run two-bumps");
}

static char *written(const fc_record *r) {
  fc_text text[1];
  fc_text_init(text);
  ck_assert_int_eq(fc_record_write(text, r), FC_OK);
  char *line = fc_text_take(text);
  ck_assert_ptr_nonnull(line);
  return line;
}

/* --- names ------------------------------------------------------------ */

START_TEST(names_are_read_back) {
  fc_kind kind;
  fc_verdict verdict;
  fc_basis basis;
  for (int i = 0; i < FC_KIND_COUNT; i++)
    ck_assert(fc_kind_from_name(&kind, fc_kind_name((fc_kind)i)) &&
              (int)kind == i);
  for (int i = 0; i < FC_VERDICT_COUNT; i++)
    ck_assert(fc_verdict_from_name(&verdict, fc_verdict_name((fc_verdict)i)) &&
              (int)verdict == i);
  for (int i = 0; i < FC_BASIS_COUNT; i++)
    ck_assert(fc_basis_from_name(&basis, fc_basis_name((fc_basis)i)) &&
              (int)basis == i);
  ck_assert(!fc_kind_from_name(&kind, "Statement"));
  ck_assert(!fc_verdict_from_name(&verdict, ""));
  ck_assert(!fc_basis_from_name(&basis, "certified "));
}
END_TEST

START_TEST(expectations_are_met) {
  static const struct {
    fc_verdict verdict;
    const char *expectation;
    bool met;
  } cases[] = {
      {FC_VERDICT_HOLDS, "holds", true},
      {FC_VERDICT_ATTAINED, "holds", true},
      {FC_VERDICT_HOLDS, "attained", false},
      {FC_VERDICT_ATTAINED, "attained", true},
      {FC_VERDICT_VIOLATED, "violated", true},
      {FC_VERDICT_VIOLATED, "holds", false},
      {FC_VERDICT_HOLDS, "violated", false},
      {FC_VERDICT_INCONCLUSIVE, "inconclusive", false},
      {FC_VERDICT_INCONCLUSIVE, "holds", false},
      {FC_VERDICT_ERROR, "error", false},
      {FC_VERDICT_ERROR, "none", false},
      {FC_VERDICT_VIOLATED, "none", true},
      {FC_VERDICT_NOT_APPLICABLE, "not-applicable", true},
      {FC_VERDICT_NOT_APPLICABLE, "holds", false},
      {FC_VERDICT_HOLDS, "nonsense", false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    fc_record r;
    fc_record_init(&r);
    r.verdict = cases[i].verdict;
    r.expectation = fc_strdup(cases[i].expectation);
    ck_assert_msg(fc_record_as_expected(&r) == cases[i].met,
                  "case %zu: %s where %s is expected", i,
                  fc_verdict_name(r.verdict), r.expectation);
    fc_record_clear(&r);
  }
  fc_record r;
  fc_record_init(&r);
  ck_assert(!fc_record_as_expected(&r));
}
END_TEST

/* --- decimals --------------------------------------------------------- */

START_TEST(short_texts) {
  static const char *const cases[][2] = {
      {"0", "0"},
      {"-0.000", "0"},
      {"1", "1"},
      {"45.00856565", "45.008566"},
      {"99999999.5", "1e8"},
      {"99999999.4", "99999999"},
      {"999999994", "9.9999999e8"},
      {"12345678", "12345678"},
      {"-123456785", "-1.2345679e8"},
      {"0.00001", "0.00001"},
      {"0.000001", "1e-6"},
      {"-0.000123456785", "-0.00012345679"},
      {"1.5e300", "1.5e300"},
      {"15e-301", "1.5e-300"},
      {"100e-2", "1"},
      {"0.1e1", "1"},
      {"1E+3", "1000"},
      {"00012", "12"},
      {"1e34742", "1e34742"},
      {"inf", "inf"},
      {"-inf", "-inf"},
      {"rubbish", "rubbish"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    fc_text text[1];
    fc_text_init(text);
    fc_decimal_append_short(text, cases[i][0]);
    ck_assert_str_eq(text->data, cases[i][1]);
    fc_text_clear(text);
  }
}
END_TEST

START_TEST(number_texts_are_recognised) {
  static const char *const good[] = {"0",   "-1.5", "+2",  "1e5", "1.25E-300",
                                     "inf", "-inf", "nan", "007"};
  static const char *const bad[] = {"",    "-",     ".5",   "5.",  "1e",
                                    "0x1", "1,5",   " 1",   "1 ",  "+inf",
                                    "Inf", "1e5.2", "1..2", "--1", "1/2"};
  for (size_t i = 0; i < COUNT(good); i++)
    ck_assert_msg(fc_decimal_is_number(good[i]), "%s", good[i]);
  for (size_t i = 0; i < COUNT(bad); i++)
    ck_assert_msg(!fc_decimal_is_number(bad[i]), "%s", bad[i]);
}
END_TEST

/* The C library's own reading is the judge. */
static void check_double(double value) {
  fc_text text[1];
  fc_text_init(text);
  fc_decimal_append_double(text, value);
  double back = strtod(text->data, NULL);
  ck_assert_msg(memcmp(&back, &value, sizeof value) == 0, "%a became %s = %a",
                value, text->data, back);
  fc_text_clear(text);
}

START_TEST(doubles_are_read_back) {
  static const double values[] = {0,     -0.0,   1,       -1,     0.1,  1e-300,
                                  1e300, 5e-324, 1.0 / 3, 123456, 1e22, 1e23};
  uint64_t state = 20240607;
  for (size_t i = 0; i < COUNT(values); i++)
    check_double(values[i]);
  for (int i = 0; i < 20000; i++) {
    uint64_t bits = draw(&state);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (isfinite(value))
      check_double(value);
  }
}
END_TEST

START_TEST(doubles_are_short) {
  static const struct {
    double value;
    const char *text;
  } cases[] = {{0.1, "1e-1"},  {0.3, "3e-1"},     {1, "1"},
               {-2.5, "-2.5"}, {1e23, "1e23"},    {0.125, "1.25e-1"},
               {1e-7, "1e-7"}, {INFINITY, "inf"}, {-INFINITY, "-inf"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    fc_text text[1];
    fc_text_init(text);
    fc_decimal_append_double(text, cases[i].value);
    ck_assert_str_eq(text->data, cases[i].text);
    fc_text_clear(text);
  }
}
END_TEST

/* --- the line --------------------------------------------------------- */

static const char full_line[] =
    "{\"schema\":1,\"check\":\"gif.velocity-bounds\","
    "\"claim\":\"gif.velocity-bounds/d.upper\",\"kind\":\"statement\","
    "\"source\":\"Proposition 4.1(d)\","
    "\"statement\":\"\\\"quoted\\\"\\n\\\\ and \\u0001 and \xef\xbf\xbd and "
    "\xc3\xa9\",\"formula\":\"a*b\",\"hypotheses\":null,"
    "\"instance\":\"two-bumps\",\"family\":\"gaussian-mixture\","
    "\"schedule\":\"linear\",\"dimension\":1,\"constants\":{\"sigma\":"
    "{\"mid\":\"0.5\",\"rad\":\"0\",\"text\":\"0.5\","
    "\"provenance\":\"derived\"}},\"relation\":\"<=\",\"measured\":"
    "{\"mid\":\"45.00856565004\",\"rad\":\"1e-30\",\"text\":\"45.008566\"},"
    "\"bound\":{\"mid\":\"inf\",\"rad\":null,\"text\":\"inf\"},"
    "\"slack\":{\"mid\":\"-1.25e-40\",\"rad\":null,\"text\":\"-1.25e-40\","
    "\"kind\":\"gap\"},\"witness\":{\"s\":{\"mid\":\"0.5\",\"rad\":null,"
    "\"text\":\"0.5\"},\"t\":{\"mid\":\"1\",\"rad\":null,"
    "\"text\":\"1\"},\"x\":[{\"mid\":\"0\",\"rad\":null,\"text\":\"0\"},"
    "{\"mid\":\"-123456789.5\",\"rad\":null,\"text\":\"-1.2345679e8\"}]},"
    "\"basis\":\"certified\",\"tier\":\"certified\",\"precision\":128,"
    "\"verdict\":\"holds\",\"expectation\":\"holds\",\"reason\":null,\"false_"
    "alarm\":1e-9,\"proof\":{\"domain\":\"every "
    "schedule\",\"argument\":\"gaussian\",\"leaves\":3,\"precision\":64,"
    "\"undecided\":\"0\"},"
    "\"profile\":[[5e-1,-1,\"inf\"]],\"abscissa\":\"b₀\",\"seed\":"
    "\"18446744073709551615\","
    "\"replay\":\"flowcert run two-bumps\",\"seconds\":1.250000}\n";

START_TEST(bytes_of_a_full_record) {
  fc_record r;
  fill_record(&r);
  char *line = written(&r);
  ck_assert_str_eq(line, full_line);
  free(line);
  fc_record_clear(&r);
}
END_TEST

START_TEST(bytes_of_an_empty_record) {
  fc_record r;
  fc_record_init(&r);
  char *line = written(&r);
  ck_assert_str_eq(
      line,
      "{\"schema\":1,\"check\":null,\"claim\":null,\"kind\":\"statement\","
      "\"source\":null,\"statement\":null,\"formula\":null,"
      "\"hypotheses\":null,\"instance\":null,\"family\":null,"
      "\"schedule\":null,\"dimension\":0,\"constants\":{},\"relation\":null,"
      "\"measured\":null,\"bound\":null,\"slack\":null,\"witness\":null,"
      "\"basis\":\"none\",\"tier\":null,\"precision\":0,\"verdict\":\"error\","
      "\"expectation\":null,\"reason\":null,\"profile\":[],\"seed\":\"0\","
      "\"replay\":null,\"seconds\":0.000000}\n");
  free(line);
}
END_TEST

START_TEST(bytes_do_not_depend_on_the_locale) {
  static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8",
                                      "fr_FR.UTF-8"};
  for (size_t i = 0; i < COUNT(names); i++)
    if (setlocale(LC_ALL, names[i])) {
      fc_record r;
      fill_record(&r);
      char *line = written(&r);
      ck_assert_str_eq(line, full_line);
      ck_assert_int_eq(fc_record_read(&r, line, NULL, NULL), FC_OK);
      ck_assert_double_eq(r.seconds, 1.25);
      ck_assert_double_eq(r.profile[0].t, 0.5);
      free(line);
      fc_record_clear(&r);
    }
  setlocale(LC_ALL, "C");
}
END_TEST

static void same_text(const char *x, const char *y) {
  ck_assert_int_eq(x == NULL, y == NULL);
  if (x)
    ck_assert_str_eq(x, y);
}

static void same_exact(const fc_exact *x, const fc_exact *y) {
  same_text(x->mid, y->mid);
  same_text(x->rad, y->rad);
}

static void same_record(const fc_record *x, const fc_record *y) {
  same_text(x->check, y->check);
  same_text(x->claim, y->claim);
  ck_assert_int_eq(x->kind, y->kind);
  same_text(x->source, y->source);
  same_text(x->statement, y->statement);
  same_text(x->formula, y->formula);
  same_text(x->hypotheses, y->hypotheses);
  same_text(x->instance, y->instance);
  same_text(x->family, y->family);
  same_text(x->schedule, y->schedule);
  ck_assert_int_eq(x->dimension, y->dimension);
  ck_assert_uint_eq(x->constant_count, y->constant_count);
  for (size_t i = 0; i < x->constant_count; i++) {
    same_text(x->constants[i].name, y->constants[i].name);
    same_exact(&x->constants[i].value, &y->constants[i].value);
    same_text(x->constants[i].provenance, y->constants[i].provenance);
  }
  same_text(x->relation, y->relation);
  same_exact(&x->measured, &y->measured);
  same_exact(&x->bound, &y->bound);
  same_exact(&x->slack, &y->slack);
  same_text(x->slack_kind, y->slack_kind);
  same_exact(&x->witness_s, &y->witness_s);
  same_exact(&x->witness_t, &y->witness_t);
  ck_assert_uint_eq(x->witness_count, y->witness_count);
  for (size_t i = 0; i < x->witness_count; i++)
    same_exact(&x->witness_x[i], &y->witness_x[i]);
  ck_assert_int_eq(x->basis, y->basis);
  same_text(x->tier, y->tier);
  ck_assert_double_eq(x->false_alarm, y->false_alarm);
  same_text(x->proof_domain, y->proof_domain);
  same_text(x->proof_argument, y->proof_argument);
  ck_assert_int_eq(x->proof_leaves, y->proof_leaves);
  ck_assert_int_eq(x->proof_precision, y->proof_precision);
  same_text(x->proof_undecided, y->proof_undecided);
  ck_assert_int_eq(x->precision, y->precision);
  ck_assert_int_eq(x->verdict, y->verdict);
  same_text(x->expectation, y->expectation);
  same_text(x->reason, y->reason);
  same_text(x->abscissa, y->abscissa);
  ck_assert_uint_eq(x->profile_count, y->profile_count);
  for (size_t i = 0; i < x->profile_count; i++) {
    ck_assert(x->profile[i].t == y->profile[i].t);
    ck_assert(x->profile[i].measured == y->profile[i].measured);
    ck_assert(x->profile[i].bound == y->profile[i].bound);
  }
  ck_assert_uint_eq(x->seed, y->seed);
  same_text(x->replay, y->replay);
  ck_assert_double_eq_tol(x->seconds, y->seconds, 1e-6);
}

START_TEST(records_are_read_back) {
  fc_record r, back;
  fill_record(&r);
  free(r.statement); /* bytes that are not UTF-8 do not come back */
  r.statement = fc_strdup("\t\"\\/\b\f\n\r \x1f\x7f \xe2\x82\xac "
                          "\xf0\x9f\x98\x80 \xe2\x80\xa8");
  char *line = written(&r);
  fc_error error;
  fc_record_init(&back);
  ck_assert_msg(fc_record_read(&back, line, NULL, &error) == FC_OK, "%s",
                error.message);
  same_record(&r, &back);
  ck_assert_int_eq(fc_record_read(&back, line, NULL, &error), FC_OK);
  same_record(&r, &back);
  char *again = written(&back);
  ck_assert_str_eq(line, again);
  free(again);
  free(line);
  fc_record_clear(&r);
  fc_record_clear(&back);
}
END_TEST

/* Whatever bytes a string holds, the line is JSON by jansson's judgement. */
START_TEST(lines_are_always_json) {
  uint64_t state = 7;
  for (int i = 0; i < 2000; i++) {
    fc_record r;
    char bytes[64];
    size_t length = draw(&state) % sizeof bytes;
    for (size_t k = 0; k < length; k++)
      bytes[k] = (char)(1 + draw(&state) % 255);
    bytes[length ? length - 1 : 0] = '\0';
    fc_record_init(&r);
    r.reason = fc_strdup(bytes);
    fill_exact(&r.measured, bytes, bytes);
    char *line = written(&r);
    json_error_t problem;
    json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, &problem);
    ck_assert_msg(json != NULL, "%s in %s", problem.text, line);
    json_decref(json);
    free(line);
    fc_record_clear(&r);
  }
}
END_TEST

/* --- hostile lines ---------------------------------------------------- */

/* The full line with one text replaced by another. */
static char *edited(const char *from, const char *to) {
  const char *at = strstr(full_line, from);
  ck_assert_msg(at != NULL, "%s", from);
  fc_text text[1];
  fc_text_init(text);
  fc_text_append_bytes(text, full_line, (size_t)(at - full_line));
  fc_text_append(text, to);
  fc_text_append(text, at + strlen(from));
  return fc_text_take(text);
}

START_TEST(wrong_lines_are_refused) {
  static const struct {
    const char *from, *to, *message;
  } cases[] = {
      {"\"schema\":1", "\"schema\":2", "follows schema 2"},
      {"\"schema\":1", "\"schema\":\"1\"", "\"schema\" must be"},
      {"\"schema\":1,", "", "\"schema\" must be"},
      {"\"check\":\"gif.velocity-bounds\"", "\"check\":null", "\"check\""},
      {"\"check\":\"gif.velocity-bounds\"", "\"check\":7", "\"check\""},
      {"\"kind\":\"statement\"", "\"kind\":\"stated\"", "\"kind\""},
      {"\"verdict\":\"holds\"", "\"verdict\":\"Holds\"", "\"verdict\""},
      {"\"verdict\":\"holds\",", "", "\"verdict\""},
      {"\"basis\":\"certified\"", "\"basis\":3", "\"basis\""},
      {"\"expectation\":\"holds\"", "\"expectation\":\"maybe\"",
       "\"expectation\""},
      {"\"dimension\":1", "\"dimension\":-1", "\"dimension\""},
      {"\"dimension\":1", "\"dimension\":1.5", "\"dimension\""},
      {"\"precision\":128", "\"precision\":1e3", "\"precision\""},
      {"\"mid\":\"45.00856565004\"", "\"mid\":45.0", "\"measured\""},
      {"\"mid\":\"45.00856565004\"", "\"mid\":\"45,0\"", "\"measured\""},
      {"\"rad\":\"1e-30\"", "\"rad\":\"tiny\"", "\"measured\""},
      {"\"constants\":{", "\"constants\":{\"x\":1,", "\"constants\""},
      {"\"leaves\":3", "\"leaves\":-3", "\"leaves\""},
      {"\"undecided\":\"0\"", "\"undecided\":0", "\"undecided\""},
      {"\"domain\":\"every schedule\",", "", "\"domain\""},
      {"[[5e-1,-1,\"inf\"]]", "[[5e-1,-1]]", "\"profile\""},
      {"[[5e-1,-1,\"inf\"]]", "[[5e-1,-1,null]]", "\"profile\""},
      {"[[5e-1,-1,\"inf\"]]", "7", "\"profile\""},
      {"\"seed\":\"18446744073709551615\"", "\"seed\":\"18446744073709551616\"",
       "\"seed\""},
      {"\"seed\":\"18446744073709551615\"", "\"seed\":\"-1\"", "\"seed\""},
      {"\"seed\":\"18446744073709551615\"", "\"seed\":1", "\"seed\""},
      {"\"seconds\":1.250000", "\"seconds\":-1", "\"seconds\""},
      {"\"check\"", "\"claim\"", "not valid JSON: duplicate"},
      {"\"family\"", "family", "not valid JSON"},
      {"}\n", "", "not valid JSON"},
      {"}\n", "} {}\n", "not valid JSON"},
      {"\"family\":\"gaussian-mixture\"", "\"family\":\"\xff\"",
       "not valid JSON"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    char *line = edited(cases[i].from, cases[i].to);
    const fc_position at = {"r.jsonl", 7, 1};
    fc_record r;
    fc_error error;
    fc_record_init(&r);
    ck_assert_msg(fc_record_read(&r, line, &at, &error) != FC_OK,
                  "accepted: %s", line);
    ck_assert_msg(strstr(error.message, cases[i].message) != NULL,
                  "case %zu: %s", i, error.message);
    ck_assert_str_eq(error.file, "r.jsonl");
    ck_assert_uint_eq(error.line, 7);
    ck_assert_ptr_null(r.check);
    free(line);
  }
}
END_TEST

START_TEST(deep_nesting_is_refused) {
  size_t depth = 300000;
  char *line = malloc(depth + 1);
  memset(line, '[', depth);
  line[depth] = '\0';
  fc_record r;
  fc_error error;
  fc_record_init(&r);
  ck_assert_int_eq(fc_record_read(&r, line, NULL, &error), FC_PARSE);
  free(line);
}
END_TEST

START_TEST(mutated_lines_do_no_harm) {
  uint64_t state = 99;
  size_t length = strlen(full_line);
  for (int i = 0; i < 4000; i++) {
    char *line = fc_strdup(full_line);
    for (uint64_t k = 0; k <= draw(&state) % 4; k++)
      line[draw(&state) % length] = (char)(draw(&state) % 256);
    fc_record r;
    fc_error error = {0};
    fc_record_init(&r);
    fc_status status = fc_record_read(&r, line, NULL, &error);
    ck_assert(status == FC_OK || error.message[0]);
    fc_record_clear(&r);
    free(line);
  }
}
END_TEST

/* --- files ------------------------------------------------------------ */

START_TEST(files_of_lines) {
  fc_text text[1];
  fc_text_init(text);
  fc_text_append(text, full_line);
  fc_text_append(text, "\n  \r\n");
  fc_text_append(text, full_line);
  const char *path = in_folder("records.jsonl");
  put_file(path, text->data, text->length);
  fc_records records;
  fc_error error;
  fc_records_init(&records);
  ck_assert_int_eq(fc_records_read_file(&records, path, &error), FC_OK);
  ck_assert_uint_eq(records.count, 2);
  ck_assert_int_eq(fc_records_read_file(&records, path, &error), FC_OK);
  ck_assert_uint_eq(records.count, 4);
  /* the last line, cut off as by a killed writer */
  put_file(path, text->data, text->length - 20);
  ck_assert_int_eq(fc_records_read_file(&records, path, &error), FC_PARSE);
  ck_assert_uint_eq(error.line, 4);
  ck_assert_str_eq(error.file, path);
  ck_assert_uint_eq(records.count, 4);
  fc_records_clear(&records);
  fc_text_clear(text);
}
END_TEST

static fc_status read_text(fc_records *records, const char *bytes,
                           size_t length, fc_error *error) {
  const char *path = in_folder("file");
  put_file(path, bytes, length);
  fc_records_init(records);
  return fc_records_read_file(records, path, error);
}

START_TEST(reports_are_read) {
  fc_text text[1];
  fc_records records;
  fc_error error;
  fc_text_init(text);
  fc_text_printf(text, "{\"schema\":1,\n\"records\":[\n%s,%s]}\n", full_line,
                 full_line);
  ck_assert_msg(read_text(&records, text->data, text->length, &error) == FC_OK,
                "%s", error.message);
  ck_assert_uint_eq(records.count, 2);
  ck_assert_str_eq(records.items[1].instance, "two-bumps");
  fc_records_clear(&records);
  fc_text_clear(text);
  static const char broken[] = "{\"records\":[\n{}\n,]}";
  ck_assert_int_eq(read_text(&records, broken, strlen(broken), &error),
                   FC_PARSE);
  ck_assert_uint_eq(error.line, 3);
  static const char wrong[] = "{\"records\":[{}]}";
  ck_assert_int_eq(read_text(&records, wrong, strlen(wrong), &error), FC_PARSE);
  ck_assert_ptr_nonnull(strstr(error.message, "records[0]"));
}
END_TEST

START_TEST(other_files_are_refused) {
  fc_records records;
  fc_error error;
  ck_assert_int_eq(read_text(&records, "", 0, &error), FC_OK);
  ck_assert_uint_eq(records.count, 0);
  ck_assert_int_eq(read_text(&records, "\n{}\0\n", 5, &error), FC_PARSE);
  ck_assert_uint_eq(error.line, 2);
  ck_assert_int_eq(read_text(&records, "PK\x03\x04", 4, &error), FC_PARSE);
  ck_assert_int_eq(fc_records_read_file(&records, folder, &error), FC_IO);
  ck_assert_ptr_nonnull(strstr(error.message, "folder"));
  ck_assert_int_eq(fc_records_read_file(&records, in_folder("missing"), &error),
                   FC_IO);
  ck_assert_ptr_nonnull(strstr(error.file, "missing"));
  ck_assert_uint_eq(records.count, 0);
}
END_TEST

/* --- whole or not at all ---------------------------------------------- */

static void check_file(const char *path, const char *expected) {
  char bytes[256] = "";
  FILE *file = fopen(path, "rb");
  ck_assert_ptr_nonnull(file);
  size_t length = fread(bytes, 1, sizeof bytes - 1, file);
  fclose(file);
  ck_assert_uint_eq(length, strlen(expected));
  ck_assert_str_eq(bytes, expected);
}

START_TEST(files_are_replaced) {
  const char *path = in_folder("out");
  ck_assert_int_eq(fc_write_atomically(path, "one", 3, NULL), FC_OK);
  check_file(path, "one");
  ck_assert_int_eq(fc_write_atomically(path, "", 0, NULL), FC_OK);
  check_file(path, "");
  ck_assert_int_eq(fc_write_atomically(path, "three", 5, NULL), FC_OK);
  check_file(path, "three");
  ck_assert_int_eq(files_in_folder(), 1);
}
END_TEST

START_TEST(unwritable_places_are_errors) {
  fc_error error;
  char path[600];
  ck_assert_int_eq(fc_write_atomically(in_folder("no/such"), "x", 1, &error),
                   FC_IO);
  put_file(in_folder("plain"), "x", 1);
  ck_assert_int_eq(fc_write_atomically(in_folder("plain/file"), "x", 1, &error),
                   FC_IO);
  ck_assert_int_eq(fc_write_atomically(folder, "x", 1, &error), FC_IO);
  ck_assert_int_eq(fc_write_atomically("/dev/full", "x", 1, &error), FC_IO);
  ck_assert_int_eq(fc_write_atomically("", "x", 1, &error), FC_IO);
  snprintf(path, sizeof path, "%s/%0300d", folder, 0); /* name too long */
  ck_assert_int_eq(fc_write_atomically(path, "x", 1, &error), FC_IO);
  ck_assert_int_eq(files_in_folder(), 1);
  if (geteuid() != 0) { /* root may write anywhere */
    chmod(folder, 0500);
    ck_assert_int_eq(fc_write_atomically(in_folder("out"), "x", 1, &error),
                     FC_IO);
    chmod(folder, 0700);
  }
}
END_TEST

/* In a process whose files may not grow: the status of a long write. */
static int write_limited(const char *path) {
  static char bytes[100000];
  const struct rlimit limit = {4096, 4096};
  int state = -1;
  pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    _exit((int)fc_write_atomically(path, bytes, sizeof bytes, NULL));
  }
  ck_assert_int_eq(waitpid(child, &state, 0), child);
  return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

/* A limit on the file's size makes write fail in the middle, as a full disk
 * does; the old file stays. */
START_TEST(failed_writes_leave_the_old_file) {
  const char *path = in_folder("out");
  ck_assert_int_eq(fc_write_atomically(path, "old", 3, NULL), FC_OK);
  ck_assert_int_eq(write_limited(path), FC_IO);
  check_file(path, "old");
  ck_assert_int_eq(files_in_folder(), 1);
}
END_TEST

/* The real thing where mounting is allowed. */
START_TEST(full_disks_leave_the_old_file) {
  static char bytes[1 << 20];
  fc_error error;
  const char *path = in_folder("out");
  if (mount("none", folder, "tmpfs", 0, "size=64k") != 0)
    return;
  fc_status before = fc_write_atomically(path, "old", 3, &error);
  fc_status status = fc_write_atomically(path, bytes, sizeof bytes, &error);
  int left = files_in_folder();
  unlink(path);
  umount(folder);
  ck_assert_int_eq(before, FC_OK);
  ck_assert_int_eq(status, FC_IO);
  ck_assert_int_eq(left, 1);
}
END_TEST

#define WRITERS 4
#define BLOCK (1 << 16)

static void write_letters(const char *path, int letter) {
  static char bytes[BLOCK];
  memset(bytes, letter, sizeof bytes);
  for (int i = 0; i < 25; i++)
    if (fc_write_atomically(path, bytes, sizeof bytes, NULL) != FC_OK)
      _exit(1);
  _exit(0);
}

/* The file is missing or one writer's whole block. */
static void check_one_block(const char *path) {
  static char bytes[BLOCK + 1];
  FILE *file = fopen(path, "rb");
  if (!file)
    return;
  size_t length = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  ck_assert_uint_eq(length, BLOCK);
  for (size_t i = 1; i < length; i++)
    ck_assert(bytes[i] == bytes[0]);
}

START_TEST(concurrent_writers_do_not_mix) {
  const char *path = in_folder("out");
  pid_t writers[WRITERS];
  for (int i = 0; i < WRITERS; i++) {
    writers[i] = fork();
    if (writers[i] == 0)
      write_letters(path, 'a' + i);
  }
  for (int i = 0; i < 50; i++)
    check_one_block(path);
  for (int i = 0; i < WRITERS; i++) {
    int state = 1;
    ck_assert_int_eq(waitpid(writers[i], &state, 0), writers[i]);
    ck_assert_int_eq(state, 0);
  }
  check_one_block(path);
  ck_assert_int_eq(files_in_folder(), 1);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("record");
  TCase *texts = tcase_create("texts");
  TCase *files = tcase_create("files");
  tcase_add_test(texts, names_are_read_back);
  tcase_add_test(texts, expectations_are_met);
  tcase_add_test(texts, short_texts);
  tcase_add_test(texts, number_texts_are_recognised);
  tcase_add_test(texts, doubles_are_read_back);
  tcase_add_test(texts, doubles_are_short);
  tcase_add_test(texts, bytes_of_a_full_record);
  tcase_add_test(texts, bytes_of_an_empty_record);
  tcase_add_test(texts, bytes_do_not_depend_on_the_locale);
  tcase_add_test(texts, records_are_read_back);
  tcase_add_test(texts, lines_are_always_json);
  tcase_add_test(texts, wrong_lines_are_refused);
  tcase_add_test(texts, deep_nesting_is_refused);
  tcase_add_test(texts, mutated_lines_do_no_harm);
  tcase_add_checked_fixture(files, make_folder, remove_folder);
  tcase_add_test(files, files_of_lines);
  tcase_add_test(files, reports_are_read);
  tcase_add_test(files, other_files_are_refused);
  tcase_add_test(files, files_are_replaced);
  tcase_add_test(files, unwritable_places_are_errors);
  tcase_add_test(files, failed_writes_leave_the_old_file);
  tcase_add_test(files, full_disks_leave_the_old_file);
  tcase_add_test(files, concurrent_writers_do_not_mix);
  tcase_set_timeout(texts, 60);
  tcase_set_timeout(files, 60);
  suite_add_tcase(suite, texts);
  suite_add_tcase(suite, files);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
