#include "folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "command.h"

/* Shortens path to its nearest part that exists; "." where there is none. */
static void cut_to_existing(char *path, struct stat *info) {
  while (stat(path, info) != 0) {
    char *slash = strrchr(path, '/');
    if (!slash) {
      strcpy(path, ".");
      stat(path, info);
      return;
    }
    slash[slash == path] = '\0';
    if (slash == path && stat(path, info) != 0)
      return;
  }
}

bool fc_folder_usable(const char *folder) {
  struct stat info;
  memset(&info, 0, sizeof info);
  if (!*folder) {
    fc_message("the name of the folder is empty");
    return false;
  }
  char *path = malloc(strlen(folder) + 2);
  if (!path) {
    fc_message("out of memory");
    return false;
  }
  strcpy(path, folder);
  cut_to_existing(path, &info);
  errno = S_ISDIR(info.st_mode) ? 0 : ENOTDIR;
  bool usable = errno == 0 && access(path, W_OK | X_OK) == 0;
  if (!usable)
    fc_message("cannot write into the folder %s: %s: %s", folder, path,
               strerror(errno));
  free(path);
  return usable;
}
