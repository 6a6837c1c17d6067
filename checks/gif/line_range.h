/* Where on the line the posterior weight matters, in binary64; private to the
 * quadrature. */
#ifndef FC_CHECKS_GIF_LINE_RANGE_H
#define FC_CHECKS_GIF_LINE_RANGE_H

#include "claims/pointwise.h"

enum { FC_LINE_SEGMENTS = 64 };

/* [lower, upper], cut from a smooth stretch of nu; an end that is an end of a
 * piece of nu is the landmark of that index, else -1. */
typedef struct fc_line_segment {
  double lower, upper;
  long lower_landmark, upper_landmark;
} fc_line_segment;

typedef struct fc_line_range {
  fc_ctx ctx[1]; /* binary64 */
  fc_posterior *nu;
  fc_num zero, one, place;
  double a, b, x;
  bool smooth;   /* nu is smooth on the whole line */
  double top;    /* log of the weight near its maximum */
  double depth;  /* what lies so far below it (in nats) does not count */
  double width;  /* the smallest scale of the weight, where smooth */
  double centre; /* a point where the weight is large */
  fc_line_segment segments[FC_LINE_SEGMENTS];
  size_t count;
} fc_line_range;

fc_status fc_line_range_init(fc_line_range *range, fc_workspace *workspace,
                             double depth);
void fc_line_range_clear(fc_line_range *range);

/* True where nu is smooth on the whole line: beta exists (full support, U'' <=
 * beta) and the score does not jump at a landmark. */
bool fc_line_is_smooth(const fc_target *target);

/* log w(y), -infinity outside the support. */
double fc_line_log_weight(fc_line_range *range, double y);

#endif
