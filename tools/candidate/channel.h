/* A child process behind two pipes: asked, waited for no longer than allowed,
 * and never left behind. */
#ifndef FC_TOOLS_CANDIDATE_CHANNEL_H
#define FC_TOOLS_CANDIDATE_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/status.h"
#include "base/text.h"

typedef struct fc_channel {
  pid_t pid; /* also its process group; 0: not running */
  int in;    /* what it reads */
  int out;   /* what it writes */
} fc_channel;

typedef enum fc_exchange {
  FC_EXCHANGE_DONE,
  FC_EXCHANGE_TIMEOUT, /* no whole answer in the time allowed */
  FC_EXCHANGE_CLOSED,  /* it ended, or closed its output */
  FC_EXCHANGE_LONG,    /* more than FC_ANSWER_MAX bytes */
  FC_EXCHANGE_FAILED   /* memory or the system */
} fc_exchange;

enum { FC_ANSWER_MAX = 1 << 26 };

/* Starts `/bin/sh -c command`, its standard error being ours.  SIGPIPE must be
 * ignored by the caller. */
fc_status fc_channel_start_program(fc_channel *channel, const char *command,
                                   fc_error *error);

/* Starts serve(in, out, data) in a child, which ends when it returns; what it
 * prints goes to standard error. */
fc_status fc_channel_start_function(fc_channel *channel,
                                    void (*serve)(int in, int out, void *data),
                                    void *data, fc_error *error);

/* Sends bytes and collects into answer (emptied first) until a line is complete
 * (expected = 0; what follows the line break in the same read is kept, too) or
 * `expected` bytes are there. */
fc_exchange fc_channel_exchange(fc_channel *channel, const void *bytes,
                                size_t length, fc_text *answer, size_t expected,
                                double seconds);

/* Closes the pipes, gives the child `grace` seconds to end, then kills it and
 * all of its process group; how (may be NULL, size bytes) gets "exit status 3",
 * "killed by signal 11 (Segmentation fault)". */
void fc_channel_stop(fc_channel *channel, double grace, char *how, size_t size);

/* Reads or writes exactly length bytes; false where the other side is gone. */
bool fc_read_exactly(int fd, void *bytes, size_t length);
bool fc_write_exactly(int fd, const void *bytes, size_t length);

#endif
