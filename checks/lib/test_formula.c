/* Unit tests of lib/formula.
 *
 * Judges: goldens made elsewhere (formula_goldens.h), a second evaluator that
 * computes with MPFR while it writes a random formula, series arithmetic and
 * central differences for derivatives, exact rationals for rounding. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "formula/formula.h"
#include "formula_goldens.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* --- random numbers: a fixed seed, the same everywhere ------------------ */

static uint64_t state;

static uint64_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static int below(int n) { return (int)(next_random() % (uint64_t)n); }

static void seed(uint64_t value) { state = value; }

/* --- short cuts --------------------------------------------------------- */

static const char *const names[] = {"t", "a", "da", "kappa", "b", "ada"};

static fc_formula *parse(const char *text) {
  fc_formula *formula = NULL;
  fc_error error;
  fc_status status =
      fc_formula_parse(&formula, text, names, COUNT(names), NULL, &error);
  ck_assert_msg(status == FC_OK, "%s: %s", text, error.message);
  return formula;
}

static void eval_mpfr(mpfr_ptr z, const fc_formula *formula, const mpfr_t *x,
                      size_t count, long precision) {
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, precision);
  fc_ptr values = fc_vec_new(COUNT(names), ctx);
  for (size_t i = 0; i < count; i++)
    fc_set_mpfr(values + i, x[i], ctx);
  fc_num result;
  fc_init(result, ctx);
  ck_assert_int_eq(fc_formula_eval(result, formula, values, ctx), FC_OK);
  fc_get_mid(z, result, ctx);
  fc_clear(result, ctx);
  fc_vec_free(values, COUNT(names), ctx);
}

/* |x - y| <= 2^-bits max(1, |y|), or both are not numbers */
static bool agree(mpfr_srcptr x, mpfr_srcptr y, long bits) {
  if (!mpfr_number_p(x) || !mpfr_number_p(y))
    return !mpfr_number_p(x) && !mpfr_number_p(y);
  mpfr_t d, s;
  mpfr_init2(d, 64);
  mpfr_init2(s, 64);
  mpfr_sub(d, x, y, MPFR_RNDA);
  mpfr_abs(d, d, MPFR_RNDN);
  mpfr_abs(s, y, MPFR_RNDN);
  if (mpfr_cmp_ui(s, 1) < 0)
    mpfr_set_ui(s, 1, MPFR_RNDN);
  mpfr_mul_2si(s, s, -bits, MPFR_RNDN);
  bool close = mpfr_lessequal_p(d, s);
  mpfr_clear(d);
  mpfr_clear(s);
  return close;
}

#define ASSERT_AGREE(x, y, bits, ...)                                          \
  do {                                                                         \
    if (!agree(x, y, bits)) {                                                  \
      mpfr_printf("got      %.90Rg\nexpected %.90Rg\n", x, y);                 \
      ck_abort_msg(__VA_ARGS__);                                               \
    }                                                                          \
  } while (0)

/* --- constants ---------------------------------------------------------- */

START_TEST(constants_match_goldens) {
  const struct golden *g = &goldens[_i];
  fc_formula *constant;
  ck_assert_int_eq(fc_constant_parse(&constant, g->text, NULL, NULL), FC_OK);
  const long precisions[] = {24, 53, 128, 290};
  for (size_t i = 0; i < COUNT(precisions); i++) {
    mpfr_t expected, got;
    mpfr_inits2((mpfr_prec_t)precisions[i], expected, got, NULL);
    mpfr_set_str(expected, g->value, 10, MPFR_RNDN);
    fc_ctx ctx[1];
    fc_num z;
    fc_ctx_init_mpfr(ctx, precisions[i]);
    fc_init(z, ctx);
    ck_assert_int_eq(fc_constant_eval(z, constant, ctx), FC_OK);
    fc_get_mid(got, z, ctx);
    ck_assert_msg(mpfr_equal_p(got, expected), "%s at %ld bits", g->text,
                  precisions[i]);
    fc_clear(z, ctx);
    mpfr_clears(expected, got, NULL);
  }
  fc_formula_free(constant);
}
END_TEST

START_TEST(constants_are_nearest_doubles) {
  const struct golden *g = &goldens[_i];
  fc_formula *constant;
  ck_assert_int_eq(fc_constant_parse(&constant, g->text, NULL, NULL), FC_OK);
  mpfr_t expected;
  mpfr_init2(expected, 320);
  mpfr_set_str(expected, g->value, 10, MPFR_RNDN);
  fc_ctx ctx[1];
  fc_num z;
  fc_ctx_init_double(ctx);
  fc_init(z, ctx);
  ck_assert_int_eq(fc_constant_eval(z, constant, ctx), FC_OK);
  ck_assert_msg(fc_get_d(z, ctx) == mpfr_get_d(expected, MPFR_RNDN),
                "%s: %.17g", g->text, fc_get_d(z, ctx));
  fc_clear(z, ctx);
  mpfr_clear(expected);
  fc_formula_free(constant);
}
END_TEST

/* The ball holds the golden (300 bits, its own error far below the radius) and
 * its radius is of the order of the last bit. */
