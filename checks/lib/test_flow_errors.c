/* Where errors are easily understated, and what is said where a flow gives up.
 */
#include <math.h>

#include "movers.h"

static const fc_flow_method methods[] = {
    FC_FLOW_CLOSED, FC_FLOW_EXACT, FC_FLOW_TAYLOR, FC_FLOW_DIRECT, FC_FLOW_GSL};
enum { METHODS = sizeof methods / sizeof *methods, CONTEXTS = 5 };

static fc_target *bumps(void) {
  return isotropic(1, NULL, "-3/2 3/2", "1/2 1/2");
}

/* --- far out ----------------------------------------------------------------
 */

/* Far out the flow is that of the outermost component, an affine map; a value
 * must be near it, or not stated to be. */
static void expect_far(const mover *m, double slope, const char *what) {
  mpfr_t x, wanted, gap, error;
  mpfr_inits2(400000, x, wanted, gap, (mpfr_ptr)0);
  mpfr_init2(error, 64);
  fc_get_mid(wanted, m->x, m->ctx);
  mpfr_mul_d(wanted, wanted, slope, MPFR_RNDN); /* up to a few units */
  fc_get_mid(x, m->value->x, m->ctx);
  mpfr_sub(gap, x, wanted, MPFR_RNDA);
  mpfr_abs(gap, gap, MPFR_RNDU);
  magnitude(error, m->value->x_error, m->ctx);
  if (m->ctx->kind == FC_ARB)
    fc_get_rad(error, m->value->x, m->ctx);
  mpfr_add_ui(error, error, 10, MPFR_RNDU);
  if (!mpfr_lessequal_p(gap, error)) {
    char *got = fc_print_mpfr(gap, 5), *stated = fc_print_mpfr(error, 5);
    ck_abort_msg("%s, %ld bits: off by %s, stated %s", what, m->ctx->precision,
                 got, stated);
  }
  mpfr_clears(x, wanted, gap, error, (mpfr_ptr)0);
}

START_TEST(huge_points) {
  static const char *const points[] = {"1000", "10^100", "10^300", "2^90000"};
  for (int c = 0; c < CONTEXTS; c++)
    for (size_t k = 1; k < METHODS; k++)
      for (int i = 0; i < 4; i++) {
        fc_ctx ctx[1];
        mover m[1];
        if (!context_of(ctx, c) || (ctx->precision == 3000) ||
            (ctx->kind == FC_DOUBLE && i == 3) ||
            mover_try(m, bumps(), "linear", methods[k], ctx))
          continue;
        ck_assert_int_eq(mover_times(m, "0", "1"), FC_OK);
        mover_at(m, points[i]);
        fc_flow_set_budget(m->flow, 300);
        fc_status status = mover_go(m, POSITION_AND_JACOBIAN);
        ck_assert(status == FC_OK || status == FC_DOMAIN ||
                  status == FC_BUDGET);
        if (status == FC_OK && ctx->kind != FC_ARB)
          expect_far(m, 0.5, fc_flow_method_name(methods[k]));
        mover_clear(m);
      }
}
END_TEST

/* --- budgets -----------------------------------------------------------------
 */

/* What was reached lies between s and t, and the flow says so; with all steps
 * it goes on as if nothing had been. */
static void spend(mover *m, const char *s, const char *t, long steps) {
  double from = fc_get_d(m->s->t, m->ctx), to = fc_get_d(m->t->t, m->ctx);
  ck_assert_int_eq(mover_times(m, s, t), FC_OK);
  from = fc_get_d(m->s->t, m->ctx);
  to = fc_get_d(m->t->t, m->ctx);
  fc_flow_set_budget(m->flow, steps);
  fc_status status = mover_go(m, POSITION_AND_JACOBIAN);
  double reached = fc_flow_reached(m->flow);
  ck_assert_msg(status == FC_BUDGET, "%s from %s to %s with %ld steps: %s",
                fc_flow_method_name(fc_flow_method_used(m->flow)), s, t, steps,
                fc_status_text(status));
  ck_assert_str_ne(m->error.message, "");
  ck_assert_msg(
      fmin(from, to) <= reached && reached <= fmax(from, to) && reached != to,
      "%s from %s to %s with %ld steps: reached %.17g",
      fc_flow_method_name(fc_flow_method_used(m->flow)), s, t, steps, reached);
  if (steps == 0)
    ck_assert_msg(fabs(reached - from) < 1e-6, "no step, and reached %.17g",
                  reached);
}

