/* FC_MPFR: each operation is MPFR's, correctly rounded to nearest. */
#include "arith/arith_private.h"

/* Beyond this binary exponent sin, cos and tan would need that many bits of
 * pi: a resource limit, answered with NaN. */
#define MAX_TRIGONOMETRIC_EXPONENT (1L << 18)

static void num_init(fc_ptr z, const fc_ctx *ctx) {
  mpfr_init2(z->as.mpfr, ctx->precision);
  mpfr_set_zero(z->as.mpfr, 1);
}
static void num_clear(fc_ptr z, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_clear(z->as.mpfr);
}
static void num_set(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_set(z->as.mpfr, x->as.mpfr, MPFR_RNDN);
}
static void num_set_si(fc_ptr z, long n, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_set_si(z->as.mpfr, n, MPFR_RNDN);
}
static void num_set_d(fc_ptr z, double d, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_set_d(z->as.mpfr, d, MPFR_RNDN);
}
static void num_set_mpfr(fc_ptr z, mpfr_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_set(z->as.mpfr, x, MPFR_RNDN);
}
static void num_set_mpq(fc_ptr z, mpq_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_set_q(z->as.mpfr, x, MPFR_RNDN);
}
static void num_set_inf(fc_ptr z, int sign, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_set_inf(z->as.mpfr, sign > 0 ? 1 : -1);
}
static void num_set_pi(fc_ptr z, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_const_pi(z->as.mpfr, MPFR_RNDN);
}

/* z = (x + y)/2 */
static void mean(mpfr_ptr z, mpfr_srcptr x, mpfr_srcptr y) {
  mpfr_add(z, x, y, MPFR_RNDN);
  mpfr_div_2ui(z, z, 1, MPFR_RNDN);
}
static void num_set_interval(fc_ptr z, mpfr_srcptr low, mpfr_srcptr high,
                             const fc_ctx *ctx) {
  (void)ctx;
  if (mpfr_lessequal_p(low, high))
    mean(z->as.mpfr, low, high);
  else
    mpfr_set_nan(z->as.mpfr);
}
static void num_hull(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  (void)ctx;
  mean(z->as.mpfr, x->as.mpfr, y->as.mpfr);
}

#define NUM_UNARY(name, function)                                              \
  static void num_##name(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {           \
    (void)ctx;                                                                 \
    function(z->as.mpfr, x->as.mpfr, MPFR_RNDN);                               \
  }
NUM_UNARY(neg, mpfr_neg)
NUM_UNARY(abs, mpfr_abs)
NUM_UNARY(sqr, mpfr_sqr)
NUM_UNARY(sqrt, mpfr_sqrt)
NUM_UNARY(exp, mpfr_exp)
NUM_UNARY(expm1, mpfr_expm1)
NUM_UNARY(log, mpfr_log)
NUM_UNARY(log1p, mpfr_log1p)
NUM_UNARY(sin_pi, mpfr_sinpi)
NUM_UNARY(cos_pi, mpfr_cospi)
NUM_UNARY(atan, mpfr_atan)
NUM_UNARY(erf, mpfr_erf)

static bool needs_too_much_pi(mpfr_srcptr x) {
  return mpfr_regular_p(x) && mpfr_get_exp(x) > MAX_TRIGONOMETRIC_EXPONENT;
}

#define NUM_TRIGONOMETRIC(name, function)                                      \
  static void num_##name(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {           \
    (void)ctx;                                                                 \
    if (needs_too_much_pi(x->as.mpfr))                                         \
      mpfr_set_nan(z->as.mpfr);                                                \
    else                                                                       \
      function(z->as.mpfr, x->as.mpfr, MPFR_RNDN);                             \
  }
NUM_TRIGONOMETRIC(sin, mpfr_sin)
NUM_TRIGONOMETRIC(cos, mpfr_cos)
NUM_TRIGONOMETRIC(tan, mpfr_tan)

static void num_inv(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_ui_div(z->as.mpfr, 1, x->as.mpfr, MPFR_RNDN);
}
static void num_erfc(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  fc_mpfr_erfc(z->as.mpfr, x->as.mpfr);
}
static void num_erfcx(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  fc_mpfr_erfcx(z->as.mpfr, x->as.mpfr);
}

#define NUM_BINARY(name, function)                                             \
  static void num_##name(fc_ptr z, fc_srcptr x, fc_srcptr y,                   \
                         const fc_ctx *ctx) {                                  \
    (void)ctx;                                                                 \
    function(z->as.mpfr, x->as.mpfr, y->as.mpfr, MPFR_RNDN);                   \
  }
