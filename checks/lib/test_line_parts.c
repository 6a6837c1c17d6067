/* What the search of line_flow.h rests on, piece by piece, against points: the
 * ranges of log p and its derivatives over intervals, the bounds beyond a point
 * and over far intervals. */
#include <math.h>

#include "base/random.h"
#include "fields.h"
#include "suprema/line_private.h"

enum { BITS = 96, LAWS = 10, TRIALS = 30, POINTS = 8 };

static fc_ctx balls[1];

static fc_target *law(int i) {
  switch (i) {
  case 0:
    return isotropic(1, NULL, "-3/2 3/2", "1/2 1/2");
  case 1:
    return isotropic(1, "1/7 4/7 2/7", "-1 1/3 2", "1/2 1/2 1/2");
  case 2:
    return isotropic(1, "1/5 4/5", "-1 1", "1 1/3");
  case 3:
    return isotropic(1, "1/5 1/5 3/5", "-1 1 1", "1/2 1/3 3/2");
  case 4:
    return isotropic(1, "1/4 3/4", "-1 1", "0 0");
  case 5:
    return isotropic(1, "1/4 1/4 1/2", "1 1 -1", "1 1 1");
  case 6:
    return pieces("1 - - -1/2 1");
  case 7:
    return pieces("1 1/3 1/2 -1 1");
  case 8:
    return pieces("1 1/3 1/2 1/2 -");
  default:
    return tilted_by("abs(x)/2");
  }
}

/* Distribution functions of cut normal laws are integrals, a hundredth of a
 * second each, and quantiles some of these: there the later end is a = 0. */
static bool is_dear(int i) { return i >= 7; }
static int trials(int i) { return i < 6 ? TRIALS : i < 7 ? 8 : 3; }
static int points(int i) { return i < 7 ? POINTS : 2; }

static fc_target *target;
static fc_line_side side[2];

/* The sides at b = steps/8, a = 1 - b. */
static void set_steps(fc_target *of, const long steps[2]) {
  fc_num a[2], b[2];
  target = of;
  for (int k = 0; k < 2; k++) {
    fc_init(a[k], balls);
    fc_init(b[k], balls);
    fc_set_si(b[k], steps[k], balls);
    fc_div_si(b[k], b[k], 8, balls);
    fc_set_si(a[k], 8 - steps[k], balls);
    fc_div_si(a[k], a[k], 8, balls);
    CHECKED(fc_line_side_init(&side[k], target, a[k], b[k], balls, &error_));
    fc_clear(a[k], balls);
    fc_clear(b[k], balls);
  }
}

/* b in {0, 1/8, .. 1}, a in {0, .. 1}, both ends apart in u. */
static void set_sides(fc_random *random, int i) {
  long p = (long)(fc_random_bits(random) % 8), q;
  do
    q = (long)(fc_random_bits(random) % (i == 4 ? 8 : 9));
  while (q == p);
  if (is_dear(i)) {
    p = p % 2 ? 4 : 0;
    q = 8;
  }
  set_steps(law(i), (const long[]){p, q});
}

static void clear_sides(void) {
  fc_line_side_clear(&side[0]);
  fc_line_side_clear(&side[1]);
  fc_target_free(target);
}

/* The node over x; false off the support. */
static bool node_at(fc_line_node *node, double x) {
  fc_num below, above;
  fc_init(below, balls);
  fc_init(above, balls);
  fc_set_d(node->at[0], x, balls);
  bool known = fc_posterior_cdf(below, above, side[0].posterior, side[0].a,
                                side[0].b, node->at[0], NULL) == FC_OK &&
               fc_is_positive(below, balls) == FC_TRUE &&
               fc_is_positive(above, balls) == FC_TRUE &&
               fc_posterior_quantile(node->at[1], side[1].posterior, side[1].a,
                                     side[1].b, below, above, NULL) == FC_OK;
  for (int k = 0; k < 2 && known; k++)
    known = fc_line_side_at(&node->jet[k], &side[k], node->at[k]) == FC_OK;
  fc_line_node_derive(node, BITS);
  fc_clear(below, balls);
  fc_clear(above, balls);
  return known && arb_is_finite(node->log);
}

static void expect_inside(const arb_t point, const arb_t range, int i,
                          const char *what) {
  ck_assert_msg(!arb_is_finite(range) || arb_overlaps(point, range),
                "law %d: %s: %s outside %s", i, what, arb_get_str(point, 20, 0),
                arb_get_str(range, 20, 0));
}

