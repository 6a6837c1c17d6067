/* Extreme eigenvalues of grad v: where they are known in closed form, against
 * brute force where they are not, and along meshes of times. */
#include <math.h>

#include "fields.h"
#include "suprema/mesh.h"
#include "suprema/starts.h"

enum { BITS = 288, FULL = 250 };

static fc_ctx high[1];

/* --- one search ------------------------------------------------------------
 */

typedef struct search {
  fc_target *target; /* owned */
  fc_schedule *schedule;
  fc_ctx ctx[1];
  size_t d;
  fc_extremizer *extremizer;
  fc_extremum found[1];
} search;

static void search_init(search *s, fc_target *target, const char *schedule,
                        uint64_t seed, const fc_ctx *ctx) {
  fc_random random[1];
  s->target = target;
  s->schedule = schedule_of(schedule);
  s->ctx[0] = *ctx;
  s->d = fc_target_dimension(target);
  s->extremizer = NULL;
  fc_random_init(random, seed, "test", "suprema");
  CHECKED(fc_extremizer_new(&s->extremizer, target, s->schedule, ctx, random,
                            &error_));
  ck_assert_int_eq(fc_extremum_init(s->found, s->d, ctx), FC_OK);
}

static void search_clear(search *s) {
  fc_extremum_clear(s->found, s->d, s->ctx);
  fc_extremizer_free(s->extremizer);
  fc_schedule_free(s->schedule);
  fc_target_free(s->target);
}

static void search_at(search *s, double time, bool from_end, fc_side side) {
  ck_assert_int_eq(
      fc_extremizer_at(s->found, s->extremizer, time, from_end, side, NULL),
      FC_OK);
  ck_assert(s->found->found);
  ck_assert_int_eq(
      fc_extremizer_polish(s->found, s->extremizer, time, from_end, side),
      FC_OK);
}

/* The schedule's values at a dyadic time. */
static void schedule_at(fc_schedule_value *at, const char *text, double time,
                        bool from_end) {
  fc_schedule *schedule = schedule_of(text);
  fc_time moment[1];
  fc_time_init(moment, high);
  fc_time_set_d(moment, time, from_end, high);
  ck_assert_int_eq(fc_schedule_eval(at, schedule, moment, false, high), FC_OK);
  fc_time_clear(moment, high);
  fc_schedule_free(schedule);
}

/* z = (a a' + s^2 b b')/V + a b omega spread/V^2, V = a^2 + s^2 b^2; s and
 * spread given as text. */
static void mixture_value(fc_ptr z, const fc_schedule_value *at,
                          const char *deviation, const char *spread) {
  fc_num V, s2, temp;
  fc_formula *s = constant_of(deviation), *r = constant_of(spread);
  fc_init(V, high);
  fc_init(s2, high);
  fc_init(temp, high);
  ck_assert_int_eq(fc_constant_eval(s2, s, high), FC_OK);
  fc_sqr(s2, s2, high);
  fc_sqr(V, at->b, high);
  fc_mul(V, V, s2, high);
  fc_addmul(V, at->a, at->a, high);
  fc_mul(z, at->b, at->db, high);
  fc_mul(z, z, s2, high);
  fc_add(z, z, at->ada, high);
  fc_div(z, z, V, high);
  ck_assert_int_eq(fc_constant_eval(temp, r, high), FC_OK);
  fc_mul(temp, temp, at->b, high);
  fc_mul(temp, temp, at->aomega, high);
  fc_div(temp, temp, V, high);
  fc_div(temp, temp, V, high);
  fc_add(z, z, temp, high);
  fc_formula_free(s);
  fc_formula_free(r);
  fc_clear(V, high);
  fc_clear(s2, high);
  fc_clear(temp, high);
}

/* --- suprema in closed form ------------------------------------------------
 */

/* Extreme eigenvalues of laws whose C has them in closed form: Gaussians, and
 * two components at distance 2 R, where C is largest at equal responsibilities
 * (spread R^2) and smallest far out (spread 0). */
