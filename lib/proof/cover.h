/* Covers of p in [0, 1] that prove the sign of a polynomial; private to this
 * folder. */
#ifndef FC_PROOF_COVER_H
#define FC_PROOF_COVER_H

#include "proof/factor.h"
#include "proof/sign.h"

enum { FC_COVER_BITS = 64 }; /* least precision */

/* All that is evaluated on one leaf at one precision. */
typedef struct fc_cover_room {
  const fc_ring *ring;
  const fc_domain_of_claim *domain;
  fc_product conditions[FC_DOMAIN_CONDITIONS];
  bool usable[FC_DOMAIN_CONDITIONS]; /* homogeneous, and factored */
  fc_interval values[FC_RING_SYMBOLS];
  long precision;
} fc_cover_room;

void fc_cover_room_init(fc_cover_room *room, const fc_ring *ring,
                        const fc_domain_of_claim *domain, long precision);
void fc_cover_room_clear(fc_cover_room *room);

/* Evaluates all symbols on a leaf left or right of 1/2. */
void fc_cover_move(fc_cover_room *room, const fc_leaf *leaf);
/* No point of the leaf is in the domain / all are: both certain. */
bool fc_cover_outside(const fc_cover_room *room);
bool fc_cover_inside(const fc_cover_room *room);
/* Signs of a polynomial on the leaf. */
unsigned fc_cover_signs(const fc_cover_room *room, const fmpz_mpoly_t x);

/* Fills sign, why and leaves of a factor; *undecided is the length in p that is
 * left: 0 where the cover is complete.  *precision grows to the bits used. */
fc_status fc_cover_make(fc_sign_factor *factor, double *undecided,
                        long *precision, const fc_domain_of_claim *domain,
                        const fc_ring *ring);

/* True where the quotient is certainly < 0 on an interval of p all of which is
 * certainly inside the domain: the box. */
bool fc_cover_refute(double box[2], const fc_rational *quotient,
                     const fc_domain_of_claim *domain, const fc_ring *ring);

#endif
