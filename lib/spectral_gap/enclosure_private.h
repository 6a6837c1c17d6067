/* What binary64 found and balls prove; private to this folder. */
#ifndef FC_SPECTRAL_GAP_ENCLOSURE_PRIVATE_H
#define FC_SPECTRAL_GAP_ENCLOSURE_PRIVATE_H

#include "spectral_gap/enclosure.h"
#include "spectral_gap/panels.h"

struct fc_poincare_guess {
  fc_panels panels[1];
  double *f, *df; /* the first eigenfunction at the nodes */
  double lower;   /* Rayleigh's quotient of it */
  size_t count;   /* the mixture in binary64 */
  double *weights, *means, variance;
};

#endif
