#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static fc_status fail(fc_error *error, fc_status status, const char *path,
                      const char *what) {
  const fc_position position = {path, 0, 0};
  return fc_fail_at(error, status, &position, "%s", what);
}

static fc_status fail_errno(fc_error *error, const char *path, int number) {
  char reason[128];
  const fc_position position = {path, 0, 0};
  return fc_fail_at(error, FC_IO, &position, "cannot read the file: %s",
                    strerror_r(number, reason, sizeof reason));
}

/* Opens what may be read whole.  O_NONBLOCK keeps a planted FIFO from holding
 * the caller for ever; it means nothing to regular files. */
static fc_status open_input(int *fd, const char *path, bool regular_only,
                            fc_error *error) {
  int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;
  int opened = open(path, regular_only ? flags | O_NONBLOCK : flags);
  if (opened < 0)
    return fail_errno(error, path, errno);
  struct stat info;
  if (fstat(opened, &info) != 0) {
    int number = errno;
    close(opened);
    return fail_errno(error, path, number);
  }
  if (S_ISDIR(info.st_mode) || (regular_only && !S_ISREG(info.st_mode))) {
    close(opened);
    return fail(error, FC_IO, path,
                S_ISDIR(info.st_mode) ? "is a folder; name a file in it"
                                      : "is not a regular file");
  }
  *fd = opened;
  return FC_OK;
}

/* Makes *capacity at least wanted + 1. */
static bool grow(char **buffer, size_t *capacity, size_t wanted) {
  if (wanted < *capacity)
    return true;
  size_t next = *capacity ? 2 * *capacity : 8192;
  while (next <= wanted)
    next *= 2;
  char *moved = realloc(*buffer, next);
  if (!moved)
    return false;
  *buffer = moved;
  *capacity = next;
  return true;
}

/* Reads to the end or to limit + 1 bytes, whichever comes first. */
static fc_status drain(char **buffer, size_t *length, int fd, const char *path,
                       size_t limit, fc_error *error) {
  size_t capacity = 0;
  for (;;) {
    size_t step = limit + 1 - *length < 65536 ? limit + 1 - *length : 65536;
    if (!grow(buffer, &capacity, *length + step))
      return fail(error, FC_MEMORY, path, "not enough memory for the file");
    ssize_t got = step ? read(fd, *buffer + *length, step) : 0;
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return fail_errno(error, path, errno);
    if (got == 0)
      break;
    *length += (size_t)got;
  }
  (*buffer)[*length] = '\0';
  return FC_OK;
}

fc_status fc_file_read(char **bytes, size_t *length, const char *path,
                       size_t limit, bool regular_only, fc_error *error) {
  int fd = -1;
  fc_status status = open_input(&fd, path, regular_only, error);
  if (status != FC_OK)
    return status;
  char *buffer = NULL;
  size_t count = 0;
  status = drain(&buffer, &count, fd, path, limit, error);
  close(fd);
  if (status == FC_OK && count > limit) {
    const fc_position position = {path, 0, 0};
    status = fc_fail_at(error, FC_LIMIT, &position,
                        "is larger than the limit of %zu bytes", limit);
  }
  if (status != FC_OK) {
    free(buffer);
    return status;
  }
  *bytes = buffer;
  *length = count;
  return FC_OK;
}
