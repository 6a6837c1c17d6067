/* sup over x of the spectral norm |grad X_{s,t}(x)|, for given s and t, forward
 * (s < t) and backward (s > t; |grad X*_1| is |grad X_{1,0}|).
 *
 * A search in binary64 from both ends: points x at the time s, and points y at
 * the time t, where grad X_{s,t} = (grad X_{t,s}(y))^-1.  The second kind finds
 * what the first cannot: a gap in which p_t is tiny is the image of an interval
 * that no grid hits.  Starts are the structured ones (starts.h) of both times;
 * on the line a grid over each and golden section about its best points, in R^d
 * random points and GSL's simplex method.  The winners are evaluated in the
 * working context, structured ones at their exact place.  A value whose stated
 * error is not small against it is not admissible.
 *
 * What comes out is a *lower estimate* of the supremum with the point at which
 * it is taken: it can refute a bound, never prove one.
 */
#ifndef FC_SUPREMA_FLOW_EXTREMUM_H
#define FC_SUPREMA_FLOW_EXTREMUM_H

#include "base/random.h"
#include "suprema/flow_norm.h"

/* A dyadic time with few bits: t, or 1 - t where from_end. */
typedef struct fc_flow_moment {
  double time;
  bool from_end;
} fc_flow_moment;

void fc_flow_moment_time(fc_time *time, const fc_flow_moment *moment,
                         const fc_ctx *ctx);
/* True where the first is the earlier one. */
bool fc_flow_moment_before(const fc_flow_moment *s, const fc_flow_moment *t);

/* Owned numbers of the context that it was initialised with. */
typedef struct fc_flow_extremum {
  fc_num value; /* |grad X_{s,t}| */
  fc_num error; /* how far that may be off at the point, absolutely */
  fc_ptr point; /* d: x, or X_{s,t}(x) where at_image */
  bool at_image;
  bool found;
  fc_error failure; /* not found: how far a trajectory got whose budget was
                       spent, or no message */
} fc_flow_extremum;

fc_status fc_flow_extremum_init(fc_flow_extremum *extremum, size_t d,
                                const fc_ctx *ctx);
void fc_flow_extremum_clear(fc_flow_extremum *extremum, size_t d,
                            const fc_ctx *ctx);

typedef struct fc_flow_extremizer fc_flow_extremizer;

/* Binds target and schedule (by reference) to the working context, binary64 or
 * MPFR.  Coordinates of points are rounded to that many bits before they are
 * evaluated, so that they can be written down.  FC_UNSUPPORTED where no method
 * of the flow applies. */
fc_status fc_flow_extremizer_new(fc_flow_extremizer **extremizer,
                                 const fc_target *target,
                                 const fc_schedule *schedule, const fc_ctx *ctx,
                                 long bits, const fc_random *random,
                                 fc_error *error);
void fc_flow_extremizer_free(fc_flow_extremizer *extremizer); /* NULL is fine */

/* The supremum from s to t.  extremum->found is false where no admissible point
 * was found, or where the flow does not reach one of the times.  Asking for
 * (t, s) next costs little more.  The answer depends on the question alone. */
fc_status fc_flow_extremizer_at(fc_flow_extremum *extremum,
                                fc_flow_extremizer *extremizer,
                                const fc_flow_moment *s,
                                const fc_flow_moment *t);

/* value, error = |grad X_{s,t}| at a point as an extremum has it, afresh in any
 * real context (in balls an enclosure, error 0).  Fails as fc_flow_eval does,
 * whose message goes to failure (may be NULL). */
fc_status fc_flow_value_at(fc_ptr value, fc_ptr error, const fc_target *target,
                           const fc_schedule *schedule, const fc_flow_moment *s,
                           const fc_flow_moment *t, fc_srcptr point,
                           bool at_image, const fc_ctx *ctx, fc_error *failure);

#endif
