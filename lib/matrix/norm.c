#include "matrix/matrix.h"

void fc_matrix_row_sum_norm(fc_ptr norm, fc_srcptr x, size_t d,
                            const fc_ctx *ctx) {
  fc_num sum, entry;
  fc_init(sum, ctx);
  fc_init(entry, ctx);
  fc_set_si(norm, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_set_si(sum, 0, ctx);
    for (size_t j = 0; j < d; j++) {
      fc_abs(entry, x + i * d + j, ctx);
      fc_add(sum, sum, entry, ctx);
    }
    fc_max(norm, norm, sum, ctx);
  }
  fc_clear(sum, ctx);
  fc_clear(entry, ctx);
}
