#include "command.h"

int fc_cmd_eval(int argc, char **argv) {
  (void)argc;
  (void)argv;
  fc_message("`eval` is not there yet");
  return FC_EXIT_USAGE;
}
