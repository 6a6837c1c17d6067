/* Where exp(-U) times a factor of the noise is, in binary64: private to this
 * folder.  Nothing that is proved rests on it: it says where to cut, how to
 * scale and what size to expect.
 */
#ifndef FC_TARGET_DENSITY_PLACE_H
#define FC_TARGET_DENSITY_PLACE_H

#include "target/density.h"

/* With w = (x - b y)/a. */
typedef enum fc_noise_factor {
  FC_FACTOR_NONE,  /* 1 */
  FC_FACTOR_NOISE, /* exp(-w^2/2) */
  FC_FACTOR_BELOW, /* Phi(w) */
  FC_FACTOR_ABOVE  /* Phi(-w) */
} fc_noise_factor;

typedef struct fc_density_place {
  const fc_density *density;
  fc_noise_factor factor;
  double a, b, x;
  double ends[2]; /* of the range: those of the support, or inside it */
  /* places are offsets from the origin: y = origin + offset */
  double origin, rest;        /* rest = x - b origin */
  double reference;           /* offset at which the factor counts as 1 */
  double peak, weight, scale; /* where the weight is largest, its log there, and
                                 how far about it that falls by 1/2 */
} fc_density_place;

/* The noise is narrow and x/b inside the support: the origin should be x/b,
 * with as many bits as there are, and rest about 0. */
bool fc_place_is_narrow(const fc_density_place *place);

/* Sets reference, peak, weight and scale; false where nothing is found. */
bool fc_place_search(fc_density_place *place);

/* Makes the peak the origin and the reference, and looks once more. */
void fc_place_move(fc_density_place *place);

/* The log of the weight at an offset, relative to the factor at the reference;
 * -infinity off the support. */
double fc_place_weight(const fc_density_place *place, double offset);

/* The offset on one side (-1, 1) of the peak beyond which the weight times
 * |offset - peak|^(order + 1) is e^-nats of what it is at the peak; +-infinity
 * where the support ends before. */
double fc_place_reach(const fc_density_place *place, int side, double nats,
                      int order);

#endif
