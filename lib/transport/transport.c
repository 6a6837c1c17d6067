#include "transport/transport.h"

const char *fc_w2_kind_name(fc_w2_kind kind) {
  switch (kind) {
  case FC_W2_UPPER:
    return "upper";
  case FC_W2_LOWER:
    return "lower";
  default:
    return "exact";
  }
}

void fc_w2_value_init(fc_w2_value *value, const fc_ctx *ctx) {
  fc_init(value->w2, ctx);
  fc_init(value->error, ctx);
  value->kind = FC_W2_EXACT;
  value->proved = false;
  value->half = false;
  value->how = "";
}

void fc_w2_value_clear(fc_w2_value *value, const fc_ctx *ctx) {
  fc_clear(value->w2, ctx);
  fc_clear(value->error, ctx);
}
