/* Proved extrema of the eigenvalues of grad v over all x: against closed forms,
 * against the eigenvalue at random points and at what the search finds. */
#include <math.h>

#include "fields.h"
#include "instances.h"
#include "suprema/certified_eigenvalue.h"
#include "suprema/cover.h"
#include "suprema/mixture_cover.h"
#include "suprema/responsibility.h"

enum { BITS = 96, BOXES = 40000, POINTS = 40 };

/* --- one question ------------------------------------------------------- */

typedef struct enclosure {
  fc_instance *instance;
  fc_formula *time;
  fc_eigenvalue_question question;
  fc_eigenvalue_answer answer[1];
} enclosure;

static void enclose(enclosure *e, const char *target, const char *schedule,
                    const char *time, fc_side side, double gap) {
  fc_error error;
  e->instance = instance_of(target, schedule);
  e->time = constant_of(time);
  e->question = (fc_eigenvalue_question){.target = e->instance->target,
                                         .schedule = e->instance->schedules[0],
                                         .time = e->time,
                                         .side = side,
                                         .gap = gap,
                                         .boxes = BOXES,
                                         .precision = BITS};
  fc_eigenvalue_answer_init(e->answer);
  ck_assert_msg(fc_certified_eigenvalue(e->answer, &e->question, &error) ==
                    FC_OK,
                "%s at %s: %s", target, time, error.message);
  ck_assert(mpfr_cmp(e->answer->low, e->answer->high) <= 0);
}

static void enclosure_clear(enclosure *e) {
  fc_eigenvalue_answer_clear(e->answer);
  fc_formula_free(e->time);
  fc_instance_free(e->instance);
}

static void print_answer(const enclosure *e, const char *what) {
  fprintf(stderr, "%s: [%.17g, %.17g], %s, %zu boxes\n", what,
          mpfr_get_d(e->answer->low, MPFR_RNDD),
          mpfr_get_d(e->answer->high, MPFR_RNDU), e->answer->argument,
          e->answer->boxes);
}

/* sup >= value (inf <= value) is no surprise; beyond the other end it would
 * refute the enclosure. */
static void check_value(const enclosure *e, fc_srcptr value,
                        const fc_ctx *ctx) {
  mpfr_t x;
  mpfr_init2(x, ctx->precision);
  fc_get_mid(x, value, ctx);
  bool inside = e->question.side == FC_LARGEST
                    ? mpfr_cmp(x, e->answer->high) <= 0
                    : mpfr_cmp(x, e->answer->low) >= 0;
  if (!inside)
    print_answer(e, e->question.side == FC_LARGEST ? "sup" : "inf");
  ck_assert_msg(inside, "the eigenvalue %.17g is beyond",
                mpfr_get_d(x, MPFR_RNDN));
  mpfr_clear(x);
}

/* --- closed forms ------------------------------------------------------- */

/* Targets, and the largest and least of C as formulas in a, b. */
static const struct {
  const char *target, *largest, *least;
} closed[] = {
    {"family: gaussian-mixture, means: [[-3/2], [3/2]], stddev: 1/2",
     "a^2/4/(a^2+b^2/4) + (a^2/(a^2+b^2/4))^2*9/4", "a^2/4/(a^2+b^2/4)"},
    {"family: gaussian-mixture, weights: [1/10, 9/10], means: [[0, 1], [3, "
     "5]], "
     "stddev: 2/3",
     "a^2*4/9/(a^2+b^2*4/9) + (a^2/(a^2+b^2*4/9))^2*25/4",
     "a^2*4/9/(a^2+b^2*4/9)"},
    /* approached only at infinity, along a bisector: h^2 = 3/4 */
    {"family: gaussian-mixture, means: [[1, 0], [-1/2, sqrt(3)/2], [-1/2, "
     "-sqrt(3)/2]], stddev: 1/2",
     "a^2/4/(a^2+b^2/4) + (a^2/(a^2+b^2/4))^2*3/4", "a^2/4/(a^2+b^2/4)"},
    /* three in space, in general position */
    {"family: gaussian-mixture, weights: [1/6, 1/3, 1/2], means: [[0, 0, 0], "
     "[2, 0, 1], [0, 1, 0]], stddev: 1",
     "a^2/(a^2+b^2) + (a^2/(a^2+b^2))^2*6/4", "a^2/(a^2+b^2)"},
    {"family: atoms, points: [[0, 0], [2, 0], [1, 3/2]]", "1", "0"},
    {"family: gaussian, mean: [1, 2], covariance: [[2, 0], [0, 1/3]]",
     "2*a^2/(a^2+2*b^2)", "a^2/3/(a^2+b^2/3)"},
    {"family: truncated-gaussian, mean: 0, stddev: 1, lower: 0, upper: "
     "infinity",
     "a^2/(a^2+b^2)", "0"},
    /* a square is a product of two bumps: flat ridges */
    {"family: gaussian-mixture, means: [[1, 1], [1, -1], [-1, 1], [-1, -1]], "
     "stddev: 1/2",
     "a^2/4/(a^2+b^2/4) + (a^2/(a^2+b^2/4))^2", "a^2/4/(a^2+b^2/4)"},
    /* the same in space, the plane of the means askew */
    {"family: gaussian-mixture, means: [[1, 2, 1], [1, 0, -1], [-1, 0, 1], "
     "[-1, -2, -1], [0, 0, 0]], weights: [1/8, 1/8, 1/8, 1/8, 1/2], stddev: "
     "1/2",
     NULL, "a^2/4/(a^2+b^2/4)"},
    {"family: uniform-box, lower: -1, upper: 2", NULL, "0"},
};
enum { CLOSED = sizeof closed / sizeof *closed };

