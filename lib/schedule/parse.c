/* The command line form: NAME or NAME:key=value,key=value. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "schedule/schedule.h"

#define MAX_PARAMETERS 8

/* Cuts text at the first comma outside parentheses; returns what follows, or
 * NULL. */
static char *cut(char *text) {
  long depth = 0;
  for (; *text; text++) {
    if (*text == '(')
      depth++;
    else if (*text == ')')
      depth--;
    else if (*text == ',' && depth <= 0) {
      *text = '\0';
      return text + 1;
    }
  }
  return NULL;
}

static unsigned column_of(const char *whole, const char *at) {
  return (unsigned)(at - whole) + 1;
}

/* Reads "key=value" in place. */
static fc_status read_pair(fc_schedule_parameter *parameter, char *pair,
                           const char *whole, fc_error *error) {
  char *equals = strchr(pair, '=');
  fc_position position = {NULL, 1, column_of(whole, pair)};
  if (!equals || equals == pair)
    return fc_fail_at(error, FC_PARSE, &position,
                      "expected KEY=VALUE in a schedule's parameters, found "
                      "'%.64s'",
                      pair);
  *equals = '\0';
  position.column = column_of(whole, equals + 1);
  *parameter = (fc_schedule_parameter){pair, equals + 1, position};
  return FC_OK;
}

fc_status fc_schedule_parse(fc_schedule **schedule, const char *text,
                            fc_error *error) {
  char *whole = fc_strdup(text);
  if (!whole)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_schedule_parameter parameters[MAX_PARAMETERS];
  size_t count = 0;
  fc_status status = FC_OK;
  char *rest = strchr(whole, ':');
  if (rest)
    *rest++ = '\0';
  while (rest && status == FC_OK) {
    char *pair = rest;
    rest = cut(pair);
    if (count == MAX_PARAMETERS)
      status = fc_fail(error, FC_LIMIT, "a schedule has at most %d parameters",
                       MAX_PARAMETERS);
    else
      status = read_pair(&parameters[count++], pair, whole, error);
  }
  if (status == FC_OK) {
    fc_position position = {NULL, 1, 1};
    status =
        fc_schedule_new(schedule, whole, parameters, count, &position, error);
  }
  free(whole);
  return status;
}
