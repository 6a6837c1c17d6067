#include "written.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
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

fc_status fc_written_add(fc_written *written, const char *name,
                         const char *bytes, size_t length) {
  if (!fc_grow(&written->files, &written->capacity, written->count,
               sizeof *written->files))
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
