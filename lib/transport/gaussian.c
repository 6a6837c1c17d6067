#include "transport/gaussian.h"

#include <math.h>

#include "matrix/matrix.h"
#include "transport/means.h"
#include "transport/value.h"

enum { ROUNDS = 7 };

/* The two laws in a working context. */
typedef struct pair {
  size_t d;
  const fc_ctx *ctx; /* MPFR or Arb */
  fc_ptr means[2];
  fc_ptr covariances[2];
  fc_ptr root;    /* L */
  fc_ptr product; /* L^T S_2 L */
  fc_ptr scratch;
  fc_ptr values; /* its eigenvalues */
} pair;

static void pair_clear(pair *p) {
  size_t d = p->d;
  for (int s = 0; s < 2; s++) {
    fc_vec_free(p->means[s], d, p->ctx);
    fc_vec_free(p->covariances[s], d * d, p->ctx);
  }
  fc_vec_free(p->root, d * d, p->ctx);
  fc_vec_free(p->product, d * d, p->ctx);
  fc_vec_free(p->scratch, d * d, p->ctx);
  fc_vec_free(p->values, d, p->ctx);
}

static bool pair_init(pair *p, size_t d, const fc_ctx *ctx) {
  *p = (pair){.d = d, .ctx = ctx};
  bool fine = true;
  for (int s = 0; s < 2; s++) {
    p->means[s] = fc_vec_new(d, ctx);
    p->covariances[s] = fc_vec_new(d * d, ctx);
    fine = fine && p->means[s] && p->covariances[s];
  }
  p->root = fc_vec_new(d * d, ctx);
  p->product = fc_vec_new(d * d, ctx);
  p->scratch = fc_vec_new(d * d, ctx);
  p->values = fc_vec_new(d, ctx);
  fine = fine && p->root && p->product && p->scratch && p->values;
  if (!fine)
    pair_clear(p);
  return fine;
}

static void load(pair *p, int s, fc_srcptr mean, fc_srcptr covariance,
                 const fc_ctx *from) {
  size_t d = p->d;
  for (size_t i = 0; i < d; i++) {
    fc_convert(p->means[s] + i, p->ctx, mean + i, from);
    for (size_t j = 0; j <= i; j++) {
      fc_ptr entry = p->covariances[s] + i * d + j;
      fc_convert(entry, p->ctx, covariance + i * d + j, from);
      fc_set(p->covariances[s] + j * d + i, entry, p->ctx);
    }
  }
}

static bool is_diagonal(const pair *p, int s) {
  for (size_t i = 0; i < p->d; i++)
    for (size_t j = 0; j < i; j++)
      if (fc_is_zero(p->covariances[s] + i * p->d + j, p->ctx) != FC_TRUE)
        return false;
  return true;
}

/* Certainly one covariance. */
static bool is_common(const pair *p) {
  for (size_t i = 0; i < p->d * p->d; i++) {
    fc_sub(p->values, p->covariances[0] + i, p->covariances[1] + i, p->ctx);
    if (fc_is_zero(p->values, p->ctx) != FC_TRUE)
      return false;
  }
  return true;
}

/* z = the root of a number that is not negative, though its ball may reach
 * below 0.  FC_DOMAIN where it is certainly negative. */
static fc_status root(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  mpfr_t low, high, rad;
  mpfr_inits2(ctx->precision + 8, low, high, rad, (mpfr_ptr)0);
  fc_get_enclosure(low, rad, x, ctx);
  if (mpfr_nan_p(rad))
    mpfr_set_zero(rad, 1); /* no balls */
  mpfr_add(high, low, rad, MPFR_RNDU);
  mpfr_sub(low, low, rad, MPFR_RNDD);
  /* eigenvalues in MPFR may come out a little below 0 */
  bool negative = ctx->kind == FC_ARB && mpfr_sgn(high) < 0;
  if (mpfr_sgn(low) < 0)
    mpfr_set_zero(low, 1);
  if (mpfr_sgn(high) < 0)
    mpfr_set_zero(high, 1);
  mpfr_sqrt(low, low, MPFR_RNDD);
  mpfr_sqrt(high, high, MPFR_RNDU);
  fc_set_interval(z, low, high, ctx);
  mpfr_clears(low, high, rad, (mpfr_ptr)0);
  return negative || !fc_is_finite(z, ctx) ? FC_DOMAIN : FC_OK;
}

/* --- the part of the covariances ------------------------------------------
 */

/* They commute: Sum (sqrt s_1i - sqrt s_2i)^2. */
static fc_status diagonal_part(fc_ptr z, pair *p) {
  fc_status status = FC_OK;
  fc_ptr a = p->scratch, b = p->values;
  for (size_t i = 0; i < p->d && status == FC_OK; i++) {
    size_t at = i * p->d + i;
    status = root(a, p->covariances[0] + at, p->ctx);
    if (status == FC_OK)
      status = root(b, p->covariances[1] + at, p->ctx);
    fc_sub(a, a, b, p->ctx);
    fc_sqr(a, a, p->ctx);
    fc_add(z, z, a, p->ctx);
  }
  return status;
}

