/* Determinants of general matrices, by Gauss-Jordan elimination. */
#include "matrix/matrix.h"

/* Gauss-Jordan elimination of the d x 2d array (A, I). */
typedef struct array {
  fc_ptr entries;
  size_t d;
  const fc_ctx *ctx;
} array;

static fc_ptr at(const array *m, size_t i, size_t j) {
  return m->entries + i * 2 * m->d + j;
}

/* Brings the row with the largest entry of column k to row k. */
static void pivot(array *m, size_t k) {
  fc_num x, most;
  fc_init(x, m->ctx);
  fc_init(most, m->ctx);
  size_t best = k;
  for (size_t i = k; i < m->d; i++) {
    fc_abs(x, at(m, i, k), m->ctx);
    if (i == k || fc_cmp_mid(x, most, m->ctx) > 0) {
      fc_set(most, x, m->ctx);
      best = i;
    }
  }
  for (size_t j = 0; j < 2 * m->d && best != k; j++)
    fc_swap(at(m, k, j), at(m, best, j));
  fc_clear(x, m->ctx);
  fc_clear(most, m->ctx);
}

/* Row k becomes 1 at column k, the other rows 0; log_det += log |pivot|. */
static fc_status eliminate(fc_ptr log_det, array *m, size_t k) {
  const fc_ctx *ctx = m->ctx;
  fc_num x;
  pivot(m, k);
  if (fc_is_zero(at(m, k, k), ctx) != FC_FALSE)
    return FC_DOMAIN;
  fc_init(x, ctx);
  fc_abs(x, at(m, k, k), ctx);
  fc_log(x, x, ctx);
  fc_add(log_det, log_det, x, ctx);
  fc_inv(x, at(m, k, k), ctx);
  for (size_t j = 0; j < 2 * m->d; j++)
    fc_mul(at(m, k, j), at(m, k, j), x, ctx);
  for (size_t i = 0; i < m->d; i++) {
    if (i == k)
      continue;
    fc_set(x, at(m, i, k), ctx);
    for (size_t j = 0; j < 2 * m->d; j++)
      fc_submul(at(m, i, j), x, at(m, k, j), ctx);
  }
  fc_clear(x, ctx);
  return FC_OK;
}

/* |d log det| = |Tr A^-1 dA| <= entry_error Sum |(A^-1)_ij|. */
static void set_error(fc_ptr error, const array *m, fc_srcptr entry_error) {
  const fc_ctx *ctx = m->ctx;
  fc_num x;
  fc_init(x, ctx);
  fc_set_si(error, 0, ctx);
  for (size_t i = 0; i < m->d; i++)
    for (size_t j = 0; j < m->d; j++) {
      fc_abs(x, at(m, i, m->d + j), ctx);
      fc_add(error, error, x, ctx);
    }
  fc_mul(error, error, entry_error, ctx);
  fc_mul_2exp_si(error, error, 1, ctx);
  fc_clear(x, ctx);
}

fc_status fc_matrix_log_determinant(fc_ptr z, fc_ptr error, fc_srcptr A,
                                    fc_srcptr entry_error, size_t d,
                                    const fc_ctx *ctx) {
  array m = {fc_vec_new(2 * d * d, ctx), d, ctx};
  if (!m.entries)
    return FC_MEMORY;
  for (size_t i = 0; i < d; i++) {
    fc_vec_set(at(&m, i, 0), A + i * d, d, ctx);
    fc_set_si(at(&m, i, d + i), 1, ctx);
  }
  fc_set_si(z, 0, ctx);
  fc_status status = FC_OK;
  for (size_t k = 0; k < d && status == FC_OK; k++)
    status = eliminate(z, &m, k);
  if (status == FC_OK)
    set_error(error, &m, entry_error);
  fc_vec_free(m.entries, 2 * d * d, ctx);
  return status;
}
