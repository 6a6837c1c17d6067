/* The validated integrator: enclosures against the exact map, closed forms,
 * itself the other way round, and points of the boxes it is given. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "movers.h"

/* --- random mixtures ------------------------------------------------------
 */

static long draw(fc_random *random, long low, long high) {
  return low + (long)(fc_random_bits(random) % (uint64_t)(high - low + 1));
}

/* count weights n/sum, count*d means in [-3, 3], as text. */
typedef struct law {
  size_t d, count;
  char weights[256], means[512], spreads[512];
  bool equal;
} law;

static void append(char *text, size_t size, const char *format, long n,
                   long over) {
  size_t length = strlen(text);
  snprintf(text + length, size - length, format, length ? " " : "", n, over);
}

static void draw_law(law *l, fc_random *random, size_t d) {
  long parts[4], sum = 0;
  *l = (law){.d = d, .count = (size_t)draw(random, 1, 4)};
  for (size_t k = 0; k < l->count; k++)
    sum += parts[k] = draw(random, 1, 9);
  long spread = draw(random, 20, 150);
  l->equal = draw(random, 0, 1) != 0;
  for (size_t k = 0; k < l->count; k++) {
    append(l->weights, sizeof l->weights, "%s%ld/%ld", parts[k], sum);
    for (size_t i = 0; i < d; i++)
      append(l->means, sizeof l->means, "%s%ld/%ld", draw(random, -300, 300),
             100);
    append(l->spreads, sizeof l->spreads, "%s%ld/%ld",
           l->equal ? spread : draw(random, 20, 150), 100);
  }
}

static fc_target *target_of(const law *l) {
  return isotropic(l->d, l->weights, l->means, l->spreads);
}

/* --- judgement ------------------------------------------------------------
 */

/* Every entry of both enclosures has a point in common, and that of the first
 * is within 2^-bits of the size of its value, or of 1. */
static bool agree(fc_srcptr x, fc_srcptr y, const fc_ctx *xctx,
                  const fc_ctx *yctx, long bits) {
  mpfr_t mid[2], rad[2], gap;
  for (int i = 0; i < 2; i++) {
    mpfr_init2(mid[i], 4096);
    mpfr_init2(rad[i], 64);
  }
  mpfr_init2(gap, 64);
  fc_get_mid(mid[0], x, xctx);
  fc_get_mid(mid[1], y, yctx);
  fc_get_rad(rad[0], x, xctx);
  fc_get_rad(rad[1], y, yctx);
  mpfr_sub(gap, mid[0], mid[1], MPFR_RNDZ);
  mpfr_abs(gap, gap, MPFR_RNDZ);
  mpfr_sub(gap, gap, rad[0], MPFR_RNDD);
  if (!mpfr_nan_p(rad[1]))
    mpfr_sub(gap, gap, rad[1], MPFR_RNDD);
  long size = mpfr_regular_p(mid[0]) ? mpfr_get_exp(mid[0]) : 0;
  bool narrow = mpfr_zero_p(rad[0]) ||
                (mpfr_regular_p(rad[0]) &&
                 mpfr_get_exp(rad[0]) <= (size > 0 ? size : 0) - bits);
  bool good = mpfr_sgn(gap) <= 0 && narrow;
  if (!good) {
    char *got = fc_print_mpfr(mid[0], 60), *wanted = fc_print_mpfr(mid[1], 60),
         *radius = fc_print_mpfr(rad[0], 5);
    fprintf(stderr, "got %s +- %s\nwanted %s\n", got, radius, wanted);
    free(got);
    free(wanted);
    free(radius);
  }
  for (int i = 0; i < 2; i++)
    mpfr_clears(mid[i], rad[i], (mpfr_ptr)0);
  mpfr_clear(gap);
  return good;
}

static bool values_agree(const mover *m, const mover *judge, long bits) {
  bool good = true;
  for (size_t i = 0; i < m->d; i++)
    good =
        agree(m->value->x + i, judge->value->x + i, m->ctx, judge->ctx, bits) &&
        good;
  for (size_t i = 0; i < m->d * m->d; i++)
    good = agree(m->value->jacobian + i, judge->value->jacobian + i, m->ctx,
                 judge->ctx, bits) &&
           good;
  return good;
}

