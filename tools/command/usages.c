#include "usages.h"

const fc_command fc_commands[FC_COMMAND_COUNT] = {
#define X(name, summary) {#name, summary, fc_cmd_##name, &fc_usage_##name},
    FC_COMMAND_LIST(X)
#undef X
};