START_TEST(small_budgets) {
  static const fc_flow_method integrators[] = {FC_FLOW_TAYLOR, FC_FLOW_DIRECT};
  static const char *const ways[][2] = {
      {"0", "1"}, {"1", "0"}, {"1/4", "3/4"}, {"3/4", "1/8"}};
  for (int c = 0; c < 3; c++)
    for (size_t k = 0; k < 2; k++)
      for (int way = 0; way < 4; way++)
        for (long steps = 0; steps < 2; steps++)
          for (int target = 0; target < 3; target++) {
            fc_ctx ctx[1];
            mover m[1];
            context_of(ctx, c);
            fc_target *t =
                target == 0 ? isotropic(1, NULL, "-6 6", "1/10 1/10")
                : target == 1
                    ? isotropic(1, "1/2 1/3 1/6", "-4 1/3 5", "1/5 1 1/10")
                    : isotropic(2, NULL, "-6 0 6 1", "1/10 1/10");
            mover_init(m, t, target == 1 ? "ve" : "linear", integrators[k],
                       ctx);
            mover_at(m, target == 2 ? "3/16 -1/4" : "3/16");
            spend(m, ways[way][0], ways[way][1], steps);
            fc_flow_set_budget(m->flow, 20000);
            mover_times(m, "1/4", "3/8");
            ck_assert_int_eq(mover_go(m, FC_FLOW_POSITION), FC_OK);
            ck_assert(fc_flow_reached(m->flow) == 0.375);
            mover_clear(m);
          }
}
END_TEST

/* --- precisions, and errors that must not be understated --------------------
 */

/* The truth by `exact` at 3000 bits; every method at low precision states an
 * error that covers its own. */
static int understatements;

static void expect_truth(const mover *m, const mover *truth, const char *what) {
  mpfr_t got, wanted, error;
  mpfr_inits2(3000, got, wanted, (mpfr_ptr)0);
  mpfr_init2(error, 64);
  for (size_t i = 0; i < m->d + m->d * m->d; i++) {
    bool first = i < m->d;
    size_t at = first ? i : i - m->d;
    fc_get_mid(got, (first ? m->value->x : m->value->jacobian) + at, m->ctx);
    fc_get_mid(wanted, (first ? truth->value->x : truth->value->jacobian) + at,
               truth->ctx);
    magnitude(error, first ? m->value->x_error : m->value->jacobian_error,
              m->ctx);
    mpfr_sub(got, got, wanted, MPFR_RNDA);
    mpfr_abs(got, got, MPFR_RNDU);
    if (m->ctx->kind == FC_DOUBLE) /* what underflows is lost */
      mpfr_add_d(error, error, 0x1p-1070, MPFR_RNDU);
    if (!mpfr_lessequal_p(got, error)) {
      char *off = fc_print_mpfr(got, 5), *stated = fc_print_mpfr(error, 5);
      fprintf(stderr, "%s, %s, %ld bits, %s: off by %s, stated %s\n", what,
              fc_flow_method_name(fc_flow_method_used(m->flow)),
              m->ctx->precision, first ? "X" : "dX/dx", off, stated);
      understatements++;
      free(off);
      free(stated);
    }
  }
  mpfr_clears(got, wanted, error, (mpfr_ptr)0);
}

typedef struct hard_case {
  const char *weights, *means, *stddevs, *s, *t, *x;
} hard_case;

