#include "command.h"

int fc_cmd_run(int argc, char **argv) {
  (void)argc;
  (void)argv;
  fc_message("`run` is not there yet");
  return FC_EXIT_USAGE;
}
