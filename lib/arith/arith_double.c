/* FC_DOUBLE: binary64 through libm. */
#include <float.h>
#include <math.h>

#include "arith/arith_private.h"
#include "arith/double_functions.h"

static void double_init(fc_ptr z, const fc_ctx *ctx) {
  (void)ctx;
  z->as.d = 0;
}
static void double_clear(fc_ptr z, const fc_ctx *ctx) {
  (void)z;
  (void)ctx;
}
static void double_set(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  z->as.d = x->as.d;
}
static void double_set_si(fc_ptr z, long n, const fc_ctx *ctx) {
  (void)ctx;
  z->as.d = (double)n;
}
static void double_set_d(fc_ptr z, double d, const fc_ctx *ctx) {
  (void)ctx;
  z->as.d = d;
}
static void double_set_mpfr(fc_ptr z, mpfr_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  z->as.d = mpfr_get_d(x, MPFR_RNDN);
}

/* To nearest in one rounding: first to odd with 64 bits, which survives the
 * second rounding even to a subnormal. */
static void double_set_mpq(fc_ptr z, mpq_srcptr x, const fc_ctx *ctx) {
  mpfr_t odd;
  (void)ctx;
  mpfr_init2(odd, 64);
  int inexact = mpfr_set_q(odd, x, MPFR_RNDZ);
  if (inexact != 0 && mpfr_min_prec(odd) < 64) {
    if (inexact < 0)
      mpfr_nextabove(odd);
    else
      mpfr_nextbelow(odd);
  }
  z->as.d = mpfr_get_d(odd, MPFR_RNDN);
  mpfr_clear(odd);
}
static void double_set_inf(fc_ptr z, int sign, const fc_ctx *ctx) {
  (void)ctx;
  z->as.d = sign > 0 ? INFINITY : -INFINITY;
}
static void double_set_pi(fc_ptr z, const fc_ctx *ctx) {
  (void)ctx;
  z->as.d = 0x1.921fb54442d18p+1;
}

static void double_set_interval(fc_ptr z, mpfr_srcptr low, mpfr_srcptr high,
                                const fc_ctx *ctx) {
  const double l = mpfr_get_d(low, MPFR_RNDN), h = mpfr_get_d(high, MPFR_RNDN);
  (void)ctx;
  z->as.d = mpfr_lessequal_p(low, high) ? l / 2 + h / 2 : (double)NAN;
}

#define DOUBLE_UNARY(name, value)                                              \
  static void double_##name(fc_ptr z, fc_srcptr u, const fc_ctx *ctx) {        \
    const double x = u->as.d;                                                  \
    (void)ctx;                                                                 \
    z->as.d = (value);                                                         \
  }
DOUBLE_UNARY(neg, -x)
DOUBLE_UNARY(abs, fabs(x))
DOUBLE_UNARY(inv, 1 / x)
DOUBLE_UNARY(sqr, x *x)
DOUBLE_UNARY(sqrt, sqrt(x))
DOUBLE_UNARY(exp, exp(x))
DOUBLE_UNARY(expm1, expm1(x))
DOUBLE_UNARY(log, log(x))
DOUBLE_UNARY(log1p, log1p(x))
DOUBLE_UNARY(sin, sin(x))
DOUBLE_UNARY(cos, cos(x))
DOUBLE_UNARY(sin_pi, fc_double_sin_pi(x))
DOUBLE_UNARY(cos_pi, fc_double_cos_pi(x))
DOUBLE_UNARY(tan, tan(x))
DOUBLE_UNARY(atan, atan(x))
DOUBLE_UNARY(erf, erf(x))
DOUBLE_UNARY(erfc, erfc(x))
DOUBLE_UNARY(erfcx, fc_double_erfcx(x))

#define DOUBLE_BINARY(name, value)                                             \
  static void double_##name(fc_ptr z, fc_srcptr u, fc_srcptr v,                \
                            const fc_ctx *ctx) {                               \
    const double x = u->as.d, y = v->as.d;                                     \
    (void)ctx;                                                                 \
    z->as.d = (value);                                                         \
  }
