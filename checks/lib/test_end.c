/* t = 1 itself: infinite limits off the support, finite ones beside them, and
 * NaN where nothing is known.  Judged by the same quantities at 1 - t = 2^-k,
 * which other code computes, by one-dimensional factors of products, and by
 * Laplace's method written out for the uniform law. */
#include <math.h>

#include "fields.h"

#define UNIFORM "1 - - 0 1"
#define TWO_INTERVALS "1/2 - - 0 1 1/2 - - 2 3"

static size_t context_count(void) { return fc_have_arb() ? 3 : 2; }

static void make_context(fc_ctx *ctx, size_t i) {
  if (i == 0)
    fc_ctx_init_double(ctx);
  else if (i == 1)
    fc_ctx_init_mpfr(ctx, 160);
  else
    ck_assert_int_eq(fc_ctx_init_arb(ctx, 160, NULL), FC_OK);
}

/* An exact infinity of this sign: as a ball it has no radius. */
static void expect_infinite(fc_srcptr x, int sign, const fc_ctx *ctx,
                            const char *what) {
  mpfr_t mid, rad;
  mpfr_inits2(53, mid, rad, (mpfr_ptr)0);
  fc_get_mid(mid, x, ctx);
  fc_get_rad(rad, x, ctx);
  ck_assert_msg(mpfr_inf_p(mid) && mpfr_sgn(mid) * sign > 0 && !mpfr_inf_p(rad),
                "%s: %g instead of %sinfinity", what,
                mpfr_get_d(mid, MPFR_RNDN), sign < 0 ? "-" : "");
  mpfr_clears(mid, rad, (mpfr_ptr)0);
}

/* Nothing is claimed: NaN, or a ball that contains every number. */
static void expect_unknown(fc_srcptr x, const fc_ctx *ctx, const char *what) {
  mpfr_t rad;
  mpfr_init2(rad, 53);
  fc_get_rad(rad, x, ctx);
  bool all = ctx->kind == FC_ARB && mpfr_inf_p(rad);
  ck_assert_msg(all || isnan(fc_get_d(x, ctx)), "%s: %g instead of NaN", what,
                fc_get_d(x, ctx));
  mpfr_clear(rad);
}

static void expect_value(fc_srcptr x, double wanted, const fc_ctx *ctx,
                         const char *what) {
  double got = fc_get_d(x, ctx);
  ck_assert_msg(fabs(got - wanted) <= 1e-13 * fmax(1, fabs(wanted)),
                "%s: %.17g instead of %.17g", what, got, wanted);
}

/* --- a law on the line --------------------------------------------------- */

/* v, grad v and d/dt v at 1 - t = 2^-exponent, in MPFR. */
static void rates_before(double rates[3], const char *law, const char *schedule,
                         const char *x, int exponent) {
  fc_ctx ctx;
  field f;
  char time[32];
  fc_ctx_init_mpfr(&ctx, 160);
  field_init(&f, pieces(law), schedule, &ctx);
  snprintf(time, sizeof time, "1-2^-%d", exponent);
  field_time(&f, time);
  field_point(&f, x, EVERY_RATE);
  for (size_t i = 0; i < 3; i++)
    rates[i] = fc_get_d(rate(&f, i), &ctx);
  field_clear(&f);
}

/* Off the support the rates grow without bound towards the stated sides. */
static void check_growth(const char *law, const char *schedule, const char *x,
                         int side) {
  static const char *const names[] = {"v", "grad v", "d/dt v"};
  const int signs[3] = {-side, -1, -side};
  double early[3], late[3];
  rates_before(early, law, schedule, x, 12);
  rates_before(late, law, schedule, x, 24);
  for (int i = 0; i < 3; i++)
    ck_assert_msg(late[i] * signs[i] > 1000 * fabs(early[i]),
                  "%s under %s at %s: %g, then %g", names[i], schedule, x,
                  early[i], late[i]);
}

static void check_beyond(const char *law, const char *schedule, const char *x,
                         int side, const fc_ctx *ctx) {
  field f;
  field_init(&f, pieces(law), schedule, ctx);
  field_time(&f, "1");
  field_point(&f, x, EVERY_RATE);
  expect_infinite(f.value->velocity, -side, ctx, "v");
  expect_infinite(f.value->jacobian, -1, ctx, "grad v");
  expect_infinite(f.value->time_derivative, -side, ctx, "d/dt v");
  field_point(&f, x, FC_VELOCITY); /* each by itself, too */
  expect_infinite(f.value->velocity, -side, ctx, "v");
  field_point(&f, x, FC_VELOCITY_JACOBIAN);
  expect_infinite(f.value->jacobian, -1, ctx, "grad v");
  field_clear(&f);
}