START_TEST(constants_lie_in_balls) {
  const struct golden *g = &goldens[_i];
  fc_ctx ctx[1];
  if (fc_ctx_init_arb(ctx, 128, NULL) != FC_OK)
    return;
  fc_formula *constant;
  ck_assert_int_eq(fc_constant_parse(&constant, g->text, NULL, NULL), FC_OK);
  fc_num z;
  fc_init(z, ctx);
  ck_assert_int_eq(fc_constant_eval(z, constant, ctx), FC_OK);
  mpfr_t expected, mid, rad, distance;
  mpfr_inits2(300, expected, mid, rad, distance, NULL);
  mpfr_set_str(expected, g->value, 10, MPFR_RNDN);
  fc_get_enclosure(mid, rad, z, ctx);
  mpfr_sub(distance, mid, expected, MPFR_RNDN);
  mpfr_mul_2si(expected, expected, -280, MPFR_RNDN); /* error of the golden */
  mpfr_abs(expected, expected, MPFR_RNDN);
  mpfr_add(rad, rad, expected, MPFR_RNDU);
  ck_assert_msg(mpfr_cmpabs(distance, rad) <= 0, "%s", g->text);
  mpfr_mul_2si(rad, rad, 126, MPFR_RNDU);
  ck_assert_msg(mpfr_cmpabs(rad, mid) <= 0, "%s is too wide", g->text);
  mpfr_clears(expected, mid, rad, distance, NULL);
  fc_clear(z, ctx);
  fc_formula_free(constant);
}
END_TEST

/* Decimals beside the midpoint of two doubles: a detour through a rounded value
 * would go the wrong way.  The judge is GMP and MPFR's rounding of a rational.
 */
START_TEST(decimals_round_once) {
  seed(20240101);
  for (int trial = 0; trial < 500; trial++) {
    mpq_t q, tiny;
    mpq_inits(q, tiny, NULL);
    mpq_set_ui(q, (next_random() >> 11) | 1, 1);
    mpq_mul_2exp(q, q, 1);
    mpq_set_ui(tiny, 1, 1);
    mpz_ui_pow_ui(mpq_denref(tiny), 10, (unsigned long)below(40));
    if (trial % 2)
      mpq_neg(tiny, tiny);
    mpq_add(q, q, tiny);
    mpq_div_2exp(q, q, (mp_bitcnt_t)(50 + below(20)));
    char *text = mpq_get_str(NULL, 10, q);
    fc_formula *constant;
    ck_assert_int_eq(fc_constant_parse(&constant, text, NULL, NULL), FC_OK);
    fc_ctx ctx[1];
    fc_num z;
    fc_ctx_init_double(ctx);
    fc_init(z, ctx);
    ck_assert_int_eq(fc_constant_eval(z, constant, ctx), FC_OK);
    mpfr_t expected;
    mpfr_init2(expected, 53);
    mpfr_set_q(expected, q, MPFR_RNDN);
    ck_assert_msg(fc_get_d(z, ctx) == mpfr_get_d(expected, MPFR_RNDN), "%s",
                  text);
    mpfr_clear(expected);
    fc_clear(z, ctx);
    fc_formula_free(constant);
    free(text);
    mpq_clears(q, tiny, NULL);
  }
}
END_TEST

static const struct {
  const char *text;
  long n, d;
} exact[] = {{"1/2", 1, 2},          {"0.1", 1, 10},
             {".5", 1, 2},           {"1.", 1, 1},
             {"1.5E+3", 1500, 1},    {"2^10", 1024, 1},
             {"2^-3", 1, 8},         {"-2^2", -4, 1},
             {"(-2)^3", -8, 1},      {"2^3^2", 512, 1},
             {"8^(1/3)", 2, 1},      {"4^0.5", 2, 1},
             {"(9/4)^(3/2)", 27, 8}, {"sqrt(49/25)", 7, 5},
             {"sqrt(2)^2", 2, 1},    {"sqrt(3)*sqrt(3)", 3, 1},
             {"sin(pi)", 0, 1},      {"cos(pi*1/2)", 0, 1},
             {"sin(7*pi/6)", -1, 2}, {"cos(-pi/3)", 1, 2},
             {"sin(pi/2)", 1, 1},    {"cos(2*pi/3)", -1, 2},
             {"tan(pi/4)", 1, 1},    {"tan(-pi/4)", -1, 1},
             {"exp(0)", 1, 1},       {"log(1)", 0, 1},
             {"erfc(0)", 1, 1},      {"atan(0)", 0, 1},
             {"min(3,1/2,2)", 1, 2}, {"max(3,1/2,2)", 3, 1},
             {"abs(-3/4)", 3, 4},    {"1/3+1/6", 1, 2},
             {"0^0", 1, 1},          {"---2", -2, 1},
             {"1e-1*10", 1, 1},      {"2/3/4", 1, 6},
             {"2-3-4", -5, 1},       {"0*exp(2)", 0, 1}};