/* All inputs are numbers of 24 bits. */
static const hard_case hard_cases[] = {
    {NULL, "-3/2 3/2", "1/2 1/2", "0", "1", "1/1048576"},
    {NULL, "-6 6", "1/32 1/32", "0", "1", "1/16384"},
    {NULL, "-6 6", "1/32 1/32", "1", "0", "-5"},
    {NULL, "-6 6", "1/32 1/32", "1", "0", "1/8"},
    {"1/4 1/2 1/4", "-8 0 8", "1/16 1/16 1/16", "1", "0", "-15/2"},
    {"1/4 1/2 1/4", "-8 0 8", "1/16 1/16 1/16", "0", "1", "-11/16"},
    {"1/4 3/4", "-4 4", "1/64 1", "1", "0", "-3"},
    {"1/4 3/4", "-4 4", "1/64 1", "0", "1", "-43/64"},
    {"1/1024 1023/1024", "-4 4", "1/4 1/4", "0", "1", "-25/8"},
    {"1/1024 1023/1024", "-4 4", "1/4 1/4", "1/2", "1", "-25/8"},
    {"1/1024 1023/1024", "-4 4", "1/4 1/4", "1", "1/8", "8"},
    {NULL, "7", "1/65536", "0", "1", "-3"},
    {NULL, "7", "1/65536", "1", "0", "7"},
    /* the smaller tail is subnormal in binary64 */
    {NULL, "-3/2 3/2", "1/2 1/2", "0", "1", "38"},
    {NULL, "-3/2 3/2", "1/2 1/2", "0", "1", "613/16"},
};
enum { HARD = sizeof hard_cases / sizeof *hard_cases };

START_TEST(errors_cover_the_truth) {
  const hard_case *h = &hard_cases[_i];
  fc_ctx wide[1];
  understatements = 0;
  mover truth[1];
  fc_ctx_init_mpfr(wide, 1500);
  mover_init(truth, isotropic(1, h->weights, h->means, h->stddevs), "linear",
             FC_FLOW_EXACT, wide);
  mover_move(truth, h->s, h->t, h->x, POSITION_AND_JACOBIAN);
  for (int c = 0; c < 3; c++)
    for (size_t k = 0; k < METHODS; k++)
      for (int only = 0; only < (c == 0 ? 2 : 1); only++) {
        fc_ctx ctx[1];
        mover m[1];
        context_of(ctx, c);
        if (mover_try(m, isotropic(1, h->weights, h->means, h->stddevs),
                      "linear", methods[k], ctx))
          continue;
        fc_flow_set_budget(m->flow, 1000);
        fc_status status = mover_times(m, h->s, h->t);
        mover_at(m, h->x);
        if (!status)
          status = mover_go(m, only ? FC_FLOW_POSITION : POSITION_AND_JACOBIAN);
        if (!status && only) { /* X alone: leave out the Jacobian */
          fc_set_inf(m->value->jacobian_error, 1, ctx);
          fc_set_si(m->value->jacobian, 0, ctx);
        }
        if (!status)
          expect_truth(m, truth,
                       only ? "position alone" : "position and Jacobian");
        mover_clear(m);
      }
  mover_clear(truth);
  ck_assert_int_eq(understatements, 0);
}
END_TEST

/* On the separatrix: by symmetry about the mean the flow carries b_s c to b_t
 * c, though every rounding is amplified by e^(R^2/2 sigma^2).  c = 1/10 is no
 * binary number, so that neither is the separatrix seen from its means. */
