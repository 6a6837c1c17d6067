#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "record/record.h"

/* Makes one folder; one that is there already is fine. */
static fc_status make_one(const char *path, fc_error *error) {
  struct stat info;
  char reason[128];
  if (mkdir(path, 0777) == 0)
    return FC_OK;
  int number = errno;
  if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
    return FC_OK;
  return fc_fail(error, FC_IO, "cannot make the folder %s: %s", path,
                 strerror_r(number, reason, sizeof reason));
}

fc_status fc_make_folder(const char *folder, fc_error *error) {
  char *path = fc_strdup(folder);
  if (!path)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_status status = FC_OK;
  for (char *slash = path; status == FC_OK && *slash;) {
    slash++;
    slash += strcspn(slash, "/");
    char kept = *slash;
    *slash = '\0';
    status = make_one(path, error);
    *slash = kept;
  }
  free(path);
  return status;
}
