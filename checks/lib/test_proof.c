/* Proofs of bounds on C and grad v: every elementary bound against the
 * posterior itself, what must be proved, and false bounds, which must not be.
 */
#include <math.h>
#include <stdio.h>

#include "targets.h"

#include "base/text.h"
#include "claims/bound.h"
#include "claims/proving.h"
#include "instances.h"
#include "matrix/matrix.h"
#include "proof/model.h"
#include "proof/proof.h"
#include "proof_statements.h"

/* --- laws ------------------------------------------------------------------
 */

/* Of the first all statements are proved, of tilted ones not all. */
enum { LAWS = 19, ALL_LAWS = 22 };

static fc_target *law(int i) {
  switch (i - ZOO_SIZE) {
  case 0:
    return isotropic(1, "1/3 2/3", "-1 1/2", "1 1"); /* unit: L */
  case 1:
    return isotropic(2, NULL, "1 0 -1/2 1 -1/2 -3/2", "1 1 1");
  case 2:
    return isotropic(2, NULL, "0 0 2 0 1 3/2", "0 0 0");
  case 3:
    return pieces("1 1/2 3/4 0 -"); /* half a normal law */
  case 4:
    return isotropic(3, NULL, "1 2 -1/2", "1/3");
  case 5:
    return product(isotropic(1, NULL, "-1 1", "1/2 1/2"),
                   isotropic(2, NULL, "0 1", "3/4"));
  case 6: /* kappa = 0: R = sigma = 1 */
    return isotropic(1, NULL, "-1 1", "1 1");
  case 7:
    return tilted_by("-abs(x)");
  case 8:
    return tilted_by("abs(x)/2");
  case 9:
    return tilted_by("abs(x - 1) - abs(x)/2");
  default:
    return zoo((size_t)i);
  }
}

/* --- the bounds of model.c against the posterior -------------------------- */

enum { POINTS = 40 };

/* Random numbers in balls: a, b > 0 over many scales, x about the support. */
static void choose_point(probe *p, generator *g) {
  fc_set_si(p->a, next_long(g, 1, 1000), &p->ctx);
  fc_mul_2exp_si(p->a, p->a, -next_long(g, 4, 16), &p->ctx);
  fc_set_si(p->b, next_long(g, 1, 1000), &p->ctx);
  fc_mul_2exp_si(p->b, p->b, -next_long(g, 4, 16), &p->ctx);
  for (size_t i = 0; i < p->d; i++) {
    fc_set_si(p->x + i, next_long(g, -3000, 3000), &p->ctx);
    fc_mul_2exp_si(p->x + i, p->x + i, -10, &p->ctx);
    fc_mul(p->x + i, p->x + i, p->b, &p->ctx);
  }
}

/* The value of a formula at the probe's a, b and the ring's constants. */
static void bound_at(fc_interval *z, const char *text, fc_ring *ring,
                     const probe *p) {
  fc_interval values[FC_RING_SYMBOLS], bottom;
  fc_rational x;
  fc_error error = {.message = ""};
  int bit = 0;
  long bits = mpfr_get_prec(z->lower);
  fc_rational_init(&x, ring);
  ck_assert_msg(fc_rational_read(&x, text, 0, &bit, NULL, ring, &error) ==
                    FC_OK,
                "%s: %s", text, error.message);
  for (int i = 0; i < FC_RING_SYMBOLS; i++)
    fc_interval_init(&values[i], bits);
  fc_interval_init(&bottom, bits);
  fc_interval_set_number(&values[FC_A], p->a, &p->ctx);
  fc_interval_set_number(&values[FC_B], p->b, &p->ctx);
  fc_ring_enclose(values, ring);
  fc_polynomial_enclose(z, x.top, values, ring);
  fc_polynomial_enclose(&bottom, x.bottom, values, ring);
  fc_interval_div(z, z, &bottom);
  for (int i = 0; i < FC_RING_SYMBOLS; i++)
    fc_interval_clear(&values[i]);
  fc_interval_clear(&bottom);
  fc_rational_clear(&x, ring);
}

/* low, high = extreme eigenvalues of the block of C from `from` on, length n.
 */
static void eigenvalues(fc_interval *low, fc_interval *high, const probe *p,
                        size_t from, size_t n) {
  fc_ptr C = fc_vec_new(n * n, &p->ctx), values = fc_vec_new(n, &p->ctx);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      fc_set(C + i * n + j, p->value->covariance + (from + i) * p->d + from + j,
             &p->ctx);
  ck_assert_int_eq(fc_matrix_eigen(values, NULL, C, n, &p->ctx), FC_OK);
  fc_interval_set_number(low, values, &p->ctx);
  fc_interval_set_number(high, values + n - 1, &p->ctx);
  fc_vec_free(C, n * n, &p->ctx);
  fc_vec_free(values, n, &p->ctx);
}

