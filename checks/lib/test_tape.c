/* The parts of the validated integrator by themselves: series with proved tails
 * of low orders, where the tail is most of the result, and sets under linear
 * maps. */
#include <math.h>

#include "base/random.h"
#include "flow/bundle.h"
#include "flow/tape.h"
#include "numbers.h"

enum { PRECISION = 128 };

/* --- series ---------------------------------------------------------------
 */

typedef struct program {
  fc_tape tape[1];
  int u, v;
} program;

/* u' = 1 + u^2 and v' = -(tau + h) v. */
static void write_program(program *p) {
  fc_tape *tape = p->tape;
  fc_tape_init(tape, 1);
  int time = fc_tape_time(tape);
  p->u = fc_tape_integral(tape);
  p->v = fc_tape_integral(tape);
  int square = fc_tape_product(tape, p->u, p->u);
  int slope = fc_tape_sum(tape);
  fc_tape_add(tape, FC_TAPE_PLUS, FC_TAPE_ONE);
  fc_tape_add(tape, FC_TAPE_PLUS, square);
  fc_tape_close(tape, p->u, slope);
  int fall = fc_tape_product(tape, time, p->v);
  int minus = fc_tape_sum(tape);
  fc_tape_add(tape, 0, fall); /* the constant 0 is -1 */
  fc_tape_close(tape, p->v, minus);
}

/* From tau = 1/4: u = tan(tau), v = exp(-tau^2/2). */
static void start(program *p, long order) {
  fc_tape *tape = p->tape;
  ck_assert_int_eq(fc_tape_ready(tape, order), FC_OK);
  arb_set_si(tape->constants, -1);
  arb_ptr tau = fc_tape_series(tape, 0), v = fc_tape_series(tape, p->v);
  arb_set_d(tau, 0.25);
  arb_tan(fc_tape_series(tape, p->u), tau, PRECISION);
  arb_set_d(v, -1.0 / 32);
  arb_exp(v, v, PRECISION);
  fc_tape_expand(tape, 0, tape->count, 0, order, PRECISION);
}

static void expect_inside(const arb_t x, const arb_t truth, double widest,
                          const char *what, long order, double h) {
  double rad = mag_get_d(arb_radref(x));
  ck_assert_msg(arb_overlaps(x, truth), "%s, order %ld, h = %g: not enclosed",
                what, order, h);
  ck_assert_msg(rad <= widest, "%s, order %ld, h = %g: radius %g", what, order,
                h, rad);
}

START_TEST(tails) {
  static const double steps[] = {0.5, -0.5, 0.25, 0.1, -0.01};
  for (long order = 3; order <= 24; order += 3)
    for (int i = 0; i < 5; i++) {
      program p[1];
      arb_t h, value, truth;
      mag_t w, ratio;
      arb_init(h);
      arb_init(value);
      arb_init(truth);
      mag_init(w);
      mag_init(ratio);
      write_program(p);
      start(p, order);
      mag_set_d(w, 0.6);
      bool found = fc_tape_bound(p->tape, p->tape->count, order, w);
      ck_assert_msg(found || order < 9, "order %ld: no tails", order);
      if (found) {
        arb_set_d(h, steps[i]);
        mag_set_d(ratio, pow(fabs(steps[i]) / 0.59, (double)order + 1));
        double widest =
            64 * pow(fabs(steps[i]) / 0.6, (double)order + 1) + 1e-30;
        fc_tape_value(value, p->tape, p->u, order, h, ratio, PRECISION);
        arb_set_d(truth, 0.25);
        arb_add(truth, truth, h, PRECISION);
        arb_tan(truth, truth, PRECISION);
        expect_inside(value, truth, 2 * widest, "tan", order, steps[i]);
        fc_tape_value(value, p->tape, p->v, order, h, ratio, PRECISION);
        arb_set_d(truth, 0.25);
        arb_add(truth, truth, h, PRECISION);
        arb_sqr(truth, truth, PRECISION);
        arb_mul_2exp_si(truth, truth, -1);
        arb_neg(truth, truth);
        arb_exp(truth, truth, PRECISION);
        expect_inside(value, truth, 2 * widest, "exp", order, steps[i]);
      }
      fc_tape_clear(p->tape);
      arb_clear(h);
      arb_clear(value);
      arb_clear(truth);
      mag_clear(w);
      mag_clear(ratio);
    }
}
END_TEST

/* tan has a pole at pi/2: from 1/4 no tail reaches further than 1.32. */
START_TEST(no_tails_beyond_a_pole) {
  program p[1];
  mag_t w;
  mag_init(w);
  write_program(p);
  start(p, 40);
  mag_set_d(w, 1.4);
  ck_assert(!fc_tape_bound(p->tape, p->tape->count, 40, w));
  mag_set_d(w, 1.1);
  ck_assert(fc_tape_bound(p->tape, p->tape->count, 40, w));
  mag_clear(w);
  fc_tape_clear(p->tape);
}
END_TEST

/* --- sets -----------------------------------------------------------------
 */

