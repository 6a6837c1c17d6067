/* Quotients as products of irreducible polynomials; private to this folder. */
#ifndef FC_PROOF_FACTOR_H
#define FC_PROOF_FACTOR_H

#include "proof/sign.h"

/* sign * product text^power, powers not 0, leading coefficients positive;
 * whole numbers may be among the texts.  The quotient is not 0. */
typedef struct fc_product {
  int sign;
  struct {
    fmpz_mpoly_t text;
    long power;
  } items[FC_SIGN_FACTORS];
  long count;
} fc_product;

/* FC_LIMIT where there are too many factors. */
fc_status fc_product_of(fc_product *product, const fc_rational *quotient,
                        const fc_ring *ring);
void fc_product_clear(fc_product *product, const fc_ring *ring);

#endif
