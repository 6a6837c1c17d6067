/* Optimal transport between two laws on finitely many points of R^d for the
 * cost |x - y|^2, with a proof of optimality.
 *
 * An approximate solution is searched in binary64: the network simplex on a
 * sparse graph of candidate pairs, to which all pairs that improve it are added
 * until there are none.  Its basis is then taken into MPFR: exact costs give
 * the potentials u, v; every pair of points is looked at (in binary64 with an
 * error bound, and in MPFR where that leaves the sign of the reduced cost
 * open); and by weak duality
 *
 *   Sum a_i u_i + Sum b_j v_j + min(0, min_ij (c_ij - u_i - v_j))
 *       <= W_2^2 <= Sum plan_ij c_ij,
 *
 * all with directed rounding.  So the answer is enclosed, whatever the search
 * did; where the two sides differ by more than was asked for, pairs with a
 * negative reduced cost go back to the simplex, with their exact reduced costs
 * as new costs.
 *
 * Clouds are scaled by a power of two, and coordinates in which they lie far
 * apart, or far from 0, are centred (the cross terms of |x - y|^2 depend on the
 * marginals alone), so that neither huge nor tiny coordinates, nor distant
 * clouds, cost accuracy.  Memory is proportional to the number of points.
 */
#ifndef FC_TRANSPORT_DISCRETE_H
#define FC_TRANSPORT_DISCRETE_H

#include "arith/arith.h"
#include "base/status.h"

#define FC_DISCRETE_MAX_POINTS 100000
#define FC_DISCRETE_MAX_DIMENSION 4096

typedef struct fc_discrete {
  size_t count;
  size_t dimension;
  fc_srcptr points;  /* count*dimension numbers of ctx, row by row, finite */
  const fc_ctx *ctx; /* FC_DOUBLE or FC_MPFR */
  const int64_t *masses; /* > 0, with a total of at most 2^62; NULL: 1 each */
} fc_discrete;

/* Mass that goes from a point of the first law to one of the second. */
typedef struct fc_flow_of_mass {
  size_t from;
  size_t to;
  int64_t mass;
} fc_flow_of_mass;

typedef struct fc_transport {
  mpfr_t lower; /* proved bounds on W_2^2 */
  mpfr_t upper;
  fc_flow_of_mass *plan; /* of the upper bound; masses > 0 */
  size_t plan_count;
  int64_t total;  /* mass of either law */
  size_t pivots;  /* of the simplex */
  size_t rounds;  /* of adding pairs */
  size_t arcs;    /* candidate pairs */
  size_t checked; /* pairs whose reduced cost was evaluated in MPFR */
} fc_transport;

/* bits: upper - lower <= 2^-bits upper is aimed at, reached save where so many
 * pairs are tied that not all can be evaluated in MPFR, and the bounds are then
 * about d^2 2^-94 of the clouds' squared diameter apart.  FC_SHAPE (no points,
 * different dimensions), FC_VALUE (a coordinate that is not finite, a mass that
 * is not positive, different totals), FC_LIMIT, FC_MEMORY.  Clear on FC_OK. */
fc_status fc_transport_solve(fc_transport *transport, const fc_discrete *p,
                             const fc_discrete *q, long bits, fc_error *error);
void fc_transport_clear(fc_transport *transport);

/* Widens the bounds for laws whose masses differ from those given by `defect`
 * in total variation, both laws together: that much mass may be led elsewhere,
 * at the largest cost at most. */
void fc_transport_misplace(fc_transport *transport, const fc_discrete *p,
                           const fc_discrete *q, const mpfr_t defect);

#endif