START_TEST(exact_values_are_rational) {
  fc_formula *constant;
  mpq_t q;
  mpq_init(q);
  ck_assert_int_eq(fc_constant_parse(&constant, exact[_i].text, NULL, NULL),
                   FC_OK);
  ck_assert_msg(fc_formula_get_mpq(q, constant), "%s", exact[_i].text);
  ck_assert_msg(mpq_cmp_si(q, exact[_i].n, (unsigned long)exact[_i].d) == 0,
                "%s", exact[_i].text);
  mpq_clear(q);
  fc_formula_free(constant);
}
END_TEST

static const struct {
  const char *x, *y;
  int sign;
  fc_status status;
} comparisons[] = {
    {"sqrt(2)", "1.41421356237309504880168872420969807", 1, FC_OK},
    {"sqrt(2)", "1.41421356237309504880168872420969808", -1, FC_OK},
    {"exp(pi*sqrt(163))", "262537412640768744", -1, FC_OK},
    {"exp(-10^6)", "0", 1, FC_OK},
    {"22/7", "pi", 1, FC_OK},
    {"1/3", "2/6", 0, FC_OK},
    {"sqrt(8)", "2*sqrt(2)", 0, FC_BUDGET},
    {"log(0)", "0", 0, FC_VALUE},
    {"sqrt(-1)", "0", 0, FC_VALUE},
    {"1/0", "0", 0, FC_VALUE}};

START_TEST(comparisons_decide) {
  fc_formula *x, *y;
  int sign = 7;
  ck_assert_int_eq(fc_constant_parse(&x, comparisons[_i].x, NULL, NULL), FC_OK);
  ck_assert_int_eq(fc_constant_parse(&y, comparisons[_i].y, NULL, NULL), FC_OK);
  ck_assert_int_eq(fc_constant_compare(&sign, x, y), comparisons[_i].status);
  if (comparisons[_i].status == FC_OK)
    ck_assert_int_eq(sign, comparisons[_i].sign);
  fc_formula_free(x);
  fc_formula_free(y);
}
END_TEST

START_TEST(new_si_reduces) {
  fc_formula *constant;
  mpq_t q;
  mpq_init(q);
  ck_assert_int_eq(fc_constant_new_si(&constant, -6, 4), FC_OK);
  ck_assert(fc_formula_get_mpq(q, constant));
  ck_assert_int_eq(mpq_cmp_si(q, -3, 2), 0);
  ck_assert_str_eq(fc_formula_text(constant), "-3/2");
  fc_formula_free(constant);
  ck_assert_int_eq(fc_constant_new_si(&constant, 1, 0), FC_VALUE);
  mpq_clear(q);
}
END_TEST

/* --- a second evaluator ------------------------------------------------- */
/* Writes a random formula in t and a; computes its value at the given point
 * with plain MPFR calls at the same time.  Domains are kept safe by squares. */

#define JUDGE 400

typedef struct writer {
  char text[4096];
  size_t length;
  mpfr_t t, a;
} writer;

static void put(writer *w, const char *text) {
  size_t length = strlen(text);
  ck_assert(w->length + length < sizeof w->text);
  memcpy(w->text + w->length, text, length + 1);
  w->length += length;
}

static void write_formula(mpfr_ptr z, writer *w, int depth);

static void write_leaf(mpfr_ptr z, writer *w) {
  char number[32];
  int n = below(50), d = 1 + below(9);
  switch (below(4)) {
  case 0:
    put(w, "t");
    mpfr_set(z, w->t, MPFR_RNDN);
    break;
  case 1:
    put(w, "a");
    mpfr_set(z, w->a, MPFR_RNDN);
    break;
  case 2:
    snprintf(number, sizeof number, "%d.%d", n, d);
    put(w, number);
    mpfr_set_si(z, 10 * n + d, MPFR_RNDN);
    mpfr_div_ui(z, z, 10, MPFR_RNDN);
    break;
  default:
    snprintf(number, sizeof number, "(-%d/%d)", n, d);
    put(w, number);
    mpfr_set_si(z, -n, MPFR_RNDN);
    mpfr_div_si(z, z, d, MPFR_RNDN);
    break;
  }
}

/* (x op y) */
static void write_binary(mpfr_ptr z, writer *w, int depth) {
  mpfr_t y;
  mpfr_init2(y, JUDGE);
  static const char *const signs[] = {" + ", " - ", "*", "/(1+("};
  int which = below(4);
  put(w, below(2) ? "(" : "( ");
  write_formula(z, w, depth - 1);
  put(w, signs[which]);
  write_formula(y, w, depth - 1);
  put(w, which == 3 ? ")^2))" : ")");
  if (which == 0)
    mpfr_add(z, z, y, MPFR_RNDN);
  else if (which == 1)
    mpfr_sub(z, z, y, MPFR_RNDN);
  else if (which == 2)
    mpfr_mul(z, z, y, MPFR_RNDN);
  else {
    mpfr_sqr(y, y, MPFR_RNDN);
    mpfr_add_ui(y, y, 1, MPFR_RNDN);
    mpfr_div(z, z, y, MPFR_RNDN);
  }
  mpfr_clear(y);
}

