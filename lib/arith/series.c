/* FC_SERIES: storage, linear operations, questions, reading. */
#include <math.h>

#include "arith/series_private.h"

/* --- storage ------------------------------------------------------------ */

static void series_init(fc_ptr z, const fc_ctx *ctx) {
  z->as.pointer = fc_vec_new((size_t)ctx->length, ctx->base);
}
static void series_clear(fc_ptr z, const fc_ctx *ctx) {
  fc_vec_free(fc_coeffs(z), (size_t)ctx->length, ctx->base);
  z->as.pointer = NULL;
}

fc_ptr fc_series_coeff(fc_ptr x, long i) { return fc_coeffs(x) + i; }
fc_srcptr fc_series_coeff_src(fc_srcptr x, long i) {
  return fc_coeffs_src(x) + i;
}

static void series_set(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  if (fc_coeffs(z) != NULL && fc_coeffs_src(x) != NULL)
    fc_vec_set(fc_coeffs(z), fc_coeffs_src(x), (size_t)ctx->length, ctx->base);
}

/* The first coefficient of z, the others of which become zero; or NULL. */
static fc_ptr made_constant(fc_ptr z, const fc_ctx *ctx) {
  if (fc_coeffs(z) != NULL)
    fc_vec_zero(fc_coeffs(z) + 1, (size_t)ctx->length - 1, ctx->base);
  return fc_coeffs(z);
}

#define SERIES_SET(name, type)                                                 \
  static void series_##name(fc_ptr z, type value, const fc_ctx *ctx) {         \
    fc_ptr c = made_constant(z, ctx);                                          \
    if (c != NULL)                                                             \
      ctx->base->ops->name(c, value, ctx->base);                               \
  }
SERIES_SET(set_si, long)
SERIES_SET(set_d, double)
SERIES_SET(set_mpfr, mpfr_srcptr)
SERIES_SET(set_mpq, mpq_srcptr)
SERIES_SET(set_inf, int)

static void series_set_pi(fc_ptr z, const fc_ctx *ctx) {
  fc_ptr c = made_constant(z, ctx);
  if (c != NULL)
    fc_set_pi(c, ctx->base);
}

static void series_set_interval(fc_ptr z, mpfr_srcptr low, mpfr_srcptr high,
                                const fc_ctx *ctx) {
  fc_ptr c = made_constant(z, ctx);
  if (c != NULL)
    fc_set_interval(c, low, high, ctx->base);
}

void fc_series_set_linear(fc_ptr z, fc_srcptr x0, fc_srcptr slope,
                          const fc_ctx *ctx) {
  fc_ptr c = fc_coeffs(z);
  if (c == NULL)
    return;
  if (ctx->length > 1) /* first, should x0 be c[0] and slope too */
    fc_set(c + 1, slope, ctx->base);
  fc_set(c, x0, ctx->base);
  for (long i = 2; i < ctx->length; i++)
    fc_set_si(c + i, 0, ctx->base);
}

void fc_series_set_nan(fc_ptr z, const fc_ctx *ctx) {
  for (long i = 0; fc_coeffs(z) != NULL && i < ctx->length; i++)
    fc_set_d(fc_coeffs(z) + i, NAN, ctx->base);
}

/* --- coefficient by coefficient ---------------------------------------- */

#define SERIES_LINEAR_UNARY(name)                                              \
  static void series_##name(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {        \
    fc_ptr c = fc_coeffs(z);                                                   \
    fc_srcptr a = fc_coeffs_src(x);                                            \
    for (long i = 0; c != NULL && a != NULL && i < ctx->length; i++)           \
      fc_##name(c + i, a + i, ctx->base);                                      \
  }
#define SERIES_LINEAR_BINARY(name)                                             \
  static void series_##name(fc_ptr z, fc_srcptr x, fc_srcptr y,                \
                            const fc_ctx *ctx) {                               \
    fc_ptr c = fc_coeffs(z);                                                   \
    fc_srcptr a = fc_coeffs_src(x), b = fc_coeffs_src(y);                      \
    if (c == NULL || a == NULL || b == NULL)                                   \
      return;                                                                  \
    for (long i = 0; i < ctx->length; i++)                                     \
      fc_##name(c + i, a + i, b + i, ctx->base);                               \
  }
