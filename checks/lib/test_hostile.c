/* Instance files: what is refused, where, and in which words. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "instance/instance.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct wrong {
  const char *text;
  fc_status status;
  unsigned line, column;
  const char *message; /* a piece of it */
} wrong;

static void check_wrong(const wrong *w) {
  fc_instance *instance = NULL;
  fc_error error = {0};
  fc_status status = fc_instance_parse(&instance, w->text, strlen(w->text),
                                       "dir/x.yaml", &error);
  ck_assert_msg(status != FC_OK, "accepted:\n%s", w->text);
  ck_assert_ptr_null(instance);
  ck_assert_msg(
      status == w->status && error.line == w->line &&
          error.column == w->column && strstr(error.message, w->message),
      "%s %u:%u: %s\ninstead of %s %u:%u: ..%s.. for\n%s",
      fc_status_name(status), error.line, error.column, error.message,
      fc_status_name(w->status), w->line, w->column, w->message, w->text);
  ck_assert_str_eq(error.file, "dir/x.yaml");
  ck_assert_int_eq(error.status, status);
  /* without anybody who wants the message */
  ck_assert_int_eq(
      fc_instance_parse(&instance, w->text, strlen(w->text), NULL, NULL),
      status);
}

static void check_all(const wrong *list, size_t count) {
  for (size_t i = 0; i < count; i++)
    check_wrong(&list[i]);
}

/* An instance whose target is the given line, which starts at 2:9. */
#define TARGET(line) "name: x\ntarget: " line "\n"
#define GOOD_TARGET TARGET("{family: gaussian, mean: 0, stddev: 1}")

/* --- text and YAML ---------------------------------------------------- */

START_TEST(what_is_no_yaml) {
  static const wrong list[] = {
      {"", FC_PARSE, 1, 1, "empty"},
      {"\n\n", FC_PARSE, 1, 1, "empty"},
      {"# comment\n", FC_PARSE, 1, 1, "empty"},
      {"---\n", FC_PARSE, 1, 1, "empty"},
      {"just words", FC_SHAPE, 1, 1, "must be a map"},
      {"[1, 2]", FC_SHAPE, 1, 1, "must be a map"},
      {"name: [x\n", FC_PARSE, 2, 1, "not valid YAML"},
      {"name: x\n  title: y\n", FC_PARSE, 2, 8, "not valid YAML"},
      {"name: \"x\n", FC_PARSE, 2, 1, "not valid YAML"},
      {"name:\tx\n\ttitle: y\n", FC_PARSE, 2, 1, "not valid YAML"},
      {"name: @x\n", FC_PARSE, 1, 7, "not valid YAML"},
      {"\xef\xbb\xbfname: x\n", FC_PARSE, 1, 1, "byte order mark"},
      {"\xff\xfen\x01", FC_PARSE, 1, 1, "byte order mark"},
      {"name: x\ntitle: \xc3\xa9\xff\n", FC_PARSE, 2, 9, "0xff"},
      {"name: \xc0\xaf\n", FC_PARSE, 1, 7, "UTF-8"},
      {"name: \xed\xa0\x80\n", FC_PARSE, 1, 7, "UTF-8"},
      {"name: \xf4\x90\x80\x80\n", FC_PARSE, 1, 7, "UTF-8"},
      {"name: \xe2\x82", FC_PARSE, 1, 7, "UTF-8"},
      {"name: a\x1b[31m\n", FC_PARSE, 1, 8, "U+001B"},
      {"name: a\x7f\n", FC_PARSE, 1, 8, "U+007F"},
      {"name: a\xc2\x9b\n", FC_PARSE, 1, 8, "U+009B"},
      {"name: \"a\\0b\"\n", FC_PARSE, 1, 7, "control character"},
      {"name: \"a\\eb\"\n", FC_PARSE, 1, 7, "control character"},
  };
  check_all(list, COUNT(list));
}
END_TEST

START_TEST(what_instances_have_no_use_for) {
  static const wrong list[] = {
      {"name: &a x\ntitle: *a\n", FC_PARSE, 1, 7, "anchors"},
      {"name: x\ntitle: *a\n", FC_PARSE, 2, 8, "aliases"},
      {"name: x\ntarget: &t {family: gaussian}\n", FC_PARSE, 2, 9, "anchors"},
      {"name: x\nchecks: &t [a]\n", FC_PARSE, 2, 9, "anchors"},
      {"name: !!str x\n", FC_PARSE, 1, 7, "tags"},
      {"name: ! x\n", FC_PARSE, 1, 7, "tags"},
      {"name: x\ntarget: !!map {}\n", FC_PARSE, 2, 9, "tags"},
      {"name: x\nchecks: !a [b]\n", FC_PARSE, 2, 9, "tags"},
      {"%TAG ! tag:x.org,2020:\n---\nname: x\n", FC_PARSE, 1, 1, "%TAG"},
      {"name: x\n--- \nname: y\n", FC_PARSE, 2, 1, "second document"},
      {"name: x\nname: y\n", FC_PARSE, 2, 1, "\"name\" occurs twice"},
      {TARGET("{family: gaussian, mean: 0, \"mean\": 1}"), FC_PARSE, 2, 37,
       "\"mean\" occurs twice"},
      {"? [a]\n: x\n", FC_PARSE, 1, 3, "key must be a word"},
      {"? {a: b}\n: x\n", FC_PARSE, 1, 3, "key must be a word"},
      {"<<: {name: x}\n", FC_NAME, 1, 1, "unknown key \"<<\""},
  };
  check_all(list, COUNT(list));
}
END_TEST

/* --- keys at the top -------------------------------------------------- */

