/* The second target of Corollary 6.2: independent copies, one a coordinate, of
 *   1/3 N(-1, 9/16) + 2/3 N(3/2, 9/16),
 * which is N(0, (9/16) I) convolved with a law of bounded support (case iii of
 * Assumption 2.2), and whose flow has an exact map besides Taylor integration.
 */
#ifndef FC_CHECKS_GIF_CYCLE_PARTNER_H
#define FC_CHECKS_GIF_CYCLE_PARTNER_H

#include "target/target.h"

fc_status fc_cycle_partner_new(fc_target **partner, size_t d);

#define FC_PARTNER_TEXT                                                        \
  "ν₂ = independent copies of 1/3 N(−1, 9/16) + 2/3 N(3/2, 9/16)"

#endif
