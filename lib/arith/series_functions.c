/* FC_SERIES: elementary and error functions, from their differential
 * equations.  With d_j = j x_j, z' = g x' reads k z_k = Sum_{j=1}^{k} d_j
 * g_{k-j}. */
#include "arith/series_private.h"

/* d_j = j x_j: the coefficients of h x'; freed with fc_vec_free. */
static fc_ptr euler_derivative(fc_srcptr x, const fc_ctx *ctx) {
  fc_ptr d = fc_vec_new((size_t)ctx->length, ctx->base);
  for (long j = 1; d != NULL && j < ctx->length; j++)
    fc_mul_si(d + j, x + j, j, ctx->base);
  return d;
}

/* Highest j with d_j not exactly zero. */
static long top_of(fc_srcptr d, const fc_ctx *ctx) {
  long j = ctx->length - 1;
  while (j > 0 && fc_is_zero(d + j, ctx->base) == FC_TRUE)
    j--;
  return j;
}

/* z_k = (1/k) Sum_{j=1}^{min(k, top)} d_j g_{k-j} */
static void integrate_coefficient(fc_ptr z, fc_srcptr d, fc_srcptr g, long k,
                                  long top, const fc_ctx *base) {
  fc_series_dot(z + k, d, g, 1, k < top ? k : top, k, base);
  fc_div_si(z + k, z + k, k, base);
}

/* --- exponential and logarithm -------------------------------------------- */

/* z' = z x' */
static bool exp_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_ptr d = euler_derivative(x, ctx);
  if (d == NULL)
    return false;
  long top = top_of(d, ctx);
  fc_exp(z, x, ctx->base);
  for (long k = 1; k < ctx->length; k++)
    integrate_coefficient(z, d, z, k, top, ctx->base);
  fc_vec_free(d, (size_t)ctx->length, ctx->base);
  return true;
}
void fc_series_exp(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->exp, exp_kernel, ctx);
}

static bool expm1_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  bool done = exp_kernel(z, x, ctx);
  fc_expm1(z, x, ctx->base);
  return done;
}
void fc_series_expm1(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->expm1, expm1_kernel, ctx);
}

/* z_k for z' w = x': z_k = (x_k - (1/k) Sum_{j=1}^{k-1} j z_j w_{k-j}) / w_0,
 * k >= 1; e_j = j z_j on the way. */
static bool integrate_quotient(fc_ptr z, fc_srcptr x, fc_srcptr w,
                               const fc_ctx *ctx) {
  const fc_ctx *base = ctx->base;
  fc_ptr e = fc_vec_new((size_t)ctx->length, base);
  if (e == NULL)
    return false;
  fc_num s;
  fc_init(s, base);
  for (long k = 1; k < ctx->length; k++) {
    fc_series_dot(s, e, w, 1, k - 1, k, base);
    fc_div_si(s, s, k, base);
    fc_sub(s, x + k, s, base);
    fc_div(z + k, s, w, base);
    fc_mul_si(e + k, z + k, k, base);
  }
  fc_clear(s, base);
  fc_vec_free(e, (size_t)ctx->length, base);
  return true;
}

static bool log_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_log(z, x, ctx->base);
  return integrate_quotient(z, x, x, ctx);
}
void fc_series_log(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->log, log_kernel, ctx);
}

/* The series w = 1 + x or 1 + x^2 as a coefficient vector. */
static fc_ptr one_plus(fc_srcptr x, bool squared, const fc_ctx *ctx) {
  fc_ptr w = fc_vec_new((size_t)ctx->length, ctx->base);
  if (w == NULL)
    return NULL;
  for (long k = 0; k < ctx->length; k++) {
    if (squared)
      fc_series_dot(w + k, x, x, 0, k, k, ctx->base);
    else
      fc_set(w + k, x + k, ctx->base);
  }
  if (squared)
    fc_sqr(w, x, ctx->base);
  fc_add_si(w, w, 1, ctx->base);
  return w;
}

static bool log1p_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_ptr w = one_plus(x, false, ctx);
  fc_log1p(z, x, ctx->base);
  bool done = w != NULL && integrate_quotient(z, x, w, ctx);
  fc_vec_free(w, (size_t)ctx->length, ctx->base);
  return done;
}
void fc_series_log1p(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->log1p, log1p_kernel, ctx);
}

/* --- trigonometric -------------------------------------------------------- */

/* (1 + x^2) z' = x' */
static bool atan_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_ptr w = one_plus(x, true, ctx);
  fc_atan(z, x, ctx->base);
  bool done = w != NULL && integrate_quotient(z, x, w, ctx);
  fc_vec_free(w, (size_t)ctx->length, ctx->base);
  return done;
}
void fc_series_atan(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->atan, atan_kernel, ctx);
}

/* z' = (1 + z^2) x'; w = 1 + z^2 grows along. */
static bool tan_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  const fc_ctx *base = ctx->base;
  fc_ptr d = euler_derivative(x, ctx),
         w = fc_vec_new((size_t)ctx->length, base);
  if (d != NULL && w != NULL) {
    long top = top_of(d, ctx);
    fc_tan(z, x, base);
    fc_sqr(w, z, base);
    fc_add_si(w, w, 1, base);
    for (long k = 1; k < ctx->length; k++) {
      integrate_coefficient(z, d, w, k, top, base);
      fc_series_dot(w + k, z, z, 0, k, k, base);
    }
  }
  bool done = d != NULL && w != NULL;
  fc_vec_free(d, (size_t)ctx->length, base);
  fc_vec_free(w, (size_t)ctx->length, base);
  return done;
}
void fc_series_tan(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->tan, tan_kernel, ctx);
}