/* z = a'/a + (b omega/a^3) c(a, b) for the linear schedule: a = 1 - t. */
static void closed_rate(mpfr_ptr z, const char *c, const char *time) {
  static const char *const names[] = {"t"};
  char text[512];
  fc_formula *formula = NULL, *t = constant_of(time);
  fc_ctx ctx[1];
  fc_num value, x;
  fc_error error;
  const char *from = c;
  size_t used = (size_t)snprintf(text, sizeof text, "-1/(1-t) + t/(1-t)^3*(");
  for (; *from; from++) /* a and b stand alone in these formulas */
    used += (size_t)snprintf(text + used, sizeof text - used, "%s",
                             *from == 'a'   ? "(1-t)"
                             : *from == 'b' ? "t"
                                            : (char[2]){*from, 0});
  snprintf(text + used, sizeof text - used, ")");
  ck_assert_msg(fc_formula_parse(&formula, text, names, 1, NULL, &error) ==
                    FC_OK,
                "%s: %s", text, error.message);
  fc_ctx_init_mpfr(ctx, 400);
  fc_init(value, ctx);
  fc_init(x, ctx);
  ck_assert_int_eq(fc_constant_eval(x, t, ctx), FC_OK);
  ck_assert_int_eq(fc_formula_eval(value, formula, x, ctx), FC_OK);
  fc_get_mid(z, value, ctx);
  fc_clear(x, ctx);
  fc_clear(value, ctx);
  fc_formula_free(t);
  fc_formula_free(formula);
}

START_TEST(closed_forms) {
  static const char *const times[] = {"1/3", "9/10", "1-10^-9", "10^-6"};
  const char *time = times[_i % 4];
  mpfr_t wanted, slack;
  if (!fc_have_arb())
    return;
  mpfr_init2(wanted, 400);
  mpfr_init2(slack, 64);
  for (int side = 0; side < 2; side++) {
    const char *c = side ? closed[_i / 4].largest : closed[_i / 4].least;
    enclosure e;
    if (!c)
      continue;
    enclose(&e, closed[_i / 4].target, "linear", time, (fc_side)side, 1e-2);
    closed_rate(wanted, c, time);
    mpfr_abs(slack, wanted, MPFR_RNDU); /* its own rounding error */
    mpfr_add_ui(slack, slack, 1, MPFR_RNDU);
    mpfr_mul_2si(slack, slack, -300, MPFR_RNDU);
    mpfr_sub(wanted, wanted, slack, MPFR_RNDD);
    bool above = mpfr_cmp(wanted, e.answer->high) <= 0;
    mpfr_mul_2ui(slack, slack, 1, MPFR_RNDU);
    mpfr_add(wanted, wanted, slack, MPFR_RNDU);
    bool below = mpfr_cmp(wanted, e.answer->low) >= 0;
    if (!above || !below || !e.answer->reached)
      print_answer(&e, closed[_i / 4].target);
    ck_assert(above && below && e.answer->reached);
    if (e.answer->boxes == 0) { /* then it is sharp */
      mpfr_sub(slack, e.answer->high, e.answer->low, MPFR_RNDU);
      mpfr_abs(wanted, wanted, MPFR_RNDU);
      mpfr_mul_2si(wanted, wanted, 1 - BITS, MPFR_RNDU);
      ck_assert(mpfr_cmp(slack, wanted) <= 0);
    }
    enclosure_clear(&e);
  }
  mpfr_clear(slack);
  mpfr_clear(wanted);
}
END_TEST

/* --- what no closed form knows ------------------------------------------ */