NUM_BINARY(add, mpfr_add)
NUM_BINARY(sub, mpfr_sub)
NUM_BINARY(mul, mpfr_mul)
NUM_BINARY(div, mpfr_div)
NUM_BINARY(pow, mpfr_pow)

/* A NaN must not be swallowed, as mpfr_min and mpfr_max do. */
#define NUM_EXTREMUM(name, function)                                           \
  static void num_##name(fc_ptr z, fc_srcptr x, fc_srcptr y,                   \
                         const fc_ctx *ctx) {                                  \
    (void)ctx;                                                                 \
    if (mpfr_unordered_p(x->as.mpfr, y->as.mpfr))                              \
      mpfr_set_nan(z->as.mpfr);                                                \
    else                                                                       \
      function(z->as.mpfr, x->as.mpfr, y->as.mpfr, MPFR_RNDN);                 \
  }
NUM_EXTREMUM(min, mpfr_min)
NUM_EXTREMUM(max, mpfr_max)

static void num_addmul(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_fma(z->as.mpfr, x->as.mpfr, y->as.mpfr, z->as.mpfr, MPFR_RNDN);
}
static void num_submul(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_fms(z->as.mpfr, x->as.mpfr, y->as.mpfr, z->as.mpfr, MPFR_RNDN);
  mpfr_neg(z->as.mpfr, z->as.mpfr, MPFR_RNDN);
}

#define NUM_MIXED(name, function)                                              \
  static void num_##name(fc_ptr z, fc_srcptr x, long n, const fc_ctx *ctx) {   \
    (void)ctx;                                                                 \
    function(z->as.mpfr, x->as.mpfr, n, MPFR_RNDN);                            \
  }
NUM_MIXED(add_si, mpfr_add_si)
NUM_MIXED(mul_si, mpfr_mul_si)
NUM_MIXED(div_si, mpfr_div_si)
NUM_MIXED(mul_2exp_si, mpfr_mul_2si)
NUM_MIXED(pow_si, mpfr_pow_si)

#define NUM_ASK(name, function)                                                \
  static fc_truth num_##name(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {    \
    (void)ctx;                                                                 \
    if (mpfr_unordered_p(x->as.mpfr, y->as.mpfr))                              \
      return FC_UNKNOWN;                                                       \
    return fc_truth_of(function(x->as.mpfr, y->as.mpfr));                      \
  }
NUM_ASK(lt, mpfr_less_p)
NUM_ASK(le, mpfr_lessequal_p)
NUM_ASK(eq, mpfr_equal_p)

#define NUM_ASK_SIGN(name, relation)                                           \
  static fc_truth num_##name(fc_srcptr x, const fc_ctx *ctx) {                 \
    (void)ctx;                                                                 \
    if (mpfr_nan_p(x->as.mpfr))                                                \
      return FC_UNKNOWN;                                                       \
    return fc_truth_of(mpfr_sgn(x->as.mpfr) relation);                         \
  }
NUM_ASK_SIGN(is_zero, == 0)
NUM_ASK_SIGN(is_positive, > 0)
NUM_ASK_SIGN(is_negative, < 0)

static bool num_is_finite(fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  return mpfr_number_p(x->as.mpfr) != 0;
}
static int num_cmp_mid(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  (void)ctx;
  if (mpfr_unordered_p(x->as.mpfr, y->as.mpfr))
    return (mpfr_nan_p(y->as.mpfr) != 0) - (mpfr_nan_p(x->as.mpfr) != 0);
  int order = mpfr_cmp(x->as.mpfr, y->as.mpfr);
  return (order > 0) - (order < 0);
}
static double num_get_d(fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  return mpfr_get_d(x->as.mpfr, MPFR_RNDN);
}
static void num_get_mid(mpfr_ptr mid, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_set(mid, x->as.mpfr, MPFR_RNDN);
}
static void num_get_rad(mpfr_ptr rad, fc_srcptr x, const fc_ctx *ctx) {
  (void)x;
  (void)ctx;
  mpfr_set_nan(rad);
}
static void num_get_enclosure(mpfr_ptr mid, mpfr_ptr rad, fc_srcptr x,
                              const fc_ctx *ctx) {
  num_get_mid(mid, x, ctx);
  num_get_rad(rad, x, ctx);
}

#define num_dot fc_mpfr_dot

#define OP(name) .name = num_##name
const fc_ops fc_ops_mpfr = {
#include "arith/ops_list.h"
};
