/* Piecewise affine functions: judged by exact values of random formulas, which
 * are computed beside the text and know nothing of breaks. */
#include <stdio.h>
#include <string.h>

#include "formula/piecewise.h"

#include "base/text.h"
#include "numbers.h"

#define POINTS 24
#define FORMULAS 400

static fc_formula *parse(const char *text) {
  static const char *const names[] = {"x"};
  fc_formula *formula = NULL;
  fc_error error = {0};
  fc_status status = fc_formula_parse(&formula, text, names, 1, NULL, &error);
  ck_assert_msg(status == FC_OK, "%s: %s", text, error.message);
  return formula;
}

static fc_status try_pieces(fc_piecewise *f, const char *text,
                            fc_error *error) {
  fc_formula *formula = parse(text);
  fc_status status = fc_piecewise_init(f, formula, error);
  fc_formula_free(formula);
  return status;
}

/* --- random formulas with their values ----------------------------------- */

/* A formula's text and its values at the points. */
typedef struct sample {
  fc_text text[1];
  mpq_t value[POINTS];
} sample;

static void sample_init(sample *s) {
  fc_text_init(s->text);
  for (int i = 0; i < POINTS; i++)
    mpq_init(s->value[i]);
}

static void sample_clear(sample *s) {
  fc_text_clear(s->text);
  for (int i = 0; i < POINTS; i++)
    mpq_clear(s->value[i]);
}

static void next_rational(mpq_ptr q, generator *g) {
  mpq_set_si(q, next_long(g, -40, 40), (unsigned long)next_long(g, 1, 12));
  mpq_canonicalize(q);
}

static void append_rational(fc_text *text, mpq_srcptr q) {
  char *digits = mpq_get_str(NULL, 10, q);
  fc_text_printf(text, "(%s)", digits);
  free(digits);
}

static void random_leaf(sample *s, generator *g, mpq_t *points) {
  if (next_long(g, 0, 3) > 0) {
    fc_text_append(s->text, "x");
    for (int i = 0; i < POINTS; i++)
      mpq_set(s->value[i], points[i]);
    return;
  }
  next_rational(s->value[0], g);
  append_rational(s->text, s->value[0]);
  for (int i = 1; i < POINTS; i++)
    mpq_set(s->value[i], s->value[0]);
}

/* s = op(f, g) or, where q is used, f times or by a number. */
static void combine(sample *s, const sample *f, const sample *g, int op,
                    mpq_srcptr q) {
  static const char *const shapes[] = {
      "(%s + %s)", "(%s - %s)", "min(%s, %s)", "max(%s, %s)",
      "abs(%s)",   "(-%s)",     "%s*",         "%s/"};
  if (op < 4)
    fc_text_printf(s->text, shapes[op], f->text->data, g->text->data);
  else
    fc_text_printf(s->text, shapes[op], f->text->data);
  if (op >= 6)
    append_rational(s->text, q);
  for (int i = 0; i < POINTS; i++) {
    mpq_srcptr x = f->value[i], y = g->value[i];
    mpq_ptr z = s->value[i];
    switch (op) {
    case 0:
      mpq_add(z, x, y);
      break;
    case 1:
      mpq_sub(z, x, y);
      break;
    case 2:
      mpq_set(z, mpq_cmp(x, y) < 0 ? x : y);
      break;
    case 3:
      mpq_set(z, mpq_cmp(x, y) > 0 ? x : y);
      break;
    case 4:
      mpq_abs(z, x);
      break;
    case 5:
      mpq_neg(z, x);
      break;
    case 6:
      mpq_mul(z, x, q);
      break;
    default:
      mpq_div(z, x, q);
    }
  }
}