static void random_matrix(arb_ptr a, size_t d, fc_random *random) {
  for (size_t i = 0; i < d * d; i++) {
    arb_set_d(a + i, 2 * fc_random_uniform(random) - 1);
    if (i % (d + 1) == 0)
      arb_add_si(a + i, a + i, 1, PRECISION);
    mag_set_d(arb_radref(a + i), 1e-6);
  }
}

/* z = A x for a matrix in the balls: their midpoints plus `part` of the radii.
 */
static void apply(arb_ptr z, arb_srcptr a, arb_srcptr x, size_t d,
                  double part) {
  arb_t entry, radius;
  arb_init(entry);
  arb_init(radius);
  for (size_t i = 0; i < d; i++) {
    arb_zero(z + i);
    for (size_t j = 0; j < d; j++) {
      arb_get_mid_arb(entry, a + i * d + j);
      arb_set_d(radius, part * mag_get_d(arb_radref(a + i * d + j)));
      arb_add(entry, entry, radius, 4 * PRECISION);
      arb_addmul(z + i, entry, x + j, 4 * PRECISION);
    }
  }
  arb_clear(entry);
  arb_clear(radius);
}

/* The set contains the images of points of the columns' boxes, step by step. */
START_TEST(images_stay_inside) {
  fc_random random[1];
  fc_random_init(random, 1, "test_tape", "bundle");
  for (size_t d = 1; d <= 4; d++)
    for (int trial = 0; trial < 40; trial++) {
      fc_bundle set[1];
      size_t columns = d + 1;
      arb_ptr w = _arb_vec_init((slong)(d * columns)),
              point = _arb_vec_init((slong)(3 * d)), next = point + d,
              hull = next + d, a = _arb_vec_init((slong)(d * d)),
              image = _arb_vec_init((slong)d);
      size_t c = (size_t)trial % columns;
      fc_bundle_init(set, d, columns);
      for (size_t i = 0; i < d * columns; i++) {
        arb_set_d(w + i, fc_random_uniform(random));
        mag_set_d(arb_radref(w + i), 0.01);
      }
      for (size_t i = 0; i < d; i++) {
        double side = fc_random_uniform(random) < 0.5 ? -0.0099 : 0.0099;
        arb_get_mid_arb(point + i, w + c * d + i);
        arb_set_d(hull, side);
        arb_add(point + i, point + i, hull, PRECISION);
      }
      fc_bundle_start(set, w);
      for (int step = 0; step < 12; step++) {
        random_matrix(a, d, random);
        apply(image, a, set->m, d, 0.5);
        fc_bundle_advance(set, a, image, PRECISION);
        apply(next, a, point, d, 0.5);
        _arb_vec_set(point, next, (slong)d);
        fc_bundle_hull(hull, set, c, PRECISION);
        for (size_t i = 0; i < d; i++)
          ck_assert_msg(arb_overlaps(hull + i, point + i),
                        "d = %zu, trial %d, column %zu, step %d", d, trial, c,
                        step);
      }
      fc_bundle_clear(set);
      _arb_vec_clear(w, (slong)(d * columns));
      _arb_vec_clear(point, (slong)(3 * d));
      _arb_vec_clear(a, (slong)(d * d));
      _arb_vec_clear(image, (slong)d);
    }
}
END_TEST

/* Turning by an eighth of a circle 64 times brings back the set, not 2^32 times
 * of it; squeezing one way and stretching the other on the way. */
START_TEST(turning_does_not_wrap) {
  fc_bundle set[1];
  arb_ptr w = _arb_vec_init(6), a = _arb_vec_init(4), image = _arb_vec_init(2);
  fc_bundle_init(set, 2, 3);
  for (size_t i = 0; i < 6; i++) {
    arb_set_si(w + i, 1);
    mag_set_d(arb_radref(w + i), 0.001);
  }
  fc_bundle_start(set, w);
  for (int step = 0; step < 64; step++) {
    arb_sqrt_ui(a, 2, PRECISION);
    arb_mul_2exp_si(a, a, -1);
    arb_set(a + 3, a);
    arb_set(a + 2, a);
    arb_neg(a + 1, a);
    apply(image, a, set->m, 2, 0);
    fc_bundle_advance(set, a, image, PRECISION);
  }
  for (size_t c = 0; c < 3; c++) {
    fc_bundle_hull(w, set, c, PRECISION);
    for (size_t i = 0; i < 2; i++)
      ck_assert_msg(mag_cmp_2exp_si(arb_radref(w + i), -7) < 0,
                    "column %zu: radius %g", c, mag_get_d(arb_radref(w + i)));
  }
  fc_bundle_clear(set);
  _arb_vec_clear(w, 6);
  _arb_vec_clear(a, 4);
  _arb_vec_clear(image, 2);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("validated parts");
  TCase *all = tcase_create("all");
  tcase_add_test(all, tails);
  tcase_add_test(all, no_tails_beyond_a_pole);
  tcase_add_test(all, images_stay_inside);
  tcase_add_test(all, turning_does_not_wrap);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