START_TEST(ranges) {
  fc_random random[1];
  fc_line_node end[2], inner;
  fc_line_jet range[1];
  size_t finite = 0, all = 0;
  fc_random_init(random, 1, "test", "line-ranges");
  fc_line_jet_init(range);
  for (int t = 0; t < trials(_i); t++) {
    set_sides(random, _i);
    for (int k = 0; k < 2; k++)
      fc_line_node_init(&end[k], balls);
    fc_line_node_init(&inner, balls);
    double x = 4 * fc_random_uniform(random) - 2,
           w = ldexp(1, -(int)(fc_random_bits(random) % 8));
    bool known = node_at(&end[0], x) && node_at(&end[1], x + w);
    for (int k = 0; k < 2 && known; k++) {
      fc_line_side_over(range, &side[k], fc_as_arb(end[0].at[k]),
                        fc_as_arb(end[1].at[k]), &end[0].jet[k],
                        &end[1].jet[k]);
      all++;
      finite += arb_is_finite(range->log) && arb_is_finite(range->slope);
      for (int j = 0; j < points(_i); j++) {
        if (!node_at(&inner, x + w * fc_random_uniform(random)))
          continue;
        expect_inside(inner.jet[k].log, range->log, _i, "log");
        expect_inside(inner.jet[k].score, range->score, _i, "score");
        expect_inside(inner.jet[k].slope, range->slope, _i, "slope");
      }
    }
    for (int k = 0; k < 2; k++)
      fc_line_node_clear(&end[k], balls);
    fc_line_node_clear(&inner, balls);
    clear_sides();
  }
  fc_line_jet_clear(range);
  ck_assert_uint_ge(2 * finite, all);
}
END_TEST

static void expect_below(const fc_line_node *node, const arf_t bound, int i,
                         const char *what) {
  arf_t low;
  arf_init(low);
  arb_get_lbound_arf(low, node->log, BITS);
  ck_assert_msg(arf_cmp(low, bound) <= 0, "law %d: %s: %.17g above %.17g", i,
                what, arf_get_d(low, ARF_RND_NEAR),
                arf_get_d(bound, ARF_RND_NEAR));
  arf_clear(low);
}

/* Beyond a point, and between points far out, on both sides. */
START_TEST(tails) {
  fc_random random[1];
  fc_line_node near, far, beyond;
  arf_t bound;
  size_t finite = 0, all = 0;
  fc_random_init(random, 1, "test", "line-tails");
  arf_init(bound);
  for (int t = 0; t < 2 * trials(_i); t++) {
    bool left = t % 2;
    set_sides(random, _i);
    fc_line_node_init(&near, balls);
    fc_line_node_init(&far, balls);
    fc_line_node_init(&beyond, balls);
    double x = 6 * fc_random_uniform(random), w = 4 * fc_random_uniform(random);
    bool known = !side[0].ends && node_at(&near, left ? -x : x) &&
                 node_at(&far, left ? -x - w : x + w);
    arf_pos_inf(bound);
    if (known)
      fc_line_tail(bound, side, &near, left);
    all += known;
    finite += known && arf_is_finite(bound);
    for (int j = 0; j < points(_i) && known; j++) {
      double y = x + ldexp(fc_random_uniform(random), j - 4);
      if (node_at(&beyond, left ? -y : y))
        expect_below(&beyond, bound, _i, "tail");
    }
    arf_pos_inf(bound);
    if (known)
      fc_line_dominated(bound, side, left ? &far : &near, left ? &near : &far,
                        left);
    for (int j = 0; j < points(_i) && known; j++) {
      double y = x + w * fc_random_uniform(random);
      if (node_at(&beyond, left ? -y : y))
        expect_below(&beyond, bound, _i, "dominated");
    }
    fc_line_node_clear(&near, balls);
    fc_line_node_clear(&far, balls);
    fc_line_node_clear(&beyond, balls);
    clear_sides();
  }
  arf_clear(bound);
  ck_assert_uint_ge(3 * finite, all);
}
END_TEST

