#include "manifest.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/grow.h"
#include "json_text.h"

#define REPORT_MAX_BYTES ((size_t)256 << 20)

void fc_manifest_init(fc_manifest *manifest) {
  memset(manifest, 0, sizeof *manifest);
}

void fc_manifest_clear(fc_manifest *manifest) {
  for (size_t i = 0; i < manifest->count; i++) {
    free(manifest->entries[i].section);
    free(manifest->entries[i].key);
    free(manifest->entries[i].value);
  }
  free(manifest->entries);
  fc_manifest_init(manifest);
}

static fc_manifest_entry *find(const fc_manifest *manifest, const char *section,
                               const char *key) {
  for (size_t i = 0; i < manifest->count; i++)
    if (strcmp(manifest->entries[i].section, section) == 0 &&
        strcmp(manifest->entries[i].key, key) == 0)
      return &manifest->entries[i];
  return NULL;
}

const char *fc_manifest_get(const fc_manifest *manifest, const char *section,
                            const char *key) {
  const fc_manifest_entry *entry = find(manifest, section, key);
  return entry ? entry->value : NULL;
}

/* True where value is one of the values that "; " separates. */
static bool lists(const char *values, const char *value) {
  size_t length = strlen(value);
  for (const char *at = values; at; at = strstr(at, "; ")) {
    at += at == values ? 0 : 2;
    if (strncmp(at, value, length) == 0 &&
        (at[length] == '\0' || strncmp(at + length, "; ", 2) == 0))
      return true;
  }
  return false;
}

static fc_status add_value(fc_manifest_entry *entry, const char *value) {
  if (lists(entry->value, value))
    return FC_OK;
  fc_text both[1];
  fc_text_init(both);
  fc_text_printf(both, "%s; %s", entry->value, value);
  char *joined = fc_text_take(both);
  if (!joined)
    return FC_MEMORY;
  free(entry->value);
  entry->value = joined;
  return FC_OK;
}

/* Inputs stand by name, in whatever order shards bring them. */
static void sort_last_input(fc_manifest *manifest) {
  for (size_t i = manifest->count - 1; i > 0; i--) {
    fc_manifest_entry *entry = &manifest->entries[i];
    if (strcmp(entry->section, "inputs") != 0 ||
        strcmp(entry[-1].section, "inputs") != 0 ||
        strcmp(entry[-1].key, entry->key) < 0)
      return;
    fc_manifest_entry last = *entry;
    *entry = entry[-1];
    entry[-1] = last;
  }
}

fc_status fc_manifest_add(fc_manifest *manifest, const char *section,
                          const char *key, const char *value) {
  fc_manifest_entry *entry = find(manifest, section, key);
  if (entry)
    return add_value(entry, value);
  if (!fc_grow(&manifest->entries, &manifest->capacity, manifest->count,
               sizeof *manifest->entries))
    return FC_MEMORY;
  fc_manifest_entry made = {fc_strdup(section), fc_strdup(key),
                            fc_strdup(value)};
  if (!made.section || !made.key || !made.value) {
    free(made.section);
    free(made.key);
    free(made.value);
    return FC_MEMORY;
  }
  manifest->entries[manifest->count++] = made;
  sort_last_input(manifest);
  return FC_OK;
}

static fc_status add_section(fc_manifest *manifest, const char *section,
                             json_t *object, fc_error *error) {
  const char *key;
  json_t *value;
  json_object_foreach(object, key, value) {
    const char *text = json_string_value(value);
    const char *old = fc_manifest_get(manifest, section, key);
    if (!text)
      continue;
    if (old && strcmp(section, "inputs") == 0 && strcmp(old, text) != 0)
      return fc_fail(error, FC_VALUE,
                     "the reports mean different files by instance %s (SHA-256 "
                     "%.12s and %.12s)",
                     key, old, text);
    fc_status status = fc_manifest_add(manifest, section, key, text);
    if (status != FC_OK)
      return fc_fail(error, status, "out of memory");
  }
  return FC_OK;
}

fc_status fc_manifest_read_file(fc_manifest *manifest, const char *path,
                                fc_error *error) {
  char *bytes;
  size_t length;
  fc_status status =
      fc_file_read(&bytes, &length, path, REPORT_MAX_BYTES, false, error);
  if (status != FC_OK)
    return status;
  /* Records, one a line, are not one JSON text: no manifest then. */
  json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
  free(bytes);
  const char *section;
  json_t *object;
  json_object_foreach(json_object_get(root, "manifest"), section, object) {
    if (status == FC_OK)
      status = add_section(manifest, section, object, error);
  }
  json_decref(root);
  return status;
}

/* True for the first entry of its section. */
static bool is_first(const fc_manifest *manifest, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (strcmp(manifest->entries[k].section, manifest->entries[i].section) == 0)
      return false;
  return true;
}

static void append_section(fc_text *out, const fc_manifest *manifest,
                           const char *section) {
  const char *separator = "";
  fc_text_append(out, "    ");
  fc_json_string(out, section);
  fc_text_append(out, ": {");
  for (size_t i = 0; i < manifest->count; i++) {
    const fc_manifest_entry *entry = &manifest->entries[i];
    if (strcmp(entry->section, section) != 0)
      continue;
    fc_text_printf(out, "%s\n      ", separator);
    fc_json_string(out, entry->key);
    fc_text_append(out, ": ");
    fc_json_string(out, entry->value);
    separator = ",";
  }
  fc_text_append(out, "\n    }");
}

fc_status fc_manifest_json(fc_text *out, const fc_manifest *manifest) {
  const char *separator = "";
  fc_text_append(out, "{");
  for (size_t i = 0; i < manifest->count; i++) {
    if (!is_first(manifest, i))
      continue;
    fc_text_printf(out, "%s\n", separator);
    append_section(out, manifest, manifest->entries[i].section);
    separator = ",";
  }
  fc_text_append(out, manifest->count ? "\n  }" : "}");
  return out->failed ? FC_MEMORY : FC_OK;
}

void fc_manifest_words(fc_text *out, const fc_manifest *manifest,
                       const char *section,
                       void (*escape)(fc_text *out, const char *text)) {
  const char *separator = "";
  for (size_t i = 0; i < manifest->count; i++) {
    const fc_manifest_entry *entry = &manifest->entries[i];
    if (strcmp(entry->section, section) != 0)
      continue;
    fc_text_append(out, separator);
    escape(out, entry->key);
    fc_text_append(out, " ");
    escape(out, entry->value);
    separator = ", ";
  }
}
