/* Candidates for W_2 between two samples: pairs of samples that hurt, and
 * random ones, beside the cost of an optimal plan. */
#ifndef FC_TOOLS_CANDIDATE_DISTANCES_H
#define FC_TOOLS_CANDIDATE_DISTANCES_H

#include "candidate/points.h"

enum { FC_DISTANCES_MAX = 24 };

typedef struct fc_distance {
  const char *why; /* static: "one sample, in another order" */
  size_t n, m;
  double value, right; /* what the candidate says, and W_2 */
  double error;        /* how far `right` may be off; NaN: not known */
  double relative;     /* |value - right|, by `right` or by the samples' size */
  double size;         /* the root mean square distance of the points from 0 */
} fc_distance;

typedef struct fc_distances {
  fc_distance items[FC_DISTANCES_MAX];
  size_t count, right, wrong, silent, none, worst;
  bool squared; /* every wrong value is W_2 squared */
} fc_distances;

fc_status fc_test_distances(fc_distances *distances, fc_candidate *candidate,
                            const fc_subject *subject, double rtol,
                            fc_error *error);

#endif
