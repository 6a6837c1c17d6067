/* The perturbed fields on which gif.velocity-stability judges Proposition 6.2,
 * and exp(int_s^1 theta) for the one-sided bounds of each, as formula text over
 * the names of claims/environment.h. */
#ifndef FC_CHECKS_GIF_STABILITY_FIELDS_H
#define FC_CHECKS_GIF_STABILITY_FIELDS_H

#include "claims/claim.h"
#include "perturbed/deviation.h"

enum { /* the fields */
       FC_FIELD_ALIGNED,
       FC_FIELD_SMOOTH,
       FC_FIELD_MULTIPLICATIVE,
       FC_FIELD_DENOISER,
       FC_FIELD_NOISE,
       FC_FIELD_EULER,
       FC_FIELD_ROUNDED,
       FC_FIELD_COUNT
};

/* What a field is, in words. */
#define FC_ALIGNED_TEXT                                                        \
  "ṽ − v = e/8 exp ∫_t^1 θ, e the widest direction of a Gaussian (for " \
  "several components θ of one alone, e the first axis)"
#define FC_SMOOTH_TEXT "ṽ_i = v_i + sin(x_i + t)/4"
#define FC_MULTIPLICATIVE_TEXT "ṽ = (11/10) v"
#define FC_DENOISER_TEXT "M replaced by M + a²x/4"
#define FC_NOISE_TEXT "M taken at the noise (9/8) a_t"
#define FC_EULER_TEXT "Euler's method with 8 steps"
#define FC_ROUNDED_TEXT "v rounded to 8 bits"

typedef struct fc_stability_field {
  fc_perturbation how;
  bool affine;        /* in x, with one slope, where v is */
  const char *growth; /* >= exp(int_t^1 theta~) */
} fc_stability_field;

/* The class whose constants are used: nu = N(0, sigma^2 I) * rho first, else
 * kappa, beta > 0 and full support; NULL where the target has neither. */
const fc_stability_field *fc_stability_field_of(const fc_job *job, int which);

/* exp(int_t^1 theta) of the unperturbed field, and grad v <= theta. */
const char *fc_stability_growth(const fc_job *job);

/* NULL where v is Lipschitz on all of [0, 1] by one of these classes, and the
 * field smooth; else why not (erratum 8). */
const char *fc_needs_lipschitz_field(const fc_job *job);

#endif
