#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "verdicts.h"

#define MAX_BYTES ((size_t)64 << 20)

typedef struct reading {
  fc_records *records;
  char *tier;
  char *claim; /* of the line above */
  fc_position at;
  fc_error *error;
} reading;

static fc_status broken(const reading *r, const char *what) {
  return fc_fail_at(r->error, FC_PARSE, &r->at, "%s", what);
}

/* Cuts the next field off *rest; NULL where there is none. */
static char *take_field(char **rest) {
  char *field = *rest;
  if (!field)
    return NULL;
  char *tab = strchr(field, '\t');
  if (tab)
    *tab = '\0';
  *rest = tab ? tab + 1 : NULL;
  return field;
}

static fc_status add(reading *r, const char *instance, const char *schedule,
                     fc_verdict verdict, fc_basis basis) {
  fc_record record;
  fc_record_init(&record);
  record.claim = fc_strdup(r->claim);
  record.check = fc_strdup(r->claim);
  record.instance = fc_strdup(instance);
  bool none = strcmp(schedule, "-") == 0;
  record.schedule = none ? NULL : fc_strdup(schedule);
  record.tier = fc_strdup(r->tier);
  record.verdict = verdict;
  record.basis = basis;
  bool whole = record.claim && record.check && record.instance && record.tier &&
               (none || record.schedule);
  if (whole)
    record.check[strcspn(record.check, "/")] = '\0';
  if (!whole || fc_records_append(r->records, &record) != FC_OK) {
    fc_record_clear(&record);
    return fc_fail_at(r->error, FC_MEMORY, &r->at, "not enough memory");
  }
  return FC_OK;
}

static fc_status read_line(reading *r, char *line) {
  fc_verdict verdict = FC_VERDICT_ERROR;
  fc_basis basis = FC_BASIS_NONE;
  char *rest = line;
  char *claim = take_field(&rest), *instance = take_field(&rest);
  const char *verdict_name = take_field(&rest), *basis_name = take_field(&rest);
  if (!rest)
    return broken(r, "five fields are expected: claim, instance, verdict, "
                     "basis and schedules, with tabs between");
  if (*claim)
    r->claim = claim;
  if (!r->claim || !*instance)
    return broken(r, "a claim and an instance are expected");
  if (!fc_verdict_from_name(&verdict, verdict_name))
    return broken(r, "the third field is no verdict");
  if (!fc_basis_from_name(&basis, basis_name))
    return broken(r, "the fourth field is no basis");
  fc_status status = FC_OK;
  while (rest && status == FC_OK) {
    const char *schedule = take_field(&rest);
    status = *schedule ? add(r, instance, schedule, verdict, basis)
                       : broken(r, "a schedule is empty");
  }
  return status;
}

/* "# flowcert verdicts 1, tier certified" */
static fc_status read_start(reading *r, char *line) {
  static const char start[] = FC_VERDICTS_START "1, tier ";
  if (strncmp(line, FC_VERDICTS_START, strlen(FC_VERDICTS_START)) != 0)
    return broken(r, "not a file of verdicts: \"" FC_VERDICTS_START
                     "1, tier ...\" is expected");
  if (strncmp(line, start, strlen(start)) != 0)
    return fc_fail_at(r->error, FC_UNSUPPORTED, &r->at,
                      "this version reads verdicts of version 1");
  r->tier = line + strlen(start);
  return FC_OK;
}

static fc_status read_lines(reading *r, char *bytes, size_t length) {
  if (strlen(bytes) != length)
    return broken(r, "the file holds a zero byte; it is damaged");
  fc_status status = FC_OK;
  char *next;
  for (char *line = bytes; line && status == FC_OK; line = next, r->at.line++) {
    char *end = strchr(line, '\n');
    next = end ? end + 1 : NULL;
    if (end)
      *end = '\0';
    if (!r->tier)
      status = read_start(r, line);
    else if (*line && *line != '#')
      status = read_line(r, line);
  }
  return status;
}

fc_status fc_verdicts_read_file(fc_records *records, const char *path,
                                fc_error *error) {
  char *bytes = NULL;
  size_t length = 0, before = records->count;
  fc_status status =
      fc_file_read(&bytes, &length, path, MAX_BYTES, false, error);
  if (status != FC_OK)
    return status;
  reading r = {.records = records, .at = {path, 1, 1}, .error = error};
  status = read_lines(&r, bytes, length);
  while (status != FC_OK && records->count > before)
    fc_record_clear(&records->items[--records->count]);
  free(bytes);
  return status;
}
