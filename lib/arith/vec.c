#include <stdint.h>
#include <stdlib.h>

#include "arith/arith.h"

fc_ptr fc_vec_new(size_t count, const fc_ctx *ctx) {
  if (count > SIZE_MAX / sizeof(fc_num_struct))
    return NULL;
  fc_ptr v = malloc((count > 0 ? count : 1) * sizeof(fc_num_struct));
  if (v == NULL)
    return NULL;
  for (size_t i = 0; i < count; i++)
    fc_init(v + i, ctx);
  return v;
}

void fc_vec_free(fc_ptr vector, size_t count, const fc_ctx *ctx) {
  if (vector == NULL)
    return;
  for (size_t i = 0; i < count; i++)
    fc_clear(vector + i, ctx);
  free(vector);
}

void fc_vec_set(fc_ptr z, fc_srcptr x, size_t count, const fc_ctx *ctx) {
  for (size_t i = 0; i < count; i++)
    fc_set(z + i, x + i, ctx);
}

void fc_vec_zero(fc_ptr z, size_t count, const fc_ctx *ctx) {
  for (size_t i = 0; i < count; i++)
    fc_set_si(z + i, 0, ctx);
}
