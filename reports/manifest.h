/* The manifest of a report: with what, where and on what the records were
 * made.  An ordered list of section, key, value. */
#ifndef FC_REPORTS_MANIFEST_H
#define FC_REPORTS_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "base/text.h"

typedef struct fc_manifest_entry {
  char *section; /* "tool", "libraries", "compiler", "platform", "settings",
                    "inputs" */
  char *key;
  char *value;
} fc_manifest_entry;

typedef struct fc_manifest {
  fc_manifest_entry *entries;
  size_t count;
  size_t capacity;
} fc_manifest;

void fc_manifest_init(fc_manifest *manifest);
void fc_manifest_clear(fc_manifest *manifest);

/* Adds an entry.  One that is there with another value gets both, separated by
 * "; " (shards of different machines). */
fc_status fc_manifest_add(fc_manifest *manifest, const char *section,
                          const char *key, const char *value);

/* NULL where there is no such entry. */
const char *fc_manifest_get(const fc_manifest *manifest, const char *section,
                            const char *key);

/* Appends the entries of a section as words, "GSL 2.7.1, MPFR 4.2.0", through
 * the escape of the form of report. */
void fc_manifest_words(fc_text *out, const fc_manifest *manifest,
                       const char *section,
                       void (*escape)(fc_text *out, const char *text));

/* Adds versions of the tool and its libraries, compiler and platform of the
 * running program. */
fc_status fc_manifest_describe(fc_manifest *manifest);

/* Adds the manifest of a report.json; nothing where the file is something else
 * (records alone carry none).  FC_VALUE where an instance of the same name has
 * another digest there. */
fc_status fc_manifest_read_file(fc_manifest *manifest, const char *path,
                                fc_error *error);

/* Appends the JSON object {section: {key: value}}, indented. */
fc_status fc_manifest_json(fc_text *out, const fc_manifest *manifest);

#endif
