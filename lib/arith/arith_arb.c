/* FC_ARB: real balls. */
#include "arith/arb_compat.h"

static void ball_init(fc_ptr z, const fc_ctx *ctx) {
  (void)ctx;
  arb_init(fc_as_arb(z));
}
static void ball_clear(fc_ptr z, const fc_ctx *ctx) {
  (void)ctx;
  arb_clear(fc_as_arb(z));
}
static void ball_set(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  arb_set(fc_as_arb(z), fc_as_arb_src(x));
}
static void ball_set_si(fc_ptr z, long n, const fc_ctx *ctx) {
  (void)ctx;
  arb_set_si(fc_as_arb(z), n);
}
static void ball_set_d(fc_ptr z, double d, const fc_ctx *ctx) {
  (void)ctx;
  arb_set_d(fc_as_arb(z), d);
  if (arf_is_nan(arb_midref(fc_as_arb(z))))
    arb_indeterminate(fc_as_arb(z));
}
static void ball_set_mpfr(fc_ptr z, mpfr_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  fc_arb_set_mpfr(fc_as_arb(z), x);
}
static void ball_set_mpq(fc_ptr z, mpq_srcptr x, const fc_ctx *ctx) {
  fc_arb_set_mpq(fc_as_arb(z), x, ctx->precision);
}
static void ball_set_inf(fc_ptr z, int sign, const fc_ctx *ctx) {
  (void)ctx;
  if (sign > 0)
    arb_pos_inf(fc_as_arb(z));
  else
    arb_neg_inf(fc_as_arb(z));
}
static void ball_set_pi(fc_ptr z, const fc_ctx *ctx) {
  arb_const_pi(fc_as_arb(z), ctx->precision);
}
static void ball_set_interval(fc_ptr z, mpfr_srcptr low, mpfr_srcptr high,
                              const fc_ctx *ctx) {
  fc_arb_set_interval(fc_as_arb(z), low, high, ctx->precision);
}
static void ball_neg(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  arb_neg(fc_as_arb(z), fc_as_arb_src(x));
}

#define BALL_UNARY(name, function)                                             \
  static void ball_##name(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {          \
    function(fc_as_arb(z), fc_as_arb_src(x), ctx->precision);                  \
  }
BALL_UNARY(abs, fc_arb_abs)
BALL_UNARY(inv, arb_inv)
BALL_UNARY(sqr, fc_arb_sqr)
BALL_UNARY(sqrt, arb_sqrt)
BALL_UNARY(exp, arb_exp)
BALL_UNARY(expm1, arb_expm1)
BALL_UNARY(log, arb_log)
BALL_UNARY(log1p, arb_log1p)
BALL_UNARY(sin, arb_sin)
BALL_UNARY(cos, arb_cos)
BALL_UNARY(sin_pi, arb_sin_pi)
BALL_UNARY(cos_pi, arb_cos_pi)
BALL_UNARY(tan, arb_tan)
BALL_UNARY(atan, arb_atan)
BALL_UNARY(erf, arb_hypgeom_erf)
BALL_UNARY(erfc, arb_hypgeom_erfc)
BALL_UNARY(erfcx, fc_arb_erfcx)

#define BALL_BINARY(name, function)                                            \
  static void ball_##name(fc_ptr z, fc_srcptr x, fc_srcptr y,                  \
                          const fc_ctx *ctx) {                                 \
    function(fc_as_arb(z), fc_as_arb_src(x), fc_as_arb_src(y),                 \
             ctx->precision);                                                  \
  }
BALL_BINARY(add, arb_add)
BALL_BINARY(sub, arb_sub)
BALL_BINARY(mul, arb_mul)
BALL_BINARY(div, arb_div)
BALL_BINARY(pow, fc_arb_pow)
BALL_BINARY(min, fc_arb_min)
BALL_BINARY(max, fc_arb_max)
BALL_BINARY(hull, fc_arb_hull)
BALL_BINARY(addmul, arb_addmul)
BALL_BINARY(submul, arb_submul)