static const struct {
  size_t d;
  const char *weights, *means, *stddevs; /* stddevs as for isotropic() */
  const char *deviation, *spread;
} known[] = {{1, NULL, "5/4", "1/3", "1/3", "0"},
             {2, NULL, "1 -2", "3/2", "3/2", "0"},
             {1, NULL, "-3/2 3/2", "1/2 1/2", "1/2", "9/4"},
             {1, "1/10 9/10", "-1 2", "1/2 1/2", "1/2", "9/4"},
             {1, "1/1000 999/1000", "0 2", "1 1", "1", "1"},
             {2, NULL, "-1 -1 1 1", "1/2 1/2", "1/2", "2"},
             {2, "1/3 2/3", "3 0 0 4", "1 1", "1", "25/4"},
             {3, "1/4 3/4", "1 0 0 0 2 2", "1/3 1/3", "1/3", "9/4"},
             {1, "1/4 3/4", "-6 6", "3/100 3/100", "3/100", "36"},
             {1, "1/4 3/4", "-1 1", "0 0", "0", "1"},
             {2, "2/5 3/5", "0 0 3 4", "0 0", "0", "25/4"}};
enum { KNOWN_COUNT = sizeof known / sizeof *known };

static const struct {
  double time;
  bool from_end;
} moments[] = {{0x1p-20, false},
               {0.125, false},
               {0.5, false},
               {0.125, true},
               {0x1p-10, true}};
enum { MOMENT_COUNT = sizeof moments / sizeof *moments };

static fc_target *known_target(int i) {
  return isotropic(known[i].d, known[i].weights, known[i].means,
                   known[i].stddevs);
}

/* Relative to the terms of which the value is the sum: far out the smallest
 * one is approached, and attained to working precision. */
static void expect_known(int i, const char *schedule, fc_side side) {
  fc_schedule_value at[1];
  fc_num wanted;
  search s[1];
  char what[160];
  fc_schedule_value_init(at, high);
  fc_init(wanted, high);
  search_init(s, known_target(i), schedule, 1, high);
  for (size_t k = 0; k < MOMENT_COUNT; k++) {
    schedule_at(at, schedule, moments[k].time, moments[k].from_end);
    mixture_value(wanted, at, known[i].deviation,
                  side == FC_LARGEST ? known[i].spread : "0");
    search_at(s, moments[k].time, moments[k].from_end, side);
    snprintf(what, sizeof what, "%s, means %s, time %zu, %s", schedule,
             known[i].means, k, side == FC_LARGEST ? "largest" : "smallest");
    fc_extremum *e = s->found;
    expect_close(e->value, high, wanted, high, FULL - 80,
                 1 + fabs(fc_get_d(wanted, high)), what);
    ck_assert_msg(fabs(e->value_d - fc_get_d(e->value, high)) <= e->error_d,
                  "%s: binary64 says %.17g", what, e->value_d);
  }
  search_clear(s);
  fc_clear(wanted, high);
  fc_schedule_value_clear(at, high);
}

START_TEST(largest_in_closed_form) {
  for (size_t s = 0; s < SCHEDULE_COUNT; s++)
    expect_known(_i, every_schedule[s], FC_LARGEST);
}
END_TEST

START_TEST(smallest_in_closed_form) {
  for (size_t s = 0; s < SCHEDULE_COUNT; s++)
    expect_known(_i, every_schedule[s], FC_SMALLEST);
}
END_TEST

/* Where the largest is: log(w_1/w_2) + (b/V) <x, m_1 - m_2> - b^2 (|m_1|^2 -
 * |m_2|^2)/(2 V) = 0, at any weights, to working precision. */
START_TEST(place_of_the_largest) {
  search s[1];
  fc_num x, wanted;
  fc_init(x, high);
  fc_init(wanted, high);
  search_init(s, isotropic(1, "1/10 9/10", "-1 2", "1/2 1/2"), "linear", 1,
              high);
  search_at(s, 0.5, false, FC_LARGEST);
  /* V = 1/4 + 1/16 = 5/16; log(1/9) - (24/5) x + 6/5 = 0 */
  fc_formula *place = constant_of("(6/5-log(9))*(5/24)");
  ck_assert_int_eq(fc_constant_eval(wanted, place, high), FC_OK);
  expect_close(s->found->x, high, wanted, high, 125, 1, "place");
  fc_formula_free(place);
  search_clear(s);
  fc_clear(x, high);
  fc_clear(wanted, high);
}
END_TEST

