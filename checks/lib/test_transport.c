/* lib/transport: W_2 between finite samples.
 *
 * Judges: all permutations of small samples, and the Hungarian method in the
 * O(n^3) form with integer potentials for larger ones, both on points with
 * integer coordinates, in integer arithmetic; and relations that must hold
 * exactly. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "numbers.h"
#include "transport/discrete.h"
#include "transport/samples.h"

enum { MOST = 64 };

/* --- samples --------------------------------------------------------------
 */

typedef struct sample {
  size_t n;
  size_t d;
  double x[MOST * MOST];
} sample;

static void draw(sample *s, size_t n, size_t d, long size, generator *g) {
  s->n = n;
  s->d = d;
  for (size_t i = 0; i < n * d; i++)
    s->x[i] = (double)next_long(g, -size, size);
}

static fc_sample view(const sample *s) {
  return (fc_sample){s->n, s->d, s->x, NULL};
}

static int64_t cost(const sample *p, size_t i, const sample *q, size_t j) {
  int64_t sum = 0;
  for (size_t k = 0; k < p->d; k++) {
    int64_t gap = (int64_t)p->x[i * p->d + k] - (int64_t)q->x[j * q->d + k];
    sum += gap * gap;
  }
  return sum;
}

/* --- judges ---------------------------------------------------------------
 */

static int64_t try_all(const sample *p, const sample *q, size_t i,
                       unsigned used) {
  int64_t best = INT64_MAX;
  if (i == p->n)
    return 0;
  for (size_t j = 0; j < q->n; j++)
    if (!(used >> j & 1)) {
      int64_t sum = cost(p, i, q, j) + try_all(p, q, i + 1, used | 1u << j);
      best = sum < best ? sum : best;
    }
  return best;
}

/* Rows one by one, along a shortest augmenting path each.  Points are repeated
 * where the sizes differ: n/p->n times. */
static int64_t hungarian(const sample *p, const sample *q, size_t n) {
  static int64_t u[MOST + 1], v[MOST + 1], least[MOST + 1];
  static size_t row[MOST + 1], way[MOST + 1];
  static bool done[MOST + 1];
  size_t p_repeat = n / p->n, q_repeat = n / q->n;
  memset(u, 0, sizeof u);
  memset(v, 0, sizeof v);
  memset(row, 0, sizeof row);
  for (size_t i = 1; i <= n; i++) {
    size_t j = 0;
    row[0] = i;
    for (size_t k = 0; k <= n; k++) {
      least[k] = INT64_MAX;
      done[k] = false;
    }
    do {
      size_t next = 0;
      int64_t delta = INT64_MAX;
      done[j] = true;
      for (size_t k = 1; k <= n; k++) {
        if (done[k])
          continue;
        int64_t r = cost(p, (row[j] - 1) / p_repeat, q, (k - 1) / q_repeat) -
                    u[row[j]] - v[k];
        if (r < least[k]) {
          least[k] = r;
          way[k] = j;
        }
        if (least[k] < delta) {
          delta = least[k];
          next = k;
        }
      }
      for (size_t k = 0; k <= n; k++) {
        if (done[k]) {
          u[row[k]] += delta;
          v[k] -= delta;
        } else if (least[k] < INT64_MAX)
          least[k] -= delta;
      }
      j = next;
    } while (row[j] != 0);
    for (; j; j = way[j])
      row[j] = row[way[j]];
  }
  return -v[0];
}

/* --- judgement ------------------------------------------------------------
 */