static void random_formula(sample *s, generator *g, mpq_t *points, int depth) {
  if (depth == 0 || next_long(g, 0, 5) == 0) {
    random_leaf(s, g, points);
    return;
  }
  sample left[1], right[1];
  mpq_t q;
  mpq_init(q);
  sample_init(left);
  sample_init(right);
  random_formula(left, g, points, depth - 1);
  random_formula(right, g, points, depth - 1);
  do
    next_rational(q, g);
  while (mpq_sgn(q) == 0);
  combine(s, left, right, (int)next_long(g, 0, 7), q);
  sample_clear(left);
  sample_clear(right);
  mpq_clear(q);
}

/* Strictly increasing breaks, different neighbours, no jump. */
static void check_form(const fc_piecewise *f, const char *text) {
  mpq_t y, z;
  mpq_inits(y, z, (mpq_ptr)NULL);
  for (size_t i = 1; i < f->count; i++) {
    const fc_affine_piece *p = &f->pieces[i - 1], *q = &f->pieces[i];
    ck_assert_msg(i == 1 || mpq_cmp(p->from, q->from) < 0, "order in %s", text);
    ck_assert_msg(!mpq_equal(p->slope, q->slope), "no break in %s", text);
    mpq_mul(y, p->slope, q->from);
    mpq_add(y, y, p->intercept);
    mpq_mul(z, q->slope, q->from);
    mpq_add(z, z, q->intercept);
    ck_assert_msg(mpq_equal(y, z), "a jump in %s", text);
  }
  mpq_clears(y, z, (mpq_ptr)NULL);
}

START_TEST(values_of_random_formulas) {
  generator g = {20240611};
  mpq_t points[POINTS], z;
  size_t broken = 0;
  mpq_init(z);
  for (int i = 0; i < POINTS; i++)
    mpq_init(points[i]);
  for (int trial = 0; trial < FORMULAS; trial++) {
    sample s[1];
    fc_piecewise f;
    fc_error error = {0};
    sample_init(s);
    for (int i = 0; i < POINTS; i++)
      next_rational(points[i], &g);
    random_formula(s, &g, points, 5);
    ck_assert_msg(try_pieces(&f, s->text->data, &error) == FC_OK, "%s: %s",
                  s->text->data, error.message);
    check_form(&f, s->text->data);
    broken += f.count > 2;
    for (int i = 0; i < POINTS; i++) {
      fc_piecewise_eval(z, &f, points[i]);
      if (!mpq_equal(z, s->value[i])) {
        gmp_fprintf(stderr, "x = %Qd: %Qd instead of %Qd\n", points[i], z,
                    s->value[i]);
        ck_abort_msg("%s", s->text->data);
      }
    }
    fc_piecewise_clear(&f);
    sample_clear(s);
  }
  ck_assert_uint_gt(broken, FORMULAS / 10); /* it was no empty exercise */
  for (int i = 0; i < POINTS; i++)
    mpq_clear(points[i]);
  mpq_clear(z);
}
END_TEST

/* --- known ones ---------------------------------------------------------- */

static void check_number(mpq_srcptr got, const char *wanted, const char *text) {
  char *digits = mpq_get_str(NULL, 10, got);
  ck_assert_msg(strcmp(digits, wanted) == 0, "%s: %s instead of %s", text,
                digits, wanted);
  free(digits);
}

