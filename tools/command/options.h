/* Options of a command, declared in a table that also makes the help.
 *
 * Accepted are `--name value`, `--name=value` and flags `--name`, anywhere
 * among the operands; `--` ends the options; `--help` (or -h) is always there.
 * A value may start with a minus sign (`--x -1,2`), but not, as a separate
 * word, with two.
 */
#ifndef FC_TOOLS_COMMAND_OPTIONS_H
#define FC_TOOLS_COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct fc_option {
  const char *name;  /* without the dashes */
  const char *value; /* what the help calls the value; NULL: a flag */
  bool repeatable;
  const char *help;
} fc_option;

typedef struct fc_usage {
  const char *command;
  const char *operands; /* "INSTANCE..." for the first line of the help */
  size_t min_operands;
  size_t max_operands;  /* (size_t)-1: any number */
  const char *text;     /* what the command does; may have several lines */
  const char *examples; /* whole lines */
  const fc_option *options;
  size_t option_count;
} fc_usage;

/* What was given.  The strings belong to argv. */
typedef struct fc_arguments {
  const fc_usage *usage;
  const char **operands;
  size_t operand_count;
  struct fc_given {
    const fc_option *option;
    const char *value; /* NULL for flags */
  } * given;
  size_t given_count;
} fc_arguments;

/* Returns -1 where the command should go on, otherwise the exit status to end
 * with: help was asked for and printed, or the usage is wrong and a message
 * says how.  Clear afterwards in either case. */
int fc_arguments_parse(fc_arguments *arguments, const fc_usage *usage, int argc,
                       char **argv);
void fc_arguments_clear(fc_arguments *arguments);

bool fc_arguments_has(const fc_arguments *arguments, const char *name);

/* The value of an option, the i-th of a repeatable one (from 0); NULL where it
 * was not given (so often). */
const char *fc_arguments_value(const fc_arguments *arguments, const char *name);
const char *fc_arguments_nth(const fc_arguments *arguments, const char *name,
                             size_t i);

#endif
