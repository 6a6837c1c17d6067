/* lib/target: distribution functions and quantiles on the line.
 *
 * Judges: the derivative of F by quadrature of p_t = exp(log p_t) (the
 * density's own code), complements and reflections, mpmath's quadrature, closed
 * forms at both ends, and Q(F(x)) = x. */
#include "schedule/schedule.h"
#include "targets.h"

#include <math.h>

static const size_t lines[] = {0, 1, 5, 6, 7, 8, 9};
#define LINES (int)(sizeof lines / sizeof *lines)

static void cdf_at(fc_ptr below, fc_ptr above, probe *p, const char *point) {
  fc_error error;
  probe_text(p, point, FC_WANT_LOG_DENSITY);
  if (fc_posterior_cdf(below, above, p->posterior, p->a, p->b, p->x, &error))
    ck_abort_msg("%s at %s", error.message, point);
}

/* F(x + h) - F(x) = int_x^{x+h} p_t by Gauss's rule with 3 points (h = 1/64).
 */
static double gauss(probe *p, double from, double h) {
  static const double node[3] = {-0.7745966692414834, 0, 0.7745966692414834},
                      weight[3] = {5.0 / 9, 8.0 / 9, 5.0 / 9};
  double sum = 0;
  for (int i = 0; i < 3; i++) {
    fc_set_d(p->x, from + h / 2 * (1 + node[i]), &p->ctx);
    fc_posterior_eval(p->posterior, p->a, p->b, p->x, FC_WANT_LOG_DENSITY);
    sum += weight[i] * exp(fc_get_d(p->value->log_density, &p->ctx));
  }
  return sum * h / 2;
}

START_TEST(density_is_the_derivative) {
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  fc_target *target = zoo(lines[_i]);
  probe p;
  probe_init(&p, target, &ctx);
  fc_num below, above, next, rest;
  const char *const points[][2] = {
      {"1/2 1/2 -1", "1/2 1/2 -63/64"}, {"1/2 1/2 1/4", "1/2 1/2 17/64"},
      {"1/4 3/4 1/2", "1/4 3/4 33/64"}, {"1 1/8 2", "1 1/8 129/64"},
      {"2 0 1", "2 0 65/64"},
  };
  for (int i = 0; i < 5; i++) {
    cdf_at(below, above, &p, points[i][0]);
    double x = fc_get_d(p.x, &ctx);
    cdf_at(next, rest, &p, points[i][1]);
    double gain = gauss(&p, x, 1.0 / 64);
    double rise = fc_get_d(next, &ctx) - fc_get_d(below, &ctx);
    ck_assert_double_eq_tol(rise, gain, 1e-11);
    ck_assert_double_eq_tol(fc_get_d(below, &ctx) + fc_get_d(above, &ctx), 1,
                            1e-14);
    ck_assert_double_eq_tol(fc_get_d(next, &ctx) + fc_get_d(rest, &ctx), 1,
                            1e-14);
  }
  probe_clear(&p);
  fc_target_free(target);
}
END_TEST

/* Made with python3-mpmath 1.3.0 at 60 digits, mp.quad of
 * nu(y) erfc(-+(x - b y)/(a sqrt 2))/2 over each piece cut at multiples of the
 * widths, 35 digits kept: P(X_t <= x), P(X_t > x). */
static const struct {
  const char *target, *point, *below, *above;
} goldens[] = {
#include "cdf_goldens.inc"
};
#define GOLDENS (int)(sizeof goldens / sizeof *goldens)

static void check_value(fc_srcptr got, const char *text, const fc_ctx *ctx,
                        long bits) {
  fc_ctx fine;
  fc_num wanted;
  mpfr_t value;
  fc_ctx_init_mpfr(&fine, 200);
  fc_init(wanted, &fine);
  mpfr_init2(value, 200);
  mpfr_set_str(value, text, 10, MPFR_RNDN);
  fc_set_mpfr(wanted, value, &fine);
  expect_close(got, ctx, wanted, &fine, bits, 0, text);
  if (ctx->kind == FC_ARB) {
    mpfr_t mid, rad;
    mpfr_init2(mid, 400);
    mpfr_init2(rad, 64);
    fc_get_enclosure(mid, rad, got, ctx);
    mpfr_sub(mid, mid, value, MPFR_RNDZ);
    mpfr_mul_d(value, value, 1e-34, MPFR_RNDU); /* the golden's own error */
    mpfr_add(rad, rad, value, MPFR_RNDU);
    ck_assert_msg(mpfr_cmpabs(mid, rad) <= 0, "%s", text);
    mpfr_clears(mid, rad, (mpfr_ptr)0);
  }
  mpfr_clear(value);
  fc_clear(wanted, &fine);
}

