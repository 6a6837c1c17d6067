/* FC_ACB: complex balls.
 *
 * An operand whose imaginary part is exactly zero stands for a real number and
 * goes through the real function.  Otherwise the result is an enclosure over
 * which the function is holomorphic, or indeterminate where the operand touches
 * a branch cut: what rigorous quadrature needs.  abs, min and max continue
 * holomorphically from the real axis where the real parts decide the branch. */
#include "arith/arb_compat.h"

#define PRECISION ctx->precision

static void complex_init(fc_ptr z, const fc_ctx *ctx) {
  (void)ctx;
  acb_init(fc_as_acb(z));
}
static void complex_clear(fc_ptr z, const fc_ctx *ctx) {
  (void)ctx;
  acb_clear(fc_as_acb(z));
}
static void complex_set(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  acb_set(fc_as_acb(z), fc_as_acb_src(x));
}

/* The real part of z, the imaginary part of which becomes zero. */
static arb_ptr made_real(fc_ptr z) {
  arb_zero(acb_imagref(fc_as_acb(z)));
  return acb_realref(fc_as_acb(z));
}
static void complex_set_si(fc_ptr z, long n, const fc_ctx *ctx) {
  (void)ctx;
  arb_set_si(made_real(z), n);
}
static void complex_set_d(fc_ptr z, double d, const fc_ctx *ctx) {
  (void)ctx;
  arb_ptr real = made_real(z);
  arb_set_d(real, d);
  if (arf_is_nan(arb_midref(real)))
    arb_indeterminate(real);
}
static void complex_set_mpfr(fc_ptr z, mpfr_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  fc_arb_set_mpfr(made_real(z), x);
}
static void complex_set_mpq(fc_ptr z, mpq_srcptr x, const fc_ctx *ctx) {
  fc_arb_set_mpq(made_real(z), x, PRECISION);
}
static void complex_set_inf(fc_ptr z, int sign, const fc_ctx *ctx) {
  (void)ctx;
  if (sign > 0)
    arb_pos_inf(made_real(z));
  else
    arb_neg_inf(made_real(z));
}
static void complex_set_pi(fc_ptr z, const fc_ctx *ctx) {
  arb_const_pi(made_real(z), PRECISION);
}
static void complex_set_interval(fc_ptr z, mpfr_srcptr low, mpfr_srcptr high,
                                 const fc_ctx *ctx) {
  fc_arb_set_interval(made_real(z), low, high, PRECISION);
}
static void complex_neg(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  acb_neg(fc_as_acb(z), fc_as_acb_src(x));
}

static bool is_real(fc_srcptr x) {
  return arb_is_zero(acb_imagref(fc_as_acb_src(x))) != 0;
}

/* Real operand: the real function; otherwise the complex one. */
#define COMPLEX_UNARY(name, real_function, complex_function)                   \
  static void complex_##name(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {       \
    if (is_real(x)) {                                                          \
      real_function(acb_realref(fc_as_acb(z)), acb_realref(fc_as_acb_src(x)),  \
                    PRECISION);                                                \
      arb_zero(acb_imagref(fc_as_acb(z)));                                     \
    } else {                                                                   \
      complex_function(fc_as_acb(z), fc_as_acb_src(x), PRECISION);             \
    }                                                                          \
  }

static void analytic_abs(acb_t z, const acb_t x, slong prec) {
  acb_real_abs(z, x, 1, prec);
}
static void analytic_sqrt(acb_t z, const acb_t x, slong prec) {
  acb_sqrt_analytic(z, x, 1, prec);
}
static void analytic_log(acb_t z, const acb_t x, slong prec) {
  acb_log_analytic(z, x, 1, prec);
}

/* Does x meet the half line (-oo, end]? */
static bool meets_cut(const acb_t x, slong end) {
  arb_t rest;
  arb_init(rest);
  arb_sub_si(rest, acb_realref(x), end, MAG_BITS);
  bool meets = arb_contains_zero(acb_imagref(x)) && !arb_is_positive(rest);
  arb_clear(rest);
  return meets;
}
static void analytic_log1p(acb_t z, const acb_t x, slong prec) {
  if (meets_cut(x, -1))
    acb_indeterminate(z);
  else
    acb_log1p(z, x, prec);
}

