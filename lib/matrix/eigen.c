/* Eigenvalues of symmetric matrices: which method for which context. */
#include "matrix/jacobi.h"
#include "matrix/matrix.h"

static fc_status eigen_numbers(fc_ptr values, fc_ptr vectors, fc_srcptr a,
                               size_t d, const fc_ctx *ctx) {
  fc_ptr rows = vectors != NULL ? vectors : fc_vec_new(d * d, ctx);
  if (rows == NULL)
    return FC_MEMORY;
  fc_status status = fc_matrix_jacobi(values, rows, a, d, ctx);
  if (vectors == NULL)
    fc_vec_free(rows, d * d, ctx);
  return status;
}

fc_status fc_matrix_eigen(fc_ptr values, fc_ptr vectors, fc_srcptr a, size_t d,
                          const fc_ctx *ctx) {
  if (d == 0)
    return FC_SHAPE;
  if (d == 1) {
    fc_set(values, a, ctx);
    if (vectors != NULL)
      fc_set_si(vectors, 1, ctx);
    return FC_OK;
  }
  if (ctx->kind == FC_ACB || ctx->kind == FC_SERIES)
    return FC_UNSUPPORTED;
  for (size_t i = 0; i < d * d; i++)
    if (!fc_is_finite(a + i, ctx))
      return FC_DOMAIN;
  if (ctx->kind == FC_ARB)
    return fc_matrix_eigen_balls(values, vectors, a, d, ctx);
  return eigen_numbers(values, vectors, a, d, ctx);
}
