/* Two clouds in coordinates in which their squared distances can be formed:
 * scaled by a power of two and centred.  Private to this folder.
 *
 *   x = 2^scale (X + shift_p),  y = 2^scale (Y + shift_q),  |X_k|, |Y_k| <= 1,
 *
 * and with D = shift_p - shift_q, means over the masses,
 *
 *   E|x - y|^2 = 4^scale (E|X - Y|^2 + offset),
 *   offset = |D|^2 + 2 <D, E X - E Y>,
 *
 * for every coupling. */
#ifndef FC_TRANSPORT_FRAME_H
#define FC_TRANSPORT_FRAME_H

#include "transport/discrete.h"

typedef struct fc_frame_cloud {
  size_t count;
  mpfr_t *exact;   /* X, row by row */
  double *rounded; /* nearest binary64 */
  int64_t *masses;
  /* Points that coincide are one here.  member[first[i]]..: the numbers of
   * the caller's points that point i stands for. */
  uint32_t *member;
  uint32_t *first; /* count + 1 */
} fc_frame_cloud;

typedef struct fc_frame {
  size_t dimension;
  long precision; /* of X, Y */
  long scale;
  fc_frame_cloud p;
  fc_frame_cloud q;
  int64_t total;
  bool exact;          /* no coordinate was rounded */
  mpfr_t offset_lower; /* offset, enclosed */
  mpfr_t offset_upper;
} fc_frame;

/* Errors as fc_transport_solve. */
fc_status fc_frame_init(fc_frame *frame, const fc_discrete *p,
                        const fc_discrete *q, long precision, fc_error *error);
void fc_frame_clear(fc_frame *frame);

/* Moves lower down and upper up (either may be NULL; bounds on E|X - Y|^2 +
 * offset) by what the rounding of coordinates, if any, may do to them for
 * couplings with E|X - Y|^2 <= cost (NULL: for all). */
void fc_frame_widen(mpfr_ptr lower, mpfr_ptr upper, mpfr_srcptr cost,
                    const fc_frame *frame);

/* z = |X_i - Y_j|^2, rounded in the given direction at the precision of z. */
void fc_frame_cost(mpfr_t z, const fc_frame *frame, size_t i, size_t j,
                   mpfr_rnd_t rounding);

#endif
