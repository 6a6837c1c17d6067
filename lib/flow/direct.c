/* The method that integrates (3.10) in t, as a check of the charts. */
#include "flow/taylor.h"

static fc_status bind(fc_flow *flow, fc_error *error) {
  return fc_taylor_bind(flow, &fc_field_direct, error);
}

/* Where a' diverges at t = 1 (Follmer, vp-sde) v is no power series in t there.
 */
static fc_status set_times(fc_flow *flow, fc_error *error) {
  if (!fc_is_finite(flow->from->da, &flow->ctx) ||
      !fc_is_finite(flow->to->da, &flow->ctx))
    return fc_fail(error, FC_DOMAIN,
                   "a' diverges there: v has no expansion in t");
  return fc_taylor_set_times(flow, error);
}

const fc_flow_kind fc_flow_direct = {bind, set_times, fc_taylor_eval,
                                     fc_taylor_release};
