/* What the displayed steps of p. 38 are made of, for f = sin kx and f = exp(cx)
 * (see functional_steps.c): for mixtures from sums over components in any
 * arithmetic, else by quadrature, in binary64 and MPFR only (FC_UNSUPPORTED).
 */
#ifndef FC_CHECKS_GIF_FUNCTIONAL_NUMBERS_H
#define FC_CHECKS_GIF_FUNCTIONAL_NUMBERS_H

#include "gif/functional_quadrature.h"
#include "gif/functional_steps.h"

/* The first coordinate of nu, and the choice of f and t. */
typedef struct fc_step_study {
  const fc_job *job;
  fc_step which;
  const fc_target *target; /* a factor, or the target */
  size_t count;            /* components; 0: by quadrature */
  double k;                /* frequency or rate */
  double time;             /* t, or 1 - t where from_end */
  bool from_end;
} fc_step_study;

typedef struct fc_step_numbers {
  fc_num a, b, k, q, root, r; /* root = sqrt(1 - q^2) */
  fc_num cosine, twice, j;    /* E cos theta, E cos 2 theta, J */
} fc_step_numbers;

void fc_step_numbers_init(fc_step_numbers *numbers, const fc_ctx *ctx);
void fc_step_numbers_clear(fc_step_numbers *numbers, const fc_ctx *ctx);

/* a, b at the study's time, k, q, root and r. */
fc_status fc_step_numbers_set(fc_step_numbers *numbers,
                              const fc_step_study *study, const fc_ctx *ctx);

/* Then cosine, twice and j. */
fc_status fc_step_expectations(fc_step_numbers *numbers,
                               const fc_step_study *study, const fc_ctx *ctx);

/* left = m(4cb)/m(2cb), right = m(2cb), both divided by exp(2cb shift) where
 * quadrature chose a shift. */
fc_status fc_step_exponentials(fc_ptr left, fc_ptr right,
                               const fc_step_study *study,
                               const fc_step_numbers *numbers,
                               const fc_ctx *ctx);

/* The integrals against nu at the study's time. */
fc_status fc_step_quadrature(double means[FC_STEP_INTEGRALS],
                             const fc_step_study *study,
                             const fc_step_numbers *numbers, const fc_ctx *ctx);

#endif
