#include "gif/determinant.h"

/* The rows of [A | I], 2 d numbers each. */
static void border(fc_ptr m, fc_srcptr a, size_t d, const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++) {
    fc_vec_set(m + 2 * d * i, a + d * i, d, ctx);
    for (size_t j = 0; j < d; j++)
      fc_set_si(m + 2 * d * i + d + j, i == j, ctx);
  }
}

static void bring_pivot(fc_ptr m, size_t k, size_t d, fc_ptr size, fc_ptr best,
                        const fc_ctx *ctx) {
  size_t row = k;
  fc_abs(best, m + 2 * d * k + k, ctx);
  for (size_t i = k + 1; i < d; i++) {
    fc_abs(size, m + 2 * d * i + k, ctx);
    if (fc_cmp_mid(size, best, ctx) > 0) {
      fc_set(best, size, ctx);
      row = i;
    }
  }
  for (size_t j = 0; j < 2 * d && row != k; j++)
    fc_swap(m + 2 * d * k + j, m + 2 * d * row + j);
}

/* Divides row k by its pivot and clears the column in all others. */
static void clear_column(fc_ptr m, size_t k, size_t d, fc_ptr factor,
                         const fc_ctx *ctx) {
  fc_ptr row = m + 2 * d * k;
  fc_set(factor, row + k, ctx);
  for (size_t j = 0; j < 2 * d; j++)
    fc_div(row + j, row + j, factor, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_set(factor, m + 2 * d * i + k, ctx);
    for (size_t j = 0; j < 2 * d && i != k; j++)
      fc_submul(m + 2 * d * i + j, factor, row + j, ctx);
  }
}

fc_status fc_log_determinant(fc_ptr z, fc_ptr sensitivity, fc_srcptr a,
                             size_t d, const fc_ctx *ctx) {
  fc_num factor, best;
  fc_ptr m = fc_vec_new(2 * d * d, ctx);
  if (!m)
    return FC_MEMORY;
  fc_init(factor, ctx);
  fc_init(best, ctx);
  fc_status status = FC_OK;
  border(m, a, d, ctx);
  fc_set_si(z, 0, ctx);
  fc_set_si(sensitivity, 0, ctx);
  for (size_t k = 0; k < d && status == FC_OK; k++) {
    bring_pivot(m, k, d, factor, best, ctx);
    if (fc_is_positive(best, ctx) != FC_TRUE) {
      status = FC_DOMAIN;
    } else {
      fc_log(best, best, ctx);
      fc_add(z, z, best, ctx);
      clear_column(m, k, d, factor, ctx);
    }
  }
  for (size_t i = 0; i < d * d && status == FC_OK; i++) {
    fc_abs(factor, m + i / d * 2 * d + d + i % d, ctx);
    fc_add(sensitivity, sensitivity, factor, ctx);
  }
  fc_clear(factor, ctx);
  fc_clear(best, ctx);
  fc_vec_free(m, 2 * d * d, ctx);
  return status;
}
