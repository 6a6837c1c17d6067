/* Normal forms of formulas: equal ones cancel, unequal ones do not, and values
 * are those of the formula. */
#include <stdio.h>

#include "numbers.h"

#include "base/text.h"
#include "formula/formula.h"
#include "proof/rational.h"

enum { BITS = 300, FORMULAS = 400 };

static fc_ring ring[1];

static void setup(void) {
  fc_ring_init(ring);
  fc_ring_add_constant(ring, "s", FC_MAY_RISE, NULL);
  fc_ring_add_constant(ring, "z", FC_MAY_ALL, NULL);
  fc_ring_name_derivatives(ring);
}

static void teardown(void) { fc_ring_clear(ring); }

static void parse(fc_rational *x, const char *text) {
  fc_error error = {.message = ""};
  int bit = 0;
  fc_rational_init(x, ring);
  ck_assert_msg(fc_rational_read(x, text, 0, &bit, NULL, ring, &error) == FC_OK,
                "%s: %s", text, error.message);
}

/* --- equal, and not equal ------------------------------------------------ */

static const char *const equal[][2] = {
    {"a^2 - b^2", "(a - b)*(a + b)"},
    {"1/a - 1/b", "(b - a)/(a*b)"},
    {"(a^2 + b^2)^(-3/2)", "1/(sqrt(a^2 + b^2)*(a^2 + b^2))"},
    {"a/sqrt(a^2 + b^2)", "sqrt(a^2 + b^2)*a/(a^2 + b^2)"},
    {"sqrt(a^2 + b^2)^4", "(a^2 + b^2)^2"},
    {"sqrt(a^2*b^4)", "a*b^2"},
    {"sqrt(s^2/4)", "s/2"},
    {"a*db - da*b", "omega"},
    {"(db/b)*a^2 - a*da", "a*omega/b"},
    {"log(sqrt(a^2 + b^2)/b)^(-1/2)",
     "log((a^2 + b^2)/(b*sqrt(a^2 + b^2)))^(-1/2)"},
    {"1/(1/s^2 + b^2/a^2)", "s^2*a^2/(a^2 + s^2*b^2)"},
    {"0.1 + 1/5", "3/10"},
};
enum { EQUAL_COUNT = sizeof equal / sizeof *equal };

START_TEST(equal_formulas_cancel) {
  fc_rational x, y;
  parse(&x, equal[_i][0]);
  parse(&y, equal[_i][1]);
  fc_rational_sub(&x, &x, &y, ring);
  ck_assert_int_eq(ring->status, FC_OK);
  ck_assert_msg(fc_rational_is_zero(&x, ring), "%s = %s", equal[_i][0],
                equal[_i][1]);
  fc_rational_clear(&x, ring);
  fc_rational_clear(&y, ring);
}
END_TEST

static const char *const different[][2] = {
    {"sqrt(z^2)", "z"}, /* z may be negative */
    {"sqrt(a^2 + b^2)", "a + b"},
    {"log(a/b)", "log(b/a)"},
    {"da", "db"},
    {"(a^2 + b^2)^(-3/2)", "(a^2 + b^2)^(-1/2)"},
};
enum { DIFFERENT_COUNT = sizeof different / sizeof *different };

START_TEST(different_formulas_do_not) {
  fc_rational x, y;
  parse(&x, different[_i][0]);
  parse(&y, different[_i][1]);
  fc_rational_sub(&x, &x, &y, ring);
  ck_assert_int_eq(ring->status, FC_OK);
  ck_assert(!fc_rational_is_zero(&x, ring));
  fc_rational_clear(&x, ring);
  fc_rational_clear(&y, ring);
}
END_TEST

/* --- values at exact points ---------------------------------------------- */

/* A random formula in a, b, s, z, of depth at most `depth`. */
static void append_random(fc_text *out, generator *g, int depth) {
  static const char *const leaves[] = {"a", "b", "s",   "z",
                                       "2", "3", "1/7", "sqrt(a^2 + b^2)"};
  static const char *const between[] = {" + ", " - ", "*", "/", "*", " + "};
  if (depth == 0 || next_long(g, 0, 5) == 0) {
    fc_text_append(out, leaves[next_long(g, 0, 7)]);
    return;
  }
  fc_text_append(out, "(");
  append_random(out, g, depth - 1);
  if (next_long(g, 0, 3) == 0) {
    fc_text_printf(out, ")^%ld", next_long(g, 2, 3));
    return;
  }
  fc_text_append(out, between[next_long(g, 0, 5)]);
  append_random(out, g, depth - 1);
  fc_text_append(out, ")");
}

