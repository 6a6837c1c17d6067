#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

bool fc_grow(void *array, size_t *capacity, size_t count, size_t size) {
  if (count < *capacity)
    return true;
  size_t room = *capacity ? 2 * *capacity : FIRST_ROOM;
  void *items; /* copied: pointers of other types may not be read as void * */
  memcpy(&items, array, sizeof items);
  void *larger = room > (size_t)-1 / size ? NULL : realloc(items, room * size);
  if (!larger)
    return false;
  memcpy(array, &larger, sizeof larger);
  *capacity = room;
  return true;
}
