/* Signs of quotients for all a, b > 0: what is proved, what must not be, and
 * what the leaves of a cover say. */
#include <math.h>
#include <stdio.h>

#include "numbers.h"

#include "proof/cover.h"

static fc_ring ring[1];

/* s in [1, 1] +- 2^-60, R = 2, L >= 0 unknown, z any */
static void setup(void) {
  fc_interval value;
  fc_ring_init(ring);
  fc_interval_init(&value, 128);
  mpfr_set_d(value.lower, 1 - 0x1p-50, MPFR_RNDD);
  mpfr_set_d(value.upper, 1 + 0x1p-50, MPFR_RNDU);
  fc_ring_add_constant(ring, "s", FC_MAY_RISE, &value);
  mpfr_set_ui(value.lower, 2, MPFR_RNDD);
  mpfr_set_ui(value.upper, 2, MPFR_RNDU);
  fc_ring_add_constant(ring, "R", FC_MAY_RISE, &value);
  fc_ring_add_constant(ring, "L", FC_MAY_RISE | FC_MAY_VANISH, NULL);
  fc_ring_add_constant(ring, "z", FC_MAY_ALL, NULL);
  fc_interval_clear(&value);
}

static void teardown(void) { fc_ring_clear(ring); }

static void parse(fc_rational *x, const char *text) {
  fc_error error = {.message = ""};
  int bit = 0;
  fc_rational_init(x, ring);
  ck_assert_msg(fc_rational_read(x, text, 0, &bit, NULL, ring, &error) == FC_OK,
                "%s: %s", text, error.message);
}

typedef struct sample {
  const char *text;
  const char *where; /* > 0, or NULL */
  bool proved;
} sample;

static const sample samples[] = {
    /* evident, even, identically 0 */
    {"a + b", NULL, true},
    {"0", NULL, true},
    {"a^2 - 2*a*b + b^2", NULL, true},   /* a double root at p = 1/2 */
    {"9*a^2 - 6*a*b + b^2", NULL, true}, /* at p = 3/4 */
    {"(a - b)^2*(a^2 - a*b + b^2)", NULL, true},
    {"(2*a - b)^2*a^3*b", NULL, true},
    {"-(a - b)^2", NULL, false},
    {"a*b*(a - b)^4/(a + b)", NULL, true},
    {"L*a + b", NULL, true},
    {"L*a - L*a", NULL, true},
    {"z^2*a", NULL, true},
    {"z*a", NULL, false},
    {"z*a + b", NULL, false},
    {"L*a - b", NULL, false},
    /* covers */
    {"a^2 - a*b + b^2", NULL, true},
    {"-a^2 + a*b - b^2", NULL, false},
    {"a^2 - 2*a*b + 1.001*b^2", NULL, true}, /* nearly a double root */
    {"a^2 - 2*a*b + 0.9999*b^2", NULL, false},
    {"a^2 - 2*s*a*b + b^2", NULL, false}, /* s = 1 is not known */
    {"a^2 - 2*a*b + 1.001*s*b^2", NULL, true},
    {"a^2 - R*a*b + b^2", NULL, false}, /* a double root: no cover ends */
    {"a^2 - 1.999*a*b + b^2", NULL, true},
    {"(a - b)^3", NULL, false},
    {"a - b", NULL, false},   /* a root at a dyadic end of leaves */
    {"3*a - b", NULL, false}, /* at p = 3/4 */
    {"2*a - b", NULL, false}, /* at p = 2/3 */
    {"a^3 - a*b^2 + b^3", NULL, true},
    {"a^3 - 2*a*b^2 + b^3", NULL, false}, /* a root at p = 1/2 */
    /* roots at the ends of [0, 1] */
    {"a^3*b - a^2*b^2 + a*b^3", NULL, true},
    {"a - b", "a - b", true},
    {"b*(a - b)", "a/b - 1", true},
    {"b - a", "a - b", false},
    {"3*a - b", "a - b", true},
    {"3*a - b", "b - a", false},
    {"a^2 - 2*s*a*b + b^2", "a - 2*b", true},
    {"a - b", "(a - b)^2", false}, /* says nothing of the sign */
    {"a - b", "(a - b)^3", true},
    {"a - b", "(a - b)*(2*a - b)", false},
    {"1/(a - b)", "a - b", true},
    {"1/(a - b)^2", NULL, false}, /* infinite at p = 1/2 */
    {"1/(a - b)", NULL, false},
    {"1/L", NULL, false}, /* L may be 0 */
    {"a/(L*b)", NULL, false},
    {"1/(L + 1)", NULL, true},
    /* no chart sees these: not homogeneous */
    {"a^2 - a + 1", NULL, false},
    {"a^2 + a + 1", NULL, true},
    /* atoms */
    {"sqrt(a^2 + b^2) - b", NULL, true},
    {"sqrt(a^2 + b^2) - a", NULL, true},
    {"b - sqrt(a^2 + b^2)", NULL, false},
    {"a + b - sqrt(a^2 + b^2)", NULL, false},   /* true: a root at both ends */
    {"a + 2*b - sqrt(a^2 + b^2)", NULL, false}, /* true: a root at b = 0 */
    {"2*a + 2*b - sqrt(a^2 + b^2)", NULL, true},
    {"log(sqrt(a^2 + b^2)/b)^(-1/2)", NULL, true},
    {"log(sqrt(a^2 + b^2)/b)^(-1/2) - 1", NULL, false},
    {"5*sqrt(a^2+b^2)*(R + log(sqrt(a^2 + b^2)/b)^(-1/2)) - R*b", NULL, true},
    {"sqrt(a^2+b^2)*(R + log(sqrt(a^2 + b^2)/b)^(-1/2)) - 4*R*b", NULL, false},
    {"log(sqrt(a^2 + b^2)/b)", NULL, true},
    {"log(sqrt(a^2 + b^2)/a)", NULL, true},
    {"-log(sqrt(a^2 + b^2)/a)", NULL, false},
};
enum { SAMPLE_COUNT = sizeof samples / sizeof *samples };

