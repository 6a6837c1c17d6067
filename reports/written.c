#include "written.h"

#include <stdlib.h>
#include <string.h>

#include "instance/instance.h"

void fc_written_init(fc_written *written) {
  memset(written, 0, sizeof *written);
}

void fc_written_clear(fc_written *written) {
  for (size_t i = 0; i < written->count; i++)
    free(written->files[i].name);
  free(written->files);
  fc_written_init(written);
}

static fc_status make_room(fc_written *written) {
  if (written->count < written->capacity)
    return FC_OK;
  size_t capacity = written->capacity ? 2 * written->capacity : 32;
  fc_written_file *files =
      realloc(written->files, capacity * sizeof *written->files);
  if (!files)
    return FC_MEMORY;
  written->files = files;
  written->capacity = capacity;
  return FC_OK;
}

fc_status fc_written_add(fc_written *written, const char *name,
                         const char *bytes, size_t length) {
  if (make_room(written) != FC_OK)
    return FC_MEMORY;
  fc_written_file *file = &written->files[written->count];
  file->name = fc_strdup(name);
  if (!file->name)
    return FC_MEMORY;
  fc_sha256_hex(file->sha256, bytes, length);
  written->count++;
  return FC_OK;
}

void fc_written_sums(fc_text *out, const fc_written *written) {
  for (size_t i = 0; i < written->count; i++)
    fc_text_printf(out, "%s  %s\n", written->files[i].sha256,
                   written->files[i].name);
}
