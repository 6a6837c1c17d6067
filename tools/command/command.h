/* The commands of flowcert and what they share. */
#ifndef FC_TOOLS_COMMAND_COMMAND_H
#define FC_TOOLS_COMMAND_COMMAND_H

#include "base/status.h"
#include "base/text.h"
#include "options.h"

/* name, what it does: dispatch and help are made of this list. */
#define FC_COMMAND_LIST(X)                                                     \
  X(list, "What there is: checks, claims, instances, families, ...")           \
  X(run, "Judge claims on instances and write the records")                    \
  X(report, "Merge records, assess them and render the report")                \
  X(diff, "Compare two runs: what changed, and whether for the worse")         \
  X(doctor, "Versions, surroundings and a self-test of a second")              \
  X(eval, "Evaluate one quantity of one instance")                             \
  X(mutate, "Alter each bound and see whether an instance refutes it")         \
  X(new, "A commented instance file to begin with")                            \
  X(test, "Compare other people's code with certified values")                 \
  X(w2, "The Wasserstein distance between two laws or samples")                \
  X(completion, "Completion for bash or zsh")                                  \
  X(manual, "The manual page")

/* argv[0] is the command's own name; the result is the exit status.  The usage
 * is what help, manual and completion are made of. */
#define X(name, summary)                                                       \
  int fc_cmd_##name(int argc, char **argv);                                    \
  extern const fc_usage fc_usage_##name;
FC_COMMAND_LIST(X)
#undef X

enum {
  FC_EXIT_EXPECTED = 0,  /* every verdict as expected */
  FC_EXIT_CONTRADICTION, /* some verdict contradicts its expectation */
  FC_EXIT_USAGE,         /* usage or input error, nothing run */
  FC_EXIT_UNDECIDED      /* inconclusive or error left */
};

/* A line "flowcert: ..." on stderr, control characters made harmless. */
void fc_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for an error of the library; returns FC_EXIT_USAGE. */
int fc_message_error(const fc_error *error);

/* Writes text to stdout and empties it.  Data go out whole at the end of a
 * command: false, with a message, where memory or the device ran out. */
bool fc_emit(fc_text *text);

#endif
