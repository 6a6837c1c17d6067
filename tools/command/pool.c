#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

typedef struct unit {
  pid_t process; /* 0: not running */
  int descriptor;
  double started;
  bool killed, finished, delivered;
  fc_unit_end end;
  int status;
  fc_text output;
} unit;

typedef struct state {
  const fc_pool *pool;
  unit *units;
  size_t next, finished, running, delivered;
  struct pollfd *polled;
  size_t *owner; /* of polled[k] */
} state;

static bool start(state *s, size_t i) {
  unit *u = &s->units[i];
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return false;
  pid_t process = fork();
  if (process < 0) {
    close(ends[0]);
    close(ends[1]);
    return false;
  }
  if (process == 0) {
    close(ends[0]);
    _exit(s->pool->work(s->pool->closure, i, ends[1]));
  }
  close(ends[1]);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  u->process = process;
  u->descriptor = ends[0];
  u->started = fc_clock_now();
  s->running++;
  return true;
}

/* Reads what is there; true at the end of the child's output. */
static bool drain(unit *u) {
  char buffer[65536];
  for (;;) {
    ssize_t n = read(u->descriptor, buffer, sizeof buffer);
    if (n > 0)
      fc_text_append_bytes(&u->output, buffer, (size_t)n);
    else if (n == 0)
      return true;
    else if (errno != EINTR)
      return errno != EAGAIN;
  }
}

static void reap(state *s, unit *u) {
  int status = 0;
  while (waitpid(u->process, &status, 0) < 0 && errno == EINTR)
    ;
  close(u->descriptor);
  if (u->killed)
    u->end = FC_UNIT_TIMEOUT;
  else if (WIFSIGNALED(status))
    u->end = FC_UNIT_CRASHED;
  else
    u->end = WEXITSTATUS(status) == 0 ? FC_UNIT_DONE : FC_UNIT_FAILED;
  u->status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  u->process = 0;
  u->finished = true;
  s->running--;
  s->finished++;
}

/* Hands over, in order, whatever is complete up to the first that is not. */
static void deliver(state *s) {
  while (s->delivered < s->pool->count && s->units[s->delivered].finished) {
    unit *u = &s->units[s->delivered];
    s->pool->done(s->pool->closure, s->delivered, u->end, u->status,
                  &u->output);
    fc_text_clear(&u->output);
    s->delivered++;
  }
}

static void wait_for_some(state *s) {
  nfds_t n = 0;
  double time = fc_clock_now();
  for (size_t i = s->delivered; i < s->next; i++) {
    unit *u = &s->units[i];
    if (!u->process)
      continue;
    if (s->pool->time_budget > 0 && !u->killed &&
        time - u->started > s->pool->time_budget) {
      u->killed = true;
      kill(u->process, SIGKILL);
    }
    s->polled[n] = (struct pollfd){.fd = u->descriptor, .events = POLLIN};
    s->owner[n++] = i;
  }
  if (poll(s->polled, n, 250) <= 0)
    return;
  for (nfds_t k = 0; k < n; k++)
    if (s->polled[k].revents && drain(&s->units[s->owner[k]]))
      reap(s, &s->units[s->owner[k]]);
}

bool fc_pool_run(const fc_pool *pool) {
  state s = {.pool = pool};
  s.units = calloc(pool->count ? pool->count : 1, sizeof *s.units);
  s.polled = calloc((size_t)pool->jobs, sizeof *s.polled);
  s.owner = calloc((size_t)pool->jobs, sizeof *s.owner);
  bool ok = s.units && s.polled && s.owner;
  while (ok && s.delivered < pool->count) {
    while (s.next < pool->count && s.running < (size_t)pool->jobs) {
      if (!start(&s, s.next)) {
        ok = s.running > 0; /* try again when something has ended */
        break;
      }
      s.next++;
    }
    if (s.running > 0)
      wait_for_some(&s);
    deliver(&s);
    pool->tick(pool->closure, s.finished, s.running);
  }
  free(s.units);
  free(s.polled);
  free(s.owner);
  return ok;
}
