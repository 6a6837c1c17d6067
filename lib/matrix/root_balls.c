/* Enclosures of square roots of symmetric positive definite matrices.
 *
 * For an exact symmetric Y near X = A^(1/2) let R = Y^2 - A and E = X - Y. Then
 * X E + E Y = -R, and in the eigenbases of X and Y entry (i, j) of E is that of
 * -R divided by x_i + y_j: where x_min + y_min > 0, |E|_F <= |R|_F/(x_min +
 * y_min).
 */
#include "arith/balls.h"
#include "matrix/matrix.h"

/* y = sum_k sqrt(values_k) v_k v_k^T at its midpoint, exactly symmetric. */
static void guess(fc_ptr y, fc_srcptr values, fc_srcptr vectors, size_t d,
                  fc_ptr temp, const fc_ctx *ctx) {
  mpfr_t mid;
  mpfr_init2(mid, ctx->precision);
  fc_vec_zero(y, d * d, ctx);
  for (size_t k = 0; k < d; k++) {
    fc_srcptr v = vectors + k * d;
    fc_get_mid(mid, values + k, ctx);
    mpfr_sqrt(mid, mid, MPFR_RNDN);
    for (size_t i = 0; i < d; i++) {
      fc_set_mpfr(temp, mid, ctx);
      fc_mul(temp, temp, v + i, ctx);
      for (size_t j = 0; j <= i; j++)
        fc_addmul(y + i * d + j, temp, v + j, ctx);
    }
  }
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j <= i; j++) {
      fc_get_mid(mid, y + i * d + j, ctx);
      fc_set_mpfr(y + i * d + j, mid, ctx);
      fc_set(y + j * d + i, y + i * d + j, ctx);
    }
  mpfr_clear(mid);
}

/* z = sum |Y^2 - A| over all entries, at least the Frobenius norm (and no root
 * of a ball that reaches below zero). */
static void residual(fc_ptr z, fc_srcptr y, fc_srcptr a, size_t d, fc_ptr temp,
                     const fc_ctx *ctx) {
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      fc_neg(temp, a + (i > j ? i * d + j : j * d + i), ctx);
      for (size_t k = 0; k < d; k++)
        fc_addmul(temp, y + i * d + k, y + k * d + j, ctx);
      fc_abs(temp, temp, ctx);
      fc_add(z, z, temp, ctx);
    }
}

static fc_status enclose(fc_ptr root, fc_srcptr a, size_t d, fc_ptr values,
                         fc_ptr vectors, fc_ptr temp, const fc_ctx *ctx) {
  fc_ptr least = temp + 1, error = temp + 2;
  fc_status status = fc_matrix_eigen(values, vectors, a, d, ctx);
  if (status)
    return status;
  fc_sqrt(least, values, ctx); /* ascending: x_min */
  guess(root, values, vectors, d, temp, ctx);
  status = fc_matrix_eigen(values, NULL, root, d, ctx);
  if (status)
    return status;
  fc_add(least, least, values, ctx);
  if (fc_is_positive(least, ctx) != FC_TRUE)
    return FC_DOMAIN;
  residual(error, root, a, d, temp, ctx);
  fc_div(error, error, least, ctx);
  for (size_t i = 0; i < d * d; i++)
    fc_widen(root + i, error, ctx);
  return FC_OK;
}

fc_status fc_matrix_root_enclosed(fc_ptr root, fc_srcptr a, size_t d,
                                  const fc_ctx *ctx) {
  if (ctx->kind != FC_ARB)
    return FC_UNSUPPORTED;
  fc_ptr storage = fc_vec_new(d + d * d + 3, ctx);
  if (!storage)
    return FC_MEMORY;
  fc_status status =
      enclose(root, a, d, storage, storage + d, storage + d + d * d, ctx);
  fc_vec_free(storage, d + d * d + 3, ctx);
  return status;
}
