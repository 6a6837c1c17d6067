/* Files that are there whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/record.h"

static fc_status fail(fc_error *error, const char *path, const char *what,
                      int number) {
  char reason[128];
  const fc_position at = {path, 0, 0};
  return fc_fail_at(error, FC_IO, &at, "%s: %s", what,
                    strerror_r(number, reason, sizeof reason));
}

/* Opens a new file beside path.  The process and a counter make the name
 * unique among processes; O_EXCL settles it among threads. */
static int open_beside(char **name, const char *path) {
  size_t size = strlen(path) + 48;
  char *text = malloc(size);
  int fd = -1;
  for (int attempt = 0; text && fd < 0 && attempt < 1000; attempt++) {
    snprintf(text, size, "%s.%ld-%d.tmp", path, (long)getpid(), attempt);
    fd = open(text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST)
      break;
  }
  if (!text)
    errno = ENOMEM;
  if (fd < 0) {
    int number = errno;
    free(text);
    errno = number;
    return -1;
  }
  *name = text;
  return fd;
}

static bool write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t done = write(fd, bytes, length);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0) {
      if (done == 0)
        errno = ENOSPC;
      return false;
    }
    bytes += done;
    length -= (size_t)done;
  }
  return true;
}

/* After the rename; a folder that cannot be synced is no failure. */
static void sync_folder(const char *path) {
  char *folder = fc_strdup(path);
  if (!folder)
    return;
  char *slash = strrchr(folder, '/');
  if (slash)
    slash[slash == folder ? 1 : 0] = '\0';
  int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) {
    fsync(fd);
    close(fd);
  }
  free(folder);
}

/* Devices and folders cannot be replaced by a rename. */
static bool is_replaceable(const char *path) {
  struct stat info;
  return stat(path, &info) != 0 || S_ISREG(info.st_mode);
}

fc_status fc_write_atomically(const char *path, const void *bytes,
                              size_t length, fc_error *error) {
  char *temporary = NULL;
  const fc_position at = {path, 0, 0};
  if (!is_replaceable(path))
    return fc_fail_at(error, FC_IO, &at,
                      "is there already and not a regular file; choose another "
                      "name");
  int fd = open_beside(&temporary, path);
  if (fd < 0)
    return fail(error, path, "cannot create a file there", errno);
  bool done = write_all(fd, bytes, length) && fsync(fd) == 0;
  int number = errno;
  if (close(fd) != 0 && done) {
    done = false;
    number = errno;
  }
  if (done && rename(temporary, path) != 0) {
    done = false;
    number = errno;
  }
  if (done)
    sync_folder(path);
  else
    unlink(temporary);
  free(temporary);
  return done ? FC_OK : fail(error, path, "cannot write the file", number);
}