START_TEST(top_level_keys) {
  static const wrong list[] = {
      {"title: y\n", FC_PARSE, 1, 1, "\"name\" is missing"},
      {"name: x\n", FC_PARSE, 1, 1, "\"target\" is missing"},
      {"name: x\ntraget: {}\n", FC_NAME, 2, 1, "did you mean \"target\""},
      {"name: x\nfoo: 1\n", FC_NAME, 2, 1, "known here: name, title"},
      {"name: X\n", FC_VALUE, 1, 7, "a-z, 0-9"},
      {"name: -x\n", FC_VALUE, 1, 7, "start with"},
      {"name: ../x\n", FC_VALUE, 1, 7, "a-z, 0-9"},
      {"name: \xc3\xa9t\xc3\xa9\n", FC_VALUE, 1, 7, "a-z, 0-9"},
      {"name: aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg"
       "\n",
       FC_VALUE, 1, 7, "64"},
      {"name:\n", FC_PARSE, 1, 6, "name is empty"},
      {"name: ''\n", FC_PARSE, 1, 8, "name is empty"},
      {"name: [x]\n", FC_SHAPE, 1, 7, "not a list"},
      {"name: {x: y}\n", FC_SHAPE, 1, 7, "not a map"},
      {"name: x\ntitle: |\n  a\n  b\n", FC_VALUE, 2, 8, "one line"},
      {"name: x\ntarget: gaussian\n", FC_SHAPE, 2, 9, "must be a map"},
      {"name: x\ntarget: []\n", FC_SHAPE, 2, 9, "must be a map"},
      {"name: x\ntarget: {}\n", FC_PARSE, 2, 9, "\"family\" is missing"},
      {GOOD_TARGET "checks: {a: b}\n", FC_SHAPE, 3, 9, "list of patterns"},
      {GOOD_TARGET "checks: []\n", FC_SHAPE, 3, 9, "list of patterns"},
      {GOOD_TARGET "checks: [gif.*, \"a\\tb\"]\n", FC_VALUE, 3, 18,
       "not a pattern"},
      {GOOD_TARGET "checks: [[a]]\n", FC_SHAPE, 3, 10, "not a list"},
      {GOOD_TARGET "expect: holds\n", FC_SHAPE, 3, 9, "must be a map"},
      {GOOD_TARGET "expect: {a/b: hold}\n", FC_NAME, 3, 15,
       "did you mean \"holds\""},
      {GOOD_TARGET "expect: {a/b: none}\n", FC_NAME, 3, 15, "unknown verdict"},
      {GOOD_TARGET "expect: {a/b: {linear: 7}}\n", FC_NAME, 3, 24,
       "unknown verdict"},
      {GOOD_TARGET "expect: {a/b: [holds]}\n", FC_SHAPE, 3, 15, "single value"},
      {GOOD_TARGET "expect: {a/b: {linear: {x: y}}}\n", FC_SHAPE, 3, 24,
       "single value"},
      {GOOD_TARGET "expect: {\"a;b\": holds}\n", FC_VALUE, 3, 10,
       "not a pattern"},
  };
  check_all(list, COUNT(list));
}
END_TEST

/* --- numbers ---------------------------------------------------------- */

#define MEAN(text) TARGET("{family: gaussian, stddev: 1, mean: " text "}")
#define STDDEV(text) TARGET("{family: gaussian, mean: 0, stddev: " text "}")

START_TEST(numbers) {
  static const wrong list[] = {
      {MEAN(".nan"), FC_VALUE, 2, 45, "finite"},
      {MEAN("NaN"), FC_VALUE, 2, 45, "finite"},
      {MEAN("-.inf"), FC_VALUE, 2, 45, "finite"},
      {MEAN("infinity"), FC_VALUE, 2, 45, "finite"},
      {MEAN("1/0"), FC_VALUE, 2, 45, "finite"},
      {MEAN("log(0)"), FC_VALUE, 2, 45, "finite"},
      {MEAN("log(-1)"), FC_VALUE, 2, 45, "finite"},
      {MEAN("sqrt(-2)"), FC_VALUE, 2, 45, "finite"},
      {MEAN("exp(exp(exp(10)))"), FC_VALUE, 2, 45, "finite"},
      {MEAN("1e999999999"), FC_LIMIT, 2, 46, "exponent"},
      {MEAN("1e-999999999"), FC_LIMIT, 2, 46, "exponent"},
      {MEAN("x"), FC_NAME, 2, 45, "x"},
      {MEAN("2*sqr(2)"), FC_NAME, 2, 47, "sqrt"},
      {MEAN("1 +"), FC_PARSE, 2, 48, ""},
      {MEAN("'1 + * 2'"), FC_PARSE, 2, 50, ""},
      {MEAN("1..2"), FC_PARSE, 2, 47, ""},
      {MEAN("0x10"), FC_PARSE, 2, 46, ""},
      {MEAN("1_000"), FC_PARSE, 2, 46, ""},
      {MEAN("~"), FC_PARSE, 2, 45, "empty"},
      {MEAN("null"), FC_PARSE, 2, 45, "empty"},
      {MEAN("''"), FC_PARSE, 2, 46, "empty"},
      {MEAN("true"), FC_NAME, 2, 45, ""},
      {MEAN("{a: 1}"), FC_SHAPE, 2, 45, "not a map"},
      {MEAN("[[1]]"), FC_SHAPE, 2, 46, "not a list"},
      {MEAN("[]"), FC_SHAPE, 2, 45, "empty list"},
      {MEAN("[1,\n  oops]"), FC_NAME, 3, 3, "oops"},
      {MEAN("1 +\n  2"), FC_PARSE, 2, 45, "one line"},
      {STDDEV("0"), FC_VALUE, 2, 45, "must be positive"},
      {STDDEV("-1/2"), FC_VALUE, 2, 45, "must be positive"},
      {STDDEV("1 - 1"), FC_VALUE, 2, 45, "must be positive"},
      {STDDEV("3 - pi"), FC_VALUE, 2, 45, "must be positive"},
      {STDDEV("[1, 2]"), FC_SHAPE, 2, 45, "covariance"},
  };
  check_all(list, COUNT(list));
}
END_TEST