static const char *const open_targets[] = {
    "family: gaussian-mixture, weights: [1/2, 3/10, 1/5], means: [[-2], [1/2], "
    "[3/2]], stddev: 2/5",
    "family: gaussian-mixture, weights: [2/3, 1/3], means: [-1, 2], stddev: "
    "[1/4, 1]",
    "family: gaussian-mixture, weights: [1/5, 1/5, 2/5, 1/5], means: [-1, 2, "
    "0, "
    "1], stddev: [1/4, 1, 1/4, 2]",
    "family: gaussian-mixture, weights: [1/4, 1/4, 1/3, 1/6], means: [[1, 0], "
    "[0, 6/5], [-9/10, 0], [0, -1]], stddev: 1/2",
    "family: gaussian-mixture, means: [[4, 0], [2, 2*sqrt(3)], [-2, "
    "2*sqrt(3)], "
    "[-4, 0], [-2, -2*sqrt(3)], [2, -2*sqrt(3)]], stddev: 1/4",
    "family: gaussian-mixture, means: [[0, 0], [1, 1], [3, 3], [5, 5]], "
    "stddev: "
    "1/2",
    "family: gaussian-mixture, means: [[1, 2, 1], [1, 0, -1], [-1, 0, 1], [-1, "
    "-2, -1], [0, 0, 0]], weights: [1/8, 1/8, 1/8, 1/8, 1/2], stddev: 1/2",
    "family: gaussian-mixture, means: [[-1, -1], [-1, 0], [-1, 1], [1, -1], "
    "[1, "
    "0], [1, 1]], stddev: 1/2",
    "family: uniform-box, lower: -1, upper: 2",
    "family: truncated-gaussian, mean: 0, stddev: 1, lower: -1/4, upper: 3",
    "family: product, factors: [{family: gaussian-mixture, means: [-1, 0, 2], "
    "stddev: 1/2}, {family: gaussian, mean: [0, 1], stddev: 3/4}]",
    "family: atoms, points: [0, 1/3, 1]",
};
enum { OPEN = sizeof open_targets / sizeof *open_targets };

static const char *const open_times[] = {"1/20", "2/5", "7/10", "99/100"};

/* The eigenvalue at random points, near and far. */
static void check_points(const enclosure *e, generator *g) {
  fc_ctx ctx[1];
  fc_time time[1];
  fc_num value;
  size_t d = fc_target_dimension(e->question.target);
  fc_ctx_init_mpfr(ctx, 160);
  fc_time_init(time, ctx);
  fc_init(value, ctx);
  fc_ptr x = fc_vec_new(d, ctx);
  ck_assert_int_eq(fc_time_set(time, e->time, ctx), FC_OK);
  for (int i = 0; i < POINTS; i++) {
    double size = i % 4 == 3 ? 64 : 4;
    for (size_t k = 0; k < d; k++)
      fc_set_d(x + k, size * ((double)next_long(g, -4096, 4096) / 4096), ctx);
    ck_assert_int_eq(fc_eigenvalue_at(value, e->question.target,
                                      e->question.schedule, time, x,
                                      e->question.side, ctx),
                     FC_OK);
    check_value(e, value, ctx);
  }
  fc_vec_free(x, d, ctx);
  fc_clear(value, ctx);
  fc_time_clear(time, ctx);
}

/* What the search finds lies within, or below what it missed. */
static void check_search(const enclosure *e) {
  fc_ctx ctx[1];
  fc_random random[1];
  fc_extremizer *extremizer = NULL;
  fc_extremum found[1];
  size_t d = fc_target_dimension(e->question.target);
  double t;
  ck_assert_int_eq(fc_constant_eval_d(&t, e->time), FC_OK);
  fc_ctx_init_mpfr(ctx, 128);
  fc_random_init(random, 7, "test", "certified");
  ck_assert_int_eq(fc_extremum_init(found, d, ctx), FC_OK);
  CHECKED(fc_extremizer_new(&extremizer, e->question.target,
                            e->question.schedule, ctx, random, &error_));
  ck_assert_int_eq(
      fc_extremizer_at(found, extremizer, t, false, e->question.side, NULL),
      FC_OK);
  double value = fc_get_d(found->value, ctx), tie = 1e-9 * (1 + fabs(value));
  double low = mpfr_get_d(e->answer->low, MPFR_RNDD),
         high = mpfr_get_d(e->answer->high, MPFR_RNDU);
  if (e->question.side == FC_LARGEST ? value > high + tie : value < low - tie)
    print_answer(e, "search");
  if (e->question.side == FC_LARGEST)
    ck_assert_double_le(value, high + tie);
  else
    ck_assert_double_ge(value, low - tie);
  fc_extremizer_free(extremizer);
  fc_extremum_clear(found, d, ctx);
}

START_TEST(points_are_within) {
  const char *target = open_targets[_i / 4], *time = open_times[_i % 4];
  generator g = {(uint64_t)_i};
  if (!fc_have_arb())
    return;
  for (int side = 0; side < 2; side++) {
    enclosure e;
    enclose(&e, target, _i % 2 ? "linear" : "follmer", time, (fc_side)side,
            1e-2);
    if (!e.answer->reached)
      print_answer(&e, target);
    ck_assert(e.answer->reached);
    check_points(&e, &g);
    check_search(&e);
    enclosure_clear(&e);
  }
}
END_TEST