/* The quotient's enclosure at a point contains the formula's value. */
static void compare(const char *text, const long numbers[4]) {
  static const char *const names[] = {"a", "b", "s", "z"};
  fc_ctx ctx[1];
  fc_num value;
  fc_formula *formula = NULL;
  fc_interval values[FC_RING_SYMBOLS], bottom, z;
  fc_rational x;
  fc_error error;
  int bit = 0;
  fc_ctx_init_mpfr(ctx, 4 * BITS);
  fc_init(value, ctx);
  fc_ptr at = fc_vec_new(4, ctx);
  for (int i = 0; i < FC_RING_SYMBOLS; i++)
    fc_interval_init(&values[i], BITS);
  fc_interval_init(&bottom, BITS);
  fc_interval_init(&z, BITS);
  fc_rational_init(&x, ring);
  for (int i = 0; i < 4; i++) {
    fc_set_si(at + i, numbers[i], ctx);
    fc_div_si(at + i, at + i, 8, ctx);
  }
  ck_assert_int_eq(fc_formula_parse(&formula, text, names, 4, NULL, &error),
                   FC_OK);
  ck_assert_int_eq(fc_formula_eval(value, formula, at, ctx), FC_OK);
  fc_status status = fc_rational_read(&x, text, 0, &bit, NULL, ring, &error);
  if (status == FC_OK && fc_is_finite(value, ctx)) {
    mpfr_t exact;
    mpfr_init2(exact, 4 * BITS);
    fc_get_mid(exact, value, ctx);
    for (int i = 0; i < 2; i++) {
      mpfr_set_si_2exp(values[i].lower, numbers[i], -3, MPFR_RNDN);
      mpfr_set_si_2exp(values[i].upper, numbers[i], -3, MPFR_RNDN);
    }
    fc_ring_enclose(values, ring);
    for (int i = 2; i < 4; i++) { /* s and z come after a, b, k, w */
      mpfr_set_si_2exp(values[i + 2].lower, numbers[i], -3, MPFR_RNDN);
      mpfr_set_si_2exp(values[i + 2].upper, numbers[i], -3, MPFR_RNDN);
    }
    fc_polynomial_enclose(&z, x.top, values, ring);
    fc_polynomial_enclose(&bottom, x.bottom, values, ring);
    fc_interval_div(&z, &z, &bottom);
    if (fc_interval_is_known(&z)) {
      mpfr_mul_2si(values[0].lower, exact, -2 * BITS, MPFR_RNDA);
      mpfr_abs(values[0].lower, values[0].lower, MPFR_RNDU);
      mpfr_sub(z.lower, z.lower, values[0].lower, MPFR_RNDD);
      mpfr_add(z.upper, z.upper, values[0].lower, MPFR_RNDU);
      ck_assert_msg(mpfr_lessequal_p(z.lower, exact) &&
                        mpfr_lessequal_p(exact, z.upper),
                    "%s at (%ld, %ld, %ld, %ld)/8", text, numbers[0],
                    numbers[1], numbers[2], numbers[3]);
    }
    mpfr_clear(exact);
  }
  fc_formula_free(formula);
  fc_rational_clear(&x, ring);
  for (int i = 0; i < FC_RING_SYMBOLS; i++)
    fc_interval_clear(&values[i]);
  fc_interval_clear(&bottom);
  fc_interval_clear(&z);
  fc_vec_free(at, 4, ctx);
  fc_clear(value, ctx);
}

START_TEST(values_are_the_formula_s) {
  generator g = {11};
  for (int i = 0; i < FORMULAS; i++) {
    fc_text text[1];
    fc_text_init(text);
    append_random(text, &g, 3);
    const long numbers[4] = {next_long(&g, 1, 40), next_long(&g, 1, 40),
                             next_long(&g, 1, 20), next_long(&g, -20, 20)};
    compare(text->data, numbers);
    fc_text_clear(text);
  }
}
END_TEST

/* --- choices ---------------------------------------------------------------
 */

START_TEST(minima_split) {
  fc_rational x, y;
  fc_conditions conditions = {.count = 0};
  fc_error error;
  for (unsigned choice = 0; choice < 2; choice++) {
    int bit = 0;
    fc_rational_init(&x, ring);
    ck_assert_int_eq(fc_rational_read(&x, "1 + max(0, z)", choice, &bit,
                                      &conditions, ring, &error),
                     FC_OK);
    ck_assert_int_eq(bit, 1);
    ck_assert_int_eq(conditions.count, 1);
    parse(&y, "1 + z");
    bool other = fc_rational_equal(&x, &y, ring);
    fc_rational_clear(&y, ring);
    /* 0 >= z where 0 is taken, z >= 0 where z is */
    parse(&y, other ? "z" : "-z");
    ck_assert(fc_rational_equal(&conditions.items[0], &y, ring));
    fc_rational_clear(&x, ring);
    fc_rational_clear(&y, ring);
    fc_conditions_clear(&conditions, ring);
  }
}
END_TEST

START_TEST(foreign_formulas_are_refused) {
  static const char *const texts[] = {"exp(a)", "1/(a - a)", "a^(1/3)", "a^b",
                                      "sin(b)", "a^1000",    "pi*a"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    fc_rational x;
    fc_error error;
    int bit = 0;
    fc_rational_init(&x, ring);
    ck_assert_msg(fc_rational_read(&x, texts[i], 0, &bit, NULL, ring, &error) !=
                      FC_OK,
                  "%s", texts[i]);
    ck_assert_int_eq(ring->status, FC_OK); /* the next one may be read */
    fc_rational_clear(&x, ring);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("proof_rational");
  TCase *all = tcase_create("all");
  tcase_add_checked_fixture(all, setup, teardown);
  tcase_set_timeout(all, 60);
  tcase_add_loop_test(all, equal_formulas_cancel, 0, EQUAL_COUNT);
  tcase_add_loop_test(all, different_formulas_do_not, 0, DIFFERENT_COUNT);
  tcase_add_test(all, values_are_the_formula_s);
  tcase_add_test(all, minima_split);
  tcase_add_test(all, foreign_formulas_are_refused);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
