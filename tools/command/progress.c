#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"

void fc_progress_start(fc_progress *p, size_t total, bool quiet) {
  const char *terminal = getenv("TERM");
  p->shown = !quiet && isatty(STDERR_FILENO) && terminal && *terminal;
  p->started = fc_clock_now();
  p->drawn = 0;
  p->total = total;
}

void fc_progress_show(fc_progress *p, size_t finished, const char *current) {
  double time = fc_clock_now();
  if (!p->shown || time - p->drawn < 0.1)
    return;
  p->drawn = time;
  double spent = time - p->started;
  fprintf(stderr, "\r\033[K%zu/%zu", finished, p->total);
  if (finished > 0 && spent > 1) {
    double left = spent * (double)(p->total - finished) / (double)finished;
    fprintf(stderr, "  about %d:%02d left", (int)left / 60, (int)left % 60);
  }
  fprintf(stderr, "  %.60s", current ? current : "");
  fflush(stderr);
}

void fc_progress_end(fc_progress *p) {
  if (p->shown)
    fputs("\r\033[K", stderr);
  p->shown = false;
}
