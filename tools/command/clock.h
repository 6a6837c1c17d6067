/* Seconds that only ever grow, for progress and time limits. */
#ifndef FC_TOOLS_COMMAND_CLOCK_H
#define FC_TOOLS_COMMAND_CLOCK_H

#include <time.h>

static inline double fc_clock_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
