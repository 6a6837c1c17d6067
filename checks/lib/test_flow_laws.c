/* Laws that every flow obeys, at random exact points: the semigroup, inverses,
 * translations, rotations, products, the derivative as a limit, order on the
 * line.  Each side is known to within its stated error, which grows by the norm
 * of the map that follows. */
#include <math.h>

#include "movers.h"

enum { ROUNDS = 3, MOST = 9 };

static const fc_flow_method methods[] = {
    FC_FLOW_CLOSED, FC_FLOW_EXACT, FC_FLOW_TAYLOR, FC_FLOW_DIRECT, FC_FLOW_GSL};
enum { METHODS = sizeof methods / sizeof *methods };

static fc_target *triangle(void) {
  return isotropic(2, "1/8 3/8 1/2", "-1 0 1 1/2 0 3/4", "1/3 1/3 1/3");
}

static fc_target *law(size_t i) {
  switch (i) {
  case 0:
    return isotropic(1, NULL, "-3/2 3/2", "1/2 1/2");
  case 1:
    return triangle();
  case 2:
    return mixture(2, "1/3 2/3", "-1 0 1/2 1", "1 1/2 1/2 2 1/3 0 0 1/5");
  case 3:
    return mixture(2, NULL, "1 -1/2", "2 1/2 1/2 1/3");
  default:
    return isotropic(3, "1/8 3/8 1/4 1/4", "1 1 1 1 -1 -1 -1 1 -1 -1 -1 1",
                     "1/2 1/2 1/2 1/2");
  }
}
enum { LAWS = 5 };

static const char *const schedules[] = {"linear", "follmer", "ve", "vp-sde"};

/* A number in [-2, 2] of 20 bits. */
static double next_number(generator *g) {
  return (double)next_long(g, -(1 << 19), 1 << 19) * 0x1p-18;
}

static void set_context(fc_ctx *ctx, int i) {
  if (i == 0)
    fc_ctx_init_double(ctx);
  else
    fc_ctx_init_mpfr(ctx, 128);
}

/* Moves x (d numbers). */
static void carry(mover *m, const char *s, const char *t, fc_srcptr x) {
  if (mover_times(m, s, t))
    ck_abort_msg("from %s to %s: %s", s, t, m->error.message);
  for (size_t i = 0; i < m->d; i++)
    fc_set(m->x + i, x + i, m->ctx);
  if (mover_go(m, POSITION_AND_JACOBIAN))
    ck_abort_msg("from %s to %s: %s", s, t, m->error.message);
}

static double norm_of(fc_srcptr matrix, size_t d, const fc_ctx *ctx) {
  double sum = 0;
  for (size_t i = 0; i < d * d; i++)
    sum += fabs(fc_get_d(matrix + i, ctx));
  return sum;
}

/* |x - y| <= allowed, all entries. */
static void expect_near(fc_srcptr x, fc_srcptr y, size_t count, double allowed,
                        const fc_ctx *ctx, const char *what, uint64_t seed) {
  fc_num gap;
  fc_init(gap, ctx);
  for (size_t i = 0; i < count; i++) {
    fc_sub(gap, x + i, y + i, ctx);
    double off = fabs(fc_get_d(gap, ctx));
    ck_assert_msg(off <= allowed,
                  "%s, %ld bits, seed %#llx: off by %g, allowed %g", what,
                  ctx->precision, (unsigned long long)seed, off, allowed);
  }
  fc_clear(gap, ctx);
}

/* X_{s,t} o X_{r,s} = X_{r,t}, its derivative by the chain rule, and
 * X_{t,r} o X_{r,t} = id. */