START_TEST(off_the_support) {
  static const struct {
    const char *law, *x;
    int side; /* +1: x lies above the nearest point */
  } list[] = {
      {UNIFORM, "2", 1},
      {UNIFORM, "-1/8", -1},
      {UNIFORM, "1+1/64", 1},
      {TWO_INTERVALS, "5/4", 1},
      {TWO_INTERVALS, "7/4", -1},
      {TWO_INTERVALS, "-1", -1},
      {TWO_INTERVALS, "4", 1},
      {"1 1/2 3/4 0 -", "-1", -1},
      {"1/4 1/3 1/2 - -1 3/4 0 2 1/2 3", "0", -1},
      {"1/4 - - 0 1 3/4 0 1 -1 1", "3/2", 1},
  };
  const char *schedule = every_schedule[_i];
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    check_growth(list[i].law, schedule, list[i].x, list[i].side);
    for (size_t k = 0; k < context_count(); k++) {
      fc_ctx ctx;
      make_context(&ctx, k);
      check_beyond(list[i].law, schedule, list[i].x, list[i].side, &ctx);
    }
  }
}
END_TEST

/* Laplace's method for the uniform law on [0, 1] at x = 2 (delta = 1), with a =
 * r = 2^-k and b = 1: -log p ~ 1/(2 r^2), s = -1/r^2 - 1 + ..., M - 1 = -r^2.
 */
START_TEST(posterior_off_the_support) {
  for (size_t k = 0; k < context_count(); k++) {
    fc_ctx ctx;
    probe p;
    fc_target *target = pieces(UNIFORM);
    make_context(&ctx, k);
    probe_init(&p, target, &ctx);
    probe_text(&p, "2^-20 1 2", EVERYTHING);
    double r2 = 0x1p-40;
    ck_assert_double_eq_tol(fc_get_d(p.value->log_density, &ctx) * r2, -0.5,
                            1e-9);
    ck_assert_double_eq_tol(fc_get_d(p.value->score, &ctx) * r2, -1, 1e-9);
    ck_assert_double_eq_tol(fc_get_d(p.value->score_jacobian, &ctx) * r2, -1,
                            1e-9);
    probe_text(&p, "0 1 2", EVERYTHING);
    expect_infinite(p.value->log_density, -1, &ctx, "log p");
    expect_infinite(p.value->score, -1, &ctx, "s");
    expect_infinite(p.value->score_jacobian, -1, &ctx, "S");
    expect_unknown(p.value->score_third, &ctx, "G");
    expect_value(p.value->mean, 1, &ctx, "M");
    expect_value(p.value->covariance, 0, &ctx, "C");
    expect_value(p.value->third, 0, &ctx, "T");
    probe_text(&p, "0 1 -1/3", EVERYTHING);
    expect_infinite(p.value->score, 1, &ctx, "s");
    expect_value(p.value->mean, 0, &ctx, "M");
    probe_clear(&p);
    fc_target_free(target);
  }
}
END_TEST

/* On an edge, and half way between two pieces, no limit is known. */
START_TEST(unknown_places) {
  static const char *const places[] = {"0", "1", "2", "3/2"};
  for (size_t k = 0; k < context_count(); k++)
    for (int i = 0; i < 4; i++) {
      fc_ctx ctx;
      field f;
      make_context(&ctx, k);
      field_init(&f, pieces(TWO_INTERVALS), "linear", &ctx);
      field_time(&f, "1");
      field_point(&f, places[i], EVERY_RATE);
      for (size_t j = 0; j < 3; j++)
        expect_unknown(rate(&f, j), &ctx, places[i]);
      field_clear(&f);
    }
  fc_ctx ctx;
  probe p;
  fc_target *target = pieces(TWO_INTERVALS);
  fc_ctx_init_double(&ctx);
  probe_init(&p, target, &ctx);
  probe_text(&p, "0 1 3/2", EVERYTHING); /* in the middle of the gap */
  expect_infinite(p.value->log_density, -1, &ctx, "log p");
  expect_unknown(p.value->mean, &ctx, "M");
  probe_clear(&p);
  fc_target_free(target);
}
END_TEST

/* --- products --------------------------------------------------------------
 */

static fc_target *bumps(void) {
  return isotropic(1, NULL, "-3/2 3/2", "1/2 1/2");
}

/* Bumps x uniform x bumps: the second coordinate off the support leaves the
 * others what they are by themselves. */
