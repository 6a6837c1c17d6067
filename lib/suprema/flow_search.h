/* The binary64 part of flow_extremum.h; private to this folder. */
#ifndef FC_SUPREMA_FLOW_SEARCH_H
#define FC_SUPREMA_FLOW_SEARCH_H

#include "suprema/flow_extremum.h"
#include "suprema/starts.h"

/* A point at one end; scores are logarithms of |grad X| for a flow that starts
 * at the earlier or the later end: +inf where binary64 overflows, NaN where
 * nothing admissible is known. */
typedef struct fc_flow_candidate {
  double score[2];
  long start;      /* index of the structured start, or -1 */
  fc_flow_end end; /* where x stands */
  size_t order;    /* of its making, for ties */
  double *x;       /* d */
} fc_flow_candidate;

typedef struct fc_flow_search {
  const fc_target *target;
  const fc_schedule *schedule;
  fc_ctx ctx[1]; /* binary64 */
  size_t d;
  bool single; /* a Gaussian: the derivative is the same everywhere */
  bool dear;   /* on the line, and no Gaussian mixture */
  fc_random random, drawn;
  fc_flow_norm *norm;
  fc_starts *starts;
  fc_time time[2][1]; /* by end */
  fc_schedule_value at[2][1];
  double scale[2]; /* length on which p varies at that end */
  double sigma;
  fc_ptr x;
  fc_flow_candidate *candidates; /* in the order of their making */
  double *points;
  size_t count, capacity;
  fc_error failure; /* how far the last start got whose budget was spent, or no
                       message */
  /* what a running descent climbs */
  fc_flow_end end, start;
} fc_flow_search;

fc_status fc_flow_search_init(fc_flow_search *search, const fc_target *target,
                              const fc_schedule *schedule,
                              const fc_random *random, fc_error *error);
void fc_flow_search_clear(fc_flow_search *search);

/* Starts afresh between two times: structured starts, grid or random points.
 * Fails as fc_flow_set_times does. */
fc_status fc_flow_search_begin(fc_flow_search *search,
                               const fc_flow_moment *earlier,
                               const fc_flow_moment *later);

/* Adds what local search finds for the flow that starts at that end. */
void fc_flow_search_improve(fc_flow_search *search, fc_flow_end start);

#endif