/* A bound that the posterior certainly breaks: false. */
static void check_models(const fc_models *models, fc_ring *ring, const probe *p,
                         size_t from, size_t n) {
  fc_interval low, high, bound;
  fc_interval_init(&low, 128);
  fc_interval_init(&high, 128);
  fc_interval_init(&bound, 128);
  eigenvalues(&low, &high, p, from, n);
  for (int i = 0; i < models->count; i++) {
    const fc_model *model = &models->items[i];
    bound_at(&bound, model->text, ring, p);
    if (model->upper)
      ck_assert_msg(mpfr_lessequal_p(high.lower, bound.upper) ||
                        !fc_interval_is_known(&bound) ||
                        mpfr_sgn(bound.lower) <= 0,
                    "C <= %s", model->text);
    else
      ck_assert_msg(mpfr_lessequal_p(bound.lower, low.upper), "C >= %s",
                    model->text);
  }
  fc_interval_clear(&low);
  fc_interval_clear(&high);
  fc_interval_clear(&bound);
}

START_TEST(elementary_bounds_hold) {
  fc_target *target = law(_i);
  generator g = {(uint64_t)_i + 1};
  fc_ctx balls[1];
  probe p[1];
  ck_assert_int_eq(fc_ctx_init_arb(balls, 256, NULL), FC_OK);
  probe_init(p, target, balls);
  size_t factors = fc_target_factor_count(target), from = 0;
  for (size_t f = 0; f < (factors ? factors : 1); f++) {
    size_t n = factors ? fc_target_dimension(fc_target_factor(target, f))
                       : fc_target_dimension(target);
    fc_ring ring[1];
    fc_models models[1];
    fc_error error = {.message = ""};
    fc_ring_init(ring);
    ck_assert_msg(fc_models_make(models, ring, target, factors ? f + 1 : 0,
                                 false, &error) == FC_OK,
                  "%s", error.message);
    ck_assert_int_gt(models->count, 0);
    for (int k = 0; k < POINTS; k++) {
      choose_point(p, &g);
      if (fc_posterior_eval(p->posterior, p->a, p->b, p->x,
                            FC_WANT_COVARIANCE) == FC_OK)
        check_models(models, ring, p, from, n);
    }
    fc_ring_clear(ring);
    from += n;
  }
  probe_clear(p);
  fc_target_free(target);
}
END_TEST

/* --- what must be proved ----------------------------------------------------
 */

START_TEST(statements_are_proved) {
  fc_target *target = law(_i);
  for (int k = 0; k < STATEMENT_COUNT; k++) {
    const fc_bound_statement *s = &statements[k];
    fc_bound_proof proof[1];
    fc_certificate certificate[1];
    fc_error error = {.message = ""};
    if (!applies(s, target))
      continue;
    fc_certificate_init(certificate);
    ck_assert_msg(fc_prove_covariance_bound(proof, certificate, s, target,
                                            &error) == FC_OK,
                  "%s", error.message);
    ck_assert_msg(proof->outcome == FC_OUTCOME_PROVED, "law %d: %s %s: %s", _i,
                  s->upper ? "<=" : ">=", s->formula, proof->reason);
    ck_assert_uint_gt(certificate->case_count, 0);
    fc_certificate_clear(certificate);
  }
  fc_target_free(target);
}
END_TEST

/* --- false bounds ----------------------------------------------------------
 */

/* Every second edit of every statement, which ones depends on the law: none
 * that is broken at a point is proved. */
START_TEST(no_false_bound_is_proved) {
  fc_target *target = law(_i);
  generator g = {(uint64_t)_i + 77};
  int broken = 0, proved = 0, all = 0;
  for (int k = 0; k < STATEMENT_COUNT; k++) {
    if (!applies(&statements[k], target) || statements[k].late_formula)
      continue;
    for (int edit = _i % 2;; edit += 2) {
      fc_bound_statement s = statements[k];
      fc_bound_proof proof[1];
      fc_text text[1];
      fc_text_init(text);
      bool edited = mutate(text, s.formula, edit);
      if (edited) {
        s.formula = text->data;
        all++;
        ck_assert_int_eq(
            fc_prove_covariance_bound(proof, NULL, &s, target, NULL), FC_OK);
        bool is_false = is_broken(&s, target, &g);
        broken += is_false;
        proved += proof->outcome == FC_OUTCOME_PROVED;
        ck_assert_msg(!is_false || proof->outcome != FC_OUTCOME_PROVED,
                      "law %d: %s %s", _i, s.upper ? "<=" : ">=", s.formula);
      }
      fc_text_clear(text);
      if (!edited)
        break;
    }
  }
  /* Most edits make a statement false or leave the invariant form. */
  ck_assert_int_lt(proved, all);
  ck_assert_int_gt(broken, 0);
  fc_target_free(target);
}
END_TEST

