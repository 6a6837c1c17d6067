/* What the values should be: in balls where they can be enclosed, else in MPFR
 * with a stated error. */
#ifndef FC_TOOLS_CANDIDATE_REFERENCE_H
#define FC_TOOLS_CANDIDATE_REFERENCE_H

#include <mpfr.h>

#include "candidate/points.h"

typedef enum fc_footing {
  FC_FOOTING_NONE,     /* no value there: infinite, not defined, not known */
  FC_FOOTING_MPFR,     /* the error is an estimate */
  FC_FOOTING_CERTIFIED /* the error is proved */
} fc_footing;

enum { FC_REFERENCE_BITS = 160 };

typedef struct fc_reference {
  size_t count, d;
  mpfr_t *values;      /* count*d, FC_REFERENCE_BITS each */
  double *rounded;     /* the same, to nearest; NaN without footing */
  double *error;       /* a number a point: how far any coordinate may be off */
  fc_footing *footing; /* a footing a point */
  double *scale; /* the length by which errors are divided: |value|, or the
                    root mean square over the group's random points where
                    that is more */
  double least;  /* values below this count as this large (flows) */
  size_t certified, stated; /* how many of each */
} fc_reference;

fc_status fc_reference_make(fc_reference *reference, const fc_spots *spots,
                            const fc_subject *subject, fc_error *error);
void fc_reference_clear(fc_reference *reference);

#endif