/* Bounds contain total/count, and are close. */
static void judge_bounds(const fc_transport *t, int64_t total, int64_t count,
                         const char *what) {
  mpfr_t exact, gap;
  mpfr_inits2(200, exact, gap, (mpfr_ptr)0);
  mpfr_set_si(exact, (long)total, MPFR_RNDN);
  mpfr_t low, high;
  mpfr_inits2(300, low, high, (mpfr_ptr)0);
  mpfr_mul_si(low, t->lower, (long)count, MPFR_RNDN); /* exact */
  mpfr_mul_si(high, t->upper, (long)count, MPFR_RNDN);
  bool inside = mpfr_lessequal_p(low, exact) && mpfr_lessequal_p(exact, high);
  mpfr_sub(gap, high, low, MPFR_RNDU);
  mpfr_mul_2si(exact, exact, -60, MPFR_RNDU);
  bool narrow = mpfr_lessequal_p(gap, exact);
  if (!inside || !narrow)
    mpfr_printf("%s: [%.30Rg, %.30Rg], should be %ld/%ld\n", what, t->lower,
                t->upper, (long)total, (long)count);
  ck_assert(inside && narrow);
  mpfr_clears(exact, gap, low, high, (mpfr_ptr)0);
}

/* The plan moves every mass, at the cost stated. */
static void judge_plan(const fc_transport *t, const sample *p,
                       const sample *q) {
  int64_t left[2][MOST] = {{0}}, sum = 0;
  for (size_t n = 0; n < t->plan_count; n++) {
    const fc_flow_of_mass *f = &t->plan[n];
    ck_assert_int_gt(f->mass, 0);
    left[0][f->from] += f->mass;
    left[1][f->to] += f->mass;
    sum += f->mass * cost(p, f->from, q, f->to);
  }
  for (size_t i = 0; i < p->n; i++)
    ck_assert_int_eq(left[0][i], t->total / (int64_t)p->n);
  for (size_t j = 0; j < q->n; j++)
    ck_assert_int_eq(left[1][j], t->total / (int64_t)q->n);
  judge_bounds(t, sum, t->total, "plan");
}

/* n: a multiple of both sizes */
static void judge(const sample *p, const sample *q, size_t n, int64_t total) {
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  fc_ptr x[2];
  const sample *s[2] = {p, q};
  fc_discrete laws[2];
  int64_t masses[2][MOST];
  for (int k = 0; k < 2; k++) {
    x[k] = fc_vec_new(s[k]->n * s[k]->d, ctx);
    for (size_t i = 0; i < s[k]->n * s[k]->d; i++)
      fc_set_d(x[k] + i, s[k]->x[i], ctx);
    for (size_t i = 0; i < s[k]->n; i++)
      masses[k][i] = (int64_t)(n / s[k]->n);
    laws[k] = (fc_discrete){s[k]->n, s[k]->d, x[k], ctx, masses[k]};
  }
  fc_transport t;
  ck_assert_int_eq(fc_transport_solve(&t, &laws[0], &laws[1], 61, NULL), FC_OK);
  judge_bounds(&t, total, (int64_t)n, "judge");
  judge_plan(&t, p, q);
  fc_transport_clear(&t);
  for (int k = 0; k < 2; k++)
    fc_vec_free(x[k], s[k]->n * s[k]->d, ctx);
}

/* --- tests ----------------------------------------------------------------
 */

static sample p, q, r;

/* Few values a coordinate: ties and duplicates abound. */
START_TEST(all_permutations) {
  generator g = {1};
  for (int n = 0; n < 120; n++) {
    size_t count = (size_t)next_long(&g, 1, 7);
    size_t d = (size_t)next_long(&g, 1, 4);
    long size = n % 3 == 0 ? 1 : n % 3 == 1 ? 5 : 1000000;
    draw(&p, count, d, size, &g);
    draw(&q, count, d, size, &g);
    judge(&p, &q, count, try_all(&p, &q, 0, 0));
  }
}
END_TEST