/* --- families --------------------------------------------------------- */

START_TEST(families) {
  static const wrong list[] = {
      {TARGET("{family: gausian}"), FC_NAME, 2, 18,
       "did you mean \"gaussian\""},
      {TARGET("{family: cauchy}"), FC_NAME, 2, 18, "available: gaussian"},
      {TARGET("{family: densty, potential: x^2}"), FC_NAME, 2, 18,
       "did you mean \"density\""},
      {TARGET("{family: [a]}"), FC_SHAPE, 2, 18, "not a list"},
      {TARGET("{family: gaussian, stddev: 1}"), FC_PARSE, 2, 9,
       "\"mean\" is missing"},
      {TARGET("{family: gaussian, mean: 0}"), FC_PARSE, 2, 9,
       "\"stddev\" (or \"covariance\") is missing"},
      {TARGET("{family: gaussian, mean: 0, stddev: 1, covariance: 1}"),
       FC_PARSE, 2, 48, "both"},
      {TARGET("{family: gaussian, mean: 0, stdev: 1}"), FC_NAME, 2, 37,
       "did you mean \"stddev\""},
      {TARGET("{family: gaussian, mean: 0, weights: 1}"), FC_NAME, 2, 37,
       "unknown key \"weights\""},
  };
  check_all(list, COUNT(list));
}
END_TEST

#define TILTED(text) TARGET("{family: tilted-gaussian, " text "}")

START_TEST(tilts) {
  static const wrong list[] = {
      {TILTED("L: 1"), FC_PARSE, 2, 9, "\"log_ratio\" is missing"},
      {TILTED("log_ratio: -abs(x), l: 1"), FC_NAME, 2, 55, "log_ratio, L"},
      {TILTED("log_ratio: x^2"), FC_UNSUPPORTED, 2, 46, "piecewise affine"},
      {TILTED("log_ratio: '1 + x*abs(x)'"), FC_UNSUPPORTED, 2, 47,
       "\"x*abs(x)\""},
      {TILTED("log_ratio: log(1+exp(x))"), FC_UNSUPPORTED, 2, 46, "exp(x)"},
      {TILTED("log_ratio: sqrt(2)*x"), FC_UNSUPPORTED, 2, 46, "rational"},
      {TILTED("log_ratio: x/(abs(x)-abs(x))"), FC_VALUE, 2, 46,
       "divides by zero"},
      {TILTED("log_ratio: -abs(y)"), FC_NAME, 2, 51, "y"},
      {TILTED("log_ratio: -abs(x"), FC_PARSE, 2, 52, ""},
      {TILTED("log_ratio: [x]"), FC_SHAPE, 2, 46, "not a list"},
      {TILTED("log_ratio: ~"), FC_PARSE, 2, 46, "empty"},
      {TILTED("log_ratio: x +\n  1"), FC_PARSE, 2, 46, "one line"},
      {TILTED("log_ratio: 2000*x"), FC_LIMIT, 2, 46, "1000"},
      {TILTED("log_ratio: abs(x - 2000)"), FC_LIMIT, 2, 46, "1000"},
      {TILTED("log_ratio: -abs(x), L: 99/100"), FC_VALUE, 2, 58, "at least 1"},
      {TILTED("log_ratio: -abs(x), L: -1"), FC_VALUE, 2, 58, "at least 1"},
      {TILTED("log_ratio: -abs(x), L: .inf"), FC_VALUE, 2, 58, "finite"},
      {TILTED("log_ratio: -abs(x), L: [1]"), FC_SHAPE, 2, 58, "not a list"},
  };
  check_all(list, COUNT(list));
}
END_TEST

#define DENSITY(text) TARGET("{family: density, " text "}")

START_TEST(densities) {
  static const wrong list[] = {
      {DENSITY("lower: 0"), FC_PARSE, 2, 9, "\"potential\" is missing"},
      {DENSITY("potental: x^2"), FC_NAME, 2, 27, "did you mean \"potential\""},
      {DENSITY("potential: x^2, kappa: 1"), FC_NAME, 2, 43,
       "unknown key \"kappa\""},
      {DENSITY("potential: y^2"), FC_NAME, 2, 38, "y"},
      {DENSITY("potential: x^"), FC_PARSE, 2, 40, ""},
      {DENSITY("potential: [x]"), FC_SHAPE, 2, 38, "not a list"},
      {DENSITY("potential: ~"), FC_PARSE, 2, 38, "empty"},
      {DENSITY("potential: x^2 +\n  1"), FC_PARSE, 2, 38, "one line"},
      {DENSITY("potential: abs(x^2 - 1)"), FC_UNSUPPORTED, 2, 38,
       "piecewise affine"},
      {DENSITY("potential: 0"), FC_VALUE, 2, 38, "not integrable"},
      {DENSITY("potential: -x^2"), FC_VALUE, 2, 38, "not integrable"},
      {DENSITY("potential: log(1 + x^2)"), FC_VALUE, 2, 38, "second moment"},
      {DENSITY("potential: log(x)"), FC_VALUE, 2, 38, "not a number"},
      {DENSITY("potential: 1/x, lower: -1, upper: 1"), FC_VALUE, 2, 38,
       "-infinity"},
      {DENSITY("potential: x, lower: 1, upper: 0"), FC_VALUE, 2, 58,
       "not below"},
      {DENSITY("potential: x, lower: 1/3, upper: 1/3"), FC_VALUE, 2, 60,
       "not below"},
      {DENSITY("potential: x, lower: [0]"), FC_SHAPE, 2, 48, "not a list"},
      {DENSITY("potential: x, lower: oops"), FC_NAME, 2, 48, "oops"},
      {DENSITY("potential: x, lower: inf"), FC_VALUE, 2, 48, "finite"},
  };
  check_all(list, COUNT(list));
}
END_TEST

#define COVARIANCE(text)                                                       \
  TARGET("{family: gaussian, mean: [0, 0], covariance: " text "}")