/* A smaller gap gives an enclosure within the larger one's reach, on the line
 * to 10^-9; both hold the same number. */
START_TEST(gaps_are_kept) {
  static const int lines[] = {0, 1, 2, 5, 8, 9, 11};
  enclosure coarse, fine;
  if (!fc_have_arb())
    return;
  const char *target = open_targets[lines[_i]];
  enclose(&coarse, target, "linear", "2/5", FC_LARGEST, 1e-2);
  enclose(&fine, target, "linear", "2/5", FC_LARGEST, 1e-9);
  ck_assert(coarse.answer->reached && fine.answer->reached);
  ck_assert(mpfr_cmp(coarse.answer->low, fine.answer->high) <= 0);
  ck_assert(mpfr_cmp(fine.answer->low, coarse.answer->high) <= 0);
  double low = mpfr_get_d(fine.answer->low, MPFR_RNDD),
         high = mpfr_get_d(fine.answer->high, MPFR_RNDU);
  ck_assert_double_le(high - low, 1e-7);
  enclosure_clear(&fine);
  enclosure_clear(&coarse);
}
END_TEST

/* Uniform on [-1, 2]: the most is taken on at x = b/2, by symmetry. */
START_TEST(uniform_centre) {
  static const char *const places[] = {"1/40", "1/5", "7/20", "99/200"};
  enclosure e;
  if (!fc_have_arb())
    return;
  enclose(&e, "family: uniform-box, lower: -1, upper: 2", "linear",
          open_times[_i], FC_LARGEST, 1e-9);
  field f;
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, 200);
  field_init(&f, pieces("1 - - -1 2"), "linear", ctx);
  field_time(&f, open_times[_i]);
  field_point(&f, places[_i], FC_VELOCITY_JACOBIAN);
  check_value(&e, f.value->jacobian, ctx);
  ck_assert_double_eq_tol(fc_get_d(f.value->jacobian, ctx),
                          mpfr_get_d(e.answer->low, MPFR_RNDN),
                          1e-7 * (1 + fabs(fc_get_d(f.value->jacobian, ctx))));
  field_clear(&f);
  enclosure_clear(&e);
}
END_TEST

/* Two components that no order tells apart: no constant bounds grad v. */
START_TEST(unbounded) {
  static const char *const targets[] = {
      "family: gaussian-mixture, means: [[-1, 0], [1, 1/2]], covariances: "
      "[[[1/2, 1/4], [1/4, 1/2]], [[1, -3/10], [-3/10, 1/4]]]",
      "family: gaussian-mixture, means: [[0, 0, 0], [1, 1, 1], [2, 0, 0]], "
      "covariances: [[[1, 0, 0], [0, 2, 0], [0, 0, 1]], [[2, 0, 0], [0, 1, 0], "
      "[0, 0, 1]], [[1/4, 0, 0], [0, 1/4, 0], [0, 0, 1/4]]]"};
  enclosure e;
  if (!fc_have_arb())
    return;
  enclose(&e, targets[_i], "linear", "1/2", FC_LARGEST, 1e-2);
  ck_assert(mpfr_inf_p(e.answer->low) && mpfr_sgn(e.answer->low) > 0);
  enclosure_clear(&e);
  /* the least is known all the same */
  enclose(&e, targets[_i], "linear", "1/2", FC_SMALLEST, 1e-2);
  generator g = {5};
  ck_assert(mpfr_number_p(e.answer->low));
  check_points(&e, &g);
  enclosure_clear(&e);
}
END_TEST

/* Covariances that are ordered: bounded, and so never called infinite. */
START_TEST(ordered_is_not_unbounded) {
  enclosure e;
  if (!fc_have_arb())
    return;
  enclose(&e,
          "family: gaussian-mixture, means: [[-1, 0], [1, 1/2]], covariances: "
          "[[[1/4, 0], [0, 1/3]], [[1, 1/10], [1/10, 1/2]]]",
          "linear", "1/2", FC_LARGEST, 1e-2);
  ck_assert(mpfr_number_p(e.answer->low) && !e.answer->reached);
  /* nor is the narrower one alone anywhere */
  e.question.side = FC_SMALLEST;
  ck_assert_int_eq(fc_certified_eigenvalue(e.answer, &e.question, NULL), FC_OK);
  ck_assert(!e.answer->reached);
  enclosure_clear(&e);
}
END_TEST

