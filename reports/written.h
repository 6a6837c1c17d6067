/* What was written: names and digests, for whoever wants to check the files. */
#ifndef FC_REPORTS_WRITTEN_H
#define FC_REPORTS_WRITTEN_H

#include "base/status.h"
#include "base/text.h"

typedef struct fc_written_file {
  char *name; /* below the folder, with '/' */
  char sha256[65];
} fc_written_file;

typedef struct fc_written {
  fc_written_file *files;
  size_t count;
  size_t capacity;
} fc_written;

void fc_written_init(fc_written *written);
void fc_written_clear(fc_written *written);

/* Adds a file with these bytes. */
fc_status fc_written_add(fc_written *written, const char *name,
                         const char *bytes, size_t length);

/* Appends "DIGEST  NAME" lines, which `sha256sum --check` reads. */
void fc_written_sums(fc_text *out, const fc_written *written);

#endif
