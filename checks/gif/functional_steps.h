/* The displayed steps on p. 38 (proof of Proposition 5.3) for two test
 * functions of the first coordinate; see functional_steps.c. */
#ifndef FC_CHECKS_GIF_FUNCTIONAL_STEPS_H
#define FC_CHECKS_GIF_FUNCTIONAL_STEPS_H

#include "claims/claim.h"

typedef enum fc_step {
  FC_STEP_FIRST,     /* the first displayed inequality, f = sin kx */
  FC_STEP_SECOND,    /* the second, f = exp(cx) */
  FC_STEP_POINTWISE, /* Cauchy-Schwarz at each x, then integrated, f = sin kx */
  FC_STEP_HALF,      /* a control: half of that */
  FC_STEP_QUADRATURE /* the left side of the first, by quadrature */
} fc_step;

typedef struct fc_step_detail {
  fc_step step;
  const char *(*refuses)(const fc_job *job);
} fc_step_detail;

/* A measure function; the claim's detail is an fc_step_detail. */
fc_status fc_measure_step(const fc_job *job, const fc_claim *claim,
                          fc_error *error);

/* The first coordinate of nu is a Gaussian mixture with a density, or the law
 * is on the line. */
const char *fc_needs_step(const fc_job *job);
/* A Gaussian mixture on the line. */
const char *fc_needs_step_on_line(const fc_job *job);

#endif
