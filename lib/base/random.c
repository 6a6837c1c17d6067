#include "base/random.h"

#include <math.h>

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014), a bijection of 64 bits
 * that passes the usual test batteries when fed with a counter. */
static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static uint64_t absorb(uint64_t key, const char *name) {
  for (; *name; name++)
    key = mix(key + (unsigned char)*name + UINT64_C(0x9e3779b97f4a7c15));
  return mix(key ^ UINT64_C(0xa0761d6478bd642f));
}

void fc_random_init(fc_random *random, uint64_t seed, const char *check,
                    const char *instance) {
  random->key = absorb(absorb(mix(seed), check), instance);
  random->counter = 0;
}

fc_random fc_random_branch(const fc_random *random, uint64_t place) {
  return (fc_random){mix(random->key ^ mix(place + 1)), 0};
}

uint64_t fc_random_bits(fc_random *random) {
  uint64_t i = ++random->counter;
  return mix(random->key + i * UINT64_C(0x9e3779b97f4a7c15));
}

double fc_random_uniform(fc_random *random) {
  return (double)(fc_random_bits(random) >> 11) * 0x1p-53;
}

double fc_random_normal(fc_random *random) {
  double radius = sqrt(-2.0 * log(1.0 - fc_random_uniform(random)));
  return radius * cos(6.283185307179586 * fc_random_uniform(random));
}
