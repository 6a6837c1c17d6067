/* Completion for shells, made of the option tables: it cannot drift from them.
 * What stands behind an option or a command are words, a topic of `flowcert
 * list` (asked when it is needed), folders, or nothing that can be guessed.
 */
#ifndef FC_TOOLS_COMMAND_COMPLETION_H
#define FC_TOOLS_COMMAND_COMPLETION_H

#include "usages.h"

typedef enum fc_completion_kind {
  FC_COMPLETE_NOTHING,
  FC_COMPLETE_WORDS,
  FC_COMPLETE_TOPIC,
  FC_COMPLETE_FOLDER
} fc_completion_kind;

typedef struct fc_completion {
  fc_completion_kind kind;
  const char *words; /* words between blanks, or the topic */
} fc_completion;

/* Of an option's value. */
fc_completion fc_completion_of_option(const char *option);
/* Of the first operand of a command and of the others. */
fc_completion fc_completion_of_operand(const char *command, bool first);

void fc_completion_bash(fc_text *out);
void fc_completion_zsh(fc_text *out);

/* Appends text within single quotes of a shell. */
void fc_completion_quote(fc_text *out, const char *text);

#endif