START_TEST(match_mpmath) {
  fc_target *target = pieces(goldens[_i].target);
  fc_ctx list[3];
  fc_ctx_init_double(list);
  fc_ctx_init_mpfr(list + 1, 120);
  int count = fc_ctx_init_arb(list + 2, 120, NULL) ? 2 : 3;
  for (int k = 0; k < count; k++) {
    probe p;
    fc_num below, above;
    probe_init(&p, target, list + k);
    fc_init(below, list + k);
    fc_init(above, list + k);
    cdf_at(below, above, &p, goldens[_i].point);
    check_value(below, goldens[_i].below, list + k, k ? 90 : 40);
    check_value(above, goldens[_i].above, list + k, k ? 90 : 40);
    fc_clear(below, list + k);
    fc_clear(above, list + k);
    probe_clear(&p);
  }
  fc_target_free(target);
}
END_TEST

/* Q(F(x)) = x, in balls with x inside. */
START_TEST(quantile_inverts) {
  fc_ctx list[3];
  fc_ctx_init_double(list);
  fc_ctx_init_mpfr(list + 1, 120);
  int count = fc_ctx_init_arb(list + 2, 100, NULL) ? 2 : 3;
  fc_target *target = zoo(lines[_i]);
  const char *const points[] = {"1/2 1/2 1/3", "1/2 1/2 -3", "1/4 3/4 1/2",
                                "1 0 -1/5"};
  for (int k = 0; k < count; k++)
    for (int i = 0; i < 4; i++) {
      const fc_ctx *ctx = list + k;
      probe p;
      fc_error error;
      fc_num below, above, x;
      probe_init(&p, target, ctx);
      fc_init(below, ctx);
      fc_init(above, ctx);
      fc_init(x, ctx);
      cdf_at(below, above, &p, points[i]);
      if (fc_posterior_quantile(x, p.posterior, p.a, p.b, below, above, &error))
        ck_abort_msg("%s at %s", error.message, points[i]);
      expect_close(x, ctx, p.x, ctx, k ? 80 : 40, 0.1, points[i]);
      if (ctx->kind == FC_ARB) {
        fc_sub(x, x, p.x, ctx);
        ck_assert(fc_is_zero(x, ctx) != FC_FALSE);
        ck_assert(fc_is_finite(x, ctx));
      }
      fc_clear(below, ctx);
      fc_clear(above, ctx);
      fc_clear(x, ctx);
      probe_clear(&p);
    }
  fc_target_free(target);
}
END_TEST

/* x = the quantile at a level that is written down. */
static void quantile_at(fc_ptr x, probe *p, const char *point,
                        const char *level) {
  const fc_ctx *ctx = &p->ctx;
  fc_error error;
  fc_time share;
  fc_formula *written = NULL;
  fc_time_init(&share, ctx);
  probe_text(p, point, 0);
  ck_assert(fc_constant_parse(&written, level, NULL, &error) == FC_OK);
  ck_assert(fc_time_set(&share, written, ctx) == FC_OK);
  if (fc_posterior_quantile(x, p->posterior, p->a, p->b, share.t, share.r,
                            &error))
    ck_abort_msg("%s at %s, %s", error.message, point, level);
  fc_formula_free(written);
  fc_time_clear(&share, ctx);
}

