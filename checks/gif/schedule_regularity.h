/* a^2 and b in C^1[0, 1] (3.2): (a^2)'/2 and b' have limits at both ends. */
#ifndef FC_CHECKS_GIF_SCHEDULE_REGULARITY_H
#define FC_CHECKS_GIF_SCHEDULE_REGULARITY_H

#include "claims/claim.h"

typedef struct fc_regularity_detail {
  const char *quantity; /* over the names of schedule_expansion.h */
  bool square;          /* it is (a^2)'/2, else b' */
  bool at_end;          /* t = 1, else t = 0 */
  double shift;         /* controls: added to the value at the end */
} fc_regularity_detail;

/* With h = 2^-480 the distance from that end, f the quantity from the formulas
 * of a and b and F the value of the schedule at the end itself, measures
 * max(|f(h) - f(h^2)|, |f(h) - F|) against the claim's formula, a Hoelder
 * modulus in h.  A limit that is approached more slowly counts as none. */
fc_status fc_measure_regularity(const fc_job *job, const fc_claim *claim,
                                fc_error *error);

#endif
