/* Arrays that grow. */
#ifndef FC_BASE_GROW_H
#define FC_BASE_GROW_H

#include <stdbool.h>
#include <stddef.h>

/* Room for one more item.  array: the address of the pointer to `count` items
 * of `size` bytes with room for *capacity of them (NULL and 0 at first;
 * malloc'd, the caller frees it).  Where it is full the room doubles.  false
 * where memory ran out: array and capacity are then as before. */
bool fc_grow(void *array, size_t *capacity, size_t count, size_t size);

#endif
