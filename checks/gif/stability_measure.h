/* Proposition 6.2 in numbers: the engine of gif.velocity-stability. */
#ifndef FC_CHECKS_GIF_STABILITY_MEASURE_H
#define FC_CHECKS_GIF_STABILITY_MEASURE_H

#include "gif/stability_fields.h"

typedef enum fc_stability_form {
  FC_STABILITY_I,    /* along Y, int exp(2 int theta) */
  FC_STABILITY_II,   /* along X, (exp(2 C_3) - 1)/(2 C_3) */
  FC_STABILITY_SHARP /* along X, int exp(2 int theta~) */
} fc_stability_form;

/* What a control does to the factor. */
typedef enum fc_stability_factor {
  FC_FACTOR_STATED,
  FC_FACTOR_TIGHTER, /* times 1 - 2^-20 */
  FC_FACTOR_HALF,
  FC_FACTOR_ONE,   /* 1 in its place */
  FC_FACTOR_SINGLE /* the exponent without its 2 */
} fc_stability_factor;

typedef struct fc_stability_detail {
  int field;
  fc_stability_form form;
  fc_stability_factor factor;
  const char *(*refuses)(const fc_job *job);
} fc_stability_detail;

/* Judges every wanted claim of the job's check that has no measure function;
 * their detail is an fc_stability_detail.  What is measured for a field serves
 * all claims on it. */
fc_status fc_stability_run(const fc_job *job, fc_error *error);

#endif