START_TEST(semigroup) {
  static const char *const times[][3] = {
      {"0", "3/8", "7/8"}, {"1", "1/2", "1/8"}, {"1/4", "1", "0"}};
  uint64_t seed = 0x5e31 + (uint64_t)_i;
  generator g = {seed};
  for (int c = 0; c < 2; c++)
    for (size_t k = 0; k < METHODS; k++)
      for (int round = 0; round < ROUNDS; round++) {
        /* series of posteriors in the plane are dear */
        bool dear =
            c == 1 && _i > 0 && (_i == 2 || methods[k] == FC_FLOW_DIRECT);
        if (dear && (round > 0 || _i > 2))
          break;
        fc_ctx ctx[1];
        mover m[1];
        set_context(ctx, c);
        const char *schedule = schedules[next_long(&g, 0, 3)];
        bool direct = methods[k] == FC_FLOW_DIRECT;
        if (mover_try(m, law((size_t)_i), direct ? "linear" : schedule,
                      methods[k], ctx))
          continue;
        size_t d = m->d;
        fc_ptr x = fc_vec_new(3 * d + 3 * d * d, ctx), middle = x + d,
               whole = x + 2 * d, first = x + 3 * d, all = first + d * d,
               product = all + d * d;
        for (size_t i = 0; i < d; i++)
          fc_set_d(x + i, next_number(&g), ctx);
        const char *const *t = times[round];
        const fc_flow_value *v = m->value;
        carry(m, t[0], t[2], x);
        fc_vec_set(whole, v->x, d, ctx);
        fc_vec_set(all, v->jacobian, d * d, ctx);
        double error = fc_get_d(v->x_error, ctx),
               slope_error = fc_get_d(v->jacobian_error, ctx);
        carry(m, t[0], t[1], x);
        fc_vec_set(middle, v->x, d, ctx);
        fc_vec_set(first, v->jacobian, d * d, ctx);
        double error_1 = fc_get_d(v->x_error, ctx),
               slope_error_1 = fc_get_d(v->jacobian_error, ctx),
               norm_1 = norm_of(first, d, ctx);
        carry(m, t[1], t[2], middle);
        double norm = norm_of(v->jacobian, d, ctx);
        error += fc_get_d(v->x_error, ctx) + 2 * norm * error_1;
        expect_near(v->x, whole, d, error, ctx, "X o X", seed);
        for (size_t i = 0; i < d; i++)
          for (size_t j = 0; j < d; j++) {
            fc_ptr z = product + i * d + j;
            fc_set_si(z, 0, ctx);
            for (size_t l = 0; l < d; l++)
              fc_addmul(z, v->jacobian + i * d + l, first + l * d + j, ctx);
          }
        /* the derivative changes with the point: by 100 |dX| a unit here */
        slope_error +=
            norm * slope_error_1 * (double)d +
            norm_1 * (double)d *
                (fc_get_d(v->jacobian_error, ctx) + 100 * norm * error_1) +
            norm * norm_1 * ldexp(8, -(int)ctx->precision);
        expect_near(product, all, d * d, slope_error, ctx, "chain rule", seed);
        /* back again */
        double back_error = fc_get_d(v->x_error, ctx);
        fc_vec_set(whole, v->x, d, ctx);
        carry(m, t[2], t[1], whole);
        back_error = fc_get_d(v->x_error, ctx) +
                     2 * norm_of(v->jacobian, d, ctx) * back_error;
        expect_near(v->x, middle, d, back_error, ctx, "inverse", seed);
        fc_vec_free(x, 3 * d + 3 * d * d, ctx);
        mover_clear(m);
      }
}
END_TEST

/* The derivative against central differences of X at more bits. */
START_TEST(differences) {
  uint64_t seed = 0xd1ff + (uint64_t)_i;
  generator g = {seed};
  static const fc_flow_method some[] = {FC_FLOW_CLOSED, FC_FLOW_EXACT,
                                        FC_FLOW_TAYLOR};
  for (size_t k = 0; k < 3; k++)
    for (int back = 0; back < 2; back++) {
      fc_ctx ctx[1];
      mover m[1];
      fc_num h;
      fc_ctx_init_mpfr(ctx, 170);
      if ((_i == 2 && back) ||
          mover_try(m, law((size_t)_i), "linear", some[k], ctx))
        continue;
      size_t d = m->d;
      fc_ptr x = fc_vec_new(2 * d + d * d, ctx), plus = x + d,
             jacobian = x + 2 * d;
      fc_init(h, ctx);
      fc_set_d(h, 0x1p-64, ctx);
      for (size_t i = 0; i < d; i++)
        fc_set_d(x + i, next_number(&g), ctx);
      const char *s = back ? "1" : "0", *t = back ? "1/4" : "1";
      carry(m, s, t, x);
      fc_vec_set(jacobian, m->value->jacobian, d * d, ctx);
      for (size_t j = 0; j < d; j++) {
        fc_add(x + j, x + j, h, ctx);
        carry(m, s, t, x);
        fc_vec_set(plus, m->value->x, d, ctx);
        fc_sub(x + j, x + j, h, ctx);
        fc_sub(x + j, x + j, h, ctx);
        carry(m, s, t, x);
        fc_add(x + j, x + j, h, ctx);
        for (size_t i = 0; i < d; i++) {
          fc_sub(plus + i, plus + i, m->value->x + i, ctx);
          fc_mul_2exp_si(plus + i, plus + i, 63, ctx);
          expect_close(plus + i, ctx, jacobian + i * d + j, ctx, 90, 1,
                       "difference quotient");
        }
      }
      fc_clear(h, ctx);
      fc_vec_free(x, 2 * d + d * d, ctx);
      mover_clear(m);
    }
}
END_TEST

