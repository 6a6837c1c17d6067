/* The part of test_arith.c that needs complex balls, and so Arb itself: the
 * public interface makes only real numbers. */
#ifndef FC_CHECKS_ARITH_COMPLEX_H
#define FC_CHECKS_ARITH_COMPLEX_H

#include "arith/arb_compat.h"
#include "numbers.h"

/* z = re +- re_rad + (im +- im_rad) i */
static void set_complex(fc_ptr z, double re, double re_rad, double im,
                        double im_rad) {
  arb_t error;
  arb_init(error);
  acb_set_d_d(fc_as_acb(z), re, im);
  arb_set_d(error, re_rad);
  arb_add_error(acb_realref(fc_as_acb(z)), error);
  arb_set_d(error, im_rad);
  arb_add_error(acb_imagref(fc_as_acb(z)), error);
  arb_clear(error);
}

/* erfcx(z) + erfcx(-z) = 2 exp(z^2), to most of the precision. */
START_TEST(test_complex_erfcx_reflection) {
  static const double points[][2] = {{0.5, 0.25}, {-2, 3},    {5, -5},
                                     {20, 1},     {0.125, 9}, {-7, 0.5}};
  fc_ctx ctx[1];
  ck_assert_int_eq(fc_ctx_init_acb(ctx, 128, NULL), FC_OK);
  for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
    fc_num z, sum, other;
    fc_init(z, ctx);
    fc_init(sum, ctx);
    fc_init(other, ctx);
    set_complex(z, points[i][0], 0, points[i][1], 0);
    fc_erfcx(sum, z, ctx);
    ck_assert_int_ge(acb_rel_accuracy_bits(fc_as_acb(sum)), 110);
    fc_neg(other, z, ctx);
    fc_erfcx(other, other, ctx);
    ck_assert_int_ge(acb_rel_accuracy_bits(fc_as_acb(other)), 110);
    fc_add(sum, sum, other, ctx);
    fc_sqr(other, z, ctx);
    fc_exp(other, other, ctx);
    fc_mul_si(other, other, 2, ctx);
    ck_assert_int_ne(fc_eq(sum, other, ctx), FC_FALSE);
    fc_clear(z, ctx);
    fc_clear(sum, ctx);
    fc_clear(other, ctx);
  }
}
END_TEST

/* A ball across a cut or a kink has no holomorphic image; beside it, it has. */
START_TEST(test_branch_cuts) {
  static const struct {
    void (*apply)(fc_ptr, fc_srcptr, const fc_ctx *);
    double across[2], beside[2];
  } rows[] = {{fc_sqrt, {-1, 0}, {-1, 1}},  {fc_log, {-1, 0}, {-1, 1}},
              {fc_log1p, {-2, 0}, {-2, 1}}, {fc_atan, {0, 2}, {1, 2}},
              {fc_abs, {0, 1}, {1, 1}},     {fc_sqrt, {0, 0}, {1, 0}}};
  fc_ctx ctx[1];
  ck_assert_int_eq(fc_ctx_init_acb(ctx, 64, NULL), FC_OK);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    fc_num z;
    fc_init(z, ctx);
    set_complex(z, rows[i].across[0], 0.125, rows[i].across[1], 0.125);
    rows[i].apply(z, z, ctx);
    ck_assert_msg(!fc_is_finite(z, ctx), "across, row %d", (int)i);
    set_complex(z, rows[i].beside[0], 0.125, rows[i].beside[1], 0.125);
    rows[i].apply(z, z, ctx);
    ck_assert_msg(fc_is_finite(z, ctx), "beside, row %d", (int)i);
    fc_clear(z, ctx);
  }
}
END_TEST

#endif
