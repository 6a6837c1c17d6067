/* Every command with its summary and its usage, in the order of the help. */
#ifndef FC_TOOLS_COMMAND_USAGES_H
#define FC_TOOLS_COMMAND_USAGES_H

#include "command.h"

typedef struct fc_command {
  const char *name;
  const char *summary;
  int (*run)(int argc, char **argv);
  const fc_usage *usage;
} fc_command;

#define X(name, summary) +1
enum { FC_COMMAND_COUNT = 0 FC_COMMAND_LIST(X) };
#undef X

extern const fc_command fc_commands[FC_COMMAND_COUNT];

#endif