START_TEST(hungarian_method) {
  generator g = {2};
  for (int n = 0; n < 60; n++) {
    static const size_t dimensions[] = {1, 2, 3, 10, MOST};
    size_t d = dimensions[n % 5];
    long size = n % 3 == 0 ? 2 : n % 3 == 1 ? 50 : 100000;
    draw(&p, 60, d, size, &g);
    draw(&q, 60, d, size, &g);
    if (n % 4 == 3) /* clusters */
      for (size_t i = 0; i < 60; i++) {
        p.x[i * d] += 100.0 * (double)(i % 3) * (double)size;
        q.x[i * d] += 100.0 * (double)(i % 7 != 0) * (double)size;
      }
    if (size < 100000 || d < 10)
      judge(&p, &q, 60, hungarian(&p, &q, 60));
  }
}
END_TEST

START_TEST(unequal_sizes) {
  static const size_t sizes[][2] = {{6, 4},   {12, 60}, {1, 60},
                                    {60, 30}, {20, 15}, {12, 5}};
  generator g = {3};
  for (int n = 0; n < 36; n++) {
    const size_t *size = sizes[n % 6];
    draw(&p, size[0], 1 + (size_t)n % 3, n % 2 ? 3 : 100, &g);
    draw(&q, size[1], 1 + (size_t)n % 3, n % 2 ? 3 : 100, &g);
    judge(&p, &q, 60, hungarian(&p, &q, 60));
  }
}
END_TEST

/* On a line in the plane, on perpendicular lines (every plan is optimal), in
 * one point, on a lattice. */
START_TEST(degenerate_samples) {
  generator g = {4};
  for (int kind = 0; kind < 5; kind++) {
    draw(&p, 60, 2, 9, &g);
    draw(&q, 60, 2, 9, &g);
    for (size_t i = 0; i < 60; i++) {
      double k = (double)i;
      double points[5][4] = {
          {k, 2 * k, -k, -2 * k},
          {k, 0, 0, k},
          {7, 7, 7, 7},
          {floor(k / 8), (double)(i % 8), floor(k / 8) + 1, (double)(i % 8)},
          {7, 7, k, 0}};
      memcpy(&p.x[2 * i], points[kind], 2 * sizeof(double));
      memcpy(&q.x[2 * i], points[kind] + 2, 2 * sizeof(double));
    }
    judge(&p, &q, 60, hungarian(&p, &q, 60));
  }
}
END_TEST

/* All pairs tie, more than can be listed: points (i, 0) against (0, j); and
 * coordinates of sizes from 1 to 2^-200, most of which binary64 takes for 0. */
START_TEST(more_ties_than_listed) {
  enum { N = 400 };
  static double x[2 * N], y[2 * N];
  generator g = {14};
  fc_ctx ctx[1];
  fc_w2_value value;
  double exact = 0;
  fc_ctx_init_double(ctx);
  fc_w2_value_init(&value, ctx);
  for (size_t i = 0; i < N; i++) {
    x[2 * i] = y[2 * i + 1] = (double)i;
    exact += 2 * (double)i * (double)i / N;
  }
  fc_sample a = {N, 2, x, NULL}, b = {N, 2, y, NULL};
  ck_assert_int_eq(fc_w2_samples(&value, &a, &b, ctx, NULL), FC_OK);
  double w2 = fc_get_d(value.w2, ctx), error = fc_get_d(value.error, ctx);
  ck_assert(fabs(w2 - sqrt(exact)) <= 1e-15 * w2 && error <= 2e-16 * w2);
  for (size_t i = 0; i < 2 * N; i++) {
    x[i] = ldexp((double)next_long(&g, 1, 1000), (int)next_long(&g, -210, -10));
    y[i] = ldexp((double)next_long(&g, 1, 1000), (int)next_long(&g, -210, -10));
  }
  ck_assert_int_eq(fc_w2_samples(&value, &a, &b, ctx, NULL), FC_OK);
  w2 = fc_get_d(value.w2, ctx);
  error = fc_get_d(value.error, ctx);
  ck_assert_msg(error <= 1e-14 * w2, "error %g of %g", error, w2);
  fc_w2_value_clear(&value, ctx);
}
END_TEST

