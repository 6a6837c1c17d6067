#include "base/closest.h"

#include <string.h>

#define MAX_NAME 64

static size_t least(size_t x, size_t y) { return x < y ? x : y; }

/* Edit distance (insert, delete, replace; Levenshtein), row by row. */
static size_t distance(const char *x, size_t nx, const char *y, size_t ny) {
  size_t row[MAX_NAME + 1];
  for (size_t j = 0; j <= ny; j++)
    row[j] = j;
  for (size_t i = 1; i <= nx; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= ny; j++) {
      size_t above = row[j];
      size_t replaced = diagonal + (x[i - 1] != y[j - 1]);
      row[j] = least(replaced, least(above, row[j - 1]) + 1);
      diagonal = above;
    }
  }
  return row[ny];
}

const char *fc_closest_name(const char *word, const char *const *candidates,
                            size_t count) {
  const char *best = NULL;
  size_t best_distance = 0;
  size_t length = strlen(word);
  if (length == 0 || length > MAX_NAME)
    return NULL;
  for (size_t i = 0; i < count; i++) {
    size_t other = strlen(candidates[i]);
    if (other == 0 || other > MAX_NAME)
      continue;
    size_t allowed = ((length > other ? length : other) + 2) / 3;
    size_t d = distance(word, length, candidates[i], other);
    if (d <= allowed && d < (length > other ? length : other) &&
        (!best || d < best_distance)) {
      best = candidates[i];
      best_distance = d;
    }
  }
  return best;
}