/* a function of a bounded or positive argument */
static void write_function(mpfr_ptr z, writer *w, int depth) {
  static const char *const heads[] = {"atan(", "sin(",     "cos(",
                                      "erf(",  "exp(-(",   "log(1+(",
                                      "-(",    "sqrt(1+(", "(1+("};
  static const char *const tails[] = {")",    ")", ")",    ")",          ")^2)",
                                      ")^2)", ")", ")^2)", ")^2)^(-3/2)"};
  int which = below(9);
  put(w, heads[which]);
  write_formula(z, w, depth - 1);
  put(w, tails[which]);
  if (which == 4 || which == 5 || which >= 7)
    mpfr_sqr(z, z, MPFR_RNDN);
  if (which == 5 || which >= 7)
    mpfr_add_ui(z, z, 1, MPFR_RNDN);
  if (which == 4 || which == 6)
    mpfr_neg(z, z, MPFR_RNDN);
  int (*const functions[])(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t) = {
      mpfr_atan, mpfr_sin, mpfr_cos, mpfr_erf, mpfr_exp, mpfr_log};
  if (which < 6)
    functions[which](z, z, MPFR_RNDN);
  if (which >= 7)
    mpfr_sqrt(z, z, MPFR_RNDN);
  if (which == 8) {
    mpfr_pow_ui(z, z, 3, MPFR_RNDN);
    mpfr_ui_div(z, 1, z, MPFR_RNDN);
  }
}

static void write_formula(mpfr_ptr z, writer *w, int depth) {
  if (depth == 0 || below(6) == 0)
    write_leaf(z, w);
  else if (below(2))
    write_binary(z, w, depth);
  else
    write_function(z, w, depth);
}

static void random_unit(mpfr_ptr x) {
  mpfr_set_ui_2exp(x, (next_random() >> 12) | 1, -52, MPFR_RNDN);
}

static void writer_init(writer *w) {
  w->length = 0;
  w->text[0] = '\0';
  mpfr_inits2(JUDGE, w->t, w->a, NULL);
  random_unit(w->t);
  random_unit(w->a);
}

static void writer_clear(writer *w) { mpfr_clears(w->t, w->a, NULL); }

START_TEST(values_match_second_evaluator) {
  seed(7001 + (uint64_t)_i);
  for (int trial = 0; trial < 100; trial++) {
    writer w;
    mpfr_t expected, got;
    mpfr_inits2(JUDGE, expected, got, NULL);
    writer_init(&w);
    write_formula(expected, &w, 4);
    fc_formula *f = parse(w.text);
    mpfr_t values[2] = {{*w.t}, {*w.a}};
    eval_mpfr(got, f, (const mpfr_t *)values, 2, 300);
    ASSERT_AGREE(got, expected, 200, "%s", w.text);

    /* printing and reading again keeps the value and the print */
    char *printed = fc_formula_print(f);
    fc_formula *again = parse(printed);
    eval_mpfr(got, again, (const mpfr_t *)values, 2, 300);
    ASSERT_AGREE(got, expected, 200, "%s printed as %s", w.text, printed);
    char *twice = fc_formula_print(again);
    fc_formula *third = parse(twice);
    eval_mpfr(got, third, (const mpfr_t *)values, 2, 300);
    ASSERT_AGREE(got, expected, 200, "%s printed as %s", w.text, twice);
    free(printed);
    free(twice);
    fc_formula_free(f);
    fc_formula_free(again);
    fc_formula_free(third);
    writer_clear(&w);
    mpfr_clears(expected, got, NULL);
  }
}
END_TEST

START_TEST(balls_contain_second_evaluator) {
  fc_ctx ctx[1];
  if (fc_ctx_init_arb(ctx, 53, NULL) != FC_OK)
    return;
  seed(9001 + (uint64_t)_i);
  for (int trial = 0; trial < 100; trial++) {
    writer w;
    mpfr_t expected, mid, rad;
    mpfr_inits2(JUDGE, expected, mid, rad, NULL);
    writer_init(&w);
    write_formula(expected, &w, 4);
    fc_formula *f = parse(w.text);
    fc_ptr values = fc_vec_new(COUNT(names), ctx);
    fc_num z;
    fc_init(z, ctx);
    fc_set_mpfr(values, w.t, ctx);
    fc_set_mpfr(values + 1, w.a, ctx);
    ck_assert_int_eq(fc_formula_eval(z, f, values, ctx), FC_OK);
    fc_get_enclosure(mid, rad, z, ctx);
    mpfr_sub(mid, mid, expected, MPFR_RNDN);
    mpfr_abs(expected, expected, MPFR_RNDN);
    mpfr_add_ui(expected, expected, 1, MPFR_RNDN);
    mpfr_mul_2si(expected, expected, -200, MPFR_RNDN); /* the judge's error */
    mpfr_add(rad, rad, expected, MPFR_RNDU);
    ck_assert_msg(mpfr_cmpabs(mid, rad) <= 0, "%s", w.text);
    fc_clear(z, ctx);
    fc_vec_free(values, COUNT(names), ctx);
    fc_formula_free(f);
    writer_clear(&w);
    mpfr_clears(expected, mid, rad, NULL);
  }
}
END_TEST

/* --- derivatives -------------------------------------------------------- */