START_TEST(covariances) {
  static const wrong list[] = {
      {COVARIANCE("1"), FC_SHAPE, 2, 54, "2 rows of 2 numbers"},
      {COVARIANCE("[1, 0]"), FC_SHAPE, 2, 55, "row 1"},
      {COVARIANCE("[[1, 0]]"), FC_SHAPE, 2, 54, "2 rows of 2 numbers"},
      {COVARIANCE("[[1, 0], [0]]"), FC_SHAPE, 2, 63, "row 2"},
      {COVARIANCE("[[1, 0, 0], [0, 1, 0]]"), FC_SHAPE, 2, 55, "row 1"},
      {COVARIANCE("[[1, 1/2], [1/3, 1]]"), FC_VALUE, 2, 66, "not symmetric"},
      {COVARIANCE("[[1, 1/2], [sqrt(1/4+1e-40), 1]]"), FC_VALUE, 2, 66,
       "not symmetric"},
      {COVARIANCE("[[1, 0], [0, -1]]"), FC_VALUE, 2, 67, "must be positive"},
      {COVARIANCE("[[0, 0], [0, 1]]"), FC_VALUE, 2, 56, "must be positive"},
      {COVARIANCE("[[1, 2], [2, 1]]"), FC_VALUE, 2, 54, "positive definite"},
      {COVARIANCE("[[1, 1], [1, 1]]"), FC_VALUE, 2, 54, "positive definite"},
  };
  check_all(list, COUNT(list));
}
END_TEST

#define MIXTURE(text) TARGET("{family: gaussian-mixture, " text "}")

START_TEST(mixtures) {
  static const wrong list[] = {
      {MIXTURE("means: 0, stddev: 1"), FC_SHAPE, 2, 43, "must be a list"},
      {MIXTURE("means: [], stddev: 1"), FC_SHAPE, 2, 43, "empty list"},
      {MIXTURE("means: [[0, 1], [2]], stddev: 1"), FC_SHAPE, 2, 52,
       "1 coordinate, but 2 are expected"},
      {MIXTURE("means: [0, [2, 3]], stddev: 1"), FC_SHAPE, 2, 47,
       "2 coordinates, but 1 is expected"},
      {MIXTURE("means: [[0, 1], 2], stddev: 1"), FC_SHAPE, 2, 52,
       "1 coordinate"},
      {MIXTURE("means: [[[0]]], stddev: 1"), FC_SHAPE, 2, 45, "not a list"},
      {MIXTURE("means: [0, 1], stddev: [1]"), FC_SHAPE, 2, 59,
       "1 stddevs for 2 components"},
      {MIXTURE("means: [0, 1], stddev: [1, 0]"), FC_VALUE, 2, 63,
       "must be positive"},
      {MIXTURE("means: [0, 1], covariances: [1]"), FC_SHAPE, 2, 64,
       "2 matrices"},
      {MIXTURE("means: [0, 1], covariances: [1, -1]"), FC_VALUE, 2, 68,
       "must be positive"},
      {MIXTURE("means: [[0, 0], [1, 1]], covariances: [[[1, 0], [0, 1]], "
               "[[1, 2], [2, 1]]]"),
       FC_VALUE, 2, 93, "positive definite"},
      {MIXTURE("weights: [1/2, 1/3], means: [0, 1], stddev: 1"), FC_VALUE, 2,
       45, "sum to 5/6"},
      {MIXTURE("weights: [0.1, 0.2], means: [0, 1], stddev: 1"), FC_VALUE, 2,
       45, "sum to 3/10"},
      {MIXTURE("weights: [1/3, 0.6666666666666666666666666666666666667], "
               "means: [0, 1], stddev: 1"),
       FC_VALUE, 2, 45, "sum to "},
      {MIXTURE("weights: [sqrt(2)/2, 0.29289321881345247], means: [0, 1], "
               "stddev: 1"),
       FC_VALUE, 2, 45, "sum to about"},
      {MIXTURE("weights: [1], means: [0, 1], stddev: 1"), FC_SHAPE, 2, 45,
       "1 weights for 2 components"},
      {MIXTURE("weights: [3/2, -1/2], means: [0, 1], stddev: 1"), FC_VALUE, 2,
       51, "must be positive"},
      {MIXTURE("weights: [1, 0], means: [0, 1], stddev: 1"), FC_VALUE, 2, 49,
       "must be positive"},
      {MIXTURE("weights: 1, means: [0], stddev: 1"), FC_SHAPE, 2, 45,
       "must be a list"},
      {TARGET("{family: atoms, points: [0, 1], stddev: 0}"), FC_NAME, 2, 41,
       "unknown key \"stddev\""},
      {TARGET("{family: atoms, points: [0, [1, 2]]}"), FC_SHAPE, 2, 37,
       "2 coordinates"},
  };
  check_all(list, COUNT(list));
}
END_TEST

#define BOX(text) TARGET("{family: uniform-box, " text "}")
#define TRUNCATED(text)                                                        \
  TARGET("{family: truncated-gaussian, mean: 0, stddev: 1, " text "}")

START_TEST(bounded_laws) {
  static const wrong list[] = {
      {BOX("lower: 1"), FC_PARSE, 2, 9, "\"upper\" is missing"},
      {BOX("lower: 1, upper: 0"), FC_VALUE, 2, 48, "not below"},
      {BOX("lower: 1, upper: 2/2"), FC_VALUE, 2, 48, "not below"},
      {BOX("lower: [0, 0], upper: [1, 0]"), FC_VALUE, 2, 57, "not below"},
      {BOX("lower: [0, 0], upper: 1"), FC_SHAPE, 2, 53, "2 are expected"},
      {BOX("lower: 0, upper: inf"), FC_VALUE, 2, 48, "finite"},
      {BOX("lower: sqrt(8), upper: 2*sqrt(2)"), FC_BUDGET, 2, 54, "decided"},
      {TRUNCATED("lower: -inf"), FC_VALUE, 2, 9, "neither"},
      {TRUNCATED("lower: -inf, upper: infinity"), FC_VALUE, 2, 9, "neither"},
      {TRUNCATED("lower: inf"), FC_VALUE, 2, 65, "finite"},
      {TRUNCATED("lower: 0, upper: -inf"), FC_VALUE, 2, 75, "finite"},
      {TRUNCATED("lower: 1, upper: -1"), FC_VALUE, 2, 75, "not below"},
      {TRUNCATED("lower: [1], upper: 2"), FC_SHAPE, 2, 65, "not a list"},
      {TARGET("{family: truncated-gaussian, mean: 0, stddev: 0, upper: 1}"),
       FC_VALUE, 2, 55, "must be positive"},
  };
  check_all(list, COUNT(list));
}
END_TEST

