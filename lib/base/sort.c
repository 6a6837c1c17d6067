#include "base/sort.h"

#include <stdlib.h>

static int compare(const void *p, const void *q) {
  double x = *(const double *)p, y = *(const double *)q;
  return (x > y) - (x < y);
}

void fc_sort_doubles(double *numbers, size_t count) {
  if (count > 1)
    qsort(numbers, count, sizeof *numbers, compare);
}