/* product = L^T S_2 L */
static void multiply(pair *p) {
  size_t d = p->d;
  fc_vec_zero(p->scratch, d * d, p->ctx);
  fc_vec_zero(p->product, d * d, p->ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      for (size_t k = j; k < d; k++)
        fc_addmul(p->scratch + i * d + j, p->covariances[1] + i * d + k,
                  p->root + k * d + j, p->ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j <= i; j++)
      for (size_t k = i; k < d; k++)
        fc_addmul(p->product + i * d + j, p->root + k * d + i,
                  p->scratch + k * d + j, p->ctx);
}

/* shift = 2^(-precision/2) (tr S_1 + tr S_2) is added to S_1. */
static void regularise(fc_ptr shift, pair *p) {
  size_t d = p->d;
  fc_set_si(shift, 0, p->ctx);
  for (size_t i = 0; i < d; i++) {
    fc_add(shift, shift, p->covariances[0] + i * d + i, p->ctx);
    fc_add(shift, shift, p->covariances[1] + i * d + i, p->ctx);
  }
  fc_mul_2exp_si(shift, shift, -p->ctx->precision / 2, p->ctx);
  for (size_t i = 0; i < d; i++) {
    fc_ptr entry = p->covariances[0] + i * d + i;
    fc_add(entry, entry, shift, p->ctx);
  }
}

static fc_status full_part(fc_ptr z, fc_ptr shift, pair *p) {
  size_t d = p->d;
  fc_status status = fc_matrix_cholesky(p->root, p->covariances[0], d, p->ctx);
  if (status == FC_DOMAIN) {
    regularise(shift, p);
    status = fc_matrix_cholesky(p->root, p->covariances[0], d, p->ctx);
  }
  if (status != FC_OK)
    return status;
  for (size_t i = 0; i < d; i++)
    for (size_t j = i + 1; j < d; j++)
      fc_set_si(p->root + i * d + j, 0, p->ctx);
  multiply(p);
  status = fc_matrix_eigen(p->values, NULL, p->product, d, p->ctx);
  for (size_t i = 0; i < d && status == FC_OK; i++) {
    fc_add(z, z, p->covariances[0] + i * d + i, p->ctx);
    fc_add(z, z, p->covariances[1] + i * d + i, p->ctx);
    status = root(p->values + i, p->values + i, p->ctx);
    fc_mul_si(p->values + i, p->values + i, 2, p->ctx);
    fc_sub(z, z, p->values + i, p->ctx);
  }
  return status;
}

/* --- bounds ---------------------------------------------------------------
 */

/* [low, high] contains the square of the root of z (>= 0) give or take
 * sqrt(d shift): W_2(N(m, S), N(m, S + shift I)) is at most that. */
static void bounds(mpfr_t low, mpfr_t high, fc_srcptr z, fc_srcptr shift,
                   size_t d, const fc_ctx *ctx) {
  mpfr_t rad, eta;
  mpfr_inits2(mpfr_get_prec(low), rad, eta, (mpfr_ptr)0);
  fc_get_enclosure(low, rad, z, ctx);
  if (mpfr_nan_p(rad))
    mpfr_set_zero(rad, 1);
  mpfr_add(high, low, rad, MPFR_RNDU);
  mpfr_sub(low, low, rad, MPFR_RNDD);
  fc_get_enclosure(eta, rad, shift, ctx);
  if (!mpfr_nan_p(rad))
    mpfr_add(eta, eta, rad, MPFR_RNDU);
  if (mpfr_sgn(low) < 0)
    mpfr_set_zero(low, 1);
  if (mpfr_sgn(high) < 0)
    mpfr_set_zero(high, 1);
  mpfr_mul_ui(eta, eta, d, MPFR_RNDU);
  mpfr_sqrt(eta, eta, MPFR_RNDU);
  fc_means_widen(low, high, eta);
  mpfr_clears(rad, eta, (mpfr_ptr)0);
}

typedef struct laws {
  fc_srcptr means[2];
  fc_srcptr covariances[2];
  size_t d;
  const fc_ctx *ctx;
} laws;

/* [low, high] about W_2^2 from one evaluation in a working context. */
static fc_status evaluate(mpfr_t low, mpfr_t high, const laws *l,
                          const fc_ctx *ctx) {
  pair p;
  fc_num z, shift, gap;
  if (!pair_init(&p, l->d, ctx))
    return FC_MEMORY;
  fc_init(z, ctx);
  fc_init(shift, ctx);
  fc_init(gap, ctx);
  for (int s = 0; s < 2; s++)
    load(&p, s, l->means[s], l->covariances[s], l->ctx);
  fc_status status = FC_OK;
  if (is_diagonal(&p, 0) && is_diagonal(&p, 1))
    status = diagonal_part(z, &p);
  else if (!is_common(&p))
    status = full_part(z, shift, &p);
  for (size_t i = 0; i < l->d; i++) {
    fc_sub(gap, p.means[0] + i, p.means[1] + i, ctx);
    fc_sqr(gap, gap, ctx);
    fc_add(z, z, gap, ctx);
  }
  if (status == FC_OK && !fc_is_finite(z, ctx))
    status = FC_DOMAIN;
  if (status == FC_OK)
    bounds(low, high, z, shift, l->d, ctx);
  fc_clear(z, ctx);
  fc_clear(shift, ctx);
  fc_clear(gap, ctx);
  pair_clear(&p);
  return status;
}

double fc_w2_gaussians_estimate(fc_srcptr mean_p, fc_srcptr covariance_p,
                                fc_srcptr mean_q, fc_srcptr covariance_q,
                                size_t d, const fc_ctx *ctx) {
  const laws l = {{mean_p, mean_q}, {covariance_p, covariance_q}, d, ctx};
  fc_ctx plain[1];
  mpfr_t low, high;
  fc_ctx_init_double(plain);
  mpfr_inits2(64, low, high, (mpfr_ptr)0);
  fc_status status = evaluate(low, high, &l, plain);
  double estimate = status == FC_OK ? mpfr_get_d(high, MPFR_RNDN) : NAN;
  mpfr_clears(low, high, (mpfr_ptr)0);
  return estimate;
}

/* --- as many bits as it takes ---------------------------------------------
 */

/* high - low <= 2^-bits low */
static bool is_narrow(const mpfr_t low, const mpfr_t high, long bits) {
  mpfr_t width, goal;
  mpfr_inits2(53, width, goal, (mpfr_ptr)0);
  mpfr_sub(width, high, low, MPFR_RNDU);
  mpfr_mul_2si(goal, low, -bits, MPFR_RNDD);
  bool narrow = mpfr_lessequal_p(width, goal);
  mpfr_clears(width, goal, (mpfr_ptr)0);
  return narrow;
}

/* In MPFR two precisions differ by about the error of the lower one. */
static void spread(mpfr_t low, mpfr_t high, const mpfr_t last) {
  mpfr_t gap;
  mpfr_init2(gap, 53);
  mpfr_sub(gap, high, last, MPFR_RNDA);
  mpfr_abs(gap, gap, MPFR_RNDU);
  mpfr_sub(low, low, gap, MPFR_RNDD);
  mpfr_add(high, high, gap, MPFR_RNDU);
  if (mpfr_sgn(low) < 0)
    mpfr_set_zero(low, 1);
  mpfr_clear(gap);
}

static fc_status enclose(mpfr_t low, mpfr_t high, const laws *l) {
  fc_ctx ctx[1];
  mpfr_t last;
  fc_status status = FC_OK;
  long bits = fc_w2_bits(l->ctx), precision = bits + 64;
  mpfr_init2(last, 64); /* NaN */
  for (int n = 0; n < ROUNDS && status == FC_OK; n++, precision *= 2) {
    mpfr_set_prec(low, precision);
    mpfr_set_prec(high, precision);
    if (!fc_have_arb())
      fc_ctx_init_mpfr(ctx, precision);
    else if ((status = fc_ctx_init_arb(ctx, precision, NULL)) != FC_OK)
      break;
    status = evaluate(low, high, l, ctx);
    if (status != FC_OK || fc_have_arb()) {
      if (status == FC_OK && is_narrow(low, high, bits))
        break;
      continue;
    }
    mpfr_prec_round(last, precision, MPFR_RNDN);
    mpfr_t now;
    mpfr_init2(now, precision);
    mpfr_set(now, high, MPFR_RNDN);
    if (n > 0)
      spread(low, high, last);
    mpfr_swap(last, now);
    mpfr_clear(now);
    if (n > 0 && is_narrow(low, high, bits))
      break;
  }
  mpfr_clear(last);
  return status;
}

fc_status fc_w2_gaussians(fc_w2_value *value, fc_srcptr mean_p,
                          fc_srcptr covariance_p, fc_srcptr mean_q,
                          fc_srcptr covariance_q, size_t d, const fc_ctx *ctx,
                          fc_error *error) {
  const laws l = {{mean_p, mean_q}, {covariance_p, covariance_q}, d, ctx};
  mpfr_t low, high;
  if (d == 0)
    return fc_fail(error, FC_SHAPE, "a law in dimension 0");
  if (ctx->kind == FC_ACB || ctx->kind == FC_SERIES)
    return fc_fail(error, FC_UNSUPPORTED, "W_2 of Gaussians in real numbers");
  mpfr_inits2(64, low, high, (mpfr_ptr)0);
  fc_status status = enclose(low, high, &l);
  if (status == FC_OK) {
    fc_w2_value_set(value, low, high, FC_W2_EXACT, "Bures distance", ctx);
    value->proved = fc_have_arb();
  } else if (status == FC_DOMAIN)
    fc_fail(error, status,
            "a covariance that is not finite or, to the working precision, "
            "not positive semidefinite; more bits may help");
  else
    fc_fail(error, status, "%s", fc_status_text(status));
  mpfr_clears(low, high, (mpfr_ptr)0);
  return status;
}
