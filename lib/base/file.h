/* Whole files in, whole files out. */
#ifndef FC_BASE_FILE_H
#define FC_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* Reads the whole of path into malloc'd *bytes, with a terminating zero that
 * *length does not count.  FC_IO where it cannot be read or is a directory (or,
 * with regular_only, anything but a regular file), FC_LIMIT where it holds more
 * than limit bytes, FC_MEMORY; the error names the file.  Devices without end
 * stop at the limit. */
fc_status fc_file_read(char **bytes, size_t *length, const char *path,
                       size_t limit, bool regular_only, fc_error *error);

#endif