/* Far tails, and next to both ends of time: the three arithmetics agree. */
START_TEST(tails_agree) {
  static const char *const points[] = {"1e-10 1 0", "1/2 1/2 0", "1 1e-10 0"},
                           *const levels[] = {"1e-300", "1/100", "1-10^-40"};
  fc_ctx list[3];
  fc_ctx_init_double(list);
  fc_ctx_init_mpfr(list + 1, 100);
  int count = fc_ctx_init_arb(list + 2, 120, NULL) ? 2 : 3;
  fc_target *target = zoo(lines[_i]);
  for (int i = 0; i < 3; i++) {
    fc_num x[3];
    for (int k = 0; k < count; k++) {
      probe p;
      probe_init(&p, target, list + k);
      fc_init(x[k], list + k);
      quantile_at(x[k], &p, points[i], levels[i]);
      probe_clear(&p);
    }
    for (int k = 0; k < count - 1; k++)
      expect_close(x[k], list + k, x[count - 1], list + count - 1, k ? 90 : 40,
                   1e-3, levels[i]);
    for (int k = 0; k < count; k++)
      fc_clear(x[k], list + k);
  }
  fc_target_free(target);
}
END_TEST

/* The kink of exp(-|x - 1/3|)/2 is the quantile of 1/2, and no number of any
 * arithmetic: next to it F(1/3 + h) = 1 - exp(-h)/2, F(1/3 - h) = exp(-h)/2,
 * for h far below what binary64 can tell apart. */
START_TEST(quantiles_at_a_kink) {
  static const struct {
    const char *level, *wanted;
  } rows[] = {{"1/2", "1/3"},
              {"1/2 + 2^(-90)", "1/3 - log(1 - 2^(-89))"},
              {"1/2 - 2^(-70)", "1/3 + log(1 - 2^(-69))"},
              {"3/4", "1/3 + log(2)"}};
  fc_ctx list[3];
  fc_ctx_init_mpfr(list, 128);
  fc_ctx_init_mpfr(list + 1, 300);
  int count = fc_ctx_init_arb(list + 2, 128, NULL) ? 2 : 3;
  fc_target *target = density("abs(x - 1/3)", NULL, NULL);
  for (int k = 0; k < count; k++) {
    fc_num x, wanted;
    probe p;
    probe_init(&p, target, list + k);
    fc_init(x, list + k);
    fc_init(wanted, list + k);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
      fc_formula *written = constant_of(rows[i].wanted);
      ck_assert_int_eq(fc_constant_eval(wanted, written, list + k), FC_OK);
      fc_formula_free(written);
      quantile_at(x, &p, "0 1 0", rows[i].level);
      fc_sub(x, x, wanted, list + k);
      if (k == 2)
        ck_assert_int_ne(fc_is_zero(x, list + k), FC_FALSE);
      ck_assert_double_le(fabs(fc_get_d(x, list + k)),
                          ldexp(1, 4 - (int)list[k].precision));
    }
    fc_clear(x, list + k);
    fc_clear(wanted, list + k);
    probe_clear(&p);
  }
  fc_target_free(target);
}
END_TEST

/* Narrow modes with a gap where p_t < 10^-300: the quantile of 1/2 lies in it,
 * those of 1/4 and 3/4 at the modes. */
START_TEST(quantiles_across_a_gap) {
  fc_target *target = isotropic(1, NULL, "-6 6", "0.03 0.03");
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 100);
  probe p;
  fc_error error;
  fc_num x, one, share, rest;
  probe_init(&p, target, &ctx);
  fc_init(x, &ctx);
  fc_init(one, &ctx);
  fc_init(share, &ctx);
  fc_init(rest, &ctx);
  probe_text(&p, "0 1 0", 0);
  fc_set_si(one, 1, &ctx);
  for (int quarter = 1; quarter < 4; quarter++) {
    static const double wanted[4] = {0, -6, 0, 6};
    fc_mul_si(share, one, quarter, &ctx);
    fc_div_si(share, share, 4, &ctx);
    fc_sub(rest, one, share, &ctx);
    if (fc_posterior_quantile(x, p.posterior, p.a, p.b, share, rest, &error))
      ck_abort_msg("%s", error.message);
    ck_assert_double_eq_tol(fc_get_d(x, &ctx), wanted[quarter],
                            quarter == 2 ? 5 : 1e-20);
  }
  fc_clear(x, &ctx);
  fc_clear(one, &ctx);
  fc_clear(share, &ctx);
  fc_clear(rest, &ctx);
  probe_clear(&p);
  fc_target_free(target);
}
END_TEST

