/* Files of records: JSON lines, or a report with the list "records". */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "record/read.h"

#define MAX_BYTES ((size_t)256 << 20)

/* Moves record in, or clears it. */
static fc_status keep(fc_records *records, fc_record *record,
                      const fc_position *at, fc_error *error) {
  fc_status status = fc_records_append(records, record);
  if (status != FC_OK) {
    fc_record_clear(record);
    return fc_fail_at(error, status, at, "not enough memory");
  }
  return FC_OK;
}

static fc_status read_report(fc_records *records, const json_t *list,
                             const char *path, fc_error *error) {
  const fc_position whole = {path, 0, 0};
  fc_status status = FC_OK;
  for (size_t i = 0; i < json_array_size(list) && status == FC_OK; i++) {
    fc_record record;
    fc_error reason;
    fc_record_init(&record);
    status =
        fc_record_from_json(&record, json_array_get(list, i), NULL, &reason);
    if (status != FC_OK)
      return fc_fail_at(error, status, &whole, "records[%zu]: %s", i,
                        reason.message);
    status = keep(records, &record, &whole, error);
  }
  return status;
}

static bool is_blank(const char *line) {
  return line[strspn(line, " \t\r")] == '\0';
}

static fc_status read_line(fc_records *records, const char *line,
                           const fc_position *at, fc_error *error) {
  fc_record record;
  if (is_blank(line))
    return FC_OK;
  fc_record_init(&record);
  fc_status status = fc_record_read(&record, line, at, error);
  return status == FC_OK ? keep(records, &record, at, error) : status;
}

static fc_status read_lines(fc_records *records, char *bytes, size_t length,
                            const char *path, fc_error *error) {
  fc_status status = FC_OK;
  fc_position at = {path, 1, 1};
  for (char *line = bytes; line < bytes + length && status == FC_OK;
       at.line++) {
    char *end = memchr(line, '\n', (size_t)(bytes + length - line));
    char *stop = end ? end : bytes + length;
    *stop = '\0';
    if (strlen(line) != (size_t)(stop - line))
      return fc_fail_at(error, FC_PARSE, &at,
                        "the line holds a zero byte; the file is damaged");
    status = read_line(records, line, &at, error);
    line = stop + 1;
  }
  return status;
}

/* Parses the whole as one JSON value.  *report stays NULL where it is several:
 * then these are lines. */
static fc_status parse_report(json_t **report, const char *bytes, size_t length,
                              const char *path, fc_error *error) {
  json_error_t problem;
  *report = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &problem);
  if (*report || json_error_code(&problem) == json_error_end_of_input_expected)
    return FC_OK;
  const fc_position at = {path, problem.line > 0 ? (unsigned)problem.line : 1,
                          problem.column > 0 ? (unsigned)problem.column : 1};
  return fc_fail_at(error, FC_PARSE, &at, "not valid JSON: %s", problem.text);
}

static fc_status read_bytes(fc_records *records, char *bytes, size_t length,
                            const char *path, fc_error *error) {
  json_t *report = NULL;
  fc_status status = FC_OK;
  if (strstr(bytes, "\"records\"")) /* spares lines the second parsing */
    status = parse_report(&report, bytes, length, path, error);
  const json_t *list = json_object_get(report, "records");
  if (status == FC_OK)
    status = json_is_array(list)
                 ? read_report(records, list, path, error)
                 : read_lines(records, bytes, length, path, error);
  json_decref(report);
  return status;
}

fc_status fc_records_read_file(fc_records *records, const char *path,
                               fc_error *error) {
  char *bytes = NULL;
  size_t length = 0;
  fc_records made;
  fc_status status =
      fc_file_read(&bytes, &length, path, MAX_BYTES, false, error);
  if (status != FC_OK)
    return status;
  fc_records_init(&made);
  status = read_bytes(&made, bytes, length, path, error);
  free(bytes);
  for (size_t i = 0; i < made.count && status == FC_OK; i++)
    status = keep(records, &made.items[i], NULL, error);
  fc_records_clear(&made);
  return status;
}
