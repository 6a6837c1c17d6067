/* Numbers in ascending order. */
#ifndef FC_BASE_SORT_H
#define FC_BASE_SORT_H

#include <stddef.h>

/* In place; numbers may be NULL where count is 0.  Without NaN. */
void fc_sort_doubles(double *numbers, size_t count);

#endif
