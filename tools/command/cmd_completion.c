/* flowcert completion: a script for a shell. */
#include <string.h>

#include "completion.h"

const fc_usage fc_usage_completion = {
    "completion",
    "bash|zsh",
    1,
    1,
    "Prints a script by which the shell completes commands, options, and the\n"
    "names of checks, claims, instances, schedules and quantities.  `meson\n"
    "install` puts both where the shells look for them.",
    "  flowcert completion bash > "
    "~/.local/share/bash-completion/completions/flowcert\n"
    "  flowcert completion zsh > _flowcert   in a folder of $fpath\n",
    NULL,
    0,
};

static int print(const char *shell) {
  fc_text out[1];
  fc_text_init(out);
  if (strcmp(shell, "bash") == 0)
    fc_completion_bash(out);
  else if (strcmp(shell, "zsh") == 0)
    fc_completion_zsh(out);
  else {
    fc_message("completion is for bash or zsh, not '%s'", shell);
    return FC_EXIT_USAGE;
  }
  return fc_emit(out) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
}

int fc_cmd_completion(int argc, char **argv) {
  fc_arguments arguments;
  int status = fc_arguments_parse(&arguments, &fc_usage_completion, argc, argv);
  if (status < 0)
    status = print(arguments.operands[0]);
  fc_arguments_clear(&arguments);
  return status;
}
