/* Instances by path or by shipped name. */
#ifndef FC_TOOLS_COMMAND_INSTANCES_H
#define FC_TOOLS_COMMAND_INSTANCES_H

#include "instance/instance.h"

/* Reads the instance that an argument names: a path where it has a '/' or ends
 * in .yaml or .yml, a shipped instance's name otherwise. */
fc_status fc_find_instance(fc_instance **instance, const char *name_or_path,
                           fc_error *error);

/* The shipped instances, sorted by name. */
typedef struct fc_suite {
  char **names; /* file names without .yaml */
  char **paths;
  size_t count;
} fc_suite;

/* Lists the shipped suite: $FLOWCERT_DATA/instances, else that of the source
 * tree, else the installed one.  FC_IO where there is none. */
fc_status fc_suite_read(fc_suite *suite, fc_error *error);

/* Likewise those of $FLOWCERT_DATA/mutation, which only `flowcert mutate` looks
 * at. */
fc_status fc_suite_read_mutation(fc_suite *suite, fc_error *error);
void fc_suite_clear(fc_suite *suite);

#endif
