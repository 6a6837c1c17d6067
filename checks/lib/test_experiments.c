/* Rings of narrow Gaussians and their samples: what gif.experiments measures
 * with. */
#include <check.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flow/flow.h"
#include "gif/ring_sample.h"
#include "gif/section_six.h"
#include "instance/instance.h"
#include "instances.h"
#include "target/draw.h"

#define EIGHT                                                                  \
  "means: [[0,12],[12,0],[0,-12],[-12,0],"                                     \
  "[6*sqrt(2),6*sqrt(2)],[6*sqrt(2),-6*sqrt(2)],"                              \
  "[-6*sqrt(2),6*sqrt(2)],[-6*sqrt(2),-6*sqrt(2)]]"

static fc_instance *eight(const char *zeta) {
  char schedule[64];
  snprintf(schedule, sizeof schedule, "{name: shifted-linear, zeta: %s}", zeta);
  return instance_of("family: gaussian-mixture, " EIGHT ", stddev: 3/100",
                     schedule);
}

START_TEST(rings_are_recognised) {
  static const struct {
    const char *target;
    bool is;
  } cases[] = {
      {"family: gaussian-mixture, " EIGHT ", stddev: 3/100", true},
      {"family: gaussian-mixture, means: [[5,0],[-5,0]], stddev: 1/10", true},
      {"family: gaussian-mixture, means: [[5,0],[-5,0]], stddev: 1", false},
      {"family: gaussian-mixture, means: [[5,0],[0,5]], stddev: 1/100", false},
      {"family: gaussian-mixture, weights: [1/3,2/3], means: [[5,0],[-5,0]], "
       "stddev: 1/10",
       false},
      {"family: gaussian-mixture, means: [[5],[-5]], stddev: 1/10", false},
      {"family: gaussian, mean: [1,2], stddev: 1/10", false},
      {"family: uniform-box, lower: [0,0], upper: [1,1]", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fc_instance *x = instance_of(cases[i].target, "linear");
    fc_ring ring[1];
    ck_assert_msg(fc_ring_of(ring, x->target) == cases[i].is, "%s",
                  cases[i].target);
    ck_assert_msg(fc_section_six_is(ring, x->target) == (i == 0), "%s",
                  cases[i].target);
    fc_instance_free(x);
  }
}
END_TEST

/* There and back; every point stays in its sector, as symmetry says. */
START_TEST(flows_of_rings) {
  enum { N = 200 };
  fc_instance *x = eight("1/5");
  fc_ring ring[1];
  fc_error error;
  double start[2 * N], end[2 * N], again[2 * N];
  fc_random random[1];
  fc_random_init(random, 1, "test", "flows");
  ck_assert(fc_ring_of(ring, x->target));
  for (int i = 0; i < 2 * N; i++)
    start[i] = fc_random_normal(random);
  ck_assert_int_eq(
      fc_ring_forward(end, start, N, ring, x->target, x->schedules[0], &error),
      FC_OK);
  ck_assert_int_eq(
      fc_ring_backward(again, end, N, ring, x->target, x->schedules[0], &error),
      FC_OK);
  for (int p = 0; p < N; p++) {
    ck_assert_uint_eq(fc_ring_sector(ring, start[p], start[N + p]),
                      fc_ring_sector(ring, end[p], end[N + p]));
    double off = hypot(again[p] - start[p], again[N + p] - start[N + p]);
    ck_assert_msg(off < 1e-9, "point %d comes back %.3g off", p, off);
  }
  fc_instance_free(x);
}
END_TEST

/* One trajectory by the library's Taylor method in MPFR. */
START_TEST(flows_of_rings_agree_with_the_library) {
  fc_instance *x = eight("1/5");
  fc_ring ring[1];
  fc_error error;
  double start[] = {0.4, 0.3}, end[2];
  fc_ctx ctx[1];
  fc_time s[1], t[1];
  fc_flow *flow = NULL;
  ck_assert(fc_ring_of(ring, x->target));
  ck_assert_int_eq(
      fc_ring_forward(end, start, 1, ring, x->target, x->schedules[0], &error),
      FC_OK);
  fc_ctx_init_mpfr(ctx, 128);
  fc_time_init(s, ctx);
  fc_time_init(t, ctx);
  fc_time_set_d(s, 0, false, ctx);
  fc_time_set_d(t, 0, true, ctx);
  fc_ptr z = fc_vec_new(2, ctx);
  fc_set_d(z, start[0], ctx);
  fc_set_d(z + 1, start[1], ctx);
  ck_assert_int_eq(fc_flow_new(&flow, x->target, x->schedules[0],
                               FC_FLOW_TAYLOR, ctx, &error),
                   FC_OK);
  ck_assert_int_eq(fc_flow_set_times(flow, s, t, &error), FC_OK);
  ck_assert_int_eq(fc_flow_eval(flow, z, FC_FLOW_POSITION, &error), FC_OK);
  const fc_flow_value *value = fc_flow_values(flow);
  for (int i = 0; i < 2; i++)
    ck_assert_double_eq_tol(end[i], fc_get_d(value->x + i, ctx), 1e-11);
  fc_flow_free(flow);
  fc_vec_free(z, 2, ctx);
  fc_time_clear(s, ctx);
  fc_time_clear(t, ctx);
  fc_instance_free(x);
}
END_TEST

/* Two modes: a product of a law on the line, whose map X_1 is known from
 * distribution functions, and a Gaussian.  W_2^2 is then the sum of both. */
static double two_modes_w2(const fc_schedule *schedule, double a, double b) {
  const double radius = 12, sigma = 0.03, h = 0.05;
  fc_instance *line = instance_of(
      "family: gaussian-mixture, means: [[-12],[12]], stddev: 3/100", "linear");
  fc_ctx ctx[1];
  fc_time s[1], t[1];
  fc_flow *flow = NULL;
  fc_error error;
  fc_num z;
  fc_ctx_init_mpfr(ctx, 96);
  fc_init(z, ctx);
  fc_time_init(s, ctx);
  fc_time_init(t, ctx);
  fc_time_set_d(s, 0, false, ctx);
  fc_time_set_d(t, 0, true, ctx);
  ck_assert_int_eq(
      fc_flow_new(&flow, line->target, schedule, FC_FLOW_EXACT, ctx, &error),
      FC_OK);
  ck_assert_int_eq(fc_flow_set_times(flow, s, t, &error), FC_OK);
  double sum = 0;
  for (double g = -7; g <= 7; g += h) {
    /* The quantile of |N(0, a^2)| at Phi(g): P(|Z| > z) = Q(g). */
    fc_set_d(z, a * gsl_cdf_ugaussian_Qinv(gsl_cdf_ugaussian_Q(g) / 2), ctx);
    ck_assert_int_eq(fc_flow_eval(flow, z, FC_FLOW_POSITION, &error), FC_OK);
    double off = fc_get_d(fc_flow_values(flow)->x, ctx) - (radius + sigma * g);
    sum += h * exp(-g * g / 2) / sqrt(2 * M_PI) * off * off;
  }
  double across = sigma - sigma * a / hypot(a, sigma * b);
  fc_flow_free(flow);
  fc_clear(z, ctx);
  fc_time_clear(s, ctx);
  fc_time_clear(t, ctx);
  fc_instance_free(line);
  return sqrt(sum + across * across);
}

START_TEST(true_distance_of_two_modes) {
  static const char *const zetas[] = {"1/20", "2/5"};
  for (size_t i = 0; i < 2; i++) {
    char schedule[64];
    snprintf(schedule, sizeof schedule, "{name: shifted-linear, zeta: %s}",
             zetas[i]);
    fc_instance *x = instance_of("family: gaussian-mixture, means: "
                                 "[[-12,0],[12,0]], stddev: 3/100",
                                 schedule);
    fc_ring_w2 w2[1];
    fc_error error;
    double a, b;
    ck_assert_int_eq(fc_ring_start(&a, &b, x->schedules[0]), FC_OK);
    ck_assert_int_eq(fc_ring_source_w2(w2, x->target, x->schedules[0], &error),
                     FC_OK);
    double expected = two_modes_w2(x->schedules[0], a, b);
    double room = w2->error + 1e-9;
    ck_assert_msg(fabs(w2->lower - expected) <= room &&
                      fabs(w2->upper - expected) <= room,
                  "zeta %s: [%.12g, %.12g] +- %.3g, by distribution functions "
                  "%.12g",
                  zetas[i], w2->lower, w2->upper, w2->error, expected);
    fc_instance_free(x);
  }
}
END_TEST

START_TEST(true_distance_of_eight_modes) {
  static const char *const zetas[] = {"1/20", "1/10", "1/5", "3/10", "2/5"};
  double before = 0;
  for (size_t i = 0; i < 5; i++) {
    fc_instance *x = eight(zetas[i]);
    fc_ring_w2 w2[1];
    fc_error error;
    ck_assert_int_eq(fc_ring_source_w2(w2, x->target, x->schedules[0], &error),
                     FC_OK);
    ck_assert_double_eq_tol(w2->mass, 1, 1e-10);
    ck_assert_double_gt(w2->lower, before);
    ck_assert_double_le(w2->lower, w2->upper);
    ck_assert_double_lt(w2->upper, 1.003 * w2->lower);
    ck_assert_double_lt(w2->error, 1e-4 * w2->upper);
    before = w2->upper;
    fc_instance_free(x);
  }
}
END_TEST

/* E|X - m|^2 of X_1#N(0, a_0^2 I), by forward flows of random points, against
 * what the two laws' distance allows: sqrt(2) sigma +- W_2. */
START_TEST(images_lie_as_far_as_the_distance_says) {
  enum { N = 1500 };
  fc_instance *x = eight("2/5");
  fc_ring ring[1];
  fc_ring_w2 w2[1];
  fc_error error;
  fc_random random[1];
  double *points = malloc(2 * N * sizeof *points), sum = 0;
  ck_assert_ptr_nonnull(points);
  fc_random_init(random, 1, "test", "images");
  ck_assert(fc_ring_of(ring, x->target));
  ck_assert_int_eq(fc_ring_draw_image(points, N, ring, x->target,
                                      x->schedules[0], random, &error),
                   FC_OK);
  for (size_t p = 0; p < N; p++) {
    const double *y = points + 2 * p,
                 *m = ring->means + 2 * fc_ring_sector(ring, y[0], y[1]);
    double dx = y[0] - m[0], dy = y[1] - m[1];
    sum += (dx * dx + dy * dy) / N;
  }
  ck_assert_int_eq(fc_ring_source_w2(w2, x->target, x->schedules[0], &error),
                   FC_OK);
  /* Six standard deviations of the mean are below 2 %. */
  double root = sqrt(sum), least = w2->lower - sqrt(2) * ring->stddev,
         most = w2->upper + sqrt(2) * ring->stddev;
  ck_assert_msg(root >= 0.98 * least && root <= 1.02 * most,
                "%.6g not in [%.6g, %.6g]", root, least, most);
  free(points);
  fc_instance_free(x);
}
END_TEST

START_TEST(censuses_enclose_the_distance_of_samples) {
  enum { N = 200 };
  fc_instance *x = eight("1/5");
  fc_ring ring[1];
  fc_error error;
  fc_random random[1];
  double p[2 * N], q[2 * N], w2, w2_error;
  long first[FC_RING_MAX], second[FC_RING_MAX];
  fc_random_init(random, 1, "test", "censuses");
  ck_assert(fc_ring_of(ring, x->target));
  for (int trial = 0; trial < 20; trial++) {
    ck_assert_int_eq(fc_target_draw(p, N, x->target, random), FC_OK);
    ck_assert_int_eq(fc_target_draw(q, N, x->target, random), FC_OK);
    ck_assert_int_eq(fc_plane_w2(&w2, &w2_error, p, q, N, &error), FC_OK);
    fc_ring_census(first, ring, p, N);
    fc_ring_census(second, ring, q, N);
    fc_ring_bounds bounds = fc_ring_census_w2(ring, first, second, N, 0.3);
    ck_assert_msg(bounds.lower <= w2 && w2 <= bounds.upper &&
                      bounds.upper < 1.4 * bounds.lower + 0.7,
                  "%.6g not in [%.6g, %.6g]", w2, bounds.lower, bounds.upper);
  }
  fc_instance_free(x);
}
END_TEST

/* Means and second moments of draws; each interval of six standard deviations
 * is missed with probability 2e-9. */
START_TEST(draws_have_the_moments_of_the_law) {
  enum { N = 20000 };
  fc_instance *x = instance_of(
      "family: gaussian-mixture, weights: [1/4,3/4], means: [[1,-2],[0,2]], "
      "covariances: [[[2,1],[1,1]],[[1/4,0],[0,4]]]",
      "linear");
  /* E x = 1/4, E y = 1, E x^2 = 15/16, E y^2 = 29/4, E xy = -1/4. */
  const double expected[] = {0.25, 1, 0.9375, 7.25, -0.25};
  double *z = malloc(2 * N * sizeof *z), *same = malloc(2 * N * sizeof *same);
  fc_random random[1], again[1];
  ck_assert(z && same);
  fc_random_init(random, 7, "test", "draws");
  fc_random_init(again, 7, "test", "draws");
  ck_assert_int_eq(fc_target_draw(z, N, x->target, random), FC_OK);
  ck_assert_int_eq(fc_target_draw(same, N, x->target, again), FC_OK);
  ck_assert(memcmp(z, same, 2 * N * sizeof *z) == 0);
  for (int k = 0; k < 5; k++) {
    double sum = 0, squares = 0;
    for (size_t p = 0; p < N; p++) {
      double u = z[2 * p], v = z[2 * p + 1];
      double f = k == 0   ? u
                 : k == 1 ? v
                 : k == 2 ? u * u
                 : k == 3 ? v * v
                          : u * v;
      sum += f / N;
      squares += f * f / N;
    }
    double deviation = sqrt((squares - sum * sum) / N);
    ck_assert_msg(fabs(sum - expected[k]) <= 6 * deviation,
                  "moment %d: %.6g, expected %.6g +- %.3g", k, sum, expected[k],
                  6 * deviation);
  }
  free(z);
  free(same);
  fc_instance_free(x);
}
END_TEST

START_TEST(draws_of_other_laws_are_refused) {
  fc_instance *x =
      instance_of("family: uniform-box, lower: [0,0], upper: [1,1]", "linear");
  fc_random random[1];
  double point[2];
  fc_random_init(random, 1, "test", "refused");
  ck_assert_int_eq(fc_target_draw(point, 1, x->target, random), FC_UNSUPPORTED);
  fc_instance_free(x);
}
END_TEST

/* Without noise and with many steps Euler's method goes where the flow goes. */
START_TEST(euler_goes_to_the_flow) {
  fc_instance *x =
      instance_of("family: gaussian, mean: [1,2], stddev: 1/2", "linear");
  double points[] = {0.5, -1}; /* X_1(x) = m + sigma x */
  fc_random random[1];
  fc_error error;
  fc_random_init(random, 1, "test", "euler");
  ck_assert_int_eq(fc_noisy_euler(points, 1, x->target, x->schedules[0], 4000,
                                  0, FC_NOISE_STEP, random, &error),
                   FC_OK);
  ck_assert_double_eq_tol(points[0], 1.25, 2e-3);
  ck_assert_double_eq_tol(points[1], 1.5, 2e-3);
  /* One step: x + v(0, x) + e, v(0, x) = -x + m. */
  double one[] = {0.5, -1};
  ck_assert_int_eq(fc_noisy_euler(one, 1, x->target, x->schedules[0], 1, 0.25,
                                  FC_NOISE_TRAJECTORY, random, &error),
                   FC_OK);
  ck_assert_double_eq_tol(fabs(one[0] - 1), 0.25, 1e-12);
  ck_assert_double_eq_tol(fabs(one[1] - 2), 0.25, 1e-12);
  fc_instance_free(x);
}
END_TEST

/* N(0, 1/4) from 0 in two steps: v(1/2, x) = -6x/5, so that the noise e, e'
 * arrives as e/5 + e'/2. */
START_TEST(signs_are_drawn_at_each_step) {
  fc_instance *x =
      instance_of("family: gaussian, mean: [0,0], stddev: 1/2", "linear");
  fc_random random[1];
  fc_error error;
  int seen[2] = {0};
  fc_random_init(random, 1, "test", "signs");
  for (int trial = 0; trial < 40; trial++)
    for (int law = 0; law < 2; law++) {
      double z[2] = {0, 0};
      ck_assert_int_eq(fc_noisy_euler(z, 1, x->target, x->schedules[0], 2, 1,
                                      law ? FC_NOISE_STEP : FC_NOISE_TRAJECTORY,
                                      random, &error),
                       FC_OK);
      bool same = fabs(fabs(z[0]) - 0.7) < 1e-12,
           other = fabs(fabs(z[0]) - 0.3) < 1e-12;
      ck_assert_msg(same || (law && other), "law %d ends at %.17g", law, z[0]);
      seen[0] += law && same;
      seen[1] += law && other;
    }
  ck_assert(seen[0] > 0 && seen[1] > 0); /* else with probability 2^-39 */
  fc_instance_free(x);
}
END_TEST

START_TEST(fits) {
  const double x[] = {0, 1, 2, 5}, y[] = {1, 3, 5, 11}, z[] = {1, -1, -1, 1},
               at[] = {-3, -1, 1, 3};
  fc_section_fit fit = fc_section_fit_curve(x, y, 4);
  ck_assert_double_eq_tol(fit.slope, 2, 1e-14);
  ck_assert_double_eq_tol(fit.intercept, 1, 1e-14);
  ck_assert_double_lt(fit.half_width, 1e-12);
  /* Slope 0, residuals 4, sum of squares of x 20: t_{2, 0.975} sqrt(4/2/20) */
  fit = fc_section_fit_curve(at, z, 4);
  ck_assert_double_eq_tol(fit.slope, 0, 1e-14);
  ck_assert_double_eq_tol(fit.half_width, 4.302652729911275 * sqrt(0.1), 1e-9);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("experiments");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_test(all, rings_are_recognised);
  tcase_add_test(all, flows_of_rings);
  tcase_add_test(all, flows_of_rings_agree_with_the_library);
  tcase_add_test(all, true_distance_of_two_modes);
  tcase_add_test(all, true_distance_of_eight_modes);
  tcase_add_test(all, images_lie_as_far_as_the_distance_says);
  tcase_add_test(all, censuses_enclose_the_distance_of_samples);
  tcase_add_test(all, draws_have_the_moments_of_the_law);
  tcase_add_test(all, draws_of_other_laws_are_refused);
  tcase_add_test(all, euler_goes_to_the_flow);
  tcase_add_test(all, signs_are_drawn_at_each_step);
  tcase_add_test(all, fits);
  suite_add_tcase(suite, all);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
