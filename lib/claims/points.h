/* Points (t, x) at which pointwise claims are looked at: exact binary64
 * coordinates with few bits in t, so that the record's text is exact. */
#ifndef FC_CLAIMS_POINTS_H
#define FC_CLAIMS_POINTS_H

#include "claims/claim.h"

typedef struct fc_point {
  double time; /* t, or 1 - t where from_end */
  bool from_end;
  double *x; /* d */
} fc_point;

typedef struct fc_points {
  size_t d, count, capacity;
  fc_point *items;
  double *coordinates;
} fc_points;

/* times: FC_AT_... of pointwise.h; once: a single x for each time. */
fc_status fc_points_init(fc_points *points, const fc_job *job, unsigned times,
                         bool once);
void fc_points_clear(fc_points *points);

/* Writes the point into the record as its witness. */
fc_status fc_point_state(fc_record *record, const fc_point *point, size_t d);

#endif
