/* What a test of a candidate found, for people and as JSON. */
#ifndef FC_TOOLS_CANDIDATE_REPORT_H
#define FC_TOOLS_CANDIDATE_REPORT_H

#include "candidate/claims.h"
#include "candidate/diagnosis.h"
#include "candidate/distances.h"

typedef struct fc_test {
  fc_subject subject;
  fc_candidate candidate[1];
  const char *candidate_text; /* as given */
  double rtol;
  fc_spots spots;
  double *values;
  fc_reference reference;
  fc_errors comparison;
  fc_diagnosis diagnosis;
  fc_slope_verdict slope;
  fc_law_verdict law;
  fc_distances distances; /* of W_2 alone */
  char *replay;           /* the command */
} fc_test;

/* "within", "beyond", "silent". */
const char *fc_test_verdict(const fc_test *test);

void fc_test_text(fc_text *out, const fc_test *test);
void fc_test_json(fc_text *out, const fc_test *test);

#endif