/* (f(t+h) - f(t-h))/(2h) with h = 2^-80, right to about h^2 */
static void central_difference(mpfr_ptr z, const fc_formula *f, writer *w) {
  mpfr_t left;
  mpfr_init2(left, JUDGE);
  mpfr_t at[2];
  mpfr_inits2(JUDGE, at[0], at[1], NULL);
  mpfr_t h;
  mpfr_init2(h, 2);
  mpfr_set_ui_2exp(h, 1, -80, MPFR_RNDN);
  mpfr_set(at[1], w->a, MPFR_RNDN);
  mpfr_sub(at[0], w->t, h, MPFR_RNDN);
  eval_mpfr(left, f, (const mpfr_t *)at, 2, JUDGE);
  mpfr_add(at[0], w->t, h, MPFR_RNDN);
  eval_mpfr(z, f, (const mpfr_t *)at, 2, JUDGE);
  mpfr_sub(z, z, left, MPFR_RNDN);
  mpfr_mul_2si(z, z, 79, MPFR_RNDN);
  mpfr_clears(left, at[0], at[1], h, NULL);
}

/* c_1 of f(t + h) in series arithmetic */
static void series_derivative(mpfr_ptr z, const fc_formula *f, writer *w) {
  fc_ctx base[1], ctx[1];
  fc_ctx_init_mpfr(base, 300);
  fc_ctx_init_series(ctx, base, 2);
  fc_ptr values = fc_vec_new(COUNT(names), ctx);
  fc_num result, x, one;
  fc_init(result, ctx);
  fc_init(x, base);
  fc_init(one, base);
  fc_set_mpfr(x, w->t, base);
  fc_set_si(one, 1, base);
  fc_series_set_linear(values, x, one, ctx);
  fc_set_mpfr(x, w->a, base);
  fc_convert(values + 1, ctx, x, base);
  ck_assert_int_eq(fc_formula_eval(result, f, values, ctx), FC_OK);
  fc_get_mid(z, fc_series_coeff(result, 1), base);
  fc_clear(result, ctx);
  fc_clear(x, base);
  fc_clear(one, base);
  fc_vec_free(values, COUNT(names), ctx);
}

static void check_derivative(const char *text, writer *w) {
  mpfr_t got, series, difference;
  mpfr_inits2(JUDGE, got, series, difference, NULL);
  fc_formula *f = parse(text), *d;
  fc_error error;
  ck_assert_msg(fc_formula_diff(&d, f, "t", &error) == FC_OK, "%s: %s", text,
                error.message);
  mpfr_t at[2] = {{*w->t}, {*w->a}};
  eval_mpfr(got, d, (const mpfr_t *)at, 2, 300);
  series_derivative(series, f, w);
  central_difference(difference, f, w);
  ASSERT_AGREE(got, series, 150, "(%s)' = %s against series", text,
               fc_formula_text(d));
  ASSERT_AGREE(got, difference, 100, "(%s)' = %s against differences", text,
               fc_formula_text(d));
  fc_formula_free(f);
  fc_formula_free(d);
  mpfr_clears(got, series, difference, NULL);
}

START_TEST(derivatives_match_series_and_differences) {
  seed(5001 + (uint64_t)_i);
  for (int trial = 0; trial < 60; trial++) {
    writer w;
    mpfr_t ignored;
    mpfr_init2(ignored, JUDGE);
    writer_init(&w);
    write_formula(ignored, &w, 3);
    check_derivative(w.text, &w);
    writer_clear(&w);
    mpfr_clear(ignored);
  }
}
END_TEST

static const char *const differentiable[] = {"t^3",
                                             "t^-2",
                                             "t^(1/3)",
                                             "t^a",
                                             "a^t",
                                             "t^t",
                                             "sqrt(t)",
                                             "1/t",
                                             "a/t^2",
                                             "exp(t/2)",
                                             "log(3*t)",
                                             "sin(pi*t/2)",
                                             "cos(pi*t/2)^2",
                                             "tan(t)",
                                             "atan(a*t)",
                                             "erf(2*t)",
                                             "erfc(t^2)",
                                             "-t*(a-t)/(a+t)",
                                             "abs(a)*t",
                                             "max(a,2)+t",
                                             "sin(t)*cos(t)/exp(t)",
                                             "3/4*t/(2*a)-t/5",
                                             "7"};

START_TEST(derivatives_of_every_operation) {
  seed(31 + (uint64_t)_i);
  writer w;
  writer_init(&w);
  check_derivative(differentiable[_i], &w);
  writer_clear(&w);
}
END_TEST

static const struct {
  const char *text, *derivative;
} readable[] = {{"t^2", "2*t"},
                {"sqrt(1-t^2)", "-t/sqrt(1 - t^2)"},
                {"(1-t^2)/2", "-t"},
                {"1-t", "-1"},
                {"a*t+kappa", "a"},
                {"exp(-t^2/2)", "-exp(-t^2/2)*t"},
                {"3/t", "-3/t^2"},
                {"log(t)", "1/t"},
                {"sin(pi*t/2)", "pi*cos(pi*t/2)/2"}};

START_TEST(derivatives_print_readably) {
  fc_formula *f = parse(readable[_i].text), *d;
  ck_assert_int_eq(fc_formula_diff(&d, f, "t", NULL), FC_OK);
  ck_assert_str_eq(fc_formula_text(d), readable[_i].derivative);
  fc_formula_free(f);
  fc_formula_free(d);
}
END_TEST