static void balls(fc_ctx *ctx, long precision) {
  ck_assert_int_eq(fc_ctx_init_arb(ctx, precision, NULL), FC_OK);
}

/* --- the line -------------------------------------------------------------
 */

enum { ANY_WIDTH = -100000 };

static long trials(long usual) {
  const char *text = getenv("FLOWCERT_TRIALS");
  return text ? atol(text) : usual;
}

/* 60 digits of F_t^-1(F_s(x)) and p_s(x)/p_t(X) lie in the enclosures, which
 * are useful: 40 digits or more. */
static bool line_trial(fc_random *random, long number) {
  law l;
  char times[2][32], place[32];
  fc_ctx ctx[1], fine[1];
  mover m[1], judge[1];
  balls(ctx, 230);
  balls(fine, 270);
  draw_law(&l, random, 1);
  const char *schedule = every_schedule[draw(random, 0, SCHEDULE_COUNT - 1)];
  snprintf(times[0], 32, "%ld/64", draw(random, 0, 63));
  snprintf(times[1], 32, "%ld/64", draw(random, 0, 64));
  snprintf(place, 32, "%ld/128", draw(random, -512, 512));
  mover_init(m, target_of(&l), schedule, FC_FLOW_VALIDATED, ctx);
  mover_init(judge, target_of(&l), schedule, FC_FLOW_EXACT, fine);
  mover_move(judge, times[0], times[1], place, POSITION_AND_JACOBIAN);
  mover_move(m, times[0], times[1], place, POSITION_AND_JACOBIAN);
  bool good = values_agree(m, judge, 140);
  if (!good)
    fprintf(stderr, "trial %ld: %s from %s to %s at %s: %s; %s; %s\n", number,
            schedule, times[0], times[1], place, l.weights, l.means, l.spreads);
  mover_clear(m);
  mover_clear(judge);
  return good;
}

START_TEST(line) {
  fc_random stream[1];
  long failures = 0, count = trials(40);
  fc_random_init(stream, 1, "test_flow_validated", "line");
  for (long i = 0; i < count; i++) {
    fc_random random = fc_random_branch(stream, (uint64_t)i);
    failures += !line_trial(&random, i);
  }
  ck_assert_msg(failures == 0, "%ld of %ld", failures, count);
}
END_TEST

/* The worked example, as the literature states it. */
START_TEST(worked_example) {
  fc_ctx ctx[1], many[1];
  mover m[1];
  fc_num x, slope;
  balls(ctx, 170);
  balls(many, 400);
  mover_init(m, isotropic(1, NULL, "-3/2 3/2", "1/2 1/2"), "linear",
             FC_FLOW_VALIDATED, ctx);
  mover_move(m, "0", "99/100", "3/10", POSITION_AND_JACOBIAN);
  fc_init(x, many);
  fc_init(slope, many);
  fc_formula *c = constant_of("1.1286244300103414688517892334267607496397");
  fc_constant_eval(x, c, many);
  fc_formula_free(c);
  c = constant_of("1.2265572624605770629264277715698485234012");
  fc_constant_eval(slope, c, many);
  fc_formula_free(c);
  expect_close(m->value->x, ctx, x, many, 130, 1, "X");
  expect_close(m->value->jacobian, ctx, slope, many, 130, 1, "dX");
  ck_assert(agree(m->value->x, m->value->x, ctx, ctx, 166));
  fc_clear(x, many);
  fc_clear(slope, many);
  mover_clear(m);
}
END_TEST

/* --- R^d ------------------------------------------------------------------
 */

/* One flow by validated and by another method. */
static void against(fc_target *target, fc_flow_method method,
                    const char *schedule, const char *s, const char *t,
                    const char *point, long bits) {
  fc_ctx ctx[1], fine[1];
  mover m[1], judge[1];
  fc_target *copy = NULL;
  ck_assert_int_eq(fc_target_copy(&copy, target), FC_OK);
  balls(ctx, 160);
  if (method == FC_FLOW_TAYLOR)
    fc_ctx_init_mpfr(fine, 220);
  else
    balls(fine, 200);
  mover_init(m, target, schedule, FC_FLOW_VALIDATED, ctx);
  mover_init(judge, copy, schedule, method, fine);
  mover_move(m, s, t, point, POSITION_AND_JACOBIAN);
  mover_move(judge, s, t, point, POSITION_AND_JACOBIAN);
  ck_assert_msg(values_agree(m, judge, bits), "%s from %s to %s", schedule, s,
                t);
  mover_clear(m);
  mover_clear(judge);
}

