/* The proof of a basis: potentials from exact costs, the sign of every reduced
 * cost, and the two bounds (discrete.h).  Private to this folder. */
#ifndef FC_TRANSPORT_PROOF_H
#define FC_TRANSPORT_PROOF_H

#include "transport/close.h"

typedef struct fc_proof {
  const fc_frame *frame;
  fc_search *search;
  long precision;
  mpfr_t *potentials; /* of the nodes of the simplex */
  fc_close close;
  mpfr_t violation; /* min(0, least reduced cost), rounded down */
  mpfr_t lower;     /* of the total cost, in the frame */
  mpfr_t upper;
  size_t checked; /* pairs that were evaluated in MPFR */
} fc_proof;

/* Clear also where it failed. */
fc_status fc_proof_init(fc_proof *proof, const fc_frame *frame,
                        fc_search *search);
void fc_proof_clear(fc_proof *proof);

/* Proves the basis of the search, and improves it, until upper - lower <=
 * 2^-bits upper, or there are too many close pairs for that. */
fc_status fc_proof_run(fc_proof *proof, long bits);

#endif