/* Between two points, near and far apart. */
START_TEST(leaves) {
  fc_random random[1];
  fc_line_node end[2], inner;
  arf_t bound;
  size_t finite = 0, all = 0;
  fc_random_init(random, 1, "test", "line-leaves");
  arf_init(bound);
  for (int t = 0; t < 4 * trials(_i); t++) {
    set_sides(random, _i);
    for (int k = 0; k < 2; k++)
      fc_line_node_init(&end[k], balls);
    fc_line_node_init(&inner, balls);
    double x = 4 * fc_random_uniform(random) - 2,
           w = ldexp(1, -(int)(fc_random_bits(random) % 8));
    if (node_at(&end[0], x) && node_at(&end[1], x + w)) {
      int halve;
      fc_line_leaf(bound, &halve, side, &end[0], &end[1]);
      all++;
      finite += arf_is_finite(bound) != 0;
      for (int j = 0; j <= points(_i); j++)
        if (node_at(&inner, x + w * j / points(_i)))
          expect_below(&inner, bound, _i, "leaf");
    }
    for (int k = 0; k < 2; k++)
      fc_line_node_clear(&end[k], balls);
    fc_line_node_clear(&inner, balls);
    clear_sides();
  }
  arf_clear(bound);
  ck_assert_uint_ge(2 * finite, all);
}
END_TEST

/* Laws of which one argument alone decides: a point is no more than the bound
 * on all that lies beyond it. */
static const struct {
  const char *pieces;
  long steps[2];
  double x;
  bool left;
} decisive[] = {
    /* the same part twice, one of them cut: neither is left out */
    {"1/2 0 1 0 - 1/2 0 1 - -", {7, 0}, 2, false},
    /* in the gap before the start of the part that dominates */
    {"3/4 0 1 2 - 1/4 0 1/2 - -", {0, 7}, -0.674, false},
    {"3/4 0 1 - -2 1/4 0 1/2 - -", {0, 7}, 0.674, true},
};
enum { DECISIVE = sizeof decisive / sizeof *decisive };

START_TEST(points_in_their_tails) {
  fc_line_node node;
  arf_t bound;
  arf_init(bound);
  set_steps(pieces(decisive[_i].pieces), decisive[_i].steps);
  fc_line_node_init(&node, balls);
  ck_assert(node_at(&node, decisive[_i].x));
  fc_line_tail(bound, side, &node, decisive[_i].left);
  expect_below(&node, bound, _i, "its own tail");
  fc_line_node_clear(&node, balls);
  clear_sides();
  arf_clear(bound);
}
END_TEST

/* No point beats what is integrated, and it is met at Gaussians. */
START_TEST(integrated) {
  fc_random random[1];
  fc_line_node node;
  arf_t bound;
  fc_random_init(random, 1, "test", "line-integrated");
  arf_init(bound);
  for (int t = 0; t < trials(_i); t++) {
    set_sides(random, _i);
    fc_line_node_init(&node, balls);
    bool forward = arb_gt(fc_as_arb(side[1].b), fc_as_arb(side[0].b));
    fc_line_integrated(bound, side, forward);
    for (int j = 0; j < points(_i); j++)
      if (node_at(&node, 8 * fc_random_uniform(random) - 4))
        expect_below(&node, bound, _i, "integrated");
    fc_line_node_clear(&node, balls);
    clear_sides();
  }
  arf_clear(bound);
}
END_TEST

/* Density exp(L |x|) against N(0, 1), L large: at 0, where the derivative is
 * largest, it is little below the bound. */
START_TEST(integrated_slopes) {
  fc_line_node node;
  arf_t bound;
  arf_init(bound);
  set_steps(tilted_by("10*abs(x)"), (const long[]){0, 7});
  fc_line_node_init(&node, balls);
  for (int k = 0; k < 2; k++) /* both by symmetry */
    ck_assert_int_eq(fc_line_side_at(&node.jet[k], &side[k], node.at[k]),
                     FC_OK);
  arb_sub(node.log, node.jet[0].log, node.jet[1].log, BITS);
  fc_line_integrated(bound, side, true);
  expect_below(&node, bound, 10, "integrated");
  double tau = 1 / sqrt(50), L = 10;
  ck_assert_double_eq_tol(
      arf_get_d(bound, ARF_RND_NEAR),
      -log(8 * tau) + 2 * L * (1 - tau) + L * L / 2 * (1 - tau * tau), 1e-12);
  fc_line_node_clear(&node, balls);
  clear_sides();
  arf_clear(bound);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("line parts");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 100);
  if (fc_ctx_init_arb(balls, BITS, NULL))
    return EXIT_FAILURE;
  tcase_add_loop_test(all, ranges, 0, LAWS);
  tcase_add_loop_test(all, tails, 0, LAWS);
  tcase_add_loop_test(all, leaves, 0, LAWS);
  tcase_add_loop_test(all, points_in_their_tails, 0, DECISIVE);
  tcase_add_loop_test(all, integrated, 0, LAWS);
  tcase_add_test(all, integrated_slopes);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