START_TEST(derivatives_that_do_not_exist) {
  static const char *const texts[] = {"abs(t)", "max(t,a)", "min(1,t)*a"};
  for (size_t i = 0; i < COUNT(texts); i++) {
    fc_formula *f = parse(texts[i]), *d;
    ck_assert_int_eq(fc_formula_diff(&d, f, "t", NULL), FC_UNSUPPORTED);
    ck_assert_int_eq(fc_formula_diff(&d, f, "x", NULL), FC_NAME);
    fc_formula_free(f);
  }
}
END_TEST

/* --- rewriting ---------------------------------------------------------- */

static const char *const with_pairs[] = {"(kappa*a*da + b*t)/(kappa*a^2 + b^2)",
                                         "a*(da/b)",
                                         "-a*da",
                                         "a^2*da",
                                         "b/(a*da)",
                                         "(a*da)^3",
                                         "a^3*da^2/2",
                                         "3*a*b*da/2",
                                         "-3*(a*b)*(-da)",
                                         "exp(-(a*da*t)^2)*a*da",
                                         "da*exp(t)*a/(b*a)"};

/* With ada = a da put in by hand the value stays, and no pair is left. */
START_TEST(fused_formulas_keep_their_value) {
  fc_formula *f = parse(with_pairs[_i]), *fused;
  ck_assert_int_eq(fc_formula_fuse(&fused, f, "a", "da", "ada", NULL), FC_OK);
  seed(77 + (uint64_t)_i);
  mpfr_t at[6], expected, got;
  mpfr_inits2(JUDGE, expected, got, NULL);
  for (int i = 0; i < 6; i++) {
    mpfr_init2(at[i], JUDGE);
    random_unit(at[i]);
  }
  mpfr_mul(at[5], at[1], at[2], MPFR_RNDN);
  eval_mpfr(expected, f, (const mpfr_t *)at, 6, 300);
  eval_mpfr(got, fused, (const mpfr_t *)at, 6, 300);
  ASSERT_AGREE(got, expected, 250, "%s fused to %s", with_pairs[_i],
               fc_formula_text(fused));
  ck_assert_msg(!fc_formula_depends(fused, "da"), "%s fused to %s",
                with_pairs[_i], fc_formula_text(fused));
  for (int i = 0; i < 6; i++)
    mpfr_clear(at[i]);
  mpfr_clears(expected, got, NULL);
  fc_formula_free(f);
  fc_formula_free(fused);
}
END_TEST

START_TEST(fusing_needs_the_name) {
  fc_formula *f = parse("a*da"), *fused;
  ck_assert_int_eq(fc_formula_fuse(&fused, f, "a", "da", "nope", NULL),
                   FC_NAME);
  ck_assert_int_eq(fc_formula_fuse(&fused, f, "a", "b", "ada", NULL), FC_OK);
  ck_assert_str_eq(fc_formula_text(fused), "a*da");
  fc_formula_free(fused);
  fc_formula_free(f);
}
END_TEST

START_TEST(squares_open_roots) {
  static const char *const texts[][2] = {{"sqrt(1-t^2)", "1 - t^2"},
                                         {"-2*sqrt(t)", "4*t"},
                                         {"sqrt(t)/a", "t/a^2"},
                                         {"sqrt(t)^3", "t^3"},
                                         {"1-t", "(1 - t)^2"}};
  for (size_t i = 0; i < COUNT(texts); i++) {
    fc_formula *f = parse(texts[i][0]), *square;
    ck_assert_int_eq(fc_formula_square(&square, f, NULL), FC_OK);
    ck_assert_str_eq(fc_formula_text(square), texts[i][1]);
    fc_formula_free(f);
    fc_formula_free(square);
  }
}
END_TEST

START_TEST(substitution_is_exact) {
  fc_formula *f = parse("cos(pi*t/2) + t*sqrt(3+t)"), *one, *value;
  mpq_t q;
  mpq_init(q);
  ck_assert_int_eq(fc_constant_new_si(&one, 1, 1), FC_OK);
  ck_assert_int_eq(fc_formula_substitute(&value, f, "t", one, NULL), FC_OK);
  ck_assert(fc_formula_get_mpq(q, value));
  ck_assert_int_eq(mpq_cmp_si(q, 2, 1), 0);
  fc_formula_free(value);
  ck_assert_int_eq(fc_formula_substitute(&value, f, "x", one, NULL), FC_NAME);
  ck_assert_int_eq(fc_formula_substitute(&value, f, "t", f, NULL), FC_VALUE);
  fc_formula_free(one);
  fc_formula_free(f);
  mpq_clear(q);
}
END_TEST

START_TEST(copies_and_questions) {
  fc_formula *f = parse(" a * t+0*kappa "), *copy;
  ck_assert_int_eq(fc_formula_copy(&copy, f), FC_OK);
  fc_formula_free(f);
  ck_assert_str_eq(fc_formula_text(copy), " a * t+0*kappa ");
  ck_assert(fc_formula_depends(copy, "a"));
  ck_assert(!fc_formula_depends(copy, "kappa"));
  ck_assert(!fc_formula_depends(copy, "unheard"));
  ck_assert(!fc_formula_is_constant(copy));
  fc_formula_free(copy);
}
END_TEST

