/* Instance files: a target, its schedules, and which checks it is for.
 *
 * Read with libyaml so that scalars stay text with line and column.  Every
 * input is hostile: size, depth, number of nodes, aliases and dimensions are
 * limited; unknown or repeated keys, wrong shapes, anchors/aliases/tags, NaN,
 * negative variances, weights that do not sum to 1 are errors that name file,
 * line, column, key, what was expected and how to mend it; nothing runs then.
 */
#ifndef FC_INSTANCE_INSTANCE_H
#define FC_INSTANCE_INSTANCE_H

#include "base/closest.h"
#include "base/status.h"
#include "schedule/schedule.h"
#include "target/target.h"

#define FC_INSTANCE_MAX_BYTES (4 << 20)

/* One line of an `expect` map: claims whose id matches the glob have this
 * expectation on this instance, under schedules whose label matches. */
typedef struct fc_expectation {
  char *claim;    /* glob over "gif.velocity-bounds/d.upper" */
  char *schedule; /* glob over schedule labels; "*" where not given */
  char *verdict;  /* a verdict's name */
} fc_expectation;

/* A file of data that the instance refers to. */
typedef struct fc_data_file {
  char *path;   /* as it was opened */
  char *sha256; /* of its bytes */
} fc_data_file;

typedef struct fc_instance {
  char *name;   /* [a-z0-9][a-z0-9-]*, at most 64 characters */
  char *title;  /* may be empty */
  char *why;    /* optional key `why`: one line on why the instance is there */
  char *path;   /* as given; NULL where read from memory */
  char *family; /* the family's name as written */
  char *sha256; /* of the file's bytes, 64 hexadecimal digits */
  fc_target *target;
  fc_schedule **schedules;
  size_t schedule_count;
  bool schedules_defaulted; /* the file has no `schedule` key */
  char **checks;            /* globs; empty: every check */
  size_t check_count;
  fc_expectation *expectations;
  size_t expectation_count;
  fc_data_file *data; /* in the order in which they were read */
  size_t data_count;
} fc_instance;

/* Reads a file (a path; "-" is not special). */
fc_status fc_instance_read(fc_instance **instance, const char *path,
                           fc_error *error);

/* Reads from memory; path is used in messages and for relative `file`s. */
fc_status fc_instance_parse(fc_instance **instance, const char *bytes,
                            size_t length, const char *path, fc_error *error);

void fc_instance_free(fc_instance *instance); /* NULL is allowed */

/* The law of the rows of a CSV or NPY file (one point a row, exact numbers),
 * each with the same weight: a discrete target. */
fc_status fc_sample_read(fc_target **target, const char *path, fc_error *error);

/* The numbers of an NPY file given as bytes, row by row (malloc'd), binary32
 * ones widened; NaN and infinities are numbers here.  path is for messages. */
fc_status fc_npy_numbers(double **numbers, size_t *rows, size_t *columns,
                         const char *path, const char *bytes, size_t length,
                         fc_error *error);

/* The families and, per family, a line on its keys. */
size_t fc_family_count(void);
const char *fc_family_name(size_t i);
const char *fc_family_help(size_t i);

/* SHA-256 of bytes as 64 lower-case hexadecimal digits and a terminator. */
void fc_sha256_hex(char hex[65], const void *bytes, size_t length);

#endif