/* Where only partial results are had, they are true. */
START_TEST(partial_results) {
  static const char *const targets[] = {
      "family: tilted-gaussian, log_ratio: -abs(x), L: 1",
      "family: density, potential: x^4, lower: -1, upper: 1",
      ("family: gaussian-mixture, stddev: 1/2, means: "
       "[[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, "
       "-1]]")};
  enclosure e;
  generator g = {9};
  if (!fc_have_arb())
    return;
  for (int side = 0; side < 2; side++) {
    enclose(&e, targets[_i], "linear", "1/2", (fc_side)side, 1e-2);
    ck_assert(mpfr_number_p(e.answer->low) && mpfr_number_p(e.answer->high));
    check_points(&e, &g);
    enclosure_clear(&e);
  }
}
END_TEST

/* t = 0 and t = 1, and where there is no limit. */
START_TEST(ends) {
  enclosure e;
  fc_error error;
  if (!fc_have_arb())
    return;
  enclose(&e, open_targets[3], "linear", "0", FC_LARGEST, 1e-2);
  ck_assert(mpfr_cmp_si(e.answer->low, -1) == 0 &&
            mpfr_cmp_si(e.answer->high, -1) == 0);
  enclosure_clear(&e);
  enclose(&e, open_targets[1], "linear", "1", FC_LARGEST, 1e-2);
  ck_assert_double_eq_tol(mpfr_get_d(e.answer->low, MPFR_RNDN), 1, 1e-12);
  ck_assert_double_eq_tol(mpfr_get_d(e.answer->high, MPFR_RNDN), 1, 1e-12);
  enclosure_clear(&e);
  enclose(&e, open_targets[8], "linear", "1/2", FC_LARGEST, 1e-2);
  fc_formula_free(e.time);
  e.time = constant_of("1");
  e.question.time = e.time;
  ck_assert_int_eq(fc_certified_eigenvalue(e.answer, &e.question, &error),
                   FC_DOMAIN);
  ck_assert_uint_gt(strlen(error.message), 0);
  enclosure_clear(&e);
}
END_TEST

/* Without balls: said, not guessed. */
START_TEST(needs_balls) {
  fc_instance *instance = instance_of(open_targets[0], "linear");
  fc_eigenvalue_answer answer[1];
  fc_error error;
  fc_eigenvalue_question question = {.target = instance->target,
                                     .schedule = instance->schedules[0],
                                     .moment = 0.5,
                                     .side = FC_LARGEST,
                                     .gap = 1e-2,
                                     .boxes = 1000,
                                     .precision = 64};
  fc_eigenvalue_answer_init(answer);
  ck_assert_int_eq(fc_certified_eigenvalue(answer, &question, &error),
                   fc_have_arb() ? FC_OK : FC_UNSUPPORTED);
  fc_eigenvalue_answer_clear(answer);
  fc_instance_free(instance);
}
END_TEST

/* Where the search is good (not along bisectors), it and a narrow enclosure
 * agree both ways. */
START_TEST(search_agrees) {
  static const int planes[] = {0, 4, 5, 6, 7};
  enclosure e;
  fc_ctx fast[1];
  fc_random random[1];
  fc_extremizer *extremizer = NULL;
  fc_extremum found[1];
  if (!fc_have_arb())
    return;
  enclose(&e, open_targets[planes[_i]], "linear", "5/8", FC_LARGEST, 1e-3);
  ck_assert(e.answer->reached);
  check_search(&e);
  size_t d = fc_target_dimension(e.question.target);
  fc_ctx_init_double(fast);
  fc_random_init(random, 7, "test", "certified");
  ck_assert_int_eq(fc_extremum_init(found, d, fast), FC_OK);
  CHECKED(fc_extremizer_new(&extremizer, e.question.target, e.question.schedule,
                            fast, random, &error_));
  ck_assert_int_eq(
      fc_extremizer_at(found, extremizer, 0.625, false, FC_LARGEST, NULL),
      FC_OK);
  double low = mpfr_get_d(e.answer->low, MPFR_RNDD);
  ck_assert_double_ge(fc_get_d(found->value, fast), low - 1e-6 * fabs(low));
  fc_extremizer_free(extremizer);
  fc_extremum_clear(found, d, fast);
  enclosure_clear(&e);
}
END_TEST

/* The extremum over a product is that of its factors, in any order: what is
 * known of one says nothing about the next. */
