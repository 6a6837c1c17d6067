/* The branch and bound engine on functions whose suprema are known. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "numbers.h"
#include "suprema/cover.h"

/* --- functions ---------------------------------------------------------- */

typedef struct function {
  const char *name;
  size_t n;
  double low[4], high[4];
  double supremum; /* to a few units in the last place */
  bool smooth;     /* the centred form closes the gap to 10^-9 */
  /* f and its gradient (n numbers) in balls x. */
  void (*eval)(fc_ptr f, fc_ptr gradient, fc_srcptr x, const fc_ctx *ctx);
} function;

static void constant(fc_ptr z, double c, const fc_ctx *ctx) {
  fc_set_d(z, c, ctx);
}

/* x (1 - x) */
static void parabola(fc_ptr f, fc_ptr g, fc_srcptr x, const fc_ctx *ctx) {
  fc_neg(g, x, ctx);
  fc_add_si(g, g, 1, ctx);
  fc_mul(f, g, x, ctx);
  fc_sub(g, g, x, ctx);
}

/* x + 2 y */
static void plane(fc_ptr f, fc_ptr g, fc_srcptr x, const fc_ctx *ctx) {
  fc_mul_2exp_si(f, x + 1, 1, ctx);
  fc_add(f, f, x, ctx);
  constant(g, 1, ctx);
  constant(g + 1, 2, ctx);
}

/* 1 - (x - y)^2: every (x, x) is a maximiser */
static void ridge(fc_ptr f, fc_ptr g, fc_srcptr x, const fc_ctx *ctx) {
  fc_sub(g + 1, x, x + 1, ctx);
  fc_sqr(f, g + 1, ctx);
  fc_neg(f, f, ctx);
  fc_add_si(f, f, 1, ctx);
  fc_mul_2exp_si(g + 1, g + 1, 1, ctx);
  fc_neg(g, g + 1, ctx);
}

/* cos(2 pi x): four equal maxima on [0, 3] */
static void waves(fc_ptr f, fc_ptr g, fc_srcptr x, const fc_ctx *ctx) {
  fc_num turn;
  fc_init(turn, ctx);
  fc_mul_2exp_si(turn, x, 1, ctx);
  fc_cos_pi(f, turn, ctx);
  fc_sin_pi(g, turn, ctx);
  fc_set_pi(turn, ctx);
  fc_mul(g, g, turn, ctx);
  fc_mul_si(g, g, -2, ctx);
  fc_clear(turn, ctx);
}

/* 1 - sum (x_i - i/7)^2, i = 1..n */
static void bowl(fc_ptr f, fc_ptr g, fc_srcptr x, size_t n, const fc_ctx *ctx) {
  fc_num gap;
  fc_init(gap, ctx);
  fc_set_si(f, 1, ctx);
  for (size_t i = 0; i < n; i++) {
    fc_set_si(gap, (long)i + 1, ctx);
    fc_div_si(gap, gap, 7, ctx);
    fc_sub(gap, x + i, gap, ctx);
    fc_mul_si(g + i, gap, -2, ctx);
    fc_sqr(gap, gap, ctx);
    fc_sub(f, f, gap, ctx);
  }
  fc_clear(gap, ctx);
}
static void bowl3(fc_ptr f, fc_ptr g, fc_srcptr x, const fc_ctx *ctx) {
  bowl(f, g, x, 3, ctx);
}
static void bowl4(fc_ptr f, fc_ptr g, fc_srcptr x, const fc_ctx *ctx) {
  bowl(f, g, x, 4, ctx);
}

/* (2^200 + x) - 2^200 - x^2: only more than 200 bits see the x */
static void hidden(fc_ptr f, fc_ptr g, fc_srcptr x, const fc_ctx *ctx) {
  fc_num big;
  fc_init(big, ctx);
  fc_set_d(big, ldexp(1, 200), ctx);
  fc_add(f, x, big, ctx);
  fc_sub(f, f, big, ctx);
  fc_sqr(g, x, ctx);
  fc_sub(f, f, g, ctx);
  fc_mul_si(g, x, -2, ctx);
  fc_add_si(g, g, 1, ctx);
  fc_clear(big, ctx);
}

