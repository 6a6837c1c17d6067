/* Suggestions for misspelt names. */
#ifndef FC_BASE_CLOSEST_H
#define FC_BASE_CLOSEST_H

#include <stddef.h>

/* The candidate with the smallest edit distance from word (the first among
 * equals), or NULL where none is close enough to be what was meant: at most
 * one edit for every three letters begun of the longer one.  Candidates and
 * words of more than 64 bytes are never close. */
const char *fc_closest_name(const char *word, const char *const *candidates,
                            size_t count);

#endif
