#include "candidate/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

static fc_status refuse(fc_error *error, const char *what) {
  char reason[128];
  return fc_fail(error, FC_IO, "cannot start the candidate: %s: %s", what,
                 strerror_r(errno, reason, sizeof reason));
}

/* Two pipes, in no other child's hands. */
static bool open_pipes(int to[2], int from[2]) {
  if (pipe2(to, O_CLOEXEC) != 0)
    return false;
  if (pipe2(from, O_CLOEXEC) == 0)
    return true;
  int number = errno;
  close(to[0]);
  close(to[1]);
  errno = number;
  return false;
}

/* In the child: a group of its own, that ends with us. */
static void settle_child(pid_t parent) {
  setpgid(0, 0);
  signal(SIGPIPE, SIG_DFL);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1);
#else
  (void)parent;
#endif
}

/* data: where the command line stands. */
static void run_program(int in, int out, void *data) {
  const char *const *command = data;
  if (dup2(in, 0) == 0 && dup2(out, 1) == 1)
    execl("/bin/sh", "sh", "-c", *command, (char *)NULL);
  _exit(127);
}

fc_status fc_channel_start_function(fc_channel *channel,
                                    void (*serve)(int, int, void *), void *data,
                                    fc_error *error) {
  int to[2], from[2];
  if (!open_pipes(to, from))
    return refuse(error, "pipe");
  pid_t parent = getpid(), pid = fork();
  if (pid == 0) {
    settle_child(parent);
    close(to[1]);
    close(from[0]);
    dup2(2, 1);
    serve(to[0], from[1], data);
    _exit(0);
  }
  int number = errno;
  close(to[0]);
  close(from[1]);
  if (pid < 0) {
    close(to[1]);
    close(from[0]);
    errno = number;
    return refuse(error, "fork");
  }
  setpgid(pid, pid); /* both sides do: who comes first does not matter */
  fcntl(to[1], F_SETFL, O_NONBLOCK);
  fcntl(from[0], F_SETFL, O_NONBLOCK);
  *channel = (fc_channel){pid, to[1], from[0]};
  return FC_OK;
}

fc_status fc_channel_start_program(fc_channel *channel, const char *command,
                                   fc_error *error) {
  return fc_channel_start_function(channel, run_program, &command, error);
}

/* --- asking --------------------------------------------------------------- */

/* Writes what the pipe takes; a reader that is gone is met when reading. */
static void send_some(fc_channel *channel, const char **bytes, size_t *length) {
  ssize_t done = write(channel->in, *bytes, *length);
  if (done > 0) {
    *bytes += done;
    *length -= (size_t)done;
  } else if (done < 0 && errno != EAGAIN && errno != EINTR)
    *length = 0;
}

static bool is_complete(const fc_text *answer, size_t expected) {
  return expected ? answer->length >= expected
                  : answer->length &&
                        memchr(answer->data, '\n', answer->length) != NULL;
}

/* Reads what is there.  DONE: the answer is complete, or go on. */
static fc_exchange receive_some(fc_channel *channel, fc_text *answer) {
  char piece[65536];
  ssize_t done = read(channel->out, piece, sizeof piece);
  if (done == 0)
    return FC_EXCHANGE_CLOSED;
  if (done < 0)
    return errno == EAGAIN || errno == EINTR ? FC_EXCHANGE_DONE
                                             : FC_EXCHANGE_FAILED;
  fc_text_append_bytes(answer, piece, (size_t)done);
  return answer->failed                   ? FC_EXCHANGE_FAILED
         : answer->length > FC_ANSWER_MAX ? FC_EXCHANGE_LONG
                                          : FC_EXCHANGE_DONE;
}

fc_exchange fc_channel_exchange(fc_channel *channel, const void *bytes,
                                size_t length, fc_text *answer, size_t expected,
                                double seconds) {
  const char *rest = bytes;
  double end = now() + seconds;
  fc_text_clear(answer);
  fc_text_init(answer);
  for (;;) {
    double left = end - now();
    if (left <= 0)
      return FC_EXCHANGE_TIMEOUT;
    struct pollfd fds[2] = {{channel->out, POLLIN, 0},
                            {length ? channel->in : -1, POLLOUT, 0}};
    int ready = poll(fds, 2, left > 1000 ? 1000000 : (int)(1000 * left) + 1);
    if (ready < 0 && errno != EINTR)
      return FC_EXCHANGE_FAILED;
    if (ready <= 0)
      continue;
    if (fds[1].revents)
      send_some(channel, &rest, &length);
    if (!fds[0].revents)
      continue;
    fc_exchange state = receive_some(channel, answer);
    if (state != FC_EXCHANGE_DONE || is_complete(answer, expected))
      return state;
  }
}

/* --- ending --------------------------------------------------------------- */

static bool has_ended(pid_t pid) {
  siginfo_t info = {0};
  return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         info.si_pid == pid;
}

static void describe(char *how, size_t size, bool ended, int status) {
  if (!how)
    return;
  if (!ended)
    snprintf(how, size, "still running, and was killed");
  else if (WIFSIGNALED(status))
    snprintf(how, size, "killed by signal %d (%s)", WTERMSIG(status),
             strsignal(WTERMSIG(status)));
  else if (WEXITSTATUS(status) > 128 && WEXITSTATUS(status) < 160)
    snprintf(how, size, "exit status %d (signal %d: %s)", WEXITSTATUS(status),
             WEXITSTATUS(status) - 128, strsignal(WEXITSTATUS(status) - 128));
  else
    snprintf(how, size, "exit status %d", WEXITSTATUS(status));
}

void fc_channel_stop(fc_channel *channel, double grace, char *how,
                     size_t size) {
  if (!channel->pid)
    return;
  close(channel->in);
  close(channel->out);
  double end = now() + grace;
  bool ended = has_ended(channel->pid);
  while (!ended && now() < end) {
    nanosleep(&(struct timespec){0, 2000000}, NULL);
    ended = has_ended(channel->pid);
  }
  int status = 0;
  kill(-channel->pid, SIGKILL);
  kill(channel->pid, SIGKILL);
  while (waitpid(channel->pid, &status, 0) < 0 && errno == EINTR)
    ;
  describe(how, size, ended, status);
  channel->pid = 0;
}

bool fc_read_exactly(int fd, void *bytes, size_t length) {
  for (char *to = bytes; length > 0;) {
    ssize_t done = read(fd, to, length);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    to += done;
    length -= (size_t)done;
  }
  return true;
}

bool fc_write_exactly(int fd, const void *bytes, size_t length) {
  for (const char *from = bytes; length > 0;) {
    ssize_t done = write(fd, from, length);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    from += done;
    length -= (size_t)done;
  }
  return true;
}
