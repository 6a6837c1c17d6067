/* Random samples of the laws that a ring of narrow Gaussians has to do with
 * (ring.h), and their empirical W_2. */
#ifndef FC_CHECKS_GIF_RING_SAMPLE_H
#define FC_CHECKS_GIF_RING_SAMPLE_H

#include "base/random.h"
#include "gif/ring.h"

/* count points of X_{0,1}#N(0, a_0^2 I), row by row. */
fc_status fc_ring_draw_image(double *points, size_t count, const fc_ring *ring,
                             const fc_target *target,
                             const fc_schedule *schedule, fc_random *random,
                             fc_error *error);

/* How many of them lie in each sector (ring->count numbers). */
void fc_ring_census(long *census, const fc_ring *ring, const double *points,
                    size_t count);

/* The same for points of X_{0,1}#N(0, a_0^2 I) without carrying them: X_{0,1}
 * keeps sectors. */
void fc_ring_census_of_image(long *census, const fc_ring *ring, size_t count,
                             fc_random *random);

/* W_2 between two samples of count points each with these censuses, whose
 * points are at most r away from the means of their sectors: with m the least
 * number of steps to neighbouring sectors that levels the censuses, over count,
 * and chord_k the distance of modes k steps apart,
 *   m min_k (chord_k - 2r)^2/k <= W_2^2 <= m (chord_1 + 2r)^2 + (2r)^2. */
typedef struct fc_ring_bounds {
  double lower, upper; /* on W_2 */
} fc_ring_bounds;
fc_ring_bounds fc_ring_census_w2(const fc_ring *ring, const long *p,
                                 const long *q, size_t count, double r);

/* W_2 between two samples of the plane, row by row, solved with proof
 * (lib/transport/samples.h); *error as stated there. */
fc_status fc_plane_w2(double *w2, double *w2_error, const double *p,
                      const double *q, size_t count, fc_error *error);

#endif
