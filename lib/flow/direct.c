#include "flow/flow_impl.h"
static fc_status bind(fc_flow *flow, fc_error *error) {
  (void)flow;
  return fc_fail(error, FC_UNSUPPORTED, "not yet");
}
const fc_flow_kind fc_flow_direct = {bind, 0, 0, 0};