DOUBLE_BINARY(add, x + y)
DOUBLE_BINARY(sub, x - y)
DOUBLE_BINARY(mul, x *y)
DOUBLE_BINARY(div, x / y)
DOUBLE_BINARY(pow, pow(x, y))
/* A NaN must not be swallowed, as fmin and fmax do. */
DOUBLE_BINARY(min, isnan(x) || x < y ? x : y)
DOUBLE_BINARY(max, isnan(x) || x > y ? x : y)
DOUBLE_BINARY(hull, x / 2 + y / 2)
DOUBLE_BINARY(addmul, fma(x, y, z->as.d))
DOUBLE_BINARY(submul, fma(-x, y, z->as.d))

#define DOUBLE_MIXED(name, value)                                              \
  static void double_##name(fc_ptr z, fc_srcptr u, long n,                     \
                            const fc_ctx *ctx) {                               \
    const double x = u->as.d;                                                  \
    (void)ctx;                                                                 \
    z->as.d = (value);                                                         \
  }
DOUBLE_MIXED(add_si, x + (double)n)
DOUBLE_MIXED(mul_si, x *(double)n)
DOUBLE_MIXED(div_si, x / (double)n)
DOUBLE_MIXED(mul_2exp_si, scalbln(x, n))
DOUBLE_MIXED(pow_si, fc_double_pow_si(x, n))

#define DOUBLE_ASK(name, relation)                                             \
  static fc_truth double_##name(fc_srcptr u, fc_srcptr v, const fc_ctx *ctx) { \
    const double x = u->as.d, y = v->as.d;                                     \
    (void)ctx;                                                                 \
    return isunordered(x, y) ? FC_UNKNOWN : fc_truth_of(relation);             \
  }
DOUBLE_ASK(lt, x < y)
DOUBLE_ASK(le, x <= y)
DOUBLE_ASK(eq, x == y)

#define DOUBLE_ASK_SIGN(name, relation)                                        \
  static fc_truth double_##name(fc_srcptr u, const fc_ctx *ctx) {              \
    const double x = u->as.d;                                                  \
    (void)ctx;                                                                 \
    return isnan(x) ? FC_UNKNOWN : fc_truth_of(relation);                      \
  }
DOUBLE_ASK_SIGN(is_zero, x == 0)
DOUBLE_ASK_SIGN(is_positive, x > 0)
DOUBLE_ASK_SIGN(is_negative, x < 0)

static bool double_is_finite(fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  return isfinite(x->as.d);
}
static int double_cmp_mid(fc_srcptr u, fc_srcptr v, const fc_ctx *ctx) {
  const double x = u->as.d, y = v->as.d;
  (void)ctx;
  if (isnan(x) || isnan(y))
    return (int)!isnan(x) - (int)!isnan(y);
  return (x > y) - (x < y);
}
static double double_get_d(fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  return x->as.d;
}
static void double_get_mid(mpfr_ptr mid, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  mpfr_set_d(mid, x->as.d, MPFR_RNDN);
}
static void double_get_rad(mpfr_ptr rad, fc_srcptr x, const fc_ctx *ctx) {
  (void)x;
  (void)ctx;
  mpfr_set_nan(rad);
}
static void double_get_enclosure(mpfr_ptr mid, mpfr_ptr rad, fc_srcptr x,
                                 const fc_ctx *ctx) {
  double_get_mid(mid, x, ctx);
  double_get_rad(rad, x, ctx);
}

static void double_dot(fc_ptr z, fc_srcptr x, fc_srcptr y, long n,
                       const fc_ctx *ctx) {
  double sum = 0;
  (void)ctx;
  for (long i = 0; i < n; i++)
    sum += x[i].as.d * y[-i].as.d;
  z->as.d = sum;
}

#define OP(name) .name = double_##name
const fc_ops fc_ops_double = {
#include "arith/ops_list.h"
};