START_TEST(closed_forms) {
  static const char *const ways[][3] = {{"linear", "0", "1"},
                                        {"follmer", "1", "0"},
                                        {"vp", "1/8", "7/8"},
                                        {"ve", "3/4", "1/5"}};
  for (int w = 0; w < 4; w++) {
    const char *schedule = ways[w][0], *s = ways[w][1], *t = ways[w][2];
    against(isotropic(3, NULL, "1 -1/2 2", "3/4"), FC_FLOW_CLOSED, schedule, s,
            t, "1/3 -2 5/7", 130);
    against(mixture(2, NULL, "1/2 -1", "2 3/5 3/5 1/3"), FC_FLOW_CLOSED,
            schedule, s, t, "1/3 -2", 130);
    against(
        isotropic(3, "1/2 1/3 1/6", "0 0 0 1 2 -1 -1/2 -1 1/2", "1/2 1/2 1/2"),
        FC_FLOW_CLOSED, schedule, s, t, "1/3 1/2 -1", 120);
    against(product(isotropic(1, NULL, "-3/2 3/2", "1/2 1/2"),
                    isotropic(1, "1/4 3/4", "0 1", "1 1/3")),
            FC_FLOW_EXACT, schedule, s, t, "1/5 3/4", 120);
  }
}
END_TEST

/* Where no closed form is known, the estimates of an unrelated integrator. */
START_TEST(against_taylor) {
  static const char *const means[] = {"1 0 -1/2 1 -1 -1",
                                      "1 0 1/2 -1/2 1 0 -1 -1 1/3",
                                      "1 0 1/2 0 -1/2 1 0 1 -1 -1 1/3 0"};
  static const char *const points[] = {"1/3 1/5", "1/3 1/5 -1/2",
                                       "1/3 1/5 -1/2 1"};
  for (size_t d = 2; d <= 4; d++) {
    against(isotropic(d, "1/2 1/4 1/4", means[d - 2], "2/3 2/3 2/3"),
            FC_FLOW_TAYLOR, "linear", "0", "1", points[d - 2], 120);
    against(isotropic(d, "1/2 1/4 1/4", means[d - 2], "2/3 1 1/2"),
            FC_FLOW_TAYLOR, "trigonometric", "1", "1/8", points[d - 2], 120);
  }
  against(mixture(2, "1/3 2/3", "-1 0 1/2 1", "1 1/2 1/2 2 1/3 1/9 1/9 1/5"),
          FC_FLOW_TAYLOR, "linear", "0", "1", "1/3 -1/4", 110);
}
END_TEST

/* --- the flow's own laws --------------------------------------------------
 */

static void triangle(mover *m, const char *means) {
  fc_ctx ctx[1];
  balls(ctx, 160);
  mover_init(m, isotropic(2, "1/2 1/4 1/4", means, "1/2 1/2 1/2"), "linear",
             FC_FLOW_VALIDATED, ctx);
}

static void move_from(mover *m, const char *s, const char *t, fc_srcptr x) {
  fc_vec_set(m->x, x, m->d, m->ctx);
  ck_assert_int_eq(mover_times(m, s, t), FC_OK);
  ck_assert_msg(mover_go(m, POSITION_AND_JACOBIAN) == FC_OK, "%s",
                m->error.message);
}