/* Full covariance: eigenvalues of (a a' + b b' S)(a^2 + b^2 S)^{-1} for S with
 * eigenvalues 1 and 3. */
START_TEST(gaussian_with_two_widths) {
  fc_schedule_value at[1];
  fc_num wanted;
  search s[1];
  fc_schedule_value_init(at, high);
  fc_init(wanted, high);
  search_init(s, mixture(2, NULL, "1 2", "2 1 1 2"), every_schedule[_i], 1,
              high);
  for (int side = 0; side < 2; side++) {
    search_at(s, 0.375, false, (fc_side)side);
    schedule_at(at, every_schedule[_i], 0.375, false);
    mixture_value(wanted, at, side == FC_LARGEST ? "sqrt(3)" : "1", "0");
    expect_close(s->found->value, high, wanted, high, FULL, 1,
                 every_schedule[_i]);
  }
  search_clear(s);
  fc_clear(wanted, high);
  fc_schedule_value_clear(at, high);
}
END_TEST

/* Uniform on [0, 1] under linear: C <= 1/12 and C -> 1/12 as u -> 0, at every
 * x near; so sup grad v = a'/a + (b omega/a^3) c with c just below 1/12 (the
 * fourth cumulant is negative), and it is attained at the middle. */
START_TEST(uniform_near_the_start) {
  search s[1];
  search_init(s, pieces("1 - - 0 1"), "linear", 1, high);
  search_at(s, 0x1p-10, false, FC_LARGEST);
  double t = 0x1p-10, a = 1 - t;
  double c = (fc_get_d(s->found->value, high) + 1 / a) * a * a * a / t;
  ck_assert_double_le(c, 1.0 / 12);
  ck_assert_double_gt(c, 1.0 / 12 - 1e-6);
  /* x = b/2: the middle, where the law of the posterior is symmetric */
  ck_assert_double_eq_tol(fc_get_d(s->found->x, high), t / 2, 1e-3 * t + 0.05);
  search_clear(s);
}
END_TEST

/* --- brute force -------------------------------------------------------------
 */

/* The largest eigenvalue of the Jacobian at one point in binary64. */
static double eigenvalue_at(field *f, double x, double y, fc_side side) {
  fc_set_d(f->x, x, f->ctx);
  if (f->d == 2)
    fc_set_d(f->x + 1, y, f->ctx);
  field_eval(f, FC_VELOCITY_JACOBIAN);
  double p = fc_get_d(f->value->jacobian, f->ctx);
  if (f->d == 1)
    return p;
  double q = fc_get_d(f->value->jacobian + 1, f->ctx),
         r = fc_get_d(f->value->jacobian + 3, f->ctx);
  double root = hypot((p - r) / 2, q);
  return (p + r) / 2 + (side == FC_LARGEST ? root : -root);
}

/* The extreme value on a grid over [-span, span]^d. */
static double brute(field *f, double span, int n, fc_side side) {
  double best = NAN;
  for (int i = 0; i <= n; i++)
    for (int j = 0; j <= (f->d == 2 ? n : 0); j++) {
      double value = eigenvalue_at(f, span * (2.0 * i / n - 1),
                                   span * (2.0 * j / n - 1), side);
      if (isnan(best) || (side == FC_LARGEST ? value > best : value < best))
        best = value;
    }
  return best;
}

/* Laws without a closed form; nothing on a fine grid may beat the search. */
static fc_target *open_law(int i) {
  switch (i) {
  case 0: /* an equilateral triangle: the maximum is not at a pair point */
    return isotropic(2, NULL, "1 0 -1/2 sqrt(3)/2 -1/2 -sqrt(3)/2",
                     "1/2 1/2 1/2");
  case 1:
    return isotropic(2, "1/8 3/8 1/2", "-1 0 1 1/2 0 3/4", "1/3 1/3 1/3");
  case 2:
    return isotropic(1, "1/2 1/3 1/6", "-1 1/3 2", "1/2 1 1/5");
  case 3:
    return mixture(2, "1/3 2/3", "-1 0 1/2 1", "1 1/2 1/2 2 1/3 0 0 1/5");
  case 4:
    return pieces("1/4 - - -2 -1 3/4 1/3 1/2 -1/2 3");
  case 5: /* narrow beside wide: the largest sits in the small component */
    return isotropic(1, "99/100 1/100", "0 3/2", "1 1/20");
  case 6:
    return product(isotropic(1, NULL, "-3/2 3/2", "1/2 1/2"),
                   pieces("1 - - 0 1"));
  default:
    return isotropic(1, NULL, "-4 -3 0 1/2 3 7/2", "1/4 1/4 1/4 1/4 1/4 1/4");
  }
}

