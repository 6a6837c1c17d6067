/* Axes of figures: which values fit, where they land, where the ticks are. */
#ifndef FC_REPORTS_SCALE_H
#define FC_REPORTS_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#define FC_TICKS_MAX 16

typedef struct fc_scale {
  double low, high; /* in powers of ten where logarithmic */
  bool logarithmic;
  bool cut; /* some values lie outside */
  double ticks[FC_TICKS_MAX];
  int tick_count;
} fc_scale;

/* Linear from low to high, which need not be round. */
void fc_scale_linear(fc_scale *scale, double low, double high);

/* Chooses for count > 0 finite values, which it sorts: logarithmic where all
 * are positive and span three decades or more; cut where a few of them are far
 * beyond the others. */
void fc_scale_choose(fc_scale *scale, double *values, size_t count);

/* Where a value lies: 0 at low, 1 at high; values far outside are brought to
 * -10 and 11.  value > 0 where logarithmic. */
double fc_scale_place(const fc_scale *scale, double value);

#endif