static const function functions[] = {
    {"parabola", 1, {0}, {1}, 0.25, true, parabola},
    {"corner", 2, {0, 0}, {1, 1}, 3, true, plane},
    {"ridge", 2, {0, 0}, {1, 1}, 1, false, ridge},
    {"waves", 1, {0}, {3}, 1, true, waves},
    {"bowl in 3 dimensions", 3, {0, 0, 0}, {1, 1, 1}, 1, true, bowl3},
    {"bowl in 4 dimensions", 4, {0, 0, 0, 0}, {1, 1, 1, 1}, 1, false, bowl4},
    {"hidden", 1, {0}, {2}, 0.25, true, hidden},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* --- running them ------------------------------------------------------- */

typedef struct run {
  const function *f;
  size_t leaves;
  double volume; /* of the leaves, over that of the root */
  fc_cover_leaf worst;
} run;

/* Centred form: f(middle) + gradient(box).(box - middle). */
static fc_status enclose(fc_cover_view *view, const fc_cover_box *box,
                         void *closure, const fc_ctx *ctx) {
  const run *r = closure;
  size_t n = r->f->n;
  fc_ptr x = fc_vec_new(4 * n + 2, ctx), middle = x + n, g = x + 2 * n,
         unused = x + 3 * n, f = x + 4 * n;
  ck_assert_ptr_nonnull(x);
  for (size_t i = 0; i < n; i++) {
    fc_set_d(x + i, box->low[i], ctx);
    fc_set_d(f, box->high[i], ctx);
    fc_hull(x + i, x + i, f, ctx);
    fc_set_d(middle + i, box->low[i] / 2 + box->high[i] / 2, ctx);
  }
  r->f->eval(f + 1, g, x, ctx);
  r->f->eval(f, unused, middle, ctx);
  fc_set(view->value, f, ctx);
  for (size_t i = 0; i < n; i++) {
    fc_sub(x + i, x + i, middle + i, ctx);
    fc_addmul(f, g + i, x + i, ctx);
  }
  fc_set(view->upper, f, ctx);
  fc_set(view->lower, f, ctx);
  fc_vec_free(x, 4 * n + 2, ctx);
  return FC_OK;
}

static fc_status take_leaf(const fc_cover_box *box, fc_cover_leaf kind,
                           void *closure) {
  run *r = closure;
  double volume = 1;
  for (size_t i = 0; i < r->f->n; i++)
    volume *= (box->high[i] - box->low[i]) / (r->f->high[i] - r->f->low[i]);
  r->volume += volume;
  r->leaves++;
  if (kind == FC_LEAF_LEFT)
    r->worst = kind;
  return FC_OK;
}

static void run_cover(fc_cover_result *result, run *r, const function *f,
                      const fc_cover_goal *goal) {
  fc_error error;
  fc_cover_box root = {.depth = 0};
  for (size_t i = 0; i < f->n; i++) {
    root.low[i] = f->low[i];
    root.high[i] = f->high[i];
  }
  *r = (run){.f = f};
  fc_cover_problem problem = {.n = f->n,
                              .roots = &root,
                              .root_count = 1,
                              .enclose = enclose,
                              .take_leaf = take_leaf,
                              .closure = r};
  ck_assert_msg(fc_cover_run(result, &problem, goal, &error) == FC_OK, "%s",
                error.message);
}

static bool skipped(void) { return !fc_have_arb(); }

/* --- tests -------------------------------------------------------------- */

START_TEST(encloses) {
  const function *f = &functions[_i];
  fc_cover_result result[1];
  run r;
  double gap = f->smooth ? 1e-9 : 1e-3;
  fc_cover_goal goal = {
      .absolute = gap, .boxes = 30000, .precision = 53, .most_precision = 424};
  if (skipped())
    return;
  fc_cover_result_init(result);
  run_cover(result, &r, f, &goal);
  double low = mpfr_get_d(result->low, MPFR_RNDD),
         high = mpfr_get_d(result->high, MPFR_RNDU);
  ck_assert_msg(result->verdict == FC_COVER_REACHED,
                "%s: %zu boxes, [%.17g, %.17g]", f->name, result->enclosed, low,
                high);
  ck_assert_double_le(low, f->supremum + 1e-15);
  ck_assert_double_ge(high, f->supremum - 1e-15);
  ck_assert_double_le(high - low, gap * (1 + 1e-12));
  ck_assert_double_eq_tol(r.volume, 1, 1e-12); /* the leaves tile the root */
  if (strcmp(f->name, "hidden") == 0)
    ck_assert_int_gt(result->precision, 200);
  fc_cover_result_clear(result);
}
END_TEST

/* Every maximiser is in one of the boxes that are left. */
START_TEST(keeps_maximisers) {
  fc_cover_result result[1];
  run r;
  fc_cover_goal goal = {
      .absolute = 1e-4, .boxes = 30000, .precision = 64, .most_precision = 64};
  bool seen[4] = {false};
  if (skipped())
    return;
  fc_cover_result_init(result);
  run_cover(result, &r, &functions[3], &goal);
  for (size_t i = 0; i < result->kept; i++)
    for (int k = 0; k < 4; k++)
      seen[k] = seen[k] ||
                (result->boxes[i].low[0] <= k && k <= result->boxes[i].high[0]);
  for (int k = 0; k < 4; k++)
    ck_assert_msg(seen[k], "the maximum at %d", k);
  fc_cover_result_clear(result);
}
END_TEST

/* A threshold at the supremum, and one below it, are never proved; one above
 * is; below there is a box on which f is above it throughout. */
START_TEST(thresholds) {
  static const struct {
    double excess;
    fc_cover_verdict verdict;
  } cases[] = {{1e-3, FC_COVER_PROVED},
               {0, FC_COVER_UNDECIDED},
               {-1e-2, FC_COVER_REFUTED}};
  const function *f = &functions[_i / 3];
  fc_cover_result result[1];
  run r;
  mpfr_t threshold;
  fc_cover_goal goal = {.threshold = threshold,
                        .boxes = 20000,
                        .precision = 53,
                        .most_precision = 424};
  if (skipped() || (f->eval == plane && _i % 3 == 1))
    return; /* a corner's upper bound is exact: the threshold is proved */
  mpfr_init2(threshold, 53);
  mpfr_set_d(threshold, f->supremum + cases[_i % 3].excess, MPFR_RNDN);
  fc_cover_result_init(result);
  run_cover(result, &r, f, &goal);
  ck_assert_msg(result->verdict == cases[_i % 3].verdict,
                "%s at %+g: verdict %d after %zu boxes", f->name,
                cases[_i % 3].excess, (int)result->verdict, result->enclosed);
  if (result->verdict == FC_COVER_UNDECIDED) {
    ck_assert_double_gt(result->undecided, 0);
    ck_assert_double_le(result->undecided, 1);
    ck_assert_int_eq(r.worst, FC_LEAF_LEFT);
  }
  ck_assert(result->has_box == (result->verdict == FC_COVER_REFUTED));
  if (result->has_box) { /* at its corners and in the middle */
    fc_ctx ctx[1];
    fc_ctx_init_mpfr(ctx, 300);
    fc_ptr x = fc_vec_new(2 * f->n + 1, ctx);
    for (int corner = 0; corner < 1 << f->n; corner++) {
      for (size_t i = 0; i < f->n; i++)
        fc_set_d(x + i,
                 corner >> i & 1 ? result->box.high[i] : result->box.low[i],
                 ctx);
      f->eval(x + 2 * f->n, x + f->n, x, ctx);
      ck_assert_double_gt(fc_get_d(x + 2 * f->n, ctx),
                          f->supremum + cases[_i % 3].excess);
    }
    fc_vec_free(x, 2 * f->n + 1, ctx);
  }
  fc_cover_result_clear(result);
  mpfr_clear(threshold);
}
END_TEST

/* Whatever the budget, the enclosure is true, and it only gets better. */
START_TEST(partial_results) {
  const function *f = &functions[_i];
  fc_cover_result result[1];
  run r;
  double last = INFINITY;
  if (skipped())
    return;
  for (size_t boxes = 1; boxes < 2000; boxes *= 3) {
    fc_cover_goal goal = {
        .boxes = boxes, .precision = 53, .most_precision = 53};
    fc_cover_result_init(result);
    run_cover(result, &r, f, &goal);
    double low = mpfr_get_d(result->low, MPFR_RNDD),
           high = mpfr_get_d(result->high, MPFR_RNDU);
    ck_assert_uint_le(result->enclosed, boxes > 1 ? boxes : 1);
    ck_assert_double_le(low, f->supremum + 1e-15);
    ck_assert_double_ge(high, f->supremum - 1e-15);
    ck_assert_double_le(high - low, last);
    ck_assert_double_eq_tol(r.volume, 1, 1e-12);
    last = high - low;
    fc_cover_result_clear(result);
  }
}
END_TEST

static void check_same(const fc_cover_result *x, const fc_cover_result *y) {
  ck_assert(mpfr_equal_p(x->low, y->low) && mpfr_equal_p(x->high, y->high));
  ck_assert_uint_eq(x->enclosed, y->enclosed);
  ck_assert_uint_eq(x->left, y->left);
  ck_assert_int_eq(memcmp(x->boxes, y->boxes, sizeof *x->boxes * x->kept), 0);
}

START_TEST(repeats_itself) {
  const function *f = &functions[_i];
  fc_cover_result first[1], second[1];
  run r;
  fc_cover_goal goal = {
      .absolute = 1e-3, .boxes = 3000, .precision = 53, .most_precision = 424};
  if (skipped())
    return;
  fc_cover_result_init(first);
  fc_cover_result_init(second);
  run_cover(first, &r, f, &goal);
  run_cover(second, &r, f, &goal);
  check_same(first, second);
  fc_cover_result_clear(first);
  fc_cover_result_clear(second);
}
END_TEST

/* A whole line: x/(1 + x^2) has its supremum 1/2 at 1. */
static fc_status enclose_line(fc_cover_view *view, const fc_cover_box *box,
                              void *closure, const fc_ctx *ctx) {
  fc_num low, high, x, value;
  (void)closure;
  fc_init(low, ctx);
  fc_init(high, ctx);
  fc_init(x, ctx);
  fc_init(value, ctx);
  fc_cover_stretch(low, box->low[0], 2, ctx);
  fc_cover_stretch(high, box->high[0], 2, ctx);
  if (box->low[0] > -1 && box->high[0] < 1) { /* x as a ball */
    fc_hull(x, low, high, ctx);
    fc_sqr(value, x, ctx);
    fc_add_si(value, value, 1, ctx);
    fc_div(view->upper, x, value, ctx);
    fc_cover_stretch(low, (box->low[0] + box->high[0]) / 2, 2, ctx);
    fc_sqr(value, low, ctx);
    fc_add_si(value, value, 1, ctx);
    fc_div(view->value, low, value, ctx);
  } else if (fc_is_positive(low, ctx) == FC_TRUE)
    fc_inv(view->upper, low, ctx); /* below 1/x */
  else if (fc_is_negative(high, ctx) == FC_TRUE)
    fc_set_si(view->upper, 0, ctx);
  fc_clear(value, ctx);
  fc_clear(x, ctx);
  fc_clear(high, ctx);
  fc_clear(low, ctx);
  return FC_OK;
}

START_TEST(whole_line) {
  fc_cover_result result[1];
  fc_cover_box root = {.low = {-1}, .high = {1}};
  fc_cover_problem problem = {
      .n = 1, .roots = &root, .root_count = 1, .enclose = enclose_line};
  fc_cover_goal goal = {
      .relative = 1e-2, .boxes = 5000, .precision = 64, .most_precision = 64};
  if (skipped())
    return;
  fc_cover_result_init(result);
  ck_assert_int_eq(fc_cover_run(result, &problem, &goal, NULL), FC_OK);
  ck_assert_int_eq(result->verdict, FC_COVER_REACHED);
  ck_assert(mpfr_cmp_d(result->low, 0.5) <= 0);
  ck_assert(mpfr_cmp_d(result->high, 0.5) >= 0);
  fc_cover_result_clear(result);
}
END_TEST

static fc_status refuse(fc_cover_view *view, const fc_cover_box *box,
                        void *closure, const fc_ctx *ctx) {
  (void)view;
  (void)ctx;
  int *calls = closure;
  ++*calls;
  return box->depth < 2 ? FC_OK : FC_DOMAIN;
}

/* What a callback fails with ends the search; wrong shapes are refused; without
 * balls there is none. */
START_TEST(failures) {
  fc_cover_result result[1];
  int calls = 0;
  fc_cover_box root = {.low = {0}, .high = {1}};
  fc_cover_problem problem = {.n = 1,
                              .roots = &root,
                              .root_count = 1,
                              .enclose = refuse,
                              .closure = &calls};
  fc_cover_goal goal = {.boxes = 100, .precision = 64, .most_precision = 64};
  fc_cover_result_init(result);
  ck_assert_int_eq(fc_cover_run(result, &problem, &goal, NULL),
                   fc_have_arb() ? FC_DOMAIN : FC_UNSUPPORTED);
  ck_assert_int_eq(calls, fc_have_arb() ? 4 : 0);
  problem.n = 5;
  ck_assert_int_eq(fc_cover_run(result, &problem, &goal, NULL), FC_SHAPE);
  problem.n = 0;
  ck_assert_int_eq(fc_cover_run(result, &problem, &goal, NULL), FC_SHAPE);
  fc_cover_result_clear(result);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("cover");
  TCase *engine = tcase_create("engine");
  tcase_set_timeout(engine, 60);
  tcase_add_loop_test(engine, encloses, 0, FUNCTIONS);
  tcase_add_test(engine, keeps_maximisers);
  tcase_add_loop_test(engine, thresholds, 0, 3 * 4);
  tcase_add_loop_test(engine, partial_results, 0, FUNCTIONS);
  tcase_add_loop_test(engine, repeats_itself, 0, FUNCTIONS);
  tcase_add_test(engine, whole_line);
  tcase_add_test(engine, failures);
  suite_add_tcase(suite, engine);
  return run_suite(suite);
}