START_TEST(products) {
  static const wrong list[] = {
      {TARGET("{family: product}"), FC_PARSE, 2, 9, "\"factors\" is missing"},
      {TARGET("{family: product, factors: []}"), FC_SHAPE, 2, 36, "list"},
      {TARGET("{family: product, factors: 3}"), FC_SHAPE, 2, 36, "list"},
      {TARGET("{family: product, factors: [3]}"), FC_SHAPE, 2, 37, "map"},
      {TARGET("{family: product, factors: [{family: gaussian, mean: 0, "
              "stddev: 0}]}"),
       FC_VALUE, 2, 73, "must be positive"},
  };
  check_all(list, COUNT(list));
}
END_TEST

/* --- schedules -------------------------------------------------------- */

#define SCHEDULE(text) GOOD_TARGET "schedule: " text "\n"

START_TEST(schedules) {
  static const wrong list[] = {
      {SCHEDULE("linnear"), FC_NAME, 3, 11, "linear"},
      {SCHEDULE("[]"), FC_SHAPE, 3, 11, "empty"},
      {SCHEDULE("[[linear]]"), FC_SHAPE, 3, 12, "not a list"},
      {SCHEDULE("[linear, linear]"), FC_VALUE, 3, 20, "twice"},
      {SCHEDULE("[ve, {name: ve, a0: 2}]"), FC_VALUE, 3, 16, "twice"},
      {SCHEDULE("{zeta: 1}"), FC_PARSE, 3, 11, "\"name\" is missing"},
      {SCHEDULE("{name: [a]}"), FC_SHAPE, 3, 18, "not a list"},
      {SCHEDULE("{name: ve, a0: -1}"), FC_VALUE, 3, 26, "a0"},
      {SCHEDULE("{name: vp, a0: 1}"), FC_VALUE, 3, 26, "a0"},
      {SCHEDULE("{name: ve, a0: 1 +}"), FC_PARSE, 3, 29, ""},
      {SCHEDULE("{name: ve, a0: {x: y}}"), FC_SHAPE, 3, 26, "not a map"},
      {SCHEDULE("{name: shifted-linear}"), FC_VALUE, 3, 18, "zeta"},
      {SCHEDULE("shifted-linear"), FC_VALUE, 3, 11, "zeta"},
      {SCHEDULE("\"\""), FC_PARSE, 3, 12, "empty"},
      {SCHEDULE("{name: custom, a: 1, b: t}"), FC_VALUE, 3, 29, "a(1)"},
      {SCHEDULE("{name: custom, a: 1-x, b: t}"), FC_NAME, 3, 31, "x"},
  };
  check_all(list, COUNT(list));
}
END_TEST

/* --- sizes ------------------------------------------------------------ */

static fc_status parse_length(const char *text, size_t length,
                              fc_error *error) {
  fc_instance *instance = NULL;
  fc_status status =
      fc_instance_parse(&instance, text, length, "x.yaml", error);
  if (status == FC_OK)
    fc_instance_free(instance);
  return status;
}

static void repeat(fc_text *text, const char *piece, size_t count) {
  while (count-- > 0)
    fc_text_append(text, piece);
}

static void check_size(fc_text *text, fc_status status, const char *message) {
  fc_error error = {0};
  ck_assert(!text->failed);
  ck_assert_int_eq(parse_length(text->data, text->length, &error), status);
  ck_assert_msg(strstr(error.message, message) != NULL, "%s", error.message);
  fc_text_clear(text);
  fc_text_init(text);
}

START_TEST(zero_bytes) {
  fc_error error = {0};
  ck_assert_int_eq(parse_length("name: x\nti\0tle: y\n", 18, &error), FC_PARSE);
  ck_assert_uint_eq(error.line, 2);
  ck_assert_uint_eq(error.column, 3);
  ck_assert_int_eq(parse_length("\0\0", 2, &error), FC_PARSE);
}
END_TEST

START_TEST(too_much) {
  fc_text t[1];
  fc_text_init(t);
  repeat(t, "[", 100000);
  check_size(t, FC_LIMIT, "nest");
  repeat(t, "{a: ", 100000);
  check_size(t, FC_LIMIT, "nest");
  for (int i = 0; i < 2000; i++)
    fc_text_printf(t, "k%d: 1\n", i);
  check_size(t, FC_LIMIT, "keys");
  fc_text_append(t, "name: x\ntarget: [");
  repeat(t, "0,", 500000);
  fc_text_append(t, "]\n");
  check_size(t, FC_LIMIT, "values");
  fc_text_append(t, "name: x\ntitle: ");
  repeat(t, "long ", 1000);
  check_size(t, FC_LIMIT, "bytes");
  repeat(t, "# much\n", 700000);
  check_size(t, FC_LIMIT, "larger than");
}
END_TEST

