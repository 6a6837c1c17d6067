/* Counter-based random numbers: the i-th number of a stream is a pure function
 * of the stream's key and i, so that results depend neither on threads nor on
 * shards.  Streams are keyed by a seed and two names (check and instance). */
#ifndef FC_BASE_RANDOM_H
#define FC_BASE_RANDOM_H

#include <stdint.h>

typedef struct fc_random {
  uint64_t key;
  uint64_t counter;
} fc_random;

void fc_random_init(fc_random *random, uint64_t seed, const char *check,
                    const char *instance);

/* The stream that belongs to a place (any 64 bits) within this one; it does not
 * depend on what was drawn before. */
fc_random fc_random_branch(const fc_random *random, uint64_t place);

/* The next 64 bits. */
uint64_t fc_random_bits(fc_random *random);

/* Uniform on [0, 1): a multiple of 2^-53. */
double fc_random_uniform(fc_random *random);

/* Standard normal (Box-Muller), for placing search points. */
double fc_random_normal(fc_random *random);

#endif
