/* Points at which an eigenvalue of grad v(t, .) is likely to be extreme: they
 * know the structure of the target.  With landmarks l_k (component means, ends
 * and middles of pieces):
 *   images       b l_k
 *   pair points  where components i and j of an equal isotropic mixture have
 *                equal responsibility, on the line through their images (the
 *                maximiser of a two-point mixture, any weights); else midpoints
 *   centre       b (sum l_k)/n
 *   tails        beyond each image, seen from the centre, so far out that the
 *                other components have no weight left at working precision
 * The same list in the same order comes out in every context.
 */
#ifndef FC_SUPREMA_STARTS_H
#define FC_SUPREMA_STARTS_H

#include "target/target.h"

typedef struct fc_starts fc_starts;

fc_status fc_starts_new(fc_starts **starts, const fc_target *target,
                        const fc_ctx *ctx);
void fc_starts_free(fc_starts *starts); /* NULL is allowed */

size_t fc_starts_count(const fc_starts *starts);

/* Writes the i-th start for a, b into x (d numbers); entries may be NaN where
 * it does not exist (b = 0 and unequal weights). */
void fc_starts_get(fc_ptr x, fc_starts *starts, size_t i, fc_srcptr a,
                   fc_srcptr b);

/* True where the i-th start is a pair point. */
bool fc_starts_is_pair(const fc_starts *starts, size_t i);

/* The landmarks (row by row) and their number. */
fc_srcptr fc_starts_landmarks(const fc_starts *starts, size_t *count);

/* sigma of the target's equal isotropic components, 1 where there is none: the
 * length on which p_t varies is sqrt(a^2 + sigma^2 b^2). */
double fc_starts_deviation(const fc_target *target, const fc_ctx *ctx);

#endif
