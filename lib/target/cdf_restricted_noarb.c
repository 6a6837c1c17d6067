/* Without balls there is no rigorous quadrature. */
#include "target/cdf.h"

fc_status fc_restricted_below_ball(fc_ptr z, const fc_restricted *law) {
  (void)z, (void)law;
  return FC_UNSUPPORTED;
}