#define BALL_MIXED(name, function)                                             \
  static void ball_##name(fc_ptr z, fc_srcptr x, long n, const fc_ctx *ctx) {  \
    function(fc_as_arb(z), fc_as_arb_src(x), n, ctx->precision);               \
  }
BALL_MIXED(add_si, arb_add_si)
BALL_MIXED(mul_si, arb_mul_si)
BALL_MIXED(div_si, arb_div_si)
BALL_MIXED(pow_si, fc_arb_pow_si)

_Static_assert(sizeof(fc_num_struct) % sizeof(arb_struct) == 0,
               "arb_dot steps through fc_num by whole arb_structs");
static void ball_dot(fc_ptr z, fc_srcptr x, fc_srcptr y, long n,
                     const fc_ctx *ctx) {
  const slong step = sizeof(fc_num_struct) / sizeof(arb_struct);
  arb_dot(fc_as_arb(z), NULL, 0, fc_as_arb_src(x), step, fc_as_arb_src(y),
          -step, n, ctx->precision);
}

static void ball_mul_2exp_si(fc_ptr z, fc_srcptr x, long n, const fc_ctx *ctx) {
  (void)ctx;
  arb_mul_2exp_si(fc_as_arb(z), fc_as_arb_src(x), n);
}

/* FC_TRUE where the relation holds for all points, FC_FALSE where its opposite
 * does. */
#define BALL_ASK(name, relation, opposite)                                     \
  static fc_truth ball_##name(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {   \
    (void)ctx;                                                                 \
    if (relation(fc_as_arb_src(x), fc_as_arb_src(y)))                          \
      return FC_TRUE;                                                          \
    return opposite(fc_as_arb_src(x), fc_as_arb_src(y)) ? FC_FALSE             \
                                                        : FC_UNKNOWN;          \
  }
BALL_ASK(lt, arb_lt, arb_ge)
BALL_ASK(le, arb_le, arb_gt)
BALL_ASK(eq, arb_eq, arb_ne)

#define BALL_ASK_SIGN(name, relation, opposite)                                \
  static fc_truth ball_##name(fc_srcptr x, const fc_ctx *ctx) {                \
    (void)ctx;                                                                 \
    if (relation(fc_as_arb_src(x)))                                            \
      return FC_TRUE;                                                          \
    return opposite(fc_as_arb_src(x)) ? FC_FALSE : FC_UNKNOWN;                 \
  }
BALL_ASK_SIGN(is_zero, arb_is_zero, arb_is_nonzero)
BALL_ASK_SIGN(is_positive, arb_is_positive, arb_is_nonpositive)
BALL_ASK_SIGN(is_negative, arb_is_negative, arb_is_nonnegative)

static bool ball_is_finite(fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  return arb_is_finite(fc_as_arb_src(x)) != 0;
}
static int ball_cmp_mid(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  (void)ctx;
  return fc_arb_cmp_mid(fc_as_arb_src(x), fc_as_arb_src(y));
}
static double ball_get_d(fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  return arf_get_d(arb_midref(fc_as_arb_src(x)), ARF_RND_NEAR);
}
static void ball_get_mid(mpfr_ptr mid, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  fc_arb_get_mid(mid, fc_as_arb_src(x));
}
static void ball_get_rad(mpfr_ptr rad, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  fc_arb_get_rad(rad, fc_as_arb_src(x));
}
static void ball_get_enclosure(mpfr_ptr mid, mpfr_ptr rad, fc_srcptr x,
                               const fc_ctx *ctx) {
  (void)ctx;
  fc_arb_get_enclosure(mid, rad, fc_as_arb_src(x));
}

#define OP(name) .name = ball_##name
const fc_ops fc_ops_arb = {
#include "arith/ops_list.h"
};
