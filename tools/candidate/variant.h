/* Fields that are wrong on purpose: what comes out when a usual mistake is
 * made, in binary64, to be set beside a candidate's values. */
#ifndef FC_TOOLS_CANDIDATE_VARIANT_H
#define FC_TOOLS_CANDIDATE_VARIANT_H

#include "candidate/points.h"

/* What is evaluated in place of the quantity. */
typedef enum fc_output {
  FC_OUTPUT_SAME,
  FC_OUTPUT_VELOCITY,
  FC_OUTPUT_SCORE,
  FC_OUTPUT_MEAN,    /* E[X_1 | X_t = x] */
  FC_OUTPUT_POINT,   /* x itself */
  FC_OUTPUT_BACKWARD /* flows: X_{t,s} */
} fc_output;

typedef struct fc_variant {
  const fc_target *target;
  const fc_schedule *schedule;
  fc_output output;
  bool swapped;     /* a and b change places */
  bool reversed;    /* 1 - t in place of t */
  double low, high; /* times are clipped to [low, high] */
  double factor;
} fc_variant;

/* The field as it should be. */
fc_variant fc_variant_plain(const fc_subject *subject);

typedef struct fc_variant_engine fc_variant_engine;

fc_status fc_variant_new(fc_variant_engine **engine, const fc_variant *variant,
                         const fc_subject *subject);
void fc_variant_free(fc_variant_engine *engine); /* NULL is allowed */

/* value (d numbers) at a point; NaN where it has none. */
void fc_variant_eval(double *value, fc_variant_engine *engine, double s,
                     double t, const double *x);

/* Clips times to another range from now on. */
void fc_variant_clip(fc_variant_engine *engine, double low, double high);

#endif