START_TEST(no_grid_beats_the_search) {
  static const char *const schedules[] = {"linear", "follmer"};
  fc_ctx fast[1];
  fc_ctx_init_double(fast);
  for (size_t k = 0; k < 2; k++)
    for (size_t m = 1; m < 4; m++)
      for (int side = 0; side < 2; side++) {
        field f[1];
        search s[1];
        field_init(f, open_law(_i), schedules[k], fast);
        search_init(s, open_law(_i), schedules[k], 1, high);
        fc_time_set_d(f->time, moments[m].time, moments[m].from_end, fast);
        ck_assert_int_eq(fc_velocity_set_time(f->velocity, f->time), FC_OK);
        double grid = brute(f, 5, f->d == 2 ? 160 : 20000, (fc_side)side);
        search_at(s, moments[m].time, moments[m].from_end, (fc_side)side);
        double found = fc_get_d(s->found->value, high);
        double lead = side == FC_LARGEST ? found - grid : grid - found;
        ck_assert_msg(lead >= -1e-7 * (1 + fabs(grid)),
                      "law %d, %s, time %zu: the grid has %.17g, the search "
                      "%.17g",
                      _i, schedules[k], m, grid, found);
        field_clear(f);
        search_clear(s);
      }
}
END_TEST

/* The value at the point that comes out, evaluated afresh: the same number, and
 * inside its ball. */
START_TEST(value_belongs_to_its_place) {
  search s[1];
  search_init(s, open_law(_i), "trigonometric", 1, high);
  for (int side = 0; side < 2; side++) {
    search_at(s, 0.375, false, (fc_side)side);
    contexts c;
    contexts_init(&c, 400);
    for (size_t k = 1; k < (fc_have_arb() ? 3 : 2); k++) {
      fc_time time[1];
      fc_num value;
      fc_ptr x = fc_vec_new(s->d, &c.list[k]);
      fc_init(value, &c.list[k]);
      fc_time_init(time, &c.list[k]);
      fc_time_set_d(time, 0.375, false, &c.list[k]);
      for (size_t i = 0; i < s->d; i++)
        fc_convert(x + i, &c.list[k], s->found->x + i, high);
      ck_assert_int_eq(fc_eigenvalue_at(value, s->target, s->schedule, time, x,
                                        (fc_side)side, &c.list[k]),
                       FC_OK);
      expect_close(value, &c.list[k], s->found->value, high, 240, 1,
                   c.names[k]);
      fc_time_clear(time, &c.list[k]);
      fc_clear(value, &c.list[k]);
      fc_vec_free(x, s->d, &c.list[k]);
    }
  }
  search_clear(s);
}
END_TEST

/* --- the same again
 * ------------------------------------------------------------
 */

static void same_extremum(const fc_extremum *x, const fc_extremum *y,
                          size_t d) {
  ck_assert_int_eq(x->found, y->found);
  ck_assert(identical(x->value, y->value, high));
  for (size_t i = 0; i < d; i++)
    ck_assert(identical(x->x + i, y->x + i, high));
}

/* What was searched before changes nothing: the second answer to the same
 * question is the first, bit for bit. */
START_TEST(searches_do_not_remember) {
  search s[1], fresh[1];
  search_init(s, open_law(_i), "linear", 5, high);
  search_init(fresh, open_law(_i), "linear", 5, high);
  search_at(s, 0.25, false, FC_SMALLEST);
  search_at(s, 0.75, false, FC_LARGEST);
  search_at(s, 0.5, false, FC_LARGEST);
  search_at(fresh, 0.5, false, FC_LARGEST);
  same_extremum(s->found, fresh->found, s->d);
  search_clear(s);
  search_clear(fresh);
}
END_TEST

/* --- meshes
 * --------------------------------------------------------------------
 */