#define SERIES_LINEAR_MIXED(name)                                              \
  static void series_##name(fc_ptr z, fc_srcptr x, long n,                     \
                            const fc_ctx *ctx) {                               \
    fc_ptr c = fc_coeffs(z);                                                   \
    fc_srcptr a = fc_coeffs_src(x);                                            \
    for (long i = 0; c != NULL && a != NULL && i < ctx->length; i++)           \
      fc_##name(c + i, a + i, n, ctx->base);                                   \
  }
SERIES_LINEAR_UNARY(neg)
SERIES_LINEAR_BINARY(add)
SERIES_LINEAR_BINARY(sub)
SERIES_LINEAR_BINARY(hull)
SERIES_LINEAR_MIXED(mul_si)
SERIES_LINEAR_MIXED(div_si)
SERIES_LINEAR_MIXED(mul_2exp_si)

static void series_add_si(fc_ptr z, fc_srcptr x, long n, const fc_ctx *ctx) {
  series_set(z, x, ctx);
  if (fc_coeffs(z) != NULL)
    fc_add_si(fc_coeffs(z), fc_coeffs(z), n, ctx->base);
}

/* --- questions: about c_0 ---------------------------------------------- */

#define SERIES_ASK(name)                                                       \
  static fc_truth series_##name(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) { \
    fc_srcptr a = fc_coeffs_src(x), b = fc_coeffs_src(y);                      \
    return a != NULL && b != NULL ? fc_##name(a, b, ctx->base) : FC_UNKNOWN;   \
  }
#define SERIES_ASK_SIGN(name)                                                  \
  static fc_truth series_##name(fc_srcptr x, const fc_ctx *ctx) {              \
    fc_srcptr a = fc_coeffs_src(x);                                            \
    return a != NULL ? fc_##name(a, ctx->base) : FC_UNKNOWN;                   \
  }
SERIES_ASK(lt)
SERIES_ASK(le)
SERIES_ASK(eq)
SERIES_ASK_SIGN(is_zero)
SERIES_ASK_SIGN(is_positive)
SERIES_ASK_SIGN(is_negative)

static bool series_is_finite(fc_srcptr x, const fc_ctx *ctx) {
  fc_srcptr a = fc_coeffs_src(x);
  if (a == NULL)
    return false;
  for (long i = 0; i < ctx->length; i++)
    if (!fc_is_finite(a + i, ctx->base))
      return false;
  return true;
}
static int series_cmp_mid(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  fc_srcptr a = fc_coeffs_src(x), b = fc_coeffs_src(y);
  if (a == NULL || b == NULL)
    return (b == NULL) - (a == NULL);
  return fc_cmp_mid(a, b, ctx->base);
}

long fc_series_degree(fc_srcptr x, const fc_ctx *ctx) {
  long i = ctx->length - 1;
  while (i > 0 && fc_is_zero(fc_coeffs_src(x) + i, ctx->base) == FC_TRUE)
    i--;
  return i;
}

bool fc_series_is_constant(fc_srcptr x, const fc_ctx *ctx) {
  return fc_series_degree(x, ctx) == 0;
}

/* --- abs, min, max: a branch decided by c_0 ---------------------------- */

static void series_abs(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_srcptr a = fc_coeffs_src(x);
  if (a == NULL)
    return;
  if (fc_is_positive(a, ctx->base) == FC_TRUE) {
    series_set(z, x, ctx);
  } else if (fc_is_negative(a, ctx->base) == FC_TRUE) {
    series_neg(z, x, ctx);
  } else if (fc_series_is_constant(x, ctx)) {
    series_set(z, x, ctx);
    if (fc_coeffs(z) != NULL)
      fc_abs(fc_coeffs(z), fc_coeffs(z), ctx->base);
  } else {
    fc_series_set_nan(z, ctx);
  }
}

