/* Extreme eigenvalues of grad v along a mesh of times that can be refined.
 *
 * The mesh is uniform in the angle theta = atan2(b, a), in which nothing is
 * singular, with points next to both ends.  Times are dyadic with few bits, so
 * that their decimal text is exact: either t or 1 - t is `time`.
 *
 * What is found at a time depends on the first mesh alone, not on the order of
 * refinements, so that whoever restarts and refines again sees the same.
 */
#ifndef FC_SUPREMA_MESH_H
#define FC_SUPREMA_MESH_H

#include "suprema/extremum.h"

typedef struct fc_mesh_point {
  double time;
  bool from_end;
  double theta;
  bool first;              /* of the first mesh, not of a refinement */
  fc_extremum extremum[2]; /* by fc_side */
} fc_mesh_point;

typedef struct fc_mesh {
  const fc_target *target;
  const fc_schedule *schedule;
  fc_ctx ctx[1];
  size_t d;
  bool sides[2];      /* which extremes are searched */
  double theta_start; /* atan2(b_0, a_0) */
  fc_extremizer *extremizer;
  fc_mesh_point **points; /* ascending in time */
  size_t count, capacity;
  fc_mesh_point **known; /* every point that was ever searched, owned */
  size_t known_count, known_capacity;
  bool complete; /* the first mesh is */
} fc_mesh;

/* A mesh of `interior` points and one next to each end; with_end adds t = 1
 * itself.  ctx is binary64 or MPFR. */
fc_status fc_mesh_init(fc_mesh *mesh, const fc_target *target,
                       const fc_schedule *schedule, const bool sides[2],
                       size_t interior, bool with_end, const fc_random *random,
                       const fc_ctx *ctx, fc_error *error);
void fc_mesh_clear(fc_mesh *mesh);

/* Adds the points half way (in theta) to both neighbours of points[i]; *added
 * is how many there were room for. */
fc_status fc_mesh_refine(size_t *added, fc_mesh *mesh, size_t i);

/* Back to the first mesh; what was found elsewhere stays known. */
void fc_mesh_restart(fc_mesh *mesh);

/* time rounded to so few bits that its decimal text, and that of 1 - time, are
 * short and exact. */
double fc_mesh_round(double time);

/* atan2(b, a) at t = 0; 0 where the schedule has no value there. */
double fc_mesh_start_angle(const fc_schedule *schedule);

/* The time of a point in any context, exactly. */
void fc_mesh_time(fc_time *time, const fc_mesh_point *point, const fc_ctx *ctx);

#endif