static void mesh_init(fc_mesh *mesh, const fc_target *target,
                      const fc_schedule *schedule, bool with_end) {
  const bool sides[2] = {true, true};
  fc_random random[1];
  fc_random_init(random, 1, "test", "mesh");
  CHECKED(fc_mesh_init(mesh, target, schedule, sides, 5, with_end, random, high,
                       &error_));
}

static double time_of(const fc_mesh_point *p) {
  return p->from_end ? 1 - p->time : p->time;
}

/* Ascending times with at most 20 bits, distinct, both ends covered; t + r = 1
 * exactly. */
static void expect_mesh(const fc_mesh *mesh, bool with_end) {
  fc_time time[1];
  fc_num sum;
  fc_time_init(time, high);
  fc_init(sum, high);
  ck_assert_uint_ge(mesh->count, 7);
  for (size_t i = 0; i < mesh->count; i++) {
    const fc_mesh_point *p = mesh->points[i];
    int exponent;
    double mantissa = frexp(p->time, &exponent) * 0x1p20;
    ck_assert(mantissa == rint(mantissa));
    if (i > 0)
      ck_assert(time_of(mesh->points[i - 1]) < time_of(p));
    fc_mesh_time(time, p, high);
    fc_add(sum, time->t, time->r, high);
    fc_add_si(sum, sum, -1, high);
    ck_assert_int_eq(fc_is_zero(sum, high), FC_TRUE);
    fc_add_si(sum, p->from_end ? time->r : time->t, 0, high);
    ck_assert(fc_get_d(sum, high) == p->time);
  }
  ck_assert(time_of(mesh->points[0]) == 0x1p-20);
  const fc_mesh_point *last = mesh->points[mesh->count - 1];
  ck_assert(last->from_end && last->time == (with_end ? 0 : 0x1p-20));
  fc_time_clear(time, high);
  fc_clear(sum, high);
}

START_TEST(mesh_times) {
  for (size_t s = 0; s < SCHEDULE_COUNT; s++)
    for (int with_end = 0; with_end < 2; with_end++) {
      fc_mesh mesh[1];
      fc_schedule *schedule = schedule_of(every_schedule[s]);
      fc_target *target = isotropic(1, NULL, "-1 1", "1/2 1/2");
      mesh_init(mesh, target, schedule, with_end);
      ck_assert_uint_eq(mesh->count, with_end ? 8 : 7);
      expect_mesh(mesh, with_end);
      fc_mesh_clear(mesh);
      fc_target_free(target);
      fc_schedule_free(schedule);
    }
}
END_TEST

/* Refining about a point adds one on either side of it and nothing elsewhere;
 * at an end only inwards; again and again until there is no room. */
START_TEST(mesh_refinement) {
  fc_mesh mesh[1];
  fc_schedule *schedule = schedule_of(every_schedule[_i]);
  fc_target *target = isotropic(1, NULL, "-1 1", "1/2 1/2");
  mesh_init(mesh, target, schedule, false);
  fc_mesh_point *centre = mesh->points[3], *left = mesh->points[2],
                *right = mesh->points[4];
  size_t added;
  ck_assert_int_eq(fc_mesh_refine(&added, mesh, 3), FC_OK);
  ck_assert_uint_eq(added, 2);
  ck_assert_uint_eq(mesh->count, 9);
  ck_assert_ptr_eq(mesh->points[2], left);
  ck_assert_ptr_eq(mesh->points[4], centre);
  ck_assert_ptr_eq(mesh->points[6], right);
  expect_mesh(mesh, false);
  double middle = (left->theta + centre->theta) / 2;
  ck_assert_double_eq_tol(mesh->points[3]->theta, middle, 1e-12);
  middle = (right->theta + centre->theta) / 2;
  ck_assert_double_eq_tol(mesh->points[5]->theta, middle, 1e-12);
  ck_assert_int_eq(fc_mesh_refine(&added, mesh, 0), FC_OK);
  ck_assert_uint_le(added, 1);
  ck_assert_int_eq(fc_mesh_refine(&added, mesh, mesh->count - 1), FC_OK);
  ck_assert_uint_le(added, 1);
  expect_mesh(mesh, false);
  for (int k = 0; k < 8; k++) {
    ck_assert_int_eq(fc_mesh_refine(&added, mesh, mesh->count / 2), FC_OK);
    expect_mesh(mesh, false);
  }
  fc_mesh_restart(mesh);
  ck_assert_uint_eq(mesh->count, 7);
  ck_assert_ptr_eq(mesh->points[3], centre);
  fc_mesh_clear(mesh);
  fc_target_free(target);
  fc_schedule_free(schedule);
}
END_TEST