START_TEST(known_functions) {
  static const struct {
    const char *text;
    size_t count;
    const char *breaks[3], *slopes[4], *lipschitz;
    bool convex, concave;
  } known[] = {
      {"-abs(x)", 2, {"0"}, {"1", "-1"}, "1", false, true},
      {"abs(x)/2", 2, {"0"}, {"-1/2", "1/2"}, "1/2", true, false},
      {"abs(x-1/2) - 2*max(x, 0)",
       3,
       {"0", "1/2"},
       {"-1", "-3", "-1"},
       "3",
       false,
       false},
      {"abs(abs(x) - 1)",
       4,
       {"-1", "0", "1"},
       {"-1", "1", "-1", "1"},
       "1",
       false,
       false},
      {"7/3", 1, {NULL}, {"0"}, "0", true, true},
      {"0.5*x - 2", 1, {NULL}, {"1/2"}, "1/2", true, true},
      {"abs(x) - abs(x)", 1, {NULL}, {"0"}, "0", true, true},
      {"min(x, 1, -x)", 2, {"0"}, {"1", "-1"}, "1", false, true},
      {"x/(abs(3) - 1)", 1, {NULL}, {"1/2"}, "1/2", true, true},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    fc_piecewise f;
    fc_error error = {0};
    mpq_t z;
    mpq_init(z);
    ck_assert_int_eq(try_pieces(&f, known[i].text, &error), FC_OK);
    ck_assert_uint_eq(f.count, known[i].count);
    for (size_t j = 0; j < f.count; j++) {
      check_number(f.pieces[j].slope, known[i].slopes[j], known[i].text);
      if (j)
        check_number(f.pieces[j].from, known[i].breaks[j - 1], known[i].text);
    }
    fc_piecewise_lipschitz(z, &f);
    check_number(z, known[i].lipschitz, known[i].text);
    ck_assert_int_eq(fc_piecewise_is_convex(&f), known[i].convex);
    ck_assert_int_eq(fc_piecewise_is_concave(&f), known[i].concave);
    mpq_clear(z);
    fc_piecewise_clear(&f);
  }
}
END_TEST

START_TEST(refusals) {
  static const struct {
    const char *text, *part;
    fc_status status;
  } bad[] = {
      {"x^2", "x^2", FC_UNSUPPORTED},
      {"1 + x*abs(x)", "x*abs(x)", FC_UNSUPPORTED},
      {"abs(x) + exp(x)", "exp(x)", FC_UNSUPPORTED},
      {"1/x", "1/x", FC_UNSUPPORTED},
      {"sqrt(2)*x", "sqrt(2)", FC_UNSUPPORTED},
      {"pi", "pi", FC_UNSUPPORTED},
      {"x/(abs(x) - abs(x))", "divides by zero", FC_VALUE},
      {"1e-20000*x", "bits", FC_LIMIT},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    fc_piecewise f = {NULL, 0};
    fc_error error = {0};
    fc_status status = try_pieces(&f, bad[i].text, &error);
    ck_assert_msg(status == bad[i].status, "%s: status %s", bad[i].text,
                  fc_status_name(status));
    ck_assert_msg(strstr(error.message, bad[i].part), "%s: %s", bad[i].text,
                  error.message);
    ck_assert_uint_eq(f.count, 0);
  }
}
END_TEST

/* 1 + ... of n terms |x - k|, each of which is a break. */
static fc_status many_breaks(fc_piecewise *f, int n, fc_error *error) {
  fc_text text[1];
  fc_text_init(text);
  fc_text_append(text, "1");
  for (int k = 1; k <= n; k++)
    fc_text_printf(text, "+abs(x-%d)", k);
  fc_status status = try_pieces(f, text->data, error);
  fc_text_clear(text);
  return status;
}

START_TEST(limits) {
  fc_piecewise f = {NULL, 0};
  fc_error error = {0};
  ck_assert_int_eq(many_breaks(&f, FC_PIECEWISE_MAX_BREAKS, &error), FC_OK);
  ck_assert_uint_eq(f.count, FC_PIECEWISE_MAX_BREAKS + 1);
  ck_assert(fc_piecewise_is_convex(&f));
  fc_piecewise_clear(&f);
  ck_assert_int_eq(many_breaks(&f, FC_PIECEWISE_MAX_BREAKS + 1, &error),
                   FC_LIMIT);
  ck_assert_int_eq(many_breaks(&f, 900, &error), FC_LIMIT);
  ck_assert_msg(strstr(error.message, "operations"), "%s", error.message);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("piecewise");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_test(all, values_of_random_formulas);
  tcase_add_test(all, known_functions);
  tcase_add_test(all, refusals);
  tcase_add_test(all, limits);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