START_TEST(products) {
  static const char *const factors[] = {
      "{family: uniform-box, lower: 0, upper: 1}",
      "{family: uniform-box, lower: -2, upper: 2}",
      "{family: gaussian, mean: [0], stddev: 1/4}",
      "{family: truncated-gaussian, mean: 0, stddev: 2, lower: 0, upper: 3}",
      "{family: gaussian-mixture, means: [-1, 2], stddev: [1/4, 1]}",
      ("{family: gaussian-mixture, means: [[-1, 0], [1, 1/2]], covariances: "
       "[[[1/4, 0], [0, 1/3]], [[1, 1/10], [1/10, 1/2]]]}"),
  };
  enum { FACTORS = sizeof factors / sizeof *factors };
  if (!fc_have_arb())
    return;
  fc_side side = (fc_side)(_i % 2);
  enclosure one[FACTORS], both;
  for (int k = 0; k < FACTORS; k++) {
    char alone[256];
    size_t length = strlen(factors[k]); /* without the braces */
    snprintf(alone, sizeof alone, "%.*s", (int)length - 2, factors[k] + 1);
    enclose(&one[k], alone, "linear", "1/2", side, 1e-2);
  }
  for (int j = 0; j < FACTORS; j++)
    for (int k = 0; k < FACTORS; k++) {
      char text[600];
      snprintf(text, sizeof text, "family: product, factors: [%s, %s]",
               factors[j], factors[k]);
      enclose(&both, text, "linear", "1/2", side, 1e-2);
      int sign = side == FC_LARGEST ? 1 : -1;
      const fc_eigenvalue_answer *p = one[j].answer, *q = one[k].answer;
      mpfr_srcptr low = sign * mpfr_cmp(p->low, q->low) > 0 ? p->low : q->low,
                  high =
                      sign * mpfr_cmp(p->high, q->high) > 0 ? p->high : q->high;
      ck_assert_msg(mpfr_equal_p(low, both.answer->low) &&
                        mpfr_equal_p(high, both.answer->high) &&
                        both.answer->reached == (p->reached && q->reached),
                    "%s: [%.17g, %.17g], the factors have [%.17g, %.17g]", text,
                    mpfr_get_d(both.answer->low, MPFR_RNDN),
                    mpfr_get_d(both.answer->high, MPFR_RNDN),
                    mpfr_get_d(low, MPFR_RNDN), mpfr_get_d(high, MPFR_RNDN));
      enclosure_clear(&both);
    }
  for (int k = 0; k < FACTORS; k++)
    enclosure_clear(&one[k]);
}
END_TEST

/* --- responsibilities on boxes ------------------------------------------ */

enum { COMPONENTS = 4 };

typedef struct logits {
  double a[COMPONENTS], b[2 * COMPONENTS], q[COMPONENTS];
} logits;

static void draw_logits(logits *l, bool *same, bool flat, generator *g) {
  for (int k = 0; k < COMPONENTS; k++) {
    l->a[k] = (double)next_long(g, -64, 64) / 16;
    l->b[2 * k] = (double)next_long(g, -32, 32) / 16;
    l->b[2 * k + 1] = (double)next_long(g, -32, 32) / 16;
    l->q[k] = flat ? 0 : -(double)next_long(g, 1, 3) / 4;
  }
  for (int j = 0; j < COMPONENTS; j++)
    for (int k = 0; k < COMPONENTS; k++)
      same[j * COMPONENTS + k] = l->q[j] == l->q[k];
}

static void set_logits(fc_responsibility *ratio, const logits *l, size_t n,
                       const bool *same, const fc_ctx *ctx) {
  fc_ptr z = fc_vec_new(4 * COMPONENTS, ctx), b = z + COMPONENTS,
         q = z + 3 * COMPONENTS;
  for (size_t k = 0; k < COMPONENTS; k++) {
    fc_set_d(z + k, l->a[k], ctx);
    for (size_t i = 0; i < n; i++)
      fc_set_d(b + k * n + i, l->b[2 * k + i], ctx);
    fc_set_d(q + k, l->q[k], ctx);
  }
  fc_responsibility_set(ratio, z, b, q, same);
  fc_vec_free(z, 4 * COMPONENTS, ctx);
}

/* xi at a place of the chart; p of a sector or of the line may stand for a
 * point far out. */
static void place_of(double xi[2], int chart, size_t n, const double p[2]) {
  xi[0] = xi[1] = 0;
  if (n == 1)
    xi[0] = 2 * p[0] / (1 - fabs(p[0]));
  else if (chart == 0) {
    xi[0] = 2 * p[0];
    xi[1] = 2 * p[1];
  } else {
    int axis = (chart - 1) / 2;
    double x = 2 / p[0];
    xi[axis] = chart % 2 ? x : -x;
    xi[1 - axis] = x * p[1];
  }
}

static void check_shares(const fc_responsibility *ratio, const logits *l,
                         const double xi[2], const fc_ctx *ctx) {
  double g[COMPONENTS], top = -INFINITY, sum = 0;
  for (int k = 0; k < COMPONENTS; k++) {
    g[k] = l->a[k] + l->b[2 * k] * xi[0] + l->b[2 * k + 1] * xi[1] +
           l->q[k] * xi[0] * xi[0];
    top = fmax(top, g[k]);
  }
  for (int k = 0; k < COMPONENTS; k++)
    sum += exp(g[k] - top);
  for (int k = 0; k < COMPONENTS; k++) {
    double r = exp(g[k] - top) / sum, slack = 1e-9;
    ck_assert_double_ge(r, fc_get_d(fc_responsibility_low(ratio) + k, ctx) -
                               slack);
    ck_assert_double_le(r, fc_get_d(fc_responsibility_high(ratio) + k, ctx) +
                               slack);
  }
}

