/* Extreme eigenvalues of grad v(t, x) over x in R^d, at one time.
 *
 * A multi-start search in binary64 (structured and random starts, GSL's simplex
 * method on the best), then the winners evaluated in the working context, where
 * the one that decides is polished.  What comes out is a *lower estimate* of
 * the supremum (an upper estimate of the infimum) with the point at which it is
 * taken: it can refute a bound, never prove one.
 */
#ifndef FC_SUPREMA_EXTREMUM_H
#define FC_SUPREMA_EXTREMUM_H

#include "base/random.h"
#include "schedule/schedule.h"
#include "target/target.h"

typedef enum fc_side { FC_SMALLEST, FC_LARGEST } fc_side;

/* An extreme eigenvalue and where it was found; owned numbers of the context
 * that it was initialised with. */
typedef struct fc_extremum {
  fc_num value;
  fc_ptr x;       /* d */
  double value_d; /* the same at the same point in binary64 */
  double noise_d; /* what rounding in a matrix of that norm may do to it */
  double error_d; /* how far binary64 may be off there: a stated goal, generous
                     in the condition of the matrix, not a proof */
  bool found;
} fc_extremum;

fc_status fc_extremum_init(fc_extremum *extremum, size_t d, const fc_ctx *ctx);
void fc_extremum_clear(fc_extremum *extremum, size_t d, const fc_ctx *ctx);
void fc_extremum_set(fc_extremum *extremum, const fc_extremum *from, size_t d,
                     const fc_ctx *ctx);

typedef struct fc_extremizer fc_extremizer;

/* Binds target and schedule (by reference) to the working context, binary64 or
 * MPFR. */
fc_status fc_extremizer_new(fc_extremizer **extremizer, const fc_target *target,
                            const fc_schedule *schedule, const fc_ctx *ctx,
                            const fc_random *random, fc_error *error);
void fc_extremizer_free(fc_extremizer *extremizer); /* NULL is allowed */

/* The smallest or largest eigenvalue over x at the time `time` (or 1 - time
 * where from_end).  extremum->found is false where no point with a finite
 * Jacobian was found.  warm (may be NULL): an extremum of a neighbouring time
 * whose x is tried as well.  The answer depends on the question alone, not on
 * earlier ones. */
fc_status fc_extremizer_at(fc_extremum *extremum, fc_extremizer *extremizer,
                           double time, bool from_end, fc_side side,
                           const fc_extremum *warm);

/* Newton steps in the working context from where the search ended, at the same
 * time; nothing in binary64. */
fc_status fc_extremizer_polish(fc_extremum *extremum, fc_extremizer *extremizer,
                               double time, bool from_end, fc_side side);

/* value = the smallest or largest eigenvalue at one point, in any real context
 * (in balls an enclosure). */
fc_status fc_eigenvalue_at(fc_ptr value, const fc_target *target,
                           const fc_schedule *schedule, const fc_time *time,
                           fc_srcptr x, fc_side side, const fc_ctx *ctx);

#endif