/* --- relations of W_2 -----------------------------------------------------
 */

/* *error gets the stated error, which is at most share times the value */
static double distance_within(double *error, const fc_sample *a,
                              const fc_sample *b, double share) {
  fc_ctx ctx[1];
  fc_w2_value value;
  fc_ctx_init_double(ctx);
  fc_w2_value_init(&value, ctx);
  ck_assert_int_eq(fc_w2_samples(&value, a, b, ctx, NULL), FC_OK);
  ck_assert(value.proved && value.kind == FC_W2_EXACT);
  double w2 = fc_get_d(value.w2, ctx), e = fc_get_d(value.error, ctx);
  if (error)
    *error = e;
  ck_assert_msg(e <= share * w2, "error %g of %.17g", e, w2);
  fc_w2_value_clear(&value, ctx);
  return w2;
}

static double distance(double *error, const fc_sample *a, const fc_sample *b) {
  return distance_within(error, a, b, 0x1p-52);
}

static void draw_reals(sample *s, size_t n, size_t d, generator *g) {
  s->n = n;
  s->d = d;
  for (size_t i = 0; i < n * d; i++)
    s->x[i] = ldexp((double)next_long(g, -(1L << 52), 1L << 52), -50);
}

/* Scaling by powers of two, up to 1e150 and down to 1e-150, changes no bit. */
START_TEST(scaling_is_exact) {
  generator g = {5};
  draw_reals(&p, 40, 2, &g);
  draw_reals(&q, 30, 2, &g);
  fc_sample a = view(&p), b = view(&q);
  double w2 = distance(NULL, &a, &b);
  for (int e = -1000; e <= 1000; e += 250) {
    sample x = p, y = q;
    for (size_t i = 0; i < 80; i++) {
      x.x[i] = ldexp(p.x[i], e);
      y.x[i] = ldexp(q.x[i], e);
    }
    a = view(&x);
    b = view(&y);
    double scaled = distance(NULL, &a, &b);
    ck_assert_msg(scaled == ldexp(w2, e), "2^%d: %a for %a", e, scaled, w2);
  }
}
END_TEST

/* One coordinate of size 1e150 that agrees, one of 1e-150 that does not. */
START_TEST(huge_and_tiny_together) {
  generator g = {6};
  draw(&p, 40, 2, 1000, &g);
  draw(&q, 40, 2, 1000, &g);
  for (size_t i = 0; i < 40; i++)
    p.x[2 * i] = q.x[2 * i] = 0;
  double plain = sqrt((double)hungarian(&p, &q, 40) / 40);
  sample x = p, y = q;
  for (size_t i = 0; i < 40; i++) {
    x.x[2 * i] = y.x[2 * i] = 1e150;
    x.x[2 * i + 1] = ldexp(p.x[2 * i + 1], -500);
    y.x[2 * i + 1] = ldexp(q.x[2 * i + 1], -500);
  }
  fc_sample a = view(&x), b = view(&y);
  ck_assert_double_eq_tol(distance(NULL, &a, &b), ldexp(plain, -500),
                          1e-15 * ldexp(plain, -500));
}
END_TEST

/* Two clusters 2^100 apart, in which the points are less than 2^10 from each
 * other: binary64 does not see what the optimal plan must do. */
START_TEST(fine_structure_far_apart) {
  generator g = {7};
  draw(&p, 24, 1, 500, &g);
  draw(&q, 24, 1, 500, &g);
  int64_t total = hungarian(&p, &q, 24);
  sample x = {24 * 2, 2, {0}}, y = {24 * 2, 2, {0}};
  for (size_t i = 0; i < 48; i++) {
    x.x[2 * i] = y.x[2 * i] = i < 24 ? 0x1p100 : -0x1p100;
    x.x[2 * i + 1] = p.x[i % 24];
    y.x[2 * i + 1] = q.x[i % 24];
  }
  fc_sample a = view(&x), b = view(&y);
  double w2 = distance(NULL, &a, &b), exact = sqrt((double)total / 24);
  ck_assert_double_eq_tol(w2, exact, 4e-16 * exact);
}
END_TEST

