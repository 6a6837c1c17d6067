/* The distribution function and the quantile of p_t on the line. */
#include "target/posterior_impl.h"

fc_status fc_posterior_cdf(fc_ptr below, fc_ptr above, fc_posterior *posterior,
                           fc_srcptr a, fc_srcptr b, fc_srcptr x,
                           fc_error *error) {
  (void)below, (void)above, (void)posterior, (void)a, (void)b, (void)x;
  return fc_fail(error, FC_UNSUPPORTED,
                 "the distribution function is not available yet");
}

fc_status fc_posterior_quantile(fc_ptr x, fc_posterior *posterior, fc_srcptr a,
                                fc_srcptr b, fc_srcptr p, fc_srcptr q,
                                fc_error *error) {
  (void)x, (void)posterior, (void)a, (void)b, (void)p, (void)q;
  return fc_fail(error, FC_UNSUPPORTED, "the quantile is not available yet");
}
