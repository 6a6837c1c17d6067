#include "scale.h"

#include <math.h>
#include <stdlib.h>

/* The step 1, 2 or 5 times a power of ten that makes about count ticks. */
static double round_step(double range, int count) {
  double raw = range / count;
  double power = pow(10, floor(log10(raw)));
  double lead = raw / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static void place_ticks(fc_scale *scale) {
  double range = scale->high - scale->low;
  double step = round_step(range, 6);
  if (scale->logarithmic && step < 1)
    step = 1;
  double first = ceil(scale->low / step - 1e-9);
  scale->tick_count = 0;
  for (int i = 0; i < FC_TICKS_MAX; i++) {
    double tick = (first + i) * step;
    if (tick > scale->high + 1e-9 * range)
      break;
    scale->ticks[scale->tick_count++] =
        scale->logarithmic ? pow(10, tick) : tick;
  }
}

void fc_scale_linear(fc_scale *scale, double low, double high) {
  scale->low = low;
  scale->high = high;
  scale->logarithmic = scale->cut = false;
  place_ticks(scale);
}

static int ascending(const void *left, const void *right) {
  double x = *(const double *)left, y = *(const double *)right;
  return (x > y) - (x < y);
}

/* Leaves out the outer values at either end, `left_out` of them, where that
 * makes the axis ten times shorter. */
static void cut_outliers(fc_scale *scale, const double *values, size_t count,
                         size_t left_out) {
  double low = values[left_out], high = values[count - 1 - left_out];
  double inner = high - low;
  /* Not down to a cluster of nearly equal values. */
  if (!(inner > 0.01 * fmax(fabs(low), fabs(high))) ||
      scale->high - scale->low < 10 * inner)
    return;
  if (low - scale->low > 2 * inner)
    scale->low = low - inner / 2;
  if (scale->high - high > 2 * inner)
    scale->high = high + inner / 2;
  scale->cut = true;
}

void fc_scale_choose(fc_scale *scale, double *values, size_t count) {
  qsort(values, count, sizeof *values, ascending);
  scale->low = values[0];
  scale->high = values[count - 1];
  scale->cut = false;
  scale->logarithmic = scale->low > 0 && scale->high / scale->low >= 1000;
  if (scale->logarithmic) {
    scale->low = log10(scale->low);
    scale->high = log10(scale->high);
  } else /* a bound that blows up takes a good part of the values with it */
    for (size_t part = 20; part >= 4; part -= 4)
      cut_outliers(scale, values, count, count / part);
  /* Half the values first: the difference of two huge ones may overflow. */
  double range = scale->high / 2 - scale->low / 2;
  double least = 1e-9 * fmax(fabs(scale->low), fabs(scale->high));
  double margin = range > least ? range / 10 : fmax(least * 1e8, 1e-12);
  scale->low = fmax(scale->low - margin, -8e307);
  scale->high = fmin(scale->high + margin, 8e307);
  place_ticks(scale);
}

double fc_scale_place(const fc_scale *scale, double value) {
  if (scale->logarithmic)
    value = log10(value);
  double place = (value - scale->low) / (scale->high - scale->low);
  return fmin(fmax(place, -10), 11);
}
