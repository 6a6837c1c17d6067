/* The vectorised kernel against the velocity field in MPFR, within the error
 * that kernel.h states, and its exponential against mpfr_exp. */
#include <math.h>

#include "kernel/kernel_impl.h"
#include "targets.h"
#include "velocity/velocity.h"

/* --- exponential --------------------------------------------------------- */

static void check_exp(const double *x, size_t n) {
  double y[64];
  ck_assert_uint_le(n, 64);
  fc_kernel_exp_batch(y, x, n);
  mpfr_t exact;
  mpfr_init2(exact, 200);
  for (size_t i = 0; i < n; i++) {
    mpfr_set_d(exact, x[i], MPFR_RNDN);
    mpfr_exp(exact, exact, MPFR_RNDN);
    double error = ulps(y[i], exact);
    if (!(error <= 1))
      ck_abort_msg("exp(%a) = %a is %.3f ulp away", x[i], y[i], error);
  }
  mpfr_clear(exact);
}

START_TEST(exp_is_accurate) {
  generator g = {31};
  double x[37]; /* no multiple of the lanes */
  for (int trial = 0; trial < 2000; trial++) {
    for (size_t i = 0; i < 37; i++) {
      double u = ldexp((double)(next_word(&g) >> 11), -53);
      x[i] = trial % 2 ? -708 + 1417 * u : (2 * u - 1) * ldexp(1, -trial % 40);
    }
    check_exp(x, 37);
  }
}
END_TEST

START_TEST(exp_at_hostile_points) {
  const double log2 = 0x1.62e42fefa39efp-1;
  double x[64];
  size_t n = 0;
  const double fixed[] = {0,   -0.0, 0x1p-1074, -0x1p-1022, 0x1p-54, -708,
                          709, 1,    -1,        40,         -40};
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
    x[n++] = fixed[i];
  for (int k = -20; k <= 20; k++) /* where the reduction turns over */
    x[n++] = (k + 0.5) * log2;
  check_exp(x, n);
}
END_TEST

START_TEST(exp_outside) {
  const double x[5] = {-1e300, -INFINITY, 1e300, INFINITY, NAN};
  double y[5];
  fc_kernel_exp_batch(y, x, 5);
  ck_assert_double_eq_tol(y[0], exp(-708), 1e-320);
  ck_assert_double_eq(y[0], y[1]);
  ck_assert_double_eq(y[2], y[3]);
  ck_assert_double_finite(y[2]);
  ck_assert_double_nan(y[4]);
}
END_TEST

/* --- velocity ------------------------------------------------------------ */

#define LAWS 8

/* 40 components in the plane, deterministic. */
static fc_target *many(void) {
  char means[4096] = "", stddevs[512] = "";
  generator g = {8};
  for (int k = 0; k < 80; k++) {
    char word[32];
    snprintf(word, sizeof word, "%ld/64 ", next_long(&g, -300, 300));
    strcat(means, word);
    if (k % 2)
      strcat(stddevs, "1/4 ");
  }
  return isotropic(2, NULL, means, stddevs);
}

static fc_target *law(int i) {
  switch (i) {
  case 0:
    return isotropic(1, NULL, "-3/2 3/2", "1/2 1/2");
  case 1:
    return isotropic(1, "1/1000000 999999/1000000", "-1/3 2", "1/5 1/5");
  case 2: /* modes 0.03 wide, 12 apart */
    return isotropic(2, NULL, "0 12 12*sin(pi/4) 12*cos(pi/4) 0 0 12 0",
                     "3/100 3/100 3/100 3/100");
  case 3:
    return many();
  case 4:
    return isotropic(3, "1/2 1/3 1/6", "1 2 3 -1 1/2 0 0 1/7 -2",
                     "1/3 1/3 1/3");
  case 5: /* atoms */
    return isotropic(1, "1/4 3/4", "-1 1", "0 0");
  case 6: /* far from 0, close to each other */
    return isotropic(1, NULL, "1000 1000+1/64", "1/100 1/100");
  default:
    return isotropic(3, NULL, "1 2 3", "2");
  }
}