/* X^c_{s,t}(x) = X_{s,t}(x - b_s c) + b_t c; c = (1/2, -3/4). */
START_TEST(translation) {
  uint64_t seed = 0x7a + (uint64_t)_i;
  generator g = {seed};
  static const char *const times[][2] = {{"0", "1"}, {"1", "1/4"}};
  for (int c = 0; c < 2; c++)
    for (size_t k = 0; k < METHODS; k++)
      for (int way = 0; way < 2; way++) {
        static const char *const names[] = {"linear", "ve"};
        if (c == 1 && methods[k] == FC_FLOW_DIRECT)
          continue;
        fc_ctx ctx[1];
        mover m[1], moved[1];
        set_context(ctx, c);
        if (mover_try(m, triangle(), names[_i], methods[k], ctx))
          continue;
        mover_init(moved,
                   isotropic(2, "1/8 3/8 1/2", "-1/2 -3/4 3/2 -1/4 1/2 0",
                             "1/3 1/3 1/3"),
                   names[_i], methods[k], ctx);
        fc_ptr x = fc_vec_new(4, ctx), y = x + 2;
        static const double shift[] = {0.5, -0.75};
        const char *s = times[way][0], *t = times[way][1];
        /* linear: b_t = t; ve: b = 1 */
        double from = _i == 1    ? 1
                      : way == 0 ? 0
                                 : 1,
               to = _i == 1    ? 1
                    : way == 0 ? 1
                               : 0.25;
        for (size_t i = 0; i < 2; i++) {
          double at = next_number(&g);
          fc_set_d(x + i, at, ctx);
          fc_set_d(y + i, at - from * shift[i], ctx);
        }
        carry(moved, s, t, x);
        carry(m, s, t, y);
        for (size_t i = 0; i < 2; i++) {
          fc_set_d(y + i, to * shift[i], ctx);
          fc_add(y + i, y + i, m->value->x + i, ctx);
        }
        double error = fc_get_d(m->value->x_error, ctx) +
                       fc_get_d(moved->value->x_error, ctx) +
                       ldexp(8, -(int)ctx->precision);
        expect_near(moved->value->x, y, 2, error, ctx, "translation", seed);
        error = fc_get_d(m->value->jacobian_error, ctx) +
                fc_get_d(moved->value->jacobian_error, ctx);
        expect_near(moved->value->jacobian, m->value->jacobian, 4, error, ctx,
                    "translation, derivative", seed);
        fc_vec_free(x, 4, ctx);
        mover_clear(m);
        mover_clear(moved);
      }
}
END_TEST

/* X^Q_{s,t}(Q x) = Q X_{s,t}(x), DX^Q = Q DX Q^T, Q = (3/5 -4/5; 4/5 3/5): at
 * points and means that stay exact (multiples of 5). */
START_TEST(rotation) {
  static const char *const times[][2] = {{"0", "7/8"}, {"1", "1/4"}};
  for (int c = 0; c < 2; c++)
    for (size_t k = 0; k < METHODS; k++)
      for (int way = 0; way < 2; way++) {
        fc_ctx ctx[1];
        mover m[1], turned[1];
        set_context(ctx, c);
        if (c == 1 && (methods[k] == FC_FLOW_DIRECT || way == 1))
          continue;
        if (mover_try(m,
                      mixture(2, "1/4 3/4", "-5/4 0 5/2 5/4",
                              "1/2 0 0 1/4 1 0 0 1/8"),
                      "linear", methods[k], ctx))
          continue;
        /* Q diag(p, q) Q^T = (9p+16q, 12(p-q); ., 16p+9q)/25 */
        mover_init(turned,
                   mixture(2, "1/4 3/4", "-3/4 -1 1/2 11/4",
                           "17/50 3/25 3/25 41/100 11/25 21/50 21/50 137/200"),
                   "linear", methods[k], ctx);
        fc_ptr w = fc_vec_new(10, ctx), q = w, x = w + 4, y = w + 6;
        static const long entries[] = {3, -4, 4, 3};
        for (int i = 0; i < 4; i++) {
          fc_set_si(q + i, entries[i], ctx);
          fc_div_si(q + i, q + i, 5, ctx);
        }
        fc_set_d(x, 1.25, ctx);
        fc_set_d(x + 1, -0.625, ctx);
        fc_set_d(y, 1.25, ctx); /* Q (5/4, -5/8) = (5/4, 5/8) */
        fc_set_d(y + 1, 0.625, ctx);
        carry(m, times[way][0], times[way][1], x);
        carry(turned, times[way][0], times[way][1], y);
        for (int i = 0; i < 2; i++) {
          fc_mul(y + i, q + 2 * i, m->value->x, ctx);
          fc_addmul(y + i, q + 2 * i + 1, m->value->x + 1, ctx);
        }
        double error = 2 * fc_get_d(m->value->x_error, ctx) +
                       fc_get_d(turned->value->x_error, ctx) +
                       ldexp(32, -(int)ctx->precision);
        expect_near(turned->value->x, y, 2, error, ctx,
                    fc_flow_method_name(methods[k]), 0);
        fc_vec_free(w, 10, ctx);
        mover_clear(m);
        mover_clear(turned);
      }
}
END_TEST