/* The cuts are on the imaginary axis from i and -i outward: -z^2 - 1 >= 0. */
static void analytic_atan(acb_t z, const acb_t x, slong prec) {
  acb_t square;
  acb_init(square);
  acb_mul(square, x, x, prec);
  if (meets_cut(square, -1))
    acb_indeterminate(z);
  else
    acb_atan(z, x, prec);
  acb_clear(square);
}
static void complex_square(acb_t z, const acb_t x, slong prec) {
  acb_mul(z, x, x, prec);
}

COMPLEX_UNARY(abs, fc_arb_abs, analytic_abs)
COMPLEX_UNARY(inv, arb_inv, acb_inv)
COMPLEX_UNARY(sqr, fc_arb_sqr, complex_square)
COMPLEX_UNARY(sqrt, arb_sqrt, analytic_sqrt)
COMPLEX_UNARY(exp, arb_exp, acb_exp)
COMPLEX_UNARY(expm1, arb_expm1, acb_expm1)
COMPLEX_UNARY(log, arb_log, analytic_log)
COMPLEX_UNARY(log1p, arb_log1p, analytic_log1p)
COMPLEX_UNARY(sin, arb_sin, acb_sin)
COMPLEX_UNARY(cos, arb_cos, acb_cos)
COMPLEX_UNARY(sin_pi, arb_sin_pi, acb_sin_pi)
COMPLEX_UNARY(cos_pi, arb_cos_pi, acb_cos_pi)
COMPLEX_UNARY(tan, arb_tan, acb_tan)
COMPLEX_UNARY(atan, arb_atan, analytic_atan)
COMPLEX_UNARY(erf, arb_hypgeom_erf, acb_hypgeom_erf)
COMPLEX_UNARY(erfc, arb_hypgeom_erfc, acb_hypgeom_erfc)
COMPLEX_UNARY(erfcx, fc_arb_erfcx, fc_acb_erfcx)

/* Real operands: the real function; otherwise the complex one. */
#define COMPLEX_BINARY(name, real_function, complex_function)                  \
  static void complex_##name(fc_ptr z, fc_srcptr x, fc_srcptr y,               \
                             const fc_ctx *ctx) {                              \
    if (is_real(x) && is_real(y)) {                                            \
      real_function(acb_realref(fc_as_acb(z)), acb_realref(fc_as_acb_src(x)),  \
                    acb_realref(fc_as_acb_src(y)), PRECISION);                 \
      arb_zero(acb_imagref(fc_as_acb(z)));                                     \
    } else {                                                                   \
      complex_function(fc_as_acb(z), fc_as_acb_src(x), fc_as_acb_src(y),       \
                       PRECISION);                                             \
    }                                                                          \
  }

static void analytic_min(acb_t z, const acb_t x, const acb_t y, slong prec) {
  acb_real_min(z, x, y, 1, prec);
}
static void analytic_max(acb_t z, const acb_t x, const acb_t y, slong prec) {
  acb_real_max(z, x, y, 1, prec);
}
static void analytic_pow(acb_t z, const acb_t x, const acb_t y, slong prec) {
  acb_pow_analytic(z, x, y, 1, prec);
}

COMPLEX_BINARY(add, arb_add, acb_add)
COMPLEX_BINARY(sub, arb_sub, acb_sub)
COMPLEX_BINARY(mul, arb_mul, acb_mul)
COMPLEX_BINARY(div, arb_div, acb_div)
COMPLEX_BINARY(pow, fc_arb_pow, analytic_pow)
COMPLEX_BINARY(min, fc_arb_min, analytic_min)
COMPLEX_BINARY(max, fc_arb_max, analytic_max)

static void complex_hull(fc_ptr z, fc_srcptr x, fc_srcptr y,
                         const fc_ctx *ctx) {
  acb_srcptr u = fc_as_acb_src(x), v = fc_as_acb_src(y);
  fc_arb_hull(acb_realref(fc_as_acb(z)), acb_realref(u), acb_realref(v),
              PRECISION);
  fc_arb_hull(acb_imagref(fc_as_acb(z)), acb_imagref(u), acb_imagref(v),
              PRECISION);
}
_Static_assert(sizeof(fc_num_struct) == sizeof(acb_struct),
               "acb_dot steps through fc_num by whole acb_structs");
