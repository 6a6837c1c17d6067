/* What the mistake is likely to be: the variants (variant.h) that explain the
 * values of a candidate where they are wrong, without spoiling them where they
 * are right. */
#ifndef FC_TOOLS_CANDIDATE_DIAGNOSIS_H
#define FC_TOOLS_CANDIDATE_DIAGNOSIS_H

#include "candidate/errors.h"

enum { FC_FINDINGS_MAX = 8 };

typedef struct fc_finding {
  char mistake[32]; /* "sign", "factor", "schedule", "clipped-time", ... */
  char text[240];
  size_t explained, wrong; /* so many of the wrong values */
} fc_finding;

typedef struct fc_diagnosis {
  fc_finding findings[FC_FINDINGS_MAX]; /* best first; empty: no explanation */
  size_t count;
} fc_diagnosis;

fc_status fc_diagnose(fc_diagnosis *diagnosis, const double *values,
                      const fc_spots *spots, const fc_reference *reference,
                      const fc_errors *comparison, const fc_subject *subject);

#endif
