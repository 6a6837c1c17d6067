/* flowcert diff: what changed from one run to another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "checks.h"
#include "command.h"
#include "diff.h"
#include "numbers.h"
#include "options.h"
#include "report.h"
#include "verdicts.h"

#define LIMIT 20

static const fc_option options[] = {
    {"json", NULL, false, "as JSON, every change in full"},
    {"limit", "N", false, "lines for each kind of change; 0: all; default 20"},
    {"partial", NULL, false,
     "NEW is a part of the work only: what it lacks did not vanish"},
};

const fc_usage fc_usage_diff = {
    "diff",
    "OLD NEW",
    2,
    2,
    "Compares two runs record by record, the worst change first.  OLD and NEW\n"
    "are records.jsonl, report.json or verdicts.tsv (verdicts and bases "
    "alone),\n"
    "or folders that hold one of them, looked for in this order.\n\n"
    "A number has moved when it differs by more than the errors of both, or,\n"
    "where none is stated, than the precision admits.  An extremum found at\n"
    "another point is compared to 12 digits; where time and bound differ, "
    "too,\n"
    "its slack alone is, and that is no regression.\n\n"
    "Exit status: 0 no regression; 1 a verdict got worse, an expectation "
    "broke,\n"
    "a certificate was lost in the same tier, a value moved beyond its error "
    "or\n"
    "a claim vanished; 2 wrong usage, or something cannot be read.",
    "  flowcert diff before/records.jsonl after/records.jsonl\n"
    "  flowcert diff reports/published out --partial\n"
    "  flowcert diff before after --json > changes.json\n",
    options,
    sizeof options / sizeof options[0],
};

static bool is_folder(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The file to read, malloc'd; NULL where a folder has none, or memory ran out.
 */
static char *find_file(const char *path, fc_error *error) {
  static const char *const names[] = {"records.jsonl", "report.json",
                                      "verdicts.tsv"};
  if (!is_folder(path)) {
    char *copy = fc_strdup(path);
    if (!copy)
      fc_fail(error, FC_MEMORY, "out of memory");
    return copy;
  }
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    fc_text file[1];
    struct stat info;
    fc_text_init(file);
    fc_text_printf(file, "%s/%s", path, names[i]);
    if (!file->failed && stat(file->data, &info) == 0)
      return fc_text_take(file);
    fc_text_clear(file);
  }
  fc_fail(error, FC_IO,
          "%s holds neither records.jsonl nor report.json nor verdicts.tsv",
          path);
  return NULL;
}

static bool holds_verdicts(const char *path) {
  char start[sizeof FC_VERDICTS_START] = "";
  FILE *file = fopen(path, "rb");
  if (!file)
    return false;
  size_t count = fread(start, 1, sizeof start - 1, file);
  fclose(file);
  return count == sizeof start - 1 && strcmp(start, FC_VERDICTS_START) == 0;
}

static fc_status read_run(fc_records *records, const char *path,
                          fc_error *error) {
  char *file = find_file(path, error);
  if (!file)
    return error->status;
  fc_status status = holds_verdicts(file)
                         ? fc_verdicts_read_file(records, file, error)
                         : fc_records_read_file(records, file, error);
  if (status == FC_OK && records->count == 0)
    status = fc_fail(error, FC_VALUE, "%s holds no record", file);
  if (status == FC_OK)
    status = fc_report_merge(records, fc_checks, fc_check_count, error);
  free(file);
  return status;
}

static int tell(const fc_records *before, const fc_records *after,
                const fc_arguments *arguments, size_t limit) {
  fc_diff diff;
  fc_text out[1];
  fc_text_init(out);
  if (fc_diff_make(&diff, before, after,
                   fc_arguments_has(arguments, "partial")) != FC_OK) {
    fc_message("out of memory");
    return FC_EXIT_USAGE;
  }
  if (fc_arguments_has(arguments, "json"))
    fc_diff_json(out, &diff);
  else
    fc_diff_text(out, &diff, limit);
  int status = diff.regressions ? FC_EXIT_CONTRADICTION : FC_EXIT_EXPECTED;
  fc_diff_clear(&diff);
  return fc_emit(out) ? status : FC_EXIT_USAGE;
}

static int compare(const fc_arguments *arguments) {
  fc_records runs[2];
  fc_error error = {.status = FC_OK};
  long limit = LIMIT;
  if (!fc_option_long(&limit, arguments, "limit", 0, 1000000000))
    return FC_EXIT_USAGE;
  fc_status status = FC_OK;
  for (int i = 0; i < 2; i++)
    fc_records_init(&runs[i]);
  for (int i = 0; i < 2 && status == FC_OK; i++)
    status = read_run(&runs[i], arguments->operands[i], &error);
  int code = status == FC_OK
                 ? tell(&runs[0], &runs[1], arguments, (size_t)limit)
                 : fc_message_error(&error);
  for (int i = 0; i < 2; i++)
    fc_records_clear(&runs[i]);
  return code;
}

int fc_cmd_diff(int argc, char **argv) {
  fc_arguments arguments;
  int status = fc_arguments_parse(&arguments, &fc_usage_diff, argc, argv);
  if (status < 0)
    status = compare(&arguments);
  fc_arguments_clear(&arguments);
  return status;
}