static void complex_dot(fc_ptr z, fc_srcptr x, fc_srcptr y, long n,
                        const fc_ctx *ctx) {
  acb_dot(fc_as_acb(z), NULL, 0, fc_as_acb_src(x), 1, fc_as_acb_src(y), -1, n,
          PRECISION);
}
static void complex_addmul(fc_ptr z, fc_srcptr x, fc_srcptr y,
                           const fc_ctx *ctx) {
  acb_addmul(fc_as_acb(z), fc_as_acb_src(x), fc_as_acb_src(y), PRECISION);
}
static void complex_submul(fc_ptr z, fc_srcptr x, fc_srcptr y,
                           const fc_ctx *ctx) {
  acb_submul(fc_as_acb(z), fc_as_acb_src(x), fc_as_acb_src(y), PRECISION);
}

#define COMPLEX_MIXED(name, function)                                          \
  static void complex_##name(fc_ptr z, fc_srcptr x, long n,                    \
                             const fc_ctx *ctx) {                              \
    function(fc_as_acb(z), fc_as_acb_src(x), n, PRECISION);                    \
  }
COMPLEX_MIXED(add_si, acb_add_si)
COMPLEX_MIXED(mul_si, acb_mul_si)
COMPLEX_MIXED(div_si, acb_div_si)

static void complex_mul_2exp_si(fc_ptr z, fc_srcptr x, long n,
                                const fc_ctx *ctx) {
  (void)ctx;
  acb_mul_2exp_si(fc_as_acb(z), fc_as_acb_src(x), n);
}
static void complex_pow_si(fc_ptr z, fc_srcptr x, long n, const fc_ctx *ctx) {
  if (is_real(x)) {
    fc_arb_pow_si(acb_realref(fc_as_acb(z)), acb_realref(fc_as_acb_src(x)), n,
                  PRECISION);
    arb_zero(acb_imagref(fc_as_acb(z)));
  } else {
    acb_pow_si(fc_as_acb(z), fc_as_acb_src(x), n, PRECISION);
  }
}

static fc_truth no_order(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  (void)x;
  (void)y;
  (void)ctx;
  return FC_UNKNOWN;
}
static fc_truth no_sign(fc_srcptr x, const fc_ctx *ctx) {
  (void)x;
  (void)ctx;
  return FC_UNKNOWN;
}
#define complex_lt no_order
#define complex_le no_order
#define complex_is_positive no_sign
#define complex_is_negative no_sign

static fc_truth complex_eq(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  (void)ctx;
  if (acb_eq(fc_as_acb_src(x), fc_as_acb_src(y)))
    return FC_TRUE;
  return acb_ne(fc_as_acb_src(x), fc_as_acb_src(y)) ? FC_FALSE : FC_UNKNOWN;
}
static fc_truth complex_is_zero(fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  if (acb_is_zero(fc_as_acb_src(x)))
    return FC_TRUE;
  return acb_contains_zero(fc_as_acb_src(x)) ? FC_UNKNOWN : FC_FALSE;
}
static bool complex_is_finite(fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  return acb_is_finite(fc_as_acb_src(x)) != 0;
}

/* Reading: the real part. */
static int complex_cmp_mid(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  (void)ctx;
  return fc_arb_cmp_mid(acb_realref(fc_as_acb_src(x)),
                        acb_realref(fc_as_acb_src(y)));
}
static double complex_get_d(fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  return arf_get_d(arb_midref(acb_realref(fc_as_acb_src(x))), ARF_RND_NEAR);
}
static void complex_get_mid(mpfr_ptr mid, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  fc_arb_get_mid(mid, acb_realref(fc_as_acb_src(x)));
}
static void complex_get_rad(mpfr_ptr rad, fc_srcptr x, const fc_ctx *ctx) {
  (void)ctx;
  fc_arb_get_rad(rad, acb_realref(fc_as_acb_src(x)));
}
static void complex_get_enclosure(mpfr_ptr mid, mpfr_ptr rad, fc_srcptr x,
                                  const fc_ctx *ctx) {
  (void)ctx;
  fc_arb_get_enclosure(mid, rad, acb_realref(fc_as_acb_src(x)));
}

#define OP(name) .name = complex_##name
const fc_ops fc_ops_acb = {
#include "arith/ops_list.h"
};
