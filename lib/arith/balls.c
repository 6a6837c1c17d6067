#include "arith/balls.h"

bool fc_is_rigorous(const fc_ctx *ctx) {
  if (ctx->kind == FC_SERIES)
    return fc_is_rigorous(ctx->base);
  return ctx->kind == FC_ARB || ctx->kind == FC_ACB;
}
