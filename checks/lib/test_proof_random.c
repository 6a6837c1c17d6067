/* What is proved of random laws, against their posteriors at random points in
 * MPFR, for random schedules (every a, b > 0, a'/a and omega > 0 is one). */
#include "proof_statements.h"

enum { LAWS = 48, POINTS = 12, EDITS = 100 };

static void append_rational(fc_text *text, generator *g, long least, long most,
                            long denominator) {
  fc_text_printf(text, "%s%ld/%ld", text->length ? " " : "",
                 next_long(g, least, most), denominator);
}

/* Equal isotropic components, atoms among them, or unequal ones. */
static fc_target *random_isotropic(generator *g, size_t d, bool equal) {
  fc_text weights[1], means[1], spreads[1];
  long count = next_long(g, 1, 4), kind = next_long(g, 0, 3), total = 0,
       parts[4];
  fc_text_init(weights);
  fc_text_init(means);
  fc_text_init(spreads);
  for (long k = 0; k < count; k++)
    total += parts[k] = next_long(g, 1, 20);
  char spread[32];
  snprintf(spread, sizeof spread, "%s", kind == 0 ? "0" : kind == 1 ? "1" : "");
  for (long k = 0; k < count; k++) {
    append_rational(weights, g, parts[k], parts[k], total);
    for (size_t i = 0; i < d; i++)
      append_rational(means, g, -9, 9, 4);
    if ((!equal && kind) || !*spread)
      snprintf(spread, sizeof spread, "%ld/8", next_long(g, 1, 20));
    fc_text_printf(spreads, "%s%s", k ? " " : "", spread);
  }
  fc_target *target = isotropic(d, weights->data, means->data, spreads->data);
  fc_text_clear(weights);
  fc_text_clear(means);
  fc_text_clear(spreads);
  return target;
}

/* A normal or uniform law cut off, at one or both ends; "-" is none. */
static fc_target *random_cut(generator *g) {
  char text[128], ends[2][32];
  long low = next_long(g, -12, 8), kind = next_long(g, 0, 3);
  snprintf(ends[0], sizeof ends[0], "%ld/4", low);
  snprintf(ends[1], sizeof ends[1], "%ld/4", low + next_long(g, 1, 16));
  if (kind == 0)
    snprintf(text, sizeof text, "1 - - %s %s", ends[0], ends[1]);
  else
    snprintf(text, sizeof text, "1 %ld/4 %ld/4 %s %s", next_long(g, -8, 8),
             next_long(g, 1, 8), kind == 1 ? "-" : ends[0],
             kind == 2 ? "-" : ends[1]);
  return pieces(text);
}

static fc_target *random_tilted(generator *g) {
  char text[128];
  snprintf(text, sizeof text, "%ld/4*abs(x - %ld/4) + %ld/4*abs(x + %ld/4)",
           next_long(g, -8, 8), next_long(g, 0, 8), next_long(g, -8, 8),
           next_long(g, 1, 8));
  return tilted_by(text);
}

/* Two components with covariances [[p, r], [r, q]], r^2 < p q. */
static fc_target *random_full(generator *g) {
  fc_text means[1], covariances[1];
  fc_text_init(means);
  fc_text_init(covariances);
  long count = next_long(g, 1, 2);
  for (long k = 0; k < count; k++) {
    append_rational(means, g, -9, 9, 4);
    append_rational(means, g, -9, 9, 4);
    long p = next_long(g, 2, 16), q = next_long(g, 2, 16),
         r = next_long(g, -1, 1);
    fc_text_printf(covariances, "%s%ld/8 %ld/8 %ld/8 %ld/8", k ? " " : "", p, r,
                   r, q);
  }
  fc_target *target = mixture(2, NULL, means->data, covariances->data);
  fc_text_clear(means);
  fc_text_clear(covariances);
  return target;
}

static fc_target *random_law(generator *g, int kind) {
  switch (kind % 8) {
  case 0:
  case 1:
    return random_isotropic(g, 1, true);
  case 2:
    return random_isotropic(g, 2, true);
  case 3:
    return random_isotropic(g, (size_t)next_long(g, 1, 3), false);
  case 4:
    return random_cut(g);
  case 5:
    return random_tilted(g);
  case 6:
    return random_full(g);
  default:
    return product(random_law(g, (int)next_long(g, 0, 6)),
                   random_law(g, (int)next_long(g, 0, 5)));
  }
}

/* What is proved of the law is not broken in MPFR by 2^-80. */
static bool check_proved(const fc_bound_statement *s, const fc_target *target,
                         generator *g, const fc_ctx *ctx) {
  fc_bound_proof proof[1];
  ck_assert_int_eq(fc_prove_covariance_bound(proof, NULL, s, target, NULL),
                   FC_OK);
  bool proved = proof->outcome == FC_OUTCOME_PROVED;
  ck_assert_msg(!proved || !is_broken_in(s, target, POINTS, g, 0x1p-80, ctx),
                "%s %s, by %s", s->upper ? "<=" : ">=", s->formula,
                proof->argument);
  return proved;
}

START_TEST(proved_bounds_hold) {
  generator g = {(uint64_t)_i + 1000};
  fc_target *target = random_law(&g, _i);
  fc_ctx ctx[1];
  int proved = 0;
  fc_ctx_init_mpfr(ctx, 128);
  for (int k = 0; k < STATEMENT_COUNT; k++) {
    fc_bound_statement s = statements[k];
    fc_text text[1];
    if (!applies(&s, target))
      continue;
    proved += check_proved(&s, target, &g, ctx);
    fc_text_init(text);
    if (mutate(text, s.formula, (int)next_long(&g, 0, EDITS))) {
      s.formula = text->data;
      check_proved(&s, target, &g, ctx);
    }
    fc_text_clear(text);
  }
  ck_assert_int_gt(proved, 0); /* a'/a at least */
  fc_target_free(target);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("proofs of random laws");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 100);
  tcase_add_loop_test(all, proved_bounds_hold, 0, LAWS);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
