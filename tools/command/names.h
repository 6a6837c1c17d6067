/* Names of checks and claims as people write them: globs that must match
 * something, and what was meant where they do not. */
#ifndef FC_TOOLS_COMMAND_NAMES_H
#define FC_TOOLS_COMMAND_NAMES_H

#include "instance/instance.h"
#include "options.h"

/* False, after a message with the closest name that there is, where the glob
 * matches no check (no claim); where says who wrote it: "--check". */
bool fc_names_check(const char *glob, const char *where);
bool fc_names_claim(const char *glob, const char *where);

/* The same for every --check and --claim that was given. */
bool fc_names_options(const fc_arguments *arguments);

/* The same for `checks` and `expect` of an instance. */
bool fc_names_instance(const fc_instance *instance);

#endif
