/* A pool of processes: each unit of work runs in a child of its own, so that a
 * check that crashes, hangs or exhausts its memory costs its own records and
 * nothing else.  What a unit writes comes back whole, in the order of the
 * units, whatever the number of processes.
 */
#ifndef FC_TOOLS_COMMAND_POOL_H
#define FC_TOOLS_COMMAND_POOL_H

#include <stddef.h>

#include "base/text.h"

typedef enum fc_unit_end {
  FC_UNIT_DONE,    /* exit status 0 */
  FC_UNIT_FAILED,  /* another exit status */
  FC_UNIT_CRASHED, /* ended by a signal */
  FC_UNIT_TIMEOUT  /* killed after its time */
} fc_unit_end;

typedef struct fc_pool {
  size_t count;       /* units */
  int jobs;           /* processes at once, >= 1 */
  double time_budget; /* seconds a unit may take; <= 0: no limit */
  /* In the child: does unit i, writes to the descriptor, returns an exit
   * status. */
  int (*work)(void *closure, size_t i, int descriptor);
  /* In the parent, in the order of i: what came of unit i; status is the exit
   * status or the signal. */
  void (*done)(void *closure, size_t i, fc_unit_end end, int status,
               fc_text *output);
  /* In the parent, whenever something ended or twice a second. */
  void (*tick)(void *closure, size_t finished, size_t running);
  void *closure;
} fc_pool;

/* False, with nothing left running, where no process could be made at all. */
bool fc_pool_run(const fc_pool *pool);

#endif
