/* Whether the numbers of two records differ by more than their errors. */
#ifndef FC_REPORTS_DIFF_VALUES_H
#define FC_REPORTS_DIFF_VALUES_H

#include "record/record.h"

typedef struct fc_movement {
  bool comparable; /* measured and bound belong to the same point */
  bool measured, bound, slack;
  double by;     /* relatively, the larger of measured and bound */
  double shrunk; /* slack: (before - after) relative to the larger value */
} fc_movement;

/* The error of a number is its radius; where it has none, 2^(8 - p) relative to
 * the larger of |measured| and |bound|, p the precision of the record (48 for
 * what was computed in binary64).  An extremum found at another point is
 * compared to 2^-40, and where time and bound differ, too, only its slack is.
 */
fc_movement fc_record_movement(const fc_record *before, const fc_record *after);

#endif