/* z = x where x_first is FC_TRUE, y where y_first is; where neither is, the
 * answer is known only for constants. */
static void
choose(fc_ptr z, fc_srcptr x, fc_srcptr y, fc_truth x_first, fc_truth y_first,
       void (*of_constants)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *),
       const fc_ctx *ctx) {
  if (fc_coeffs_src(x) == NULL || fc_coeffs_src(y) == NULL)
    return;
  if (x == y || x_first == FC_TRUE) {
    series_set(z, x, ctx);
  } else if (y_first == FC_TRUE) {
    series_set(z, y, ctx);
  } else if (fc_series_is_constant(x, ctx) && fc_series_is_constant(y, ctx) &&
             fc_coeffs(z) != NULL) {
    of_constants(fc_coeffs(z), fc_coeffs_src(x), fc_coeffs_src(y), ctx->base);
    made_constant(z, ctx);
  } else {
    fc_series_set_nan(z, ctx);
  }
}
static void series_min(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  choose(z, x, y, series_lt(x, y, ctx), series_lt(y, x, ctx),
         ctx->base->ops->min, ctx);
}
static void series_max(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  choose(z, x, y, series_lt(y, x, ctx), series_lt(x, y, ctx),
         ctx->base->ops->max, ctx);
}

/* --- reading: c_0 ------------------------------------------------------- */

static double series_get_d(fc_srcptr x, const fc_ctx *ctx) {
  fc_srcptr a = fc_coeffs_src(x);
  return a != NULL ? fc_get_d(a, ctx->base) : (double)NAN;
}
static void series_get_mid(mpfr_ptr mid, fc_srcptr x, const fc_ctx *ctx) {
  if (fc_coeffs_src(x) != NULL)
    fc_get_mid(mid, fc_coeffs_src(x), ctx->base);
  else
    mpfr_set_nan(mid);
}
static void series_get_rad(mpfr_ptr rad, fc_srcptr x, const fc_ctx *ctx) {
  if (fc_coeffs_src(x) != NULL)
    fc_get_rad(rad, fc_coeffs_src(x), ctx->base);
  else
    mpfr_set_inf(rad, 1);
}
static void series_get_enclosure(mpfr_ptr mid, mpfr_ptr rad, fc_srcptr x,
                                 const fc_ctx *ctx) {
  if (fc_coeffs_src(x) != NULL) {
    fc_get_enclosure(mid, rad, fc_coeffs_src(x), ctx->base);
  } else {
    mpfr_set_nan(mid);
    mpfr_set_inf(rad, 1);
  }
}

/* --- from the other files ----------------------------------------------- */

#define series_inv fc_series_inv
#define series_sqr fc_series_sqr
#define series_sqrt fc_series_sqrt
#define series_exp fc_series_exp
#define series_expm1 fc_series_expm1
#define series_log fc_series_log
#define series_log1p fc_series_log1p
#define series_sin fc_series_sin
#define series_cos fc_series_cos
#define series_sin_pi fc_series_sin_pi
#define series_cos_pi fc_series_cos_pi
#define series_tan fc_series_tan
#define series_atan fc_series_atan
#define series_erf fc_series_erf
#define series_erfc fc_series_erfc
#define series_erfcx fc_series_erfcx
#define series_mul fc_series_mul
#define series_div fc_series_div
#define series_pow fc_series_pow
#define series_addmul fc_series_addmul
#define series_submul fc_series_submul
#define series_pow_si fc_series_pow_si

/* Of vectors of series. */
static void series_dot(fc_ptr z, fc_srcptr x, fc_srcptr y, long n,
                       const fc_ctx *ctx) {
  series_set_si(z, 0, ctx);
  for (long i = 0; i < n; i++)
    fc_series_addmul(z, x + i, y - i, ctx);
}

#define OP(name) .name = series_##name
const fc_ops fc_ops_series = {
#include "arith/ops_list.h"
};