/* X_{s,t} = X_{r,t} o X_{s,r}, and X_{t,s} leads back. */
START_TEST(composition) {
  mover whole[1], first[1];
  triangle(whole, "1 0 -1/2 1 -1/2 -1");
  triangle(first, "1 0 -1/2 1 -1/2 -1");
  mover_move(whole, "0", "7/8", "1/3 1/5", POSITION_AND_JACOBIAN);
  mover_move(first, "0", "1/2", "1/3 1/5", POSITION_AND_JACOBIAN);
  fc_ptr p = fc_vec_new(8, whole->ctx), product = p + 4;
  fc_vec_set(p, first->value->jacobian, 4, first->ctx);
  move_from(first, "1/2", "7/8", first->value->x);
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < 2; j++)
      for (size_t k = 0; k < 2; k++)
        fc_addmul(product + i * 2 + j, first->value->jacobian + i * 2 + k,
                  p + k * 2 + j, first->ctx);
  for (size_t i = 0; i < 2; i++)
    ck_assert(agree(whole->value->x + i, first->value->x + i, whole->ctx,
                    first->ctx, 120));
  for (size_t i = 0; i < 4; i++)
    ck_assert(agree(whole->value->jacobian + i, product + i, whole->ctx,
                    first->ctx, 120));
  move_from(whole, "7/8", "0", whole->value->x);
  mover_at(first, "1/3 1/5");
  for (size_t i = 0; i < 2; i++)
    ck_assert(
        agree(whole->value->x + i, first->x + i, whole->ctx, first->ctx, 120));
  fc_vec_free(p, 8, whole->ctx);
  mover_clear(whole);
  mover_clear(first);
}
END_TEST

/* A rotation by (3/5, 4/5) and a shift by c of the means: X(Qx + b_s c) = Q
 * X(x)
 * + b_t c; from 0 to 1 under linear b is 0 and 1. */
START_TEST(rotated_and_translated) {
  mover m[1], moved[1];
  fc_ctx ctx[1];
  balls(ctx, 160);
  triangle(m, "1 0 -1/2 1 -1/2 -1");
  mover_init(moved,
             isotropic(2, "1/2 1/4 1/4",
                       "3/5+1/3 4/5-2 -3/10-4/5+1/3 -4/10+3/5-2 "
                       "-3/10+4/5+1/3 -4/10-3/5-2",
                       "1/2 1/2 1/2"),
             "linear", FC_FLOW_VALIDATED, ctx);
  mover_move(m, "0", "1", "1/3 1/5", POSITION_AND_JACOBIAN);
  mover_move(moved, "0", "1", "1/5-4/25 4/15+3/25", POSITION_AND_JACOBIAN);
  fc_ptr z = fc_vec_new(4, ctx);
  fc_formula *c[4] = {constant_of("3/5"), constant_of("4/5"),
                      constant_of("1/3"), constant_of("-2")};
  fc_ptr n = fc_vec_new(4, ctx);
  for (int i = 0; i < 4; i++) {
    fc_constant_eval(n + i, c[i], ctx);
    fc_formula_free(c[i]);
  }
  fc_mul(z, n, m->value->x, ctx);
  fc_submul(z, n + 1, m->value->x + 1, ctx);
  fc_add(z, z, n + 2, ctx);
  fc_mul(z + 1, n + 1, m->value->x, ctx);
  fc_addmul(z + 1, n, m->value->x + 1, ctx);
  fc_add(z + 1, z + 1, n + 3, ctx);
  ck_assert(agree(moved->value->x, z, ctx, ctx, 120));
  ck_assert(agree(moved->value->x + 1, z + 1, ctx, ctx, 120));
  /* the trace and the determinant of the derivative do not turn */
  fc_add(z, m->value->jacobian, m->value->jacobian + 3, ctx);
  fc_add(z + 1, moved->value->jacobian, moved->value->jacobian + 3, ctx);
  ck_assert(agree(z, z + 1, ctx, ctx, 120));
  fc_vec_free(z, 4, ctx);
  fc_vec_free(n, 4, ctx);
  mover_clear(m);
  mover_clear(moved);
}
END_TEST

/* --- boxes ----------------------------------------------------------------
 */

/* x_i = centre_i +- half */
static void set_box(mover *m, const char *centre, double half) {
  mpfr_t low, high;
  mpfr_inits2(300, low, high, (mpfr_ptr)0);
  mover_at(m, centre);
  for (size_t i = 0; i < m->d; i++) {
    fc_get_mid(low, m->x + i, m->ctx);
    mpfr_add_d(high, low, half, MPFR_RNDU);
    mpfr_sub_d(low, low, half, MPFR_RNDD);
    fc_set_interval(m->x + i, low, high, m->ctx);
  }
  mpfr_clears(low, high, (mpfr_ptr)0);
}