/* s' = c y', c' = -s y' with y = x, or y = pi x, from s_0 and c_0; d belongs to
 * y. */
static void sine_and_cosine(fc_ptr s, fc_ptr c, fc_srcptr d,
                            const fc_ctx *ctx) {
  long top = top_of(d, ctx);
  for (long k = 1; k < ctx->length; k++) {
    integrate_coefficient(s, d, c, k, top, ctx->base);
    integrate_coefficient(c, d, s, k, top, ctx->base);
    fc_neg(c + k, c + k, ctx->base);
  }
}

/* Which of the four functions a kernel delivers. */
typedef struct wave {
  bool wants_cosine;
  bool of_pi_x;
} wave;

static void multiply_by_pi(fc_ptr d, const fc_ctx *ctx) {
  fc_num pi;
  fc_init(pi, ctx->base);
  fc_set_pi(pi, ctx->base);
  for (long j = 1; j < ctx->length; j++)
    fc_mul(d + j, d + j, pi, ctx->base);
  fc_clear(pi, ctx->base);
}

static bool wave_kernel(fc_ptr z, fc_srcptr x, wave f, const fc_ctx *ctx) {
  const fc_ops *ops = ctx->base->ops;
  fc_ptr d = euler_derivative(x, ctx);
  fc_ptr other = fc_vec_new((size_t)ctx->length, ctx->base);
  bool done = d != NULL && other != NULL;
  if (done) {
    fc_ptr s = f.wants_cosine ? other : z, c = f.wants_cosine ? z : other;
    if (f.of_pi_x)
      multiply_by_pi(d, ctx);
    (f.of_pi_x ? ops->sin_pi : ops->sin)(s, x, ctx->base);
    (f.of_pi_x ? ops->cos_pi : ops->cos)(c, x, ctx->base);
    sine_and_cosine(s, c, d, ctx);
  }
  fc_vec_free(d, (size_t)ctx->length, ctx->base);
  fc_vec_free(other, (size_t)ctx->length, ctx->base);
  return done;
}

#define SERIES_WAVE(name, wants_cosine, of_pi_x)                               \
  static bool name##_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {        \
    return wave_kernel(z, x, (wave){wants_cosine, of_pi_x}, ctx);              \
  }                                                                            \
  void fc_series_##name(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {            \
    fc_series_apply(z, x, ctx->base->ops->name, name##_kernel, ctx);           \
  }
SERIES_WAVE(sin, false, false)
SERIES_WAVE(cos, true, false)
SERIES_WAVE(sin_pi, false, true)
SERIES_WAVE(cos_pi, true, true)

/* --- error functions ------------------------------------------------------ */

/* c = 2/sqrt(pi) */
static void two_over_sqrt_pi(fc_ptr c, const fc_ctx *base) {
  fc_set_pi(c, base);
  fc_sqrt(c, c, base);
  fc_inv(c, c, base);
  fc_mul_2exp_si(c, c, 1, base);
}

/* g = (2/sqrt(pi)) exp(-x^2) as a series number initialised by the caller */
static void gauss(fc_ptr g, fc_srcptr x, const fc_ctx *ctx) {
  fc_num c;
  for (long k = 0; k < ctx->length; k++) {
    fc_series_dot(fc_coeffs(g) + k, x, x, 0, k, k, ctx->base);
    fc_neg(fc_coeffs(g) + k, fc_coeffs(g) + k, ctx->base);
  }
  fc_series_exp(g, g, ctx);
  fc_init(c, ctx->base);
  two_over_sqrt_pi(c, ctx->base);
  for (long k = 0; k < ctx->length; k++)
    fc_mul(fc_coeffs(g) + k, fc_coeffs(g) + k, c, ctx->base);
  fc_clear(c, ctx->base);
}

/* The coefficients from h^1 on of z with z' = (2/sqrt(pi)) exp(-x^2) x' */
static bool integrate_gauss(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_num g;
  fc_ptr d = euler_derivative(x, ctx);
  fc_init(g, ctx);
  bool done = d != NULL && fc_coeffs(g) != NULL;
  if (done) {
    long top = top_of(d, ctx);
    gauss(g, x, ctx);
    for (long k = 1; k < ctx->length; k++)
      integrate_coefficient(z, d, fc_coeffs(g), k, top, ctx->base);
  }
  fc_clear(g, ctx);
  fc_vec_free(d, (size_t)ctx->length, ctx->base);
  return done;
}

static bool erf_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_erf(z, x, ctx->base);
  return integrate_gauss(z, x, ctx);
}
void fc_series_erf(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->erf, erf_kernel, ctx);
}

static bool erfc_kernel(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  bool done = integrate_gauss(z, x, ctx);
  for (long k = 1; k < ctx->length; k++)
    fc_neg(z + k, z + k, ctx->base);
  fc_erfc(z, x, ctx->base);
  return done;
}
void fc_series_erfc(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  fc_series_apply(z, x, ctx->base->ops->erfc, erfc_kernel, ctx);
}
