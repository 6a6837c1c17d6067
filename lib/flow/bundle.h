/* The set representation of the validated integrator: Lohner's, a midpoint and
 * a parallelepiped about it; private to this folder, Arb only.
 *
 * Columns w_0, ..., w_(n-1) of R^d, each known to lie in
 *   m_c + B r_c,  m_c an exact point, B one exact matrix for all columns, with
 *                 orthogonal columns up to rounding, r_c a box about 0.
 * Under w -> A w, A a ball matrix, B becomes the Q of mid(A) B = Q R, its
 * columns taken in the order of what they carry, so that a box that is turned
 * and squeezed is not wrapped into an upright one at every step.  Q is only
 * nearly orthogonal; its inverse is enclosed as (I + [e]) Q^T with e from
 * |I - Q^T Q|.
 */
#ifndef FC_FLOW_BUNDLE_H
#define FC_FLOW_BUNDLE_H

#include "arith/arb_compat.h"

typedef struct fc_bundle {
  size_t d, columns;
  arb_ptr m; /* d*columns: m_c[i] = m[c*d + i] */
  arb_ptr b; /* d*d, row by row */
  arb_ptr r; /* d*columns: like m */
  arb_ptr storage;
  slong numbers;
  arb_ptr product, inverse, next, turned; /* d*d: A B, B'^-1, B', B'^-1 A B */
  arb_ptr image, error;                   /* d*columns, d */
  arb_ptr row;                            /* d */
} fc_bundle;

void fc_bundle_init(fc_bundle *bundle, size_t d, size_t columns);
void fc_bundle_clear(fc_bundle *bundle);              /* also of zeros */
void fc_bundle_set(fc_bundle *z, const fc_bundle *x); /* of the same size */

/* Columns from balls: midpoints, and B = I. */
void fc_bundle_start(fc_bundle *bundle, arb_srcptr columns);

/* z = a box around column c (d balls). */
void fc_bundle_hull(arb_ptr z, const fc_bundle *bundle, size_t c,
                    slong precision);

/* The columns from 1 on are multiplied by A (d*d, row by row); column 0 goes to
 * `image` + A (w_0 - m_0), image a box (d). */
void fc_bundle_advance(fc_bundle *bundle, arb_srcptr a, arb_srcptr image,
                       slong precision);

#endif