/* x and x + c: W_2 = |c|, whatever c is to the spread of x. */
START_TEST(translation) {
  generator g = {8};
  static const double sizes[] = {1e-12, 1e-3, 1, 1e6, 1e15};
  for (int n = 0; n < 5; n++) {
    draw(&p, 50, 2, 100000, &g);
    q = p;
    for (size_t i = 0; i < 50; i++) {
      p.x[2 * i] = ldexp(p.x[2 * i], -20);
      q.x[2 * i] = p.x[2 * i];
      q.x[2 * i + 1] = p.x[2 * i + 1] = 0;
      p.x[2 * i + 1] -= sizes[n];
    }
    fc_sample a = view(&p), b = view(&q);
    ck_assert_double_eq_tol(distance(NULL, &a, &b), sizes[n], 2e-16 * sizes[n]);
  }
}
END_TEST

/* Distant clouds: W_2^2 = |mean difference|^2 + centred W_2^2, in integers. */
START_TEST(distant_clouds) {
  generator g = {9};
  for (int n = 0; n < 4; n++) {
    draw(&p, 40, 2, 50, &g);
    draw(&q, 40, 2, 50, &g);
    for (size_t i = 0; i < 40; i++)
      q.x[2 * i] += ldexp(1, 10 + 5 * n);
    judge(&p, &q, 40, hungarian(&p, &q, 40));
  }
}
END_TEST

START_TEST(metric) {
  generator g = {10};
  for (int n = 0; n < 10; n++) {
    double e[3];
    draw_reals(&p, 20 + (size_t)n, 3, &g);
    draw_reals(&q, 33, 3, &g);
    draw_reals(&r, 17, 3, &g);
    fc_sample a = view(&p), b = view(&q), c = view(&r);
    double ab = distance(&e[0], &a, &b), bc = distance(&e[1], &b, &c);
    double ac = distance(&e[2], &a, &c), zero = 1;
    ck_assert_double_le(ac - e[2], ab + bc + e[0] + e[1]);
    ck_assert(fabs(distance(NULL, &b, &a) - ab) <= 2 * e[0]);
    ck_assert_double_eq(distance(&zero, &a, &a), 0);
    ck_assert_double_eq(zero, 0);
  }
}
END_TEST

/* Rotation by a right angle and permutation of the points are exact. */
START_TEST(symmetries) {
  generator g = {11};
  draw_reals(&p, 50, 2, &g);
  draw_reals(&q, 50, 2, &g);
  fc_sample a = view(&p), b = view(&q);
  double w2 = distance(NULL, &a, &b);
  sample x = p, y = q;
  for (size_t i = 0; i < 50; i++) {
    x.x[2 * i] = -p.x[2 * (49 - i) + 1];
    x.x[2 * i + 1] = p.x[2 * (49 - i)];
    y.x[2 * i] = -q.x[2 * i + 1];
    y.x[2 * i + 1] = q.x[2 * i];
  }
  a = view(&x);
  b = view(&y);
  ck_assert_double_eq_tol(distance(NULL, &a, &b), w2, 0x1p-52 * w2);
}
END_TEST

/* Weights that are whole numbers are repetitions; those with no common
 * denominator are still enclosed. */
