#include "instances.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/closest.h"
#include "base/text.h"
#include "config.h"

#define SUITE_MAX 10000

static const char suffix[] = ".yaml";

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n > m && strcmp(text + n - m, end) == 0;
}

static const char *data_folder(void) {
  const char *given = getenv("FLOWCERT_DATA");
  if (given && given[0])
    return given;
  struct stat info;
  if (stat(FC_SOURCE_DATA "/instances", &info) == 0)
    return FC_SOURCE_DATA;
  return FC_INSTALLED_DATA;
}

static char *joined(const char *part, const char *name) {
  fc_text path[1];
  fc_text_init(path);
  fc_text_printf(path, "%s/%s%s%s", data_folder(), part, name[0] ? "/" : "",
                 name);
  return fc_text_take(path);
}

/* Adds the shipped file; false where memory ran out. */
static bool add_file(fc_suite *suite, const char *part, const char *file) {
  size_t i = suite->count;
  suite->names[i] = fc_strdup(file);
  suite->paths[i] = joined(part, file);
  suite->count++;
  if (!suite->names[i] || !suite->paths[i])
    return false;
  suite->names[i][strlen(file) - strlen(suffix)] = '\0';
  return true;
}

static int is_instance(const struct dirent *entry) {
  return entry->d_name[0] != '.' && ends_with(entry->d_name, suffix);
}

/* Plain byte order, whatever the locale. */
static int by_name(const struct dirent **x, const struct dirent **y) {
  const char *a = (*x)->d_name, *b = (*y)->d_name;
  size_t n = strlen(a) - strlen(suffix), m = strlen(b) - strlen(suffix);
  int order = memcmp(a, b, n < m ? n : m);
  return order ? order : (n > m) - (n < m);
}

static fc_status fill(fc_suite *suite, const char *part,
                      struct dirent **entries, int count, fc_error *error) {
  size_t room = (size_t)count + 1;
  suite->names = calloc(room, sizeof *suite->names);
  suite->paths = calloc(room, sizeof *suite->paths);
  bool enough = suite->names && suite->paths;
  for (int i = 0; i < count && i < SUITE_MAX; i++)
    enough = enough && add_file(suite, part, entries[i]->d_name);
  return enough ? FC_OK : fc_fail(error, FC_MEMORY, "out of memory");
}

static fc_status read_part(fc_suite *suite, const char *part, fc_error *error) {
  memset(suite, 0, sizeof *suite);
  char *folder = joined(part, "");
  if (!folder)
    return fc_fail(error, FC_MEMORY, "out of memory");
  struct dirent **entries = NULL;
  int count = scandir(folder, &entries, is_instance, by_name);
  fc_status status = FC_OK;
  if (count < 0)
    status = fc_fail(error, FC_IO,
                     "cannot read the shipped instances in %s: %s; set "
                     "FLOWCERT_DATA to the folder that holds %s/",
                     folder, strerror(errno), part);
  else
    status = fill(suite, part, entries, count, error);
  for (int i = 0; i < count; i++)
    free(entries[i]);
  free(entries);
  free(folder);
  if (status != FC_OK)
    fc_suite_clear(suite);
  return status;
}

fc_status fc_suite_read(fc_suite *suite, fc_error *error) {
  return read_part(suite, "instances", error);
}

fc_status fc_suite_read_mutation(fc_suite *suite, fc_error *error) {
  return read_part(suite, "mutation", error);
}

void fc_suite_clear(fc_suite *suite) {
  for (size_t i = 0; i < suite->count; i++) {
    free(suite->names[i]);
    free(suite->paths[i]);
  }
  free(suite->names);
  free(suite->paths);
  memset(suite, 0, sizeof *suite);
}

static fc_status unknown(const fc_suite *suite, const char *name,
                         fc_error *error) {
  struct stat info;
  if (stat(name, &info) == 0)
    return fc_fail(error, FC_NAME,
                   "no shipped instance is called '%s'; for the file of that "
                   "name write ./%s",
                   name, name);
  const char *closest =
      fc_closest_name(name, (const char *const *)suite->names, suite->count);
  if (closest)
    return fc_fail(error, FC_NAME, "unknown instance '%s'; did you mean '%s'?",
                   name, closest);
  return fc_fail(error, FC_NAME,
                 "unknown instance '%s'; `flowcert list instances` lists the "
                 "shipped ones; a file's name ends in .yaml",
                 name);
}

static const char *path_of(const fc_suite *suite, const char *name) {
  for (size_t i = 0; i < suite->count; i++)
    if (strcmp(suite->names[i], name) == 0)
      return suite->paths[i];
  return NULL;
}

fc_status fc_find_instance(fc_instance **instance, const char *name_or_path,
                           fc_error *error) {
  if (strchr(name_or_path, '/') || ends_with(name_or_path, ".yaml") ||
      ends_with(name_or_path, ".yml"))
    return fc_instance_read(instance, name_or_path, error);
  fc_suite suite, further = {0};
  fc_status status = fc_suite_read(&suite, error);
  if (status != FC_OK)
    return status;
  const char *path = path_of(&suite, name_or_path);
  if (!path && fc_suite_read_mutation(&further, NULL) == FC_OK)
    path = path_of(&further, name_or_path);
  status = path ? fc_instance_read(instance, path, error)
                : unknown(&suite, name_or_path, error);
  fc_suite_clear(&further);
  fc_suite_clear(&suite);
  return status;
}