/* Every entry of the point's enclosures lies in the box's. */
static bool inside(const mover *point, const mover *box) {
  mpfr_t mid[2], rad[2];
  bool good = true;
  for (int i = 0; i < 2; i++) {
    mpfr_init2(mid[i], 400);
    mpfr_init2(rad[i], 64);
  }
  for (size_t i = 0; i < box->d + box->d * box->d; i++) {
    fc_srcptr x = i < box->d ? point->value->x + i
                             : point->value->jacobian + (i - box->d),
              y = i < box->d ? box->value->x + i
                             : box->value->jacobian + (i - box->d);
    fc_get_mid(mid[0], x, point->ctx);
    fc_get_mid(mid[1], y, box->ctx);
    fc_get_rad(rad[0], x, point->ctx);
    fc_get_rad(rad[1], y, box->ctx);
    mpfr_sub(mid[0], mid[0], mid[1], MPFR_RNDN);
    mpfr_abs(mid[0], mid[0], MPFR_RNDN);
    mpfr_sub(mid[0], mid[0], rad[0], MPFR_RNDN);
    good = good && mpfr_lessequal_p(mid[0], rad[1]);
  }
  for (int i = 0; i < 2; i++)
    mpfr_clears(mid[i], rad[i], (mpfr_ptr)0);
  return good;
}

/* A box of starts, and points of it. */
static void box_trial(fc_target *target, const char *s, const char *t,
                      const char *centre, double half, long budget,
                      fc_random *random) {
  fc_ctx ctx[1], fine[1];
  mover box[1], point[1];
  fc_target *copy = NULL;
  ck_assert_int_eq(fc_target_copy(&copy, target), FC_OK);
  balls(ctx, 53);
  balls(fine, 80);
  mover_init(box, target, "linear", FC_FLOW_VALIDATED, ctx);
  mover_init(point, copy, "linear", FC_FLOW_VALIDATED, fine);
  ck_assert_int_eq(mover_times(box, s, t), FC_OK);
  ck_assert_int_eq(mover_times(point, s, t), FC_OK);
  set_box(box, centre, half);
  fc_flow_set_budget(box->flow, budget);
  ck_assert_msg(mover_go(box, POSITION_AND_JACOBIAN) == FC_OK, "%s +- %g: %s",
                centre, half, box->error.message);
  for (int i = 0; i < 8; i++) {
    mpfr_t x;
    mpfr_init2(x, 80);
    for (size_t k = 0; k < box->d; k++) {
      fc_get_mid(x, box->x + k, ctx);
      double part = i < 2 ? 2 * i - 1 : 2 * fc_random_uniform(random) - 1;
      mpfr_add_d(x, x, half * part, MPFR_RNDN);
      fc_set_mpfr(point->x + k, x, fine);
    }
    mpfr_clear(x);
    ck_assert_int_eq(mover_go(point, POSITION_AND_JACOBIAN), FC_OK);
    ck_assert_msg(inside(point, box), "%s +- %g, point %d", centre, half, i);
  }
  mover_clear(box);
  mover_clear(point);
}

START_TEST(boxes) {
  static const double halves[] = {1e-6, 0.05, 0.5};
  fc_random random[1];
  fc_random_init(random, 1, "test_flow_validated", "boxes");
  for (int i = 0; i < 3; i++) {
    double half = halves[i];
    box_trial(isotropic(1, NULL, "-3/2 3/2", "1/2 1/2"), "0", "99/100", "0",
              half, 4000, random);
    box_trial(isotropic(1, "1/4 3/4", "-1 1", "1/2 3/4"), "1/4", "1", "1/3",
              half, 4000, random);
    box_trial(isotropic(1, "1/2 1/4 1/4", "-1 1 2", "1/2 1/2 1/2"), "1", "1/8",
              "1/3", half, 20000, random);
  }
  for (int i = 0; i < 2; i++)
    box_trial(isotropic(2, NULL, "1 0 -1/2 1 -1/2 -1", "1/2 1/2 1/2"), "0",
              "3/4", "0 1/5", halves[i], 4000, random);
}
END_TEST

/* The whole of it is no wider than need be: the largest derivative of the
 * worked example is 44.48582970 at 0, to 10 percent, in [-1/2, 1/2] and in
 * [-1/20, 1/20]. */
