#include "matrix/matrix.h"

void fc_matrix_rayleigh(fc_ptr z, fc_srcptr a, fc_srcptr v, size_t d,
                        const fc_ctx *ctx) {
  fc_num numerator, denominator, row;
  fc_init(numerator, ctx);
  fc_init(denominator, ctx);
  fc_init(row, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_set_si(row, 0, ctx);
    for (size_t j = 0; j < d; j++)
      fc_addmul(row, a + i * d + j, v + j, ctx);
    fc_addmul(numerator, row, v + i, ctx);
    fc_sqr(row, v + i, ctx);
    fc_add(denominator, denominator, row, ctx);
  }
  fc_div(z, numerator, denominator, ctx);
  fc_clear(numerator, ctx);
  fc_clear(denominator, ctx);
  fc_clear(row, ctx);
}