/* Bounds that are false by a hair, or in a corner that no sample finds. */
typedef struct planted {
  int law;
  fc_bound_statement statement;
} planted;

#define UPPER(formula)                                                         \
  { true, false, formula, NULL, NULL, NULL }
#define LOWER(formula)                                                         \
  { false, false, formula, NULL, NULL, NULL }
#define TIGHTER(bound) "(" bound ") - (b*omega/a^3)*a^4/(a^2 + b^2)^2/2^40"

static const planted plants[] = {
    {0, UPPER(TIGHTER("a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER))},
    {0, UPPER("a*b*omega*0.9999999*R^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER)},
    {0,
     {true, false, KAPPA_BOUND, NULL, NULL, NULL}}, /* everywhere: infinite */
    {0, {true, false, KAPPA_BOUND, "kappa + 2*b^2/a^2", NULL, NULL}},
    {0,
     {true, true, "1/(kappa + 1.0001*b^2/a^2)", "kappa + b^2/a^2", NULL, NULL}},
    {0, {false, true, "1/(beta + 0.9999*b^2/a^2)", NULL, NULL, NULL}},
    {4, {false, true, "1/(beta + 0.9999*b^2/a^2)", NULL, NULL, NULL}},
    {5, UPPER("b*omega*0.99999*(diam_nu/2)^2/a^3 + da/a")},
    {6, {true, true, "1/(kappa + 1.0001*b^2/a^2)", NULL, NULL, NULL}},
    {6, UPPER("a*omega*D^2/b^3 + da/a")},
    /* no real number where b > a */
    {6, UPPER("b*omega*D^2/a^3 + da/a + omega*sqrt(a - b)")},
    {12, LOWER(CAPITAL_K "*(" CAPITAL_B " + L^2*b^2/(a^2 + b^2)^2) + " GAUSS)},
    {12, UPPER("da/a + b*omega/a^3*(" TAU ")^2")},
    {18, UPPER("a*b*omega*R^2/(a^2 + sigma^2*b^2)^2*0.99 + " D_LOWER)},
    {18, {true, false, "1/(a^2 - a^2)", NULL, NULL, NULL}},
    {0, LOWER("da/a*2")},
    {0, LOWER("da^2/a")},
    {0, UPPER("db/b")},
    {10, UPPER("a*b*omega*sigma^2/(a^2 + b^2)^2")},
};

START_TEST(planted_bounds_are_not_proved) {
  const planted *p = &plants[_i];
  fc_target *target = law(p->law);
  fc_bound_proof proof[1];
  fc_status status =
      fc_prove_covariance_bound(proof, NULL, &p->statement, target, NULL);
  ck_assert_msg(status != FC_OK || proof->outcome != FC_OUTCOME_PROVED,
                "law %d: %s", p->law, p->statement.formula);
  fc_target_free(target);
}
END_TEST

/* Exact suprema refute, with a box. */
START_TEST(exact_bounds_refute) {
  static const planted falsehoods[] = {
      {0, UPPER("a*b*omega*0.99*R^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER)},
      {0, LOWER("1.01*omega*b/a^3*sigma^2*a^2/(a^2+sigma^2*b^2) + da/a")},
      {16, UPPER("omega*b/(a*(1.001*kappa*a^2+b^2)) + da/a")},
      {5, UPPER("b*omega*0.99*(diam_nu/2)^2/a^3 + da/a")},
  };
  for (size_t i = 0; i < sizeof falsehoods / sizeof *falsehoods; i++) {
    fc_target *target = law(falsehoods[i].law);
    fc_bound_proof proof[1];
    ck_assert_int_eq(fc_prove_covariance_bound(
                         proof, NULL, &falsehoods[i].statement, target, NULL),
                     FC_OK);
    ck_assert_msg(proof->outcome == FC_OUTCOME_REFUTED, "%zu: %s", i,
                  fc_outcome_name(proof->outcome));
    ck_assert(proof->box[0] < proof->box[1]);
    fc_target_free(target);
  }
}
END_TEST

/* --- one bound from another ------------------------------------------------
 */

START_TEST(weaker_bounds_are_implied) {
  static const struct {
    fc_bound_statement weaker, stronger;
    bool implied;
  } pairs[] = {
      {UPPER("b*omega*1.01*D^2/a^3 + da/a"), UPPER("b*omega*D^2/a^3 + da/a"),
       true},
      {UPPER("b*omega*D^2/a^3 + da/a"), UPPER("b*omega*1.01*D^2/a^3 + da/a"),
       false},
      {LOWER("da/a"), LOWER("b*omega*D^2/a^3 + da/a"), true},
      {UPPER("omega*D^2 + db/b"), UPPER("omega*D^2 + da/a"), true},
      {LOWER("omega*D^2 + db/b"), LOWER("omega*D^2 + da/a"), false},
      {UPPER("da/a"), UPPER("2*da/a"), false}, /* a' of any sign */
  };
  fc_target *target = law(6);
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    fc_bound_proof proof[1];
    ck_assert_int_eq(fc_prove_implied(proof, &pairs[i].weaker,
                                      &pairs[i].stronger, target, NULL),
                     FC_OK);
    ck_assert_msg((proof->outcome == FC_OUTCOME_PROVED) == pairs[i].implied,
                  "%zu", i);
  }
  fc_target_free(target);
}
END_TEST

/* --- what a proof does to a record -----------------------------------------
 */

static fc_status count_certificate(void *sink,
                                   const fc_certificate *certificate) {
  ck_assert_ptr_nonnull(certificate->domain);
  ++*(int *)sink;
  return FC_OK;
}

/* A true and a false claim, as if a search had given each verdict. */
START_TEST(records_and_proofs) {
  static const fc_check check = {.id = "test.proof"};
  static const fc_bound_detail detail = {.side = FC_LARGEST};
  static const char *const formulas[] = {"b*omega*D^2/a^3 + da/a", "da/a"};
  static const fc_verdict verdicts[] = {FC_VERDICT_HOLDS, FC_VERDICT_ATTAINED,
                                        FC_VERDICT_VIOLATED,
                                        FC_VERDICT_INCONCLUSIVE};
  fc_instance *instance =
      instance_of("family: uniform-box, lower: 0, upper: 1", "linear");
  for (int i = 0; i < 24; i++) {
    const fc_claim claim = {.name = "x",
                            .relation = "<=",
                            .formula = formulas[i % 2],
                            .detail = &detail};
    int certificates = 0;
    const fc_job job = {.check = &check,
                        .instance = instance,
                        .schedule = instance->schedules[0],
                        .tier = i / 8 == 0 ? FC_TIER_MPFR : FC_TIER_CERTIFIED,
                        .precision = 128,
                        .certify = i / 8 == 2 ? count_certificate : NULL,
                        .sink = &certificates};
    fc_verdict verdict = verdicts[i / 2 % 4];
    bool tried = i / 8 > 0 && i % 2 == 0 && verdict != FC_VERDICT_INCONCLUSIVE,
         proved = tried && verdict != FC_VERDICT_VIOLATED;
    fc_record record;
    fc_record_init(&record);
    record.verdict = verdict;
    record.basis = FC_BASIS_MPFR;
    ck_assert_int_eq(fc_prove_bound_claim(&record, &job, &claim), FC_OK);
    ck_assert_int_eq(record.verdict,
                     tried && !proved ? FC_VERDICT_ERROR : verdict);
    ck_assert_int_eq(record.basis == FC_BASIS_CERTIFIED, proved);
    ck_assert_int_eq(record.proof_domain != NULL, proved);
    ck_assert_int_eq(certificates, proved && i / 8 == 2);
    fc_record_clear(&record);
  }
  fc_instance_free(instance);
}
END_TEST

/* A proof for every schedule says nothing of one that breaks (3.2), however
 * narrow the place: omega < 0, b < 0, a < 0. */
START_TEST(only_schedules_of_the_paper_are_covered) {
  static const struct {
    const char *schedule;
    bool covered;
  } cases[] = {
      {"linear", true},
      {"{name: custom, a: 1-t^2, b: t*(2-t)}", true},
      {"{name: custom, a: 1-t, b: 't - t*(1-t)/50*exp(-(1000*t-637)^2)'}",
       false},
      {"{name: custom, a: 1-t, b: 't - 2*t*exp(-(10000*t-10)^2)'}", false},
      {"{name: custom, a: '(1-t)*(1 - 2*exp(-(10000*t-6370)^2))', b: t}",
       false},
      {"{name: custom, a: '(1-t)*(1-4*t^2)^2', b: t}", false}, /* a = 0 */
  };
  static const fc_check check = {.id = "test.proof"};
  static const fc_bound_detail detail = {.side = FC_LARGEST};
  static const fc_claim claim = {.name = "x",
                                 .relation = "<=",
                                 .formula = "b*omega*D^2/a^3 + da/a",
                                 .detail = &detail};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fc_instance *instance = instance_of(
        "family: uniform-box, lower: 0, upper: 1", cases[i].schedule);
    const fc_job job = {.check = &check,
                        .instance = instance,
                        .schedule = instance->schedules[0],
                        .tier = FC_TIER_CERTIFIED,
                        .precision = 128};
    fc_record record;
    fc_record_init(&record);
    record.verdict = FC_VERDICT_HOLDS;
    record.basis = FC_BASIS_MPFR;
    ck_assert_int_eq(fc_prove_bound_claim(&record, &job, &claim), FC_OK);
    ck_assert_msg((record.basis == FC_BASIS_CERTIFIED) == cases[i].covered,
                  "%s", cases[i].schedule);
    fc_record_clear(&record);
    fc_instance_free(instance);
  }
}
END_TEST

/* True from u = 1/10 on only. */
#define FALSE_EARLY                                                            \
  "da/a + b*omega/a^3*(99/100 + b^2/a^2)*(sigma^2*a^2/(a^2 + sigma^2*b^2) + "  \
  "R^2*a^4/(a^2 + sigma^2*b^2)^2)"

/* What a proof makes of a record that a search said `holds` of. */
START_TEST(refuted_claims_do_not_hold) {
  static const struct {
    const char *schedule, *relation, *formula;
    fc_verdict after;
    bool certified;
  } cases[] = {
      {"linear", "<=", FALSE_EARLY, FC_VERDICT_INCONCLUSIVE, false},
      /* u_0 = 1/2 */
      {"ve", "<=", FALSE_EARLY, FC_VERDICT_HOLDS, false},
      {"linear", ">=", "da/a", FC_VERDICT_HOLDS, true},
      {"linear", "=", "da/a", FC_VERDICT_HOLDS, false},
      {"linear", ">=", "db/b", FC_VERDICT_INCONCLUSIVE, false},
  };
  static const fc_check check = {.id = "test.proof"};
  static const fc_bound_detail detail = {.side = FC_LARGEST};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fc_instance *instance =
        instance_of("family: gaussian-mixture, means: [-1, 1], stddev: 1/2",
                    cases[i].schedule);
    const fc_claim claim = {.name = "x",
                            .relation = cases[i].relation,
                            .formula = cases[i].formula,
                            .detail = &detail};
    const fc_job job = {.check = &check,
                        .instance = instance,
                        .schedule = instance->schedules[0],
                        .tier = FC_TIER_CERTIFIED,
                        .precision = 128};
    fc_record record;
    fc_record_init(&record);
    record.verdict = FC_VERDICT_HOLDS;
    record.basis = FC_BASIS_MPFR;
    ck_assert_int_eq(fc_prove_bound_claim(&record, &job, &claim), FC_OK);
    ck_assert_msg(record.verdict == cases[i].after, "%s, %s: %s",
                  cases[i].schedule, cases[i].formula,
                  fc_verdict_name(record.verdict));
    ck_assert_int_eq(record.basis == FC_BASIS_CERTIFIED, cases[i].certified);
    fc_record_clear(&record);
    fc_instance_free(instance);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("proof");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 100);
  tcase_add_loop_test(all, elementary_bounds_hold, 0, ALL_LAWS);
  tcase_add_loop_test(all, statements_are_proved, 0, LAWS);
  tcase_add_loop_test(all, no_false_bound_is_proved, 0, ALL_LAWS);
  tcase_add_loop_test(all, planted_bounds_are_not_proved, 0,
                      sizeof plants / sizeof *plants);
  tcase_add_test(all, exact_bounds_refute);
  tcase_add_test(all, weaker_bounds_are_implied);
  tcase_add_test(all, records_and_proofs);
  tcase_add_test(all, refuted_claims_do_not_hold);
  tcase_add_test(all, only_schedules_of_the_paper_are_covered);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