START_TEST(too_many_components) {
  fc_text t[1];
  fc_text_init(t);
  fc_text_append(t, "name: x\ntarget: {family: atoms, points: [");
  repeat(t, "0,", 100001);
  fc_text_append(t, "]}\n");
  check_size(t, FC_LIMIT, "100000");
  fc_text_append(t, "name: x\ntarget: {family: gaussian, stddev: 1, mean: [");
  repeat(t, "0,", 65);
  fc_text_append(t, "]}\n");
  check_size(t, FC_LIMIT, "64");
  fc_text_append(t, "name: x\ntarget: {family: product, factors: [");
  repeat(t, "{family: gaussian, mean: 0, stddev: 1},", 65);
  fc_text_append(t, "]}\n");
  check_size(t, FC_LIMIT, "64");
  fc_text_append(t, "name: x\ntarget: ");
  repeat(t, "{family: product, factors: [", 20);
  check_size(t, FC_LIMIT, "nest");
  fc_text_append(t, "name: x\nchecks: [");
  repeat(t, "a,", 300);
  fc_text_append(t, "]\ntarget: {family: gaussian, mean: 0, stddev: 1}\n");
  check_size(t, FC_LIMIT, "patterns");
}
END_TEST

/* The sum of many unlike fractions may not cost without bound. */
START_TEST(costly_weights) {
  fc_text t[1];
  fc_text_init(t);
  fc_text_append(t, "name: x\ntarget: {family: gaussian-mixture, stddev: 1, "
                    "weights: [");
  for (int i = 0; i < 20000; i++)
    fc_text_printf(t, "1/%d,", 1000003 + 2 * i);
  fc_text_append(t, "], means: [");
  repeat(t, "0,", 20000);
  fc_text_append(t, "]}\n");
  check_size(t, FC_LIMIT, "common denominator");
}
END_TEST

START_TEST(costly_formulas) {
  fc_text t[1];
  fc_text_init(t);
  fc_text_append(t, "name: x\ntarget: {family: gaussian, stddev: 1, mean: ");
  repeat(t, "(", 5000);
  check_size(t, FC_PARSE, "");
  fc_text_append(t, "name: x\ntarget: {family: gaussian, stddev: 1, mean: \"");
  repeat(t, "(", 5000);
  fc_text_append(t, "\"}\n");
  check_size(t, FC_LIMIT, "");
  fc_text_append(t, "name: x\ntarget: {family: gaussian, stddev: 1, mean: \"");
  repeat(t, "1+", 50000);
  fc_text_append(t, "1\"}\n");
  check_size(t, FC_LIMIT, "");
  fc_text_append(t, "name: x\ntarget: {family: gaussian, stddev: 1, mean: "
                    "9^9^9^9^9^9}\n");
  check_size(t, FC_LIMIT, "");
}
END_TEST

/* --- files ------------------------------------------------------------ */

static char folder[] = "/tmp/fc-hostile-XXXXXX";
static char instance_path[64], sample_path[64];