/* Random boxes of every chart, those that reach infinity among them. */
START_TEST(shares_on_boxes) {
  bool line = _i < 2, flat = _i != 1;
  size_t n = line ? 1 : 2;
  fc_ctx ctx[1];
  fc_responsibility *ratio = NULL;
  generator g = {(uint64_t)_i + 11};
  bool same[COMPONENTS * COMPONENTS];
  logits l;
  if (!fc_have_arb())
    return;
  ck_assert_int_eq(fc_ctx_init_arb(ctx, 64, NULL), FC_OK);
  ck_assert_int_eq(fc_responsibility_new(&ratio, n, COMPONENTS, ctx), FC_OK);
  for (int trial = 0; trial < 400; trial++) {
    draw_logits(&l, same, flat, &g);
    for (int k = 0; k < COMPONENTS && line; k++)
      l.b[2 * k + 1] = 0;
    set_logits(ratio, &l, n, flat ? NULL : same, ctx);
    fc_cover_box box = {.chart = line ? 0 : (int)next_long(&g, 0, 4)};
    double least = box.chart ? 0 : -1;
    for (size_t i = 0; i < n; i++) {
      double width = ldexp(1, -(int)next_long(&g, 0, 4)),
             from = i == 0 ? least : -1;
      long cells = (long)((1 - from) / width);
      box.low[i] = from + width * (double)next_long(&g, 0, cells - 1);
      box.high[i] = box.low[i] + width;
    }
    fc_responsibility_place(ratio, &box, 2);
    for (int point = 0; point < 30; point++) {
      double p[2] = {0, 0}, xi[2];
      for (size_t i = 0; i < n; i++)
        p[i] = box.low[i] + (box.high[i] - box.low[i]) *
                                (double)next_long(&g, 1, 1023) / 1024;
      place_of(xi, box.chart, n, p);
      check_shares(ratio, &l, xi, ctx);
    }
  }
  fc_responsibility_free(ratio);
}
END_TEST

/* --- thresholds --------------------------------------------------------- */

/* Cov_r of means -2, 1/2, 3/2 with weights ~ 1/2, 3/10, 1/5 at q = 1. */
static const double line_mean[] = {-2, 0.5, 1.5}, line_weight[] = {5, 3, 2};

static fc_status load_line(fc_mixture_numbers *z, void *closure,
                           const fc_ctx *ctx) {
  (void)closure;
  for (int k = 0; k < 3; k++) {
    fc_set_d(z->m + k, line_mean[k], ctx);
    fc_set_d(z->B + k, line_mean[k], ctx);
    fc_set_d(z->A + k, line_weight[k], ctx);
    fc_log(z->A + k, z->A + k, ctx);
  }
  fc_set_si(z->factor, 1, ctx);
  return FC_OK;
}

static double line_variance(double xi) {
  double sum = 0, mean = 0, square = 0;
  for (int k = 0; k < 3; k++) {
    double r = line_weight[k] * exp(line_mean[k] * (xi - 0));
    sum += r;
    mean += r * line_mean[k];
    square += r * line_mean[k] * line_mean[k];
  }
  return square / sum - mean * mean / sum / sum;
}

/* Planted thresholds: 1 % below the supremum refuted with a box that holds no
 * point below it; 1 % above proved. */
START_TEST(planted_thresholds) {
  double most = 0;
  if (!fc_have_arb())
    return;
  for (double xi = -20; xi <= 20; xi += 1e-3)
    most = fmax(most, line_variance(xi));
  for (int side = -1; side <= 1; side += 2) {
    fc_mixture_cover *cover = NULL;
    fc_cover_result result[1];
    fc_mixture_shape shape = {
        .n = 1, .count = 3, .one_width = true, .scale = 4, .load = load_line};
    mpfr_t threshold;
    fc_cover_goal goal = {.threshold = threshold,
                          .boxes = 5000,
                          .precision = 64,
                          .most_precision = 64};
    mpfr_init2(threshold, 53);
    mpfr_set_d(threshold, most * (1 + 0.01 * side), MPFR_RNDN);
    fc_cover_result_init(result);
    ck_assert_int_eq(fc_mixture_cover_new(&cover, &shape), FC_OK);
    CHECKED(fc_mixture_cover_run(result, cover, &goal, &error_));
    ck_assert_int_eq(result->verdict,
                     side > 0 ? FC_COVER_PROVED : FC_COVER_REFUTED);
    if (side < 0) {
      ck_assert(result->has_box);
      for (int i = 0; i <= 16; i++) {
        double p = result->box.low[0] +
                   i / 16.0 * (result->box.high[0] - result->box.low[0]);
        ck_assert_double_gt(line_variance(4 * p / (1 - fabs(p))),
                            most * 0.99 - 1e-12);
      }
    }
    fc_cover_result_clear(result);
    fc_mixture_cover_free(cover);
    mpfr_clear(threshold);
  }
}
END_TEST