static const char *const schedules[] = {"linear",
                                        "ve",
                                        "vp",
                                        "follmer",
                                        "trigonometric",
                                        "vp-sde",
                                        "shifted-linear:zeta=1/10"};

typedef struct bounds {
  double velocity, jacobian;
} bounds;

/* What kernel.h states. */
static bounds stated(const fc_target *target, const fc_schedule_value *at,
                     const double *x, size_t d, size_t n) {
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  size_t count = fc_target_isotropic_count(target);
  fc_ptr numbers = fc_vec_new(d + 1, &ctx);
  double a = fc_get_d(at->a, &ctx), b = fc_get_d(at->b, &ctx), X = 0, Y = 0;
  for (size_t k = 0; k < count; k++) {
    double square = 0;
    fc_target_isotropic_get(numbers, numbers + d, target, k, &ctx);
    for (size_t i = 0; i < d; i++)
      square += pow(fc_get_d(numbers + i, &ctx), 2);
    Y = fmax(Y, sqrt(square));
  }
  for (size_t i = 0; i < d * n; i++)
    X = fmax(X, fabs(x[i]));
  fc_set_d(numbers, 0, &ctx);
  fc_target_constant(numbers, NULL, NULL, target, FC_SIGMA, &ctx);
  double s = fc_get_d(numbers, &ctx), v = a * a + b * b * s * s,
         db = fc_get_d(at->db, &ctx),
         g = fabs(fc_get_d(at->ada, &ctx) + s * s * b * db) / v,
         spread = b * fc_get_d(at->aomega, &ctx) / v / v,
         unit = ldexp(1 + (double)count / 64 + b * Y * (X + b * Y) / v, -46);
  fc_vec_free(numbers, d + 1, &ctx);
  return (bounds){unit * (fabs(db) * Y + g * (X + b * Y)),
                  unit * (g + spread * Y * Y)};
}

static void expect_within(double got, fc_srcptr wanted, const fc_ctx *ctx,
                          double bound, const char *what) {
  mpfr_t gap;
  mpfr_init2(gap, 200);
  fc_get_mid(gap, wanted, ctx);
  mpfr_sub_d(gap, gap, got, MPFR_RNDA);
  double error = fabs(mpfr_get_d(gap, MPFR_RNDA));
  mpfr_clear(gap);
  if (!(error <= bound)) {
    char *text = fc_print_mid(wanted, 30, ctx);
    ck_abort_msg("%s: got %.17g, wanted %s, error %g, stated %g", what, got,
                 text, error, bound);
  }
}

enum { POINTS = 21, D = FC_KERNEL_MAX_DIMENSION };

/* Points of every size: near b m_k, half-way between, at 40. */
static void fill_points(double *x, const fc_target *target, double b, size_t d,
                        generator *g) {
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  long count = (long)fc_target_isotropic_count(target);
  fc_ptr numbers = fc_vec_new(2 * d + 1, &ctx);
  for (size_t p = 0; p < POINTS; p++) {
    size_t k = (size_t)next_long(g, 0, count - 1),
           l = (size_t)next_long(g, 0, count - 1);
    fc_target_isotropic_get(numbers, numbers + 2 * d, target, k, &ctx);
    fc_target_isotropic_get(numbers + d, numbers + 2 * d, target, l, &ctx);
    for (size_t i = 0; i < d; i++) {
      double middle =
          fc_get_d(numbers + i, &ctx) / 2 + fc_get_d(numbers + d + i, &ctx) / 2;
      double away = (double)next_long(g, -1000, 1000);
      x[i * POINTS + p] = b * middle + away * ldexp(1, -(int)(4 + p));
    }
  }
  for (size_t i = 0; i < d; i++) {
    x[i * POINTS] = 40;
    x[i * POINTS + 1] = -40;
    x[i * POINTS + 2] = 0;
  }
  fc_vec_free(numbers, 2 * d + 1, &ctx);
}