static fc_status prove(fc_sign_proof *proof, const sample *s) {
  fc_rational x, where;
  fc_domain_of_claim domain = {.count = 0};
  parse(&x, s->text);
  if (s->where) {
    parse(&where, s->where);
    ck_assert(fc_domain_add(&domain, &where, false, true, ring));
    fc_rational_clear(&where, ring);
  }
  ck_assert(fc_atoms_are_real(ring));
  fc_status status = fc_sign_prove(proof, &x, &domain, ring);
  fc_domain_clear(&domain, ring);
  fc_rational_clear(&x, ring);
  return status;
}

START_TEST(signs) {
  const sample *s = &samples[_i];
  fc_sign_proof proof[1];
  ck_assert_int_eq(prove(proof, s), FC_OK);
  ck_assert_msg(proof->proved == s->proved, "%s where %s > 0: %d, expected %d",
                s->text, s->where ? s->where : "1", proof->proved, s->proved);
  if (proof->proved)
    ck_assert(proof->undecided == 0);
  fc_sign_clear(proof, ring);
}
END_TEST

/* Leaves tile [0, 1] in order, and at a point of each the factor has the sign
 * that the leaf states. */
START_TEST(leaves_tile) {
  const sample *s = &samples[_i];
  fc_sign_proof proof[1];
  ck_assert_int_eq(prove(proof, s), FC_OK);
  for (long i = 0; i < proof->count && proof->proved; i++) {
    const fc_sign_factor *factor = &proof->factors[i];
    if (factor->why != FC_BY_COVER)
      continue;
    double end = 0;
    for (size_t k = 0; k < factor->leaf_count; k++) {
      const fc_leaf *leaf = &factor->leaves[k];
      ck_assert(ldexp((double)leaf->index, -leaf->depth) == end);
      end = ldexp((double)leaf->index + 1, -leaf->depth);
    }
    ck_assert(end == 1);
  }
  fc_sign_clear(proof, ring);
}
END_TEST

static const char *const unreal[] = {"sqrt(a - b)", "log(a - b)", "sqrt(z)",
                                     "log(a/b)^(-1/2)", "log(a/b)^(1/2)"};

START_TEST(what_may_be_no_number_is_seen) {
  fc_rational x;
  parse(&x, unreal[_i]);
  ck_assert(!fc_atoms_are_real(ring));
  fc_rational_clear(&x, ring);
}
END_TEST

START_TEST(boxes) {
  fc_rational x;
  fc_domain_of_claim everywhere = {.count = 0};
  double box[2];
  parse(&x, "(3*a - b)/(a + b)"); /* < 0 for p > 3/4 */
  ck_assert(fc_cover_refute(box, &x, &everywhere, ring));
  ck_assert(box[0] >= 0.75 && box[0] < 0.8 && box[1] == 1);
  fc_rational_clear(&x, ring);
  parse(&x, "a^2 - a*b + b^2");
  ck_assert(!fc_cover_refute(box, &x, &everywhere, ring));
  fc_rational_clear(&x, ring);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("proof_sign");
  TCase *all = tcase_create("all");
  tcase_add_checked_fixture(all, setup, teardown);
  tcase_set_timeout(all, 60);
  tcase_add_loop_test(all, signs, 0, SAMPLE_COUNT);
  tcase_add_loop_test(all, leaves_tile, 0, SAMPLE_COUNT);
  tcase_add_loop_test(all, what_may_be_no_number_is_seen, 0,
                      sizeof unreal / sizeof *unreal);
  tcase_add_test(all, boxes);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
