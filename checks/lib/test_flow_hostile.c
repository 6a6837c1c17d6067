/* Flow maps at hostile points, times, budgets and precisions: a refusal that
 * says why, or a value whose stated error is true. */
#include <math.h>

#include "movers.h"

static const fc_flow_method methods[] = {
    FC_FLOW_CLOSED, FC_FLOW_EXACT, FC_FLOW_TAYLOR, FC_FLOW_DIRECT, FC_FLOW_GSL};
enum { METHODS = sizeof methods / sizeof *methods, CONTEXTS = 5 };

static fc_target *bumps(void) {
  return isotropic(1, NULL, "-3/2 3/2", "1/2 1/2");
}

static fc_target *triangle(void) {
  return isotropic(2, "1/8 3/8 1/2", "-1 0 1 1/2 0 3/4", "1/3 1/3 1/3");
}

/* --- points that are no numbers, or too large ------------------------------
 */

START_TEST(points_that_are_no_numbers) {
  static const double points[] = {NAN, INFINITY, -INFINITY};
  for (int c = 0; c < CONTEXTS; c++)
    for (size_t k = 0; k < METHODS; k++) {
      fc_ctx ctx[1];
      mover m[1];
      if (!context_of(ctx, c) || ctx->precision == 3000 ||
          mover_try(m,
                    methods[k] == FC_FLOW_CLOSED
                        ? isotropic(1, NULL, "1", "1/2")
                        : bumps(),
                    "linear", methods[k], ctx))
        continue;
      ck_assert_int_eq(mover_times(m, "1/4", "3/4"), FC_OK);
      for (int i = 0; i < 3; i++) {
        fc_set_d(m->x, points[i], ctx);
        ck_assert_int_eq(mover_go(m, POSITION_AND_JACOBIAN), FC_DOMAIN);
        ck_assert_str_ne(m->error.message, "");
      }
      mover_clear(m);
    }
}
END_TEST

/* --- times ------------------------------------------------------------------
 */

/* Atoms: the flow reaches any t < 1, not 1, from neither side. */
START_TEST(atoms_end_before_one) {
  for (int c = 0; c < CONTEXTS; c++)
    for (size_t k = 0; k <= METHODS; k++)
      for (int single = 0; single < 2; single++) {
        fc_ctx ctx[1];
        mover m[1];
        fc_flow_method method = k < METHODS ? methods[k] : FC_FLOW_AUTO;
        if (!context_of(ctx, c) || ctx->precision == 3000 ||
            mover_try(m,
                      single ? isotropic(1, NULL, "1/4", "0")
                             : isotropic(1, "1/4 3/4", "-1 1", "0 0"),
                      "linear", method, ctx))
          continue;
        for (int back = 0; back < 2; back++) {
          mover_at(m, "1/8");
          fc_status status =
              mover_times(m, back ? "1" : "1/2", back ? "1/2" : "1");
          if (!status)
            status = mover_go(m, POSITION_AND_JACOBIAN);
          ck_assert_msg(status == FC_DOMAIN, "%s, context %d, %s atom, %s: %s",
                        fc_flow_method_name(method), c, single ? "one" : "two",
                        back ? "back" : "forward", fc_status_text(status));
        }
        ck_assert_int_eq(mover_times(m, "1/2", "7/8"), FC_OK);
        ck_assert_int_eq(mover_go(m, POSITION_AND_JACOBIAN), FC_OK);
        mover_clear(m);
      }
}
END_TEST

/* Uniform on [0, 1]: nothing off the support at t = 1. */
START_TEST(uniform_off_its_support) {
  for (int c = 0; c < CONTEXTS; c++)
    for (size_t k = 0; k <= METHODS; k++) {
      fc_ctx ctx[1];
      mover m[1];
      fc_flow_method method = k < METHODS ? methods[k] : FC_FLOW_AUTO;
      if (!context_of(ctx, c) || ctx->precision == 3000 ||
          mover_try(m, pieces("1 - - 0 1"), "linear", method, ctx))
        continue;
      static const char *const points[] = {"-1/1000", "2", "-10^30"};
      for (int i = 0; i < 3; i++) {
        fc_status status = mover_times(m, "1", "1/2");
        mover_at(m, points[i]);
        if (!status)
          status = mover_go(m, POSITION_AND_JACOBIAN);
        ck_assert_msg(status == FC_DOMAIN, "%s at %s: %s",
                      fc_flow_method_name(method), points[i],
                      fc_status_text(status));
      }
      mover_clear(m);
    }
}
END_TEST

/* Nothing moves where s = t, also at the ends. */
START_TEST(intervals_of_no_length) {
  static const char *const times[] = {"0", "1/3", "1-2^-100", "1"};
  for (int c = 0; c < CONTEXTS; c++)
    for (size_t k = 0; k < METHODS; k++)
      for (int two = 0; two < 2; two++)
        for (int i = 0; i < 4; i++) {
          fc_ctx ctx[1];
          mover m[1];
          if (!context_of(ctx, c) || mover_try(m, two ? triangle() : bumps(),
                                               "linear", methods[k], ctx))
            continue;
          mover_at(m, two ? "1/4 -3/8" : "5/4");
          ck_assert_int_eq(mover_times(m, times[i], times[i]), FC_OK);
          if (mover_go(m, POSITION_AND_JACOBIAN))
            ck_abort_msg("%s at %s: %s", fc_flow_method_name(methods[k]),
                         times[i], m->error.message);
          long bits = ctx->precision - 20;
          for (size_t j = 0; j < m->d; j++)
            expect_close(m->value->x + j, ctx, m->x + j, ctx, bits, 1, "X");
          for (size_t j = 0; j < m->d * m->d; j++) {
            fc_num one;
            fc_init(one, ctx);
            fc_set_si(one, j % (m->d + 1) == 0, ctx);
            expect_close(m->value->jacobian + j, ctx, one, ctx, bits, 1,
                         "dX/dx");
            fc_clear(one, ctx);
          }
          mover_clear(m);
        }
}
END_TEST

