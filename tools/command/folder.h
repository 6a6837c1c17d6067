/* Output folders, looked at before there is anything to write. */
#ifndef FC_TOOLS_COMMAND_FOLDER_H
#define FC_TOOLS_COMMAND_FOLDER_H

#include <stdbool.h>

/* True where files can be written into the folder, or it can be made: nothing
 * is.  False with a message otherwise, so that no work is done in vain. */
bool fc_folder_usable(const char *folder);

#endif
