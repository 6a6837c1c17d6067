/* Where a candidate is asked: points chosen to hurt, and random ones. */
#ifndef FC_TOOLS_CANDIDATE_POINTS_H
#define FC_TOOLS_CANDIDATE_POINTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "base/status.h"
#include "candidate/candidate.h"
#include "instance/instance.h"
#include "schedule/schedule.h"
#include "target/target.h"

/* What is tested, and where. */
typedef struct fc_subject {
  const fc_instance *instance;
  const fc_target *target; /* the instance's */
  const fc_schedule *schedule;
  fc_asked asked;
  size_t d;
  double from, to; /* times are within */
  long random_points;
  uint64_t seed;
  const char *name; /* of the instance */
} fc_subject;

/* Points in groups: a group has one time (flows: one s and one t), and lies
 * together.  All numbers are binary64 and exact. */
typedef struct fc_spots {
  size_t d, count, capacity;
  double *s, *t;    /* a number a point; s is 0 where the quantity has none */
  double *x;        /* d numbers a point */
  const char **why; /* static: "between two components" */
  bool *random;
} fc_spots;

/* Chooses them.  Empty (FC_VALUE) where no time lies in the range. */
fc_status fc_spots_choose(fc_spots *spots, const fc_subject *subject,
                          fc_error *error);
void fc_spots_clear(fc_spots *spots);

/* One more point (copied); FC_MEMORY. */
fc_status fc_spots_add(fc_spots *spots, double s, double t, const double *x,
                       const char *why, bool random);

/* count points of p_t, or (laws that cannot be drawn from) about it. */
fc_status fc_spots_draw(double *x, size_t count, const fc_subject *subject,
                        double t, fc_random *random);

/* One past the last point of the group that starts at i. */
size_t fc_spots_group_end(const fc_spots *spots, size_t i);

#endif