START_TEST(wide_boxes_are_tight) {
  static const double halves[] = {0.05, 0.5};
  for (int i = 0; i < 2; i++) {
    fc_ctx ctx[1];
    mover m[1];
    mpfr_t mid, rad;
    balls(ctx, 53);
    mover_init(m, isotropic(1, NULL, "-3/2 3/2", "1/2 1/2"), "linear",
               FC_FLOW_AUTO, ctx); /* which is exact for points */
    ck_assert_int_eq(mover_times(m, "0", "99/100"), FC_OK);
    set_box(m, "0", halves[i]);
    ck_assert_int_eq(mover_go(m, POSITION_AND_JACOBIAN), FC_OK);
    mpfr_inits2(53, mid, rad, (mpfr_ptr)0);
    fc_get_mid(mid, m->value->jacobian, ctx);
    fc_get_rad(rad, m->value->jacobian, ctx);
    mpfr_add(mid, mid, rad, MPFR_RNDU);
    double most = mpfr_get_d(mid, MPFR_RNDU);
    ck_assert_msg(most >= 44.48582970 && most <= 1.1 * 44.48582970,
                  "+- %g: %.17g", halves[i], most);
    mpfr_clears(mid, rad, (mpfr_ptr)0);
    mover_clear(m);
  }
}
END_TEST

/* --- partial results ------------------------------------------------------
 */

/* What is said at the time that was reached is true there. */
static void expect_partial(mover *m, const char *schedule, const char *s,
                           const char *t, const char *point, long budget,
                           fc_target *copy) {
  fc_ctx fine[1];
  mover judge[1];
  char reached[64];
  balls(fine, 300);
  fc_flow_set_budget(m->flow, budget);
  ck_assert_int_eq(mover_times(m, s, t), FC_OK);
  mover_at(m, point);
  fc_status status = mover_go(m, POSITION_AND_JACOBIAN);
  ck_assert_int_eq(status, FC_BUDGET);
  ck_assert_str_ne(m->error.message, "");
  double r = fc_flow_reached(m->flow);
  snprintf(reached, sizeof reached, "%.0f/2^60", ldexp(r, 60));
  mover_init(judge, copy, schedule, FC_FLOW_EXACT, fine);
  mover_move(judge, s, reached, point, POSITION_AND_JACOBIAN);
  ck_assert_msg(agree(m->value->x, judge->value->x, m->ctx, fine, ANY_WIDTH) &&
                    agree(m->value->jacobian, judge->value->jacobian, m->ctx,
                          fine, ANY_WIDTH),
                "%s, budget %ld, reached %.17g", schedule, budget, r);
  mover_clear(judge);
}

START_TEST(partial_results) {
  static const char *const ways[][3] = {
      {"linear", "0", "1"}, {"follmer", "7/8", "0"}, {"ve", "1/4", "3/4"}};
  for (int w = 0; w < 3; w++)
    for (long budget = 0; budget < 8; budget += 2) {
      fc_ctx ctx[1];
      mover m[1];
      balls(ctx, 100);
      mover_init(m, isotropic(1, NULL, "-2 2", "1/4 1/4"), ways[w][0],
                 FC_FLOW_VALIDATED, ctx);
      expect_partial(m, ways[w][0], ways[w][1], ways[w][2], "1/3", budget,
                     isotropic(1, NULL, "-2 2", "1/4 1/4"));
      mover_clear(m);
    }
}
END_TEST

/* Narrow modes: few bits end before the boundary between them has torn the
 * enclosure apart, with a true part; more reach the end. */
START_TEST(narrow_modes) {
  static const char means[] = "-12 12", widths[] = "1/8 1/8";
  fc_ctx ctx[1];
  mover m[1];
  balls(ctx, 53);
  mover_init(m, isotropic(1, NULL, means, widths), "linear", FC_FLOW_VALIDATED,
             ctx);
  expect_partial(m, "linear", "0", "1", "10^-300", 20000,
                 isotropic(1, NULL, means, widths));
  ck_assert(fc_flow_reached(m->flow) > 0.1);
  mover_clear(m);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("validated flow");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 600);
  if (fc_have_arb()) {
    tcase_add_test(all, line);
    tcase_add_test(all, worked_example);
    tcase_add_test(all, closed_forms);
    tcase_add_test(all, against_taylor);
    tcase_add_test(all, composition);
    tcase_add_test(all, rotated_and_translated);
    tcase_add_test(all, boxes);
    tcase_add_test(all, wide_boxes_are_tight);
    tcase_add_test(all, partial_results);
    tcase_add_test(all, narrow_modes);
  }
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
