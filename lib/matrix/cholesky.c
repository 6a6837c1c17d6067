/* Cholesky factorisation and what follows from it, in every context. */
#include "matrix/matrix.h"

/* s = a_{ij} - Sum_{k<j} l_{ik} l_{jk} */
static void remainder_at(fc_ptr s, fc_srcptr a, fc_srcptr l, size_t i, size_t j,
                         size_t d, const fc_ctx *ctx) {
  fc_set(s, a + i * d + j, ctx);
  for (size_t k = 0; k < j; k++)
    fc_submul(s, l + i * d + k, l + j * d + k, ctx);
}

static bool is_pivot(fc_srcptr s, const fc_ctx *ctx) {
  return fc_is_finite(s, ctx) && fc_is_positive(s, ctx) == FC_TRUE;
}

/* Row by row, so that each a_{ij} is read before l_{ij} replaces it. */
static fc_status factorise(fc_ptr l, fc_srcptr a, fc_ptr s, size_t d,
                           const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++) {
    for (size_t j = 0; j < i; j++) {
      remainder_at(s, a, l, i, j, d, ctx);
      fc_div(l + i * d + j, s, l + j * d + j, ctx);
    }
    remainder_at(s, a, l, i, i, d, ctx);
    if (!is_pivot(s, ctx))
      return FC_DOMAIN;
    fc_sqrt(l + i * d + i, s, ctx);
  }
  return FC_OK;
}

fc_status fc_matrix_cholesky(fc_ptr l, fc_srcptr a, size_t d,
                             const fc_ctx *ctx) {
  fc_num s;
  fc_init(s, ctx);
  fc_status status = factorise(l, a, s, d, ctx);
  fc_clear(s, ctx);
  for (size_t i = 0; i < d; i++)
    if (i + 1 < d)
      fc_vec_zero(l + i * d + i + 1, d - i - 1, ctx);
  return status;
}

void fc_matrix_cholesky_solve(fc_ptr x, fc_srcptr l, fc_srcptr y, size_t d,
                              const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++) { /* L z = y */
    fc_set(x + i, y + i, ctx);
    for (size_t j = 0; j < i; j++)
      fc_submul(x + i, l + i * d + j, x + j, ctx);
    fc_div(x + i, x + i, l + i * d + i, ctx);
  }
  for (size_t i = d; i-- > 0;) { /* L^T x = z */
    for (size_t j = i + 1; j < d; j++)
      fc_submul(x + i, l + j * d + i, x + j, ctx);
    fc_div(x + i, x + i, l + i * d + i, ctx);
  }
}

/* Row i of the symmetric inverse solves A x = e_i. */
void fc_matrix_cholesky_inverse(fc_ptr inverse, fc_srcptr l, size_t d,
                                const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++) {
    fc_ptr row = inverse + i * d;
    fc_vec_zero(row, d, ctx);
    fc_set_si(row + i, 1, ctx);
    fc_matrix_cholesky_solve(row, l, row, d, ctx);
  }
}
