/* Formulas typeset: what stands in the MathML is what the text says.  The judge
 * writes the MathML as text again, by its own rules, and evaluates both. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arith/arith.h"
#include "base/random.h"
#include "formula/formula.h"
#include "mathml.h"

/* --- MathML back to text ----------------------------------------------- */

typedef struct cursor {
  const char *at;
  fc_text *out;
} cursor;

static const struct {
  const char *shown, *name;
} signs[] = {
    {"κ", "kappa"}, {"β", "beta"},  {"σ", "sigma"}, {"ω", "omega"},
    {"π", "pi"},    {"⋅", "*"},     {"⁢", "*"},   {"⁡", ""},
    {"−", "-"},     {"′", "prime"}, {"″", "twice"}, {"ν", "nu"},
    {"ρ", "rho"},
};

static bool begins(const cursor *c, const char *tag) {
  size_t length = strlen(tag);
  return c->at[0] == '<' && strncmp(c->at + 1, tag, length) == 0 &&
         strchr(" >/", c->at[1 + length]);
}

static void skip_tag(cursor *c) { c->at = strchr(c->at, '>') + 1; }

static void read_element(cursor *c);

/* Elements up to the end of the one that is open. */
static void read_rest(cursor *c) {
  while (strncmp(c->at, "</", 2) != 0)
    read_element(c);
  skip_tag(c);
}

static void read_token(cursor *c) {
  const char *end = strchr(c->at, '<');
  size_t length = (size_t)(end - c->at);
  const char *name = NULL;
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (strlen(signs[i].shown) == length &&
        strncmp(signs[i].shown, c->at, length) == 0)
      name = signs[i].name;
  if (name)
    fc_text_append(c->out, name);
  else
    fc_text_append_bytes(c->out, c->at, length);
  c->at = end;
  skip_tag(c);
}

static void read_between(cursor *c, const char *before, const char *after) {
  fc_text_append(c->out, before);
  read_element(c);
  fc_text_append(c->out, after);
}

static void read_element(cursor *c) {
  bool row = begins(c, "mrow"), fraction = begins(c, "mfrac");
  bool power = begins(c, "msup"), index = begins(c, "msub");
  bool both = begins(c, "msubsup"), root = begins(c, "msqrt");
  bool empty = begins(c, "mspace");
  skip_tag(c);
  if (empty)
    return;
  if (row) {
    read_rest(c);
  } else if (root) {
    read_between(c, "sqrt(", ")");
    skip_tag(c);
  } else if (fraction || power) {
    read_between(c, "((", fraction ? ")/(" : ")^(");
    read_between(c, "", "))");
    skip_tag(c);
  } else if (index || both) {
    read_between(c, both ? "(" : "", "_");
    read_between(c, "", both ? ")^(" : "");
    if (both)
      read_between(c, "", ")");
    skip_tag(c);
  } else
    read_token(c);
}

static char *text_of(const char *mathml) {
  fc_text out[1];
  fc_text_init(out);
  cursor c = {strstr(mathml, "<mrow>"), out};
  read_element(&c);
  ck_assert_str_eq(c.at, "</math>");
  return fc_text_take(out);
}

/* --- values ------------------------------------------------------------ */

/* Names in the texts, and what the judge writes for the same. */
static const char *const names[] = {"a",     "b", "da",  "db", "kappa", "beta",
                                    "sigma", "R", "a_s", "L",  "omega", "x"};
static const char *const read_back[] = {"a",     "b",    "aprime", "bprime",
                                        "kappa", "beta", "sigma",  "R",
                                        "a_s",   "L",    "omega",  "x"};
enum { NAME_COUNT = sizeof names / sizeof *names };

/* In 256 bits, so that cancellation does not matter. */
static void value_of(mpfr_ptr z, const char *text, const char *const *its_names,
                     const double *values) {
  fc_formula *formula;
  fc_error error;
  fc_ctx ctx[1];
  ck_assert_msg(fc_formula_parse(&formula, text, its_names, NAME_COUNT, NULL,
                                 &error) == FC_OK,
                "%s: %s", text, error.message);
  fc_ctx_init_mpfr(ctx, 256);
  fc_ptr numbers = fc_vec_new(NAME_COUNT + 1, ctx);
  for (int i = 0; i < NAME_COUNT; i++)
    fc_set_d(numbers + i, values[i], ctx);
  ck_assert_int_eq(fc_formula_eval(numbers + NAME_COUNT, formula, numbers, ctx),
                   FC_OK);
  fc_get_mid(z, numbers + NAME_COUNT, ctx);
  fc_vec_free(numbers, NAME_COUNT + 1, ctx);
  fc_formula_free(formula);
}

