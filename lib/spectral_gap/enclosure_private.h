/* What binary64 found and balls prove; private to this folder. */
#ifndef FC_SPECTRAL_GAP_ENCLOSURE_PRIVATE_H
#define FC_SPECTRAL_GAP_ENCLOSURE_PRIVATE_H

#include "spectral_gap/ball_law.h"
#include "spectral_gap/enclosure.h"
#include "spectral_gap/panels.h"

typedef struct fc_poincare_guess {
  fc_panels panels[1];
  double *f, *df; /* the first eigenfunction at the nodes */
  double lower;   /* Rayleigh's quotient of it */
} fc_poincare_guess;

/* The halves of the enclosure, numbers of law->real: a lower bound low of C_P
 * and an upper bound high, true whatever the guess says. */
fc_status fc_rayleigh_below(fc_ptr low, const fc_ball_law *law,
                            const fc_poincare_guess *guess);
fc_status fc_barta_above(fc_ptr high, fc_ball_law *law,
                         const fc_poincare_guess *guess);

#endif