START_TEST(separatrix) {
  static const fc_arith kinds[] = {FC_DOUBLE, FC_MPFR};
  int understated = 0;
  for (int c = 0; c < 2; c++)
    for (size_t k = 1; k < METHODS; k++)
      for (int only = 0; only < 2; only++)
        for (int d = 1; d < 3; d++) {
          fc_ctx ctx[1];
          mover m[1];
          fc_num wanted;
          mpfr_t gap, error;
          if (kinds[c] == FC_DOUBLE)
            fc_ctx_init_double(ctx);
          else
            fc_ctx_init_mpfr(ctx, 128);
          if (mover_try(m,
                        d == 1
                            ? isotropic(1, NULL, "-59/10 61/10", "3/100 3/100")
                            : isotropic(2, NULL, "-59/10 1/3 61/10 1/3",
                                        "3/100 3/100"),
                        "linear", methods[k], ctx))
            continue;
          ck_assert_int_eq(mover_times(m, "0", "1"), FC_OK);
          fc_set_si(m->x, 0, ctx);
          fc_status status =
              mover_go(m, only ? FC_FLOW_POSITION : POSITION_AND_JACOBIAN);
          if (!status) {
            fc_init(wanted, ctx);
            mpfr_init2(gap, 64);
            mpfr_init2(error, 64);
            fc_set_si(wanted, 1, ctx);
            fc_div_si(wanted, wanted, 10, ctx);
            fc_sub(wanted, wanted, m->value->x, ctx);
            magnitude(gap, wanted, ctx);
            magnitude(error, m->value->x_error, ctx);
            if (!mpfr_lessequal_p(gap, error)) {
              understated++;
              fprintf(stderr,
                      "d = %d, %s, %ld bits, %s: off by %g, stated %g\n", d,
                      fc_flow_method_name(methods[k]), ctx->precision,
                      only ? "position" : "both", mpfr_get_d(gap, MPFR_RNDN),
                      mpfr_get_d(error, MPFR_RNDN));
            }
            mpfr_clears(gap, error, (mpfr_ptr)0);
            fc_clear(wanted, ctx);
          }
          mover_clear(m);
        }
  ck_assert_int_eq(understated, 0);
}
END_TEST

/* Eight narrow modes on a circle: by symmetry their centre stays. */
START_TEST(centre_of_a_circle) {
  for (int c = 0; c < 2; c++)
    for (size_t k = 2; k < METHODS; k++)
      for (unsigned want = FC_FLOW_POSITION; want <= POSITION_AND_JACOBIAN;
           want += FC_FLOW_JACOBIAN) {
        fc_ctx ctx[1];
        mover m[1];
        context_of(ctx, 2 * c);
        if (c == 1 && methods[k] == FC_FLOW_DIRECT)
          continue; /* dear */
        if (mover_try(m,
                      isotropic(2, NULL,
                                "0 12 6*sqrt(2) 6*sqrt(2) 12 0 6*sqrt(2) "
                                "-6*sqrt(2) 0 -12 -6*sqrt(2) -6*sqrt(2) "
                                "-12 0 -6*sqrt(2) 6*sqrt(2)",
                                "3/100 3/100 3/100 3/100 3/100 3/100 3/100 "
                                "3/100"),
                      "linear", methods[k], ctx))
          continue;
        ck_assert_int_eq(mover_times(m, "0", "1"), FC_OK);
        fc_flow_set_budget(m->flow, 500);
        mover_at(m, "0 0");
        if (mover_go(m, want) == FC_OK)
          for (size_t i = 0; i < 2; i++)
            ck_assert_msg(fabs(fc_get_d(m->value->x + i, ctx)) <=
                              fc_get_d(m->value->x_error, ctx),
                          "%s, %ld bits, wanted %u: at %g, stated %g",
                          fc_flow_method_name(methods[k]), ctx->precision, want,
                          fc_get_d(m->value->x + i, ctx),
                          fc_get_d(m->value->x_error, ctx));
        mover_clear(m);
      }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("errors of flows");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_test(all, huge_points);
  tcase_add_test(all, small_budgets);
  tcase_add_loop_test(all, errors_cover_the_truth, 0, HARD);
  tcase_add_test(all, separatrix);
  tcase_add_test(all, centre_of_a_circle);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