/* |x - y| <= 2^-100 max(1, |y|), or both are no numbers. */
static bool agree(mpfr_srcptr x, mpfr_srcptr y) {
  if (!mpfr_number_p(x) || !mpfr_number_p(y))
    return !mpfr_number_p(x) && !mpfr_number_p(y);
  mpfr_t gap, size;
  mpfr_inits2(256, gap, size, (mpfr_ptr)0);
  mpfr_sub(gap, x, y, MPFR_RNDN);
  mpfr_abs(size, y, MPFR_RNDN);
  if (mpfr_cmp_ui(size, 1) < 0)
    mpfr_set_ui(size, 1, MPFR_RNDN);
  mpfr_div_2ui(size, size, 100, MPFR_RNDN);
  bool close = mpfr_cmpabs(gap, size) <= 0;
  mpfr_clears(gap, size, (mpfr_ptr)0);
  return close;
}

/* The text and what was typeset have one value. */
static void check_value(const char *text, fc_random *random) {
  fc_text out[1];
  mpfr_t x, y;
  double values[NAME_COUNT];
  for (int i = 0; i < NAME_COUNT; i++)
    values[i] = 0.5 + fc_random_uniform(random);
  fc_text_init(out);
  mpfr_inits2(256, x, y, (mpfr_ptr)0);
  ck_assert_msg(fc_mathml(out, text, NULL, true), "not typeset: %s", text);
  char *shown = text_of(out->data);
  value_of(x, text, names, values);
  value_of(y, shown, read_back, values);
  if (!agree(x, y)) {
    mpfr_fprintf(stderr, "%.30Rg against %.30Rg\n", x, y);
    ck_abort_msg("%s became %s", text, shown);
  }
  mpfr_clears(x, y, (mpfr_ptr)0);
  free(shown);
  fc_text_clear(out);
}

/* --- random formulas --------------------------------------------------- */

static unsigned pick(fc_random *random, unsigned count) {
  return (unsigned)(fc_random_bits(random) % count);
}

static void write_atom(fc_text *out, fc_random *random, int depth);

static void write_sum(fc_text *out, fc_random *random, int depth) {
  static const char *const operators[] = {"+",  " - ", "*", "*",
                                          "*-", "/",   "/", " + "};
  unsigned count = 1 + pick(random, 4);
  for (unsigned i = 0; i < count; i++) {
    if (i)
      fc_text_append(out, operators[pick(random, 8)]);
    else if (pick(random, 4) == 0)
      fc_text_append(out, "-");
    write_atom(out, random, depth);
    if (pick(random, 4) == 0) {
      static const char *const exponents[] = {"^2", "^-1", "^(1/2)", "^(-3/2)"};
      fc_text_append(out, exponents[pick(random, 4)]);
    }
  }
}

static void write_atom(fc_text *out, fc_random *random, int depth) {
  static const char *const functions[] = {"sqrt(", "exp(", "log(", "(", "("};
  if (depth > 0 && pick(random, 2)) {
    fc_text_append(out, functions[pick(random, 5)]);
    write_sum(out, random, depth - 1);
    fc_text_append(out, ")");
  } else if (pick(random, 3))
    fc_text_append(out, names[pick(random, NAME_COUNT)]);
  else
    fc_text_printf(out, "%u", 1 + pick(random, 12));
}

START_TEST(test_random_formulas) {
  fc_random random;
  fc_random_init(&random, 1, "mathml", "random");
  for (int i = 0; i < 3000; i++) {
    fc_text text[1];
    fc_text_init(text);
    write_sum(text, &random, 4);
    check_value(text->data, &random);
    fc_text_clear(text);
  }
}
END_TEST

/* --- single texts ------------------------------------------------------ */

START_TEST(test_bounds_of_the_paper) {
  static const char *const texts[] = {
      "(kappa*a*da + b*db)/(kappa*a^2 + b^2)",
      "a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 + "
      "(a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2)",
      "((db/b)*a^2 - a*da)*5*L*b*(a^2 + b^2)^(-3/2)*(L + "
      "log(sqrt(a^2 + b^2)/b)^(-1/2)) + (a*da + b*db)/(a^2 + b^2)",
      "sqrt((kappa*a^2 + b^2)/(kappa*a_s^2 + b^2))*exp((R)^2/(2*sigma^2))",
      "-a/b - (-a)/b + -a^2 + (-a)^2",
      "2^3^2 + (2^3)^2",
      "a/b/x + a/(b/x)",
      "2*3/4*x",
      "(1 + 1/2^20)*x"};
  fc_random random;
  fc_random_init(&random, 1, "mathml", "bounds");
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    check_value(texts[i], &random);
}
END_TEST

