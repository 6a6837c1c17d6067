/* Without balls nothing is validated. */
#include "flow/flow_impl.h"

static fc_status bind(fc_flow *flow, fc_error *error) {
  (void)flow;
  return fc_fail(error, FC_UNSUPPORTED,
                 "the validated integrator needs FLINT/Arb, without which this "
                 "library was built");
}

static fc_status set_times(fc_flow *flow, fc_error *error) {
  (void)flow, (void)error;
  return FC_UNSUPPORTED;
}

static fc_status eval(fc_flow *flow, fc_srcptr x, unsigned want,
                      fc_error *error) {
  (void)flow, (void)x, (void)want, (void)error;
  return FC_UNSUPPORTED;
}

static void release(fc_flow *flow) { (void)flow; }

const fc_flow_kind fc_flow_validated = {bind, set_times, eval, release};