/* --- errors ------------------------------------------------------------- */

static const struct {
  const char *text;
  fc_status status;
  unsigned line, column;
  const char *part; /* of the message */
} errors[] = {
    {"", FC_PARSE, 7, 5, "the end"},
    {"1.5e", FC_PARSE, 7, 9, "digits"},
    {"1..2", FC_PARSE, 7, 7, "decimal point"},
    {"1.2.3", FC_PARSE, 7, 8, "decimal point"},
    {"2t", FC_PARSE, 7, 6, "written with *"},
    {".", FC_PARSE, 7, 5, "digits"},
    {"sin", FC_PARSE, 7, 8, "parentheses"},
    {"sin()", FC_PARSE, 7, 5, "needs an argument"},
    {"sin(t,t)", FC_PARSE, 7, 10, "one argument"},
    {"min(1)", FC_PARSE, 7, 5, "two or more"},
    {"min(1,)", FC_PARSE, 7, 11, "')'"},
    {"t(2)", FC_PARSE, 7, 6, "not a function"},
    {"(t", FC_PARSE, 7, 7, "the end"},
    {"t)", FC_PARSE, 7, 6, "without its"},
    {"t t", FC_PARSE, 7, 7, "written with *"},
    {"1,2", FC_PARSE, 7, 6, "comma"},
    {"t**2", FC_PARSE, 7, 6, "^"},
    {"t+*2", FC_PARSE, 7, 7, "'*'"},
    {"2\xe2\x88\x92\x31", FC_PARSE, 7, 6, "0xe2"},
    {"t+\x01", FC_PARSE, 7, 7, "0x01"},
    {"kapa*2", FC_NAME, 7, 5, "'kappa'"},
    {"1+sn(t)", FC_NAME, 7, 7, "'sin'"},
    {"zzzzzz", FC_NAME, 7, 5, "known"},
    {"1e20001", FC_LIMIT, 7, 6, "20000"},
    {"1e99999999999999999999", FC_LIMIT, 7, 6, "20000"},
    {"9^9^9", FC_LIMIT, 7, 6, "bits"},
    {"2^200000", FC_LIMIT, 7, 6, "bits"},
    {"(1/3)^(10^10)", FC_LIMIT, 7, 10, "bits"},
    {"1e20000*1e20000", FC_LIMIT, 7, 12, "bits"},
    {"1 +\n  kapa", FC_NAME, 8, 3, "'kappa'"},
};

START_TEST(errors_say_where_and_what) {
  const fc_position origin = {"x.yaml", 7, 5};
  fc_formula *formula = NULL;
  fc_error error;
  fc_status status = fc_formula_parse(&formula, errors[_i].text, names,
                                      COUNT(names), &origin, &error);
  ck_assert_msg(status == errors[_i].status, "%s: %s", errors[_i].text,
                fc_status_name(status));
  ck_assert_ptr_null(formula);
  ck_assert_str_eq(error.file, "x.yaml");
  ck_assert_msg(error.line == errors[_i].line &&
                    error.column == errors[_i].column,
                "%s: %u:%u: %s", errors[_i].text, error.line, error.column,
                error.message);
  ck_assert_msg(strstr(error.message, errors[_i].part) != NULL, "%s: %s",
                errors[_i].text, error.message);
}
END_TEST

START_TEST(closest_names) {
  static const char *const known[] = {"kappa", "beta", "linear", "t"};
  ck_assert_str_eq(fc_closest_name("kapa", known, 4), "kappa");
  ck_assert_str_eq(fc_closest_name("kappaa", known, 4), "kappa");
  ck_assert_str_eq(fc_closest_name("baet", known, 4), "beta");
  ck_assert_str_eq(fc_closest_name("Linear", known, 4), "linear");
  ck_assert_ptr_null(fc_closest_name("gamma-ray", known, 4));
  ck_assert_ptr_null(fc_closest_name("x", known, 4));
  ck_assert_ptr_null(fc_closest_name("", known, 4));
  ck_assert_ptr_null(fc_closest_name("kapa", known, 0));
}
END_TEST

/* count times `open`, then 1, then count times `close` */
static fc_status parse_nested(const char *open, const char *close,
                              size_t count) {
  size_t size = count * (strlen(open) + strlen(close)) + 2;
  char *text = malloc(size);
  ck_assert_ptr_nonnull(text);
  char *end = text;
  for (size_t i = 0; i < count; i++)
    end = stpcpy(end, open);
  end = stpcpy(end, "t");
  for (size_t i = 0; i < count; i++)
    end = stpcpy(end, close);
  fc_formula *formula = NULL, *d = NULL;
  fc_status status =
      fc_formula_parse(&formula, text, names, COUNT(names), NULL, NULL);
  if (status == FC_OK && fc_formula_diff(&d, formula, "t", NULL) == FC_OK)
    fc_formula_free(d);
  fc_formula_free(formula);
  free(text);
  return status;
}