START_TEST(mixed_blocks) {
  const char *schedule = every_schedule[_i];
  for (size_t k = 0; k < context_count(); k++) {
    fc_ctx ctx;
    field whole, first, third;
    make_context(&ctx, k);
    field_init(&whole, product(product(bumps(), pieces(UNIFORM)), bumps()),
               schedule, &ctx);
    field_init(&first, bumps(), schedule, &ctx);
    field_init(&third, bumps(), schedule, &ctx);
    field_time(&whole, "1");
    field_time(&first, "1");
    field_time(&third, "1");
    field_point(&whole, "1/3 -2 -5/4", EVERY_RATE);
    field_point(&first, "1/3", EVERY_RATE);
    field_point(&third, "-5/4", EVERY_RATE);
    const fc_velocity_value *v = whole.value;
    expect_infinite(v->velocity + 1, 1, &ctx, "v_2");
    expect_infinite(v->jacobian + 4, -1, &ctx, "grad v, 2 2");
    expect_infinite(v->time_derivative + 1, 1, &ctx, "d/dt v_2");
    const struct {
      fc_srcptr got, wanted;
      const char *what;
    } pairs[] = {
        {v->velocity, first.value->velocity, "v_1"},
        {v->velocity + 2, third.value->velocity, "v_3"},
        {v->jacobian, first.value->jacobian, "grad v, 1 1"},
        {v->jacobian + 8, third.value->jacobian, "grad v, 3 3"},
        {v->time_derivative, first.value->time_derivative, "d/dt v_1"},
        {v->time_derivative + 2, third.value->time_derivative, "d/dt v_3"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
      if (fc_is_finite(pairs[i].wanted, &ctx))
        expect_value(pairs[i].got, fc_get_d(pairs[i].wanted, &ctx), &ctx,
                     pairs[i].what);
      else
        ck_assert_msg(i >= 4 && !fc_is_finite(pairs[i].got, &ctx), "%s",
                      pairs[i].what);
    for (size_t i = 0; i < 9; i++)
      if (i % 4 != 0)
        expect_value(v->jacobian + i, 0, &ctx, "off the diagonal");
    field_clear(&whole);
    field_clear(&first);
    field_clear(&third);
  }
}
END_TEST

/* --- atoms -----------------------------------------------------------------
 */

START_TEST(atoms) {
  for (size_t k = 0; k < context_count(); k++) {
    fc_ctx ctx;
    field f;
    probe p;
    make_context(&ctx, k);
    /* (0, 2) is the nearest atom of (-1/4, 1); repeated ones are one point */
    field_init(&f, isotropic(2, NULL, "0 2 3 -1 0 2 -2 -1", "0 0 0 0"),
               "linear", &ctx);
    field_time(&f, "1");
    field_point(&f, "-1/4 1", EVERY_RATE);
    expect_infinite(f.value->velocity, 1, &ctx, "v_1");
    expect_infinite(f.value->velocity + 1, 1, &ctx, "v_2");
    expect_infinite(f.value->jacobian, -1, &ctx, "grad v");
    expect_infinite(f.value->jacobian + 3, -1, &ctx, "grad v");
    expect_value(f.value->jacobian + 1, 0, &ctx, "grad v");
    expect_infinite(f.value->time_derivative, 1, &ctx, "d/dt v");
    field_point(&f, "0 1", EVERY_RATE);
    expect_value(f.value->velocity, 0, &ctx, "v_1 above the atom");
    expect_infinite(f.value->velocity + 1, 1, &ctx, "v_2");
    field_point(&f, "1 2", EVERY_RATE);
    expect_infinite(f.value->velocity, -1, &ctx, "v_1");
    expect_unknown(f.value->velocity + 1, &ctx, "v_2 beside the atom");
    probe_init(&p, f.target, &ctx);
    probe_text(&p, "0 1 -1/4 1", EVERYTHING);
    expect_infinite(p.value->log_density, -1, &ctx, "log p");
    expect_value(p.value->mean, 0, &ctx, "M_1");
    expect_value(p.value->mean + 1, 2, &ctx, "M_2");
    for (size_t i = 0; i < 4; i++)
      expect_value(p.value->covariance + i, 0, &ctx, "C");
    probe_text(&p, "0 1 0 2", EVERYTHING); /* on an atom */
    expect_unknown(p.value->log_density, &ctx, "log p on an atom");
    expect_value(p.value->mean + 1, 2, &ctx, "M_2");
    probe_text(&p, "0 1 1/2 -1", EVERYTHING); /* between two */
    expect_infinite(p.value->log_density, -1, &ctx, "log p");
    expect_unknown(p.value->mean, &ctx, "M half way");
    probe_clear(&p);
    field_clear(&f);
  }
}
END_TEST

/* --- schedules that a user writes -------------------------------------------
 */

START_TEST(custom_schedules) {
  static const struct {
    const char *schedule;
    bool drift, rate;
  } list[] = {
      {"custom:a=1-t,b=t", true, true},
      {"custom:a=(1-t)*(2-t)/2,b=t*(3-t)/2", true, true},
      {"custom:a=sqrt(1-t^2),b=t", true, false}, /* a zero of order 1/2 */
      {"custom:a=(1-t)^2,b=t", false, false},    /* of order 2 */
  };
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    for (size_t k = 0; k < context_count(); k++) {
      fc_ctx ctx;
      field f;
      make_context(&ctx, k);
      field_init(&f, pieces(UNIFORM), list[i].schedule, &ctx);
      field_time(&f, "1");
      field_point(&f, "2", EVERY_RATE);
      for (size_t j = 0; j < 3; j++)
        if (j < 2 ? list[i].drift : list[i].rate)
          expect_infinite(rate(&f, j), -1, &ctx, list[i].schedule);
        else
          expect_unknown(rate(&f, j), &ctx, list[i].schedule);
      field_clear(&f);
    }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("end");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_loop_test(all, off_the_support, 0, SCHEDULE_COUNT);
  tcase_add_test(all, posterior_off_the_support);
  tcase_add_test(all, unknown_places);
  tcase_add_loop_test(all, mixed_blocks, 0, SCHEDULE_COUNT);
  tcase_add_test(all, atoms);
  tcase_add_test(all, custom_schedules);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