typedef struct bench {
  fc_target *target;
  fc_schedule *schedule;
  fc_kernel *kernel;
  fc_velocity *velocity;
  fc_ctx plain, fine;
  size_t d;
} bench;

static void bench_init(bench *z, int law_number, const char *schedule) {
  z->target = law(law_number);
  z->d = fc_target_dimension(z->target);
  fc_ctx_init_double(&z->plain);
  fc_ctx_init_mpfr(&z->fine, 200);
  CHECKED(fc_schedule_parse(&z->schedule, schedule, &error_));
  CHECKED(fc_kernel_new(&z->kernel, z->target, &error_));
  CHECKED(
      fc_velocity_new(&z->velocity, z->target, z->schedule, &z->fine, &error_));
}

static void bench_clear(bench *z) {
  fc_velocity_free(z->velocity);
  fc_kernel_free(z->kernel);
  fc_schedule_free(z->schedule);
  fc_target_free(z->target);
}

static void set_times(bench *z, double t, bool from_end) {
  fc_time time;
  fc_time_init(&time, &z->plain);
  fc_time_set_d(&time, t, from_end, &z->plain);
  ck_assert_int_eq(fc_kernel_set_time(z->kernel, z->schedule, &time), FC_OK);
  fc_time_clear(&time, &z->plain);
  fc_time_init(&time, &z->fine);
  fc_time_set_d(&time, t, from_end, &z->fine);
  ck_assert_int_eq(fc_velocity_set_time(z->velocity, &time), FC_OK);
  fc_time_clear(&time, &z->fine);
}

static void compare(bench *z, double t, bool from_end, generator *g) {
  double x[D * POINTS], v[D * POINTS], grad[D * D * POINTS];
  size_t d = z->d;
  set_times(z, t, from_end);
  fc_schedule_value at; /* the same in binary64, for scales alone */
  fc_schedule_value_init(&at, &z->plain);
  const fc_schedule_value *fine = fc_velocity_schedule(z->velocity);
  fc_convert(at.a, &z->plain, fine->a, &z->fine);
  fc_convert(at.b, &z->plain, fine->b, &z->fine);
  fc_convert(at.db, &z->plain, fine->db, &z->fine);
  fc_convert(at.ada, &z->plain, fine->ada, &z->fine);
  fc_convert(at.aomega, &z->plain, fine->aomega, &z->fine);
  fill_points(x, z->target, fc_get_d(at.b, &z->plain), d, g);
  fc_kernel_velocity_batch(v, grad, z->kernel, x, POINTS);
  bounds bound = stated(z->target, &at, x, d, POINTS);
  fc_ptr point = fc_vec_new(d, &z->fine);
  for (size_t p = 0; p < POINTS; p++) {
    char what[160];
    for (size_t i = 0; i < d; i++)
      fc_set_d(point + i, x[i * POINTS + p], &z->fine);
    ck_assert_int_eq(fc_velocity_eval(z->velocity, point,
                                      FC_VELOCITY | FC_VELOCITY_JACOBIAN),
                     FC_OK);
    snprintf(what, sizeof what, "%s, %s %g, point %zu (%g)",
             fc_schedule_label(z->schedule), from_end ? "1-t =" : "t =", t, p,
             x[p]);
    const fc_velocity_value *value = fc_velocity_values(z->velocity);
    for (size_t i = 0; i < d; i++)
      expect_within(v[i * POINTS + p], value->velocity + i, &z->fine,
                    bound.velocity, what);
    for (size_t i = 0; i < d * d; i++)
      expect_within(grad[i * POINTS + p], value->jacobian + i, &z->fine,
                    bound.jacobian, what);
  }
  fc_vec_free(point, d, &z->fine);
  fc_schedule_value_clear(&at, &z->plain);
}

START_TEST(agrees_with_mpfr) {
  generator g = {77 + (uint64_t)_i};
  for (size_t k = 0; k < sizeof schedules / sizeof *schedules; k++) {
    bench z;
    bench_init(&z, _i, schedules[k]);
    const double times[] = {0, 0x1p-30, 0.125, 0.5, 0.9375};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
      compare(&z, times[i], false, &g);
    compare(&z, 0x1p-10, true, &g);
    compare(&z, 0x1p-30, true, &g);
    if (_i != 5)
      compare(&z, 0, true, &g);
    bench_clear(&z);
  }
}
END_TEST