/* The angle of a point is that of the schedule at its time. */
START_TEST(mesh_angles) {
  fc_mesh mesh[1];
  fc_schedule_value at[1];
  fc_schedule *schedule = schedule_of(every_schedule[_i]);
  fc_target *target = isotropic(1, NULL, "-1 1", "1/2 1/2");
  fc_schedule_value_init(at, high);
  mesh_init(mesh, target, schedule, true);
  for (size_t i = 0; i < mesh->count; i++) {
    const fc_mesh_point *p = mesh->points[i];
    schedule_at(at, every_schedule[_i], p->time, p->from_end);
    double theta = atan2(fc_get_d(at->b, high), fc_get_d(at->a, high));
    ck_assert_double_eq_tol(p->theta, theta, 2e-3);
  }
  fc_mesh_clear(mesh);
  fc_schedule_value_clear(at, high);
  fc_target_free(target);
  fc_schedule_free(schedule);
}
END_TEST

/* --- starts
 * ---------------------------------------------------------------------
 */

/* The same list in every context, and a pair point where the responsibilities
 * are equal. */
START_TEST(starts_in_every_context) {
  contexts c;
  fc_target *target = open_law(_i);
  size_t d = fc_target_dimension(target), count = 0;
  double *points = NULL;
  contexts_init(&c, 200);
  for (size_t k = 0; k < 2; k++) {
    const fc_ctx *ctx = &c.list[k];
    fc_starts *starts = NULL;
    fc_ptr x = fc_vec_new(d + 2, ctx);
    fc_set_d(x + d, 0.75, ctx);
    fc_set_d(x + d + 1, 0.25, ctx);
    ck_assert_int_eq(fc_starts_new(&starts, target, ctx), FC_OK);
    if (k == 0) {
      count = fc_starts_count(starts);
      points = calloc(count * d, sizeof *points);
    }
    ck_assert_uint_eq(fc_starts_count(starts), count);
    for (size_t i = 0; i < count; i++) {
      fc_starts_get(x, starts, i, x + d, x + d + 1);
      for (size_t j = 0; j < d; j++) {
        double value = fc_get_d(x + j, ctx);
        if (k == 0)
          points[i * d + j] = value;
        else if (fabs(value) < 50) /* tails depend on the precision */
          ck_assert_double_eq_tol(value, points[i * d + j], 1e-9);
      }
    }
    fc_starts_free(starts);
    fc_vec_free(x, d + 2, ctx);
  }
  free(points);
  fc_target_free(target);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("suprema");
  TCase *closed = tcase_create("closed forms"), *rest = tcase_create("rest");
  fc_ctx_init_mpfr(high, BITS);
  tcase_set_timeout(closed, 100);
  tcase_set_timeout(rest, 100);
  tcase_add_loop_test(closed, largest_in_closed_form, 0, KNOWN_COUNT);
  tcase_add_loop_test(closed, smallest_in_closed_form, 0, KNOWN_COUNT);
  tcase_add_test(closed, place_of_the_largest);
  tcase_add_loop_test(closed, gaussian_with_two_widths, 0, SCHEDULE_COUNT);
  tcase_add_test(closed, uniform_near_the_start);
  tcase_add_loop_test(rest, no_grid_beats_the_search, 0, 8);
  tcase_add_loop_test(rest, value_belongs_to_its_place, 0, 8);
  tcase_add_loop_test(rest, searches_do_not_remember, 0, 8);
  tcase_add_test(rest, mesh_times);
  tcase_add_loop_test(rest, mesh_refinement, 0, SCHEDULE_COUNT);
  tcase_add_loop_test(rest, mesh_angles, 0, SCHEDULE_COUNT);
  tcase_add_loop_test(rest, starts_in_every_context, 0, 8);
  suite_add_tcase(suite, closed);
  suite_add_tcase(suite, rest);
  return run_suite(suite);
}
