#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[FC_STATUS_COUNT] = {
#define X(name, text) text,
    FC_STATUS_LIST(X)
#undef X
};

static const char *const names[FC_STATUS_COUNT] = {
#define X(name, text) #name,
    FC_STATUS_LIST(X)
#undef X
};

const char *fc_status_text(fc_status status) {
  return (unsigned)status < FC_STATUS_COUNT ? texts[status] : "unknown status";
}

const char *fc_status_name(fc_status status) {
  return (unsigned)status < FC_STATUS_COUNT ? names[status] : "UNKNOWN";
}

static void fill(fc_error *error, fc_status status, const fc_position *position,
                 const char *format, va_list arguments) {
  error->status = status;
  error->line = position ? position->line : 0;
  error->column = position ? position->column : 0;
  snprintf(error->file, sizeof error->file, "%s",
           position && position->file ? position->file : "");
  vsnprintf(error->message, sizeof error->message, format, arguments);
}

fc_status fc_fail(fc_error *error, fc_status status, const char *format, ...) {
  if (error) {
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, NULL, format, arguments);
    va_end(arguments);
  }
  return status;
}

fc_status fc_fail_at(fc_error *error, fc_status status,
                     const fc_position *position, const char *format, ...) {
  if (error) {
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, position, format, arguments);
    va_end(arguments);
  }
  return status;
}

char *fc_error_text(char *buffer, size_t size, const fc_error *error) {
  if (size == 0)
    return buffer;
  if (error->file[0] && error->line)
    snprintf(buffer, size, "%s:%u:%u: %s", error->file, error->line,
             error->column, error->message);
  else if (error->file[0])
    snprintf(buffer, size, "%s: %s", error->file, error->message);
  else if (error->line)
    snprintf(buffer, size, "%u:%u: %s", error->line, error->column,
             error->message);
  else
    snprintf(buffer, size, "%s", error->message);
  return buffer;
}