/* Every length gives the same bits, with and without the Jacobian, and writes
 * nothing beyond. */
START_TEST(lengths_agree) {
  enum { N = 19 };
  bench z;
  bench_init(&z, 2, "linear");
  set_times(&z, 0.75, false);
  double x[2 * N], v[2 * N], grad[4 * N];
  for (size_t i = 0; i < 2 * N; i++)
    x[i] = (double)i / 3 - 4;
  fc_kernel_velocity_batch(v, grad, z.kernel, x, N);
  for (size_t p = 0; p < N; p++) {
    double one[2] = {x[p], x[N + p]}, u[3] = {0, 0, 7};
    fc_kernel_velocity_batch(u, NULL, z.kernel, one, 1);
    ck_assert_double_eq(u[0], v[p]);
    ck_assert_double_eq(u[1], v[N + p]);
    ck_assert_double_eq(u[2], 7);
    ck_assert_double_eq(grad[N + p], grad[2 * N + p]);
  }
  bench_clear(&z);
}
END_TEST

/* The narrowest loops and those chosen for this processor. */
START_TEST(variants_agree) {
  enum { N = 29 };
  generator g = {5};
  double x[D * N], y[N], z[N];
  for (size_t i = 0; i < D * N; i++)
    x[i] = ldexp((double)next_long(&g, -4000, 4000), -9);
  fc_kernel_exp_batch(y, x, N);
  fc_kernel_lanes_2.exp(z, x, N);
  ck_assert_mem_eq(y, z, sizeof y);
  for (int i = 0; i < LAWS; i++) {
    bench b;
    double v[2][D * N] = {{0}}, grad[2][D * D * N] = {{0}};
    bench_init(&b, i, "follmer");
    set_times(&b, 0.625, false);
    fc_kernel_velocity_batch(v[0], grad[0], b.kernel, x, N);
    fc_kernel_lanes_2.velocity(v[1], grad[1], b.kernel, x, N);
    ck_assert_mem_eq(v[0], v[1], sizeof v[0]);
    ck_assert_mem_eq(grad[0], grad[1], sizeof grad[0]);
    bench_clear(&b);
  }
}
END_TEST

START_TEST(not_a_number) {
  bench z;
  bench_init(&z, 0, "linear");
  set_times(&z, 0.5, false);
  double x[4] = {NAN, 0.25, INFINITY, -INFINITY}, v[4], grad[4];
  fc_kernel_velocity_batch(v, grad, z.kernel, x, 4);
  for (int p = 0; p < 4; p++) {
    ck_assert_int_eq(isfinite(v[p]) != 0, p == 1);
    ck_assert_int_eq(isfinite(grad[p]) != 0, p == 1);
  }
  bench_clear(&z);
}
END_TEST

START_TEST(others_are_refused) {
  fc_target *others[] = {pieces("1 - - 0 1"),
                         isotropic(1, NULL, "-1 1", "1/2 1/3"),
                         isotropic(4, NULL, "1 2 3 4", "1")};
  for (size_t i = 0; i < 3; i++) {
    fc_kernel *kernel = NULL;
    fc_error error;
    ck_assert_int_eq(fc_kernel_new(&kernel, others[i], &error), FC_UNSUPPORTED);
    ck_assert_ptr_null(kernel);
    fc_target_free(others[i]);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("kernel");
  TCase *tests = tcase_create("batches");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, exp_is_accurate);
  tcase_add_test(tests, exp_at_hostile_points);
  tcase_add_test(tests, exp_outside);
  tcase_add_loop_test(tests, agrees_with_mpfr, 0, LAWS);
  tcase_add_test(tests, lengths_agree);
  tcase_add_test(tests, variants_agree);
  tcase_add_test(tests, not_a_number);
  tcase_add_test(tests, others_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