/* --- tails of pairs that still grow -------------------------------------- */

/* g_0 = 0; g_1, delta_10 = 10 + x: a pair whose weight falls from 0 on, and
 * which grows all the same; g_2: one far to the left that is somewhat less. */
enum { BUMPS = 3 };
static const double bump_a[BUMPS] = {0, -5, -12},
                    bump_b[BUMPS] = {0, -0x1p-10, -60.0 / 128},
                    bump_q[BUMPS] = {0, -1.0 / 128, -1.0 / 128};
static const bool bump_same[BUMPS * BUMPS] = {true, false, false, false, true,
                                              true, false, true,  true};

static double bump_delta(size_t j, size_t k, double x) {
  return k ? 1 : j == 1 ? 10 + x : 12 + x / 1024;
}

static fc_status load_bumps(fc_mixture_numbers *z, void *closure,
                            const fc_ctx *ctx) {
  (void)closure;
  for (size_t j = 0; j < BUMPS; j++) {
    fc_set_d(z->A + j, bump_a[j], ctx);
    fc_set_d(z->B + j, bump_b[j], ctx);
    fc_set_d(z->Q + j, bump_q[j], ctx);
    for (size_t k = 0; k < j; k++) {
      fc_set_d(z->D + j * BUMPS + k, bump_delta(j, k, 0), ctx);
      fc_set_d(z->E + j * BUMPS + k, bump_delta(j, k, 1) - bump_delta(j, k, 0),
               ctx);
    }
  }
  fc_set_si(z->factor, 1, ctx);
  return FC_OK;
}

static double bumps_at(double x) {
  double r[BUMPS], sum = 0, h = 0;
  for (size_t j = 0; j < BUMPS; j++)
    sum += r[j] = exp(bump_a[j] + x * (bump_b[j] + x * bump_q[j]));
  for (size_t j = 0; j < BUMPS; j++)
    for (size_t k = 0; k < j; k++)
      h += r[j] * r[k] / sum / sum * pow(bump_delta(j, k, x), 2);
  return h;
}

START_TEST(growing_tails) {
  double most = 0;
  fc_mixture_cover *cover = NULL;
  fc_cover_result result[1];
  fc_mixture_shape shape = {.n = 1,
                            .count = BUMPS,
                            .scale = 64,
                            .same = bump_same,
                            .load = load_bumps};
  fc_cover_goal goal = {
      .relative = 1e-2, .boxes = 5000, .precision = 64, .most_precision = 64};
  if (!fc_have_arb())
    return;
  for (double x = -60; x <= 60; x += 1e-2)
    most = fmax(most, bumps_at(x));
  ck_assert_double_gt(most, 1.2 * bumps_at(-30));
  fc_cover_result_init(result);
  ck_assert_int_eq(fc_mixture_cover_new(&cover, &shape), FC_OK);
  CHECKED(fc_mixture_cover_run(result, cover, &goal, &error_));
  ck_assert_int_eq(result->verdict, FC_COVER_REACHED);
  ck_assert_double_ge(mpfr_get_d(result->high, MPFR_RNDU), most);
  ck_assert_double_le(mpfr_get_d(result->low, MPFR_RNDD), most * (1 + 1e-4));
  fc_cover_result_clear(result);
  fc_mixture_cover_free(cover);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("certified suprema");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_loop_test(all, closed_forms, 0, 4 * CLOSED);
  tcase_add_loop_test(all, points_are_within, 0, 4 * OPEN);
  tcase_add_loop_test(all, gaps_are_kept, 0, 7);
  tcase_add_loop_test(all, uniform_centre, 0, 4);
  tcase_add_loop_test(all, unbounded, 0, 2);
  tcase_add_test(all, ordered_is_not_unbounded);
  tcase_add_loop_test(all, partial_results, 0, 3);
  tcase_add_test(all, ends);
  tcase_add_test(all, needs_balls);
  tcase_add_loop_test(all, products, 0, 2);
  tcase_add_loop_test(all, search_agrees, 0, 5);
  tcase_add_loop_test(all, shares_on_boxes, 0, 3);
  tcase_add_test(all, planted_thresholds);
  tcase_add_test(all, growing_tails);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