static void make_folder(void) {
  strcpy(folder, "/tmp/fc-hostile-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(instance_path, sizeof instance_path, "%s/x.yaml", folder);
  snprintf(sample_path, sizeof sample_path, "%s/sample", folder);
}

static void remove_folder(void) {
  unlink(instance_path);
  unlink(sample_path);
  rmdir(folder);
}

static void put_file(const char *path, const void *bytes, size_t length) {
  FILE *file = fopen(path, "wb");
  ck_assert_ptr_nonnull(file);
  ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
  ck_assert_int_eq(fclose(file), 0);
}

static void check_path(const char *path, fc_status status,
                       const char *message) {
  fc_instance *instance = NULL;
  fc_error error = {0};
  ck_assert_int_eq(fc_instance_read(&instance, path, &error), status);
  ck_assert_str_eq(error.file, path);
  ck_assert_msg(strstr(error.message, message) != NULL, "%s", error.message);
}

START_TEST(files) {
  check_path(folder, FC_IO, "is a folder");
  check_path(instance_path, FC_IO, "No such file");
  check_path("", FC_IO, "cannot read");
  check_path("/dev/zero", FC_LIMIT, "larger than");
  put_file(instance_path, "", 0);
  check_path(instance_path, FC_PARSE, "empty");
  if (geteuid() != 0) { /* root may read anything */
    chmod(instance_path, 0);
    check_path(instance_path, FC_IO, "cannot read");
  }
}
END_TEST

/* The sample file has these bytes; the message and where it points. */
static void check_sample(const void *bytes, size_t length, fc_status status,
                         unsigned line, unsigned column, const char *message) {
  static const char text[] =
      TARGET("{family: smoothed-sample, file: sample, stddev: 1}");
  fc_instance *instance = NULL;
  fc_error error = {0};
  put_file(sample_path, bytes, length);
  ck_assert_int_eq(
      fc_instance_parse(&instance, text, strlen(text), instance_path, &error),
      status);
  ck_assert_msg(error.line == line && error.column == column &&
                    strstr(error.message, message),
                "%u:%u: %s instead of %u:%u: %s", error.line, error.column,
                error.message, line, column, message);
  ck_assert_str_eq(error.file, sample_path);
}

static void check_csv(const char *text, fc_status status, unsigned line,
                      unsigned column, const char *message) {
  check_sample(text, strlen(text), status, line, column, message);
}

START_TEST(csv_samples) {
  fc_text t[1];
  check_csv("", FC_PARSE, 1, 1, "empty");
  check_csv("x,y\n1,2\n", FC_NAME, 1, 1, "x");
  check_csv("1,2\n3\n", FC_SHAPE, 2, 1, "1 number");
  check_csv("1,2\n3,4,5\n", FC_SHAPE, 2, 1, "3 numbers");
  check_csv("1,2\n\n3,4\n", FC_PARSE, 2, 1, "empty");
  check_csv("1,2\n3,\n", FC_PARSE, 2, 3, "empty");
  check_csv("1, 2\n3,  nan\n", FC_VALUE, 2, 5, "finite");
  check_csv("1;2\n", FC_PARSE, 1, 2, "");
  check_csv("1,\"2\"\n", FC_PARSE, 1, 3, "");
  check_csv("1\n2\n1e99999999\n", FC_LIMIT, 3, 2, "exponent");
  check_csv("\xff\xfe\x31", FC_PARSE, 1, 1, "byte order mark");
  check_csv("1\n\xc3\n", FC_PARSE, 2, 1, "UTF-8");
  check_sample("1\n2\0\n", 5, FC_PARSE, 2, 2, "control character");
  fc_text_init(t);
  repeat(t, "0\n", 100001);
  check_csv(t->data, FC_LIMIT, 100001, 1, "100000");
  fc_text_clear(t);
  repeat(t, "0,", 65);
  check_csv(t->data, FC_LIMIT, 1, 129, "64");
  fc_text_clear(t);
}
END_TEST

/* An NPY file with this header, whose length is stated shifted by off. */
static size_t make_npy(char *out, char version, const char *header, int off,
                       const void *data, size_t size) {
  size_t length = strlen(header), start = version == 1 ? 10 : 12;
  unsigned stated = (unsigned)((int)length + off);
  memcpy(out, "\x93NUMPY", 6);
  memset(out + 6, 0, 6);
  out[6] = version;
  for (size_t i = 8; i < start; i++)
    out[i] = (char)(stated >> 8 * (i - 8) & 255);
  memcpy(out + start, header, length);
  memcpy(out + start + length, data, size);
  return start + length + size;
}

static const double one = 1;

static void check_npy(char version, const char *header, int off,
                      const void *data, size_t size, fc_status status,
                      const char *message) {
  char bytes[512];
  size_t length = make_npy(bytes, version, header, off, data, size);
  check_sample(bytes, length, status, 0, 0, message);
}

static void check_header(const char *header, fc_status status,
                         const char *message) {
  check_npy(1, header, 0, &one, sizeof one, status, message);
}

#define F8(tail) "{'descr': '<f8', 'fortran_order': " tail

START_TEST(npy_headers) {
  check_sample("\x93NUMPY", 6, FC_PARSE, 0, 0, "header");
  check_npy(3, F8("False, 'shape': (1,)}"), 0, &one, 8, FC_UNSUPPORTED,
            "version");
  check_npy(1, F8("False, 'shape': (1,)}"), 5000, &one, 8, FC_LIMIT, "4096");
  check_npy(2, F8("False, 'shape': (1,)}"), -1000, &one, 8, FC_LIMIT, "4096");
  check_npy(1, F8("False, 'shape': (1,)}"), 9, &one, 8, FC_PARSE, "header");
  check_header("", FC_UNSUPPORTED, "little-endian");
  check_header("{'descr': '>f8', 'fortran_order': False, 'shape': (1,)}",
               FC_UNSUPPORTED, "little-endian");
  check_header("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
               FC_UNSUPPORTED, "little-endian");
  check_header(F8("True, 'shape': (1,)}"), FC_UNSUPPORTED, "row by row");
  check_header(F8("False}"), FC_SHAPE, "axes");
  check_header(F8("False, 'shape': ()}"), FC_SHAPE, "axes");
  check_header(F8("False, 'shape': (1)}"), FC_SHAPE, "axes");
  check_header(F8("False, 'shape': (1,1,1)}"), FC_SHAPE, "axes");
  check_header(F8("False, 'shape': (-1,)}"), FC_SHAPE, "axes");
  check_header(F8("False, 'shape': (1, 1"), FC_SHAPE, "axes");
  check_header(F8("False, 'shape': (0,)}"), FC_SHAPE, "empty");
  check_header(F8("False, 'shape': (1, 0)}"), FC_SHAPE, "empty");
  check_header(F8("False, 'shape': (100001,)}"), FC_LIMIT, "100000");
  check_header(F8("False, 'shape': (18446744073709551617,)}"), FC_LIMIT,
               "100000");
  check_header(F8("False, 'shape': (1, 65)}"), FC_LIMIT, "64");
  check_header(F8("False, 'shape': (2,)}"), FC_PARSE, "length");
}
END_TEST

START_TEST(npy_numbers) {
  const double bad[] = {1, (double)NAN};
  const double worse[] = {-(double)INFINITY, 1};
  const char *header = F8("False, 'shape': (1, 2)}");
  check_npy(1, header, 0, bad, 16, FC_VALUE, "row 1, column 2 is NaN");
  check_npy(2, header, 0, worse, 16, FC_VALUE, "row 1, column 1 is infinite");
  check_npy(1, header, 0, bad, 15, FC_PARSE, "length");
  check_npy(1, header, 0, bad, 0, FC_PARSE, "length");
}
END_TEST

START_TEST(sample_paths) {
  static const char text[] =
      TARGET("{family: smoothed-sample, file: sample, stddev: 1}");
  fc_instance *instance = NULL;
  fc_error error = {0};
  ck_assert_int_eq(
      fc_instance_parse(&instance, text, strlen(text), instance_path, &error),
      FC_IO);
  ck_assert_str_eq(error.file, instance_path);
  ck_assert_uint_eq(error.line, 2);
  ck_assert_uint_eq(error.column, 41);
  ck_assert_ptr_nonnull(strstr(error.message, sample_path));
  ck_assert_int_eq(mkfifo(sample_path, 0600), 0); /* must not block */
  ck_assert_int_eq(
      fc_instance_parse(&instance, text, strlen(text), instance_path, &error),
      FC_IO);
  ck_assert_ptr_nonnull(strstr(error.message, "regular"));
}
END_TEST

/* --- mutations -------------------------------------------------------- */

static uint64_t draw(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static const char *const seeds[] = {
    TARGET("{family: gaussian, mean: [1/2, -1], covariance: [[1, 3/5], [3/5, "
           "1/2]]}") "schedule: [linear, {name: ve, a0: 1/2}, vp:a0=1/2]\n",
    MIXTURE("weights: [1/2, 1/2], means: [[-3/2], [3/2]], stddev: [1/2, "
            "1/3]") "checks: [gif.*]\nexpect:\n  a/b: holds\n  c: {linear: "
                    "violated}\n",
    BOX("lower: [0, -1], upper: [1, sqrt(2)]"),
    TRUNCATED("lower: -infinity, upper: 1e-3"),
    TARGET("{family: product, factors: [{family: atoms, points: [0, 1]}, "
           "{family: gaussian, mean: 0, stddev: 1}]}"),
    "name: x\ntitle: \"a\\tb\"\nwhy: >-\n  b\n  c\ntarget:\n  family: "
    "gaussian\n"
    "  mean:\n  - 1\n  - 2\n  stddev: exp(-1)\nschedule: follmer\n",
};

static const char *const pieces[] = {
    "[",  "]",    "{",   "}",  ":",        ": ",   ",",   "\n",  "\n  ",
    "- ", "*a",   "&a",  "!",  "!!str",    "%",    "---", "...", "\"",
    "'",  "|",    ">",   "?",  "#",        "-",    "1/0", "nan", ".inf",
    "^",  "(",    "1e9", "\t", "\xc3\xa9", "\xff", "\\",  "<<:", "~",
    "0",  "name", "ve",  "t",  "1-t",      "pi",   "/",   "e",   "mean"};

/* Replaces some bytes at a random place by a random piece. */
static char *mutate(const char *text, uint64_t *state) {
  size_t length = strlen(text);
  size_t at = draw(state) % (length + 1);
  size_t gone = draw(state) % 3 ? draw(state) % 4 : draw(state) % 40;
  fc_text made[1];
  fc_text_init(made);
  fc_text_append_bytes(made, text, at);
  if (draw(state) % 5)
    fc_text_append(made, pieces[draw(state) % COUNT(pieces)]);
  else { /* a random byte, or a piece of the text itself */
    size_t from = draw(state) % (length + 1);
    size_t count = draw(state) % 20;
    fc_text_append_bytes(made, text + from,
                         count < length - from ? count : length - from);
  }
  if (at + gone < length)
    fc_text_append(made, text + at + gone);
  return fc_text_take(made);
}

/* A refusal says why, and where. */
static void check_mutant(const char *text) {
  fc_instance *instance = NULL;
  fc_error error = {0};
  fc_status status =
      fc_instance_parse(&instance, text, strlen(text), "x.yaml", &error);
  if (status == FC_OK)
    ck_assert_ptr_nonnull(instance->target);
  else
    ck_assert_msg(!instance && error.message[0] && error.line > 0 &&
                      error.column > 0 && error.status == status,
                  "%s %u:%u: %s for\n%s", fc_status_name(status), error.line,
                  error.column, error.message, text);
  fc_instance_free(instance);
}

START_TEST(mutants) {
  uint64_t state = 20240601;
  for (int i = 0; i < 6000; i++) {
    char *text = fc_strdup(seeds[draw(&state) % COUNT(seeds)]);
    for (uint64_t k = 0; k <= draw(&state) % 3; k++) {
      char *next = mutate(text, &state);
      ck_assert_ptr_nonnull(next);
      free(text);
      text = next;
    }
    check_mutant(text);
    free(text);
  }
}
END_TEST

START_TEST(the_seeds_are_good) {
  fc_error error = {0};
  for (size_t i = 0; i < COUNT(seeds); i++)
    ck_assert_msg(parse_length(seeds[i], strlen(seeds[i]), &error) == FC_OK ||
                      strstr(seeds[i], "\\t"),
                  "%s for\n%s", error.message, seeds[i]);
}
END_TEST

/* Binary samples: any byte may be anything. */
START_TEST(mutant_samples) {
  char good[128];
  size_t size = make_npy(good, 1, F8("False, 'shape': (1,)}"), 0, &one, 8);
  static const char text[] =
      TARGET("{family: smoothed-sample, file: sample, stddev: 1}");
  uint64_t state = 5;
  for (int i = 0; i < 1500; i++) {
    char bytes[sizeof good];
    fc_instance *instance = NULL;
    fc_error error = {0};
    memcpy(bytes, good, size);
    for (uint64_t k = 0; k <= draw(&state) % 3; k++)
      bytes[draw(&state) % size] = (char)draw(&state);
    put_file(sample_path, bytes, size - draw(&state) % 2);
    fc_status status =
        fc_instance_parse(&instance, text, strlen(text), instance_path, &error);
    ck_assert(status == FC_OK || error.message[0]);
    fc_instance_free(instance);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("hostile");
  TCase *texts = tcase_create("texts");
  TCase *paths = tcase_create("files");
  tcase_add_test(texts, what_is_no_yaml);
  tcase_add_test(texts, what_instances_have_no_use_for);
  tcase_add_test(texts, top_level_keys);
  tcase_add_test(texts, numbers);
  tcase_add_test(texts, families);
  tcase_add_test(texts, tilts);
  tcase_add_test(texts, densities);
  tcase_add_test(texts, covariances);
  tcase_add_test(texts, mixtures);
  tcase_add_test(texts, bounded_laws);
  tcase_add_test(texts, products);
  tcase_add_test(texts, schedules);
  tcase_add_test(texts, zero_bytes);
  tcase_add_test(texts, too_much);
  tcase_add_test(texts, too_many_components);
  tcase_add_test(texts, costly_weights);
  tcase_add_test(texts, costly_formulas);
  tcase_add_test(texts, the_seeds_are_good);
  tcase_add_test(texts, mutants);
  tcase_add_checked_fixture(paths, make_folder, remove_folder);
  tcase_add_test(paths, files);
  tcase_add_test(paths, csv_samples);
  tcase_add_test(paths, npy_headers);
  tcase_add_test(paths, npy_numbers);
  tcase_add_test(paths, sample_paths);
  tcase_add_test(paths, mutant_samples);
  tcase_set_timeout(texts, 120);
  tcase_set_timeout(paths, 60);
  suite_add_tcase(suite, texts);
  suite_add_tcase(suite, paths);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