START_TEST(ends) {
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  fc_num below, above;
  fc_init(below, &ctx);
  fc_init(above, &ctx);
  static const struct {
    const char *target, *point;
    double below;
  } known[] = {
      {"1 - - 0 4", "0 1 1", 0.25},
      {"1 - - 0 4", "0 1 -1", 0},
      {"1 - - 0 4", "0 1/2 3", 1},
      {"1 0 1 0 -", "0 1 1", 0.68268949213708589717},
      {"1 0 1 - 0", "0 1 -1", 0.31731050786291410283},
      {"1 - - 0 4", "1 0 1", 0.84134474606854294859},
      {"1/4 - - 0 1 3/4 - - 2 3", "0 1 3/2", 0.25},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    fc_target *target = pieces(known[i].target);
    probe p;
    probe_init(&p, target, &ctx);
    cdf_at(below, above, &p, known[i].point);
    ck_assert_double_eq_tol(fc_get_d(below, &ctx), known[i].below, 1e-15);
    ck_assert_double_eq_tol(fc_get_d(above, &ctx), 1 - known[i].below, 1e-15);
    probe_clear(&p);
    fc_target_free(target);
  }
}
END_TEST

START_TEST(atoms_step) {
  fc_target *target = zoo(5); /* 1/4 at -1, 3/4 at 1 */
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  probe p;
  fc_num below, above;
  fc_error error;
  probe_init(&p, target, &ctx);
  cdf_at(below, above, &p, "0 1 0");
  ck_assert_double_eq(fc_get_d(below, &ctx), 0.25);
  cdf_at(below, above, &p, "0 1 1"); /* P(X <= 1) */
  ck_assert_double_eq(fc_get_d(below, &ctx), 1);
  ck_assert_double_eq(fc_get_d(above, &ctx), 0);
  ck_assert_int_eq(
      fc_posterior_quantile(below, p.posterior, p.a, p.b, below, below, &error),
      FC_UNSUPPORTED);
  probe_clear(&p);
  fc_target_free(target);
}
END_TEST

START_TEST(refusals) {
  fc_target *plane = zoo(2), *line = zoo(0);
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  probe p, q;
  fc_num zero, one;
  fc_error error;
  fc_init(zero, &ctx);
  fc_init(one, &ctx);
  fc_set_si(one, 1, &ctx);
  probe_init(&p, plane, &ctx);
  probe_init(&q, line, &ctx);
  probe_text(&p, "1 1 0 0", 0);
  probe_text(&q, "1 1 0", 0);
  ck_assert_int_eq(
      fc_posterior_cdf(zero, zero, p.posterior, p.a, p.b, p.x, &error),
      FC_SHAPE);
  ck_assert_int_eq(
      fc_posterior_quantile(zero, p.posterior, p.a, p.b, zero, one, &error),
      FC_SHAPE);
  ck_assert_int_eq(
      fc_posterior_quantile(zero, q.posterior, q.a, q.b, zero, one, &error),
      FC_DOMAIN);
  ck_assert_int_eq(
      fc_posterior_quantile(one, q.posterior, q.a, q.b, one, zero, &error),
      FC_DOMAIN);
  probe_clear(&p);
  probe_clear(&q);
  fc_target_free(plane);
  fc_target_free(line);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("cdf");
  TCase *c = tcase_create("cdf");
  tcase_set_timeout(c, 200);
  tcase_add_loop_test(c, density_is_the_derivative, 0, LINES);
  tcase_add_loop_test(c, match_mpmath, 0, GOLDENS);
  tcase_add_loop_test(c, quantile_inverts, 0, LINES);
  tcase_add_loop_test(c, tails_agree, 0, LINES);
  tcase_add_test(c, quantiles_across_a_gap);
  tcase_add_test(c, quantiles_at_a_kink);
  tcase_add_test(c, ends);
  tcase_add_test(c, atoms_step);
  tcase_add_test(c, refusals);
  suite_add_tcase(suite, c);
  return run_suite(suite);
}