static void check_shown(const char *text, const char *part) {
  fc_text out[1];
  fc_text_init(out);
  ck_assert_msg(fc_mathml(out, text, NULL, false), "not typeset: %s", text);
  ck_assert_msg(strstr(out->data, part) != NULL, "%s lacks %s: %s", text, part,
                out->data);
  fc_text_clear(out);
}

START_TEST(test_names_and_equations) {
  check_shown("kappa", "<mi>κ</mi>");
  check_shown("d2a", "″");
  check_shown("M3", "<msub><mi>M</mi><mn>3</mn></msub>");
  check_shown("X1_{0,1}(x) = x", "<mo separator=\"true\">;</mo>");
  check_shown("X_{0,1}(X_{1,0}(x)) = x", "<mo>=</mo>");
  check_shown("integral of theta from s to t", "<mi>θ</mi>");
  check_shown("max(|v(t,.)|, |d.lower|)", "<mi>d.lower</mi>");
  check_shown("|v - v~|^2", "<mover><mi>v</mi><mo>~</mo></mover>");
  check_shown("X_1#N(0, 1)", "<mo>#</mo>");
  check_shown("a*-b", "<mrow><mo>(</mo><mo form=\"prefix\">−</mo>");
  check_shown("C ≼ 1", "<mo>≼</mo>");
}
END_TEST

/* Nothing is appended, nothing breaks. */
static void check_refused(const char *text) {
  fc_text out[1];
  fc_text_init(out);
  ck_assert_msg(!fc_mathml(out, text, NULL, true), "typeset: %s", text);
  ck_assert_uint_eq(out->length, 0);
  fc_text_clear(out);
}

START_TEST(test_hostile_texts) {
  static const char *const texts[] = {
      "",     " ",   "(",       ")",  "a +",  "a ^",         "<script>", "a<",
      "a_",   "a_{", "a_{b",    "|a", "\"a",  "a & b",       "\x01",     "\xc3",
      "1e+ ", "a,",  "f(a,,b)", "{",  "a'\"", "\xef\xbf\xbf"};
  fc_text deep[1];
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    check_refused(texts[i]);
  static const char *const parts[] = {"(", "-", "a_{", "|f(", "a^", "a/(", "+"};
  for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
    fc_text_init(deep);
    for (int i = 0; i < 900; i++)
      fc_text_append(deep, parts[k]);
    fc_text_append(deep, "a");
    check_refused(deep->data);
    fc_text_clear(deep);
  }
}
END_TEST

/* Random bytes and pieces of formulas: whatever is typeset has no character
 * that XML would take for its own. */
START_TEST(test_random_bytes) {
  static const char *const pieces[] = {
      "a",  "(", ")", "^",   "_", "{", "}", "|", "/", "-",
      "'",  "<", "=", "&",   "~", "#", ".", "2", ";", "\xe2\x89\xa4",
      "\"", " ", "*", "\xff"};
  enum { PIECE_COUNT = sizeof pieces / sizeof *pieces };
  fc_random random;
  fc_random_init(&random, 1, "mathml", "bytes");
  for (int i = 0; i < 20000; i++) {
    fc_text text[1], out[1];
    fc_text_init(text);
    fc_text_init(out);
    for (unsigned k = 1 + pick(&random, 9); k > 0; k--)
      fc_text_append(text, pieces[pick(&random, PIECE_COUNT)]);
    if (fc_mathml(out, text->data, NULL, true)) {
      ck_assert(out->length > 0);
      for (const char *at = out->data; (at = strchr(at, '&')); at++)
        ck_assert(strncmp(at, "&lt;", 4) == 0 || strncmp(at, "&gt;", 4) == 0);
    } else
      ck_assert_uint_eq(out->length, 0);
    fc_text_clear(text);
    fc_text_clear(out);
  }
}
END_TEST

/* Chains are long, not deep. */
START_TEST(test_long_sum) {
  fc_text text[1], out[1];
  fc_text_init(text);
  fc_text_init(out);
  for (int i = 0; i < 1000; i++)
    fc_text_append(text, "a+");
  fc_text_append(text, "a");
  ck_assert(fc_mathml(out, text->data, "≤", true));
  fc_text_clear(text);
  fc_text_clear(out);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("mathml");
  TCase *tests = tcase_create("mathml");
  tcase_add_test(tests, test_random_formulas);
  tcase_add_test(tests, test_bounds_of_the_paper);
  tcase_add_test(tests, test_names_and_equations);
  tcase_add_test(tests, test_hostile_texts);
  tcase_add_test(tests, test_random_bytes);
  tcase_add_test(tests, test_long_sum);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? 1 : 0;
}