START_TEST(weights) {
  generator g = {12};
  static double w[MOST];
  draw(&p, 10, 2, 100, &g);
  draw(&q, 60, 2, 100, &g);
  size_t n = 0;
  r = p;
  for (size_t i = 0; i < 10; i++) {
    long times = i == 9 ? 60 - (long)n : next_long(&g, 0, 6);
    w[i] = 0.25 * (double)times;
    for (long k = 0; k < times; k++, n++)
      memcpy(&r.x[2 * n], &p.x[2 * i], 2 * sizeof(double));
  }
  r.n = 60;
  fc_sample a = view(&p), b = view(&q);
  double e = 0, exact = sqrt((double)hungarian(&r, &q, 60) / 60);
  a.weights = w;
  double w2 = distance(&e, &a, &b);
  ck_assert_double_eq_tol(w2, exact, 1e-15 * exact);
  for (size_t i = 0; i < 10; i++)
    w[i] = exp(0.37 * (double)next_long(&g, -50, 50));
  distance_within(&e, &a, &b, 1e-15);
}
END_TEST

/* The proof does not depend on the search: more bits are proved, not hoped. */
START_TEST(precisions) {
  generator g = {13};
  draw_reals(&p, 40, 2, &g);
  draw_reals(&q, 40, 2, &g);
  fc_sample a = view(&p), b = view(&q);
  double error = 0, w2 = distance(&error, &a, &b);
  for (long bits = 64; bits <= 1024; bits *= 4) {
    fc_ctx ctx[1];
    fc_w2_value value;
    mpfr_t gap;
    mpfr_init2(gap, 64);
    fc_ctx_init_mpfr(ctx, bits);
    fc_w2_value_init(&value, ctx);
    ck_assert_int_eq(fc_w2_samples(&value, &a, &b, ctx, NULL), FC_OK);
    ck_assert(fabs(fc_get_d(value.w2, ctx) - w2) <= error * 1.01 + w2 * 1e-16);
    fc_get_mid(gap, value.error, ctx);
    ck_assert(mpfr_cmp_d(gap, 8 * ldexp(w2, (int)-bits)) <= 0);
    fc_w2_value_clear(&value, ctx);
    mpfr_clear(gap);
  }
}
END_TEST

START_TEST(refusals) {
  fc_ctx ctx[1];
  fc_w2_value value;
  fc_error error;
  double x[] = {0, 1, NAN, 2}, w[] = {0, 0, -1, 1};
  fc_ctx_init_double(ctx);
  fc_w2_value_init(&value, ctx);
  const struct {
    fc_sample a, b;
    fc_status status;
  } cases[] = {
      {{0, 1, x, NULL}, {1, 1, x, NULL}, FC_SHAPE},
      {{2, 1, x, NULL}, {1, 2, x, NULL}, FC_SHAPE},
      {{1, 0, x, NULL}, {1, 0, x, NULL}, FC_SHAPE},
      {{3, 1, x, NULL}, {1, 1, x, NULL}, FC_VALUE},
      {{2, 1, x, w}, {1, 1, x, NULL}, FC_VALUE},
      {{2, 1, x, w + 2}, {1, 1, x, NULL}, FC_VALUE},
      {{2, 1, x, x + 2}, {1, 1, x, NULL}, FC_VALUE},
      {{100001, 1, x, NULL}, {1, 1, x, NULL}, FC_LIMIT},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    ck_assert_int_eq(
        fc_w2_samples(&value, &cases[i].a, &cases[i].b, ctx, &error),
        cases[i].status);
  fc_w2_value_clear(&value, ctx);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("transport");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_test(all, all_permutations);
  tcase_add_test(all, hungarian_method);
  tcase_add_test(all, unequal_sizes);
  tcase_add_test(all, degenerate_samples);
  tcase_add_test(all, more_ties_than_listed);
  tcase_add_test(all, scaling_is_exact);
  tcase_add_test(all, huge_and_tiny_together);
  tcase_add_test(all, fine_structure_far_apart);
  tcase_add_test(all, translation);
  tcase_add_test(all, distant_clouds);
  tcase_add_test(all, metric);
  tcase_add_test(all, symmetries);
  tcase_add_test(all, weights);
  tcase_add_test(all, precisions);
  tcase_add_test(all, refusals);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
