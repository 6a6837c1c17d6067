/* Without Arb there are no balls, and nobody gets here. */
#include "target/density_balls.h"

static fc_status bind(fc_posterior *posterior) {
  (void)posterior;
  return FC_UNSUPPORTED;
}

const fc_posterior_kind fc_posterior_density_balls = {bind, NULL, NULL};

fc_status fc_density_cdf_balls(fc_ptr below, fc_ptr above,
                               fc_posterior *posterior, fc_srcptr a,
                               fc_srcptr b, fc_srcptr x, fc_error *error) {
  (void)below;
  (void)above;
  (void)posterior;
  (void)a;
  (void)b;
  (void)x;
  return fc_fail(error, FC_UNSUPPORTED, "there are no balls in this build");
}
