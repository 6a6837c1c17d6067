/* A candidate's values beside the references. */
#ifndef FC_TOOLS_CANDIDATE_ERRORS_H
#define FC_TOOLS_CANDIDATE_ERRORS_H

#include "candidate/reference.h"

enum { FC_WORST = 5 };

typedef enum fc_mark {
  FC_MARK_RIGHT,  /* within the tolerance */
  FC_MARK_WRONG,  /* beyond it */
  FC_MARK_SILENT, /* the candidate gave no number */
  FC_MARK_NONE    /* there is no reference */
} fc_mark;

/* All points with one time. */
typedef struct fc_row {
  double s, t;
  size_t points, right, wrong, silent;
  double error; /* the largest relative one */
} fc_row;

typedef struct fc_errors {
  size_t count;
  double rtol;
  fc_mark *marks;   /* a mark a point */
  double *relative; /* |value - reference| / scale, NaN where silent or none */
  double *ulps; /* the largest error of a coordinate in units in the last place
                   of the largest coordinate of the reference; NaN where that is
                   below 2^-26 of the scale, too */
  size_t right, wrong, silent, none;
  double worst, worst_ulps, median, median_ulps;
  size_t worst_points[FC_WORST], worst_count; /* by relative error */
  fc_row *rows;                               /* in order of (t, s) */
  size_t row_count;
} fc_errors;

/* values: a row a point as in spots. */
fc_status fc_errors_measure(fc_errors *comparison, const double *values,
                            const fc_spots *spots,
                            const fc_reference *reference, double rtol);
void fc_errors_clear(fc_errors *comparison);

#endif
