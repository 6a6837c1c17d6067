/* One line of progress with the time that is left, on a terminal only. */
#ifndef FC_TOOLS_COMMAND_PROGRESS_H
#define FC_TOOLS_COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct fc_progress {
  bool shown;
  double started, drawn;
  size_t total;
} fc_progress;

void fc_progress_start(fc_progress *progress, size_t total, bool quiet);
void fc_progress_show(fc_progress *progress, size_t finished,
                      const char *current);
void fc_progress_end(fc_progress *progress);

#endif