/* --- balls of points and times ----------------------------------------------
 */

static fc_target *law_of_kind(int kind) {
  return kind == 0   ? bumps()
         : kind == 1 ? isotropic(1, NULL, "1", "1/2")
                     : pieces("1 - - 0 1");
}

/* The flow p in numbers went where the flow m in balls says. */
static void expect_inside(const mover *m, const mover *p, int kind, int width,
                          int part) {
  mpfr_t image;
  mpfr_init2(image, 400);
  fc_get_mid(image, p->value->x, p->ctx);
  ck_assert_msg(contains(m->value->x, image, m->ctx),
                "X, kind %d, width 2^-%d, part %d", kind, width, part);
  fc_get_mid(image, p->value->jacobian, p->ctx);
  ck_assert_msg(contains(m->value->jacobian, image, m->ctx),
                "dX/dx, kind %d, width 2^-%d, part %d", kind, width, part);
  mpfr_clear(image);
}

/* A wide ball of x: images of points inside it lie in the ball of X. */
START_TEST(wide_points) {
  fc_ctx balls[1], numbers[1];
  if (fc_ctx_init_arb(balls, 128, NULL))
    return;
  fc_ctx_init_mpfr(numbers, 400);
  for (int kind = 0; kind < 3; kind++)
    for (int width = 1; width < 40; width += 6) {
      mover m[1], p[1];
      mover_init(m, law_of_kind(kind), "linear", FC_FLOW_AUTO, balls);
      mover_init(p, law_of_kind(kind), "linear", FC_FLOW_AUTO, numbers);
      mpfr_t low, high;
      mpfr_inits2(128, low, high, (mpfr_ptr)0);
      mpfr_set_d(low, 0.25, MPFR_RNDN);
      mpfr_set_ui_2exp(high, 1, -width, MPFR_RNDN);
      mpfr_add(high, high, low, MPFR_RNDN);
      ck_assert_int_eq(mover_times(m, "0", "3/4"), FC_OK);
      ck_assert_int_eq(mover_times(p, "0", "3/4"), FC_OK);
      fc_set_interval(m->x, low, high, balls);
      fc_status status = mover_go(m, POSITION_AND_JACOBIAN);
      for (int part = 0; part <= 4 && !status; part++) {
        mpfr_t x;
        mpfr_init2(x, 400);
        mpfr_sub(x, high, low, MPFR_RNDN);
        mpfr_mul_d(x, x, part / 4.0, MPFR_RNDN);
        mpfr_add(x, x, low, MPFR_RNDN);
        fc_set_mpfr(p->x, x, numbers);
        ck_assert_int_eq(mover_go(p, POSITION_AND_JACOBIAN), FC_OK);
        expect_inside(m, p, kind, width, part);
        mpfr_clear(x);
      }
      mpfr_clears(low, high, (mpfr_ptr)0);
      mover_clear(m);
      mover_clear(p);
    }
}
END_TEST

/* The same with a wide ball of t (and one that reaches t = 1). */
START_TEST(wide_times) {
  fc_ctx balls[1], numbers[1];
  if (fc_ctx_init_arb(balls, 128, NULL))
    return;
  fc_ctx_init_mpfr(numbers, 400);
  for (int kind = 0; kind < 3; kind++)
    for (int width = 2; width < 40; width += 6) {
      mover m[1], p[1];
      mover_init(m, law_of_kind(kind), "linear", FC_FLOW_AUTO, balls);
      mover_init(p, law_of_kind(kind), "linear", FC_FLOW_AUTO, numbers);
      mpfr_t low, high;
      mpfr_inits2(128, low, high, (mpfr_ptr)0);
      mpfr_set_si_2exp(low, -1, -width, MPFR_RNDN);
      mpfr_add_ui(low, low, 1, MPFR_RNDN);
      mpfr_set_ui(high, 1, MPFR_RNDN);
      fc_set_interval(m->t->t, low, high, balls);
      fc_set_si(m->t->r, 1, balls);
      fc_sub(m->t->r, m->t->r, m->t->t, balls);
      time_of_text(m->s, "1/4", balls);
      mover_at(m, "3/8");
      mover_at(p, "3/8");
      fc_status status = fc_flow_set_times(m->flow, m->s, m->t, &m->error);
      if (!status)
        status = mover_go(m, POSITION_AND_JACOBIAN);
      for (int part = 0; part <= 4 && !status; part++) {
        mpfr_t t;
        mpfr_init2(t, 400);
        mpfr_sub(t, high, low, MPFR_RNDN);
        mpfr_mul_d(t, t, part / 4.0, MPFR_RNDN);
        fc_time_set_mpfr(p->t, t, true, numbers);
        time_of_text(p->s, "1/4", numbers);
        ck_assert_int_eq(fc_flow_set_times(p->flow, p->s, p->t, &p->error),
                         FC_OK);
        ck_assert_int_eq(mover_go(p, POSITION_AND_JACOBIAN), FC_OK);
        expect_inside(m, p, kind, width, part);
        mpfr_clear(t);
      }
      mpfr_clears(low, high, (mpfr_ptr)0);
      mover_clear(m);
      mover_clear(p);
    }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("hostile flow");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_test(all, points_that_are_no_numbers);
  tcase_add_test(all, atoms_end_before_one);
  tcase_add_test(all, uniform_off_its_support);
  tcase_add_test(all, intervals_of_no_length);
  tcase_add_test(all, wide_points);
  tcase_add_test(all, wide_times);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