/* A product moves coordinatewise, and its derivative has blocks. */
START_TEST(products) {
  for (int c = 0; c < 2; c++)
    for (int way = 0; way < 2; way++) {
      fc_ctx ctx[1];
      mover m[1], left[1], right[1];
      set_context(ctx, c);
      mover_init(m, product(triangle(), pieces("1 - - 0 1")), "linear",
                 FC_FLOW_AUTO, ctx);
      mover_init(left, triangle(), "linear", FC_FLOW_AUTO, ctx);
      mover_init(right, pieces("1 - - 0 1"), "linear", FC_FLOW_AUTO, ctx);
      const char *s = way ? "1" : "0", *t = way ? "0" : "1";
      mover_move(m, s, t, "3/8 -5/8 1/4", POSITION_AND_JACOBIAN);
      mover_move(left, s, t, "3/8 -5/8", POSITION_AND_JACOBIAN);
      mover_move(right, s, t, "1/4", POSITION_AND_JACOBIAN);
      for (size_t i = 0; i < 3; i++)
        ck_assert(identical(m->value->x + i,
                            i < 2 ? left->value->x + i : right->value->x, ctx));
      for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
          fc_srcptr entry = m->value->jacobian + 3 * i + j;
          if (i < 2 && j < 2)
            ck_assert(identical(entry, left->value->jacobian + 2 * i + j, ctx));
          else if (i == 2 && j == 2)
            ck_assert(identical(entry, right->value->jacobian, ctx));
          else
            ck_assert(fc_is_zero(entry, ctx) == FC_TRUE);
        }
      ck_assert(fc_cmp_mid(m->value->x_error, left->value->x_error, ctx) >= 0);
      ck_assert(fc_cmp_mid(m->value->x_error, right->value->x_error, ctx) >= 0);
      mover_clear(m);
      mover_clear(left);
      mover_clear(right);
    }
}
END_TEST

/* On the line order is kept, by every method, beyond the stated errors. */
START_TEST(order_on_the_line) {
  static const fc_flow_method all[] = {FC_FLOW_EXACT, FC_FLOW_TAYLOR,
                                       FC_FLOW_DIRECT, FC_FLOW_GSL};
  for (size_t k = 0; k < 4; k++)
    for (int way = 0; way < 2; way++) {
      fc_ctx ctx[1];
      mover m[1];
      fc_ctx_init_double(ctx);
      mover_init(m, isotropic(1, "1/4 3/4", "-2 2", "1/8 1/8"), "linear",
                 all[k], ctx);
      ck_assert_int_eq(mover_times(m, way ? "1" : "0", way ? "0" : "1"), FC_OK);
      double last = -INFINITY;
      for (int i = -24; i <= 24; i++) {
        fc_set_d(m->x, i / 8.0, ctx);
        if (mover_go(m, POSITION_AND_JACOBIAN))
          ck_abort_msg("%s at %g: %s", fc_flow_method_name(all[k]), i / 8.0,
                       m->error.message);
        double at = fc_get_d(m->value->x, ctx),
               error = fc_get_d(m->value->x_error, ctx);
        ck_assert_msg(at + error >= last, "%s at %g",
                      fc_flow_method_name(all[k]), i / 8.0);
        ck_assert(fc_get_d(m->value->jacobian, ctx) > 0);
        last = at - error;
      }
      mover_clear(m);
    }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("flow laws");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_loop_test(all, semigroup, 0, LAWS);
  tcase_add_loop_test(all, differences, 0, LAWS);
  tcase_add_loop_test(all, translation, 0, 2);
  tcase_add_test(all, rotation);
  tcase_add_test(all, products);
  tcase_add_test(all, order_on_the_line);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