START_TEST(limits_hold) {
  ck_assert_int_eq(parse_nested("(", ")", 199), FC_OK);
  ck_assert_int_eq(parse_nested("(", ")", 201), FC_LIMIT);
  ck_assert_int_eq(parse_nested("sin(", ")", 199), FC_OK);
  ck_assert_int_eq(parse_nested("sin(", ")", 201), FC_LIMIT);
  ck_assert_int_eq(parse_nested("t^", "", 201), FC_LIMIT);
  ck_assert_int_eq(parse_nested("t^", "", 100), FC_OK);
  ck_assert_int_eq(parse_nested("-", "", 16000), FC_OK);
  ck_assert_int_eq(parse_nested("a+", "", 8000), FC_OK);
  ck_assert_int_eq(parse_nested("a*", "", 8000), FC_OK);
  ck_assert_int_eq(parse_nested("a/", "", 8000), FC_OK);
  ck_assert_int_eq(parse_nested("a+", "", 8200), FC_LIMIT);
  ck_assert_int_eq(parse_nested("(", "", 16000), FC_LIMIT);
}
END_TEST

/* Every text gives a status, never a crash; what parses prints and reparses. */
START_TEST(random_tokens_do_not_crash) {
  static const char *const tokens[] = {
      "1",   "2.5", "1e3", "0",    "-",    "+",    "*",    "/",      "^",
      "(",   ")",   ",",   "t",    "a",    "pi",   "sin",  "exp",    "sqrt",
      "min", "(t",  "t)",  "1/2",  "sin(", "log(", "0.",   "e",      " ",
      "\n",  "^-",  "(-",  "\xc3", "tan(", "erf(", "abs(", "cos(pi*"};
  seed(424242 + (uint64_t)_i);
  for (int trial = 0; trial < 3000; trial++) {
    char text[256] = "";
    int count = 1 + below(14);
    for (int i = 0; i < count; i++)
      strcat(text, tokens[below((int)COUNT(tokens))]);
    fc_formula *f = NULL, *d = NULL, *again = NULL;
    fc_error error;
    fc_status status =
        fc_formula_parse(&f, text, names, COUNT(names), NULL, &error);
    ck_assert_int_lt(status, FC_STATUS_COUNT);
    if (status != FC_OK) {
      ck_assert_msg(error.message[0] != '\0' && error.column > 0, "%s", text);
      continue;
    }
    char *printed = fc_formula_print(f);
    status =
        fc_formula_parse(&again, printed, names, COUNT(names), NULL, &error);
    ck_assert_msg(status == FC_OK, "%s printed as %s: %s", text, printed,
                  error.message);
    if (fc_formula_diff(&d, f, "t", NULL) == FC_OK)
      fc_formula_free(d);
    free(printed);
    fc_formula_free(f);
    fc_formula_free(again);
  }
}
END_TEST

/* --- all ---------------------------------------------------------------- */

static Suite *formula_suite(void) {
  Suite *suite = suite_create("formula");
  TCase *values = tcase_create("values");
  tcase_set_timeout(values, 200);
  tcase_add_loop_test(values, constants_match_goldens, 0, COUNT(goldens));
  tcase_add_loop_test(values, constants_are_nearest_doubles, 0, COUNT(goldens));
  tcase_add_loop_test(values, constants_lie_in_balls, 0, COUNT(goldens));
  tcase_add_test(values, decimals_round_once);
  tcase_add_loop_test(values, exact_values_are_rational, 0, COUNT(exact));
  tcase_add_loop_test(values, comparisons_decide, 0, COUNT(comparisons));
  tcase_add_test(values, new_si_reduces);
  tcase_add_loop_test(values, values_match_second_evaluator, 0, 5);
  tcase_add_loop_test(values, balls_contain_second_evaluator, 0, 5);
  suite_add_tcase(suite, values);
  TCase *rewriting = tcase_create("rewriting");
  tcase_set_timeout(rewriting, 200);
  tcase_add_loop_test(rewriting, derivatives_match_series_and_differences, 0,
                      5);
  tcase_add_loop_test(rewriting, derivatives_of_every_operation, 0,
                      COUNT(differentiable));
  tcase_add_loop_test(rewriting, derivatives_print_readably, 0,
                      COUNT(readable));
  tcase_add_test(rewriting, derivatives_that_do_not_exist);
  tcase_add_loop_test(rewriting, fused_formulas_keep_their_value, 0,
                      COUNT(with_pairs));
  tcase_add_test(rewriting, fusing_needs_the_name);
  tcase_add_test(rewriting, squares_open_roots);
  tcase_add_test(rewriting, substitution_is_exact);
  tcase_add_test(rewriting, copies_and_questions);
  suite_add_tcase(suite, rewriting);
  TCase *hostile = tcase_create("hostile");
  tcase_set_timeout(hostile, 200);
  tcase_add_loop_test(hostile, errors_say_where_and_what, 0, COUNT(errors));
  tcase_add_test(hostile, closest_names);
  tcase_add_test(hostile, limits_hold);
  tcase_add_loop_test(hostile, random_tokens_do_not_crash, 0, 3);
  suite_add_tcase(suite, hostile);
  return suite;
}

int main(void) {
  SRunner *runner = srunner_create(formula_suite());
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
